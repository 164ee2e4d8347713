//! The dates of a row.
//!
//! `Date_registration3` (`20200127`) is the reliable date of registration. Excel made day numbers
//! of most dates; of ClinicalTrials.gov's it could read only those without a day, and made
//! `February 2020` the first of the month (326 of 326 in WHO's list of 7 July 2020).

use super::Row;
use crate::record::{PartialDate, Registry, Trial};
use crate::source::context::Context;
use crate::source::dates::{self, Order};
use crate::source::timing;

/// Fills in all dates.
pub(super) fn fill(trial: &mut Trial, row: &Row, context: &mut Context<'_>) {
    let registered = row.any(&["date_registration3", "date_registration"]);
    trial.registration_date = read(trial, "registration_date", registered, date, context);
    let registry = trial.registry;
    let of_trial = |text: &str| date_of_trial(registry, text);
    let enrolled = row.any(&["date_enrollement", "date_enrollment", "date_enrolment"]);
    trial.first_enrollment_date = read(trial, "first_enrollment_date", enrolled, of_trial, context);
    let completed = row.cell("results_date_completed");
    trial.completion_date = read(trial, "completion_date", completed, of_trial, context);
    let both = trial.registration_date.zip(trial.first_enrollment_date);
    trial.registration_timing =
        both.and_then(|(registered, enrolled)| timing::of_dates(registered, enrolled));
    trial.as_of = date(row.cell("last_refreshed_on"));
}

/// A date of a row in any spelling; day before month, as WHO and the registries write numbers.
pub(super) fn date(text: &str) -> Option<PartialDate> {
    dates::excel_serial(text).or_else(|| dates::parse(text, Order::DayFirst))
}

/// A date the registrant gave.
fn date_of_trial(registry: Registry, text: &str) -> Option<PartialDate> {
    let date = date(text)?;
    let (year, month, day) = date.first_day();
    let was_month = registry == Registry::Ctgov && day == 1 && dates::excel_serial(text).is_some();
    if was_month {
        return PartialDate::month(year.into(), month.into());
    }
    Some(date)
}

/// Reads a date of the trial; its words are kept where they are not the normal spelling.
fn read(
    trial: &mut Trial,
    field: &str,
    text: &str,
    parse: impl Fn(&str) -> Option<PartialDate>,
    context: &mut Context<'_>,
) -> Option<PartialDate> {
    if text.is_empty() {
        return None;
    }
    let date = parse(text);
    if date.is_none_or(|date| date.to_string() != text) {
        trial
            .dates_verbatim
            .insert(field.to_owned(), text.to_owned());
    }
    if date.is_none() {
        context.note(format!("{field} not understood: {text:?}"));
    }
    date
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_number_is_a_day_and_an_american_first_of_the_month_is_the_month() {
        let read = |registry, text| date_of_trial(registry, text).unwrap().to_string();
        assert_eq!(read(Registry::Irct, "43862"), "2020-02-01");
        assert_eq!(read(Registry::Ctgov, "43862"), "2020-02");
        assert_eq!(read(Registry::Ctgov, "February 1, 2020"), "2020-02-01");
        assert_eq!(read(Registry::Isrctn, "05/03/2020"), "2020-03-05");
        assert_eq!(read(Registry::Irct, "20200127"), "2020-01-27");
        assert_eq!(date("270811"), None);
        assert_eq!(date("43862").unwrap().to_string(), "2020-02-01");
    }
}
