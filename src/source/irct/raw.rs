//! The protocol in the registry's own words: its text cut at the template's headings and labels.
//!
//! The text is a flow of lines in which a value can be told from a label only by what the
//! template has at that place: the same label stands in many sections, a number alone is an
//! entry's counter or a value, values wrap even across an empty line, and empty fields leave their
//! label glued to the next one (`Postal code**Approval date**`).

use super::template::{DOCUMENT, Label, NUMBER, REGISTRY, Section, TEMPLATE, Template, Value};
use std::collections::{BTreeMap, VecDeque};

/// A protocol's values, section by section.
#[derive(Debug, Default)]
pub(super) struct Protocol {
    /// Lines before the first heading: print date and title.
    pub(super) head: Vec<String>,
    entries: Vec<(Section, Entry)>,
    /// How many lines belong to no label.
    pub(super) stray_lines: u64,
}

/// The values under the labels of a section, or of one entry of it.
#[derive(Debug, Default)]
pub(super) struct Entry {
    values: BTreeMap<&'static str, Vec<String>>,
}

impl Protocol {
    /// Reads a protocol's text.
    pub(super) fn parse(text: &str) -> Self {
        Reader::default().read(text)
    }

    /// The entries of a section.
    pub(super) fn all(&self, section: Section) -> impl Iterator<Item = &Entry> {
        let of_section = move |(own, _): &&(Section, Entry)| *own == section;
        self.entries
            .iter()
            .filter(of_section)
            .map(|(_, entry)| entry)
    }

    /// A value of a section that has one entry.
    pub(super) fn line(&self, section: Section, label: &str) -> Option<String> {
        self.all(section).find_map(|entry| entry.line(label))
    }

    /// A text of a section that has one entry.
    pub(super) fn text(&self, section: Section, label: &str) -> Option<String> {
        self.all(section).find_map(|entry| entry.text(label))
    }
}

impl Entry {
    /// A value of one line; `None` where the registry says `empty` or nothing.
    pub(super) fn line(&self, label: &str) -> Option<String> {
        let value = self.values.get(label)?.join(" ");
        crate::source::text::line(&value).filter(|value| !says_nothing(value))
    }

    /// A value of several lines, wrapped lines joined; `None` as for [`Entry::line`].
    pub(super) fn text(&self, label: &str) -> Option<String> {
        let mut text = String::new();
        let mut gap = "";
        for line in self.values.get(label)? {
            if line.is_empty() {
                gap = if text.is_empty() { "" } else { "\n\n" };
                continue;
            }
            text.push_str(if is_wrapped(&text, line) { " " } else { gap });
            text.push_str(line);
            gap = "\n";
        }
        (!text.is_empty() && !says_nothing(&text)).then_some(text)
    }
}

/// Whether the registry has nothing to say.
fn says_nothing(value: &str) -> bool {
    ["empty", "no information", "-"]
        .iter()
        .any(|word| value.trim_end_matches('.').eq_ignore_ascii_case(word))
}

/// Whether a line goes on with the sentence of the text before it.
fn is_wrapped(before: &str, line: &str) -> bool {
    let ends = before.ends_with(['.', ':', ';', '?', '!', '؟', '؛']);
    !before.is_empty() && !ends && line.starts_with(|c: char| c.is_lowercase() || c == '(')
}

/// Length of a line that may hold a label beside its value; longer ones are running text.
const SHARED_LINE: usize = 1000;

/// Reads a text piece by piece, knowing the place it has come to.
#[derive(Default)]
struct Reader {
    protocol: Protocol,
    template: Option<&'static Template>,
    /// Index of the label whose value is being read.
    label: Option<usize>,
    /// Whether that label stood before: its first value is kept.
    is_repeated: bool,
    /// Entries of the present section.
    entries: usize,
}

impl Reader {
    fn read(mut self, text: &str) -> Protocol {
        let mut lines = text.lines();
        let mut pending = VecDeque::new();
        loop {
            let Some(piece) = pending.pop_front() else {
                match lines.next() {
                    Some(line) => pending.extend(pieces(line)),
                    None => return self.protocol,
                }
                continue;
            };
            if is_number(&piece) {
                let ahead = pending
                    .iter()
                    .cloned()
                    .chain(lines.clone().flat_map(pieces));
                if self.counter(&piece, ahead) {
                    continue;
                }
            }
            if let Some(rest) = self.place(&piece) {
                rest.into_iter()
                    .rev()
                    .for_each(|rest| pending.push_front(rest));
                continue;
            }
            self.value(piece);
        }
    }

    /// Whether a number opens the next entry, which then begins.
    fn counter(&mut self, number: &str, mut ahead: impl Iterator<Item = String>) -> bool {
        let Some(template) = self.template.filter(|template| template.repeats) else {
            return false;
        };
        if number.parse() != Ok(self.entries + 1) {
            return false;
        }
        let Some(next) = ahead.find(|piece| !piece.is_empty()) else {
            return false;
        };
        let opens = |label: &Label| strip_prefix(&next, label.name).is_some();
        let (first, others) = (template.labels.first(), template.labels.get(1));
        if !(first.is_some_and(opens) || is_group(first) && others.is_some_and(opens)) {
            return false;
        }
        self.begin_entry(template.section);
        true
    }

