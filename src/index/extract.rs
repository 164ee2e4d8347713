//! What each field of `fields.toml` holds of a record: one table, field by field.

use super::names;
use super::numbers;
use super::timestamp::Timestamp;
use crate::analysis::whole_title;
use crate::identity;
use crate::record::{
    AgeLimit, Article, CitedArticle, ClosedVocabulary, Kind, Outcome, PartialDate, Record,
    Reference, Trial,
};
use crate::schema::fields::{FieldType, Owner};
use crate::schema::identifiers::Identifiers;
use std::borrow::Cow;

/// A maximum age of a trial that sets none, in minutes; older than anybody gets.
pub(crate) const NO_MAXIMUM_AGE: u64 = u32::MAX as u64;

/// A record about to become a document.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) record: &'a Record,
    /// The run that first saw a record of this kind and id.
    pub(crate) first_seen: Timestamp,
}

/// A value of a field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Text(Cow<'a, str>),
    Date(PartialDate),
    Number(u64),
    Flag(bool),
}

/// The values of a field, as they are collected.
#[derive(Debug, Default)]
pub(crate) struct Values<'a> {
    list: Vec<Value<'a>>,
    /// What recognises numbers; without it the fields that hold nothing else stay empty.
    identifiers: Option<&'a Identifiers>,
}

impl<'a> Values<'a> {
    /// Collects numbers, too.
    pub(super) fn with_numbers(identifiers: &'a Identifiers) -> Self {
        Values {
            list: Vec::new(),
            identifiers: Some(identifiers),
        }
    }

    pub(crate) fn drain(&mut self) -> impl Iterator<Item = Value<'a>> + '_ {
        self.list.drain(..)
    }

    fn numbers(&mut self, of: impl Fn(&Identifiers) -> Vec<String>) {
        let numbers = self.identifiers.map(of).unwrap_or_default();
        numbers.into_iter().for_each(|number| self.owned(number));
    }

    fn text(&mut self, text: &'a str) {
        if !text.is_empty() {
            self.list.push(Value::Text(Cow::Borrowed(text)));
        }
    }

    fn owned(&mut self, text: String) {
        self.list.push(Value::Text(Cow::Owned(text)));
    }

    fn maybe(&mut self, text: &'a Option<String>) {
        self.texts(text);
    }

    fn texts(&mut self, texts: impl IntoIterator<Item = &'a String>) {
        for text in texts {
            self.text(text);
        }
    }

    fn words<T: ClosedVocabulary>(&mut self, values: impl IntoIterator<Item = T>) {
        for value in values {
            self.text(value.as_str());
        }
    }

    fn date(&mut self, date: Option<PartialDate>) {
        self.list.extend(date.map(Value::Date));
    }

    fn number(&mut self, number: Option<u64>) {
        self.list.extend(number.map(Value::Number));
    }

    fn flag(&mut self, flag: Option<bool>) {
        self.list.extend(flag.map(Value::Flag));
    }

    fn outcomes(&mut self, outcomes: &'a [Outcome]) {
        for outcome in outcomes {
            self.maybe(&outcome.measure);
            self.maybe(&outcome.method);
            self.maybe(&outcome.description);
        }
    }

    /// Each value once, in the order of its first appearance.
    fn once(&mut self) {
        let mut seen = std::collections::HashSet::new();
        self.list.retain(|value| match value {
            Value::Text(text) => seen.insert(text.clone()),
            _ => true,
        });
    }
}

type OfTrial = for<'a> fn(&'a Trial, &mut Values<'a>);
type OfArticle = for<'a> fn(&'a Article, &mut Values<'a>);
type OfAny = for<'a> fn(&Subject<'a>, &mut Values<'a>);

#[derive(Clone, Copy, Debug)]
enum Of {
    Trial(OfTrial),
    Article(OfArticle),
    Any(OfAny),
}

