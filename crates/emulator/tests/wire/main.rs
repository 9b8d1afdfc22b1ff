//! The emulator on the wire: every resource, paging, errors, tokens, and each fault, through a plain HTTP/1.1 client.

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