    fn begin_entry(&mut self, section: Section) {
        self.protocol.entries.push((section, Entry::default()));
        self.entries += 1;
        self.label = None;
    }

    /// Takes a heading or a label; answers what remains of the piece, or `None` where it is a value.
    fn place(&mut self, piece: &str) -> Option<Vec<String>> {
        if piece.is_empty() {
            return None;
        }
        if let Some(index) = self.label_of(piece) {
            self.enter(index);
            return Some(Vec::new());
        }
        if let Some(template) = heading(piece) {
            self.open(template);
            return Some(Vec::new());
        }
        if piece.len() > SHARED_LINE {
            return None;
        }
        // The number opens its section, whose heading may be lost.
        if is_number_line(piece)
            && let Some(template) = TEMPLATE.iter().find(|t| t.section == Section::General)
            && self
                .template
                .is_none_or(|own| own.section != Section::General)
        {
            self.open(template);
        }
        self.label_before(piece).or_else(|| self.label_after(piece))
    }

    fn open(&mut self, template: &'static Template) {
        self.template = Some(template);
        self.label = None;
        self.entries = 0;
    }

    /// The label a whole piece is.
    fn label_of(&self, piece: &str) -> Option<usize> {
        let labels = self.template?.labels;
        let index = labels
            .iter()
            .position(|label| label.name.eq_ignore_ascii_case(bare(piece)))?;
        self.can_enter(index).then_some(index)
    }

    /// A label at the beginning of a piece, its value after it; takes the label.
    fn label_before(&mut self, piece: &str) -> Option<Vec<String>> {
        let labels = self.template?.labels;
        let in_text = self
            .current()
            .is_some_and(|label| label.value == Value::Text);
        let next = self.next();
        let begins = |(index, label): (usize, &Label)| {
            let rest = strip_prefix(piece, label.name)?;
            let (is_told, rest) = match rest.strip_prefix(':') {
                Some(rest) => (!in_text, rest),
                None => (false, rest.strip_prefix(' ')?),
            };
            let is_long = label.name.split(' ').count() >= if in_text { 3 } else { 2 };
            let fits = match label.value {
                Value::Inline => true,
                Value::Line => is_told || is_long,
                Value::Text => is_long && Some(index) == next,
                Value::Group => false,
            };
            (fits && self.can_enter(index)).then_some((index, rest))
        };
        let found = labels.iter().enumerate().filter_map(begins);
        let (index, rest) = found.max_by_key(|(_, rest)| piece.len() - rest.len())?;
        // Several may share the line: `…number: X Registration date: Y Registration timing: Z`.
        let next = labels
            .iter()
            .filter(|label| label.value == Value::Inline)
            .filter_map(|label| rest.find(&format!(" {}:", label.name)))
            .min();
        let (value, after) = rest.split_at_checked(next.unwrap_or(rest.len()))?;
        let value = value.trim().to_owned();
        self.enter(index);
        let is_counted = |piece: &String| !piece.is_empty();
        Some(
            [value, after.trim().to_owned()]
                .into_iter()
                .filter(is_counted)
                .collect(),
        )
    }

