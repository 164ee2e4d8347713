//! Cleaning the registries' text: blanks, line ends, marks and broken encodings.

use std::borrow::Cow;

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

/// Text without HTML: tags that end a line as `\n`, other tags of HTML gone, entities and the `_x000D_` of spreadsheets as their characters, control characters gone.
///
/// A `<` that opens no tag of HTML stays: `age <18`, `<p0.05>`.
pub(crate) fn html_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&', '_']) {
        let (plain, marked) = rest.split_at(at);
        out.push_str(plain);
        let (replacement, length) = mark(marked).unwrap_or_else(|| {
            let first = marked.chars().next().unwrap_or_default();
            (first, first.len_utf8())
        });
        out.push(replacement);
        rest = marked.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out.retain(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    out
}

/// What the tag, entity or escape at the start of a text stands for, and its length; a NUL where nothing.
fn mark(text: &str) -> Option<(char, usize)> {
    if text.starts_with('<') {
        return tag(text);
    }
    if text.starts_with('&') {
        return entity(text);
    }
    // Office Open XML writes characters XML cannot hold as `_xHHHH_`.
    let digits = text.strip_prefix("_x")?.get(..4)?;
    if text.as_bytes().get(6) != Some(&b'_') {
        return None;
    }
    let code = u32::from_str_radix(digits, 16).ok()?;
    let c = char::from_u32(code)?;
    Some((if c == '\r' { '\n' } else { c }, 7))
}

fn tag(text: &str) -> Option<(char, usize)> {
    const BREAKING: &[&str] = &[
        "br", "p", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6",
    ];
    const INLINE: &[&str] = &[
        "a", "b", "em", "font", "i", "small", "span", "strong", "sub", "sup", "tbody", "td", "th",
        "thead", "u",
    ];
    let end = text.bytes().take(1000).position(|b| b == b'>')?;
    let inside = text.get(1..end)?;
    let inside = inside.strip_prefix('/').unwrap_or(inside);
    let name_end = inside
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(inside.len());
    let (name, attributes) = inside.split_at(name_end);
    let plain = attributes
        .trim_matches([' ', '/', '\n', '\r', '\t'])
        .is_empty();
    if !plain && (!attributes.starts_with(' ') || !attributes.contains('=')) {
        return None;
    }
    let name = name.to_ascii_lowercase();
    if BREAKING.contains(&name.as_str()) {
        return Some(('\n', end + 1));
    }
    // `td` and `th` end a cell; the others end nothing.
    let cell = matches!(name.as_str(), "td" | "th");
    let gone = if cell { ' ' } else { '\0' };
    INLINE.contains(&name.as_str()).then_some((gone, end + 1))
}

fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(12).position(|b| b == b';')?;
    let name = text.get(1..end)?;
    let c = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            // HTML reads the numbers 128–159 as Windows-1252.
            match u8::try_from(code) {
                Ok(byte) => WINDOWS_1252.char(byte),
                Err(_) => char::from_u32(code)?,
            }
        }
        None => named_entity(name)?,
    };
    Some((c, end + 1))
}

/// The entities that occur in registries' texts.
fn named_entity(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
        "le" => '≤',
        "ge" => '≥',
        "ne" => '≠',
        "plusmn" => '±',
        "times" => '×',
        "deg" => '°',
        "micro" => 'µ',
        "alpha" => 'α',
        "beta" => 'β',
        "gamma" => 'γ',
        "delta" => 'δ',
        "kappa" => 'κ',
        "mu" => 'μ',
        "ndash" => '–',
        "mdash" => '—',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "bull" => '•',
        "middot" => '·',
        "hellip" => '…',
        "reg" => '®',
        "trade" => '™',
        "copy" => '©',
        "frac12" => '½',
        "sup2" => '²',
        "sup3" => '³',
        "agrave" => 'à',
        "aacute" => 'á',
        "acirc" => 'â',
        "atilde" => 'ã',
        "auml" => 'ä',
        "ccedil" => 'ç',
        "egrave" => 'è',
        "eacute" => 'é',
        "ecirc" => 'ê',
        "euml" => 'ë',
        "iacute" => 'í',
        "ntilde" => 'ñ',
        "oacute" => 'ó',
        "ocirc" => 'ô',
        "otilde" => 'õ',
        "ouml" => 'ö',
        "oslash" => 'ø',
        "uacute" => 'ú',
        "uuml" => 'ü',
        "szlig" => 'ß',
        _ => return None,
    })
}

