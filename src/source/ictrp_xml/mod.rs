//! WHO ICTRP search export as XML: `Trials_downloaded_from_ICTRP` with one `Trial` for each row.
//! Recognised by its root element.

use super::context::Context;
use super::ictrp::{Row, convert};
use super::{Converted, Cutter, RawBody, RawRecord, Reason, Sample, SourceFormat, xml};
use crate::record::Format;
use std::io::{self, BufRead};

/// The format.
pub(crate) struct IctrpXml;

impl SourceFormat for IctrpXml {
    fn format(&self) -> Format {
        Format::IctrpXml
    }

    fn recognises(&self, sample: &Sample<'_>) -> bool {
        xml::root_name(sample.head).as_deref() == Some("Trials_downloaded_from_ICTRP")
    }

    fn cut(&self, input: &mut dyn BufRead, cutter: &mut dyn Cutter) -> io::Result<()> {
        xml::cut_elements(input, "Trial", cutter)?;
        Ok(())
    }

    fn convert(&self, raw: &RawRecord, context: &mut Context<'_>) -> Result<Converted, Reason> {
        let RawBody::Bytes(bytes) = &raw.body else {
            return Err(Reason::new("not an XML element"));
        };
        let text = xml::decode(bytes)?;
        let document = xml::Document::read(&text, &[])?;
        let root = document.root().ok_or_else(|| Reason::new("no element"))?;
        let row = Row::new(root.elements().map(|cell| (cell.name(), cell.text())));
        convert::convert(&row, context)
    }
}
