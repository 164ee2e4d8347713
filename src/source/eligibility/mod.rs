//! Eligibility text → inclusion and exclusion, where headings or lead-ins tell them apart.
//!
//! A heading stands on a line of its own (`Key Inclusion Criteria`), at the beginning of a line
//! (`EXCLUSION CRITERIA FOR DONORS: …`) or inside a paragraph (`… therapy. Exclusion criteria: …`).
//! Only its own words go: whom it is about (`FOR DONORS:`) stays with the criteria. A sentence
//! that merely mentions inclusion criteria is no heading. Where there is no heading, a sentence
//! that leads in a list (`You may be eligible for this study if you:`) does its work and stays.

mod heading;
mod lead_in;

use heading::{Heading, Kind};

/// Criteria, split or whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Criteria {
    pub(crate) inclusion: Option<String>,
    pub(crate) exclusion: Option<String>,
    /// The whole text, where nothing tells the two apart; then the others are `None`.
    pub(crate) unsplit: Option<String>,
}

/// Splits a text of criteria.
///
/// What stands before the first heading counts as inclusion. The layout of the old NCI records
/// mixes both kinds under headings of its own and is kept whole.
pub(crate) fn split(text: &str) -> Criteria {
    split_at_headings(text).unwrap_or_else(|| Criteria {
        unsplit: super::text::block(text),
        ..Criteria::default()
    })
}

fn split_at_headings(text: &str) -> Option<Criteria> {
    let mut headings = heading::find(text);
    let has = |headings: &[Heading], kind| headings.iter().any(|h| h.kind == kind);
    if !has(&headings, Kind::Exclusion) {
        headings.extend(lead_in::find(text, has(&headings, Kind::Inclusion)));
        headings.sort_by_key(|h| h.start);
    }
    if !has(&headings, Kind::Inclusion) && !has(&headings, Kind::Exclusion) {
        return None;
    }
    let mut inclusion = String::new();
    let mut exclusion = String::new();
    let first = headings.first().map_or(text.len(), |h| h.start);
    append(&mut inclusion, "", text.get(..first)?);
    for (index, heading) in headings.iter().enumerate() {
        let end = headings.get(index + 1).map_or(text.len(), |h| h.start);
        let body = text.get(heading.end..end)?;
        let subject = text.get(heading.subject.clone())?;
        match heading.kind {
            Kind::Exclusion => append(&mut exclusion, subject, body),
            // What stands under `Inclusion/Exclusion` after a split could be either.
            Kind::Both if index > 0 && !body.trim().is_empty() => return None,
            Kind::Inclusion | Kind::Eligibility | Kind::Both => {
                append(&mut inclusion, subject, body);
            }
        }
    }
    if has_nci_heading(&exclusion) || exclusion.is_empty() && has_nci_heading(&inclusion) {
        return None;
    }
    Some(Criteria {
        inclusion: super::text::block(&inclusion),
        exclusion: super::text::block(&exclusion),
        unsplit: None,
    })
}

/// Appends a part as a paragraph of its own; a subject without text (the title above other headings) is dropped.
fn append(target: &mut String, subject: &str, body: &str) {
    if subject.is_empty() && body.trim().is_empty() {
        return;
    }
    if !target.is_empty() {
        target.push_str("\n\n");
    }
    if subject.is_empty() {
        // Indentation tells sub-items from items; only empty lines go.
        target.push_str(body.trim_end().trim_start_matches('\n'));
        return;
    }
    target.push_str(subject);
    target.push_str(": ");
    target.push_str(body.trim());
}

