//! Filters: conditions on a record that never touch the score.
//!
//! A value list means any of its values. A record that lacks the field passes the age and sex
//! filters, and no other.

use crate::error::{Error, ErrorKind, Result};
use crate::record::{
    Age, Allocation, ClosedVocabulary, Kind, Masking, PartialDate, Phase, Purpose,
    RecruitmentStatus, Registry, Sex, StudyType,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A condition that keeps a record or leaves it out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Filter {
    /// `kind:trial` or `kind:article`.
    Kind(Kind),
    /// `status:recruiting`, `status:open`.
    Status(Vec<StatusChoice>),
    /// `phase:2,3` either, `phase:2/3` exactly combined.
    Phase(Vec<PhaseChoice>),
    /// `country:IR`: ISO 3166-1 alpha-2.
    Country(Vec<String>),
    /// `sex:female` accepts women, `sex:female-only` nobody else.
    Sex(SexChoice),
    /// `age:45`: accepts participants of that age.
    Age(Age),
    /// `type:interventional`; `observational` includes patient registries.
    Type(Vec<StudyType>),
    /// `registry:irct`.
    Registry(Vec<Registry>),
    /// `allocation:randomized`.
    Allocation(Vec<Allocation>),
    /// `masking:double`.
    Masking(Vec<Masking>),
    /// `purpose:treatment`.
    Purpose(Vec<Purpose>),
    /// `healthy:yes`: accepts healthy volunteers.
    Healthy(bool),
    /// `registered:2017..2022`.
    Date {
        /// Which date.
        field: DateField,
        /// The days it may touch.
        range: DateRange,
    },
    /// `enrollment:>=100`.
    Enrollment(SizeRange),
    /// `has:results`.
    Has(Presence),
    /// `missing:phase`.
    Missing(Presence),
}

impl Filter {
    /// The filter with each value once and phases in one form, as the language writes it.
    pub(super) fn normal(self) -> Filter {
        match self {
            Filter::Status(list) => Filter::Status(once(list)),
            Filter::Phase(list) => Filter::Phase(once(list.into_iter().map(PhaseChoice::normal))),
            Filter::Country(list) => Filter::Country(once(list)),
            Filter::Type(list) => Filter::Type(once(list)),
            Filter::Registry(list) => Filter::Registry(once(list)),
            Filter::Allocation(list) => Filter::Allocation(once(list)),
            Filter::Masking(list) => Filter::Masking(once(list)),
            Filter::Purpose(list) => Filter::Purpose(once(list)),
            filter => filter,
        }
    }

    /// Whether any record could satisfy it.
    ///
    /// # Errors
    /// A filter without values, one that runs backwards, or a country that is no code.
    pub(super) fn check(&self) -> Result<()> {
        let wrong = |message: String| Err(Error::new(ErrorKind::Query, message));
        let values = match self {
            Filter::Status(list) => list.len(),
            Filter::Phase(list) if list.contains(&PhaseChoice::Combined(Vec::new())) => 0,
            Filter::Phase(list) => list.len(),
            Filter::Country(list) => list.len(),
            Filter::Type(list) => list.len(),
            Filter::Registry(list) => list.len(),
            Filter::Allocation(list) => list.len(),
            Filter::Masking(list) => list.len(),
            Filter::Purpose(list) => list.len(),
            _ => 1,
        };
        if values == 0 {
            return wrong(format!("{self} needs a value"));
        }
        match self {
            Filter::Country(list) => match list.iter().find(|code| !is_country_code(code)) {
                Some(code) => wrong(format!("{code:?} is no code of a country, such as IR")),
                None => Ok(()),
            },
            Filter::Date { range, .. } if range.from.is_none() && range.to.is_none() => {
                wrong(format!("{self} bounds nothing"))
            }
            Filter::Enrollment(range) if range.from.is_none() && range.to.is_none() => {
                wrong(format!("{self} bounds nothing"))
            }
            Filter::Date { range, .. } if range.first_ordinal() > range.last_ordinal() => {
                wrong(format!("{self} runs backwards"))
            }
            Filter::Enrollment(SizeRange {
                from: Some(from),
                to: Some(to),
            }) if from > to => wrong(format!("{self} runs backwards")),
            _ => Ok(()),
        }
    }
}

fn is_country_code(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase())
}

/// Each value once, in the order of its first appearance.
fn once<T: PartialEq>(values: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut list = Vec::new();
    for value in values {
        if !list.contains(&value) {
            list.push(value);
        }
    }
    list
}

/// A recruitment status, or a group of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusChoice {
    /// One status.
    Is(RecruitmentStatus),
    /// Takes participants now or will.
    Open,
    /// Takes no participants any more.
    Closed,
}

