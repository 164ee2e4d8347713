//! A study as ClinicalTrials.gov's API v2 tells it.

use super::Outcome;
use super::days::{self, Days};
use super::draw::number_of;
use super::maker::{Draw, Maker, Part, Trial};
use super::mix::Kind;
use super::words::spelled;
use serde_json::{Map, Value, json};

/// Days from submission to registration.
pub(super) const SUBMITTED: i64 = 3;

impl Maker<'_> {
    /// The study of a number, of which there is no end.
    pub(crate) fn study(&self, number: u64) -> Outcome<Value> {
        let mut trial = self.trial(Kind::Ctgov, number)?;
        let conditions = trial.part(Part::Conditions, conditions)?;
        let browse = trial.part(Part::Conditions, headings)?;
        let arms = trial.part(Part::Arms, arms)?;
        let titles = trial.part(Part::Titles, titles)?;
        let description = trial.part(Part::Summary, description)?;
        let outcomes = trial.part(Part::Outcomes, outcomes)?;
        let eligibility = trial.part(Part::Criteria, eligibility)?;
        let design = trial.part(Part::Status, design)?;
        let sites = trial.part(Part::Sites, sites)?;
        let sponsors = trial.part(Part::Rest, sponsors)?;
        let references = trial.part(Part::Rest, references)?;
        let status = trial.part(Part::Status, status)?;
        Ok(json!({
            "protocolSection": {
                "identificationModule": identification(&trial, titles),
                "statusModule": dated(status, &trial.days()),
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
}

fn identification(trial: &Trial<'_>, titles: Map<String, Value>) -> Value {
    let number = trial.number();
    let mut module = titles;
    module.insert(
        "nctId".to_owned(),
        json!(format!("NCT{:08}", 90_000_000 + number)),
    );
    let own = format!("{}-{number}", spelled(number % 500 + 1).to_uppercase());
    module.insert("orgStudyIdInfo".to_owned(), json!({ "id": own }));
    Value::Object(module)
}

fn dated(status: Map<String, Value>, of: &Days) -> Value {
    let day = days::iso;
    let mut module = status;
    let days = json!({
        "statusVerifiedDate": day(of.updated)[..7],
        "startDateStruct": { "date": day(of.start) },
        "primaryCompletionDateStruct": { "date": day(of.end - 30) },
        "completionDateStruct": { "date": day(of.end) },
        "studyFirstSubmitDate": day(of.first - SUBMITTED),
        "studyFirstPostDateStruct": { "date": day(of.first), "type": "ACTUAL" },
        "lastUpdateSubmitDate": day(of.updated - 2),
        "lastUpdatePostDateStruct": { "date": day(of.updated), "type": "ACTUAL" },
    });
    if let Value::Object(days) = days {
        module.extend(days);
    }
    Value::Object(module)
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
