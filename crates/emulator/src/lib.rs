//! A stand-in Databricks workspace, for development and tests.
//!
//! It speaks the REST API on the wire the way the service does (field names, omitted defaults, paging, error bodies,
//! 64-bit ids as JSON numbers), on loopback only, and can be told to misbehave through a second port. The official
//! Python SDK runs against it unmodified; see `tests/sdk`.
//!
//! Start it in a process of its own with the `emulator` binary, or inside a test:
//!
//! ```
//! # async fn example() -> Result<(), emulator::StartError> {
//! let emulator = emulator::Emulator::start(emulator::Config::ephemeral()).await?;
//! let host = format!("http://{}", emulator.address());
//! // ... send requests to `host` with the bearer token `emulator::TOKEN` ...
//! emulator.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! Nothing here is used by the product itself: no other crate depends on this one.

mod access;
mod api;
mod bench;
mod clock;
mod control;
mod failure;
mod faults;
mod fixtures;
mod flight;
mod gate;
mod ids;
mod input;
mod journal;
mod paging;
mod server;
mod store;
mod sync;
mod world;

pub use access::{CLIENT_ID, CLIENT_SECRET, TOKEN, VIEWER_TOKEN};
pub use fixtures::known;
pub use server::{Config, Emulator, Logging, StartError};
