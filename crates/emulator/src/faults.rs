//! Faults that can be switched on: what they are, which requests they hit, and how often.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::sync::lock;

/// Longest body of a fault, in bytes.
const MAX_BYTES: u64 = 4 * 1024 * 1024 * 1024;
/// Longest latency and interval. A test that needs more wants `hang`.
const MAX_MS: u64 = 600_000;

/// When a `hang` or `drop` happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    /// Once the request's head was read; the work is not done.
    #[default]
    Request,
    /// The work is done and the head of the answer was sent.
    Headers,
    /// The work is done, and half of the answer's body was sent.
    HalfBody,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Fault {
    /// The answer comes later. Adds up with other latencies and with one other fault.
    Latency {
        /// Milliseconds.
        ms: u64,
    },
    /// Another status, with the vendor's body for it; the work is not done.
    Status {
        /// 400 to 599.
        status: u16,
        /// Seconds, or any text, for the header `Retry-After`. Absent: no header.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<Value>,
        /// Absent: the usual one of the status.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error_code: Option<String>,
        /// Absent: the usual one of the status.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
    /// Nothing more comes, until the client leaves.
    Hang {
        #[serde(default)]
        after: Stage,
    },
    /// The connection is closed.
    Drop {
        #[serde(default)]
        after: Stage,
    },
    /// The right body, in small pieces.
    SlowBody {
        /// Bytes per piece.
        #[serde(default = "one")]
        chunk_bytes: u64,
        /// Milliseconds before each piece.
        #[serde(default = "quarter_second")]
        interval_ms: u64,
    },
    /// A complete answer whose body is half of the right one.
    BrokenJson {},
    /// The right `Content-Length`, then only a part of the body and the end of the connection.
    Truncate {
        /// Bytes that are sent. Absent: half.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        keep_bytes: Option<u64>,
    },
    /// A page for people, as a proxy or a login in front of the workspace sends it.
    Html {
        #[serde(default = "ok")]
        status: u16,
    },
    /// To somewhere else.
    Redirect {
        #[serde(default = "found")]
        status: u16,
        #[serde(default = "elsewhere")]
        location: String,
    },
    /// A JSON body that does not end for a long time.
    HugeBody {
        #[serde(default = "huge")]
        bytes: u64,
        /// Whether the length is declared in advance.
        #[serde(default)]
        declare_length: bool,
    },
    /// A small compressed body that becomes a JSON body of `bytes`.
    GzipBomb {
        #[serde(default = "huge")]
        bytes: u64,
    },
    /// The work is done, then the connection is closed without an answer.
    LostReply {},
    /// The right answer, but every id of a single object in it belongs to something else.
    WrongId {},
}

fn ok() -> u16 {
    200
}

fn found() -> u16 {
    302
}

fn one() -> u64 {
    1
}

fn quarter_second() -> u64 {
    250
}

fn huge() -> u64 {
    256 * 1024 * 1024
}

fn elsewhere() -> String {
    // A reserved name: following it leads nowhere.
    "https://elsewhere.test/login.html?error=private-link-validation-error".to_owned()
}

impl Fault {
    /// The name in the control API.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Latency { .. } => "latency",
            Self::Status { .. } => "status",
            Self::Hang { .. } => "hang",
            Self::Drop { .. } => "drop",
            Self::SlowBody { .. } => "slow_body",
            Self::BrokenJson {} => "broken_json",
            Self::Truncate { .. } => "truncate",
            Self::Html { .. } => "html",
            Self::Redirect { .. } => "redirect",
            Self::HugeBody { .. } => "huge_body",
            Self::GzipBomb { .. } => "gzip_bomb",
            Self::LostReply {} => "lost_reply",
            Self::WrongId {} => "wrong_id",
        }
    }

    /// Names the field that cannot work.
    fn check(&self) -> Result<(), String> {
        let within = |field: &str, value: u64, most: u64| {
            if value <= most { Ok(()) } else { Err(format!("fault.{field}: at most {most}")) }
        };
        match self {
            Self::Latency { ms } => within("ms", *ms, MAX_MS),
            Self::Status { status, retry_after, .. } => {
                if !(400..600).contains(status) {
                    return Err("fault.status: 400 to 599".to_owned());
                }
                match retry_after.as_ref().map(retry_after_text) {
                    Some(None) => Err("fault.retry_after: seconds as a number, or text".to_owned()),
                    _ => Ok(()),
                }
            }
            Self::SlowBody { chunk_bytes, interval_ms } => {
                if *chunk_bytes == 0 {
                    return Err("fault.chunk_bytes: at least 1".to_owned());
                }
                within("interval_ms", *interval_ms, MAX_MS)
            }
            Self::Html { status } if StatusCode::from_u16(*status).is_err() || *status < 200 => {
                Err("fault.status: 200 to 999".to_owned())
            }
            Self::Redirect { status, location } => {
                if !matches!(status, 301 | 302 | 303 | 307 | 308) {
                    return Err("fault.status: 301, 302, 303, 307 or 308".to_owned());
                }
                HeaderValue::from_str(location)
                    .map(|_| ())
                    .map_err(|_| "fault.location: not for a header".to_owned())
            }
            Self::HugeBody { bytes, .. } | Self::GzipBomb { bytes } => {
                if *bytes < 1024 {
                    return Err("fault.bytes: at least 1024".to_owned());
                }
                within("bytes", *bytes, MAX_BYTES)
            }
            _ => Ok(()),
        }
    }
}

