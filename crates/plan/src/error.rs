//! Why something given as a plan could not even be looked at as one.

use thiserror::Error;

use crate::issue::Issue;

/// What goes wrong before or instead of a list of [`Issue`]s.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PlanError {
    /// More text than a plan can have.
    #[error("the plan has {bytes} bytes, {} are allowed", crate::document::MAX_DOCUMENT_BYTES)]
    TooLarge {
        /// The size of what was given.
        bytes: usize,
    },
    /// The text is not JSON.
    #[error("the plan is not JSON: line {line}, column {column}")]
    NotJson {
        /// Line of the first problem, from 1.
        line: usize,
        /// Column of the first problem, from 1.
        column: usize,
    },
    /// An object of the document names a key twice.
    #[error("line {line} of the plan repeats the key `{key}`")]
    RepeatedKey {
        /// The key.
        key: String,
        /// Line of the object's end or of the repetition, from 1.
        line: usize,
    },
    /// The document is not a valid plan.
    #[error("the plan has {} problem(s), the first: {}", .0.len(), .0.first().map_or("", |i| i.message.as_str()))]
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

    pub(crate) fn from_json(error: &serde_json::Error) -> Self {
        let text = error.to_string();
        if let Some(rest) = text.strip_prefix(crate::document::DUPLICATE) {
            let key = rest.rsplit_once(" at line ").map_or(rest, |(key, _)| key);
            return Self::RepeatedKey { key: key.to_owned(), line: error.line() };
        }
        Self::NotJson { line: error.line(), column: error.column() }
    }
}
