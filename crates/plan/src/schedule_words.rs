//! A Quartz expression in English, for people who do not read cron.

use crate::cron::{MonthDays, QuartzCron, WeekDays};
use crate::order::sort_by;

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
const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
/// More clock times than this are counted instead of listed.
const LISTED: usize = 6;

/// What the expression says, in one sentence without a full stop: "Every day at 06:30", "Monday to Friday, every 15
/// minutes from 08:00 to 17:45". Clock times are those of the schedule's own zone, in 24 hours.
#[must_use]
pub fn schedule_words(cron: &QuartzCron) -> String {
    let mut text = days(cron);
    let clock = clock(cron);
    if text == "Every day" && clock.starts_with("every") {
        text = capital(&clock);
    } else {
        text.push_str(if clock.starts_with("every") { ", " } else { " at " });
        text.push_str(&clock);
    }
    if cron.months & 0x1ffe != 0x1ffe {
        text.push_str(" in ");
        text.push_str(&names(&bits(u64::from(cron.months), 1, 12), &MONTHS));
    }
    if let Some(years) = &cron.years {
        let list: Vec<String> = years.iter().map(ToString::to_string).collect();
        match (list.first(), list.last()) {
            (Some(first), Some(last)) if list.len() > 2 && is_run(&numbers(years)) => {
                text.push_str(&format!(", only from {first} to {last}"));
            }
            (Some(first), Some(last)) if list.len() > LISTED => {
                text.push_str(&format!(", only in {} years from {first} to {last}", list.len()));
            }
            _ => text.push_str(&format!(", only in {}", joined(&list))),
        }
    }
    text
}

fn numbers(years: &[u16]) -> Vec<u8> {
    let first = years.first().copied().unwrap_or_default();
    years.iter().map(|year| u8::try_from(year.saturating_sub(first)).unwrap_or(u8::MAX)).collect()
}

fn days(cron: &QuartzCron) -> String {
    match (cron.month_days, cron.week_days) {
        (MonthDays::Unset, WeekDays::Unset) => "Never".to_owned(),
        (MonthDays::Unset, WeekDays::Days(days)) => {
            let list = bits(u64::from(days), 1, 7);
            if list.len() == 7 { "Every day".to_owned() } else { week(&list) }
        }
        (MonthDays::Unset, WeekDays::Last(day)) => format!("The last {} of each month", day_name(day)),
        (MonthDays::Unset, WeekDays::Nth(day, nth)) => {
            format!("The {} {} of each month", ordinal(nth), day_name(day))
        }
        (MonthDays::Days(days), _) => {
            let list = bits(u64::from(days), 1, 31);
            if list.len() == 31 {
                return "Every day".to_owned();
            }
            let texts: Vec<String> = list.iter().map(|&day| ordinal(day)).collect();
            match (texts.first(), texts.last()) {
                (Some(first), Some(last)) if texts.len() > 2 && is_run(&list) => {
                    format!("The {first} to the {last} of each month")
                }
                _ => format!("The {} of each month", joined(&texts)),
            }
        }
        (MonthDays::Last(0), _) => "The last day of each month".to_owned(),
        (MonthDays::Last(1), _) => "The day before the last of each month".to_owned(),
        (MonthDays::Last(before), _) => format!("{before} days before the last of each month"),
        (MonthDays::LastWeekday, _) => "The last Monday-to-Friday day of each month".to_owned(),
        (MonthDays::NearestWeekday(day), _) => {
            format!("The Monday-to-Friday day nearest to the {} of each month", ordinal(day))
        }
    }
}

/// Weeks start on Monday here, whatever Quartz counts from.
fn week(days: &[u8]) -> String {
    let mut from_monday: Vec<u8> = days.iter().map(|day| (day + 5) % 7).collect();
    sort_by(&mut from_monday, |a, b| a < b);
    let name = |day: u8| day_name((day + 1) % 7 + 1);
    match (from_monday.first(), from_monday.last()) {
        (Some(&first), Some(&last)) if from_monday.len() > 2 && is_run(&from_monday) => {
            format!("{} to {}", name(first), name(last))
        }
        (Some(&only), _) if from_monday.len() == 1 => format!("Every {}", name(only)),
        _ => {
            let list: Vec<String> = from_monday.iter().map(|&day| name(day).to_owned()).collect();
            format!("Every {}", joined(&list))
        }
    }
}

