//! Ages as ISO 8601 durations of one unit.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// The unit a registry gives an age in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AgeUnit {
    /// Years.
    Years,
    /// Months.
    Months,
    /// Weeks.
    Weeks,
    /// Days.
    Days,
    /// Hours.
    Hours,
    /// Minutes.
    Minutes,
}

/// An age in one unit: `P18Y`, `P6M`, `P2W`, `P3D`, `PT5H`, `PT1M`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Age {
    /// How many units.
    pub count: u32,
    /// Of which unit.
    pub unit: AgeUnit,
}

impl Age {
    /// An age of so many units.
    pub fn new(count: u32, unit: AgeUnit) -> Self {
        Age { count, unit }
    }

    /// Minutes from birth to the first moment of this age; a year counts 365.2425 days, a month its twelfth.
    pub fn minutes(self) -> u64 {
        u64::from(self.count) * self.unit.minutes()
    }

    /// Minutes from birth to the last moment of this age: a maximum of 5 years admits until the sixth birthday.
    pub fn last_minute(self) -> u64 {
        (u64::from(self.count) + 1) * self.unit.minutes() - 1
    }
}

impl AgeUnit {
    /// Length in minutes; the Gregorian year has 365.2425 days.
    fn minutes(self) -> u64 {
        const DAY: u64 = 24 * 60;
        const YEAR: u64 = 525_949;
        match self {
            AgeUnit::Years => YEAR,
            AgeUnit::Months => YEAR / 12,
            AgeUnit::Weeks => 7 * DAY,
            AgeUnit::Days => DAY,
            AgeUnit::Hours => 60,
            AgeUnit::Minutes => 1,
        }
    }
}

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.count;
        match self.unit {
            AgeUnit::Years => write!(f, "P{count}Y"),
            AgeUnit::Months => write!(f, "P{count}M"),
            AgeUnit::Weeks => write!(f, "P{count}W"),
            AgeUnit::Days => write!(f, "P{count}D"),
            AgeUnit::Hours => write!(f, "PT{count}H"),
            AgeUnit::Minutes => write!(f, "PT{count}M"),
        }
    }
}

impl fmt::Debug for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for Age {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("not an age: {text:?} (write P18Y, P6M, P2W, P3D, PT5H)");
        let body = text.strip_prefix('P').ok_or_else(wrong)?;
        let (timed, body) = body
            .strip_prefix('T')
            .map_or((false, body), |rest| (true, rest));
        let unit = match (timed, body.bytes().last()) {
            (false, Some(b'Y')) => AgeUnit::Years,
            (false, Some(b'M')) => AgeUnit::Months,
            (false, Some(b'W')) => AgeUnit::Weeks,
            (false, Some(b'D')) => AgeUnit::Days,
            (true, Some(b'H')) => AgeUnit::Hours,
            (true, Some(b'M')) => AgeUnit::Minutes,
            _ => return Err(wrong()),
        };
        let digits = &body[..body.len() - 1];
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        Ok(Age::new(digits.parse().map_err(|_| wrong())?, unit))
    }
}

/// A minimum or maximum age: an age, or the registry's word that there is none.
///
/// As JSON a string: `P18Y` or `none`. Not given at all is an absent key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AgeLimit {
    /// The registry says that there is no limit.
    None,
    /// This age; as a maximum it includes its whole unit.
    Age(Age),
}

impl AgeLimit {
    /// A limit of so many units.
    pub fn of(count: u32, unit: AgeUnit) -> Self {
        AgeLimit::Age(Age::new(count, unit))
    }
}

impl fmt::Display for AgeLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AgeLimit::None => f.write_str("none"),
            AgeLimit::Age(age) => age.fmt(f),
        }
    }
}

impl FromStr for AgeLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "none" {
            return Ok(AgeLimit::None);
        }
        text.parse().map(AgeLimit::Age)
    }
}

impl Serialize for Age {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Age {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl Serialize for AgeLimit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AgeLimit {
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
    fn a_maximum_includes_its_whole_unit() {
        let five = Age::new(5, AgeUnit::Years);
        assert!(five.last_minute() < Age::new(6, AgeUnit::Years).minutes());
        assert!(five.last_minute() > Age::new(71, AgeUnit::Months).minutes());
    }

    proptest! {
        #[test]
        fn display_and_parse_are_inverse(count in 0u32..2000, unit in 0usize..6) {
            let units = [AgeUnit::Years, AgeUnit::Months, AgeUnit::Weeks, AgeUnit::Days, AgeUnit::Hours, AgeUnit::Minutes];
            let limit = AgeLimit::of(count, units[unit]);
            prop_assert_eq!(limit.to_string().parse::<AgeLimit>(), Ok(limit));
        }

        #[test]
        fn no_text_panics(text in ".{0,12}") {
            let _ = text.parse::<AgeLimit>();
        }
    }
}
