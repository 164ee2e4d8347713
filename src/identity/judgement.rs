//! Judging whether records that share no number tell of one trial.
//!
//! Each thing they have in common earns points, some contradictions cost some. The weights were set
//! on pairs of real records read by hand; `docs/identity.md` has the table and what came of it.

use super::group::Judgement;
use super::sketch::title_words;
use crate::record::{PartialDate, Trial};
use std::collections::BTreeSet;
use xxhash_rust::xxh3::xxh3_64;

/// Points from which two records tell of one trial.
const SAME: i32 = 150;

/// Points from which they may.
const LIKELY: i32 = 110;

/// What titles must have in common, in hundredths, for either.
const ALIKE: u32 = 50;

/// What one common word of a title is worth at most: short titles fit many trials.
const WORD: u32 = 12;

/// A start within this of the other counts as the same; registries ask for other milestones.
const MONTH: i64 = 31;

/// Words in names of sponsors that tell none from another.
const OF_SPONSORS: [&str; 33] = [
    "center",
    "centre",
    "college",
    "company",
    "de",
    "del",
    "della",
    "di",
    "du",
    "et",
    "foundation",
    "gmbh",
    "health",
    "hospital",
    "inc",
    "institute",
    "la",
    "limited",
    "ltd",
    "medical",
    "medicine",
    "national",
    "none",
    "other",
    "pharma",
    "pharmaceutical",
    "pharmaceuticals",
    "research",
    "school",
    "science",
    "sciences",
    "university",
    "y",
];

/// Words of desks and titles that stand where a person's name is asked for.
const OF_DESKS: [&str; 37] = [
    "affairs",
    "call",
    "contact",
    "coordinator",
    "department",
    "desk",
    "development",
    "director",
    "disclosure",
    "dr",
    "global",
    "head",
    "information",
    "investigator",
    "management",
    "manager",
    "md",
    "mr",
    "mrs",
    "ms",
    "office",
    "phd",
    "physician",
    "principal",
    "prof",
    "professor",
    "project",
    "public",
    "registry",
    "regulatory",
    "scientific",
    "service",
    "services",
    "sponsor",
    "team",
    "trials",
    "unit",
];

/// How sure it is that two records that are not different tell of one trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Grade {
    Likely,
    Same,
}

/// What is compared of a record.
#[derive(Clone, Debug, Default)]
pub(crate) struct Features {
    id: String,
    /// Hashes of the words of each title, in order: titles are compared far more often than the rest.
    titles: Vec<Vec<u64>>,
    size: Option<u64>,
    start: Option<PartialDate>,
    sponsors: BTreeSet<String>,
    people: BTreeSet<BTreeSet<String>>,
    /// The sponsor, which may be a person.
    sponsor: Option<BTreeSet<String>>,
    conditions: BTreeSet<String>,
    countries: BTreeSet<String>,
}

impl Features {
    pub(crate) fn of(trial: &Trial) -> Self {
        let titles = [&trial.public_title, &trial.scientific_title];
        let titles = titles.into_iter().flatten().map(|title| hashes(title));
        let sponsors = trial.primary_sponsor.iter();
        let sponsors = sponsors
            .chain(&trial.secondary_sponsors)
            .chain(trial.support_sources.iter().map(|source| &source.name));
        let mut sponsors: BTreeSet<String> = sponsors.flat_map(|name| title_words(name)).collect();
        sponsors.retain(|word| !OF_SPONSORS.contains(&word.as_str()));
        let conditions = trial.conditions.iter();
        Features {
            id: trial.trial_id.clone(),
            titles: titles.filter(|words| !words.is_empty()).collect(),
            size: trial.sample_size.filter(|size| *size > 0),
            start: trial.first_enrollment_date,
            sponsors,
            people: people(trial),
            sponsor: trial.primary_sponsor.as_deref().and_then(person),
            conditions: conditions.flat_map(|c| title_words(&c.text)).collect(),
            countries: trial.countries.iter().cloned().collect(),
        }
    }

