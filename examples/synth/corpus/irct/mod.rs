//! Protocols of the Iranian registry.
//!
//! Two real ones and the registry's 234 rows in WHO's exports are what the figures were taken from:
//! what rows tell has the lengths and values of the rows, the rest those of the two.

mod text;

use super::Outcome;
use super::days::{self, Days};
use super::draw::Rng;
use super::maker::{Draw, Maker, Part};
use super::mix::Kind;
use super::people::{self, Person};

/// A protocol's parts.
pub(super) struct Protocol {
    pub(super) id: String,
    /// The number of its page, which is none of the trial's numbers.
    pub(super) page: u64,
    pub(super) days: Days,
    pub(super) public_title: String,
    pub(super) scientific_title: String,
    pub(super) conditions: Vec<Condition>,
    /// What each group gets, after the group's name.
    pub(super) interventions: Vec<String>,
    category: String,
    summary: Summary,
    pub(super) primary: Vec<Measured>,
    secondary: Vec<Measured>,
    pub(super) inclusion: String,
    pub(super) exclusion: String,
    pub(super) minimum_age: String,
    pub(super) maximum_age: String,
    pub(super) gender: String,
    /// In WHO's words.
    pub(super) status: String,
    pub(super) phase: String,
    pub(super) design: Design,
    pub(super) size: usize,
    centers: Vec<String>,
    sponsors: Vec<Person>,
    pub(super) general: Person,
    scientific: Person,
}

pub(super) struct Condition {
    pub(super) name: String,
    /// Of ICD-10, with its term.
    pub(super) code: String,
    pub(super) term: String,
}

/// An outcome.
pub(super) struct Measured {
    measure: String,
    time: String,
    method: String,
}

pub(super) struct Design {
    allocation: String,
    masking: String,
    placebo: &'static str,
    model: String,
    purpose: String,
    randomization: String,
    masking_description: String,
}

/// The running texts of both generations of the template.
struct Summary {
    whole: String,
    conduct: String,
}

/// So many trials of a registrant in a row: a number's stem is the registrant's.
const TRIALS: u64 = 3;

/// The page of the first protocol.
const PAGE: u64 = 90_000_000;

impl Maker<'_> {
    /// The protocol of a number as its file is named and what stands in it.
    pub(crate) fn protocol_file(&self, number: u64) -> Outcome<(String, String)> {
        let protocol = self.protocol(number)?;
        Ok((format!("{}.txt", protocol.id), text::of(&protocol)))
    }

    pub(super) fn protocol(&self, number: u64) -> Outcome<Protocol> {
        let mut trial = self.trial(Kind::Irct, number)?;
        let conditions = trial.part(Part::Conditions, conditions)?;
        let interventions = trial.part(Part::Arms, interventions)?;
        let (public_title, scientific_title) = trial.part(Part::Titles, titles)?;
        let summary = trial.part(Part::Summary, summary)?;
        let (primary, secondary) = trial.part(Part::Outcomes, |draw| {
            let primary = outcomes(draw, "ictrp.irct.primary_outcomes[]")?;
            Ok((primary, outcomes(draw, "irct.secondary_outcomes[]")?))
        })?;
        let (inclusion, exclusion) = trial.part(Part::Criteria, criteria)?;
        let [minimum_age, maximum_age, gender] = trial.part(Part::Criteria, |draw| {
            told(draw, ["minimum_age", "maximum_age", "sex"])
        })?;
        let [status, phase] = trial.part(Part::Status, |draw| {
            told(draw, ["recruitment_status", "phase"])
        })?;
        let (design, size) = trial.part(Part::Status, |draw| {
            Ok((design(draw)?, draw.bins("ictrp.irct.sample_size")?))
        })?;
        let category = trial.part(Part::Arms, |draw| draw.choice("irct.interventions[].type"))?;
        let centers = trial.part(Part::Sites, centers)?;
        let sponsors = trial.part(Part::Rest, sponsors)?;
        let (general, scientific) = trial.part(Part::Rest, |draw| {
            Ok((people::person(draw)?, people::person(draw)?))
        })?;
        Ok(Protocol {
            id: self.id(number),
            page: PAGE + number,
            days: trial.days(),
            public_title,
            scientific_title,
            conditions,
            interventions,
            category,
            summary,
            primary,
            secondary,
            inclusion,
            exclusion,
            minimum_age,
            maximum_age,
            gender,
            status,
            phase,
            design,
            size,
            centers,
            sponsors,
            general,
            scientific,
        })
    }

    /// `IRCT` and the day the registrant came, the registrant's number, `N` and the trial's among the
    /// registrant's.
    fn id(&self, number: u64) -> String {
        let registrant = number / TRIALS;
        let came = Days::drawn(
            &mut Rng::of(&[self.stream(Kind::Irct), registrant, 3]),
            None,
        );
        format!(
            "IRCT{}{:06}N{}",
            days::compact(came.first),
            registrant % 1_000_000,
            number % TRIALS + 1
        )
    }
}

