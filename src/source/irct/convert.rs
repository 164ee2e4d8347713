//! The protocol's words → a trial.

use super::groups;
use super::raw::{self, Entry, Protocol};
use super::template::{NUMBER, Section};
use crate::record::{
    AgeLimit, Code, Condition, Contact, DateType, EthicsReview, IpdSharing, IpdSharingItem,
    Official, OfficialRole, Outcome, PartialDate, Record, Registry, SecondaryId, Site, StudyDesign,
    StudyType, SupportSource, Trial,
};
use crate::source::context::Context;
use crate::source::dates::{self, Order};
use crate::source::{Converted, Reason, ages, eligibility, timing};

pub(super) fn convert(text: &str, context: &mut Context<'_>) -> Result<Converted, Reason> {
    let protocol = Protocol::parse(text);
    let number = protocol
        .line(Section::General, NUMBER)
        .ok_or_else(|| Reason::new("no IRCT registration number"))?;
    let id = context
        .identifiers
        .normalise(&number)
        .filter(|id| id.registry == Some(Registry::Irct))
        .ok_or_else(|| {
            let number: String = number.chars().take(40).collect();
            Reason::new(format!("not an IRCT registration number: {number:?}"))
        })?;
    if protocol.stray_lines > 0 {
        context.note("irct: a protocol has lines under no label");
    }
    let mut trial = Trial::new(Registry::Irct, id.normal);
    texts(&mut trial, &protocol);
    history(&mut trial, &protocol, context);
    participants(&mut trial, &protocol, context);
    trial.study_type = Some(StudyType::Interventional);
    trial.study_design = design(&protocol, context);
    trial.conditions = protocol
        .all(Section::Conditions)
        .filter_map(condition)
        .collect();
    trial.primary_outcomes = outcomes(&protocol, Section::PrimaryOutcomes);
    trial.secondary_outcomes = outcomes(&protocol, Section::SecondaryOutcomes);
    (trial.interventions, trial.arms) = groups::convert(&protocol, context);
    secondary_ids(&mut trial, &protocol, context);
    trial.ethics_review = protocol
        .all(Section::Ethics)
        .filter_map(|entry| ethics_review(entry, context))
        .collect();
    places(&mut trial, &protocol, context);
    sponsors(&mut trial, &protocol);
    people(&mut trial, &protocol);
    trial.ipd_sharing = ipd_sharing(&protocol);
    Ok(Converted::Record(Record::Trial(Box::new(trial))))
}

fn texts(trial: &mut Trial, protocol: &Protocol) {
    const PARTS: [&str; 6] = [
        "Study aim",
        "Design",
        "Settings and conduct",
        "Participants/Inclusion and exclusion criteria",
        "Intervention groups",
        "Main outcome variables",
    ];
    let general = |label: &str| protocol.line(Section::General, label);
    trial.public_title = general("Public title");
    trial.scientific_title = general("Scientific title").or_else(|| title(&protocol.head));
    trial.acronym = general("Acronym");
    let summary = |label: &str| protocol.text(Section::Summary, label);
    trial.brief_summary = summary("Summary").or_else(|| summary("Study aim"));
    let parts = PARTS
        .iter()
        .filter_map(|part| Some(format!("{part}: {}", summary(part)?)));
    let parts: Vec<String> = parts.collect();
    trial.detailed_description = (!parts.is_empty()).then(|| parts.join("\n\n"));
}

/// The title under the names of document and registry and the print date.
fn title(head: &[String]) -> Option<String> {
    let is_front = |line: &String| raw::is_masthead(line) || print_date(line).is_some();
    let front = head.iter().rposition(is_front)?;
    let lines = head.get(front + 1..)?;
    crate::source::text::line(&lines.join(" "))
}

/// The day an export was printed: `10 Jun 2026`.
fn print_date(line: &str) -> Option<PartialDate> {
    dates::parse(line, Order::DayFirst).filter(|date| date.is_day())
}

