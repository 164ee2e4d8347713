//! Whether one run is better than another by more than chance.

use super::metrics::{Evaluation, Measure};
use serde::Serialize;
use std::collections::HashMap;

/// How many times signs are drawn where there are too many queries to try all.
const DRAWS: u32 = 20_000;

/// Up to so many differing queries, all combinations of signs are tried.
const ALL_SIGNS: usize = 14;

/// Two runs side by side on one metric.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// Queries both runs have.
    pub queries: usize,
    /// On how many the first run is better.
    pub wins: usize,
    /// On how many it is worse.
    pub losses: usize,
    /// Mean of the differences, first run minus second.
    pub difference: f64,
    /// Probability of such a difference, in either direction, if the runs were equally good.
    pub p_value: f64,
}

/// Compares two runs by a paired, two-sided randomisation test; the same runs give the same answer.
pub fn compare(first: &Evaluation, second: &Evaluation, measure: Measure) -> Comparison {
    let other: HashMap<&str, f64> = second
        .queries
        .iter()
        .map(|q| (q.query.as_str(), q.get(measure)))
        .collect();
    let differences: Vec<f64> = first
        .queries
        .iter()
        .filter_map(|q| Some(q.get(measure) - other.get(q.query.as_str())?))
        .collect();
    let count = differences.len().max(1) as f64;
    Comparison {
        queries: differences.len(),
        wins: differences.iter().filter(|d| **d > 0.0).count(),
        losses: differences.iter().filter(|d| **d < 0.0).count(),
        difference: differences.iter().sum::<f64>() / count,
        p_value: p_value(&differences),
    }
}

/// The share of sign assignments whose sum is at least as far from 0 as the observed one.
fn p_value(differences: &[f64]) -> f64 {
    let differing: Vec<f64> = differences.iter().copied().filter(|d| *d != 0.0).collect();
    if differing.is_empty() {
        return 1.0;
    }
    // Sums in another order differ in their last digits and must count as equal.
    let observed = differing.iter().sum::<f64>().abs() - 1e-12;
    if differing.len() <= ALL_SIGNS {
        let all = 1u32 << differing.len();
        let extreme =
            (0..all).filter(|&signs| signed_sum(&differing, u64::from(signs)) >= observed);
        return extreme.count() as f64 / f64::from(all);
    }
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut extreme = 1u32;
    for _ in 0..DRAWS {
        let sum: f64 = differing
            .chunks(64)
            .map(|chunk| partial_sum(chunk, draw(&mut state)))
            .sum();
        extreme += u32::from(sum.abs() >= observed);
    }
    f64::from(extreme) / f64::from(DRAWS + 1)
}

fn signed_sum(differences: &[f64], signs: u64) -> f64 {
    partial_sum(differences, signs).abs()
}

fn partial_sum(differences: &[f64], signs: u64) -> f64 {
    let sign = |bit: usize| if signs >> bit & 1 == 1 { -1.0 } else { 1.0 };
    differences
        .iter()
        .enumerate()
        .map(|(bit, d)| sign(bit) * d)
        .sum()
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same sequence in every run.
fn draw(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_runs_do_not_differ() {
        assert_eq!(p_value(&[0.0, 0.0]), 1.0);
    }

    #[test]
    fn few_differences_are_tested_exactly() {
        // Of 8 sign assignments only all-plus and all-minus are as extreme.
        assert_eq!(p_value(&[0.1, 0.2, 0.3]), 0.25);
        assert_eq!(p_value(&[0.1, -0.1]), 1.0);
    }

    #[test]
    fn many_differences_are_tested_by_drawing() {
        let better = vec![0.05; 40];
        assert!(p_value(&better) < 0.001);
        let mixed: Vec<f64> = (0..40)
            .map(|i| if i % 2 == 0 { 0.1 } else { -0.1 })
            .collect();
        assert!(p_value(&mixed) > 0.9);
    }
}
