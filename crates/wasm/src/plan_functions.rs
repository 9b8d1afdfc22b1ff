//! Plans and their SQL.

use border::{Crosses as _, Each, Json, Thrown, plan_finding};
use plan::{ColumnName, Date, Document, Plan, Report, Timestamp};
use sql::{Derivation, RunTime};
use wasm_bindgen::prelude::*;

use crate::dto;
use crate::error::of_sql;

/// `{valid, renderable, hash, issues}`.
///
/// # Errors
/// `plan_not_json`, `plan_too_large`, `plan_repeated_key`.
#[wasm_bindgen(js_name = validatePlan)]
pub fn validate_plan(document: &str) -> Result<String, JsValue> {
    Ok(Json::of(&told(&sql::validate(&parse(document)?))))
}

/// What is wrong with a plan.
pub fn told(report: &Report) -> dto::PlanReport<'_> {
    dto::PlanReport {
        valid: report.valid(),
        renderable: report.plan.is_some(),
        hash: report.hash.as_str(),
        issues: Each(&report.issues, plan_finding),
    }
}

/// The SQL of a plan; see [`dto::RenderedPlan`].
///
/// # Errors
/// `plan_invalid` with all issues, `option_invalid`, and what a renderer may refuse.
#[wasm_bindgen(js_name = renderSql)]
pub fn render_sql(document: &str, choices: &str) -> Result<String, JsValue> {
    let rendered = sql::render(&renderable(document)?, &render_options(choices)?)
        .map_err(|error| of_sql(&error).into_js())?;
    let statements = &rendered.statements;
    Ok(Json::of(&dto::RenderedPlan {
        sql: &rendered.sql,
        statements: dto::PlanStatements {
            load: &statements.load,
            setup: Each(&statements.setup, named),
            checks: Each(&statements.checks, named),
            staging: Each(&statements.staging, named),
            after: Each(&statements.after, named),
            explain: &statements.explain,
        },
        preview_queries: Each(&statements.previews, named),
        lineage: Each(&rendered.lineage, lineage),
        warnings: Each(&rendered.warnings, plan_finding),
        privileges: Each(&rendered.privileges, privilege),
        highlight: Each(&sql::highlight(&rendered.sql), colour),
    }))
}

fn named(statement: &sql::Statement, out: &mut Json) {
    let sql::Statement { name, purpose, sql } = statement;
    dto::NamedStatement { name, purpose, sql }.write(out);
}

fn lineage(column: &sql::ColumnLineage, out: &mut Json) {
    dto::ColumnLineage {
        target_column: &column.target_column,
        source_columns: &column.source_columns,
        derivation: match column.derivation {
            Derivation::Identity => "identity",
            Derivation::Computed(how) => how,
        },
        source_table: &column.source_table,
        target_table: &column.target_table,
    }
    .write(out);
}

fn privilege(privilege: &sql::Privilege, out: &mut Json) {
    dto::RequiredPrivilege {
        privilege: privilege.name,
        on: &privilege.on_name(),
        reason: privilege.reason,
        only_to_create: privilege.only_to_create,
    }
    .write(out);
}

fn colour(span: &sql::Span, out: &mut Json) {
    dto::HighlightSpan { start: span.start, end: span.end, kind: span.kind.as_str() }.write(out);
}

/// A plan in plain words.
///
/// # Errors
/// As [`render_sql`].
#[wasm_bindgen(js_name = explainPlan)]
pub fn explain_plan(document: &str) -> Result<String, JsValue> {
    let rendered = sql::render(&renderable(document)?, &sql::RenderOptions::default())
        .map_err(|error| of_sql(&error).into_js())?;
    Ok(Json::of(&dto::PlanExplanation {
        summary: &rendered.explanation.summary,
        effects: Each(&rendered.explanation.effects, effect),
        notes: &rendered.explanation.notes,
    }))
}

fn effect((effect, text): &(sql::Effect, String), out: &mut Json) {
    dto::PlanEffect { effect: effect.as_str(), destructive: effect.is_destructive(), text }.write(out);
}

/// The differences of two plans.
///
/// # Errors
/// `plan_not_json`, `plan_too_large`, `plan_repeated_key`.
#[wasm_bindgen(js_name = diffPlans)]
pub fn diff_plans(before: &str, after: &str) -> Result<String, JsValue> {
    let (before, after) = (parse(before)?, parse(after)?);
    let loads = (load(&before), load(&after));
    let sql = match &loads {
        (Some(before), Some(after)) if body(before) != body(after) => Some(dto::SqlPair { before, after }),
        _ => None,
    };
    Ok(Json::of(&dto::PlanDiff { changes: Each(&plan::diff(&before, &after), change), sql }))
}

fn change(change: &plan::Change, out: &mut Json) {
    dto::PlanChange {
        kind: change.kind.as_str(),
        path: &change.path,
        before: change.before.as_ref(),
        after: change.after.as_ref(),
        words: &change.words,
        changes_load: change.changes_load,
    }
    .write(out);
}

fn load(document: &Document) -> Option<String> {
    sql::render_load(&sql::validate(document).plan?, &sql::RenderOptions::default()).ok()
}

/// A load without its header: version and hash differ between any two plans.
fn body(load: &str) -> &str {
    let mut rest = load;
    while let Some((_, next)) = rest.strip_prefix("--").and_then(|line| line.split_once('\n')) {
        rest = next;
    }
    rest
}

/// A plan as JSON.
pub fn parse(document: &str) -> Result<Document, JsValue> {
    plan::parse_document(document).map_err(|error| Thrown::plan(&error).into_js())
}

pub fn renderable(document: &str) -> Result<Plan, JsValue> {
    let report = sql::validate(&parse(document)?);
    report.plan.ok_or_else(|| Thrown::plan(&plan::PlanError::Invalid(report.issues)).into_js())
}

pub fn render_options(choices: &str) -> Result<sql::RenderOptions, JsValue> {
    let refuse = |option, message| Err(Thrown::option(option, message).into_js());
    let choices = dto::RenderOptions::read(choices)?;
    let run_time = match choices.run_time.as_deref() {
        None => RunTime::Statement,
        Some("parameter") => RunTime::Parameter,
        Some(text) => match Timestamp::parse(text) {
            Some(time) => RunTime::At(time),
            None => return refuse("runTime", "the run time is no RFC 3339 time"),
        },
    };
    let snapshot_date = match choices.snapshot_date.as_deref() {
        None => None,
        Some(text) => match Date::parse(text) {
            Some(date) => Some(date),
            None => return refuse("snapshotDate", "the snapshot date is no YYYY-MM-DD"),
        },
    };
    let (typed, types) = choices.column_types;
    let column_types = columns(&typed, "columnTypes")?.into_iter().zip(types).collect();
    let target_columns = match choices.target_columns {
        None => None,
        Some(names) => Some(columns(&names, "targetColumns")?),
    };
    Ok(sql::RenderOptions {
        run_time,
        snapshot_date,
        genie_session: choices.genie_session,
        target_columns,
        column_types,
        runtime: sql::Runtime {
            cluster_by: choices.cluster_by,
            replace_where_by_name: choices.replace_where_by_name,
        },
    })
}

#[inline(never)]
fn columns(names: &[String], option: &str) -> Result<Vec<ColumnName>, JsValue> {
    let mut columns = Vec::with_capacity(names.len());
    for name in names {
        match ColumnName::parse(name) {
            Ok(column) => columns.push(column),
            Err(error) => return Err(Thrown::option(option, &error.message()).into_js()),
        }
    }
    Ok(columns)
}
