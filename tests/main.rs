//! The one integration binary: everything here goes through the public library or the program.

mod corpus;
mod cross_check;
mod hostile;
mod material;
mod parsing;
