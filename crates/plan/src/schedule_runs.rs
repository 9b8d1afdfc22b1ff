//! When a Quartz expression fires next, in a time zone with clock changes.
//!
//! The zone is an argument: a function from an instant to the offset from UTC. The browser makes one from `Intl`, the
//! worker and native code from a tz database (feature `tzdb`), so the rules are written once and no tz database is in
//! the first WebAssembly module. See `docs/decisions/0007-suggesting-a-plan.md`.
//!
//! Databricks runs Quartz, and Quartz reads local times as Java does: a time that a clock change skips moves forward
//! by the change, a time that occurs twice fires once, at the second occurrence. The vendor promises less (a run "may
//! be skipped or delayed", <https://docs.databricks.com/jobs/scheduled>), so such runs are marked and a page should
//! say "may differ".

use datealgo::{RD_MAX, RD_MIN, days_in_month, rd_to_date};

use crate::cron::{MonthDays, QuartzCron, WeekDays};
use crate::values::{push_number, push_two};

/// What a clock change does to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunNote {
    /// Nothing.
    Regular,
    /// The local time does not exist on that day; the run moves forward by the change.
    Moved,
    /// The local time occurs twice on that day; the run is at the second.
    Repeated,
}

/// One run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub at: i64,
    /// Seconds east of UTC at that instant.
    pub offset: i32,
    /// Whether a clock change is near.
    pub note: RunNote,
}

impl Run {
    /// The instant as RFC 3339 with the offset of the zone, `2026-03-29T03:30:00+02:00`.
    #[must_use]
    pub fn to_rfc3339(&self) -> String {
        let local = self.at + i64::from(self.offset);
        let (year, month, day) = civil(local.div_euclid(DAY));
        let clock = local.rem_euclid(DAY);
        let zone = i64::from(self.offset.abs() / 60);
        let mut text = String::new();
        if year > 9999 {
            push_number(&mut text, year.unsigned_abs());
        } else {
            two(&mut text, year / 100);
            two(&mut text, year % 100);
        }
        for (before, number) in [
            ('-', month),
            ('-', day),
            ('T', clock / 3600),
            (':', clock / 60 % 60),
            (':', clock % 60),
            (if self.offset < 0 { '-' } else { '+' }, zone / 60),
            (':', zone % 60),
        ] {
            text.push(before);
            two(&mut text, number);
        }
        text
    }
}

fn two(text: &mut String, number: i64) {
    push_two(text, u16::try_from(number).unwrap_or_default());
}

const DAY: i64 = 86_400;
/// The most runs that are given at once.
pub const MAX_RUNS: usize = 1_000;
/// How far is looked ahead: 29 February on a certain week day comes again within 40 years at most.
const MAX_DAYS: i64 = 41 * 366;

/// The next runs after `after` (seconds since 1970, UTC), at most `count` and [`MAX_RUNS`]. Fewer if the expression
/// names years, or days that do not come.
///
/// `offset_at` gives the seconds east of UTC at an instant (seconds since 1970, UTC).
pub fn next_runs(cron: &QuartzCron, offset_at: impl Fn(i64) -> i32, after: i64, count: usize) -> Vec<Run> {
    runs(cron, &offset_at, after, count.min(MAX_RUNS))
}

fn runs(cron: &QuartzCron, offset_at: &dyn Fn(i64) -> i32, after: i64, count: usize) -> Vec<Run> {
    let times = times_of_day(cron);
    let mut runs: Vec<Run> = Vec::new();
    // A moved time can come from the day before; zones reach from -12 to +14 hours.
    let first = (after + i64::from(offset_at(after))).div_euclid(DAY) - 1;
    for day in first..first + MAX_DAYS {
        if runs.len() >= count {
            break;
        }
        if fires_on(cron, day) {
            for time in &times {
                let run = resolve(day * DAY + time, offset_at);
                if run.at > after {
                    add(&mut runs, run);
                }
            }
        }
    }
    runs.truncate(count);
    runs
}

/// Adds a run in its place, which is nearly always the last. Two local times can be one instant; the regular one counts.
fn add(runs: &mut Vec<Run>, run: Run) {
    let mut place = runs.len();
    while let Some(before) = place.checked_sub(1).and_then(|n| runs.get_mut(n)).filter(|r| r.at >= run.at) {
        if before.at == run.at {
            if run.note == RunNote::Regular {
                *before = run;
            }
            return;
        }
        place -= 1;
    }
    runs.insert(place, run);
}

/// Seconds since midnight at which the expression fires.
fn times_of_day(cron: &QuartzCron) -> Vec<i64> {
    let mut all = Vec::new();
    for time in 0..DAY {
        if u64::from(cron.hours) >> (time / 3600)
            & cron.minutes >> (time / 60 % 60)
            & cron.seconds >> (time % 60)
            & 1
            == 1
        {
            all.push(time);
        }
    }
    all
}

/// The instant of a local time, given as if it were UTC.
fn resolve(local: i64, offset_at: &dyn Fn(i64) -> i32) -> Run {
    // Clock changes are weeks apart: a day before and a day after show both sides of a change in between.
    let (before, later) = (offset_at(local - DAY), offset_at(local + DAY));
    let fits = |offset: i32| {
        let at = local - i64::from(offset);
        (offset_at(at) == offset).then_some(at)
    };
    match (fits(before), fits(later)) {
        (Some(first), Some(second)) if first != second => {
            let (at, offset) = if first > second { (first, before) } else { (second, later) };
            Run { at, offset, note: RunNote::Repeated }
        }
        (Some(at), _) => Run { at, offset: before, note: RunNote::Regular },
        (None, Some(at)) => Run { at, offset: later, note: RunNote::Regular },
        (None, None) => {
            let at = local - i64::from(before);
            Run { at, offset: offset_at(at), note: RunNote::Moved }
        }
    }
}

