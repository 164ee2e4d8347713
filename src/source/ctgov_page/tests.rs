//! What other pages bring that the sample doesn't, and damage.

use super::*;
use crate::record::{AgeLimit, Provenance, Record, Trial};
use crate::schema::IndexSchema;
use crate::source::RawBody;
use proptest::prelude::*;
use std::sync::LazyLock;

static SCHEMA: LazyLock<IndexSchema> = LazyLock::new(|| IndexSchema::shipped().unwrap());

const PAGE: &str = include_str!("samples/NCT06360861.txt");

fn read(text: &str) -> Result<Converted, Reason> {
    let provenance = Provenance::default();
    let mut context = Context::new(&SCHEMA, &provenance);
    let raw = RawRecord {
        body: RawBody::Bytes(text.as_bytes().to_vec()),
        provenance: Provenance::default(),
    };
    CtgovPage.convert(&raw, &mut context)
}

#[track_caller]
fn trial(text: &str) -> Trial {
    match read(text) {
        Ok(Converted::Record(Record::Trial(trial))) => *trial,
        Ok(_) => panic!("no trial"),
        Err(reason) => panic!("{}", reason.message),
    }
}

fn is_recognised(text: &str) -> bool {
    let sample = Sample {
        head: text.as_bytes(),
        name: "a.txt",
        whole: true,
    };
    CtgovPage.recognises(&sample)
}

/// Three groups, one without intervention, of which two share an intervention.
const GROUPS: &str = "Home

A title

NCT ID: NCT01234567

Last Updated: 2020-05-06

Basic Information

Get a concise snapshot of the trial, including recruitment status and key timeline milestones.

Clinical Phase

PHASE1/PHASE2

Total Enrollment

1,250 participants

Study Design

Understand how the trial is structured, including allocation methods and masking strategies.

Intervention Model

PARALLEL

Blinding Strategy

DOUBLE

Participants Outcome Assessors

Sealed envelopes.

Study Groups

Review each arm or cohort in the study, along with the interventions associated with them.

Arm A

First line of A.

Second line of A.

Group Type EXPERIMENTAL

Drug X

Intervention Type DRUG

X twice a day.

More about X.

Device Y

Intervention Type DEVICE

Y once.

Arm B

Group Type ACTIVE_COMPARATOR

Drug X

Intervention Type DRUG

X twice a day.

More about X.

Arm C

Nothing is done.

Group Type NO_INTERVENTION

Interventions

Learn about the drugs, procedures, or strategies being tested within this trial.

Drug X

X twice a day.

More about X.

Intervention Type DRUG

Device Y

Y once.

Intervention Type DEVICE

Primary Outcomes

Identify the primary measures the study uses to judge the interventions being tested.

Survival

Death from any cause.

Time Frame: 5 years

Pain

Time Frame: 1 week

Eligibility Criteria

Check the participation requirements, including inclusion and exclusion rules.

Inclusion Criteria:

* Conditions

Conditions

of the heart

Minimum Eligible Age

18 Years

Sponsors

Meet the organizations funding or collaborating on the study and learn about their roles.

University A

OTHER

Sponsor Role lead

Company B

INDUSTRY

Sponsor Role collaborator

Principal Investigators

Learn about the lead researchers overseeing the trial and their institutional affiliations.

A Person

Role: PRINCIPAL_INVESTIGATOR

B Person

Role: STUDY_CHAIR

University A

Locations

Explore where the study is taking place and check the recruitment status at each site.

Hospital A

Boston, Massachusetts, 02114, United States

Site Status

Hospital B

Seoul, , South Korea

Site Status RECRUITING

Clinic C

Lyon, France

Site Status

WITHDRAWN

More Related Trials

Additional clinical trials that may be relevant based on similarity analysis.

Another trial
NCT07654321 RECRUITING PHASE2
This trial
NCT01234567 COMPLETED
";

#[test]
fn groups_without_labels_between_them_are_told_apart() {
    let trial = trial(GROUPS);
    let arms = trial.arms.iter().map(|arm| {
        let label = arm.label.as_deref().unwrap_or_default();
        let description = arm.description.as_deref().unwrap_or_default();
        (label, description, arm.interventions.join("+"))
    });
    assert!(arms.eq([
        (
            "Arm A",
            "First line of A.\n\nSecond line of A.",
            "Drug X+Device Y".to_owned()
        ),
        ("Arm B", "", "Drug X".to_owned()),
        ("Arm C", "Nothing is done.", String::new()),
    ]));
    let interventions = trial.interventions.iter().map(|intervention| {
        let name = intervention.name.as_deref().unwrap_or_default();
        let description = intervention.description.as_deref().unwrap_or_default();
        (name, description, intervention.arms.join("+"))
    });
    assert!(interventions.eq([
        (
            "Drug X",
            "X twice a day.\n\nMore about X.",
            "Arm A+Arm B".to_owned()
        ),
        ("Device Y", "Y once.", "Arm A".to_owned()),
    ]));
}