impl StatusChoice {
    /// The statuses it stands for; `not_recruiting`, `unknown` and `withheld` are neither open nor closed.
    pub fn statuses(self) -> Vec<RecruitmentStatus> {
        use RecruitmentStatus as S;
        match self {
            StatusChoice::Is(status) => vec![status],
            StatusChoice::Open => vec![
                S::NotYetRecruiting,
                S::Recruiting,
                S::EnrollingByInvitation,
                S::Available,
            ],
            StatusChoice::Closed => vec![
                S::ActiveNotRecruiting,
                S::RecruitmentComplete,
                S::Completed,
                S::Suspended,
                S::Terminated,
                S::Withdrawn,
                S::NoLongerAvailable,
                S::TemporarilyNotAvailable,
                S::ApprovedForMarketing,
            ],
        }
    }
}

impl fmt::Display for StatusChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StatusChoice::Is(status) => status.fmt(f),
            StatusChoice::Open => f.write_str("open"),
            StatusChoice::Closed => f.write_str("closed"),
        }
    }
}

/// A phase a trial has, or all the phases it has.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhaseChoice {
    /// A trial of this phase, combined with another or not; early phase 1 and phase 0 are one.
    Has(Phase),
    /// A trial of exactly these phases.
    Combined(Vec<Phase>),
}

impl PhaseChoice {
    /// A trial of these phases, with early phase 1 as phase 0.
    pub(super) fn of(phases: impl IntoIterator<Item = Phase>) -> Self {
        let mut phases: Vec<Phase> = phases.into_iter().map(phase_class).collect();
        phases.sort_unstable();
        phases.dedup();
        match phases.as_slice() {
            [single] => PhaseChoice::Has(*single),
            _ => PhaseChoice::Combined(phases),
        }
    }

    fn normal(self) -> Self {
        match self {
            PhaseChoice::Has(phase) => PhaseChoice::of([phase]),
            PhaseChoice::Combined(phases) => PhaseChoice::of(phases),
        }
    }
}

/// The phase that stands for this one: early phase 1 and phase 0 are one.
pub(super) fn phase_class(phase: Phase) -> Phase {
    match phase {
        Phase::EarlyPhase1 => Phase::Phase0,
        phase => phase,
    }
}

impl fmt::Display for PhaseChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PhaseChoice::Has(phase) => phase.fmt(f),
            PhaseChoice::Combined(phases) => {
                let words: Vec<&str> = phases.iter().map(|p| p.as_str()).collect();
                f.write_str(&words.join("/"))
            }
        }
    }
}

/// Whom a trial must accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SexChoice {
    /// Women at least.
    Female,
    /// Men at least.
    Male,
    /// Both.
    All,
    /// Women only.
    FemaleOnly,
    /// Men only.
    MaleOnly,
}

impl SexChoice {
    /// All choices with their words.
    pub const ALL: [(SexChoice, &'static str); 5] = [
        (SexChoice::Female, "female"),
        (SexChoice::Male, "male"),
        (SexChoice::All, "all"),
        (SexChoice::FemaleOnly, "female-only"),
        (SexChoice::MaleOnly, "male-only"),
    ];

    /// The values of the record's field that satisfy it.
    pub fn accepted(self) -> &'static [Sex] {
        match self {
            SexChoice::Female => &[Sex::All, Sex::Female],
            SexChoice::Male => &[Sex::All, Sex::Male],
            SexChoice::All => &[Sex::All],
            SexChoice::FemaleOnly => &[Sex::Female],
            SexChoice::MaleOnly => &[Sex::Male],
        }
    }
}

impl fmt::Display for SexChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = SexChoice::ALL.iter().find(|(choice, _)| choice == self);
        f.write_str(word.map_or("", |(_, word)| word))
    }
}

/// The dates a filter or an order can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DateField {
    /// Date first submitted to the registry.
    Registered,
    /// Date first shown to the public.
    Posted,
    /// Date of first enrolment.
    Started,
    /// Date recruitment ends.
    RecruitmentEnd,
    /// Date of the last measurement of the primary outcome.
    PrimaryCompletion,
    /// Completion date.
    Completed,
    /// Date of the last change at the source.
    Updated,
    /// Date an article was published.
    Published,
    /// The date the source last spoke.
    AsOf,
    /// The date the index first saw the record.
    FirstSeen,
}

impl DateField {
    /// All dates with the word of the query language and the name of the field.
    pub const ALL: [(DateField, &'static str, &'static str); 10] = [
        (DateField::Registered, "registered", "registration_date"),
        (DateField::Posted, "posted", "first_posted_date"),
        (DateField::Started, "started", "first_enrollment_date"),
        (
            DateField::RecruitmentEnd,
            "recruitment_end",
            "recruitment_end_date",
        ),
        (
            DateField::PrimaryCompletion,
            "primary_completion",
            "primary_completion_date",
        ),
        (DateField::Completed, "completed", "completion_date"),
        (DateField::Updated, "updated", "last_update_date"),
        (DateField::Published, "published", "date"),
        (DateField::AsOf, "as_of", "as_of"),
        (DateField::FirstSeen, "first_seen", "first_seen"),
    ];

    /// The word of the query language.
    pub fn word(self) -> &'static str {
        self.names().0
    }

    /// The name of the record's field.
    pub fn field(self) -> &'static str {
        self.names().1
    }

    fn names(self) -> (&'static str, &'static str) {
        DateField::ALL
            .iter()
            .find(|(field, _, _)| *field == self)
            .map_or(("", ""), |&(_, word, field)| (word, field))
    }
}

