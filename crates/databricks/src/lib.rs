//! Databricks REST as typed values: identifiers, responses, errors and retry rules.
//!
//! There is no client in here and no IO: the worker sends requests, this crate says what they look like and what
//! the answers mean. Everything is checked natively, and the same rules run in the browser through `crates/wasm`.

mod failure;
pub mod files;
pub mod jobs;
mod lists;
mod numeric_id;
mod outline;
pub mod runs;
mod space;
mod space_id;
mod space_reference;

pub use failure::{Doubt, Failure, MAX_ATTEMPTS, parse_retry_after, retry_delay_ms};
pub use lists::{List, ListError};
pub use numeric_id::NumericId;
pub use space::{SpaceError, Unified, unify};
pub use space_id::{SpaceId, SpaceIdError};
pub use space_reference::SpaceReferenceError;
