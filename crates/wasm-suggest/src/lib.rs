//! The second module of the npm package `genie-handoff`: what suggests plans, reads Genie's SQL, writes files, compares
//! texts of SQL and finds the runs of a schedule.
//!
//! A page that opens a link needs neither, so this is loaded when it is first asked. Values and failures cross as in
//! `crates/wasm`; the same rules hold: no logic here, and the types that cross are twins made by hand, in [`dto`].

pub mod dto;
mod export_functions;
mod review_functions;
#[cfg(test)]
mod typescript;

use std::collections::BTreeMap;

use border::{Json, Thrown};
use genie_sql::{Known, Query};
use handoff::Context;
use plan::suggest::{Options, QueryShape};
use wasm_bindgen::prelude::*;

/// A plan for a context; see [`dto::SuggestedPlan`]. Queries that cannot be read are named and read lightly.
///
/// # Errors
/// `json_invalid`, `context_invalid`, `option_invalid`.
#[wasm_bindgen(js_name = suggestPlan)]
pub fn suggest_plan(context: &str, choices: &str) -> Result<String, JsValue> {
    let choices = dto::SuggestOptions::read(choices)?;
    let context = Context::from_json_str(context).map_err(|error| Thrown::handoff(&error).into_js())?;
    let mut known = Known::default();
    for (table, columns) in context.validated_columns() {
        known = known.table(table, columns);
    }
    let mut unread = Vec::new();
    let queries = context
        .exploration_queries()
        .enumerate()
        .map(|(n, query)| match genie_sql::read(query.query, &known) {
            Ok(query) => shape(&query),
            Err(error) => {
                unread.push((n, error));
                None
            }
        })
        .collect();
    let suggestion = plan::suggest::suggest(
        &context,
        &Options {
            now: choices.now,
            plan_id: choices.plan_id,
            owner: choices.owner,
            time_zone: choices.time_zone,
            warehouse_id: choices.warehouse_id,
            queries,
        },
    );
    let plan = suggestion.plan.to_string();
    Ok(Json::of(&dto::SuggestedPlan::of(suggestion, &plan, &unread)))
}

/// What one query reads and does; `columns` is an object, table to column names, or undefined.
///
/// # Errors
/// `query_*`, `option_invalid`.
#[wasm_bindgen(js_name = readSql)]
pub fn read_sql(sql: &str, columns: JsValue) -> Result<String, JsValue> {
    match genie_sql::read(sql, &known(columns)?) {
        Ok(query) => Ok(Json::of(&dto::QueryReading::of(query))),
        Err(error) => Err(Thrown::at("sql", error.code(), error.to_string(), error.help()).into_js()),
    }
}

/// Column names of tables as the plain object that they are; undefined stands for none.
fn known(columns: JsValue) -> Result<Known, JsValue> {
    let mut known = Known::default();
    if columns.is_undefined() {
        return Ok(known);
    }
    let columns: BTreeMap<String, Vec<String>> = serde_wasm_bindgen::from_value(columns)
        .map_err(|error| Thrown::option("columns", &error.to_string()).into_js())?;
    for (table, columns) in &columns {
        known = known.table(table, columns.iter().map(String::as_str));
    }
    Ok(known)
}

fn shape(query: &Query) -> Option<QueryShape> {
    serde_json::to_value(query).ok().map(|json| QueryShape::from_json(&json))
}
