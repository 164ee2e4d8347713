//! What analysis means to a searcher: which texts and queries meet.

use super::*;
use proptest::prelude::*;
use std::collections::HashMap;
use std::sync::OnceLock;

fn schema() -> &'static Arc<IndexSchema> {
    static SCHEMA: OnceLock<Arc<IndexSchema>> = OnceLock::new();
    SCHEMA.get_or_init(|| Arc::new(IndexSchema::shipped().unwrap()))
}

fn analyzer(name: &str) -> Analyzer {
    Analyzer::new(schema(), name).unwrap()
}

#[derive(Clone, Debug, PartialEq)]
struct Seen {
    text: String,
    range: Range<usize>,
    position: usize,
    kind: TokenKind,
}

fn seen(analyzer: &Analyzer, text: &str) -> Vec<Seen> {
    let mut all = Vec::new();
    analyzer.tokens(text, |t| {
        all.push(Seen {
            text: t.text.to_owned(),
            range: t.range,
            position: t.position,
            kind: t.kind,
        })
    });
    all
}

/// The text with every chunk taken through Unicode's segmentation, and no short path.
fn seen_slowly(analyzer: &Analyzer, text: &str) -> Vec<Seen> {
    let mut walk = Walk::default();
    walk.begin(analyzer, text, 0);
    walk.identify(analyzer, text, 0..text.len());
    let mut atoms = Vec::new();
    split::split_unicode(text, 0, &mut atoms);
    walk.atoms(text, &atoms);
    let tokens = walk.tokens.iter().map(|span| Seen {
        text: walk.texts[span.text.clone()].to_owned(),
        range: span.spot.range.clone(),
        position: span.spot.position,
        kind: span.spot.kind,
    });
    tokens.collect()
}

/// A field as the index holds it: terms with their positions.
struct Field(HashMap<String, Vec<usize>>);

impl Field {
    fn new(text: &str) -> Field {
        let mut terms: HashMap<String, Vec<usize>> = HashMap::new();
        for token in seen(&analyzer("text"), text) {
            terms.entry(token.text).or_default().push(token.position);
        }
        Field(terms)
    }

    fn has(&self, term: &str) -> bool {
        self.0.contains_key(term)
    }

    /// Positions of a word or any of its forms.
    fn positions(&self, atom: &WordAtom) -> Vec<usize> {
        let stem = |term: &str| analyzer("text").stem(term);
        let own = stem(&atom.term);
        let is_form = |term: &str| *term == atom.term || (own.is_some() && stem(term) == own);
        let forms = self.0.iter().filter(|(term, _)| is_form(term));
        forms
            .flat_map(|(_, positions)| positions)
            .copied()
            .collect()
    }

    fn has_phrase<'a>(&self, atoms: impl IntoIterator<Item = &'a WordAtom>) -> bool {
        let places: Vec<Vec<usize>> = atoms.into_iter().map(|a| self.positions(a)).collect();
        places.first().is_some_and(|first| {
            first.iter().any(|start| {
                (0..)
                    .zip(&places)
                    .all(|(i, positions)| positions.contains(&(start + i)))
            })
        })
    }

    /// Whether a typed word is found: as a number, written together, or as its atoms side by side.
    fn meets(&self, word: &Word) -> bool {
        let wholes = word
            .whole
            .iter()
            .chain(word.parts.iter().filter_map(|p| p.whole.as_ref()));
        word.identifiers.iter().any(|t| self.has(t))
            || (word.parts.len() == 1 && wholes.clone().any(|t| self.has(t)))
            || word.whole.as_ref().is_some_and(|t| self.has(t))
            || self.has_phrase(word.atoms())
    }
}

/// Whether every word of a query is found in a text.
fn meet(text: &str, query: &str) -> bool {
    let field = Field::new(text);
    let words = analyzer("text").words(query);
    !words.is_empty() && words.iter().all(|word| field.meets(word))
}

/// Whether the words of a query stand side by side in a text.
fn meet_as_phrase(text: &str, phrase: &str) -> bool {
    let words = analyzer("text").words(phrase);
    Field::new(text).has_phrase(words.iter().flat_map(Word::atoms))
}

