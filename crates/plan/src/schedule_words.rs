//! A Quartz expression in English, for people who do not read cron.
//!
//! Hours, minutes and the like are sets of small numbers, one bit each, as [`QuartzCron`] has them.

use crate::cron::{MonthDays, QuartzCron, WeekDays};
use crate::values::{push_number, push_two};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// As Quartz counts them, from 1.
const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
/// More clock times than this are counted instead of listed.
const LISTED: u32 = 6;

/// What the expression says, in one sentence without a full stop: "Every day at 06:30", "Monday to Friday, every 15
/// minutes from 08:00 to 17:45". Clock times are those of the schedule's own zone, in 24 hours.
#[must_use]
pub fn schedule_words(cron: &QuartzCron) -> String {
    let mut text = String::new();
    days(&mut text, cron);
    let mut clock = String::new();
    push_clock(&mut clock, cron);
    let repeats = clock.starts_with("every");
    if repeats && text == "Every day" {
        text.truncate(1);
        text.push_str(clock.get(1..).unwrap_or_default());
    } else {
        text.push_str(if repeats { ", " } else { " at " });
        text.push_str(&clock);
    }
    if cron.months & 0x1ffe != 0x1ffe {
        text.push_str(" in ");
        span(&mut text, u64::from(cron.months & 0x1ffe), "", " to ", month);
    }
    if let Some(years) = &cron.years {
        push_years(&mut text, years);
    }
    text
}

fn push_years(text: &mut String, years: &[u16]) {
    let (Some(first), Some(last)) = (years.first(), years.last()) else { return };
    let run = years.len() > 2 && usize::from(last - first) == years.len() - 1;
    text.push_str(", only ");
    if !run && years.len() <= LISTED as usize {
        text.push_str("in ");
        for (n, year) in years.iter().enumerate() {
            separate(text, n, years.len());
            push_number(text, u64::from(*year));
        }
        return;
    }
    if !run {
        text.push_str("in ");
        text.push_str(&years.len().to_string());
        text.push_str(" years ");
    }
    for (word, year) in [("from ", first), (" to ", last)] {
        text.push_str(word);
        push_number(text, u64::from(*year));
    }
}

fn days(text: &mut String, cron: &QuartzCron) {
    let each_month = match (cron.month_days, cron.week_days) {
        (MonthDays::Unset, WeekDays::Unset) => return text.push_str("Never"),
        (MonthDays::Days(days), _) if days.count_ones() == 31 => return text.push_str("Every day"),
        (MonthDays::Unset, WeekDays::Days(days)) if days.count_ones() == 7 => {
            return text.push_str("Every day");
        }
        (MonthDays::Unset, WeekDays::Days(days)) => {
            // Weeks start on Monday here, whatever Quartz counts from: Sunday becomes 8.
            let days = u64::from(days);
            return span(text, (days & !2) | (days & 2) << 7, "Every ", " to ", day);
        }
        (MonthDays::Unset, WeekDays::Last(week_day)) => ("The last ", week_day, day as Item),
        (MonthDays::Unset, WeekDays::Nth(week_day, nth)) => {
            text.push_str("The ");
            ordinal(text, nth);
            (" ", week_day, day as Item)
        }
        (MonthDays::Days(days), _) => {
            text.push_str("The ");
            span(text, u64::from(days), "", " to the ", ordinal);
            ("", 0, nothing as Item)
        }
        (MonthDays::Last(0), _) => ("The last day", 0, nothing as Item),
        (MonthDays::Last(1), _) => ("The day before the last", 0, nothing as Item),
        (MonthDays::Last(before), _) => {
            number(text, before);
            (" days before the last", 0, nothing as Item)
        }
        (MonthDays::LastWeekday, _) => ("The last Monday-to-Friday day", 0, nothing as Item),
        (MonthDays::NearestWeekday(date), _) => {
            ("The Monday-to-Friday day nearest to the ", date, ordinal as Item)
        }
    };
    let (words, value, item) = each_month;
    text.push_str(words);
    item(text, value);
    text.push_str(" of each month");
}