/// Text whose UTF-8 was once read as Mac OS Roman or Windows-1252 (`f√ºr`, `fÃ¼r`) as it was meant.
///
/// Done only where every character of the text goes back to a byte and all bytes together are
/// valid UTF-8 of scripts and signs registries use: a misread text is misread throughout, and
/// clean text next to never meets both conditions. Words spoilt twice are mended twice.
pub(crate) fn repair_encoding(text: &str) -> Cow<'_, str> {
    let mut repaired = Cow::Borrowed(text);
    for _ in 0..3 {
        let once = [&MAC_ROMAN, &WINDOWS_1252]
            .into_iter()
            .find_map(|encoding| reread(&repaired, encoding));
        match once {
            Some(once) => repaired = Cow::Owned(once),
            None => break,
        }
    }
    repaired
}

fn reread(text: &str, encoding: &Encoding) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let bytes: Option<Vec<u8>> = text.chars().map(|c| encoding.byte(c)).collect();
    let meant = String::from_utf8(bytes?).ok()?;
    meant
        .chars()
        .all(|c| c.is_ascii() || used_by_registries(c))
        .then_some(meant)
}

/// Characters registries write beyond ASCII; other blocks are where clean text would land if it were reread by mistake (`’é` as Armenian).
fn used_by_registries(c: char) -> bool {
    matches!(c,
        '\u{a0}'..='\u{17f}' // Latin of Europe
        | '\u{2b0}'..='\u{2ff}' // modifiers
        | '\u{370}'..='\u{45f}' // Greek, Cyrillic
        | '\u{600}'..='\u{64b}' | '\u{660}'..='\u{66c}' | '\u{67e}' | '\u{686}' | '\u{698}' // Arabic,
        | '\u{6a9}' | '\u{6af}' | '\u{6be}' | '\u{6c1}' | '\u{6cc}' | '\u{6d2}' | '\u{6f0}'..='\u{6f9}' // Persian, Urdu
        | '\u{900}'..='\u{97f}' | '\u{d80}'..='\u{dff}' | '\u{e00}'..='\u{e7f}' // Hindi, Sinhala, Thai
        | '\u{1e00}'..='\u{2bff}' // Vietnamese, Greek, punctuation, signs, arrows, formulas
        | '\u{3000}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' // Chinese, Japanese, Korean
        | '\u{f000}'..='\u{f0ff}' // bullets of symbol fonts
        | '\u{fb00}'..='\u{fb06}' | '\u{fe0f}' | '\u{feff}' | '\u{ff00}'..='\u{ffef}'
        | '\u{1f000}'..='\u{1faff}') // pictures
}

/// A one-byte encoding: its characters for the bytes from 0x80.
struct Encoding {
    high: [char; 128],
}

impl Encoding {
    fn char(&self, byte: u8) -> char {
        match byte.checked_sub(128) {
            None => char::from(byte),
            Some(high) => self
                .high
                .get(usize::from(high))
                .copied()
                .unwrap_or_default(),
        }
    }

    fn byte(&self, c: char) -> Option<u8> {
        if c.is_ascii() {
            return u8::try_from(c).ok();
        }
        let high = self.high.iter().position(|&own| own == c)?;
        u8::try_from(high + 128).ok()
    }
}

static MAC_ROMAN: Encoding = Encoding {
    high: [
        'Ä', 'Å', 'Ç', 'É', 'Ñ', 'Ö', 'Ü', 'á', 'à', 'â', 'ä', 'ã', 'å', 'ç', 'é', 'è', 'ê', 'ë',
        'í', 'ì', 'î', 'ï', 'ñ', 'ó', 'ò', 'ô', 'ö', 'õ', 'ú', 'ù', 'û', 'ü', '†', '°', '¢', '£',
        '§', '•', '¶', 'ß', '®', '©', '™', '´', '¨', '≠', 'Æ', 'Ø', '∞', '±', '≤', '≥', '¥', 'µ',
        '∂', '∑', '∏', 'π', '∫', 'ª', 'º', 'Ω', 'æ', 'ø', '¿', '¡', '¬', '√', 'ƒ', '≈', '∆', '«',
        '»', '…', '\u{a0}', 'À', 'Ã', 'Õ', 'Œ', 'œ', '–', '—', '“', '”', '‘', '’', '÷', '◊', 'ÿ',
        'Ÿ', '⁄', '€', '‹', '›', 'ﬁ', 'ﬂ', '‡', '·', '‚', '„', '‰', 'Â', 'Ê', 'Á', 'Ë', 'È', 'Í',
        'Î', 'Ï', 'Ì', 'Ó', 'Ô', '\u{f8ff}', 'Ò', 'Ú', 'Û', 'Ù', 'ı', 'ˆ', '˜', '¯', '˘', '˙', '˚',
        '¸', '˝', '˛', 'ˇ',
    ],
};

