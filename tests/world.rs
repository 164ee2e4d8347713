//! Thousands of real records, indexed and ready to be scanned, and random queries about them.

use crate::material::shared;
use crate::reference::Scan;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::sync::{Arc, LazyLock};
use trialdex::index::{Index, Snapshot, UpdateOptions};
use trialdex::query::{
    Clause, DateField, DateRange, Expansion, Filter, MatchLevel, PhaseChoice, Presence, Query,
    SexChoice, SizeRange, StatusChoice,
};
use trialdex::record::{
    Age, AgeUnit, Allocation, ClosedVocabulary, Kind, Masking, PartialDate, Phase, Purpose, Record,
    RecruitmentStatus, Registry, StudyType,
};
use trialdex::results::{SearchOptions, search_ids};
use trialdex::schema::IndexSchema;
use trialdex::source::Source;

/// The part of the shared material that is searched: every format, trials and articles.
const SOURCES: [&str; 7] = [
    "bulk/ctgov-legacy-xml-6786.tar.zst",
    "bulk/ctgov-legacy-xml-covid-1087.tar.zst",
    "bulk/ctgov-v2-349.ndjson.zst",
    "bulk/ictrp-578.xml.zst",
    "bulk/ictrp-927.csv.zst",
    "bulk/blog-toml-754.tar.zst",
    "seeds",
];

/// Files left out, so that tests stay quick: nine in ten trials in XML, most posts.
const LEFT_OUT: [&str; 3] = ["NCT*[1-9].xml", "inside-rust", "[A-M]*.md"];

/// An index of real records and a scan over the same.
pub(crate) struct World {
    pub(crate) snapshot: Snapshot,
    pub(crate) scan: Scan,
}

/// The world all tests share; `None` where there is no shared material.
pub(crate) static WORLD: LazyLock<Option<World>> = LazyLock::new(|| {
    let sources: Option<Vec<Source>> = SOURCES
        .iter()
        .map(|part| shared(part).map(Source::path))
        .collect();
    let schema = Arc::new(IndexSchema::shipped().unwrap());
    let options = UpdateOptions::default();
    let (index, _) = Index::in_memory(
        sources?,
        &LEFT_OUT.map(str::to_owned),
        Arc::clone(&schema),
        &options,
        &mut (),
    )
    .unwrap();
    let snapshot = index.snapshot();
    let records = snapshot.records().unwrap().map(Result::unwrap);
    let scan = Scan::new(&schema, records);
    Some(World { snapshot, scan })
});

impl World {
    /// Ids of what the search finds, in their order; `None` where it refuses a pattern.
    pub(crate) fn search(&self, query: &Query, level: MatchLevel) -> Option<Vec<String>> {
        let options = SearchOptions {
            limit: usize::MAX,
            match_level: level,
            // The scan knows no names.
            expansion: Expansion::Inflection,
            ..SearchOptions::default()
        };
        match search_ids(&self.snapshot, query, &options) {
            Ok(hits) => Some(sorted(hits.into_iter().map(|(id, _)| id).collect())),
            Err(error) if error.to_string().contains("stands for more than") => None,
            Err(error) => panic!("{query}: {error}"),
        }
    }

    /// Ids of what the scan finds, in their order.
    pub(crate) fn find(&self, query: &Query, level: MatchLevel) -> Option<Vec<String>> {
        self.scan.find(query, level).map(sorted)
    }
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort_unstable();
    ids
}

/// Runs so many random cases; many more where `TRIALDEX_ALL` is set.
pub(crate) fn runner(cases: u32) -> TestRunner {
    let all = std::env::var_os("TRIALDEX_ALL").is_some();
    TestRunner::new(ProptestConfig {
        cases: if all { 20 * cases } else { cases },
        failure_persistence: None,
        ..ProptestConfig::default()
    })
}

/// Words, runs of words and lines of real records, for queries that find something.
pub(crate) struct Pools {
    words: Vec<String>,
    phrases: Vec<String>,
    names: Vec<String>,
}

