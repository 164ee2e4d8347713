//! The page → a study in the registry's words → a trial.

use super::groups;
use super::raw::{self, Page, Section, after, is_word};
use crate::record::{Record, Trial};
use crate::source::context::Context;
use crate::source::ctgov::convert;
use crate::source::ctgov::markup::{Markup, unescape};
use crate::source::ctgov::study::{
    ConditionsModule, Contact, ContactsLocationsModule, Count, DateStruct, DescriptionModule,
    DesignInfo, DesignModule, EligibilityModule, EnrollmentInfo, Flag, IdInfo,
    IdentificationModule, List, Location, MaskingInfo, Official, Outcome, OutcomesModule,
    ProtocolSection, Reference, ReferencesModule, ResponsibleParty, SeeAlsoLink, Sponsor,
    SponsorCollaboratorsModule, StatusModule, Study, Text,
};
use crate::source::{Converted, Reason};

pub(super) fn convert(text: &str, context: &mut Context<'_>) -> Result<Converted, Reason> {
    let text = unescape(text);
    let page = Page::parse(&text);
    let study = Study {
        protocol_section: protocol(&page),
        has_results: has_results(&page),
        ..Study::default()
    };
    let converted = convert::convert(&study, Markup::Plain, context)?;
    let Converted::Record(Record::Trial(mut trial)) = converted else {
        return Ok(converted);
    };
    related(&mut trial, &page, context);
    Ok(Converted::Record(Record::Trial(trial)))
}

fn protocol<'a>(page: &Page<'a>) -> ProtocolSection<'a> {
    let told = |section| text(&page.text(section));
    ProtocolSection {
        identification_module: identification(page),
        status_module: status(page),
        sponsor_collaborators_module: sponsors(page),
        description_module: DescriptionModule {
            brief_summary: told(Section::Summary),
            detailed_description: told(Section::Description),
        },
        conditions_module: ConditionsModule {
            conditions: list(page.told(Section::Conditions)),
            keywords: list(page.told(Section::Keywords)),
        },
        design_module: design(page),
        arms_interventions_module: groups::read(page),
        outcomes_module: OutcomesModule {
            primary_outcomes: outcomes(&page.told(Section::PrimaryOutcomes)),
            secondary_outcomes: outcomes(&page.told(Section::SecondaryOutcomes)),
            other_outcomes: outcomes(&page.told(Section::OtherOutcomes)),
        },
        eligibility_module: page.has(Section::Eligibility).then(|| eligibility(page)),
        contacts_locations_module: places(page),
        references_module: references(page),
        ..ProtocolSection::default()
    }
}

fn text<'a>(text: &str) -> Option<Text<'a>> {
    crate::source::text::block(text).map(Text::from)
}

fn list<'a>(lines: Vec<&'a str>) -> List<Text<'a>> {
    lines.into_iter().map(Text::from).collect()
}

fn identification<'a>(page: &Page<'a>) -> IdentificationModule<'a> {
    let number = page
        .head
        .iter()
        .position(|line| raw::number(line).is_some());
    let before = page.head.get(..number.unwrap_or(0)).unwrap_or_default();
    // The title is the paragraph before the number; a page saved with its navigation has more.
    let title = before
        .rsplit(|line| line.is_empty())
        .find(|lines| !lines.is_empty());
    let mut module = IdentificationModule {
        nct_id: page
            .head
            .iter()
            .find_map(|line| raw::number(line))
            .map(Text::from),
        brief_title: title.map(|lines| Text::from(lines.join(" "))),
        ..IdentificationModule::default()
    };
    for (source, info) in identifiers(&page.told(Section::Identifiers)) {
        match source {
            Some("org_study_id") => module.org_study_id_info = info,
            _ => module.secondary_id_infos.0.push(info),
        }
    }
    module
}

/// Other numbers: value, `Identifier Type: X`, `Identifier Source: org_study_id`; `-` says nothing.
fn identifiers<'a>(lines: &[&'a str]) -> Vec<(Option<&'a str>, IdInfo<'a>)> {
    let mut found: Vec<(Option<&'a str>, IdInfo<'a>)> = Vec::new();
    let told = |value: &&str| !value.is_empty() && *value != "-";
    for line in lines {
        let last = found.last_mut();
        if let Some(kind) = after(line, "Identifier Type") {
            if let Some((_, info)) = last {
                info.kind = Some(kind).filter(told).map(Text::from);
            }
        } else if let Some(domain) = after(line, "Identifier Domain") {
            if let Some((_, info)) = last {
                info.domain = Some(domain).filter(told).map(Text::from);
            }
        } else if let Some(value) = after(line, "Identifier Source") {
            if let Some((source, _)) = last {
                *source = Some(value).filter(told);
            }
        } else {
            let id = Some(Text::from(*line));
            found.push((
                None,
                IdInfo {
                    id,
                    ..IdInfo::default()
                },
            ));
        }
    }
    found
}

