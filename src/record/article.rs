//! An article: anything written about trials or health that is not a trial record.

use super::{PartialDate, Provenance};
use serde::{Deserialize, Serialize};

/// A health article, such as a blog post.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Article {
    /// Front matter's `path` or `slug`, else the path below the source without ending.
    pub article_id: String,
    /// Front matter's title, else the first heading, else the file name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The author's own summary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Date of publication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<PartialDate>,
    /// The date as it was written, where it differs from `date`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_verbatim: Option<String>,
    /// Names of the authors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// Tags, categories and keywords of the front matter.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Language of the front matter (BCP 47), where told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The headings in their order, without marks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headings: Vec<String>,
    /// The running text without marks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The entries of the list of references, one string each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// Web addresses the text links to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// Registry numbers cited, in their normal spelling.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cited_trials: Vec<String>,
    /// Publications cited.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cited_articles: Vec<CitedArticle>,
    /// Address of the article itself, where told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The date the article last spoke: its last change, else its publication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<PartialDate>,
    /// Where it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Provenance>,
}

/// A publication cited by an article: exactly one of the three numbers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CitedArticle {
    /// Digital object identifier, lower case, without resolver: `10.3390/jpm12010117`.
    Doi(String),
    /// PubMed number, digits only.
    Pmid(String),
    /// PubMed Central number with its prefix: `PMC8781097`.
    Pmcid(String),
}
