//! Whether a trial was registered before its first participant, told from the two dates.

use crate::record::{PartialDate, RegistrationTiming};

/// Compares the dates of registration and of first enrolment; `None` where partial dates leave it open.
pub(crate) fn of_dates(
    registered: PartialDate,
    enrolled: PartialDate,
) -> Option<RegistrationTiming> {
    if registered.last_ordinal() <= enrolled.first_ordinal() {
        Some(RegistrationTiming::Prospective)
    } else if registered.first_ordinal() > enrolled.last_ordinal() {
        Some(RegistrationTiming::Retrospective)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_timing_is_told_only_where_the_dates_decide_it() {
        let timing = |registered: &str, enrolled: &str| {
            of_dates(registered.parse().unwrap(), enrolled.parse().unwrap())
        };
        let prospective = Some(RegistrationTiming::Prospective);
        let retrospective = Some(RegistrationTiming::Retrospective);
        assert_eq!(timing("2020-05-01", "2020-05-01"), prospective);
        assert_eq!(timing("2020-05-02", "2020-05-01"), retrospective);
        assert_eq!(timing("2020-05-02", "2020-05"), None);
        assert_eq!(timing("2020-05-02", "2020-06"), prospective);
        assert_eq!(timing("2020-05-02", "2020-04"), retrospective);
        assert_eq!(timing("2020", "2020-04"), None);
    }
}
