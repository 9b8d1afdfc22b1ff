//! What validation has to say: problems with a place, a stable code and a way out.

use std::fmt;

/// How bad an issue is. Whether a warning stops something is the caller's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The plan cannot be used as it is.
    Error,
    /// The plan can be used; a person should know this first.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// What an issue stands in the way of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocks {
    /// Nothing: a warning.
    Nothing,
    /// Running the plan. Its SQL can be written already: a suggested plan without owner or warehouse is in this
    /// state until a person fills them in.
    Running,
    /// Writing the SQL, and so everything.
    Rendering,
}

/// One problem of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Error or warning.
    pub severity: Severity,
    /// A stable name for programs, such as `plan_missing`.
    pub code: &'static str,
    /// JSON Pointer (RFC 6901) of the offending value; for something that is missing, of the place it should have.
    pub path: String,
    /// What is wrong, one sentence.
    pub message: String,
    /// What to do next, one sentence.
    pub help: String,
    /// What the issue stands in the way of.
    pub blocks: Blocks,
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.path.is_empty() { "/" } else { &self.path };
        write!(f, "{} {} at {place}: {}", self.severity.as_str(), self.code, self.message)
    }
}
