//! Which records each filter keeps.

use super::Document;
use trialdex::query::{
    DateField, DateRange, Filter, PhaseChoice, Presence, SexChoice, SizeRange, StatusChoice,
};
use trialdex::record::{
    Age, AgeLimit, Article, PartialDate, Phase, Record, RecruitmentStatus as Status, Sex,
    StudyType, Trial,
};
use trialdex::schema::IndexSchema;

/// Whether a filter keeps a record.
pub(super) fn keeps(filter: &Filter, document: &Document, schema: &IndexSchema) -> bool {
    let trial = match &document.record {
        Record::Trial(trial) => Some(trial.as_ref()),
        Record::Article(_) => None,
    };
    let of_trial = |holds: &dyn Fn(&Trial) -> bool| trial.is_some_and(holds);
    // A record that lacks the field passes the sex and age filters.
    let lenient = |passes: &dyn Fn(&Trial) -> bool| trial.is_none_or(passes);
    match filter {
        Filter::Kind(kind) => document.record.kind() == *kind,
        Filter::Status(choices) => of_trial(&|trial| {
            let status = trial.recruitment_status;
            status.is_some_and(|status| choices.iter().any(|choice| is_status(*choice, status)))
        }),
        Filter::Phase(choices) => {
            of_trial(&|trial| choices.iter().any(|choice| is_phase(choice, &trial.phase)))
        }
        Filter::Country(codes) => {
            of_trial(&|trial| trial.countries.iter().any(|code| codes.contains(code)))
        }
        Filter::Sex(choice) => lenient(&|trial| trial.sex.is_none_or(|sex| accepts(*choice, sex))),
        Filter::Age(age) => lenient(&|trial| {
            !too_young(*age, trial.minimum_age) && !too_old(*age, trial.maximum_age)
        }),
        Filter::Type(types) => of_trial(&|trial| {
            trial.study_type.is_some_and(|own| match own {
                StudyType::ObservationalPatientRegistry => {
                    types.contains(&own) || types.contains(&StudyType::Observational)
                }
                own => types.contains(&own),
            })
        }),
        Filter::Registry(list) => of_trial(&|trial| list.contains(&trial.registry)),
        Filter::Allocation(list) => of_trial(&|trial| {
            let own = trial.study_design.allocation;
            own.is_some_and(|own| list.contains(&own))
        }),
        Filter::Masking(list) => of_trial(&|trial| {
            let own = trial.study_design.masking;
            own.is_some_and(|own| list.contains(&own))
        }),
        Filter::Purpose(list) => of_trial(&|trial| {
            let own = trial.study_design.purpose;
            own.is_some_and(|own| list.contains(&own))
        }),
        Filter::Healthy(yes) => of_trial(&|trial| trial.healthy_volunteers == Some(*yes)),
        Filter::Date { field, range } => {
            date(&document.record, *field).is_some_and(|date| touches(*range, date))
        }
        Filter::Enrollment(SizeRange { from, to }) => of_trial(&|trial| {
            trial.sample_size.is_some_and(|size| {
                from.is_none_or(|from| size >= from) && to.is_none_or(|to| size <= to)
            })
        }),
        Filter::Has(presence) => has(*presence, document, schema),
        Filter::Missing(presence) => !has(*presence, document, schema),
        _ => unreachable!("a filter this scan does not know: {filter}"),
    }
}

fn is_status(choice: StatusChoice, status: Status) -> bool {
    match choice {
        StatusChoice::Is(wanted) => status == wanted,
        StatusChoice::Open => matches!(
            status,
            Status::NotYetRecruiting
                | Status::Recruiting
                | Status::EnrollingByInvitation
                | Status::Available
        ),
        StatusChoice::Closed => !matches!(
            status,
            Status::NotYetRecruiting
                | Status::Recruiting
                | Status::EnrollingByInvitation
                | Status::Available
                | Status::NotRecruiting
                | Status::Withheld
                | Status::Unknown
        ),
    }
}

/// Phases with early phase 1 and phase 0 as one, each once, in order.
fn plain_phases(phases: &[Phase]) -> Vec<Phase> {
    let early = |phase: &Phase| match phase {
        Phase::EarlyPhase1 => Phase::Phase0,
        phase => *phase,
    };
    let mut plain: Vec<Phase> = phases.iter().map(early).collect();
    plain.sort_unstable();
    plain.dedup();
    plain
}

fn is_phase(choice: &PhaseChoice, own: &[Phase]) -> bool {
    match choice {
        PhaseChoice::Has(phase) => plain_phases(own).contains(&plain_phases(&[*phase])[0]),
        PhaseChoice::Combined(phases) => plain_phases(own) == plain_phases(phases),
    }
}

