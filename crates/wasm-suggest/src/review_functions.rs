//! What a review shows beside the SQL: which lines of it changed, and when it would run.

use border::{Crosses as _, Each, Json, Thrown};
use plan::{QuartzCron, Run, RunNote};
use wasm_bindgen::prelude::*;

use crate::dto;

/// How the lines of two texts of SQL compare, without the comment above them. First how many lines each comment has, then
/// runs of lines: the kind (0 the same, 1 removed, 2 added) and how many.
#[wasm_bindgen(js_name = compareSql)]
#[must_use]
pub fn compare_sql(before: &str, after: &str) -> Vec<u32> {
    let head = |text: &str| text.lines().take_while(|line| line.starts_with("--")).count();
    let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
    let mut numbers = vec![number(head(before)), number(head(after))];
    for run in sql::diff_sql(before, after).chunk_by(|a, b| a.kind == b.kind) {
        let kind = run.first().map_or(0, |line| line.kind as u32);
        numbers.extend([kind, number(run.len())]);
    }
    numbers
}

#[wasm_bindgen]
extern "C" {
    /// A time zone: an object of the page, which knows the rules of all zones.
    pub type Zone;

    /// Seconds east of UTC at an instant in seconds since 1970.
    #[wasm_bindgen(method, js_name = offsetAt)]
    fn offset_at(this: &Zone, at: f64) -> f64;
}

/// A Quartz expression in words with its next runs. `after` is in seconds since 1970.
///
/// # Errors
/// `cron_invalid`.
#[wasm_bindgen(js_name = describeSchedule)]
pub fn describe_schedule(cron: &str, after: f64, count: u32, zone: &Zone) -> Result<String, JsValue> {
    let cron = QuartzCron::parse(cron).map_err(|error| {
        Thrown::at(
            "cron",
            "cron_invalid",
            error.message(),
            "A Quartz expression has seconds first and one `?`: 0 0 6 * * ? is every day at 06:00.",
        )
        .into_js()
    })?;
    let offset = |at: i64| whole_offset(zone.offset_at(seconds(at)));
    let runs =
        plan::next_runs(&cron, offset, whole_seconds(after), usize::try_from(count).unwrap_or_default());
    Ok(Json::of(&dto::ScheduleDescription { words: &plan::schedule_words(&cron), runs: Each(&runs, run) }))
}

fn run(run: &Run, out: &mut Json) {
    dto::ScheduledRun {
        at: run.at,
        local: &run.to_rfc3339(),
        note: match run.note {
            RunNote::Regular => "regular",
            RunNote::Moved => "moved",
            RunNote::Repeated => "repeated",
        },
    }
    .write(out);
}

/// Exact: times are far below 2^53.
#[allow(clippy::cast_precision_loss)]
fn seconds(at: i64) -> f64 {
    at as f64
}

/// A cast from a float saturates and never panics.
#[allow(clippy::cast_possible_truncation)]
fn whole_seconds(at: f64) -> i64 {
    at.clamp(0.0, 253_402_300_799.0) as i64
}

#[allow(clippy::cast_possible_truncation)]
fn whole_offset(offset: f64) -> i32 {
    offset.clamp(-86_400.0, 86_400.0) as i32
}
