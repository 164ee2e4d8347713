//! Age limits in the spellings registries use.
//!
//! A limit counts completed units of life and a maximum includes its whole unit, so an exclusive
//! bound moves by one: `< 75 years` admits until the 75th birthday and is 74 years, `> 18 years`
//! asks for 19 completed ones.

use crate::record::{Age, AgeLimit, AgeUnit};

/// Reads an age limit (`18 Years`, `19(Year)`, `20years-old`, `18Y`, `No limit`, `N/A`); `None` where the text tells none.
///
/// A number without a unit means years.
pub(crate) fn parse(text: &str) -> Option<AgeLimit> {
    if let Ok(limit) = text.trim().parse() {
        return Some(limit);
    }
    let text = text.trim().to_lowercase();
    let first_digit = text.find(|c: char| c.is_ascii_digit());
    let (before, rest) = text.split_at(first_digit.unwrap_or(0));
    let end = rest
        .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ','))
        .unwrap_or(rest.len());
    let (number, after) = rest.split_at(end);
    let words = words(after);
    if NO_LIMIT.contains(&words.join(" ").as_str()) {
        return Some(AgeLimit::None);
    }
    // A second number is a range; `?` stands for a character the export could not write, here the unit.
    if after.contains(|c: char| c.is_numeric() || c == '?') {
        return None;
    }
    let bound = Bound::parse(before)?;
    let age = age(number, unit(&words)?)?;
    bound.inclusive(age).map(AgeLimit::Age)
}

/// What registries write for "there is no limit", as bare words.
const NO_LIMIT: &[&str] = &[
    "all ages",
    "any",
    "any age",
    "n a",
    "n a no limit",
    "na",
    "no age limit",
    "no limit",
    "no limitation",
    "no limits",
    "no lower limit",
    "no lower age limit",
    "no maximum",
    "no maximum age",
    "no minimum",
    "no minimum age",
    "no restriction",
    "no upper limit",
    "no upper age limit",
    "none",
    "not applicable",
    "not limited",
    "unlimited",
    "without limit",
];

/// Words around an age that say nothing more about it.
const FILLERS: &[&str] = &[
    "above", "age", "aged", "ages", "and", "of", "old", "older", "s",
];

/// How the sign before a number bounds an age.
#[derive(Clone, Copy)]
enum Bound {
    Inclusive,
    Below,
    Above,
}

impl Bound {
    fn parse(sign: &str) -> Option<Self> {
        match sign.trim() {
            "" | "=" | ">=" | "=>" | "<=" | "=<" | "≥" | "≤" | "≧" | "≦" => {
                Some(Bound::Inclusive)
            }
            "<" => Some(Bound::Below),
            ">" => Some(Bound::Above),
            _ => None,
        }
    }

    /// The age as an inclusive limit.
    fn inclusive(self, age: Age) -> Option<Age> {
        let count = match self {
            Bound::Inclusive => age.count,
            Bound::Below => age.count.checked_sub(1)?,
            Bound::Above => age.count.checked_add(1)?,
        };
        Some(Age::new(count, age.unit))
    }
}

/// The runs of letters of a text.
fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .collect()
}

/// The one unit among the words; years where there is none, nothing where a word is unknown.
fn unit(words: &[&str]) -> Option<AgeUnit> {
    let mut unit = None;
    for word in words {
        match (unit_of(word), unit) {
            (Some(own), None) => unit = Some(own),
            (None, _) if FILLERS.contains(word) => {}
            _ => return None,
        }
    }
    Some(unit.unwrap_or(AgeUnit::Years))
}

fn unit_of(word: &str) -> Option<AgeUnit> {
    Some(match word {
        "y" | "yr" | "yrs" | "yo" | "year" | "years" | "año" | "años" | "ano" | "anos" | "an"
        | "ans" | "jahr" | "jahre" => AgeUnit::Years,
        "m" | "mo" | "mth" | "month" | "months" | "mes" | "meses" | "mois" | "monat" | "monate" => {
            AgeUnit::Months
        }
        "w" | "wk" | "wks" | "week" | "weeks" | "semana" | "semanas" | "woche" | "wochen" => {
            AgeUnit::Weeks
        }
        "d" | "day" | "days" | "día" | "días" | "dia" | "dias" | "tag" | "tage" => AgeUnit::Days,
        "h" | "hr" | "hrs" | "hour" | "hours" => AgeUnit::Hours,
        "min" | "mins" | "minute" | "minutes" => AgeUnit::Minutes,
        _ => return None,
    })
}

