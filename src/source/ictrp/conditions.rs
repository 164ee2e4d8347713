//! Conditions of a row with their codes.
//!
//! WHO writes `conditions <br>terms;codes;keywords`: what the registrant typed, then one line for
//! each term of a classification, then their codes and what else the registry calls keywords.
//! EUCTR, DRKS and CTRI name classification, code and term each in a way of their own.

use super::lists;
use crate::record::{Code, Condition, Registry};
use crate::source::text;
use std::collections::{HashMap, HashSet};

/// The conditions of a cell.
pub(super) fn parse(registry: Registry, cell: &str) -> Vec<Condition> {
    let conditions = match registry {
        // NCT04260308's "Virus; Pneumonia" is one condition.
        Registry::Ctgov => plain(lists::items(cell, |rest| !rest.starts_with(' '))),
        Registry::Euctr => euctr(cell),
        Registry::Ctri => ctri(cell),
        Registry::Drks => drks(cell),
        _ => with_terms(registry, cell),
    };
    let mut once: Vec<Condition> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for condition in conditions {
        match known
            .get(&condition.text)
            .and_then(|&index| once.get_mut(index))
        {
            Some(own) => own.codes.extend(condition.codes),
            None => {
                known.insert(condition.text.clone(), once.len());
                once.push(condition);
            }
        }
    }
    once
}

fn plain<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<Condition> {
    let lines = texts.into_iter().filter_map(text::line);
    lines.map(Condition::plain).collect()
}

/// The blank that WHO puts before the line end in front of each term tells it from one in a text.
const TERM: &str = " \n";

fn with_terms(registry: Registry, cell: &str) -> Vec<Condition> {
    // A cell without conditions begins with its terms (PACTR).
    let (typed, terms) = match cell.split_once(TERM) {
        Some((typed, terms)) => (typed, terms),
        None if registry == Registry::Pactr => ("", cell),
        None => (cell, ""),
    };
    let mut conditions = typed_conditions(registry, typed);
    let codes = codes(terms);
    if conditions.is_empty() {
        return codes.into_iter().filter_map(condition_of).collect();
    }
    attach(&mut conditions, codes);
    conditions
}

/// What the registrant typed: IRCT numbers the conditions, others write `;` or one a line.
fn typed_conditions(registry: Registry, typed: &str) -> Vec<Condition> {
    if registry == Registry::Irct {
        let parts = lists::numbered(typed, "Condition").unwrap_or_else(|| vec![typed]);
        return plain(
            parts
                .into_iter()
                .map(|part| part.trim().trim_end_matches('.')),
        );
    }
    if registry == Registry::Isrctn {
        // One text; its sentences have semicolons.
        return plain([typed]);
    }
    let texts = typed.lines().flat_map(lists::semicolons);
    plain(texts.map(|text| match registry {
        Registry::Repec => without_code(text),
        _ => text,
    }))
}

/// REPEC's `-B342 Coronavirus infection` without the code, which WHO repeats behind.
fn without_code(text: &str) -> &str {
    let text = text.trim_start_matches('-');
    let coded = text.split_once(' ').filter(|(code, _)| is_icd_10(code));
    coded.map_or(text, |(_, rest)| rest)
}

/// `term \nterm;code;code;keyword` as codes: the first codes belong to the terms in their order.
fn codes(terms: &str) -> Vec<Code> {
    let mut parts = terms.split(';');
    let terms: Vec<String> = parts
        .next()
        .unwrap_or_default()
        .lines()
        .filter_map(text::line)
        .collect();
    let rest: Vec<String> = parts.flat_map(str::lines).filter_map(text::line).collect();
    let known: HashSet<&String> = terms.iter().collect();
    let rest: Vec<&String> = rest.iter().filter(|word| !known.contains(word)).collect();
    let coded = rest.iter().take_while(|word| is_code(word)).count();
    let paired = coded == terms.len();
    let mut codes: Vec<Code> = Vec::new();
    for (index, term) in terms.iter().enumerate() {
        let own = rest.get(index).filter(|_| paired);
        codes.push(code(own.map(|word| word.as_str()), Some(term)));
    }
    let unpaired = rest.iter().skip(if paired { coded } else { 0 });
    codes.extend(unpaired.map(|word| match is_code(word) {
        true => code(Some(word), None),
        false => code(None, Some(word)),
    }));
    for own in &mut codes {
        // Lost characters tell nothing: `?????? ?????`.
        own.term
            .take_if(|term| !term.contains(char::is_alphanumeric));
    }
    codes.retain(|own| own.code.is_some() || own.term.is_some());
    lists::once(codes, |own| (own.code.clone(), own.term.clone()))
}

fn code(code: Option<&str>, term: Option<&str>) -> Code {
    let icd = code.is_some_and(is_icd_10);
    Code {
        system: icd.then(|| "ICD-10".to_owned()),
        code: code.map(str::to_owned),
        term: term.map(str::to_owned),
    }
}

