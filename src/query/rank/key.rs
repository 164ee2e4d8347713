//! What tells one lookup from all others in an index, as bytes: what was found by it can be kept.

use super::bag::WeightedTerm;
use super::field::WeightedField;
use super::otherwise::Otherwise;
use super::pattern::{Order, Pattern};

/// The key of the documents of a segment that have one of some terms.
pub(super) fn of_terms(
    segment: usize,
    fields: &[WeightedField],
    terms: &[WeightedTerm],
) -> Vec<u8> {
    let mut key = Key::default();
    key.number(segment);
    key.fields(fields);
    key.terms(terms);
    key.0
}

/// The key of what patterns weigh in all segments.
pub(super) fn of_patterns(fields: &[WeightedField], patterns: &[Pattern]) -> Vec<u8> {
    let mut key = Key::default();
    key.fields(fields);
    for pattern in patterns {
        key.share(pattern.weight);
        key.number(match pattern.order {
            Order::Adjacent => 0,
            Order::Near(distance) => 1 + distance as usize,
        });
        key.number(pattern.places.len());
        for place in &pattern.places {
            key.number(place.offset as usize);
            key.terms(&place.terms);
        }
    }
    key.0
}

#[derive(Default)]
struct Key(Vec<u8>);

impl Key {
    fn number(&mut self, number: usize) {
        self.0.extend((number as u64).to_le_bytes());
    }

    fn share(&mut self, share: f32) {
        self.0.extend(share.to_bits().to_le_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len());
        self.0.extend(bytes);
    }

    fn fields(&mut self, fields: &[WeightedField]) {
        self.number(fields.len());
        for field in fields {
            self.number(field.field.field_id() as usize);
            self.number(usize::from(field.stems));
            for share in [field.boost, field.b, field.average] {
                self.share(share);
            }
        }
    }

    fn terms(&mut self, terms: &[WeightedTerm]) {
        self.number(terms.len());
        for term in terms {
            self.bytes(term.term.as_bytes());
            self.share(term.weight);
            self.number(usize::from(term.inflected));
            let unless = term.unless.as_deref();
            for definitions in unless.map_or([&[][..], &[]], Otherwise::definitions) {
                self.number(definitions.len());
                definitions
                    .iter()
                    .for_each(|term| self.bytes(term.serialized_value_bytes()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::rank::pattern::Place;
    use std::collections::HashSet;
    use tantivy::schema::Field;

    fn field(number: u32, boost: f32, b: f32, average: f32) -> WeightedField {
        WeightedField::new("any", Field::from_field_id(number), true, boost, b, average)
    }

    fn pattern(words: &[&str], weight: f32, order: Order) -> Pattern {
        let place = |(offset, word): (u32, &&str)| Place {
            offset,
            terms: vec![WeightedTerm::new(*word, 1.0)],
        };
        Pattern {
            places: (0..).zip(words).map(place).collect(),
            order,
            weight,
        }
    }

    #[test]
    fn whatever_changes_what_is_found_changes_the_key() {
        let fields = [field(1, 1.0, 0.5, 9.0)];
        let word = |text: &str| WeightedTerm::new(text, 1.0);
        let keys = [
            of_terms(0, &fields, &[word("stem"), word("cell")]),
            of_terms(1, &fields, &[word("stem"), word("cell")]),
            of_terms(0, &fields, &[word("stemcell")]),
            of_terms(0, &fields, &[word("stem"), WeightedTerm::new("cell", 0.5)]),
            of_terms(
                0,
                &fields,
                &[word("stem"), WeightedTerm::inflected("cell", 1.0)],
            ),
            of_terms(0, &[field(2, 1.0, 0.5, 9.0)], &[word("stem"), word("cell")]),
            of_terms(0, &[], &[word("stem"), word("cell")]),
        ];
        assert_eq!(HashSet::from(keys.clone()).len(), keys.len());
        let adjacent = pattern(&["stem", "cell"], 1.0, Order::Adjacent);
        let keys = [
            of_patterns(&fields, std::slice::from_ref(&adjacent)),
            of_patterns(&fields, &[adjacent.clone(), adjacent.clone()]),
            of_patterns(&fields, &[pattern(&["stem", "cell"], 0.5, Order::Adjacent)]),
            of_patterns(&fields, &[pattern(&["stem", "cell"], 1.0, Order::Near(0))]),
            of_patterns(&fields, &[pattern(&["cell", "stem"], 1.0, Order::Adjacent)]),
            of_patterns(&[field(1, 2.0, 0.5, 9.0)], std::slice::from_ref(&adjacent)),
            of_patterns(&[field(1, 1.0, 0.4, 9.0)], std::slice::from_ref(&adjacent)),
            of_patterns(&[field(1, 1.0, 0.5, 8.0)], &[adjacent]),
        ];
        assert_eq!(HashSet::from(keys.clone()).len(), keys.len());
    }
}
