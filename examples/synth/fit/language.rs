//! Words of real records: how often they are met, and how many a record has.

use super::{print_curve, words};
use std::collections::{HashMap, HashSet};
use trialdex::index::field_texts;
use trialdex::record::Record;
use trialdex::schema::IndexSchema;

/// Words that stand in the figures by themselves, the most frequent ones.
const HEAD: usize = 200;

/// Made names share fewer words than real ones, so prose has to repeat more of its own: by so much, at
/// which `--fit` of made records finds as many distinct words in a record as in a real one.
const REPEATED: f64 = 0.13;

/// A text of no more words is made as a name.
const NAME: usize = 4;

/// What is counted of words.
#[derive(Default)]
pub(super) struct Language {
    /// Words of every record: which are the head is known at the end only.
    records: Vec<Vec<Met>>,
    ids: HashMap<String, u32>,
    sentences: usize,
    brackets: usize,
    foreign: usize,
}

/// A word of a record.
struct Met {
    word: u32,
    times: u32,
    /// Times it is met in texts longer than names.
    prose: u32,
}

impl Language {
    pub(super) fn add(&mut self, record: &Record, schema: &IndexSchema) {
        let mut own = HashMap::<u32, (u32, u32)>::new();
        for field in schema.fields.texts(record.kind()) {
            for text in field_texts(record, &field.name) {
                self.sentences += text.matches(['.', '\n', ';']).count().max(1);
                self.brackets += text.matches('(').count();
                self.foreign += text.chars().filter(|letter| !letter.is_ascii()).count();
                let prose = words(&text).count() > NAME;
                for word in words(&text) {
                    let next = self.ids.len() as u32;
                    let id = *self.ids.entry(word.to_lowercase()).or_insert(next);
                    let (times, in_prose) = own.entry(id).or_default();
                    *times += 1;
                    *in_prose += u32::from(prose);
                }
            }
        }
        let met = own.into_iter();
        self.records.push(
            met.map(|(word, (times, prose))| Met { word, times, prose })
                .collect(),
        );
    }

    /// How often words are met: of all, and in how many records.
    fn met(&self) -> Vec<(usize, usize)> {
        let mut met = vec![(0usize, 0usize); self.ids.len()];
        for one in self.records.iter().flatten() {
            met[one.word as usize].0 += one.times as usize;
            met[one.word as usize].1 += 1;
        }
        met
    }

    /// The words by how often they are met, each with its number.
    fn sorted(&self, met: &[(usize, usize)]) -> Vec<(&String, usize)> {
        let words = self.ids.iter().map(|(word, id)| (word, *id as usize));
        let mut sorted: Vec<(&String, usize)> = words.collect();
        sorted.sort_by(|a, b| met[b.1].0.cmp(&met[a.1].0).then(a.0.cmp(b.0)));
        sorted
    }

    pub(super) fn print_shape(&self) {
        let met = self.met();
        let sorted = self.sorted(&met);
        let all: usize = met.iter().map(|met| met.0).sum();
        let of_head: usize = sorted.iter().take(HEAD).map(|(_, id)| met[*id].0).sum();
        let head: HashSet<usize> = sorted.iter().take(HEAD).map(|(_, id)| *id).collect();
        let rest = || {
            self.records
                .iter()
                .flatten()
                .filter(|met| !head.contains(&(met.word as usize)))
        };
        let prose: u32 = rest().map(|met| met.prose).sum();
        let fresh = rest()
            .filter(|met| met.prose > 0 && met.prose == met.times)
            .count();
        let records = self.records.len().max(1) as f64;
        let distinct: usize = self.records.iter().map(Vec::len).sum();
        let number = |name: &str, value: f64| println!("number\twords.{name}\t{value:.5}");
        number("head", of_head as f64 / all as f64);
        // In prose a word that was met, in a name or in prose, is no new draw.
        number("again", 1.0 - fresh as f64 / f64::from(prose) + REPEATED);
        number("sentence", all as f64 / self.sentences as f64);
        number("bracket", self.brackets as f64 / all as f64);
        number("foreign", self.foreign as f64 / all as f64);
        number("a_record", all as f64 / records);
        number("distinct_a_record", distinct as f64 / records);
        self.print_growth();
    }

    pub(super) fn print_frequencies(&self) {
        let met = self.met();
        let sorted = self.sorted(&met);
        let of_head: usize = sorted.iter().take(HEAD).map(|(_, id)| met[*id].0).sum();
        for (word, id) in sorted.iter().take(HEAD) {
            let share = met[*id].0 as f64 / of_head as f64;
            println!("choice\twords.head\t{word}\t{share:.5}");
        }
        let rest = sorted.iter().skip(HEAD);
        print_curve("words", rest.map(|(_, id)| met[*id].1).collect());
    }

    /// Distinct words after every doubling of records: Heaps' law as it is.
    fn print_growth(&self) {
        let mut seen = HashSet::new();
        let mut next = 40;
        for (number, record) in self.records.iter().enumerate() {
            seen.extend(record.iter().map(|met| met.word));
            if number + 1 == next {
                println!("number\twords.distinct.{next}\t{}", seen.len());
                next *= 2;
            }
        }
    }
}
