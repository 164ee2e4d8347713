//! The two markups of ClinicalTrials.gov's texts: Markdown escapes in API v2, hard wraps in
//! legacy XML.

use std::borrow::Cow;

/// How the texts of a record are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Markup {
    /// API v2: punctuation is escaped (`\<`, `\[`), lists begin with `* ` or `1. `.
    Markdown,
    /// The old API, and legacy XML once its wraps are undone.
    Plain,
}

/// A line of legacy XML is broken where the next word would pass this column (it breaks at 100;
/// nested numbers are indented after that, see NCT00003006).
const WRAP: usize = 90;

/// A text without Markdown's backslashes before punctuation.
pub(crate) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let escapes =
            character == '\\' && characters.peek().is_some_and(char::is_ascii_punctuation);
        match characters.next_if(|_| escapes) {
            Some(escaped) => out.push(escaped),
            None => out.push(character),
        }
    }
    Cow::Owned(out)
}

/// The text of a `textblock`: wraps undone, bullets as lines that begin `- `, deeper ones indented.
///
/// A line that breaks although the next word would fit is a line of the registrant's.
pub(crate) fn unwrap(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut bullets = Bullets::default();
    let mut last: Option<&str> = None;
    for line in text.lines().map(str::trim_end) {
        let words = line.trim_start();
        if words.is_empty() {
            last = None;
            continue;
        }
        match last {
            Some(before) if wraps(before, words) => out.push(' '),
            Some(_) => out.push('\n'),
            None => bullets.begin(&mut out, line.len() - words.len(), words),
        }
        let start = out.len();
        out.extend(words.split_whitespace().flat_map(|word| [word, " "]));
        out.truncate(out.len().max(start + 1) - 1);
        last = Some(line);
    }
    out
}

fn wraps(line: &str, next: &str) -> bool {
    let word = next.split_whitespace().next().unwrap_or_default();
    line.chars().count() + 1 + word.chars().count() > WRAP
}

/// The bullets a text stands in.
#[derive(Default)]
struct Bullets {
    /// Columns of the bullet last read and of those around it.
    columns: Vec<usize>,
}

impl Bullets {
    /// Begins a paragraph: a bullet after a bullet on a line of its own, anything else after an empty one.
    fn begin(&mut self, out: &mut String, column: usize, words: &str) {
        if !is_bullet(words) {
            self.columns.clear();
            separate(out, "\n\n");
            return;
        }
        separate(
            out,
            if self.columns.is_empty() {
                "\n\n"
            } else {
                "\n"
            },
        );
        self.columns.retain(|&outer| outer < column);
        for _ in &self.columns {
            out.push_str("  ");
        }
        self.columns.push(column);
    }
}

fn separate(out: &mut String, with: &str) {
    if !out.is_empty() {
        out.push_str(with);
    }
}

/// Whether a paragraph is an item of a list: `-  `, `• `, `1. `, `2) `.
fn is_bullet(words: &str) -> bool {
    let unnumbered = words.trim_start_matches(|c: char| c.is_ascii_digit());
    let mark = |marks: &[char]| {
        let rest = unnumbered.strip_prefix(marks);
        rest.is_some_and(|rest| rest.starts_with(' '))
    };
    if unnumbered.len() == words.len() {
        mark(&['-', '*', '•'])
    } else {
        mark(&['.', ')'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_escaped_punctuation_loses_its_backslash() {
        let text = r"age \>18 \[years\], 10\^9, C:\new \\ end\";
        assert_eq!(unescape(text), r"age >18 [years], 10^9, C:\new \ end\");
    }

    #[test]
    fn hard_wraps_are_undone_and_lists_keep_their_lines() {
        let text = "
      It is difficult to predict how a women with an autoimmune disease will do during pregnancy.
      Some women will improve.
      A line of its own.

        Inclusion Criteria:

          -  Women with systemic autoimmune disease, including but by no means limited to those named
             here:

               -  Lupus

               -  Scleroderma

          -  18 years

        Exclusion Criteria:

          1. Unable to   speak English
";
        let expected = "It is difficult to predict how a women with an autoimmune disease will do during pregnancy. Some women will improve.\nA line of its own.\n\n\
            Inclusion Criteria:\n\n\
            - Women with systemic autoimmune disease, including but by no means limited to those named here:\n  - Lupus\n  - Scleroderma\n- 18 years\n\n\
            Exclusion Criteria:\n\n\
            1. Unable to speak English";
        assert_eq!(unwrap(text), expected);
    }

    proptest! {
        #[test]
        fn unwrapping_keeps_every_word(text in "([a-z0-9.*•-]{1,9}|[ \\n\\r\\t]{1,9}){0,60}") {
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(words(&unwrap(&text)), words(&text));
        }

        #[test]
        fn unescaping_never_panics(text in "[\\\\<a é]{0,20}") {
            let _ = unescape(&text);
        }
    }
}
