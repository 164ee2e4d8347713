//! JSON Lines: trialdex's own records, as `trialdex parse` prints them, and minimal documents.
//!
//! A record is an object whose `kind` is `trial` or `article`; it comes back exactly as it was
//! printed, its provenance included. A document is an object with `id` and `text` (and `title`);
//! it becomes an article of that id, other keys are passed over.

use super::context::Context;
use super::{Converted, Cutter, RawRecord, Reason, Sample, SourceFormat, json};
use crate::record::{Article, Format, Record};
use serde::Deserialize;
use std::borrow::Cow;
use std::io::{self, BufRead};

/// trialdex's own records.
pub(crate) struct Records;

/// Minimal documents.
pub(crate) struct Documents;

/// What of a document matters.
#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    id: Id<'a>,
    #[serde(borrow)]
    title: Option<Cow<'a, str>>,
    #[serde(borrow)]
    text: Cow<'a, str>,
}

/// An id; some tools write whole numbers.
#[derive(Deserialize)]
#[serde(untagged, expecting = "the id is neither a string nor a whole number")]
enum Id<'a> {
    #[serde(borrow)]
    Text(Cow<'a, str>),
    Number(i64),
}

impl SourceFormat for Records {
    fn format(&self) -> Format {
        Format::TrialdexJsonl
    }

    fn recognises(&self, sample: &Sample<'_>) -> bool {
        has_key(sample.head, "kind") && is_record_kind(sample.head)
    }

    fn cut(&self, input: &mut dyn BufRead, cutter: &mut dyn Cutter) -> io::Result<()> {
        json::cut_lines(input, cutter)
    }

    fn convert(&self, raw: &RawRecord, _: &mut Context<'_>) -> Result<Converted, Reason> {
        let record: Record = json::parse(raw.body.bytes()?)?;
        if record.id().trim().is_empty() {
            return Err(Reason::new(format!(
                "{} without a number or id",
                record.kind()
            )));
        }
        Ok(Converted::Record(record))
    }
}

impl SourceFormat for Documents {
    fn format(&self) -> Format {
        Format::Document
    }

    fn recognises(&self, sample: &Sample<'_>) -> bool {
        let [id, text] = ["id", "text"].map(|key| has_key(sample.head, key));
        // A long text may hide what stands behind it.
        let hidden = || !sample.whole && json::object_length(sample.head).is_none();
        text && (id || hidden())
    }

    fn cut(&self, input: &mut dyn BufRead, cutter: &mut dyn Cutter) -> io::Result<()> {
        json::cut_lines(input, cutter)
    }

    fn convert(&self, raw: &RawRecord, _: &mut Context<'_>) -> Result<Converted, Reason> {
        let document: Document<'_> = json::parse(raw.body.bytes()?)?;
        let id = match document.id {
            Id::Text(id) => id.trim().to_owned(),
            Id::Number(id) => id.to_string(),
        };
        if id.is_empty() {
            return Err(Reason::new("document with an empty id"));
        }
        let given =
            |text: Cow<'_, str>| Some(text.into_owned()).filter(|text| !text.trim().is_empty());
        Ok(Converted::Record(Record::Article(Box::new(Article {
            article_id: id,
            title: document.title.and_then(given),
            text: given(document.text),
            ..Article::default()
        }))))
    }
}

/// Whether the first object of a file has a key.
fn has_key(head: &[u8], key: &str) -> bool {
    json::keys(head, 1).contains(&key.as_bytes())
}

/// Whether the first `kind` of a file is one of ours.
fn is_record_kind(head: &[u8]) -> bool {
    const KEY: &[u8] = b"\"kind\"";
    let Some(at) = head.windows(KEY.len()).position(|window| window == KEY) else {
        return false;
    };
    let rest = head
        .get(at + KEY.len()..)
        .unwrap_or_default()
        .trim_ascii_start();
    let value = rest
        .strip_prefix(b":")
        .unwrap_or_default()
        .trim_ascii_start();
    value.starts_with(b"\"trial\"") || value.starts_with(b"\"article\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Provenance, Registry, Trial};
    use crate::schema::IndexSchema;
    use crate::source::RawBody;

    fn convert(format: &dyn SourceFormat, line: &str) -> Result<Record, Reason> {
        let schema = IndexSchema::shipped().unwrap();
        let provenance = Provenance::default();
        let raw = RawRecord {
            body: RawBody::Bytes(line.as_bytes().to_vec()),
            provenance: provenance.clone(),
        };
        match format.convert(&raw, &mut Context::new(&schema, &provenance))? {
            Converted::Record(record) => Ok(record),
            _ => panic!("every line is a record"),
        }
    }

    fn recognised(head: &str) -> Vec<Format> {
        let sample = Sample {
            head: head.as_bytes(),
            name: "",
            whole: true,
        };
        let formats: [&dyn SourceFormat; 2] = [&Records, &Documents];
        let formats = formats
            .into_iter()
            .filter(|format| format.recognises(&sample));
        formats.map(SourceFormat::format).collect()
    }

    #[test]
    fn records_and_documents_are_told_by_their_keys() {
        let record = r#"{"kind": "trial","trial_id":"NCT00000102"}"#;
        assert_eq!(recognised(record), [Format::TrialdexJsonl]);
        assert_eq!(
            recognised(r#"{"x":[{"id":1}],"id":"a","text":""}"#),
            [Format::Document]
        );
        assert_eq!(
            recognised(r#"{"kind":"Pod","metadata":{"id":"a","text":"b"}}"#),
            []
        );
        assert_eq!(recognised(r#"{"id":"a","body":"b"}"#), []);
    }

    #[test]
    fn a_record_comes_back_as_it_was_printed() {
        let mut trial = Trial::new(Registry::Irct, "IRCT2016090729747N1");
        trial.public_title = Some("A title".to_owned());
        let mut record = Record::Trial(Box::new(trial));
        record.set_provenance(Provenance {
            file: "a.txt".to_owned(),
            ..Provenance::default()
        });
        let line = serde_json::to_string(&record).unwrap();
        assert_eq!(convert(&Records, &line), Ok(record));
    }

    #[test]
    fn a_document_becomes_an_article_of_its_id() {
        let line = r#"{"id":"MED-10","title":"","text":"a\nb","year":3}"#;
        let Ok(Record::Article(article)) = convert(&Documents, line) else {
            panic!("a document is an article");
        };
        assert_eq!(
            (article.article_id.as_str(), &article.title),
            ("MED-10", &None)
        );
        assert_eq!(article.text.as_deref(), Some("a\nb"));
    }

    #[test]
    fn what_is_wrong_with_a_line_is_told() {
        let reason = |format: &dyn SourceFormat, line| convert(format, line).unwrap_err();
        assert_eq!(
            reason(&Documents, r#"{"id":" ","text":""}"#).message,
            "document with an empty id"
        );
        let message = reason(&Documents, r#"{"id":[1],"text":""}"#).message;
        assert_eq!(message, "the id is neither a string nor a whole number");
        assert_eq!(
            reason(&Documents, r#"{"id":"a"}"#).message,
            "missing field `text`"
        );
        assert_eq!(reason(&Records, r#"{"kind":"trial","#).byte, Some(15));
        let unknown = r#"{"kind":"article","article_id":"a","colour":1}"#;
        assert!(
            reason(&Records, unknown)
                .message
                .starts_with("unknown field `colour`")
        );
        let nameless = r#"{"kind":"article","article_id":""}"#;
        assert_eq!(
            reason(&Records, nameless).message,
            "article without a number or id"
        );
    }
}
