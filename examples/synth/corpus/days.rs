//! The days of a trial, and how registries write them.

use super::draw::Rng;
use trialdex::index::Timestamp;

/// Days from 1970 to the first registration, 1 January 2000, and days in which the others follow.
const FIRST_DAY: i64 = 10_957;
const DAYS: usize = 9_300;

/// The day of the first night.
const NIGHT: i64 = 20_454;

/// Days since 1970.
pub(super) struct Days {
    /// When it was registered.
    pub(super) first: i64,
    pub(super) start: i64,
    pub(super) end: i64,
    /// That of the night that changed the record last, where one did.
    pub(super) updated: i64,
}

impl Days {
    pub(super) fn drawn(rng: &mut Rng, night: Option<u64>) -> Self {
        let first = FIRST_DAY + rng.below(DAYS) as i64;
        let start = first - 60 + rng.below(180) as i64;
        let end = start + 180 + rng.below(1500) as i64;
        let updated = match night {
            Some(night) => NIGHT + night as i64,
            None => (first + rng.below(2000) as i64).min(NIGHT),
        };
        Days {
            first,
            start,
            end,
            updated,
        }
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Year, month and day.
pub(super) fn parts(since: i64) -> (u16, u8, u8) {
    let date = Timestamp::from_unix_seconds(since * 86_400).day();
    date.map_or((1970, 1, 1), |date| date.first_day())
}

fn month(number: u8) -> &'static str {
    let place = usize::from(number.saturating_sub(1));
    MONTHS.get(place).copied().unwrap_or_default()
}

/// `2020-04-06`.
pub(super) fn iso(since: i64) -> String {
    let (year, month, day) = parts(since);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `06/04/2020`.
pub(super) fn slashed(since: i64) -> String {
    let (year, month, day) = parts(since);
    format!("{day:02}/{month:02}/{year:04}")
}

/// `20200406`.
pub(super) fn compact(since: i64) -> String {
    iso(since).replace('-', "")
}

/// `6 April 2020`.
pub(super) fn spelled(since: i64) -> String {
    let (year, number, day) = parts(since);
    format!("{day} {} {year}", month(number))
}

/// `April 6, 2020`.
pub(super) fn american(since: i64) -> String {
    let (year, number, day) = parts(since);
    format!("{} {day}, {year}", month(number))
}

/// `2022-06-06, 1401/03/16`: the Gregorian day and that of Iran's calendar.
pub(super) fn pair(since: i64) -> String {
    let (year, month, day) = jalali(since);
    format!("{}, {year:04}/{month:02}/{day:02}", iso(since))
}

/// A day before which no trial is, the first of the Iranian year 1348: 21 March 1969.
const NEW_YEAR: i64 = -286;
const ITS_YEAR: i64 = 1348;

/// Years of 366 days among 33, which is exact from 1925 to 2088.
const LEAP: [i64; 8] = [1, 5, 9, 13, 17, 22, 26, 30];

pub(super) fn jalali(since: i64) -> (i64, i64, i64) {
    let (mut year, mut left) = (ITS_YEAR, since - NEW_YEAR);
    loop {
        let days = 365 + i64::from(LEAP.contains(&(year % 33)));
        if left < days {
            break;
        }
        left -= days;
        year += 1;
    }
    // Six months of 31 days, then months of 30.
    if left < 186 {
        return (year, left / 31 + 1, left % 31 + 1);
    }
    let left = left - 186;
    (year, left / 30 + 7, left % 30 + 1)
}
