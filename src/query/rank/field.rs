//! A text field as one area weighs it.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::Field;

/// A text field of an area, with its boost and the discount of long texts worked out.
#[derive(Clone, Debug)]
pub(crate) struct WeightedField {
    pub(crate) name: String,
    pub(crate) field: Field,
    pub(crate) boost: f32,
    pub(crate) b: f32,
    /// Whether other forms of its words are found.
    pub(crate) stems: bool,
    /// Mean length over the documents that have the field.
    pub(crate) average: f32,
    /// What one occurrence weighs, by the length's number in the index.
    weights: Box<[f32; 256]>,
}

impl WeightedField {
    pub(crate) fn new(
        name: &str,
        field: Field,
        stems: bool,
        boost: f32,
        b: f32,
        average: f32,
    ) -> Self {
        let mut weights = Box::new([0.0; 256]);
        for (id, weight) in (0..=u8::MAX).zip(weights.iter_mut()) {
            let length = FieldNormReader::id_to_fieldnorm(id) as f32;
            *weight = boost / (1.0 - b + b * length / average.max(1.0));
        }
        WeightedField {
            name: name.to_owned(),
            field,
            boost,
            b,
            stems,
            average,
            weights,
        }
    }

    /// What one occurrence weighs in a text of that length, given by its number in the index.
    pub(crate) fn weight_at(&self, length: u8) -> f32 {
        self.weights
            .get(usize::from(length))
            .copied()
            .unwrap_or(0.0)
    }
}
