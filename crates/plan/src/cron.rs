//! Quartz cron expressions, the only kind that Databricks schedules take
//! (<https://docs.databricks.com/jobs/scheduled.html>): six or seven fields, seconds first, and exactly one of
//! day-of-month and day-of-week is `?`. Field syntax as in Quartz 2.3's `CronTrigger`.

use std::fmt;

use crate::order::sort_by;

/// Why a text is not a Quartz cron expression.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CronError {
    /// The number of fields is not six or seven.
    Fields(usize),
    /// Both or none of the two day fields are `?`.
    Days,
    /// A field that cannot be read.
    Field {
        /// The name of the field.
        field: &'static str,
        /// The text of the field.
        text: String,
        /// What the field takes.
        takes: &'static str,
    },
}

impl CronError {
    /// What is wrong, in words.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Fields(count) => {
                let count = count.to_string();
                ["a Quartz expression has 6 or 7 fields with the seconds first, this one has ", &count]
                    .concat()
            }
            Self::Days => {
                "exactly one of day-of-month (field 4) and day-of-week (field 6) must be `?`".to_owned()
            }
            Self::Field { field, text, takes } => {
                ["the ", field, " field `", text, "` cannot be read; it takes ", takes].concat()
            }
        }
    }
}

impl std::error::Error for CronError {}

impl fmt::Display for CronError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

/// The days of a month on which a schedule fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MonthDays {
    /// `?`: the week days decide.
    Unset,
    /// Bit n is day n, 1 to 31.
    Days(u32),
    /// `L` or `L-n`: n days before the last day, 0 being the last.
    Last(u8),
    /// `LW`: the last Monday-to-Friday day.
    LastWeekday,
    /// `nW`: the Monday-to-Friday day nearest to day n, in the same month.
    NearestWeekday(u8),
}

/// The days of a week on which a schedule fires; 1 is Sunday, 7 is Saturday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeekDays {
    /// `?`: the month days decide.
    Unset,
    /// Bit n is day n, 1 to 7.
    Days(u8),
    /// `nL`: the last such day of the month.
    Last(u8),
    /// `n#k`: the k-th such day of the month.
    Nth(u8, u8),
}

/// A checked Quartz cron expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuartzCron {
    /// Bit n is second n, 0 to 59.
    pub seconds: u64,
    /// Bit n is minute n, 0 to 59.
    pub minutes: u64,
    /// Bit n is hour n, 0 to 23.
    pub hours: u32,
    /// The days of the month.
    pub month_days: MonthDays,
    /// Bit n is month n, 1 to 12.
    pub months: u16,
    /// The days of the week.
    pub week_days: WeekDays,
    /// The years, 1970 to 2099, if the expression names them.
    pub years: Option<Vec<u16>>,
}

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

struct Field {
    name: &'static str,
    takes: &'static str,
    min: u16,
    max: u16,
    names: &'static [&'static str],
}

const SECONDS: Field =
    Field { name: "seconds", takes: "0 to 59, `,` `-` `*` `/`", min: 0, max: 59, names: &[] };
const MINUTES: Field =
    Field { name: "minutes", takes: "0 to 59, `,` `-` `*` `/`", min: 0, max: 59, names: &[] };
const HOURS: Field = Field { name: "hours", takes: "0 to 23, `,` `-` `*` `/`", min: 0, max: 23, names: &[] };
const MONTH_DAYS: Field = Field {
    name: "day-of-month",
    takes: "1 to 31, `,` `-` `*` `/` `?` `L` `W`",
    min: 1,
    max: 31,
    names: &[],
};
const MONTH: Field =
    Field { name: "month", takes: "1 to 12 or JAN to DEC, `,` `-` `*` `/`", min: 1, max: 12, names: &MONTHS };
const WEEK_DAYS: Field = Field {
    name: "day-of-week",
    takes: "1 (Sunday) to 7 or SUN to SAT, `,` `-` `*` `/` `?` `L` `#`",
    min: 1,
    max: 7,
    names: &DAYS,
};
const YEARS: Field =
    Field { name: "year", takes: "1970 to 2099, `,` `-` `*` `/`", min: 1970, max: 2099, names: &[] };

impl Field {
    fn error(&self, text: &str) -> CronError {
        CronError::Field { field: self.name, text: crate::reader::shorten(text), takes: self.takes }
    }

    fn number(&self, text: &str) -> Option<u16> {
        let value = digits(text).or_else(|| {
            let at = self.names.iter().position(|name| name.eq_ignore_ascii_case(text))?;
            u16::try_from(at + 1).ok()
        })?;
        (self.min..=self.max).contains(&value).then_some(value)
    }

