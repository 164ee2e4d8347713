//! A trial: one field for each item of the WHO Trial Registration Data Set that a public record
//! has, and what registries tell beyond it.
//!
//! A normalised value of a closed vocabulary has its verbatim twin beside it; an absent value is
//! an absent key. E-mail addresses, telephone numbers, street addresses and postal codes of
//! persons have no field here on purpose.

use super::{
    AgeLimit, Allocation, ArmType, DateType, InterventionType, Masking, Model, ObservationalModel,
    OfficialRole, PartialDate, Phase, Provenance, Purpose, RecruitmentStatus, ReferenceType,
    RegistrationTiming, Registry, Sex, SponsorClass, StudyType, TimePerspective, WhoMasked,
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

    /// The title a reader would call it by: public, else scientific, else the acronym.
    pub fn title(&self) -> Option<&str> {
        self.public_title
            .as_deref()
            .or(self.scientific_title.as_deref())
            .or(self.acronym.as_deref())
    }
}

/// TRDS 3. A secondary number with its issuer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SecondaryId {
    /// The number as it stands in `secondary_ids`.
    pub id: String,
    /// Who issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The registry's word for the kind of number (`EUDRACT_NUMBER`, `NIH`).
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub id_type: Option<String>,
}

/// TRDS 12. A condition with the codes the registrant gave it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Condition {
    /// The registrant's words.
    pub text: String,
    /// Codes of classifications.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<Code>,
}

impl Condition {
    /// A condition without codes.
    pub fn plain(text: impl Into<String>) -> Self {
        Condition {
            text: text.into(),
            codes: Vec::new(),
        }
    }
}

/// A code of a classification, such as ICD-10.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Code {
    /// The classification: `ICD-10`, `MedDRA`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The code: `L90.9`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What the code means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<String>,
}

/// A term of the Medical Subject Headings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MeshTerm {
    /// Unique id (`D009103`), where told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Preferred term.
    pub term: String,
}

/// TRDS 13. An intervention.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Intervention {
    /// Kind of intervention.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub intervention_type: Option<InterventionType>,
    /// The registry's word for the kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub type_verbatim: Option<String>,
    /// Name; IRCT gives none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What is done, how often, how much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Brand, generic and company names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_names: Vec<String>,
    /// Labels of the arms that get it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub arms: Vec<String>,
}

/// An arm or group of a trial.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Arm {
    /// Label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Role of the arm.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub arm_type: Option<ArmType>,
    /// The registry's word for the role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub type_verbatim: Option<String>,
    /// What happens to the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Names of the interventions it gets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub interventions: Vec<String>,
}

/// TRDS 19, 20. An outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Outcome {
    /// What is measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measure: Option<String>,
    /// When it is measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_frame: Option<String>,
    /// How it is measured (IRCT).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// More about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// TRDS 15. The design of a study.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StudyDesign {
    /// How participants are assigned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allocation: Option<Allocation>,
    /// The registry's word for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allocation_verbatim: Option<String>,
    /// How the arms stand to each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<Model>,
    /// The registry's word for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_verbatim: Option<String>,
    /// Model of an observational study.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observational_model: Option<ObservationalModel>,
    /// The registry's word for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observational_model_verbatim: Option<String>,
    /// Direction of time of an observational study.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_perspective: Option<TimePerspective>,
    /// The registry's word for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_perspective_verbatim: Option<String>,
    /// What the intervention is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// The registry's word for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose_verbatim: Option<String>,
    /// How many parties do not know the assignment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masking: Option<Masking>,
    /// The registry's word for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masking_verbatim: Option<String>,
    /// Which parties do not know the assignment.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub who_masked: Vec<WhoMasked>,
    /// The registry's words for them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub who_masked_verbatim: Vec<String>,
    /// Whether placebo is used (IRCT).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placebo_used: Option<bool>,
    /// How participants are randomised, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub randomization_description: Option<String>,
    /// How the assignment is hidden, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masking_description: Option<String>,
    /// The model, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_description: Option<String>,
    /// The whole design in the registry's words, where it gives one text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verbatim: Option<String>,
}

