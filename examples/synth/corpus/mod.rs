//! Records of registries made up from figures that real ones were found to have.

mod ctgov;
mod days;
pub(crate) mod draw;
pub(crate) mod figures;
mod ictrp;
mod irct;
mod maker;
pub(crate) mod mix;
mod people;
mod words;

pub(crate) use ictrp::header;
pub(crate) use maker::Maker;

pub(crate) type Outcome<T> = Result<T, String>;
