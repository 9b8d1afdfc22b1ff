//! The types that cross to JavaScript.

use serde::Serialize;

/// A Genie space that somebody named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SpaceReference {
    /// The id of the space: 32 characters of `0-9a-f`.
    pub space_id: String,
}
