//! The word a person probably meant.

/// How many insertions, deletions, replacements and swaps of neighbours lead from one word to the other.
///
/// Words longer than 64 letters are compared by their first 64.
pub(crate) fn edit_distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(64).collect();
    let b: Vec<char> = b.chars().take(64).collect();
    // Three rows of the table: the one before the last, the last, the present one.
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &y) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(x != y);
            let mut best = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

/// The candidate nearest to the word, if one is near enough to be meant: the first of the nearest.
pub(crate) fn closest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word = word.trim().to_lowercase();
    let length = word.chars().count();
    let reach = if length < 3 {
        0
    } else {
        (length / 3).clamp(1, 3)
    };
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let lower = candidate.to_lowercase();
        let distance = edit_distance(&word, &lower);
        let begins = length >= 3 && lower.starts_with(&word);
        if !begins && distance > reach {
            continue;
        }
        let distance = if begins { distance.min(1) } else { distance };
        if best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_of_neighbours_is_one_step() {
        assert_eq!(edit_distance("recriuting", "recruiting"), 1);
        assert_eq!(edit_distance("", "abc"), 3);
        assert_eq!(edit_distance("kitten", "sitting"), 3);
    }

    #[test]
    fn a_far_word_is_not_offered() {
        let words = ["recruiting", "completed"];
        assert_eq!(closest("recruting", words), Some("recruiting"));
        assert_eq!(closest("comp", words), Some("completed"));
        assert_eq!(closest("banana", words), None);
    }
}
