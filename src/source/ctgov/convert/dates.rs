//! Dates, their types, and what is computed from them.

use super::{Converter, line};
use crate::record::{DateType, PartialDate, Trial};
use crate::source::ctgov::study::{DateStruct, StatusModule, Study, Text};
use crate::source::dates::{self, Order};
use crate::source::timing;

impl Converter<'_, '_> {
    pub(super) fn dates(&mut self, study: &Study<'_>, trial: &mut Trial) {
        let module = &study.protocol_section.status_module;
        trial.registration_date =
            self.date("registration_date", &module.study_first_submit_date, trial);
        (trial.first_posted_date, trial.first_posted_date_type) = self.typed(
            "first_posted_date",
            &module.study_first_post_date_struct,
            trial,
        );
        (
            trial.first_enrollment_date,
            trial.first_enrollment_date_type,
        ) = self.typed("first_enrollment_date", &module.start_date_struct, trial);
        (
            trial.primary_completion_date,
            trial.primary_completion_date_type,
        ) = self.typed(
            "primary_completion_date",
            &module.primary_completion_date_struct,
            trial,
        );
        (trial.completion_date, trial.completion_date_type) =
            self.typed("completion_date", &module.completion_date_struct, trial);
        (trial.last_update_date, trial.last_update_date_type) = self.typed(
            "last_update_date",
            &module.last_update_post_date_struct,
            trial,
        );
        if trial.last_update_date.is_none() {
            trial.last_update_date =
                self.date("last_update_date", &module.last_update_submit_date, trial);
        }
        trial.as_of = trial.last_update_date.or_else(|| newest_submission(module));
        trial.registration_timing = trial
            .registration_date
            .zip(trial.first_enrollment_date)
            .and_then(|(registered, enrolled)| timing::of_dates(registered, enrolled));
    }

    pub(super) fn results_posted(&mut self, study: &Study<'_>) -> Option<PartialDate> {
        let module = &study.protocol_section.status_module;
        parse(module.results_first_post_date_struct.date.as_deref()?)
    }

    /// A date, its spelling kept where it is not the normal one.
    fn date(
        &mut self,
        field: &str,
        text: &Option<Text<'_>>,
        trial: &mut Trial,
    ) -> Option<PartialDate> {
        let text = line(text)?;
        let date = parse(&text);
        if date.is_none() {
            self.context.note(format!("{field} is no date"));
        }
        if date.is_none_or(|date| date.to_string() != text) {
            trial.dates_verbatim.insert(field.to_owned(), text);
        }
        date
    }

    fn typed(
        &mut self,
        field: &str,
        raw: &DateStruct<'_>,
        trial: &mut Trial,
    ) -> (Option<PartialDate>, Option<DateType>) {
        let date = self.date(field, &raw.date, trial);
        let date_type = date.and_then(|_| self.date_type(&raw.kind));
        (date, date_type)
    }

    pub(super) fn date_type(&mut self, word: &Option<Text<'_>>) -> Option<DateType> {
        let word = line(word)?;
        match word.to_ascii_lowercase().as_str() {
            "actual" => Some(DateType::Actual),
            "estimated" | "estimate" | "anticipated" => Some(DateType::Expected),
            _ => {
                self.context
                    .note("a date or size neither actual nor expected");
                None
            }
        }
    }
}

fn parse(text: &str) -> Option<PartialDate> {
    dates::parse(text, Order::MonthFirst)
}

/// When the record last spoke, where it does not tell its last update.
fn newest_submission(module: &StatusModule<'_>) -> Option<PartialDate> {
    let dates = [
        &module.study_first_submit_date,
        &module.study_first_submit_qc_date,
        &module.study_first_post_date_struct.date,
        &module.results_first_submit_date,
        &module.results_first_submit_qc_date,
        &module.results_first_post_date_struct.date,
        &module.disp_first_submit_date,
        &module.disp_first_post_date_struct.date,
    ];
    let dates = dates.into_iter().filter_map(|date| parse(date.as_deref()?));
    dates.max_by_key(|date| (date.last_day(), date.first_day()))
}
