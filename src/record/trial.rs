//! A trial: one field for each item of the WHO Trial Registration Data Set that a public record
//! has, and what registries tell beyond it.
//!
//! A normalised value of a closed vocabulary has its verbatim twin beside it; an absent value is
//! an absent key. E-mail addresses, telephone numbers, street addresses and postal codes of
//! persons have no field here on purpose.

use super::{
    AgeLimit, Arm, Condition, Contact, DateType, EthicsReview, Intervention, IpdSharing, Link,
    MeshTerm, Official, Outcome, PartialDate, Phase, Provenance, RecruitmentStatus, Reference,
    RegistrationTiming, Registry, ResponsibleParty, SecondaryId, Sex, Site, SponsorClass,
    StudyDesign, StudyType, SummaryResults, SupportSource,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A registered clinical trial.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// TRDS 1. The number in the registry, in its normal spelling.
    pub trial_id: String,
    /// TRDS 1. The registry that gave the number.
    pub registry: Registry,
    /// Obsolete numbers of this same record (ClinicalTrials.gov `nct_alias`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub id_aliases: Vec<String>,
    /// TRDS 3. Other numbers of the trial, as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secondary_ids: Vec<String>,
    /// TRDS 3. Who issued a secondary number and what kind it is, where told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secondary_id_issuers: Vec<SecondaryId>,
    /// Numbers of the same trial in other registries, in their normal spelling, found among the secondary numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub registry_ids: Vec<String>,
    /// Other trials the page points to; not this trial.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related_ids: Vec<String>,

    /// TRDS 9. Title for the public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_title: Option<String>,
    /// TRDS 10. Title for scientists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scientific_title: Option<String>,
    /// Acronym of the trial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acronym: Option<String>,
    /// What the trial is about, for readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brief_summary: Option<String>,
    /// The long description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detailed_description: Option<String>,

    /// TRDS 12. Health conditions or problems studied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// Keywords of the registrant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// MeSH terms of the conditions, assigned by the registry's algorithm.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub condition_mesh_terms: Vec<MeshTerm>,
    /// MeSH ancestors of the condition terms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub condition_mesh_ancestors: Vec<MeshTerm>,
    /// MeSH terms of the interventions, assigned by the registry's algorithm.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub intervention_mesh_terms: Vec<MeshTerm>,
    /// MeSH ancestors of the intervention terms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub intervention_mesh_ancestors: Vec<MeshTerm>,

    /// TRDS 13. Interventions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interventions: Vec<Intervention>,
    /// Arms or groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arms: Vec<Arm>,
    /// TRDS 19. Primary outcomes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub primary_outcomes: Vec<Outcome>,
    /// TRDS 20. Key secondary outcomes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secondary_outcomes: Vec<Outcome>,
    /// Further outcomes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_outcomes: Vec<Outcome>,

    /// TRDS 14. Who can take part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inclusion_criteria: Option<String>,
    /// TRDS 14. Who cannot take part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclusion_criteria: Option<String>,
    /// TRDS 14. The criteria as one text, where nothing tells inclusion from exclusion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eligibility_criteria: Option<String>,
    /// The population an observational study draws from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub study_population: Option<String>,
    /// TRDS 14. Lowest age.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_age: Option<AgeLimit>,
    /// The registry's words for the lowest age.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_age_verbatim: Option<String>,
    /// TRDS 14. Highest age, inclusive of its whole unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_age: Option<AgeLimit>,
    /// The registry's words for the highest age.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_age_verbatim: Option<String>,
    /// TRDS 14. Sexes accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// The registry's word for the sexes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex_verbatim: Option<String>,
    /// TRDS 14. Whether healthy volunteers are accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub healthy_volunteers: Option<bool>,

    /// TRDS 15. Kind of study.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub study_type: Option<StudyType>,
    /// The registry's word for the kind of study.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub study_type_verbatim: Option<String>,
    /// TRDS 15. Phase; two entries are a combined phase.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phase: Vec<Phase>,
    /// The registry's word for the phase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase_verbatim: Option<String>,
    /// TRDS 15. Design.
    #[serde(default, skip_serializing_if = "StudyDesign::is_empty")]
    pub study_design: StudyDesign,

    /// TRDS 18. Whether the trial takes participants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recruitment_status: Option<RecruitmentStatus>,
    /// The registry's word for the status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recruitment_status_verbatim: Option<String>,
    /// The status last known, where the present one is `unknown`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_known_status: Option<RecruitmentStatus>,
    /// The registry's word for the status last known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_known_status_verbatim: Option<String>,
    /// Why the trial was stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_stopped: Option<String>,

    /// TRDS 2. Date first submitted to the registry (the date WHO copies).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration_date: Option<PartialDate>,
    /// Whether that date has happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration_date_type: Option<DateType>,
    /// Date first shown to the public, where it is a date of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_posted_date: Option<PartialDate>,
    /// Whether that date has happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_posted_date_type: Option<DateType>,
    /// TRDS 16. Date of first enrolment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_enrollment_date: Option<PartialDate>,
    /// Whether that date has happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_enrollment_date_type: Option<DateType>,
    /// Date recruitment ends, where it is a date of its own (IRCT, ISRCTN).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recruitment_end_date: Option<PartialDate>,
    /// Whether that date has happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recruitment_end_date_type: Option<DateType>,
    /// Date the last measurement of the primary outcome was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_completion_date: Option<PartialDate>,
    /// Whether that date has happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_completion_date_type: Option<DateType>,
    /// TRDS 22. Completion date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion_date: Option<PartialDate>,
    /// Whether that date has happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion_date_type: Option<DateType>,
    /// Date of the registry's last change to the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_update_date: Option<PartialDate>,
    /// Whether that date has happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_update_date_type: Option<DateType>,
    /// Dates as the registry wrote them, by field, where its spelling is not the normal one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dates_verbatim: BTreeMap<String, String>,
    /// Whether the trial was registered before its first participant: the registry's word, else computed from the dates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration_timing: Option<RegistrationTiming>,
    /// The registry's word for the timing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration_timing_verbatim: Option<String>,
    /// The date the source last spoke: the date of an export's print, of WHO's refresh, else of the last update.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<PartialDate>,

    /// TRDS 17. Number of participants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample_size: Option<u64>,
    /// Whether that number was reached or is planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample_size_type: Option<DateType>,
    /// The registry's words for the size, where they are more than a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample_size_verbatim: Option<String>,

    /// TRDS 5. Primary sponsor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_sponsor: Option<String>,
    /// What kind of organisation the primary sponsor is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_sponsor_class: Option<SponsorClass>,
    /// The registry's word for that kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_sponsor_class_verbatim: Option<String>,
    /// TRDS 6. Secondary sponsors and collaborators.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secondary_sponsors: Vec<String>,
    /// TRDS 4. Sources of monetary or material support.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub support_sources: Vec<SupportSource>,
    /// TRDS 7. Who answers the public: name and institution only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_contact: Option<Contact>,
    /// TRDS 8. Who answers scientists: name and institution only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scientific_contact: Option<Contact>,
    /// Investigators and other officials.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub officials: Vec<Official>,
    /// Who is responsible for the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responsible_party: Option<ResponsibleParty>,

    /// TRDS 11. Countries of recruitment, ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<String>,
    /// English short names of `countries`, in the same order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub country_names: Vec<String>,
    /// The registry's words for the countries; former countries and regions stand only here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub countries_verbatim: Vec<String>,
    /// True where only the registrant's country is known and stands for those of recruitment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub countries_inferred: Option<bool>,
    /// Where participants are recruited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sites: Vec<Site>,

    /// TRDS 21. Ethics review.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ethics_review: Vec<EthicsReview>,
    /// TRDS 23. Summary results.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary_results: Option<SummaryResults>,
    /// TRDS 24. Plan to share individual participant data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ipd_sharing: Option<IpdSharing>,
    /// Publications the record names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference>,
    /// Web pages the record names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Address of the record at its registry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Where it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Provenance>,
}

