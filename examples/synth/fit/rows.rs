//! What is counted of the rows of WHO's exports and of IRCT's protocols.

use super::flatten;
use super::tally::{Plan, Tally};
use serde_json::Value;
use std::collections::BTreeMap;

/// What rows tell that is as long as a registrant makes it. Names of conditions, sponsors and persons
/// are drawn from those of ClinicalTrials.gov: all rows to be had are of one disease.
const LENGTHS: [&str; 13] = [
    "public_title",
    "scientific_title",
    "brief_summary",
    "conditions[].text",
    "interventions[].name",
    "interventions[].description",
    "primary_outcomes[].measure",
    "primary_outcomes[].time_frame",
    "primary_outcomes[].method",
    "inclusion_criteria",
    "exclusion_criteria",
    "countries_verbatim[]",
    "arms[].label",
];

const CHOICES: &[&str] = &[
    "study_design.verbatim",
    "recruitment_status_verbatim",
    "study_type_verbatim",
    "phase_verbatim",
    "sex_verbatim",
    "minimum_age_verbatim",
    "maximum_age_verbatim",
    "countries_verbatim[]",
];

/// IRCT's designs hold running text: they are made of their parts.
const WITHOUT_DESIGN: &[&str] = CHOICES.split_at(1).1;

const DESIGN_LENGTHS: [&str; 2] = [
    "study_design.randomization_description",
    "study_design.masking_description",
];

const DESIGN_CHOICES: [&str; 5] = [
    "study_design.allocation_verbatim",
    "study_design.masking_verbatim",
    "study_design.model_verbatim",
    "study_design.purpose_verbatim",
    "study_design.placebo_used",
];

/// What a protocol tells and a row does not.
const PROTOCOL: [&str; 8] = [
    "brief_summary",
    "detailed_description",
    "secondary_outcomes[].measure",
    "secondary_outcomes[].time_frame",
    "secondary_outcomes[].method",
    "sites[].facility",
    "support_sources[].name",
    "conditions[].codes[].term",
];

const PROTOCOL_CHOICES: [&str; 1] = ["interventions[].type_verbatim"];

/// Registries with a smaller share of the rows are left out.
const RARE: f64 = 0.004;

/// Wordings that are one registrant's own are no figures; names of countries are nobody's.
fn rare_wording(path: &str) -> (f64, usize) {
    match path {
        "countries_verbatim[]" => (RARE, 1),
        _ => (0.02, 3),
    }
}

pub(super) struct Rows {
    rows: usize,
    registries: BTreeMap<String, Tally>,
    irct_designs: Tally,
    protocols: Tally,
}

fn tally(
    prefix: &str,
    lengths: &'static [&'static str],
    choices: &'static [&'static str],
) -> Tally {
    Tally::new(Plan {
        prefix: prefix.to_owned(),
        lengths,
        choices,
        rare: rare_wording,
    })
}

impl Rows {
    pub(super) fn new() -> Self {
        Rows {
            rows: 0,
            registries: BTreeMap::new(),
            irct_designs: tally("ictrp.irct.", &DESIGN_LENGTHS, &DESIGN_CHOICES),
            protocols: tally("irct.", &PROTOCOL, &PROTOCOL_CHOICES),
        }
    }

    pub(super) fn add_row(&mut self, record: &Value) {
        let Some(registry) = record["registry"].as_str() else {
            return;
        };
        let found = flatten(record);
        self.rows += 1;
        if registry == "irct" {
            self.irct_designs.add(record, &found);
        }
        let choices = match registry {
            "irct" => WITHOUT_DESIGN,
            _ => CHOICES,
        };
        let of_registry = self
            .registries
            .entry(registry.to_owned())
            .or_insert_with(|| tally(&format!("ictrp.{registry}."), &LENGTHS, choices));
        of_registry.add(record, &found);
    }

    pub(super) fn add_protocol(&mut self, record: &Value) {
        self.protocols.add(record, &flatten(record));
    }

    pub(super) fn print(&self) {
        let share = |tally: &Tally| tally.records() as f64 / self.rows.max(1) as f64;
        let often = || {
            self.registries
                .iter()
                .filter(|(_, tally)| share(tally) >= RARE)
        };
        for (registry, tally) in often() {
            println!("choice\tictrp.registry\t{registry}\t{:.4}", share(tally));
        }
        // ClinicalTrials.gov's rows are made of its studies.
        for (_, tally) in often().filter(|(registry, _)| *registry != "ctgov") {
            tally.print();
        }
        self.irct_designs.print_parts();
        self.protocols.print_parts();
    }
}
