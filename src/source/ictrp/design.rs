//! The design of a study, out of the one text WHO's rows give it.
//!
//! Most registries label its pieces (`Allocation: …; Masking: …`), EUCTR answers yes or no, the
//! others join phrases with commas. A labelled wording nobody knows is counted; phrases that mean
//! nothing here stay in the verbatim text only.

use super::lists::unindent;
use crate::record::{Masking, Model, Registry, StudyDesign};
use crate::source::context::Context;
use crate::source::{masking, text};

/// The design a cell tells.
pub(super) fn parse(registry: Registry, cell: &str, context: &mut Context<'_>) -> StudyDesign {
    let mut design = StudyDesign {
        verbatim: text::block(&unindent(cell)),
        ..StudyDesign::default()
    };
    if registry == Registry::Euctr {
        answers(&mut design, cell);
        return design;
    }
    let pieces = pieces(registry, cell);
    for piece in &pieces {
        labelled(&mut design, piece, registry, context);
    }
    let head = pieces.first().map_or(cell.len(), |first| first.start);
    phrases(&mut design, &cell[..head], registry, context);
    design
}

/// What a labelled piece tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Topic {
    Allocation,
    RandomizationDescription,
    Masking,
    MaskingDescription,
    Model,
    ObservationalModel,
    TimePerspective,
    Purpose,
    Placebo,
    /// The Dutch register's arms, which tell allocation or model.
    Arms,
    /// What has no field.
    Else,
}

/// Labels in lower case; the longest that fits counts.
const LABELS: &[(&str, Topic)] = &[
    ("allocation", Topic::Allocation),
    ("randomization", Topic::Allocation),
    ("randomization description", Topic::RandomizationDescription),
    (
        "method of generating randomization sequence",
        Topic::RandomizationDescription,
    ),
    ("method of allocation concealment", Topic::Else),
    ("masking", Topic::Masking),
    ("blinding", Topic::Masking),
    ("blinding/masking", Topic::Masking),
    ("blinding and masking", Topic::Masking),
    ("blinding description", Topic::MaskingDescription),
    ("assignment", Topic::Model),
    ("intervention model", Topic::Model),
    ("observational model", Topic::ObservationalModel),
    ("observational study model", Topic::ObservationalModel),
    ("selection", Topic::ObservationalModel),
    ("time perspective", Topic::TimePerspective),
    ("timing", Topic::TimePerspective),
    ("purpose", Topic::Purpose),
    ("primary purpose", Topic::Purpose),
    ("study design purpose", Topic::Purpose),
    ("placebo", Topic::Placebo),
    ("control", Topic::Else),
    ("control group", Topic::Else),
    ("duration", Topic::Else),
    ("type of endpoint", Topic::Else),
    ("endpoint classification", Topic::Else),
    ("other design features", Topic::Else),
    ("enrollment", Topic::Else),
    ("biospecimen retention", Topic::Else),
];

/// The Dutch register's own labels. Its `Randomized` says `No` even beside `Type: 2 or more arms, randomized` (NL8523).
const DUTCH_LABELS: &[(&str, Topic)] = &[
    ("randomized", Topic::Else),
    ("masking", Topic::Masking),
    ("control", Topic::Else),
    ("group", Topic::Else),
    ("type", Topic::Arms),
];

struct Piece<'a> {
    topic: Topic,
    /// Where its label begins.
    start: usize,
    value: &'a str,
}

/// The labelled pieces; only the first of a topic, since descriptions may contain any word and a colon.
fn pieces(registry: Registry, cell: &str) -> Vec<Piece<'_>> {
    let labels = if registry == Registry::Ntr {
        DUTCH_LABELS
    } else {
        LABELS
    };
    let mut marks: Vec<(Topic, usize, usize)> = Vec::new();
    for (colon, _) in cell.match_indices(':') {
        let before = cell[..colon].trim_end();
        let fitting = labels
            .iter()
            .filter(|(label, _)| ends_with_label(before, label));
        let Some((label, topic)) = fitting.max_by_key(|(label, _)| label.len()) else {
            continue;
        };
        let is_known =
            |(known, ..): &(Topic, usize, usize)| known == topic && *topic != Topic::Else;
        if !marks.iter().any(is_known) {
            marks.push((*topic, before.len() - label.len(), colon + 1));
        }
    }
    let end = |index: usize| marks.get(index + 1).map_or(cell.len(), |next| next.1);
    let piece = |(index, &(topic, start, from)): (usize, &(Topic, usize, usize))| Piece {
        topic,
        start,
        value: trim(&cell[from..end(index)]),
    };
    marks.iter().enumerate().map(piece).collect()
}

