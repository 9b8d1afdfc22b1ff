//! Why something given as a plan could not even be looked at as one.

use std::fmt;

use crate::document::MAX_DOCUMENT_BYTES;
use crate::issue::Issue;
use crate::values::digits;

/// What goes wrong before or instead of a list of [`Issue`]s.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlanError {
    /// More text than a plan can have.
    TooLarge {
        /// The size of what was given.
        bytes: usize,
    },
    /// The text is not JSON.
    NotJson {
        /// Line of the first problem, from 1.
        line: usize,
        /// Column of the first problem, from 1.
        column: usize,
    },
    /// An object of the document names a key twice.
    RepeatedKey {
        /// The key.
        key: String,
        /// Line of the repetition, from 1.
        line: usize,
    },
    /// The document is not a valid plan.
    Invalid(Vec<Issue>),
}

impl PlanError {
    /// A stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "plan_too_large",
            Self::NotJson { .. } => "plan_not_json",
            Self::RepeatedKey { .. } => "plan_repeated_key",
            Self::Invalid(_) => "plan_invalid",
        }
    }

    /// What is wrong, in words. The same as the error shows, without the standard library's formatting.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::TooLarge { bytes } => {
                ["the plan has ", &digits(*bytes), " bytes, ", &digits(MAX_DOCUMENT_BYTES), " are allowed"]
                    .concat()
            }
            Self::NotJson { line, column } => {
                ["the plan is not JSON: line ", &digits(*line), ", column ", &digits(*column)].concat()
            }
            Self::RepeatedKey { key, line } => {
                ["line ", &digits(*line), " of the plan repeats the key `", key, "`"].concat()
            }
            Self::Invalid(issues) => {
                let first = issues.first().map_or("", |issue| &issue.message);
                ["the plan has ", &digits(issues.len()), " problem(s), the first: ", first].concat()
            }
        }
    }

    /// What to do next, for people.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "Send the plan alone, without results or data.",
            Self::NotJson { .. } => "Send one JSON object as docs/plan.schema.json describes it.",
            Self::RepeatedKey { .. } => {
                "Keep one of the two values; readers do not agree on which one counts."
            }
            Self::Invalid(_) => "Fix the listed problems; each has a path and a help text.",
        }
    }
}

impl std::error::Error for PlanError {}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_wrong() {
        let repeated = PlanError::RepeatedKey { key: "a".to_owned(), line: 12 };
        for (error, message) in [
            (PlanError::TooLarge { bytes: 2_000_000 }, "the plan has 2000000 bytes, 1048576 are allowed"),
            (PlanError::NotJson { line: 3, column: 10 }, "the plan is not JSON: line 3, column 10"),
            (repeated, "line 12 of the plan repeats the key `a`"),
            (PlanError::Invalid(Vec::new()), "the plan has 0 problem(s), the first: "),
        ] {
            assert_eq!((error.message(), error.to_string()), (message.to_owned(), message.to_owned()));
        }
    }
}
