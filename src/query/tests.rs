//! What these tests prove:
//! 1. text and JSON read back as the value they were written from, for any value;
//! 2. no text makes the parser panic or hang, and its limits are errors;
//! 3. natural language comes out as words, whatever punctuation it holds;
//! 4. operators, areas, marks and filters mean what the language says;
//! 5. impossible filter values are errors with a suggestion.

use super::*;
use crate::record::{
    Age, AgeUnit, Allocation, ClosedVocabulary, Masking, PartialDate, Phase, Purpose,
    RecruitmentStatus, Registry, StudyType,
};
use proptest::prelude::*;

fn parse(text: &str) -> Query {
    Query::parse(text).unwrap().query
}

fn warnings(text: &str) -> Vec<String> {
    let warnings = Query::parse(text).unwrap().warnings;
    warnings.into_iter().map(|w| w.message).collect()
}

/// The text of a query as the language writes it in full.
fn canonical(text: &str) -> String {
    parse(text).to_string()
}

// --- 1 ------------------------------------------------------------------------------------------

/// One to three values of a list.
fn some<T: Clone + std::fmt::Debug + 'static>(
    values: impl IntoIterator<Item = T>,
) -> impl Strategy<Value = Vec<T>> {
    prop::sample::subsequence(values.into_iter().collect::<Vec<T>>(), 1..=3)
}

fn any_of<T: Clone + std::fmt::Debug + 'static>(
    values: impl IntoIterator<Item = T>,
) -> impl Strategy<Value = T> {
    prop::sample::select(values.into_iter().collect::<Vec<T>>())
}

fn any_date() -> impl Strategy<Value = PartialDate> {
    prop_oneof![
        (1900i32..2100).prop_map(|y| PartialDate::year(y).unwrap()),
        (1900i32..2100, 1u32..=12).prop_map(|(y, m)| PartialDate::month(y, m).unwrap()),
        (1900i32..2100, 1u32..=12, 1u32..=28)
            .prop_map(|(y, m, d)| PartialDate::day(y, m, d).unwrap()),
    ]
}

/// Two ends in order, of which one may be open.
fn ends<T: Ord + Clone + std::fmt::Debug>(
    value: impl Strategy<Value = T> + Clone,
) -> impl Strategy<Value = (Option<T>, Option<T>)> {
    (value.clone(), value, 0..3).prop_map(|(a, b, open)| {
        let (from, to) = if a <= b { (a, b) } else { (b, a) };
        ((open != 1).then_some(from), (open != 2).then_some(to))
    })
}

/// Any filter with any values.
fn any_filter() -> impl Strategy<Value = Filter> {
    let dates = || any_of(DateField::ALL.map(|(date, _, _)| date));
    let presence = || {
        prop_oneof![
            any_of(Presence::ALL.map(|(presence, _)| presence)),
            dates().prop_map(Presence::Date)
        ]
    };
    let statuses = RecruitmentStatus::ALL.iter().copied();
    let groups = [StatusChoice::Open, StatusChoice::Closed];
    let phase = || any_of(Phase::ALL.iter().copied());
    let combined = prop::collection::vec(phase(), 1..4).prop_map(PhaseChoice::Combined);
    let phases = prop_oneof![phase().prop_map(PhaseChoice::Has), combined];
    let countries = IndexSchema::shared().countries.all();
    let units = [
        AgeUnit::Years,
        AgeUnit::Months,
        AgeUnit::Weeks,
        AgeUnit::Days,
        AgeUnit::Hours,
        AgeUnit::Minutes,
    ];
    prop_oneof![
        any_of([Kind::Trial, Kind::Article]).prop_map(Filter::Kind),
        some(statuses.map(StatusChoice::Is).chain(groups)).prop_map(Filter::Status),
        prop::collection::vec(phases, 1..4).prop_map(Filter::Phase),
        some(countries.map(|(code, _)| code.to_owned())).prop_map(Filter::Country),
        any_of(SexChoice::ALL.map(|(choice, _)| choice)).prop_map(Filter::Sex),
        (0u32..120, any_of(units)).prop_map(|(count, unit)| Filter::Age(Age::new(count, unit))),
        some(StudyType::ALL.iter().copied()).prop_map(Filter::Type),
        some(Registry::ALL.iter().copied()).prop_map(Filter::Registry),
        some(Allocation::ALL.iter().copied()).prop_map(Filter::Allocation),
        some(Masking::ALL.iter().copied()).prop_map(Filter::Masking),
        some(Purpose::ALL.iter().copied()).prop_map(Filter::Purpose),
        any::<bool>().prop_map(Filter::Healthy),
        (dates(), ends(any_date().boxed())).prop_map(|(field, (from, to))| Filter::Date {
            field,
            range: DateRange { from, to }
        }),
        ends(any::<u64>()).prop_map(|(from, to)| Filter::Enrollment(SizeRange { from, to })),
        presence().prop_map(Filter::Has),
        presence().prop_map(Filter::Missing),
    ]
}

