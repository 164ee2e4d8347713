//! A record → the query whose best hits are records like it.
//!
//! What is studied weighs most, then what is done, then how the record calls itself, what is
//! measured and who takes part. Of each only the words that tell records apart are asked for: what
//! stands in many records (the boilerplate of registries) tells nothing, and what no other record
//! has cannot be answered. Words that name no conditions and interventions elsewhere say little of
//! what a trial is about: in a title ("safety", "feasibility") they are not asked for, in a
//! condition ("severe", "refractory") they count less.

use crate::analysis::{Analyzer, Word};
use crate::error::Result;
use crate::index::{Snapshot, guard, texts};
use crate::query::{Clause, Query};
use crate::record::{Kind, Record};
use std::collections::{HashMap, HashSet};

/// The area of `ranking.toml` the words are looked for in.
const AREA: &str = "subject";

/// Different words of a part that are looked at; the beginning of a long text says what it is about.
const MOST_WORDS: usize = 400;

/// The share of all records above which a word tells none of them apart.
const COMMON: f64 = 0.25;

/// The least share of the records with a word that must have it among what is studied or done, for
/// it to name a thing and not to describe one …
const NAMING: f64 = 0.1;

/// … and what one that describes counts.
const DESCRIBING: f64 = 0.4;

/// What the words of a part must be worth together for it to weigh what it can.
const LEAST: f64 = 4.0;

/// A boost for a part of weight 1.
const SCALE: f64 = 10.0;

/// A part of a record: its fields, what it weighs, how many of its words are asked for.
struct Part {
    role: Role,
    fields: &'static [&'static str],
    weight: f64,
    words: usize,
}

/// What a part says of a trial, where that decides which of its words are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Studied,
    Done,
    Titles,
    Other,
}

const fn part(role: Role, fields: &'static [&'static str], weight: f64, words: usize) -> Part {
    Part {
        role,
        fields,
        weight,
        words,
    }
}

const STUDIED: &[&str] = &["conditions", "condition_mesh_terms"];
const DONE: &[&str] = &["interventions", "intervention_mesh_terms"];

const OF_TRIAL: &[Part] = &[
    part(Role::Studied, &["conditions"], 0.38, 12),
    part(Role::Done, DONE, 0.34, 14),
    part(
        Role::Titles,
        &["public_title", "scientific_title"],
        0.16,
        12,
    ),
    part(Role::Other, &["keywords"], 0.04, 8),
    part(Role::Other, &["primary_outcomes"], 0.05, 8),
    part(Role::Other, &["eligibility", "inclusion"], 0.03, 6),
];

const OF_ARTICLE: &[Part] = &[
    part(Role::Other, &["article_title", "article_tags"], 0.5, 14),
    part(
        Role::Other,
        &["article_description", "article_headings"],
        0.2,
        10,
    ),
    part(Role::Other, &["article_text"], 0.3, 16),
];

/// In how many documents a word stands.
#[derive(Default)]
struct Spread {
    /// In the field of the area that has it most.
    most: u64,
    /// Whether one of them is another record.
    others: bool,
    studied: u64,
    done: u64,
}

impl Spread {
    /// Whether the word names what is studied or done.
    fn names(&self) -> bool {
        self.studied.max(self.done) as f64 >= NAMING * self.most as f64
    }
}

/// A word of a record with what it tells.
struct Told {
    typed: String,
    place: usize,
    worth: f64,
    /// Whether it names what is studied or done, as far as that matters in its part.
    names: bool,
}

/// The query for records like one, which need not be in the index; its best hit is the record itself
/// where it is: see [`same_as`].
///
/// # Errors
/// What reading says.
pub fn similar_to(snapshot: &Snapshot, record: &Record) -> Result<Query> {
    let asked = guard(|| asked(snapshot, record, |_| true))?;
    let clauses = asked.into_iter().map(|(_, clause)| clause).collect();
    Ok(Query::from_clause(Clause::Group(clauses)))
}