/// How the values of one field are found in a record.
#[derive(Debug)]
pub(crate) struct Extractor {
    pub(crate) name: &'static str,
    pub(crate) field_type: FieldType,
    of: Of,
}

impl Extractor {
    /// The extractor of a field, if there is such a field.
    pub(crate) fn get(name: &str) -> Option<&'static Extractor> {
        EXTRACTORS.iter().find(|extractor| extractor.name == name)
    }

    /// Whose records have the field.
    pub(crate) fn owner(&self) -> Owner {
        match self.of {
            Of::Trial(_) => Owner::Trial,
            Of::Article(_) => Owner::Article,
            Of::Any(_) => Owner::Both,
        }
    }

    /// Collects the field's values; none where the record is of another kind.
    pub(crate) fn extract<'a>(&self, subject: &Subject<'a>, values: &mut Values<'a>) {
        match (self.of, subject.record) {
            (Of::Trial(extract), Record::Trial(trial)) => extract(trial, values),
            (Of::Article(extract), Record::Article(article)) => extract(article, values),
            (Of::Any(extract), _) => extract(subject, values),
            (Of::Trial(_), Record::Article(_)) | (Of::Article(_), Record::Trial(_)) => {}
        }
    }
}

/// The texts a text field of that name has of a record, value by value, as they are given to the
/// field's analyzer; none where the record has none, or no text field has the name.
pub fn texts<'a>(record: &'a Record, field: &str) -> Vec<Cow<'a, str>> {
    let Some(extractor) = Extractor::get(field) else {
        return Vec::new();
    };
    // No text depends on when the record was first seen.
    let subject = Subject {
        record,
        first_seen: Timestamp::default(),
    };
    let mut values = Values::default();
    extractor.extract(&subject, &mut values);
    let text = |value| match value {
        Value::Text(text) => Some(text),
        _ => None,
    };
    values.drain().filter_map(text).collect()
}

/// The words that name one record: kind and id.
pub(crate) fn key(kind: Kind, id: &str) -> String {
    format!("{kind}:{id}")
}

const fn of_trial(name: &'static str, field_type: FieldType, of: OfTrial) -> Extractor {
    Extractor {
        name,
        field_type,
        of: Of::Trial(of),
    }
}

const fn of_article(name: &'static str, field_type: FieldType, of: OfArticle) -> Extractor {
    Extractor {
        name,
        field_type,
        of: Of::Article(of),
    }
}

const fn of_any(name: &'static str, field_type: FieldType, of: OfAny) -> Extractor {
    Extractor {
        name,
        field_type,
        of: Of::Any(of),
    }
}

use FieldType::{Age, Date, Flag, Keyword, Number, Text};

