//! Where a page of hits ended, as a text that can be handed on.

use super::order::{Keys, MOST_KEYS, Sort};
use crate::error::{Error, ErrorKind, Result};
use crate::record::Kind;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// Where a page ended: the next one begins behind it, whatever was published meanwhile.
///
/// As text it is opaque.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageToken {
    /// The order it belongs to.
    pub(super) sort: Vec<Sort>,
    pub(super) keys: Keys,
    pub(super) id: String,
    pub(super) kind: Kind,
}

impl fmt::Display for PageToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for sort in &self.sort {
            write!(f, "{sort},")?;
        }
        for key in self.keys {
            write!(f, "{key:x}.")?;
        }
        write!(f, "{}.{}", self.kind, self.id)
    }
}

impl FromStr for PageToken {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let wrong = || {
            Error::new(
                ErrorKind::Usage,
                format!("not the token of a page: {text:?}"),
            )
            .remedy("use the token printed with the page before")
        };
        let mut rest = text;
        let mut sort = Vec::new();
        while let Some((one, behind)) = rest.split_once(',')
            && let Ok(one) = one.parse()
        {
            sort.push(one);
            rest = behind;
        }
        let mut keys = [0; MOST_KEYS];
        for key in &mut keys {
            let (number, behind) = rest.split_once('.').ok_or_else(wrong)?;
            *key = u64::from_str_radix(number, 16).map_err(|_| wrong())?;
            rest = behind;
        }
        let (kind, id) = rest.split_once('.').ok_or_else(wrong)?;
        let kind = Kind::ALL.into_iter().find(|known| known.as_str() == kind);
        let token = PageToken {
            sort,
            keys,
            id: id.to_owned(),
            kind: kind.ok_or_else(wrong)?,
        };
        if token.to_string() == text {
            Ok(token)
        } else {
            Err(wrong())
        }
    }
}

impl Serialize for PageToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PageToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_as_it_was_written() {
        let token = PageToken {
            sort: vec!["started:asc".parse().unwrap(), "relevance".parse().unwrap()],
            keys: [0.3_f64.to_bits(), u64::MAX, 0],
            id: "blog/a.b,c d".to_owned(),
            kind: Kind::Article,
        };
        assert_eq!(token.to_string().parse::<PageToken>().unwrap(), token);
        for wrong in ["", "x", "1.2.3", "1.2.3.study.x", "zz.1.2.trial.x"] {
            assert!(wrong.parse::<PageToken>().is_err(), "{wrong}");
        }
    }
}
