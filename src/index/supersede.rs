//! Which of several records of one id stands: the better source, then the later word, then the
//! one read last.

use crate::record::{Format, PartialDate, Record};
use serde::{Deserialize, Serialize};

/// What decides between two records of one id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Vintage {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) format: Option<Format>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last_update: Option<PartialDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) as_of: Option<PartialDate>,
}

impl Vintage {
    pub(crate) fn of(record: &Record) -> Self {
        let last_update = match record {
            Record::Trial(trial) => trial.last_update_date,
            Record::Article(_) => None,
        };
        Vintage {
            format: record.provenance().and_then(|p| p.format),
            last_update,
            as_of: record.as_of(),
        }
    }

    /// Whether a record of this vintage, read after one of the other, takes its place.
    pub(crate) fn beats(&self, earlier: &Vintage) -> bool {
        let worth = |v: &Vintage| {
            let distance = v.format.map_or(0, Format::distance);
            (std::cmp::Reverse(distance), v.last_update, v.as_of)
        };
        worth(self) >= worth(earlier)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vintage(format: Format, last_update: &str, as_of: &str) -> Vintage {
        Vintage {
            format: Some(format),
            last_update: last_update.parse().ok(),
            as_of: as_of.parse().ok(),
        }
    }

    #[test]
    fn the_registry_stands_before_who_and_who_before_a_page() {
        let registry = vintage(Format::CtgovXml, "2010-01-01", "2010-01-01");
        let who = vintage(Format::IctrpCsv, "2020-01-01", "2020-01-01");
        let page = vintage(Format::CtgovPage, "2024-01-01", "2024-01-01");
        assert!(registry.beats(&who) && !who.beats(&registry));
        assert!(who.beats(&page) && !page.beats(&who));
    }

    #[test]
    fn of_one_source_the_later_update_stands_then_the_later_word_then_the_last_read() {
        let old = vintage(Format::CtgovXml, "2019-12", "2024-01-01");
        let late = vintage(Format::CtgovJson, "2020-01-01", "2020-01-01");
        assert!(late.beats(&old) && !old.beats(&late));
        let refreshed = vintage(Format::CtgovJson, "2020-01-01", "2020-06-01");
        assert!(refreshed.beats(&late) && !late.beats(&refreshed));
        assert!(late.beats(&late));
        assert!(late.beats(&vintage(Format::CtgovXml, "", "2025-01-01")));
    }
}