/// Status and dates.
fn history(trial: &mut Trial, protocol: &Protocol, context: &mut Context<'_>) {
    let general = |label: &str| protocol.line(Section::General, label);
    trial.recruitment_status_verbatim = general("Recruitment status");
    if let Some(status) = &trial.recruitment_status_verbatim {
        let status = context.value(Registry::Irct, |v| &v.recruitment_status, status);
        trial.recruitment_status = status;
    }
    trial.registration_timing_verbatim = general("Registration timing");
    if let Some(timing) = &trial.registration_timing_verbatim {
        let timing = context.value(Registry::Irct, |v| &v.registration_timing, timing);
        trial.registration_timing = timing;
    }

    let mut date = |field: &str, label: &str| {
        let written = general(label)?;
        let date = dates::pair(&written, field, context)?;
        if date.to_string() != written {
            trial.dates_verbatim.insert(field.to_owned(), written);
        }
        Some(date)
    };
    let registration = date("registration_date", "Registration date");
    let update = date("last_update_date", "Last update");
    let completion = date("completion_date", "Trial completion date");
    // Where no actual date is told the expected one stands.
    let mut recruitment = |field: &str, end: &str| {
        let mut of = |kind: &str, date_type| {
            let found = date(field, &format!("{kind} recruitment {end} date"))?;
            Some((found, date_type))
        };
        of("Actual", DateType::Actual)
            .or_else(|| of("Expected", DateType::Expected))
            .unzip()
    };
    (
        trial.first_enrollment_date,
        trial.first_enrollment_date_type,
    ) = recruitment("first_enrollment_date", "start");
    (trial.recruitment_end_date, trial.recruitment_end_date_type) =
        recruitment("recruitment_end_date", "end");
    trial.registration_timing = trial
        .registration_timing
        .or_else(|| timing::of_dates(registration?, trial.first_enrollment_date?));
    trial.registration_date = registration;
    trial.last_update_date = update;
    trial.completion_date = completion;
    let printed = protocol.head.iter().find_map(|line| print_date(line));
    trial.as_of = printed.or(update).or(registration);
}

/// Who can take part, and how many do.
fn participants(trial: &mut Trial, protocol: &Protocol, context: &mut Context<'_>) {
    let general = |label: &str| protocol.line(Section::General, label);
    let criteria = protocol
        .text(Section::General, "Inclusion/Exclusion criteria")
        .or_else(|| {
            protocol.text(
                Section::Summary,
                "Participants/Inclusion and exclusion criteria",
            )
        });
    if let Some(criteria) = criteria {
        let criteria = eligibility::split(&criteria);
        trial.inclusion_criteria = criteria.inclusion;
        trial.exclusion_criteria = criteria.exclusion;
        trial.eligibility_criteria = criteria.unsplit;
    }
    if let Some(written) = general("Age") {
        age(trial, &written, context);
    }
    trial.sex_verbatim = general("Gender");
    if let Some(sex) = &trial.sex_verbatim {
        trial.sex = context.value(Registry::Irct, |v| &v.sex, sex);
    }
    trial.phase_verbatim = general("Phase");
    if let Some(phase) = &trial.phase_verbatim {
        trial.phase = context.phases(Registry::Irct, phase);
    }
    let size = |label| {
        let written = general(label)?;
        written.split(' ').next()?.parse().ok()
    };
    let target = size("Target sample size").or_else(|| size("Sample size"));
    let reached: Option<u64> = size("Actual sample size reached").filter(|size| *size > 0);
    trial.sample_size = reached.or(target);
    trial.sample_size_type = match (reached, target) {
        (Some(_), _) => Some(DateType::Actual),
        (None, Some(_)) => Some(DateType::Expected),
        (None, None) => None,
    };
    if let (Some(reached), Some(target)) = (reached, target) {
        let written = format!("Target sample size: {target} Actual sample size reached: {reached}");
        trial.sample_size_verbatim = Some(written);
    }
}

