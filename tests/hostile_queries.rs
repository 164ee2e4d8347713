//! No text is a query that panics, hangs or takes more than its share.

use crate::program::corpus;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use trialdex::index::{Index, Snapshot, UpdateOptions};
use trialdex::query::Query;
use trialdex::results::{SearchOptions, search};
use trialdex::schema::IndexSchema;
use trialdex::source::Source;
use trialdex::{ErrorKind, Result};

/// The corpus, and an article of more than ten thousand words that begin alike.
static SNAPSHOT: LazyLock<Snapshot> = LazyLock::new(|| {
    let (schema, options) = (IndexSchema::shipped().unwrap(), UpdateOptions::default());
    let letters = || 'a'..='z';
    let endings = letters().flat_map(|a| letters().map(move |b| format!("{a}{b}")));
    let words = endings.flat_map(|end| ('a'..='p').map(move |c| format!("monster{c}{end}")));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("monsters.md");
    std::fs::write(&path, words.collect::<Vec<_>>().join(" ")).unwrap();
    let sources = vec![Source::path(corpus()), Source::path(path)];
    let made = Index::in_memory(sources, &[], Arc::new(schema), &options, &mut ());
    made.unwrap().0.snapshot()
});

/// Random numbers, the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % end.max(1)
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// Reads and searches a text; refusing it is allowed, taking more than a minute is not.
fn ask(text: &str, limit: usize) -> Result<u64> {
    let options = SearchOptions {
        limit,
        explain: limit > 0,
        time_limit: Some(Duration::from_secs(60)),
        ..SearchOptions::default()
    };
    let found = Query::parse(text).and_then(|parsed| search(&SNAPSHOT, &parsed.query, &options));
    match found {
        Ok(results) => Ok(results.total),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Query, "{text:?}: {error}");
            assert!(!error.to_string().is_empty());
            Err(error)
        }
    }
}

#[test]
fn ten_thousand_random_byte_strings_are_answered_or_refused() {
    let mut random = Random(7);
    let marks: Vec<&str> = "( ) \" \\ : + - ~ ^ * ? , . .. < > = / AND OR NOT"
        .split(' ')
        .collect();
    let names = [
        "phase:",
        "title:",
        "exact:",
        "age:",
        "registered:",
        "enrollment:",
        "has:",
    ];
    let words = [
        "pain",
        "lupus",
        "covid-19",
        "the",
        "HIV/AIDS",
        "2020",
        "ü",
        "ﷺ",
        "NCT00000408",
    ];
    let mut answered = 0;
    for number in 0..10_000 {
        let mut bytes: Vec<u8> = Vec::new();
        for _ in 0..random.below(12) {
            match random.below(6) {
                0 => bytes.extend((0..random.below(8)).map(|_| random.below(256) as u8)),
                1 => bytes.extend(random.pick(&words).bytes()),
                2 => bytes.extend(random.pick(&names).bytes()),
                3 => bytes.push(b' '),
                4 => bytes.push(b'0' + random.below(10) as u8),
                _ => bytes.extend(random.pick(&marks).bytes()),
            }
        }
        // Some with hits, snippets and reasons.
        let limit = if number % 50 == 0 { 3 } else { 0 };
        answered += u32::from(ask(&String::from_utf8_lossy(&bytes), limit).is_ok());
    }
    println!("{answered} of 10,000 answered");
    assert!(answered > 5_000);
}

#[test]
fn valid_queries_with_a_few_bytes_changed_are_answered_or_refused() {
    let mut random = Random(11);
    let queries = include_str!("answers.tsv").lines();
    let queries: Vec<&str> = queries.filter_map(|line| line.split('\t').next()).collect();
    for _ in 0..2_000 {
        let mut bytes = random.pick(&queries).as_bytes().to_vec();
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len());
            match random.below(4) {
                0 => bytes[at] = random.below(256) as u8,
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, *random.pick(b"()\"\\:+-~^*?, ")),
                _ => {
                    let end = (at + random.below(12)).min(bytes.len());
                    let copied = bytes[at..end].to_vec();
                    bytes.splice(at..at, copied);
                }
            }
        }
        let _ = ask(&String::from_utf8_lossy(&bytes), 0);
    }
}

#[test]
fn monsters_are_refused_with_a_reason_or_answered_soon() {
    let words = |count: usize| (0..count).map(|n| format!("w{n}")).collect::<Vec<_>>();
    for (text, reason) in [
        (vec!["w"; 10_000].join(" OR "), "clauses"),
        (words(10_000).join(" "), "clauses"),
        (format!("+{}", words(5_000).join(" +")), "clauses"),
        ("phase:2 ".repeat(5_000), "clauses"),
        (format!("{}pain", "(".repeat(10_000)), "nests"),
        (format!("{}pain", "NOT ".repeat(10_000)), "nests"),
        ("*monster*".to_owned(), "stands for more than 10000 words"),
        (
            "lupus (pain -*mons*)".to_owned(),
            "stands for more than 10000 words",
        ),
        ("monstera*".to_owned(), ""),
        (
            ('a'..='p')
                .map(|c| format!("monster{c}* "))
                .collect::<String>()
                .repeat(5),
            "patterns of the query stand for more than 50000 words",
        ),
        ("*xyz ".repeat(65), "begin with *"),
        (format!("\"{}\"~9", words(100).join(" ")), "near each other"),
        (format!("{}~2", "abcdefghij".repeat(6_000)), "letters"),
        ("x".repeat(70_000), "bytes"),
    ] {
        let begin: String = text.chars().take(40).collect();
        match ask(&text, 3) {
            Err(error) => assert!(error.to_string().contains(reason), "{begin}: {error}"),
            Ok(_) => assert_eq!(reason, "", "{begin}"),
        }
    }
    for text in [
        words(1_000).join(" "),
        format!("\"{}\"", words(4_000).join(" ")),
        format!("\"{}\"", "pain ".repeat(4_000)),
        format!("\"{}\"~100", "pain ".repeat(60)),
        format!("a{}z", "*b".repeat(20_000)),
        format!("pa{}n", "?".repeat(20_000)),
        "a-".repeat(30_000),
        "pain/".repeat(10_000),
        "١".repeat(20_000),
        "\u{301}".repeat(20_000),
        format!("pain^{}", "9".repeat(20_000)),
        "status:".to_owned() + &"open,".repeat(10_000),
        "country:".to_owned() + &"\"Iran\",".repeat(6_000),
        "enrollment:1..".to_owned() + &"9".repeat(10_000),
    ] {
        // A panic or a search that outlasts its time fails the test.
        let _ = ask(&text, 3);
    }
}
