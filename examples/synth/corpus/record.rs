//! A study as ClinicalTrials.gov's API v2 tells it.

use super::Outcome;
use super::draw::{Rng, number_of};
use super::figures::Figures;
use super::words::{Words, spelled};
use serde_json::{Map, Value, json};
use trialdex::index::Timestamp;

/// What changes by itself in a night.
#[derive(Clone, Copy)]
enum Part {
    Status,
    Conditions,
    Titles,
    Summary,
    Arms,
    Outcomes,
    Criteria,
    Sites,
    Rest,
}

/// Every part with the figure that tells how often a change of a record is one of it. Two vintages of a
/// record with summaries, sites and sponsors were not to be had: they are taken to change as titles,
/// as the status and as conditions do.
const PARTS: [(Part, &str); 9] = [
    (Part::Status, "changes.status"),
    (Part::Conditions, "changes.conditions"),
    (Part::Titles, "changes.titles"),
    (Part::Summary, "changes.titles"),
    (Part::Arms, "changes.arms"),
    (Part::Outcomes, "changes.outcomes"),
    (Part::Criteria, "changes.criteria"),
    (Part::Sites, "changes.status"),
    (Part::Rest, "changes.conditions"),
];

/// One record of so many changes in a night.
const CHANGED: u64 = 100;

/// Days from 1970 to the first registration, 1 January 2000, and days in which the others follow.
const FIRST_DAY: i64 = 10_957;
const DAYS: usize = 9_300;

/// The day of the first night.
const NIGHT: i64 = 20_454;

/// Makes records.
pub(crate) struct Maker<'f> {
    figures: &'f Figures,
    words: Words<'f>,
    seed: u64,
    night: u64,
}

impl<'f> Maker<'f> {
    /// `night` nights after the first; the same seed makes the same records.
    pub(crate) fn new(figures: &'f Figures, seed: u64, night: u64) -> Outcome<Self> {
        let words = Words::new(figures)?;
        Ok(Maker {
            figures,
            words,
            seed,
            night,
        })
    }

    /// The study of a number, of which there is no end.
    pub(crate) fn study(&self, number: u64) -> Outcome<Value> {
        let mut study = Study {
            maker: self,
            number,
            changes: self.changes(number)?,
            topic: Vec::new(),
        };
        study.json()
    }

    /// How often each part has changed by now, and in which night any last did.
    fn changes(&self, number: u64) -> Outcome<Changes> {
        let mut changes = Changes::default();
        for night in 1..=self.night {
            let mut rng = Rng::of(&[self.seed, number, night]);
            if !rng.next().is_multiple_of(CHANGED) {
                continue;
            }
            changes.night = Some(night);
            for (part, name) in PARTS {
                changes.versions[part as usize] +=
                    u64::from(rng.chance(self.figures.number(name)?));
            }
        }
        Ok(changes)
    }
}

#[derive(Default)]
struct Changes {
    versions: [u64; PARTS.len()],
    night: Option<u64>,
}

struct Study<'m> {
    maker: &'m Maker<'m>,
    number: u64,
    changes: Changes,
    /// The words the record spoke of so far.
    topic: Vec<u64>,
}

/// What a part is drawn with.
struct Draw<'d> {
    figures: &'d Figures,
    words: &'d Words<'d>,
    rng: Rng,
    topic: &'d mut Vec<u64>,
}

