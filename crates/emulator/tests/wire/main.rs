//! The emulator on the wire: every resource, paging, errors, tokens, and each fault, through a plain HTTP/1.1 client.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests may fail loudly, as the tests themselves"
)]

mod access;
mod catalog;
mod client;
mod control;
mod conversations;
mod faults;
mod files;
mod jobs;
mod process;
mod spaces;
mod statements;
