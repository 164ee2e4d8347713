//! An embedded full-text search engine for clinical-trial records and health articles.
//!
//! Files of registries and blogs go in, ranked hits come out: no server, no network, no global
//! state. This program indexes a folder and searches it:
//!
//! ```
//! use std::sync::Arc;
//! use trialdex::index::{Index, UpdateOptions};
//! use trialdex::query::Query;
//! use trialdex::record::Kind;
//! use trialdex::results::{SearchOptions, search};
//! use trialdex::schema::IndexSchema;
//! use trialdex::source::Source;
//!
//! # fn main() -> trialdex::Result<()> {
//! let schema = Arc::new(IndexSchema::shipped()?);
//! let sources = vec![Source::path("corpus")];
//! let options = UpdateOptions::default();
//! let (index, report) = Index::in_memory(sources, &[], schema, &options, &mut ())?;
//! assert_eq!(report.total().rejected, 0);
//!
//! let query = Query::text("mesenchymal stem cells for lupus nephritis").kind(Kind::Trial);
//! let results = search(&index.snapshot(), &query, &SearchOptions::default())?;
//! for hit in &results.hits {
//!     let title = hit.record.title().unwrap_or("(no title)");
//!     println!("{:>2}. {} {title}", hit.rank, hit.record.id());
//! }
//! assert_eq!(results.hits[0].record.id(), "IRCT2016090729747N1");
//! # Ok(())
//! # }
//! ```
//!
//! An index that stays is fed by an [`IndexWriter`](index::IndexWriter) and opened with
//! [`Index::open`](index::Index::open); `examples/index_and_search.rs` does both.
//!
//! # Map
//!
//! Data flows down this list, imports go up: a module knows only those before it.
//!
//! | module | the question it answers |
//! |---|---|
//! | [`Error`] | what went wrong, where, and what to do about it? |
//! | [`record`] | what are a trial and an article? |
//! | [`schema`] | which fields, analyzers, weights and wordings are there? (`index-schema/`) |
//! | [`source`] | what do these files hold, in our form? |
//! | [`analysis`] | which words has this text? |
//! | [`concept`] | which names mean the same thing? |
//! | [`identity`] | which records tell of one trial? |
//! | [`index`] | where are the records, and how do they get there whole? |
//! | [`query`] | what does the user ask, and what does a record score for it? |
//! | [`results`] | what is shown of what was found? |
//! | [`eval`] | how good is the ranking? |
//! | [`reindex`](mod@reindex) | how does an index become equal to its sources, every night and unattended? |

mod error;
mod lines;
pub mod record;
pub mod schema;
pub mod source;

pub mod analysis;

pub mod concept;

pub mod identity;

pub mod index;

pub mod query;

pub mod results;

pub mod eval;

pub mod reindex;

pub use error::{Error, ErrorKind, Result};
