//! Reads a JSON document field by field and keeps going: every problem becomes an issue, none ends the reading.

use handoff::Value;

use crate::issue::{Blocks, Issue, Severity};
use crate::number::Decimal;
use crate::values::push_number;

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
            Segment::Index(index) => push_number(text, index as u64),
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
    /// The list of source columns is wrong: against it every other name would look wrong too, and one issue is enough.
    pub(crate) broken_columns: bool,
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

/// A problem that a plan can have: what it stands in the way of, its stable code, what is wrong and what to do next.
/// `{}` in the two sentences stands for what the plan says there.
///
/// The three texts are one with lines, because a place for each of them costs more than the few that are looked for.
pub(crate) struct Rule {
    pub(crate) blocks: Blocks,
    pub(crate) text: &'static str,
}

macro_rules! rule {
    ($blocks:ident, $code:literal, $message:literal, $help:literal $(,)?) => {
        $crate::reader::Rule {
            blocks: $crate::issue::Blocks::$blocks,
            text: concat!($code, "\n", $message, "\n", $help),
        }
    };
}

/// A rule whose breach stands in the way of writing the SQL.
macro_rules! error {
    ($($text:tt)*) => { $crate::reader::rule!(Rendering, $($text)*) };
}

/// Something that a person still has to fill in.
macro_rules! open {
    ($($text:tt)*) => { $crate::reader::rule!(Running, $($text)*) };
}

macro_rules! warning {
    ($($text:tt)*) => { $crate::reader::rule!(Nothing, $($text)*) };
}

pub(crate) use {error, rule, warning};

const MISSING: Rule =
    error!("plan_missing", "`{}` is missing", "Add the key; docs/plan.schema.json says what it takes.");
const UNKNOWN: Rule = open!(
    "plan_missing",
    "`{}` is not known yet",
    "Fill it in before the plan is deployed; the SQL does not depend on it.",
);
/// What a form leaves behind: an open question like an absent key.
pub(crate) const EMPTY: Rule =
    open!("plan_missing", "`{}` is not known yet", "Fill it in before the plan is deployed.");
const WRONG_TYPE: Rule = error!(
    "plan_wrong_type",
    "{} is expected here, not {}", "Give {}, or leave the key out if it is optional.",
);
const OUT_OF_RANGE: Rule = error!(
    "plan_out_of_range",
    "`{}` is {}; whole numbers are allowed here, {}", "Choose a whole number within the limits.",
);
const NOT_ALLOWED: Rule = error!("plan_not_allowed", "`{}` is not a value of `{}`", "Use one of: {}.");
const UNKNOWN_KEY: Rule = error!(
    "plan_unknown_key",
    "`{}` is not a key of the plan schema here", "Remove it; the keys here are: {}.",
);

impl Reader {
    /// Reports the value under `key`. `about` may be any text of the plan: it is made harmless and short.
    #[inline(never)]
    pub(crate) fn report(&mut self, rule: &Rule, parent: &Path<'_>, key: &str, about: &str) {
        self.report_all(rule, &parent.key(key), &[&shorten(about)]);
    }

    /// Reports an item of the list under `key`.
    #[inline(never)]
    pub(crate) fn report_item(
        &mut self,
        rule: &Rule,
        parent: &Path<'_>,
        key: &str,
        index: usize,
        about: &str,
    ) {
        self.report_all(rule, &parent.key(key).index(index), &[&shorten(about)]);
    }

    /// Reports a value. What stands for the places of both sentences comes one after the other.
    #[inline(never)]
    pub(crate) fn report_all(&mut self, rule: &Rule, path: &Path<'_>, about: &[&str]) {
        let mut texts = rule.text.split('\n');
        let mut text = || texts.next().unwrap_or_default();
        let (code, message, help) = (text(), text(), text());
        if self.broken_columns && matches!(code, "plan_column_not_in_source" | "plan_column_not_written") {
            return;
        }
        let severity = if rule.blocks == Blocks::Nothing { Severity::Warning } else { Severity::Error };
        let mut about = about.iter();
        let message = fill(message, &mut about);
        let help = fill(help, &mut about);
        let path = path.pointer();
        self.issues.push(Issue { severity, code, path, message, help, blocks: rule.blocks });
    }

