//! Verification of the audit chain, row by row.

use serde::Serialize;

use crate::audit::{GENESIS, Row};

/// What happened to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Damage {
    /// It says something else than when it was written.
    Changed,
    /// It is gone.
    Removed,
    /// It stands in another place than where it was written.
    Reordered,
}

/// The first place where the chain does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Break {
    /// The number of the row.
    pub seq: u64,
    /// What happened to it.
    pub kind: Damage,
}

/// What is known after some rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The row continues the chain.
    Fits,
    /// It does not.
    Broken(Break),
    /// It follows a row with the hash `missing`, which is not the row before. Whether there is such a row anywhere
    /// decides: see [`Verifier::resolve`].
    Elsewhere {
        /// The hash to look for.
        missing: String,
    },
}

/// Verifies rows in the order of their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier {
    seq: u64,
    hash: String,
}

impl Default for Verifier {
    fn default() -> Self {
        Self { seq: 0, hash: GENESIS.to_owned() }
    }
}

impl Verifier {
    /// Begins behind row `seq`, which has `hash`: what is before is taken as it is.
    #[must_use]
    pub fn behind(seq: u64, hash: &str) -> Self {
        Self { seq, hash: hash.to_owned() }
    }

    /// The number of the last row that fits.
    #[must_use]
    pub fn entries(&self) -> u64 {
        self.seq
    }

    /// The hash of the last row that fits.
    #[must_use]
    pub fn head(&self) -> &str {
        &self.hash
    }

    /// Takes the next row.
    pub fn push(&mut self, row: &Row) -> Step {
        let next = self.seq + 1;
        if row.seq != next {
            return broken(next, Damage::Removed);
        }
        if row.prev_hash != self.hash {
            return Step::Elsewhere { missing: row.prev_hash.clone() };
        }
        if row.hash != row.computed_hash() {
            return broken(next, Damage::Changed);
        }
        (self.seq, self.hash) = (row.seq, row.hash.clone());
        Step::Fits
    }

    /// What it means that `row` follows another row than the one before. `found`: that other row is in the log.
    #[must_use]
    pub fn resolve(&self, row: &Row, found: bool) -> Break {
        let next = self.seq + 1;
        if found {
            // The neighbours were swapped, or moved as a block.
            Break { seq: next, kind: Damage::Reordered }
        } else if row.hash == row.computed_hash() && self.seq > 0 {
            // This row is as it was written, so the one before it was written anew, with a hash that fits itself.
            Break { seq: self.seq, kind: Damage::Changed }
        } else {
            // Renumbered to hide a gap.
            Break { seq: next, kind: Damage::Removed }
        }
    }

    /// Compares with the end of the chain, which the database keeps beside the log: rows may be missing at the end.
    #[must_use]
    pub fn finish(&self, head_seq: u64, head_hash: &str) -> Option<Break> {
        if head_seq > self.seq {
            Some(Break { seq: self.seq + 1, kind: Damage::Removed })
        } else if head_seq < self.seq || head_hash != self.hash {
            Some(Break { seq: head_seq.max(1), kind: Damage::Changed })
        } else {
            None
        }
    }
}

fn broken(seq: u64, kind: Damage) -> Step {
    Step::Broken(Break { seq, kind })
}

