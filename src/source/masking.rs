//! How many parties do not know the assignment, and which, out of one wording.

use crate::record::{Masking, Registry, StudyDesign};
use crate::source::context::Context;
use crate::source::text;

/// Fills in what a wording tells: `Double (Participant, Investigator)` how many and who, `Participant and Investigator Blinded` who and thereby how many.
pub(crate) fn fill(
    design: &mut StudyDesign,
    wording: &str,
    registry: Registry,
    context: &mut Context<'_>,
) {
    design.masking_verbatim = text::line(wording);
    let wordings = &context.vocabularies.masking;
    if let Some(meaning) = wordings.lookup(Some(registry), wording) {
        design.masking = meaning.first().copied();
        return;
    }
    let who_masked = &context.vocabularies.who_masked;
    let is_party = |who: &&str| who_masked.lookup(Some(registry), who).is_some();
    let bare = wording.strip_suffix(" Blinded").unwrap_or(wording);
    let who = if let Some((how_many, who)) = wording.split_once('(') {
        design.masking = context.value(registry, |v| &v.masking, how_many);
        parties(who.trim_end_matches([')', ' ']))
    } else if parties(bare).iter().all(is_party) {
        parties(bare)
    } else {
        design.masking = context.value(registry, |v| &v.masking, wording);
        return;
    };
    for who in &who {
        add_party(design, who, registry, context);
    }
    design.masking = design.masking.or_else(|| of_number(who.len()));
}

/// Adds a party that does not know the assignment.
pub(crate) fn add_party(
    design: &mut StudyDesign,
    who: &str,
    registry: Registry,
    context: &mut Context<'_>,
) {
    design.who_masked_verbatim.push(who.to_owned());
    for who in context.values(registry, |v| &v.who_masked, who) {
        if !design.who_masked.contains(&who) {
            design.who_masked.push(who);
        }
    }
}

/// The parties of `Participant, Investigator and Outcome Assessor`.
fn parties(text: &str) -> Vec<&str> {
    let parts = text.split(',').flat_map(|part| part.split(" and "));
    let trimmed = parts.map(str::trim);
    trimmed.filter(|part| !part.is_empty()).collect()
}

fn of_number(parties: usize) -> Option<Masking> {
    match parties {
        1 => Some(Masking::Single),
        2 => Some(Masking::Double),
        3 => Some(Masking::Triple),
        4.. => Some(Masking::Quadruple),
        0 => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Provenance, WhoMasked};
    use crate::schema::IndexSchema;

    #[test]
    fn a_wording_tells_how_many_and_who() {
        use WhoMasked::{Investigator, OutcomesAssessor, Participant};
        let schema = IndexSchema::shipped().unwrap();
        let provenance = Provenance::default();
        let mut context = Context::new(&schema, &provenance);
        for (wording, masking, who) in [
            (
                "Double (Participant, Investigator)",
                Some(Masking::Double),
                vec![Participant, Investigator],
            ),
            (
                "Double Blind (Subject, Investigator, Outcomes Assessor)",
                Some(Masking::Double),
                vec![Participant, Investigator, OutcomesAssessor],
            ),
            (
                "Participant, Investigator",
                Some(Masking::Double),
                vec![Participant, Investigator],
            ),
            (
                "Outcome Assessor Blinded",
                Some(Masking::Single),
                vec![OutcomesAssessor],
            ),
            (
                "Blinded (assessor)",
                Some(Masking::Single),
                vec![OutcomesAssessor],
            ),
            ("Open (masking not used)", Some(Masking::None), vec![]),
            ("Blinded (masking used)", None, vec![]),
            ("By moonlight", None, vec![]),
        ] {
            let mut design = StudyDesign::default();
            fill(&mut design, wording, Registry::Drks, &mut context);
            assert_eq!(
                (design.masking, design.who_masked),
                (masking, who),
                "{wording}"
            );
        }
        let unknown: Vec<_> = context.warnings.unknown_wordings.into_keys().collect();
        assert_eq!(unknown.len(), 1);
        assert_eq!(unknown[0].wording, "By moonlight");
    }
}
