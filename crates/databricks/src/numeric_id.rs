//! Ids that are numbers on the wire and texts everywhere else.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// The id of a job, a run or a repair: a 64-bit number on the wire, digits here.
///
/// JavaScript numbers hold 53 bits, and ids exceed them, so nothing but this type reads or writes such an id. It
/// serialises as a number, because that is what requests need; answers of ours use [`NumericId::as_str`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NumericId(String);

impl NumericId {
    /// Takes 1 to 19 digits without a leading zero; `None` for everything else and for numbers above 2^63 - 1.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = !text.is_empty() && text.len() <= 19 && text.bytes().all(|b| b.is_ascii_digit());
        let number: i64 = if digits && !text.starts_with('0') { text.parse().ok()? } else { return None };
        Some(Self(number.to_string()))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number, for comparing ages: later ids are larger.
    #[must_use]
    pub fn number(&self) -> i64 {
        // Checked when it was made.
        self.0.parse().unwrap_or(i64::MAX)
    }
}

impl fmt::Display for NumericId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for NumericId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.number())
    }
}

impl<'de> Deserialize<'de> for NumericId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Id;
        impl Visitor<'_> for Id {
            type Value = NumericId;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id: a positive 64-bit number, or its digits")
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<NumericId, E> {
                self.visit_str(&value.to_string())
            }

            fn visit_str<E: de::Error>(self, value: &str) -> Result<NumericId, E> {
                NumericId::parse(value).ok_or_else(|| E::invalid_value(de::Unexpected::Str(value), &self))
            }
        }
        deserializer.deserialize_any(Id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_every_digit() {
        for text in ["1", "9007199254740993", "9223372036854775807"] {
            let id: NumericId = serde_json::from_str(text).unwrap();
            assert_eq!(id.as_str(), text);
            assert_eq!(serde_json::to_string(&id).unwrap(), text);
            assert_eq!(serde_json::from_str::<NumericId>(&format!("\"{text}\"")).unwrap(), id);
        }
    }

    #[test]
    fn refuses_what_is_no_id() {
        for text in ["0", "-1", "1.5", "9223372036854775808", "\"\"", "\"01\"", "\"1 \"", "null", "\"1e3\""] {
            assert!(serde_json::from_str::<NumericId>(text).is_err(), "{text}");
        }
    }
}
