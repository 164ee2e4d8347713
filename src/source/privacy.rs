//! Personal details never leave the parser: e-mail addresses, telephone and fax numbers, street
//! addresses and postal codes are taken out of every text of a record, whatever its format.
//!
//! Names of investigators and institutions stay. Recognition is conservative: doses, ranges,
//! dates, citations and numbers of trials and grants stay as they are.

mod email;
mod phone;
mod postal;
mod text;

pub(crate) use text::scrub;

use crate::record::{
    Arm, Article, Code, Condition, Contact, EthicsReview, Intervention, IpdSharing, IpdSharingItem,
    Link, MeshTerm, Official, Outcome, Record, Reference, ResponsibleParty, SecondaryId, Site,
    StudyDesign, SummaryResults, SupportSource, Trial,
};
use std::borrow::Cow;

/// Takes personal details out of every text of a record; numbers, dates and addresses of pages
/// stay, except addresses of pages that hold an e-mail address.
pub(crate) fn scrub_record(record: &mut Record) {
    match record {
        Record::Trial(trial) => {
            trial.scrub();
            trial.links.retain(|link| !link.url.is_empty());
            trial.secondary_id_issuers.retain(|id| !id.id.is_empty());
        }
        Record::Article(article) => article.scrub(),
    }
}

/// Whether a number or the address of a page is somebody's address.
fn is_personal(value: &str) -> bool {
    let scheme = value.trim_start().split(':').next().unwrap_or("");
    let direct = ["mailto", "tel", "sms", "callto", "fax"];
    direct.iter().any(|word| scheme.eq_ignore_ascii_case(word))
        || (value.contains('@') && matches!(scrub(value), Cow::Owned(_)))
}

/// Numbers and addresses of pages: they stay unless they are somebody's address.
trait DropPersonal {
    fn drop_personal(&mut self);
}

impl DropPersonal for String {
    fn drop_personal(&mut self) {
        if is_personal(self) {
            self.clear();
        }
    }
}

impl DropPersonal for Option<String> {
    fn drop_personal(&mut self) {
        self.take_if(|value| is_personal(value));
    }
}

impl DropPersonal for Vec<String> {
    fn drop_personal(&mut self) {
        self.retain(|value| !is_personal(value));
    }
}

/// A part of a record whose texts can hold personal details.
trait Scrub {
    fn scrub(&mut self);

    /// Whether nothing is left; it is then left out of a list.
    fn is_gone(&self) -> bool {
        false
    }
}

impl Scrub for String {
    fn scrub(&mut self) {
        if let Cow::Owned(clean) = scrub(self) {
            *self = clean;
        }
    }

    fn is_gone(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Scrub> Scrub for Option<T> {
    fn scrub(&mut self) {
        let Some(value) = self else { return };
        value.scrub();
        if value.is_gone() {
            *self = None;
        }
    }
}

impl<T: Scrub> Scrub for Vec<T> {
    fn scrub(&mut self) {
        for value in self.iter_mut() {
            value.scrub();
        }
        self.retain(|value| !value.is_gone());
    }
}

/// Lists every field of a type, so that a field added to it must be decided here: texts are
/// scrubbed; numbers and addresses of pages stay unless personal; the rest cannot hold anything.
macro_rules! scrub {
    ($type:ident { texts $($text:ident)* ; numbers $($number:ident)* ; keep $($kept:ident)* }) => {
        impl Scrub for $type {
            fn scrub(&mut self) {
                let $type { $($text,)* $($number,)* $($kept: _,)* } = self;
                $($text.scrub();)*
                $($number.drop_personal();)*
            }
        }
    };
}

scrub! { Trial {
    texts public_title scientific_title acronym brief_summary detailed_description
        conditions keywords condition_mesh_terms condition_mesh_ancestors
        intervention_mesh_terms intervention_mesh_ancestors interventions arms
        primary_outcomes secondary_outcomes other_outcomes
        inclusion_criteria exclusion_criteria eligibility_criteria study_population
        minimum_age_verbatim maximum_age_verbatim sex_verbatim study_type_verbatim phase_verbatim
        study_design recruitment_status_verbatim last_known_status_verbatim why_stopped
        registration_timing_verbatim sample_size_verbatim
        primary_sponsor primary_sponsor_class_verbatim secondary_sponsors support_sources
        public_contact scientific_contact officials responsible_party
        country_names countries_verbatim sites ethics_review summary_results ipd_sharing
        references links secondary_id_issuers;
    numbers secondary_ids registry_ids related_ids id_aliases url;
    keep trial_id registry minimum_age maximum_age sex healthy_volunteers study_type phase
        recruitment_status last_known_status registration_date registration_date_type
        first_posted_date first_posted_date_type first_enrollment_date first_enrollment_date_type
        recruitment_end_date recruitment_end_date_type primary_completion_date
        primary_completion_date_type completion_date completion_date_type last_update_date
        last_update_date_type dates_verbatim registration_timing as_of sample_size
        sample_size_type primary_sponsor_class countries countries_inferred provenance
} }
scrub! { Article {
    texts title description authors tags headings text references;
    numbers links url;
    keep article_id date date_verbatim language cited_trials cited_articles as_of provenance
} }
scrub! { SecondaryId { texts issuer id_type; numbers id; keep } }
scrub! { Condition { texts text codes; numbers; keep } }
scrub! { Code { texts system term; numbers code; keep } }
scrub! { MeshTerm { texts term; numbers id; keep } }
scrub! { Intervention {
    texts type_verbatim name description other_names arms;
    numbers;
    keep intervention_type
} }
scrub! { Arm { texts label type_verbatim description interventions; numbers; keep arm_type } }
scrub! { Outcome { texts measure time_frame method description; numbers; keep } }
scrub! { StudyDesign {
    texts allocation_verbatim model_verbatim observational_model_verbatim
        time_perspective_verbatim purpose_verbatim masking_verbatim who_masked_verbatim
        randomization_description masking_description model_description verbatim;
    numbers;
    keep allocation model observational_model time_perspective purpose masking who_masked
        placebo_used
} }
scrub! { SupportSource {
    texts name sector origin foreign_category country organization_type grant_name;
    numbers grant_id;
    keep proportion_percent
} }
scrub! { Contact { texts name affiliation position degree specialty; numbers; keep } }
scrub! { Official {
    texts name affiliation role_verbatim position degree specialty;
    numbers;
    keep role
} }
scrub! { ResponsibleParty { texts party_type name title affiliation; numbers; keep } }
scrub! { Site {
    texts facility city state country_verbatim status_verbatim;
    numbers;
    keep country status geo_point
} }
scrub! { EthicsReview {
    texts committee status city;
    numbers reference;
    keep approval_date approval_date_verbatim
} }
scrub! { SummaryResults { texts description; numbers url; keep has_results first_posted_date } }
scrub! { IpdSharing {
    texts plan description time_frame access_criteria items;
    numbers url;
    keep
} }
scrub! { IpdSharingItem { texts item statement; numbers; keep } }
scrub! { Reference {
    texts citation type_verbatim;
    numbers pmid doi pmcid;
    keep reference_type
} }
scrub! { Link { texts label; numbers url; keep } }

#[cfg(test)]
mod tests;
