//! What analysis means to a searcher: which texts and queries meet.

use super::*;

fn schema() -> Arc<IndexSchema> {
    Arc::new(IndexSchema::shipped().unwrap())
}

fn tokens(name: &str, text: &str) -> Vec<(usize, String)> {
    let analyzer = Analyzer::new(&schema(), name).unwrap();
    let mut tokens = Vec::new();
    analyzer.tokens(text, |t| {
        tokens.push((t.position, t.text.replace('\u{1}', "~")))
    });
    tokens
}

#[test]
fn words_stems_and_wholes_stand_at_the_positions_of_their_atoms() {
    let expected = [
        (0, "stem"),
        (1, "cells"),
        (1, "~cell"),
        (2, "for"),
        (3, "covid19"),
        (3, "covid"),
        (4, "19"),
    ];
    let expected: Vec<_> = expected.map(|(p, t)| (p, t.to_owned())).into();
    assert_eq!(tokens("text", "Stem cells for COVID-19"), expected);
}