impl Pools {
    pub(crate) fn of(scan: &Scan) -> Pools {
        let mut pools = Pools {
            words: [
                "the",
                "of",
                "covid-19",
                "double-blind",
                "HIV/AIDS",
                "TNF-α",
                "PD-L1",
                "2020",
            ]
            .map(str::to_owned)
            .to_vec(),
            phrases: Vec::new(),
            names: Vec::new(),
        };
        for document in scan.documents.iter().step_by(7) {
            let record = &document.record;
            let title: Vec<&str> = record
                .title()
                .unwrap_or_default()
                .split_whitespace()
                .collect();
            let at = record.id().len() % title.len().max(1);
            pools
                .words
                .extend(title.get(at).map(|word| (*word).to_owned()));
            let run = title.get(at..(at + 2 + at % 2).min(title.len()));
            pools.phrases.extend(run.map(|run| run.join(" ")));
            if let Record::Trial(trial) = record {
                let conditions = trial.conditions.iter().take(1);
                pools.phrases.extend(conditions.map(|one| one.text.clone()));
                pools.names.extend(trial.primary_sponsor.clone());
                pools.names.extend(
                    trial
                        .officials
                        .iter()
                        .take(1)
                        .filter_map(|one| one.name.clone()),
                );
                pools.names.push(trial.trial_id.clone());
            }
        }
        let searchable = |text: &String| text.contains(char::is_alphanumeric) && text.len() < 60;
        for pool in [&mut pools.words, &mut pools.phrases, &mut pools.names] {
            pool.retain(searchable);
        }
        pools
    }

    pub(crate) fn clause(&self) -> impl Strategy<Value = Clause> + use<> {
        let select = |pool: &[String]| prop::sample::select(pool.to_vec());
        let letters = |text: &&String| {
            text.chars().count() > 3 && text.bytes().all(|b| b.is_ascii_alphabetic())
        };
        let plain: Vec<String> = self.words.iter().filter(letters).cloned().collect();
        let leaf = prop_oneof![
            8 => select(&self.words).prop_map(Clause::Word),
            3 => select(&self.phrases).prop_map(Clause::Phrase),
            1 => select(&self.names).prop_map(Clause::Phrase),
            3 => (select(&self.phrases), 0u32..8)
                .prop_map(|(text, distance)| Clause::Near { text, distance }),
            2 => (select(&plain), 1usize..4, 0usize..4).prop_map(|(word, at, mark)| {
                Clause::Wildcard(match mark {
                    0 => format!("{}*", &word[..at + 1]),
                    1 => format!("*{}", &word[word.len() - at - 1..]),
                    2 => format!("{}?{}", &word[..at], &word[at + 1..]),
                    _ => format!("{}*{}", &word[..at], &word[word.len() - 1..]),
                })
            }),
            2 => (select(&plain), 1u8..=2, 0usize..4).prop_map(|(word, distance, at)| {
                Clause::Fuzzy { word: format!("{}{}", &word[..at], &word[at + 1..]), distance }
            })
            .prop_filter("a fuzzy word has three letters", |clause| {
                matches!(clause, Clause::Fuzzy { word, .. } if word.len() > 2)
            }),
            6 => filter().prop_map(Clause::Filter),
        ];
        let areas = SHARED_AREAS.map(str::to_owned).to_vec();
        leaf.prop_recursive(3, 10, 4, move |inner| {
            let boxed = || inner.clone().prop_map(Box::new);
            let list = || prop::collection::vec(inner.clone(), 1..5);
            prop_oneof![
                4 => list().prop_map(Clause::Group),
                3 => list().prop_map(Clause::And),
                2 => list().prop_map(Clause::Or),
                2 => boxed().prop_map(Clause::Not),
                2 => boxed().prop_map(Clause::Must),
                1 => boxed().prop_map(Clause::Exact),
                1 => boxed().prop_map(|clause| Clause::Expand {
                    level: Expansion::Inflection,
                    clause,
                }),
                1 => boxed().prop_map(|clause| Clause::Boost { boost: 2.5, clause }),
                2 => (prop::sample::select(areas.clone()), boxed())
                    .prop_map(|(area, clause)| Clause::Area { area, clause }),
            ]
        })
    }
}

