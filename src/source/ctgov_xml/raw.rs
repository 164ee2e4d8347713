//! The elements of a `clinical_study` → a study in the registry's words.

use crate::source::ctgov::markup::unwrap;
use crate::source::ctgov::study::{
    ArmGroup, ArmsInterventionsModule, AvailIpd, BrowseModule, ConditionsModule, Contact,
    ContactsLocationsModule, Count, DateStruct, DerivedSection, DescriptionModule, DesignInfo,
    DesignModule, EligibilityModule, EnrollmentInfo, ExpandedAccessInfo, Flag, IdInfo,
    IdentificationModule, Intervention, IpdSharingModule, List, Location, MaskingInfo, Mesh,
    Official, Outcome, OutcomesModule, ProtocolSection, Reference, ReferencesModule,
    ResponsibleParty, SeeAlsoLink, Sponsor, SponsorCollaboratorsModule, StatusModule, Study, Text,
};
use crate::source::xml::Element;

/// Reads a study out of its root element.
pub(super) fn study(root: Element<'_>) -> Study<'_> {
    Study {
        protocol_section: ProtocolSection {
            identification_module: identification(root),
            status_module: status(root),
            sponsor_collaborators_module: sponsors(root),
            description_module: DescriptionModule {
                brief_summary: block(root, "brief_summary"),
                detailed_description: block(root, "detailed_description"),
            },
            conditions_module: ConditionsModule {
                conditions: texts(root, "condition"),
                keywords: texts(root, "keyword"),
            },
            design_module: design(root),
            arms_interventions_module: arms(root),
            outcomes_module: OutcomesModule {
                primary_outcomes: outcomes(root, "primary_outcome"),
                secondary_outcomes: outcomes(root, "secondary_outcome"),
                other_outcomes: outcomes(root, "other_outcome"),
            },
            eligibility_module: root.child("eligibility").map(eligibility),
            contacts_locations_module: contacts(root),
            references_module: references(root),
            ipd_sharing_statement_module: sharing(root),
        },
        derived_section: DerivedSection {
            condition_browse_module: mesh(root, "condition_browse"),
            intervention_browse_module: mesh(root, "intervention_browse"),
        },
        has_results: Some(Flag(root.child("clinical_results").is_some())),
        results_section: None,
    }
}

fn text<'d>(element: Element<'d>, path: &str) -> Option<Text<'d>> {
    element.text_of(path).map(Text::from)
}

fn texts<'d>(element: Element<'d>, name: &str) -> List<Text<'d>> {
    element.texts_of(name).map(Text::from).collect()
}

/// The wrapped text of an element that holds a `textblock`.
fn block<'d>(element: Element<'d>, path: &str) -> Option<Text<'d>> {
    let wrapped = element.text_of(&format!("{path}/textblock"))?;
    // The first line's indentation tells nothing and is gone with the trimming.
    Some(Text::from(unwrap(wrapped)))
}

fn date<'d>(element: Element<'d>, name: &str) -> DateStruct<'d> {
    DateStruct {
        date: text(element, name),
        kind: attribute(element, name, "type"),
    }
}

fn attribute<'d>(element: Element<'d>, name: &str, attribute: &str) -> Option<Text<'d>> {
    element.child(name)?.attribute(attribute).map(Text)
}

fn identification(root: Element<'_>) -> IdentificationModule<'_> {
    let info = root.child("id_info").unwrap_or(root);
    let id_info = |id| IdInfo {
        id: Some(id),
        ..IdInfo::default()
    };
    IdentificationModule {
        nct_id: text(info, "nct_id"),
        nct_id_aliases: texts(info, "nct_alias"),
        org_study_id_info: text(info, "org_study_id").map(id_info).unwrap_or_default(),
        secondary_id_infos: info
            .texts_of("secondary_id")
            .map(Text::from)
            .map(id_info)
            .collect(),
        brief_title: text(root, "brief_title"),
        official_title: text(root, "official_title"),
        acronym: text(root, "acronym"),
    }
}

fn status(root: Element<'_>) -> StatusModule<'_> {
    let date_or = |name, old| text(root, name).or_else(|| text(root, old));
    StatusModule {
        overall_status: text(root, "overall_status"),
        last_known_status: text(root, "last_known_status"),
        why_stopped: text(root, "why_stopped"),
        expanded_access_info: ExpandedAccessInfo {
            nct_id: text(root, "expanded_access_info/expanded_access_nctid"),
        },
        start_date_struct: date(root, "start_date"),
        primary_completion_date_struct: date(root, "primary_completion_date"),
        completion_date_struct: date(root, "completion_date"),
        study_first_submit_date: date_or("study_first_submitted", "firstreceived_date"),
        study_first_submit_qc_date: text(root, "study_first_submitted_qc"),
        study_first_post_date_struct: date(root, "study_first_posted"),
        results_first_submit_date: date_or("results_first_submitted", "firstreceived_results_date"),
        results_first_submit_qc_date: text(root, "results_first_submitted_qc"),
        results_first_post_date_struct: date(root, "results_first_posted"),
        disp_first_submit_date: text(root, "disposition_first_submitted"),
        disp_first_post_date_struct: date(root, "disposition_first_posted"),
        last_update_submit_date: date_or("last_update_submitted", "lastchanged_date"),
        last_update_post_date_struct: date(root, "last_update_posted"),
    }
}

fn sponsors<'d>(root: Element<'d>) -> SponsorCollaboratorsModule<'d> {
    let party = |element: Element<'d>| ResponsibleParty {
        kind: text(element, "responsible_party_type"),
        investigator_full_name: text(element, "investigator_full_name"),
        investigator_title: text(element, "investigator_title"),
        investigator_affiliation: text(element, "investigator_affiliation"),
        old_name_title: text(element, "name_title"),
        old_organization: text(element, "organization"),
    };
    let sponsor = |element: Element<'d>| Sponsor {
        name: text(element, "agency"),
        class: text(element, "agency_class"),
    };
    let sponsors = root.child("sponsors");
    let lead = sponsors.and_then(|sponsors| sponsors.child("lead_sponsor"));
    let collaborators = sponsors
        .into_iter()
        .flat_map(|sponsors| sponsors.children("collaborator"));
    SponsorCollaboratorsModule {
        responsible_party: root
            .child("responsible_party")
            .map(party)
            .unwrap_or_default(),
        lead_sponsor: lead.map(sponsor).unwrap_or_default(),
        collaborators: collaborators.map(sponsor).collect(),
    }
}

