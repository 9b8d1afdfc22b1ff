//! What a page asks for while somebody types: the load alone, what changed in it, and when it would run.

use border::{Thrown, answer};
use js_sys::Function;
use plan::{QuartzCron, RunNote};
use wasm_bindgen::prelude::*;

use crate::dto;
use crate::error::of_sql;
use crate::plan_functions::{render_options, renderable};

/// The load of a plan with its colours, and nothing else: cheap enough for each key stroke.
///
/// # Errors
/// As [`crate::plan_functions::render_sql`].
#[wasm_bindgen(js_name = renderLoad)]
pub fn render_load(document: &str, choices: &str) -> Result<String, JsValue> {
    let sql = sql::render_load(&renderable(document)?, &render_options(choices)?)
        .map_err(|error| of_sql(&error).into_js())?;
    answer(&dto::RenderedLoad { highlight: spans(&sql), sql })
}

/// The colours of any SQL text.
///
/// # Errors
/// None.
#[wasm_bindgen(js_name = highlightSql)]
pub fn highlight_sql(sql: &str) -> Result<String, JsValue> {
    answer(&spans(sql))
}

/// The lines of two texts of SQL, without the comment above them.
///
/// # Errors
/// None.
#[wasm_bindgen(js_name = compareSql)]
pub fn compare_sql(before: &str, after: &str) -> Result<String, JsValue> {
    let lines: Vec<_> = sql::diff_sql(before, after)
        .into_iter()
        .map(|line| dto::SqlLine { kind: line.kind.as_str(), text: line.text })
        .collect();
    answer(&lines)
}

/// A Quartz expression in words with its next runs. `after` is in seconds since 1970, `offset_at` gives the seconds
/// east of UTC at such an instant.
///
/// # Errors
/// `cron_invalid`.
#[wasm_bindgen(js_name = describeSchedule)]
pub fn describe_schedule(
    cron: &str,
    after: f64,
    count: u32,
    offset_at: &Function,
) -> Result<String, JsValue> {
    let cron = QuartzCron::parse(cron).map_err(|error| {
        Thrown::at(
            "cron",
            "cron_invalid",
            &error,
            "A Quartz expression has seconds first and one `?`: 0 0 6 * * ? is every day at 06:00.",
        )
        .into_js()
    })?;
    // A function that throws or gives no number counts as UTC; the package's own does neither.
    let offset = |at: i64| {
        let offset = offset_at.call1(&JsValue::NULL, &JsValue::from_f64(seconds(at))).ok();
        offset.and_then(|offset| offset.as_f64()).map_or(0, whole_offset)
    };
    let runs =
        plan::next_runs(&cron, offset, whole_seconds(after), usize::try_from(count).unwrap_or_default());
    answer(&dto::ScheduleDescription {
        words: plan::schedule_words(&cron),
        runs: runs
            .iter()
            .map(|run| dto::ScheduledRun {
                at: seconds(run.at),
                local: run.to_rfc3339(),
                note: match run.note {
                    RunNote::Regular => "regular",
                    RunNote::Moved => "moved",
                    RunNote::Repeated => "repeated",
                },
            })
            .collect(),
    })
}

pub fn spans(sql: &str) -> Vec<dto::HighlightSpan> {
    sql::highlight(sql)
        .iter()
        .map(|span| dto::HighlightSpan { start: span.start, end: span.end, kind: span.kind.as_str() })
        .collect()
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