/// `From 20 years old to 60 years old`, `From 6 months old`, `To 65 years old`, `No age limit`.
///
/// A side that is not told has no limit.
fn age(trial: &mut Trial, written: &str, context: &mut Context<'_>) {
    let lower = written.to_lowercase();
    let from = lower
        .strip_prefix("from ")
        .map(|rest| rest.split(" to ").next().unwrap_or(rest));
    let to = lower
        .strip_prefix("to ")
        .or_else(|| Some(lower.split_once(" to ")?.1));
    let bare = |side: &str| {
        let side = side.trim().trim_end_matches('.');
        side.strip_suffix(" old").unwrap_or(side).to_owned()
    };
    if from.is_none() && to.is_none() {
        let limit = ages::parse(written).filter(|limit| *limit == AgeLimit::None);
        if limit.is_none() {
            context.unknown("age", Some(Registry::Irct), written);
        }
        (trial.minimum_age, trial.maximum_age) = (limit, limit);
        trial.minimum_age_verbatim = Some(written.to_owned());
        trial.maximum_age_verbatim = Some(written.to_owned());
        return;
    }
    let mut limit = |side: Option<&str>| {
        let Some(side) = side.map(bare) else {
            return (Some(AgeLimit::None), None);
        };
        let limit = ages::parse(&side);
        if limit.is_none() {
            context.unknown("age", Some(Registry::Irct), &side);
        }
        (limit, Some(side))
    };
    (trial.minimum_age, trial.minimum_age_verbatim) = limit(from);
    (trial.maximum_age, trial.maximum_age_verbatim) = limit(to);
}

fn design(protocol: &Protocol, context: &mut Context<'_>) -> StudyDesign {
    const IRCT: Registry = Registry::Irct;
    let general = |label: &str| protocol.line(Section::General, label);
    let text = |label: &str| protocol.text(Section::General, label);
    let mut design = StudyDesign {
        allocation_verbatim: general("Randomization (investigator's opinion)"),
        model_verbatim: general("Assignment"),
        purpose_verbatim: general("Purpose"),
        masking_verbatim: general("Blinding (investigator's opinion)"),
        who_masked_verbatim: masked(protocol),
        randomization_description: text("Randomization description"),
        masking_description: text("Blinding description"),
        model_description: text("Other design features"),
        ..StudyDesign::default()
    };
    if let Some(word) = &design.allocation_verbatim {
        design.allocation = context.value(IRCT, |v| &v.allocation, word);
    }
    if let Some(word) = &design.model_verbatim {
        design.model = context.value(IRCT, |v| &v.model, word);
    }
    if let Some(word) = &design.purpose_verbatim {
        design.purpose = context.value(IRCT, |v| &v.purpose, word);
    }
    if let Some(word) = &design.masking_verbatim {
        design.masking = context.value(IRCT, |v| &v.masking, word);
    }
    for word in &design.who_masked_verbatim {
        design
            .who_masked
            .extend(context.values(IRCT, |v| &v.who_masked, word));
    }
    design.placebo_used = match general("Placebo").as_deref() {
        Some("Used") => Some(true),
        Some("Not used") => Some(false),
        _ => None,
    };
    design
}

