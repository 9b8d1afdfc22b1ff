//! Plans and their SQL.

use border::{Thrown, answer, plan_finding};
use plan::{ColumnName, Date, Document, Plan, Timestamp};
use sql::{Derivation, RunTime};
use wasm_bindgen::prelude::*;

use crate::dto;
use crate::error::of_sql;
use crate::review_functions::spans;

/// `{valid, renderable, hash, issues}`.
///
/// # Errors
/// `plan_not_json`, `plan_too_large`, `plan_repeated_key`.
#[wasm_bindgen(js_name = validatePlan)]
pub fn validate_plan(document: &str) -> Result<String, JsValue> {
    answer(&validated(document)?.0)
}

/// What is wrong with a plan, and the plan if it can be rendered.
pub fn validated(document: &str) -> Result<(dto::PlanReport, Option<Plan>), JsValue> {
    let report = sql::validate(&parse(document)?);
    let told = dto::PlanReport {
        valid: report.valid(),
        renderable: report.plan.is_some(),
        hash: report.hash.as_str().to_owned(),
        issues: report.issues.iter().map(plan_finding).collect(),
    };
    Ok((told, report.plan))
}

/// The SQL of a plan; see [`dto::RenderedPlan`].
///
/// # Errors
/// `plan_invalid` with all issues, `option_invalid`, and what a renderer may refuse.
#[wasm_bindgen(js_name = renderSql)]
pub fn render_sql(document: &str, choices: &str) -> Result<String, JsValue> {
    let rendered = sql::render(&renderable(document)?, &render_options(choices)?)
        .map_err(|error| of_sql(&error).into_js())?;
    let statements = rendered.statements;
    answer(&dto::RenderedPlan {
        highlight: spans(&rendered.sql),
        sql: rendered.sql,
        statements: dto::PlanStatements {
            load: statements.load,
            setup: named(statements.setup),
            checks: named(statements.checks),
            staging: named(statements.staging),
            after: named(statements.after),
            explain: statements.explain,
        },
        preview_queries: named(statements.previews),
        lineage: rendered
            .lineage
            .into_iter()
            .map(|column| dto::ColumnLineage {
                target_column: column.target_column,
                source_columns: column.source_columns,
                derivation: match column.derivation {
                    Derivation::Identity => "identity".to_owned(),
                    Derivation::Computed(how) => how.to_owned(),
                },
                source_table: column.source_table,
                target_table: column.target_table,
            })
            .collect(),
        warnings: rendered.warnings.iter().map(plan_finding).collect(),
        privileges: rendered
            .privileges
            .iter()
            .map(|privilege| dto::RequiredPrivilege {
                privilege: privilege.name,
                on: privilege.on_name(),
                reason: privilege.reason,
                only_to_create: privilege.only_to_create,
            })
            .collect(),
    })
}

/// A plan in plain words.
///
/// # Errors
/// As [`render_sql`].
#[wasm_bindgen(js_name = explainPlan)]
pub fn explain_plan(document: &str) -> Result<String, JsValue> {
    let rendered = sql::render(&renderable(document)?, &sql::RenderOptions::default())
        .map_err(|error| of_sql(&error).into_js())?;
    answer(&dto::PlanExplanation {
        summary: rendered.explanation.summary,
        effects: rendered
            .explanation
            .effects
            .into_iter()
            .map(|(effect, text)| dto::PlanEffect {
                effect: effect.as_str(),
                destructive: effect.is_destructive(),
                text,
            })
            .collect(),
        notes: rendered.explanation.notes,
    })
}

/// The differences of two plans.
///
/// # Errors
/// `plan_not_json`, `plan_too_large`, `plan_repeated_key`.
#[wasm_bindgen(js_name = diffPlans)]
pub fn diff_plans(before: &str, after: &str) -> Result<String, JsValue> {
    let (before, after) = (parse(before)?, parse(after)?);
    let changes = plan::diff(&before, &after)
        .into_iter()
        .map(|change| dto::PlanChange {
            kind: change.kind.as_str(),
            path: change.path,
            before: change.before.as_ref().map(json),
            after: change.after.as_ref().map(json),
            words: change.words,
            changes_load: change.changes_load,
        })
        .collect();
    let sql = match (load(&before), load(&after)) {
        (Some(before), Some(after)) if body(&before) != body(&after) => Some(dto::SqlPair { before, after }),
        _ => None,
    };
    answer(&dto::PlanDiff { changes, sql })
}

/// A value of a document as it is put into an answer.
fn json(value: &Document) -> serde_json::Value {
    serde_json::from_str(&value.to_json()).unwrap_or_default()
}

fn load(document: &Document) -> Option<String> {
    sql::render_load(&sql::validate(document).plan?, &sql::RenderOptions::default()).ok()
}

/// A load without its header: version and hash differ between any two plans.
fn body(load: &str) -> Vec<&str> {
    load.lines().skip_while(|line| line.starts_with("--")).collect()
}

fn named(statements: Vec<sql::Statement>) -> Vec<dto::NamedStatement> {
    statements
        .into_iter()
        .map(|statement| dto::NamedStatement {
            name: statement.name,
            purpose: statement.purpose,
            sql: statement.sql,
        })
        .collect()
}

fn parse(document: &str) -> Result<Document, JsValue> {
    plan::parse_document(document).map_err(|error| Thrown::plan(&error).into_js())
}

pub fn renderable(document: &str) -> Result<Plan, JsValue> {
    let report = sql::validate(&parse(document)?);
    report.plan.ok_or_else(|| Thrown::plan(&plan::PlanError::Invalid(report.issues)).into_js())
}

pub fn render_options(choices: &str) -> Result<sql::RenderOptions, JsValue> {
    let choices = dto::RenderOptions::read(choices)?;
    let run_time = match choices.run_time.as_deref() {
        None => RunTime::Statement,
        Some("parameter") => RunTime::Parameter,
        Some(text) => match Timestamp::parse(text) {
            Some(time) => RunTime::At(time),
            None => return Err(Thrown::option("runTime", "the run time is no RFC 3339 time").into_js()),
        },
    };
    let snapshot_date = match choices.snapshot_date.as_deref() {
        None => None,
        Some(text) => match Date::parse(text) {
            Some(date) => Some(date),
            None => {
                return Err(Thrown::option("snapshotDate", "the snapshot date is no YYYY-MM-DD").into_js());
            }
        },
    };
    let column = |name: &str, option: &'static str| {
        ColumnName::parse(name).map_err(|error| Thrown::option(option, &error.to_string()).into_js())
    };
    let target_columns = match &choices.target_columns {
        None => None,
        Some(names) => {
            Some(names.iter().map(|name| column(name, "targetColumns")).collect::<Result<_, _>>()?)
        }
    };
    let mut column_types = Vec::new();
    for (name, kind) in choices.column_types {
        column_types.push((column(&name, "columnTypes")?, kind));
    }
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
