//! How hits are ranked, from `index-schema/ranking.toml`; all of it acts at query time.

use super::fields::Fields;
use crate::error::{Error, ErrorKind, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The name of the area that is every text field with its own boost.
pub const DEFAULT_AREA: &str = "default";

/// Parameters of ranking.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// Saturation of term frequency.
    pub k1: f32,
    /// What a variant of a typed word counts.
    pub penalties: Penalties,
    /// Words side by side as a phrase nobody quoted.
    pub phrase: PhraseSettings,
    /// Long queries.
    pub long_query: LongQuery,
    /// What records get beside what they have of the query.
    pub priors: Priors,
    areas: Vec<Area>,
    by_name: HashMap<String, usize>,
    /// Names of the text fields.
    texts: HashSet<String>,
    /// Discounts of long texts that stand in place of those of `fields.toml`.
    discounts: HashMap<String, f32>,
}

/// What a variant of a typed word counts, against the typed word itself.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Penalties {
    /// The word as typed.
    pub typed: f32,
    /// Another form of it.
    pub inflection: f32,
    /// A synonym or an abbreviation.
    pub synonym: f32,
    /// A narrower term.
    pub narrower: f32,
    /// The words of a phrase apart.
    pub relaxed_phrase: f32,
    /// A broader term.
    pub broader: f32,
}

/// Words that stand side by side in the query.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhraseSettings {
    /// Weight of the phrase, as a concept of its own, against its words.
    pub weight: f32,
    /// How many places further apart they may stand.
    pub slop: u32,
}

/// A patient's note or an abstract as a query.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LongQuery {
    /// A query of more words is long.
    pub words: usize,
    /// How many of its best words are kept.
    pub keep: usize,
    /// How much more its best words weigh than the others: the power of a word's worth, against
    /// that of the best one, that its weight is multiplied by.
    pub focus: f32,
}

/// What records get beside what they have of the query.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Priors {
    /// The share of its score the most recent record gets on top; 0 for none, [`Priors::MOST`] at most.
    pub recency: f32,
}

impl Priors {
    /// What all priors together may add to a score, as a share of it.
    pub const MOST: f32 = 0.05;
}

/// A set of text fields with weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// What it is called in queries.
    pub name: String,
    /// Other names it answers to.
    pub aliases: Vec<String>,
    /// What it covers, in one line.
    pub doc: String,
    /// Names of text fields with their weights, in the order of `fields.toml`.
    pub fields: Vec<(String, f32)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    k1: f32,
    penalties: Penalties,
    phrase: PhraseSettings,
    long_query: LongQuery,
    priors: Priors,
    area: Vec<AreaEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AreaEntry {
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    doc: String,
    fields: BTreeMap<String, f32>,
}

impl Ranking {
    /// Reads the file; areas may name only text fields that exist.
    ///
    /// # Errors
    /// Wrong TOML, a number out of its bounds, an area of unknown fields, a name with two meanings.
    pub fn from_toml(text: &str, fields: &Fields) -> Result<Self> {
        let file: File = toml::from_str(text).map_err(|e| wrong(e.message()))?;
        let mut ranking = Ranking {
            k1: file.k1,
            penalties: file.penalties,
            phrase: file.phrase,
            long_query: file.long_query,
            priors: file.priors,
            areas: Vec::new(),
            by_name: HashMap::new(),
            texts: fields
                .iter()
                .filter(|f| f.is_text())
                .map(|f| f.name.clone())
                .collect(),
            discounts: HashMap::new(),
        };
        ranking.check()?;
        ranking.add(default_area(fields))?;
        for entry in file.area {
            ranking.add(entry.resolve(fields)?)?;
        }
        ranking.add_single_fields(fields);
        Ok(ranking)
    }

    /// The area of a name, an alias, or the name of a text field, which is an area of its own.
    pub fn area(&self, name: &str) -> Option<&Area> {
        self.by_name.get(name).and_then(|&i| self.areas.get(i))
    }

    /// All areas: `default`, those of the file, then one for each text field no area is named after.
    pub fn areas(&self) -> impl Iterator<Item = &Area> {
        self.areas.iter()
    }

    /// How much a long text of a field is discounted, where it was set; else `fields.toml` says it.
    pub fn b(&self, field: &str) -> Option<f32> {
        self.discounts.get(field).copied()
    }