    fn small(&self, text: &str) -> Option<u8> {
        u8::try_from(self.number(text)?).ok()
    }

    /// Adds the values of one comma item, smallest first, unless the range wraps around as in `FRI-MON`.
    fn item(&self, text: &str, all: &mut Vec<u16>) -> Option<()> {
        let count = self.max - self.min + 1;
        let (range, step) = match text.split_once('/') {
            Some((range, step)) => (range, Some(digits(step).filter(|step| (1..count).contains(step))?)),
            None => (text, None),
        };
        let (mut value, to) = if range == "*" || (range.is_empty() && step.is_some()) {
            (self.min, self.max)
        } else if let Some((from, to)) = range.split_once('-') {
            (self.number(from)?, self.number(to)?)
        } else {
            let value = self.number(range)?;
            (value, if step.is_some() { self.max } else { value })
        };
        let to = if to >= value { to } else { to + count };
        while value <= to {
            all.push(if value > self.max { value - count } else { value });
            value += step.unwrap_or(1);
        }
        Some(())
    }

    fn values(&self, text: &str) -> Result<Vec<u16>, CronError> {
        let mut all = Vec::new();
        for item in text.split(',') {
            self.item(item, &mut all).ok_or_else(|| self.error(text))?;
        }
        Ok(all)
    }

    fn bits(&self, text: &str) -> Result<u64, CronError> {
        let mut bits = 0;
        for value in self.values(text)? {
            bits |= 1 << value;
        }
        Ok(bits)
    }
}

/// A number of one to four digits.
fn digits(text: &str) -> Option<u16> {
    let mut number = 0;
    for byte in text.bytes() {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit <= 9 && text.len() <= 4)?;
        number = number * 10 + u16::from(digit);
    }
    (!text.is_empty()).then_some(number)
}

impl QuartzCron {
    /// Reads a Quartz cron expression.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn parse(text: &str) -> Result<Self, CronError> {
        let fields: Vec<&str> = text.split_ascii_whitespace().collect();
        let ([seconds, minutes, hours, month_days, months, week_days]
        | [seconds, minutes, hours, month_days, months, week_days, _]) = *fields.as_slice()
        else {
            return Err(CronError::Fields(fields.len()));
        };
        if (month_days == "?") == (week_days == "?") {
            return Err(CronError::Days);
        }
        // The masks are narrower than u64 by the limits of each field.
        let narrow = |bits: u64| u32::try_from(bits).unwrap_or_default();
        Ok(Self {
            seconds: SECONDS.bits(seconds)?,
            minutes: MINUTES.bits(minutes)?,
            hours: narrow(HOURS.bits(hours)?),
            month_days: parse_month_days(month_days)?,
            months: u16::try_from(MONTH.bits(months)?).unwrap_or_default(),
            week_days: parse_week_days(week_days)?,
            years: match fields.get(6).copied() {
                None | Some("*") => None,
                Some(years) => {
                    let mut years = YEARS.values(years)?;
                    sort_by(&mut years, |a, b| a < b);
                    years.dedup();
                    Some(years)
                }
            },
        })
    }
}

fn parse_month_days(text: &str) -> Result<MonthDays, CronError> {
    let upper = text.to_ascii_uppercase();
    let special = if upper == "?" {
        Some(MonthDays::Unset)
    } else if upper == "L" {
        Some(MonthDays::Last(0))
    } else if upper == "LW" {
        Some(MonthDays::LastWeekday)
    } else if let Some(days) = upper.strip_prefix("L-") {
        MONTH_DAYS.small(days).filter(|n| *n <= 30).map(MonthDays::Last)
    } else if let Some(day) = upper.strip_suffix('W') {
        MONTH_DAYS.small(day).map(MonthDays::NearestWeekday)
    } else {
        Some(MonthDays::Days(u32::try_from(MONTH_DAYS.bits(text)?).unwrap_or_default()))
    };
    special.ok_or_else(|| MONTH_DAYS.error(text))
}