/// What is asked for of the parts of a record that have a wanted role.
pub(super) fn asked(
    snapshot: &Snapshot,
    record: &Record,
    wanted: impl Fn(Role) -> bool,
) -> Result<Vec<(Role, Clause)>> {
    let mut reader = Reader::open(snapshot, record)?;
    let parts = match record.kind() {
        Kind::Trial => OF_TRIAL,
        Kind::Article => OF_ARTICLE,
    };
    let mut asked = Vec::new();
    for part in parts.iter().filter(|part| wanted(part.role)) {
        let clauses = reader.clauses(part)?.into_iter();
        asked.extend(clauses.map(|clause| (part.role, clause)));
    }
    Ok(asked)
}

/// Ids of the records that are this record or tell of the same trial in another registry.
///
/// # Errors
/// What reading says.
pub fn same_as(snapshot: &Snapshot, record: &Record) -> Result<Vec<(Kind, String)>> {
    let mut same = vec![(record.kind(), record.id().to_owned())];
    if let (Record::Trial(_), Some(group)) = (record, snapshot.groups()?.of(record.id())) {
        let members = group.members.iter();
        same.extend(members.map(|member| (Kind::Trial, member.id.clone())));
    }
    Ok(same)
}

/// Words in their order, each weighing as much as it tells.
fn together(words: Vec<Told>, boost: f64) -> Clause {
    let words = words.into_iter().map(|word| Clause::Word(word.typed));
    Clause::Boost {
        boost: boost as f32,
        clause: Box::new(Clause::Area {
            area: AREA.to_owned(),
            clause: Box::new(Clause::Group(words.collect())),
        }),
    }
}

/// Reads the words of a record, part by part.
struct Reader<'a> {
    snapshot: &'a Snapshot,
    record: &'a Record,
    analyzer: Analyzer,
    /// Whether the record itself is in the index.
    is_indexed: bool,
    /// The record's own terms by field, of those that were asked for.
    own: HashMap<&'a str, HashSet<String>>,
    /// Words of what is done.
    done: HashSet<String>,
    /// Words that stand in a part before.
    seen: HashSet<String>,
}

impl<'a> Reader<'a> {
    fn open(snapshot: &'a Snapshot, record: &'a Record) -> Result<Self> {
        let mut reader = Reader {
            snapshot,
            record,
            analyzer: Analyzer::new(snapshot.shared_schema(), "text")?,
            is_indexed: snapshot.find(record.kind(), record.id())?.is_some(),
            own: HashMap::new(),
            done: HashSet::new(),
            seen: HashSet::new(),
        };
        reader.done = reader.names(DONE);
        Ok(reader)
    }

    /// The words of a part that tell most, in their order; all together weigh what the part weighs.
    fn clauses(&mut self, part: &Part) -> Result<Vec<Clause>> {
        let mut told = self.told(part)?;
        told.sort_by(|a, b| b.worth.total_cmp(&a.worth).then(a.place.cmp(&b.place)));
        told.truncate(part.words);
        let sum: f64 = told.iter().map(|word| word.worth).sum();
        told.sort_by_key(|word| word.place);
        let (naming, describing): (Vec<Told>, Vec<Told>) =
            told.into_iter().partition(|word| word.names);
        let boost = SCALE * part.weight / sum.max(LEAST);
        let groups = [(naming, boost), (describing, boost * DESCRIBING)];
        let groups = groups.into_iter().filter(|(words, _)| !words.is_empty());
        Ok(groups
            .map(|(words, boost)| together(words, boost))
            .collect())
    }

    fn told(&mut self, part: &Part) -> Result<Vec<Told>> {
        let mut counts: HashMap<String, f64> = HashMap::new();
        let mut words: Vec<(String, Word, String)> = Vec::new();
        let values = part
            .fields
            .iter()
            .flat_map(|field| texts(self.record, field));
        for value in values {
            for word in self.analyzer.words(&value) {
                let Some(name) = self.name(&word) else {
                    continue;
                };
                if self.seen.contains(&name) {
                    continue;
                }
                let count = counts.entry(name.clone()).or_default();
                *count += 1.0;
                if *count == 1.0 && words.len() < MOST_WORDS {
                    let typed = value.get(word.range.clone()).unwrap_or_default();
                    words.push((typed.to_owned(), word, name));
                }
            }
        }
        let mut told = Vec::new();
        for (place, (typed, word, name)) in words.into_iter().enumerate() {
            let spread = self.spread(&word)?;
            if part.role == Role::Studied
                && self.done.contains(&name)
                && spread.done >= spread.studied
            {
                continue;
            }
            let names = part.role == Role::Other || spread.names();
            if self.tells_apart(&spread) && (names || part.role != Role::Titles) {
                let often = 1.0 + counts.get(&name).copied().unwrap_or(1.0).ln();
                let share = if names { 1.0 } else { DESCRIBING };
                told.push(Told {
                    typed,
                    place,
                    worth: share * often * self.idf(spread.most),
                    names,
                });
            }
            self.seen.insert(name);
        }
        Ok(told)
    }