    /// Sets one number by its name: `k1`, `penalties.synonym`, `phrase.weight`, `long_query.keep`, `priors.recency`,
    /// `b.FIELD`, or `AREA.FIELD` for the weight of a field in an area (0 takes it out).
    ///
    /// # Errors
    /// No such name, or a number out of its bounds.
    pub fn set(&mut self, name: &str, value: f32) -> Result<()> {
        if !value.is_finite() || value < 0.0 {
            return Err(usage(format!("{name} cannot be {value}")));
        }
        let mut changed = self.clone();
        let slot = match name {
            "k1" => &mut changed.k1,
            "penalties.typed" => &mut changed.penalties.typed,
            "penalties.inflection" => &mut changed.penalties.inflection,
            "penalties.synonym" => &mut changed.penalties.synonym,
            "penalties.narrower" => &mut changed.penalties.narrower,
            "penalties.relaxed_phrase" => &mut changed.penalties.relaxed_phrase,
            "penalties.broader" => &mut changed.penalties.broader,
            "phrase.weight" => &mut changed.phrase.weight,
            "priors.recency" => &mut changed.priors.recency,
            _ => {
                changed.set_other(name, value)?;
                changed.check()?;
                *self = changed;
                return Ok(());
            }
        };
        *slot = value;
        changed.check()?;
        *self = changed;
        Ok(())
    }

