//! Quartz cron expressions, the only kind that Databricks schedules take
//! (<https://docs.databricks.com/jobs/scheduled.html>): six or seven fields, seconds first, and exactly one of
//! day-of-month and day-of-week is `?`. Field syntax as in Quartz 2.3's `CronTrigger`.

use std::fmt;

use crate::values::digits as number;

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
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::Fields(count) => {
                let count = number(*count);
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

/// What a field takes. Its name and what is said of it come first; `names` stand for numbers from 1.
struct Field {
    name: &'static str,
    takes: &'static str,
    min: u16,
    max: u16,
    names: &'static str,
}

/// The fields in their order.
static FIELDS: [Field; 7] = [
    Field { name: "seconds", takes: "0 to 59, `,` `-` `*` `/`", min: 0, max: 59, names: "" },
    Field { name: "minutes", takes: "0 to 59, `,` `-` `*` `/`", min: 0, max: 59, names: "" },
    Field { name: "hours", takes: "0 to 23, `,` `-` `*` `/`", min: 0, max: 23, names: "" },
    Field { name: "day-of-month", takes: "1 to 31, `,` `-` `*` `/` `?` `L` `W`", min: 1, max: 31, names: "" },
    Field {
        name: "month",
        takes: "1 to 12 or JAN to DEC, `,` `-` `*` `/`",
        min: 1,
        max: 12,
        names: "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC",
    },
    Field {
        name: "day-of-week",
        takes: "1 (Sunday) to 7 or SUN to SAT, `,` `-` `*` `/` `?` `L` `#`",
        min: 1,
        max: 7,
        names: "SUN MON TUE WED THU FRI SAT",
    },
    Field { name: "year", takes: "1970 to 2099, `,` `-` `*` `/`", min: 1970, max: 2099, names: "" },
];

impl Field {
    #[inline(never)]
    fn number(&self, text: &str) -> Option<u16> {
        if text.is_empty() {
            return None;
        }
        let value = digits(text).or_else(|| {
            let at = self.names.split(' ').position(|name| name.eq_ignore_ascii_case(text))?;
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

    #[inline(never)]
    fn values(&self, text: &str) -> Option<Vec<u16>> {
        let mut all = Vec::new();
        for item in text.split(',') {
            self.item(item, &mut all)?;
        }
        Some(all)
    }

    #[inline(never)]
    fn bits(&self, text: &str) -> Option<u64> {
        let mut bits = 0;
        for value in self.values(text)? {
            bits |= 1 << value;
        }
        Some(bits)
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
        if !(6..=7).contains(&fields.len()) {
            return Err(CronError::Fields(fields.len()));
        }
        let text = |n: usize| fields.get(n).copied().unwrap_or("*");
        if (text(3) == "?") == (text(5) == "?") {
            return Err(CronError::Days);
        }
        let mut read = Self {
            seconds: 0,
            minutes: 0,
            hours: 0,
            month_days: MonthDays::Unset,
            months: 0,
            week_days: WeekDays::Unset,
            years: None,
        };
        for (n, field) in FIELDS.iter().enumerate() {
            if read.field(field, n, text(n)).is_none() {
                let text = crate::reader::shorten(text(n));
                return Err(CronError::Field { field: field.name, text, takes: field.takes });
            }
        }
        Ok(read)
    }

    /// Reads the n-th field.
    fn field(&mut self, field: &Field, n: usize, text: &str) -> Option<()> {
        match n {
            3 => self.month_days = parse_month_days(field, text)?,
            5 => self.week_days = parse_week_days(field, text)?,
            6 if text == "*" => {}
            6 => {
                let values = field.values(text)?;
                let mut years = Vec::new();
                for year in field.min..=field.max {
                    if values.contains(&year) {
                        years.push(year);
                    }
                }
                self.years = Some(years);
            }
            _ => {
                let bits = field.bits(text)?;
                // The masks are narrower than u64 by the limits of each field.
                match n {
                    0 => self.seconds = bits,
                    1 => self.minutes = bits,
                    2 => self.hours = u32::try_from(bits).unwrap_or_default(),
                    _ => self.months = u16::try_from(bits).unwrap_or_default(),
                }
            }
        }
        Some(())
    }
}

fn parse_month_days(field: &Field, text: &str) -> Option<MonthDays> {
    Some(match text.as_bytes() {
        b"?" => MonthDays::Unset,
        [b'L' | b'l'] => MonthDays::Last(0),
        [b'L' | b'l', b'W' | b'w'] => MonthDays::LastWeekday,
        [b'L' | b'l', b'-', ..] => MonthDays::Last(field.small(text.get(2..)?).filter(|n| *n <= 30)?),
        [.., b'W' | b'w'] => MonthDays::NearestWeekday(field.small(text.get(..text.len() - 1)?)?),
        _ => MonthDays::Days(u32::try_from(field.bits(text)?).unwrap_or_default()),
    })
}

fn parse_week_days(field: &Field, text: &str) -> Option<WeekDays> {
    Some(match text.as_bytes() {
        b"?" => WeekDays::Unset,
        [b'L' | b'l'] => WeekDays::Days(1 << 7),
        [.., b'#', nth @ b'1'..=b'5'] => WeekDays::Nth(field.small(text.get(..text.len() - 2)?)?, nth - b'0'),
        [.., b'L' | b'l'] => WeekDays::Last(field.small(text.get(..text.len() - 1)?)?),
        _ => WeekDays::Days(u8::try_from(field.bits(text)?).unwrap_or_default()),
    })
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
    let quartz = ["0 ", minute, " ", hour, " ", day, " ", month, " ", week].concat();
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
