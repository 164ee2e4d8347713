//! The one integration binary: everything here goes through the public library or the program.

mod corpus;
mod cross_check;
mod finding;
mod hostile;
mod layers;
mod material;
mod parsing;
mod program;
