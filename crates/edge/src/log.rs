//! One JSON line per request.

use std::fmt::Write as _;

/// What a line tells. Ids, decisions and times; never a credential, a body or a query.
#[derive(Debug, Clone, Default)]
pub struct Line<'a> {
    /// Our id of the request.
    pub request_id: &'a str,
    /// HTTP method.
    pub method: &'a str,
    /// Route template.
    pub route: &'static str,
    /// Status of the answer.
    pub status: u16,
    /// Milliseconds from arrival to answer.
    pub ms: f64,
    /// Milliseconds spent waiting for Databricks, if it was asked.
    pub upstream_ms: Option<f64>,
    /// Calls made to Databricks.
    pub upstream_calls: u32,
    /// `hit`, `miss` or `shared`, where a cache was in play.
    pub cache: Option<&'static str>,
    /// Who called.
    pub caller: Option<&'a str>,
    /// Code of the problem, if the answer is one.
    pub code: Option<&'static str>,
    /// Why, for the administrator. Goes through [`redact`].
    pub cause: Option<&'a str>,
}

impl Line<'_> {
    /// The line, without a line end.
    #[must_use]
    pub fn to_json(&self, time_ms: f64) -> String {
        let mut out = String::with_capacity(256);
        self.write_json(time_ms, &mut out);
        out
    }

    /// Appends the line to `out`. By hand: the formatting machinery was a tenth of our own work for an answer from
    /// memory. Whole numbers throughout: printing floats would be a large part of the worker's code.
    pub fn write_json(&self, time_ms: f64, out: &mut String) {
        out.push_str("{\"t\":");
        push_number(out, time_ms as u64);
        out.push_str(",\"level\":\"");
        out.push_str(level(self.status));
        out.push_str("\",\"event\":\"request\"");
        for (name, value) in [
            (",\"request_id\":", Some(self.request_id)),
            (",\"method\":", Some(self.method)),
            (",\"caller\":", self.caller),
        ] {
            if let Some(value) = value {
                out.push_str(name);
                push_text(out, value);
            }
        }
        // Words of our own, without anything to escape.
        for (name, word) in
            [(",\"route\":\"", Some(self.route)), (",\"cache\":\"", self.cache), (",\"code\":\"", self.code)]
        {
            if let Some(word) = word {
                out.push_str(name);
                out.push_str(word);
                out.push('"');
            }
        }
        out.push_str(",\"status\":");
        push_number(out, u64::from(self.status));
        out.push_str(",\"ms\":");
        push_number(out, self.ms.round() as u64);
        if self.upstream_calls > 0 {
            out.push_str(",\"upstream_calls\":");
            push_number(out, u64::from(self.upstream_calls));
        }
        if let Some(ms) = self.upstream_ms {
            out.push_str(",\"upstream_ms\":");
            push_number(out, ms.round() as u64);
        }
        if let Some(cause) = self.cause {
            out.push_str(",\"cause\":");
            push_text(out, &redact(cause));
        }
        out.push('}');
    }
}

/// The id of an isolate's `n`-th request: `ISOLATE-00002a`.
#[must_use]
pub fn request_id(isolate: &str, n: u32) -> String {
    let mut out = String::with_capacity(isolate.len() + 9);
    out.push_str(isolate);
    out.push('-');
    let digits = (32 - n.leading_zeros()).div_ceil(4).max(6);
    for place in (0..digits).rev() {
        out.push(char::from_digit(n >> (4 * place) & 15, 16).unwrap_or('0'));
    }
    out
}

/// Whether a text has the form of a request id, as another worker of ours may have made it.
#[must_use]
pub fn is_request_id(text: &str) -> bool {
    (8..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

fn push_number(out: &mut String, number: u64) {
    // Digits from the last to the first; 20 are enough for any number.
    let (mut digits, mut left) = ([b'0'; 20], number);
    let mut begin = digits.len();
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (left % 10) as u8;
        left /= 10;
        begin -= 1;
        if left == 0 {
            break;
        }
    }
    out.push_str(digits.get(begin..).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or("0"));
}

fn level(status: u16) -> &'static str {
    match status {
        500.. => "error",
        429 => "warn",
        _ => "info",
    }
}

