//! A total reader for JSON (RFC 8259): any text gives a value or the place where it stops being JSON.

use std::fmt;

use thiserror::Error;

use super::{Number, Object, Value};
use crate::digits::digits;
use crate::limits::{MAX_DECODED_BYTES, MAX_DEPTH, MAX_STRING_BYTES};

/// Why a text is not JSON we take. Offsets count bytes from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum JsonError {
    /// Not JSON from here on.
    Syntax(usize),
    /// An object names a key twice. Readers disagree on which one counts, so neither does.
    DuplicateKey(usize),
    /// More levels than [`MAX_DEPTH`].
    Depth,
    /// The text or one string in it is too long.
    Length,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl JsonError {
    /// What is wrong, in words.
    #[must_use]
    pub fn message(self) -> String {
        let (before, number, after) = match self {
            Self::Syntax(at) => ("the text stops being JSON at byte ", at, ""),
            Self::DuplicateKey(at) => ("the object at byte ", at, " has a key twice"),
            Self::Depth => ("lists and objects are nested deeper than ", MAX_DEPTH, " levels"),
            Self::Length => return "the text or a string in it is too long".to_owned(),
        };
        [before, &digits(number), after].concat()
    }
}

/// What a reader may spend.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// Bytes of the text.
    pub text: usize,
    /// Bytes of one string.
    pub string: usize,
    /// Levels.
    pub depth: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        // A text in another style (spaces, escapes) may be longer than its compact form.
        Self { text: 4 * MAX_DECODED_BYTES, string: MAX_STRING_BYTES, depth: MAX_DEPTH }
    }
}

pub(crate) fn parse(text: &str, bounds: Bounds) -> Result<Value, JsonError> {
    if text.len() > bounds.text {
        return Err(JsonError::Length);
    }
    let mut reader = Reader { text, at: 0, bounds, error: None };
    reader.space();
    let value = reader.value(1);
    reader.space();
    if reader.at < text.len() {
        reader.syntax();
    }
    reader.error.map_or(Ok(value), Err)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    bounds: Bounds,
    /// The first thing that was wrong. Behind it there is nothing more to read, so every loop ends.
    error: Option<JsonError>,
}

