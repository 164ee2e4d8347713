//! What a short form of several senses means in the company of other words; whether a short form
//! is a word of its own.

use super::plan::{Building, Scope, Unit};
use crate::concept::{Dictionary, Related, Relation, Sense, Source};
use crate::error::Result;
use crate::index::{DocSet, names};
use crate::record::Kind;
use tantivy::Term;

/// How sure the company must make a sense.
const SURE: f64 = 0.8;

/// A term of so many times more records than define it as a short form is a word people use.
const WORD: u64 = 20;

impl Building<'_> {
    /// The long forms of the sense a short form has among the other words of a query; none where
    /// these do not tell.
    pub(super) fn by_company(
        &self,
        dictionary: &Dictionary,
        kind: Kind,
        unit: &Unit,
        units: &[Unit],
        scope: Scope<'_>,
    ) -> Result<Vec<Related>> {
        let [short] = unit.spellings.as_slice() else {
            return Ok(Vec::new());
        };
        let senses = dictionary.senses(kind, short)?;
        if senses.is_empty() {
            return Ok(Vec::new());
        }
        let others = units.iter().filter(|other| other.concept != unit.concept);
        let others: Vec<&Unit> = others.filter(|other| !other.weightless).collect();
        // In a note every sense meets some of its words, and looking them all up takes long.
        let note = self.planner.ranking.long_query.words;
        if others.is_empty() || others.len() > note {
            return Ok(Vec::new());
        }
        let mut defining = Vec::new();
        for sense in &senses {
            defining.push(self.defining(sense)?);
        }
        // Naive Bayes: how often a sense is meant, and its records have the other words.
        let counted = senses.iter().map(|sense| (sense.records as f64).ln());
        let mut worths: Vec<f64> = counted.collect();
        let mut met = vec![false; senses.len()];
        for other in others {
            let having = self.having(kind, other, scope)?;
            for ((worth, met), defining) in worths.iter_mut().zip(&mut met).zip(&defining) {
                let common = count_common(defining, &having);
                *met |= common > 0;
                *worth += ((common as f64 + 0.5) / (count(defining) as f64 + 1.0)).ln();
            }
        }
        let best = worths.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let all: f64 = worths.iter().map(|worth| (worth - best).exp()).sum();
        let mut sure = senses.iter().zip(worths).zip(met);
        let sense = sure.find(|((_, worth), met)| *met && *worth >= best && 1.0 / all >= SURE);
        let names = sense.map_or(&[][..], |((sense, _), _)| sense.names.as_slice());
        let related = names.iter().map(|(name, records)| Related {
            name: name.clone(),
            relation: Relation::Synonym,
            source: Source::Company { records: *records },
        });
        Ok(related.collect())
    }

    /// Whether a short form stands in many more records than define it: `CARE` is a word.
    pub(super) fn is_a_word(
        &self,
        kind: Kind,
        short: &str,
        records: u64,
        scope: Scope<'_>,
    ) -> Result<bool> {
        let words = self.analyzer.words(short);
        let [word] = words.as_slice() else {
            return Ok(false);
        };
        let Some(atom) = word.plain() else {
            return Ok(false);
        };
        let snapshot = self.planner.vocabulary.snapshot;
        for name in self.fields_of(kind, scope)? {
            let Some(field) = snapshot.mapping().text(&name) else {
                continue;
            };
            let term = Term::from_field_text(field, &atom.term);
            if snapshot.document_frequency(&term)? > WORD * records {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The fields of an area that records of a kind have.
    fn fields_of(&self, kind: Kind, scope: Scope<'_>) -> Result<Vec<String>> {
        let schema = &self.planner.schema.fields;
        let mut fields = self.fields(scope)?;
        fields.retain(|name| schema.get(name).is_some_and(|field| field.kind.has(kind)));
        Ok(fields)
    }

    /// The documents that define a short form so.
    fn defining(&self, sense: &Sense) -> Result<Vec<DocSet>> {
        let mapping = self.planner.vocabulary.snapshot.mapping();
        let Some(field) = mapping.keyword(names::FIELD) else {
            return Ok(Vec::new());
        };
        let pairs = sense.pairs.iter();
        let terms = pairs.map(|pair| Term::from_field_text(field, &names::value(pair)));
        self.documents(terms)
    }

    /// The documents that have a word of a query.
    fn having(&self, kind: Kind, unit: &Unit, scope: Scope<'_>) -> Result<Vec<DocSet>> {
        let mapping = self.planner.vocabulary.snapshot.mapping();
        let (mut words, mut forms) = (Vec::new(), Vec::new());
        for word in &unit.spellings {
            words.push(word.term.clone());
            forms.extend(self.planner.vocabulary.other_forms(&word.term)?);
        }
        let mut terms = Vec::new();
        for name in self.fields_of(kind, scope)? {
            let Some(field) = mapping.text(&name) else {
                continue;
            };
            let has_forms = self.planner.schema.has_forms(&name);
            let forms = forms.iter().filter(|_| has_forms);
            let own = words.iter().chain(forms);
            terms.extend(own.map(|word| Term::from_field_text(field, word)));
        }
        self.documents(terms.into_iter())
    }

    /// By segment, the documents that can be found by one of some terms.
    fn documents(&self, terms: impl Iterator<Item = Term>) -> Result<Vec<DocSet>> {
        let snapshot = self.planner.vocabulary.snapshot;
        let readers = snapshot.searcher().segment_readers();
        let empty = readers.iter().map(|reader| DocSet::new(reader.max_doc()));
        let mut documents: Vec<DocSet> = empty.collect();
        for term in terms {
            for (reader, documents) in readers.iter().zip(&mut documents) {
                super::add_documents(reader, &term, documents)?;
            }
        }
        for (documents, living) in documents.iter_mut().zip(snapshot.living()?) {
            documents.intersect(&living.all);
        }
        Ok(documents)
    }
}

/// How many documents there are.
fn count(documents: &[DocSet]) -> usize {
    documents.iter().map(DocSet::len).sum()
}

/// How many documents are in both.
fn count_common(some: &[DocSet], others: &[DocSet]) -> usize {
    let both = some.iter().zip(others);
    both.map(|(some, others)| some.common(others).count()).sum()
}
