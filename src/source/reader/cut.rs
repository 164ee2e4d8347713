//! From a file that is no container to raw records: its format is recognised and cuts it.

use super::detect::{Detected, detect};
use super::fault::reading;
use super::peek::Peek;
use super::place::Place;
use super::unpack::{Item, Sink, Unpacker};
use crate::source::{Cutter, RawBody, RawRecord, Reason, Rejection, Sample, SourceFormat};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

impl Unpacker<'_> {
    /// Cuts a file that is no container into raw records.
    pub(super) fn records(&mut self, input: &mut Peek<'_>, place: &Place) -> ControlFlow<()> {
        let name = place
            .path_below_source
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_lowercase();
        input.skip_byte_order_mark();
        let sample = Sample {
            head: input.head(),
            name: &name,
            whole: input.whole(),
        };
        let format = match detect(self.formats, &sample) {
            Detected::Format(format) => format,
            Detected::Pretender(reason) => return self.reject_file(place, reason),
            Detected::Nothing => {
                self.counts.ignored += 1;
                return ControlFlow::Continue(());
            }
        };
        *self.counts.read.entry(format.format()).or_default() += 1;
        let mut cut = Cut {
            sink: &mut *self.sink,
            format,
            place,
            path_below_source: Arc::from(place.path_below_source.as_str()),
            flow: ControlFlow::Continue(()),
        };
        // A panic of one format must not end a run over the others' files.
        let done = catch_unwind(AssertUnwindSafe(|| format.cut(input, &mut cut)));
        let flow = cut.flow;
        let reason = match done {
            _ if flow.is_break() => return flow,
            Ok(Ok(())) => return flow,
            Ok(Err(e)) => reading(&e),
            Err(_) => Reason::new(super::INTERNAL_ERROR),
        };
        let provenance = place.provenance(None, Some(format.format()));
        self.sink
            .take(Item::Rejected(Rejection { provenance, reason }))
    }
}

/// Passes on what a format cuts.
struct Cut<'a> {
    sink: &'a mut dyn Sink,
    format: &'static dyn SourceFormat,
    place: &'a Place,
    path_below_source: Arc<str>,
    flow: ControlFlow<()>,
}

impl Cut<'_> {
    fn pass(&mut self, item: Item) -> bool {
        if self.flow.is_continue() {
            self.flow = self.sink.take(item);
        }
        self.flow.is_continue()
    }
}

impl Cutter for Cut<'_> {
    fn record(&mut self, body: RawBody, line: Option<u64>) -> bool {
        let provenance = self.place.provenance(line, Some(self.format.format()));
        self.pass(Item::Raw {
            format: self.format,
            raw: RawRecord { body, provenance },
            path_below_source: Arc::clone(&self.path_below_source),
        })
    }

    fn rejected(&mut self, line: Option<u64>, reason: Reason) -> bool {
        let provenance = self.place.provenance(line, Some(self.format.format()));
        self.pass(Item::Rejected(Rejection { provenance, reason }))
    }
}
