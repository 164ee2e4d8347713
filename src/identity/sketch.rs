//! Sketches of titles: a few hashes, of which records with alike titles have some in common, however
//! many records there are (min-hash, Broder 1997).

use crate::record::Trial;
use std::collections::BTreeSet;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Hashes a title has. Titles that share half of their words have one in common in nine of ten
/// cases, those that share three quarters practically always.
const HASHES: u64 = 8;

/// Smallest words that make one hash: one alone is found in too many titles.
const WORDS: u64 = 2;

/// Words a title must have: shorter ones say too little ("Hydroxychloroquine in COVID-19").
const LEAST: usize = 4;

/// Words of titles that tell no trial from another.
const EMPTY: [&str; 24] = [
    "a",
    "an",
    "and",
    "by",
    "clinical",
    "compared",
    "for",
    "from",
    "in",
    "is",
    "of",
    "on",
    "or",
    "patients",
    "study",
    "the",
    "to",
    "treatment",
    "trial",
    "versus",
    "vs",
    "who",
    "with",
    "without",
];

/// The words of a title that tell it from others, lower case.
pub(super) fn title_words(title: &str) -> BTreeSet<String> {
    let words = title.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    let words = words.map(str::to_lowercase);
    words
        .filter(|word| !EMPTY.contains(&word.as_str()))
        .collect()
}

/// The sketches of a trial's titles, together.
pub(crate) fn sketch(trial: &Trial) -> BTreeSet<u32> {
    let titles = [&trial.public_title, &trial.scientific_title];
    titles
        .into_iter()
        .flatten()
        .flat_map(|t| of_title(t))
        .collect()
}

fn of_title(title: &str) -> Vec<u32> {
    let words = title_words(title);
    if words.len() < LEAST {
        return Vec::new();
    }
    let smallest = |seed| {
        let hashes = words
            .iter()
            .map(|word| xxh3_64_with_seed(word.as_bytes(), seed));
        hashes.min().unwrap_or_default()
    };
    let hash = |number: u64| {
        let parts = (0..WORDS).map(|part| smallest(number * WORDS + part));
        let bytes: Vec<u8> = parts.flat_map(u64::to_le_bytes).collect();
        // The upper half: what the lower would do as well.
        (xxh3_64_with_seed(&bytes, number) >> 32) as u32
    };
    (0..HASHES).map(hash).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(one: &str, other: &str) -> usize {
        let (one, other) = (of_title(one), of_title(other));
        one.iter().filter(|hash| other.contains(hash)).count()
    }

    #[test]
    fn alike_titles_share_hashes_and_others_none() {
        let title = "Efficacy and Safety of Sarilumab in Hospitalised Patients With COVID-19";
        let same = "efficacy and safety of sarilumab in hospitalised patients with covid 19.";
        assert_eq!(shared(title, same), 8);
        let longer = format!("{title}: a Multicentre Trial");
        assert!(shared(title, &longer) >= 1);
        let other = "Mesenchymal Stem Cells for Refractory Lupus Nephritis, a Phase I/II Trial";
        assert_eq!(shared(title, other), 0);
    }

    #[test]
    fn a_title_of_few_words_has_no_sketch() {
        assert!(of_title("Hydroxychloroquine in patients with COVID-19").is_empty());
    }
}
