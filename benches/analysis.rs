//! Tokens a second: trialdex's analyzers beside tantivy's.
//!
//! Reads two small texts of its own; with `TRIALDEX_BENCH_TEXT=FOLDER` the files of a folder
//! instead (any text; of XML what stands between tags).

use divan::Bencher;
use divan::counter::BytesCount;
use frostem::{Algorithm, Stemmer};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use tantivy::tokenizer::{TextAnalyzer, TokenStream, TokenizerManager};
use trialdex::analysis::Analyzer;
use trialdex::schema::IndexSchema;

fn main() {
    divan::main();
}

const ASCII: &str = "The purpose of this study is to determine whether mesenchymal stem cells derived \
from bone marrow are safe and effective in the treatment of patients with relapsing-remitting multiple \
sclerosis. Patients will be randomized (1:1) to receive intravenous infusions of autologous cells or \
placebo at baseline and after 6 months. Inclusion criteria: age 18-55 years; EDSS score of 3.0 to 6.5; \
at least 2 relapses in the previous 24 months; no treatment with natalizumab, fingolimod or rituximab \
within 3 months. The primary outcome is the number of gadolinium-enhancing lesions (GEL) on MRI at week 24.\n";

const MIXED: &str = "Patients with Crohn’s disease (CDAI ≥220) received infliximab 5 mg/kg; serum TNF-α, \
IL-1β and IFN-γ were measured by ELISA. Sjögren’s syndrome and Behçet’s disease were excluded. Doses of \
50 µg/m² were given in 0.9% NaCl. CD4⁺ T cells were counted by flow cytometry before and after treatment, \
and the Child–Pugh score was determined at every visit during the follow-up of 12 months.\n";

/// Values of about the size a field has.
fn values(text: &str) -> Vec<String> {
    match std::env::var_os("TRIALDEX_BENCH_TEXT") {
        Some(folder) => {
            let mut values = Vec::new();
            collect(Path::new(&folder), &mut values);
            values
        }
        None => vec![text.repeat(3); 200],
    }
}

fn collect(path: &Path, values: &mut Vec<String>) {
    if path.is_dir() {
        let entries = std::fs::read_dir(path).expect("the folder can be read");
        let mut paths: Vec<_> = entries.flatten().map(|e| e.path()).collect();
        paths.sort();
        paths.iter().for_each(|p| collect(p, values));
    } else if let Ok(text) = std::fs::read_to_string(path) {
        let untagged = text.split('<').map(|part| match part.split_once('>') {
            Some((_, after)) => after.trim(),
            None => part.trim(),
        });
        values.extend(untagged.filter(|t| !t.is_empty()).map(str::to_owned));
    }
}

fn trialdex(bencher: Bencher, analyzer: &str, text: &str) {
    let schema = Arc::new(IndexSchema::shipped().expect("the shipped schema is valid"));
    let analyzer = Analyzer::new(&schema, analyzer).expect("the analyzer exists");
    let values = values(text);
    let bytes: usize = values.iter().map(String::len).sum();
    let mut words = BTreeSet::new();
    for value in &values {
        analyzer.tokens(value, |token| {
            if !words.contains(token.text) {
                words.insert(token.text.to_owned());
            }
        });
    }
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        let mut sum = 0;
        for value in &values {
            analyzer.tokens(value, |token| sum += token.text.len());
        }
        // An index is told the stem of each different word once.
        let stems = words.iter().filter_map(|word| analyzer.stem(word));
        sum + stems.map(|stem| stem.len()).sum::<usize>()
    });
}

/// tantivy's `default`; stemmed it is its `en_stem`, whose filter stems each token just so.
fn tantivy(bencher: Bencher, stemmed: bool, text: &str) {
    let manager = TokenizerManager::default();
    let mut tokenizer: TextAnalyzer = manager.get("default").expect("tantivy has it");
    let stemmer = Stemmer::new(Algorithm::English);
    let values = values(text);
    let bytes: usize = values.iter().map(String::len).sum();
    bencher.counter(BytesCount::new(bytes)).bench_local(|| {
        let mut sum = 0;
        for value in &values {
            let mut stream = tokenizer.token_stream(value);
            stream.process(&mut |token| {
                sum += if stemmed {
                    stemmer.stem(&token.text).len()
                } else {
                    token.text.len()
                };
            });
        }
        sum
    });
}

#[divan::bench(args = ["ascii", "mixed"])]
fn trialdex_text(bencher: Bencher, text: &str) {
    trialdex(bencher, "text", sample(text));
}

#[divan::bench(args = ["ascii", "mixed"])]
fn trialdex_name(bencher: Bencher, text: &str) {
    trialdex(bencher, "name", sample(text));
}

#[divan::bench(args = ["ascii", "mixed"])]
fn tantivy_en_stem(bencher: Bencher, text: &str) {
    tantivy(bencher, true, sample(text));
}

#[divan::bench(args = ["ascii", "mixed"])]
fn tantivy_default(bencher: Bencher, text: &str) {
    tantivy(bencher, false, sample(text));
}

fn sample(name: &str) -> &'static str {
    if name == "ascii" { ASCII } else { MIXED }
}
