//! A row → a trial.

use super::{
    Row, ages, conditions, criteria, dates, design, identity, interventions, lists, outcomes,
    says_something,
};
use crate::record::{
    Contact, EthicsReview, IpdSharing, Record, RecruitmentStatus, Registry, StudyType,
    SummaryResults, SupportSource, Trial,
};
use crate::source::context::Context;
use crate::source::{Converted, Reason, text};

/// Turns a row into a trial.
///
/// # Errors
/// A row without a number, or with one of no known registry.
pub(crate) fn convert(row: &Row, context: &mut Context<'_>) -> Result<Converted, Reason> {
    let (registry, trial_id) = identity::identify(row, context)?;
    let mut trial = Trial::new(registry, trial_id);
    names(&mut trial, row, context);
    dates::fill(&mut trial, row, context);
    ages::fill(&mut trial, row);
    criteria::fill(&mut trial, row);
    kind(&mut trial, row, context);
    status(&mut trial, row, context);
    size(&mut trial, row);
    trial.conditions = conditions::parse(registry, row.cell("condition"));
    interventions::fill(&mut trial, row.cell("intervention"), context);
    let primary = row.any(&["primary_outcome", "primary_outcomes"]);
    trial.primary_outcomes = outcomes::parse(registry, primary);
    trial.brief_summary = outcomes::objectives(registry, primary);
    let secondary = row.any(&["secondary_outcome", "secondary_outcomes"]);
    trial.secondary_outcomes = outcomes::parse(registry, secondary);
    people(&mut trial, row);
    countries(&mut trial, row, context);
    reviews_and_results(&mut trial, row);
    Ok(Converted::Record(Record::Trial(Box::new(trial))))
}

fn names(trial: &mut Trial, row: &Row, context: &Context<'_>) {
    trial.public_title = text::line(row.cell("public_title"));
    trial.scientific_title = text::line(row.cell("scientific_title"));
    trial.acronym = text::line(row.cell("acronym"));
    let address = row.any(&["web_address", "url"]);
    trial.url = is_address(address).then(|| address.to_owned());
    let numbers = row.any(&["secondary_id", "secondary_ids", "secondaryids"]);
    trial.secondary_ids = list(numbers);
    let written = trial.secondary_ids.iter().map(String::as_str);
    trial.registry_ids = context
        .identifiers
        .registry_numbers(&trial.trial_id, written);
}

fn is_address(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

/// Items separated by `;` or one a line.
fn list(cell: &str) -> Vec<String> {
    cell.split([';', '\n']).filter_map(text::line).collect()
}

fn kind(trial: &mut Trial, row: &Row, context: &mut Context<'_>) {
    let registry = trial.registry;
    let word = row.cell("study_type");
    trial.study_type = context.value(registry, |v| &v.study_type, word);
    trial.study_type_verbatim = text::line(word);
    trial.study_design = design::parse(registry, row.cell("study_design"), context);
    let word = row.cell("phase");
    trial.phase_verbatim = text::block(word);
    trial.phase = match registry {
        Registry::Euctr => euctr_phases(word, context),
        // The registry asks for it in interventional studies only; in spring 2020 WHO wrote one
        // into others too ("Phase 4" into NCT04255940, "N/A" into NCT04245631).
        Registry::Ctgov if trial.study_type != Some(StudyType::Interventional) => Vec::new(),
        _ => context.phases(registry, word),
    };
    let word = row.cell("inclusion_gender");
    trial.sex_verbatim = text::line(word);
    trial.sex = match yes_no_sex(word) {
        Some(sex) => context.value(registry, |v| &v.sex, sex),
        None => context.value(registry, |v| &v.sex, word),
    };
}

/// EUCTR's `Human pharmacology (Phase I): no`, one phase a line.
fn euctr_phases(cell: &str, context: &mut Context<'_>) -> Vec<crate::record::Phase> {
    let named = |line: &str| {
        let (label, answer) = line.rsplit_once(':')?;
        let phase = label
            .rsplit_once('(')?
            .1
            .trim_end()
            .trim_end_matches(')')
            .to_owned();
        (answer.trim() == "yes").then_some(phase)
    };
    if !cell.contains("(Phase") {
        return context.phases(Registry::Euctr, cell);
    }
    let phases: Vec<String> = cell.lines().filter_map(named).collect();
    phases
        .iter()
        .flat_map(|phase| context.phases(Registry::Euctr, phase))
        .collect()
}

/// EUCTR's `Female: yes`, `Male: no` as a word.
fn yes_no_sex(cell: &str) -> Option<&'static str> {
    let answer = |sex: &str| {
        let mut lines = cell.lines().filter_map(|line| line.trim().split_once(':'));
        let (_, answer) = lines.find(|(asked, _)| *asked == sex)?;
        Some(answer.trim() == "yes")
    };
    match (answer("Female")?, answer("Male")?) {
        (true, true) => Some("all"),
        (true, false) => Some("female"),
        (false, true) => Some("male"),
        (false, false) => None,
    }
}