const BASICS: &[&str] = &[
    "Recruitment Status",
    "Last Known Status",
    "Why Stopped",
    "Clinical Phase",
    "Total Enrollment",
    "Study Classification",
    "Study Start Date",
    "Primary Completion Date",
    "Study Completion Date",
];

fn status<'a>(page: &Page<'a>) -> StatusModule<'a> {
    let basics = page.labelled(Section::Basics, BASICS);
    let told = |label| basics.first(label).map(Text::from);
    let date = |label| DateStruct {
        date: told(label),
        kind: None,
    };
    let updated = page
        .head
        .iter()
        .find_map(|line| after(line, "Last Updated"));
    StatusModule {
        overall_status: told("Recruitment Status"),
        last_known_status: told("Last Known Status"),
        why_stopped: basics.text("Why Stopped").map(Text::from),
        start_date_struct: date("Study Start Date"),
        primary_completion_date_struct: date("Primary Completion Date"),
        completion_date_struct: date("Study Completion Date"),
        last_update_post_date_struct: DateStruct {
            date: updated.map(Text::from),
            kind: None,
        },
        ..StatusModule::default()
    }
}

/// Whether results are posted: `Results pending`, `Results available`.
fn has_results(page: &Page<'_>) -> Option<Flag> {
    match page.told(Section::Results).first()?.to_lowercase().as_str() {
        "results pending" => Some(Flag(false)),
        "results available" | "results posted" => Some(Flag(true)),
        _ => None,
    }
}

fn design<'a>(page: &Page<'a>) -> DesignModule<'a> {
    let basics = page.labelled(Section::Basics, BASICS);
    let phases = basics.first("Clinical Phase").unwrap_or_default();
    let phases = phases
        .split('/')
        .map(str::trim)
        .filter(|phase| !phase.is_empty());
    let size = basics.first("Total Enrollment").unwrap_or_default();
    let count = size.split(' ').next().unwrap_or_default().replace(',', "");
    let is_number = !count.is_empty() && count.bytes().all(|b| b.is_ascii_digit());
    DesignModule {
        study_type: basics.first("Study Classification").map(Text::from),
        phases: phases.map(Text::from).collect(),
        design_info: design_info(page),
        enrollment_info: EnrollmentInfo {
            count: is_number.then_some(Count(count)),
            kind: None,
        },
        ..DesignModule::default()
    }
}

fn design_info<'a>(page: &Page<'a>) -> DesignInfo<'a> {
    const LABELS: &[&str] = &[
        "Allocation Method",
        "Intervention Model",
        "Observational Model Type",
        "Observational Model",
        "Study Time Perspective",
        "Time Perspective",
        "Primary Study Purpose",
        "Blinding Strategy",
    ];
    let design = page.labelled(Section::Design, LABELS);
    let told = |label| design.first(label).map(Text::from);
    let (who_masked, masking_description) = masked(design.rest("Blinding Strategy"));
    DesignInfo {
        allocation: told("Allocation Method"),
        intervention_model: told("Intervention Model"),
        intervention_model_description: design.rest("Intervention Model").map(Text::from),
        primary_purpose: told("Primary Study Purpose"),
        observational_model: told("Observational Model Type")
            .or_else(|| told("Observational Model")),
        time_perspective: told("Study Time Perspective").or_else(|| told("Time Perspective")),
        masking_info: MaskingInfo {
            masking: told("Blinding Strategy"),
            masking_description: masking_description.map(Text::from),
            who_masked,
        },
        ..DesignInfo::default()
    }
}