impl Trial {
    /// A trial of which only the number and the registry are known.
    pub fn new(registry: Registry, trial_id: impl Into<String>) -> Self {
        Trial {
            trial_id: trial_id.into(),
            registry,
            id_aliases: Vec::new(),
            secondary_ids: Vec::new(),
            secondary_id_issuers: Vec::new(),
            registry_ids: Vec::new(),
            related_ids: Vec::new(),
            public_title: None,
            scientific_title: None,
            acronym: None,
            brief_summary: None,
            detailed_description: None,
            conditions: Vec::new(),
            keywords: Vec::new(),
            condition_mesh_terms: Vec::new(),
            condition_mesh_ancestors: Vec::new(),
            intervention_mesh_terms: Vec::new(),
            intervention_mesh_ancestors: Vec::new(),
            interventions: Vec::new(),
            arms: Vec::new(),
            primary_outcomes: Vec::new(),
            secondary_outcomes: Vec::new(),
            other_outcomes: Vec::new(),
            inclusion_criteria: None,
            exclusion_criteria: None,
            eligibility_criteria: None,
            study_population: None,
            minimum_age: None,
            minimum_age_verbatim: None,
            maximum_age: None,
            maximum_age_verbatim: None,
            sex: None,
            sex_verbatim: None,
            healthy_volunteers: None,
            study_type: None,
            study_type_verbatim: None,
            phase: Vec::new(),
            phase_verbatim: None,
            study_design: StudyDesign::default(),
            recruitment_status: None,
            recruitment_status_verbatim: None,
            last_known_status: None,
            last_known_status_verbatim: None,
            why_stopped: None,
            registration_date: None,
            registration_date_type: None,
            first_posted_date: None,
            first_posted_date_type: None,
            first_enrollment_date: None,
            first_enrollment_date_type: None,
            recruitment_end_date: None,
            recruitment_end_date_type: None,
            primary_completion_date: None,
            primary_completion_date_type: None,
            completion_date: None,
            completion_date_type: None,
            last_update_date: None,
            last_update_date_type: None,
            dates_verbatim: BTreeMap::new(),
            registration_timing: None,
            registration_timing_verbatim: None,
            as_of: None,
            sample_size: None,
            sample_size_type: None,
            sample_size_verbatim: None,
            primary_sponsor: None,
            primary_sponsor_class: None,
            primary_sponsor_class_verbatim: None,
            secondary_sponsors: Vec::new(),
            support_sources: Vec::new(),
            public_contact: None,
            scientific_contact: None,
            officials: Vec::new(),
            responsible_party: None,
            countries: Vec::new(),
            country_names: Vec::new(),
            countries_verbatim: Vec::new(),
            countries_inferred: None,
            sites: Vec::new(),
            ethics_review: Vec::new(),
            summary_results: None,
            ipd_sharing: None,
            references: Vec::new(),
            links: Vec::new(),
            url: None,
            provenance: None,
        }
    }

    /// Of an Iranian number the part before its `N`, which names the registrant and not the trial.
    pub fn registrant(&self) -> Option<&str> {
        if self.registry != Registry::Irct {
            return None;
        }
        self.trial_id
            .rsplit_once('N')
            .map(|(registrant, _)| registrant)
    }

    /// The title a reader would call it by: public, else scientific, else the acronym.
    pub fn title(&self) -> Option<&str> {
        self.public_title
            .as_deref()
            .or(self.scientific_title.as_deref())
            .or(self.acronym.as_deref())
    }
}