/// Areas of one field and of many, of trials, of articles and of both.
const SHARED_AREAS: [&str; 12] = [
    "default",
    "condition",
    "intervention",
    "title",
    "outcome",
    "eligibility",
    "exclusion",
    "sponsor",
    "location",
    "id",
    "people",
    "article",
];

/// Any filter, with values that real records have.
fn filter() -> impl Strategy<Value = Filter> {
    let date = || {
        prop_oneof![
            (1995i32..2025).prop_map(|y| PartialDate::year(y).unwrap()),
            (1995i32..2025, 1u32..=12).prop_map(|(y, m)| PartialDate::month(y, m).unwrap()),
            (2019i32..2021, 1u32..=12, 1u32..=28)
                .prop_map(|(y, m, d)| PartialDate::day(y, m, d).unwrap()),
        ]
    };
    let dates = || {
        // When a record was first seen is told by no record.
        let told = DateField::ALL.map(|(field, _, _)| field);
        prop::sample::select(
            told.iter()
                .copied()
                .filter(|f| *f != DateField::FirstSeen)
                .collect::<Vec<_>>(),
        )
    };
    let statuses = RecruitmentStatus::ALL.iter().copied().map(StatusChoice::Is);
    let statuses = statuses.chain([StatusChoice::Open, StatusChoice::Closed]);
    let presence = || {
        let own = Presence::ALL.map(|(presence, _)| presence).to_vec();
        prop_oneof![4 => prop::sample::select(own), 1 => dates().prop_map(Presence::Date)]
    };
    let phases = prop_oneof![
        prop::sample::select(Phase::ALL.to_vec()).prop_map(PhaseChoice::Has),
        prop::sample::subsequence(Phase::ALL.to_vec(), 2).prop_map(PhaseChoice::Combined),
        Just(PhaseChoice::Combined(vec![Phase::Phase2, Phase::Phase3])),
        Just(PhaseChoice::Combined(vec![Phase::Phase1, Phase::Phase2])),
    ];
    let units = vec![
        AgeUnit::Years,
        AgeUnit::Months,
        AgeUnit::Weeks,
        AgeUnit::Days,
    ];
    let countries = ["IR", "US", "DE", "CN", "FR", "GB", "EG", "IN"]
        .map(str::to_owned)
        .to_vec();
    let number = || prop::sample::select(vec![0u64, 1, 10, 30, 60, 100, 500, 10_000]);
    prop_oneof![
        prop::sample::select(vec![Kind::Trial, Kind::Article]).prop_map(Filter::Kind),
        some(statuses.collect()).prop_map(Filter::Status),
        prop::collection::vec(phases, 1..3).prop_map(Filter::Phase),
        some(countries).prop_map(Filter::Country),
        prop::sample::select(SexChoice::ALL.map(|(choice, _)| choice).to_vec())
            .prop_map(Filter::Sex),
        (0u32..90, prop::sample::select(units))
            .prop_map(|(n, unit)| Filter::Age(Age::new(n, unit))),
        some(StudyType::ALL.to_vec()).prop_map(Filter::Type),
        some(Registry::ALL.to_vec()).prop_map(Filter::Registry),
        some(Allocation::ALL.to_vec()).prop_map(Filter::Allocation),
        some(Masking::ALL.to_vec()).prop_map(Filter::Masking),
        some(Purpose::ALL.to_vec()).prop_map(Filter::Purpose),
        any::<bool>().prop_map(Filter::Healthy),
        (dates(), date(), date(), 0..3).prop_map(|(field, a, b, open)| {
            let from = (open != 1).then_some(a.min(b));
            let to = (open != 2).then_some(a.max(b));
            Filter::Date {
                field,
                range: DateRange { from, to },
            }
        }),
        (number(), number(), 0..3).prop_map(|(a, b, open)| {
            let from = (open != 1).then_some(a.min(b));
            let to = (open != 2).then_some(a.max(b));
            Filter::Enrollment(SizeRange { from, to })
        }),
        presence().prop_map(Filter::Has),
        presence().prop_map(Filter::Missing),
    ]
}

/// One to three of some values.
fn some<T: Clone + std::fmt::Debug + 'static>(values: Vec<T>) -> impl Strategy<Value = Vec<T>> {
    let most = values.len().min(3);
    prop::sample::subsequence(values, 1..=most)
}
