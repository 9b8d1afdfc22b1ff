//! Databricks REST as typed values: identifiers, responses, errors and retry rules.
//!
//! There is no client in here and no IO: the worker sends requests, this crate says what they look like and what
//! the answers mean. Everything is checked natively, and the same rules run in the browser through `crates/wasm`.

mod space_id;

pub use space_id::{SpaceId, SpaceIdError};
