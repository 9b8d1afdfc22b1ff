//! Failures.

use std::fmt::Display;

use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::finding::{Finding, finding, plan_finding};

/// A failure as it crosses; the package makes a `HandoffError` of it.
#[derive(Debug, Serialize)]
pub struct Thrown {
    code: &'static str,
    /// The argument or field that is wrong.
    #[serde(skip_serializing_if = "String::is_empty")]
    path: String,
    message: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    help: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    issues: Vec<Finding>,
}

impl Thrown {
    /// A domain error about the argument or field `path`.
    #[must_use]
    pub fn at(path: &str, code: &'static str, message: &dyn Display, help: &'static str) -> Self {
        Self {
            code,
            path: path.to_owned(),
            message: sentence(&message.to_string()),
            help,
            issues: Vec::new(),
        }
    }

    /// With everything that was found.
    #[must_use]
    pub fn with(self, issues: Vec<Finding>) -> Self {
        Self { issues, ..self }
    }

    /// An option that does not exist or has a wrong value.
    #[must_use]
    pub fn option(path: &str, message: &str) -> Self {
        Self::at(path, "option_invalid", &message, "See the documentation of the function's options.")
    }

    /// Of a context or link.
    #[must_use]
    pub fn handoff(error: &handoff::HandoffError) -> Self {
        Self::at(error.path(), error.code(), error, error.help())
            .with(error.issues().iter().map(finding).collect())
    }

    /// Of a plan document.
    #[must_use]
    pub fn plan(error: &plan::PlanError) -> Self {
        let issues: Vec<_> = match error {
            plan::PlanError::Invalid(issues) => issues.iter().map(plan_finding).collect(),
            _ => Vec::new(),
        };
        let path = issues.first().map(|issue| issue.path.clone()).unwrap_or_default();
        Self::at(&path, error.code(), error, error.help()).with(issues)
    }

    /// For `throw`.
    #[must_use]
    pub fn into_js(self) -> JsValue {
        let json = serde_json::to_string(&self).unwrap_or_default();
        // The page's own parser makes the object.
        js_sys::JSON::parse(&json).unwrap_or_else(|error| error)
    }
}

/// Domain errors begin small and end without a full stop, as Rust does it; people read sentences. They begin with an
/// ASCII letter: the tables for all others would be a fifth of the module.
#[must_use]
pub fn sentence(text: &str) -> String {
    let mut out = text.to_owned();
    if let Some(first) = out.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    if !out.ends_with(['.', '!', '?']) {
        out.push('.');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn messages_are_sentences() {
        assert_eq!(sentence("no space was given"), "No space was given.");
        assert_eq!(sentence("über"), "über.");
        assert_eq!(sentence("Done."), "Done.");
        assert_eq!(sentence(""), ".");
    }
}