fn fires_on(cron: &QuartzCron, day: i64) -> bool {
    let (year, month, date) = civil(day);
    if cron.months >> month & 1 == 0 {
        return false;
    }
    if let Some(years) = &cron.years
        && !u16::try_from(year).is_ok_and(|year| years.contains(&year))
    {
        return false;
    }
    // 1970-01-01 was a Thursday; 1 is Sunday.
    let week_day = |day: i64| u8::try_from((day + 4).rem_euclid(7) + 1).unwrap_or_default();
    let start = day - (date - 1);
    let last = last_day(day);
    let workday = |date: i64| !matches!(week_day(start + date - 1), 1 | 7);
    let by_month = match cron.month_days {
        MonthDays::Unset => true,
        MonthDays::Days(days) => days >> date & 1 == 1,
        MonthDays::Last(before) => date == last - i64::from(before),
        MonthDays::LastWeekday => (0..3).map(|back| last - back).find(|date| workday(*date)) == Some(date),
        MonthDays::NearestWeekday(wanted) => {
            let wanted = i64::from(wanted).min(last);
            // Saturday goes back to Friday, Sunday on to Monday, but never into another month.
            let nearest = match week_day(start + wanted - 1) {
                7 if wanted > 1 => wanted - 1,
                7 => wanted + 2,
                1 if wanted < last => wanted + 1,
                1 => wanted - 2,
                _ => wanted,
            };
            date == nearest
        }
    };
    let today = week_day(day);
    let by_week = match cron.week_days {
        WeekDays::Unset => true,
        WeekDays::Days(days) => days >> today & 1 == 1,
        WeekDays::Last(wanted) => today == wanted && date + 7 > last,
        WeekDays::Nth(wanted, nth) => today == wanted && (date - 1) / 7 + 1 == i64::from(nth),
    };
    by_month && by_week
}

/// Year, month and day of a day since 1970-01-01.
fn date(days: i64) -> (i32, u8, u8) {
    let days = days.clamp(RD_MIN.into(), RD_MAX.into());
    rd_to_date(i32::try_from(days).unwrap_or_default())
}

fn civil(days: i64) -> (i64, i64, i64) {
    let (year, month, day) = date(days);
    (year.into(), month.into(), day.into())
}

/// The last day of a day's month.
fn last_day(days: i64) -> i64 {
    let (year, month, _) = date(days);
    days_in_month(year, month).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(cron: &str, after: i64, count: usize) -> Vec<String> {
        let cron = QuartzCron::parse(cron).unwrap();
        next_runs(&cron, |_| 0, after, count).iter().map(Run::to_rfc3339).collect()
    }

    /// 2026-01-01T00:00:00Z, a Thursday.
    const NEW_YEAR: i64 = 1_767_225_600;

    #[test]
    fn days_of_months_and_weeks() {
        for (cron, first, second) in [
            ("0 0 2 * * ?", "2026-01-01T02", "2026-01-02T02"),
            ("0 0 0 L * ?", "2026-01-31T00", "2026-02-28T00"),
            ("0 0 0 L-2 * ?", "2026-01-29T00", "2026-02-26T00"),
            ("0 0 0 LW * ?", "2026-01-30T00", "2026-02-27T00"),
            ("0 0 0 15W * ?", "2026-01-15T00", "2026-02-16T00"),
            ("0 0 0 1W * ?", "2026-02-02T00", "2026-03-02T00"),
            ("0 0 0 31W * ?", "2026-01-30T00", "2026-02-27T00"),
            ("0 0 7 ? * MON-FRI", "2026-01-01T07", "2026-01-02T07"),
            ("0 0 7 ? * SUN", "2026-01-04T07", "2026-01-11T07"),
            ("0 0 7 ? * 6L", "2026-01-30T07", "2026-02-27T07"),
            ("0 0 7 ? * 6#1", "2026-01-02T07", "2026-02-06T07"),
            ("0 0 0 29 2 ?", "2028-02-29T00", "2032-02-29T00"),
        ] {
            let runs = utc(cron, NEW_YEAR, 2);
            assert!(runs[0].starts_with(first) && runs[1].starts_with(second), "{cron}: {runs:?}");
        }
        assert_eq!(utc("0 0 0 1 1 ? 2025", NEW_YEAR, 3), Vec::<String>::new());
        assert_eq!(utc("0 0 0 30 2 ?", NEW_YEAR, 3), Vec::<String>::new());
    }

    #[test]
    fn the_instant_itself_is_over() {
        assert_eq!(utc("0 0 0 * * ?", NEW_YEAR, 1), ["2026-01-02T00:00:00+00:00"]);
        assert_eq!(utc("0 0 0 * * ?", NEW_YEAR - 1, 1), ["2026-01-01T00:00:00+00:00"]);
    }

    #[test]
    fn every_minute_is_a_minute_apart_and_bounded() {
        let cron = QuartzCron::parse("0 * * * * ?").unwrap();
        let runs = next_runs(&cron, |_| -34_200, NEW_YEAR, usize::MAX);
        assert_eq!(runs.len(), MAX_RUNS);
        assert!(runs.windows(2).all(|w| w[1].at - w[0].at == 60));
    }
}