fn parse_week_days(text: &str) -> Result<WeekDays, CronError> {
    let upper = text.to_ascii_uppercase();
    if upper == "?" {
        return Ok(WeekDays::Unset);
    }
    if upper == "L" {
        return Ok(WeekDays::Days(1 << 7));
    }
    if let Some((day, nth)) = upper.split_once('#') {
        let nth = nth.bytes().next().filter(|digit| nth.len() == 1 && (b'1'..=b'5').contains(digit));
        return match (WEEK_DAYS.small(day), nth) {
            (Some(day), Some(nth)) => Ok(WeekDays::Nth(day, nth - b'0')),
            _ => Err(WEEK_DAYS.error(text)),
        };
    }
    if let Some(day) = upper.strip_suffix('L').and_then(|day| WEEK_DAYS.small(day)) {
        return Ok(WeekDays::Last(day));
    }
    Ok(WeekDays::Days(u8::try_from(WEEK_DAYS.bits(text)?).unwrap_or_default()))
}

/// The Quartz form of a five-field Unix expression, to offer as help; `None` if there is no simple one.
pub(crate) fn from_unix(text: &str) -> Option<String> {
    let fields: Vec<&str> = text.split_ascii_whitespace().collect();
    let [minute, hour, day, month, week] = *fields.as_slice() else { return None };
    // Unix counts week days from 0, Quartz from 1: only names and `*` mean the same in both.
    let (day, week) = match (day, week) {
        (day, "*" | "?") => (day, "?"),
        ("*" | "?", week) if !week.bytes().any(|b| b.is_ascii_digit()) => ("?", week),
        _ => return None,
    };
    let quartz = ["0", minute, hour, day, month, week].join(" ");
    QuartzCron::parse(&quartz).is_ok().then_some(quartz)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_quartz_takes() {
        for text in [
            "0 0 12 * * ?",
            "0 15 10 ? * MON-FRI",
            "0 0/5 14,18 * * ?",
            "0 15 10 L * ?",
            "0 15 10 L-2 * ?",
            "0 15 10 LW * ?",
            "0 15 10 15W * ?",
            "0 15 10 ? * 6L 2025-2030",
            "0 15 10 ? * 6#3",
            "0 0 0 1 JAN ? *",
            "*/10 * * * * ?",
            "0 0 2 ? * fri-mon",
            "0 0-5/2 14 * * ?",
            "0 0 0 ? * L",
        ] {
            assert!(QuartzCron::parse(text).is_ok(), "{text}: {:?}", QuartzCron::parse(text));
        }
    }

    #[test]
    fn refuses_everything_else() {
        for text in [
            "",
            "0 2 * * *",
            "0 0 2 * * *",
            "0 0 2 ? * ?",
            "60 0 2 * * ?",
            "0 60 2 * * ?",
            "0 0 24 * * ?",
            "0 0 2 32 * ?",
            "0 0 2 0 * ?",
            "0 0 2 * 13 ?",
            "0 0 2 ? * 8",
            "0 0 2 ? * MON#6",
            "0 0 2 * * ? 1969",
            "0 0/0 2 * * ?",
            "0 ,1 2 * * ?",
            "0 0 2 * * ? * *",
            "@daily",
            "0 0 2 ? * Monday",
            "0 a 2 * * ?",
            "0 1- 2 * * ?",
            "0 0 2 L-31 * ?",
            "0 */99999 2 * * ?",
        ] {
            assert!(QuartzCron::parse(text).is_err(), "{text}");
        }
        assert_eq!(QuartzCron::parse("0 2 * * *"), Err(CronError::Fields(5)));
        assert_eq!(QuartzCron::parse("0 0 2 * * *"), Err(CronError::Days));
    }

    #[test]
    fn reads_the_values() {
        let cron = QuartzCron::parse("0 5/20 22-1 ? MAR,DEC FRI-MON 2026/2").unwrap();
        assert_eq!(cron.minutes, 1 << 5 | 1 << 25 | 1 << 45);
        assert_eq!(cron.hours, 1 << 22 | 1 << 23 | 1 | 1 << 1);
        assert_eq!(cron.months, 1 << 3 | 1 << 12);
        assert_eq!(cron.week_days, WeekDays::Days(1 << 6 | 1 << 7 | 1 << 1 | 1 << 2));
        assert_eq!(cron.years.unwrap().first_chunk::<3>(), Some(&[2026, 2028, 2030]));
    }

    #[test]
    fn offers_the_quartz_form_of_unix_cron() {
        assert_eq!(from_unix("0 2 * * *").as_deref(), Some("0 0 2 * * ?"));
        assert_eq!(from_unix("30 6 * * MON").as_deref(), Some("0 30 6 ? * MON"));
        assert_eq!(from_unix("30 6 * * 1"), None);
        assert_eq!(from_unix("30 6 1 * 1"), None);
    }
}