/// The groups that do not know the assignment, one a line.
fn masked(protocol: &Protocol) -> Vec<String> {
    let Some(groups) = protocol.text(Section::General, "Groups that have been masked") else {
        return Vec::new();
    };
    let lines = groups
        .lines()
        .map(|line| line.trim_start_matches(['-', '*', '•', ' ']).trim());
    lines
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

fn condition(entry: &Entry) -> Option<Condition> {
    let code = Code {
        system: Some("ICD-10".to_owned()),
        code: entry.line("ICD-10 code"),
        term: entry.line("ICD-10 code description"),
    };
    let is_told = code.code.is_some() || code.term.is_some();
    let text = entry.line("Description of health condition studied");
    Some(Condition {
        text: text.or_else(|| code.term.clone())?,
        codes: if is_told { vec![code] } else { Vec::new() },
    })
}

fn outcomes(protocol: &Protocol, section: Section) -> Vec<Outcome> {
    let outcome = |entry: &Entry| Outcome {
        measure: entry.text("Description"),
        time_frame: entry.text("Timepoint"),
        method: entry.text("Method of measurement"),
        description: None,
    };
    let outcomes = protocol.all(section).map(outcome);
    outcomes
        .filter(|outcome| *outcome != Outcome::default())
        .collect()
}

fn secondary_ids(trial: &mut Trial, protocol: &Protocol, context: &Context<'_>) {
    for entry in protocol.all(Section::SecondaryIds) {
        let Some(id) = entry.line("Secondary trial Id") else {
            continue;
        };
        trial.secondary_ids.push(id.clone());
        if let Some(issuer) = entry.line("Registry name") {
            trial.secondary_id_issuers.push(SecondaryId {
                id,
                issuer: Some(issuer),
                id_type: None,
            });
        }
    }
    let ids = trial.secondary_ids.iter().map(String::as_str);
    trial.registry_ids = context.identifiers.registry_numbers(&trial.trial_id, ids);
}

fn ethics_review(entry: &Entry, context: &mut Context<'_>) -> Option<EthicsReview> {
    let written = entry.line("Approval date");
    let date = written
        .as_deref()
        .and_then(|written| dates::pair(written, "ethics_review.approval_date", context));
    let review = EthicsReview {
        committee: entry.line("Name of ethics committee"),
        reference: entry.line("Ethics committee reference number"),
        approval_date: date,
        approval_date_verbatim: written.filter(|w| date.is_none_or(|date| date.to_string() != *w)),
        status: None,
        city: entry.line("City"),
    };
    (review != EthicsReview::default()).then_some(review)
}

/// Centres and countries: those of the centres where told, else the registrant's, inferred.
fn places(trial: &mut Trial, protocol: &Protocol, context: &mut Context<'_>) {
    let registrants = protocol.line(Section::General, "Country");
    let told: Vec<String> = protocol
        .all(Section::Centers)
        .filter_map(|entry| entry.line("Country"))
        .collect();
    let is_inferred = told.is_empty() && registrants.is_some();
    let names = if is_inferred {
        registrants.clone().into_iter().collect()
    } else {
        told
    };
    for written in names {
        if trial.countries_verbatim.contains(&written) {
            continue;
        }
        if let Some((code, name)) = context.country(Registry::Irct, &written)
            && !trial.countries.iter().any(|own| own == code)
        {
            trial.countries.push(code.to_owned());
            trial.country_names.push(name.to_owned());
        }
        trial.countries_verbatim.push(written);
    }
    trial.countries_inferred = is_inferred.then_some(true);
    let inferred = trial.countries.first().filter(|_| is_inferred).cloned();
    for entry in protocol.all(Section::Centers) {
        let country_verbatim = entry.line("Country");
        let told = country_verbatim.as_deref();
        let country = told.and_then(|name| context.country(Registry::Irct, name));
        let site = Site {
            facility: entry.line("Name of recruitment center"),
            city: entry.line("City"),
            state: entry.line("Province"),
            ..Site::default()
        };
        if site != Site::default() {
            trial.sites.push(Site {
                country: country
                    .map(|(code, _)| code.to_owned())
                    .or_else(|| inferred.clone()),
                country_verbatim,
                ..site
            });
        }
    }
}

fn sponsors(trial: &mut Trial, protocol: &Protocol) {
    for entry in protocol.all(Section::Sponsors) {
        let name = entry.line("Name of organization / entity");
        match &name {
            Some(name) if trial.primary_sponsor.is_none() => {
                trial.primary_sponsor = Some(name.clone());
            }
            Some(name) if !trial.secondary_sponsors.contains(name) => {
                trial.secondary_sponsors.push(name.clone());
            }
            _ => {}
        }
        trial.support_sources.extend(support_source(entry, name));
    }
    // Records from before 2018 have a free text beside the sources listed.
    let listed = |text: &String| {
        trial
            .support_sources
            .iter()
            .any(|source| source.name == *text)
    };
    let text = protocol.line(Section::General, "Funding source");
    if let Some(name) = text.filter(|text| !listed(text)) {
        trial.support_sources.push(SupportSource {
            name,
            ..SupportSource::default()
        });
    }
}

fn support_source(entry: &Entry, sponsor: Option<String>) -> Option<SupportSource> {
    let is_sponsor = entry
        .line("Is the source of funding the same sponsor organization/entity?")
        .is_some_and(|answer| answer.eq_ignore_ascii_case("yes"));
    let percent = entry.line("Proportion provided by this source");
    Some(SupportSource {
        name: entry
            .line("Title of funding source")
            .or(sponsor.filter(|_| is_sponsor))?,
        proportion_percent: percent.and_then(|p| p.trim_end_matches(['%', ' ']).parse().ok()),
        sector: entry.line("Public or private sector"),
        origin: entry.line("Domestic or foreign origin"),
        foreign_category: entry.line("Category of foreign source of funding"),
        country: entry.line("Country of origin"),
        organization_type: entry.line("Type of organization providing the funding"),
        grant_name: entry.line("Grant name"),
        grant_id: entry.line("Grant code / Reference number"),
    })
}

/// Contacts and officials: names, institutions and positions only.
fn people(trial: &mut Trial, protocol: &Protocol) {
    trial.public_contact = contact(protocol, Section::GeneralInquiries);
    trial.scientific_contact = contact(protocol, Section::ScientificInquiries);
    let registrant = Official {
        name: protocol.line(Section::General, "Name"),
        affiliation: protocol.line(Section::General, "Name of organization / entity"),
        role: Some(OfficialRole::Registrant),
        role_verbatim: Some("Registrant".to_owned()),
        ..Official::default()
    };
    let of = |section, institution, role, words: &str| {
        let words = words.to_owned();
        protocol.all(section).map(move |entry| Official {
            name: entry.line("Full name of responsible person"),
            affiliation: entry.line(institution),
            role: Some(role),
            role_verbatim: Some(words.clone()),
            position: entry.line("Position"),
            degree: entry.line("Latest degree"),
            specialty: entry.line("Other areas of specialty/work"),
        })
    };
    let centers = of(
        Section::Centers,
        "Name of recruitment center",
        OfficialRole::SiteResponsible,
        "Recruitment center",
    );
    let sponsors = of(
        Section::Sponsors,
        "Name of organization / entity",
        OfficialRole::SponsorResponsible,
        "Sponsor",
    );
    let updates = of(
        Section::DataUpdates,
        "Name of organization / entity",
        OfficialRole::DataResponsible,
        "Person responsible for updating data",
    );
    let all = std::iter::once(registrant)
        .chain(centers)
        .chain(sponsors)
        .chain(updates);
    trial.officials = all.filter(|official| official.name.is_some()).collect();
}

fn contact(protocol: &Protocol, section: Section) -> Option<Contact> {
    let entry = protocol.all(section).next()?;
    let contact = Contact {
        name: entry.line("Full name of responsible person"),
        affiliation: entry.line("Name of organization / entity"),
        position: entry.line("Position"),
        degree: entry.line("Latest degree"),
        specialty: entry.line("Other areas of specialty/work"),
    };
    (contact != Contact::default()).then_some(contact)
}

fn ipd_sharing(protocol: &Protocol) -> Option<IpdSharing> {
    const ITEMS: [&str; 7] = [
        "Deidentified Individual Participant Data Set (IPD)",
        "Study Protocol",
        "Statistical Analysis Plan",
        "Informed Consent Form",
        "Clinical Study Report",
        "Analytic Code",
        "Data Dictionary",
    ];
    const ACCESS: [&str; 4] = [
        "To whom data/document is available",
        "Under which criteria data/document could be used",
        "From where data/document is obtainable",
        "What processes are involved for a request to access data/document",
    ];
    let told = |label: &str| protocol.text(Section::Sharing, label);
    let joined = |labels: &[&str], labelled: bool| {
        let part = |label: &&str| {
            let text = told(label)?;
            Some(if labelled {
                format!("{label}: {text}")
            } else {
                text
            })
        };
        let parts: Vec<String> = labels.iter().filter_map(part).collect();
        (!parts.is_empty()).then(|| parts.join("\n\n"))
    };
    let item = |item: &&str| {
        Some(IpdSharingItem {
            item: (*item).to_owned(),
            statement: Some(told(item)?),
        })
    };
    let sharing = IpdSharing {
        plan: ITEMS.first().and_then(|item| told(item)),
        description: joined(
            &["Title and more details about the data/document", "Comments"],
            false,
        ),
        time_frame: told("When the data will become available and for how long"),
        access_criteria: joined(&ACCESS, true),
        url: None,
        items: ITEMS.iter().filter_map(item).collect(),
    };
    (sharing != IpdSharing::default()).then_some(sharing)
}
