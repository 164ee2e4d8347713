//! Outcomes of a row: what is measured, when and how, in each registry's way of writing lists.

use super::lists;
use crate::record::{Outcome, Registry};
use crate::source::text;

/// The outcomes of a cell.
pub(super) fn parse(registry: Registry, cell: &str) -> Vec<Outcome> {
    let outcomes: Vec<Option<Outcome>> = match registry {
        Registry::Irct => irct(cell),
        Registry::Anzctr => parts_at(cell, "];").into_iter().map(bracketed).collect(),
        Registry::Tctr => lists::semicolons(cell).into_iter().map(bracketed).collect(),
        Registry::Slctr => cell.lines().map(bracketed).collect(),
        Registry::Euctr => vec![labelled(cell, EUCTR)],
        Registry::Lbctr => parts_at(cell, ";Name:")
            .into_iter()
            .map(|o| labelled(o, LBCTR))
            .collect(),
        Registry::Repec => parts_at(cell, "\nOutcome name:")
            .into_iter()
            .map(|o| labelled(o, REPEC))
            .collect(),
        Registry::Ctri => vec![marked(cell, "Timepoint:")],
        Registry::Rpcec if cell.matches(MEASUREMENT_TIME).count() == 1 => {
            vec![marked(cell, MEASUREMENT_TIME)]
        }
        Registry::Ctgov => lists::items(cell, |rest| !rest.starts_with(' '))
            .into_iter()
            .map(plain)
            .collect(),
        Registry::Chictr | Registry::Cris | Registry::Rebec | Registry::Pactr => {
            lists::semicolons(cell).into_iter().map(plain).collect()
        }
        _ => vec![plain(cell)],
    };
    lists::once(outcomes.into_iter().flatten(), |own| {
        (
            own.measure.clone(),
            own.time_frame.clone(),
            own.method.clone(),
        )
    })
}

const MEASUREMENT_TIME: &str = "Measurement time:";

/// Labels of an outcome's measure, time frame and method.
type Labels = [&'static str; 3];
const EUCTR: Labels = [
    "Primary end point(s):",
    "Timepoint(s) of evaluation of this end point:",
    "",
];
const LBCTR: Labels = ["Name:", "Timepoints:", "Measure:"];
const REPEC: Labels = ["Outcome name:", "Timepoints:", "Measure:"];

fn plain(text: &str) -> Option<Outcome> {
    let measure = text::block(&lists::unindent(text))?;
    Some(Outcome {
        measure: Some(measure),
        ..Outcome::default()
    })
}

/// Parts of a text; a separator's first byte ends the part before it, the rest begins the next.
fn parts_at<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices(separator) {
        parts.push(&text[start..at + 1]);
        start = at + 1;
    }
    parts.push(&text[start..]);
    parts
        .into_iter()
        .map(|part| part.trim_matches([';', ' ', '\n', '\t']))
        .collect()
}

/// `X. Timepoint: T. Method of measurement: M.;Y. …`: a part without a time belongs to the one before.
fn irct(cell: &str) -> Vec<Option<Outcome>> {
    let mut whole: Vec<String> = Vec::new();
    for part in cell.split(".;") {
        match whole.last_mut() {
            Some(last) if !part.contains("Timepoint:") => {
                last.push_str(".;");
                last.push_str(part);
            }
            _ => whole.push(part.to_owned()),
        }
    }
    whole.iter().map(|part| timed(part)).collect()
}

fn timed(part: &str) -> Option<Outcome> {
    let (measure, rest) = part.split_once("Timepoint:").unwrap_or((part, ""));
    let (time, method) = rest
        .split_once("Method of measurement:")
        .unwrap_or((rest, ""));
    let sentence = |text: &str| text::block(text.trim().trim_end_matches('.'));
    let outcome = Outcome {
        measure: sentence(measure),
        time_frame: sentence(time),
        method: sentence(method),
        description: None,
    };
    (outcome != Outcome::default()).then_some(outcome)
}

/// `measure [time frame]`, perhaps with a word that says so within the brackets.
fn bracketed(part: &str) -> Option<Outcome> {
    let part = part.trim();
    let Some((measure, time)) = part
        .strip_suffix(']')
        .and_then(|inner| inner.rsplit_once('['))
    else {
        return plain(part);
    };
    let time = time.trim();
    let word = ["Time frame:", "Timeframe"]
        .into_iter()
        .find(|word| time.starts_with(word));
    Some(Outcome {
        measure: text::block(&lists::unindent(measure)),
        time_frame: text::line(&time[word.map_or(0, str::len)..]),
        ..Outcome::default()
    })
}

/// `measureTimepoint: T`: CTRI writes no blank between.
fn marked(cell: &str, mark: &str) -> Option<Outcome> {
    let (measure, time) = cell.rsplit_once(mark).unwrap_or((cell, ""));
    let outcome = Outcome {
        measure: text::block(&lists::unindent(measure)),
        time_frame: text::line(time),
        ..Outcome::default()
    };
    (outcome != Outcome::default()).then_some(outcome)
}

