//! Partial dates: a year, a month, a day, or the span a foreign calendar's partial date covers.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// Whether a date has happened or is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateType {
    /// It has happened.
    Actual,
    /// It is planned (ClinicalTrials.gov "Estimated", "Anticipated"; IRCT "Expected").
    Expected,
}

/// A Gregorian date known to the year, the month or the day, or a span of days.
///
/// Written as ISO 8601: `2019`, `2019-07`, `2019-07-23`, `2021-03-21/2022-03-20`.
/// Ordered by first day, then last day.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartialDate {
    first: Day,
    last: Day,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Day {
    year: u16,
    month: u8,
    day: u8,
}

impl PartialDate {
    /// A whole year; `None` outside 1800–2200, where a typing error is likelier than a trial.
    pub fn year(year: i32) -> Option<Self> {
        let year = valid_year(year)?;
        Some(PartialDate {
            first: Day {
                year,
                month: 1,
                day: 1,
            },
            last: Day {
                year,
                month: 12,
                day: 31,
            },
        })
    }

    /// A whole month.
    pub fn month(year: i32, month: u32) -> Option<Self> {
        let year = valid_year(year)?;
        let month = u8::try_from(month).ok().filter(|m| (1..=12).contains(m))?;
        Some(PartialDate {
            first: Day {
                year,
                month,
                day: 1,
            },
            last: Day {
                year,
                month,
                day: days_in_month(year, month),
            },
        })
    }

    /// One day.
    pub fn day(year: i32, month: u32, day: u32) -> Option<Self> {
        let whole = Self::month(year, month)?;
        let day = u8::try_from(day)
            .ok()
            .filter(|d| (1..=whole.last.day).contains(d))?;
        let day = Day { day, ..whole.first };
        Some(PartialDate {
            first: day,
            last: day,
        })
    }

    /// The span from one date's first day to another's last; `None` where it would run backwards.
    pub fn span(from: Self, to: Self) -> Option<Self> {
        (from.first <= to.last).then_some(PartialDate {
            first: from.first,
            last: to.last,
        })
    }

    /// First day it covers, as year, month, day.
    pub fn first_day(self) -> (u16, u8, u8) {
        (self.first.year, self.first.month, self.first.day)
    }

    /// Last day it covers, as year, month, day.
    pub fn last_day(self) -> (u16, u8, u8) {
        (self.last.year, self.last.month, self.last.day)
    }

    /// First day it covers, as days since 1970-01-01.
    pub fn first_ordinal(self) -> i64 {
        self.first.ordinal()
    }

    /// Last day it covers, as days since 1970-01-01.
    pub fn last_ordinal(self) -> i64 {
        self.last.ordinal()
    }

    /// Whether the two share a day.
    pub fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// Whether every day of `self` is a day of `other`.
    pub fn within(self, other: Self) -> bool {
        other.first <= self.first && self.last <= other.last
    }

    /// Whether it is one day.
    pub fn is_day(self) -> bool {
        self.first == self.last
    }

    fn is_year(self) -> bool {
        PartialDate::year(self.first.year.into()) == Some(self)
    }

    fn is_month(self) -> bool {
        PartialDate::month(self.first.year.into(), self.first.month.into()) == Some(self)
    }
}

impl Day {
    /// Days since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil).
    fn ordinal(self) -> i64 {
        let month = i64::from(self.month);
        let year = i64::from(self.year) - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn valid_year(year: i32) -> Option<u16> {
    u16::try_from(year)
        .ok()
        .filter(|y| (1800..=2200).contains(y))
}

fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_day() {
            self.first.fmt(f)
        } else if self.is_year() {
            write!(f, "{:04}", self.first.year)
        } else if self.is_month() {
            write!(f, "{:04}-{:02}", self.first.year, self.first.month)
        } else {
            write!(f, "{}/{}", self.first, self.last)
        }
    }
}

impl fmt::Debug for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for PartialDate {
    type Err = String;

    /// Reads exactly what `Display` writes; other spellings are `source`'s work.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("not a date: {text:?} (write 2019, 2019-07 or 2019-07-23)");
        if let Some((from, to)) = text.split_once('/') {
            let (from, to) = (from.parse()?, to.parse()?);
            return PartialDate::span(from, to).ok_or_else(wrong);
        }
        let digits = |part: &str, width: usize| -> Option<u32> {
            (part.len() == width && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse().ok())
                .flatten()
        };
        let mut parts = text.split('-');
        let year = parts.next().and_then(|p| digits(p, 4)).ok_or_else(wrong)?;
        let year = i32::try_from(year).map_err(|_| wrong())?;
        let month = parts
            .next()
            .map(|p| digits(p, 2).ok_or_else(wrong))
            .transpose()?;
        let day = parts
            .next()
            .map(|p| digits(p, 2).ok_or_else(wrong))
            .transpose()?;
        if parts.next().is_some() {
            return Err(wrong());
        }
        match (month, day) {
            (None, _) => PartialDate::year(year),
            (Some(month), None) => PartialDate::month(year, month),
            (Some(month), Some(day)) => PartialDate::day(year, month, day),
        }
        .ok_or_else(wrong)
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
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
    fn ordinals_count_days_from_1970() {
        let ordinal = |text: &str| text.parse::<PartialDate>().unwrap().first_ordinal();
        assert_eq!(ordinal("1970-01-01"), 0);
        assert_eq!(ordinal("2000-03-01"), 11_017);
        assert_eq!(ordinal("1969-12-31"), -1);
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in [
            "2019-13",
            "2019-02-29",
            "0019",
            "2019-7",
            "2019-07-23T00",
            "",
            "2020/2019",
        ] {
            assert!(text.parse::<PartialDate>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_year_overlaps_its_months_and_no_others() {
        let date = |text: &str| text.parse::<PartialDate>().unwrap();
        assert!(date("2019").overlaps(date("2019-12")));
        assert!(!date("2019").overlaps(date("2020-01")));
        assert!(date("2019-07-23").within(date("2019-07")));
    }

    proptest! {
        #[test]
        fn display_and_parse_are_inverse(y in 1800i32..=2200, m in 1u32..=12, d in 1u32..=28, y2 in 0i32..3) {
            let span = PartialDate::year(y + y2).and_then(|to| PartialDate::span(PartialDate::day(y, m, d)?, to));
            for date in [PartialDate::year(y), PartialDate::month(y, m), PartialDate::day(y, m, d), span] {
                let Some(date) = date else { continue };
                prop_assert_eq!(date.to_string().parse::<PartialDate>(), Ok(date));
            }
        }
    }
}
