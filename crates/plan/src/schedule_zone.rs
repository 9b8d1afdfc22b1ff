//! Next runs in a zone of the bundled tz database. Feature `tzdb`: native code and tests, never the browser.

use jiff::tz::TimeZone;

use crate::cron::QuartzCron;
use crate::schedule_runs::{Run, next_runs};

/// The next runs in an IANA time zone; `None` if there is no such zone. See [`next_runs`].
#[must_use]
pub fn next_runs_in(cron: &QuartzCron, zone: &str, after: i64, count: usize) -> Option<Vec<Run>> {
    let zone = TimeZone::get(zone).ok()?;
    let offset_at =
        |at: i64| jiff::Timestamp::from_second(at).map_or(0, |instant| zone.to_offset(instant).seconds());
    Some(next_runs(cron, offset_at, after, count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule_runs::RunNote;

    fn runs(cron: &str, zone: &str, after: &str, count: usize) -> Vec<(String, RunNote)> {
        let after: jiff::Timestamp = after.parse().unwrap();
        let cron = QuartzCron::parse(cron).unwrap();
        let runs = next_runs_in(&cron, zone, after.as_second(), count).unwrap();
        runs.iter().map(|r| (r.to_rfc3339(), r.note)).collect()
    }

    #[track_caller]
    fn check(found: &[(String, RunNote)], expected: &[(&str, RunNote)]) {
        let expected: Vec<(String, RunNote)> = expected.iter().map(|(t, n)| ((*t).to_owned(), *n)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_time_in_the_gap_moves_forward() {
        use RunNote::{Moved, Regular};
        check(
            &runs("0 30 2 * * ?", "Europe/Berlin", "2026-03-28T00:00:00Z", 3),
            &[
                ("2026-03-28T02:30:00+01:00", Regular),
                ("2026-03-29T03:30:00+02:00", Moved),
                ("2026-03-30T02:30:00+02:00", Regular),
            ],
        );
        // Half an hour on an island in Australia, and a midnight that does not exist in Lebanon.
        check(
            &runs("0 15 2 ? * SUN", "Australia/Lord_Howe", "2026-10-01T00:00:00Z", 1),
            &[("2026-10-04T02:45:00+11:00", Moved)],
        );
        check(
            &runs("0 0 0 * * ?", "Asia/Beirut", "2026-03-28T12:00:00Z", 1),
            &[("2026-03-29T01:00:00+03:00", Moved)],
        );
    }

    #[test]
    fn a_time_that_comes_twice_runs_once() {
        use RunNote::{Regular, Repeated};
        check(
            &runs("0 30 1 * * ?", "America/New_York", "2026-10-31T12:00:00Z", 2),
            &[("2026-11-01T01:30:00-05:00", Repeated), ("2026-11-02T01:30:00-05:00", Regular)],
        );
        check(
            &runs("0 30 2 * * ?", "Europe/Berlin", "2026-10-24T12:00:00Z", 1),
            &[("2026-10-25T02:30:00+01:00", Repeated)],
        );
    }

    #[test]
    fn three_o_clock_is_plain_all_year() {
        // The quiet hour that a suggestion fills in.
        for zone in
            ["Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles", "Asia/Tokyo"]
        {
            let runs = runs("0 0 3 * * ?", zone, "2026-01-01T00:00:00Z", 400);
            assert!(
                runs.iter().all(|(text, note)| *note == RunNote::Regular && text.contains("T03:00:00")),
                "{zone}"
            );
        }
    }

    #[test]
    fn hourly_over_both_changes() {
        let spring = runs("0 0 * * * ?", "Europe/Berlin", "2026-03-28T23:30:00Z", 4);
        let hours: Vec<&str> = spring.iter().filter_map(|(t, _)| t.get(11..)).collect();
        assert_eq!(hours, ["01:00:00+01:00", "03:00:00+02:00", "04:00:00+02:00", "05:00:00+02:00"]);
        assert!(spring.iter().all(|(_, note)| *note == RunNote::Regular));
        let autumn = runs("0 0 * * * ?", "Europe/Berlin", "2026-10-24T23:30:00Z", 3);
        let hours: Vec<&str> = autumn.iter().filter_map(|(t, _)| t.get(11..)).collect();
        assert_eq!(hours, ["02:00:00+01:00", "03:00:00+01:00", "04:00:00+01:00"]);
    }

    #[test]
    fn unknown_zones_are_no_utc() {
        let cron = QuartzCron::parse("0 0 3 * * ?").unwrap();
        assert_eq!(next_runs_in(&cron, "Mars/Olympus", 0, 1), None);
    }
}
