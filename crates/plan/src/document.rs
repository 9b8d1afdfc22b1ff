//! The document of a plan: JSON as it was written, with the refusals that a plan needs.

use std::borrow::Cow;

use handoff::{JsonError, Number, Object, Texts, Value};

use crate::error::PlanError;
use crate::number::Decimal;
use crate::reader::shorten;

/// The most bytes of JSON that are read as a plan. A plan with 10,000 columns has about half of it.
pub const MAX_DOCUMENT_BYTES: usize = 1 << 20;

/// A JSON document. Keys keep their order and numbers their digits.
pub type Document = Value;

/// Everything that can be looked at as a document: a [`Document`], and what other code of a server works with.
pub trait AsDocument {
    /// The document.
    fn as_document(&self) -> Cow<'_, Document>;
}

impl AsDocument for Document {
    fn as_document(&self) -> Cow<'_, Document> {
        Cow::Borrowed(self)
    }
}

impl AsDocument for serde_json::Value {
    fn as_document(&self) -> Cow<'_, Document> {
        Cow::Owned(converted(self))
    }
}

fn converted(value: &serde_json::Value) -> Document {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Bool(*value),
        // The text of a number is JSON.
        serde_json::Value::Number(number) => {
            Value::from_json_str(&number.to_string()).unwrap_or_else(|_| Value::Number(Number::from(0)))
        }
        serde_json::Value::String(text) => Value::from(text.as_str()),
        serde_json::Value::Array(items) => Value::Array(items.iter().map(converted).collect()),
        serde_json::Value::Object(map) => {
            Value::Object(map.iter().map(|(key, value)| (key.clone(), converted(value))).collect::<Object>())
        }
    }
}

/// Reads JSON text as a document to validate.
///
/// Two readers of a document with a key that is there twice may see different plans, so such a document is refused.
///
/// # Errors
/// Text that is too long, is not JSON, nests deeper than 32, names a key twice in one object, or has a number beyond
/// every double, which has no canonical form (RFC 8785 section 3.2.2.3).
pub fn parse_document(text: &str) -> Result<Document, PlanError> {
    if text.len() > MAX_DOCUMENT_BYTES {
        return Err(PlanError::TooLarge { bytes: text.len() });
    }
    let document = Value::from_json_str(text).map_err(|error| match error {
        JsonError::Syntax(at) => not_json(text, at),
        JsonError::DuplicateKey(at) => repeated_key(text, at),
        // One text in it is longer than anything in a plan, or it nests deeper.
        _ => not_json(text, 0),
    })?;
    if is_finite(&document) { Ok(document) } else { Err(not_json(text, 0)) }
}

/// Whether there is a double for every number in it.
fn is_finite(value: &Value) -> bool {
    match value {
        Value::Number(number) => Decimal::read(number.as_str()).is_finite(),
        Value::Array(items) => items.iter().all(is_finite),
        Value::Object(object) => object.iter().all(|(_, item)| is_finite(item)),
        _ => true,
    }
}

fn not_json(text: &str, at: usize) -> PlanError {
    let (line, column) = place(text, at);
    PlanError::NotJson { line, column }
}

/// The line and the column of a byte, from 1.
#[inline(never)]
fn place(text: &str, at: usize) -> (usize, usize) {
    let (mut line, mut column) = (1, 1);
    for byte in text.as_bytes().get(..at).unwrap_or_default() {
        column += 1;
        if *byte == b'\n' {
            line += 1;
            column = 1;
        }
    }
    (line, column)
}

/// Finds the key that the object at a byte has twice. The object is known to be JSON, so a string is a key if a colon
/// follows it.
fn repeated_key(text: &str, object: usize) -> PlanError {
    let bytes = text.as_bytes();
    let mut seen = Texts::default();
    let mut depth = 0;
    let mut at = object;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b'"' => {
                let start = at - 1;
                while let Some(byte) = bytes.get(at).filter(|byte| **byte != b'"') {
                    at += if *byte == b'\\' { 2 } else { 1 };
                }
                at += 1;
                let rest = bytes.get(at..).unwrap_or_default().trim_ascii_start();
                let quoted = text.get(start..at).unwrap_or_default();
                if depth == 1
                    && rest.first() == Some(&b':')
                    && let Ok(Value::String(key)) = Value::from_json_str(quoted)
                    && seen.insert(&key).is_some()
                {
                    let (line, _) = place(text, start);
                    return PlanError::RepeatedKey { key: shorten(&key), line };
                }
            }
            _ => {}
        }
    }
    not_json(text, object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_json() {
        let text = r#"{"b": [1, -2, 2.5, true, null, "x"], "a": {"a": "\u00e9"}}"#;
        let document = parse_document(text).unwrap();
        assert_eq!(document.to_json(), r#"{"b":[1,-2,2.5,true,null,"x"],"a":{"a":"é"}}"#);
        let other: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(crate::canonical_json(&other), crate::canonical_json(&document));
    }

    #[test]
    fn refuses_with_a_code_and_a_place() {
        let error = |text: &str| parse_document(text).unwrap_err();
        let repeated = |key: &str, line| PlanError::RepeatedKey { key: key.to_owned(), line };
        assert_eq!(error(r#"{"a": 1, "b": {"c": 1, "c": 2}}"#), repeated("c", 1));
        assert_eq!(
            error("{\"b\": {\"a\": \"\\\"\", \"b\": [{\"b\": 1}]},\n\"a\": 1,\n\"\\u0061\": 2}"),
            repeated("a", 3)
        );
        assert_eq!(error("{"), PlanError::NotJson { line: 1, column: 2 });
        assert_eq!(error("{\n \"a\": x}"), PlanError::NotJson { line: 2, column: 7 });
        let code = |text: &str| error(text).code();
        assert_eq!(code("{} {}"), "plan_not_json");
        assert_eq!(code(&"[".repeat(100_000)), "plan_not_json");
        assert_eq!(code(&" ".repeat(MAX_DOCUMENT_BYTES + 1)), "plan_too_large");
    }

    #[test]
    fn numbers_beyond_every_double_are_refused() {
        for number in ["1e309", "-1e400", "1.7976931348623159e308", "1111111111111111111E99999999999"] {
            assert!(matches!(parse_document(number), Err(PlanError::NotJson { .. })), "{number}");
            let nested = format!(r#"{{"a": [1, {{"b": {number}}}]}}"#);
            assert!(matches!(parse_document(&nested), Err(PlanError::NotJson { .. })), "{nested}");
        }
        for number in ["1.7976931348623157e308", "1.7976931348623158e308", "-1e308", "1e-999", "0e999999"] {
            assert!(number.parse::<f64>().unwrap().is_finite());
            assert!(parse_document(number).is_ok(), "{number}");
        }
    }
}