/// Gives codes to the conditions their terms name; of the others each condition one where there are as many codes, else all to the first.
fn attach(conditions: &mut [Condition], codes: Vec<Code>) {
    let texts = conditions.iter().enumerate();
    let by_text: HashMap<String, usize> = texts
        .map(|(index, own)| (own.text.to_lowercase(), index))
        .collect();
    let mut others = Vec::new();
    for code in codes {
        let term = code.term.as_deref().unwrap_or_default().to_lowercase();
        let named = by_text
            .get(&term)
            .and_then(|&index| conditions.get_mut(index));
        match named {
            // A term that repeats a condition and has no code tells nothing.
            Some(_) if code.code.is_none() => {}
            Some(own) => own.codes.push(code),
            None if matches!(term.as_str(), "not applicable" | "n/a") => {}
            None => others.push(code),
        }
    }
    let paired = conditions.len() == others.len()
        && others.iter().all(|code| code.code.is_some())
        && conditions.iter().all(|own| own.codes.is_empty());
    for (index, code) in others.into_iter().enumerate() {
        if let Some(own) = conditions.get_mut(if paired { index } else { 0 }) {
            own.codes.push(code);
        }
    }
}

/// A condition known by its code alone.
fn condition_of(code: Code) -> Option<Condition> {
    let text = code.term.clone().or_else(|| code.code.clone())?;
    let codes = if code.code.is_some() {
        vec![code]
    } else {
        Vec::new()
    };
    Some(Condition { text, codes })
}

/// Whether a word is a code rather than a term: capitals, digits, dots and hyphens, at least one digit (`U07.1`, `J00-J99`, `2568`, `C01.748.730`).
fn is_code(word: &str) -> bool {
    let allowed =
        |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '/');
    word.len() <= 30 && word.chars().all(allowed) && word.contains(|c: char| c.is_ascii_digit())
}

/// Whether a code looks like one of ICD-10: a letter, two digits, perhaps more of them (`B34.2`, `B342`), perhaps a range.
fn is_icd_10(word: &str) -> bool {
    let simple = |part: &str| {
        let mut bytes = part.bytes();
        let letter = bytes.next().is_some_and(|b| b.is_ascii_uppercase());
        let digits = part
            .get(1..3)
            .is_some_and(|d| d.bytes().all(|b| b.is_ascii_digit()));
        let rest = part.get(3..).unwrap_or_default();
        let rest = rest.strip_prefix('.').unwrap_or(rest);
        letter && digits && rest.len() <= 3 && rest.bytes().all(|b| b.is_ascii_digit())
    };
    match word.split_once('-') {
        Some((from, to)) => simple(from) && simple(to),
        None => simple(word),
    }
}

/// `text \nMedDRA version: 20.1\nLevel: PT\nClassification code 10053983\nTerm: …;Therapeutic area: Diseases [C] - Virus Diseases [C02]`.
fn euctr(cell: &str) -> Vec<Condition> {
    const VERSION: &str = "MedDRA version:";
    const AREA: &str = "Therapeutic area:";
    let (text, area) = cell.split_once(AREA).unwrap_or((cell, ""));
    let mut blocks = text.split(VERSION);
    let typed = blocks
        .next()
        .unwrap_or_default()
        .trim()
        .trim_end_matches(';');
    let mut codes: Vec<Code> = blocks.filter_map(meddra).collect();
    codes.extend(mesh_area(area));
    match text::line(typed) {
        Some(text) => vec![Condition { text, codes }],
        None => codes.into_iter().filter_map(condition_of).collect(),
    }
}

fn meddra(block: &str) -> Option<Code> {
    let value = |label: &str| {
        let mut lines = block.lines();
        let found = lines.find_map(|line| line.trim().strip_prefix(label))?;
        text::line(found.trim_start_matches(':'))
    };
    let (code, term) = (value("Classification code"), value("Term"));
    (code.is_some() || term.is_some()).then(|| Code {
        system: Some("MedDRA".to_owned()),
        code,
        term,
    })
}

/// The innermost branch of the MeSH tree a therapeutic area names: `Diseases [C] - Virus Diseases [C02]`.
fn mesh_area(area: &str) -> Option<Code> {
    let branch = area.rsplit(" - ").next()?;
    let (term, number) = branch.rsplit_once('[')?;
    Some(Code {
        system: Some("MeSH".to_owned()),
        code: text::line(number.trim_end().trim_end_matches(']')),
        term: text::line(term),
    })
}

/// `Health Condition 1: J128- Other viral pneumonia`, one a line.
fn ctri(cell: &str) -> Vec<Condition> {
    let of_line = |line: &str| {
        let line = line.trim();
        let typed = match line.strip_prefix("Health Condition") {
            Some(rest) => rest.split_once(':').map_or(rest, |(_, rest)| rest),
            None => line,
        };
        let coded = typed
            .split_once("- ")
            .filter(|(code, _)| is_icd_10(code.trim()));
        let Some((number, term)) = coded else {
            return text::line(typed).map(Condition::plain);
        };
        condition_of(code(Some(number.trim()), text::line(term).as_deref()))
    };
    cell.lines().filter_map(of_line).collect()
}

