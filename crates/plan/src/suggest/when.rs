//! Words for a schedule, as a Quartz expression (seconds first, Sunday is 1, one of the two day fields is `?`) and as
//! the five fields that people know from Unix.

use super::clock::{Time, day_part, number, past_the_hour, times};
use super::words::Words;
use super::zones;

/// What an intent says about when to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    /// The Quartz expression.
    pub quartz: String,
    /// The same in five fields, for people; `None` if Unix cron cannot say it (the last day of a month).
    pub unix: Option<String>,
    /// The time zone, if the words name one.
    pub timezone: Option<String>,
    /// Whether the words say when; if not, a quiet hour was taken and somebody has to confirm it.
    pub time_said: bool,
    /// Whether the hour could be meant for the afternoon, as in "at 2".
    pub am_or_pm: bool,
    /// Whether runs depend on the time zone. "Every 15 minutes" does not.
    pub zone_matters: bool,
    /// The words, as places in the text (bytes).
    pub span: (usize, usize),
}

/// Whether and when an intent wants runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Nothing is said.
    Nothing,
    /// A schedule.
    At(When),
    /// Something that no cron expression says: "every two weeks", "as soon as it changes". The words.
    Unclear((usize, usize)),
}

/// Quiet hours for words without a time. 03:00 exists once on every day in Europe and North America: clocks change
/// before it.
const NIGHT: u8 = 3;
const MORNING: u8 = 6;
const EVENING: u8 = 18;
const END_OF_DAY: u8 = 23;

const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const DAY_WORDS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
/// Nouns before which "daily" and the like say how fine something is and not when to run.
const GRAINED: &[&str] = &[
    "totals",
    "total",
    "sales",
    "report",
    "reports",
    "summary",
    "summaries",
    "average",
    "averages",
    "revenue",
    "counts",
    "count",
    "consumption",
    "figures",
    "numbers",
    "kpis",
    "budget",
    "aggregates",
    "aggregate",
    "stock",
    "active",
    "standup",
    "view",
];

#[derive(Debug, Clone, PartialEq, Eq)]
enum Every {
    Minutes(u8),
    Hours(u8),
    /// Quarter and half past do not change the days.
    Day {
        default: Option<u8>,
        part: Option<bool>,
    },
    Week(Vec<u8>),
    MonthDay(u8),
    MonthEnd,
    Quarter,
    Year,
    Times(u8),
}

/// Reads an intent.
#[must_use]
pub fn read(text: &str) -> Wanted {
    wanted(&Words::of(text))
}