fn ends_with_label(text: &str, label: &str) -> bool {
    let Some(start) = text.len().checked_sub(label.len()) else {
        return false;
    };
    let (Some(before), Some(end)) = (text.get(..start), text.get(start..)) else {
        return false;
    };
    end.eq_ignore_ascii_case(label) && !before.ends_with(char::is_alphanumeric)
}

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | ';' | '|'))
}

fn labelled(
    design: &mut StudyDesign,
    piece: &Piece<'_>,
    registry: Registry,
    context: &mut Context<'_>,
) {
    let value = piece.value;
    let words = text::line(value);
    match piece.topic {
        Topic::Allocation => {
            design.allocation = context.value(registry, |v| &v.allocation, value);
            design.allocation_verbatim = words;
        }
        Topic::Model => {
            design.model = context.value(registry, |v| &v.model, value);
            design.model_verbatim = words;
        }
        Topic::ObservationalModel => {
            design.observational_model = context.value(registry, |v| &v.observational_model, value);
            design.observational_model_verbatim = words;
        }
        Topic::TimePerspective => {
            design.time_perspective = context.value(registry, |v| &v.time_perspective, value);
            design.time_perspective_verbatim = words;
        }
        Topic::Purpose => {
            design.purpose = context.value(registry, |v| &v.purpose, value);
            design.purpose_verbatim = words;
        }
        Topic::Masking => masking::fill(design, value, registry, context),
        Topic::Placebo => design.placebo_used = placebo(value),
        Topic::RandomizationDescription => {
            design.randomization_description = text::block(value).filter(|text| applies(text));
        }
        Topic::MaskingDescription => {
            design.masking_description = text::block(value).filter(|text| applies(text));
        }
        Topic::Arms => phrase(design, value, registry, context),
        Topic::Else => {}
    }
}

fn applies(text: &str) -> bool {
    !matches!(
        text.to_ascii_lowercase().as_str(),
        "not applicable" | "n/a" | "na"
    )
}

/// IRCT's words.
fn placebo(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "used" => Some(true),
        "not used" => Some(false),
        _ => None,
    }
}

/// EUCTR's answers, one a line: `Randomised: yes`.
fn answers(design: &mut StudyDesign, cell: &str) {
    use crate::record::Allocation;
    let answer = |question: &str| {
        let mut lines = cell.lines().filter_map(|line| line.trim().split_once(':'));
        let (_, answer) = lines.find(|(asked, _)| asked.trim() == question)?;
        Some(answer.trim())
    };
    let yes = |question: &str| answer(question) == Some("yes");
    let words = |question: &str| Some(format!("{question}: {}", answer(question)?));
    design.allocation = match answer("Randomised") {
        Some("yes") => Some(Allocation::Randomized),
        Some("no") => Some(Allocation::NonRandomized),
        _ => None,
    };
    design.allocation_verbatim = design.allocation.and_then(|_| words("Randomised"));
    for (question, level) in [
        ("Open", Masking::None),
        ("Single blind", Masking::Single),
        ("Double blind", Masking::Double),
    ] {
        if yes(question) {
            design.masking = Some(level);
            design.masking_verbatim = words(question);
        }
    }
    for (question, model, told) in [
        (
            "Number of treatment arms in the trial",
            Model::SingleGroup,
            "1",
        ),
        ("Parallel group", Model::Parallel, "yes"),
        ("Cross over", Model::Crossover, "yes"),
    ] {
        if answer(question) == Some(told) {
            design.model = Some(model);
            design.model_verbatim = words(question);
        }
    }
}

