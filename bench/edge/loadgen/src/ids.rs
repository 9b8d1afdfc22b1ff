//! Ids of spaces: 32 hexadecimal digits.

use std::fmt::Write as _;

use serde::Deserialize;

/// Which ids a job asks for.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Ids {
    /// The same id every time.
    One(String),
    /// Random ids of 116 bits: in practice no two are equal, so that no cache has any of them. The seed makes the
    /// sequence repeatable; it has to differ between loads on the same server.
    Distinct {
        /// Start of the sequence.
        seed: u64,
    },
}

/// The ids of one connection.
pub enum Source {
    /// Always this one.
    One(String),
    /// The next of a random sequence.
    Random(fastrand::Rng),
}

impl Ids {
    /// The sequence for connection number `n`.
    pub fn source(&self, n: u64) -> Source {
        match self {
            Self::One(id) => Source::One(id.clone()),
            Self::Distinct { seed } => {
                let mut seeds = fastrand::Rng::with_seed(seed.wrapping_add(n << 32));
                Source::Random(fastrand::Rng::with_seed(seeds.u64(..)))
            }
        }
    }
}

impl Source {
    /// Writes the next id.
    pub fn next(&mut self, id: &mut String) {
        id.clear();
        match self {
            Self::One(one) => id.push_str(one),
            // Starts like the vendor's ids. Writing to a String cannot fail.
            Self::Random(rng) => {
                let _ = write!(id, "01f{:029x}", rng.u128(..) >> 12);
            }
        }
    }
}
