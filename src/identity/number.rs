//! The numbers a record carries: its own, and those it gives as other numbers of the same trial.

use crate::record::{Registry, Trial};
use crate::schema::identifiers::{Identifier, IdentifierKind, Identifiers};
use std::collections::BTreeSet;
use std::fmt;

/// The number of a trial, without what differs between records of one trial in one registry: the
/// member state of a EudraCT number, the resubmission of an EU number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Number {
    /// The registry that gave it; absent for a Universal Trial Number.
    pub(crate) registry: Option<Registry>,
    pub(crate) stem: String,
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.stem)
    }
}

impl Number {
    /// The number a record has in its registry.
    pub(crate) fn own(registry: Registry, id: &str) -> Self {
        let identifier = Identifier {
            kind: IdentifierKind::RegistryNumber,
            registry: Some(registry),
            normal: id.to_owned(),
        };
        Number {
            registry: Some(registry),
            stem: identifier.stem().to_owned(),
        }
    }

    /// The numbers in a text that name one trial. Sponsors' codes, grants and approvals of ethics
    /// committees stand for several, so they are none.
    fn in_text(text: &str, identifiers: &Identifiers) -> Vec<Self> {
        let found = identifiers.find(text).into_iter().map(|f| f.identifier);
        let found = found.filter(|i| i.is_trial() || i.kind == IdentifierKind::Utn);
        found
            .map(|identifier| Number {
                registry: identifier.registry,
                stem: identifier.stem().to_owned(),
            })
            .collect()
    }
}

/// What a value of the index says of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// Its own number is this.
    Own(Number),
    /// It gives these as other numbers of the trial.
    Named(Vec<Number>),
    /// These are obsolete numbers of its own.
    Alias(Vec<Number>),
}

/// Before the number of a record itself, before others it gives, and before its obsolete ones.
const OWN: char = '=';
const NAMED: char = '+';
const ALIAS: char = '-';

/// What of a trial's numbers is kept in the index, for [`Said::read`]. Trials it only points to and
/// numbers in running text are other trials, as a rule, and left out.
pub(crate) fn values(trial: &Trial) -> BTreeSet<String> {
    let own = format!("{OWN}{} {}", trial.registry, trial.trial_id);
    // WHO's Universal Trial Numbers name no registry, so they are not among `registry_ids`.
    let universal = trial.secondary_ids.iter().filter(|id| id.contains("1111"));
    let aliases = trial.id_aliases.iter();
    let aliases = aliases.map(|number| format!("{ALIAS}{number}"));
    let named = trial.registry_ids.iter().chain(universal);
    let named = named.map(|number| format!("{NAMED}{number}"));
    named.chain(aliases).chain([own]).collect()
}

impl Said {
    /// Reads what [`values`] wrote.
    pub(crate) fn read(value: &str, identifiers: &Identifiers) -> Option<Self> {
        if let Some(text) = value.strip_prefix(NAMED) {
            return Some(Said::Named(Number::in_text(text, identifiers)));
        }
        if let Some(text) = value.strip_prefix(ALIAS) {
            return Some(Said::Alias(Number::in_text(text, identifiers)));
        }
        let (registry, id) = value.strip_prefix(OWN)?.split_once(' ')?;
        Some(Said::Own(Number::own(registry.parse().ok()?, id)))
    }
}
