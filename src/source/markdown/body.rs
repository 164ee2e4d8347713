//! The text of an article without its marks: headings, references and addresses apart.

use crate::source::text::{block, html_text, line};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// What an article's text holds.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Body {
    /// Paragraphs, headings and list items, without the list of references.
    pub(super) text: Option<String>,
    pub(super) headings: Vec<String>,
    pub(super) references: Vec<String>,
    /// Web addresses, each once.
    pub(super) links: Vec<String>,
    /// Everything in the order of the page, addresses where their links stand: what numbers are found in.
    pub(super) reading: String,
}

/// Headings of the list of references, in the languages articles came in.
const REFERENCES: [&str; 27] = [
    "references",
    "reference",
    "reference list",
    "sources",
    "source",
    "bibliography",
    "citations",
    "works cited",
    "literature",
    "literature cited",
    "references and notes",
    "notes and references",
    "references and further reading",
    "sources and further reading",
    "literatur",
    "literaturverzeichnis",
    "quellen",
    "références",
    "referencias",
    "bibliografía",
    "fuentes",
    "referências",
    "kaynaklar",
    "منابع",
    "مراجع",
    "المراجع",
    "参考文献",
];

/// Reads the text of an article.
pub(super) fn read(markdown: &str) -> Body {
    let mut reader = Reader::default();
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES;
    for event in Parser::new_ext(markdown, options) {
        reader.event(event);
    }
    reader.end_block();
    Body {
        text: block(&reader.text),
        ..reader.body
    }
}

#[derive(Default)]
struct Reader {
    body: Body,
    text: String,
    /// The paragraph, heading or item being read.
    current: String,
    /// Raw HTML being read.
    html: String,
    /// The lists around the current item: their next numbers, `None` without numbers.
    lists: Vec<Option<u64>>,
    /// The mark of an item whose text has not come yet.
    mark: String,
    code: bool,
    in_references: bool,
}

impl Reader {
    fn event(&mut self, event: Event<'_>) {
        if !matches!(event, Event::Html(_) | Event::InlineHtml(_)) {
            self.end_html();
        }
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.push(&text),
            Event::Code(text) => self.push(&text),
            Event::Html(html) | Event::InlineHtml(html) => self.html.push_str(&html),
            Event::SoftBreak => self.push(" "),
            Event::HardBreak => self.push("\n"),
            Event::Rule => self.end_block(),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.push(&text),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph
            | Tag::Heading { .. }
            | Tag::BlockQuote(_)
            | Tag::Table(_)
            | Tag::TableRow
            | Tag::TableHead
            | Tag::FootnoteDefinition(_) => self.end_block(),
            Tag::CodeBlock(_) => {
                self.end_block();
                self.code = true;
            }
            Tag::List(first) => {
                self.end_block();
                self.lists.push(first);
            }
            Tag::Item => {
                self.end_block();
                self.begin_item();
            }
            Tag::Link { dest_url, .. } => self.link(&dest_url),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::List(_) => {
                self.end_block();
                self.lists.pop();
            }
            TagEnd::CodeBlock => {
                self.end_block();
                self.code = false;
            }
            TagEnd::TableCell => self.push(" | "),
            TagEnd::Paragraph
            | TagEnd::Item
            | TagEnd::TableRow
            | TagEnd::TableHead
            | TagEnd::Table
            | TagEnd::BlockQuote(_)
            | TagEnd::FootnoteDefinition => self.end_block(),
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        self.current.push_str(text);
        self.body.reading.push_str(text);
        if !self.code {
            self.bare_links(text);
        }
    }

