//! Made words and texts of them.

use super::Outcome;
use super::draw::{Choice, Curve, Rng};
use super::figures::Figures;

const SYLLABLES: [&str; 64] = [
    "ba", "be", "bi", "bo", "ca", "ce", "co", "cu", "da", "de", "di", "do", "fa", "fe", "fi", "fo",
    "ga", "ge", "go", "ha", "he", "hi", "la", "le", "li", "lo", "lu", "ma", "me", "mi", "mo", "mu",
    "na", "ne", "ni", "no", "pa", "pe", "phi", "po", "pro", "ra", "re", "ri", "ro", "sa", "se",
    "si", "so", "ta", "te", "ti", "to", "tra", "tri", "va", "ve", "vi", "vo", "xa", "xi", "za",
    "ze", "thy",
];

const ENDS: [&str; 8] = ["n", "l", "r", "x", "m", "sk", "d", "st"];

/// Every third word is a form of one that is met more often.
const FORMS: [&str; 4] = ["s", "ed", "ing", "al"];

/// One rank, one spelling: the more often a word is met the shorter it is.
pub(crate) fn spelled(rank: u64) -> String {
    // A number among words, as doses and years are.
    if rank > 64 && rank.is_multiple_of(17) {
        return rank.to_string();
    }
    if rank > 64 && rank.is_multiple_of(3) {
        let base = rank / 12 * 3 + 1;
        let form = FORMS[(rank / 3 % 4) as usize];
        return format!("{}{form}", stem(base));
    }
    stem(rank)
}

fn stem(rank: u64) -> String {
    let number = rank + 64;
    let digits = (64 - number.leading_zeros()).div_ceil(6);
    let mut word = String::new();
    for digit in (0..digits).rev() {
        let left = number >> (6 * digit);
        // Turned by the digits before, so that neighbours in rank do not look alike, and still one to one.
        let turn = (left >> 6).wrapping_mul(0x9e37_79b9) >> 8;
        word.push_str(SYLLABLES[((left ^ turn) & 63) as usize]);
    }
    word.push_str(ENDS[(rank.wrapping_mul(0x9e37_79b9) >> 8 & 7) as usize]);
    word
}

pub(crate) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// What the texts of a record are made with.
pub(crate) struct Words<'f> {
    head: &'f Choice,
    head_share: f64,
    again: f64,
    curve: &'f Curve,
    sentence: f64,
    bracket: f64,
    foreign: f64,
}

impl<'f> Words<'f> {
    pub(crate) fn new(figures: &'f Figures) -> Outcome<Self> {
        Ok(Words {
            head: figures.choice("words.head")?,
            head_share: figures.number("words.head")?,
            again: figures.number("words.again")?,
            curve: figures.curve("words")?,
            sentence: figures.number("words.sentence")?,
            bracket: figures.number("words.bracket")?,
            foreign: figures.number("words.foreign")?,
        })
    }

    /// A word, drawn from the language or from what the record spoke of before (`topic`).
    fn word(&self, rng: &mut Rng, topic: &mut Vec<u64>) -> String {
        if rng.chance(self.head_share) {
            return self.head.draw(rng).to_owned();
        }
        let again = !topic.is_empty() && rng.chance(self.again);
        let rank = if again {
            topic[rng.below(topic.len())]
        } else {
            self.curve.draw(rng)
        };
        topic.push(rank);
        spelled(rank)
    }

    /// A name: words that say something, remembered as the record's.
    pub(crate) fn name(&self, rng: &mut Rng, count: usize, topic: &mut Vec<u64>) -> String {
        let mut words = Vec::with_capacity(count);
        for place in 0..count.max(1) {
            if place > 2 && rng.chance(self.head_share) {
                words.push(self.head.draw(rng).to_owned());
                continue;
            }
            let rank = self.curve.draw(rng);
            topic.push(rank);
            words.push(capital(&spelled(rank)));
        }
        words.join(" ")
    }

    /// A title or another line without an end.
    pub(crate) fn line(&self, rng: &mut Rng, count: usize, topic: &mut Vec<u64>) -> String {
        let words: Vec<String> = (0..count.max(1)).map(|_| self.word(rng, topic)).collect();
        capital(&words.join(" "))
    }

    pub(crate) fn prose(&self, rng: &mut Rng, count: usize, topic: &mut Vec<u64>) -> String {
        self.sentences(rng, count, topic, " ")
    }

    /// A list of criteria.
    pub(crate) fn items(&self, rng: &mut Rng, count: usize, topic: &mut Vec<u64>) -> String {
        format!("* {}", self.sentences(rng, count, topic, "\n* "))
    }

    fn sentences(
        &self,
        rng: &mut Rng,
        count: usize,
        topic: &mut Vec<u64>,
        between: &str,
    ) -> String {
        let mut text = String::with_capacity(count * 8);
        let mut begins = true;
        for place in 0..count.max(1) {
            let word = self.word(rng, topic);
            if !begins {
                text.push(' ');
            }
            if rng.chance(self.foreign) {
                text.push_str("≥ ");
            }
            text.push_str(&if begins { capital(&word) } else { word.clone() });
            begins = false;
            let last = place + 1 >= count;
            if rng.chance(self.bracket) {
                text.push_str(&format!(" ({})", word.to_uppercase()));
            }
            if last || rng.chance(1.0 / self.sentence) {
                text.push('.');
                text.push_str(if last { "" } else { between });
                begins = true;
            }
        }
        text
    }
}