    /// The id of the record.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }
}

fn hashes(title: &str) -> Vec<u64> {
    let words = title_words(title);
    let hashes = words.iter().map(|word| xxh3_64(word.as_bytes()));
    let hashes: BTreeSet<u64> = hashes.collect();
    hashes.into_iter().collect()
}

/// How many values two lists in order have in common.
fn common(a: &[u64], b: &[u64]) -> usize {
    let mut rest = b.iter().peekable();
    let is_common = |x: &&u64| {
        while rest.next_if(|y| y < x).is_some() {}
        rest.peek() == Some(x)
    };
    a.iter().filter(is_common).count()
}

/// Names of persons, each as its words.
fn people(trial: &Trial) -> BTreeSet<BTreeSet<String>> {
    let contacts = [&trial.public_contact, &trial.scientific_contact];
    let contacts = contacts.into_iter().flatten().map(|contact| &contact.name);
    let officials = trial.officials.iter().map(|official| &official.name);
    let responsible = trial.responsible_party.iter().map(|party| &party.name);
    let names = officials.chain(contacts).chain(responsible);
    names.flatten().filter_map(|name| person(name)).collect()
}

fn person(name: &str) -> Option<BTreeSet<String>> {
    let mut words = title_words(name);
    words.retain(|word| {
        let is_empty = [&OF_SPONSORS[..], &OF_DESKS[..]]
            .iter()
            .any(|list| list.contains(&word.as_str()));
        // An initial says little.
        word.chars().nth(1).is_some() && !is_empty
    });
    (2..=6).contains(&words.len()).then_some(words)
}

/// Judges two records of different registries; tells nothing of those that are different.
pub(crate) fn judge(a: &Features, b: &Features) -> Option<(Grade, Judgement)> {
    let title = Alike::titles(a, b);
    if title.percent < ALIKE {
        return None;
    }
    let judgement = compare(a, b, title);
    let starts = judgement.start.map(|starts| starts.map(days));
    match judgement.points {
        SAME.. if are_held(judgement.size, starts) => Some((Grade::Same, judgement)),
        LIKELY.. => Some((Grade::Likely, judgement)),
        _ => None,
    }
}

fn compare(a: &Features, b: &Features, title: Alike) -> Judgement {
    let size = a.size.zip(b.size);
    let start = a.start.zip(b.start);
    let sponsor = in_common(&a.sponsors, &b.sponsors);
    let person = common_person(a, b);
    let conditions = in_common(&a.conditions, &b.conditions);
    let known = !a.countries.is_empty() && !b.countries.is_empty();
    let countries = known.then(|| !a.countries.is_disjoint(&b.countries));
    let points = title.points()
        + size.map_or(0, |(a, b)| of_sizes(a, b))
        + start.map_or(0, |(a, b)| of_starts(a, b))
        + of_sponsors(sponsor, person.is_some())
        + if conditions > Some(0) { 10 } else { 0 }
        + countries.map_or(0, |shared| if shared { 10 } else { -50 });
    Judgement {
        records: [a.id.clone(), b.id.clone()],
        points,
        title: title.percent,
        words: title.words,
        size: size.map(Into::into),
        start: start.map(Into::into),
        sponsor,
        person,
        conditions,
        countries,
        rival: None,
    }
}

/// What two titles have in common.
#[derive(Clone, Copy, Default)]
struct Alike {
    percent: u32,
    words: u32,
}

impl Alike {
    /// Of the two titles of each record those that are most alike.
    fn titles(a: &Features, b: &Features) -> Self {
        let pairs = a
            .titles
            .iter()
            .flat_map(|x| b.titles.iter().map(move |y| (x, y)));
        let alike = pairs.map(|(x, y)| {
            let words = common(x, y);
            Alike {
                percent: percent(words, x.len() + y.len() - words),
                words: u32::try_from(words).unwrap_or(u32::MAX),
            }
        });
        let best = alike.max_by_key(|alike| (alike.points(), alike.percent, alike.words));
        best.unwrap_or_default()
    }

