//! Reads a JSON document field by field and keeps going: every problem becomes an issue, none ends the reading.

use serde_json::{Map, Value};

use crate::issue::{Blocks, Issue, Severity};

/// A place in the document, as a chain, so that a pointer is only written out when an issue needs it.
#[derive(Clone, Copy)]
pub(crate) struct Path<'p> {
    parent: Option<&'p Path<'p>>,
    segment: Segment<'p>,
}

#[derive(Clone, Copy)]
enum Segment<'p> {
    Key(&'p str),
    Index(usize),
}

pub(crate) const ROOT: Path<'static> = Path { parent: None, segment: Segment::Key("") };

impl<'p> Path<'p> {
    pub(crate) fn key(&'p self, key: &'p str) -> Path<'p> {
        Path { parent: Some(self), segment: Segment::Key(key) }
    }

    pub(crate) fn index(&'p self, index: usize) -> Path<'p> {
        Path { parent: Some(self), segment: Segment::Index(index) }
    }

    pub(crate) fn pointer(&self) -> String {
        let Some(parent) = self.parent else { return String::new() };
        let mut text = parent.pointer();
        text.push('/');
        match self.segment {
            Segment::Key(key) => push_segment(&mut text, key),
            Segment::Index(index) => text.push_str(&index.to_string()),
        }
        text
    }
}

/// Appends one JSON Pointer segment, escaped as RFC 6901 wants it.
pub(crate) fn push_segment(pointer: &mut String, key: &str) {
    for c in key.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
}

/// Collects the issues of one document.
#[derive(Default)]
pub(crate) struct Reader {
    pub(crate) issues: Vec<Issue>,
}

/// What an absent value means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// The SQL cannot be written without it.
    Required,
    /// The SQL can be written without it, a run is not possible: an open question for a person.
    Open,
    /// Fine.
    Optional,
}

/// An object of the document with its place.
#[derive(Clone, Copy)]
pub(crate) struct Object<'a> {
    pub(crate) map: &'a Map<String, Value>,
    pub(crate) path: Path<'a>,
}

pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

impl Reader {
    pub(crate) fn error(&mut self, code: &'static str, path: &Path<'_>, message: String, help: &str) {
        self.push(Severity::Error, Blocks::Rendering, code, path, message, help);
    }

    pub(crate) fn open(&mut self, code: &'static str, path: &Path<'_>, message: String, help: &str) {
        self.push(Severity::Error, Blocks::Running, code, path, message, help);
    }

    pub(crate) fn warn(&mut self, code: &'static str, path: &Path<'_>, message: String, help: &str) {
        self.push(Severity::Warning, Blocks::Nothing, code, path, message, help);
    }

    fn push(
        &mut self,
        severity: Severity,
        blocks: Blocks,
        code: &'static str,
        path: &Path<'_>,
        message: String,
        help: &str,
    ) {
        self.issues.push(Issue {
            severity,
            code,
            path: path.pointer(),
            message,
            help: help.to_owned(),
            blocks,
        });
    }

    fn wrong_type(&mut self, path: &Path<'_>, expected: &str, found: &Value) {
        self.error(
            "plan_wrong_type",
            path,
            format!("{expected} is expected here, not {}", kind(found)),
            &format!("Give {expected}, or leave the key out if it is optional."),
        );
    }