    /// Whether some other records have a word, and most have not.
    fn tells_apart(&self, spread: &Spread) -> bool {
        let common = COMMON * self.snapshot.counts().searched() as f64;
        spread.others && spread.most as f64 <= common
    }

    /// The names of all words of some fields.
    fn names(&self, fields: &[&str]) -> HashSet<String> {
        let values = fields.iter().flat_map(|field| texts(self.record, field));
        let words = values.flat_map(|value| self.analyzer.words(&value));
        words.filter_map(|word| self.name(&word)).collect()
    }

    /// What all forms of a word are known by; `None` for numbers and for what carries nothing.
    fn name(&self, word: &Word) -> Option<String> {
        if !word.identifiers.is_empty() || word.atoms().all(|atom| atom.stopword) {
            return None;
        }
        let letters = word.atoms().flat_map(|atom| atom.term.chars());
        if letters.filter(|c| c.is_alphabetic()).count() < 2 {
            return None;
        }
        let stems: Vec<String> = word.atoms().map(|atom| self.stem(&atom.term)).collect();
        Some(stems.join("-"))
    }

    fn stem(&self, term: &str) -> String {
        let stem = self.analyzer.stem(term);
        stem.unwrap_or_else(|| term.to_owned())
    }

    fn idf(&self, frequency: u64) -> f64 {
        let documents = self.snapshot.counts().searched() as f64;
        let frequency = frequency as f64;
        (1.0 + (documents - frequency + 0.5).max(0.0) / (frequency + 0.5)).ln()
    }

    /// In how many documents a word stands; of a compound its rarest part.
    fn spread(&mut self, word: &Word) -> Result<Spread> {
        let mut rarest: Option<Spread> = None;
        for atom in word.atoms() {
            let spread = self.spread_of(&atom.term)?;
            rarest = rarest
                .filter(|known| known.most <= spread.most)
                .or(Some(spread));
        }
        Ok(rarest.unwrap_or_default())
    }

    fn spread_of(&mut self, word: &str) -> Result<Spread> {
        let mut spread = Spread::default();
        let snapshot = self.snapshot;
        let stem = self.stem(word);
        let mut forms = snapshot.forms()?.others(&self.analyzer, word);
        forms.push(word.to_owned());
        let area = snapshot.schema().ranking.area(AREA).into_iter();
        for (name, _) in area.flat_map(|area| &area.fields) {
            let Some(field) = snapshot.mapping().text(name) else {
                continue;
            };
            let found = snapshot.documents_with(field, &forms)?;
            spread.others |= found > 1 || (found == 1 && !self.has_itself(name, &stem));
            spread.most = spread.most.max(found);
            if STUDIED.contains(&name.as_str()) {
                spread.studied = spread.studied.max(found);
            }
            if DONE.contains(&name.as_str()) {
                spread.done = spread.done.max(found);
            }
        }
        Ok(spread)
    }

    /// Whether the record itself is in the index with a form of a word in a field.
    fn has_itself(&mut self, field: &'a str, stem: &str) -> bool {
        if !self.is_indexed {
            return false;
        }
        if let Some(own) = self.own.get(field) {
            return own.contains(stem);
        }
        let mut own = HashSet::new();
        for text in texts(self.record, field) {
            let words = self.analyzer.words(&text);
            let atoms = words.iter().flat_map(|word| word.atoms());
            own.extend(atoms.map(|atom| self.stem(&atom.term)));
        }
        let has = own.contains(stem);
        self.own.insert(field, own);
        has
    }
}
