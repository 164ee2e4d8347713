//! A title as one term, so that whoever types or pastes a whole title finds its record first.

/// Bytes a folded title keeps: no registry's titles are longer, and a term has to end somewhere.
const LENGTH: usize = 4096;

/// Folds a title to its words: lower case, one blank between them, no other marks.
pub(crate) fn whole_title(title: &str) -> String {
    let mut folded = String::with_capacity(title.len());
    let words = title.split(|c: char| !c.is_alphanumeric());
    for word in words.filter(|word| !word.is_empty()) {
        if folded.len() + word.len() > LENGTH {
            break;
        }
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_case_and_blanks_make_no_difference() {
        let folded = "stem cells in ms a phase i ii trial";
        assert_eq!(whole_title("Stem Cells in MS: a Phase I/II trial"), folded);
        assert_eq!(
            whole_title("  stem cells, in MS\na phase i-ii TRIAL."),
            folded
        );
    }
}
