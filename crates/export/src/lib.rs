//! A plan as files for elsewhere: a `.sql` file, a Declarative Automation Bundle (formerly Asset Bundle), a dbt model,
//! and the plan itself as JSON.
//!
//! Text in, text out: no clock, no file system. What a plan says reaches a file through the quoting of that file's
//! language and no other way: SQL through the `sql` crate, YAML and Jinja through the two types of this crate.
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
//! let export = export::export(&serde_json::from_str(text)?, export::Kind::Bundle, &export::About::default())?;
//! let paths: Vec<&str> = export.files.iter().map(|file| file.path.as_str()).collect();
//! assert_eq!(paths, ["databricks.yml", "src/customers.sql"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bundle;
mod dbt;
mod error;
mod file;
mod jinja;
mod sql_file;
mod yaml;

pub use error::ExportError;
pub use file::{About, Export, ExportFile, Kind};

use serde_json::Value;

/// Makes the files of one kind. A pure function: equal input gives equal bytes.
///
/// # Errors
/// A plan from which no SQL can be written, except for [`Kind::Plan`], which takes a draft too; and names that the other
/// tool has no way to write.
pub fn export(document: &Value, kind: Kind, about: &About) -> Result<Export, ExportError> {
    let report = sql::validate(document);
    if kind == Kind::Plan {
        let name = name_of(document);
        let text = format!("{document:#}\n");
        return Ok(Export {
            files: vec![ExportFile::new(format!("{name}.plan.json"), text)],
            notes: Vec::new(),
        });
    }
    let Some(plan) = report.plan else { return Err(ExportError::Invalid(report.issues)) };
    match kind {
        Kind::Sql => sql_file::export(&plan, about),
        Kind::Bundle => bundle::export(&plan, about),
        Kind::Dbt => dbt::export(&plan, about),
        Kind::Plan => Err(ExportError::Invalid(report.issues)),
    }
}

/// The name of a draft, if it is fit to name a file.
fn name_of(document: &Value) -> &str {
    let fits = |name: &&str| {
        (3..=64).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    document.pointer("/plan_metadata/plan_name").and_then(Value::as_str).filter(fits).unwrap_or("plan")
}
