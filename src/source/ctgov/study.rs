//! A record in ClinicalTrials.gov's own words: the modules of API v2, beside each name the old
//! API's (the `piece` of the data model; its lists are wrapped in objects).
//!
//! What our record has no place for is not read: results, documents, oversight, biospecimens, and
//! the telephone numbers, e-mail addresses and postal codes of contacts and places.

pub(crate) use super::words::{Count, Flag, List, Text};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

/// A part of which only the presence matters.
pub(crate) type Present = IgnoredAny;

/// A record.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct Study<'a> {
    /// The protocol: everything the registrant says.
    #[serde(alias = "ProtocolSection", deserialize_with = "or_default")]
    pub(crate) protocol_section: ProtocolSection<'a>,
    /// What the registry derives.
    #[serde(alias = "DerivedSection", deserialize_with = "or_default")]
    pub(crate) derived_section: DerivedSection<'a>,
    /// Whether results are posted (API v2).
    pub(crate) has_results: Option<Flag>,
    /// Whether there is a section of results.
    #[serde(alias = "ResultsSection")]
    pub(crate) results_section: Option<Present>,
}

/// What the registrant says.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct ProtocolSection<'a> {
    #[serde(alias = "IdentificationModule", deserialize_with = "or_default")]
    pub(crate) identification_module: IdentificationModule<'a>,
    #[serde(alias = "StatusModule", deserialize_with = "or_default")]
    pub(crate) status_module: StatusModule<'a>,
    #[serde(alias = "SponsorCollaboratorsModule", deserialize_with = "or_default")]
    pub(crate) sponsor_collaborators_module: SponsorCollaboratorsModule<'a>,
    #[serde(alias = "DescriptionModule", deserialize_with = "or_default")]
    pub(crate) description_module: DescriptionModule<'a>,
    #[serde(alias = "ConditionsModule", deserialize_with = "or_default")]
    pub(crate) conditions_module: ConditionsModule<'a>,
    #[serde(alias = "DesignModule", deserialize_with = "or_default")]
    pub(crate) design_module: DesignModule<'a>,
    #[serde(alias = "ArmsInterventionsModule", deserialize_with = "or_default")]
    pub(crate) arms_interventions_module: ArmsInterventionsModule<'a>,
    #[serde(alias = "OutcomesModule", deserialize_with = "or_default")]
    pub(crate) outcomes_module: OutcomesModule<'a>,
    #[serde(alias = "EligibilityModule")]
    pub(crate) eligibility_module: Option<EligibilityModule<'a>>,
    #[serde(alias = "ContactsLocationsModule", deserialize_with = "or_default")]
    pub(crate) contacts_locations_module: ContactsLocationsModule<'a>,
    #[serde(alias = "ReferencesModule", deserialize_with = "or_default")]
    pub(crate) references_module: ReferencesModule<'a>,
    #[serde(alias = "IPDSharingStatementModule", deserialize_with = "or_default")]
    pub(crate) ipd_sharing_statement_module: IpdSharingModule<'a>,
}

/// Numbers and titles.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct IdentificationModule<'a> {
    #[serde(alias = "NCTId")]
    pub(crate) nct_id: Option<Text<'a>>,
    #[serde(alias = "NCTIdAliasList")]
    pub(crate) nct_id_aliases: List<Text<'a>>,
    #[serde(alias = "OrgStudyIdInfo", deserialize_with = "or_default")]
    pub(crate) org_study_id_info: IdInfo<'a>,
    #[serde(alias = "SecondaryIdInfoList")]
    pub(crate) secondary_id_infos: List<IdInfo<'a>>,
    #[serde(alias = "BriefTitle")]
    pub(crate) brief_title: Option<Text<'a>>,
    #[serde(alias = "OfficialTitle")]
    pub(crate) official_title: Option<Text<'a>>,
    #[serde(alias = "Acronym")]
    pub(crate) acronym: Option<Text<'a>>,
}

/// A number of the registrant or of somebody else.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct IdInfo<'a> {
    #[serde(alias = "OrgStudyId", alias = "SecondaryId")]
    pub(crate) id: Option<Text<'a>>,
    #[serde(rename = "type", alias = "OrgStudyIdType", alias = "SecondaryIdType")]
    pub(crate) kind: Option<Text<'a>>,
    #[serde(alias = "OrgStudyIdDomain", alias = "SecondaryIdDomain")]
    pub(crate) domain: Option<Text<'a>>,
}

