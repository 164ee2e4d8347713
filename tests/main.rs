//! The one integration binary: everything here goes through the public library or the program.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests say why they skip and what they counted"
)]

mod alike;
mod answers;
mod concepts;
mod contrib;
mod corpus;
mod cross_check;
mod definitions;
#[cfg(unix)]
mod durability;
mod facets;
mod finding;
mod hostile;
mod hostile_queries;
mod identity;
mod invariants;
mod judged;
mod layers;
mod material;
mod naming;
mod parsing;
mod printed;
mod program;
mod reference;
mod synth;
mod unattended;
mod world;
