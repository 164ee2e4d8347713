//! Filters → sets of documents.

use super::{add_documents, reading};
use crate::error::Result;
use crate::index::{DocSet, Mapped, Mapping, day_column};
use crate::query::filter::{
    DateField, DateRange, Filter, PhaseChoice, Presence, SizeRange, phase_class,
};
use crate::record::{Age, ClosedVocabulary, Phase, RecruitmentStatus, StudyType};
use tantivy::columnar::Column;
use tantivy::{DocId, SegmentReader, Term};

/// One segment as filters see it.
pub(crate) struct Filtering<'a> {
    pub(crate) segment: &'a SegmentReader,
    pub(crate) mapping: &'a Mapping,
    /// Everything that can be found.
    pub(crate) all: &'a DocSet,
}

/// Adds the documents of an exact value.
fn add_term(
    segment: &SegmentReader,
    mapping: &Mapping,
    field: &str,
    value: &str,
    set: &mut DocSet,
) -> Result<()> {
    let Some(field) = mapping.keyword(field) else {
        return Ok(());
    };
    add_documents(segment, &Term::from_field_text(field, value), set)
}

impl Filtering<'_> {
    /// The documents a filter keeps.
    pub(crate) fn keep(&self, filter: &Filter) -> Result<DocSet> {
        let mut set = match filter {
            Filter::Kind(kind) => self.any("kind", [kind.as_str()])?,
            Filter::Status(list) => {
                let statuses = list.iter().flat_map(|choice| choice.statuses());
                self.words("recruitment_status", statuses)?
            }
            Filter::Phase(list) => self.phases(list)?,
            Filter::Country(list) => self.any("country", list.iter().map(String::as_str))?,
            Filter::Sex(choice) => {
                let mut set = self.words("sex", choice.accepted().iter().copied())?;
                set.unite(&self.without(&self.present("sex")?));
                set
            }
            Filter::Age(age) => self.age(*age)?,
            Filter::Type(list) => self.types(list)?,
            Filter::Registry(list) => self.any("registry", list.iter().map(|r| r.as_str()))?,
            Filter::Allocation(list) => self.words("allocation", list.iter().copied())?,
            Filter::Masking(list) => self.words("masking", list.iter().copied())?,
            Filter::Purpose(list) => self.words("purpose", list.iter().copied())?,
            Filter::Healthy(yes) => self.flag("healthy_volunteers", *yes)?,
            Filter::Date { field, range } => self.dates(*field, *range)?,
            Filter::Enrollment(range) => self.sizes(*range)?,
            Filter::Has(presence) => self.having(*presence)?,
            Filter::Missing(presence) => self.without(&self.having(*presence)?),
        };
        set.intersect(self.all);
        Ok(set)
    }

    fn empty(&self) -> DocSet {
        DocSet::new(self.segment.max_doc())
    }

    fn without(&self, set: &DocSet) -> DocSet {
        let mut rest = self.all.clone();
        rest.subtract(set);
        rest
    }

    fn any<'v>(&self, field: &str, values: impl IntoIterator<Item = &'v str>) -> Result<DocSet> {
        let mut set = self.empty();
        for value in values {
            add_term(self.segment, self.mapping, field, value, &mut set)?;
        }
        Ok(set)
    }

    fn words<T: ClosedVocabulary>(
        &self,
        field: &str,
        values: impl IntoIterator<Item = T>,
    ) -> Result<DocSet> {
        self.any(field, values.into_iter().map(|value| value.as_str()))
    }

    fn phases(&self, choices: &[PhaseChoice]) -> Result<DocSet> {
        let of_class = |class: Phase| {
            let same = Phase::ALL
                .iter()
                .copied()
                .filter(|p| phase_class(*p) == class);
            self.words("phase", same)
        };
        let mut set = self.empty();
        for choice in choices {
            match choice {
                PhaseChoice::Has(phase) => set.unite(&of_class(phase_class(*phase))?),
                PhaseChoice::Combined(phases) => {
                    let wanted: Vec<Phase> = phases.iter().map(|p| phase_class(*p)).collect();
                    let mut combined = self.all.clone();
                    for &phase in Phase::ALL {
                        let class = phase_class(phase);
                        let has = of_class(class)?;
                        if wanted.contains(&class) {
                            combined.intersect(&has);
                        } else {
                            combined.subtract(&has);
                        }
                    }
                    set.unite(&combined);
                }
            }
        }
        Ok(set)
    }

    fn types(&self, types: &[StudyType]) -> Result<DocSet> {
        let registries = types.contains(&StudyType::Observational);
        let more = registries.then_some(StudyType::ObservationalPatientRegistry);
        self.words("study_type", types.iter().copied().chain(more))
    }

    /// Trials whose limits do not keep out everybody of that age; a limit not given keeps out nobody.
    fn age(&self, age: Age) -> Result<DocSet> {
        let lowest = self.numbers("minimum_age")?;
        let highest = self.numbers("maximum_age")?;
        let value = |column: &Option<Column<u64>>, document| {
            column.as_ref().and_then(|column| column.first(document))
        };
        let mut set = self.empty();
        for document in self.all.iter() {
            let young = value(&lowest, document).is_some_and(|low| low > age.last_minute());
            let old = value(&highest, document).is_some_and(|high| high < age.minutes());
            if !young && !old {
                set.insert(document);
            }
        }
        Ok(set)
    }

    fn dates(&self, field: DateField, range: DateRange) -> Result<DocSet> {
        let columns = self.segment.fast_fields();
        let first = reading(columns.column_opt::<i64>(&day_column(field.field(), false)))?;
        let last = reading(columns.column_opt::<i64>(&day_column(field.field(), true)))?;
        let (Some(first), Some(last)) = (first, last) else {
            return Ok(self.empty());
        };
        let (from, to) = (range.first_ordinal(), range.last_ordinal());
        Ok(self.where_(|document| {
            first.first(document).is_some_and(|day| day <= to)
                && last.first(document).is_some_and(|day| day >= from)
        }))
    }

    fn sizes(&self, range: SizeRange) -> Result<DocSet> {
        let Some(sizes) = self.numbers("sample_size")? else {
            return Ok(self.empty());
        };
        let (from, to) = (range.from.unwrap_or(0), range.to.unwrap_or(u64::MAX));
        Ok(self.where_(|document| {
            sizes
                .first(document)
                .is_some_and(|size| (from..=to).contains(&size))
        }))
    }

    fn where_(&self, holds: impl Fn(DocId) -> bool) -> DocSet {
        let mut set = self.empty();
        for document in self.all.iter().filter(|&document| holds(document)) {
            set.insert(document);
        }
        set
    }

    fn numbers(&self, name: &str) -> Result<Option<Column<u64>>> {
        reading(self.segment.fast_fields().column_opt::<u64>(name))
    }

    fn flag(&self, name: &str, wanted: bool) -> Result<DocSet> {
        let column = reading(self.segment.fast_fields().column_opt::<bool>(name))?;
        Ok(match column {
            Some(column) => self.where_(|document| column.first(document) == Some(wanted)),
            None => self.empty(),
        })
    }

    fn having(&self, presence: Presence) -> Result<DocSet> {
        let fields: &[&str] = match presence {
            Presence::Results => return self.flag("has_results", true),
            Presence::Publication => return self.flag("has_publication", true),
            Presence::Title => &["public_title", "scientific_title", "article_title"],
            Presence::Status => {
                let mut set = self.present("recruitment_status")?;
                set.subtract(
                    &self.any("recruitment_status", [RecruitmentStatus::Unknown.as_str()])?,
                );
                return Ok(set);
            }
            Presence::Phase => &["phase"],
            Presence::Country => &["country"],
            Presence::Sex => &["sex"],
            Presence::Age => &["minimum_age", "maximum_age"],
            Presence::Type => &["study_type"],
            Presence::Allocation => &["allocation"],
            Presence::Masking => &["masking"],
            Presence::Purpose => &["purpose"],
            Presence::Condition => &["conditions"],
            Presence::Intervention => &["interventions"],
            Presence::Outcome => &["primary_outcomes", "secondary_outcomes"],
            Presence::Eligibility => &["inclusion", "exclusion", "eligibility"],
            Presence::Sponsor => &["sponsor"],
            Presence::Summary => &[
                "brief_summary",
                "detailed_description",
                "article_description",
                "article_text",
            ],
            Presence::Enrollment => &["sample_size"],
            Presence::Date(date) => &[date.field()],
        };
        let mut set = self.empty();
        for field in fields {
            set.unite(&self.present(field)?);
        }
        Ok(set)
    }

    /// The documents that have a field.
    fn present(&self, name: &str) -> Result<DocSet> {
        let columns = self.segment.fast_fields();
        match self.mapping.get(name) {
            Some(Mapped::Text(field)) => {
                let lengths = reading(self.segment.get_fieldnorms_reader(field))?;
                Ok(self.where_(|document| lengths.fieldnorm_id(document) > 0))
            }
            Some(Mapped::Keyword(_)) => Ok(match reading(columns.str(name))? {
                Some(column) => self.where_(|document| column.ords().first(document).is_some()),
                None => self.empty(),
            }),
            Some(Mapped::Date { .. }) => {
                let column = reading(columns.column_opt::<i64>(&day_column(name, false)))?;
                Ok(match column {
                    Some(column) => self.where_(|document| column.first(document).is_some()),
                    None => self.empty(),
                })
            }
            Some(Mapped::Number(_) | Mapped::Age(_)) => Ok(match self.numbers(name)? {
                Some(column) => self.where_(|document| column.first(document).is_some()),
                None => self.empty(),
            }),
            Some(Mapped::Flag(_)) => {
                let column = reading(columns.column_opt::<bool>(name))?;
                Ok(match column {
                    Some(column) => self.where_(|document| column.first(document).is_some()),
                    None => self.empty(),
                })
            }
            Some(Mapped::Record(_)) | None => Ok(self.empty()),
        }
    }
}