/// Appends `text` as a JSON string.
fn push_text(out: &mut String, text: &str) {
    out.push('"');
    // Nearly every text here is a plain word.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\') {
        out.push_str(text);
    } else {
        push_escaped(out, text);
    }
    out.push('"');
}

fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if (c as u32) < 0x20 || c == '\u{7f}' || c == '\u{2028}' || c == '\u{2029}' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
}

/// Heads of texts that are credentials: Databricks tokens, JWTs.
const HEADS: [&str; 4] = ["dapi", "dose", "dkea", "eyJ"];

/// Hides what looks like a credential and cuts at 300 characters. A second line of defence: nothing that goes into a
/// log is made from a credential in the first place.
#[must_use]
pub fn redact(text: &str) -> String {
    let mut out = String::new();
    let mut after_scheme = false;
    for (n, word) in text.split_inclusive([' ', ',', ';', '"', '\'', '\n', '\t', '=', '(', ')']).enumerate() {
        if n > 200 || out.len() > 300 {
            break;
        }
        let bare = word.trim_end_matches([' ', ',', ';', '"', '\'', '\n', '\t', '=', '(', ')']);
        if (after_scheme && !bare.is_empty()) || HEADS.iter().any(|head| bare.contains(head)) {
            out.push_str("[hidden] ");
            after_scheme = false;
            continue;
        }
        after_scheme = bare.eq_ignore_ascii_case("bearer") || bare.eq_ignore_ascii_case("basic");
        out.push_str(word);
    }
    match out.char_indices().nth(300) {
        Some((end, _)) => out.split_at_checked(end).map(|(head, _)| head.to_owned()).unwrap_or_default(),
        None => out,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_json_line() {
        let line = Line {
            request_id: "r1",
            method: "GET",
            route: "/api/genie/get",
            status: 502,
            ms: 12.3456,
            upstream_ms: Some(11.0),
            upstream_calls: 2,
            cache: Some("miss"),
            caller: Some("app \"x\"\n\u{2028}"),
            code: Some("upstream_failed"),
            cause: Some("status 500"),
        };
        let text = line.to_json(1.0);
        assert!(!text.contains('\n'));
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["level"], "error");
        assert_eq!(value["caller"], "app \"x\"\n\u{2028}");
        assert_eq!((&value["ms"], &value["upstream_calls"]), (&serde_json::json!(12), &serde_json::json!(2)));
    }

    #[test]
    fn numbers_and_ids_are_what_formatting_makes_them() {
        for n in [0, 9, 10, 404, 1_795_237_412_004, u64::MAX] {
            let mut out = String::new();
            push_number(&mut out, n);
            assert_eq!(out, n.to_string());
        }
        for n in [0, 42, 0xff_ffff, 0x100_0000, u32::MAX] {
            assert_eq!(request_id("ab", n), format!("ab-{n:06x}"));
        }
    }

    #[test]
    fn an_id_is_told_from_other_texts() {
        assert!(is_request_id(&request_id("0123456789abcdef", 42)));
        for text in ["", "ab", "not an id", "0123456789abcdef-00\n", &"a".repeat(65)] {
            assert!(!is_request_id(text), "{text}");
        }
    }

    #[test]
    fn credentials_are_hidden() {
        for text in [
            "token dapi0123456789abcdef x",
            "Authorization: Bearer abc.def",
            "Basic Zm9v",
            "a=eyJhbGciOi.x.y",
            "url(dose123)",
        ] {
            let shown = redact(text);
            assert!(
                !["0123", "abc.def", "Zm9v", "hbGci", "dose"].iter().any(|secret| shown.contains(secret)),
                "{shown}"
            );
            assert!(shown.contains("[hidden]"), "{shown}");
        }
        assert_eq!(redact("Network connection lost."), "Network connection lost.");
        assert!(redact(&"é".repeat(10_000)).chars().count() <= 300);
    }
}
