//! Databricks REST as typed values: identifiers, responses, errors and retry rules.
//!
//! There is no client in here and no IO: the worker sends requests, this crate says what they look like and what
//! the answers mean. Everything is checked natively, and the same rules run in the browser through `crates/wasm`.

mod catalog;
mod failure;
pub mod files;
pub mod jobs;
mod lists;
mod messages;
mod numeric_id;
mod outline;
mod read;
mod rights;
pub mod runs;
mod space;
mod space_id;
mod space_reference;
mod statements;

pub use catalog::{Securable, Table, TableColumn, parse_owner};
pub use failure::{Doubt, Failure, MAX_ATTEMPTS, is_error_of_the_api, parse_retry_after, retry_delay_ms};
pub use lists::{List, ListError};
pub use messages::{Message, MessagePage, MessageStatus, QueryAttachment};
pub use numeric_id::NumericId;
pub use read::{AnswerError, encode_name, encode_segment};
pub use rights::{
    AclEntry, Identity, ME_PATH, PrivilegePage, SpaceOutline, Warehouse, effective_permissions_path,
    parse_acl, warehouse_acl_path,
};
pub use space::{SpaceError, Unified, unify};
pub use space_id::{SpaceId, SpaceIdError};
pub use space_reference::SpaceReferenceError;
pub use statements::{
    STATEMENTS_PATH, StatementAnswer, StatementState, cancel_path, error_class, statement_path,
};
