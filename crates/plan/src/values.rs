//! Dates, timestamps and numbers that go from a plan into SQL as literals.
//!
//! They are checked here, digit by digit, and kept as text: a watermark may be older than 1900, negative, or have
//! more digits than a 64-bit number, and none of that may change on the way.

pub(crate) use handoff::{digits, push_number};
use std::fmt;

use datealgo::{date_to_rd, days_in_month, rd_to_date};

/// A calendar date from 0001-01-01 to 9999-12-31 (proleptic Gregorian, as Spark has it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// Takes `YYYY-MM-DD`; `None` for every other text and for days that do not exist.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut input = Input(text.as_bytes());
        let date = input.date()?;
        input.0.is_empty().then_some(date)
    }

    fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let exists = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(i32::from(year), month)).contains(&day);
        exists.then_some(Self { year, month, day })
    }

    /// Days since 1970-01-01.
    fn to_days(self) -> i32 {
        date_to_rd((i32::from(self.year), self.month, self.day))
    }

    fn from_days(days: i32) -> Option<Self> {
        let (year, month, day) = rd_to_date(days);
        Self::new(u16::try_from(year).ok()?, month, day)
    }
}

impl Date {
    /// Appends `YYYY-MM-DD`.
    pub fn push(self, out: &mut String) {
        push_two(out, self.year / 100);
        push_two(out, self.year % 100);
        for part in [self.month, self.day] {
            out.push('-');
            push_two(out, u16::from(part));
        }
    }
}

/// Appends two digits.
pub(crate) fn push_two(out: &mut String, number: u16) {
    for digit in [number / 10, number % 10] {
        out.push(char::from(b'0' + u8::try_from(digit % 10).unwrap_or_default()));
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.push(&mut text);
        f.write_str(&text)
    }
}

/// A point on a calendar and a clock, with up to six decimals of a second and, if given, an offset from UTC.
///
/// Without an offset the engine reads it in the session's time zone, which is UTC on a SQL warehouse unless
/// somebody changed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timestamp {
    date: Date,
    hour: u8,
    minute: u8,
    second: u8,
    fraction: String,
    offset: Option<i16>,
}

impl Timestamp {
    /// 9999-12-31 23:59:59, which stands for "no end".
    pub(crate) const LAST: Self = Self {
        date: Date { year: 9999, month: 12, day: 31 },
        hour: 23,
        minute: 59,
        second: 59,
        fraction: String::new(),
        offset: None,
    };

    /// Takes `YYYY-MM-DD`, `YYYY-MM-DD HH:MM` or `YYYY-MM-DD HH:MM:SS[.ffffff]`, with `T` in place of the space if
    /// wanted, and `Z` or `+HH:MM` behind the time. `None` for every other text and for times that do not exist.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::read(text, false)
    }

    /// Whether a text is a time as RFC 3339 has it: seconds and an offset are there, up to nine decimals.
    #[must_use]
    pub(crate) fn is_rfc3339(text: &str) -> bool {
        Self::read(text, true).is_some()
    }

    /// `strict` is RFC 3339, which has small letters and leap seconds too.
    #[inline(never)]
    fn read(text: &str, strict: bool) -> Option<Self> {
        let mut input = Input(text.as_bytes());
        let date = input.date()?;
        let (mut hour, mut minute, mut second, mut fraction, mut offset) = (0, 0, 0, "", None);
        if !input.0.is_empty() || strict {
            (input.take(b' ') || input.take(b'T') || (strict && input.take(b't'))).then_some(())?;
            hour = input.two(23)?;
            input.take(b':').then_some(())?;
            minute = input.two(59)?;
            if input.take(b':') {
                second = input.two(if strict { 60 } else { 59 })?;
                if input.take(b'.') {
                    let start = text.len() - input.0.len();
                    while input.digit().is_some() {}
                    fraction = text.get(start..text.len() - input.0.len())?;
                    (1..=if strict { 9 } else { 6 }).contains(&fraction.len()).then_some(())?;
                }
            } else if strict {
                return None;
            }
            offset = if strict && input.take(b'z') { Some(0) } else { input.offset()? };
        }
        (input.0.is_empty() && (offset.is_some() || !strict)).then_some(())?;
        Some(Self { date, hour, minute, second, fraction: fraction.to_owned(), offset })
    }

    /// Whether an offset from UTC is given, so that the text means one instant everywhere.
    #[must_use]
    pub fn has_offset(&self) -> bool {
        self.offset.is_some()
    }

    /// The calendar date in UTC; without an offset the date as written. `None` beyond the years 1 to 9999.
    #[must_use]
    pub fn utc_date(&self) -> Option<Date> {
        let minutes =
            i32::from(self.hour) * 60 + i32::from(self.minute) - i32::from(self.offset.unwrap_or_default());
        Date::from_days(self.date.to_days() + minutes.div_euclid(24 * 60))
    }
}

