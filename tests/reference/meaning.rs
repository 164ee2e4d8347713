//! A query as a condition on one record.

use super::{Document, FieldSet, Scan, TokenId, Value, filters};
use trialdex::analysis::Word;
use trialdex::query::{Clause, Filter, MatchLevel, Query};
use trialdex::schema::ranking::DEFAULT_AREA;

/// How many words a pattern may stand for.
const MOST_WORDS: usize = 10_000;

/// What must hold of a record.
#[derive(Debug)]
pub(crate) enum Meaning {
    /// One of some tokens in one of some fields.
    Word(Vec<TokenId>, FieldSet),
    /// Tokens at consecutive positions of a value.
    Side(Vec<Vec<TokenId>>, FieldSet),
    /// Tokens in any order with at most so many other positions between them.
    Near(Vec<Vec<TokenId>>, u32, FieldSet),
    Filter(Filter),
    All(Vec<Meaning>),
    Any(Vec<Meaning>),
    Not(Box<Meaning>),
    /// So many at least.
    Enough(usize, Vec<Meaning>),
}

/// Where a clause stands.
#[derive(Clone, Copy)]
struct Place {
    fields: FieldSet,
    exact: bool,
    /// An operand of AND or OR, whose words must all be there.
    operand: bool,
    /// What stands here is forbidden.
    forbidden: bool,
}

struct Reading<'a> {
    scan: &'a Scan,
    level: MatchLevel,
    /// A pattern stood for too many words.
    too_many: bool,
}

impl Meaning {
    /// The meaning of a query; `None` where a pattern stands for too many words.
    pub(crate) fn of(scan: &Scan, query: &Query, level: MatchLevel) -> Option<Meaning> {
        let mut reading = Reading {
            scan,
            level,
            too_many: false,
        };
        let place = Place {
            fields: scan.area(DEFAULT_AREA),
            exact: false,
            operand: false,
            forbidden: false,
        };
        let meaning = query
            .clause()
            .and_then(|clause| reading.clause(clause, place));
        // Who asks for nothing asks for everything.
        (!reading.too_many).then(|| meaning.unwrap_or(Meaning::All(Vec::new())))
    }

    /// Whether it holds of a record.
    pub(crate) fn holds(&self, scan: &Scan, document: &Document) -> bool {
        let holds = |part: &Meaning| part.holds(scan, document);
        match self {
            Meaning::Word(tokens, fields) => document.has(tokens, *fields),
            Meaning::Side(places, fields) => {
                places.iter().all(|place| document.has(place, *fields))
                    && document
                        .values(*fields)
                        .any(|value| side_by_side(places, value))
            }
            Meaning::Near(places, between, fields) => {
                places.iter().all(|place| document.has(place, *fields))
                    && document
                        .values(*fields)
                        .any(|value| near(places, *between, value))
            }
            Meaning::Filter(filter) => filters::keeps(filter, document, &scan.schema),
            Meaning::All(parts) => parts.iter().all(holds),
            Meaning::Any(parts) => parts.iter().any(holds),
            Meaning::Not(part) => !holds(part),
            Meaning::Enough(needed, parts) => {
                parts.iter().filter(|part| holds(part)).count() >= *needed
            }
        }
    }
}

