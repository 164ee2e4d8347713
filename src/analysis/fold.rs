//! Characters → the form they have in the index: lower case, without diacritics, one digit for
//! all scripts' digits, one letter for the variants Arabic and Persian keyboards make.

use unicode_normalization::char::{
    canonical_combining_class, decompose_compatible, is_combining_mark,
};

/// What a character is within a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A letter.
    Letter,
    /// A letter of the Greek alphabet.
    Greek,
    /// A digit of any script.
    Digit,
    /// A raised or lowered digit, a fraction: a number of its own.
    Small,
    /// Belongs to the character before it.
    Attached,
    /// Anything else: stands between words or parts of words.
    Gap,
}

/// Zero width non-joiner: stands between the parts of a Persian word.
pub(super) const NON_JOINER: char = '\u{200C}';

/// What a character is within a word.
pub(super) fn class(c: char) -> Class {
    match c {
        'a'..='z' | 'A'..='Z' => Class::Letter,
        '0'..='9' => Class::Digit,
        '\0'..='\u{7F}' | NON_JOINER => Class::Gap,
        _ if is_ignored(c) || is_combining_mark(c) || is_lone_mark(c) => Class::Attached,
        _ if is_greek(c) && c.is_alphabetic() => Class::Greek,
        _ if digit(c).is_some() => Class::Digit,
        _ if c.is_alphabetic() => Class::Letter,
        _ if c.is_numeric() => Class::Small,
        _ => Class::Gap,
    }
}

fn is_greek(c: char) -> bool {
    // A numeral sign is the prime of every script, and an ohm sign is an omega.
    matches!(c, 'µ' | '\u{2126}' | '\u{370}'..='\u{373}' | '\u{375}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}' | '\u{1D6A8}'..='\u{1D7CB}')
}

/// Appends the folded form of a character.
pub(super) fn fold(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
    } else if let Some(text) = replacement(c) {
        out.push_str(text);
    } else {
        decompose_compatible(c, |part| {
            for low in part.to_lowercase() {
                fold_part(low, out);
            }
        });
    }
}

/// Folds a character of a compatibility decomposition, in lower case.
fn fold_part(c: char, out: &mut String) {
    if is_ignored(c) || is_diacritic(c) {
        return;
    }
    match (replacement(c), digit(c)) {
        (Some(text), _) => out.push_str(text),
        (None, Some(digit)) => out.push(digit),
        (None, None) => out.push(c),
    }
}

/// Characters without a form of their own: soft hyphen, joiners, directions, tatweel.
fn is_ignored(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{2BC}' | '\u{34F}' | '\u{61C}' | '\u{640}' | '\u{180E}' | '\u{FEFF}'
            | '\u{200D}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}'
    )
}

/// Marks on a blank or a tatweel, as forms of old fonts.
fn is_lone_mark(c: char) -> bool {
    matches!(
        c,
        '\u{37A}' | '\u{FC5E}'..='\u{FC63}' | '\u{FCF2}'..='\u{FCF4}' | '\u{FE70}'..='\u{FE7F}'
    )
}

/// Marks that make no other word: those of Latin, Greek, Cyrillic, Hebrew and Arabic.
///
/// In the scripts of India and others marks are vowels, in Japanese they are consonants.
fn is_diacritic(c: char) -> bool {
    let in_block = matches!(
        c,
        '\u{300}'..='\u{36F}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5C7}'
            | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6ED}'
            | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}'
            | '\u{FE20}'..='\u{FE2F}'
    );
    in_block && (canonical_combining_class(c) != 0 || is_combining_mark(c))
}

/// Letters that no decomposition brings to their plain form.
fn replacement(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ø' | 'Ø' => "o",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'þ' | 'Þ' => "th",
        'ł' | 'Ł' => "l",
        'ħ' | 'Ħ' => "h",
        'ı' => "i",
        'ŋ' | 'Ŋ' => "n",
        'ŧ' | 'Ŧ' => "t",
        'ς' => "σ",
        // Fraction slash of ½.
        '\u{2044}' => "/",
        // Arabic decimal separator.
        '\u{66B}' => ".",
        // Arabic kaf, the yehs, heh with and without dots: as Persian writes them.
        '\u{643}' => "\u{6A9}",
        '\u{64A}' | '\u{649}' => "\u{6CC}",
        '\u{629}' | '\u{6C0}' | '\u{6D5}' => "\u{647}",
        '\u{671}' => "\u{627}",
        // Blessings in one character: one word, as typed.
        '\u{FDFA}' => "صلیاللهعلیهوسلم",
        '\u{FDFB}' => "جلجلاله",
        _ if is_lone_mark(c) => "",
        _ => return None,
    })
}