impl Draw<'_> {
    fn bins(&mut self, name: &str) -> Outcome<usize> {
        Ok(self.figures.bins(name)?.draw(&mut self.rng))
    }

    fn chance(&mut self, name: &str) -> Outcome<bool> {
        Ok(self.rng.chance(self.figures.number(name)?))
    }

    fn choice(&mut self, name: &str) -> Outcome<String> {
        Ok(self.figures.choice(name)?.draw(&mut self.rng).to_owned())
    }

    /// A value of many kinds: the same rank has the same name in every record.
    fn named(&mut self, pool: &str) -> Outcome<String> {
        let rank = self.figures.curve(pool)?.draw(&mut self.rng);
        let mut rng = Rng::of(&[number_of(pool), rank]);
        let count = self.figures.bins(pool)?.draw(&mut rng);
        Ok(self.words.name(&mut rng, count, self.topic))
    }

    fn some_named(&mut self, pool: &str) -> Outcome<Vec<String>> {
        let count = self.bins(&format!("{pool}.count"))?;
        (0..count).map(|_| self.named(pool)).collect()
    }

    fn line(&mut self, name: &str) -> Outcome<String> {
        let count = self.bins(name)?;
        Ok(self.words.line(&mut self.rng, count, self.topic))
    }

    fn prose(&mut self, name: &str) -> Outcome<String> {
        let count = self.bins(name)?;
        Ok(self.words.prose(&mut self.rng, count, self.topic))
    }

    fn items(&mut self, name: &str) -> Outcome<String> {
        let count = self.bins(name)?;
        Ok(self.words.items(&mut self.rng, count, self.topic))
    }

    /// Adds a text where the figures say that as many have one.
    fn add_prose(&mut self, to: &mut Map<String, Value>, key: &str, name: &str) -> Outcome<()> {
        if self.chance(name)? {
            to.insert(key.to_owned(), json!(self.prose(name)?));
        }
        Ok(())
    }

    fn add_choice(&mut self, to: &mut Map<String, Value>, key: &str, name: &str) -> Outcome<()> {
        if self.chance(name)? {
            to.insert(key.to_owned(), json!(self.choice(name)?));
        }
        Ok(())
    }
}

impl Study<'_> {
    fn json(&mut self) -> Outcome<Value> {
        let conditions = self.part(Part::Conditions, conditions)?;
        let browse = self.part(Part::Conditions, headings)?;
        let arms = self.part(Part::Arms, arms)?;
        let titles = self.part(Part::Titles, titles)?;
        let description = self.part(Part::Summary, description)?;
        let outcomes = self.part(Part::Outcomes, outcomes)?;
        let eligibility = self.part(Part::Criteria, eligibility)?;
        let design = self.part(Part::Status, design)?;
        let sites = self.part(Part::Sites, sites)?;
        let sponsors = self.part(Part::Rest, sponsors)?;
        let references = self.part(Part::Rest, references)?;
        let status = self.part(Part::Status, status)?;
        Ok(json!({
            "protocolSection": {
                "identificationModule": self.identification(titles),
                "statusModule": self.dated(status),
                "sponsorCollaboratorsModule": sponsors,
                "descriptionModule": description,
                "conditionsModule": conditions,
                "designModule": design,
                "armsInterventionsModule": arms,
                "outcomesModule": outcomes,
                "eligibilityModule": eligibility,
                "contactsLocationsModule": sites,
                "referencesModule": { "references": references },
            },
            "derivedSection": browse,
            "hasResults": false,
        }))
    }

    /// Makes a part as it is in this night. What follows goes on from what the part first was, so that
    /// it does not change with it.
    fn part<T>(&mut self, part: Part, make: impl Fn(&mut Draw<'_>) -> Outcome<T>) -> Outcome<T> {
        let version = self.changes.versions[part as usize];
        let mut before = if version > 0 {
            self.topic.clone()
        } else {
            Vec::new()
        };
        let maker = self.maker;
        let place = 1_000 + part as u64;
        let draw = |version, topic: &mut Vec<u64>| {
            make(&mut Draw {
                figures: maker.figures,
                words: &maker.words,
                rng: Rng::of(&[maker.seed, self.number, place, version]),
                topic,
            })
        };
        let first = draw(0, &mut self.topic)?;
        if version == 0 {
            return Ok(first);
        }
        draw(version, &mut before)
    }

    fn identification(&self, titles: Map<String, Value>) -> Value {
        let mut module = titles;
        module.insert(
            "nctId".to_owned(),
            json!(format!("NCT{:08}", 90_000_000 + self.number)),
        );
        let own = format!(
            "{}-{}",
            spelled(self.number % 500 + 1).to_uppercase(),
            self.number
        );
        module.insert("orgStudyIdInfo".to_owned(), json!({ "id": own }));
        Value::Object(module)
    }

    /// The status with its days: the day of the last change is that of a night, where one changed it.
    fn dated(&self, status: Map<String, Value>) -> Value {
        let mut rng = Rng::of(&[self.maker.seed, self.number, 1]);
        let first = FIRST_DAY + rng.below(DAYS) as i64;
        let start = first - 60 + rng.below(180) as i64;
        let end = start + 180 + rng.below(1500) as i64;
        let updated = match self.changes.night {
            Some(night) => NIGHT + night as i64,
            None => (first + rng.below(2000) as i64).min(NIGHT),
        };
        let mut module = status;
        let days = json!({
            "statusVerifiedDate": day(updated)[..7],
            "startDateStruct": { "date": day(start) },
            "primaryCompletionDateStruct": { "date": day(end - 30) },
            "completionDateStruct": { "date": day(end) },
            "studyFirstSubmitDate": day(first - 3),
            "studyFirstPostDateStruct": { "date": day(first), "type": "ACTUAL" },
            "lastUpdateSubmitDate": day(updated - 2),
            "lastUpdatePostDateStruct": { "date": day(updated), "type": "ACTUAL" },
        });
        if let Value::Object(days) = days {
            module.extend(days);
        }
        Value::Object(module)
    }
}