fn any_clause() -> impl Strategy<Value = Clause> {
    let leaf = prop_oneof![
        "\\PC{1,12}".prop_map(Clause::Word),
        "[a-zA-Z0-9:+*?~^()\"\\\\-]{1,8}".prop_map(Clause::Word),
        prop_oneof![
            Just("AND"),
            Just("NOT"),
            Just("title:x"),
            Just("10"),
            Just("phase:2")
        ]
        .prop_map(|w| Clause::Word(w.to_owned())),
        "\\PC{1,20}".prop_map(Clause::Phrase),
        ("[a-z \"\\\\]{1,20}", 0u32..=100)
            .prop_map(|(text, distance)| Clause::Near { text, distance }),
        "[a-z*?]{1,8}".prop_map(Clause::Wildcard),
        ("[a-z]{1,8}", 1u8..=2).prop_map(|(word, distance)| Clause::Fuzzy { word, distance }),
        any_filter().prop_map(Clause::Filter),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        let list = || prop::collection::vec(inner.clone(), 0..4);
        let areas = IndexSchema::shared().ranking.areas();
        let areas = any_of(areas.map(|area| area.name.clone()));
        prop_oneof![
            (areas, boxed()).prop_map(|(area, clause)| Clause::Area { area, clause }),
            boxed().prop_map(Clause::Exact),
            (prop::sample::select(Expansion::ALL.to_vec()), boxed())
                .prop_map(|((level, _, _), clause)| Clause::Expand { level, clause }),
            (0.01f32..100.0, boxed()).prop_map(|(boost, clause)| Clause::Boost { boost, clause }),
            boxed().prop_map(Clause::Must),
            boxed().prop_map(Clause::Not),
            list().prop_map(Clause::Group),
            list().prop_map(Clause::And),
            list().prop_map(Clause::Or),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn text_reads_back_as_the_value_it_was_written_from(clause in any_clause()) {
        let query = Query::from_clause(clause);
        let text = query.to_string();
        let parsed = Query::parse(&text);
        let read = parsed.map_err(|e| TestCaseError::fail(format!("{text:?}: {e}")))?;
        prop_assert_eq!(&read.query, &query, "{:?}", text);
        prop_assert_eq!(read.warnings, vec![], "{:?}", text);
    }

    #[test]
    fn json_reads_back_as_the_value_it_was_written_from(clause in any_clause()) {
        let query = Query::from_clause(clause);
        let json = serde_json::to_string(&query).unwrap();
        prop_assert_eq!(serde_json::from_str::<Query>(&json).unwrap(), query);
    }

    #[test]
    fn normal_form_is_normal(clause in any_clause()) {
        let once = clause.normal();
        prop_assert_eq!(once.clone().and_then(Clause::normal), once);
    }

    #[test]
    fn words_of_a_plain_text_are_no_syntax(text in "\\PC{0,60}") {
        let query = Query::text(&text);
        prop_assert_eq!(parse(&query.to_string()), query);
    }

    // --- 2 ---

    #[test]
    fn what_is_parsed_can_be_written_and_parsed_again(text in "([a-c]|AND|OR|NOT|\\+|-|\\(|\\)|\"|:|title|phase|~|\\^|\\*|\\?|2|\\\\| ){0,30}") {
        if let Ok(parsed) = Query::parse(&text) {
            prop_assert_eq!(parse(&parsed.query.to_string()), parsed.query, "{:?}", text);
        }
    }
}

#[test]
fn ten_thousand_random_byte_strings_are_parsed_or_refused() {
    // A linear congruential generator: the same strings in every run.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as usize
    };
    let syntax = b"()\"\\:+-~^*?, \t<>=.ANDORNOTphase:title:exact:age:registered:";
    for _ in 0..10_000 {
        let length = next() % 200;
        let bytes: Vec<u8> = (0..length)
            .map(|_| match next() % 3 {
                0 => (next() % 256) as u8,
                1 => b'a' + (next() % 26) as u8,
                _ => syntax[next() % syntax.len()],
            })
            .collect();
        let text = String::from_utf8_lossy(&bytes);
        if let Ok(parsed) = Query::parse(&text) {
            assert_eq!(parse(&parsed.query.to_string()), parsed.query, "{text:?}");
        }
    }
}

#[test]
fn filters_no_text_could_say_are_refused_as_json() {
    for json in [
        r#"{"filter":{"status":[]}}"#,
        r#"{"filter":{"phase":[{"combined":[]}]}}"#,
        r#"{"filter":{"country":["ir"]}}"#,
        r#"{"filter":{"country":["IR lupus"]}}"#,
        r#"{"filter":{"enrollment":{}}}"#,
        r#"{"filter":{"enrollment":{"from":5,"to":4}}}"#,
        r#"{"filter":{"date":{"field":"started","range":{"from":"2020","to":"2019"}}}}"#,
        r#"{"near":{"text":"a b","distance":101}}"#,
        r#"{"fuzzy":{"word":"lupus","distance":3}}"#,
        r#"{"boost":{"boost":0,"clause":{"word":"lupus"}}}"#,
    ] {
        assert!(serde_json::from_str::<Query>(json).is_err(), "{json}");
    }
}

#[test]
fn monstrous_queries_are_refused() {
    let refused = |text: String| Query::parse(&text).unwrap_err().to_string();
    let clauses = vec!["a"; 10_000].join(" OR ");
    assert!(refused(clauses).contains("clauses"));
    assert!(refused("x".repeat(LENGTH_LIMIT + 1)).contains("bytes"));
    for opener in ["(", "NOT ", "title:", "exact:", "+(", "-("] {
        assert!(
            refused(opener.repeat(2_000) + "x").contains("nests"),
            "{opener}"
        );
    }
    assert!(refused(format!("a^{}", u64::MAX)).contains("boost"));
    assert!(refused("\"a b\"~4000000000".to_owned()).contains("near"));
}

// --- 3 ------------------------------------------------------------------------------------------

#[test]
fn natural_language_is_searched_as_words() {
    for text in [
        "5-FU",
        "TNF-α",
        "COVID-19",
        "PD-L1",
        "phase I/II",
        "HLA-A*02:01",
        "p53 -80 C",
        "10^6 cells/kg",
        "IL-6 > 7 ng/ml",
        "see http://example.org/a?b=c",
        "What is the best treatment?",
        "[**2148-10-1**] s/p Foley - 3 cycles & rest",
        "~5 years",
        "1:2 ratio at 12:30",
    ] {
        let parsed = Query::parse(text).unwrap();
        let words = text
            .split_whitespace()
            .filter(|word| word.contains(char::is_alphanumeric));
        let expected = Query::text(&words.collect::<Vec<_>>().join(" "));
        assert_eq!(parsed.query, expected, "{text}");
        assert_eq!(parsed.warnings, [], "{text}");
    }
}

#[test]
fn what_is_not_understood_is_searched_as_words_with_a_warning_at_its_place() {
    let parsed = Query::parse("lupus \"unterminated").unwrap();
    assert_eq!(parsed.query, Query::text("lupus unterminated"));
    assert_eq!(parsed.warnings[0].at, 6..7);
    let parsed = Query::parse("note: patient has fever").unwrap();
    assert_eq!(parsed.query, Query::text("note: patient has fever"));
    assert_eq!(parsed.warnings, []);
    for text in [
        "a AND",
        "OR a",
        "a AND OR b",
        "(a b",
        "a)",
        "foo:bar",
        "NOT",
        "title: x",
        "\"-\" a",
        "phase: 2",
        "phase:(2 OR 3",
        "phase:\"2",
        "titel:lupus",
        "?!",
        "\"\"",
        "lupus^-1",
        "lupus^",
        "lupus~3",
        "ab~1",
        "a*",
        "*a*",
        "IL-6*",
        "lupus\"",
        "foo\"bar",
        "\"stem cell\"~x",
        "\"stem cell\"^",
        "(stem cell)^ lupus",
    ] {
        assert_eq!(warnings(text).len(), 1, "{text}: {:?}", warnings(text));
    }
    assert!(warnings("conditon:lupus")[0].contains("did you mean condition:"));
    assert!(Query::parse_strict("(a b", IndexSchema::shared()).is_err());
}

#[test]
fn marks_of_prose_and_measures_are_no_mistakes() {
    for text in [
        "WBC 12.3 x10^9/L, platelets 150 x 10^9/L, 5*10^3 cells",
        "a 5\" scar, 5'10\" tall, ~3 weeks, 10~20 mg, 2-3*",
        "is it lupus? what now?",
        r#"a\* lupus\^x"#,
    ] {
        assert_eq!(warnings(text), [""; 0], "{text}");
    }
    assert_eq!(parse("x10^9"), Query::text("x10^9"));
}

#[test]
fn words_behind_a_filter_belong_to_its_value_where_they_are_one_together() {
    for (text, expected) in [
        ("country:South Korea lupus", "country:KR lupus"),
        ("country:United States of America", "country:US"),
        ("country:Iran,United States lupus", "country:IR,US lupus"),
        ("status:not yet recruiting x", "status:not_yet_recruiting x"),
        ("phase:Phase II lupus", "phase:phase2 lupus"),
        ("age:6 months lupus", "age:6mo lupus"),
        ("(country:South Korea) lupus", "country:KR lupus"),
    ] {
        assert_eq!(parse(text), parse(expected), "{text}");
        assert_eq!(warnings(text).len(), 1, "{text}: {:?}", warnings(text));
    }
    for (text, expected) in [
        ("country:Iran Korea", "country:(Iran) Korea"),
        ("age:6 lupus", "age:(6) lupus"),
    ] {
        assert_eq!(parse(text), parse(expected), "{text}");
        assert_eq!(warnings(text).len(), 0, "{text}");
    }
    assert!(Query::parse("country:\"South\" Korea").is_err());
    assert!(Query::parse("country:South OR Korea").is_err());
}

#[test]
fn parentheses_of_prose_change_nothing() {
    let plain = parse("colon cancer KRAS G13D, BRAF V600E");
    let Some(Clause::Group(plain)) = plain.clause().cloned() else {
        panic!("a group")
    };
    let Some(Clause::Group(prose)) = parse("colon cancer KRAS (G13D), BRAF (V600E)")
        .clause()
        .cloned()
    else {
        panic!("a group")
    };
    assert_eq!(prose.len(), plain.len());
    assert_eq!(warnings("colon cancer KRAS (G13D), BRAF (V600E)").len(), 0);
}

// --- 4 ------------------------------------------------------------------------------------------

#[test]
fn the_language_means_what_it_says() {
    for (text, expected) in [
        ("a b", "a b"),
        ("+a -b c", "+a NOT b c"),
        ("a AND b OR c", "a AND b OR c"),
        ("a AND (b OR c)", "a AND (b OR c)"),
        ("stem cell AND lupus", "stem cell AND lupus"),
        ("(a)", "a"),
        ("((a b) c)", "a b c"),
        ("NOT a", "NOT a"),
        ("title:(a OR b)^2", "title:(a OR b)^2"),
        ("Titles:x", "title:x"),
        ("\"near words\"~5", "\"near words\"~5"),
        ("“typographic quotes”", "\"typographic quotes\""),
        ("trunc* wom?n", "trunc* wom?n"),
        ("pain -*itis +*oma", "pain NOT *itis +(*oma)"),
        ("fuzzy~ fuzzy~2", "fuzzy~1 fuzzy~2"),
        ("exact:cells", "exact:cells"),
        (
            "condition:exact:\"lupus nephritis\"",
            "condition:exact:\"lupus nephritis\"",
        ),
        ("a OR b country:Iran", "(a OR b) country:IR"),
        ("country:Iran a AND b", "(a AND b) country:IR"),
        ("a OR country:Iran", "a OR country:IR"),
        (
            "a AND NOT phase:3 registered:2017..2024",
            "(a AND NOT phase:phase3) registered:2017..2024",
        ),
        ("\\AND x\\:y 1\\:2", "\\AND x\\:y 1:2"),
        ("note\\:this", "note\\:this"),
    ] {
        assert_eq!(canonical(text), expected, "{text}");
        assert_eq!(canonical(expected), expected);
    }
}

#[test]
fn the_builder_and_the_text_make_the_same_value() {
    let built = Query::text("stem cells")
        .area("condition", "multiple sclerosis")
        .kind(Kind::Trial);
    assert_eq!(
        built,
        parse("stem cells +condition:(multiple sclerosis) kind:trial")
    );
    assert_eq!(parse("a OR b").within("title"), parse("title:(a OR b)"));
    assert_eq!(Query::all(), parse("  "));
}

#[test]
fn a_word_with_blanks_is_many_words() {
    let query = Query::from_clause(Clause::Word(" two words ".to_owned()));
    assert_eq!(query, Query::text("two words"));
}

#[test]
fn filters_are_forgiving() {
    for (text, expected) in [
        ("phase:2", "phase:phase2"),
        ("phase:\"Phase II\"", "phase:phase2"),
        ("phase:IIb", "phase:phase2"),
        ("phase:2,3", "phase:phase2,phase3"),
        ("phase:2/3", "phase:phase2/phase3"),
        ("phase:III/II", "phase:phase2/phase3"),
        ("phase:0", "phase:phase0"),
        ("phase:early", "phase:phase0"),
        ("phase:early_phase1", "phase:phase0"),
        ("country:IRN", "country:IR"),
        ("country:\"Iran (Islamic Republic of)\"", "country:IR"),
        ("status:Recruiting", "status:recruiting"),
        (
            "status:\"Active, not recruiting\"",
            "status:active_not_recruiting",
        ),
        ("status:open", "status:open"),
        ("sex:women", "sex:female"),
        ("sex:female-only", "sex:female-only"),
        ("sex:\"men only\"", "sex:male-only"),
        ("age:45", "age:P45Y"),
        ("age:6mo", "age:P6M"),
        ("age:\"6 months\"", "age:P6M"),
        ("age:P2W", "age:P2W"),
        ("type:observational", "type:observational"),
        ("registry:NCT,irct", "registry:ctgov,irct"),
        ("kind:trials", "kind:trial"),
        ("allocation:random", "allocation:randomized"),
        ("masking:double-blind", "masking:double"),
        ("has:results", "has:results"),
        ("missing:phase", "missing:phase"),
        ("missing:completion_date", "missing:completed"),
        ("registered:2017..2022", "registered:2017..2022"),
        ("registered:>2017", "registered:2018-01-01.."),
        ("completed:<2020-03-01", "completed:..2020-02-29"),
        ("started:<=2020", "started:..2020"),
        ("registration_date:2019-07", "registered:2019-07"),
        ("enrollment:>=100", "enrollment:100.."),
        ("enrollment:10..20", "enrollment:10..20"),
        ("first_seen:>=2024-01-01", "first_seen:2024-01-01.."),
        ("healthy:yes", "healthy:yes"),
        ("PHASE:Phase-2", "phase:phase2"),
        ("phases:\"Phase 1 | Phase 2\"", "phase:phase1/phase2"),
        ("phase:1-2", "phase:phase1/phase2"),
        ("phase:early1", "phase:phase0"),
        ("phase:n/a", "phase:not_applicable"),
        ("phase:2,", "phase:phase2"),
        ("phase:(2 OR 3)", "phase:phase2,phase3"),
        ("phase:(1/2, III)", "phase:phase1/phase2,phase3"),
        ("country:(Iran)", "country:IR"),
        ("country:USA,uk,Türkiye,south_korea", "country:US,GB,TR,KR"),
        (
            "country:(United States OR \"Iran, Islamic Republic of\")",
            "country:US,IR",
        ),
        (
            "status:(not yet recruiting OR open)",
            "status:not_yet_recruiting,open",
        ),
        ("status:not-recruiting", "status:not_recruiting"),
        ("gender:F", "sex:female"),
        ("sex:both", "sex:all"),
        ("sex:femaleonly", "sex:female-only"),
        ("age:6-months", "age:P6M"),
        (
            "type:\"Observational [Patient Registry]\"",
            "type:observational_patient_registry",
        ),
        ("type:expanded", "type:expanded_access"),
        ("registry:clinicaltrials.gov", "registry:ctgov"),
        ("allocation:RCT", "allocation:randomized"),
        ("blinding:\"open label\"", "masking:none"),
        ("purpose:supportive", "purpose:supportive_care"),
        ("start:2017-2022", "started:2017..2022"),
        ("registered:2017/3", "registered:2017-03"),
        (
            "registered:2017-3-5..20180101",
            "registered:2017-03-05..2018-01-01",
        ),
        ("registered:\"March 2017\"", "registered:2017-03"),
        ("registered:\"5 March 2017\"..", "registered:2017-03-05.."),
        ("registered:2017…2022", "registered:2017..2022"),
        ("completion:27/01/2020", "completed:2020-01-27"),
        ("enrollment:1,000", "enrollment:1000"),
        ("enrollment:1,000..2,500", "enrollment:1000..2500"),
        ("enrollment:100-500", "enrollment:100..500"),
        ("enrolment:100+", "enrollment:100.."),
        ("has:publications", "has:publication"),
        ("lacks:start_date", "missing:started"),
        (
            "cond:lupus treatment:aspirin author:smith",
            "condition:lupus intervention:aspirin people:smith",
        ),
    ] {
        assert_eq!(canonical(text), expected, "{text}");
        assert_eq!(warnings(text).len(), 0, "{text}");
    }
}

// --- 5 ------------------------------------------------------------------------------------------

#[test]
fn impossible_values_are_errors_with_a_suggestion() {
    for (text, hint) in [
        ("status:recruting", "did you mean status:recruiting?"),
        ("country:Irann", "did you mean country:Iran?"),
        ("phase:7", "possible values"),
        ("sex:femal", "did you mean sex:female?"),
        ("registry:icrt", "did you mean registry:irct?"),
        ("age:old", "write 45"),
        ("age:1980", ""),
        ("registered:2019-13", "write 2017..2022"),
        ("registered:2022..2017", ""),
        ("enrollment:many", "write 100"),
        ("enrollment:<0", ""),
        ("has:resluts", "did you mean has:results?"),
        ("type:interventionel", "did you mean type:interventional?"),
        ("country:Europe", "search location"),
        ("phase:2..3", "possible values"),
        (
            "status:notyetrecruiting",
            "did you mean status:not_yet_recruiting?",
        ),
        ("registered:03/04/2017", "write 2017..2022"),
        ("registered:2017-02-30", "write 2017..2022"),
        ("enrollment:1,00", "write enrollment:1 OR enrollment:00"),
        (
            "has:results,publication",
            "write has:results OR has:publication",
        ),
        ("kind:blog", "possible values: trial, article"),
        ("age:18..65", "write 45"),
        ("phase:,", ""),
    ] {
        let error = Query::parse(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Query);
        let remedy = error.hint().unwrap_or_default();
        assert!(remedy.contains(hint), "{text}: {error} / {remedy}");
    }
}