#[test]
fn each_section_gives_its_values() {
    let trial = trial(GROUPS);
    assert_eq!(trial.public_title.as_deref(), Some("A title"));
    assert_eq!(trial.phase.len(), 2);
    assert_eq!(trial.sample_size, Some(1250));
    assert_eq!(trial.study_design.who_masked.len(), 2);
    let description = trial.study_design.masking_description;
    assert_eq!(description.as_deref(), Some("Sealed envelopes."));

    let outcomes = trial.primary_outcomes.iter();
    let outcomes: Vec<_> = outcomes
        .map(|o| [&o.measure, &o.description, &o.time_frame].map(|t| t.as_deref().unwrap_or("")))
        .collect();
    assert_eq!(
        outcomes,
        [
            ["Survival", "Death from any cause.", "5 years"],
            ["Pain", "", "1 week"]
        ]
    );

    // A line of the criteria that looks like a heading is none.
    let criteria = trial.inclusion_criteria.as_deref();
    assert_eq!(criteria, Some("* Conditions\n\nConditions\n\nof the heart"));
    assert!(trial.conditions.is_empty());
    assert_eq!(trial.maximum_age, Some(AgeLimit::None));

    assert_eq!(trial.primary_sponsor.as_deref(), Some("University A"));
    assert_eq!(trial.secondary_sponsors, ["Company B"]);
    let officials = trial
        .officials
        .iter()
        .map(|official| official.affiliation.as_deref());
    assert!(officials.eq([None, Some("University A")]));
    assert_eq!(trial.countries, ["US", "KR", "FR"]);
    let sites = trial.sites.iter().map(|site| {
        let status = site
            .status
            .map(|status| status.to_string())
            .unwrap_or_default();
        (site.state.as_deref(), status)
    });
    assert!(sites.eq([
        (Some("Massachusetts"), String::new()),
        (None, "recruiting".to_owned()),
        (None, "withdrawn".to_owned()),
    ]));
    assert_eq!(trial.related_ids, ["NCT07654321"]);
}

#[test]
fn no_advertising_and_no_other_trial_gets_into_the_trial() {
    for text in [PAGE, GROUPS] {
        let mut trial = trial(text);
        trial.related_ids.clear();
        let json = serde_json::to_string(&trial).unwrap();
        for foreign in [
            "concise snapshot",
            "sponsor-provided",
            "Dive into",
            "Explore",
            "Meet the",
            "Learn",
            "NCT01730547",
            "NCT07654321",
            "Mesenchymal Stem Cells for Multiple",
            "\\\\",
        ] {
            assert!(!json.contains(foreign), "{foreign}");
        }
    }
}

#[test]
fn a_page_with_some_or_no_advertising_is_read_too() {
    let is_told = |line: &&str| !line.ends_with("depth.") && !line.starts_with("Review the s");
    let some: Vec<&str> = PAGE.lines().filter(is_told).collect();
    assert_eq!(trial(&some.join("\n")), trial(PAGE));
    let begins = |line: &str| {
        let verbs = [
            "Get ",
            "See ",
            "Learn ",
            "Check ",
            "Meet ",
            "Identify ",
            "Explore ",
            "Review ",
            "Understand ",
            "Dive ",
            "Additional ",
        ];
        verbs.iter().any(|verb| line.starts_with(verb))
    };
    let none: Vec<&str> = PAGE.lines().filter(|line| !begins(line)).collect();
    assert_eq!(trial(&none.join("\n")), trial(PAGE));
}

#[test]
fn pages_are_recognised_by_content() {
    assert!(is_recognised(PAGE) && is_recognised(GROUPS));
    assert!(is_recognised(
        "A title\n\nNCT ID: NCT01234567\n\nLast Updated: 2020-01-01"
    ));
    for other in [
        "",
        "NCT ID: NCT01234567",
        "Last Updated: 2020-01-01\nSee NCT ID: NCT01234567",
    ] {
        assert!(!is_recognised(other), "{other}");
    }
}

#[test]
fn a_page_without_number_is_refused_with_a_reason() {
    let reason = read("A title\n\nBasic Information\n\nClinical Phase\n\nPHASE1").err();
    assert!(reason.unwrap().message.starts_with("no NCT number"));
    assert!(read("NCT ID: IRCT2016121431406N1\n\nLast Updated: 2020-01-01").is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damage_gives_a_record_or_a_reason(
        first: bool,
        keep in prop::collection::vec(prop::bool::weighted(0.8), 300),
        end in 0usize..12_000,
    ) {
        let text = if first { PAGE } else { GROUPS };
        let kept = text.lines().zip(keep).filter(|(_, keep)| *keep).map(|(line, _)| line);
        let damaged: String = kept.flat_map(|line| [line, "\n"]).collect();
        let cut = damaged.char_indices().nth(end).map_or(damaged.as_str(), |(at, _)| &damaged[..at]);
        match read(cut) {
            Ok(Converted::Record(record)) => prop_assert!(record.id().starts_with("NCT")),
            Ok(_) => prop_assert!(false, "neither record nor reason"),
            Err(reason) => prop_assert!(!reason.message.is_empty()),
        }
    }

    #[test]
    fn no_text_panics(text in "(NCT ID: NCT01234567\n|Study Groups\n|Group Type X\n|Locations\n|\
        Intervention Type DRUG\n|Interventions\n|Site Status\n|, ,\n|Role: X\n|References\n|\
        PMID: 1\n|Reference Type\n|Sponsors\n|OTHER\n|Sponsor Role lead\n|\\PC{1,6}|\n){0,40}") {
        let _ = read(&text);
    }
}
