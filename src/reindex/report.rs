//! What a run did, as it is kept and handed out: every record in exactly one counter.

use crate::error::{Error, ErrorKind};
use crate::index::{Counts, Outcomes, SourceOutcome, Stage, Timestamp, UpdateReport};
use crate::record::Registry;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RunResult {
    /// It has not ended, or its process died and no run has followed yet.
    Running,
    /// What it made is in use.
    Published,
    /// Nothing had changed.
    Unchanged,
    /// The gate kept its result from being published.
    Refused,
    /// An error ended it.
    Failed,
    /// The caller, a signal or a person ended it.
    Cancelled,
    /// Its process died.
    Interrupted,
}

impl RunResult {
    /// As it is written in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            RunResult::Running => "running",
            RunResult::Published => "published",
            RunResult::Unchanged => "unchanged",
            RunResult::Refused => "refused",
            RunResult::Failed => "failed",
            RunResult::Cancelled => "cancelled",
            RunResult::Interrupted => "interrupted",
        }
    }

    /// Whether the index equals its sources as the run found them.
    pub fn is_good(self) -> bool {
        matches!(self, RunResult::Published | RunResult::Unchanged)
    }
}

/// What a run did.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RunReport {
    /// The number of the run; counts up.
    pub run: u64,
    /// The command, such as `reindex`.
    pub command: String,
    /// The version of trialdex.
    pub version: String,
    /// The process.
    pub pid: u32,
    /// When it began.
    pub began: Timestamp,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
    /// How it ended; of a dry run, how it would have ended.
    pub result: RunResult,
    /// Nothing was published, on purpose.
    #[serde(default, skip_serializing_if = "is_false")]
    pub dry_run: bool,
    /// Why it was refused or failed, and what a person accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// Whether a person let it pass the gate.
    #[serde(default, skip_serializing_if = "is_false")]
    pub accepted: bool,
    /// The generation in use after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<String>,
    /// The generation in use before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// Whether the index was built from nothing.
    #[serde(default)]
    pub full: bool,
    /// What became of the records of each source.
    #[serde(default)]
    pub sources: Vec<SourceRun>,
    /// All sources together.
    #[serde(default)]
    pub total: Tally,
    /// What the index holds after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<Counts>,
    /// New matches of each saved search.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub watches: BTreeMap<String, u64>,
    /// How long it took, in seconds.
    #[serde(default)]
    pub seconds: f64,
    /// How long each stage took, in seconds, in their order.
    #[serde(default)]
    pub stages: Vec<StageTime>,
    /// The most bytes of memory the process had, where the system tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_memory: Option<u64>,
    /// Bytes of sources read, as they are stored.
    #[serde(default)]
    pub bytes_read: u64,
    /// Documents written.
    #[serde(default)]
    pub written: u64,
    /// Bytes of the index on disk.
    #[serde(default)]
    pub index_bytes: u64,
    /// What is worth a look and did no harm.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// What became of records. `read` = `added` + `updated` + `unchanged` + `superseded` + `removed` + `rejected`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Records the run had to account for: those found in the source, and those found gone from it.
    pub read: u64,
    /// Records that could not be found before.
    pub added: u64,
    /// Records that say something else than before.
    pub updated: u64,
    /// Records that say the same as before.
    pub unchanged: u64,
    /// Records kept aside because a better one of the same id stands.
    pub superseded: u64,
    /// Records that could be found before and are gone.
    pub removed: u64,
    /// Records that could not be accepted.
    pub rejected: u64,
}

impl From<Outcomes> for Tally {
    fn from(outcomes: Outcomes) -> Self {
        Tally {
            read: outcomes.read(),
            added: outcomes.added,
            updated: outcomes.updated,
            unchanged: outcomes.unchanged,
            superseded: outcomes.superseded,
            removed: outcomes.removed,
            rejected: outcomes.rejected,
        }
    }
}

/// What a run did with one source.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SourceRun {
    /// The file or folder; `-` for standard input.
    pub source: String,
    /// What became of its records.
    #[serde(flatten)]
    pub tally: Tally,
    /// Files read; entries of archives are files.
    pub files_read: u64,
    /// Files on disk that had not changed and were not read again.
    pub files_unchanged: u64,
    /// Files of no known format.
    pub files_ignored: u64,
    /// Bytes read, as they are stored.
    pub bytes_read: u64,
    /// Why records are rejected, those of unread files included; the most frequent reason first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rejections: Vec<Rejections>,
    /// Wordings no vocabulary knows, in the files read; the most frequent first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown_wordings: Vec<UnknownWordings>,
    /// Other things worth a look in the files read, with their number.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub notes: BTreeMap<String, u64>,
}

