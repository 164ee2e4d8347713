//! A protocol as the registry's export turned into text: labels and values on lines of their own,
//! with empty lines between.

use super::super::days;
use super::super::people::Person;
use super::{Measured, Protocol};

/// The registry changed its template in 2018: six parts took the place of the summary.
const NEW_TEMPLATE: u16 = 2018;

pub(super) fn of(protocol: &Protocol) -> String {
    let mut text = Text(String::with_capacity(12 << 10));
    text.line("");
    text.line("Clinical Trial Protocol");
    text.line("Iranian Registry of Clinical Trials");
    text.line(&days::spelled(protocol.days.updated));
    text.line(&protocol.scientific_title);
    summary(&mut text, protocol);
    registration(&mut text, protocol);
    participants(&mut text, protocol);
    design(&mut text, protocol);
    ethics(&mut text, protocol);
    conditions(&mut text, protocol);
    outcomes(&mut text, "Primary outcomes", &protocol.primary);
    outcomes(&mut text, "Secondary outcomes", &protocol.secondary);
    interventions(&mut text, protocol);
    centers(&mut text, protocol);
    sponsors(&mut text, protocol);
    for (duty, person) in [
        ("general inquiries", &protocol.general),
        ("scientific inquiries", &protocol.scientific),
        ("updating data", &protocol.general),
    ] {
        text.line(&format!("Person responsible for {duty}"));
        text.line("Contact");
        text.told("Name of organization / entity", &person.organisation);
        text.told("Full name of responsible person", &person.name);
        text.told("Position", "Professor");
        text.address(person);
    }
    sharing(&mut text);
    text.0
}

struct Text(String);

impl Text {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push_str("\n\n");
    }

    /// A label and its value; of an empty field the registry prints the label alone.
    fn told(&mut self, label: &str, value: &str) {
        self.line(label);
        if !value.is_empty() {
            self.line(value);
        }
    }

    fn address(&mut self, person: &Person) {
        self.told("Street address", "");
        self.told("City", &person.city);
        self.told("Province", &person.city);
        self.told("Postal code", "");
        self.told("Phone", &person.phone);
        self.told("Email", &person.email);
    }
}

fn is_new(protocol: &Protocol) -> bool {
    days::parts(protocol.days.first).0 >= NEW_TEMPLATE
}

fn summary(text: &mut Text, protocol: &Protocol) {
    text.line("Protocol summary");
    if !is_new(protocol) {
        text.told("Summary", &protocol.summary.whole);
        return;
    }
    text.told("Study aim", &protocol.scientific_title);
    let design = &protocol.design;
    text.told(
        "Design",
        &format!(
            "Clinical trial, {}, {}, phase {} on {} patients",
            design.allocation.to_lowercase(),
            design.masking.to_lowercase(),
            protocol.phase,
            protocol.size
        ),
    );
    text.told("Settings and conduct", &protocol.summary.conduct);
    // Registrants tell the main criteria here.
    let main = |items: &str| {
        in_a_line(items)
            .split(". ")
            .take(3)
            .collect::<Vec<_>>()
            .join("; ")
    };
    text.told(
        "Participants/Inclusion and exclusion criteria",
        &format!(
            "Inclusion criteria: {} Exclusion criteria: {}",
            main(&protocol.inclusion),
            main(&protocol.exclusion)
        ),
    );
    text.told("Intervention groups", &protocol.interventions.join(" "));
    let measures: Vec<&str> = protocol
        .primary
        .iter()
        .map(|own| own.measure.as_str())
        .collect();
    text.told("Main outcome variables", &measures.join("; "));
}

/// Criteria one after another, as the registry's text has them.
fn in_a_line(items: &str) -> String {
    items.trim_start_matches("* ").replace("\n* ", " ")
}

fn registration(text: &mut Text, protocol: &Protocol) {
    let days = &protocol.days;
    let timing = match days.first <= days.start {
        true => "prospective",
        false => "registered_while_recruiting",
    };
    text.line("General information");
    text.told("Acronym", "");
    text.line("IRCT registration information");
    text.line(&format!("IRCT registration number: **{}**", protocol.id));
    text.line(&format!(
        "Registration date: **{}**",
        days::pair(days.first)
    ));
    text.line(&format!("Registration timing: **{timing}**"));
    text.line(&format!("Last update: **{}**", days::pair(days.updated)));
    text.line("Update count: **0**");
    text.told("Registration date", &days::pair(days.first));
    text.line("Registrant information");
    text.told("Name", &protocol.general.name);
    text.told(
        "Name of organization / entity",
        &protocol.general.organisation,
    );
    text.told("Country", "Iran (Islamic Republic of)");
    text.told("Phone", &protocol.general.phone);
    text.told("Email address", &protocol.general.email);
    let status = match protocol.status.as_str() {
        "Recruiting" => "Recruiting",
        _ => "Recruitment complete",
    };
    text.told("Recruitment status", status);
    text.told("Funding source", "");
    text.told("Expected recruitment start date", &days::pair(days.start));
    text.told("Expected recruitment end date", &days::pair(days.end));
    for date in [
        "Actual recruitment start date",
        "Actual recruitment end date",
        "Trial completion date",
    ] {
        text.told(date, "empty");
    }
    text.told("Scientific title", &protocol.scientific_title);
    text.told("Public title", &protocol.public_title);
    text.told("Purpose", &protocol.design.purpose);
}

