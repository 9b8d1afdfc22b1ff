//! Lenient reading of answers: every member is optional, and a member of the wrong type counts as absent.
//!
//! The service adds members without a version change and leaves out those that have their default value, so nothing in
//! an answer may be required except what makes it the answer that was asked for.

use serde_json::{Map, Value};
use thiserror::Error;

/// The answer is not what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the answer is not {0}")]
pub struct AnswerError(pub &'static str);

impl AnswerError {
    /// A stable name for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        "answer_unreadable"
    }
}

/// The answer as an object; `what` names what it should be.
pub(crate) fn object(bytes: &[u8], what: &'static str) -> Result<Map<String, Value>, AnswerError> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err(AnswerError(what)),
    }
}

/// The text of a member; empty texts count as absent, because that is how the service writes them.
pub(crate) fn text(members: &Map<String, Value>, key: &str) -> Option<String> {
    members.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// An id that may come as text or as number.
pub(crate) fn id(members: &Map<String, Value>, key: &str) -> Option<String> {
    match members.get(key) {
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => text(members, key),
    }
}

/// A whole number.
pub(crate) fn integer(members: &Map<String, Value>, key: &str) -> Option<i64> {
    members.get(key).and_then(Value::as_i64)
}

/// The items of a list; anything else is an empty list.
pub(crate) fn list<'a>(members: &'a Map<String, Value>, key: &str) -> &'a [Value] {
    members.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The texts of a list.
pub(crate) fn texts(members: &Map<String, Value>, key: &str) -> Vec<String> {
    list(members, key).iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A member that is an object.
pub(crate) fn inner<'a>(members: &'a Map<String, Value>, key: &str) -> Option<&'a Map<String, Value>> {
    members.get(key).and_then(Value::as_object)
}

/// The token of the next page: absent or empty at the end.
pub(crate) fn next_page(members: &Map<String, Value>) -> Option<String> {
    text(members, "next_page_token")
}

/// One segment of a path or one value of a query, percent-encoded as UTF-8 but for the unreserved characters.
#[must_use]
pub fn encode_segment(text: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                out.push(char::from(DIGITS.get(usize::from(digit)).copied().unwrap_or_default()));
            }
        }
    }
    out
}

/// A full name for a path: every part percent-encoded, joined by dots. `.` and `..` alone would change the path; no
/// part of a name in Unity Catalog can hold a dot.
#[must_use]
pub fn encode_name(parts: &[&str]) -> String {
    let parts: Vec<String> = parts.iter().map(|part| encode_segment(part).replace('.', "%2E")).collect();
    parts.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_paths_cannot_leave_their_place() {
        assert_eq!(encode_name(&["retail-emea", "sales", "ümsätze"]), "retail-emea.sales.%C3%BCms%C3%A4tze");
        assert_eq!(encode_name(&["..", "a/b", "c?d#e%"]), "%2E%2E.a%2Fb.c%3Fd%23e%25");
        assert_eq!(encode_segment("a b&c=d+e"), "a%20b%26c%3Dd%2Be");
    }
}