pub(crate) fn wanted(words: &Words<'_>) -> Wanted {
    let times = times(words);
    let found = periods(words);
    let unclear = unclear(words);
    // A period with a time in its sentence says more than one without; later words correct earlier ones.
    let near = |at: usize| {
        let sentence = words.list.get(at).map(|w| w.sentence);
        times.iter().any(|t| words.list.get(t.from).map(|w| w.sentence) == sentence)
    };
    let rank = |every: &Every, at: usize| {
        let kind = match every {
            Every::Week(_) | Every::MonthDay(_) | Every::MonthEnd => 2,
            Every::Day { default: None, part: None } => 0,
            _ => 1,
        };
        (near(at), kind, at)
    };
    let best = found.iter().max_by_key(|(every, from, _)| rank(every, *from));
    let (every, from, to) = match (best, times.first()) {
        (Some((every, from, to)), _) => (every.clone(), *from, *to),
        (None, Some(first)) if unclear.is_none() => {
            // "We run at 6am and 6pm": a time without a period is every day, if it is said of a run.
            let spoken = words.list.iter().any(|w| {
                const SPOKEN: [&str; 13] = [
                    "run",
                    "runs",
                    "refresh",
                    "refreshed",
                    "load",
                    "loaded",
                    "schedule",
                    "scheduled",
                    "recomputed",
                    "recalculated",
                    "updated",
                    "rebuilt",
                    "reloaded",
                ];
                SPOKEN.contains(&w.text.as_str())
            });
            if !spoken {
                return Wanted::Nothing;
            }
            (Every::Day { default: None, part: None }, first.from, first.to)
        }
        _ => {
            return match unclear {
                Some((from, to)) => Wanted::Unclear(words.quote(from, to)),
                None => Wanted::Nothing,
            };
        }
    };
    if let Some((at, end)) = unclear
        && at >= from
    {
        return Wanted::Unclear(words.quote(at, end));
    }
    let sentence = words.list.get(from).map(|w| w.sentence);
    let here: Vec<Time> = times
        .iter()
        .filter(|t| {
            let own = words.list.get(t.from).map(|w| w.sentence);
            own == sentence || !near(from)
        })
        .copied()
        .collect();
    let zone = zones::find(words);
    let mut ends = vec![(from, to)];
    ends.extend(here.iter().map(|t| (t.from, t.to)));
    ends.extend(zone.iter().map(|(_, from, to)| (*from, *to)));
    let own_sentence = |n: &usize| words.list.get(*n).map(|w| w.sentence) == sentence;
    let first = ends.iter().map(|e| e.0).filter(own_sentence).min().unwrap_or(from);
    let last = ends.iter().filter(|e| own_sentence(&e.0)).map(|e| e.1).max().unwrap_or(to);
    let mut when = build(&every, &here, words);
    when.timezone = zone.map(|(zone, _, _)| zone);
    when.span = words.quote(first, last);
    Wanted::At(when)
}

fn build(every: &Every, times: &[Time], words: &Words<'_>) -> When {
    let daytime = day_part(words);
    let (mut hours, mut minute, mut said, mut vague) = (Vec::new(), 0, !times.is_empty(), false);
    if let Some(first) = times.first() {
        minute = first.minute;
        for time in times.iter().filter(|t| t.minute == minute) {
            let afternoon = time.vague && daytime == Some(true) && time.hour < 12;
            let hour = if afternoon { time.hour + 12 } else { time.hour };
            if !hours.contains(&hour) {
                hours.push(hour);
            }
            vague |= time.vague && daytime.is_none();
        }
        hours = (0..24).filter(|hour| hours.contains(hour)).collect();
    }
    let past = past_the_hour(words);
    let default = match every {
        Every::Day { default: Some(hour), .. } => *hour,
        _ => NIGHT,
    };
    if hours.is_empty() {
        hours.push(default);
        said = matches!(every, Every::Day { default: Some(0 | 12), .. });
    }
    let hour = join(&hours);
    let mut zone_matters = true;
    let (quartz, unix) = match every {
        Every::Minutes(1) => ("0 * * * * ?".to_owned(), Some("* * * * *".to_owned())),
        Every::Minutes(n) => (format!("0 0/{n} * * * ?"), Some(format!("*/{n} * * * *"))),
        Every::Hours(1) => {
            let minute = past.unwrap_or(0);
            (format!("0 {minute} * * * ?"), Some(format!("{minute} * * * *")))
        }
        Every::Hours(n) => {
            let minute = past.unwrap_or(0);
            (format!("0 {minute} 0/{n} * * ?"), Some(format!("{minute} */{n} * * *")))
        }
        Every::Times(n) if said && times.len() == usize::from(*n) => {
            (format!("0 {minute} {hour} * * ?"), Some(format!("{minute} {hour} * * *")))
        }
        Every::Times(n) => {
            said = false;
            let step = 24 / n.clamp(&1, &12);
            (format!("0 0 0/{step} * * ?"), Some(format!("0 */{step} * * *")))
        }
        Every::Day { .. } => (format!("0 {minute} {hour} * * ?"), Some(format!("{minute} {hour} * * *"))),
        Every::Week(days) => {
            let workdays = *days == [1, 2, 3, 4, 5];
            let quartz_days = if workdays {
                "MON-FRI".to_owned()
            } else {
                let names: Vec<String> =
                    days.iter().filter_map(|d| DAYS.get(usize::from(*d))).map(|d| d.to_uppercase()).collect();
                names.join(",")
            };
            let unix_days = if workdays { "1-5".to_owned() } else { join(days) };
            (format!("0 {minute} {hour} ? * {quartz_days}"), Some(format!("{minute} {hour} * * {unix_days}")))
        }
        Every::MonthDay(day) => {
            (format!("0 {minute} {hour} {day} * ?"), Some(format!("{minute} {hour} {day} * *")))
        }
        Every::MonthEnd => (format!("0 {minute} {hour} L * ?"), None),
        Every::Quarter => (format!("0 {minute} {hour} 1 1/3 ?"), Some(format!("{minute} {hour} 1 */3 *"))),
        Every::Year => (format!("0 {minute} {hour} 1 1 ?"), Some(format!("{minute} {hour} 1 1 *"))),
    };
    if matches!(every, Every::Minutes(_) | Every::Hours(1)) {
        (said, vague, zone_matters) = (true, false, false);
    } else if matches!(every, Every::Hours(_)) {
        (said, vague) = (true, false);
    }
    // A period without a day, such as "weekly", leaves the day open as well.
    if matches!(every, Every::Quarter | Every::Year) {
        said = false;
    }
    When { quartz, unix, timezone: None, time_said: said, am_or_pm: vague, zone_matters, span: (0, 0) }
}

