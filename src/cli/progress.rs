//! How far an update is: a bar on a terminal, rejections, and Ctrl-C.

use super::reading::print_rejection;
use super::{signals, ui};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::Arc;
use std::time::Duration;
use trialdex::index::{Observer, Stage};
use trialdex::source::{Progress, Rejection};

/// Rejections printed one by one; the summary counts the rest by reason.
const REJECTIONS: u64 = 20;

/// Watches an update on the terminal.
pub(crate) struct Watch {
    bar: ProgressBar,
    bytes: Arc<Progress>,
    printed: u64,
    quiet: bool,
}

impl Watch {
    /// A watch; draws a bar only where standard error is a terminal.
    pub(crate) fn new(quiet: bool) -> Self {
        let target = if quiet {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(None, target);
        let style = ProgressStyle::with_template("{spinner} {prefix} {msg} ({elapsed})");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        Watch {
            bar,
            bytes: Arc::new(Progress::default()),
            printed: 0,
            quiet,
        }
    }

    /// The counter the reader is to advance.
    pub(crate) fn progress(&self) -> Arc<Progress> {
        Arc::clone(&self.bytes)
    }

    /// Takes the bar away and tells of rejections not printed.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
        if self.printed > REJECTIONS {
            ui::warning(&format!(
                "{} more rejections, counted by reason below",
                self.printed - REJECTIONS
            ));
        }
    }
}

impl Observer for Watch {
    fn stage(&mut self, stage: Stage) {
        self.bar.set_prefix(match stage {
            Stage::Reading => "reading",
            Stage::Resolving => "resolving",
            Stage::Writing => "writing",
            Stage::Comparing => "comparing",
            Stage::Sealing => "sealing",
            _ => "working",
        });
        self.bar.enable_steady_tick(Duration::from_millis(200));
    }

    fn records(&mut self, accepted: u64, rejected: u64) {
        const MIB: f64 = 1_048_576.0;
        let read = self.bytes.bytes() as f64 / MIB;
        let seconds = self.bar.elapsed().as_secs_f64().max(0.001);
        if accepted.is_multiple_of(64) {
            let rate = read / seconds;
            self.bar.set_message(format!(
                "{accepted} records, {read:.0} MiB, {rate:.1} MiB/s, {rejected} rejected"
            ));
        }
    }

    fn cancelled(&mut self) -> bool {
        signals::caught()
    }

    fn rejected(&mut self, rejection: &Rejection) {
        self.printed += 1;
        if !self.quiet && self.printed <= REJECTIONS {
            self.bar.suspend(|| print_rejection(rejection));
        }
    }
}