/// Lines after the masking: who is masked, in a line of nothing else, and a description.
fn masked<'a>(text: Option<String>) -> (List<Text<'a>>, Option<String>) {
    const PARTIES: [&str; 6] = [
        "Participants",
        "Caregivers",
        "Care Providers",
        "Investigators",
        "Outcome Assessors",
        "Outcomes Assessors",
    ];
    let Some(text) = text else {
        return (List::default(), None);
    };
    let (line, description) = text.split_once('\n').unwrap_or((&text, ""));
    let mut who = Vec::new();
    let mut rest = line.trim();
    while let Some((party, after)) = PARTIES
        .iter()
        .find_map(|p| Some((*p, rest.strip_prefix(p)?)))
    {
        who.push(Text::from(party.trim_end_matches('s').to_owned()));
        rest = after.trim_start_matches([',', ' ']);
    }
    if !rest.is_empty() || who.is_empty() {
        return (List::default(), Some(text));
    }
    (List(who), crate::source::text::block(description))
}

/// Outcomes: measure, description, `Time Frame: X`; without any time frame each line is a measure.
fn outcomes<'a>(lines: &[&'a str]) -> List<Outcome<'a>> {
    let time_frame = |line: &'a str| {
        let labels = ["Time Frame", "Timeframe"];
        let value = labels.iter().find_map(|label| after(line, label))?;
        (!value.is_empty()).then_some(value)
    };
    if !lines.iter().any(|line| time_frame(line).is_some()) {
        let measure = |line: &&'a str| outcome(&[line], None);
        return lines.iter().filter_map(measure).collect();
    }
    let mut found = Vec::new();
    let mut before = Vec::new();
    for line in lines {
        match time_frame(line) {
            Some(time_frame) => {
                found.extend(outcome(&before, Some(time_frame)));
                before.clear();
            }
            None => before.push(*line),
        }
    }
    found.extend(outcome(&before, None));
    List(found)
}

fn outcome<'a>(lines: &[&'a str], time_frame: Option<&'a str>) -> Option<Outcome<'a>> {
    let (measure, description) = lines.split_first()?;
    Some(Outcome {
        measure: Some(Text::from(*measure)),
        description: text(&description.join("\n\n")),
        time_frame: time_frame.map(Text::from),
    })
}

fn eligibility<'a>(page: &Page<'a>) -> EligibilityModule<'a> {
    const LABELS: &[&str] = &[
        "Minimum Eligible Age",
        "Maximum Eligible Age",
        "Eligible Sex",
        "Accepts Healthy Volunteers",
    ];
    let told = page.labelled(Section::Eligibility, LABELS);
    EligibilityModule {
        eligibility_criteria: told.text("").map(Text::from),
        healthy_volunteers: told.first("Accepts Healthy Volunteers").and_then(Flag::of),
        sex: told.first("Eligible Sex").map(Text::from),
        minimum_age: told.first("Minimum Eligible Age").map(Text::from),
        maximum_age: told.first("Maximum Eligible Age").map(Text::from),
        study_population: None,
    }
}

/// Sponsors: name, class, `Sponsor Role lead`; and who is responsible.
fn sponsors<'a>(page: &Page<'a>) -> SponsorCollaboratorsModule<'a> {
    let mut module = SponsorCollaboratorsModule::default();
    let mut before: Vec<&'a str> = Vec::new();
    for line in page.told(Section::Sponsors) {
        let Some(role) = after(line, "Sponsor Role") else {
            before.push(line);
            continue;
        };
        let class = before.pop_if(|class| is_class(class)).map(Text::from);
        let name = Some(before.join(" "))
            .filter(|name| !name.is_empty())
            .map(Text::from);
        let sponsor = Sponsor { name, class };
        before.clear();
        if role.eq_ignore_ascii_case("lead") {
            module.lead_sponsor = sponsor;
        } else {
            module.collaborators.0.push(sponsor);
        }
    }
    let told = page.labelled(Section::Responsible, &["Responsibility Role"]);
    let who = told.text("").unwrap_or_default();
    let mut who = who
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| Text::from(line.to_owned()));
    module.responsible_party = ResponsibleParty {
        kind: told.first("Responsibility Role").map(Text::from),
        investigator_full_name: who.next(),
        investigator_title: who.next(),
        investigator_affiliation: who.next(),
        ..ResponsibleParty::default()
    };
    module
}

/// Whether a line is a class of sponsors: `OTHER_GOV`.
fn is_class(line: &str) -> bool {
    is_word(line) && !line.contains(char::is_lowercase)
}

fn places<'a>(page: &Page<'a>) -> ContactsLocationsModule<'a> {
    let officials = people(&page.told(Section::Officials));
    let contacts = people(&page.told(Section::Contacts));
    ContactsLocationsModule {
        central_contacts: contacts
            .into_iter()
            .map(|contact| Contact {
                name: contact.name,
                role: contact.role,
            })
            .collect(),
        overall_officials: List(officials),
        locations: locations(&page.told(Section::Locations)),
        countries: list(page.told(Section::Countries)),
    }
}

