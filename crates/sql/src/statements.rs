//! The statements of a plan beside its load, and how they are put together.

use plan::{AsDocument, Document, Issue, Pattern, Plan, Severity, TableName};

use crate::build::Build;
use crate::error::SqlError;
use crate::explain::{self, Explanation};
use crate::guard::{self, Shape};
use crate::lineage::{self, ColumnLineage};
use crate::options::{RenderOptions, RunTime};
use crate::patterns::{self, COUNT_INPUT, Query, Recipe, STAGING};
use crate::predicate::Predicate;
use crate::privileges::{self, Privilege};
use crate::template::{Part, Parts};
use crate::text::{Literal, Sql};

/// A statement with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// A stable name for programs, such as `source_not_empty`.
    pub name: &'static str,
    /// What it is for, one sentence.
    pub purpose: &'static str,
    /// The text: one statement, without a semicolon.
    pub sql: String,
}

/// A read-only query that tells what a run would do. It gives one row; its columns have speaking names.
pub type Preview = Statement;

/// Everything that can be run for a plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Statements {
    /// The load: one statement, one commit to the target.
    pub load: String,
    /// Run once, before the first load: creates a target that does not exist yet, and nothing else.
    pub setup: Vec<Statement>,
    /// Run before each load: each fails with its reason if the load should not go on.
    pub checks: Vec<Statement>,
    /// For `refresh_mode` staging: build the new content beside the target, look at it, publish it. In place of the
    /// load, for whoever wants to look.
    pub staging: Vec<Statement>,
    /// Run after the load, if anything is left to do.
    pub after: Vec<Statement>,
    /// What a run would do.
    pub previews: Vec<Preview>,
    /// The load behind EXPLAIN.
    pub explain: String,
}

/// A rendered plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The load, the same as in `statements`.
    pub sql: String,
    /// Everything that can be run.
    pub statements: Statements,
    /// Where each target column comes from.
    pub lineage: Vec<ColumnLineage>,
    /// What a person should know before a run.
    pub warnings: Vec<Issue>,
    /// What the account that runs the load must be allowed to do.
    pub privileges: Vec<Privilege>,
    /// What a run does, in plain words.
    pub explanation: Explanation,
}

const FILTER: &str = "/source/filter";
const FILTER_CONDITION: &str = "/pattern_config/filter_condition";

/// Reads a document and checks it as [`plan::validate`] does, and its predicates too.
#[must_use]
pub fn validate(document: &impl AsDocument) -> plan::Report {
    validate_document(&document.as_document())
}

fn validate_document(document: &Document) -> plan::Report {
    let mut report = plan::validate(document);
    for (part, key, path) in
        [("source", "filter", FILTER), ("pattern_config", "filter_condition", FILTER_CONDITION)]
    {
        let part = document.as_object().and_then(|document| document.get(part)?.as_object());
        let text = part.and_then(|part| part.get(key)?.as_str());
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            read_predicate(text, path, &mut report.issues);
        }
    }
    if report.issues.iter().any(|i| i.blocks == plan::Blocks::Rendering) {
        report.plan = None;
    }
    report
}

fn issue(severity: Severity, code: &'static str, path: &str, message: String, help: &str) -> Issue {
    let blocks = match severity {
        Severity::Error => plan::Blocks::Rendering,
        Severity::Warning => plan::Blocks::Nothing,
    };
    Issue { severity, code, path: path.to_owned(), message, help: help.to_owned(), blocks }
}

fn read_predicate(text: &str, path: &str, issues: &mut Vec<Issue>) -> Option<Predicate> {
    match Predicate::parse(text) {
        Ok(predicate) => {
            for (is_so, words) in [
                (predicate.uses_clock(), &FILTER_CLOCK),
                (predicate.had_doubled_quote(), &FILTER_DOUBLED_QUOTE),
            ] {
                if is_so {
                    issues.push(Issue { path: path.to_owned(), ..warning(words) });
                }
            }
            Some(predicate)
        }
        Err(error) => {
            issues.push(issue(Severity::Error, error.code(), path, error.message(), error.help()));
            None
        }
    }
}

fn build<'a>(plan: &'a Plan, options: &'a RenderOptions) -> Result<(Build<'a>, Vec<Issue>), SqlError> {
    let mut issues = Vec::new();
    let mut predicates = Vec::new();
    let condition = match &plan.pattern {
        Pattern::FullReplace(pattern) => &pattern.filter_condition,
        _ => &None,
    };
    for (text, path) in [(&plan.source.filter, FILTER), (condition, FILTER_CONDITION)] {
        if let Some(text) = text
            && let Some(predicate) = read_predicate(text, path, &mut issues)
        {
            predicates.push(predicate);
        }
    }
    if issues.iter().any(|i| i.severity == Severity::Error) {
        return Err(SqlError::InvalidPlan(issues));
    }
    Ok((Build::new(plan, options, predicates)?, issues))
}