impl Reader<'_> {
    fn fail(&mut self, error: JsonError) {
        self.error = self.error.or(Some(error));
    }

    #[inline(never)]
    fn syntax(&mut self) {
        self.fail(JsonError::Syntax(self.at));
    }

    #[inline(never)]
    fn peek(&self) -> Option<u8> {
        if self.error.is_some() { None } else { self.text.as_bytes().get(self.at).copied() }
    }

    /// Goes on if this byte is next.
    #[inline(never)]
    fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn take(&mut self, want: u8) {
        if !self.eat(want) {
            self.syntax();
        }
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.peek() {
            Some(b'{' | b'[') if depth > self.bounds.depth => self.fail(JsonError::Depth),
            Some(b'{') => return self.object(depth),
            Some(b'[') => return self.array(depth),
            Some(b'"') => return Value::String(self.string()),
            Some(b'-' | b'0'..=b'9') => return self.number(),
            Some(b't') => return self.word("true", Value::Bool(true)),
            Some(b'f') => return self.word("false", Value::Bool(false)),
            Some(b'n') => return self.word("null", Value::Null),
            _ => self.syntax(),
        }
        Value::Null
    }

    fn word(&mut self, word: &str, value: Value) -> Value {
        word.bytes().for_each(|byte| self.take(byte));
        value
    }

    /// What stands between two items: a comma, or the end of the list.
    fn more(&mut self, end: u8) -> bool {
        self.space();
        if self.eat(b',') {
            self.space();
            return true;
        }
        self.take(end);
        false
    }

    fn object(&mut self, depth: usize) -> Value {
        let start = self.at;
        self.at += 1;
        self.space();
        let mut object = Object(Vec::new());
        if self.eat(b'}') {
            return Value::Object(object);
        }
        loop {
            let key = self.string();
            self.space();
            self.take(b':');
            self.space();
            let value = self.value(depth + 1);
            object.0.push((key, value));
            if !self.more(b'}') {
                break;
            }
        }
        if self.error.is_none() && object.has_duplicates() {
            self.fail(JsonError::DuplicateKey(start));
        }
        Value::Object(object)
    }

    fn array(&mut self, depth: usize) -> Value {
        self.at += 1;
        self.space();
        let mut items = Vec::new();
        if !self.eat(b']') {
            loop {
                items.push(self.value(depth + 1));
                if !self.more(b']') {
                    break;
                }
            }
        }
        Value::Array(items)
    }

    fn digits(&mut self) {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start {
            self.syntax();
        }
    }

    fn number(&mut self) -> Value {
        let start = self.at;
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits();
        }
        if self.eat(b'.') {
            self.digits();
        }
        if self.eat(b'e') || self.eat(b'E') {
            if !self.eat(b'+') {
                self.eat(b'-');
            }
            self.digits();
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        if text.len() > self.bounds.string {
            self.fail(JsonError::Length);
        }
        Value::Number(Number(text.to_owned()))
    }

    fn string(&mut self) -> String {
        let mut out = String::new();
        self.take(b'"');
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let length = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
            let length = length.unwrap_or(rest.len());
            // All that ends a run is ASCII, so this is the end of a character.
            out.push_str(rest.get(..length).unwrap_or_default());
            self.at += length;
            if out.len() > self.bounds.string {
                self.fail(JsonError::Length);
            }
            if self.eat(b'\\') {
                self.escape(&mut out);
            } else {
                self.take(b'"');
                return out;
            }
        }
    }

    fn escape(&mut self, out: &mut String) {
        let at = self.at;
        let kind = self.peek();
        self.at += 1;
        let character = match kind {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let mut code = self.hex4();
                if (0xD800..0xDC00).contains(&code) {
                    self.take(b'\\');
                    self.take(b'u');
                    let low = self.hex4();
                    if !(0xDC00..0xE000).contains(&low) {
                        self.syntax();
                    }
                    code = 0x10000 + ((code - 0xD800) << 10) + (low & 0x3FF);
                }
                // A lone surrogate is no character; no link could carry it as UTF-8.
                let character = char::from_u32(code);
                if character.is_none() {
                    self.syntax();
                }
                character.unwrap_or_default()
            }
            _ => {
                self.at = at;
                self.syntax();
                return;
            }
        };
        out.push(character);
    }

    fn hex4(&mut self) -> u32 {
        let mut code = 0;
        for _ in 0..4 {
            match self.peek().and_then(|byte| char::from(byte).to_digit(16)) {
                Some(digit) => {
                    self.at += 1;
                    code = code << 4 | digit;
                }
                None => self.syntax(),
            }
        }
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same(text: &str) {
        assert_eq!(Value::from_json_str(text).unwrap().to_json(), text);
    }

    #[test]
    fn gives_back_what_was_read() {
        same(
            r#"{"b":1.0,"a":[1e2,-0,12345678901234567890123,0.10],"__proto__":{"x":null},"":[true,false,{}]}"#,
        );
        same(r#""\u0000\u001f\b\f\n\r\t\"\\/é😀""#);
        assert_eq!(Value::from_json_str(r#" "\ud83d\ude00\/" "#).unwrap(), Value::from("😀/"));
    }

    #[test]
    fn refuses_what_is_not_json() {
        for text in [
            "",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "01",
            "1.",
            ".5",
            "+1",
            "1e",
            "nul",
            "'a'",
            "\"\t\"",
            "\"\\x\"",
            "[1] 2",
            "\"\\ud800\"",
            "\"\\ud800\\u0041\"",
            "\u{feff}{}",
            "NaN",
            "{a:1}",
            "\"",
        ] {
            assert!(matches!(Value::from_json_str(text), Err(JsonError::Syntax(_))), "{text}");
        }
        assert_eq!(Value::from_json_str(r#"{"a":1,"\u0061":2}"#), Err(JsonError::DuplicateKey(0)));
    }

    #[test]
    fn limits_hold() {
        let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(Value::from_json_str(&deep(MAX_DEPTH)).is_ok());
        assert_eq!(Value::from_json_str(&deep(MAX_DEPTH + 1)), Err(JsonError::Depth));
        assert_eq!(Value::from_json_str(&"[".repeat(3_000_000)), Err(JsonError::Depth));
        let long = format!("\"{}\"", "x".repeat(MAX_STRING_BYTES + 1));
        assert_eq!(Value::from_json_str(&long), Err(JsonError::Length));
        assert_eq!(Value::from_json_str(&" ".repeat(5_000_000)), Err(JsonError::Length));
    }
}
