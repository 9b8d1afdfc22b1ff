//! What a handoff link carries, and the code that makes and opens links.
//!
//! - [`Context`]: the metadata of one Genie exploration; [`ContextBuilder`] puts one together.
//! - [`validate`]: names, ids and times, every problem at once. [`check_readiness`]: can a plan be built on it?
//! - [`redact`]: takes every value out of queries and summaries. Encoding does it always.
//! - [`encode`], [`decode`], [`link()`]: a context to a short link and back; `docs/link-format.md` is the specification.
//! - [`bytes_to_sign`], [`attach_signature`], [`SignatureToCheck`]: frames for Ed25519 signatures made elsewhere.
//!
//! ```
//! use handoff::{ContextBuilder, DecodeOptions, EncodeOptions, Place, decode, encode, link};
//!
//! let context = ContextBuilder::new("01f0a1b2c3d41e5f8a9b0c1d2e3f4a5b", "01f0eca3dc1b1cbc9b65fa58f94c18ad")
//!     .columns("main.sales.orders", ["order_id", "ordered_at", "amount"])
//!     .query("SELECT SUM(amount) FROM main.sales.orders WHERE ordered_at >= DATE '2025-01-01'", Some("1 row"))
//!     .user_intent("Revenue per day")
//!     .created_at("2025-06-18T17:45:12Z")
//!     .build()?;
//! let made = encode(&context, &EncodeOptions::default())?;
//! let link = link("https://handoff.example.com", &made.payload, Place::Fragment)?;
//! assert!(link.length < 200);
//!
//! let opened = decode(&link.url, &DecodeOptions::default())?;
//! assert_eq!(opened.context, made.context);
//! let query = opened.context.exploration_queries().next().map(|q| q.query);
//! assert_eq!(query, Some("SELECT SUM(amount) FROM main.sales.orders WHERE ordered_at >= :date"));
//! # Ok::<(), handoff::HandoffError>(())
//! ```
//!
//! Nothing in here does IO, reads a clock or knows about browsers: the current time and signatures are arguments.
//! What comes out of a link is untrusted, however intact it is: show it, validate it, never run its SQL.

mod builder;
mod codec;
mod context;
mod digits;
mod error;
mod issue;
mod json;
pub mod limits;
mod link;
pub mod name;
mod readiness;
mod redact;
mod texts;
mod time;
mod validate;

pub use builder::ContextBuilder;
#[cfg(fuzzing)]
pub use codec::testing;
pub use codec::{
    Claims, DecodeOptions, Decoded, EncodeOptions, Encoded, Format, Mode, SIGNATURE_BYTES, SignatureState,
    SignatureToCheck, Verification, attach_signature, bytes_to_sign, decode, encode,
};
pub use context::{Context, ExplorationQuery, ExplorationSummary, key};
pub use digits::{digits, push_code, push_number};
pub use error::HandoffError;
pub use issue::{Issue, Severity, Span};
pub use json::{JsonError, Number, Object, Value, write_json_text};
pub use link::{Link, Place, Shorter, Step, link, shorter};
pub use readiness::{Catalog, Readiness, check_readiness};
pub use redact::{Counts, Removed, redact};
pub use texts::Texts;
pub use validate::validate;