fn design(root: Element<'_>) -> DesignModule<'_> {
    DesignModule {
        study_type: text(root, "study_type"),
        patient_registry: None,
        phases: texts(root, "phase"),
        design_info: match root.child("study_design_info") {
            Some(info) => design_info(info),
            None => root
                .text_of("study_design")
                .map(labelled_design)
                .unwrap_or_default(),
        },
        enrollment_info: EnrollmentInfo {
            count: root
                .text_of("enrollment")
                .map(|count| Count(count.to_owned())),
            kind: attribute(root, "enrollment", "type"),
        },
    }
}

fn design_info(info: Element<'_>) -> DesignInfo<'_> {
    DesignInfo {
        allocation: text(info, "allocation"),
        intervention_model: text(info, "intervention_model"),
        intervention_model_description: text(info, "intervention_model_description"),
        primary_purpose: text(info, "primary_purpose"),
        observational_model: text(info, "observational_model"),
        time_perspective: text(info, "time_perspective"),
        masking_info: MaskingInfo {
            masking: text(info, "masking"),
            masking_description: text(info, "masking_description"),
            who_masked: List::default(),
        },
        ..DesignInfo::default()
    }
}

/// The design of files from before 2017:
/// `Allocation: Randomized, Masking: Double Blind (Subject, Investigator), Primary Purpose: …`.
fn labelled_design(whole: &str) -> DesignInfo<'_> {
    let mut info = DesignInfo {
        whole: Some(Text::from(whole)),
        ..DesignInfo::default()
    };
    for (label, value) in labelled_parts(whole) {
        let slot = match label {
            "Allocation" => &mut info.allocation,
            "Intervention Model" => &mut info.intervention_model,
            "Masking" => &mut info.masking_info.masking,
            "Primary Purpose" => &mut info.primary_purpose,
            "Observational Model" => &mut info.observational_model,
            "Time Perspective" => &mut info.time_perspective,
            _ => continue,
        };
        *slot = Some(Text::from(value));
    }
    info
}

/// Splits `A: x, y, B: z` into (`A`, `x, y`) and (`B`, `z`).
fn labelled_parts(whole: &str) -> Vec<(&str, &str)> {
    let mut parts: Vec<(&str, &str)> = Vec::new();
    let mut rest = whole;
    while let Some((label, value)) = rest.split_once(": ") {
        let end = value
            .find(": ")
            .and_then(|next| value.get(..next)?.rfind(", "));
        let (value, after) = value.split_at(end.unwrap_or(value.len()));
        parts.push((label.trim(), value.trim()));
        rest = after.trim_start_matches(", ");
    }
    parts
}

fn arms<'d>(root: Element<'d>) -> ArmsInterventionsModule<'d> {
    let arm = |element: Element<'d>| ArmGroup {
        label: text(element, "arm_group_label"),
        kind: text(element, "arm_group_type"),
        description: text(element, "description"),
        intervention_names: List::default(),
    };
    let intervention = |element: Element<'d>| Intervention {
        kind: text(element, "intervention_type"),
        name: text(element, "intervention_name"),
        description: text(element, "description"),
        arm_group_labels: texts(element, "arm_group_label"),
        other_names: texts(element, "other_name"),
    };
    ArmsInterventionsModule {
        arm_groups: root.children("arm_group").map(arm).collect(),
        interventions: root.children("intervention").map(intervention).collect(),
    }
}

fn outcomes<'d>(root: Element<'d>, name: &str) -> List<Outcome<'d>> {
    let outcome = |element: Element<'d>| Outcome {
        measure: text(element, "measure"),
        description: text(element, "description"),
        time_frame: text(element, "time_frame"),
    };
    root.children(name).map(outcome).collect()
}