impl Reading<'_> {
    fn clause(&mut self, clause: &Clause, place: Place) -> Option<Meaning> {
        let fields = place.fields;
        match clause {
            Clause::Word(_) => self.group(std::slice::from_ref(clause), place),
            Clause::Group(parts) => self.group(parts, place),
            Clause::Phrase(text) => self.phrase(text, None, place),
            Clause::Near { text, distance } => self.phrase(text, Some(*distance), place),
            Clause::Wildcard(pattern) => {
                let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
                let fits = |form: &str| fits(&pattern, &form.chars().collect::<Vec<_>>());
                Some(self.pattern(fields, fits))
            }
            Clause::Fuzzy { word, distance } => {
                let word: Vec<char> = word.to_lowercase().chars().collect();
                let most = usize::from(*distance);
                let near = |form: &str| {
                    let form: Vec<char> = form.chars().collect();
                    word.len().abs_diff(form.len()) <= most && steps(&word, &form) <= most
                };
                Some(self.pattern(fields, near))
            }
            Clause::Filter(filter) => Some(Meaning::Filter(filter.clone())),
            Clause::Area { area, clause } => {
                let fields = self.scan.area(area);
                self.clause(clause, Place { fields, ..place })
            }
            Clause::Exact(clause) => {
                let exact = true;
                self.clause(clause, Place { exact, ..place })
            }
            // Names are not looked up here: no level goes beyond inflection.
            Clause::Expand { clause, .. } => self.clause(
                clause,
                Place {
                    exact: false,
                    ..place
                },
            ),
            Clause::Boost { clause, .. } => self.clause(clause, place),
            Clause::Must(clause) => {
                let operand = place.operand || is_word(clause);
                self.clause(clause, Place { operand, ..place })
            }
            Clause::Not(clause) => {
                let inner = Place {
                    operand: false,
                    forbidden: true,
                    ..place
                };
                let part = self.clause(clause, inner)?;
                Some(Meaning::Not(Box::new(part)))
            }
            Clause::And(parts) => Some(Meaning::All(self.operands(parts, place))),
            Clause::Or(parts) => Some(Meaning::Any(self.operands(parts, place))),
            _ => unreachable!("a clause this scan does not know: {clause}"),
        }
    }

    fn operands(&mut self, parts: &[Clause], place: Place) -> Vec<Meaning> {
        let operand = true;
        let parts = parts.iter();
        parts
            .filter_map(|part| self.clause(part, Place { operand, ..place }))
            .collect()
    }

    /// Parts side by side: what is demanded or forbidden, and enough of what is preferred.
    fn group(&mut self, parts: &[Clause], place: Place) -> Option<Meaning> {
        let inner = Place {
            operand: false,
            ..place
        };
        let (mut demanded, mut preferred, mut weightless) = (Vec::new(), Vec::new(), Vec::new());
        // Whether something demanded is looked for, so that the preferred need not be there.
        let mut finds = false;
        let rows = parts.chunk_by(|a, b| matches!((a, b), (Clause::Word(_), Clause::Word(_))));
        for row in rows {
            if let [Clause::Word(_), ..] = row {
                let words = row.iter().filter_map(|part| match part {
                    Clause::Word(word) => Some(word.as_str()),
                    _ => None,
                });
                let text = words.collect::<Vec<_>>().join(" ");
                self.row(&text, place, &mut preferred, &mut weightless);
                continue;
            }
            for part in row {
                let meaning = self.clause(part, inner);
                let restricts = only_filters(part);
                if restricts || matches!(part, Clause::Not(_) | Clause::Must(_)) {
                    finds |= meaning.is_some() && !restricts && !matches!(part, Clause::Not(_));
                    demanded.extend(meaning);
                } else {
                    preferred.extend(meaning);
                }
            }
        }
        if preferred.is_empty() && !finds {
            preferred = weightless;
        }
        if demanded.is_empty() && preferred.is_empty() {
            return None;
        }
        let needed = match self.level {
            _ if place.operand => preferred.len(),
            MatchLevel::Any if finds => 0,
            MatchLevel::Any => preferred.len().min(1),
            MatchLevel::All => preferred.len(),
            MatchLevel::Percent(share) => (preferred.len() * usize::from(share)).div_ceil(100),
        };
        demanded.push(Meaning::Enough(needed, preferred));
        Some(Meaning::All(demanded))
    }

    /// Words in a row, read together: a number may be typed with blanks.
    fn row(
        &mut self,
        text: &str,
        place: Place,
        preferred: &mut Vec<Meaning>,
        weightless: &mut Vec<Meaning>,
    ) {
        let fields = place.fields;
        for word in self.scan.analyzer.words(text) {
            if !word.identifiers.is_empty() {
                let forms = |id: &String| self.scan.forms(id, true);
                let tokens = word.identifiers.iter().flat_map(forms).collect();
                preferred.push(Meaning::Word(tokens, fields));
                continue;
            }
            let one = place.operand || place.forbidden || !is_of_words(&word);
            if word.plain().is_none() && one {
                preferred.push(self.compound(&word, place));
                continue;
            }
            for atom in word.atoms() {
                let meaning = Meaning::Word(self.scan.atom(atom, place.exact), fields);
                if atom.stopword && !place.exact {
                    weightless.push(meaning);
                } else {
                    preferred.push(meaning);
                }
            }
        }
    }

    /// A compound in any spelling: its atoms side by side, or written together.
    fn compound(&self, word: &Word, place: Place) -> Meaning {
        let Place { exact, fields, .. } = place;
        let atoms = word.atoms();
        let atoms = atoms.map(|atom| self.scan.atom(atom, exact));
        let mut spellings = vec![Meaning::Side(atoms.collect(), fields)];
        let whole = match word.parts.as_slice() {
            [part] => part.whole.as_ref(),
            _ => word.whole.as_ref(),
        };
        if let Some(whole) = whole {
            spellings.push(Meaning::Word(self.scan.forms(whole, exact), fields));
        }
        Meaning::Any(spellings)
    }

    /// A quoted text: words side by side, or near each other.
    fn phrase(&mut self, text: &str, between: Option<u32>, place: Place) -> Option<Meaning> {
        let fields = place.fields;
        let words = self.scan.analyzer.words(text);
        if let [word] = words.as_slice()
            && word.identifiers.is_empty()
            && word.plain().is_none()
        {
            return Some(self.compound(word, place));
        }
        let mut atoms: Vec<_> = words.iter().flat_map(Word::atoms).collect();
        // Near each other stand the words that carry something.
        if between.is_some() && atoms.iter().any(|atom| !atom.stopword) {
            atoms.retain(|atom| !atom.stopword);
        }
        let atoms = atoms.iter();
        let mut atoms: Vec<Vec<TokenId>> = atoms
            .map(|atom| self.scan.atom(atom, place.exact))
            .collect();
        match (atoms.len(), between) {
            (0, _) => None,
            (1, _) => Some(Meaning::Word(atoms.remove(0), fields)),
            (_, None) => Some(Meaning::Side(atoms, fields)),
            (_, Some(between)) => Some(Meaning::Near(atoms, between, fields)),
        }
    }

    fn pattern(&mut self, fields: FieldSet, fits: impl Fn(&str) -> bool) -> Meaning {
        let tokens = self.scan.tokens_where(fields, |token| fits(&token.form));
        let mut forms: Vec<&str> = tokens
            .iter()
            .map(|&token| self.scan.tokens[token as usize].form.as_str())
            .collect();
        forms.sort_unstable();
        forms.dedup();
        self.too_many |= forms.len() > MOST_WORDS;
        Meaning::Word(tokens, fields)
    }
}