/// Status and dates.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct StatusModule<'a> {
    #[serde(alias = "OverallStatus")]
    pub(crate) overall_status: Option<Text<'a>>,
    #[serde(alias = "LastKnownStatus")]
    pub(crate) last_known_status: Option<Text<'a>>,
    #[serde(alias = "WhyStopped")]
    pub(crate) why_stopped: Option<Text<'a>>,
    #[serde(alias = "ExpandedAccessInfo", deserialize_with = "or_default")]
    pub(crate) expanded_access_info: ExpandedAccessInfo<'a>,
    #[serde(alias = "StartDateStruct", deserialize_with = "or_default")]
    pub(crate) start_date_struct: DateStruct<'a>,
    #[serde(alias = "PrimaryCompletionDateStruct", deserialize_with = "or_default")]
    pub(crate) primary_completion_date_struct: DateStruct<'a>,
    #[serde(alias = "CompletionDateStruct", deserialize_with = "or_default")]
    pub(crate) completion_date_struct: DateStruct<'a>,
    #[serde(alias = "StudyFirstSubmitDate")]
    pub(crate) study_first_submit_date: Option<Text<'a>>,
    #[serde(alias = "StudyFirstSubmitQCDate")]
    pub(crate) study_first_submit_qc_date: Option<Text<'a>>,
    #[serde(alias = "StudyFirstPostDateStruct", deserialize_with = "or_default")]
    pub(crate) study_first_post_date_struct: DateStruct<'a>,
    #[serde(alias = "ResultsFirstSubmitDate")]
    pub(crate) results_first_submit_date: Option<Text<'a>>,
    #[serde(alias = "ResultsFirstSubmitQCDate")]
    pub(crate) results_first_submit_qc_date: Option<Text<'a>>,
    #[serde(alias = "ResultsFirstPostDateStruct", deserialize_with = "or_default")]
    pub(crate) results_first_post_date_struct: DateStruct<'a>,
    #[serde(alias = "DispFirstSubmitDate")]
    pub(crate) disp_first_submit_date: Option<Text<'a>>,
    #[serde(alias = "DispFirstPostDateStruct", deserialize_with = "or_default")]
    pub(crate) disp_first_post_date_struct: DateStruct<'a>,
    #[serde(alias = "LastUpdateSubmitDate")]
    pub(crate) last_update_submit_date: Option<Text<'a>>,
    #[serde(alias = "LastUpdatePostDateStruct", deserialize_with = "or_default")]
    pub(crate) last_update_post_date_struct: DateStruct<'a>,
}

/// The record of the expanded access to the trial's treatment.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct ExpandedAccessInfo<'a> {
    #[serde(alias = "ExpandedAccessNCTId")]
    pub(crate) nct_id: Option<Text<'a>>,
}

/// A date, and whether it has happened.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct DateStruct<'a> {
    #[serde(
        alias = "StartDate",
        alias = "PrimaryCompletionDate",
        alias = "CompletionDate",
        alias = "StudyFirstPostDate",
        alias = "ResultsFirstPostDate",
        alias = "DispFirstPostDate",
        alias = "LastUpdatePostDate"
    )]
    pub(crate) date: Option<Text<'a>>,
    #[serde(
        rename = "type",
        alias = "StartDateType",
        alias = "PrimaryCompletionDateType",
        alias = "CompletionDateType",
        alias = "StudyFirstPostDateType",
        alias = "ResultsFirstPostDateType",
        alias = "DispFirstPostDateType",
        alias = "LastUpdatePostDateType"
    )]
    pub(crate) kind: Option<Text<'a>>,
}

/// Who pays and who answers.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct SponsorCollaboratorsModule<'a> {
    #[serde(alias = "ResponsibleParty", deserialize_with = "or_default")]
    pub(crate) responsible_party: ResponsibleParty<'a>,
    #[serde(alias = "LeadSponsor", deserialize_with = "or_default")]
    pub(crate) lead_sponsor: Sponsor<'a>,
    #[serde(alias = "CollaboratorList")]
    pub(crate) collaborators: List<Sponsor<'a>>,
}

