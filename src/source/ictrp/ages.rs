//! Age limits of a row, those EUCTR hides among the criteria included.

use super::Row;
use crate::record::{AgeLimit, AgeUnit, Registry, Trial};
use crate::source::{ages, text};

/// Fills in both limits from their columns.
pub(super) fn fill(trial: &mut Trial, row: &Row) {
    trial.minimum_age_verbatim = text::line(row.cell("inclusion_agemin"));
    trial.minimum_age = trial.minimum_age_verbatim.as_deref().and_then(ages::parse);
    trial.maximum_age_verbatim = text::line(row.cell("inclusion_agemax"));
    trial.maximum_age = match trial.maximum_age_verbatim.as_deref() {
        // ReBEC's form writes 0 for "no maximum"; elsewhere (ChiCTR2000030386, "0" to "0") it is a field not filled in.
        Some("0") => (trial.registry == Registry::Rebec).then_some(AgeLimit::None),
        words => words.and_then(ages::parse),
    };
}

/// What WHO writes in front of the age bands at the end of EUCTR's inclusion criteria.
const BANDS: &str = "Are the trial subjects under 18?";

/// Moves EUCTR's age bands out of the inclusion criteria into the limits, and returns the criteria that are left.
///
/// That minors take part tells no lowest age: theirs may begin anywhere.
pub(super) fn take_bands<'a>(trial: &mut Trial, criteria: &'a str) -> &'a str {
    let Some(at) = criteria.rfind(BANDS) else {
        return criteria;
    };
    let bands: Vec<(&str, bool)> = criteria[at..].lines().filter_map(band).collect();
    let admits = |index: usize| bands.get(index).is_some_and(|(_, yes)| *yes);
    let limits = [
        (None, AgeLimit::of(17, AgeUnit::Years)),
        (
            Some(AgeLimit::of(18, AgeUnit::Years)),
            AgeLimit::of(64, AgeUnit::Years),
        ),
        (Some(AgeLimit::of(65, AgeUnit::Years)), AgeLimit::None),
    ];
    if trial.minimum_age_verbatim.is_none()
        && let Some(lowest) = (0..limits.len()).find(|index| admits(*index))
    {
        trial.minimum_age = limits[lowest].0;
        trial.minimum_age_verbatim = Some(bands[lowest].0.to_owned());
    }
    if trial.maximum_age_verbatim.is_none()
        && let Some(highest) = (0..limits.len()).rfind(|index| admits(*index))
    {
        trial.maximum_age = Some(limits[highest].1);
        trial.maximum_age_verbatim = Some(bands[highest].0.to_owned());
    }
    &criteria[..at]
}

/// An age band and whether the trial admits it; `None` for the line that counts its subjects.
fn band(line: &str) -> Option<(&str, bool)> {
    let line = line.trim();
    let is_band =
        line.starts_with(BANDS) || line.starts_with("F.1.2 ") || line.starts_with("F.1.3 ");
    is_band.then(|| (line, line.ends_with("yes")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(bands: [&str; 3]) -> (Option<String>, Option<String>, String) {
        let mut trial = Trial::new(Registry::Euctr, "EUCTR2020-000890-25-FR");
        let [minors, adults, elderly] = bands;
        let text = format!(
            "1. fever\nAre the trial subjects under 18? {minors}\nNumber of subjects for this age range: 5\n\
             F.1.2 Adults (18-64 years) {adults}\nF.1.2.1 Number of subjects for this age range 10\n\
             F.1.3 Elderly (>=65 years) {elderly}\nF.1.3.1 Number of subjects for this age range 0\n"
        );
        let rest = take_bands(&mut trial, &text).to_owned();
        let word = |limit: Option<AgeLimit>| limit.map(|limit| limit.to_string());
        (word(trial.minimum_age), word(trial.maximum_age), rest)
    }

    #[test]
    fn the_bands_become_limits_and_leave_the_criteria() {
        let (lowest, highest, rest) = limits(["no", "yes", "yes"]);
        assert_eq!(
            (lowest.as_deref(), highest.as_deref()),
            (Some("P18Y"), Some("none"))
        );
        assert_eq!(rest, "1. fever\n");
        let (lowest, highest, _) = limits(["no", "yes", "no"]);
        assert_eq!(
            (lowest.as_deref(), highest.as_deref()),
            (Some("P18Y"), Some("P64Y"))
        );
        let (lowest, highest, _) = limits(["yes", "no", "no"]);
        assert_eq!(
            (lowest.as_deref(), highest.as_deref()),
            (None, Some("P17Y"))
        );
        assert_eq!(limits(["", "", ""]).0, None);
    }

    #[test]
    fn zero_is_no_maximum_where_the_registry_means_that() {
        let row = Row::new([("Inclusion agemin", "0"), ("Inclusion agemax", "0")]);
        let mut trial = Trial::new(Registry::Rebec, "RBR-658khm");
        fill(&mut trial, &row);
        assert_eq!(trial.maximum_age, Some(AgeLimit::None));
        assert_eq!(trial.minimum_age, Some(AgeLimit::of(0, AgeUnit::Years)));
        let mut trial = Trial::new(Registry::Chictr, "ChiCTR2000030386");
        fill(&mut trial, &row);
        assert_eq!(trial.maximum_age, None);
        assert_eq!(trial.maximum_age_verbatim.as_deref(), Some("0"));
    }
}