/// A number of units; a fraction is told in the next smaller unit that makes it whole, else in days.
fn age(number: &str, unit: AgeUnit) -> Option<Age> {
    let number = number.trim_end_matches(['.', ',']).replace(',', ".");
    if let Ok(count) = number.parse() {
        return Some(Age::new(count, unit));
    }
    let (whole, fraction) = number.split_once('.')?;
    if whole.len() > 4 || fraction.len() > 4 {
        return None;
    }
    let scale = 10_u32.pow(u32::try_from(fraction.len()).ok()?);
    let scaled = whole.parse::<u32>().ok()? * scale + fraction.parse::<u32>().ok()?;
    let units = match unit {
        AgeUnit::Years => &[(1, AgeUnit::Years), (12, AgeUnit::Months)][..],
        AgeUnit::Months => &[(1, AgeUnit::Months)],
        AgeUnit::Weeks => &[(1, AgeUnit::Weeks), (7, AgeUnit::Days)],
        AgeUnit::Days => &[(1, AgeUnit::Days), (24, AgeUnit::Hours)],
        AgeUnit::Hours => &[(1, AgeUnit::Hours), (60, AgeUnit::Minutes)],
        AgeUnit::Minutes => &[(1, AgeUnit::Minutes)],
    };
    for &(factor, unit) in units {
        let count = u64::from(scaled) * factor;
        if count.is_multiple_of(scale.into()) {
            let count = u32::try_from(count / u64::from(scale)).ok()?;
            return Some(Age::new(count, unit));
        }
    }
    let minutes = Age::new(1, unit).minutes() * u64::from(scaled) / u64::from(scale);
    let days = minutes / Age::new(1, AgeUnit::Days).minutes();
    Some(Age::new(u32::try_from(days).ok()?, AgeUnit::Days))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> String {
        parse(text).map_or("-".to_owned(), |limit| limit.to_string())
    }

    #[test]
    fn every_known_spelling_of_a_limit_is_read() {
        for (text, expected) in [
            ("18 Years", "P18Y"),
            ("1 Year", "P1Y"),
            ("6 Months", "P6M"),
            ("2 Weeks", "P2W"),
            ("3 Days", "P3D"),
            ("5 Hours", "PT5H"),
            ("1 Minute", "PT1M"),
            ("18 years.", "P18Y"),
            ("18 years old", "P18Y"),
            ("18 years and older", "P18Y"),
            ("19(Year)", "P19Y"),
            ("44 Year(s)", "P44Y"),
            ("20years-old", "P20Y"),
            (">= 18age old", "P18Y"),
            ("<= 75age old", "P75Y"),
            ("≥18", "P18Y"),
            ("18Y", "P18Y"),
            ("6M", "P6M"),
            ("4W", "P4W"),
            ("30D", "P30D"),
            ("18", "P18Y"),
            ("18.0", "P18Y"),
            ("P18Y", "P18Y"),
            ("0", "P0Y"),
            ("18 años", "P18Y"),
        ] {
            assert_eq!(read(text), expected, "{text:?}");
        }
    }

    #[test]
    fn an_exclusive_bound_moves_by_one() {
        assert_eq!(read("< 75age old"), "P74Y");
        assert_eq!(read("> 18 years"), "P19Y");
        assert_eq!(read("< 0"), "-");
    }

    #[test]
    fn a_fraction_is_told_in_a_smaller_unit() {
        assert_eq!(read("0.5 years"), "P6M");
        assert_eq!(read("1,5 Years"), "P18M");
        assert_eq!(read("0.1"), "P36D");
        assert_eq!(read("1.5 weeks"), "P10D");
    }

    #[test]
    fn every_word_for_no_limit_is_read() {
        for text in [
            "none",
            "None",
            "N/A",
            "NA",
            "no limit",
            "No limit",
            "No Limit",
            "No age limit",
            "no minimum age",
            "no maximum age",
            "Not applicable",
            "0 N/A (No limit)",
        ] {
            assert_eq!(read(text), "none", "{text:?}");
        }
    }

    #[test]
    fn what_tells_no_age_is_absent() {
        for text in [
            "",
            "??",
            "2??",
            "-",
            "/",
            "?",
            "ND",
            "Years",
            "Neonate",
            "Adult",
            "18-65",
            "12345678901",
            "18 to 65 Years",
            "Not specified",
            "99999999999999999999.5",
        ] {
            assert_eq!(read(text), "-", "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[<>=]{0,2} ?[0-9.,]{0,12} ?\\PC{0,8}") {
            let _ = parse(&text);
        }

        #[test]
        fn the_normal_spelling_reads_back(count in 0u32..200, unit in 0usize..4) {
            let (word, letter) = [("Years", 'Y'), ("months", 'M'), ("Week", 'W'), ("days", 'D')][unit];
            prop_assert_eq!(read(&format!("{count} {word}")), format!("P{count}{letter}"));
        }
    }
}
