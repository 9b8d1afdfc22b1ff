//! Compact printing, the same characters `JSON.stringify` chooses.

use super::{Object, Value};

pub(super) fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(n) => out.push_str(n.as_str()),
        Value::String(s) => text(s, out),
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(o) => object(o, out),
    }
}

pub(crate) fn object(o: &Object, out: &mut String) {
    out.push('{');
    for (i, (key, value)) in o.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        text(key, out);
        out.push(':');
        write(value, out);
    }
    out.push('}');
}

/// Appends a text as a JSON string.
#[inline(never)]
pub fn text(text: &str, out: &mut String) {
    out.push('"');
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            continue;
        }
        // All that is escaped is ASCII, so these are ends of characters.
        out.push_str(text.get(done..at).unwrap_or_default());
        done = at + 1;
        out.push('\\');
        let escape = match byte {
            b'\n' => 'n',
            b'\r' => 'r',
            b'\t' => 't',
            8 => 'b',
            12 => 'f',
            b'"' | b'\\' => char::from(byte),
            _ => {
                out.push_str(if byte < 16 { "u000" } else { "u001" });
                char::from_digit(u32::from(byte & 15), 16).unwrap_or('0')
            }
        };
        out.push(escape);
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out.push('"');
}
