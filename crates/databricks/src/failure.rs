//! What a Databricks answer that is not a success means, and whether to try again.

use serde::Deserialize;
use serde_json::Value;

/// What an unsuccessful answer means. The vendor's own text never leaves this classification: it can quote headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// The thing asked for is not there, or the credential may not see it.
    NotFound,
    /// The user, group or service principal that was asked about is not known.
    NoPrincipal,
    /// This workspace does not know the endpoint, or has the feature switched off.
    NoEndpoint,
    /// The credential was understood and lacks a right.
    Denied,
    /// The credential was refused.
    Unauthenticated,
    /// Too many requests.
    RateLimited,
    /// The service asks to come back later.
    Unavailable,
    /// The request was refused as malformed: a mistake of ours, unless something in it was the caller's.
    Rejected,
    /// A redirect, which an API never sends on purpose.
    Redirected,
    /// Any other error.
    Other,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Body<'a> {
    #[serde(borrow)]
    error_code: Option<std::borrow::Cow<'a, str>>,
    #[serde(borrow)]
    message: Option<std::borrow::Cow<'a, str>>,
}

impl Failure {
    /// Classifies an answer by `error_code` first and by status second, as the vendor's SDKs do.
    ///
    /// `body` may be anything: HTML of a proxy, plain text, nothing.
    #[must_use]
    pub fn classify(status: u16, body: &[u8]) -> Self {
        let parsed: Body<'_> = serde_json::from_slice(body).unwrap_or_default();
        match parsed.error_code.as_deref() {
            Some("ENDPOINT_NOT_FOUND" | "FEATURE_DISABLED") => return Self::NoEndpoint,
            Some("RESOURCE_DOES_NOT_EXIST" | "NOT_FOUND") => return Self::NotFound,
            Some("PERMISSION_DENIED") => return Self::Denied,
            Some("UNAUTHENTICATED") => return Self::Unauthenticated,
            Some("RESOURCE_EXHAUSTED" | "REQUEST_LIMIT_EXCEEDED") => return Self::RateLimited,
            Some("TEMPORARILY_UNAVAILABLE") => return Self::Unavailable,
            Some("PRINCIPAL_DOES_NOT_EXIST") => return Self::NoPrincipal,
            Some(code) if code.ends_with("_DOES_NOT_EXIST") => return Self::NotFound,
            // How the Jobs API says it, whose SDKs turn it into not-found as well.
            Some("INVALID_PARAMETER_VALUE") if parsed.message.as_deref().is_some_and(is_gone) => {
                return Self::NotFound;
            }
            _ => {}
        }
        match status {
            300..=399 => Self::Redirected,
            400 => Self::Rejected,
            401 => Self::Unauthenticated,
            403 => Self::Denied,
            404 => Self::NotFound,
            429 => Self::RateLimited,
            503 => Self::Unavailable,
            _ => Self::Other,
        }
    }

    /// Whether an idempotent read may be sent again.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        matches!(self, Self::RateLimited | Self::Unavailable)
    }
}

/// Whether the body of an unsuccessful answer is an error of Databricks' interface: a JSON object with an `error_code`.
///
/// The page of a proxy, a login or a gateway is none. What such a page says with its status, not even a 404, is said
/// about the thing that was asked for.
#[must_use]
pub fn is_error_of_the_api(body: &[u8]) -> bool {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    body.get("error_code").is_some_and(|code| code.is_string() || code.is_number())
}

/// `Job N does not exist.`, and the same of a run.
fn is_gone(message: &str) -> bool {
    let text = message.trim_end_matches('.');
    (text.starts_with("Job ") || text.starts_with("Run ")) && text.ends_with(" does not exist")
}

/// What is known about a write after it has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// It was refused before any work and may be sent again.
    NotDone,
    /// It may have been done. Whoever wants to send it again has to look first.
    Unknown,
    /// It was refused, and would be refused again.
    Refused,
}

impl Failure {
    /// What is known about a write that was answered like this. A 503 and other errors of the service have been seen
    /// after the work was done.
    #[must_use]
    pub fn doubt(self) -> Doubt {
        match self {
            Self::RateLimited => Doubt::NotDone,
            Self::Unavailable | Self::Other => Doubt::Unknown,
            _ => Doubt::Refused,
        }
    }
}

/// Attempts for one idempotent read, the first included.
pub const MAX_ATTEMPTS: u32 = 3;

