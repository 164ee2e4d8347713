//! Reads XML: a tree of elements out of a record's bytes, and the bytes of each record out of a
//! stream of them.
//!
//! Only the five predefined entities and numeric references are replaced; a document type is
//! passed over and its entities stay as they are written. Nothing here recurses.

mod cut;
mod encoding;

pub(crate) use cut::cut_elements;
pub(crate) use encoding::decode;

use super::{CUT_OFF, DEPTH_LIMIT, Reason};
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::borrow::Cow;

/// The elements of a document; texts borrow from it wherever they hold no references.
pub(crate) struct Document<'a> {
    /// In the order of their start tags; the first is the root.
    nodes: Vec<Node<'a>>,
}

struct Node<'a> {
    /// Name and attributes as they stand in the tag.
    tag: &'a str,
    full_name: &'a str,
    /// The name without its namespace's prefix: compared far more often than read.
    name: &'a str,
    text: Cow<'a, str>,
    first_child: Option<usize>,
    last_child: Option<usize>,
    next: Option<usize>,
}

/// An element of a [`Document`].
#[derive(Clone, Copy)]
pub(crate) struct Element<'d> {
    nodes: &'d [Node<'d>],
    node: &'d Node<'d>,
}

impl<'a> Document<'a> {
    /// Reads a document; elements of the names in `skip` are kept without their content.
    ///
    /// # Errors
    /// What is no XML, is cut off, has no element, or nests deeper than [`DEPTH_LIMIT`].
    pub(crate) fn read(text: &'a str, skip: &[&str]) -> Result<Self, Reason> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().allow_dangling_amp = true;
        let mut builder = Builder {
            text,
            nodes: Vec::new(),
            open: Vec::new(),
        };
        loop {
            let event = reader.read_event().map_err(|e| not_xml(&reader, &e))?;
            match event {
                Event::Start(start) => {
                    let end = reader.buffer_position();
                    builder.start(&start, end, 1)?;
                    if skip.contains(&start.name().as_ref()) {
                        let skipped = reader.read_to_end(start.name());
                        skipped.map_err(|e| not_xml(&reader, &e))?;
                        builder.open.pop();
                    }
                }
                Event::Empty(start) => {
                    builder.start(&start, reader.buffer_position(), 2)?;
                    builder.open.pop();
                }
                Event::End(_) => {
                    builder.open.pop();
                }
                Event::Text(piece) => builder.append(piece.into_inner()),
                Event::CData(piece) => builder.append(piece.into_inner()),
                Event::GeneralRef(reference) => builder.append(resolve(&reference)),
                Event::Eof => break,
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
        builder.finish()
    }

    /// The outermost element.
    pub(crate) fn root(&self) -> Option<Element<'_>> {
        let node = self.nodes.first()?;
        Some(Element {
            nodes: &self.nodes,
            node,
        })
    }
}

/// The name of the outermost element of a file that begins like this, without its prefix; what may
/// stand before it (declaration, comments, document type) is passed over.
pub(crate) fn root_name(head: &[u8]) -> Option<String> {
    let text = match head {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => decode(head).ok()?,
        _ => Cow::Borrowed(valid_start(head)),
    };
    let mut reader = Reader::from_str(&text);
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) | Event::Empty(start) => {
                return Some(local(start.name().as_ref()).to_owned());
            }
            Event::Text(text) if !text.trim_start().is_empty() => return None,
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// The bytes up to the first that is not UTF-8.
fn valid_start(bytes: &[u8]) -> &str {
    let valid = match std::str::from_utf8(bytes) {
        Ok(text) => return text,
        Err(error) => bytes.get(..error.valid_up_to()).unwrap_or_default(),
    };
    std::str::from_utf8(valid).unwrap_or_default()
}

struct Builder<'a> {
    text: &'a str,
    nodes: Vec<Node<'a>>,
    open: Vec<usize>,
}

