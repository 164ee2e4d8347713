//! Rows of registries no other files are made of.

use super::super::Outcome;
use super::super::days::{self, Days};
use super::super::maker::{Draw, Maker, Part};
use super::super::mix::Kind;
use super::super::people;
use super::Row;
use super::cells;

pub(super) fn row(maker: &Maker<'_>, registry: &str, number: u64) -> Outcome<Row> {
    let mut trial = maker.trial(Kind::Ictrp, number)?;
    let days = trial.days();
    let mut row = identified(registry, number, &days);
    row.set_days(&days);
    let name = |field: &str| format!("ictrp.{registry}.{field}");

    let conditions = trial.part(Part::Conditions, |draw| cells::conditions(draw, registry))?;
    row.set("Condition", conditions);
    let interventions = trial.part(Part::Arms, |draw| cells::interventions(draw, registry))?;
    row.set("Intervention", interventions);
    let (public, scientific) = trial.part(Part::Titles, |draw| {
        let public = draw.line(&name("public_title"))?;
        Ok((public, draw.line(&name("scientific_title"))?))
    })?;
    row.set_titles(&public, &scientific);
    let outcomes = trial.part(Part::Outcomes, |draw| cells::outcomes(draw, registry))?;
    row.set("Primary outcome", outcomes);
    let participants = trial.part(Part::Criteria, |draw| participants(draw, registry))?;
    let kind = trial.part(Part::Status, |draw| kind(draw, registry))?;
    row.0.extend(participants.into_iter().chain(kind));
    let countries = trial.part(Part::Sites, |draw| countries(draw, registry))?;
    row.set("Countries", countries);
    let (sponsor, contact) = trial.part(Part::Rest, |draw| {
        Ok((draw.named("primary_sponsor")?, people::person(draw)?))
    })?;
    row.set("Primary sponsor", sponsor);
    row.set_contact(&contact);
    Ok(row)
}

/// Cells of a part.
type Cells = Vec<(&'static str, String)>;

fn participants(draw: &mut Draw<'_>, registry: &str) -> Outcome<Cells> {
    let name = |field: &str| format!("ictrp.{registry}.{field}");
    let mut cells = Vec::new();
    for (column, which, field) in [
        ("Inclusion Criteria", "Inclusion", "inclusion_criteria"),
        ("Exclusion Criteria", "Exclusion", "exclusion_criteria"),
    ] {
        if draw.chance(&name(field))? {
            let items = draw.items(&name(field))?;
            cells.push((column, cells::criteria(which, &items)));
        }
    }
    for (column, field) in [
        ("Inclusion agemin", "minimum_age"),
        ("Inclusion agemax", "maximum_age"),
        ("Inclusion gender", "sex"),
    ] {
        cells.push((column, draw.told(&name(field))?));
    }
    Ok(cells)
}

fn kind(draw: &mut Draw<'_>, registry: &str) -> Outcome<Cells> {
    let name = |field: &str| format!("ictrp.{registry}.{field}");
    let mut cells = Vec::new();
    for (column, field) in [
        ("Recruitment Status", "recruitment_status"),
        ("Study type", "study_type"),
        ("Study design", "study_design"),
        ("Phase", "phase"),
    ] {
        cells.push((column, draw.told(&name(field))?));
    }
    let size = draw.bins(&name("sample_size"))?;
    cells.push(("Target size", cells::size(registry, size)));
    Ok(cells)
}

/// Countries, as many as there are in a row. Some registries have few: one that came up before is
/// drawn again only so often.
fn countries(draw: &mut Draw<'_>, registry: &str) -> Outcome<String> {
    let name = format!("ictrp.{registry}.countries");
    let count = draw.count(&name)?;
    let mut countries = Vec::new();
    for _ in 0..4 * count {
        let country = draw.choice(&name)?;
        if countries.len() < count && !countries.contains(&country) {
            countries.push(country);
        }
    }
    Ok(countries.join(";"))
}

/// A row with the number its registry gives, the name WHO has for the registry, and the page.
fn identified(registry: &str, number: u64, days: &Days) -> Row {
    let id = id(registry, number, days);
    let page = match registry {
        "chictr" => format!("http://www.chictr.org.cn/showproj.aspx?proj={number}"),
        "euctr" => {
            // The number without its first letters and its member state.
            let eudract = id.get(5..19).unwrap_or_default();
            format!(
                "https://www.clinicaltrialsregister.eu/ctr-search/search?query=eudract_number:{eudract}"
            )
        }
        "ctri" => format!("http://www.ctri.nic.in/Clinicaltrials/pmaindet2.php?trialid={number}"),
        "drks" => format!("http://www.drks.de/{id}"),
        "isrctn" => format!("http://isrctn.com/{id}"),
        "anzctr" => format!("https://anzctr.org.au/{id}.aspx"),
        "jprn" => format!(
            "https://upload.umin.ac.jp/cgi-open-bin/ctr_e/ctr_view.cgi?recptno=R{number:09}"
        ),
        _ => format!("https://trialregister.nl/trial/{number}"),
    };
    let mut row = Row::new(register(registry), id);
    row.set("web address", page);
    row
}

fn register(registry: &str) -> &'static str {
    match registry {
        "chictr" => "ChiCTR",
        "euctr" => "EU Clinical Trials Register",
        "ctri" => "CTRI",
        "drks" => "German Clinical Trials Register",
        "isrctn" => "ISRCTN",
        "anzctr" => "ANZCTR",
        "jprn" => "JPRN",
        _ => "Netherlands Trial Register",
    }
}

/// Member states of which EUCTR's numbers end in one.
const STATES: [&str; 4] = ["ES", "FR", "GB", "DE"];

/// A number in the registry's form, higher than real ones where the form leaves room.
fn id(registry: &str, number: u64, days: &Days) -> String {
    let (year, month, _) = days::parts(days.first);
    match registry {
        "chictr" => format!("ChiCTR{}", 9_000_000_000 + number),
        "euctr" => {
            let (trial, check) = (number % 100_000, number / 100_000 % 100);
            let state = STATES[number as usize % STATES.len()];
            format!("EUCTR{}-0{trial:05}-{check:02}-{state}", year.max(2004))
        }
        "ctri" => format!(
            "CTRI/{}/{month:02}/{:06}",
            year.max(2007),
            number % 1_000_000
        ),
        "drks" => format!("DRKS{}", 90_000_000 + number),
        "isrctn" => format!("ISRCTN{}", 90_000_000 + number),
        "anzctr" => format!("ACTRN126{:02}{number:09}", year % 100),
        "jprn" => format!("JPRN-UMIN{}", 900_000_000 + number),
        _ => format!("NTR{number:03}"),
    }
}