impl Timestamp {
    /// Appends `YYYY-MM-DD HH:MM:SS[.ffffff][Z|+HH:MM]`: a form that every Spark reads.
    pub fn push(&self, out: &mut String) {
        self.date.push(out);
        for (before, part) in [(' ', self.hour), (':', self.minute), (':', self.second)] {
            out.push(before);
            push_two(out, u16::from(part));
        }
        if !self.fraction.is_empty() {
            out.push('.');
            out.push_str(&self.fraction);
        }
        match self.offset {
            None => {}
            Some(0) => out.push('Z'),
            Some(offset) => {
                out.push(if offset < 0 { '-' } else { '+' });
                let minutes = offset.unsigned_abs();
                push_two(out, minutes / 60);
                out.push(':');
                push_two(out, minutes % 60);
            }
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.push(&mut text);
        f.write_str(&text)
    }
}

/// A decimal number of at most 38 digits, Spark's limit for DECIMAL. No exponent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(String);

impl Number {
    /// Takes an optional sign, digits and, if wanted, a point with digits behind it. `None` for every other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut number = String::new();
        let mut rest = text.as_bytes();
        if let [sign @ (b'-' | b'+'), digits @ ..] = rest {
            number.push_str(if *sign == b'-' { "-" } else { "" });
            rest = digits;
        }
        let signs = number.len();
        // Whether there was a point, and whether the last byte was a digit.
        let (mut point, mut digit) = (false, false);
        for byte in rest {
            match byte {
                b'.' if digit && !point => {
                    number.push_str(if number.len() == signs { "0." } else { "." });
                    point = true;
                }
                // Zeros before the first digit that counts.
                b'0' if !point && number.len() == signs => {}
                b'0'..=b'9' => number.push(char::from(*byte)),
                _ => return None,
            }
            digit = *byte != b'.';
        }
        if number.len() == signs {
            number.push('0');
        }
        (digit && number.len() - signs - usize::from(point) <= 38).then_some(Self(number))
    }
}

impl Number {
    /// The number as it is written into a statement.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Bytes still to be read.
struct Input<'a>(&'a [u8]);

