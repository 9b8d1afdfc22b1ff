//! Plan to Databricks SQL.
//!
//! [`render`] takes a [`plan::Plan`] and gives the load as one statement, with everything that belongs to it: DDL for
//! a target that does not exist yet, checks, previews, EXPLAIN, lineage, privileges and an explanation in plain words.
//! [`render_load`] gives the load alone. [`highlight`] colours any of it.
//!
//! What holds for every load:
//!
//! - One run is one statement and one commit to the target.
//! - Columns are paired by name, never by position.
//! - Keys and values are compared with NULL equal to NULL, and a source with duplicate keys does no harm.
//! - Running it twice gives the same table as running it once.
//! - Equal plans and options give equal bytes.
//! - No value of a plan gets into the text except through [`Ident`], [`Literal`] and [`Predicate`]; there is no public
//!   way to put a plain string there. The finished text is read again before it leaves.
//!
//! The SQL is written for Databricks and kept to what Spark 4.1 parses, so that it can be run and checked without a
//! workspace.
//!
//! ```
//! let text = r#"{
//!   "schema_version": "1.0",
//!   "plan_metadata": {"plan_id": "6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10", "plan_name": "customers",
//!     "owner": "ada@example.com", "created_at": "2026-01-16T08:00:00Z", "version": "1.0.0"},
//!   "pattern": {"type": "MERGE_UPSERT"},
//!   "source": {"catalog": "main", "schema": "raw", "table": "customers", "columns": ["id", "name"]},
//!   "target": {"catalog": "main", "schema": "mart", "table": "customers", "write_mode": "merge"},
//!   "pattern_config": {"merge_keys": ["id"]},
//!   "execution_config": {"warehouse_id": "0123456789abcdef"}
//! }"#;
//! let report = sql::validate(&plan::parse_document(text)?);
//! let plan = report.plan.ok_or("not a plan")?;
//! let rendered = sql::render(&plan, &sql::RenderOptions::default())?;
//! assert!(rendered.sql.contains("MERGE INTO `main`.`mart`.`customers` AS t"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod build;
mod compare;
mod error;
mod explain;
mod guard;
mod highlight;
mod lineage;
mod options;
mod patterns;
mod predicate;
mod privileges;
mod statements;
mod template;
mod text;

pub use compare::{Line, LineKind, diff_sql};
pub use error::SqlError;
pub use explain::{Effect, Explanation};
pub use highlight::{Span, SpanKind, highlight};
pub use lineage::{ColumnLineage, Derivation};
pub use options::{RenderOptions, RunTime, Runtime};
pub use predicate::{Predicate, PredicateError, Problem};
pub use privileges::{Privilege, Securable};
pub use statements::{Preview, Rendered, Statement, Statements, render, render_load, validate};
pub use text::{Ident, Literal, TablePath};
