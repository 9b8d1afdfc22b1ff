//! A total reader for JSON (RFC 8259): any text gives a value or the place where it stops being JSON.

use std::collections::BTreeSet;

use thiserror::Error;

use super::{Number, Object, Value};
use crate::limits::{MAX_DECODED_BYTES, MAX_DEPTH, MAX_STRING_BYTES};

/// Why a text is not JSON we take. Offsets count bytes from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum JsonError {
    /// Not JSON from here on.
    #[error("the text stops being JSON at byte {0}")]
    Syntax(usize),
    /// An object names a key twice. Readers disagree on which one counts, so neither does.
    #[error("the object has the same key twice at byte {0}")]
    DuplicateKey(usize),
    /// More levels than [`MAX_DEPTH`].
    #[error("lists and objects are nested deeper than {MAX_DEPTH} levels")]
    Depth,
    /// The text or one string in it is too long.
    #[error("the text or a string in it is too long")]
    Length,
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
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, bounds };
    reader.space();
    let value = reader.value(1)?;
    reader.space();
    if reader.at == reader.bytes.len() { Ok(value) } else { Err(reader.syntax()) }
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    bounds: Bounds,
}

impl Reader<'_> {
    fn syntax(&self) -> JsonError {
        JsonError::Syntax(self.at)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, want: u8) -> Result<(), JsonError> {
        if self.peek() == Some(want) {
            self.at += 1;
            Ok(())
        } else {
            Err(self.syntax())
        }
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, JsonError> {
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => Ok(Value::String(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => Err(self.syntax()),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, JsonError> {
        for b in word.bytes() {
            self.take(b)?;
        }
        Ok(value)
    }

    fn object(&mut self, depth: usize) -> Result<Value, JsonError> {
        if depth > self.bounds.depth {
            return Err(JsonError::Depth);
        }
        self.take(b'{')?;
        self.space();
        let mut entries: Vec<(String, Value)> = Vec::new();
        let mut seen = BTreeSet::new();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(Object(entries)));
        }
        loop {
            let start = self.at;
            let key = self.string()?;
            if !seen.insert(key.clone()) {
                return Err(JsonError::DuplicateKey(start));
            }
            self.space();
            self.take(b':')?;
            self.space();
            let value = self.value(depth + 1)?;
            entries.push((key, value));
            self.space();
            if self.peek() == Some(b',') {
                self.at += 1;
                self.space();
            } else {
                self.take(b'}')?;
                return Ok(Value::Object(Object(entries)));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, JsonError> {
        if depth > self.bounds.depth {
            return Err(JsonError::Depth);
        }
        self.take(b'[')?;
        self.space();
        let mut items = Vec::new();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.space();
            if self.peek() == Some(b',') {
                self.at += 1;
                self.space();
            } else {
                self.take(b']')?;
                return Ok(Value::Array(items));
            }
        }
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.syntax());
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        if text.len() > self.bounds.string {
            return Err(JsonError::Length);
        }
        Ok(Value::Number(Number(text.to_owned())))
    }

    fn string(&mut self) -> Result<String, JsonError> {
        self.take(b'"')?;
        let mut out = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..0x20)) {
                self.at += 1;
            }
            out.push_str(self.text.get(start..self.at).ok_or(JsonError::Syntax(start))?);
            if out.len() > self.bounds.string {
                return Err(JsonError::Length);
            }
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at += 1;
                    out.push(self.escape()?);
                }
                _ => return Err(self.syntax()),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let kind = self.peek().ok_or(self.syntax())?;
        self.at += 1;
        Ok(match kind {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = self.hex4()?;
                let code = if (0xD800..0xDC00).contains(&high) {
                    self.take(b'\\')?;
                    self.take(b'u')?;
                    let low = self.hex4()?;
                    if !(0xDC00..0xE000).contains(&low) {
                        return Err(self.syntax());
                    }
                    0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
                } else {
                    high
                };
                // A lone surrogate is no character; no link could carry it as UTF-8.
                char::from_u32(code).ok_or(self.syntax())?
            }
            _ => return Err(JsonError::Syntax(self.at - 1)),
        })
    }

    fn hex4(&mut self) -> Result<u32, JsonError> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|b| char::from(b).to_digit(16)).ok_or(self.syntax())?;
            self.at += 1;
            code = code << 4 | digit;
        }
        Ok(code)
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
        assert_eq!(Value::from_json_str(r#"{"a":1,"\u0061":2}"#), Err(JsonError::DuplicateKey(7)));
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
