//! What a trial is made of: its numbers, conditions, interventions, design, people and places.

use super::{
    Allocation, ArmType, InterventionType, Masking, Model, ObservationalModel, OfficialRole,
    PartialDate, Purpose, RecruitmentStatus, ReferenceType, TimePerspective, WhoMasked,
};
use serde::{Deserialize, Serialize};

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
