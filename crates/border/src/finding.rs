//! Findings about an input.

use serde::Serialize;

use crate::thrown::sentence;

/// A place in a text, in UTF-16 code units, as JavaScript counts.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TextSpan {
    /// First unit of the place.
    pub start: usize,
    /// First unit behind the place.
    pub end: usize,
}

/// One finding about an input.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Finding {
    /// How much it matters.
    #[cfg_attr(feature = "ts", ts(type = "\"error\" | \"warning\" | \"info\""))]
    pub severity: &'static str,
    /// A stable name for programs.
    pub code: &'static str,
    /// JSON Pointer into what was checked; empty for the whole.
    pub path: String,
    /// What is wrong, for people.
    pub message: String,
    /// What to do next, for people.
    pub help: String,
    /// Where in the text at `path`, if it is about a part of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub span: Option<TextSpan>,
}

/// A finding about a context.
#[must_use]
pub fn finding(issue: &handoff::Issue) -> Finding {
    Finding {
        severity: issue.severity.as_str(),
        code: issue.code,
        path: issue.path.clone(),
        message: sentence(&issue.message),
        help: issue.help.to_owned(),
        span: issue.span.map(|span| TextSpan { start: span.start, end: span.end }),
    }
}

/// A finding about a plan.
#[must_use]
pub fn plan_finding(issue: &plan::Issue) -> Finding {
    Finding {
        severity: issue.severity.as_str(),
        code: issue.code,
        path: issue.path.clone(),
        message: sentence(&issue.message),
        help: issue.help.clone(),
        span: None,
    }
}
