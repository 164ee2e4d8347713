//! What all records are made by: the night they are in, the trials with their parts, and what a part
//! is drawn with.

use super::Outcome;
use super::days::Days;
use super::draw::{Rng, number_of};
use super::figures::Figures;
use super::mix::Kind;
use super::words::Words;
use serde_json::{Map, Value, json};

/// What changes by itself in a night.
#[derive(Clone, Copy)]
pub(super) enum Part {
    Status,
    Conditions,
    Titles,
    Summary,
    Arms,
    Outcomes,
    Criteria,
    Sites,
    Rest,
}

/// Every part with the figure that tells how often a change of a record is one of it. Two vintages of a
/// record with summaries, sites and sponsors were not to be had: they are taken to change as titles,
/// as the status and as conditions do.
const PARTS: [(Part, &str); 9] = [
    (Part::Status, "changes.status"),
    (Part::Conditions, "changes.conditions"),
    (Part::Titles, "changes.titles"),
    (Part::Summary, "changes.titles"),
    (Part::Arms, "changes.arms"),
    (Part::Outcomes, "changes.outcomes"),
    (Part::Criteria, "changes.criteria"),
    (Part::Sites, "changes.status"),
    (Part::Rest, "changes.conditions"),
];

/// One record of so many changes in a night.
const CHANGED: u64 = 100;

/// Makes records.
pub(crate) struct Maker<'f> {
    figures: &'f Figures,
    words: Words<'f>,
    seed: u64,
    night: u64,
}

impl<'f> Maker<'f> {
    /// `night` nights after the first; the same seed makes the same records.
    pub(crate) fn new(figures: &'f Figures, seed: u64, night: u64) -> Outcome<Self> {
        let words = Words::new(figures)?;
        Ok(Maker {
            figures,
            words,
            seed,
            night,
        })
    }

    /// A trial of a registry, with nothing drawn yet.
    pub(super) fn trial(&self, kind: Kind, number: u64) -> Outcome<Trial<'_>> {
        let stream = self.stream(kind);
        Ok(Trial {
            maker: self,
            stream,
            number,
            changes: self.changes(stream, number)?,
            topic: Vec::new(),
        })
    }

    /// What the chance of a kind of files begins with, so that records of one number have nothing in
    /// common. That of ClinicalTrials.gov is the seed: those studies were made before there were others.
    pub(super) fn stream(&self, kind: Kind) -> u64 {
        match kind {
            Kind::Ctgov => self.seed,
            _ => Rng::of(&[self.seed, kind as u64]).next(),
        }
    }

    pub(super) fn figures(&self) -> &Figures {
        self.figures
    }

    /// How often each part has changed by now, and in which night any last did.
    fn changes(&self, stream: u64, number: u64) -> Outcome<Changes> {
        let mut changes = Changes::default();
        for night in 1..=self.night {
            let mut rng = Rng::of(&[stream, number, night]);
            if !rng.next().is_multiple_of(CHANGED) {
                continue;
            }
            changes.night = Some(night);
            for (part, name) in PARTS {
                changes.versions[part as usize] +=
                    u64::from(rng.chance(self.figures.number(name)?));
            }
        }
        Ok(changes)
    }
}

#[derive(Default)]
struct Changes {
    versions: [u64; PARTS.len()],
    night: Option<u64>,
}

/// A trial while its parts are drawn.
pub(super) struct Trial<'m> {
    maker: &'m Maker<'m>,
    stream: u64,
    number: u64,
    changes: Changes,
    /// The words the record spoke of so far.
    topic: Vec<u64>,
}

