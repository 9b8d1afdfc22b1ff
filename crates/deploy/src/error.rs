//! Why a version cannot be deployed.

use thiserror::Error;

/// Why a version of a plan cannot become a job.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DeployError {
    /// Something that only a run needs is missing in the plan.
    #[error("{0} is missing in the plan")]
    Missing(&'static str),
    /// The SQL cannot be written.
    #[error("the SQL cannot be written: {0}")]
    Sql(#[from] sql::SqlError),
}

impl DeployError {
    /// A stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "deploy_incomplete",
            Self::Sql(_) => "deploy_sql",
        }
    }

    /// Where in the plan, as a JSON Pointer.
    #[must_use]
    pub fn path(&self) -> &'static str {
        match self {
            Self::Missing(path) => path,
            Self::Sql(_) => "",
        }
    }

    /// What to do next, for people.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Missing(_) => "Fill it in, save the plan, and deploy the new version.",
            Self::Sql(_) => "Validate the plan; each problem is named there.",
        }
    }
}
