//! The numbers a record bears and those it cites, and the records that bear or cite a number.
//!
//! A number is kept in the form all its spellings share ([`Identifier::key`]): a EudraCT number
//! without member state, an EU number without resubmission.

use super::snapshot::Snapshot;
use crate::error::Result;
use crate::record::{Article, CitedArticle, Kind, Record, Trial};
use crate::schema::identifiers::{Identifier, IdentifierKind, Identifiers};
use tantivy::{DocAddress, Term};

/// How a record bears a number, the closest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Bearing {
    /// It is the record's own number, in another spelling, for another member state, or in another version.
    Own,
    /// It was the record's own number once.
    Obsolete,
    /// It is the number of the same trial elsewhere.
    Elsewhere,
}

/// A record that bears a number.
pub(crate) struct Bearer {
    pub(crate) bearing: Bearing,
    pub(crate) address: DocAddress,
    pub(crate) record: Record,
}

/// The numbers that name a record.
pub(super) fn own(record: &Record, identifiers: &Identifiers) -> Vec<String> {
    let mut numbers = Numbers::default();
    match record {
        Record::Trial(trial) => {
            numbers.written(&trial.trial_id, identifiers);
            for number in trial.id_aliases.iter().chain(&trial.registry_ids) {
                numbers.written(number, identifiers);
            }
            let others = trial.secondary_ids.iter();
            let others = others.filter_map(|number| identifiers.normalise(number));
            others
                .filter(|number| number.kind == IdentifierKind::Utn)
                .for_each(|number| numbers.add(number.key()));
        }
        Record::Article(article) => {
            let written = std::iter::once(&article.article_id).chain(&article.url);
            written
                .filter_map(|text| identifiers.normalise(text))
                .filter(|number| number.cited_article().is_some())
                .for_each(|number| numbers.add(number.key()));
        }
    }
    numbers.0
}

/// The numbers of other trials and of publications that a record cites.
pub(super) fn linked(record: &Record, identifiers: &Identifiers) -> Vec<String> {
    let mut numbers = Numbers::default();
    match record {
        Record::Trial(trial) => numbers.of_trial(trial, identifiers),
        Record::Article(article) => numbers.of_article(article, identifiers),
    }
    let own = own(record, identifiers);
    numbers.0.retain(|number| !own.contains(number));
    numbers.0
}

/// Numbers in the order they were met, each once.
#[derive(Default)]
struct Numbers(Vec<String>);

impl Numbers {
    fn add(&mut self, number: String) {
        if !number.is_empty() && !self.0.contains(&number) {
            self.0.push(number);
        }
    }

    /// A text that is a number; as it stands where nothing is known of its form.
    fn written(&mut self, text: &str, identifiers: &Identifiers) {
        let number = identifiers.normalise(text);
        self.add(number.map_or_else(|| text.to_owned(), |number| number.key()));
    }

    /// The trials and publications in a running text.
    fn within(&mut self, text: &str, identifiers: &Identifiers) {
        for found in identifiers.find(text) {
            let number = found.identifier;
            if number.is_trial() || number.cited_article().is_some() {
                self.add(number.key());
            }
        }
    }

    fn of_trial(&mut self, trial: &Trial, identifiers: &Identifiers) {
        for number in &trial.related_ids {
            self.written(number, identifiers);
        }
        for reference in &trial.references {
            self.publication(IdentifierKind::Pmid, reference.pmid.as_ref(), identifiers);
            self.publication(IdentifierKind::Pmcid, reference.pmcid.as_ref(), identifiers);
            self.publication(IdentifierKind::Doi, reference.doi.as_ref(), identifiers);
        }
        let citations = trial.references.iter().filter_map(|r| r.citation.as_ref());
        let addresses = trial.links.iter().map(|link| &link.url);
        let texts = citations.chain(addresses);
        let texts = texts
            .chain(&trial.public_title)
            .chain(&trial.scientific_title);
        let texts = texts.chain(&trial.brief_summary);
        for text in texts.chain(&trial.detailed_description) {
            self.within(text, identifiers);
        }
    }

