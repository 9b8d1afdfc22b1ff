//! Why no files came out.

use plan::{Issue, Severity};
use thiserror::Error;

/// What can go wrong when a plan is exported.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ExportError {
    /// No SQL can be written from the plan; the issues say why.
    #[error("the plan cannot be exported: {}", .0.iter().find(|i| i.severity == Severity::Error).map_or("", |i| i.message.as_str()))]
    Invalid(Vec<Issue>),
    /// The plan is fine and its SQL could not be written.
    #[error(transparent)]
    Sql(#[from] sql::SqlError),
    /// dbt puts names between backticks and has no way to write a backtick in a name.
    #[error("dbt cannot write the name `{name}`")]
    Name {
        /// Where in the plan.
        path: &'static str,
        /// The name.
        name: String,
    },
}

impl ExportError {
    /// A stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "plan_invalid",
            Self::Sql(error) => error.code(),
            Self::Name { .. } => "export_name_unwritable",
        }
    }

    /// What to do next.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "Settle the issues of the plan first.",
            Self::Sql(error) => error.help(),
            Self::Name { .. } => "Rename the table, or export the plan as SQL.",
        }
    }

    /// JSON Pointer to the part of the plan that is meant; empty for the whole.
    #[must_use]
    pub fn path(&self) -> &'static str {
        match self {
            Self::Name { path, .. } => path,
            _ => "",
        }
    }
}