#[test]
fn spellings_of_one_thing_meet() {
    // Each line is one thing in all its spellings: every one finds every other.
    let spellings: &[&[&str]] = &[
        &["covid-19", "COVID 19", "covid19", "Covid‑19", "COVID–19"],
        &["TNF-α", "TNFα", "TNF-alpha", "TNF alpha", "tnf α", "TNF-𝛼"],
        &["IFN-γ", "IFN-gamma", "ifn gamma", "IFNγ"],
        &["IL-1β", "IL-1 beta", "IL1-beta", "IL 1β", "IL1β"],
        &["TGF-ß", "TGF-β", "TGF-beta"],
        &["1,200 mg", "1200 mg", "1,200mg", "1200mg"],
        &["IL-6", "IL 6", "IL6"],
        &["IL-17A", "IL17A", "IL 17A", "il 17 a"],
        &["5-FU", "5 FU", "5FU"],
        &["PD-L1", "PD L1", "pd-l 1"],
        &["γδ T cells", "gamma delta T-cells", "gamma-delta t cell"],
        &["CD4⁺ T cells", "CD4+ T-cells", "CD4 T cell", "cd 4 t cell"],
        &["20mg", "20 mg", "20-mg"],
        &["50 µg", "50 μg", "50µg", "50 ug", "50 mcg"],
        &["kg/m²", "kg/m2", "kg / m2"],
        &[
            "Crohn's disease",
            "Crohn’s disease",
            "Crohn disease",
            "CROHN`S DISEASE",
            "crohns disease",
        ],
        &["Alzheimer’s", "Alzheimer", "alzheimer's", "Alzheimers"],
        &[
            "Sjögren's syndrome",
            "Sjogren syndrome",
            "SJÖGREN’S SYNDROME",
            "Sjo\u{308}gren syndrome",
        ],
        &["Behçet", "Behcet"],
        &["non-small-cell", "non-small cell", "non small cell"],
        &["e-mail", "e mail"],
        &["U.S.", "US"],
        &["i.v. infusion", "IV infusions"],
        &["1,200 patients", "1200 patients"],
        &["ﬁbrosis", "fibrosis"],
        &["ＣＯＶＩＤ", "covid"],
        &["O'Brien", "O’Brien", "O Brien"],
        &["Phase I/II", "phase I / II"],
        &["HIV/AIDS", "HIV AIDS"],
        &["سلول‌های بنیادی", "سلول های بنیادی", "سلول‌هاي بنيادي"],
        &["کبد", "كبد"],
        &["۲۳ بیمار", "23 بيمار", "٢٣ بیمار"],
        &[
            "NCT06360861",
            "NCT 06360861",
            "nct06360861",
            "NCT-06360861",
            "ClinicalTrials.gov: NCT06360861",
        ],
        &[
            "IRCT2016090729747N1",
            "irct 2016090729747 N1",
            "IRCT2016090729747n1",
        ],
        &[
            "IR.TUMS.MEDICINE.REC.1400.1412",
            "ir.tums.medicine.rec.1400.1412",
        ],
        &[
            "10.3390/jpm12010117",
            "https://doi.org/10.3390/JPM12010117",
            "doi:10.3390/jpm12010117",
        ],
        &["L90.9", "l90.9", "L 90.9"],
        &["tumour", "tumor", "tumours", "Tumors"],
        &["randomised", "randomized", "randomization", "randomisation"],
        &["metastasis", "metastases"],
        &["diagnosis", "diagnoses"],
        &["bacteria", "bacterium"],
        &["mice", "mouse"],
        &["anaemia", "anemia"],
        &["oedema", "edema"],
        &["paediatric", "pediatric"],
        &["leukaemia", "leukemia", "leukaemias"],
        &["haemodialysis", "hemodialysis"],
        &["diarrhoea", "diarrhea"],
        &["analyse", "analyze", "analysed"],
        &["child", "children"],
        &["stem cells", "stem cell", "Stem-cells", "STEM CELL"],
        &["therapies", "therapy"],
        &["Phase Ⅱ", "phase II"],
        &["糖尿病", "糖尿病"],
    ];
    for line in spellings {
        for text in *line {
            for query in *line {
                let joined_only = ["ClinicalTrials.gov:", "https:", "doi:"]
                    .iter()
                    .any(|l| query.starts_with(l));
                if !joined_only {
                    assert!(meet(text, query), "{query:?} does not find {text:?}");
                }
            }
        }
    }
}