impl Trial<'_> {
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn days(&self) -> Days {
        Days::drawn(
            &mut Rng::of(&[self.stream, self.number, 1]),
            self.changes.night,
        )
    }

    /// Makes a part as it is in this night. What follows goes on from what the part first was, so that
    /// it does not change with it.
    pub(super) fn part<T>(
        &mut self,
        part: Part,
        make: impl Fn(&mut Draw<'_>) -> Outcome<T>,
    ) -> Outcome<T> {
        let version = self.changes.versions[part as usize];
        let mut before = if version > 0 {
            self.topic.clone()
        } else {
            Vec::new()
        };
        let (maker, stream, number) = (self.maker, self.stream, self.number);
        let place = 1_000 + part as u64;
        let draw = |version, topic: &mut Vec<u64>| {
            make(&mut Draw {
                figures: maker.figures,
                words: &maker.words,
                rng: Rng::of(&[stream, number, place, version]),
                topic,
            })
        };
        let first = draw(0, &mut self.topic)?;
        if version == 0 {
            return Ok(first);
        }
        draw(version, &mut before)
    }
}

/// What a part is drawn with.
pub(super) struct Draw<'d> {
    figures: &'d Figures,
    words: &'d Words<'d>,
    pub(super) rng: Rng,
    topic: &'d mut Vec<u64>,
}

impl Draw<'_> {
    pub(super) fn bins(&mut self, name: &str) -> Outcome<usize> {
        Ok(self.figures.bins(name)?.draw(&mut self.rng))
    }

    pub(super) fn chance(&mut self, name: &str) -> Outcome<bool> {
        Ok(self.rng.chance(self.figures.number(name)?))
    }

    pub(super) fn choice(&mut self, name: &str) -> Outcome<String> {
        Ok(self.figures.choice(name)?.draw(&mut self.rng).to_owned())
    }

    /// A value of few kinds; empty where the figures say that it is not told.
    pub(super) fn told(&mut self, name: &str) -> Outcome<String> {
        match self.chance(name)? {
            true => self.choice(name),
            false => Ok(String::new()),
        }
    }

    /// How many of a thing a record has, of which records of some registries have none at all.
    pub(super) fn count(&mut self, name: &str) -> Outcome<usize> {
        match self.figures.number(name)? > 0.0 {
            true => self.bins(&format!("{name}.count")),
            false => Ok(0),
        }
    }

    /// A value of many kinds: the same rank has the same name in every record.
    pub(super) fn named(&mut self, pool: &str) -> Outcome<String> {
        let rank = self.figures.curve(pool)?.draw(&mut self.rng);
        let mut rng = Rng::of(&[number_of(pool), rank]);
        let count = self.figures.bins(pool)?.draw(&mut rng);
        Ok(self.words.name(&mut rng, count, self.topic))
    }

    pub(super) fn some_named(&mut self, pool: &str) -> Outcome<Vec<String>> {
        let count = self.bins(&format!("{pool}.count"))?;
        (0..count).map(|_| self.named(pool)).collect()
    }

    pub(super) fn line(&mut self, name: &str) -> Outcome<String> {
        let count = self.bins(name)?;
        Ok(self.words.line(&mut self.rng, count, self.topic))
    }

    pub(super) fn prose(&mut self, name: &str) -> Outcome<String> {
        let count = self.bins(name)?;
        Ok(self.prose_of(count))
    }

    pub(super) fn prose_of(&mut self, words: usize) -> String {
        self.words.prose(&mut self.rng, words, self.topic)
    }

    pub(super) fn items(&mut self, name: &str) -> Outcome<String> {
        let count = self.bins(name)?;
        Ok(self.words.items(&mut self.rng, count, self.topic))
    }

    /// Adds a text where the figures say that as many have one.
    pub(super) fn add_prose(
        &mut self,
        to: &mut Map<String, Value>,
        key: &str,
        name: &str,
    ) -> Outcome<()> {
        if self.chance(name)? {
            to.insert(key.to_owned(), json!(self.prose(name)?));
        }
        Ok(())
    }

    pub(super) fn add_choice(
        &mut self,
        to: &mut Map<String, Value>,
        key: &str,
        name: &str,
    ) -> Outcome<()> {
        if self.chance(name)? {
            to.insert(key.to_owned(), json!(self.choice(name)?));
        }
        Ok(())
    }
}
