//! Times of day in words and digits.

use super::words::Words;

const NUMBERS: [&str; 13] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
];

/// A time of day, and the words that say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Time {
    pub hour: u8,
    pub minute: u8,
    /// A bare hour below twelve.
    pub vague: bool,
    pub from: usize,
    pub to: usize,
}

/// `Some(true)` for the afternoon and evening, `Some(false)` for the night and morning.
pub(super) fn day_part(words: &Words<'_>) -> Option<bool> {
    words.list.iter().find_map(|w| match w.text.as_str() {
        "morning" | "mornings" | "night" | "nightly" | "overnight" => Some(false),
        "afternoon" | "evening" | "evenings" | "tonight" => Some(true),
        _ => None,
    })
}

/// "at quarter past", "quarter to the hour".
pub(super) fn past_the_hour(words: &Words<'_>) -> Option<u8> {
    for (phrase, minute) in
        [("quarter past", 15), ("half past", 30), ("quarter to", 45), ("on the half hour", 30)]
    {
        if words.find(phrase).is_some() {
            return Some(minute);
        }
    }
    // "5 past every hour", "20 minutes past the hour".
    (0..words.list.len()).find_map(|n| {
        let end =
            words.matches(n + 1, "past ~ hour").or_else(|| words.matches(n + 1, "minutes past ~ hour"))?;
        number(words.word(n)).filter(|minute| *minute < 60 && end > n)
    })
}

/// A small number in digits or as a word.
pub(super) fn number(text: &str) -> Option<u8> {
    match text.parse::<u8>() {
        Ok(n) => Some(n),
        Err(_) => NUMBERS.iter().position(|w| *w == text).and_then(|n| u8::try_from(n).ok()),
    }
}

/// `6:30`, `6:30am`, `6am`, `18h`.
fn clock(text: &str) -> Option<(u8, u8, Option<bool>, bool)> {
    let (text, half) = match text {
        t if t.ends_with("am") => (t.strip_suffix("am")?, Some(false)),
        t if t.ends_with("pm") => (t.strip_suffix("pm")?, Some(true)),
        t => (t, None),
    };
    let (text, hours) = text.strip_suffix('h').map_or((text, false), |t| (t, true));
    let (hour, minute, colon) = match text.split_once(':') {
        Some((hour, minute)) if minute.len() == 2 => (hour, minute.parse().ok()?, true),
        Some(_) => return None,
        None => (text, 0, hours),
    };
    if hour.is_empty() || hour.len() > 2 || !hour.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let hour: u8 = hour.parse().ok()?;
    (hour < 24 && minute < 60).then_some((hour, minute, half, colon))
}

fn in_half(hour: u8, afternoon: bool) -> u8 {
    match (hour, afternoon) {
        (12, false) => 0,
        (12, true) => 12,
        (h, true) if h < 12 => h + 12,
        (h, _) => h,
    }
}

pub(super) fn times(words: &Words<'_>) -> Vec<Time> {
    let mut all: Vec<Time> = Vec::new();
    let mut skip = 0;
    for n in 0..words.list.len() {
        if n < skip {
            continue;
        }
        let (this, next) = (words.word(n), words.word(n + 1));
        let before = n.checked_sub(1).map_or("", |b| words.word(b));
        let time = |hour, minute, vague, to| Some(Time { hour, minute, vague, from: n, to });
        let found = match this {
            "noon" | "midday" => time(12, 0, false, n + 1),
            "midnight" => time(0, 0, false, n + 1),
            "half" | "quarter" if next == "past" || next == "to" => {
                number(words.word(n + 2)).filter(|h| (1..=12).contains(h)).and_then(|hour| {
                    let minute = if this == "half" { 30 } else { 15 };
                    let (hour, minute) =
                        if next == "to" { ((hour + 23) % 24, 60 - minute) } else { (hour, minute) };
                    time(hour, minute, true, n + 3)
                })
            }
            _ => match clock(this) {
                Some((hour, minute, Some(half), _)) if (1..=12).contains(&hour) => {
                    time(in_half(hour, half), minute, false, n + 1)
                }
                Some((hour, minute, None, colon)) => {
                    let half = match next {
                        "am" | "a.m" => Some(false),
                        "pm" | "p.m" => Some(true),
                        _ => None,
                    };
                    // "8 in the evening".
                    let part = (next == "in" && words.word(n + 2) == "the")
                        .then(|| match words.word(n + 3) {
                            "morning" => Some(false),
                            "afternoon" | "evening" => Some(true),
                            _ => None,
                        })
                        .flatten();
                    match (half, part) {
                        (Some(half), _) if (1..=12).contains(&hour) => {
                            time(in_half(hour, half), minute, false, n + 2)
                        }
                        (_, Some(half)) => time(in_half(hour, half), minute, false, n + 4),
                        _ if colon => time(hour, minute, false, n + 1),
                        // A bare number is a time behind "at", or with "o'clock".
                        _ if (matches!(before, "at" | "around") && !matches!(next, "least" | "most"))
                            || next == "o'clock" =>
                        {
                            time(hour, 0, (1..12).contains(&hour), n + 1)
                        }
                        // "at 6 and 18".
                        _ if matches!(before, "and" | "or") && all.last().is_some_and(|t| t.to + 1 == n) => {
                            time(hour, 0, (1..12).contains(&hour), n + 1)
                        }
                        _ => None,
                    }
                }
                _ => None,
            },
        };
        if let Some(time) = found {
            skip = time.to;
            all.push(time);
        }
    }
    all
}