fn status(trial: &mut Trial, row: &Row, context: &mut Context<'_>) {
    let word = row.cell("recruitment_status");
    trial.recruitment_status = context.value(trial.registry, |v| &v.recruitment_status, word);
    trial.recruitment_status_verbatim = text::line(word);
    // ChiCTR tells it nowhere else: "Cancelled by the investigator   Study for …" (ChiCTR2000030162).
    let title = trial.public_title.as_deref().unwrap_or_default();
    let begins = title.get(.."cancelled".len());
    if trial.registry == Registry::Chictr
        && begins.is_some_and(|word| word.eq_ignore_ascii_case("cancelled"))
    {
        trial.recruitment_status = Some(RecruitmentStatus::Withdrawn);
    }
}

fn size(trial: &mut Trial, row: &Row) {
    let words = text::line(row.any(&["target_size", "target_sample_size"]));
    trial.sample_size = words.as_deref().and_then(sample_size);
    let is_number = |words: &String| words.bytes().all(|b| b.is_ascii_digit());
    trial.sample_size_verbatim = words.filter(|words| !is_number(words));
}

/// `120`, `1,200`, `400 (200 in each arm)`, or the sum of ChiCTR's `group:100;group:100;`.
fn sample_size(words: &str) -> Option<u64> {
    let number = |text: &str| -> Option<u64> {
        let digits = text.trim().replace([',', ' '], "");
        digits.parse().ok()
    };
    if let Some(size) = number(words) {
        return Some(size);
    }
    if let Some((first, _)) = words.split_once('(')
        && let Some(size) = number(first)
    {
        return Some(size);
    }
    let mut sum = None;
    for group in words.split(';').filter(|group| !group.trim().is_empty()) {
        let (_, size) = group.rsplit_once([':', '：'])?;
        sum = Some(sum.unwrap_or(0_u64).checked_add(number(size)?)?);
    }
    sum
}

fn people(trial: &mut Trial, row: &Row) {
    let sponsor = text::line(row.cell("primary_sponsor"));
    trial.primary_sponsor = sponsor.filter(|sponsor| says_something(sponsor));
    trial.secondary_sponsors = list(row.any(&["secondary_sponsor", "secondary_sponsors"]));
    let support = list(row.any(&["source_support", "sources_of_support"]));
    let source = |name| SupportSource {
        name,
        ..SupportSource::default()
    };
    trial.support_sources = support.into_iter().map(source).collect();
    let mut contacts = contacts(row).into_iter();
    trial.public_contact = contacts.next();
    // WHO lists the public contact before the scientific one.
    trial.scientific_contact = contacts.next();
}