#[test]
fn different_things_do_not_meet() {
    for (text, query) in [
        ("phase I/II", "phase III"),
        ("phase I-II", "phase III"),
        ("aged 2-3 years", "23"),
        ("grade 1,2", "12"),
        ("10⁶ cells", "106"),
        ("several patients", "severe"),
        ("universal", "university"),
        ("an organ", "an organization"),
        ("AIDS", "aid"),
        ("general policy", "police"),
        ("interleukin", "inter"),
        ("CD40", "CD4"),
        ("covid-190", "covid-19"),
        ("19 covid", "covid-19"),
        ("TNF beta", "TNF-α"),
        ("NCT06360861", "NCT06360862"),
        ("1.5 mg", "15 mg"),
        ("author", "authority"),
        ("new", "news"),
        ("IL-16", "IL-1"),
        ("hepatitis", "hepatic"),
        ("a position", "positive"),
    ] {
        assert!(!meet(text, query), "{query:?} finds {text:?}");
    }
}

#[test]
fn parts_of_compounds_are_found() {
    for (text, query) in [
        ("ADSC-CM", "ADSC"),
        ("ADSC-CM", "cm"),
        ("Phase I/II", "phase II"),
        ("PD-1/PD-L1 inhibitor", "PD-L1"),
        ("PD-1/PD-L1 inhibitor", "PD-1 inhibitor"),
        ("L90.9 Atrophic disorder", "L90.9"),
        ("treatment.The", "treatment"),
        ("anti-TNFα", "TNF"),
        ("l'hôpital", "hopital"),
        ("criteria:age", "age"),
        ("double-blind", "doubleblind"),
        ("X-ray", "xray"),
        ("beta-blockers", "betablocker"),
    ] {
        assert!(meet(text, query), "{query:?} does not find {text:?}");
    }
}

#[test]
fn phrases_hold_across_compounds_and_their_spellings() {
    for (text, phrase) in [
        ("severe COVID-19 pneumonia", "severe covid 19 pneumonia"),
        ("severe COVID19 pneumonia", "severe covid-19 pneumonia"),
        ("a phase I/II trial", "phase I/II trial"),
        ("a phase I/II trial", "II trial"),
        (
            "anti-TNF-α therapy in Crohn's disease",
            "TNF alpha therapy in Crohn disease",
        ),
        ("CD4+CD25+ regulatory T-cells", "CD25 regulatory T cell"),
        ("registered as NCT06360861 in 2024", "as NCT 06360861 in"),
    ] {
        assert!(meet_as_phrase(text, phrase), "{phrase:?} in {text:?}");
    }
    for (text, phrase) in [
        ("stem and cells", "stem cells"),
        ("cells of the stem", "stem cells"),
        ("covid and 19 others", "covid-19"),
    ] {
        assert!(!meet_as_phrase(text, phrase), "{phrase:?} in {text:?}");
    }
}

#[test]
fn words_and_wholes_stand_at_the_positions_of_their_atoms() {
    let tokens: Vec<(usize, String)> = seen(&analyzer("text"), "Stem cells for COVID-19")
        .into_iter()
        .map(|t| (t.position, t.text))
        .collect();
    let expected = [
        (0, "stem"),
        (1, "cells"),
        (2, "for"),
        (3, "covid19"),
        (3, "covid"),
        (4, "19"),
    ];
    assert_eq!(tokens, expected.map(|(p, t)| (p, t.to_owned())));
}

#[test]
fn forms_of_a_word_share_its_stem_where_there_are_any() {
    let stem = |word| analyzer("text").stem(word);
    assert_eq!(stem("cells").as_deref(), Some("cell"));
    assert_eq!(stem("cell"), stem("cells"));
    for plain in ["the", "covid19"] {
        assert_eq!(stem(plain), None);
    }
    assert_eq!(analyzer("name").stem("cells"), None);
}