/// A span of days, ends included; an open end is unbounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateRange {
    /// Its first day is the first that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<PartialDate>,
    /// Its last day is the last that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<PartialDate>,
}

impl DateRange {
    /// The first day, as days since 1970-01-01.
    pub fn first_ordinal(self) -> i64 {
        self.from.map_or(i64::MIN, PartialDate::first_ordinal)
    }

    /// The last day, as days since 1970-01-01.
    pub fn last_ordinal(self) -> i64 {
        self.to.map_or(i64::MAX, PartialDate::last_ordinal)
    }
}

impl fmt::Display for DateRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_range(f, self.from, self.to)
    }
}

/// A span of numbers, ends included; an open end is unbounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SizeRange {
    /// The lowest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<u64>,
    /// The highest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<u64>,
}

impl fmt::Display for SizeRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_range(f, self.from, self.to)
    }
}

fn write_range<T: fmt::Display + PartialEq>(
    f: &mut fmt::Formatter<'_>,
    from: Option<T>,
    to: Option<T>,
) -> fmt::Result {
    match (from, to) {
        (Some(from), Some(to)) if from == to => write!(f, "{from}"),
        (Some(from), Some(to)) => write!(f, "{from}..{to}"),
        (Some(from), None) => write!(f, "{from}.."),
        (None, Some(to)) => write!(f, "..{to}"),
        (None, None) => f.write_str(".."),
    }
}

/// Something a record has or lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Presence {
    /// Summary results at the registry.
    Results,
    /// A publication named by the record: one with a PubMed number, a DOI or a citation.
    Publication,
    /// A title.
    Title,
    /// A recruitment status other than `unknown`.
    Status,
    /// A phase.
    Phase,
    /// A country of recruitment.
    Country,
    /// The sexes accepted.
    Sex,
    /// An age limit, or the word that there is none.
    Age,
    /// The kind of study.
    Type,
    /// How participants are assigned.
    Allocation,
    /// Who does not know the assignment.
    Masking,
    /// What the trial is for.
    Purpose,
    /// Conditions.
    Condition,
    /// Interventions.
    Intervention,
    /// Outcomes.
    Outcome,
    /// Eligibility criteria.
    Eligibility,
    /// A primary sponsor.
    Sponsor,
    /// A summary, a description or a text.
    Summary,
    /// A number of participants.
    Enrollment,
    /// A date.
    #[serde(untagged)]
    Date(DateField),
}

impl Presence {
    /// All that has a word of its own; dates have theirs.
    pub const ALL: [(Presence, &'static str); 19] = [
        (Presence::Results, "results"),
        (Presence::Publication, "publication"),
        (Presence::Title, "title"),
        (Presence::Status, "status"),
        (Presence::Phase, "phase"),
        (Presence::Country, "country"),
        (Presence::Sex, "sex"),
        (Presence::Age, "age"),
        (Presence::Type, "type"),
        (Presence::Allocation, "allocation"),
        (Presence::Masking, "masking"),
        (Presence::Purpose, "purpose"),
        (Presence::Condition, "condition"),
        (Presence::Intervention, "intervention"),
        (Presence::Outcome, "outcome"),
        (Presence::Eligibility, "eligibility"),
        (Presence::Sponsor, "sponsor"),
        (Presence::Summary, "summary"),
        (Presence::Enrollment, "enrollment"),
    ];
}

impl fmt::Display for Presence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Presence::Date(date) = self {
            return f.write_str(date.word());
        }
        let word = Presence::ALL.iter().find(|(presence, _)| presence == self);
        f.write_str(word.map_or("", |(_, word)| word))
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Filter::Kind(kind) => write!(f, "kind:{kind}"),
            Filter::Status(list) => write_list(f, "status", list),
            Filter::Phase(list) => write_list(f, "phase", list),
            Filter::Country(list) => write_list(f, "country", list),
            Filter::Sex(choice) => write!(f, "sex:{choice}"),
            Filter::Age(age) => write!(f, "age:{age}"),
            Filter::Type(list) => write_list(f, "type", list),
            Filter::Registry(list) => write_list(f, "registry", list),
            Filter::Allocation(list) => write_list(f, "allocation", list),
            Filter::Masking(list) => write_list(f, "masking", list),
            Filter::Purpose(list) => write_list(f, "purpose", list),
            Filter::Healthy(yes) => write!(f, "healthy:{}", if *yes { "yes" } else { "no" }),
            Filter::Date { field, range } => write!(f, "{}:{range}", field.word()),
            Filter::Enrollment(range) => write!(f, "enrollment:{range}"),
            Filter::Has(presence) => write!(f, "has:{presence}"),
            Filter::Missing(presence) => write!(f, "missing:{presence}"),
        }
    }
}

fn write_list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, name: &str, list: &[T]) -> fmt::Result {
    write!(f, "{name}:")?;
    for (index, value) in list.iter().enumerate() {
        if index > 0 {
            f.write_str(",")?;
        }
        write!(f, "{value}")?;
    }
    Ok(())
}