/// Who is responsible for the record.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct ResponsibleParty<'a> {
    #[serde(rename = "type", alias = "ResponsiblePartyType")]
    pub(crate) kind: Option<Text<'a>>,
    #[serde(alias = "ResponsiblePartyInvestigatorFullName")]
    pub(crate) investigator_full_name: Option<Text<'a>>,
    #[serde(alias = "ResponsiblePartyInvestigatorTitle")]
    pub(crate) investigator_title: Option<Text<'a>>,
    #[serde(alias = "ResponsiblePartyInvestigatorAffiliation")]
    pub(crate) investigator_affiliation: Option<Text<'a>>,
    #[serde(alias = "ResponsiblePartyOldNameTitle")]
    pub(crate) old_name_title: Option<Text<'a>>,
    #[serde(alias = "ResponsiblePartyOldOrganization")]
    pub(crate) old_organization: Option<Text<'a>>,
}

/// A sponsor or collaborator.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct Sponsor<'a> {
    #[serde(alias = "LeadSponsorName", alias = "CollaboratorName")]
    pub(crate) name: Option<Text<'a>>,
    #[serde(alias = "LeadSponsorClass", alias = "CollaboratorClass")]
    pub(crate) class: Option<Text<'a>>,
}

/// Summary and description.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct DescriptionModule<'a> {
    #[serde(alias = "BriefSummary")]
    pub(crate) brief_summary: Option<Text<'a>>,
    #[serde(alias = "DetailedDescription")]
    pub(crate) detailed_description: Option<Text<'a>>,
}

/// Conditions and keywords.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct ConditionsModule<'a> {
    #[serde(alias = "ConditionList")]
    pub(crate) conditions: List<Text<'a>>,
    #[serde(alias = "KeywordList")]
    pub(crate) keywords: List<Text<'a>>,
}

/// Design and size.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct DesignModule<'a> {
    #[serde(alias = "StudyType")]
    pub(crate) study_type: Option<Text<'a>>,
    #[serde(alias = "PatientRegistry")]
    pub(crate) patient_registry: Option<Flag>,
    #[serde(alias = "PhaseList")]
    pub(crate) phases: List<Text<'a>>,
    #[serde(alias = "DesignInfo", deserialize_with = "or_default")]
    pub(crate) design_info: DesignInfo<'a>,
    #[serde(alias = "EnrollmentInfo", deserialize_with = "or_default")]
    pub(crate) enrollment_info: EnrollmentInfo<'a>,
}

/// How the study is made.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct DesignInfo<'a> {
    #[serde(alias = "DesignAllocation")]
    pub(crate) allocation: Option<Text<'a>>,
    #[serde(alias = "DesignInterventionModel")]
    pub(crate) intervention_model: Option<Text<'a>>,
    #[serde(alias = "DesignInterventionModelDescription")]
    pub(crate) intervention_model_description: Option<Text<'a>>,
    #[serde(alias = "DesignPrimaryPurpose")]
    pub(crate) primary_purpose: Option<Text<'a>>,
    pub(crate) observational_model: Option<Text<'a>>,
    /// The old API's list of one.
    #[serde(rename = "DesignObservationalModelList")]
    pub(crate) observational_models: List<Text<'a>>,
    pub(crate) time_perspective: Option<Text<'a>>,
    /// The old API's list of one.
    #[serde(rename = "DesignTimePerspectiveList")]
    pub(crate) time_perspectives: List<Text<'a>>,
    #[serde(alias = "DesignMaskingInfo", deserialize_with = "or_default")]
    pub(crate) masking_info: MaskingInfo<'a>,
    /// The whole design as one text (legacy XML before 2017).
    #[serde(skip)]
    pub(crate) whole: Option<Text<'a>>,
}

/// Who does not know the assignment.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct MaskingInfo<'a> {
    #[serde(alias = "DesignMasking")]
    pub(crate) masking: Option<Text<'a>>,
    #[serde(alias = "DesignMaskingDescription")]
    pub(crate) masking_description: Option<Text<'a>>,
    #[serde(alias = "DesignWhoMaskedList")]
    pub(crate) who_masked: List<Text<'a>>,
}

/// Number of participants.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct EnrollmentInfo<'a> {
    #[serde(alias = "EnrollmentCount")]
    pub(crate) count: Option<Count>,
    #[serde(rename = "type", alias = "EnrollmentType")]
    pub(crate) kind: Option<Text<'a>>,
}

/// Arms and interventions.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct ArmsInterventionsModule<'a> {
    #[serde(alias = "ArmGroupList")]
    pub(crate) arm_groups: List<ArmGroup<'a>>,
    #[serde(alias = "InterventionList")]
    pub(crate) interventions: List<Intervention<'a>>,
}

