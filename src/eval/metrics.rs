//! Metrics, as `trec_eval` computes them.
//!
//! A run is sorted by score, ties by document id backwards, as `trec_eval` does. A document is
//! relevant from grade 1; nDCG takes the grade itself as gain. Means are over the queries that
//! have a relevant document.

use super::trec::{Qrels, Run, RunEntry};
use serde::Serialize;
use std::collections::HashMap;

/// One metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Normalised discounted cumulative gain of the first ten.
    Ndcg10,
    /// Mean average precision.
    Map,
    /// Precision of the first ten.
    Precision10,
    /// Recall of the first hundred.
    Recall100,
    /// Recall of the first thousand.
    Recall1000,
    /// One by the rank of the first relevant document.
    ReciprocalRank,
    /// How many of the first ten were judged.
    Judged10,
    /// nDCG@10 of the run without documents nobody judged.
    JudgedNdcg10,
}

impl Measure {
    /// All metrics, in the order they are printed.
    pub const ALL: [Measure; 8] = [
        Measure::Ndcg10,
        Measure::Map,
        Measure::Precision10,
        Measure::Recall100,
        Measure::Recall1000,
        Measure::ReciprocalRank,
        Measure::Judged10,
        Measure::JudgedNdcg10,
    ];

    /// What a reader calls it.
    pub fn name(self) -> &'static str {
        match self {
            Measure::Ndcg10 => "nDCG@10",
            Measure::Map => "MAP",
            Measure::Precision10 => "P@10",
            Measure::Recall100 => "recall@100",
            Measure::Recall1000 => "recall@1000",
            Measure::ReciprocalRank => "MRR",
            Measure::Judged10 => "judged@10",
            Measure::JudgedNdcg10 => "judged-only nDCG@10",
        }
    }
}

/// The metrics of one query, in the order of [`Measure::ALL`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QueryMetrics {
    /// Id of the query.
    pub query: String,
    values: [f64; Measure::ALL.len()],
}

impl QueryMetrics {
    /// The value of a metric.
    pub fn get(&self, measure: Measure) -> f64 {
        let position = Measure::ALL.iter().position(|m| *m == measure);
        position
            .and_then(|i| self.values.get(i))
            .copied()
            .unwrap_or(0.0)
    }
}

/// The metrics of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evaluation {
    /// By query, those with a relevant document, in the order of their ids.
    pub queries: Vec<QueryMetrics>,
}

impl Evaluation {
    /// The mean over the queries; 0 without any.
    pub fn mean(&self, measure: Measure) -> f64 {
        if self.queries.is_empty() {
            return 0.0;
        }
        let sum: f64 = self.queries.iter().map(|q| q.get(measure)).sum();
        sum / self.queries.len() as f64
    }
}

/// Computes the metrics of a run.
pub fn evaluate(run: &Run, qrels: &Qrels) -> Evaluation {
    let mut queries = Vec::new();
    for id in qrels.ids() {
        let Some(judged) = qrels.query(id) else {
            continue;
        };
        if !judged.values().any(|&grade| grade > 0) {
            continue;
        }
        let ranked = ranked(run.query(id));
        queries.push(QueryMetrics {
            query: id.to_owned(),
            values: Measure::ALL.map(|measure| value(measure, &ranked, judged)),
        });
    }
    Evaluation { queries }
}

/// The documents as `trec_eval` orders them: by score, equal scores by id backwards.
fn ranked(entries: &[RunEntry]) -> Vec<&str> {
    let mut entries: Vec<&RunEntry> = entries.iter().collect();
    entries.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then_with(|| b.document.cmp(&a.document))
    });
    entries
        .iter()
        .map(|entry| entry.document.as_str())
        .collect()
}