#[test]
fn numbers_stand_as_one_token_and_are_not_repeated() {
    for (text, term) in [
        ("NCT 06360861", "nct06360861"),
        ("NCT06360861", "nct06360861"),
        ("(IRCT2016090729747N1)", "irct2016090729747n1"),
        (
            "IR.TUMS.MEDICINE.REC.1400.1412",
            "ir.tums.medicine.rec.1400.1412",
        ),
        ("10.3390/jpm12010117", "10.3390/jpm12010117"),
        ("EUCTR2016-004489-24-GB", "2016-004489-24"),
    ] {
        for name in ["text", "name", "identifier"] {
            let tokens = seen(&analyzer(name), text);
            let count = tokens.iter().filter(|t| t.text == term).count();
            assert_eq!(count, 1, "{term} in {text} with {name}: {tokens:?}");
        }
    }
}

#[test]
fn a_number_of_a_sponsor_is_found_in_any_spelling() {
    let terms = |text: &str| -> Vec<String> {
        let tokens = seen(&analyzer("identifier"), text);
        tokens.into_iter().map(|t| t.text).collect()
    };
    let whole = "abc12345x";
    for spelling in ["ABC-123/45 X", "abc 12345x", "ABC/12345-X", "ABC_123.45_X"] {
        assert!(
            terms(spelling).contains(&whole.to_owned()),
            "{spelling}: {:?}",
            terms(spelling)
        );
    }
}

#[test]
fn a_typed_number_is_one_word() {
    let words = analyzer("text").words("stem cells NCT 06360861 trial");
    let numbers: Vec<_> = words.iter().filter(|w| !w.identifiers.is_empty()).collect();
    assert_eq!(words.len(), 4);
    assert_eq!(numbers.len(), 1);
    assert_eq!(numbers[0].identifiers, ["nct06360861"]);
    assert_eq!(numbers[0].range, 11..23);
}

#[test]
fn every_word_stands_in_the_index_as_the_query_gives_it() {
    let text =
        "Cells of TNFα, 5 µg mcg i.v. U.S. β-blocker co-infection COVID-19 سلول naïve HER2/neu";
    let field = Field::new(text);
    for word in analyzer("text").words(text) {
        let wholes = word.parts.iter().filter_map(|part| part.whole.as_ref());
        for term in wholes.chain(word.atoms().map(|atom| &atom.term)) {
            assert!(field.has(term), "{term}");
        }
    }
}

#[test]
fn values_of_one_field_stand_apart() {
    use tantivy::tokenizer::{TokenStream, Tokenizer};
    let mut tokenizer = FieldTokenizer::new(analyzer("text"));
    let mut stream = tokenizer.token_stream("the you");
    let mut positions = Vec::new();
    stream.process(&mut |t| positions.push((t.text.clone(), t.position)));
    assert_eq!(
        positions,
        [("the".to_owned(), 100), ("you".to_owned(), 101)]
    );
}

#[test]
fn a_text_of_rubbish_has_bounded_tokens() {
    let long = "x".repeat(100_000);
    let dashes = "a-".repeat(50_000);
    let mixed = "1a".repeat(50_000);
    for text in [&long, &dashes, &mixed] {
        let tokens = seen(&analyzer("text"), text);
        assert!(tokens.len() <= 50_000 * 2);
        assert!(tokens.iter().all(|t| t.text.len() <= 130));
    }
}