fn labelled(part: &str, labels: Labels) -> Option<Outcome> {
    let value = |label: &str| {
        let (_, rest) = part.split_once(label).filter(|_| !label.is_empty())?;
        let others = labels.iter().filter(|other| !other.is_empty());
        let end = others.filter_map(|other| rest.find(other)).min();
        text::block(rest[..end.unwrap_or(rest.len())].trim_matches([';', ' ', '\n']))
    };
    let [measure, time_frame, method] = labels.map(value);
    let outcome = Outcome {
        measure,
        time_frame,
        method,
        description: None,
    };
    (outcome != Outcome::default()).then_some(outcome)
}

/// EUCTR's objectives, which stand before its end points: what the trial is about.
pub(super) fn objectives(registry: Registry, cell: &str) -> Option<String> {
    if registry != Registry::Euctr {
        return None;
    }
    let end = cell.find(EUCTR[0]).unwrap_or(cell.len());
    let (main, secondary) = cell[..end]
        .split_once("Secondary Objective:")
        .unwrap_or((&cell[..end], ""));
    let main = main.trim_start().trim_start_matches("Main Objective:");
    let parts = [("Main objective", main), ("Secondary objective", secondary)];
    let told = parts.into_iter().filter_map(|(label, text)| {
        let text = text::block(text.trim_matches([';', ' ', '\n']))?;
        Some(format!("{label}: {text}"))
    });
    text::block(&told.collect::<Vec<_>>().join("\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `measure @ time frame / method`, without what is absent.
    fn read(registry: Registry, cell: &str) -> Vec<String> {
        let told = |own: &Outcome| {
            let mut out = own.measure.clone().unwrap_or_default();
            out += &own
                .time_frame
                .as_ref()
                .map(|time| format!(" @ {time}"))
                .unwrap_or_default();
            out + &own
                .method
                .as_ref()
                .map(|method| format!(" / {method}"))
                .unwrap_or_default()
        };
        parse(registry, cell).iter().map(told).collect()
    }

    #[test]
    fn irct_tells_time_and_method_of_each_outcome() {
        let cell = "Death.;also later. Timepoint: 3 months. Method of measurement: Count.;Fever; chills. Timepoint: Daily. Method of measurement: Scale 1.;2.";
        assert_eq!(
            read(Registry::Irct, cell),
            [
                "Death @ ",
                "also later @ 3 months / Count",
                "Fever; chills @ Daily / Scale 1.;2"
            ]
            .map(|o| o.trim_end_matches(" @ "))
            .to_vec()
        );
    }

    #[test]
    fn each_registry_tells_the_time_its_own_way() {
        for (registry, cell, outcomes) in [
            (
                Registry::Anzctr,
                "a[day 1; day 2];b (x)\n[day 3 ]",
                vec!["a @ day 1; day 2", "b (x) @ day 3"],
            ),
            (
                Registry::Tctr,
                "a [Timeframe Day 1 ]\t\t\t;b [Timeframe x]\t",
                vec!["a @ Day 1", "b @ x"],
            ),
            (
                Registry::Slctr,
                "a. (b) [Time frame: c]\nd [ Time frame: e]\n",
                vec!["a. (b) @ c", "d @ e"],
            ),
            (Registry::Ctri, "aTimepoint: b", vec!["a @ b"]),
            (Registry::Rpcec, "a. Measurement time: b.", vec!["a. @ b."]),
            (
                Registry::Lbctr,
                "Name: a; b;Timepoints: c;Measure: d;Name: e",
                vec!["a; b @ c / d", "e"],
            ),
            (
                Registry::Repec,
                "Outcome name:a\nMeasure:b\nTimepoints:c",
                vec!["a @ c / b"],
            ),
            (
                Registry::Euctr,
                "Main Objective: x;Secondary Objective: y;Primary end point(s): a; b ;Timepoint(s) of evaluation of this end point: c",
                vec!["a; b @ c"],
            ),
            (
                Registry::Ctgov,
                "a; b;c (d;e);a; b",
                vec!["a; b", "c (d;e)"],
            ),
            (Registry::Chictr, "a;b; c;", vec!["a", "b", "c"]),
            (Registry::Drks, "a; b\nc", vec!["a; b\nc"]),
        ] {
            assert_eq!(read(registry, cell), outcomes, "{registry}");
        }
    }

    #[test]
    fn the_objectives_of_euctr_are_a_summary() {
        let cell = "Main Objective: x;Secondary Objective: y;Primary end point(s): a";
        let told = objectives(Registry::Euctr, cell);
        assert_eq!(
            told.as_deref(),
            Some("Main objective: x\n\nSecondary objective: y")
        );
        assert_eq!(objectives(Registry::Drks, cell), None);
    }

    proptest! {
        #[test]
        fn no_cell_panics(cell in "(\\PC|[;:\n\\[\\]. ]|Timepoint:|Name:|Measure:|Primary end point\\(s\\):){0,20}") {
            for registry in Registry::ALL {
                parse(*registry, &cell);
                objectives(*registry, &cell);
            }
        }
    }
}
