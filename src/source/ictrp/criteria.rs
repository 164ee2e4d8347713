//! Eligibility criteria of a row: two columns, or one that holds both.

use super::{Row, ages, lists::unindent};
use crate::record::{Registry, Trial};
use crate::source::ctgov::markup;
use crate::source::{eligibility, text};
use std::borrow::Cow;

/// Fills in the criteria; EUCTR's age bands go to the limits.
pub(super) fn fill(trial: &mut Trial, row: &Row) {
    let mut inclusion = Cow::Borrowed(row.cell("inclusion_criteria"));
    if trial.registry == Registry::Euctr {
        let rest = ages::take_bands(trial, &inclusion).to_owned();
        inclusion = Cow::Owned(rest);
    }
    if trial.registry == Registry::Ctgov {
        // WHO copies the hard-wrapped text of the legacy XML.
        inclusion = Cow::Owned(markup::unwrap(&inclusion));
    }
    let exclusion = strip_heading(row.cell("exclusion_criteria"), "exclusion criteria");
    let stripped = strip_heading(&inclusion, "inclusion criteria");
    trial.exclusion_criteria = text::block(&unindent(exclusion));
    if trial.exclusion_criteria.is_some() {
        trial.inclusion_criteria = text::block(&unindent(stripped));
        return;
    }
    let criteria = eligibility::split(&unindent(&inclusion));
    trial.inclusion_criteria = criteria.inclusion;
    trial.exclusion_criteria = criteria.exclusion;
    // ClinicalTrials.gov's one column holds both; elsewhere this is the column of inclusion.
    if trial.registry == Registry::Ctgov {
        trial.eligibility_criteria = criteria.unsplit;
    } else if criteria.unsplit.is_some() {
        trial.inclusion_criteria = text::block(&unindent(stripped));
    }
}

/// The text behind the heading that WHO writes in front, and behind the registry's own (CTRI writes it a second time).
fn strip_heading<'a>(text: &'a str, heading: &str) -> &'a str {
    let mut rest = text.trim();
    for _ in 0..2 {
        let head = rest.get(..heading.len());
        let behind = rest.get(heading.len()..).unwrap_or_default().trim_start();
        if !head.is_some_and(|head| head.eq_ignore_ascii_case(heading)) || !behind.starts_with(':')
        {
            break;
        }
        rest = behind.trim_start_matches(':').trim_start();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn criteria(registry: Registry, inclusion: &str, exclusion: &str) -> Trial {
        let mut trial = Trial::new(registry, "X");
        let cells = [
            ("Inclusion Criteria", inclusion),
            ("Exclusion Criteria", exclusion),
        ];
        fill(&mut trial, &Row::new(cells));
        trial
    }

    #[test]
    fn two_columns_lose_their_headings() {
        let trial = criteria(
            Registry::Ctri,
            "Inclusion criteria: Inclusion Criteria: <br/ ><br>1. a <br/ ><br>2. b",
            "Exclusion criteria: c",
        );
        assert_eq!(trial.inclusion_criteria.as_deref(), Some("1. a\n2. b"));
        assert_eq!(trial.exclusion_criteria.as_deref(), Some("c"));
    }

    #[test]
    fn one_column_that_holds_both_is_split() {
        let text = "\n<br>        Inclusion Criteria:\n<br>\n<br>          -  a\n<br>\n<br>        Exclusion Criteria:\n<br>\n<br>          -  b\n<br>      ";
        let trial = criteria(Registry::Ctgov, text, "");
        assert_eq!(trial.inclusion_criteria.as_deref(), Some("- a"));
        assert_eq!(trial.exclusion_criteria.as_deref(), Some("- b"));
    }

    #[test]
    fn a_lone_column_of_inclusion_is_inclusion() {
        let trial = criteria(Registry::Drks, "Inclusion criteria: adults", "");
        assert_eq!(trial.inclusion_criteria.as_deref(), Some("adults"));
        assert_eq!(trial.eligibility_criteria, None);
    }

    #[test]
    fn indentation_shared_by_all_lines_goes() {
        let trial = criteria(
            Registry::Isrctn,
            "Inclusion criteria: <br>    1. a<br>      - b<br>  ",
            "",
        );
        assert_eq!(trial.inclusion_criteria.as_deref(), Some("1. a\n  - b"));
    }
}
