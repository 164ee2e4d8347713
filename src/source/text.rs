//! Cleaning the registries' text: blanks, line ends, marks and broken encodings.

/// One line: runs of white space as one blank; `None` where nothing is left.
pub(crate) fn line(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// A text of several lines: line ends as `\n`, no blanks at their ends, at most one empty line in a row; `None` where nothing is left.
pub(crate) fn block(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.lines().map(str::trim_end) {
        if line.trim().is_empty() {
            empty += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if empty > 0 { "\n\n" } else { "\n" });
        }
        empty = 0;
        out.push_str(line);
    }
    let out = out.trim();
    (!out.is_empty()).then(|| out.to_owned())
}
