//! Rows of WHO's ICTRP export as JSON objects with the columns' names as keys, in an array or one
//! after another. Recognised by those keys.

use super::context::Context;
use super::ictrp::{self, Row, convert};
use super::{Converted, Cutter, RawBody, RawRecord, Reason, Sample, SourceFormat, json};
use crate::record::Format;
use serde_json::{Map, Value};
use std::io::{self, BufRead};

/// The format.
pub(crate) struct IctrpJson;

impl SourceFormat for IctrpJson {
    fn format(&self) -> Format {
        Format::IctrpJson
    }

    fn recognises(&self, sample: &Sample<'_>) -> bool {
        let starts = sample.head.trim_ascii_start().first();
        let keys = json::keys(sample.head, 1).into_iter();
        matches!(starts, Some(b'[' | b'{'))
            && ictrp::are_columns(keys.filter_map(|key| std::str::from_utf8(key).ok()))
    }

    fn cut(&self, input: &mut dyn BufRead, cutter: &mut dyn Cutter) -> io::Result<()> {
        json::cut(input, &[], cutter)
    }

    fn convert(&self, raw: &RawRecord, context: &mut Context<'_>) -> Result<Converted, Reason> {
        let RawBody::Bytes(bytes) = &raw.body else {
            return Err(Reason::new("not a JSON object"));
        };
        let object: Map<String, Value> = json::parse(bytes)?;
        let mut cells = Vec::with_capacity(object.len());
        for (name, value) in &object {
            let cell = match value {
                Value::String(text) => text.clone(),
                Value::Null => continue,
                Value::Bool(_) | Value::Number(_) => value.to_string(),
                Value::Array(_) | Value::Object(_) => {
                    let message = format!("{name:?} is a list or an object, not a cell");
                    return Err(Reason::new(message));
                }
            };
            cells.push((name.as_str(), cell));
        }
        let row = Row::new(cells.iter().map(|(name, cell)| (*name, cell.as_str())));
        convert::convert(&row, context)
    }
}