fn push_clock(text: &mut String, cron: &QuartzCron) {
    let (seconds, minutes, hours) = (cron.seconds, cron.minutes, u64::from(cron.hours));
    let (hour, minute) = (first(hours), first(minutes));
    let all_hours = hours.count_ones() == 24;
    if seconds.count_ones() != 1 {
        match step(seconds, 60) {
            Some(every) if minutes.count_ones() == 60 && all_hours => repeated(text, every, "second"),
            _ => {
                text.push_str("every second ");
                listed(text, seconds, number);
                text.push_str(" of the chosen minutes");
            }
        }
        return;
    }
    let times = minutes.count_ones() * hours.count_ones();
    let every_hours = if minutes.count_ones() == 1 { step(hours, 24) } else { None };
    let scattered = minutes.count_ones() == 1 && every_hours.is_none() && !is_run(hours);
    if times <= LISTED || scattered {
        let mut n = 0;
        for hour in each(hours) {
            for minute in each(minutes) {
                separate(text, n, times as usize);
                time(text, hour, minute);
                if first(seconds) > 0 {
                    text.push(':');
                    push_two(text, u16::from(first(seconds)));
                }
                n += 1;
            }
        }
        return;
    }
    if let Some(every) = every_hours {
        repeated(text, every, "hour");
        if hour > 0 {
            text.push_str(" from ");
            time(text, hour, minute);
        } else if minute > 0 {
            text.push_str(", ");
            number(text, minute);
            text.push_str(" minutes past");
        }
        return;
    }
    if minutes.count_ones() == 1 {
        text.push_str("every hour");
    } else if let Some(every) = step(minutes, 60) {
        repeated(text, every, "minute");
        if minute > 0 && all_hours {
            text.push_str(" from minute ");
            number(text, minute);
        }
    } else {
        text.push_str("every hour at minutes ");
        listed(text, minutes, number);
    }
    if all_hours {
        return;
    }
    if is_run(hours) {
        text.push_str(" from ");
        time(text, hour, minute);
        text.push_str(" to ");
        time(text, last(hours), last(minutes));
    } else {
        text.push_str(" in the hours ");
        listed(text, hours, number);
    }
}

fn time(text: &mut String, hour: u8, minute: u8) {
    push_two(text, u16::from(hour));
    text.push(':');
    push_two(text, u16::from(minute));
}

fn repeated(text: &mut String, every: u8, unit: &str) {
    text.push_str("every ");
    if every > 1 {
        number(text, every);
        text.push(' ');
    }
    text.push_str(unit);
    text.push_str(if every > 1 { "s" } else { "" });
}

fn first(set: u64) -> u8 {
    u8::try_from(set.trailing_zeros()).unwrap_or_default()
}

fn last(set: u64) -> u8 {
    u8::try_from(set.checked_ilog2().unwrap_or_default()).unwrap_or_default()
}

fn each(set: u64) -> impl Iterator<Item = u8> {
    (0..64).filter(move |n| set >> n & 1 == 1)
}

/// Whether the numbers of a set follow each other.
fn is_run(set: u64) -> bool {
    set > 0 && ((set >> first(set)) + 1).is_power_of_two()
}

/// The step of a regular set that fills the range: `0, 15, 30, 45` of 60 is 15.
fn step(set: u64, range: u8) -> Option<u8> {
    let start = first(set);
    let step = first(set & set.wrapping_sub(1)).checked_sub(start)?;
    if set.count_ones() < 2 || start >= step || !range.is_multiple_of(step) {
        return None;
    }
    let mut regular = 0;
    let mut n = start;
    while n < range {
        regular |= 1 << n;
        n += step;
    }
    (set == regular).then_some(step)
}

/// How a number of a set is said.
type Item = fn(&mut String, u8);

fn nothing(_: &mut String, _: u8) {}

fn number(text: &mut String, n: u8) {
    push_number(text, u64::from(n));
}

fn day(text: &mut String, day: u8) {
    text.push_str(DAYS.get(usize::from((day + 6) % 7)).copied().unwrap_or_default());
}

fn month(text: &mut String, month: u8) {
    text.push_str(MONTHS.get(usize::from(month.saturating_sub(1))).copied().unwrap_or_default());
}

fn ordinal(text: &mut String, n: u8) {
    number(text, n);
    text.push_str(match (n % 10, n / 10) {
        (1, 0 | 2..) => "st",
        (2, 0 | 2..) => "nd",
        (3, 0 | 2..) => "rd",
        _ => "th",
    });
}