impl<'a> Builder<'a> {
    /// Adds an element whose tag ends at `end`, with so many bytes after its content.
    fn start(&mut self, start: &BytesStart<'_>, end: u64, after: usize) -> Result<(), Reason> {
        if self.open.len() >= DEPTH_LIMIT {
            let message = format!("elements nested deeper than {DEPTH_LIMIT} levels");
            return Err(Reason::new(message).byte(end));
        }
        let end = usize::try_from(end).unwrap_or(usize::MAX) - after;
        let tag = self.text.get(end - start.len()..end).unwrap_or_default();
        let name = tag.get(..start.name().as_ref().len()).unwrap_or_default();
        let at = self.nodes.len();
        if let Some(parent) = self
            .open
            .last()
            .and_then(|&parent| self.nodes.get_mut(parent))
        {
            parent.first_child.get_or_insert(at);
            let before = parent.last_child.replace(at);
            if let Some(before) = before.and_then(|before| self.nodes.get_mut(before)) {
                before.next = Some(at);
            }
        } else if !self.nodes.is_empty() {
            return Err(Reason::new("a second element beside the outermost one").byte(end as u64));
        }
        self.nodes.push(Node {
            tag,
            full_name: name,
            name: local(name),
            text: Cow::Borrowed(""),
            first_child: None,
            last_child: None,
            next: None,
        });
        self.open.push(at);
        Ok(())
    }

    fn append(&mut self, piece: Cow<'a, str>) {
        let Some(node) = self.open.last().and_then(|&at| self.nodes.get_mut(at)) else {
            return;
        };
        if !node.text.is_empty() {
            node.text.to_mut().push_str(&piece);
        } else if !piece.trim_start().is_empty() {
            node.text = piece;
        }
    }

    fn finish(self) -> Result<Document<'a>, Reason> {
        if let Some(node) = self.open.last().and_then(|&at| self.nodes.get(at)) {
            let message = format!("the input ends inside <{}>: {CUT_OFF}", node.full_name);
            return Err(Reason::new(message).byte(self.text.len() as u64));
        }
        if self.nodes.is_empty() {
            return Err(Reason::new("no XML element in it"));
        }
        Ok(Document { nodes: self.nodes })
    }
}

/// What a reference stands for; one nobody knows stays as it is written.
fn resolve<'a>(reference: &BytesRef<'a>) -> Cow<'a, str> {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return Cow::Owned(character.to_string());
    }
    match resolve_xml_entity(reference) {
        Some(text) => Cow::Borrowed(text),
        None => Cow::Owned(format!("&{};", &**reference)),
    }
}

fn not_xml(reader: &Reader<&[u8]>, error: &quick_xml::Error) -> Reason {
    Reason::new(format!("not XML: {error}")).byte(reader.error_position())
}

