//! Groups of records, as they are kept and printed.

use crate::record::{PartialDate, Registry};
use serde::{Deserialize, Serialize};

/// A record of a group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Member {
    /// The registry it stands in.
    pub registry: Registry,
    /// Its number there.
    pub id: String,
}

/// Why records are taken to tell of one trial.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "evidence", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Evidence {
    /// They have the number of one trial, but for the member state or the resubmission.
    OneNumber {
        /// The number they share.
        number: String,
        /// The ids of the records.
        records: Vec<String>,
    },
    /// They carry the same number: one as its own or all as another number of the trial.
    SharedNumber {
        /// The number they share.
        number: String,
        /// The ids of the records that carry it, whose own it is among them.
        records: Vec<String>,
        /// Whether each of them names the number of the other.
        mutual: bool,
    },
    /// They share no number, and are too much alike to tell of two trials.
    Judged(Judgement),
}

/// What two records of different registries have in common and what not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Judgement {
    /// The ids of the records; what follows is told in their order.
    pub records: [String; 2],
    /// What all that follows is worth together.
    pub points: i32,
    /// The share of words two of their titles have in common, in hundredths.
    pub title: u32,
    /// How many words those are.
    pub words: u32,
    /// How many participants each tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<[u64; 2]>,
    /// When each takes its first participant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<[PartialDate; 2]>,
    /// The share of words names of sponsors have in common, in hundredths of the fewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sponsor: Option<u32>,
    /// The person both name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The share of words their conditions have in common, in hundredths of the fewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<u32>,
    /// Whether they name a country in common.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub countries: Option<bool>,
    /// A record that fits one of the two as well and stands in the registry of the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rival: Option<String>,
}

/// Records that tell of one trial.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Group {
    /// The records, by registry and number; two at least.
    pub members: Vec<Member>,
    /// What joins them.
    pub evidence: Vec<Evidence>,
}

/// Why a number joins nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// Two records of one registry give it: it is the number of a programme, or one of them is wrong.
    SharedWithinRegistry,
    /// It would bring two records of one registry into one group.
    Contradicts,
}

/// A number that several records carry and that joins nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Refused {
    /// The number.
    pub number: String,
    /// The ids of the records that carry it.
    pub records: Vec<String>,
    /// Why it joins nothing.
    pub reason: Reason,
}

/// What is known of the records of an index that tell of one trial.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Groups {
    /// The groups, by their first members; no record stands in two.
    pub groups: Vec<Group>,
    /// Numbers that join nothing, by number.
    pub refused: Vec<Refused>,
    /// Pairs of records that share no number and may tell of one trial; they are not joined.
    pub likely: Vec<Group>,
}

impl Member {
    pub(crate) fn new(registry: Registry, id: &str) -> Self {
        let id = id.to_owned();
        Member { registry, id }
    }
}

impl Group {
    pub(crate) fn new(members: Vec<Member>, evidence: Vec<Evidence>) -> Self {
        Group { members, evidence }
    }

    /// Whether no number joins all of its records.
    pub fn is_judged(&self) -> bool {
        let mut evidence = self.evidence.iter();
        evidence.any(|evidence| matches!(evidence, Evidence::Judged(_)))
    }
}

impl Groups {
    pub(crate) fn new(groups: Vec<Group>, refused: Vec<Refused>, likely: Vec<Group>) -> Self {
        Groups {
            groups,
            refused,
            likely,
        }
    }

    /// The group a record belongs to.
    pub fn of(&self, id: &str) -> Option<&Group> {
        let mut groups = self.groups.iter();
        groups.find(|group| group.members.iter().any(|member| member.id == id))
    }
}