    /// The value under `key`, or an issue if it is needed and absent. For what a person still has to fill in,
    /// `null` is the same as absent.
    fn value<'a>(&mut self, object: &Object<'a>, key: &str, need: Need) -> Option<&'a Value> {
        let found = object.map.get(key);
        let help = "Add the key; docs/plan.schema.json says what it takes.";
        match (found, need) {
            (None, Need::Required) => {
                self.error("plan_missing", &object.path.key(key), format!("`{key}` is missing"), help);
                None
            }
            (None | Some(Value::Null), Need::Open) => {
                self.open(
                    "plan_missing",
                    &object.path.key(key),
                    format!("`{key}` is not known yet"),
                    "Fill it in before the plan is deployed; the SQL does not depend on it.",
                );
                None
            }
            (found, _) => found,
        }
    }

    pub(crate) fn object<'a>(
        &mut self,
        parent: &'a Object<'a>,
        key: &'a str,
        need: Need,
    ) -> Option<Object<'a>> {
        match self.value(parent, key, need)? {
            Value::Object(map) => Some(Object { map, path: parent.path.key(key) }),
            other => {
                self.wrong_type(&parent.path.key(key), "an object", other);
                None
            }
        }
    }

    pub(crate) fn text<'a>(&mut self, object: &Object<'a>, key: &str, need: Need) -> Option<&'a str> {
        match self.value(object, key, need)? {
            Value::String(text) => Some(text),
            other => {
                self.wrong_type(&object.path.key(key), "a text", other);
                None
            }
        }
    }

    pub(crate) fn boolean(&mut self, object: &Object<'_>, key: &str) -> Option<bool> {
        match self.value(object, key, Need::Optional)? {
            Value::Bool(value) => Some(*value),
            other => {
                self.wrong_type(&object.path.key(key), "true or false", other);
                None
            }
        }
    }

    /// An integer between `min` and `max`.
    pub(crate) fn integer(&mut self, object: &Object<'_>, key: &str, min: u64, max: u64) -> Option<u64> {
        let value = self.value(object, key, Need::Optional)?;
        let Value::Number(number) = value else {
            self.wrong_type(&object.path.key(key), "a whole number", value);
            return None;
        };
        // JSON has one kind of number: 60.0 is 60. Above 2^53 a float no longer says which integer was meant.
        let whole = number.as_u64().or_else(|| {
            let float = number.as_f64()?;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "range and fraction checked"
            )]
            let whole = (float.fract() == 0.0 && (0.0..=9_007_199_254_740_992.0).contains(&float))
                .then_some(float as u64);
            whole
        });
        match whole {
            Some(whole) if (min..=max).contains(&whole) => Some(whole),
            _ => {
                let limits =
                    if max == MAX_INTEGER { format!("at least {min}") } else { format!("{min} to {max}") };
                self.error(
                    "plan_out_of_range",
                    &object.path.key(key),
                    format!("`{key}` is {number}; whole numbers are allowed here, {limits}"),
                    "Choose a whole number within the limits.",
                );
                None
            }
        }
    }

    /// A text that is one of `options`.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        object: &Object<'_>,
        key: &str,
        need: Need,
        options: &[(&str, T)],
    ) -> Option<T> {
        let text = self.text(object, key, need)?;
        if let Some((_, value)) = options.iter().find(|(name, _)| *name == text) {
            return Some(*value);
        }
        let names: Vec<&str> = options.iter().map(|(name, _)| *name).collect();
        self.error(
            "plan_not_allowed",
            &object.path.key(key),
            format!("`{}` is not a value of `{key}`", shorten(text)),
            &format!("Use one of: {}.", names.join(", ")),
        );
        None
    }

    pub(crate) fn list<'a>(&mut self, object: &Object<'a>, key: &str, need: Need) -> Option<&'a [Value]> {
        match self.value(object, key, need)? {
            Value::Array(items) => Some(items),
            other => {
                self.wrong_type(&object.path.key(key), "a list", other);
                None
            }
        }
    }

    pub(crate) fn wrong_item(&mut self, path: &Path<'_>, expected: &str, found: &Value) {
        self.wrong_type(path, expected, found);
    }

    /// Reports every key that is not in `known`. A key that does nothing is refused and not ignored: a misspelt
    /// `filter` would otherwise load the whole table.
    pub(crate) fn only(&mut self, object: &Object<'_>, known: &[&str]) {
        for key in object.map.keys() {
            if !known.contains(&key.as_str()) {
                self.error(
                    "plan_unknown_key",
                    &object.path.key(key),
                    format!("`{}` is not a key of the plan schema here", shorten(key)),
                    &format!("Remove it; the keys here are: {}.", known.join(", ")),
                );
            }
        }
    }
}

/// "No upper limit" for [`Reader::integer`]: the largest integer that every JSON reader keeps exactly.
pub(crate) const MAX_INTEGER: u64 = 9_007_199_254_740_991;

/// A value from outside for use in a message: without control characters and at most 60 characters.
pub(crate) fn shorten(text: &str) -> String {
    let mut short: String =
        text.chars().take(60).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
    if text.chars().nth(60).is_some() {
        short.push('…');
    }
    short
}