/// What people write: words, compounds, numbers, several scripts, marks and rubbish.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-zA-Z]{1,8}",
        2 => "[0-9]{1,5}",
        2 => prop::sample::select(vec![
            "-", "/", "'", "’", ".", ",", "_", ":", " ", " ", " ", "\n", "\u{a0}", "\u{200c}", "–", "(", ")", "+", "%", "\"",
            "`", "\u{301}", "\u{ad}", "\u{200d}", "\u{2060}", "&", "=",
        ]).prop_map(str::to_owned),
        1 => prop::sample::select(vec![
            "α", "β", "γδ", "µg", "ß", "é", "Ω", "²", "₂", "½", "سلول", "ها", "۲۳", "٫", "糖尿病", "カタカナ", "ひら", "שלום", "Ⅱ",
            "ﬁ", "İ", "καρδιά", "한국어", "हिन्दी", "ไทย", "🧬", "NCT06360861", "IL-1β", "10.3390/jpm12010117", "NCT 06360861",
            "cells", "the", "Crohn's", "U.S.A.", "1,200", "0.5", "10.1101/2020.05.05.079194v1", "PMID: 123456",
            "IRCT 20200127046282 N 19", "12-2016-004489-24", "EudraCT 2016-004489-24-GB",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,3}",
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

fn check_offsets(text: &str, tokens: &[Seen]) -> Result<(), TestCaseError> {
    let mut last = (0, 0);
    for token in tokens {
        prop_assert!(token.range.start < token.range.end);
        prop_assert!(text.get(token.range.clone()).is_some(), "{:?}", token);
        prop_assert!(!token.text.is_empty());
        prop_assert!(
            token.position >= last.0 && token.position <= last.0 + 1,
            "{:?}",
            token
        );
        prop_assert!(token.range.start >= last.1, "{:?}", token);
        last = (token.position, token.range.start);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_short_path_makes_the_tokens_of_the_long_one(text in texts()) {
        for name in ["text", "name", "identifier"] {
            let analyzer = analyzer(name);
            prop_assert_eq!(seen(&analyzer, &text), seen_slowly(&analyzer, &text));
        }
    }

    #[test]
    fn every_token_tells_the_bytes_it_was_made_from(text in texts()) {
        check_offsets(&text, &seen(&analyzer("text"), &text))?;
    }

    #[test]
    fn a_word_token_is_its_bytes_analysed_alone(text in texts()) {
        let analyzer = analyzer("name");
        // A sharp s means β or ss by what stands around it.
        let words = seen(&analyzer, &text).into_iter().filter(|t| t.kind == TokenKind::Word);
        for token in words.filter(|t| !text[t.range.clone()].contains('ß')) {
            let alone = seen(&analyzer, &text[token.range.clone()]);
            prop_assert!(alone.iter().any(|t| t.text == token.text), "{:?} {:?}", token, alone);
        }
    }

    #[test]
    fn a_text_meets_itself(text in texts()) {
        let field = Field::new(&text);
        for word in analyzer("text").words(&text) {
            prop_assert!(field.meets(&word), "{word:?}");
        }
    }

    #[test]
    fn case_and_composition_make_no_difference(text in texts()) {
        use unicode_normalization::UnicodeNormalization;
        let decomposed: String = text.nfd().collect();
        for name in ["name", "identifier"] {
            let terms = |text: &str| -> Vec<(usize, String)> {
                seen(&analyzer(name), text).into_iter().map(|t| (t.position, t.text)).collect()
            };
            prop_assert_eq!(terms(&text), terms(&decomposed));
        }
    }
}

/// The stems of some hundred words of trials, so that no new stemmer changes them unseen.
#[test]
fn stems_are_those_agreed_on() {
    let golden = include_str!("stems.tsv");
    for line in golden.lines() {
        let (word, stem) = line.split_once('\t').unwrap();
        let found = stem::stem_of(schema(), word);
        assert_eq!(found.as_deref().unwrap_or("-"), stem, "{word}");
    }
}

#[test]
fn real_texts_take_the_short_path_to_the_same_tokens() {
    let folder = std::env::var_os("TRIALDEX_SHARED").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        std::path::PathBuf::from,
    );
    if !folder.join("samples").is_dir() {
        eprintln!(
            "no shared material in {}: nothing to compare",
            folder.display()
        );
        return;
    }
    let mut texts = 0;
    let analyzer = analyzer("text");
    for entry in walkdir::WalkDir::new(folder.join("samples"))
        .into_iter()
        .flatten()
    {
        let Ok(text) = std::fs::read_to_string(entry.path()) else {
            continue;
        };
        for block in text.split_inclusive("\n\n").take(300) {
            let tokens = seen(&analyzer, block);
            assert_eq!(
                tokens,
                seen_slowly(&analyzer, block),
                "{}",
                entry.path().display()
            );
            check_offsets(block, &tokens).unwrap();
            texts += 1;
        }
    }
    assert!(texts > 100, "only {texts} texts");
}
