//! The terminal: streams, colour, width, and what foreign text may do there (nothing).

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};
use std::sync::OnceLock;

use anstyle::{AnsiColor, Style};
use trialdex::index::Timestamp;

/// Styles by what they mark.
pub(crate) const TITLE: Style = Style::new().bold();
/// A record's number.
pub(crate) const ID: Style = AnsiColor::Cyan.on_default().bold();
/// A label before a value.
pub(crate) const LABEL: Style = Style::new().dimmed();
/// A matched word.
pub(crate) const MATCH: Style = AnsiColor::Yellow.on_default().bold();
/// The heading of an error.
const ERROR: Style = AnsiColor::Red.on_default().bold();
/// The heading of a warning.
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// The heading of a hint.
const HINT: Style = AnsiColor::Cyan.on_default();

/// Columns of the terminal; 100 where the output is no terminal.
pub(crate) fn width() -> usize {
    if !io::stdout().is_terminal() {
        return 100;
    }
    terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0).clamp(40, 160))
}

/// Standard output, buffered; colours are stripped where they are not wanted (`NO_COLOR`, a pipe).
pub(crate) fn stdout() -> impl Write {
    io::BufWriter::with_capacity(1 << 16, anstream::stdout())
}

/// How messages on standard error look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Messages {
    /// For people at a terminal, or in a pipe.
    Plain,
    /// A line each, with the time.
    Stamped,
    /// A JSON object a line.
    Json,
}

static MESSAGES: OnceLock<Messages> = OnceLock::new();

/// Says how messages look from now on; once for a process.
pub(crate) fn set_messages(messages: Messages) {
    // The first command decides, and there is but one.
    let _ = MESSAGES.set(messages);
}

/// Prints an error with its heading.
pub(crate) fn error(message: &str) {
    say("error", ERROR, message);
}

/// Prints a warning with its heading.
pub(crate) fn warning(message: &str) {
    say("warning", WARNING, message);
}

/// Prints what the reader can do.
pub(crate) fn hint(message: &str) {
    say("hint", HINT, message);
}

/// Prints a line about what was done.
pub(crate) fn status(message: &str) {
    say("info", Style::new(), message);
}

fn say(level: &str, style: Style, message: &str) {
    let line = match MESSAGES.get().unwrap_or(&Messages::Plain) {
        Messages::Plain if level == "info" => for_terminal(message).into_owned(),
        Messages::Plain => format!("{style}{level}:{style:#} {}", for_terminal(message)),
        Messages::Stamped => {
            let line = message.replace('\n', " ");
            format!("{} {level}: {}", Timestamp::now(), for_terminal(&line))
        }
        Messages::Json => {
            let line = serde_json::json!({
                "time": Timestamp::now(),
                "level": level,
                "message": message.trim_start(),
            });
            json_for_terminal(line.to_string())
        }
    };
    // Where standard error is gone nobody is left to tell; the exit code still does.
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// Foreign text made harmless: control, bidirectional and invisible formatting characters become `\u{fffd}`, line ends and tabs stay.
///
/// The zero-width non-joiner stays too: Persian is not readable without it.
pub(crate) fn for_terminal(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .map(|c| if is_harmful(c) { '\u{fffd}' } else { c })
            .collect(),
    )
}

/// JSON for a terminal: what [`for_terminal`] replaces is written as an escape, so that the value stays the same.
pub(crate) fn json_for_terminal(json: String) -> String {
    if !json.chars().any(is_harmful) {
        return json;
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_harmful(c) {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

fn is_harmful(c: char) -> bool {
    let kept = matches!(c, '\n' | '\t' | '\u{200c}');
    let formatting = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}');
    !kept && (c.is_control() || formatting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_do_not_reach_the_terminal() {
        assert_eq!(
            for_terminal("\u{1b}[31mred\u{9b}2J\u{202e}"),
            "\u{fffd}[31mred\u{fffd}2J\u{fffd}"
        );
    }

    #[test]
    fn persian_and_accents_stay() {
        let text = "می\u{200c}خواهم é ≥\n\tβ";
        assert_eq!(for_terminal(text), text);
    }

    #[test]
    fn json_keeps_its_value() {
        let json =
            json_for_terminal(serde_json::to_string("a\u{9b}b\u{202e}").expect("a string is JSON"));
        assert!(json.is_ascii());
        assert_eq!(
            serde_json::from_str::<String>(&json).expect("still JSON"),
            "a\u{9b}b\u{202e}"
        );
    }
}
