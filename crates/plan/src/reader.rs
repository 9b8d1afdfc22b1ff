//! Reads a JSON document field by field and keeps going: every problem becomes an issue, none ends the reading.

use handoff::Value;

use crate::issue::{Blocks, Issue, Severity};
use crate::number::Decimal;

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

    /// The place as a JSON Pointer.
    pub(crate) fn pointer(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, '/');
        text
    }

    /// The place for people, with dots: `source.columns`.
    pub(crate) fn dotted(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, '.');
        text
    }

    fn write(&self, text: &mut String, separator: char) {
        let Some(parent) = self.parent else { return };
        parent.write(text, separator);
        if separator == '/' || !text.is_empty() {
            text.push(separator);
        }
        match self.segment {
            Segment::Key(key) if separator == '/' => push_segment(text, key),
            Segment::Key(key) => text.push_str(&shorten(key)),
            Segment::Index(index) => text.push_str(&index.to_string()),
        }
    }

    /// The key of the document's root that the place is under; empty for the root itself.
    pub(crate) fn part(&self) -> &str {
        match (self.parent, self.segment) {
            (Some(parent), Segment::Key(key)) if parent.parent.is_none() => key,
            (Some(parent), _) => parent.part(),
            (None, _) => "",
        }
    }
}

/// Appends one JSON Pointer segment, escaped as RFC 6901 wants it.
fn push_segment(pointer: &mut String, key: &str) {
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
    pub(crate) map: &'a handoff::Object,
    pub(crate) path: Path<'a>,
}

