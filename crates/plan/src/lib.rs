//! The plan: what is loaded from where to where, how, and when. Schema 1.0 is SQLPilot's, so that a plan moves
//! between the two products; 1.1 adds patterns and options. The JSON Schema is `docs/plan.schema.json`.
//!
//! [`validate`] takes a JSON document and reports every problem at once, each with a JSON Pointer, a stable code and
//! a way out. [`Plan`] is what comes out if SQL can be written from it. [`PlanHash`] names a document, [`diff`]
//! compares two.
//!
//! ```
//! let text = r#"{
//!   "schema_version": "1.0",
//!   "plan_metadata": {"plan_id": "6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10", "plan_name": "customers",
//!     "owner": "ada@example.com", "created_at": "2026-01-16T08:00:00Z", "version": "1.0.0"},
//!   "pattern": {"type": "MERGE_UPSERT"},
//!   "source": {"catalog": "main", "schema": "raw", "table": "customers", "columns": ["id", "name"]},
//!   "target": {"catalog": "main", "schema": "mart", "table": "customers", "write_mode": "merge"},
//!   "pattern_config": {"merge_keys": ["idd"]},
//!   "execution_config": {"warehouse_id": "0123456789abcdef"}
//! }"#;
//! let report = plan::validate(&plan::parse_document(text)?);
//! assert_eq!(report.issues[0].code, "plan_column_not_in_source");
//! assert_eq!(report.issues[0].path, "/pattern_config/merge_keys/0");
//! # Ok::<(), plan::PlanError>(())
//! ```
//!
//! Nothing in here does IO or reads a clock, and nothing in here knows SQL: whether a filter is a predicate is for
//! the `sql` crate to say.

mod canonical;
mod columns;
mod cron;
mod diff;
mod document;
mod error;
mod issue;
mod model;
mod names;
mod number;
mod order;
mod patterns;
mod reader;
mod schedule_runs;
mod schedule_words;
#[cfg(feature = "tzdb")]
mod schedule_zone;
pub mod suggest;
mod validate;
mod values;

pub use canonical::{PlanHash, canonical_json};
pub use cron::{CronError, MonthDays, QuartzCron, WeekDays};
pub use diff::{Change, ChangeKind, diff};
pub use document::{AsDocument, Document, MAX_DOCUMENT_BYTES, parse_document};
pub use error::PlanError;
pub use handoff::push_number;
pub use issue::{Blocks, Issue, Severity};
pub use model::{
    Execution, Metadata, Plan, Schedule, ScheduleKind, SchemaVersion, Source, Target, ValidationRules,
    WriteMode,
};
pub use names::{
    ColumnName, MAX_NAME_CHARS, Name, NameError, NameSet, TableName, count_chars, fold, has_invisible,
    push_code,
};
pub use patterns::{
    Aggregate, AggregateFunction, AggregateRefresh, Deduplicate, DuplicateKeys, FullReplace, Grain,
    IncrementalAppend, KeyMethod, MergeUpsert, OrderBy, Pattern, PatternKind, RefreshMode, Scd2, Snapshot,
    SurrogateKey, TableFormat, TimeBucket, Watermark,
};
pub use schedule_runs::{MAX_RUNS, Run, RunNote, next_runs};
pub use schedule_words::schedule_words;
#[cfg(feature = "tzdb")]
pub use schedule_zone::next_runs_in;
pub use validate::{Report, validate};
pub use values::{Date, Number, Timestamp};
