//! From a Genie conversation to a handoff context, and what has to be true before a plan may run.
//!
//! Two steps, because the worker asks Unity Catalog between them:
//!
//! 1. [`explore`] takes messages and says which queries succeeded, which tables to look up, and what the person wants.
//! 2. [`assemble`] takes what Unity Catalog said about those tables and makes the context, with every trouble named.
//!
//! [`checks`] judges tables, columns, rights and warehouses, each with its evidence and the GRANT that would help;
//! [`readonly`] is the last look at a statement before a preview sends it.
//!
//! Partial trouble is normal: a handoff with one unreadable table and a named issue is worth more than none. No literal
//! of a query is in any result, nor in the text of an issue. Nothing here does IO or reads a clock.

mod assemble;
pub mod checks;
mod explore;
mod identity;
mod intent;
pub mod readonly;

pub use assemble::{Assembled, Facts, Lookup, assemble};
pub use explore::{Asked, Exploration, MAX_LOOKUPS, SessionError, Wish, explore};
pub use identity::handoff_id;
pub use intent::states_intent;