/// The value of `Retry-After`.
pub(crate) fn retry_after_text(value: &Value) -> Option<HeaderValue> {
    match value {
        Value::Number(seconds) => HeaderValue::from_str(&seconds.to_string()).ok(),
        Value::String(text) => HeaderValue::from_str(text).ok(),
        _ => None,
    }
}

/// Which requests a fault hits. Without fields: all.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Matcher {
    /// Without case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    /// Of the path as it was sent, without the query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path_prefix: Option<String>,
    /// Of the path as it was sent, without the query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path_suffix: Option<String>,
}

impl Matcher {
    fn fits(&self, method: &str, path: &str) -> bool {
        self.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.path_prefix.as_deref().is_none_or(|prefix| path.starts_with(prefix))
            && self.path_suffix.as_deref().is_none_or(|suffix| path.ends_with(suffix))
    }
}

/// One order of the control API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    #[serde(default, rename = "match")]
    matcher: Matcher,
    fault: Fault,
    /// How many requests are hit. Absent: all, until cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<u64>,
    /// How many fitting requests pass before the first is hit.
    #[serde(default)]
    skip: u64,
}

/// A rule that is on, as the control API shows it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Live {
    id: u64,
    #[serde(flatten)]
    rule: Rule,
    /// Fitting requests so far, skipped ones included.
    seen: u64,
    /// Requests that were hit.
    hits: u64,
}

/// What happens to one request.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) delay: Duration,
    pub(crate) fault: Option<Fault>,
    /// For the journal.
    pub(crate) kind: Option<&'static str>,
}

/// All rules that are on.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// Lets requests pass without the lock while there are no rules.
    any: AtomicBool,
    rules: Mutex<(u64, Vec<Live>)>,
}

impl Faults {
    /// Switches a rule on; gives its number.
    ///
    /// # Errors
    /// The field that cannot work.
    pub(crate) fn add(&self, rule: Rule) -> Result<u64, String> {
        rule.fault.check()?;
        if rule.times == Some(0) {
            return Err("times: at least 1; leave it out for all requests".to_owned());
        }
        let mut rules = lock(&self.rules);
        rules.0 += 1;
        let id = rules.0;
        rules.1.push(Live { id, rule, seen: 0, hits: 0 });
        self.any.store(true, Ordering::Release);
        Ok(id)
    }

    /// Decides about one request. Every fitting latency counts, and the first other fitting fault.
    pub(crate) fn judge(&self, method: &str, path: &str) -> Verdict {
        let mut verdict = Verdict::default();
        if !self.any.load(Ordering::Acquire) {
            return verdict;
        }
        for live in &mut lock(&self.rules).1 {
            let latency = match live.rule.fault {
                Fault::Latency { ms } => Some(Duration::from_millis(ms)),
                _ => None,
            };
            if latency.is_none() && verdict.fault.is_some() {
                continue;
            }
            if live.rule.times.is_some_and(|times| live.hits >= times)
                || !live.rule.matcher.fits(method, path)
            {
                continue;
            }
            live.seen += 1;
            if live.seen <= live.rule.skip {
                continue;
            }
            live.hits += 1;
            if let Some(latency) = latency {
                verdict.delay += latency;
                verdict.kind = verdict.kind.or(Some("latency"));
            } else {
                verdict.kind = Some(live.rule.fault.kind());
                verdict.fault = Some(live.rule.fault.clone());
            }
        }
        verdict
    }

