//! The domain model: what a trial and an article are, as pure data.
//!
//! Comes in: nothing. Goes out: [`Trial`] and [`Article`] with normalised values, the registry's
//! own words beside them. Names follow the WHO Trial Registration Data Set 1.3.1 (TRDS).
//! Reading files is `source`'s work, not this module's.

mod age;
mod article;
mod date;
mod parts;
mod provenance;
mod registry;
mod trial;
mod values;

pub use age::{Age, AgeLimit, AgeUnit};
pub use article::{Article, CitedArticle};
pub use date::{DateType, PartialDate};
pub use parts::{
    Arm, Code, Condition, Contact, EthicsReview, GeoPoint, Intervention, IpdSharing,
    IpdSharingItem, Link, MeshTerm, Official, Outcome, Reference, ResponsibleParty, SecondaryId,
    Site, StudyDesign, SummaryResults, SupportSource,
};
pub use provenance::{Format, Provenance};
pub use registry::Registry;
pub use trial::Trial;
pub use values::{
    Allocation, ArmType, ClosedVocabulary, InterventionType, Masking, Model, ObservationalModel,
    OfficialRole, Phase, Purpose, RecruitmentStatus, ReferenceType, RegistrationTiming, Sex,
    SponsorClass, StudyType, TimePerspective, WhoMasked,
};

use serde::{Deserialize, Serialize};
use std::fmt;

/// A registered trial or an article: whatever the engine can find.
///
/// As JSON it is one flat object whose first key is `kind`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Record {
    /// A registered clinical trial.
    Trial(Box<Trial>),
    /// A health article, such as a blog post.
    Article(Box<Article>),
}

/// Which of the two a [`Record`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A registered clinical trial.
    Trial,
    /// A health article.
    Article,
}

impl Kind {
    /// Both.
    pub const ALL: [Kind; 2] = [Kind::Trial, Kind::Article];

    /// The word used in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Trial => "trial",
            Kind::Article => "article",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Record {
    /// The record's own number or path, unique within its kind.
    pub fn id(&self) -> &str {
        match self {
            Record::Trial(trial) => &trial.trial_id,
            Record::Article(article) => &article.article_id,
        }
    }

    /// Whether this is a trial or an article.
    pub fn kind(&self) -> Kind {
        match self {
            Record::Trial(_) => Kind::Trial,
            Record::Article(_) => Kind::Article,
        }
    }

    /// The title a reader would call it by: public before scientific.
    pub fn title(&self) -> Option<&str> {
        match self {
            Record::Trial(trial) => trial.title(),
            Record::Article(article) => article.title.as_deref(),
        }
    }

    /// Where the record was read.
    pub fn provenance(&self) -> Option<&Provenance> {
        match self {
            Record::Trial(trial) => trial.provenance.as_ref(),
            Record::Article(article) => article.provenance.as_ref(),
        }
    }

    /// Sets where the record was read.
    pub fn set_provenance(&mut self, provenance: Provenance) {
        match self {
            Record::Trial(trial) => trial.provenance = Some(provenance),
            Record::Article(article) => article.provenance = Some(provenance),
        }
    }

    /// Takes out where the record was read, leaving what it says.
    pub fn take_provenance(&mut self) -> Option<Provenance> {
        match self {
            Record::Trial(trial) => trial.provenance.take(),
            Record::Article(article) => article.provenance.take(),
        }
    }

    /// The date the record's source last spoke: the vintage of what it says.
    pub fn as_of(&self) -> Option<PartialDate> {
        match self {
            Record::Trial(trial) => trial.as_of,
            Record::Article(article) => article.as_of,
        }
    }
}
