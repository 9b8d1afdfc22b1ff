//! Requests that carry an `Idempotency-Key`: the same request again gets the answer it got before.

use crate::hex::sha256_hex;

/// Longest key, in characters.
pub const MAX_KEY_CHARS: usize = 64;

/// Whether a text may be a key: 1 to 64 printable ASCII characters without a blank.
#[must_use]
pub fn is_key(text: &str) -> bool {
    (1..=MAX_KEY_CHARS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

/// What tells two bodies apart: SHA-256 of the bytes. A body that is spelt in another way is another body, because a
/// client that repeats a request sends the same bytes.
#[must_use]
pub fn body_hash(body: &[u8]) -> String {
    sha256_hex(body)
}

/// What is known about a key of a caller at a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known<'a> {
    /// The hash of the body that the key came with first.
    pub body_hash: &'a str,
    /// Whether the answer is there.
    pub answered: bool,
    /// Until when the work or the answer counts, RFC 3339, UTC.
    pub expires_at: &'a str,
}

/// What to do with a request that has a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Do the work.
    Work,
    /// Take the work over: whoever had it is gone, or the answer is too old to count.
    TakeOver,
    /// Give the stored answer.
    Replay,
    /// Refuse: the key was used for another body.
    Reused,
    /// Refuse for now: the first request is still at work.
    InProgress,
}

/// Decides at the time `now` (RFC 3339, UTC, with milliseconds, so that times compare as texts).
#[must_use]
pub fn decide(known: Option<Known<'_>>, body_hash: &str, now: &str) -> Decision {
    match known {
        None => Decision::Work,
        Some(known) if known.answered && known.expires_at <= now => Decision::TakeOver,
        Some(known) if known.body_hash != body_hash => Decision::Reused,
        Some(known) if known.answered => Decision::Replay,
        Some(known) if known.expires_at <= now => Decision::TakeOver,
        Some(_) => Decision::InProgress,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_printable_and_short() {
        for good in ["a", "7b8f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10", &"~".repeat(64)] {
            assert!(is_key(good), "{good}");
        }
        for bad in ["", " ", "a b", "ä", "a\n", &"a".repeat(65)] {
            assert!(!is_key(bad), "{bad}");
        }
    }

    #[test]
    fn every_case_is_decided() {
        let known = |answered, expires_at| Some(Known { body_hash: "x", answered, expires_at });
        for (known, body, decision) in [
            (None, "x", Decision::Work),
            (known(true, "2"), "x", Decision::Replay),
            (known(true, "2"), "y", Decision::Reused),
            (known(true, "1"), "x", Decision::TakeOver),
            (known(true, "1"), "y", Decision::TakeOver),
            (known(false, "2"), "x", Decision::InProgress),
            (known(false, "2"), "y", Decision::Reused),
            (known(false, "1"), "x", Decision::TakeOver),
            // The work may have been done in part: only the same request may take it over.
            (known(false, "1"), "y", Decision::Reused),
        ] {
            assert_eq!(decide(known, body, "1"), decision, "{known:?} {body}");
        }
    }
}
