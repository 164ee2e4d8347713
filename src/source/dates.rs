//! Dates in the spellings registries use: Gregorian, Jalali (the solar calendar of Iran), pairs
//! of both, and the day numbers of spreadsheets.

use crate::record::PartialDate;
use crate::source::context::Context;
use icu_calendar::types::RataDie;
use icu_calendar::{Date, Gregorian};

/// Which number comes first in `03/04/2020`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    DayFirst,
    MonthFirst,
}

/// Reads any Gregorian spelling: ISO with or without a time of day, `May 2019`, `May 14, 2019`, `14 May 2019`, `2018 Apr`, `2017 Jul 28`, `27/01/2020`, `3/18/2020 6:53:35 PM`, `20200217`.
///
/// The order is given up only where it is impossible: `18/03/2020` has no month 18. Years have four digits.
pub(crate) fn parse(text: &str, order: Order) -> Option<PartialDate> {
    let text = fold(text);
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    match *parts(without_time(&text))?.as_slice() {
        [Part::Number(year, 4)] => PartialDate::year(year),
        [Part::Number(digits, 8)] => date(
            digits / 10_000,
            Some(digits / 100 % 100),
            Some(digits % 100),
        ),
        [Part::Number(year, 4), Part::Number(month, 1 | 2)]
        | [Part::Number(month, 1 | 2), Part::Number(year, 4)]
        | [Part::Month(month), Part::Number(year, 4)]
        | [Part::Number(year, 4), Part::Month(month)] => date(year, Some(month), None),
        [
            Part::Number(year, 4),
            Part::Number(month, 1 | 2),
            Part::Number(day, 1 | 2),
        ]
        | [
            Part::Number(year, 4),
            Part::Month(month),
            Part::Number(day, 1 | 2),
        ]
        | [
            Part::Month(month),
            Part::Number(day, 1 | 2),
            Part::Number(year, 4),
        ]
        | [
            Part::Number(day, 1 | 2),
            Part::Month(month),
            Part::Number(year, 4),
        ] => date(year, Some(month), Some(day)),
        [
            Part::Number(first, 1 | 2),
            Part::Number(second, 1 | 2),
            Part::Number(year, 4),
        ] => {
            let (day, month) = match order {
                Order::DayFirst => (first, second),
                Order::MonthFirst => (second, first),
            };
            let (day, month) = if month > 12 {
                (month, day)
            } else {
                (day, month)
            };
            date(year, Some(month), Some(day))
        }
        _ => None,
    }
}

