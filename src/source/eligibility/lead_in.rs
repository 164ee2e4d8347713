//! Sentences that lead in criteria and say which kind they are; they stay with the criteria.

use super::heading::{Heading, Kind};

/// The sentences that lead in criteria in a text without a heading for exclusion.
///
/// A sentence that names the criteria (`Exclusion criteria include …`) does so anywhere. One that
/// only says who is excluded does so where it begins a paragraph and leads in a list, in a text
/// that tells inclusion too: alone it may be a part of something else.
pub(super) fn find(text: &str, has_inclusion: bool) -> Vec<Heading> {
    let mut found: Vec<Heading> = Vec::new();
    let mut names_exclusion = false;
    let mut begins_paragraph = true;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let mut begins_line = true;
        for sentence in line.split_inclusive(". ") {
            let after = text.get(at + sentence.len()..).unwrap_or_default();
            let words = sentence.trim();
            let named = named(words, after.trim().is_empty());
            names_exclusion |= named == Some(Kind::Exclusion);
            let listed = listed(words).filter(|_| begins_line && begins_paragraph);
            let kind = named.or(listed);
            if let Some(kind) = kind.filter(|kind| *kind == Kind::Exclusion || !has_inclusion) {
                found.push(Heading {
                    kind,
                    start: at,
                    end: at,
                    subject: at..at,
                });
            }
            begins_line = false;
            at += sentence.len();
        }
        begins_paragraph = line.trim().is_empty();
    }
    let has = |kind| found.iter().any(|heading| heading.kind == kind);
    if has(Kind::Exclusion) && (names_exclusion || has_inclusion || has(Kind::Inclusion)) {
        return found;
    }
    Vec::new()
}

/// Which criteria a sentence names: `Exclusion criteria include …`, at the end of a text `There are no exclusion criteria.`
fn named(sentence: &str, is_last: bool) -> Option<Kind> {
    const VERBS: &str = "are were is was will include included includes require required";
    let lower = sentence.to_lowercase();
    let lower = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
    let lower = lower.strip_prefix("the ").unwrap_or(lower);
    let opens = |kind: &str| {
        let verb = lower.strip_prefix(kind)?.split_whitespace().next()?;
        VERBS.split(' ').find(|own| *own == verb)
    };
    let denies = ["no exclusion criteria", "there are no exclusion criteria"];
    if opens("exclusion criteria ").is_some() {
        return Some(Kind::Exclusion);
    }
    if is_last && denies.iter().any(|denial| lower.starts_with(denial)) {
        return Some(Kind::Exclusion);
    }
    opens("inclusion criteria ").map(|_| Kind::Inclusion)
}

/// Which kind of list a line leads in: `You may be eligible for this study if you:`.
fn listed(line: &str) -> Option<Kind> {
    const EXCLUDES: &str = "be excluded|are excluded|is excluded|not be eligible|not eligible|\
        ineligible|not be enrolled|exclusion criteria";
    const INCLUDES: &str = "be eligible|are eligible|is eligible|be included|are included|\
        be enrolled|must meet|inclusion criteria";
    if !line.ends_with(':') || !line.starts_with(char::is_uppercase) {
        return None;
    }
    let lower = line.to_lowercase();
    let says = |phrases: &str| phrases.split('|').any(|phrase| lower.contains(phrase));
    if says(EXCLUDES) {
        return Some(Kind::Exclusion);
    }
    says(INCLUDES).then_some(Kind::Inclusion)
}