/// Phrases without labels: `Randomized, Parallel Group Trial`; ISRCTN adds the purpose in brackets.
fn phrases(design: &mut StudyDesign, text: &str, registry: Registry, context: &Context<'_>) {
    let mut text = text.trim();
    if registry == Registry::Isrctn
        && let Some((rest, purpose)) = text
            .strip_suffix(')')
            .and_then(|inner| inner.rsplit_once('('))
    {
        let meaning = context.vocabularies.purpose.lookup(Some(registry), purpose);
        design.purpose = meaning.and_then(|meaning| meaning.first().copied());
        design.purpose_verbatim = text::line(purpose);
        text = rest;
    }
    for part in text.split([',', '\n', ';']) {
        phrase(
            design,
            part.split(':').next().unwrap_or_default(),
            registry,
            context,
        );
    }
}

/// Looks a phrase up in every vocabulary; UMIN's `Single arm Non-randomized` is two phrases.
fn phrase(design: &mut StudyDesign, phrase: &str, registry: Registry, context: &Context<'_>) {
    let phrase = trim(phrase);
    if phrase.len() > 200 || known(design, phrase, registry, context) {
        return;
    }
    for (blank, _) in phrase.match_indices(' ') {
        let mut both = design.clone();
        let (first, second) = (&phrase[..blank], &phrase[blank + 1..]);
        if known(&mut both, first, registry, context) && known(&mut both, second, registry, context)
        {
            *design = both;
            return;
        }
    }
}

