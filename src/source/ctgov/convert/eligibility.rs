//! Who can take part.

use super::{Converter, line};
use crate::record::{AgeLimit, Trial};
use crate::source::ctgov::study::{Study, Text};
use crate::source::{ages, eligibility};

impl Converter<'_, '_> {
    pub(super) fn eligibility(&mut self, study: &Study<'_>, trial: &mut Trial) {
        let Some(module) = &study.protocol_section.eligibility_module else {
            return;
        };
        if let Some(criteria) = self.block(&module.eligibility_criteria) {
            let criteria = eligibility::split(&criteria);
            trial.inclusion_criteria = criteria.inclusion;
            trial.exclusion_criteria = criteria.exclusion;
            trial.eligibility_criteria = criteria.unsplit;
        }
        trial.study_population = self.block(&module.study_population);
        (trial.minimum_age, trial.minimum_age_verbatim) =
            self.age("minimum_age", &module.minimum_age);
        (trial.maximum_age, trial.maximum_age_verbatim) =
            self.age("maximum_age", &module.maximum_age);
        (trial.sex, trial.sex_verbatim) = self.word(|v| &v.sex, &module.sex);
        trial.healthy_volunteers = module.healthy_volunteers.map(|flag| flag.0);
    }

    /// A limit; both APIs leave it out where the registrant said that there is none.
    fn age(
        &mut self,
        field: &'static str,
        text: &Option<Text<'_>>,
    ) -> (Option<AgeLimit>, Option<String>) {
        let Some(text) = line(text) else {
            return (Some(AgeLimit::None), None);
        };
        let age = ages::parse(&text);
        if age.is_none() {
            self.context.note(format!("{field} is no age"));
        }
        (age, Some(text))
    }
}