    /// Everything that was switched on since the last clearing, used up rules included.
    pub(crate) fn list(&self) -> Vec<Live> {
        lock(&self.rules).1.clone()
    }

    /// Switches one rule off; false if there is no such rule.
    pub(crate) fn remove(&self, id: u64) -> bool {
        let mut rules = lock(&self.rules);
        let before = rules.1.len();
        rules.1.retain(|live| live.id != id);
        self.any.store(!rules.1.is_empty(), Ordering::Release);
        rules.1.len() < before
    }

    /// Switches everything off.
    pub(crate) fn clear(&self) {
        let mut rules = lock(&self.rules);
        rules.1.clear();
        self.any.store(false, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> Result<Rule, String> {
        serde_json::from_str(text).map_err(|problem| problem.to_string())
    }

    #[test]
    fn unknown_words_are_named() {
        assert!(rule(r#"{"fault":{"kind":"slow"}}"#).unwrap_err().contains("slow"));
        assert!(rule(r#"{"fault":{"kind":"latency","ms":1,"jitter":2}}"#).unwrap_err().contains("jitter"));
        assert!(rule(r#"{"fault":{"kind":"lost_reply","x":2}}"#).unwrap_err().contains('x'));
        assert!(rule(r#"{"fault":{"kind":"hang"},"match":{"host":"x"}}"#).unwrap_err().contains("host"));
        assert!(rule(r#"{"fault":{"kind":"hang"},"time":1}"#).unwrap_err().contains("time"));
        assert!(rule(r#"{"fault":{"kind":"latency"}}"#).unwrap_err().contains("ms"));
    }

    #[test]
    fn values_that_cannot_work_are_named() {
        let faults = Faults::default();
        for (text, field) in [
            (r#"{"fault":{"kind":"status","status":200}}"#, "fault.status"),
            (r#"{"fault":{"kind":"status","status":429,"retry_after":[]}}"#, "fault.retry_after"),
            (r#"{"fault":{"kind":"latency","ms":99999999}}"#, "fault.ms"),
            (r#"{"fault":{"kind":"slow_body","chunk_bytes":0,"interval_ms":1}}"#, "fault.chunk_bytes"),
            (r#"{"fault":{"kind":"redirect","status":200}}"#, "fault.status"),
            (r#"{"fault":{"kind":"gzip_bomb","bytes":1}}"#, "fault.bytes"),
            (r#"{"fault":{"kind":"hang"},"times":0}"#, "times"),
        ] {
            let problem = faults.add(rule(text).unwrap()).unwrap_err();
            assert!(problem.starts_with(field), "{problem}");
        }
        assert!(faults.list().is_empty());
    }

    #[test]
    fn hits_the_fitting_requests_as_often_as_told() {
        let faults = Faults::default();
        let text =
            r#"{"match":{"method":"get","path_prefix":"/a"},"fault":{"kind":"drop"},"times":2,"skip":1}"#;
        faults.add(rule(text).unwrap()).unwrap();
        let hit = |method: &str, path: &str| faults.judge(method, path).fault.is_some();
        assert!(!hit("GET", "/b"));
        assert!(!hit("POST", "/a"));
        assert!(!hit("GET", "/a/1"), "skipped");
        assert!(hit("GET", "/a/1"));
        assert!(hit("GET", "/a"));
        assert!(!hit("GET", "/a"), "used up");
    }

    #[test]
    fn latencies_add_up_and_go_with_another_fault() {
        let faults = Faults::default();
        for text in [
            r#"{"fault":{"kind":"latency","ms":5}}"#,
            r#"{"fault":{"kind":"drop"},"times":1}"#,
            r#"{"fault":{"kind":"html"}}"#,
            r#"{"fault":{"kind":"latency","ms":7}}"#,
        ] {
            faults.add(rule(text).unwrap()).unwrap();
        }
        let first = faults.judge("GET", "/");
        assert_eq!((first.delay.as_millis(), first.kind), (12, Some("drop")));
        assert_eq!(faults.judge("GET", "/").kind, Some("html"));
        faults.clear();
        assert_eq!(faults.judge("GET", "/").kind, None);
    }
}
