//! Reads one query that Genie wrote and says, as plain data, what it does: which tables and columns it reads and
//! which features of it hint at a load pattern.
//!
//! - One read-only query, or a named refusal ([`ReadError`]); nothing here runs, changes or prints SQL.
//! - Raw SQL and SQL from a link, whose literals are placeholders (`:str`, `:num`, `:month`), are read alike. No
//!   literal of the query is in the result.
//! - Any text gives an answer in bounded time, memory and stack; see [`limits`].
//!
//! ```
//! let query = genie_sql::read(
//!     "SELECT `event_date`, COUNT(*) AS `events` FROM `prod`.`raw`.`events`
//!      WHERE `event_date` >= current_date() - INTERVAL :num DAYS GROUP BY `event_date`;",
//!     &genie_sql::Known::default(),
//! )?;
//! assert_eq!(query.tables[0].name, "prod.raw.events");
//! assert_eq!(query.ranges[0].bound, genie_sql::Bound::Relative);
//! # Ok::<(), genie_sql::ReadError>(())
//! ```

mod dialect;
mod error;
mod expr;
mod guard;
mod known;
pub mod limits;
mod model;
mod read;
mod scope;
mod select;

pub use error::ReadError;
pub use known::Known;
pub use model::{
    Aggregate, Bound, Bucket, ColumnRef, Grouping, Join, LatestPerKey, MaxOf, OrderColumn, Query, Range,
    Role, TableUse,
};
pub use read::read;