fn accepts(choice: SexChoice, sex: Sex) -> bool {
    match choice {
        SexChoice::Female => sex != Sex::Male,
        SexChoice::Male => sex != Sex::Female,
        SexChoice::All => sex == Sex::All,
        SexChoice::FemaleOnly => sex == Sex::Female,
        SexChoice::MaleOnly => sex == Sex::Male,
    }
}

/// Whether nobody of this age has reached the lowest.
fn too_young(age: Age, lowest: Option<AgeLimit>) -> bool {
    match lowest {
        Some(AgeLimit::Age(lowest)) => age.last_minute() < lowest.minutes(),
        Some(AgeLimit::None) | None => false,
    }
}

/// Whether everybody of this age is past the highest, which includes its whole unit.
fn too_old(age: Age, highest: Option<AgeLimit>) -> bool {
    match highest {
        Some(AgeLimit::Age(highest)) => age.minutes() > highest.last_minute(),
        Some(AgeLimit::None) | None => false,
    }
}

fn touches(range: DateRange, date: PartialDate) -> bool {
    let begins = range.from.map(PartialDate::first_day);
    let ends = range.to.map(PartialDate::last_day);
    begins.is_none_or(|begins| date.last_day() >= begins)
        && ends.is_none_or(|ends| date.first_day() <= ends)
}

fn date(record: &Record, field: DateField) -> Option<PartialDate> {
    match (record, field) {
        (record, DateField::AsOf) => record.as_of(),
        (Record::Article(article), DateField::Published) => article.date,
        (Record::Trial(trial), DateField::Registered) => trial.registration_date,
        (Record::Trial(trial), DateField::Posted) => trial.first_posted_date,
        (Record::Trial(trial), DateField::Started) => trial.first_enrollment_date,
        (Record::Trial(trial), DateField::RecruitmentEnd) => trial.recruitment_end_date,
        (Record::Trial(trial), DateField::PrimaryCompletion) => trial.primary_completion_date,
        (Record::Trial(trial), DateField::Completed) => trial.completion_date,
        (Record::Trial(trial), DateField::Updated) => trial.last_update_date,
        (_, DateField::FirstSeen) => unreachable!("no record tells when it was first seen"),
        _ => None,
    }
}

fn has(presence: Presence, document: &Document, schema: &IndexSchema) -> bool {
    let filled = |fields: &[&str]| fields.iter().any(|field| document.is_filled(schema, field));
    match &document.record {
        Record::Trial(trial) => trial_has(presence, trial, filled),
        Record::Article(article) => article_has(presence, article, filled),
    }
}

fn trial_has(presence: Presence, trial: &Trial, filled: impl Fn(&[&str]) -> bool) -> bool {
    match presence {
        Presence::Results => trial
            .summary_results
            .as_ref()
            .is_some_and(|results| results.has_results == Some(true)),
        Presence::Publication => trial.references.iter().any(|reference| {
            reference.pmid.is_some() || reference.doi.is_some() || reference.citation.is_some()
        }),
        Presence::Title => filled(&["public_title", "scientific_title"]),
        Presence::Status => trial
            .recruitment_status
            .is_some_and(|status| status != Status::Unknown),
        Presence::Phase => !trial.phase.is_empty(),
        Presence::Country => !trial.countries.is_empty(),
        Presence::Sex => trial.sex.is_some(),
        Presence::Age => trial.minimum_age.is_some() || trial.maximum_age.is_some(),
        Presence::Type => trial.study_type.is_some(),
        Presence::Allocation => trial.study_design.allocation.is_some(),
        Presence::Masking => trial.study_design.masking.is_some(),
        Presence::Purpose => trial.study_design.purpose.is_some(),
        Presence::Condition => filled(&["conditions"]),
        Presence::Intervention => filled(&["interventions"]),
        Presence::Outcome => filled(&["primary_outcomes", "secondary_outcomes"]),
        Presence::Eligibility => filled(&["inclusion", "exclusion", "eligibility"]),
        Presence::Sponsor => trial.primary_sponsor.is_some(),
        Presence::Summary => filled(&["brief_summary", "detailed_description"]),
        Presence::Enrollment => trial.sample_size.is_some(),
        Presence::Date(field) => date(&Record::Trial(Box::new(trial.clone())), field).is_some(),
        _ => unreachable!("a presence this scan does not know: {presence}"),
    }
}

fn article_has(presence: Presence, article: &Article, filled: impl Fn(&[&str]) -> bool) -> bool {
    match presence {
        Presence::Title => filled(&["article_title"]),
        Presence::Summary => filled(&["article_description", "article_text"]),
        Presence::Date(DateField::Published) => article.date.is_some(),
        Presence::Date(DateField::AsOf) => article.as_of.is_some(),
        _ => false,
    }
}
