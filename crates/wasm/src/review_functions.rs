//! What a page asks for while somebody types: a plan's findings, its load, and the colours of it.

use border::Json;
use wasm_bindgen::prelude::*;

use crate::dto;
use crate::error::of_sql;
use crate::plan_functions::{parse, render_options, renderable, told};

/// All that a page needs after a key stroke, with one reading of the plan: `{report, sql?}`. Without `sql` either
/// the plan is not renderable, or [`render_load`] says why there is none.
///
/// # Errors
/// As [`crate::plan_functions::validate_plan`], and `option_invalid`.
#[wasm_bindgen(js_name = checkPlan)]
pub fn check_plan(document: &str, choices: &str) -> Result<String, JsValue> {
    let options = render_options(choices)?;
    let report = sql::validate(&parse(document)?);
    let sql = report.plan.as_ref().and_then(|plan| sql::render_load(plan, &options).ok());
    Ok(Json::of(&dto::CheckedPlan { report: told(&report), sql: sql.as_deref() }))
}

/// The load of a plan, as it is.
///
/// # Errors
/// As [`crate::plan_functions::render_sql`].
#[wasm_bindgen(js_name = renderLoad)]
pub fn render_load(document: &str, choices: &str) -> Result<String, JsValue> {
    sql::render_load(&renderable(document)?, &render_options(choices)?)
        .map_err(|error| of_sql(&error).into_js())
}

/// The colours of any SQL text: start, end and kind in turn. Numbers, because thousands of small objects cost more to
/// write and to read than to find. The kinds are counted as in `kinds` of `pkg/src/plans.ts`.
#[wasm_bindgen(js_name = highlightSql)]
#[must_use]
pub fn highlight_sql(sql: &str) -> Vec<u32> {
    let number = |at| u32::try_from(at).unwrap_or(u32::MAX);
    sql::highlight(sql)
        .iter()
        .flat_map(|span| [number(span.start), number(span.end), span.kind as u32])
        .collect()
}