    fn set_other(&mut self, name: &str, value: f32) -> Result<()> {
        let unknown = || usage(format!("no parameter is called {name:?}"));
        match name.split_once('.').ok_or_else(unknown)? {
            ("phrase", "slop") => self.phrase.slop = whole(name, value)? as u32,
            ("long_query", "words") => self.long_query.words = whole(name, value)? as usize,
            ("long_query", "keep") => self.long_query.keep = whole(name, value)? as usize,
            ("long_query", "focus") => self.long_query.focus = value,
            ("b", field) => {
                if !self.texts.contains(field) || value > 1.0 {
                    return Err(unknown());
                }
                self.discounts.insert(field.to_owned(), value);
            }
            (area, field) => {
                let place = self.by_name.get(area).copied().ok_or_else(unknown)?;
                let is_field = self.texts.contains(field);
                let area = self
                    .areas
                    .get_mut(place)
                    .filter(|_| is_field)
                    .ok_or_else(unknown)?;
                area.fields
                    .retain(|(known, _)| known != field || value > 0.0);
                match area.fields.iter_mut().find(|(known, _)| known == field) {
                    Some((_, weight)) => *weight = value,
                    None if value > 0.0 => area.fields.push((field.to_owned(), value)),
                    None => {}
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, area: Area) -> Result<()> {
        let index = self.areas.len();
        for name in std::iter::once(&area.name).chain(&area.aliases) {
            if self.by_name.insert(name.clone(), index).is_some() {
                return Err(wrong(format!("{name:?} names two areas")));
            }
        }
        self.areas.push(area);
        Ok(())
    }

    fn add_single_fields(&mut self, fields: &Fields) {
        for field in fields.iter().filter(|f| f.is_text()) {
            if self.by_name.contains_key(&field.name) {
                continue;
            }
            self.by_name.insert(field.name.clone(), self.areas.len());
            self.areas.push(Area {
                name: field.name.clone(),
                aliases: Vec::new(),
                doc: field.doc.clone(),
                fields: vec![(field.name.clone(), 1.0)],
            });
        }
    }

    fn check(&self) -> Result<()> {
        let p = &self.penalties;
        let penalties = [
            p.typed,
            p.inflection,
            p.synonym,
            p.narrower,
            p.relaxed_phrase,
            p.broader,
        ];
        if !penalties.iter().all(|x| *x > 0.0 && *x <= 1.0) {
            return Err(wrong("a penalty is above 0 and at most 1"));
        }
        if !(self.k1 > 0.0 && self.k1.is_finite()) {
            return Err(wrong("k1 must be above 0"));
        }
        if !(0.0..=10.0).contains(&self.phrase.weight) {
            return Err(wrong("the weight of a phrase is from 0 to 10"));
        }
        if !(0.0..=Priors::MOST).contains(&self.priors.recency) {
            return Err(wrong(format!("recency adds from 0 to {}", Priors::MOST)));
        }
        if self.long_query.keep == 0 || self.long_query.words == 0 {
            return Err(wrong("a long query has and keeps at least one word"));
        }
        Ok(())
    }
}

impl AreaEntry {
    fn resolve(self, fields: &Fields) -> Result<Area> {
        let area = &self.name;
        for (name, weight) in &self.fields {
            if !fields.get(name).is_some_and(super::fields::Field::is_text) {
                return Err(wrong(format!("area {area:?}: no text field {name:?}")));
            }
            if !(*weight > 0.0 && weight.is_finite()) {
                return Err(wrong(format!(
                    "area {area:?}: the weight of {name:?} must be above 0"
                )));
            }
        }
        let in_order = fields.iter().filter_map(|f| {
            let weight = *self.fields.get(&f.name)?;
            Some((f.name.clone(), weight))
        });
        let chosen: Vec<_> = in_order.collect();
        if chosen.is_empty() {
            return Err(wrong(format!("area {area:?} has no fields")));
        }
        Ok(Area {
            fields: chosen,
            name: self.name,
            aliases: self.aliases,
            doc: self.doc,
        })
    }
}

fn default_area(fields: &Fields) -> Area {
    let texts = fields.iter().filter(|f| f.is_text() && f.boost > 0.0);
    Area {
        name: DEFAULT_AREA.to_owned(),
        aliases: Vec::new(),
        doc: "Every text with its own boost.".to_owned(),
        fields: texts.map(|f| (f.name.clone(), f.boost)).collect(),
    }
}

/// A number that counts something.
fn whole(name: &str, value: f32) -> Result<f32> {
    if value.fract() == 0.0 {
        return Ok(value);
    }
    Err(usage(format!("{name} is a whole number, not {value}")))
}

fn usage(message: String) -> Error {
    Error::new(ErrorKind::Usage, message)
}

fn wrong(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Schema, message).at("ranking.toml")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../index-schema/ranking.toml");

    fn fields() -> Fields {
        Fields::from_toml(include_str!("../../index-schema/fields.toml")).unwrap()
    }

    #[test]
    fn exclusion_criteria_are_searched_only_when_asked_for() {
        let ranking = Ranking::from_toml(SHIPPED, &fields()).unwrap();
        let has = |area: &str, field: &str| {
            let area = ranking.area(area).unwrap();
            area.fields.iter().any(|(name, _)| name == field)
        };
        assert!(!has("default", "exclusion"));
        assert!(has("eligibility", "exclusion"));
        assert!(has("exclusion", "exclusion"));
        assert!(!has("inclusion", "exclusion"));
    }

    #[test]
    fn aliases_and_text_fields_are_areas() {
        let ranking = Ranking::from_toml(SHIPPED, &fields()).unwrap();
        assert_eq!(ranking.area("cond").unwrap().name, "condition");
        assert_eq!(ranking.area("arms").unwrap().fields, [("arms".into(), 1.0)]);
        assert!(ranking.area("phase").is_none());
    }

    #[test]
    fn wrong_numbers_and_names_are_refused() {
        let refused = |from: &str, to: &str| {
            assert!(SHIPPED.contains(from), "{from} is not in the file");
            assert!(
                Ranking::from_toml(&SHIPPED.replace(from, to), &fields()).is_err(),
                "{to}"
            );
        };
        refused("k1 = 1.5", "k1 = 0.0");
        refused("synonym = 0.85", "synonym = 1.9");
        refused("\nconditions = 3.0", "\nconditons = 3.0");
        refused("\nconditions = 3.0", "\nphase = 3.0");
        refused("aliases = [\"cond\", ", "aliases = [\"intervention\", ");
        refused("slop = 2", "slop = 2\nfuzz = 1");
    }

    #[test]
    fn every_number_can_be_set_by_its_name_within_its_bounds() {
        let shipped = Ranking::from_toml(SHIPPED, &fields()).unwrap();
        let numbers = [
            ("k1", 0.9),
            ("phrase.weight", 0.1),
            ("phrase.slop", 4.0),
            ("long_query.keep", 9.0),
            ("long_query.focus", 1.0),
            ("penalties.inflection", 0.9),
            ("priors.recency", 0.0),
        ];
        let mut names: Vec<(String, f32)> = numbers.map(|(n, v)| (n.to_owned(), v)).into();
        for field in fields().iter().filter(|field| field.is_text()) {
            names.push((format!("b.{}", field.name), 0.9));
            names.push((format!("default.{}", field.name), 9.0));
        }
        for (name, value) in names {
            let mut ranking = shipped.clone();
            ranking.set(&name, value).unwrap();
            assert_ne!(ranking, shipped, "{name}");
        }
        let mut ranking = shipped.clone();
        for (name, value) in [
            ("k2", 1.0),
            ("k1", 0.0),
            ("k1", f32::NAN),
            ("phrase.slop", 2.5),
            ("b.conditions", 1.5),
            ("b.condition", 0.5),
            ("default.cond", 1.0),
            ("priors.recency", 0.06),
            ("nowhere.conditions", 1.0),
        ] {
            assert!(ranking.set(name, value).is_err(), "{name}");
        }
        assert_eq!(ranking, shipped);
    }
}