fn value(measure: Measure, ranked: &[&str], judged: &HashMap<String, i32>) -> f64 {
    let relevant = |document: &str| judged.get(document).is_some_and(|&grade| grade > 0);
    let total = judged.values().filter(|&&grade| grade > 0).count() as f64;
    let among = |depth: usize| ranked.iter().take(depth).filter(|d| relevant(d)).count() as f64;
    match measure {
        Measure::Ndcg10 => ndcg(ranked.iter().copied(), judged, 10),
        Measure::Map => {
            let mut found = 0.0;
            let mut sum = 0.0;
            for (rank, document) in (1..).zip(ranked) {
                if relevant(document) {
                    found += 1.0;
                    sum += found / f64::from(rank);
                }
            }
            sum / total
        }
        Measure::Precision10 => among(10) / 10.0,
        Measure::Recall100 => among(100) / total,
        Measure::Recall1000 => among(1000) / total,
        Measure::ReciprocalRank => {
            let first = ranked.iter().position(|d| relevant(d));
            first.map_or(0.0, |index| 1.0 / (index as f64 + 1.0))
        }
        Measure::Judged10 => {
            let known = ranked.iter().take(10).filter(|d| judged.contains_key(**d));
            known.count() as f64
        }
        Measure::JudgedNdcg10 => {
            let known = ranked.iter().copied().filter(|d| judged.contains_key(*d));
            ndcg(known, judged, 10)
        }
    }
}

fn ndcg<'a>(
    ranked: impl Iterator<Item = &'a str>,
    judged: &HashMap<String, i32>,
    depth: usize,
) -> f64 {
    let gain = |document: &str| judged.get(document).map_or(0.0, |&g| f64::from(g.max(0)));
    let mut ideal: Vec<i32> = judged.values().copied().filter(|&g| g > 0).collect();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    let best = discounted(ideal.into_iter().map(f64::from).take(depth));
    if best == 0.0 {
        return 0.0;
    }
    discounted(ranked.take(depth).map(gain)) / best
}

fn discounted(gains: impl Iterator<Item = f64>) -> f64 {
    let ranks = (1..).map(f64::from);
    let discounted = gains
        .zip(ranks)
        .map(|(gain, rank)| gain / (rank + 1.0).log2());
    // The sum of no numbers is -0.
    discounted.fold(0.0, |sum, gain| sum + gain)
}

#[cfg(test)]
mod tests {
    use super::super::trec::{read_qrels, read_run};
    use super::*;
    use std::collections::BTreeMap;

    /// Written by `pytrec_eval` (pytrec_eval-terrier 0.5, RelevanceEvaluator, judged_docs_only_flag for the last
    /// column) from the two files beside it: ties, a query without relevant documents, one without hits.
    const EXPECTED: &str = include_str!("samples/expected.json");

    #[test]
    fn metrics_equal_trec_eval() {
        let run = read_run(include_bytes!("samples/run.txt").as_slice()).unwrap();
        let qrels = read_qrels(include_bytes!("samples/qrels.txt").as_slice()).unwrap();
        let expected: BTreeMap<String, Vec<f64>> = serde_json::from_str(EXPECTED).unwrap();
        let evaluation = evaluate(&run, &qrels);
        assert_eq!(evaluation.queries.len(), expected.len());
        for query in &evaluation.queries {
            let measures = Measure::ALL.into_iter().filter(|m| *m != Measure::Judged10);
            for (measure, expected) in measures.zip(&expected[&query.query]) {
                let found = query.get(measure);
                assert!(
                    (found - expected).abs() < 5e-5,
                    "{} of {}: {found}, not {expected}",
                    measure.name(),
                    query.query
                );
            }
        }
    }

    #[test]
    fn the_first_ten_judged_are_counted() {
        let mut qrels = Qrels::default();
        qrels.add("1", "a", 1);
        qrels.add("1", "b", 0);
        let run = read_run("1 Q0 a 1 3 x\n1 Q0 u 2 2 x\n1 Q0 b 3 1 x\n".as_bytes()).unwrap();
        assert_eq!(evaluate(&run, &qrels).mean(Measure::Judged10), 2.0);
    }

    #[test]
    fn a_query_without_hits_has_nothing_and_not_less() {
        let mut qrels = Qrels::default();
        qrels.add("1", "a", 1);
        let evaluation = evaluate(&Run::default(), &qrels);
        for measure in Measure::ALL {
            let value = evaluation.queries[0].get(measure);
            assert_eq!(value.to_bits(), 0.0f64.to_bits(), "{}", measure.name());
        }
    }
}