impl Input<'_> {
    fn take(&mut self, byte: u8) -> bool {
        match self.0.split_first() {
            Some((first, rest)) if *first == byte => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    fn digit(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        let digit = first.checked_sub(b'0').filter(|d| *d <= 9)?;
        self.0 = rest;
        Some(digit)
    }

    fn two(&mut self, max: u8) -> Option<u8> {
        let value = self.digit()? * 10 + self.digit()?;
        (value <= max).then_some(value)
    }

    fn date(&mut self) -> Option<Date> {
        let year = u16::from(self.two(99)?) * 100 + u16::from(self.two(99)?);
        self.take(b'-').then_some(())?;
        let month = self.two(12)?;
        self.take(b'-').then_some(())?;
        let day = self.two(31)?;
        Date::new(year, month, day)
    }

    /// `None`: malformed. `Some(None)`: there is none.
    fn offset(&mut self) -> Option<Option<i16>> {
        if self.0.is_empty() {
            return Some(None);
        }
        if self.take(b'Z') {
            return Some(Some(0));
        }
        let negative = self.take(b'-');
        if !negative && !self.take(b'+') {
            return None;
        }
        // Spark takes offsets up to 18:00.
        let hours = i16::from(self.two(18)?);
        self.take(b':').then_some(())?;
        let minutes = hours * 60 + i16::from(self.two(59)?);
        (minutes <= 18 * 60).then_some(Some(if negative { -minutes } else { minutes }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_standard_library_does() {
        for number in [0, 9, 10, 99, 100, 10_000, 1 << 20, u64::MAX] {
            let mut text = "n".to_owned();
            push_number(&mut text, number);
            assert_eq!(text, format!("n{number}"));
        }
    }

    #[test]
    fn dates() {
        for good in ["0001-01-01", "1850-07-31", "2000-02-29", "2024-02-29", "9999-12-31"] {
            assert_eq!(Date::parse(good).unwrap().to_string(), good);
        }
        for bad in [
            "",
            "0000-01-01",
            "1900-02-29",
            "2023-02-29",
            "2024-04-31",
            "2024-13-01",
            "2024-1-1",
            "24-01-01",
            "2024-01-01 ",
            "2024-01-01'",
            "-2024-01-01",
            "２024-01-01",
            "2024-01-00",
        ] {
            assert_eq!(Date::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn every_day_survives_the_day_count() {
        let mut date = Date::parse("0001-01-01").unwrap();
        let first = date.to_days();
        assert_eq!(Date::parse("1970-01-01").unwrap().to_days(), 0);
        for n in 0..3_652_059 {
            assert_eq!(date.to_days(), first + n);
            match Date::from_days(first + n + 1) {
                Some(next) => {
                    assert!(next > date);
                    date = next;
                }
                None => assert_eq!(date.to_string(), "9999-12-31"),
            }
        }
    }

    #[test]
    fn timestamps() {
        for (text, shown) in [
            ("2020-01-01", "2020-01-01 00:00:00"),
            ("1850-01-01 00:00:00", "1850-01-01 00:00:00"),
            ("2020-01-01T02:03", "2020-01-01 02:03:00"),
            ("2020-01-01T02:03:04.5Z", "2020-01-01 02:03:04.5Z"),
            ("2020-01-01 02:03:04.123456-05:30", "2020-01-01 02:03:04.123456-05:30"),
            ("2020-01-01 02:03:04+18:00", "2020-01-01 02:03:04+18:00"),
        ] {
            assert_eq!(Timestamp::parse(text).unwrap().to_string(), shown);
        }
        for bad in [
            "now",
            "2020-01-01 24:00:00",
            "2020-01-01 00:60:00",
            "2020-01-01 00:00:60",
            "2020-01-01 00:00:00.",
            "2020-01-01 00:00:00.1234567",
            "2020-01-01 00:00:00 UTC",
            "2020-01-01 00:00:00+1:00",
            "2020-01-01 ",
            "2020-01-01 00:00:00+18:01",
            "2020-01-01 00:00:00'); DROP TABLE x; --",
            "2020-01-01  00:00:00",
            "2020-01-01Z",
        ] {
            assert_eq!(Timestamp::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_utc_date_moves_with_the_offset() {
        let date = |text: &str| Timestamp::parse(text).unwrap().utc_date().map(|d| d.to_string());
        assert_eq!(date("2026-01-16 00:30:00+02:00").as_deref(), Some("2026-01-15"));
        assert_eq!(date("2025-12-31 23:30:00-01:00").as_deref(), Some("2026-01-01"));
        assert_eq!(date("2026-01-16 00:30:00").as_deref(), Some("2026-01-16"));
        assert_eq!(date("9999-12-31 23:30:00-01:00"), None);
    }

    #[test]
    fn numbers() {
        for (text, shown) in [
            ("-5", "-5"),
            ("+007", "7"),
            ("0.50", "0.50"),
            ("-0", "-0"),
            ("00", "0"),
            ("99999999999999999999999999999999999999", "99999999999999999999999999999999999999"),
        ] {
            assert_eq!(Number::parse(text).unwrap().to_string(), shown);
        }
        for bad in [
            "",
            "-",
            "1e5",
            ".5",
            "5.",
            "1,000",
            "0x10",
            "1 OR 1=1",
            "--1",
            "1.2.3",
            "NaN",
            "１",
            "999999999999999999999999999999999999999",
        ] {
            assert_eq!(Number::parse(bad), None, "{bad}");
        }
    }
}