fn clock(cron: &QuartzCron) -> String {
    let (seconds, minutes, hours) =
        (bits(cron.seconds, 0, 59), bits(cron.minutes, 0, 59), bits(u64::from(cron.hours), 0, 23));
    let Some(second) = seconds.first().copied().filter(|_| seconds.len() == 1) else {
        return match step(&seconds, 60) {
            Some(every) if minutes.len() == 60 && hours.len() == 24 => repeated(every, "second"),
            _ => format!("every second {} of the chosen minutes", joined(&texts(&seconds))),
        };
    };
    let tail = if second == 0 { String::new() } else { format!(":{second:02}") };
    if minutes.len() * hours.len() <= LISTED {
        let times: Vec<String> = hours
            .iter()
            .flat_map(|hour| minutes.iter().map(move |minute| (hour, minute)))
            .map(|(hour, minute)| format!("{hour:02}:{minute:02}{tail}"))
            .collect();
        return joined(&times);
    }
    let within = match (hours.first(), hours.last(), minutes.first(), minutes.last()) {
        _ if hours.len() == 24 => String::new(),
        (Some(first), Some(last), Some(start), Some(end)) if is_run(&hours) => {
            format!(" from {first:02}:{start:02} to {last:02}:{end:02}")
        }
        _ => format!(" in the hours {}", joined(&texts(&hours))),
    };
    let past = |minute: u8| if minute == 0 { String::new() } else { format!(", {minute} minutes past") };
    match (minutes.as_slice(), step(&minutes, 60)) {
        ([minute], _) => match step(&hours, 24) {
            Some(every) => {
                let from = hours.first().copied().unwrap_or_default();
                let from = if from == 0 { past(*minute) } else { format!(" from {from:02}:{minute:02}") };
                format!("{}{from}", repeated(every, "hour"))
            }
            None if is_run(&hours) => format!("every hour{within}"),
            None => {
                joined(&hours.iter().map(|hour| format!("{hour:02}:{minute:02}{tail}")).collect::<Vec<_>>())
            }
        },
        (_, Some(every)) => {
            let start = minutes.first().copied().unwrap_or_default();
            let from = if start == 0 || !within.is_empty() {
                String::new()
            } else {
                format!(" from minute {start}")
            };
            format!("{}{from}{within}", repeated(every, "minute"))
        }
        (_, None) => format!("every hour at minutes {}{within}", joined(&texts(&minutes))),
    }
}

fn repeated(every: u8, unit: &str) -> String {
    if every == 1 { format!("every {unit}") } else { format!("every {every} {unit}s") }
}

/// The step of a regular list that fills the range: `0, 15, 30, 45` of 60 is 15.
fn step(list: &[u8], range: u8) -> Option<u8> {
    let [first, second, ..] = list else { return None };
    let step = second.checked_sub(*first).filter(|step| *step > 0)?;
    let regular = list.iter().zip(list.iter().skip(1)).all(|(a, b)| b.checked_sub(*a) == Some(step));
    let full = list.last().is_some_and(|last| u16::from(*last) + u16::from(step) >= u16::from(range));
    (regular && full && *first < step && range.is_multiple_of(step)).then_some(step)
}

fn bits(set: u64, from: u8, to: u8) -> Vec<u8> {
    (from..=to).filter(|n| set >> n & 1 == 1).collect()
}

fn is_run(list: &[u8]) -> bool {
    list.iter().zip(list.iter().skip(1)).all(|(a, b)| a.checked_add(1) == Some(*b))
}

fn texts(list: &[u8]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

fn names(list: &[u8], from: &[&str]) -> String {
    let name = |n: u8| from.get(usize::from(n.saturating_sub(1))).copied().unwrap_or_default();
    match (list.first(), list.last()) {
        (Some(&first), Some(&last)) if list.len() > 2 && is_run(list) => {
            format!("{} to {}", name(first), name(last))
        }
        _ => joined(&list.iter().map(|&n| name(n).to_owned()).collect::<Vec<_>>()),
    }
}

fn day_name(day: u8) -> &'static str {
    DAYS.get(usize::from(day.saturating_sub(1))).copied().unwrap_or_default()
}

fn ordinal(n: u8) -> String {
    let end = match (n % 10, n / 10) {
        (_, 1) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{end}")
}

fn joined(list: &[String]) -> String {
    match list {
        [] => String::new(),
        [only] => only.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

fn capital(text: &str) -> String {
    // The words are ours, so their first letter is ASCII.
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
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
