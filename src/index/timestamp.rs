//! Moments of our own doing: when a generation was made, since when a lock is held.

use crate::record::PartialDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

/// A moment to the second in UTC, written `2026-11-22T05:30:00Z`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

const DAY: i64 = 86_400;

impl Timestamp {
    /// The moment so many seconds after 1970-01-01T00:00:00Z; clamped to the years 1800 to 2200.
    pub fn from_unix_seconds(seconds: i64) -> Self {
        Timestamp(seconds.clamp(-5_364_662_400, 7_289_654_399))
    }

    /// This moment, by the system's clock.
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let seconds = since.map_or(0, |d| i64::try_from(d.as_secs()).unwrap_or(i64::MAX));
        Timestamp::from_unix_seconds(seconds)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn unix_seconds(self) -> i64 {
        self.0
    }

    /// Days since 1970-01-01.
    pub fn ordinal(self) -> i64 {
        self.0.div_euclid(DAY)
    }

    /// The day it falls on.
    pub fn day(self) -> Option<PartialDate> {
        let (year, month, day) = self.civil();
        let small = |number: i64| u32::try_from(number).ok();
        PartialDate::day(i32::try_from(year).ok()?, small(month)?, small(day)?)
    }

    /// Year, month and day (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days).
    fn civil(self) -> (i64, i64, i64) {
        let days = self.ordinal() + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        };
        (year_of_era + era * 400 + i64::from(month <= 2), month, day)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        let second = self.0.rem_euclid(DAY);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
        )
    }
}

impl FromStr for Timestamp {
    type Err = String;

    /// Reads exactly what `Display` writes.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("not a moment: {text:?} (write 2026-11-22T05:30:00Z)");
        let (day, time) = text
            .strip_suffix('Z')
            .and_then(|rest| rest.split_once('T'))
            .ok_or_else(wrong)?;
        let day: PartialDate = day.parse().map_err(|_| wrong())?;
        let mut seconds = 0;
        let mut parts = 0;
        for (part, limit) in time.split(':').zip([24, 60, 60]) {
            let number: i64 = part.parse().map_err(|_| wrong())?;
            if part.len() != 2 || !(0..limit).contains(&number) {
                return Err(wrong());
            }
            seconds = seconds * 60 + number;
            parts += 1;
        }
        if parts != 3 || time.len() != 8 || !day.is_day() {
            return Err(wrong());
        }
        Ok(Timestamp(day.first_ordinal() * DAY + seconds))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_moments_are_written_as_iso_8601() {
        let text = |seconds| Timestamp::from_unix_seconds(seconds).to_string();
        assert_eq!(text(0), "1970-01-01T00:00:00Z");
        assert_eq!(text(951_782_399), "2000-02-28T23:59:59Z");
        assert_eq!(text(-1), "1969-12-31T23:59:59Z");
    }

    proptest! {
        #[test]
        fn display_and_parse_are_inverse(seconds in any::<i64>()) {
            let moment = Timestamp::from_unix_seconds(seconds);
            prop_assert_eq!(moment.to_string().parse::<Timestamp>(), Ok(moment));
        }

        #[test]
        fn no_text_panics(text in ".{0,24}") {
            let _ = text.parse::<Timestamp>();
        }
    }
}