/// Writes the load of a plan and nothing else: what [`render`] gives as `sql`, at a fraction of the work.
///
/// # Errors
/// A predicate that is none, a run time without an offset, or a refusal by the final check.
pub fn render_load(plan: &Plan, options: &RenderOptions) -> Result<String, SqlError> {
    let (build, _) = build(plan, options)?;
    load(&build, &patterns::of(&build))
}

fn load(build: &Build<'_>, recipe: &Recipe<'_>) -> Result<String, SqlError> {
    let mut sql = build.sql();
    header(build, &mut sql);
    recipe.parts.write(&mut sql, recipe.load, 0);
    let text = sql.finish();
    guard::check(&text, recipe.shape, build.target(), &[build.source()])?;
    Ok(text)
}

/// The comment above the load. A first line that says `Databricks notebook source` would turn a workspace file into
/// a notebook, so the first line is always this one.
fn header(build: &Build<'_>, sql: &mut Sql) {
    let metadata = &build.plan.metadata;
    let or_open = |value: &Option<String>| value.clone().unwrap_or_else(|| "not known yet".to_owned());
    sql.comment("genie-handoff: ", build.plan.pattern.kind().as_str());
    sql.comment("plan: ", &or_open(&metadata.plan_name));
    sql.comment("plan id: ", &or_open(&metadata.plan_id));
    sql.comment("plan version: ", &or_open(&metadata.version));
    sql.comment("plan hash: ", build.plan.hash.as_str());
    let tag = || metadata.tags.iter().find(|(key, _)| key == "genie_session_id").map(|(_, value)| value);
    if let Some(session) = build.options.genie_session.as_ref().or_else(tag) {
        sql.comment("genie session: ", session);
    }
}

/// Writes everything for a plan. A pure function: equal plans and options give equal results.
///
/// # Errors
/// A predicate that is none, a run time without an offset, or a refusal by the final check.
pub fn render(plan: &Plan, options: &RenderOptions) -> Result<Rendered, SqlError> {
    let (build, mut warnings) = build(plan, options)?;
    let recipe = patterns::of(&build);
    let sql = load(&build, &recipe)?;
    run_time_warning(&build, &mut warnings);
    let (mut statements, refused) = beside(&build, &recipe);
    if let Some(refused) = refused {
        return Err(refused);
    }
    statements.load = sql.clone();
    if !statements.after.is_empty() {
        warnings.push(warning(&CLUSTERED_APART));
    }
    Ok(Rendered {
        sql,
        statements,
        lineage: lineage::of(&recipe, plan),
        warnings,
        privileges: privileges::needed(&build, recipe.texts.creates_target),
        explanation: explain::of(&build, &recipe),
    })
}

/// Everything but the load, and the first refusal by the final check, if there is one.
fn beside(build: &Build<'_>, recipe: &Recipe<'_>) -> (Statements, Option<SqlError>) {
    let staging_table = staging_table(build.target());
    let mut writer = Writer { build, refused: None };
    let parts = with_rules(build, recipe);
    let mut statements = Statements::default();
    if !recipe.texts.creates_target {
        writer.write(&mut statements.setup, &parts, &SETUP, Shape::CreateIfMissing);
    }
    for check in &CHECKS {
        writer.write(&mut statements.checks, &parts, check, Shape::Select);
    }
    writer.write(&mut statements.after, &parts, &AFTER, Shape::AlterCluster);
    if let Some(table) = staging_table.filter(|_| parts.get("staging").is_some()) {
        writer.staging(&mut statements.staging, &parts, &table);
    }
    // A preview shows what a run would take; whether it fails is for the check of duplicates to say. The history of an
    // SCD2 table is previewed as it is loaded.
    let mut parts = parts;
    if parts.get("versions").is_none() {
        parts.remove("fail");
    }
    for preview in recipe.texts.previews {
        writer.write(&mut statements.previews, &parts, preview, Shape::Select);
    }
    let mut parts = recipe.parts.over();
    parts.set("load", Part::Text(recipe.load));
    statements.explain = parts.sql("EXPLAIN {load}");
    writer.check(&statements.explain, Shape::Explain, build.target(), build.source());
    (statements, writer.refused)
}

/// The parts of a plan with what statements beside the load ask for.
fn with_rules<'a>(build: &Build<'a>, recipe: &'a Recipe<'a>) -> Parts<'a> {
    let rules = &build.plan.rules;
    let mut parts = recipe.parts.over();
    parts.set("rows", Part::Text(recipe.texts.layout));
    parts.flag("check_rows", rules.check_source_not_empty);
    let named = build.columns().is_some() && parts.get("aggregates").is_none();
    parts.flag("check_schema", rules.check_schema_compatibility && named && !recipe.texts.creates_target);
    parts.may("limit", rules.max_rows_to_process.map(|rows| Part::Literal(Literal::Whole(rows))));
    parts.set("input", Part::Text(COUNT_INPUT));
    parts
}

/// Writes statements, reads each of them again, and keeps the first refusal.
struct Writer<'a> {
    build: &'a Build<'a>,
    refused: Option<SqlError>,
}

