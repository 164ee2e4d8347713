//! Who watches an update, and may stop it.

use super::timestamp::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::source::Rejection;
use std::time::{Duration, Instant};

/// A stage of an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// Sources are read and their records handed to the index.
    Reading,
    /// What was superseded, or stands again, is put in its place.
    Resolving,
    /// The index is written to its end.
    Writing,
    /// What has changed is told record by record.
    Comparing,
    /// Checksums are taken and everything is made durable.
    Sealing,
}

/// Is told how an update goes on, and may stop it.
///
/// Called on the thread that updates.
pub trait Observer {
    /// A stage begins.
    fn stage(&mut self, _stage: Stage) {}

    /// So many records were accepted and rejected so far.
    fn records(&mut self, _accepted: u64, _rejected: u64) {}

    /// A record was rejected.
    fn rejected(&mut self, _rejection: &Rejection) {}

    /// Whether the update shall stop; the index then stays as it was.
    fn cancelled(&mut self) -> bool {
        false
    }
}

/// Watches nothing and never stops.
impl Observer for () {}

/// An update's clock and counters, and its observer.
pub(super) struct Run<'a> {
    observer: &'a mut dyn Observer,
    pub(super) began: Timestamp,
    stages: Vec<(Stage, Instant)>,
    accepted: u64,
    rejected: u64,
}

impl<'a> Run<'a> {
    pub(super) fn new(observer: &'a mut dyn Observer) -> Self {
        Run {
            observer,
            began: Timestamp::now(),
            stages: Vec::new(),
            accepted: 0,
            rejected: 0,
        }
    }

    /// A stage begins.
    pub(super) fn stage(&mut self, stage: Stage) {
        self.stages.push((stage, Instant::now()));
        self.observer.stage(stage);
    }

    /// A record was accepted.
    pub(super) fn accepted(&mut self) {
        self.accepted += 1;
        self.observer.records(self.accepted, self.rejected);
    }

    /// A record was rejected.
    pub(super) fn rejected(&mut self, rejection: &Rejection) {
        self.rejected += 1;
        self.observer.rejected(rejection);
        self.observer.records(self.accepted, self.rejected);
    }

    /// Fails when the observer wants the update to stop.
    pub(super) fn check(&mut self) -> Result<()> {
        if !self.observer.cancelled() {
            return Ok(());
        }
        let message = "stopped; the index is as it was";
        Err(Error::new(ErrorKind::Cancelled, message))
    }

    /// How long each stage took, the present one until now.
    pub(super) fn durations(&self) -> Vec<(Stage, Duration)> {
        let began = self.stages.iter().map(|(_, began)| *began);
        let ends = began.skip(1).chain([Instant::now()]);
        let stages = self.stages.iter().zip(ends);
        stages
            .map(|((stage, began), end)| (*stage, end - *began))
            .collect()
    }
}
