//! What a handoff link carries, and the code that makes and opens links.
//!
//! A [`Context`] is the metadata of one Genie exploration. [`validate`] checks its content and reports every problem
//! at once. Nothing in here does IO, reads a clock or knows about browsers: the current time and signatures are
//! arguments.
//!
//! What comes out of a link is untrusted, however intact it is: show it, validate it, never run its SQL.

mod builder;
mod context;
mod error;
mod issue;
mod json;
pub mod limits;
pub mod name;
mod time;
mod validate;

pub use builder::ContextBuilder;
pub use context::{Context, ExplorationQuery, ExplorationSummary, key};
pub use error::HandoffError;
pub use issue::{Issue, Severity, Span};
pub use json::{JsonError, Number, Object, Value};
pub use validate::validate;