/// Names and institutions, one contact after another between `;`; addresses and numbers stay where they are.
fn contacts(row: &Row) -> Vec<Contact> {
    let column =
        |name: &str| -> Vec<Option<String>> { row.cell(name).split(';').map(text::line).collect() };
    let (first, last) = (column("contact_firstname"), column("contact_lastname"));
    let affiliations = column("contact_affiliation");
    let longest = first.len().max(last.len()).max(affiliations.len());
    let contact = |index: usize| {
        let part = |column: &[Option<String>]| column.get(index).cloned().flatten();
        let name = [part(&first), part(&last)];
        Contact {
            name: text::line(&name.map(Option::unwrap_or_default).join(" ")),
            affiliation: part(&affiliations),
            ..Contact::default()
        }
    };
    let contacts = (0..longest).map(contact);
    let told = contacts.filter(|contact| *contact != Contact::default());
    lists::once(told, |own| (own.name.clone(), own.affiliation.clone()))
}

fn countries(trial: &mut Trial, row: &Row, context: &mut Context<'_>) {
    let names = country_names(row.cell("countries"), context);
    trial.countries_verbatim = lists::once(names, String::clone);
    for name in &trial.countries_verbatim {
        if let Some((code, short)) = context.country(trial.registry, name)
            && !trial.countries.iter().any(|own| own == code)
        {
            trial.countries.push(code.to_owned());
            trial.country_names.push(short.to_owned());
        }
    }
}

/// Names between `;`; JPRN writes commas (`Japan,Asia(except Japan)`), which other names have within.
fn country_names(cell: &str, context: &Context<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for name in list(cell) {
        // A lost character (`China?`).
        let name = name.trim_end_matches('?').to_owned();
        let known = |name: &str| context.countries.lookup(name).is_some();
        let parts: Vec<&str> = name.split(',').collect();
        if !known(&name) && parts.len() > 1 && parts.iter().all(|part| known(part.trim())) {
            names.extend(parts.into_iter().filter_map(text::line));
        } else if !name.is_empty() {
            names.push(name);
        }
    }
    names
}