fn conditions(draw: &mut Draw<'_>) -> Outcome<Value> {
    let conditions = draw.some_named("conditions")?;
    let keywords = draw.some_named("keywords")?;
    Ok(json!({ "conditions": conditions, "keywords": keywords }))
}

fn headings(draw: &mut Draw<'_>) -> Outcome<Value> {
    let mut browse = |terms: &str| -> Outcome<Vec<Value>> {
        let terms = draw.some_named(terms)?;
        let with_ids = terms.into_iter().map(
            |term| json!({ "id": format!("D{:06}", number_of(&term) % 1_000_000), "term": term }),
        );
        Ok(with_ids.collect())
    };
    Ok(json!({
        "conditionBrowseModule": {
            "meshes": browse("condition_mesh_terms")?, "ancestors": browse("condition_mesh_ancestors")?,
        },
        "interventionBrowseModule": {
            "meshes": browse("intervention_mesh_terms")?, "ancestors": browse("intervention_mesh_ancestors")?,
        },
    }))
}

fn titles(draw: &mut Draw<'_>) -> Outcome<Map<String, Value>> {
    let mut module = Map::new();
    module.insert("briefTitle".to_owned(), json!(draw.line("public_title")?));
    if draw.chance("scientific_title")? {
        module.insert(
            "officialTitle".to_owned(),
            json!(draw.line("scientific_title")?),
        );
    }
    Ok(module)
}

fn description(draw: &mut Draw<'_>) -> Outcome<Map<String, Value>> {
    let mut module = Map::new();
    module.insert(
        "briefSummary".to_owned(),
        json!(draw.prose("brief_summary")?),
    );
    draw.add_prose(&mut module, "detailedDescription", "detailed_description")?;
    Ok(module)
}

fn arms(draw: &mut Draw<'_>) -> Outcome<Value> {
    let mut interventions = Vec::new();
    for name in draw.some_named("interventions[].name")? {
        let mut one = Map::new();
        one.insert("name".to_owned(), json!(name));
        one.insert(
            "type".to_owned(),
            json!(draw.choice("interventions[].type")?),
        );
        draw.add_prose(&mut one, "description", "interventions[].description")?;
        interventions.push(Value::Object(one));
    }
    let mut arms = Vec::new();
    for _ in 0..draw.bins("arms[].label.count")? {
        let mut one = Map::new();
        one.insert("label".to_owned(), json!(draw.line("arms[].label")?));
        draw.add_choice(&mut one, "type", "arms[].type")?;
        draw.add_prose(&mut one, "description", "arms[].description")?;
        arms.push(Value::Object(one));
    }
    Ok(json!({ "armGroups": arms, "interventions": interventions }))
}

fn outcomes(draw: &mut Draw<'_>) -> Outcome<Map<String, Value>> {
    let mut module = Map::new();
    for which in ["primary", "secondary", "other"] {
        let path = format!("{which}_outcomes[]");
        let mut list = Vec::new();
        for _ in 0..draw.bins(&format!("{path}.measure.count"))? {
            let mut one = Map::new();
            one.insert(
                "measure".to_owned(),
                json!(draw.line(&format!("{path}.measure"))?),
            );
            draw.add_prose(&mut one, "timeFrame", &format!("{path}.time_frame"))?;
            draw.add_prose(&mut one, "description", &format!("{path}.description"))?;
            list.push(Value::Object(one));
        }
        module.insert(format!("{which}Outcomes"), json!(list));
    }
    Ok(module)
}

