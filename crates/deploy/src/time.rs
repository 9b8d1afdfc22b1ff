//! Milliseconds to RFC 3339.

use datealgo::secs_to_datetime;

/// A time in UTC with milliseconds, such as `2026-10-07T23:01:14.921Z`; `None` for 0 and less, which is how the Jobs API
/// says that something has not happened, and for times after the year 9999.
#[must_use]
pub fn rfc3339_ms(ms: i64) -> Option<String> {
    // The first millisecond of the year 10000.
    if ms <= 0 || ms >= 253_402_300_800_000 {
        return None;
    }
    let (year, month, day, hour, minute, second) = secs_to_datetime(ms / 1000);
    let milli = ms % 1000;
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_times() {
        for (ms, text) in [
            (1_791_414_074_921, "2026-10-07T23:01:14.921Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_798_761_599_999, "2026-12-31T23:59:59.999Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(rfc3339_ms(ms).as_deref(), Some(text));
        }
        assert_eq!((rfc3339_ms(0), rfc3339_ms(-1), rfc3339_ms(i64::MAX)), (None, None, None));
    }
}