/// Every field but `record`, which is the stored JSON itself.
pub(crate) static EXTRACTORS: &[Extractor] = &[
    // Identity.
    of_any("key", Keyword, |s, out| {
        out.owned(key(s.record.kind(), s.record.id()));
    }),
    of_any("id", Keyword, |s, out| out.text(s.record.id())),
    of_trial("trial_numbers", Keyword, |t, out| {
        identity::values(t).into_iter().for_each(|n| out.owned(n));
    }),
    of_trial("title_sketch", Number, |t, out| {
        let sketch = identity::sketch(t).into_iter();
        sketch.for_each(|hash| out.number(Some(hash.into())));
    }),
    of_any("own_numbers", Keyword, |s, out| {
        out.numbers(|identifiers| numbers::own(s.record, identifiers));
    }),
    of_any("linked_numbers", Keyword, |s, out| {
        out.numbers(|identifiers| numbers::linked(s.record, identifiers));
    }),
    of_trial("registrant", Keyword, |t, out| {
        out.text(t.registrant().unwrap_or_default());
    }),
    of_any("same_names", Keyword, |s, out| {
        names::of_record(s.record)
            .into_iter()
            .for_each(|pair| out.owned(pair));
    }),
    of_any("whole_title", Keyword, |s, out| {
        let titles = match s.record {
            Record::Trial(trial) => [&trial.public_title, &trial.scientific_title],
            Record::Article(article) => [&article.title, &None],
        };
        for title in titles.into_iter().flatten() {
            out.owned(whole_title(title));
        }
    }),
    of_any("kind", Keyword, |s, out| out.text(s.record.kind().as_str())),
    of_any("format", Keyword, |s, out| {
        let format = s.record.provenance().and_then(|p| p.format);
        out.text(format.map_or("", |f| f.as_str()));
    }),
    // Texts of trials.
    of_trial("ids", Text, |t, out| {
        out.text(&t.trial_id);
        out.texts(&t.id_aliases);
        out.texts(&t.secondary_ids);
        out.texts(&t.registry_ids);
        out.text(t.registrant().unwrap_or_default());
        out.texts(t.ethics_review.iter().filter_map(|e| e.reference.as_ref()));
        out.texts(t.support_sources.iter().filter_map(|s| s.grant_id.as_ref()));
        out.once();
    }),
    of_trial("acronym", Text, |t, out| out.maybe(&t.acronym)),
    of_trial("public_title", Text, |t, out| out.maybe(&t.public_title)),
    of_trial("scientific_title", Text, |t, out| {
        out.maybe(&t.scientific_title)
    }),
    of_trial("conditions", Text, |t, out| {
        for condition in &t.conditions {
            out.text(&condition.text);
            for code in &condition.codes {
                out.maybe(&code.code);
                out.maybe(&code.term);
            }
        }
    }),
    of_trial("keywords", Text, |t, out| out.texts(&t.keywords)),
    of_trial("condition_mesh_terms", Text, |t, out| {
        out.texts(t.condition_mesh_terms.iter().map(|m| &m.term));
    }),
    of_trial("condition_mesh_ancestors", Text, |t, out| {
        out.texts(t.condition_mesh_ancestors.iter().map(|m| &m.term));
    }),
    of_trial("interventions", Text, |t, out| {
        for intervention in &t.interventions {
            // IRCT names no interventions: what is done stands for the name.
            out.maybe(match &intervention.name {
                Some(_) => &intervention.name,
                None => &intervention.description,
            });
            out.texts(&intervention.other_names);
        }
    }),
    of_trial("intervention_mesh_terms", Text, |t, out| {
        out.texts(t.intervention_mesh_terms.iter().map(|m| &m.term));
    }),
    of_trial("intervention_mesh_ancestors", Text, |t, out| {
        out.texts(t.intervention_mesh_ancestors.iter().map(|m| &m.term));
    }),
    of_trial("intervention_descriptions", Text, |t, out| {
        let named = t.interventions.iter().filter(|i| i.name.is_some());
        out.texts(named.filter_map(|i| i.description.as_ref()));
    }),
    of_trial("arms", Text, |t, out| {
        for arm in &t.arms {
            out.maybe(&arm.label);
            out.maybe(&arm.description);
        }
    }),
    of_trial("primary_outcomes", Text, |t, out| {
        out.outcomes(&t.primary_outcomes)
    }),
    of_trial("secondary_outcomes", Text, |t, out| {
        out.outcomes(&t.secondary_outcomes);
        out.outcomes(&t.other_outcomes);
    }),
    of_trial("brief_summary", Text, |t, out| out.maybe(&t.brief_summary)),
    of_trial("detailed_description", Text, |t, out| {
        out.maybe(&t.detailed_description);
        out.maybe(&t.why_stopped);
    }),
    of_trial("inclusion", Text, |t, out| out.maybe(&t.inclusion_criteria)),
    of_trial("exclusion", Text, |t, out| out.maybe(&t.exclusion_criteria)),
    of_trial("eligibility", Text, |t, out| {
        out.maybe(&t.eligibility_criteria);
        out.maybe(&t.study_population);
    }),
    of_trial("sponsors", Text, |t, out| {
        out.maybe(&t.primary_sponsor);
        out.texts(&t.secondary_sponsors);
        out.texts(t.support_sources.iter().map(|s| &s.name));
        out.once();
    }),
    of_trial("sites", Text, |t, out| {
        for site in &t.sites {
            out.maybe(&site.facility);
            out.maybe(&site.city);
            out.maybe(&site.state);
        }
        out.texts(&t.country_names);
        out.texts(&t.countries_verbatim);
        // A trial of a hundred centres names its cities and states again and again.
        out.once();
    }),
    of_trial("people", Text, |t, out| {
        for official in &t.officials {
            out.maybe(&official.name);
            out.maybe(&official.affiliation);
        }
        for contact in [&t.public_contact, &t.scientific_contact]
            .into_iter()
            .flatten()
        {
            out.maybe(&contact.name);
            out.maybe(&contact.affiliation);
        }
        if let Some(party) = &t.responsible_party {
            out.maybe(&party.name);
            out.maybe(&party.affiliation);
        }
        out.once();
    }),
    of_trial("trial_cited", Text, |t, out| {
        for reference in &t.references {
            out.maybe(&reference.pmid);
            out.maybe(&reference.pmcid);
            out.maybe(&reference.doi);
        }
        out.texts(&t.related_ids);
        out.once();
    }),
    // Texts of articles.
    of_article("article_ids", Text, |a, out| {
        out.text(&a.article_id);
        out.maybe(&a.url);
    }),
    of_article("article_title", Text, |a, out| out.maybe(&a.title)),
    of_article("article_description", Text, |a, out| {
        out.maybe(&a.description)
    }),
    of_article("article_tags", Text, |a, out| out.texts(&a.tags)),
    of_article("article_headings", Text, |a, out| out.texts(&a.headings)),
    of_article("article_text", Text, |a, out| {
        out.maybe(&a.text);
        out.texts(&a.references);
    }),
    of_article("article_people", Text, |a, out| out.texts(&a.authors)),
    of_article("article_cited", Text, |a, out| {
        out.texts(&a.cited_trials);
        for cited in &a.cited_articles {
            let (CitedArticle::Doi(id) | CitedArticle::Pmid(id) | CitedArticle::Pmcid(id)) = cited;
            out.text(id);
        }
    }),
    // Filters, facets and sort keys.
    of_trial("registry", Keyword, |t, out| out.text(t.registry.as_str())),
    of_trial("recruitment_status", Keyword, |t, out| {
        out.words(t.recruitment_status)
    }),
    of_trial("phase", Keyword, |t, out| {
        out.words(t.phase.iter().copied())
    }),
    of_trial("study_type", Keyword, |t, out| out.words(t.study_type)),
    of_trial("allocation", Keyword, |t, out| {
        out.words(t.study_design.allocation)
    }),
    of_trial("model", Keyword, |t, out| out.words(t.study_design.model)),
    of_trial("observational_model", Keyword, |t, out| {
        out.words(t.study_design.observational_model);
    }),
    of_trial("time_perspective", Keyword, |t, out| {
        out.words(t.study_design.time_perspective);
    }),
    of_trial("purpose", Keyword, |t, out| {
        out.words(t.study_design.purpose)
    }),
    of_trial("masking", Keyword, |t, out| {
        out.words(t.study_design.masking)
    }),
    of_trial("who_masked", Keyword, |t, out| {
        out.words(t.study_design.who_masked.iter().copied());
    }),
    of_trial("intervention_type", Keyword, |t, out| {
        out.words(t.interventions.iter().filter_map(|i| i.intervention_type));
        out.once();
    }),
    of_trial("sponsor_class", Keyword, |t, out| {
        out.words(t.primary_sponsor_class)
    }),
    of_trial("registration_timing", Keyword, |t, out| {
        out.words(t.registration_timing)
    }),
    of_trial("sex", Keyword, |t, out| out.words(t.sex)),
    of_trial("country", Keyword, |t, out| {
        out.texts(&t.countries);
        out.once();
    }),
    of_article("language", Keyword, |a, out| out.maybe(&a.language)),
    of_trial("condition", Keyword, |t, out| {
        out.texts(t.conditions.iter().map(|c| &c.text));
        out.once();
    }),
    of_trial("intervention", Keyword, |t, out| {
        out.texts(t.interventions.iter().filter_map(|i| i.name.as_ref()));
        out.once();
    }),
    of_trial("sponsor", Keyword, |t, out| out.maybe(&t.primary_sponsor)),
    of_article("tag", Keyword, |a, out| {
        out.texts(&a.tags);
        out.once();
    }),
    of_trial("has_results", Flag, |t, out| {
        out.flag(t.summary_results.as_ref().and_then(|r| r.has_results));
    }),
    of_trial("has_publication", Flag, |t, out| {
        let named = |r: &Reference| r.pmid.is_some() || r.doi.is_some() || r.citation.is_some();
        out.flag(Some(t.references.iter().any(named)));
    }),
    of_trial("healthy_volunteers", Flag, |t, out| {
        out.flag(t.healthy_volunteers)
    }),
    of_trial("minimum_age", Age, |t, out| {
        out.number(t.minimum_age.map(|limit| match limit {
            AgeLimit::None => 0,
            AgeLimit::Age(age) => age.minutes().min(NO_MAXIMUM_AGE),
        }));
    }),
    of_trial("maximum_age", Age, |t, out| {
        out.number(t.maximum_age.map(|limit| match limit {
            AgeLimit::None => NO_MAXIMUM_AGE,
            AgeLimit::Age(age) => age.last_minute().min(NO_MAXIMUM_AGE),
        }));
    }),
    of_trial("sample_size", Number, |t, out| out.number(t.sample_size)),
    of_trial("registration_date", Date, |t, out| {
        out.date(t.registration_date)
    }),
    of_trial("first_posted_date", Date, |t, out| {
        out.date(t.first_posted_date)
    }),
    of_trial("first_enrollment_date", Date, |t, out| {
        out.date(t.first_enrollment_date)
    }),
    of_trial("recruitment_end_date", Date, |t, out| {
        out.date(t.recruitment_end_date)
    }),
    of_trial("primary_completion_date", Date, |t, out| {
        out.date(t.primary_completion_date)
    }),
    of_trial("completion_date", Date, |t, out| {
        out.date(t.completion_date)
    }),
    of_trial("last_update_date", Date, |t, out| {
        out.date(t.last_update_date)
    }),
    of_trial("results_first_posted_date", Date, |t, out| {
        out.date(t.summary_results.as_ref().and_then(|r| r.first_posted_date));
    }),
    of_article("date", Date, |a, out| out.date(a.date)),
    of_any("as_of", Date, |s, out| out.date(s.record.as_of())),
    of_any("first_seen", Date, |s, out| out.date(s.first_seen.day())),
    of_any("year", Number, |s, out| {
        let date = match s.record {
            Record::Trial(trial) => trial.registration_date,
            Record::Article(article) => article.date,
        };
        out.number(date.map(|date| u64::from(date.first_day().0)));
    }),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::IndexSchema;

    #[test]
    fn every_field_has_an_extractor_of_its_type_and_every_extractor_a_field() {
        let schema = IndexSchema::shipped().unwrap();
        for field in schema.fields.iter() {
            if field.field_type == FieldType::Record {
                continue;
            }
            let extractor = Extractor::get(&field.name)
                .unwrap_or_else(|| panic!("no extractor for {}", field.name));
            assert_eq!(extractor.field_type, field.field_type, "{}", field.name);
            assert_eq!(extractor.owner(), field.kind, "{}", field.name);
        }
        for extractor in EXTRACTORS {
            let named = EXTRACTORS.iter().filter(|e| e.name == extractor.name);
            assert_eq!(named.count(), 1, "{}", extractor.name);
            assert!(
                schema.fields.get(extractor.name).is_some(),
                "{}",
                extractor.name
            );
        }
    }
}
