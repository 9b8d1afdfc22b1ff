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
    pub route: &'a str,
    /// Status of the answer.
    pub status: u16,
    /// Milliseconds from arrival to answer.
    pub ms: f64,
    /// Milliseconds spent waiting for Databricks, if it was asked.
    pub upstream_ms: Option<f64>,
    /// Calls made to Databricks.
    pub upstream_calls: u32,
    /// `hit`, `miss` or `shared`, where a cache was in play.
    pub cache: Option<&'a str>,
    /// Who called.
    pub caller: Option<&'a str>,
    /// Code of the problem, if the answer is one.
    pub code: Option<&'a str>,
    /// Why, for the administrator. Goes through [`redact`].
    pub cause: Option<&'a str>,
}

impl Line<'_> {
    /// The line, without a line end.
    #[must_use]
    pub fn to_json(&self, time_ms: f64) -> String {
        let mut out = String::with_capacity(256);
        // Writing to a String cannot fail.
        // Whole numbers throughout: printing floats would be a large part of the worker's code.
        let _ = write!(
            out,
            "{{\"t\":{},\"level\":\"{}\",\"event\":\"request\"",
            time_ms as u64,
            level(self.status)
        );
        for (key, value) in [
            ("request_id", Some(self.request_id)),
            ("method", Some(self.method)),
            ("route", Some(self.route)),
            ("caller", self.caller),
            ("cache", self.cache),
            ("code", self.code),
        ] {
            if let Some(value) = value {
                let _ = write!(out, ",\"{key}\":");
                push_text(&mut out, value);
            }
        }
        let _ = write!(out, ",\"status\":{},\"ms\":{}", self.status, self.ms.round() as u64);
        if self.upstream_calls > 0 {
            let _ = write!(out, ",\"upstream_calls\":{}", self.upstream_calls);
        }
        if let Some(ms) = self.upstream_ms {
            let _ = write!(out, ",\"upstream_ms\":{}", ms.round() as u64);
        }
        if let Some(cause) = self.cause {
            out.push_str(",\"cause\":");
            push_text(&mut out, &redact(cause));
        }
        out.push('}');
        out
    }
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
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if (c as u32) < 0x20 || c == '\u{7f}' || c == '\u{2028}' || c == '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
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