/// The ASCII digit of a decimal digit of any script.
fn digit(c: char) -> Option<char> {
    const ZEROS: &[u32] = &[
        0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6,
        0x0D66, 0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0,
        0xA8D0, 0xA900, 0xFF10,
    ];
    let code = u32::from(c);
    let zero = ZEROS
        .iter()
        .find(|&&zero| (zero..zero + 10).contains(&code))?;
    char::from_digit(code - zero, 10)
}

/// The name of a letter of the Greek alphabet.
pub(super) fn greek_name(c: char) -> Option<&'static str> {
    let mut plain = None;
    let mut count = 0;
    decompose_compatible(c, |part| {
        for low in part.to_lowercase().filter(|&low| !is_diacritic(low)) {
            plain = Some(low);
            count += 1;
        }
    });
    if count != 1 {
        return None;
    }
    Some(match plain? {
        'α' => "alpha",
        'β' => "beta",
        'γ' => "gamma",
        'δ' => "delta",
        'ε' => "epsilon",
        'ζ' => "zeta",
        'η' => "eta",
        'θ' => "theta",
        'ι' => "iota",
        'κ' => "kappa",
        'λ' => "lambda",
        'μ' => "mu",
        'ν' => "nu",
        'ξ' => "xi",
        'ο' => "omicron",
        'π' => "pi",
        'ρ' => "rho",
        'σ' | 'ς' => "sigma",
        'τ' => "tau",
        'υ' => "upsilon",
        'φ' => "phi",
        'χ' => "chi",
        'ψ' => "psi",
        'ω' => "omega",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut out = String::new();
        text.chars().for_each(|c| fold(c, &mut out));
        out
    }

    #[test]
    fn case_diacritics_ligatures_and_widths_fold() {
        assert_eq!(folded("Sjögren"), "sjogren");
        assert_eq!(folded("STRASSE Straße"), "strasse strasse");
        assert_eq!(folded("Ménière ŁÓDŹ Ørsted"), "meniere lodz orsted");
        assert_eq!(
            folded("ﬁbrosis ＣＯＶＩＤ１９ İstanbul"),
            "fibrosis covid19 istanbul"
        );
        assert_eq!(folded("e\u{301}"), "e");
        assert_eq!(folded("Ⅱ H₂O m²"), "ii h2o m2");
    }

    #[test]
    fn arabic_and_persian_letters_and_digits_fold() {
        assert_eq!(folded("كبدي"), folded("کبدی"));
        assert_eq!(folded("\u{623}\u{64E}حمد"), folded("احمد"));
        assert_eq!(folded("سـلام"), folded("سلام"));
        assert_eq!(folded("۲۳٤"), "234");
    }

    #[test]
    fn every_character_folds_to_something_folding_leaves_alone() {
        for c in '\0'..=char::MAX {
            let mut once = String::new();
            fold(c, &mut once);
            assert_eq!(folded(&once), once, "{c:?} U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn what_words_are_made_of_leaves_something_in_them() {
        let of_words = |c: &char| !matches!(class(*c), Class::Attached | Class::Gap);
        for c in ('\0'..=char::MAX).filter(of_words) {
            let text = folded(&c.to_string());
            let bare = text.is_empty() || text.contains(char::is_whitespace);
            assert!(!bare, "{c:?} U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn a_character_is_what_its_other_code_is() {
        use unicode_normalization::UnicodeNormalization;
        for c in '\0'..=char::MAX {
            let mut parts = c.nfd();
            let first = parts.next().unwrap();
            assert_eq!(class(c), class(first), "{c:?} U+{:04X}", u32::from(c));
            let rest = parts.all(|part| class(part) == Class::Attached);
            assert!(
                rest || class(c) != Class::Greek,
                "{c:?} U+{:04X}",
                u32::from(c)
            );
        }
    }

    #[test]
    fn greek_letters_have_names() {
        assert_eq!(greek_name('α'), Some("alpha"));
        assert_eq!(greek_name('Γ'), Some("gamma"));
        assert_eq!(greek_name('ώ'), Some("omega"));
        assert_eq!(greek_name('µ'), Some("mu"));
        assert_eq!(greek_name('𝛽'), Some("beta"));
        assert_eq!(greek_name('x'), None);
    }
}