    #[inline(never)]
    pub(crate) fn wrong_type(&mut self, path: &Path<'_>, expected: &str, found: &Value) {
        self.report_all(&WRONG_TYPE, path, &[expected, kind(found), expected]);
    }

    /// The value under `key`, or an issue if it is needed and absent. For what a person still has to fill in,
    /// `null` is the same as absent.
    #[inline(never)]
    fn value<'a>(&mut self, object: &Object<'a>, key: &str, need: Need) -> Option<&'a Value> {
        let found = object.map.get(key);
        match (found, need) {
            (None, Need::Required) => self.report(&MISSING, &object.path, key, key),
            (None | Some(Value::Null), Need::Open) => {
                self.report(&UNKNOWN, &object.path, key, key);
                return None;
            }
            _ => {}
        }
        found
    }

    #[inline(never)]
    pub(crate) fn object<'a>(
        &mut self,
        parent: &'a Object<'a>,
        key: &'a str,
        need: Need,
    ) -> Option<Object<'a>> {
        let path = parent.path.key(key);
        match self.value(parent, key, need)? {
            Value::Object(map) => Some(Object { map, path }),
            other => {
                self.wrong_type(&path, "an object", other);
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
        let path = object.path.key(key);
        let Value::Number(number) = value else {
            self.wrong_type(&path, "a whole number", value);
            return None;
        };
        // JSON has one kind of number: 60.0 is 60.
        let whole = Decimal::read(number.as_str()).whole().filter(|whole| (min..=max).contains(whole));
        if whole.is_none() {
            let open = max == MAX_INTEGER;
            let mut limits = if open { "at least ".to_owned() } else { String::new() };
            push_number(&mut limits, min);
            if !open {
                limits.push_str(" to ");
                push_number(&mut limits, max);
            }
            self.report_all(&OUT_OF_RANGE, &path, &[key, &shorten(number.as_str()), &limits]);
        }
        whole
    }

    /// A text that is one of `options`, which are written as in a sentence: its place among them.
    #[inline(never)]
    pub(crate) fn choice(
        &mut self,
        object: &Object<'_>,
        key: &str,
        need: Need,
        options: &str,
    ) -> Option<usize> {
        let text = self.text(object, key, need)?;
        let found = place(options, text);
        if found.is_none() {
            let path = object.path.key(key);
            self.report_all(&NOT_ALLOWED, &path, &[&shorten(text), key, options]);
        }
        found
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

    /// Reports every key that is not in `known`, a list as in a sentence. A key that does nothing is refused and not ignored: a misspelt
    /// `filter` would otherwise load the whole table.
    #[inline(never)]
    pub(crate) fn only(&mut self, object: &Object<'_>, known: &str) {
        for (key, _) in object.map.iter() {
            if place(known, key).is_none() {
                let path = object.path.key(key);
                self.report_all(&UNKNOWN_KEY, &path, &[&shorten(key), known]);
            }
        }
    }
}

/// "No upper limit" for [`Reader::integer`]: the largest integer that every JSON reader keeps exactly.
pub(crate) const MAX_INTEGER: u64 = 9_007_199_254_740_991;

/// The place of a word in a list such as `asc, desc`: a list is one text, which is smaller than many, and is shown as it is.
#[inline(never)]
pub(crate) fn place(list: &str, word: &str) -> Option<usize> {
    list.split(',').position(|item| item.strip_prefix(' ').unwrap_or(item) == word)
}

/// A value from outside for use in a message: without control characters and at most 60 characters.
pub(crate) fn shorten(text: &str) -> String {
    let mut short = String::new();
    for (n, c) in text.chars().enumerate() {
        if n == 60 {
            short.push('…');
            break;
        }
        short.push(if c.is_control() { '\u{FFFD}' } else { c });
    }
    short
}

fn fill(sentence: &str, about: &mut std::slice::Iter<'_, &str>) -> String {
    let mut text = String::new();
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        text.push_str(about.next().copied().unwrap_or_default());
        rest = after.strip_prefix('}').unwrap_or(after);
    }
    text.push_str(rest);
    text
}
