//! JSON text to a JSON document, with the refusals that `serde_json` alone does not make.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::error::PlanError;

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
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict.deserialize(&mut reader).map_err(|e| PlanError::from_json(&e))?;
    reader.end().map_err(|e| PlanError::from_json(&e))?;
    Ok(value)
}

/// Builds a [`Value`] and refuses a repeated key.
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(Value::Bool(v))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(Value::Number(v.into()))
    }

    fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
        Ok(Value::Number(v.into()))
    }

    fn visit_f64<E>(self, v: f64) -> Result<Value, E> {
        Ok(Number::from_f64(v).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, v: &str) -> Result<Value, E> {
        Ok(Value::String(v.to_owned()))
    }

    fn visit_string<E>(self, v: String) -> Result<Value, E> {
        Ok(Value::String(v))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(Strict)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(Strict)?;
            if map.contains_key(&key) {
                return Err(A::Error::custom(format_args!("{DUPLICATE}{}", crate::reader::shorten(&key))));
            }
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

/// How a repeated key travels through `serde_json`'s error type, which carries nothing but text.
pub(crate) const DUPLICATE: &str = "repeated key ";

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
