//! RFC 3339 times, taken apart without losing a character.

use crate::digits::push_number;
use datealgo::{date_to_rd, days_in_month, rd_to_date};

/// A time of the form `2025-06-18T17:45:12[.digits](Z|+hh:mm|-hh:mm)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rfc3339<'a> {
    /// Seconds of the local clock since 1970-01-01T00:00:00, as if it were UTC.
    pub local_seconds: i64,
    /// Digits behind the dot, with their zeros; empty without a dot.
    pub fraction: &'a str,
    /// Minutes east of UTC; `None` for `Z`.
    pub offset: Option<i32>,
}

impl<'a> Rfc3339<'a> {
    /// Reads a time. Letters must be upper case and seconds below 60, so that printing gives the same characters.
    pub fn parse(text: &'a str) -> Option<Self> {
        let number = |from: usize, to: usize| -> Option<i64> {
            let part = text.get(from..to)?;
            if part.bytes().all(|b| b.is_ascii_digit()) { part.parse().ok() } else { None }
        };
        let is = |at: usize, want: &str| text.get(at..at + 1) == Some(want);
        if !(is(4, "-") && is(7, "-") && is(10, "T") && is(13, ":") && is(16, ":")) {
            return None;
        }
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let date = (i32::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?);
        if !(1..=12).contains(&date.1) || !(1..=days_in_month(date.0, date.1)).contains(&date.2) {
            return None;
        }
        let mut rest = text.get(19..)?;
        let mut fraction = "";
        if let Some(tail) = rest.strip_prefix('.') {
            let end = tail.bytes().position(|b| !b.is_ascii_digit())?;
            (fraction, rest) = tail.split_at_checked(end)?;
            if fraction.is_empty() || fraction.len() > 9 {
                return None;
            }
        }
        let offset = if rest == "Z" {
            None
        } else {
            let at = text.len() - rest.len();
            let sign = match text.get(at..at + 1)? {
                "+" => 1,
                "-" => -1,
                _ => return None,
            };
            let (hours, minutes) = (number(at + 1, at + 3)?, number(at + 4, at + 6)?);
            if rest.len() != 6 || !is(at + 3, ":") || hours > 23 || minutes > 59 {
                return None;
            }
            let total = i32::try_from(hours * 60 + minutes).ok()?;
            // `-00:00` says "offset unknown" and has no number of its own.
            if sign < 0 && total == 0 {
                return None;
            }
            Some(sign * total)
        };
        Some(Self {
            local_seconds: i64::from(date_to_rd(date)) * 86_400 + hour * 3_600 + minute * 60 + second,
            fraction,
            offset,
        })
    }

    /// Prints the time; exactly what [`Rfc3339::parse`] read.
    pub fn print(&self) -> String {
        // What `parse` takes and what a link can hold end long before the last day of the calendar.
        let day = i32::try_from(self.local_seconds.div_euclid(86_400)).unwrap_or_default();
        let (year, month, day) = rd_to_date(day);
        let clock = self.local_seconds.rem_euclid(86_400);
        let (hour, minute, second) = (clock / 3_600, clock / 60 % 60, clock % 60);
        let mut out = String::new();
        padded(&mut out, "", year.into(), 4);
        for (mark, number) in
            [("-", month.into()), ("-", day.into()), ("T", hour), (":", minute), (":", second)]
        {
            padded(&mut out, mark, number, 2);
        }
        if !self.fraction.is_empty() {
            out.push('.');
            out.push_str(self.fraction);
        }
        match self.offset {
            None => out.push('Z'),
            Some(minutes) => {
                let (sign, size) = if minutes < 0 { ("-", -minutes) } else { ("+", minutes) };
                padded(&mut out, sign, (size / 60).into(), 2);
                padded(&mut out, ":", (size % 60).into(), 2);
            }
        }
        out
    }
}

/// Appends a mark and a number from 0 with at least so many digits.
pub(crate) fn padded(out: &mut String, mark: &str, number: i64, digits: usize) {
    out.push_str(mark);
    let mut text = String::new();
    push_number(&mut text, u64::try_from(number).unwrap_or_default());
    for _ in text.len()..digits {
        out.push('0');
    }
    out.push_str(&text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_what_it_read() {
        for text in [
            "2025-06-18T17:45:12+09:00",
            "2025-01-27T15:05:41.5+01:00",
            "2025-10-12T08:09:10.118Z",
            "2024-02-29T00:00:00.000000000Z",
            "1969-12-31T23:59:59-11:30",
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59.10+00:00",
        ] {
            assert_eq!(Rfc3339::parse(text).map(|t| t.print()).as_deref(), Some(text));
        }
        assert_eq!(Rfc3339::parse("2025-11-17T13:00:00Z").unwrap().local_seconds, 1_763_384_400);
    }

    #[test]
    fn refuses_what_it_could_not_print_again() {
        for text in [
            "",
            "2025-06-18",
            "2025-06-18 17:45:12Z",
            "2025-06-18t17:45:12z",
            "2025-02-29T00:00:00Z",
            "2025-13-01T00:00:00Z",
            "2025-00-10T00:00:00Z",
            "2025-01-01T24:00:00Z",
            "2025-01-01T00:00:60Z",
            "2025-01-01T00:00:00",
            "2025-01-01T00:00:00.Z",
            "2025-01-01T00:00:00.1234567890Z",
            "2025-01-01T00:00:00+9:00",
            "2025-01-01T00:00:00-00:00",
            "2025-01-01T00:00:00+01:00x",
            "+025-01-01T00:00:00Z",
            "2025-01-01T00:00:00Zé",
            "é2025-01-01T00:00:00Z",
        ] {
            assert_eq!(Rfc3339::parse(text), None, "{text}");
        }
    }
}