fn participants(text: &mut Text, protocol: &Protocol) {
    text.line("Inclusion/Exclusion criteria");
    text.told("Inclusion criteria:", &in_a_line(&protocol.inclusion));
    text.told("Exclusion criteria:", &in_a_line(&protocol.exclusion));
    let limit = |age: &str| (!age.is_empty() && age != "no limit").then(|| age.to_owned());
    let age = match (limit(&protocol.minimum_age), limit(&protocol.maximum_age)) {
        (Some(from), Some(to)) => format!("From **{from}** old to **{to}** old"),
        (Some(from), None) => format!("From **{from}** old"),
        (None, Some(to)) => format!("To **{to}** old"),
        (None, None) => "No age limit".to_owned(),
    };
    text.told("Age", &age);
    text.told("Gender", &protocol.gender);
    text.told("Phase", &protocol.phase);
}

fn design(text: &mut Text, protocol: &Protocol) {
    let design = &protocol.design;
    text.told("Groups that have been masked", "No information");
    text.line("Sample size");
    text.line(&format!("Target sample size: **{}**", protocol.size));
    text.told("Randomization (investigator's opinion)", &design.allocation);
    text.told("Randomization description", &design.randomization);
    text.told("Blinding (investigator's opinion)", &design.masking);
    text.told("Blinding description", &design.masking_description);
    text.told("Placebo", design.placebo);
    text.told("Assignment", &design.model);
    text.told("Other design features", "");
    text.told("Secondary Ids", "empty");
}

fn ethics(text: &mut Text, protocol: &Protocol) {
    let day = protocol.days.first - 60;
    text.line("Ethics committees");
    text.line("1");
    text.line("Ethics committee");
    let committee = format!("Ethics Committee of {}", protocol.general.organisation);
    text.told("Name of ethics committee", &committee);
    text.told("Street address", "");
    text.told("City", &protocol.general.city);
    text.told("Province", &protocol.general.city);
    text.told("Postal code", "");
    text.told("Approval date", &days::pair(day));
    let year = days::jalali(day).0;
    let reference = format!("IR.MADE.REC.{year}.{}", protocol.page % 1000 + 1);
    text.told("Ethics committee reference number", &reference);
}

fn conditions(text: &mut Text, protocol: &Protocol) {
    text.line("Health conditions studied");
    for (place, condition) in protocol.conditions.iter().enumerate() {
        text.line(&(place + 1).to_string());
        text.told("Description of health condition studied", &condition.name);
        text.told("ICD-10 code", &condition.code);
        text.told("ICD-10 code description", &condition.term);
    }
}

fn outcomes(text: &mut Text, heading: &str, outcomes: &[Measured]) {
    text.line(heading);
    if outcomes.is_empty() {
        text.line("empty");
    }
    for (place, outcome) in outcomes.iter().enumerate() {
        text.line(&(place + 1).to_string());
        text.told("Description", &outcome.measure);
        text.told("Timepoint", &outcome.time);
        text.told("Method of measurement", &outcome.method);
    }
}

fn interventions(text: &mut Text, protocol: &Protocol) {
    text.line("Intervention groups");
    for (place, group) in protocol.interventions.iter().enumerate() {
        text.line(&(place + 1).to_string());
        text.told("Description", group);
        text.told("Category", &protocol.category);
    }
}

fn centers(text: &mut Text, protocol: &Protocol) {
    text.line("Recruitment centers");
    for (place, center) in protocol.centers.iter().enumerate() {
        text.line(&(place + 1).to_string());
        text.line("Recruitment center");
        text.told("Name of recruitment center", center);
        text.told("Full name of responsible person", &protocol.scientific.name);
        text.address(&protocol.scientific);
    }
}

fn sponsors(text: &mut Text, protocol: &Protocol) {
    text.line("Sponsors / Funding sources");
    for (place, sponsor) in protocol.sponsors.iter().enumerate() {
        text.line(&(place + 1).to_string());
        text.line("Sponsor");
        text.told("Name of organization / entity", &sponsor.organisation);
        text.told("Full name of responsible person", &sponsor.name);
        text.address(sponsor);
        text.told("Grant name", "");
        text.told("Grant code / Reference number", "");
        text.told(
            "Is the source of funding the same sponsor organization/entity?",
            "Yes",
        );
        text.told("Title of funding source", &sponsor.organisation);
        text.told("Proportion provided by this source", "100");
        text.told("Public or private sector", "Public");
        text.told("Domestic or foreign origin", "Domestic");
        text.told("Category of foreign source of funding", "empty");
        text.told("Country of origin", "");
        text.told("Type of organization providing the funding", "Academic");
    }
}

fn sharing(text: &mut Text) {
    text.line("Sharing plan");
    for document in [
        "Deidentified Individual Participant Data Set (IPD)",
        "Study Protocol",
        "Statistical Analysis Plan",
        "Informed Consent Form",
        "Clinical Study Report",
        "Analytic Code",
        "Data Dictionary",
    ] {
        text.told(document, "Not applicable");
    }
}