/// An arm or group.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct ArmGroup<'a> {
    #[serde(alias = "ArmGroupLabel")]
    pub(crate) label: Option<Text<'a>>,
    #[serde(rename = "type", alias = "ArmGroupType")]
    pub(crate) kind: Option<Text<'a>>,
    #[serde(alias = "ArmGroupDescription")]
    pub(crate) description: Option<Text<'a>>,
    #[serde(alias = "ArmGroupInterventionList")]
    pub(crate) intervention_names: List<Text<'a>>,
}

/// An intervention.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct Intervention<'a> {
    #[serde(rename = "type", alias = "InterventionType")]
    pub(crate) kind: Option<Text<'a>>,
    #[serde(alias = "InterventionName")]
    pub(crate) name: Option<Text<'a>>,
    #[serde(alias = "InterventionDescription")]
    pub(crate) description: Option<Text<'a>>,
    #[serde(alias = "InterventionArmGroupLabelList")]
    pub(crate) arm_group_labels: List<Text<'a>>,
    #[serde(alias = "InterventionOtherNameList")]
    pub(crate) other_names: List<Text<'a>>,
}

/// Outcomes.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct OutcomesModule<'a> {
    #[serde(alias = "PrimaryOutcomeList")]
    pub(crate) primary_outcomes: List<Outcome<'a>>,
    #[serde(alias = "SecondaryOutcomeList")]
    pub(crate) secondary_outcomes: List<Outcome<'a>>,
    #[serde(alias = "OtherOutcomeList")]
    pub(crate) other_outcomes: List<Outcome<'a>>,
}

/// An outcome.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct Outcome<'a> {
    #[serde(
        alias = "PrimaryOutcomeMeasure",
        alias = "SecondaryOutcomeMeasure",
        alias = "OtherOutcomeMeasure"
    )]
    pub(crate) measure: Option<Text<'a>>,
    #[serde(
        alias = "PrimaryOutcomeDescription",
        alias = "SecondaryOutcomeDescription",
        alias = "OtherOutcomeDescription"
    )]
    pub(crate) description: Option<Text<'a>>,
    #[serde(
        alias = "PrimaryOutcomeTimeFrame",
        alias = "SecondaryOutcomeTimeFrame",
        alias = "OtherOutcomeTimeFrame"
    )]
    pub(crate) time_frame: Option<Text<'a>>,
}

/// Who can take part.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct EligibilityModule<'a> {
    #[serde(alias = "EligibilityCriteria")]
    pub(crate) eligibility_criteria: Option<Text<'a>>,
    #[serde(alias = "HealthyVolunteers")]
    pub(crate) healthy_volunteers: Option<Flag>,
    #[serde(alias = "Gender")]
    pub(crate) sex: Option<Text<'a>>,
    #[serde(alias = "MinimumAge")]
    pub(crate) minimum_age: Option<Text<'a>>,
    #[serde(alias = "MaximumAge")]
    pub(crate) maximum_age: Option<Text<'a>>,
    #[serde(alias = "StudyPopulation")]
    pub(crate) study_population: Option<Text<'a>>,
}

/// Contacts, officials and places.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct ContactsLocationsModule<'a> {
    #[serde(alias = "CentralContactList")]
    pub(crate) central_contacts: List<Contact<'a>>,
    #[serde(alias = "OverallOfficialList")]
    pub(crate) overall_officials: List<Official<'a>>,
    #[serde(alias = "LocationList")]
    pub(crate) locations: List<Location<'a>>,
    /// Countries where no locations are told (legacy XML).
    #[serde(skip)]
    pub(crate) countries: List<Text<'a>>,
}

/// A contact; of a place's contacts the investigators.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct Contact<'a> {
    #[serde(alias = "CentralContactName", alias = "LocationContactName")]
    pub(crate) name: Option<Text<'a>>,
    #[serde(alias = "CentralContactRole", alias = "LocationContactRole")]
    pub(crate) role: Option<Text<'a>>,
}

/// An investigator or other official.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct Official<'a> {
    #[serde(alias = "OverallOfficialName")]
    pub(crate) name: Option<Text<'a>>,
    #[serde(alias = "OverallOfficialAffiliation")]
    pub(crate) affiliation: Option<Text<'a>>,
    #[serde(alias = "OverallOfficialRole")]
    pub(crate) role: Option<Text<'a>>,
}

