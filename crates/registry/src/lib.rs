//! The registry: plans with their versions, lists, repeated requests, and the audit chain.
//!
//! Everything here is a decision about values. Where they are stored, and that a change and its audit row are stored
//! together, is the worker's part; `docs/decisions/0008-registry.md` tells how.

mod audit;
mod hex;
mod list;
mod repeat;
mod store;
mod verify;
mod version;

pub use audit::{Entry, GENESIS, Outcome, Phase, Row};
pub use hex::sha256_hex;
pub use list::{DEFAULT_PAGE, ListError, MAX_PAGE, Query};
pub use repeat::{Decision, Known, MAX_KEY_CHARS, body_hash, decide, is_key};
pub use store::{Failure, classify};
pub use verify::{Break, Damage, Step, Verifier, verify};
pub use version::{Kind, Match, change, etag, if_match, next_version, with_version};