/// Verifies a whole log that is at hand, in the order of its numbers, against the end of the chain.
///
/// # Errors
/// The first place where the chain does not hold.
pub fn verify(rows: &[Row], head_seq: u64, head_hash: &str) -> Result<u64, Break> {
    let mut verifier = Verifier::default();
    for row in rows {
        match verifier.push(row) {
            Step::Fits => {}
            Step::Broken(found) => return Err(found),
            Step::Elsewhere { missing } => {
                return Err(verifier.resolve(row, rows.iter().any(|other| other.hash == missing)));
            }
        }
    }
    verifier.finish(head_seq, head_hash).map_or(Ok(verifier.entries()), Err)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::audit::Entry;

    fn chain(length: usize) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        for n in 1..=length {
            let hash = rows.last().map_or(GENESIS, |row| row.hash.as_str()).to_owned();
            let entry =
                Entry::new("plan.change", "ada", &format!("r-{n}")).plan("p").note("n", &n.to_string());
            rows.push(entry.chained(n as u64, "2026-11-21T05:00:00.000Z", &hash));
        }
        rows
    }

    fn check(rows: &[Row], of: &[Row]) -> Result<u64, Break> {
        let head = of.last().map_or((0, GENESIS), |row| (row.seq, row.hash.as_str()));
        verify(rows, head.0, head.1)
    }

    #[test]
    fn an_untouched_chain_holds() {
        for length in [0, 1, 2, 50] {
            let rows = chain(length);
            assert_eq!(check(&rows, &rows), Ok(length as u64));
        }
    }

    #[test]
    fn a_row_that_was_hashed_anew_is_found_by_its_successor() {
        let rows = chain(5);
        let mut other = rows.clone();
        other[2].entry.caller = "eve".to_owned();
        other[2].hash = other[2].computed_hash();
        assert_eq!(check(&other, &rows), Err(Break { seq: 3, kind: Damage::Changed }));
        // Also the last one, by the head.
        let mut other = rows.clone();
        other[4].entry.caller = "eve".to_owned();
        other[4].hash = other[4].computed_hash();
        assert_eq!(check(&other, &rows), Err(Break { seq: 5, kind: Damage::Changed }));
    }

    #[test]
    fn a_gap_that_was_renumbered_is_found() {
        let rows = chain(5);
        let mut other = rows.clone();
        other.remove(2);
        for (n, row) in other.iter_mut().enumerate() {
            row.seq = n as u64 + 1;
        }
        assert_eq!(check(&other, &rows), Err(Break { seq: 3, kind: Damage::Removed }));
    }

    #[test]
    fn swapped_contents_are_found() {
        let rows = chain(5);
        let mut other = rows.clone();
        other.swap(1, 3);
        (other[1].seq, other[3].seq) = (2, 4);
        assert_eq!(check(&other, &rows), Err(Break { seq: 2, kind: Damage::Reordered }));
    }

    proptest! {
        #[test]
        fn any_removal_is_found(length in 1usize..30, at in 0usize..30) {
            let rows = chain(length);
            let mut other = rows.clone();
            let at = at % length;
            other.remove(at);
            prop_assert_eq!(check(&other, &rows), Err(Break { seq: at as u64 + 1, kind: Damage::Removed }));
        }

        #[test]
        fn any_change_is_found(length in 1usize..30, at in 0usize..30, what in 0usize..14) {
            let rows = chain(length);
            let mut other = rows.clone();
            let at = at % length;
            let row = &mut other[at];
            let entry = &mut row.entry;
            match what {
                0 => row.at.push('x'),
                1 => entry.action.push('x'),
                2 => entry.phase = crate::Phase::After,
                3 => entry.outcome = crate::Outcome::Failed,
                4 => entry.caller.push('x'),
                5 => entry.request_id.push('x'),
                6 => entry.plan_id = None,
                7 => entry.version = Some(String::new()),
                8 => entry.plan_hash = Some(String::new()),
                9 => entry.handoff_id = Some(String::new()),
                10 => entry.genie_session = Some(String::new()),
                11 => entry.detail.clear(),
                12 => row.hash.replace_range(..1, "x"),
                _ => row.prev_hash.replace_range(..1, "x"),
            }
            prop_assert!(check(&other, &rows).is_err());
        }

        #[test]
        fn any_exchange_is_found(length in 2usize..30, a in 0usize..30, b in 0usize..30, renumber: bool) {
            let rows = chain(length);
            let (a, b) = (a % length, b % length);
            prop_assume!(a != b);
            let mut other = rows.clone();
            other.swap(a, b);
            if renumber {
                (other[a].seq, other[b].seq) = (a as u64 + 1, b as u64 + 1);
            }
            prop_assert!(check(&other, &rows).is_err());
        }
    }
}
