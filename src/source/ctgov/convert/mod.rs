//! A [`Study`] → our record.

mod dates;
mod design;
mod eligibility;
mod people;

use super::markup::{Markup, unescape};
use super::study::{BrowseModule, List, Mesh, ReferencesModule, Study, Text};
use crate::record::{
    ClosedVocabulary, Condition, EthicsReview, IpdSharing, IpdSharingItem, Link, MeshTerm, Record,
    Reference, Registry, SecondaryId, SummaryResults, Trial,
};
use crate::schema::identifiers::IdentifierKind;
use crate::schema::vocabulary::{Vocabularies, Wordings};
use crate::source::context::Context;
use crate::source::{Converted, Reason, text};

/// Turns a study into our record.
///
/// # Errors
/// A study without a number of ClinicalTrials.gov.
pub(crate) fn convert(
    study: &Study<'_>,
    markup: Markup,
    context: &mut Context<'_>,
) -> Result<Converted, Reason> {
    let id = trial_id(study, context)?;
    let mut trial = Trial::new(Registry::Ctgov, id);
    let mut converter = Converter { markup, context };
    converter.identification(study, &mut trial);
    converter.descriptions(study, &mut trial);
    converter.status(study, &mut trial);
    converter.dates(study, &mut trial);
    converter.design(study, &mut trial);
    converter.arms_and_outcomes(study, &mut trial);
    converter.eligibility(study, &mut trial);
    converter.sponsors(study, &mut trial);
    converter.contacts_and_places(study, &mut trial);
    converter.references(&study.protocol_section.references_module, &mut trial);
    converter.sharing(study, &mut trial);
    mesh_terms(study, &mut trial);
    Ok(Converted::Record(Record::Trial(Box::new(trial))))
}

fn trial_id(study: &Study<'_>, context: &Context<'_>) -> Result<String, Reason> {
    let id = study
        .protocol_section
        .identification_module
        .nct_id
        .as_deref();
    let id = id.map(str::trim).filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| Reason::new("no NCT number: not a whole record"))?;
    normal_number(id, context)
        .ok_or_else(|| Reason::new(format!("{id:?} is no number of ClinicalTrials.gov")))
}

/// The normal spelling of a number of ClinicalTrials.gov.
fn normal_number(text: &str, context: &Context<'_>) -> Option<String> {
    let number = context.identifiers.normalise(text)?;
    (number.registry == Some(Registry::Ctgov)).then_some(number.normal)
}

/// What turning the words of one study into ours needs.
struct Converter<'c, 'a> {
    markup: Markup,
    context: &'c mut Context<'a>,
}

/// A text as one line.
fn line(text: &Option<Text<'_>>) -> Option<String> {
    text::line(text.as_deref()?)
}

fn lines(texts: &List<Text<'_>>) -> Vec<String> {
    texts.iter().filter_map(|text| text::line(text)).collect()
}