/// Reads the day number of a spreadsheet (`43918`, `43989.745729166665`) of the years 1980 to 2099; typing errors (`270811`) fall outside.
pub(crate) fn excel_serial(text: &str) -> Option<PartialDate> {
    const DAY_ZERO: RataDie = RataDie::new(693_594); // 1899-12-30
    let text = fold(text);
    let (days, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if !digits(days) || !digits(fraction) {
        return None;
    }
    let days: i64 = days.parse().ok()?;
    let first_of_1980 = 29_221;
    let last_of_2099 = 73_050;
    if !(first_of_1980..=last_of_2099).contains(&days) {
        return None;
    }
    gregorian(Date::from_rata_die(DAY_ZERO + days, Gregorian))
}

/// Reads a Jalali date (`1401/03/16`, `۱۴۰۱/۳`, `1400`): a day as its Gregorian day, a month or a year as the span it covers.
pub(crate) fn jalali(text: &str) -> Option<PartialDate> {
    let text = fold(text);
    let (year, month, day) = match *parts(&text)?.as_slice() {
        [Part::Number(year, 4)] => (year, None, None),
        [Part::Number(year, 4), Part::Number(month, 1 | 2)]
        | [Part::Number(month, 1 | 2), Part::Number(year, 4)] => (year, Some(month), None),
        [
            Part::Number(year, 4),
            Part::Number(month, 1 | 2),
            Part::Number(day, 1 | 2),
        ]
        | [
            Part::Number(day, 1 | 2),
            Part::Number(month, 1 | 2),
            Part::Number(year, 4),
        ] => (year, Some(month), Some(day)),
        _ => return None,
    };
    // 1200 is 1821, 1500 is 2121: anything else is another calendar's year.
    if !(1200..=1500).contains(&year) {
        return None;
    }
    let persian = |month: u8, day: u8| Date::try_new_persian(year, month, day).ok();
    let whole = |from: u8, to: u8| {
        let last = persian(to, 1)?.days_in_month();
        let first_day = gregorian(persian(from, 1)?.to_calendar(Gregorian))?;
        let last_day = gregorian(persian(to, last)?.to_calendar(Gregorian))?;
        PartialDate::span(first_day, last_day)
    };
    match (month, day) {
        (None, _) => whole(1, 12),
        (Some(month), None) => {
            let month = u8::try_from(month).ok()?;
            whole(month, month)
        }
        (Some(month), Some(day)) => {
            let date = persian(u8::try_from(month).ok()?, u8::try_from(day).ok()?)?;
            gregorian(date.to_calendar(Gregorian))
        }
    }
}

/// Reads a Gregorian date with its Jalali twin (`2022-06-06, 1401/03/16`), or either alone.
///
/// Where the two disagree the Gregorian one stands, and the field is noted.
pub(crate) fn pair(text: &str, field: &str, context: &mut Context<'_>) -> Option<PartialDate> {
    if let Some(date) = parse(text, Order::DayFirst).or_else(|| jalali(text)) {
        return Some(date);
    }
    let (left, right) = text.rsplit_once([',', '،'])?;
    let (gregorian, jalali) = match (parse(left, Order::DayFirst), jalali(right)) {
        (None, None) => (parse(right, Order::DayFirst), jalali(left)),
        found => found,
    };
    if let (Some(gregorian), Some(jalali)) = (gregorian, jalali)
        && !gregorian.overlaps(jalali)
    {
        context.note(format!("{field}: Gregorian and Jalali date disagree"));
    }
    gregorian.or(jalali)
}

/// A piece of a spelling: a number with the count of its digits, or the name of a month.
enum Part {
    Number(i32, usize),
    Month(i32),
}

/// Digits of any script as ASCII, without marks of direction and blanks at the ends.
fn fold(text: &str) -> String {
    let ascii = |c: char| match c {
        '\u{6F0}'..='\u{6F9}' => char::from_digit(u32::from(c) - 0x6F0, 10),
        '\u{660}'..='\u{669}' => char::from_digit(u32::from(c) - 0x660, 10),
        '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{FEFF}' => None,
        '\u{2010}'..='\u{2013}' => Some('-'),
        '\u{A0}' => Some(' '),
        c => Some(c),
    };
    let folded: String = text.chars().filter_map(ascii).collect();
    folded.trim().to_owned()
}

/// Cuts off a time of day: `T11:01:41.234Z`, ` 6:53:35 PM`, `+02:00`.
fn without_time(text: &str) -> &str {
    let Some(colon) = text.find(':') else {
        return text;
    };
    let before = text.get(..colon).unwrap_or_default();
    let hours = before.trim_end_matches(|c: char| c.is_ascii_digit());
    match hours.chars().last() {
        Some('T' | 't' | '+' | ' ' | ',') => {
            hours.trim_end_matches(['T', 't', '+', ' ', ',']).trim_end()
        }
        _ => text,
    }
}

/// Splits a spelling; `None` where anything in it is no part of a date.
fn parts(text: &str) -> Option<Vec<Part>> {
    if !text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let is_same = |d: char| match c {
            '0'..='9' => d.is_ascii_digit(),
            _ => d.is_ascii_alphabetic(),
        };
        if !c.is_ascii_alphanumeric() {
            if !matches!(c, '-' | '/' | '.' | ',' | ' ' | 'Z') {
                return None;
            }
            rest = rest.get(1..)?;
            continue;
        }
        let end = rest.find(|d| !is_same(d)).unwrap_or(rest.len());
        let (piece, after) = rest.split_at_checked(end)?;
        if c.is_ascii_digit() {
            parts.push(Part::Number(piece.parse().ok()?, piece.len()));
        } else if let Some(month) = month(piece) {
            parts.push(Part::Month(month));
        } else if !(is_ordinal(piece) && matches!(parts.last(), Some(Part::Number(..)))
            || is_weekday(piece) && parts.is_empty())
        {
            return None;
        }
        rest = after;
    }
    Some(parts)
}

