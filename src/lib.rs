//! An embedded full-text search engine for clinical-trial records and health articles.

mod error;
pub mod record;
pub mod schema;
pub mod source;

pub mod analysis;

pub mod index;

pub mod query;

pub mod results;

pub mod eval;

pub use error::{Error, ErrorKind, Result};
