//! Design, arms, interventions and outcomes.

use super::{Converter, line, lines};
use crate::record::{Arm, Intervention, Outcome, Phase, Registry, StudyDesign, StudyType, Trial};
use crate::source::ctgov::study;
use crate::source::ctgov::study::{ArmGroup, DesignInfo, List, MaskingInfo, Study, Text};
use crate::source::masking;

impl Converter<'_, '_> {
    pub(super) fn design(&mut self, study: &Study<'_>, trial: &mut Trial) {
        let module = &study.protocol_section.design_module;
        (trial.study_type, trial.study_type_verbatim) =
            self.word(|v| &v.study_type, &module.study_type);
        let is_registry = module.patient_registry.is_some_and(|flag| flag.0);
        if trial.study_type == Some(StudyType::Observational) && is_registry {
            trial.study_type = Some(StudyType::ObservationalPatientRegistry);
        }
        let phases = lines(&module.phases).join("/");
        trial.phase = self.phase(&phases);
        trial.phase_verbatim = Some(phases).filter(|phases| !phases.is_empty());
        trial.study_design = self.study_design(&module.design_info);
        let count = module
            .enrollment_info
            .count
            .as_ref()
            .map(|count| count.0.trim());
        if let Some(count) = count.filter(|count| !count.is_empty()) {
            trial.sample_size = count.parse().ok();
            trial.sample_size_verbatim = trial.sample_size.is_none().then(|| count.to_owned());
            trial.sample_size_type = self.date_type(&module.enrollment_info.kind);
        }
    }

    fn phase(&mut self, phases: &str) -> Vec<Phase> {
        self.context.phases(Registry::Ctgov, phases)
    }

    fn study_design(&mut self, raw: &DesignInfo<'_>) -> StudyDesign {
        let mut design = StudyDesign {
            model_description: self.block(&raw.intervention_model_description),
            masking_description: self.block(&raw.masking_info.masking_description),
            verbatim: line(&raw.whole),
            ..StudyDesign::default()
        };
        (design.allocation, design.allocation_verbatim) =
            self.word(|v| &v.allocation, &raw.allocation);
        (design.model, design.model_verbatim) = self.word(|v| &v.model, &raw.intervention_model);
        (design.purpose, design.purpose_verbatim) = self.word(|v| &v.purpose, &raw.primary_purpose);
        let model = one_or_first(&raw.observational_model, &raw.observational_models);
        (
            design.observational_model,
            design.observational_model_verbatim,
        ) = self.word(|v| &v.observational_model, &model);
        let perspective = one_or_first(&raw.time_perspective, &raw.time_perspectives);
        (design.time_perspective, design.time_perspective_verbatim) =
            self.word(|v| &v.time_perspective, &perspective);
        self.masking(&raw.masking_info, &mut design);
        if let Some(whole) = line(&raw.whole) {
            self.unlabelled(&whole, &mut design);
        }
        design
    }

    /// One wording tells how many and who; API v2 tells the two apart.
    fn masking(&mut self, raw: &MaskingInfo<'_>, design: &mut StudyDesign) {
        if let Some(wording) = line(&raw.masking) {
            masking::fill(design, &wording, Registry::Ctgov, self.context);
        }
        for who in lines(&raw.who_masked) {
            masking::add_party(design, &who, Registry::Ctgov, self.context);
        }
    }

    /// The oldest records name parts of the design without labels:
    /// `Treatment, Randomized, Double-Blind, Placebo Control, Parallel Assignment`.
    fn unlabelled(&mut self, whole: &str, design: &mut StudyDesign) {
        if whole.contains(": ") {
            return;
        }
        let registry = Some(Registry::Ctgov);
        let known = self.context.vocabularies;
        for part in whole.split(", ").map(str::trim) {
            let verbatim = || Some(part.to_owned());
            if let Some([value, ..]) = known.allocation.lookup(registry, part) {
                design.allocation = Some(*value);
                design.allocation_verbatim = verbatim();
            } else if let Some([value, ..]) = known.masking.lookup(registry, part) {
                design.masking = Some(*value);
                design.masking_verbatim = verbatim();
            } else if let Some([value, ..]) = known.purpose.lookup(registry, part) {
                design.purpose = Some(*value);
                design.purpose_verbatim = verbatim();
            } else if let Some([value, ..]) = known.model.lookup(registry, part) {
                design.model = Some(*value);
                design.model_verbatim = verbatim();
            }
        }
    }

    pub(super) fn arms_and_outcomes(&mut self, study: &Study<'_>, trial: &mut Trial) {
        let module = &study.protocol_section.arms_interventions_module;
        trial.interventions = module
            .interventions
            .iter()
            .map(|raw| self.intervention(raw))
            .collect();
        trial.arms = module
            .arm_groups
            .iter()
            .map(|raw| self.arm(raw, &trial.interventions))
            .collect();
        let module = &study.protocol_section.outcomes_module;
        trial.primary_outcomes = self.outcomes(&module.primary_outcomes);
        trial.secondary_outcomes = self.outcomes(&module.secondary_outcomes);
        trial.other_outcomes = self.outcomes(&module.other_outcomes);
    }

    fn intervention(&mut self, raw: &study::Intervention<'_>) -> Intervention {
        let (intervention_type, type_verbatim) = self.word(|v| &v.intervention_type, &raw.kind);
        Intervention {
            intervention_type,
            type_verbatim,
            name: line(&raw.name),
            description: self.block(&raw.description),
            other_names: lines(&raw.other_names),
            arms: lines(&raw.arm_group_labels),
        }
    }

    fn arm(&mut self, raw: &ArmGroup<'_>, interventions: &[Intervention]) -> Arm {
        let (arm_type, type_verbatim) = self.word(|v| &v.arm_type, &raw.kind);
        let label = line(&raw.label);
        let gets = |intervention: &&Intervention| {
            label
                .as_ref()
                .is_some_and(|label| intervention.arms.contains(label))
        };
        let mut names: Vec<String> = interventions
            .iter()
            .filter(gets)
            .filter_map(|intervention| intervention.name.clone())
            .collect();
        if names.is_empty() {
            names = lines(&raw.intervention_names);
            for name in &mut names {
                untyped(name, interventions);
            }
        }
        Arm {
            label,
            arm_type,
            type_verbatim,
            description: self.block(&raw.description),
            interventions: names,
        }
    }

    fn outcomes(&mut self, raw: &List<study::Outcome<'_>>) -> Vec<Outcome> {
        let outcome = |raw: &study::Outcome<'_>| Outcome {
            measure: line(&raw.measure),
            time_frame: line(&raw.time_frame),
            method: None,
            description: self.block(&raw.description),
        };
        let outcomes = raw.iter().map(outcome);
        outcomes
            .filter(|outcome| *outcome != Outcome::default())
            .collect()
    }
}

/// Takes the type out of an arm's `Drug: Aspirin`.
fn untyped(name: &mut String, interventions: &[Intervention]) {
    let known = interventions
        .iter()
        .filter_map(|intervention| intervention.name.as_deref());
    if let Some((_, bare)) = name.split_once(": ")
        && known.into_iter().any(|known| known == bare)
    {
        *name = bare.to_owned();
    }
}

fn one_or_first<'a>(one: &Option<Text<'a>>, list: &List<Text<'a>>) -> Option<Text<'a>> {
    one.clone().or_else(|| list.first().cloned())
}
