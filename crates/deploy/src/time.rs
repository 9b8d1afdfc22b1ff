//! Milliseconds to RFC 3339.

/// A time in UTC with milliseconds, such as `2026-10-07T23:01:14.921Z`; `None` for 0 and less, which is how the Jobs API
/// says that something has not happened, and for times after the year 9999.
#[must_use]
pub fn rfc3339_ms(ms: i64) -> Option<String> {
    // The first millisecond of the year 10000.
    if ms <= 0 || ms >= 253_402_300_800_000 {
        return None;
    }
    let (days, rest) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000));
    // Civil date from days: years begin in March, so that a leap day comes last.
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
    let (second, milli) = (rest / 1000 % 60, rest % 1000);
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
