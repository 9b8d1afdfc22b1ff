//! Times as the service writes them: integer milliseconds, or RFC 3339 text.

use jiff::Timestamp;

/// Milliseconds since 1970 (UTC).
pub(crate) fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

/// `ms` as RFC 3339 text in UTC; times outside of jiff's range become 1970.
pub(crate) fn rfc3339(ms: i64) -> String {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_utc_with_a_z() {
        assert_eq!(rfc3339(1_791_414_074_921), "2026-10-07T23:01:14.921Z");
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
    }
}