    /// A label or heading at the end of a piece, after a value: `Iran (Islamic Republic of) Phone`.
    fn label_after(&self, piece: &str) -> Option<Vec<String>> {
        let template = self.template?;
        if self.current()?.value == Value::Text {
            return None;
        }
        let next = self.next();
        let labels = template.labels.iter().enumerate().filter(|(index, label)| {
            Some(*index) == next || label.name.contains(' ') && self.can_enter(*index)
        });
        let headings = TEMPLATE.iter().map(|template| template.heading);
        let names = labels.map(|(_, label)| label.name).chain(headings);
        let ends = |name: &'static str| {
            let value = piece.strip_suffix(name)?.strip_suffix(' ')?.trim_end();
            (!value.is_empty()).then(|| vec![value.to_owned(), name.to_owned()])
        };
        names
            .filter_map(ends)
            .min_by_key(|parts| parts.first().map_or(0, String::len))
    }

    fn current(&self) -> Option<&'static Label> {
        self.template?.labels.get(self.label?)
    }

    /// The first label after the present one that can stand here.
    fn next(&self) -> Option<usize> {
        let labels = self.template?.labels.len();
        (self.label? + 1..labels).find(|index| self.can_enter(*index))
    }

    /// Whether a label can stand here: it has not yet stood in this entry, or it opens the next one.
    fn can_enter(&self, index: usize) -> bool {
        let Some(template) = self.template else {
            return false;
        };
        let Some(label) = template.labels.get(index) else {
            return false;
        };
        label.value == Value::Inline || !self.has(label) || opens_entry(template, index)
    }

    /// The entry being read.
    fn entry(&mut self) -> Option<&mut Entry> {
        let (_, entry) = self.protocol.entries.last_mut()?;
        (self.entries > 0).then_some(entry)
    }

    /// Whether the entry being read has a label already.
    fn has(&self, label: &Label) -> bool {
        let entry = self.protocol.entries.last().filter(|_| self.entries > 0);
        entry.is_some_and(|(_, entry)| entry.values.contains_key(label.name))
    }

    fn enter(&mut self, index: usize) {
        let Some(template) = self.template else {
            return;
        };
        let Some(label) = template.labels.get(index) else {
            return;
        };
        if self.entries == 0 || self.has(label) && opens_entry(template, index) {
            self.begin_entry(template.section);
        }
        self.label = Some(index);
        if let Some(entry) = self.entry() {
            let lines = entry.values.entry(label.name).or_default();
            self.is_repeated = lines.iter().any(|line| !line.is_empty());
        }
    }

    /// Takes a piece that is no heading, label or counter.
    fn value(&mut self, piece: String) {
        if self.template.is_none() {
            if !piece.is_empty() {
                self.protocol.head.push(piece);
            }
            return;
        }
        let label = self.current().filter(|label| label.value != Value::Group);
        let is_repeated = self.is_repeated;
        if let (Some(label), Some(entry)) = (label, self.entry()) {
            let lines = entry.values.entry(label.name).or_default();
            let is_gap = piece.is_empty() && lines.last().is_none_or(String::is_empty);
            if !is_repeated && !is_gap {
                lines.push(piece);
            }
            return;
        }
        if !piece.is_empty() && !says_nothing(&piece) {
            self.protocol.stray_lines += 1;
        }
    }
}

/// Whether a label that stands again begins the next entry.
fn opens_entry(template: &Template, index: usize) -> bool {
    template.repeats && (index == 0 || index == 1 && is_group(template.labels.first()))
}

fn is_group(label: Option<&Label>) -> bool {
    label.is_some_and(|label| label.value == Value::Group)
}

fn is_number(piece: &str) -> bool {
    !piece.is_empty() && piece.bytes().all(|b| b.is_ascii_digit())
}

/// The pieces of a line: itself without marks, or the headings, labels and counters fused in it.
fn pieces(line: &str) -> Vec<String> {
    let line: String = line
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .collect();
    let line = line.trim().trim_start_matches('#').trim();
    if line == "-" {
        return Vec::new();
    }
    let parts: Vec<&str> = line.split("**").map(str::trim).collect();
    let bold = || {
        parts
            .iter()
            .skip(1)
            .step_by(2)
            .filter(|part| !part.is_empty())
    };
    let is_fused =
        bold().any(|part| is_name(part)) && bold().all(|part| is_name(part) || is_number(part));
    if is_fused {
        let told = parts.iter().filter(|part| !part.is_empty());
        return told.map(|part| (*part).to_owned()).collect();
    }
    let line = line.replace("**", "");
    // `1 Description`: an entry's number on the line of its first label.
    match line.split_once(' ') {
        Some((number, label)) if is_number(number) && is_name(label) => {
            vec![number.to_owned(), label.to_owned()]
        }
        _ => vec![line],
    }
}

/// Whether a text is a heading or a label of any section.
fn is_name(text: &str) -> bool {
    let is_label = |template: &Template| {
        let own = |label: &Label| label.name.eq_ignore_ascii_case(bare(text));
        template.labels.iter().any(own)
    };
    heading(text).is_some() || TEMPLATE.iter().any(is_label)
}

/// The section a whole piece is the heading of.
fn heading(piece: &str) -> Option<&'static Template> {
    let is_own = |template: &&Template| template.heading.eq_ignore_ascii_case(bare(piece));
    TEMPLATE.iter().find(is_own)
}

/// A name without colon.
fn bare(piece: &str) -> &str {
    piece.trim().trim_end_matches(':').trim_end()
}

fn strip_prefix<'a>(piece: &'a str, name: &str) -> Option<&'a str> {
    let (start, rest) = piece.split_at_checked(name.len())?;
    start.eq_ignore_ascii_case(name).then_some(rest)
}

/// Whether a line names the document or the registry, as the first lines of an export do.
pub(super) fn is_masthead(line: &str) -> bool {
    let line = unmarked(line);
    [DOCUMENT, REGISTRY]
        .iter()
        .any(|name| line.eq_ignore_ascii_case(name))
}

/// Whether a line tells the registration number.
pub(super) fn is_number_line(line: &str) -> bool {
    strip_prefix(unmarked(line), NUMBER).is_some_and(|rest| rest.starts_with(':'))
}

/// Whether a line is the heading of a section.
pub(super) fn is_heading(line: &str) -> bool {
    heading(unmarked(line)).is_some()
}

fn unmarked(line: &str) -> &str {
    line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '*' | '-' | '•'))
}