fn eligibility(draw: &mut Draw<'_>) -> Outcome<Map<String, Value>> {
    let mut module = Map::new();
    let inclusion = draw.items("inclusion_criteria")?;
    let exclusion = draw.items("exclusion_criteria")?;
    module.insert(
        "eligibilityCriteria".to_owned(),
        json!(format!(
            "Inclusion Criteria:\n\n{inclusion}\n\nExclusion Criteria:\n\n{exclusion}"
        )),
    );
    module.insert("sex".to_owned(), json!(draw.choice("sex")?));
    module.insert("healthyVolunteers".to_owned(), json!(draw.rng.chance(0.1)));
    draw.add_choice(&mut module, "minimumAge", "minimum_age")?;
    draw.add_choice(&mut module, "maximumAge", "maximum_age")?;
    Ok(module)
}

fn design(draw: &mut Draw<'_>) -> Outcome<Map<String, Value>> {
    let mut module = Map::new();
    let study_type = draw.choice("study_type")?;
    let mut info = Map::new();
    if study_type == "INTERVENTIONAL" {
        let phases = draw.choice("phase")?;
        let phases: Vec<&str> = phases.split('/').collect();
        module.insert("phases".to_owned(), json!(phases));
        info.insert(
            "allocation".to_owned(),
            json!(draw.choice("study_design.allocation")?),
        );
        info.insert(
            "interventionModel".to_owned(),
            json!(draw.choice("study_design.model")?),
        );
        info.insert(
            "primaryPurpose".to_owned(),
            json!(draw.choice("study_design.purpose")?),
        );
        draw.add_prose(
            &mut info,
            "interventionModelDescription",
            "study_design.model_description",
        )?;
        let masking = draw.choice("study_design.masking")?;
        info.insert("maskingInfo".to_owned(), json!({ "masking": masking }));
    } else {
        let model = draw.choice("study_design.observational_model")?;
        info.insert("observationalModel".to_owned(), json!(model));
        let time = draw.choice("study_design.time_perspective")?;
        info.insert("timePerspective".to_owned(), json!(time));
    }
    let count = draw.bins("sample_size")?;
    module.insert("studyType".to_owned(), json!(study_type));
    module.insert("designInfo".to_owned(), Value::Object(info));
    module.insert(
        "enrollmentInfo".to_owned(),
        json!({ "count": count, "type": "ACTUAL" }),
    );
    Ok(module)
}

fn sites(draw: &mut Draw<'_>) -> Outcome<Value> {
    let mut sites = Vec::new();
    let facilities = draw.some_named("sites[].facility")?;
    for facility in facilities {
        let (city, country) = (draw.named("sites[].city")?, draw.choice("sites[].country")?);
        sites.push(json!({ "facility": facility, "city": city, "country": country }));
    }
    let mut officials = Vec::new();
    for name in draw.some_named("officials[].name")? {
        let affiliation = draw.named("primary_sponsor")?;
        let role = draw.choice("officials[].role")?;
        officials.push(json!({ "name": name, "affiliation": affiliation, "role": role }));
    }
    Ok(json!({ "locations": sites, "overallOfficials": officials }))
}

fn sponsors(draw: &mut Draw<'_>) -> Outcome<Value> {
    let lead = draw.named("primary_sponsor")?;
    let class = draw.choice("primary_sponsor_class")?;
    let mut collaborators = Vec::new();
    for _ in 0..draw.bins("secondary_sponsors.count")? {
        collaborators.push(json!({ "name": draw.named("primary_sponsor")?, "class": "OTHER" }));
    }
    Ok(json!({ "leadSponsor": { "name": lead, "class": class }, "collaborators": collaborators }))
}

fn references(draw: &mut Draw<'_>) -> Outcome<Vec<Value>> {
    let mut references = Vec::new();
    for _ in 0..draw.bins("references[].citation.count")? {
        let pmid = (1_000_000 + draw.rng.below(38_000_000)).to_string();
        let citation = draw.prose("references[].citation")?;
        references.push(json!({ "pmid": pmid, "type": "BACKGROUND", "citation": citation }));
    }
    Ok(references)
}

fn status(draw: &mut Draw<'_>) -> Outcome<Map<String, Value>> {
    let mut module = Map::new();
    module.insert(
        "overallStatus".to_owned(),
        json!(draw.choice("recruitment_status")?),
    );
    Ok(module)
}

/// A day since 1970 as a date.
fn day(since: i64) -> String {
    let date = Timestamp::from_unix_seconds(since * 86_400).day();
    date.map(|date| date.to_string()).unwrap_or_default()
}
