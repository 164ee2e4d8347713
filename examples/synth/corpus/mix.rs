//! Files of which registries are made, and which record is one of which.

use super::Outcome;

/// A kind of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Studies of ClinicalTrials.gov's API v2.
    Ctgov,
    /// Rows of WHO's search portal.
    Ictrp,
    /// Protocols of the Iranian registry.
    Irct,
}

pub(crate) const KINDS: [(Kind, &str); 3] = [
    (Kind::Ctgov, "ctgov"),
    (Kind::Ictrp, "ictrp"),
    (Kind::Irct, "irct"),
];

/// Of so many records in a row how many are of each kind: `ctgov=80,ictrp=15,irct=5`.
pub(crate) struct Mix([u64; KINDS.len()]);

impl Mix {
    /// ClinicalTrials.gov alone.
    pub(crate) fn plain() -> Self {
        Mix([1, 0, 0])
    }

    pub(crate) fn parse(text: &str) -> Outcome<Self> {
        let mut mix = Mix([0; KINDS.len()]);
        for part in text.split(',') {
            let wrong = || format!("no part of a mix: {part:?} (as in ctgov=80,ictrp=15,irct=5)");
            let (name, share) = part.split_once('=').ok_or_else(wrong)?;
            let known = KINDS.iter().find(|(_, own)| *own == name.trim());
            let (kind, _) = known.ok_or_else(wrong)?;
            mix.0[*kind as usize] = share.trim().parse().map_err(|_| wrong())?;
        }
        match mix.0.iter().sum::<u64>() {
            0 => Err("a mix of nothing".to_owned()),
            _ => Ok(mix),
        }
    }

    /// How many of the first records are of a kind. In every round of as many records as the shares
    /// add up to, those of the first kind come first.
    pub(crate) fn of_first(&self, records: u64, kind: Kind) -> u64 {
        let round: u64 = self.0.iter().sum();
        let before: u64 = self.0.iter().take(kind as usize).sum();
        let share = self.0[kind as usize];
        let begun = (records % round).saturating_sub(before).min(share);
        records / round * share + begun
    }
}