impl StudyDesign {
    /// Whether nothing is known of the design.
    pub fn is_empty(&self) -> bool {
        *self == StudyDesign::default()
    }
}

/// TRDS 4. A source of support.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SupportSource {
    /// Name of the source.
    pub name: String,
    /// Share of the whole, in percent (IRCT).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proportion_percent: Option<u32>,
    /// Public or private (IRCT).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sector: Option<String>,
    /// Domestic or foreign (IRCT).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Category of a foreign source (IRCT).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foreign_category: Option<String>,
    /// Country of a foreign source (IRCT), as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Type of organisation (IRCT).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_type: Option<String>,
    /// Name of the grant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant_name: Option<String>,
    /// Number of the grant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant_id: Option<String>,
}

/// TRDS 7, 8. A contact: name and institution; addresses and numbers never leave the parser.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Contact {
    /// Name of the person or office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Institution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affiliation: Option<String>,
    /// Position at the institution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    /// Academic degree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub degree: Option<String>,
    /// Area of work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specialty: Option<String>,
}

/// An investigator or other official.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Official {
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Institution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affiliation: Option<String>,
    /// What the person does in the trial.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<OfficialRole>,
    /// The registry's word for the role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_verbatim: Option<String>,
    /// Position at the institution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    /// Academic degree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub degree: Option<String>,
    /// Area of work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specialty: Option<String>,
}

/// Who is responsible for the record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ResponsibleParty {
    /// The registry's word: `SPONSOR`, `PRINCIPAL_INVESTIGATOR`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub party_type: Option<String>,
    /// Name of the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Title of the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Institution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affiliation: Option<String>,
}

/// A place of recruitment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Site {
    /// Hospital, clinic or institute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facility: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State or province.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Country, ISO 3166-1 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The registry's word for the country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_verbatim: Option<String>,
    /// Whether this site recruits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<RecruitmentStatus>,
    /// The registry's word for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_verbatim: Option<String>,
    /// Where the city lies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geo_point: Option<GeoPoint>,
}

/// A point on the globe (WGS 84), in degrees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GeoPoint {
    /// Latitude, north positive.
    pub lat: f64,
    /// Longitude, east positive.
    pub lon: f64,
}

/// TRDS 21. A review by an ethics committee.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EthicsReview {
    /// Name of the committee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub committee: Option<String>,
    /// Reference number (`IR.TUMS.MEDICINE.REC.1400.1412`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Date of approval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval_date: Option<PartialDate>,
    /// The date as written, where its spelling is not the normal one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval_date_verbatim: Option<String>,
    /// Status, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// City of the committee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
}

/// TRDS 23. Whether and where results are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SummaryResults {
    /// Whether the registry holds results.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_results: Option<bool>,
    /// Date the results were first posted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_posted_date: Option<PartialDate>,
    /// Where the results are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What is told of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// TRDS 24. The plan to share individual participant data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IpdSharing {
    /// Yes, no, undecided, in the registry's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// The plan in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// When the data can be had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_frame: Option<String>,
    /// Who can have them and how.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_criteria: Option<String>,
    /// Where they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What is shared, document by document.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<IpdSharingItem>,
}

/// A document or data set, and whether it is shared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IpdSharingItem {
    /// The document: `Study Protocol`.
    pub item: String,
    /// Whether it is shared, in the registry's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
}

/// A publication the record names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reference {
    /// The citation as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub citation: Option<String>,
    /// PubMed number, digits only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pmid: Option<String>,
    /// Digital object identifier, lower case, without resolver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doi: Option<String>,
    /// PubMed Central number with its prefix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pmcid: Option<String>,
    /// How it stands to the trial.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub reference_type: Option<ReferenceType>,
    /// The registry's word for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub type_verbatim: Option<String>,
}

/// A web page the record names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Link {
    /// Address.
    pub url: String,
    /// What it is, in the registry's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}