impl<'d> Element<'d> {
    /// Name, without its namespace's prefix.
    pub(crate) fn name(self) -> &'d str {
        self.node.name
    }

    /// Its own text, that of its children left out, as written.
    pub(crate) fn text(self) -> &'d str {
        &self.node.text
    }

    /// The value of an attribute.
    pub(crate) fn attribute(self, name: &str) -> Option<Cow<'d, str>> {
        let attributes = Attributes::new(self.node.tag, self.node.full_name.len());
        let mut found = attributes.filter_map(Result::ok);
        let attribute = found.find(|attribute| local(attribute.key.as_ref()) == name)?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        Some(value.unwrap_or(attribute.value))
    }

    /// Its children.
    pub(crate) fn elements(self) -> impl Iterator<Item = Element<'d>> {
        let mut next = self.node.first_child;
        std::iter::from_fn(move || {
            let node = self.nodes.get(next?)?;
            next = node.next;
            Some(Element { node, ..self })
        })
    }

    /// Its children of a name.
    pub(crate) fn children(self, name: &str) -> impl Iterator<Item = Element<'d>> {
        self.elements().filter(move |child| child.name() == name)
    }

    /// Its first child of a name.
    pub(crate) fn child(self, name: &str) -> Option<Element<'d>> {
        self.children(name).next()
    }

    /// The text at the end of a way of names (`"address/city"`), trimmed; `None` where there is none.
    pub(crate) fn text_of(self, path: &str) -> Option<&'d str> {
        let end = path.split('/').try_fold(self, Element::child)?;
        Some(end.text().trim()).filter(|text| !text.is_empty())
    }

    /// The texts of its children of a name, trimmed, empty ones left out.
    pub(crate) fn texts_of(self, name: &str) -> impl Iterator<Item = &'d str> {
        let texts = self.children(name).map(|child| child.text().trim());
        texts.filter(|text| !text.is_empty())
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text_of(xml: &str, path: &str) -> Option<String> {
        let document = Document::read(xml, &[]).unwrap();
        document.root().unwrap().text_of(path).map(str::to_owned)
    }

    fn reason(xml: &str) -> String {
        Document::read(xml, &[]).err().unwrap().message
    }

    #[test]
    fn names_attributes_texts_and_children_are_read() {
        let xml = "<?xml version=\"1.0\"?><!-- c --><a x='1 &lt; 2'>\n <n:b >one</n:b><c y=\"2\" /><b>two</b>\n</a>";
        let document = Document::read(xml, &[]).unwrap();
        let root = document.root().unwrap();
        assert_eq!(root.name(), "a");
        assert_eq!(root.attribute("x").unwrap(), "1 < 2");
        let names: Vec<_> = root.elements().map(Element::name).collect();
        assert_eq!(names, ["b", "c", "b"]);
        assert_eq!(root.child("c").unwrap().attribute("y").unwrap(), "2");
        assert_eq!(root.child("c").unwrap().attribute("z"), None);
        assert_eq!(root.texts_of("b").collect::<Vec<_>>(), ["one", "two"]);
        assert_eq!(root.text_of("c"), None);
    }

    #[test]
    fn predefined_and_numeric_references_are_replaced_and_others_stay() {
        let xml = "<a><b>&lt;5 &#181;g &amp; &#x3b1;<![CDATA[<&>]]> R&D &nbsp;x</b></a>";
        assert_eq!(text_of(xml, "b").unwrap(), "<5 µg & α<&> R&D &nbsp;x");
    }

    #[test]
    fn entities_of_a_document_type_are_not_expanded() {
        let xml = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\"><!ENTITY y \"yy\">]><a><b>&x;&y;</b></a>";
        assert_eq!(text_of(xml, "b").unwrap(), "&x;&y;");
    }

    #[test]
    fn the_root_is_found_behind_what_may_stand_before_it() {
        let name = |head: &[u8]| root_name(head);
        assert_eq!(
            name(b"<?xml?>\n<!-- <b> --><!DOCTYPE a [<!ELEMENT a ANY>]><n:a x='1'>\xe9").as_deref(),
            Some("a")
        );
        assert_eq!(name(b"text <a>"), None);
        assert_eq!(name(b"{}"), None);
    }

    #[test]
    fn control_characters_survive() {
        let xml = "<a><b>x\u{1}y\u{b}z &#x1; &#0;</b></a>";
        assert!(text_of(xml, "b").unwrap().starts_with("x\u{1}y\u{b}z"));
    }

    #[test]
    fn a_skipped_element_stays_without_content() {
        let xml = "<a><r><r>x</r><b>no</b></r><b>yes</b></a>";
        let document = Document::read(xml, &["r"]).unwrap();
        let root = document.root().unwrap();
        assert!(root.child("r").unwrap().elements().next().is_none());
        assert_eq!(root.text_of("b"), Some("yes"));
    }

    #[test]
    fn what_is_no_document_is_rejected_with_its_reason() {
        assert_eq!(reason(""), "no XML element in it");
        assert_eq!(reason("plain text"), "no XML element in it");
        assert_eq!(
            reason("<a><b>"),
            "the input ends inside <b>: it is cut off, get it again"
        );
        assert_eq!(
            reason("<a/><b/>"),
            "a second element beside the outermost one"
        );
        assert!(reason("<html><p>x<br></p></html>").starts_with("not XML: "));
        let deep = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
        assert_eq!(reason(&deep), "elements nested deeper than 100 levels");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in r#"(<|</|>|/>|<!--|-->|<!\[CDATA\[|\]\]>|<\?|&|;|#|a|b|:|=|"|é| ){0,40}"#) {
            if let Ok(document) = Document::read(&text, &["b"]) {
                let root = document.root().unwrap();
                for element in root.elements() {
                    let _ = (element.name(), element.text(), element.attribute("a"));
                }
            }
        }

        #[test]
        fn any_text_comes_back(text in "[ -~éα]{0,30}") {
            let xml = format!("<a><b>{}</b></a>", quick_xml::escape::escape(text.as_str()));
            let expected = Some(text.trim().to_owned()).filter(|t| !t.is_empty());
            prop_assert_eq!(text_of(&xml, "b"), expected);
        }

        #[test]
        fn every_truncation_is_rejected(cut in 0usize..60) {
            let xml = "<a x='1'><b>té&amp;xt</b><c/><d><![CDATA[x]]></d><!-- y --></a>";
            if let Some(head) = xml.get(..cut) {
                prop_assert!(Document::read(head, &[]).is_err(), "{}", head);
            }
        }
    }
}
