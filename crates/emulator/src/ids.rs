//! Identifiers in the forms the service uses.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

/// First id of jobs: above 2^53 and odd, so that a reader that takes it for a floating point number changes it.
const FIRST_JOB: i64 = 9_007_199_254_741_993;
/// First id of runs, tasks' runs and repairs; far from the jobs' so that mixing them up is noticed.
const FIRST_RUN: i64 = 9_107_199_254_740_993;
/// First id of workspace objects.
const FIRST_OBJECT: i64 = 9_207_199_254_740_993;

/// Numbers and names that are unique within one emulator.
#[derive(Debug)]
pub(crate) struct Ids {
    /// Made once per process, so that two emulators never share a request id.
    seed: u64,
    counter: AtomicU64,
}

impl Ids {
    /// Starts with a seed of the system's randomness.
    ///
    /// # Errors
    /// The system gives no randomness.
    pub(crate) fn new() -> Result<Self, getrandom::Error> {
        Ok(Self { seed: getrandom::u64()?, counter: AtomicU64::new(0) })
    }

    fn next(&self) -> u64 {
        self.counter.fetch_add(1, Ordering::Relaxed)
    }

    /// A request id: a dashed UUID.
    pub(crate) fn request(&self) -> String {
        dashed(spread(self.seed, self.next()))
    }

    /// An id of a conversation, message, attachment or comment that was made at run time: 32 hex digits.
    pub(crate) fn genie(&self) -> String {
        hex32(spread(self.seed, self.next()))
    }

    /// An id of a statement: a dashed UUID.
    pub(crate) fn statement(&self) -> String {
        dashed((spread(self.seed, self.next()) & (u128::MAX >> 16)) | (0x01f1_u128 << 112))
    }
}

/// Counters of 64-bit ids. They start again with the state they belong to.
#[derive(Debug, Clone)]
pub(crate) struct Numbers {
    job: i64,
    run: i64,
    object: i64,
}

impl Default for Numbers {
    fn default() -> Self {
        Self { job: FIRST_JOB, run: FIRST_RUN, object: FIRST_OBJECT }
    }
}

impl Numbers {
    /// The next id of a job. Steps of two keep the ids odd.
    pub(crate) fn job(&mut self) -> i64 {
        self.job += 2;
        self.job
    }

    /// The next id of a run.
    pub(crate) fn run(&mut self) -> i64 {
        self.run += 2;
        self.run
    }

    /// The next id of a workspace object.
    pub(crate) fn object(&mut self) -> i64 {
        self.object += 2;
        self.object
    }
}

/// A fixture's id: the same parts give the same 32 digits in every process.
pub(crate) fn derived(parts: &[&str]) -> String {
    hex32(hash(parts))
}

/// A fixture's statement id: as [`derived`], with dashes.
pub(crate) fn derived_dashed(parts: &[&str]) -> String {
    dashed((hash(parts) & (u128::MAX >> 16)) | (0x01f1_u128 << 112))
}

/// FNV-1a over the parts, with a separator that cannot occur in them.
pub(crate) fn hash(parts: &[&str]) -> u128 {
    let mut state = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128;
    for part in parts {
        for byte in part.bytes().chain([0xff]) {
            state = (state ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }
    state
}

/// Spreads a counter over 128 bits so that neighbouring ids look unlike each other.
fn spread(seed: u64, n: u64) -> u128 {
    // The counter first: what follows mixes it into all digits.
    hash(&[&n.to_string(), &seed.to_string()])
}

/// The vendor's ids begin with a time: `01f0...` or `01f1...` these days.
fn hex32(value: u128) -> String {
    format!("01f1{:028x}", value & (u128::MAX >> 16))
}

fn dashed(value: u128) -> String {
    let digits = format!("{value:032x}");
    let mut text = String::with_capacity(36);
    for (at, digit) in digits.chars().enumerate() {
        if matches!(at, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        // Writing to a String cannot fail.
        let _ = text.write_char(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_vendors_forms() {
        let ids = Ids::new().unwrap();
        let genie = ids.genie();
        assert_eq!(genie.len(), 32);
        assert!(genie.starts_with("01f1") && genie.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')));
        let statement = ids.statement();
        assert_eq!(statement.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        assert!(statement.starts_with("01f1"));
        assert_ne!(ids.request(), ids.request());
    }

    #[test]
    fn derived_ids_never_change() {
        // Tests outside of this crate and screenshots name them.
        assert_eq!(derived(&["a", "b"]), derived(&["a", "b"]));
        assert_ne!(derived(&["a", "b"]), derived(&["ab"]));
    }

    #[test]
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "that loss is the point"
    )]
    fn numbers_do_not_survive_a_float() {
        let mut numbers = Numbers::default();
        for id in [numbers.job(), numbers.job(), numbers.run(), numbers.object()] {
            assert!(id > 1 << 53);
            assert_ne!((id as f64) as i64, id, "{id}");
        }
    }
}