fn eligibility(element: Element<'_>) -> EligibilityModule<'_> {
    EligibilityModule {
        eligibility_criteria: block(element, "criteria"),
        healthy_volunteers: element.text_of("healthy_volunteers").and_then(Flag::of),
        sex: text(element, "gender"),
        minimum_age: text(element, "minimum_age"),
        maximum_age: text(element, "maximum_age"),
        study_population: block(element, "study_pop"),
    }
}

fn contacts<'d>(root: Element<'d>) -> ContactsLocationsModule<'d> {
    let official = |element: Element<'d>| Official {
        name: person(element),
        affiliation: text(element, "affiliation"),
        role: text(element, "role"),
    };
    let countries = root.child("location_countries");
    ContactsLocationsModule {
        central_contacts: root.children("overall_contact").map(contact).collect(),
        overall_officials: root.children("overall_official").map(official).collect(),
        locations: root.children("location").map(location).collect(),
        countries: countries
            .map(|all| texts(all, "country"))
            .unwrap_or_default(),
    }
}

fn contact(element: Element<'_>) -> Contact<'_> {
    Contact {
        name: person(element),
        role: text(element, "role"),
    }
}

/// A name; the oldest files tell its parts.
fn person(element: Element<'_>) -> Option<Text<'_>> {
    let last = element.text_of("last_name")?;
    let first = ["first_name", "middle_name"].map(|part| element.text_of(part));
    let degrees = element.text_of("degrees");
    if first == [None, None] && degrees.is_none() {
        return Some(Text::from(last));
    }
    let names: Vec<&str> = first.into_iter().flatten().chain([last]).collect();
    let mut name = names.join(" ");
    if let Some(degrees) = degrees {
        name.push_str(", ");
        name.push_str(degrees);
    }
    Some(Text::from(name))
}

fn location(element: Element<'_>) -> Location<'_> {
    Location {
        facility: text(element, "facility/name"),
        status: text(element, "status"),
        city: text(element, "facility/address/city"),
        state: text(element, "facility/address/state"),
        country: text(element, "facility/address/country"),
        contacts: element.children("investigator").map(contact).collect(),
        geo_point: None,
    }
}

fn references<'d>(root: Element<'d>) -> ReferencesModule<'d> {
    let reference = |element: Element<'d>, kind: Option<&'static str>| Reference {
        pmid: text(element, "PMID"),
        kind: kind.map(Text::from),
        citation: text(element, "citation"),
    };
    let named = root
        .children("reference")
        .map(|element| reference(element, None));
    let results = root
        .children("results_reference")
        .map(|element| reference(element, Some("results_reference")));
    let link = |element: Element<'d>| SeeAlsoLink {
        label: text(element, "description"),
        url: text(element, "url"),
    };
    let document = |element: Element<'d>| AvailIpd {
        kind: text(element, "doc_type"),
        url: text(element, "doc_url"),
    };
    let documents = root.child("study_docs");
    ReferencesModule {
        references: named.chain(results).collect(),
        see_also_links: root.children("link").map(link).collect(),
        avail_ipds: documents
            .into_iter()
            .flat_map(|documents| documents.children("study_doc"))
            .map(document)
            .collect(),
    }
}

fn sharing(root: Element<'_>) -> IpdSharingModule<'_> {
    let Some(element) = root.child("patient_data") else {
        return IpdSharingModule::default();
    };
    IpdSharingModule {
        ipd_sharing: text(element, "sharing_ipd"),
        description: text(element, "ipd_description"),
        info_types: texts(element, "ipd_info_type"),
        time_frame: text(element, "ipd_time_frame"),
        access_criteria: text(element, "ipd_access_criteria"),
        url: text(element, "ipd_url"),
    }
}

fn mesh<'d>(root: Element<'d>, name: &str) -> BrowseModule<'d> {
    let term = |term| Mesh {
        id: None,
        term: Some(Text::from(term)),
    };
    let browse = root.child(name).into_iter();
    BrowseModule {
        meshes: browse
            .flat_map(|browse| browse.texts_of("mesh_term"))
            .map(term)
            .collect(),
        ancestors: List::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_design_in_one_text_is_read_label_by_label() {
        let whole = "Allocation: Randomized, Masking: Double Blind (Subject, Investigator), Primary Purpose: Treatment";
        let info = labelled_design(whole);
        assert_eq!(info.allocation.as_deref(), Some("Randomized"));
        let masking = info.masking_info.masking;
        assert_eq!(
            masking.as_deref(),
            Some("Double Blind (Subject, Investigator)")
        );
        assert_eq!(info.primary_purpose.as_deref(), Some("Treatment"));
    }

    #[test]
    fn a_design_without_labels_has_no_parts() {
        assert_eq!(labelled_parts("Treatment, Randomized, Double-Blind"), []);
        assert_eq!(labelled_parts("A: , B: "), [("A", ""), ("B", "")]);
    }
}
