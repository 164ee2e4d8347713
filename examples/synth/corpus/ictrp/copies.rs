//! Rows of trials whose registry's own files are made too.

use super::super::ctgov::SUBMITTED;
use super::super::days::{self, Days};
use super::super::irct::{Condition, Protocol};
use super::super::words::capital;
use super::Row;
use super::cells;
use serde_json::Value;

/// The row of a study of ClinicalTrials.gov.
pub(super) fn of_study(study: &Value, days: &Days) -> Row {
    let section = &study["protocolSection"];
    let id = text(&section["identificationModule"]["nctId"]);
    let mut row = Row::new("ClinicalTrials.gov", id.to_owned());
    row.set(
        "web address",
        format!("https://clinicaltrials.gov/show/{id}"),
    );
    titles(&mut row, &section["identificationModule"]);
    history(&mut row, &section["statusModule"], days);
    design(&mut row, &section["designModule"]);
    participants(&mut row, &section["eligibilityModule"]);
    people(&mut row, section);
    let conditions = &section["conditionsModule"]["conditions"];
    row.set("Condition", joined(list(conditions).map(text)));
    let interventions = list(&section["armsInterventionsModule"]["interventions"]);
    let typed = |own: &Value| format!("{}: {}", words(text(&own["type"])), text(&own["name"]));
    row.set("Intervention", joined(interventions.map(typed)));
    let outcomes = list(&section["outcomesModule"]["primaryOutcomes"]);
    row.set(
        "Primary outcome",
        joined(outcomes.map(|own| text(&own["measure"]))),
    );
    row
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn joined(parts: impl Iterator<Item = impl AsRef<str>>) -> String {
    let mut cell = String::new();
    for part in parts {
        cell.push_str(if cell.is_empty() { "" } else { ";" });
        cell.push_str(part.as_ref());
    }
    cell
}

/// `DIETARY_SUPPLEMENT` as the registry's older files and WHO write it: `Dietary Supplement`.
fn words(value: &str) -> String {
    if value == "NA" {
        return "N/A".to_owned();
    }
    let words: Vec<String> = value
        .split('_')
        .map(|word| capital(&word.to_lowercase()))
        .collect();
    words.join(" ")
}

fn titles(row: &mut Row, module: &Value) {
    let public = text(&module["briefTitle"]);
    let official = module["officialTitle"].as_str();
    row.set("Public title", public);
    row.set("Scientific title", official.unwrap_or(public));
}

fn history(row: &mut Row, module: &Value, days: &Days) {
    row.set_days(days);
    // WHO tells the day it was submitted, not posted.
    let registered = days.first - SUBMITTED;
    row.set("Date registration", days::slashed(registered));
    row.set("Date registration3", days::compact(registered));
    row.set("Date enrollement", days::american(days.start));
    let status = match text(&module["overallStatus"]) {
        "RECRUITING" => "Recruiting",
        _ => "Not recruiting",
    };
    row.set("Recruitment Status", status);
}

fn design(row: &mut Row, module: &Value) {
    let info = &module["designInfo"];
    let told = |label: &str, value: &Value, end: &str| {
        let value = value.as_str()?;
        Some(format!("{label}: {}{end}. ", words(value)))
    };
    let masking = match text(&info["maskingInfo"]["masking"]) {
        "NONE" => Some("Masking: None (Open Label). ".to_owned()),
        _ => told("Masking", &info["maskingInfo"]["masking"], ""),
    };
    let design: String = [
        told("Allocation", &info["allocation"], ""),
        told(
            "Intervention model",
            &info["interventionModel"],
            " Assignment",
        ),
        told("Primary purpose", &info["primaryPurpose"], ""),
        masking,
        told("Observational model", &info["observationalModel"], ""),
        told("Time perspective", &info["timePerspective"], ""),
    ]
    .into_iter()
    .flatten()
    .collect();
    row.set("Study design", design);
    row.set("Study type", words(text(&module["studyType"])));
    let phases: Vec<String> = list(&module["phases"])
        .map(|phase| {
            words(text(phase))
                .replace("hase", "hase ")
                .replace("  ", " ")
        })
        .collect();
    row.set("Phase", phases.join("/"));
    row.set("Target size", module["enrollmentInfo"]["count"].to_string());
}

fn participants(row: &mut Row, module: &Value) {
    let criteria = text(&module["eligibilityCriteria"]);
    let criteria = criteria
        .replace("\n* ", "\n          -  ")
        .replace('\n', "<br>");
    row.set(
        "Inclusion Criteria",
        format!("<br>        {criteria}<br>      "),
    );
    row.set("Inclusion gender", words(text(&module["sex"])));
    let age = |key: &str| module[key].as_str().unwrap_or("N/A");
    row.set("Inclusion agemin", age("minimumAge"));
    row.set("Inclusion agemax", age("maximumAge"));
}

fn people(row: &mut Row, section: &Value) {
    let sponsors = &section["sponsorCollaboratorsModule"];
    row.set("Primary sponsor", text(&sponsors["leadSponsor"]["name"]));
    let contacts = &section["contactsLocationsModule"];
    let mut countries: Vec<&str> = list(&contacts["locations"])
        .map(|site| text(&site["country"]))
        .collect();
    countries.sort_unstable();
    countries.dedup();
    row.set("Countries", countries.join(";"));
    let officials = || list(&contacts["overallOfficials"]).take(2);
    row.set("Contact Firstname", " ; ");
    row.set(
        "Contact Lastname",
        joined(officials().map(|own| text(&own["name"]))),
    );
    row.set(
        "Contact Affiliation",
        joined(officials().map(|own| text(&own["affiliation"]))),
    );
}

/// The row of a protocol of the Iranian registry.
pub(super) fn of_protocol(protocol: &Protocol) -> Row {
    let mut row = Row::new("IRCT", protocol.id.clone());
    row.set_days(&protocol.days);
    row.set("Date registration", days::iso(protocol.days.first));
    row.set("Date enrollement", days::iso(protocol.days.start));
    row.set_titles(&protocol.public_title, &protocol.scientific_title);
    row.set_contact(&protocol.general);
    row.set(
        "web address",
        format!("http://en.irct.ir/trial/{}", protocol.page),
    );
    row.set("Recruitment Status", protocol.status.as_str());
    row.set("Primary sponsor", protocol.sponsor());
    row.set("Study type", "interventional");
    row.set("Study design", protocol.design.in_a_row());
    row.set("Phase", protocol.phase.as_str());
    row.set("Target size", protocol.size.to_string());
    row.set("Countries", "Iran (Islamic Republic of)");
    row.set("Inclusion agemin", protocol.minimum_age.as_str());
    row.set("Inclusion agemax", protocol.maximum_age.as_str());
    row.set("Inclusion gender", protocol.gender.as_str());
    row.set(
        "Inclusion Criteria",
        cells::criteria("Inclusion", &protocol.inclusion),
    );
    row.set(
        "Exclusion Criteria",
        cells::criteria("Exclusion", &protocol.exclusion),
    );
    let condition = |own: &Condition| format!("{}. <br>{};{}", own.name, own.term, own.code);
    row.set(
        "Condition",
        joined(protocol.conditions.iter().map(condition)),
    );
    row.set("Intervention", cells::numbered(&protocol.interventions));
    let outcomes: String = protocol.primary.iter().map(|own| own.in_a_row()).collect();
    row.set("Primary outcome", outcomes.trim_end_matches(';'));
    row
}