/// Whether a heading of the old NCI layout (NCT00002561), which mixes both kinds, begins a line.
fn has_nci_heading(text: &str) -> bool {
    const HEADINGS: [&str; 3] = [
        "disease characteristics",
        "patient characteristics",
        "prior concurrent therapy",
    ];
    text.lines().any(|line| {
        let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
        let begins = |heading: &&str| {
            let head = line.get(..heading.len());
            head.is_some_and(|head| head.eq_ignore_ascii_case(heading))
        };
        HEADINGS.iter().any(begins)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    /// Inclusion, exclusion, whole.
    fn read(text: &str) -> [String; 3] {
        let criteria = split(text);
        [criteria.inclusion, criteria.exclusion, criteria.unsplit].map(Option::unwrap_or_default)
    }

    #[track_caller]
    fn splits(text: &str, inclusion: &str, exclusion: &str) {
        assert_eq!(read(text), [inclusion, exclusion, ""], "{text}");
    }

    #[track_caller]
    fn stays_whole(text: &str) {
        assert_eq!(read(text), ["", "", text], "{text}");
    }

    #[test]
    fn headings_on_their_own_lines_split() {
        splits(
            "Inclusion Criteria:\n\n* Adults\n  * over 18\n\nExclusion Criteria:\n\n* Pregnancy",
            "* Adults\n  * over 18",
            "* Pregnancy",
        );
        splits(
            "**Key Inclusion Criteria**\n1. A\n**Key Exclusion Criteria:**\n1. B",
            "1. A",
            "1. B",
        );
        splits("1. INCLUSION\na\n2. EXCLUSION\nb", "a", "b");
        splits("Inclusion:\na\nNon-inclusion criteria\nb", "a", "b");
        splits(
            "The inclusion criteria are as follows:\na\nCriteria Exclusion:\nb",
            "a",
            "b",
        );
        splits(
            "Inclusion criteria.\n\n1. a\n\nExclusion criteria.\n\n1. b",
            "1. a",
            "1. b",
        );
    }

    #[test]
    fn headings_inside_a_paragraph_split() {
        // IRCT2016090729747N1.
        splits(
            "Criteria for entrance to the study: Criteria for entrance to the study include more \
             than 1.0 g of protein (resistant to standard treatment). Exclusion criteria: \
             uncontrolled infection, failure of kidney",
            "Criteria for entrance to the study include more than 1.0 g of protein (resistant to \
             standard treatment).",
            "uncontrolled infection, failure of kidney",
        );
        splits(
            "Inclusion criteria: a; b Exclusion Criteria: c",
            "a; b",
            "c",
        );
        splits(
            "Inclusion/Exclusion: Inclusion criteria: a. exclusion criteria: b",
            "a.",
            "b",
        );
        splits(
            "Able to consent. Exclusion Criteria\n\n- b",
            "Able to consent.",
            "- b",
        );
        splits(
            "Exclusion Criteria <18 years of age",
            "",
            "<18 years of age",
        );
    }

    #[test]
    fn several_sections_of_a_kind_stand_together_and_say_whom_they_are_about() {
        splits(
            "INCLUSION CRITERIA FOR PATIENTS:\na\nEXCLUSION CRITERIA FOR PATIENTS:\nb\n\
             Donor inclusion criteria: c\nExclusion criteria (donor):\nd",
            "FOR PATIENTS:\na\n\nDonor: c",
            "FOR PATIENTS:\nb\n\n(donor):\nd",
        );
    }

    #[test]
    fn one_heading_alone_makes_one_kind() {
        splits("Inclusion Criteria:\n- a", "- a", "");
        splits("Exclusion criteria: None", "", "None");
        splits("Adults.\nExclusion criteria:\nNone", "Adults.", "None");
        splits("Eligibility Criteria:\na\nExclusions:\nb", "a", "b");
    }

    #[test]
    fn a_sentence_that_mentions_criteria_is_no_heading() {
        for text in [
            "Patients who meet the inclusion criteria: see the protocol",
            "Other protocol-defined inclusion/exclusion criteria may apply",
            "- Inclusion in another trial",
            "Failure to meet any criteria listed under Inclusion Criteria.",
            "HIV is not an exclusion criterion.",
            "who satisfy the\ninclusion criteria\nof the registry",
            "Exclusion of pregnancy: by test",
        ] {
            stays_whole(text);
        }
    }

    #[test]
    fn what_no_heading_tells_apart_is_kept_whole() {
        stays_whole("Adults with lupus. No pregnancy.");
        stays_whole("Eligibility criteria:\n- adults\n- no pregnancy");
        stays_whole("Inclusion/Exclusion Criteria:\nAges 18 to 65, not pregnant");
        // The layout of NCT00002561.
        stays_whole("DISEASE CHARACTERISTICS: x No y\n\nPATIENT CHARACTERISTICS: Not pregnant");
        stays_whole("Exclusion criteria: a\n\nPATIENT CHARACTERISTICS: Age: 18 and over");
        assert_eq!(split(" \n"), Criteria::default());
    }

    #[test]
    fn sentences_that_lead_in_both_kinds_split_and_stay() {
        splits(
            "You may be eligible if you:\n- a\n\nYou will not be eligible if you:\n- b",
            "You may be eligible if you:\n- a",
            "You will not be eligible if you:\n- b",
        );
        splits(
            "Inclusion criteria: a\nNo exclusion criteria",
            "a",
            "No exclusion criteria",
        );
        stays_whole("Adults.\n\nPatients with these are excluded:\n- b\n\nAge over 18");
    }

    fn counts(text: &str) -> HashMap<String, usize> {
        let mut counts = HashMap::new();
        for word in text.split(|c: char| !c.is_alphanumeric()) {
            *counts.entry(word.to_lowercase()).or_default() += 1;
        }
        counts
    }

    proptest! {
        #[test]
        fn no_word_of_the_criteria_is_lost(pieces in prop::collection::vec(prop_oneof![
            Just("Inclusion criteria:"), Just("Exclusion Criteria"), Just("\n"), Just("\n\n"),
            Just(" "), Just("zebra"), Just("Quagga kudu"), Just("* "), Just("1. "), Just(". "),
            Just("for donors:"), Just("Key"), Just("eligibility criteria:"), Just("("), Just(")"),
            Just("inclusion/exclusion"), Just("criteria for inclusion:"), Just("؛ ۲ "), Just(":"),
        ], 0..24)) {
            let text = pieces.concat();
            let (given, found) = (counts(&text), counts(&read(&text).join("\n")));
            for word in ["zebra", "quagga", "kudu", "donors", "۲"] {
                prop_assert_eq!(given.get(word), found.get(word), "{:?}", text);
            }
        }

        #[test]
        fn no_text_panics(text in "(Inclusion|exclusion| |criteria|:|\\PC|\n){0,12}") {
            split(&text);
        }
    }
}
