//! Which records tell of one trial: a trial stands in several registries, each with its own number.
//!
//! Comes in: the numbers records carry and give each other, and what else is compared. Goes out:
//! [`Groups`], with the evidence for every one, and the numbers that join nothing. `join` decides by
//! shared numbers, `judge` on two records that share none, `settle` which of those join; nothing
//! here reads an index. What is joined, what is not and why is said in `docs/identity.md`.

mod group;
mod join;
mod judgement;
mod number;
mod settle;
mod sketch;
mod union;

pub use group::{Evidence, Group, Groups, Judgement, Member, Reason, Refused};
pub(crate) use join::{Node, join};
pub(crate) use judgement::{Features, are_held, judge};
pub(crate) use number::{Number, Said, values};
pub(crate) use settle::{Pair, settle};
pub(crate) use sketch::sketch;

/// The fields of the index that hold what is compared.
pub(crate) const NUMBERS: &str = "trial_numbers";
pub(crate) const SKETCH: &str = "title_sketch";

#[cfg(test)]
mod tests;
