//! How values and failures cross.

use std::fmt::Display;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

use crate::dto::{Finding, TextSpan};

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
    pub fn at(path: &str, code: &'static str, message: &dyn Display, help: &'static str) -> Self {
        Self {
            code,
            path: path.to_owned(),
            message: sentence(&message.to_string()),
            help,
            issues: Vec::new(),
        }
    }

    /// An option that does not exist or has a wrong value.
    pub fn option(path: &str, message: &str) -> Self {
        Self::at(path, "option_invalid", &message, "See the documentation of the function's options.")
    }

    /// Of a context or link.
    pub fn handoff(error: &handoff::HandoffError) -> Self {
        let issues = error.issues().iter().map(finding).collect();
        Self { issues, ..Self::at(error.path(), error.code(), error, error.help()) }
    }

    /// Of a plan document.
    pub fn plan(error: &plan::PlanError) -> Self {
        let issues: Vec<_> = match error {
            plan::PlanError::Invalid(issues) => issues.iter().map(plan_finding).collect(),
            _ => Vec::new(),
        };
        let path = issues.first().map(|issue| issue.path.clone()).unwrap_or_default();
        Self { issues, ..Self::at(&path, error.code(), error, error.help()) }
    }

    /// Of a rendering.
    pub fn sql(error: &sql::SqlError) -> Self {
        let issues = match error {
            sql::SqlError::InvalidPlan(issues) => issues.iter().map(plan_finding).collect(),
            _ => Vec::new(),
        };
        Self { issues, ..Self::at(error.path(), error.code(), error, error.help()) }
    }

    pub fn into_js(self) -> JsValue {
        to_js(&self).unwrap_or_else(JsValue::from)
    }
}

/// A finding about a context.
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

/// Gives a small value to JavaScript as plain objects, arrays and texts.
pub fn give<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    to_js(value).map_err(JsValue::from)
}

/// Gives a large value as JSON text. The page's own parser is faster than setting properties one by one from here, and
/// a context keeps the order of its keys.
pub fn answer<T: Serialize>(value: &T) -> Result<String, JsValue> {
    serde_json::to_string(value).map_err(defect)
}

/// JSON that the domain wrote, as part of an answer.
pub fn raw(json: String) -> Result<Box<RawValue>, JsValue> {
    RawValue::from_string(json).map_err(defect)
}

/// Options as JSON; an empty text stands for none.
pub fn options<T: DeserializeOwned + Default>(text: &str) -> Result<T, JsValue> {
    if text.is_empty() {
        return Ok(T::default());
    }
    serde_json::from_str(text).map_err(|error| Thrown::option("options", &error.to_string()).into_js())
}

fn defect(error: serde_json::Error) -> JsValue {
    Thrown::at("", "internal_error", &error, "Please report it with the input that led here.").into_js()
}

/// The default of serde-wasm-bindgen turns maps into `Map`, which JSON does not know.
fn to_js<T: Serialize>(value: &T) -> Result<JsValue, serde_wasm_bindgen::Error> {
    value.serialize(&Serializer::json_compatible())
}

/// Domain errors begin small and end without a full stop, as Rust does it; people read sentences. They begin with an
/// ASCII letter: the tables for all others would be a fifth of the module.
fn sentence(text: &str) -> String {
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
