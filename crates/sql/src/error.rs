//! Why no SQL came out.

use plan::Issue;
use thiserror::Error;

/// What can go wrong when a plan is rendered.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SqlError {
    /// The plan is not fit to be rendered; the issues say why.
    #[error("the plan cannot be rendered: {}", .0.iter().find(|i| i.severity == plan::Severity::Error).map_or("", |i| i.message.as_str()))]
    InvalidPlan(Vec<Issue>),
    /// A run time was given without its offset from UTC, so it means another instant in another session.
    #[error("the run time has no offset from UTC")]
    RunTimeWithoutOffset,
    /// The run time lies on a day outside the years 1 to 9999.
    #[error("the run time has no date in UTC that a table can hold")]
    RunTimeOutOfRange,
    /// The finished text is not what it should be. This is a defect of the renderer, and nothing was given out.
    #[error("the rendered statement was refused by a final check ({rule}) at byte {at}")]
    Guard {
        /// Which rule refused it.
        rule: &'static str,
        /// Where in the text.
        at: usize,
    },
}

impl SqlError {
    /// A stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidPlan(_) => "plan_invalid",
            Self::RunTimeWithoutOffset => "sql_run_time_offset",
            Self::RunTimeOutOfRange => "sql_run_time_range",
            Self::Guard { .. } => "sql_guard",
        }
    }

    /// Where the problem is: a JSON Pointer into the plan, or the option.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::InvalidPlan(issues) => {
                issues.iter().find(|i| i.severity == plan::Severity::Error).map_or("", |i| i.path.as_str())
            }
            Self::RunTimeWithoutOffset | Self::RunTimeOutOfRange => "run_time",
            Self::Guard { .. } => "",
        }
    }

    /// What to do next, for people.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::InvalidPlan(_) => "Fix the listed problems; each has a path and a help text.",
            Self::RunTimeWithoutOffset => "Give it as in 2026-01-16T02:00:00Z.",
            Self::RunTimeOutOfRange => "Give a run time between the years 1 and 9999.",
            Self::Guard { .. } => "Please report this plan as a defect; do not run other SQL in its place.",
        }
    }
}
