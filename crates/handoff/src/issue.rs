//! One finding about a context, in the shape the package and the HTTP API share.

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// For information; nothing has to be done.
    Info,
    /// Somebody should look at it; work can go on.
    Warning,
    /// The context cannot be used like this.
    Error,
}

impl Severity {
    /// `info`, `warning` or `error`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place in a text, in UTF-16 code units, because that is how browsers count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// First unit of the place.
    pub start: usize,
    /// First unit behind the place.
    pub end: usize,
}

/// One finding: what is wrong, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// How much it matters.
    pub severity: Severity,
    /// A stable name for programs, `lower_snake_case`.
    pub code: &'static str,
    /// JSON Pointer (RFC 6901) to the value; empty for the whole context.
    pub path: String,
    /// What is wrong, for people. Never repeats a value that may be data.
    pub message: String,
    /// What to do next, for people.
    pub help: &'static str,
    /// Where in the text at `path`, if the finding is about a part of it.
    pub span: Option<Span>,
}

impl Issue {
    pub(crate) fn new(
        severity: Severity,
        code: &'static str,
        path: impl Into<String>,
        message: impl Into<String>,
        help: &'static str,
    ) -> Self {
        Self { severity, code, path: path.into(), message: message.into(), help, span: None }
    }

    pub(crate) fn error(
        code: &'static str,
        path: impl Into<String>,
        message: impl Into<String>,
        help: &'static str,
    ) -> Self {
        Self::new(Severity::Error, code, path, message, help)
    }

    pub(crate) fn warning(
        code: &'static str,
        path: impl Into<String>,
        message: impl Into<String>,
        help: &'static str,
    ) -> Self {
        Self::new(Severity::Warning, code, path, message, help)
    }
}

/// Appends one reference token to a JSON Pointer, escaped as RFC 6901 wants it.
pub(crate) fn pointer(parent: &str, token: &str) -> String {
    let mut out = String::with_capacity(parent.len() + token.len() + 1);
    out.push_str(parent);
    out.push('/');
    for c in token.chars() {
        match c {
            '~' => out.push_str("~0"),
            '/' => out.push_str("~1"),
            _ => out.push(c),
        }
    }
    out
}