/// Whether any vocabulary knows a phrase; what it means is filled in where nothing stands yet.
///
/// What several know (`Other`, `N/A`) tells nothing.
fn known(
    design: &mut StudyDesign,
    phrase: &str,
    registry: Registry,
    context: &Context<'_>,
) -> bool {
    let v = context.vocabularies;
    let mut told = design.clone();
    let mut knowing = 0;
    macro_rules! ask {
        ($($field:ident $verbatim:ident,)*) => {
            $(if let Some(meaning) = v.$field.lookup(Some(registry), phrase) {
                knowing += 1;
                if told.$field.is_none() && !meaning.is_empty() {
                    told.$field = meaning.first().copied();
                    told.$verbatim = text::line(phrase);
                }
            })*
        };
    }
    ask! {
        allocation allocation_verbatim,
        model model_verbatim,
        masking masking_verbatim,
        purpose purpose_verbatim,
        observational_model observational_model_verbatim,
        time_perspective time_perspective_verbatim,
    }
    if knowing == 1 {
        *design = told;
    }
    knowing > 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::ClosedVocabulary;
    use crate::record::Provenance;
    use crate::schema::IndexSchema;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static SCHEMA: LazyLock<IndexSchema> = LazyLock::new(|| IndexSchema::shipped().unwrap());

    /// The words of allocation, model, masking, who is masked and purpose; the wordings nobody knows behind `?`.
    fn read(registry: Registry, cell: &str) -> String {
        let provenance = Provenance::default();
        let mut context = Context::new(&SCHEMA, &provenance);
        let design = parse(registry, cell, &mut context);
        let who: Vec<_> = design.who_masked.iter().map(|who| who.as_str()).collect();
        let words = [
            design.allocation.map(|value| value.as_str()),
            design.model.map(|value| value.as_str()),
            design.masking.map(|value| value.as_str()),
            Some(who.join("+")).as_deref().filter(|who| !who.is_empty()),
            design.purpose.map(|value| value.as_str()),
            design.observational_model.map(|value| value.as_str()),
            design.time_perspective.map(|value| value.as_str()),
        ]
        .map(|word| word.map(str::to_owned));
        let unknown = context.warnings.unknown_wordings.into_keys();
        let unknown = unknown.map(|own| format!("?{}", own.wording));
        words
            .into_iter()
            .flatten()
            .chain(unknown)
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn labelled_designs_are_read_in_every_registry_s_style() {
        for (registry, cell, told) in [
            (
                Registry::Ctgov,
                "Allocation: Randomized. Intervention model: Parallel Assignment. Primary purpose: Treatment. Masking: Double (Participant, Investigator). ",
                "randomized parallel double participant+investigator treatment",
            ),
            (
                Registry::Ctgov,
                "Allocation:  Randomized, Endpoint Classification:  Safety Study, Intervention Model:  Parallel Assignment, Masking:  Double Blind (Subject, Investigator, Outcomes Assessor), Primary Purpose:  Prevention",
                "randomized parallel double participant+investigator+outcomes_assessor prevention",
            ),
            (
                Registry::Irct,
                "Randomization: Not randomized, Blinding: Not blinded, Placebo: Not used, Assignment: Crossover, Purpose: Education/Guidance, Randomization description: Purpose: none.",
                "non_randomized crossover none education",
            ),
            (
                Registry::Anzctr,
                "Purpose: Treatment; Allocation: Randomised controlled trial; Masking: Blinded (masking used);Assignment: Parallel;Type of endpoint: Efficacy;",
                "randomized parallel treatment",
            ),
            (
                Registry::Anzctr,
                "Purpose: Screening;Duration: Cross-sectional;Selection: Case control;Timing: Prospective;",
                "screening case_control prospective",
            ),
            (
                Registry::Drks,
                "Allocation: Randomized controlled trial;. Masking: Blinded (patient/subject, investigator/therapist). Control: Placebo. Assignment: Parallel. Study design purpose: Basic research/physiological study;",
                "randomized parallel double participant+investigator basic_science",
            ),
            (
                Registry::Rpcec,
                "Allocation: N/A: single arm study. Masking: Open. Control group: Uncontrolled. Assignment: Single group. Purpose: Treatment",
                "not_applicable single_group none treatment",
            ),
            (
                Registry::Cris,
                "Primary Purpose : Treatment, Intervention Model : Parallel, Blinding/Masking : Open, Allocation : RCT",
                "randomized parallel none treatment",
            ),
            (
                Registry::Ntr,
                "\n  Randomized: No, \n  Masking: Double, \n  Control: Placebo, \n  Group: undefined, \n  Type: 2 or more arms, randomized",
                "randomized double",
            ),
            (
                Registry::Ctri,
                "Randomized, Parallel Group, Active Controlled Trial\n  Method of generating randomization sequence:Coin  Method of allocation concealment:Other  Blinding and masking:Participant and Outcome Assessor Blinded",
                "randomized parallel double participant+outcomes_assessor",
            ),
            (
                Registry::Euctr,
                "Controlled: yes\nRandomised: yes\nOpen: no\nSingle blind: no\nDouble blind: yes\nParallel group: yes\nCross over: no\nOther: no\nNumber of treatment arms in the trial: 3\n",
                "randomized parallel double",
            ),
        ] {
            assert_eq!(read(registry, cell), told, "{cell}");
        }
    }

    #[test]
    fn phrases_are_read_where_there_are_no_labels() {
        for (registry, cell, told) in [
            (Registry::Chictr, "Cohort study", "cohort"),
            (Registry::Chictr, "Dose comparison", ""),
            (Registry::Ctri, "Other", ""),
            (
                Registry::Jprn,
                "Single arm Non-randomized",
                "non_randomized single_group",
            ),
            (
                Registry::Jprn,
                "randomized controlled trial, double blind, placebo control, parallel assignment, treatment purpose",
                "randomized parallel double treatment",
            ),
            (
                Registry::Pactr,
                "Factorial: participants randomly allocated,Randomised,Simple randomization",
                "randomized factorial",
            ),
            (
                Registry::Isrctn,
                "Multicentre, randomised controlled, open-label trial (Quality of life)",
                "randomized none other",
            ),
            (Registry::Slctr, "Randomized controlled trial", "randomized"),
        ] {
            assert_eq!(read(registry, cell), told, "{cell}");
        }
    }

    #[test]
    fn a_labelled_wording_nobody_knows_is_counted() {
        assert_eq!(
            read(Registry::Irct, "Randomization: By moon, Blinding: Deaf"),
            "?By moon ?Deaf"
        );
    }

    proptest! {
        #[test]
        fn no_cell_panics(cell in "(\\PC|[;:\n,.() ]|Masking|Allocation:|Type:|Blinded|Open: ){0,20}") {
            for registry in Registry::ALL {
                read(*registry, &cell);
            }
        }
    }
}
