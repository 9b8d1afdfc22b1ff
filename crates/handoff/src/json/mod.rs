//! A JSON value that gives back what was read: key order, the digits of every number, every key name.
//!
//! Own code for three reasons. Links must come back value for value, so `1.0`, `1e2` and integers beyond 64 bits
//! keep their text. Limits hold while reading, before memory is spent. And keys such as `__proto__` are plain
//! entries of a list. It also costs the module a fifth of what an ordered map and a float parser would.

use crate::digits::push_number;
use crate::texts::Texts;

mod parse;
mod print;

pub use parse::JsonError;
pub(crate) use parse::{Bounds, parse};
pub(crate) use print::object as write_object;
pub use print::text as write_json_text;

/// Any JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as it was written. Always valid JSON.
    Number(Number),
    /// A string.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// Keys and values in the order they were written.
    Object(Object),
}

/// The text of a JSON number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(pub(crate) String);

impl Number {
    /// The number as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number, if it is a whole one from 0 to 2^64 - 1 written without sign, fraction or exponent.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        self.0.parse().ok()
    }
}

impl From<u64> for Number {
    fn from(n: u64) -> Self {
        let mut text = String::new();
        push_number(&mut text, n);
        Self(text)
    }
}

/// Keys and values in order; no key twice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Object(pub(crate) Vec<(String, Value)>);

impl Object {
    /// An object without keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.0.iter_mut().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    /// Sets `key`, in its old place if it is there and at the end if not.
    pub fn insert(&mut self, key: &str, value: Value) {
        match self.get_mut(key) {
            Some(old) => *old = value,
            None => self.0.push((key.to_owned(), value)),
        }
    }

    /// Keys and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(k, v)| (k.as_str(), v))
    }

    /// True if a key comes twice; only while an object is being read.
    pub(crate) fn has_duplicates(&self) -> bool {
        let mut seen = Texts::default();
        !self.0.iter().all(|(key, _)| seen.add(key))
    }

    /// Keys and values in order, without the object.
    #[must_use]
    pub fn into_entries(self) -> Vec<(String, Value)> {
        self.0
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True without keys.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(String, Value)> for Object {
    /// Of entries that have no key twice.
    fn from_iter<T: IntoIterator<Item = (String, Value)>>(entries: T) -> Self {
        Self(entries.into_iter().collect())
    }
}

impl Value {
    /// Reads one JSON text with the limits of [`crate::limits`].
    ///
    /// # Errors
    /// The first place that is not JSON, or a limit that was passed.
    pub fn from_json_str(text: &str) -> Result<Self, JsonError> {
        parse(text, Bounds::default())
    }

    /// Compact JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        print::write(self, &mut out);
        out
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(s) = self { Some(s) } else { None }
    }

    /// The items of a list.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Value]> {
        if let Self::Array(a) = self { Some(a) } else { None }
    }

    /// The keys and values of an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object> {
        if let Self::Object(o) = self { Some(o) } else { None }
    }

    /// What kind of value this is, in words for messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

impl From<&str> for Value {
    fn from(s: &str) -> Self {
        Self::String(s.to_owned())
    }
}