fn reviews_and_results(trial: &mut Trial, row: &Row) {
    let approved = row.any(&["ethics_approval_date", "ethics_review_approval_date"]);
    let date = dates::date(approved);
    let review = EthicsReview {
        committee: text::line(row.any(&["ethics_contact_name", "ethics_review_contact_name"])),
        status: text::line(row.any(&["ethics_status", "ethics_review_status"])),
        approval_date: date,
        approval_date_verbatim: text::line(approved)
            .filter(|words| date.is_none_or(|d| d.to_string() != *words)),
        ..EthicsReview::default()
    };
    if review != EthicsReview::default() {
        trial.ethics_review.push(review);
    }
    let told = row.cell("results_yes_no").to_ascii_lowercase();
    let address = row.any(&["results_url_link", "results_url"]);
    let results = SummaryResults {
        has_results: match told.as_str() {
            "yes" | "true" | "1" => Some(true),
            "no" | "false" | "0" => Some(false),
            _ => None,
        },
        first_posted_date: dates::date(row.cell("results_date_posted")),
        url: is_address(address).then(|| address.to_owned()),
        description: text::block(row.cell("results_summary")),
    };
    trial.summary_results = (results != SummaryResults::default()).then_some(results);
    let sharing = IpdSharing {
        plan: text::line(row.cell("results_ipd_plan")),
        description: text::block(row.cell("results_ipd_description")),
        ..IpdSharing::default()
    };
    trial.ipd_sharing = (sharing != IpdSharing::default()).then_some(sharing);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Phase, Provenance, Sex};
    use crate::schema::IndexSchema;
    use std::sync::LazyLock;

    static SCHEMA: LazyLock<IndexSchema> = LazyLock::new(|| IndexSchema::shipped().unwrap());

    fn trial(cells: &[(&str, &str)]) -> Trial {
        let provenance = Provenance::default();
        let mut context = Context::new(&SCHEMA, &provenance);
        match convert(&Row::new(cells.iter().copied()), &mut context) {
            Ok(Converted::Record(Record::Trial(trial))) => *trial,
            _ => panic!("no trial of {cells:?}"),
        }
    }

    #[test]
    fn the_size_of_a_trial_is_its_number_or_the_sum_of_its_groups() {
        for (words, size) in [
            ("120", Some(120)),
            ("1,200", Some(1200)),
            ("400 (200 in each arm)", Some(400)),
            ("experimental group :100;control group:150;", Some(250)),
            ("group:100;other:;", None),
            ("Inclusion at 2 months", None),
            ("", None),
        ] {
            assert_eq!(sample_size(words), size, "{words:?}");
        }
    }

    #[test]
    fn a_cancelled_chinese_trial_is_withdrawn() {
        let title = "Cancelled by the investigator         Study for X";
        let cells = [
            ("TrialID", "ChiCTR2000030162"),
            ("Public title", title),
            ("Recruitment Status", "Not Recruiting"),
        ];
        let trial = trial(&cells);
        assert_eq!(trial.recruitment_status, Some(RecruitmentStatus::Withdrawn));
        assert_eq!(
            trial.recruitment_status_verbatim.as_deref(),
            Some("Not Recruiting")
        );
    }

    #[test]
    fn the_answers_of_euctr_become_phases_and_a_sex() {
        let trial = trial(&[
            ("TrialID", "EUCTR2020-000890-25-FR"),
            (
                "Phase",
                "Human pharmacology (Phase I): no\nTherapeutic exploratory (Phase II): yes\nTherapeutic confirmatory - (Phase III): yes\nTherapeutic use (Phase IV): \n",
            ),
            ("Inclusion gender", "<br>Female: no<br>Male: yes<br>"),
            ("Recruitment Status", "Authorised"),
        ]);
        assert_eq!(trial.phase, [Phase::Phase2, Phase::Phase3]);
        assert_eq!(trial.sex, Some(Sex::Male));
        assert_eq!(trial.recruitment_status, Some(RecruitmentStatus::Unknown));
    }

    #[test]
    fn countries_become_codes_and_regions_stay_words() {
        let told = |cell: &str| trial(&[("TrialID", "JPRN-UMIN000039686"), ("Countries", cell)]);
        let trial = told("Japan,Asia(except Japan),North America");
        assert_eq!(trial.countries, ["JP"]);
        assert_eq!(
            trial.countries_verbatim,
            ["Japan", "Asia(except Japan)", "North America"]
        );
        assert_eq!(
            told("Korea, Republic of;China?;china").countries,
            ["KR", "CN"]
        );
    }

    #[test]
    fn contacts_keep_name_and_institution_only() {
        let trial = trial(&[
            ("TrialID", "ISRCTN80453162"),
            ("Contact Firstname", "Ruth;Sandip"),
            ("Contact Lastname", "Benson;Nandhra"),
            ("Contact Affiliation", ";Freeman Hospital"),
            ("Contact Email", "a@example.org"),
            ("Contact Tel", "+44 1"),
            ("Contact Address", "1 Road"),
        ]);
        let contact = |contact: Option<Contact>| contact.map(|c| (c.name, c.affiliation));
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            contact(trial.public_contact.clone()),
            Some((text("Ruth Benson"), None))
        );
        let second = Some((text("Sandip Nandhra"), text("Freeman Hospital")));
        assert_eq!(contact(trial.scientific_contact.clone()), second);
        let json = serde_json::to_string(&trial).unwrap();
        assert!(
            ["example.org", "+44", "Road"]
                .iter()
                .all(|own| !json.contains(own))
        );
    }

    #[test]
    fn secondary_numbers_of_other_registries_are_recognised() {
        let trial = trial(&[
            ("TrialID", "DRKS00021439"),
            ("SecondaryIDs", "NCT04246242;U1111-1282-5699; drks00021439"),
        ]);
        assert_eq!(trial.secondary_ids.len(), 3);
        assert_eq!(trial.registry_ids, ["NCT04246242"]);
    }
}