/// Whether a clause is a word, whatever stands before it.
fn is_word(clause: &Clause) -> bool {
    match clause {
        Clause::Word(_) => true,
        Clause::Area { clause, .. }
        | Clause::Boost { clause, .. }
        | Clause::Exact(clause)
        | Clause::Expand { clause, .. } => is_word(clause),
        _ => false,
    }
}

/// Whether a clause is made of filters and nothing else.
fn only_filters(clause: &Clause) -> bool {
    match clause {
        Clause::Filter(_) => true,
        Clause::Area { clause, .. }
        | Clause::Boost { clause, .. }
        | Clause::Exact(clause)
        | Clause::Expand { clause, .. }
        | Clause::Must(clause)
        | Clause::Not(clause) => only_filters(clause),
        Clause::Group(parts) | Clause::And(parts) | Clause::Or(parts) => {
            parts.iter().all(only_filters)
        }
        _ => false,
    }
}

/// Whether a compound is of words people would also search apart, such as `double-blind`.
fn is_of_words(word: &Word) -> bool {
    word.atoms().all(|atom| {
        atom.stopword
            || (atom.term.chars().count() > 2 && atom.term.chars().all(char::is_alphabetic))
    })
}

/// Whether tokens of a value stand at consecutive positions, one of each place.
fn side_by_side(places: &[Vec<TokenId>], value: &Value) -> bool {
    let stands = |at: u32, place: &Vec<TokenId>| {
        let from = value.partition_point(|&(position, _)| position < at);
        let here = value[from..]
            .iter()
            .take_while(|(position, _)| *position == at);
        here.into_iter().any(|(_, token)| place.contains(token))
    };
    value
        .iter()
        .any(|&(start, _)| (start..).zip(places).all(|(at, place)| stands(at, place)))
}

/// Whether some stretch of a value, with at most so many positions more than there are places, has
/// another position for every place.
fn near(places: &[Vec<TokenId>], between: u32, value: &Value) -> bool {
    let wanted: Vec<(u32, Vec<bool>)> = value
        .chunk_by(|a, b| a.0 == b.0)
        .filter_map(|here| {
            let fits = |place: &Vec<TokenId>| here.iter().any(|(_, token)| place.contains(token));
            let serves: Vec<bool> = places.iter().map(fits).collect();
            serves.contains(&true).then(|| (here[0].0, serves))
        })
        .collect();
    let widest = between + places.len() as u32;
    (0..wanted.len()).any(|from| {
        let stretch: Vec<&Vec<bool>> = wanted[from..]
            .iter()
            .take_while(|(position, _)| position - wanted[from].0 < widest)
            .map(|(_, serves)| serves)
            .collect();
        assign(places.len(), &stretch, &mut vec![false; stretch.len()])
    })
}

/// Whether the first so many places can each have a position of their own.
fn assign(places: usize, stretch: &[&Vec<bool>], taken: &mut Vec<bool>) -> bool {
    let Some(place) = places.checked_sub(1) else {
        return true;
    };
    for at in 0..stretch.len() {
        if !taken[at] && stretch[at][place] {
            taken[at] = true;
            if assign(place, stretch, taken) {
                return true;
            }
            taken[at] = false;
        }
    }
    false
}

/// Whether a pattern with `*` and `?` fits a whole word.
fn fits(pattern: &[char], word: &[char]) -> bool {
    match pattern.split_first() {
        None => word.is_empty(),
        Some(('*', rest)) => (0..=word.len()).any(|skipped| fits(rest, &word[skipped..])),
        Some((first, rest)) => word
            .split_first()
            .is_some_and(|(letter, word)| (*first == '?' || first == letter) && fits(rest, word)),
    }
}

/// How many letters were inserted, left out, replaced or swapped with their neighbour.
fn steps(a: &[char], b: &[char]) -> usize {
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = match (i, j) {
                (0, _) => j,
                (_, 0) => i,
                _ => {
                    let replaced = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let mut best = replaced.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        best = best.min(table[i - 2][j - 2] + 1);
                    }
                    best
                }
            };
        }
    }
    table[a.len()][b.len()]
}
