//! Filters a record passes because it says nothing about them.

use crate::query::{Clause, Filter, Query};
use crate::record::Record;

/// The filters of a query that keep a record without a value: those of sex and age.
pub(super) fn lenient(query: &Query) -> Vec<Filter> {
    let mut filters = Vec::new();
    let mut open: Vec<&Clause> = query.clause().into_iter().collect();
    while let Some(clause) = open.pop() {
        match clause {
            Clause::Filter(filter @ (Filter::Sex(_) | Filter::Age(_))) => {
                filters.push(filter.clone());
            }
            Clause::Must(inner) | Clause::Area { clause: inner, .. } => open.push(inner),
            // In the order of the text.
            Clause::Group(parts) | Clause::And(parts) | Clause::Or(parts) => {
                open.extend(parts.iter().rev());
            }
            _ => {}
        }
    }
    filters.dedup();
    filters
}

/// Those of some filters a record gives no value for.
pub(super) fn of(record: &Record, filters: &[Filter]) -> Vec<Filter> {
    let silent = |filter: &&Filter| match (filter, record) {
        (_, Record::Article(_)) => true,
        (Filter::Sex(_), Record::Trial(trial)) => trial.sex.is_none(),
        (_, Record::Trial(trial)) => trial.minimum_age.is_none() || trial.maximum_age.is_none(),
    };
    filters.iter().filter(silent).cloned().collect()
}
