//! Chance that is the same on every machine, and what is drawn by it.

/// A generator of numbers (SplitMix64): the same numbers for the same parts.
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn of(parts: &[u64]) -> Self {
        let mut rng = Rng(0x5eed);
        for part in parts {
            rng.0 = rng.next() ^ part.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        rng
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// At least 0 and less than 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Less than `end`; 0 where that is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.unit() * end as f64) as usize
    }

    pub(crate) fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }
}

/// The same number for the same text.
pub(crate) fn number_of(text: &str) -> u64 {
    text.bytes().fold(7, |sum: u64, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(byte))
    })
}

/// Twentieths of all values, the last of them in five parts: the largest values weigh much.
pub(crate) const BINS: usize = 24;

/// Where a bin ends, of 1.
pub(crate) fn bin_end(bin: usize) -> f64 {
    if bin < 19 {
        (bin + 1) as f64 * 0.05
    } else {
        0.95 + (bin - 18) as f64 * 0.01
    }
}

/// A distribution of numbers: the mean of each bin of them, in order.
pub(crate) struct Bins(pub(crate) Vec<f64>);

impl Bins {
    pub(crate) fn draw(&self, rng: &mut Rng) -> usize {
        let place = rng.unit();
        let bin = if place < 0.95 {
            (place / 0.05) as usize
        } else {
            19 + ((place - 0.95) / 0.01) as usize
        };
        let mean = self.0.get(bin.min(BINS - 1)).copied().unwrap_or_default();
        mean as usize + usize::from(rng.chance(mean.fract()))
    }
}

/// Things to choose from, each with the share of it and all before.
pub(crate) struct Choice(pub(crate) Vec<(String, f64)>);

impl Choice {
    pub(crate) fn draw(&self, rng: &mut Rng) -> &str {
        let total = self.0.last().map_or(0.0, |last| last.1);
        let place = rng.unit() * total;
        let at = self.0.partition_point(|(_, end)| *end <= place);
        let at = at.min(self.0.len().saturating_sub(1));
        self.0.get(at).map_or("", |(value, _)| value)
    }

    pub(crate) fn add(&mut self, value: &str, share: f64) {
        let before = self.0.last().map_or(0.0, |last| last.1);
        self.0.push((value.to_owned(), before + share));
    }
}

/// How often things are met by their rank: the share of every doubling of ranks (1, 2 to 3, 4 to 7,
/// …), and of all ranks after. Inside a doubling, and with the same slope at its beginning in the
/// tail, a share falls as a power of the rank (Zipf), so that new things never end (Heaps).
pub(crate) struct Curve(pub(crate) Vec<f64>);

/// No rank is higher: it would have no name of a decent length.
const LAST_RANK: f64 = (1u64 << 40) as f64;

impl Curve {
    pub(crate) fn draw(&self, rng: &mut Rng) -> u64 {
        let mut place = rng.unit() * self.0.iter().sum::<f64>();
        let doublings = self.0.len().saturating_sub(1);
        for (doubling, share) in self.0.iter().take(doublings).enumerate() {
            if place < *share {
                return (doubling as f64 + rng.unit()).exp2() as u64;
            }
            place -= share;
        }
        let falls = self.tail_exponent() - 1.0;
        let rank = (doublings as f64).exp2() * (1.0 - rng.unit()).powf(-1.0 / falls);
        rank.min(LAST_RANK) as u64
    }

    /// The power with which shares fall in the tail: the tail begins as high as the last doubling is,
    /// and holds what the others leave.
    pub(crate) fn tail_exponent(&self) -> f64 {
        match self.0.as_slice() {
            [.., last, tail] if *tail > 0.0 => 1.0 + last / (std::f64::consts::LN_2 * tail),
            _ => 2.0,
        }
    }
}