    fn points(self) -> i32 {
        let points = self.percent.min(self.words.saturating_mul(WORD));
        i32::try_from(points).unwrap_or_default()
    }
}

fn percent(part: usize, whole: usize) -> u32 {
    let percent = (100 * part + whole / 2).checked_div(whole);
    percent
        .and_then(|p| u32::try_from(p).ok())
        .unwrap_or_default()
}

/// The share of the fewer words that are among the others, in hundredths.
fn in_common(a: &BTreeSet<String>, b: &BTreeSet<String>) -> Option<u32> {
    let fewer = a.len().min(b.len());
    (fewer > 0).then(|| percent(a.intersection(b).count(), fewer))
}

/// A person both name: a registry may ask an investigator for what is the sponsor in another.
fn common_person(a: &Features, b: &Features) -> Option<String> {
    let among = |people: &BTreeSet<BTreeSet<String>>, x: &BTreeSet<String>| {
        let common = people.iter().filter_map(|y| one_person(x, y));
        common.min()
    };
    let people = a.people.iter().filter_map(|x| among(&b.people, x));
    let sponsors = [(&a.people, &b.sponsor), (&b.people, &a.sponsor)];
    let sponsors = sponsors.into_iter();
    let sponsors = sponsors.filter_map(|(people, x)| among(people, x.as_ref()?));
    people.chain(sponsors).min()
}

/// What two names have in common where one is the other, or the other with more names.
fn one_person(x: &BTreeSet<String>, y: &BTreeSet<String>) -> Option<String> {
    let words: Vec<&str> = x.intersection(y).map(String::as_str).collect();
    (words.len() >= x.len().min(y.len())).then(|| words.join(" "))
}

fn of_sizes(a: u64, b: u64) -> i32 {
    let (less, more) = (u128::from(a.min(b)), u128::from(a.max(b)));
    match () {
        () if less == more => 30,
        () if less * 10 >= more * 9 => 10,
        () if less * 2 < more => -20,
        () => 0,
    }
}

fn of_starts(a: PartialDate, b: PartialDate) -> i32 {
    let starts = [days(a), days(b)];
    if !starts.iter().all(is_month) {
        return 0;
    }
    match between(starts) {
        ..=7 if a.is_day() && b.is_day() => 30,
        ..=MONTH => 20,
        32..=62 => 10,
        184.. => -30,
        _ => 0,
    }
}

/// The first and last day of a date, since 1970-01-01.
fn days(date: PartialDate) -> [i64; 2] {
    [date.first_ordinal(), date.last_ordinal()]
}

/// Whether a date is known to the month.
fn is_month(&[first, last]: &[i64; 2]) -> bool {
    last.saturating_sub(first) < MONTH
}

/// Days between two dates; 0 where they can be the same day.
fn between([a, b]: [[i64; 2]; 2]) -> i64 {
    let after = b[0].saturating_sub(a[1]);
    after.max(a[0].saturating_sub(b[1])).max(0)
}

/// Whether one number holds two records together: the same size, or starts within a month. Alike
/// titles of one sponsor are found among its other trials, too.
pub(crate) fn are_held(sizes: Option<[u64; 2]>, starts: Option<[[i64; 2]; 2]>) -> bool {
    let is_near = |starts: [[i64; 2]; 2]| starts.iter().all(is_month) && between(starts) <= MONTH;
    sizes.is_some_and(|[a, b]| a == b && a > 0) || starts.is_some_and(is_near)
}

fn of_sponsors(sponsor: Option<u32>, is_person: bool) -> i32 {
    match sponsor.unwrap_or_default() {
        50.. => 30,
        _ if is_person => 30,
        1.. => 10,
        // Of the names of one sponsor in two languages no word may be the same.
        0 => 0,
    }
}