/// People: name, `Role: X`, affiliation; of contacts only the name, whatever numbers follow.
fn people<'a>(lines: &[&'a str]) -> Vec<Official<'a>> {
    let role = |line: &&'a str| after(line, "Role");
    let roles: Vec<usize> = (0..lines.len())
        .filter(|at| lines.get(*at).and_then(role).is_some())
        .collect();
    let person = |(index, at): (usize, &usize)| {
        // The line before the next role is the next person's name.
        let end = roles
            .get(index + 1)
            .map_or(lines.len(), |next| next.saturating_sub(1));
        let official = Official {
            name: lines.get(at.checked_sub(1)?).map(|name| Text::from(*name)),
            role: lines.get(*at).and_then(role).map(Text::from),
            affiliation: text(&lines.get(at + 1..end).unwrap_or_default().join(" ")),
        };
        Some(official)
    };
    roles.iter().enumerate().filter_map(person).collect()
}

/// Places: facility, `city, state, country`, `Site Status X`; contacts between them stay on the page.
fn locations<'a>(lines: &[&'a str]) -> List<Location<'a>> {
    let mut found = Vec::new();
    let mut before: Vec<&'a str> = Vec::new();
    let mut lines = lines.iter().copied().peekable();
    while let Some(line) = lines.next() {
        let Some(status) = after(line, "Site Status") else {
            before.push(line);
            continue;
        };
        let status = match status {
            "" => lines.next_if(|next| is_class(next)),
            status => Some(status),
        };
        found.extend(location(&before, status));
        before.clear();
    }
    found.extend(location(&before, None));
    List(found)
}

fn location<'a>(lines: &[&'a str], status: Option<&'a str>) -> Option<Location<'a>> {
    let (facility, place) = match lines {
        [] => return None,
        [place] => (None, *place),
        [facility, place, ..] => (Some(*facility), *place),
    };
    let parts: Vec<&str> = place.split(',').map(str::trim).collect();
    let (country, rest) = parts.split_last()?;
    // Postal codes are no part of a place.
    let mut rest = rest
        .iter()
        .filter(|part| !part.contains(|c: char| c.is_ascii_digit()));
    let told = |part: Option<&&'a str>| part.filter(|p| !p.is_empty()).map(|p| Text::from(*p));
    Some(Location {
        facility: facility.map(Text::from),
        city: told(rest.next()),
        state: told(rest.next()),
        country: told(Some(country)),
        status: status.map(Text::from),
        ..Location::default()
    })
}

/// Publications: citation, `Reference Type X`, `PMID: n (View on PubMed)`; and pages: label, address.
fn references<'a>(page: &Page<'a>) -> ReferencesModule<'a> {
    let mut references: Vec<Reference<'a>> = Vec::new();
    let mut citation: Vec<&'a str> = Vec::new();
    for line in page.told(Section::References) {
        if let Some(kind) = after(line, "Reference Type") {
            references.push(Reference {
                citation: text(&citation.join(" ")),
                kind: Some(kind).filter(|kind| !kind.is_empty()).map(Text::from),
                pmid: None,
            });
            citation.clear();
        } else if let Some(pmid) = after(line, "PMID").filter(|_| citation.is_empty()) {
            if let Some(last) = references.last_mut() {
                last.pmid = pmid.split(' ').next().map(Text::from);
            }
        } else {
            citation.push(line);
        }
    }
    references.extend(text(&citation.join(" ")).map(|citation| Reference {
        citation: Some(citation),
        ..Reference::default()
    }));
    let mut links = Vec::new();
    let mut label = None;
    for line in page.told(Section::Links) {
        if !line.starts_with("http") {
            label = Some(Text::from(line));
            continue;
        }
        let url = Some(Text::from(line));
        links.push(SeeAlsoLink {
            label: label.take(),
            url,
        });
    }
    ReferencesModule {
        references: List(references),
        see_also_links: List(links),
        ..ReferencesModule::default()
    }
}

/// Other trials the page points to.
fn related(trial: &mut Trial, page: &Page<'_>, context: &Context<'_>) {
    let others = page.text(Section::Related);
    let numbers = context
        .identifiers
        .registry_numbers(&trial.trial_id, [others.as_str()]);
    for number in numbers {
        if !trial.related_ids.contains(&number) {
            trial.related_ids.push(number);
        }
    }
}
