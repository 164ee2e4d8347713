//! What other exports bring that the samples don't: the template's repetitions, later labels,
//! other ways of turning the document into text, and damage.

use super::*;
use crate::record::{AgeLimit, DateType, Provenance, Record, Trial};
use crate::schema::IndexSchema;
use crate::source::RawBody;
use crate::source::context::Warnings;
use proptest::prelude::*;
use std::sync::LazyLock;

static SCHEMA: LazyLock<IndexSchema> = LazyLock::new(|| IndexSchema::shipped().unwrap());

const OLD: &str = include_str!("samples/IRCT2016090729747N1.txt");
const NEW: &str = include_str!("samples/IRCT20200127046282N19.txt");

fn read(text: &str) -> (Result<Converted, Reason>, Warnings) {
    let provenance = Provenance::default();
    let mut context = Context::new(&SCHEMA, &provenance);
    let raw = RawRecord {
        body: RawBody::Bytes(text.as_bytes().to_vec()),
        provenance: Provenance::default(),
    };
    let converted = IrctText.convert(&raw, &mut context);
    (converted, context.warnings)
}

#[track_caller]
fn trial(text: &str) -> Trial {
    match read(text).0 {
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
    IrctText.recognises(&sample)
}

/// A protocol with one more section or label than its number needs.
fn with(lines: &str) -> String {
    format!(
        "Iranian Registry of Clinical Trials\nClinical Trial Protocol\n1 Feb 2020\nA title\n\
         General information\nIRCT registration number: **IRCT20130812014333N9**\n{lines}"
    )
}

/// One of every repetition, with invented people.
const REPEATED: &str = "
Secondary Ids
1
Registry name
ClinicalTrials.gov
Secondary trial Id
NCT04312345
Registration date
2020-01-02, 1398/10/12
2
Registry name
Ethics office
Secondary trial Id
IR.SBMU.REC.1398.7
Registration date
empty
Ethics committees
1
Ethics committee
Name of ethics committee
Committee One
Street address
12 Long Street
City
Shiraz
Province
Fars
Postal code
7134814336
Approval date
2019-12-22, 1398/10/01
Ethics committee reference number
IR.SUMS.REC.1398.1
2
Ethics committee
Name of ethics committee
Committee Two
Approval date
empty
Ethics committee reference number
IR.SBMU.REC.1398.7
Health conditions studied
1
Description of health condition studied
Type ۲ diabetes
ICD-10 code
E11
ICD-10 code description
Type 2 diabetes mellitus
2
Description of health condition studied
دیابت بارداری
ICD-10 code
ICD-10 code description
Primary outcomes
1
Description
Fasting blood sugar؛ Cholesterol
Timepoint
0
Method of measurement
2
2
Description
HbA1c
Timepoint
empty
Method of measurement
Laboratory
Intervention groups
1
Description
Intervention group 1: Metformin
twice a day
Category
Treatment - Drugs
2
Description
Second intervention group: exercise
Category
Lifestyle
3
Description
Placebo group: tablets
Category
Placebo
4
Description
Usual care: as in the clinic
Category
N/A
Recruitment centers
1
Recruitment center
Name of recruitment center
Hospital A
Full name of responsible person
Dr A Person
Street address
1 Some Street
City
Shiraz
Province
Fars
Postal code
7134814336
Phone
+98 71 5550 0000
Email
a@example.com
2
Recruitment center
Name of recruitment center
Hospital B
City
Karachi
Province
Sindh
Country
Pakistan
Sponsors / Funding sources
1
Sponsor
Name of organization / entity
University A
Full name of responsible person
Dr B Person
Grant name
Grant X
Grant code / Reference number
98-1
Is the source of funding the same sponsor organization/entity?
No
Title of funding source
Fund F
Proportion provided by this source
60
Public or private sector
Private
Domestic or foreign origin
Foreign
Category of foreign source of funding
Company
Country of origin
Germany
Type of organization providing the funding
Industry
2
Sponsor
Name of organization / entity
University B
Is the source of funding the same sponsor organization/entity?
Yes
Title of funding source
Proportion provided by this source
40%
Sharing plan
Deidentified Individual Participant Data Set (IPD)
Yes - There is a plan to make this available
Title and more details about the data/document
All data
When the data will become available and for how long
In a year
To whom data/document is available
Researchers
Under which criteria data/document could be used
Any
From where data/document is obtainable
The first author
What processes are involved for a request to access data/document
A letter
Comments
None yet
";

#[test]
fn repeated_entries_are_all_read() {
    let trial = trial(&with(REPEATED));
    assert_eq!(trial.trial_id, "IRCT20130812014333N9");
    assert_eq!(trial.secondary_ids, ["NCT04312345", "IR.SBMU.REC.1398.7"]);
    assert_eq!(trial.registry_ids, ["NCT04312345"]);
    let issuers = trial
        .secondary_id_issuers
        .iter()
        .map(|id| id.issuer.as_deref());
    assert!(issuers.eq([Some("ClinicalTrials.gov"), Some("Ethics office")]));

    let references = trial
        .ethics_review
        .iter()
        .map(|review| review.reference.as_deref());
    assert!(references.eq([Some("IR.SUMS.REC.1398.1"), Some("IR.SBMU.REC.1398.7")]));
    assert_eq!(trial.ethics_review[1].approval_date_verbatim, None);

    let conditions: Vec<&str> = trial.conditions.iter().map(|c| c.text.as_str()).collect();
    assert_eq!(conditions, ["Type ۲ diabetes", "دیابت بارداری"]);
    assert!(trial.conditions[1].codes.is_empty());

    // Numbers that are values, not counters.
    let [first, second] = &trial.primary_outcomes[..] else {
        panic!("{:?}", trial.primary_outcomes);
    };
    assert_eq!(first.time_frame.as_deref(), Some("0"));
    assert_eq!(first.method.as_deref(), Some("2"));
    assert_eq!(second.measure.as_deref(), Some("HbA1c"));
    assert_eq!(second.time_frame, None);

    let described = trial.interventions.iter().map(|i| i.description.as_deref());
    assert!(described.eq([
        Some("Intervention group 1: Metformin twice a day"),
        Some("Second intervention group: exercise"),
        Some("Placebo group: tablets"),
        Some("Usual care: as in the clinic"),
    ]));
    let arms = trial
        .arms
        .iter()
        .map(|arm| arm.arm_type.map(|t| t.to_string()));
    let types = ["experimental", "experimental", "placebo_comparator"];
    assert!(arms.eq(types.map(|t| Some(t.to_owned()))));
    let types = trial
        .interventions
        .iter()
        .map(|i| i.intervention_type.map(|t| t.to_string()));
    let told = [Some("drug"), Some("behavioral"), Some("other"), None];
    assert!(types.eq(told.map(|t| t.map(str::to_owned))));
}

#[test]
fn places_sponsors_and_plans_are_read() {
    let trial = trial(&with(REPEATED));
    assert_eq!(trial.countries, ["PK"]);
    assert_eq!(trial.countries_inferred, None);
    let [a, b] = &trial.sites[..] else {
        panic!("{:?}", trial.sites);
    };
    assert_eq!(
        (a.state.as_deref(), a.country.as_deref()),
        (Some("Fars"), None)
    );
    assert_eq!(
        (b.city.as_deref(), b.country.as_deref()),
        (Some("Karachi"), Some("PK"))
    );

    assert_eq!(trial.primary_sponsor.as_deref(), Some("University A"));
    assert_eq!(trial.secondary_sponsors, ["University B"]);
    let [fund, own] = &trial.support_sources[..] else {
        panic!("{:?}", trial.support_sources);
    };
    assert_eq!(
        (fund.name.as_str(), fund.proportion_percent),
        ("Fund F", Some(60))
    );
    assert_eq!(fund.country.as_deref(), Some("Germany"));
    assert_eq!(
        (own.name.as_str(), own.proportion_percent),
        ("University B", Some(40))
    );

    let sharing = trial.ipd_sharing.unwrap();
    assert_eq!(sharing.description.as_deref(), Some("All data\n\nNone yet"));
    assert_eq!(sharing.time_frame.as_deref(), Some("In a year"));
    assert!(
        sharing
            .access_criteria
            .unwrap()
            .ends_with("access data/document: A letter")
    );
}

#[test]
fn actual_dates_stand_before_expected_ones() {
    let trial = trial(&with(
        "Expected recruitment start date\n2020-01-01, 1398/10/11\n\
         Expected recruitment end date\n2020-06-01, 1399/03/12\n\
         Actual recruitment start date\n1399\nActual recruitment end date\nempty\n\
         Trial completion date\n2021-01-01, 1399/10/12\nAge\nTo 65 years old",
    ));
    assert_eq!(
        trial.first_enrollment_date.unwrap().to_string(),
        "2020-03-20/2021-03-20"
    );
    assert_eq!(trial.first_enrollment_date_type, Some(DateType::Actual));
    assert_eq!(
        trial.recruitment_end_date.unwrap().to_string(),
        "2020-06-01"
    );
    assert_eq!(trial.recruitment_end_date_type, Some(DateType::Expected));
    assert_eq!(trial.completion_date.unwrap().to_string(), "2021-01-01");
    assert_eq!(trial.as_of.unwrap().to_string(), "2020-02-01");
    assert_eq!(trial.scientific_title.as_deref(), Some("A title"));
}

#[test]
fn disagreeing_calendars_are_noted() {
    let (_, warnings) = read(&with("Registration date: **2020-01-01, 1398/11/11**"));
    assert_eq!(warnings.notes.len(), 1);
}

#[test]
fn every_spelling_of_the_age_line_is_read() {
    let ages = |line: &str| {
        let trial = trial(&with(&format!("Age\n{line}")));
        let told = |limit: Option<AgeLimit>| limit.map_or_else(String::new, |l| l.to_string());
        (told(trial.minimum_age), told(trial.maximum_age))
    };
    let is = |min: &str, max: &str| (min.to_owned(), max.to_owned());
    assert_eq!(
        ages("From **20 years** old to **60 years** old"),
        is("P20Y", "P60Y")
    );
    assert_eq!(ages("From 6 months old to 2 years old"), is("P6M", "P2Y"));
    assert_eq!(ages("From **18 years** old"), is("P18Y", "none"));
    assert_eq!(ages("To **65 years** old"), is("none", "P65Y"));
    assert_eq!(ages("No age limit"), is("none", "none"));
    assert_eq!(ages("adults"), is("", ""));
}

#[test]
fn labels_that_share_a_line_with_values_are_told_apart() {
    // As other programs extract the document's text.
    let trial = trial(
        "Clinical Trial Protocol\n\nIranian Registry of Clinical Trials\n\n06 Nov 2022\n\nTitle\n\n\
         General information\n\nAcronym\n\nIRCT registration information\n\n\
         IRCT registration number: IRCT2016121431406N1 Registration date: 2017-01-16, 1395/10/27 \
         Registration timing: prospective\n\nLast update:\n\nUpdate count: 0 Registration date\n\n\
         2017-01-16, 1395/10/27 Registrant information\n\nName\n\nA Person\n\n\
         Name of organization / entity Shiraz University\n\nCountry\n\n\
         Iran (Islamic Republic of) Phone\n\n+98 71 5550 0000 Email address\n\na@example.com \
         Recruitment status\n\nRecruitment complete Funding source\n\nShiraz University\n\n\
         Expected recruitment start date 2017-02-19, 1395/12/01\n\nScientific title\n\nTitle\n\n\
         Inclusion/Exclusion criteria\n\nInclusion criteria:\nAge between 20 and 50\n\
         Exclusion criteria:\nPhase of lactation\n\nAge\n\nFrom 20 years old to 50 years old\n\n\
         Gender\n\nBoth Phase\n\n3",
    );
    assert_eq!(trial.trial_id, "IRCT2016121431406N1");
    assert_eq!(trial.registration_date.unwrap().to_string(), "2017-01-16");
    assert_eq!(
        trial.registration_timing.unwrap().to_string(),
        "prospective"
    );
    assert_eq!(trial.last_update_date, None);
    assert_eq!(trial.countries, ["IR"]);
    assert_eq!(
        trial.officials[0].affiliation.as_deref(),
        Some("Shiraz University")
    );
    let status = trial.recruitment_status_verbatim;
    assert_eq!(status.as_deref(), Some("Recruitment complete"));
    assert_eq!(
        trial.first_enrollment_date.unwrap().to_string(),
        "2017-02-19"
    );
    assert_eq!(
        trial.inclusion_criteria.as_deref(),
        Some("Age between 20 and 50")
    );
    assert_eq!(
        trial.exclusion_criteria.as_deref(),
        Some("Phase of lactation")
    );
    assert_eq!(trial.maximum_age.unwrap().to_string(), "P50Y");
    assert_eq!(trial.phase_verbatim.as_deref(), Some("3"));
    assert_eq!(trial.sex_verbatim.as_deref(), Some("Both"));
}

#[test]
fn the_web_page_with_a_mark_before_each_label_gives_the_same() {
    let marked: Vec<String> = NEW.lines().map(|line| format!("-\n{line}")).collect();
    assert_eq!(trial(&marked.join("\n")), trial(NEW));
    assert_eq!(trial(&NEW.replace('\n', "\r\n")), trial(NEW));
    assert_eq!(trial(&NEW.replace("\n\n", "\n")), trial(NEW));
}

#[test]
fn protocols_are_recognised_by_content() {
    assert!(is_recognised(OLD) && is_recognised(NEW) && is_recognised(&with("")));
    assert!(is_recognised(
        "General information\nIRCT registration number: IRCT2016121431406N1"
    ));
    for other in [
        "",
        "---\ntitle: x\n---\nClinical Trial Protocol\nIranian Registry of Clinical Trials",
        "We registered at the Iranian Registry of Clinical Trials.\n\
         IRCT registration number: IRCT2016121431406N1",
    ] {
        assert!(!is_recognised(other), "{other}");
    }
}

#[test]
fn nothing_personal_is_copied() {
    for text in [OLD.to_owned(), NEW.to_owned(), with(REPEATED)] {
        let json = serde_json::to_string(&trial(&text)).unwrap();
        for secret in [
            "@",
            "5550",
            "55500103",
            "1937957511",
            "7134814336",
            "Alley",
            " St.",
            "Street",
        ] {
            assert!(!json.contains(secret), "{secret}");
        }
    }
}

#[test]
fn a_protocol_without_number_is_refused_with_a_reason() {
    let reason = |text: &str| read(text).0.err().map(|reason| reason.message);
    let text = "Clinical Trial Protocol\nIranian Registry of Clinical Trials";
    assert_eq!(reason(text).as_deref(), Some("no IRCT registration number"));
    let text = "IRCT registration number: **NCT00000102**";
    let wrong = "not an IRCT registration number: \"NCT00000102\"";
    assert_eq!(reason(text).as_deref(), Some(wrong));
}

#[test]
fn a_document_of_other_bytes_is_refused_with_a_reason() {
    let reason = |bytes: Vec<u8>| {
        let provenance = Provenance::default();
        let mut context = Context::new(&SCHEMA, &provenance);
        let raw = RawRecord {
            body: RawBody::Bytes(bytes),
            provenance: Provenance::default(),
        };
        IrctText.convert(&raw, &mut context).err()
    };
    assert_eq!(
        reason(b"IRCT\xFF".to_vec()),
        Some(Reason::new("not UTF-8").byte(4))
    );
    let large = Some(Reason::new("document larger than 4 MiB"));
    assert_eq!(reason(vec![b'\n'; 5 << 20]), large);
    assert_eq!(trial(&format!("\u{feff}{NEW}")), trial(NEW));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damage_gives_a_record_or_a_reason(
        old: bool,
        keep in prop::collection::vec(prop::bool::weighted(0.8), 600),
        end in 0usize..30_000,
    ) {
        let text = if old { OLD } else { NEW };
        let kept = text.lines().zip(keep).filter(|(_, keep)| *keep).map(|(line, _)| line);
        let damaged: String = kept.flat_map(|line| [line, "\n"]).collect();
        let cut = damaged.char_indices().nth(end).map_or(damaged.as_str(), |(at, _)| &damaged[..at]);
        match read(cut).0 {
            Ok(Converted::Record(record)) => prop_assert!(record.id().starts_with("IRCT")),
            Ok(_) => prop_assert!(false, "neither record nor reason"),
            Err(reason) => prop_assert!(!reason.message.is_empty()),
        }
    }

    #[test]
    fn no_text_panics(text in "(IRCT registration number: IRCT2016121431406N1\n|1\n|2\n|\
        Description\n|Primary outcomes\n|\\*\\*Category\\*\\*\\*\\*1\\*\\*\n|Sponsor\n|\
        Sponsors / Funding sources\n|Age\nFrom | to |Registration date: |۱۴۰۱/۰۳/۱۶, |\n|\
        empty\n|\\PC{1,6}){0,40}") {
        let _ = read(&text);
    }
}