/// "first to last" for three or more that follow each other, and a list for others.
fn span(text: &mut String, set: u64, before_list: &str, to: &str, item: Item) {
    if set.count_ones() > 2 && is_run(set) {
        item(text, first(set));
        text.push_str(to);
        item(text, last(set));
    } else {
        text.push_str(before_list);
        listed(text, set, item);
    }
}

/// "a, b and c"
fn listed(text: &mut String, set: u64, item: Item) {
    for (n, value) in each(set).enumerate() {
        separate(text, n, set.count_ones() as usize);
        item(text, value);
    }
}

/// What stands before item `n` of a list.
fn separate(text: &mut String, n: usize, count: usize) {
    text.push_str(match n {
        0 => "",
        n if n + 1 == count => " and ",
        _ => ", ",
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_an_expression_means() {
        for (cron, words) in [
            ("0 30 6 * * ?", "Every day at 06:30"),
            ("0 30 6 ? * *", "Every day at 06:30"),
            ("15 30 6 * * ?", "Every day at 06:30:15"),
            ("0 0 6,18 * * ?", "Every day at 06:00 and 18:00"),
            // Quartz counts from Sunday = 1.
            ("0 0 7 ? * 2-6", "Monday to Friday at 07:00"),
            ("0 0 7 ? * 1", "Every Sunday at 07:00"),
            ("0 0 7 ? * SUN,MON", "Every Monday and Sunday at 07:00"),
            ("0 0 7 ? * SAT-SUN", "Every Saturday and Sunday at 07:00"),
            ("0 0 5 1 * ?", "The 1st of each month at 05:00"),
            ("0 0 5 1,11,22,23 * ?", "The 1st, 11th, 22nd and 23rd of each month at 05:00"),
            ("0 0 5 1-7 * ?", "The 1st to the 7th of each month at 05:00"),
            ("0 0 5 L * ?", "The last day of each month at 05:00"),
            ("0 0 5 L-3 * ?", "3 days before the last of each month at 05:00"),
            ("0 0 5 LW * ?", "The last Monday-to-Friday day of each month at 05:00"),
            ("0 0 5 15W * ?", "The Monday-to-Friday day nearest to the 15th of each month at 05:00"),
            ("0 0 5 ? * 6L", "The last Friday of each month at 05:00"),
            ("0 0 5 ? * 2#1", "The 1st Monday of each month at 05:00"),
            ("0 0 5 1 1,4,7,10 ?", "The 1st of each month at 05:00 in January, April, July and October"),
            ("0 0 5 1 6-8 ?", "The 1st of each month at 05:00 in June to August"),
            ("0 */15 * * * ?", "Every 15 minutes"),
            ("0 5/15 * * * ?", "Every 15 minutes from minute 5"),
            ("0 0 * * * ?", "Every hour"),
            ("0 10 * * * ?", "Every hour, 10 minutes past"),
            ("0 0 */2 * * ?", "Every 2 hours"),
            ("0 30 1/2 * * ?", "Every 2 hours from 01:30"),
            ("0 */15 8-17 ? * 2-6", "Monday to Friday, every 15 minutes from 08:00 to 17:45"),
            ("0 0 8-17 ? * 2-6", "Monday to Friday, every hour from 08:00 to 17:00"),
            ("*/10 * * * * ?", "Every 10 seconds"),
            ("0 * * * * ?", "Every minute"),
            ("0 0 6 1 1 ? 2027", "The 1st of each month at 06:00 in January, only in 2027"),
            ("0 0 6 * * ? 2027-2029", "Every day at 06:00, only from 2027 to 2029"),
        ] {
            let parsed = QuartzCron::parse(cron).unwrap();
            assert_eq!(schedule_words(&parsed), words, "{cron}");
        }
    }

    #[test]
    fn different_expressions_are_not_said_alike() {
        let all = ["0 0,20 * * * ?", "0 */20 * * * ?", "0 0 1-23/2 * * ?", "0 0 */5 * * ?", "0 7 0-22 * * ?"];
        let words: std::collections::BTreeSet<String> =
            all.iter().map(|cron| schedule_words(&QuartzCron::parse(cron).unwrap())).collect();
        assert_eq!(words.len(), all.len(), "{words:?}");
    }
}