fn join(numbers: &[u8]) -> String {
    numbers.iter().map(u8::to_string).collect::<Vec<_>>().join(",")
}

/// The day of a week that a word names: `Mondays`, `Mon`.
fn week_day(word: &str) -> Option<u8> {
    let at = DAY_WORDS
        .iter()
        .position(|d| *d == word || word.strip_suffix('s') == Some(d))
        .or_else(|| DAYS.iter().position(|d| *d == word))?;
    u8::try_from(at).ok()
}

/// `1st`, `15th`, `first`.
fn ordinal(word: &str) -> Option<u8> {
    const WORDS: [&str; 5] = ["first", "second", "third", "fourth", "fifth"];
    if let Some(at) = WORDS.iter().position(|w| *w == word) {
        return u8::try_from(at + 1).ok();
    }
    let digits = word
        .strip_suffix("st")
        .or(word.strip_suffix("nd"))
        .or(word.strip_suffix("rd"))
        .or(word.strip_suffix("th"))?;
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

/// Every period that is named, with its words.
fn periods(words: &Words<'_>) -> Vec<(Every, usize, usize)> {
    let mut all = Vec::new();
    let mut n = 0;
    while n < words.list.len() {
        match period(words, n) {
            Some((every, end)) => {
                all.push((every, n, end));
                n = end.max(n + 1);
            }
            None => n += 1,
        }
    }
    all
}

fn period(words: &Words<'_>, n: usize) -> Option<(Every, usize)> {
    let day = |default: Option<u8>, part: Option<bool>| Every::Day { default, part };
    let (this, next, third) = (words.word(n), words.word(n + 1), words.word(n + 2));
    if words.list.get(n)?.negated {
        return None;
    }
    let grained = GRAINED.contains(&next);
    match this {
        "hourly" if !grained => return Some((Every::Hours(1), n + 1)),
        "daily" if !grained => return Some((day(None, None), n + 1)),
        "nightly" | "overnight" => return Some((day(Some(NIGHT), Some(false)), n + 1)),
        "weekly" if !grained => {
            return match days_from(words, n + 1) {
                Some((days, end)) => Some((Every::Week(days), end)),
                None => Some((Every::Week(vec![1]), n + 1)),
            };
        }
        "monthly" if !grained => {
            let day = (n + 1..n + 5).find_map(|at| ordinal(words.word(at)).map(|d| (d, at + 1)));
            return Some(day.map_or((Every::MonthDay(1), n + 1), |(d, end)| (Every::MonthDay(d), end)));
        }
        "quarterly" if next != "hour" && !grained => return Some((Every::Quarter, n + 1)),
        "yearly" | "annually" if !grained => return Some((Every::Year, n + 1)),
        "working" | "business" if next == "days" => return Some((Every::Week(vec![1, 2, 3, 4, 5]), n + 2)),
        "weekdays" | "workdays" => return Some((Every::Week(vec![1, 2, 3, 4, 5]), n + 1)),
        "weekends" => return Some((Every::Week(vec![0, 6]), n + 1)),
        // "month-end snapshots" are wanted then; "the month-end rate" is a rate.
        "month"
            if next == "end"
                && (third.starts_with("snapshot")
                    || third.starts_with("cop")
                    || third.starts_with("run")
                    || n.checked_sub(1)
                        .is_some_and(|b| matches!(words.word(b), "at" | "every" | "each" | "on"))) =>
        {
            return Some((Every::MonthEnd, n + 2));
        }
        "twice" | "once" => {
            let times = if this == "twice" { 2 } else { 1 };
            let unit = if matches!(next, "a" | "an" | "per" | "every" | "each") { third } else { next };
            let end = n + if unit == third { 3 } else { 2 };
            return match (times, unit) {
                (2, "day" | "daily") => Some((Every::Times(2), end)),
                (2, "hour") => Some((Every::Minutes(30), end)),
                (1, "hour") => Some((Every::Hours(1), end)),
                (1, "day") => Some((day(None, None), end)),
                (1, "week") => Some(
                    days_from(words, end).map_or((Every::Week(vec![1]), end), |(d, e)| (Every::Week(d), e)),
                ),
                (1, "month") => Some((Every::MonthDay(1), end)),
                _ => None,
            };
        }
        "last" if next == "day" && words.matches(n + 2, "of ~ month").is_some() => {
            return Some((Every::MonthEnd, words.matches(n + 2, "of ~ month")?));
        }
        "end" if next == "of" => {
            let end = words.matches(n + 2, "the|each|every month|day")?;
            return Some(match words.word(end - 1) {
                "month" => (Every::MonthEnd, end),
                _ => (day(Some(END_OF_DAY), None), end),
            });
        }
        "every" | "each" => return every(words, n),
        _ => {}
    }
    if let Some(times) = number(this).filter(|t| (2..=12).contains(t))
        && words.matches(n + 1, "times a|per|each|every day").is_some()
    {
        return Some((Every::Times(times), n + 4));
    }
    if let Some(date) = ordinal(this) {
        // "first of the month", "on the 2nd of every month", "on the 15th".
        if let Some(end) = words.matches(n + 1, "of|day ~ month") {
            return Some((Every::MonthDay(date), end));
        }
    }
    // "on Mondays", "Monday to Friday", "Tuesdays, 9:15 pm".
    let before = n.checked_sub(1).map_or("", |b| words.word(b));
    let (days, end) = days_from(words, n)?;
    let plural = this.ends_with('s');
    (plural || days.len() > 1 || matches!(before, "on")).then_some((Every::Week(days), end))
}

fn every(words: &Words<'_>, n: usize) -> Option<(Every, usize)> {
    let (next, third) = (words.word(n + 1), words.word(n + 2));
    let day = |default: Option<u8>, part: Option<bool>| Every::Day { default, part };
    let unit_of = |unit: &str, count: u8| match unit {
        "minute" | "minutes" | "min" | "mins" if count > 0 && 60 % count == 0 && count < 60 => {
            Some(Every::Minutes(count))
        }
        "minute" | "minutes" | "min" | "mins" if count == 60 => Some(Every::Hours(1)),
        "hour" | "hours" | "h" | "hrs" if count > 0 && 24 % count == 0 && count < 24 => {
            Some(Every::Hours(count))
        }
        "hour" | "hours" if count == 24 => Some(day(None, None)),
        _ => None,
    };
    match next {
        "minute" | "min" => Some((Every::Minutes(1), n + 2)),
        "hour" => Some((Every::Hours(1), n + 2)),
        "day" | "day's" => Some((day(None, None), n + 2)),
        "night" => Some((day(Some(NIGHT), Some(false)), n + 2)),
        "morning" => Some((day(Some(MORNING), Some(false)), n + 2)),
        "evening" => Some((day(Some(EVENING), Some(true)), n + 2)),
        "noon" => Some((day(Some(12), None), n + 2)),
        "midnight" => Some((day(Some(0), None), n + 2)),
        "weekday" | "workday" => Some((Every::Week(vec![1, 2, 3, 4, 5]), n + 2)),
        "weekend" => Some((Every::Week(vec![0, 6]), n + 2)),
        "week" => {
            Some(days_from(words, n + 2).map_or((Every::Week(vec![1]), n + 2), |(d, e)| (Every::Week(d), e)))
        }
        "month" => Some((Every::MonthDay(1), n + 2)),
        "half" if matches!(third, "hour") => Some((Every::Minutes(30), n + 3)),
        "quarter" if third == "hour" => Some((Every::Minutes(15), n + 3)),
        _ => {
            if let Some(count) = number(next) {
                return unit_of(third, count).map(|every| (every, n + 3));
            }
            // "every 15min", "every 30m".
            let digits = next.trim_end_matches(|c: char| c.is_ascii_alphabetic());
            if let (Ok(count), Some(unit)) = (digits.parse::<u8>(), next.get(digits.len()..)) {
                let unit = if unit == "m" { "min" } else { unit };
                return unit_of(unit, count).map(|every| (every, n + 2));
            }
            days_from(words, n + 1).map(|(days, end)| (Every::Week(days), end))
        }
    }
}

/// A list or a range of days from `n` on, with or without "on" in front.
fn days_from(words: &Words<'_>, n: usize) -> Option<(Vec<u8>, usize)> {
    let mut at = if matches!(words.word(n), "on" | "every" | "each") { n + 1 } else { n };
    let first = week_day(words.word(at))?;
    let mut days = vec![first];
    at += 1;
    loop {
        let joint = words.word(at);
        let to = week_day(words.word(at + 1));
        match (joint, to) {
            ("to" | "through" | "till" | "until", Some(to)) => {
                let mut day = first;
                while day != to {
                    day = (day + 1) % 7;
                    days.push(day);
                }
                at += 2;
            }
            ("and" | "or", Some(more)) => {
                days.push(more);
                at += 2;
            }
            _ => match week_day(joint) {
                // "Monday, Wednesday and Friday"; "Mon-Fri" comes as two words.
                Some(more) => {
                    let range = words
                        .list
                        .get(at.saturating_sub(1))
                        .zip(words.list.get(at))
                        .is_some_and(|(a, b)| words.text.get(a.end..b.start) == Some("-"));
                    let mut day = first;
                    while range && day != more && days.len() < 7 {
                        day = (day + 1) % 7;
                        days.push(day);
                    }
                    days.push(more);
                    at += 1;
                }
                None => break,
            },
        }
    }
    Some(((0..7).filter(|day| days.contains(day)).collect(), at))
}

/// Wishes that a cron expression cannot say.
fn unclear(words: &Words<'_>) -> Option<(usize, usize)> {
    for phrase in [
        "every two|2|three|3|four|4|other weeks|week|months|month|days",
        "biweekly|fortnightly",
        "as soon as",
        "real time",
        "realtime",
        "whenever ~ arrive*|lands",
        "continuously",
        "on demand ~ event",
    ] {
        if let Some(found) = words.find(phrase) {
            return Some(found);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cron::QuartzCron;

    fn at(text: &str) -> When {
        match read(text) {
            Wanted::At(when) => {
                assert!(QuartzCron::parse(&when.quartz).is_ok(), "{text}: {}", when.quartz);
                when
            }
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn words_to_quartz_and_unix() {
        for (text, quartz, unix) in [
            ("every day at 2", "0 0 2 * * ?", "0 2 * * *"),
            ("hourly", "0 0 * * * ?", "0 * * * *"),
            ("every 15 minutes", "0 0/15 * * * ?", "*/15 * * * *"),
            ("every 15min", "0 0/15 * * * ?", "*/15 * * * *"),
            ("every half hour", "0 0/30 * * * ?", "*/30 * * * *"),
            ("on Mondays", "0 0 3 ? * MON", "0 3 * * 1"),
            ("weekdays at 6:30 am", "0 30 6 ? * MON-FRI", "30 6 * * 1-5"),
            ("Mon-Fri at 18:00", "0 0 18 ? * MON-FRI", "0 18 * * 1-5"),
            ("twice a day", "0 0 0/12 * * ?", "0 */12 * * *"),
            ("first of the month", "0 0 3 1 * ?", "0 3 1 * *"),
            ("nightly", "0 0 3 * * ?", "0 3 * * *"),
            ("each morning", "0 0 6 * * ?", "0 6 * * *"),
            ("every Monday and Thursday at 7pm", "0 0 19 ? * MON,THU", "0 19 * * 1,4"),
            ("monthly on the 15th at 00:10", "0 10 0 15 * ?", "10 0 15 * *"),
            ("every Sunday at noon", "0 0 12 ? * SUN", "0 12 * * 0"),
            ("run it at 6am and 6pm", "0 0 6,18 * * ?", "0 6,18 * * *"),
            ("every 6 hours", "0 0 0/6 * * ?", "0 */6 * * *"),
            ("at 12 am every day", "0 0 0 * * ?", "0 0 * * *"),
            ("at 12 pm every day", "0 0 12 * * ?", "0 12 * * *"),
            ("daily at half past two in the afternoon", "0 30 14 * * ?", "30 14 * * *"),
            ("hourly at quarter past", "0 15 * * * ?", "15 * * * *"),
        ] {
            let when = at(text);
            assert_eq!((when.quartz.as_str(), when.unix.as_deref()), (quartz, Some(unix)), "{text}");
        }
        assert_eq!(at("on the last day of the month at 11pm").quartz, "0 0 23 L * ?");
        assert_eq!(at("on the last day of the month at 11pm").unix, None);
    }

    #[test]
    fn what_is_not_said_is_known_to_be_open() {
        assert!(at("every day at 2").am_or_pm);
        assert!(at("every day at 2").time_said);
        assert!(!at("every day at 2 am").am_or_pm);
        assert!(!at("every night at 2").am_or_pm);
        assert!(!at("daily at 14:00").am_or_pm);
        assert!(!at("daily").time_said);
        assert!(!at("on Mondays").time_said);
        assert!(at("every midnight").time_said);
        assert!(!at("every 15 minutes").zone_matters);
    }

    #[test]
    fn zones() {
        for (text, zone) in [
            ("daily at 5:00 Berlin time", "Europe/Berlin"),
            ("daily at 5:00 CET", "Europe/Brussels"),
            ("daily at 5:00 UTC", "UTC"),
            ("daily at 5 am New York time", "America/New_York"),
            ("daily at 5:00, America/Port-au-Prince", "America/Port-au-Prince"),
            ("daily at 5:00 Europe/Zurich.", "Europe/Zurich"),
        ] {
            assert_eq!(at(text).timezone.as_deref(), Some(zone), "{text}");
        }
        assert_eq!(at("daily at 5:00 for the Berlin team").timezone, None);
    }

    #[test]
    fn no_schedule() {
        for text in [
            "",
            "daily totals per customer",
            "orders per day",
            "not daily",
            "top 5 at 3 stores",
            "customer_daily",
        ] {
            assert_eq!(read(text), Wanted::Nothing, "{text}");
        }
        for text in ["every two weeks", "as soon as it changes"] {
            assert!(matches!(read(text), Wanted::Unclear(_)), "{text}");
        }
    }
}