/// A place of recruitment.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct Location<'a> {
    #[serde(alias = "LocationFacility")]
    pub(crate) facility: Option<Text<'a>>,
    #[serde(alias = "LocationStatus")]
    pub(crate) status: Option<Text<'a>>,
    #[serde(alias = "LocationCity")]
    pub(crate) city: Option<Text<'a>>,
    #[serde(alias = "LocationState")]
    pub(crate) state: Option<Text<'a>>,
    #[serde(alias = "LocationCountry")]
    pub(crate) country: Option<Text<'a>>,
    #[serde(alias = "LocationContactList")]
    pub(crate) contacts: List<Contact<'a>>,
    pub(crate) geo_point: Option<Point>,
}

/// Publications and pages.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct ReferencesModule<'a> {
    #[serde(alias = "ReferenceList")]
    pub(crate) references: List<Reference<'a>>,
    #[serde(alias = "SeeAlsoLinkList")]
    pub(crate) see_also_links: List<SeeAlsoLink<'a>>,
    #[serde(alias = "AvailIPDList")]
    pub(crate) avail_ipds: List<AvailIpd<'a>>,
}

/// A publication.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct Reference<'a> {
    #[serde(alias = "ReferencePMID")]
    pub(crate) pmid: Option<Text<'a>>,
    #[serde(rename = "type", alias = "ReferenceType")]
    pub(crate) kind: Option<Text<'a>>,
    #[serde(alias = "ReferenceCitation")]
    pub(crate) citation: Option<Text<'a>>,
}

/// A page.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct SeeAlsoLink<'a> {
    #[serde(alias = "SeeAlsoLinkLabel")]
    pub(crate) label: Option<Text<'a>>,
    #[serde(alias = "SeeAlsoLinkURL")]
    pub(crate) url: Option<Text<'a>>,
}

/// A data set or document that can be had.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct AvailIpd<'a> {
    #[serde(rename = "type", alias = "AvailIPDType")]
    pub(crate) kind: Option<Text<'a>>,
    #[serde(alias = "AvailIPDURL")]
    pub(crate) url: Option<Text<'a>>,
}

/// The plan to share data.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct IpdSharingModule<'a> {
    #[serde(alias = "IPDSharing")]
    pub(crate) ipd_sharing: Option<Text<'a>>,
    #[serde(alias = "IPDSharingDescription")]
    pub(crate) description: Option<Text<'a>>,
    #[serde(alias = "IPDSharingInfoTypeList")]
    pub(crate) info_types: List<Text<'a>>,
    #[serde(alias = "IPDSharingTimeFrame")]
    pub(crate) time_frame: Option<Text<'a>>,
    #[serde(alias = "IPDSharingAccessCriteria")]
    pub(crate) access_criteria: Option<Text<'a>>,
    #[serde(alias = "IPDSharingURL")]
    pub(crate) url: Option<Text<'a>>,
}

/// What the registry derives.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct DerivedSection<'a> {
    #[serde(alias = "ConditionBrowseModule", deserialize_with = "or_default")]
    pub(crate) condition_browse_module: BrowseModule<'a>,
    #[serde(alias = "InterventionBrowseModule", deserialize_with = "or_default")]
    pub(crate) intervention_browse_module: BrowseModule<'a>,
}

/// MeSH terms and their ancestors.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct BrowseModule<'a> {
    #[serde(alias = "ConditionMeshList", alias = "InterventionMeshList")]
    pub(crate) meshes: List<Mesh<'a>>,
    #[serde(alias = "ConditionAncestorList", alias = "InterventionAncestorList")]
    pub(crate) ancestors: List<Mesh<'a>>,
}

/// A term of the Medical Subject Headings.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(crate) struct Mesh<'a> {
    #[serde(
        alias = "ConditionMeshId",
        alias = "ConditionAncestorId",
        alias = "InterventionMeshId",
        alias = "InterventionAncestorId"
    )]
    pub(crate) id: Option<Text<'a>>,
    #[serde(
        alias = "ConditionMeshTerm",
        alias = "ConditionAncestorTerm",
        alias = "InterventionMeshTerm",
        alias = "InterventionAncestorTerm"
    )]
    pub(crate) term: Option<Text<'a>>,
}

/// A point on the globe.
#[derive(Clone, Copy, Deserialize)]
pub(crate) struct Point {
    pub(crate) lat: f64,
    pub(crate) lon: f64,
}

/// Reads `null` as a part that is not there.
fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