    fn begin_item(&mut self) {
        let indent = "  ".repeat(self.lists.len().saturating_sub(1).min(9));
        self.mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{indent}{}. ", *number - 1)
            }
            _ => format!("{indent}* "),
        };
    }

    fn end_heading(&mut self) {
        let Some(heading) = line(&std::mem::take(&mut self.current)) else {
            return;
        };
        self.body.reading.push('\n');
        self.in_references = is_references(&heading);
        if !self.in_references {
            self.paragraph(&heading);
        }
        self.body.headings.push(heading);
    }

    /// Ends the paragraph, item or block of code being read.
    fn end_block(&mut self) {
        self.end_html();
        let current = std::mem::take(&mut self.current);
        let current = if self.code {
            current.trim_end().to_owned()
        } else {
            let lines: Vec<&str> = current.lines().map(str::trim).collect();
            lines.join("\n").trim().trim_end_matches(" |").to_owned()
        };
        if current.is_empty() {
            return;
        }
        self.body.reading.push('\n');
        if !self.in_references {
            // Editors without headings write "**References**" as a paragraph.
            self.in_references = self.mark.is_empty() && is_references(&current);
            if !self.in_references {
                self.paragraph(&current);
            }
            return;
        }
        let begins_item = !std::mem::take(&mut self.mark).is_empty() || self.lists.is_empty();
        let reference = line(&current).unwrap_or_default();
        match self.body.references.last_mut() {
            Some(last) if !begins_item => {
                last.push(' ');
                last.push_str(&reference);
            }
            _ => self.body.references.push(reference),
        }
    }

    fn paragraph(&mut self, text: &str) {
        let mark = std::mem::take(&mut self.mark);
        let in_list = !self.lists.is_empty() && !mark.is_empty();
        let after_item = self.text.rsplit('\n').next().is_some_and(is_item);
        if !self.text.is_empty() {
            self.text
                .push_str(if in_list && after_item { "\n" } else { "\n\n" });
        }
        self.text.push_str(&mark);
        self.text.push_str(text);
    }

    fn end_html(&mut self) {
        if self.html.is_empty() {
            return;
        }
        let html = without_hidden_parts(&std::mem::take(&mut self.html));
        for address in addresses_of_html(&html) {
            self.link(address);
        }
        let text = html_text(&without_tags(&html));
        self.current.push_str(&text);
        self.body.reading.push_str(&text);
    }

    /// Keeps the address of a page on the web.
    fn link(&mut self, address: &str) {
        let address = address.split(":~:").next().unwrap_or(address);
        let address = address.trim().trim_end_matches('#');
        let lower = address.get(..8).unwrap_or(address).to_ascii_lowercase();
        if !lower.starts_with("http://") && !lower.starts_with("https://") {
            return;
        }
        self.body.reading.push(' ');
        self.body.reading.push_str(address);
        self.body.reading.push(' ');
        if !self.body.links.iter().any(|known| known == address) {
            self.body.links.push(address.to_owned());
        }
    }

    /// Keeps the addresses that stand in a text without marks.
    fn bare_links(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find("http") {
            let address = rest.get(at..).unwrap_or("");
            let end = address
                .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`'))
                .unwrap_or(address.len());
            let (address, behind) = address.split_at(end);
            if address.contains("://") && address.len() > "https://".len() {
                let closes = if address.contains('(') { "" } else { ")" };
                self.link(address.trim_end_matches(|c: char| {
                    matches!(c, '.' | ',' | ';' | ':' | ']' | '\'' | '*') || closes.contains(c)
                }));
            }
            rest = behind;
        }
    }
}

/// Whether a line is an item of a list.
fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    line.starts_with("* ")
        || (digits > 0 && line.get(digits..).is_some_and(|r| r.starts_with(". ")))
}

fn is_references(heading: &str) -> bool {
    let folded = heading.to_lowercase();
    let folded = folded.trim_matches(|c: char| !c.is_alphabetic());
    REFERENCES.contains(&folded)
}

/// HTML without comments, scripts and styles.
fn without_hidden_parts(html: &str) -> String {
    let mut out = html.to_owned();
    for (open, close) in [
        ("<!--", "-->"),
        ("<script", "</script>"),
        ("<style", "</style>"),
    ] {
        let mut kept = String::with_capacity(out.len());
        let mut rest = out.as_str();
        while let Some((before, hidden)) = rest.split_once(open) {
            kept.push_str(before);
            rest = hidden.split_once(close).map_or("", |(_, behind)| behind);
        }
        kept.push_str(rest);
        out = kept;
    }
    out
}

/// Tags that stay within their line.
const INLINE: [&str; 22] = [
    "a", "abbr", "b", "cite", "code", "del", "em", "font", "i", "img", "ins", "kbd", "label",
    "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u",
];

/// HTML without tags, those of blocks as line ends.
fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        out.push_str(before);
        if !tag.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            out.push('<');
            rest = tag;
            continue;
        }
        let name = tag.trim_start_matches('/');
        let end = name
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(name.len());
        let name = name[..end].to_ascii_lowercase();
        if !INLINE.contains(&name.as_str()) {
            out.push('\n');
        }
        rest = behind_tag(tag);
    }
    out.push_str(rest);
    out
}

/// What stands behind the `>` of a tag; one within quotes does not end it.
fn behind_tag(tag: &str) -> &str {
    let mut quote = None;
    for (at, c) in tag.char_indices() {
        match quote {
            None if c == '>' => return &tag[at + 1..],
            None if matches!(c, '"' | '\'') => quote = Some(c),
            Some(open) if c == open => quote = None,
            _ => {}
        }
    }
    tag.split_once('>').map_or("", |(_, behind)| behind)
}

/// The addresses links of HTML lead to.
fn addresses_of_html(html: &str) -> impl Iterator<Item = &str> {
    html.split("href=").skip(1).filter_map(|behind| {
        let quote = behind.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        behind.get(1..)?.split(quote).next()
    })
}
