//! Why no SQL came out.

use std::fmt;

use plan::{Issue, Severity, push_number};

/// What can go wrong when a plan is rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SqlError {
    /// The plan is not fit to be rendered; the issues say why.
    InvalidPlan(Vec<Issue>),
    /// A run time was given without its offset from UTC, so it means another instant in another session.
    RunTimeWithoutOffset,
    /// The run time lies on a day outside the years 1 to 9999.
    RunTimeOutOfRange,
    /// The finished text is not what it should be. This is a defect of the renderer, and nothing was given out.
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
            Self::InvalidPlan(issues) => first(issues).map_or("", |issue| &issue.path),
            Self::RunTimeWithoutOffset | Self::RunTimeOutOfRange => "run_time",
            Self::Guard { .. } => "",
        }
    }

    /// What is wrong, in words. The same as the error shows, without the standard library's formatting.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::InvalidPlan(issues) => {
                ["the plan cannot be rendered: ", first(issues).map_or("", |issue| &issue.message)].concat()
            }
            Self::RunTimeWithoutOffset => "the run time has no offset from UTC".to_owned(),
            Self::RunTimeOutOfRange => "the run time has no date in UTC that a table can hold".to_owned(),
            Self::Guard { rule, at } => {
                let mut text =
                    ["the rendered statement was refused by a final check (", rule, ") at byte "].concat();
                push_number(&mut text, *at as u64);
                text
            }
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

/// The first issue that is an error.
fn first(issues: &[Issue]) -> Option<&Issue> {
    issues.iter().find(|issue| issue.severity == Severity::Error)
}

impl std::error::Error for SqlError {}

impl fmt::Display for SqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_wrong() {
        let guard = SqlError::Guard { rule: "one_statement", at: 1205 };
        assert_eq!(
            guard.to_string(),
            "the rendered statement was refused by a final check (one_statement) at byte 1205"
        );
        assert_eq!(SqlError::RunTimeWithoutOffset.to_string(), "the run time has no offset from UTC");
        assert_eq!(SqlError::InvalidPlan(Vec::new()).message(), "the plan cannot be rendered: ");
    }
}
