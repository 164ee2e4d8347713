//! The one integration binary: everything here goes through the public library or the program.

mod corpus;
mod hostile;
mod material;
mod parsing;
