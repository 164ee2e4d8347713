//! Records of a registry made up from figures that real ones were found to have.

pub(crate) mod draw;
pub(crate) mod figures;
mod record;
mod words;

pub(crate) use record::Maker;

pub(crate) type Outcome<T> = Result<T, String>;