    fn of_article(&mut self, article: &Article, identifiers: &Identifiers) {
        for number in &article.cited_trials {
            self.written(number, identifiers);
        }
        for cited in &article.cited_articles {
            let (kind, number) = match cited {
                CitedArticle::Pmid(number) => (IdentifierKind::Pmid, number),
                CitedArticle::Pmcid(number) => (IdentifierKind::Pmcid, number),
                CitedArticle::Doi(number) => (IdentifierKind::Doi, number),
            };
            self.publication(kind, Some(number), identifiers);
        }
        let texts = article.title.iter().chain(&article.description);
        let texts = texts.chain(&article.text).chain(&article.references);
        for text in texts.chain(&article.links) {
            self.within(text, identifiers);
        }
    }

    /// A publication's number whose kind is known.
    fn publication(
        &mut self,
        kind: IdentifierKind,
        number: Option<&String>,
        identifiers: &Identifiers,
    ) {
        let Some(number) = number else { return };
        let text = match kind {
            IdentifierKind::Pmid => format!("PMID {number}"),
            _ => number.clone(),
        };
        self.within(&text, identifiers);
    }
}

impl Snapshot {
    /// The records a number or path names: the one whose id it is, else those that bear it most closely.
    pub(crate) fn named(&self, id: &str) -> Result<Vec<DocAddress>> {
        let mut named = Vec::new();
        for kind in Kind::ALL {
            named.extend(self.find(kind, id)?);
        }
        if !named.is_empty() {
            return Ok(named);
        }
        let bearers = self.bearers(id)?;
        let closest = bearers.first().map(|bearer| bearer.bearing);
        let closest = bearers
            .iter()
            .filter(|bearer| Some(bearer.bearing) == closest);
        Ok(closest.map(|bearer| bearer.address).collect())
    }

    /// The records that bear a number, in any spelling: the closest first, then by kind and id.
    pub(crate) fn bearers(&self, id: &str) -> Result<Vec<Bearer>> {
        let number = self.schema().identifiers.normalise(id);
        let key = number
            .as_ref()
            .map_or_else(|| id.to_owned(), Identifier::key);
        let mut bearers = Vec::new();
        for address in self.with_number("own_numbers", &key)? {
            let record = self.record(address)?;
            bearers.push(Bearer {
                bearing: self.bearing(&record, &key),
                address,
                record,
            });
        }
        bearers.sort_by(|a, b| {
            let place = |bearer: &Bearer| (bearer.bearing, bearer.record.kind());
            (place(a), a.record.id()).cmp(&(place(b), b.record.id()))
        });
        Ok(bearers)
    }

    fn bearing(&self, record: &Record, key: &str) -> Bearing {
        let identifiers = &self.schema().identifiers;
        let is_it = |text: &str| {
            let number = identifiers.normalise(text);
            number.map_or(text == key, |number| number.key() == key)
        };
        match record {
            Record::Article(_) => Bearing::Own,
            Record::Trial(trial) if is_it(&trial.trial_id) => Bearing::Own,
            Record::Trial(trial) if trial.id_aliases.iter().any(|id| is_it(id)) => {
                Bearing::Obsolete
            }
            Record::Trial(_) => Bearing::Elsewhere,
        }
    }

    /// The documents whose field of numbers has a number, given in the form it is kept in.
    pub(crate) fn with_number(&self, field: &str, number: &str) -> Result<Vec<DocAddress>> {
        let Some(field) = self.mapping().keyword(field) else {
            return Ok(Vec::new());
        };
        self.addresses(&Term::from_field_text(field, number))
    }

    /// The numbers a record bears, in the form they are kept in.
    pub(crate) fn own_numbers(&self, record: &Record) -> Vec<String> {
        own(record, &self.schema().identifiers)
    }

    /// The numbers a record cites, in the form they are kept in.
    pub(crate) fn linked_numbers(&self, record: &Record) -> Vec<String> {
        linked(record, &self.schema().identifiers)
    }
}
