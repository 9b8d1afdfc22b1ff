//! Words for time zones, as IANA names.

use super::words::Words;

/// Abbreviations that mean a zone by themselves. `CET` and `MEZ` are shared by some thirty countries with equal rules;
/// the name is what the tz database links CET to. `EST`, `PST` and the like are taken as the zone that has them: who
/// says EST means New York, also in summer.
const SHORT: &[(&str, &str)] = &[
    ("utc", "UTC"),
    ("gmt", "UTC"),
    ("zulu", "UTC"),
    ("cet", "Europe/Brussels"),
    ("cest", "Europe/Brussels"),
    ("mez", "Europe/Berlin"),
    ("mesz", "Europe/Berlin"),
    ("bst", "Europe/London"),
    ("est", "America/New_York"),
    ("edt", "America/New_York"),
    ("pst", "America/Los_Angeles"),
    ("pdt", "America/Los_Angeles"),
    ("cst", "America/Chicago"),
    ("cdt", "America/Chicago"),
    ("mst", "America/Denver"),
    ("mdt", "America/Denver"),
    ("jst", "Asia/Tokyo"),
    ("aest", "Australia/Sydney"),
    ("sgt", "Asia/Singapore"),
];

/// Places, in front of "time".
const PLACES: &[(&str, &str)] = &[
    ("berlin", "Europe/Berlin"),
    ("german", "Europe/Berlin"),
    ("munich", "Europe/Berlin"),
    ("frankfurt", "Europe/Berlin"),
    ("hamburg", "Europe/Berlin"),
    ("paris", "Europe/Paris"),
    ("french", "Europe/Paris"),
    ("london", "Europe/London"),
    ("uk", "Europe/London"),
    ("british", "Europe/London"),
    ("dublin", "Europe/Dublin"),
    ("madrid", "Europe/Madrid"),
    ("rome", "Europe/Rome"),
    ("milan", "Europe/Rome"),
    ("vienna", "Europe/Vienna"),
    ("zurich", "Europe/Zurich"),
    ("zürich", "Europe/Zurich"),
    ("swiss", "Europe/Zurich"),
    ("amsterdam", "Europe/Amsterdam"),
    ("brussels", "Europe/Brussels"),
    ("stockholm", "Europe/Stockholm"),
    ("oslo", "Europe/Oslo"),
    ("copenhagen", "Europe/Copenhagen"),
    ("helsinki", "Europe/Helsinki"),
    ("warsaw", "Europe/Warsaw"),
    ("prague", "Europe/Prague"),
    ("lisbon", "Europe/Lisbon"),
    ("athens", "Europe/Athens"),
    ("istanbul", "Europe/Istanbul"),
    ("dubai", "Asia/Dubai"),
    ("india", "Asia/Kolkata"),
    ("indian", "Asia/Kolkata"),
    ("mumbai", "Asia/Kolkata"),
    ("bangalore", "Asia/Kolkata"),
    ("singapore", "Asia/Singapore"),
    ("shanghai", "Asia/Shanghai"),
    ("beijing", "Asia/Shanghai"),
    ("hong kong", "Asia/Hong_Kong"),
    ("tokyo", "Asia/Tokyo"),
    ("japan", "Asia/Tokyo"),
    ("seoul", "Asia/Seoul"),
    ("sydney", "Australia/Sydney"),
    ("melbourne", "Australia/Melbourne"),
    ("auckland", "Pacific/Auckland"),
    ("new york", "America/New_York"),
    ("nyc", "America/New_York"),
    ("eastern", "America/New_York"),
    ("boston", "America/New_York"),
    ("toronto", "America/Toronto"),
    ("chicago", "America/Chicago"),
    ("central", "America/Chicago"),
    ("denver", "America/Denver"),
    ("mountain", "America/Denver"),
    ("pacific", "America/Los_Angeles"),
    ("los angeles", "America/Los_Angeles"),
    ("san francisco", "America/Los_Angeles"),
    ("seattle", "America/Los_Angeles"),
    ("são paulo", "America/Sao_Paulo"),
    ("sao paulo", "America/Sao_Paulo"),
    ("mexico city", "America/Mexico_City"),
    ("johannesburg", "Africa/Johannesburg"),
    ("cairo", "Africa/Cairo"),
    ("lagos", "Africa/Lagos"),
    ("nairobi", "Africa/Nairobi"),
];

const AREAS: &[&str] =
    &["africa", "america", "antarctica", "asia", "atlantic", "australia", "europe", "indian", "pacific"];

/// The first time zone that the words name, with its place (words).
pub(crate) fn find(words: &Words<'_>) -> Option<(String, usize, usize)> {
    for (n, word) in words.list.iter().enumerate() {
        if AREAS.contains(&word.text.as_str())
            && let Some(next) = words.list.get(n + 1)
            && words.text.get(word.end..next.start) == Some("/")
        {
            // As it was written: names of zones have capitals.
            let mut last = n + 1;
            while let (Some(end), Some(more)) = (words.list.get(last), words.list.get(last + 1))
                && words.text.get(end.end..more.start).is_some_and(|gap| gap == "/" || gap == "-")
            {
                last += 1;
            }
            let end = words.list.get(last).map_or(next.end, |w| w.end);
            return Some((words.text.get(word.start..end)?.to_owned(), n, last + 1));
        }
        if let Some((_, zone)) = SHORT.iter().find(|(short, _)| *short == word.text) {
            return Some(((*zone).to_owned(), n, n + 1));
        }
        let place = PLACES.iter().find_map(|(place, zone)| {
            let end = words.matches(n, place)?;
            matches!(words.word(end), "time" | "timezone").then_some((zone, end + 1))
        });
        if let Some((zone, end)) = place {
            return Some(((*zone).to_owned(), n, end));
        }
    }
    None
}
