//! JSON text to a JSON document, with the refusals that `serde_json` alone does not make.

use serde_json::Value;

use crate::error::PlanError;
use crate::names::TextSet;
use crate::reader::shorten;

/// The most bytes of JSON that are read as a plan. A plan with 10,000 columns has about half of it.
pub const MAX_DOCUMENT_BYTES: usize = 1 << 20;

/// Reads JSON text as a document to validate.
///
/// Two readers of a document with a key that is there twice may see different plans, so such a document is refused.
///
/// # Errors
/// Text that is too long, is not JSON, nests deeper than 128, or names a key twice in one object.
pub fn parse_document(text: &str) -> Result<Value, PlanError> {
    if text.len() > MAX_DOCUMENT_BYTES {
        return Err(PlanError::TooLarge { bytes: text.len() });
    }
    let value =
        serde_json::from_str(text).map_err(|e| PlanError::NotJson { line: e.line(), column: e.column() })?;
    match repeated_key(text) {
        None => Ok(value),
        Some((key, line)) => Err(PlanError::RepeatedKey { key: shorten(&key), line }),
    }
}

/// Finds a key that an object has twice, with its line. The text is known to be JSON, so a string is a key if a colon
/// follows it.
fn repeated_key(text: &str) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    let mut objects: Vec<TextSet> = Vec::new();
    let mut line = 1;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'\n' => line += 1,
            b'{' => objects.push(TextSet::default()),
            b'}' => {
                objects.pop();
            }
            b'"' => {
                let start = at;
                while let Some(byte) = bytes.get(at).filter(|b| **b != b'"') {
                    at += if *byte == b'\\' { 2 } else { 1 };
                }
                let quoted = text.get(start - 1..at + 1).unwrap_or_default();
                at += 1;
                let rest = bytes.get(at..).unwrap_or_default();
                let next = rest.iter().find(|b| !matches!(b, b' ' | b'\t' | b'\n' | b'\r'));
                if next == Some(&b':') {
                    // As a value: the reader for texts alone brings everything along that can be wrong with other types.
                    let Ok(Value::String(key)) = serde_json::from_str(quoted) else { continue };
                    if objects.last_mut().is_some_and(|object| object.insert(&key).is_some()) {
                        return Some((key, line));
                    }
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_json() {
        let text = r#"{"a": [1, -2, 2.5, true, null, "x"], "b": {"a": "\u00e9"}}"#;
        assert_eq!(parse_document(text).unwrap(), serde_json::from_str::<Value>(text).unwrap());
    }

    #[test]
    fn refuses_with_a_code() {
        let code = |text: &str| parse_document(text).unwrap_err().code();
        assert_eq!(code(r#"{"a": 1, "b": {"c": 1, "c": 2}}"#), "plan_repeated_key");
        assert_eq!(code(r#"{"a": 1, "\u0061": 2}"#), "plan_repeated_key");
        assert_eq!(code("{"), "plan_not_json");
        assert_eq!(code("{} {}"), "plan_not_json");
        assert_eq!(code(&"[".repeat(100_000)), "plan_not_json");
        assert_eq!(code(&" ".repeat(MAX_DOCUMENT_BYTES + 1)), "plan_too_large");
    }
}