impl Protocol {
    pub(super) fn sponsor(&self) -> &str {
        let first = self.sponsors.first();
        first.map_or("", |sponsor| &sponsor.organisation)
    }
}

impl Measured {
    /// As WHO's rows tell it.
    pub(super) fn in_a_row(&self) -> String {
        format!(
            "{}. Timepoint: {}. Method of measurement: {}.;",
            self.measure, self.time, self.method
        )
    }
}

impl Design {
    /// As WHO's rows tell it.
    pub(super) fn in_a_row(&self) -> String {
        let mut cell = format!(
            "Randomization: {}, Blinding: {}, Placebo: {}, Assignment: {}, Purpose: {}",
            self.allocation, self.masking, self.placebo, self.model, self.purpose
        );
        for (label, text) in [
            ("Randomization", &self.randomization),
            ("Blinding", &self.masking_description),
        ] {
            if !text.is_empty() {
                cell.push_str(&format!(", {label} description: {text}"));
            }
        }
        cell
    }
}

/// Values of few kinds as the rows have them.
fn told<const N: usize>(draw: &mut Draw<'_>, fields: [&str; N]) -> Outcome<[String; N]> {
    let mut values = [const { String::new() }; N];
    for (value, field) in values.iter_mut().zip(fields) {
        *value = draw.told(&format!("ictrp.irct.{field}"))?;
    }
    Ok(values)
}

fn conditions(draw: &mut Draw<'_>) -> Outcome<Vec<Condition>> {
    let mut conditions = Vec::new();
    for _ in 0..draw.count("ictrp.irct.conditions")? {
        let name = draw.named("conditions")?;
        let letter = char::from(b'A' + draw.rng.below(26) as u8);
        let code = format!("{letter}{:02}.{}", draw.rng.below(100), draw.rng.below(10));
        let term = draw.line("irct.conditions[].codes")?;
        conditions.push(Condition { name, code, term });
    }
    Ok(conditions)
}

fn interventions(draw: &mut Draw<'_>) -> Outcome<Vec<String>> {
    let mut groups = Vec::new();
    for place in 0..draw.count("ictrp.irct.interventions[].description")? {
        let group = if place == 1 {
            "Control"
        } else {
            "Intervention"
        };
        let text = draw.prose("ictrp.irct.interventions[].description")?;
        groups.push(format!("{group} group: {text}"));
    }
    Ok(groups)
}

fn titles(draw: &mut Draw<'_>) -> Outcome<(String, String)> {
    let public = draw.line("ictrp.irct.public_title")?;
    Ok((public, draw.line("ictrp.irct.scientific_title")?))
}

fn summary(draw: &mut Draw<'_>) -> Outcome<Summary> {
    Ok(Summary {
        whole: draw.prose("irct.brief_summary")?,
        // One of the parts, the others of which are made of what the protocol tells elsewhere, has a
        // quarter of the words of all.
        conduct: {
            let words = draw.bins("irct.detailed_description")? / 4;
            draw.prose_of(words)
        },
    })
}

fn outcomes(draw: &mut Draw<'_>, path: &str) -> Outcome<Vec<Measured>> {
    let mut outcomes = Vec::new();
    for _ in 0..draw.count(&format!("{path}.measure"))? {
        outcomes.push(Measured {
            measure: draw.line(&format!("{path}.measure"))?,
            time: draw.line(&format!("{path}.time_frame"))?,
            method: draw.line(&format!("{path}.method"))?,
        });
    }
    Ok(outcomes)
}

fn criteria(draw: &mut Draw<'_>) -> Outcome<(String, String)> {
    let inclusion = draw.items("ictrp.irct.inclusion_criteria")?;
    Ok((inclusion, draw.items("ictrp.irct.exclusion_criteria")?))
}

fn design(draw: &mut Draw<'_>) -> Outcome<Design> {
    let [allocation, masking, model, purpose, placebo] = told(
        draw,
        [
            "study_design.allocation",
            "study_design.masking",
            "study_design.model",
            "study_design.purpose",
            "study_design.placebo_used",
        ],
    )?;
    let placebo = if placebo == "true" {
        "Used"
    } else {
        "Not used"
    };
    let mut described = |field: &str| -> Outcome<String> {
        let name = format!("ictrp.irct.study_design.{field}");
        match draw.chance(&name)? {
            true => draw.prose(&name),
            false => Ok(String::new()),
        }
    };
    Ok(Design {
        randomization: described("randomization_description")?,
        masking_description: described("masking_description")?,
        allocation,
        masking,
        placebo,
        model,
        purpose,
    })
}

fn centers(draw: &mut Draw<'_>) -> Outcome<Vec<String>> {
    let count = draw.count("irct.sites[].facility")?;
    (0..count).map(|_| draw.named("sites[].facility")).collect()
}

fn sponsors(draw: &mut Draw<'_>) -> Outcome<Vec<Person>> {
    // A funding source that is no sponsor stands above the sponsors in older protocols.
    let count = draw.count("irct.support_sources[].name")?.max(1);
    (0..count).map(|_| people::person(draw)).collect()
}