impl<'a> Converter<'_, 'a> {
    /// A text of several lines, its markup undone.
    fn block(&self, text: &Option<Text<'_>>) -> Option<String> {
        let text = text.as_deref()?;
        match self.markup {
            Markup::Markdown => text::block(&unescape(text)),
            Markup::Plain => text::block(text),
        }
    }

    /// The value of a word and the word itself.
    fn word<T: ClosedVocabulary>(
        &mut self,
        vocabulary: impl Fn(&'a Vocabularies) -> &'a Wordings<T>,
        word: &Option<Text<'_>>,
    ) -> (Option<T>, Option<String>) {
        let word = line(word);
        let value = word
            .as_deref()
            .and_then(|word| self.context.value(Registry::Ctgov, vocabulary, word));
        (value, word)
    }

    fn identification(&mut self, study: &Study<'_>, trial: &mut Trial) {
        let module = &study.protocol_section.identification_module;
        trial.public_title = line(&module.brief_title);
        trial.scientific_title = line(&module.official_title);
        trial.acronym = line(&module.acronym);
        let aliases = lines(&module.nct_id_aliases).into_iter();
        trial.id_aliases = aliases
            .map(|alias| normal_number(&alias, self.context).unwrap_or(alias))
            .collect();
        for info in
            std::iter::once(&module.org_study_id_info).chain(module.secondary_id_infos.iter())
        {
            let Some(id) = line(&info.id).filter(|id| !trial.secondary_ids.contains(id)) else {
                continue;
            };
            let issuer = line(&info.domain);
            let id_type = line(&info.kind);
            if issuer.is_some() || id_type.is_some() {
                let id = id.clone();
                trial.secondary_id_issuers.push(SecondaryId {
                    id,
                    issuer,
                    id_type,
                });
            }
            trial.secondary_ids.push(id);
        }
        // An Iranian trial's approval stands among its numbers (NCT06360861).
        let is_approval = |id: &&String| {
            let number = self.context.identifiers.normalise(id);
            number.is_some_and(|number| number.kind == IdentifierKind::Ethics)
        };
        let approvals = trial.secondary_ids.iter().filter(is_approval);
        trial.ethics_review = approvals
            .map(|id| EthicsReview {
                reference: Some(id.clone()),
                ..EthicsReview::default()
            })
            .collect();
        let ids = trial.secondary_ids.iter().map(String::as_str);
        trial.registry_ids = self
            .context
            .identifiers
            .registry_numbers(&trial.trial_id, ids);
        let access = &study.protocol_section.status_module.expanded_access_info;
        trial.related_ids = line(&access.nct_id).into_iter().collect();
        trial.url = Some(format!(
            "https://clinicaltrials.gov/study/{}",
            trial.trial_id
        ));
    }

    fn descriptions(&mut self, study: &Study<'_>, trial: &mut Trial) {
        let protocol = &study.protocol_section;
        trial.brief_summary = self.block(&protocol.description_module.brief_summary);
        trial.detailed_description = self.block(&protocol.description_module.detailed_description);
        let conditions = lines(&protocol.conditions_module.conditions);
        trial.conditions = conditions.into_iter().map(Condition::plain).collect();
        trial.keywords = lines(&protocol.conditions_module.keywords);
    }

    fn status(&mut self, study: &Study<'_>, trial: &mut Trial) {
        let module = &study.protocol_section.status_module;
        (trial.recruitment_status, trial.recruitment_status_verbatim) =
            self.word(|v| &v.recruitment_status, &module.overall_status);
        (trial.last_known_status, trial.last_known_status_verbatim) =
            self.word(|v| &v.recruitment_status, &module.last_known_status);
        trial.why_stopped = self.block(&module.why_stopped);
    }

    fn references(&mut self, module: &ReferencesModule<'_>, trial: &mut Trial) {
        for raw in module.references.iter() {
            let (reference_type, type_verbatim) = self.word(|v| &v.reference_type, &raw.kind);
            let mut reference = Reference {
                citation: line(&raw.citation),
                pmid: line(&raw.pmid).filter(|pmid| pmid.bytes().all(|b| b.is_ascii_digit())),
                reference_type,
                type_verbatim,
                ..Reference::default()
            };
            for found in self
                .context
                .identifiers
                .find(reference.citation.as_deref().unwrap_or(""))
            {
                let slot = match found.identifier.kind {
                    IdentifierKind::Doi => &mut reference.doi,
                    IdentifierKind::Pmcid => &mut reference.pmcid,
                    IdentifierKind::Pmid => &mut reference.pmid,
                    _ => continue,
                };
                slot.get_or_insert(found.identifier.normal);
            }
            if reference.citation.is_some() || reference.pmid.is_some() {
                trial.references.push(reference);
            }
        }
        let pages = module
            .see_also_links
            .iter()
            .map(|link| (&link.url, self.block(&link.label)));
        let data = module
            .avail_ipds
            .iter()
            .map(|data| (&data.url, line(&data.kind)));
        for (url, label) in pages.chain(data) {
            if let Some(url) = line(url) {
                trial.links.push(Link { url, label });
            }
        }
    }

    fn sharing(&mut self, study: &Study<'_>, trial: &mut Trial) {
        let module = &study.protocol_section.ipd_sharing_statement_module;
        let items = lines(&module.info_types).into_iter();
        let sharing = IpdSharing {
            plan: line(&module.ipd_sharing),
            description: self.block(&module.description),
            time_frame: self.block(&module.time_frame),
            access_criteria: self.block(&module.access_criteria),
            url: line(&module.url),
            items: items
                .map(|item| IpdSharingItem {
                    item,
                    statement: None,
                })
                .collect(),
        };
        trial.ipd_sharing = (sharing != IpdSharing::default()).then_some(sharing);
        let flag = study.has_results.map(|flag| flag.0);
        let results = SummaryResults {
            has_results: flag.or_else(|| study.results_section.map(|_| true)),
            first_posted_date: self.results_posted(study),
            ..SummaryResults::default()
        };
        trial.summary_results = (results != SummaryResults::default()).then_some(results);
    }
}

fn mesh_terms(study: &Study<'_>, trial: &mut Trial) {
    let terms = |module: &BrowseModule<'_>| (mesh(&module.meshes), mesh(&module.ancestors));
    (trial.condition_mesh_terms, trial.condition_mesh_ancestors) =
        terms(&study.derived_section.condition_browse_module);
    (
        trial.intervention_mesh_terms,
        trial.intervention_mesh_ancestors,
    ) = terms(&study.derived_section.intervention_browse_module);
}

fn mesh(terms: &List<Mesh<'_>>) -> Vec<MeshTerm> {
    let mut mesh: Vec<MeshTerm> = Vec::new();
    for raw in terms.iter() {
        let Some(term) = line(&raw.term) else {
            continue;
        };
        if mesh.iter().all(|known| known.term != term) {
            let id = line(&raw.id).map(|id| mesh_id(&id));
            mesh.push(MeshTerm { id, term });
        }
    }
    mesh
}

/// The number of a MeSH term as the thesaurus writes it: those given before 2016, descriptors up to
/// D066331, have six digits, which the registry once filled up to nine (`D000008175`).
fn mesh_id(id: &str) -> String {
    let last_of_six_digits = match id.get(..1) {
        Some("D") => 66_331,
        Some("C") => 580_000,
        _ => 0,
    };
    let digits = id.get(1..).filter(|digits| digits.len() == 9);
    match digits.and_then(|digits| digits.parse::<u32>().ok()) {
        Some(number) if number <= last_of_six_digits => {
            format!("{}{number:06}", id.get(..1).unwrap_or_default())
        }
        _ => id.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_mesh_numbers_have_six_digits() {
        assert_eq!(mesh_id("D000008175"), "D008175");
        assert_eq!(mesh_id("D000086382"), "D000086382");
        assert_eq!(mesh_id("C000098320"), "C098320");
        assert_eq!(mesh_id("é00008175"), "é00008175");
        assert_eq!(mesh_id("D008175"), "D008175");
    }
}