impl Writer<'_> {
    fn check(&mut self, sql: &str, shape: Shape, written: &TableName, read: &TableName) {
        if let Err(refused) = guard::check(sql, shape, written, &[read]) {
            self.refused.get_or_insert(refused);
        }
    }

    fn write(&mut self, all: &mut Vec<Statement>, parts: &Parts<'_>, query: &Query, shape: Shape) {
        if query.when.is_empty() || parts.get(query.when).is_some() {
            let sql = parts.sql(query.sql);
            self.check(&sql, shape, self.build.target(), self.build.source());
            all.push(Statement { name: query.name, purpose: query.purpose, sql });
        }
    }

    /// The staging table is the target of the first statement, and the source of the last.
    fn staging(&mut self, all: &mut Vec<Statement>, parts: &Parts<'_>, staging: &TableName) {
        for (n, query) in STAGING.iter().enumerate() {
            let builds = n == 0;
            let mut parts = parts.over();
            parts.set(if builds { "target" } else { "source" }, Part::Table(staging));
            if !builds {
                parts.remove("filter");
            }
            let shape = if n == 1 { Shape::Select } else { Shape::CreateOrReplace };
            let (written, read) =
                if builds { (staging, self.build.source()) } else { (self.build.target(), staging) };
            let sql = parts.sql(query.sql);
            self.check(&sql, shape, written, read);
            all.push(Statement { name: query.name, purpose: query.purpose, sql });
        }
    }
}

fn run_time_warning(build: &Build<'_>, warnings: &mut Vec<Issue>) {
    let dated = match &build.plan.pattern {
        Pattern::Scd2(_) => true,
        Pattern::Snapshot(_) => build.known_date().is_none(),
        Pattern::AggregateRefresh(p) => p.refresh_days.is_some() && build.known_date().is_none(),
        _ => false,
    };
    if dated && build.options.run_time == RunTime::Statement {
        warnings.push(warning(&RUN_TIME_OPEN));
    }
}

/// Code, place, what is to be known and what to do.
type Warning = [&'static str; 4];

const RUN_TIME_OPEN: Warning = [
    "sql_run_time_open",
    "",
    "the statement asks for the current time, so a retry after midnight writes another slice",
    "Render with the time of the run, or with a job parameter.",
];
const CLUSTERED_APART: Warning = [
    "sql_cluster_by_apart",
    "/target/cluster_by",
    "clustering is set by a statement of its own, because nothing is known about the warehouse",
    "Run it after the load, or render for a warehouse that takes CLUSTER BY.",
];
const FILTER_CLOCK: Warning = [
    "filter_clock",
    "",
    "the filter asks for the current time, so a repeated run can take other rows",
    "Compare with a column or a literal if runs must be repeatable.",
];
const FILTER_DOUBLED_QUOTE: Warning = [
    "filter_doubled_quote",
    "",
    "a doubled quote in a literal is taken as one quote; some engines leave it out",
    "Write \\' to be read alike everywhere.",
];

fn warning([code, path, message, help]: &Warning) -> Issue {
    issue(Severity::Warning, code, path, (*message).to_owned(), help)
}

/// `CREATE TABLE IF NOT EXISTS target ... AS SELECT ... WHERE FALSE`: the column types come from the query, so
/// nothing has to be known about them.
const SETUP: Query = Query {
    name: "create_target",
    purpose: "Creates the target with the columns that the load writes, if it does not exist yet.",
    when: "",
    sql: "CREATE TABLE IF NOT EXISTS {target}\nUSING DELTA{layout}\nAS {rows}",
};

const AFTER: Query = Query {
    name: "cluster_by",
    purpose: "Sets the clustering columns; changes no row.",
    when: "clustered_later",
    sql: "ALTER TABLE {target} CLUSTER BY ({clustered_later:2})",
};

const CHECKS: [Query; 3] = [
    Query {
        name: "source_not_empty",
        purpose: "Fails if the source has no row that the filter lets through.",
        when: "check_rows",
        sql: "SELECT CASE WHEN COUNT(*) = 0 THEN raise_error('the source has no rows') ELSE TRUE END AS `ok`
FROM (
  SELECT 1 AS `x`
  FROM {source}{filter:2}
  LIMIT 1
) AS c",
    },
    // Both halves name every column, so a missing column or a pair of types without a common type is an error of the
    // analyser. No row is read.
    Query {
        name: "schema_compatible",
        purpose: "Fails if source or target lacks a column of the plan, or if their types have nothing in common.",
        when: "check_schema",
        sql: "SELECT {columns:2}
FROM {source}
WHERE FALSE
UNION ALL
SELECT {columns:2}
FROM {target}
WHERE FALSE",
    },
    Query {
        name: "max_rows",
        purpose: "Fails if the run would take more rows than the plan allows.",
        when: "limit",
        sql: "SELECT CASE WHEN c.`rows` > {limit} THEN raise_error('more rows than max_rows_to_process') ELSE TRUE END AS `ok`
FROM (
{input}
) AS c",
    },
];

/// The target with `__staging` behind its name; none if that would be too long.
fn staging_table(target: &TableName) -> Option<TableName> {
    let table = plan::Name::parse(&[target.table.as_str(), "__staging"].concat()).ok()?;
    Some(TableName { table, ..target.clone() })
}