impl Object<'_> {
    /// Whether there is a value under `key`, of whatever type.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.map.get(key).is_some()
    }
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
    /// `message` may have one `{}`, which is replaced by `about`, made harmless and short. Formatting stands in one
    /// place because there are many messages and this is part of what a browser downloads first.
    #[inline(never)]
    pub(crate) fn error(
        &mut self,
        code: &'static str,
        path: &Path<'_>,
        message: &str,
        about: &str,
        help: &str,
    ) {
        self.push(Blocks::Rendering, code, path, fill(message, about), help);
    }

    #[inline(never)]
    pub(crate) fn error_text(&mut self, code: &'static str, path: &Path<'_>, message: String, help: &str) {
        self.push(Blocks::Rendering, code, path, message, help);
    }

    #[inline(never)]
    pub(crate) fn open(
        &mut self,
        code: &'static str,
        path: &Path<'_>,
        message: &str,
        about: &str,
        help: &str,
    ) {
        self.push(Blocks::Running, code, path, fill(message, about), help);
    }

    #[inline(never)]
    pub(crate) fn warn(
        &mut self,
        code: &'static str,
        path: &Path<'_>,
        message: &str,
        about: &str,
        help: &str,
    ) {
        self.push(Blocks::Nothing, code, path, fill(message, about), help);
    }

    #[inline(never)]
    fn push(&mut self, blocks: Blocks, code: &'static str, path: &Path<'_>, message: String, help: &str) {
        let severity = if blocks == Blocks::Nothing { Severity::Warning } else { Severity::Error };
        self.issues.push(Issue {
            severity,
            code,
            path: path.pointer(),
            message,
            help: help.to_owned(),
            blocks,
        });
    }

    #[inline(never)]
    fn wrong_type(&mut self, path: &Path<'_>, expected: &str, found: &Value) {
        self.error_text(
            "plan_wrong_type",
            path,
            [expected, " is expected here, not ", kind(found)].concat(),
            &["Give ", expected, ", or leave the key out if it is optional."].concat(),
        );
    }

    /// The value under `key`, or an issue if it is needed and absent. For what a person still has to fill in,
    /// `null` is the same as absent.
    #[inline(never)]
    fn value<'a>(&mut self, object: &Object<'a>, key: &str, need: Need) -> Option<&'a Value> {
        let found = object.map.get(key);
        let help = "Add the key; docs/plan.schema.json says what it takes.";
        match (found, need) {
            (None, Need::Required) => {
                self.error("plan_missing", &object.path.key(key), "`{}` is missing", key, help);
                None
            }
            (None | Some(Value::Null), Need::Open) => {
                self.open(
                    "plan_missing",
                    &object.path.key(key),
                    "`{}` is not known yet",
                    key,
                    "Fill it in before the plan is deployed; the SQL does not depend on it.",
                );
                None
            }
            (found, _) => found,
        }
    }

    #[inline(never)]
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

    #[inline(never)]
    pub(crate) fn text<'a>(&mut self, object: &Object<'a>, key: &str, need: Need) -> Option<&'a str> {
        match self.value(object, key, need)? {
            Value::String(text) => Some(text),
            other => {
                self.wrong_type(&object.path.key(key), "a text", other);
                None
            }
        }
    }

    #[inline(never)]
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
    #[inline(never)]
    pub(crate) fn integer(&mut self, object: &Object<'_>, key: &str, min: u64, max: u64) -> Option<u64> {
        let value = self.value(object, key, Need::Optional)?;
        let Value::Number(number) = value else {
            self.wrong_type(&object.path.key(key), "a whole number", value);
            return None;
        };
        // JSON has one kind of number: 60.0 is 60.
        let whole = Decimal::read(number.as_str()).whole();
        match whole {
            Some(whole) if (min..=max).contains(&whole) => Some(whole),
            _ => {
                let limits = if max == MAX_INTEGER {
                    ["at least ", &min.to_string()].concat()
                } else {
                    [&min.to_string(), " to ", &max.to_string()].concat()
                };
                let number = shorten(number.as_str());
                self.error_text(
                    "plan_out_of_range",
                    &object.path.key(key),
                    ["`", key, "` is ", &number, "; whole numbers are allowed here, ", &limits].concat(),
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
        options: &[(&'static str, T)],
    ) -> Option<T> {
        let text = self.text(object, key, need)?;
        if let Some((_, value)) = options.iter().find(|(name, _)| *name == text) {
            return Some(*value);
        }
        let names: Vec<&str> = options.iter().map(|(name, _)| *name).collect();
        self.not_allowed(object, key, text, &names);
        None
    }

    #[inline(never)]
    fn not_allowed(&mut self, object: &Object<'_>, key: &str, text: &str, names: &[&str]) {
        self.error_text(
            "plan_not_allowed",
            &object.path.key(key),
            ["`", &shorten(text), "` is not a value of `", key, "`"].concat(),
            &["Use one of: ", &join(names.iter().copied()), "."].concat(),
        );
    }

    #[inline(never)]
    pub(crate) fn list<'a>(&mut self, object: &Object<'a>, key: &str, need: Need) -> Option<&'a [Value]> {
        match self.value(object, key, need)? {
            Value::Array(items) => Some(items),
            other => {
                self.wrong_type(&object.path.key(key), "a list", other);
                None
            }
        }
    }

    #[inline(never)]
    pub(crate) fn wrong_item(&mut self, path: &Path<'_>, expected: &str, found: &Value) {
        self.wrong_type(path, expected, found);
    }

    /// Reports every key that is not in `known`. A key that does nothing is refused and not ignored: a misspelt
    /// `filter` would otherwise load the whole table.
    #[inline(never)]
    pub(crate) fn only(&mut self, object: &Object<'_>, known: &[&str]) {
        for (key, _) in object.map.iter() {
            if !known.contains(&key) {
                self.error(
                    "plan_unknown_key",
                    &object.path.key(key),
                    "`{}` is not a key of the plan schema here",
                    key,
                    &["Remove it; the keys here are: ", &join(known.iter().copied()), "."].concat(),
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

#[inline(never)]
fn fill(message: &str, about: &str) -> String {
    match message.split_once('{') {
        Some((before, after)) => [before, &shorten(about), after.trim_start_matches('}')].concat(),
        None => message.to_owned(),
    }
}

/// Texts between commas.
pub(crate) fn join<'a>(items: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for item in items {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(item);
    }
    text
}