/// `text;U07.1 - Emergency use of U07.1;J80.0 - …`: the text may be missing.
fn drks(cell: &str) -> Vec<Condition> {
    let mut codes = Vec::new();
    let mut typed = Vec::new();
    for part in cell.split(';') {
        match part
            .split_once(" - ")
            .filter(|(code, _)| is_icd_10(code.trim()))
        {
            Some((number, term)) => {
                codes.push(code(Some(number.trim()), text::line(term).as_deref()))
            }
            None => typed.push(part),
        }
    }
    let mut conditions = plain([typed.join(";").as_str()]);
    if conditions.is_empty() {
        return codes.into_iter().filter_map(condition_of).collect();
    }
    attach(&mut conditions, codes);
    conditions
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `text|system:code=term|…`, one a condition.
    fn read(registry: Registry, cell: &str) -> Vec<String> {
        let part = |part: &Option<String>| part.clone().unwrap_or_default();
        let code = |c: &Code| format!("|{}:{}={}", part(&c.system), part(&c.code), part(&c.term));
        let conditions = parse(registry, cell);
        let told = |c: &Condition| c.text.clone() + &c.codes.iter().map(code).collect::<String>();
        conditions.iter().map(told).collect()
    }

    #[test]
    fn irct_codes_go_to_their_conditions() {
        let cell = "Condition 1: Pneumonia. Condition 2: COVID-19. \nOther viral pneumonia \nCOVID-19, virus identified;J12.89;U07.1";
        assert_eq!(
            read(Registry::Irct, cell),
            [
                "Pneumonia|ICD-10:J12.89=Other viral pneumonia",
                "COVID-19|ICD-10:U07.1=COVID-19, virus identified"
            ]
        );
        assert_eq!(
            read(Registry::Irct, "COVID-19 pneumonia."),
            ["COVID-19 pneumonia"]
        );
        assert_eq!(
            read(Registry::Irct, "COVID-19. \n?????? ?????;COVID-19"),
            ["COVID-19|:COVID-19="]
        );
    }

    #[test]
    fn terms_without_codes_stay_with_the_condition() {
        let cell = "Anxiety;Depression; \nAnxiety \nDepression;Mental Health - Anxiety";
        assert_eq!(
            read(Registry::Anzctr, cell),
            ["Anxiety|:=Mental Health - Anxiety", "Depression"]
        );
        let cell = "COVID-19; sequelae \nInfections and Infestations";
        assert_eq!(
            read(Registry::Isrctn, cell),
            ["COVID-19; sequelae|:=Infections and Infestations"]
        );
        assert_eq!(read(Registry::Pactr, "Covid-19;Covid-19"), ["Covid-19"]);
    }

    #[test]
    fn each_style_of_codes_is_read() {
        assert_eq!(
            read(
                Registry::Repec,
                "-B342 Coronavirus infection\n \nCoronavirus infection;B342;Coronavirus infection"
            ),
            ["Coronavirus infection|ICD-10:B342=Coronavirus infection"]
        );
        assert_eq!(
            read(Registry::Rebec, "A; B \nB \nA;C01.748.730;A00-B99;B;A"),
            ["A|ICD-10:A00-B99=A", "B|:C01.748.730=B"]
        );
        assert_eq!(
            read(
                Registry::Euctr,
                "Corona virus infection \nMedDRA version: 20.1\nLevel: PT\nClassification code 10053983\nTerm: Corona virus infection\nSystem Organ Class: 10021881 - Infections\n;Therapeutic area: Diseases [C] - Virus Diseases [C02]"
            ),
            [
                "Corona virus infection|MedDRA:10053983=Corona virus infection|MeSH:C02=Virus Diseases"
            ]
        );
        assert_eq!(
            read(
                Registry::Ctri,
                "Health Condition 1: J128- Other viral pneumonia\nHealth Condition 2: J00-J99- Diseases\n"
            ),
            [
                "Other viral pneumonia|ICD-10:J128=Other viral pneumonia",
                "Diseases|ICD-10:J00-J99=Diseases"
            ]
        );
        assert_eq!(
            read(
                Registry::Drks,
                ";U07.1 - Emergency use of U07.1;J12.8 - Other viral pneumonia"
            ),
            [
                "Emergency use of U07.1|ICD-10:U07.1=Emergency use of U07.1",
                "Other viral pneumonia|ICD-10:J12.8=Other viral pneumonia"
            ]
        );
        assert_eq!(
            read(Registry::Drks, "a; b;J12.8 - c"),
            ["a; b|ICD-10:J12.8=c"]
        );
        assert_eq!(
            read(Registry::Ctgov, "Virus; Pneumonia;COVID;COVID"),
            ["Virus; Pneumonia", "COVID"]
        );
    }

    proptest! {
        #[test]
        fn no_cell_panics(cell in "(\\PC|[;\n \\[\\]-]|Therapeutic area:|MedDRA version:|Condition 1:){0,20}") {
            for registry in Registry::ALL {
                parse(*registry, &cell);
            }
        }
    }
}