/// Records rejected for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejections {
    /// Why.
    pub reason: String,
    /// How many.
    pub count: u64,
    /// The first places.
    pub examples: Vec<String>,
}

/// A wording no vocabulary knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownWordings {
    /// The vocabulary.
    pub vocabulary: String,
    /// The registry that used it, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<Registry>,
    /// The wording.
    pub wording: String,
    /// How often.
    pub count: u64,
}

/// How long a stage took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageTime {
    /// The stage.
    pub stage: String,
    /// Seconds.
    pub seconds: f64,
}

/// Unknown wordings and notes kept of a source; a report is read by people.
const KEPT: usize = 100;

impl SourceRun {
    fn of(source: &SourceOutcome) -> Self {
        let read = source.read.clone().unwrap_or_default();
        let mut rejections: Vec<Rejections> = source
            .rejections
            .iter()
            .map(|(reason, counted)| Rejections {
                reason: reason.clone(),
                count: counted.count,
                examples: counted.examples.iter().map(ToString::to_string).collect(),
            })
            .collect();
        rejections.sort_by_key(|rejections| std::cmp::Reverse(rejections.count));
        let wordings = read.warnings.unknown_wordings.into_iter();
        let mut unknown_wordings: Vec<UnknownWordings> = wordings
            .map(|(unknown, count)| UnknownWordings {
                vocabulary: unknown.vocabulary.to_owned(),
                registry: unknown.registry,
                wording: unknown.wording,
                count,
            })
            .collect();
        unknown_wordings.sort_by_key(|unknown| std::cmp::Reverse(unknown.count));
        unknown_wordings.truncate(KEPT);
        SourceRun {
            source: source.source.path.display().to_string(),
            tally: source.outcomes.into(),
            files_read: read.files.read.values().sum(),
            files_unchanged: read.files.unchanged,
            files_ignored: read.files.ignored,
            bytes_read: read.files.bytes,
            rejections,
            unknown_wordings,
            notes: read.warnings.notes.into_iter().take(KEPT).collect(),
        }
    }
}

impl RunReport {
    /// A run that begins now.
    pub(super) fn begin(run: u64, command: &str) -> Self {
        RunReport {
            run,
            command: command.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pid: std::process::id(),
            began: Timestamp::now(),
            ended: None,
            result: RunResult::Running,
            dry_run: false,
            reasons: Vec::new(),
            accepted: false,
            generation: None,
            previous: None,
            full: false,
            sources: Vec::new(),
            total: Tally::default(),
            counts: None,
            watches: BTreeMap::new(),
            seconds: 0.0,
            stages: Vec::new(),
            peak_memory: None,
            bytes_read: 0,
            written: 0,
            index_bytes: 0,
            warnings: Vec::new(),
        }
    }

    /// Takes over what an update told, in place of what it told before.
    pub(super) fn take(&mut self, update: &UpdateReport) {
        self.full = update.full;
        self.sources = update.sources.iter().map(SourceRun::of).collect();
        self.total = update.total().into();
        self.counts = Some(update.counts.clone());
        self.bytes_read = self.sources.iter().map(|source| source.bytes_read).sum();
        self.written = update.written;
        self.index_bytes = update.size;
        self.warnings.extend(update.warnings.iter().cloned());
        let stages = update.durations.iter();
        self.stages = stages
            .map(|(stage, duration)| StageTime {
                stage: stage_name(*stage).to_owned(),
                seconds: duration.as_secs_f64(),
            })
            .collect();
    }

    /// An error ended the run.
    pub(super) fn fail(&mut self, error: &Error) {
        self.result = match error.kind() {
            ErrorKind::Cancelled => RunResult::Cancelled,
            _ => RunResult::Failed,
        };
        self.reasons = vec![error.to_string()];
    }
}

fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Reading => "reading",
        Stage::Resolving => "resolving",
        Stage::Writing => "writing",
        Stage::Comparing => "comparing",
        Stage::Sealing => "sealing",
    }
}

fn is_false(value: &bool) -> bool {
    !*value
}