/// The number of a month by its English name, whole or in the usual short forms.
fn month(word: &str) -> Option<i32> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.to_ascii_lowercase();
    let is_name = |name: &str| name == word || name.get(..3) == Some(&word);
    let found = NAMES.iter().position(|name| is_name(name));
    let number = if word == "sept" { 9 } else { found? + 1 };
    i32::try_from(number).ok()
}

fn is_ordinal(word: &str) -> bool {
    ["st", "nd", "rd", "th"]
        .iter()
        .any(|ending| word.eq_ignore_ascii_case(ending))
}

fn is_weekday(word: &str) -> bool {
    const NAMES: [&str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let word = word.to_ascii_lowercase();
    word.len() >= 3 && NAMES.iter().any(|name| name.starts_with(&word))
}

fn date(year: i32, month: Option<i32>, day: Option<i32>) -> Option<PartialDate> {
    let number = |n: i32| u32::try_from(n).ok();
    match (month, day) {
        (None, _) => PartialDate::year(year),
        (Some(month), None) => PartialDate::month(year, number(month)?),
        (Some(month), Some(day)) => PartialDate::day(year, number(month)?, number(day)?),
    }
}

fn gregorian(date: Date<Gregorian>) -> Option<PartialDate> {
    PartialDate::day(
        date.year().extended_year(),
        date.month().ordinal.into(),
        date.day_of_month().0.into(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Provenance;
    use crate::schema::IndexSchema;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<String> {
        parse(text, Order::DayFirst).map(|date| date.to_string())
    }

    #[test]
    fn every_spelling_of_the_registries_is_read() {
        for (text, iso) in [
            ("2019", "2019"),
            ("2019-07", "2019-07"),
            ("2019-07-23", "2019-07-23"),
            ("2021-03-21/2022-03-20", "2021-03-21/2022-03-20"),
            ("May 2019", "2019-05"),
            ("May 14, 2019", "2019-05-14"),
            ("May 1, 2019", "2019-05-01"),
            ("January 25, 2020", "2020-01-25"),
            ("17 February 2020", "2020-02-17"),
            ("14 May 2019", "2019-05-14"),
            ("10 Jun 2026", "2026-06-10"),
            ("27/01/2020", "2020-01-27"),
            ("03/04/2020", "2020-04-03"),
            ("05/2019", "2019-05"),
            ("20200217", "2020-02-17"),
            ("3/18/2020 6:53:35 PM", "2020-03-18"),
            ("2010-04-01T00:00:00.000Z", "2010-04-01"),
            ("2022-08-26T11:01:41.234Z", "2022-08-26"),
            ("2025-09-16T03:39:42.531268872", "2025-09-16"),
            ("2025-06-20 06:55:31", "2025-06-20"),
            ("2021-01-21T00:00:00+99:99", "2021-01-21"),
            ("2021-01-21 00:00:00 +0430", "2021-01-21"),
            ("2019-07-23+02:00", "2019-07-23"),
            ("2018 Apr", "2018-04"),
            ("2017 Jul 28", "2017-07-28"),
            ("Mon, 06 Sept 2021 10:11:12 GMT", "2021-09-06"),
            ("1st March 2020", "2020-03-01"),
            ("17-MAR-2020", "2020-03-17"),
            ("2020.02.17", "2020-02-17"),
            ("۲۰۲۰/۰۲/۱۷", "2020-02-17"),
        ] {
            assert_eq!(read(text).as_deref(), Some(iso), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "-",
            "N/A",
            "empty",
            "19-07-23",
            "01/02/20",
            "32/01/2020",
            "2019-02-29",
            "1401/03/16",
            "270811",
            "43918",
            "May",
            "Maybe 2019",
            "14 May",
            "2019-W30",
            "phase 2, 2019",
            "2019-07-23 and later",
            "-2019",
            "10:30",
            "99999999999999999999",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_order_is_given_up_only_where_it_is_impossible() {
        let american = |text: &str| parse(text, Order::MonthFirst).map(|date| date.to_string());
        assert_eq!(american("03/04/2020").as_deref(), Some("2020-03-04"));
        assert_eq!(american("18/03/2020").as_deref(), Some("2020-03-18"));
        assert_eq!(read("03/18/2020").as_deref(), Some("2020-03-18"));
    }

    #[test]
    fn day_numbers_of_spreadsheets_are_read_within_plausible_years() {
        let read = |text: &str| excel_serial(text).map(|date| date.to_string());
        assert_eq!(read("43918").as_deref(), Some("2020-03-28"));
        assert_eq!(read("43989.745729166665").as_deref(), Some("2020-06-07"));
        assert_eq!(read("29221").as_deref(), Some("1980-01-01"));
        assert_eq!(read("73050").as_deref(), Some("2099-12-31"));
        for text in ["270811", "2020", "29220", "43918-", "-43918", "1e5", ""] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_jalali_day_is_a_day_and_a_jalali_month_or_year_the_span_it_covers() {
        let read = |text: &str| jalali(text).map(|date| date.to_string());
        assert_eq!(read("1401/03/16").as_deref(), Some("2022-06-06"));
        assert_eq!(read("۱۴۰۰/۱۲/۰۲").as_deref(), Some("2022-02-21"));
        assert_eq!(read("1399-12-30").as_deref(), Some("2021-03-20"));
        assert_eq!(read("1400").as_deref(), Some("2021-03-21/2022-03-20"));
        assert_eq!(read("1401/03").as_deref(), Some("2022-05-22/2022-06-21"));
        for text in [
            "1400/12/30",
            "1401/13",
            "2022-06-06",
            "1401/00/01",
            "۱۴",
            "",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    /// Reads a pair; also tells how many notes that made.
    fn read_pair(text: &str) -> (Option<String>, u64) {
        let schema = IndexSchema::shipped().unwrap();
        let provenance = Provenance::default();
        let mut context = Context::new(&schema, &provenance);
        let date = pair(text, "registration_date", &mut context);
        let notes = context.warnings.notes.values().sum();
        (date.map(|date| date.to_string()), notes)
    }

    #[test]
    fn a_pair_is_checked_and_the_gregorian_date_stands() {
        let found = |date: &str, notes| (Some(date.to_owned()), notes);
        // The eleven pairs of IRCT20200127046282N19 and IRCT2016090729747N1.
        for text in [
            "2022-06-06, 1401/03/16",
            "2022-06-20, 1401/03/30",
            "2022-09-21, 1401/06/30",
            "2022-02-21, 1400/12/02",
            "2017-06-03, 1396/03/13",
            "2016-07-22, 1395/05/01",
            "2017-07-23, 1396/05/01",
            "2016-12-11, 1395/09/21",
        ] {
            assert_eq!(read_pair(text), found(&text[..10], 0), "{text}");
        }
        assert_eq!(read_pair("2022-06-06, 1401/03/17"), found("2022-06-06", 1));
        assert_eq!(read_pair("1401/03/16, 2022-06-06"), found("2022-06-06", 0));
        assert_eq!(read_pair("2022-06-06"), found("2022-06-06", 0));
        assert_eq!(read_pair("۱۴۰۱/۰۳/۱۶"), found("2022-06-06", 0));
        assert_eq!(read_pair("?, 1401/03/16"), found("2022-06-06", 0));
        assert_eq!(read_pair("May 14, 2019"), found("2019-05-14", 0));
        assert_eq!(read_pair("empty"), (None, 0));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[0-9A-Za-z۰-۹/:., T+-]{0,24}|\\PC{0,12}") {
            parse(&text, Order::MonthFirst);
            excel_serial(&text);
            jalali(&text);
        }

        #[test]
        fn jalali_days_follow_one_another(year in 1300i32..1450, month in 1u32..12) {
            let this = jalali(&format!("{year}/{month}")).unwrap();
            let next = jalali(&format!("{year}/{}", month + 1)).unwrap();
            prop_assert_eq!(this.last_ordinal() + 1, next.first_ordinal());
            let whole = jalali(&year.to_string()).unwrap();
            prop_assert!(this.within(whole) && next.within(whole));
        }
    }
}