static WINDOWS_1252: Encoding = Encoding {
    high: [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ', '\u{a0}', '¡', '¢', '£', '¤', '¥', '¦', '§', '¨', '©', 'ª', '«', '¬', '\u{ad}',
        '®', '¯', '°', '±', '²', '³', '´', 'µ', '¶', '·', '¸', '¹', 'º', '»', '¼', '½', '¾', '¿',
        'À', 'Á', 'Â', 'Ã', 'Ä', 'Å', 'Æ', 'Ç', 'È', 'É', 'Ê', 'Ë', 'Ì', 'Í', 'Î', 'Ï', 'Ð', 'Ñ',
        'Ò', 'Ó', 'Ô', 'Õ', 'Ö', '×', 'Ø', 'Ù', 'Ú', 'Û', 'Ü', 'Ý', 'Þ', 'ß', 'à', 'á', 'â', 'ã',
        'ä', 'å', 'æ', 'ç', 'è', 'é', 'ê', 'ë', 'ì', 'í', 'î', 'ï', 'ð', 'ñ', 'ò', 'ó', 'ô', 'õ',
        'ö', '÷', 'ø', 'ù', 'ú', 'û', 'ü', 'ý', 'þ', 'ÿ',
    ],
};

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn html_becomes_text() {
        for (html, text) in [
            ("a<br>b<br/ >c<BR/>d", "a\nb\nc\nd"),
            ("<p class=\"x\">one</p>two", "\none\ntwo"),
            ("H<sub>2</sub>O <b>now</b>", "H2O now"),
            (
                "age &lt;18 &amp; weight &#62; 3 &#8805; 2",
                "age <18 & weight > 3 ≥ 2",
            ),
            (
                "age <18 and p<0.05, a <b and c> d",
                "age <18 and p<0.05, a <b and c> d",
            ),
            ("a_x000D_b_x0041_c _x_ snake_x1", "a\nbAc _x_ snake_x1"),
            ("&TM; &unknown; AT&T; &", "&TM; &unknown; AT&T; &"),
            ("bell\u{7} \u{92}end", "bell end"),
            ("don&#146;t", "don’t"),
        ] {
            assert_eq!(html_text(html), text, "{html:?}");
        }
    }

    #[test]
    fn misread_utf_8_is_read_again() {
        for (misread, meant) in [
            ("‚Ä¢ f√ºr", "• für"),
            ("IFN-√ü1a", "IFN-ß1a"),
            ("fÃ¼r â‰¥ 18", "für ≥ 18"),
            ("fÃƒÂ¼r", "für"),
            ("Universitätsklinikum K√∂ln", "Universitätsklinikum K√∂ln"),
        ] {
            assert_eq!(repair_encoding(misread), meant, "{misread:?}");
        }
    }

    #[test]
    fn clean_text_is_left_alone() {
        for text in [
            "L’état de l’étudiant – «très» bon",
            "“Éxito” del niño de 5 ± 2 años",
            "Größe „Straße“ ≥ 18 µg",
            "NÃO “IRMÔ",
            "Côte d’Ivoire, São Tomé",
            "TNF-α ≤ 3 √2",
            "PŘÍŠERNĚ ŽLUŤOUČKÝ KŮŇ",
        ] {
            assert_eq!(repair_encoding(text), text);
        }
    }

    /// Words as European registries write them: letters, then perhaps a sign after a blank.
    fn clean() -> impl Strategy<Value = String> {
        let word = "[a-zA-ZäöüßéèêàçñóíáúãõåøæşğıőűłżćčšžěřαβμД-я]{1,8}[.,;:%)]{0,1}";
        let sign = "[≥≤±–—•®™°×µ]";
        proptest::collection::vec(prop_oneof![4 => word, 1 => sign], 0..12)
            .prop_map(|words| words.join(" "))
    }

    proptest! {
        #[test]
        fn clean_text_never_changes(text in clean()) {
            prop_assert_eq!(repair_encoding(&text), text.as_str());
        }

        #[test]
        fn what_was_misread_is_restored(text in clean(), mac in any::<bool>()) {
            let encoding = if mac { &MAC_ROMAN } else { &WINDOWS_1252 };
            let misread: String = text.bytes().map(|b| encoding.char(b)).collect();
            prop_assert_eq!(repair_encoding(&misread), text.as_str());
        }

        #[test]
        fn cleaning_never_panics_and_leaves_no_control(text in "(\\PC|[<>&;_xb/#0-9\r\n\u{1}]){0,40}") {
            let clean = html_text(&text);
            prop_assert!(clean.chars().all(|c| !c.is_control() || c == '\n' || c == '\t'));
        }
    }
}