/// How long to wait before attempt number `next` (the first is 1), in milliseconds, or `None` when it is time to give up.
///
/// `retry_after` is the header's value in seconds and wins over our own pace. Without it the pace is 250 ms, doubled
/// each time and spread by `jitter` (0 to 1). `left_ms` is what remains of the total deadline: a wait that would use it
/// up is not begun, so that the caller hears of the limit at once and can wait by itself.
#[must_use]
pub fn retry_delay_ms(next: u32, retry_after: Option<u32>, jitter: f64, left_ms: u32) -> Option<u32> {
    if next > MAX_ATTEMPTS {
        return None;
    }
    let wait = match retry_after {
        Some(seconds) => seconds.checked_mul(1000)?,
        None => {
            let base = 250u32.checked_shl(next.saturating_sub(2)).unwrap_or(u32::MAX).min(4000);
            // The cast saturates; base is at most 4000 and the factor is between 0.5 and 1.
            (f64::from(base) * (0.5 + jitter.clamp(0.0, 1.0) / 2.0)) as u32
        }
    };
    (wait < left_ms).then_some(wait)
}

/// Reads a `Retry-After` header. Databricks sends whole seconds; a date or anything else is `None`.
///
/// Longer waits than an hour are cut to an hour.
#[must_use]
pub fn parse_retry_after(value: &str) -> Option<u32> {
    let value = value.trim();
    if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(value.parse().unwrap_or(u32::MAX).min(3600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_wins_over_the_status() {
        let body = br#"{"error_code":"ENDPOINT_NOT_FOUND","message":"No API found for 'GET /x'"}"#;
        assert_eq!(Failure::classify(404, body), Failure::NoEndpoint);
        assert_eq!(Failure::classify(400, br#"{"error_code":"RESOURCE_DOES_NOT_EXIST"}"#), Failure::NotFound);
        assert_eq!(Failure::classify(404, br#"{"error_code":"TABLE_DOES_NOT_EXIST"}"#), Failure::NotFound);
        assert_eq!(Failure::classify(500, br#"{"error_code":"RESOURCE_EXHAUSTED"}"#), Failure::RateLimited);
        // That somebody is not known says nothing about the table whose rights were asked for.
        let nobody = br#"{"error_code":"PRINCIPAL_DOES_NOT_EXIST","message":"x"}"#;
        assert_eq!(Failure::classify(404, nobody), Failure::NoPrincipal);
    }

    #[test]
    fn jobs_that_are_gone_are_not_found() {
        let gone = br#"{"error_code":"INVALID_PARAMETER_VALUE","message":"Job 7 does not exist."}"#;
        assert_eq!(Failure::classify(400, gone), Failure::NotFound);
        let cron = br#"{"error_code":"INVALID_PARAMETER_VALUE","message":"Invalid cron expression"}"#;
        assert_eq!(Failure::classify(400, cron), Failure::Rejected);
    }

    #[test]
    fn only_a_limit_is_a_promise_that_nothing_was_done() {
        assert_eq!(Failure::RateLimited.doubt(), Doubt::NotDone);
        assert_eq!(Failure::classify(503, b"").doubt(), Doubt::Unknown);
        assert_eq!(Failure::classify(502, b"").doubt(), Doubt::Unknown);
        assert_eq!(Failure::classify(403, b"").doubt(), Doubt::Refused);
    }

    #[test]
    fn any_body_is_fine() {
        for body in [&b""[..], b"<html>404 Not Found</html>", b"\xff\xfe", b"[1]", br#"{"error_code":7}"#] {
            assert_eq!(Failure::classify(404, body), Failure::NotFound);
            assert_eq!(Failure::classify(302, body), Failure::Redirected);
            assert_eq!(Failure::classify(418, body), Failure::Other);
        }
    }

    #[test]
    fn pages_of_others_are_no_errors_of_the_api() {
        for body in [&br#"{"error_code":"TABLE_DOES_NOT_EXIST","message":"x"}"#[..], br#"{"error_code":401}"#]
        {
            assert!(is_error_of_the_api(body));
        }
        for body in
            [&b""[..], b"<html>404 Not Found</html>", b"{}", br#"{"error_code":null}"#, b"[1]", b"null"]
        {
            assert!(!is_error_of_the_api(body));
        }
    }

    #[test]
    fn waits_as_told_but_never_past_the_deadline() {
        assert_eq!(retry_delay_ms(2, Some(2), 0.0, 20_000), Some(2000));
        assert_eq!(retry_delay_ms(2, Some(30), 0.0, 20_000), None);
        assert_eq!(retry_delay_ms(2, Some(u32::MAX), 0.0, u32::MAX), None);
        assert_eq!(retry_delay_ms(4, Some(0), 0.0, 20_000), None);
        assert_eq!(retry_delay_ms(2, None, 0.0, 20_000), Some(125));
        assert_eq!(retry_delay_ms(3, None, 1.0, 20_000), Some(500));
        assert!(retry_delay_ms(3, None, f64::NAN, 20_000).is_some());
    }

    #[test]
    fn retry_after_is_whole_seconds() {
        assert_eq!(parse_retry_after(" 7 "), Some(7));
        assert_eq!(parse_retry_after("99999999999"), Some(3600));
        for odd in ["", "-1", "1.5", "Fri, 31 Dec 1999 23:59:59 GMT", "+5"] {
            assert_eq!(parse_retry_after(odd), None);
        }
    }
}
