//! One load pattern per file: its statement, the questions a preview asks, and what it means in plain words. All of
//! that is templates, see [`crate::template`]; a pattern's function says what stands in their places.

mod aggregate_refresh;
mod deduplicate;
mod full_replace;
mod incremental_append;
mod merge_upsert;
mod scd2;
mod snapshot;
mod surrogate_key;

pub(crate) use full_replace::STAGING;

use plan::{ColumnName, Pattern};

use crate::build::Build;
use crate::explain::Effect;
use crate::guard::Shape;
use crate::lineage::Derived;
use crate::options::RunTime;
use crate::template::{Part, Parts};
use crate::text::Literal;

/// A query or statement beside the load.
pub(crate) struct Query {
    pub(crate) name: &'static str,
    pub(crate) purpose: &'static str,
    /// A part without which it is left out; empty if there is none.
    pub(crate) when: &'static str,
    pub(crate) sql: &'static str,
}

/// What a pattern has written down.
pub(crate) struct Texts {
    /// Whether the load creates its target by itself.
    pub(crate) creates_target: bool,
    /// A query whose columns are those of a new target.
    pub(crate) layout: &'static str,
    /// What a run would do: queries that give one row.
    pub(crate) previews: &'static [Query],
    /// Where each target column comes from.
    pub(crate) lineage: &'static [Derived],
    /// What a run does, in one sentence, then row by row. A sentence that comes out empty is left out.
    pub(crate) summary: &'static str,
    pub(crate) effects: &'static [(Effect, &'static str)],
    pub(crate) notes: &'static [&'static str],
}

/// A pattern as it is for one plan.
pub(crate) struct Recipe<'a> {
    pub(crate) load: &'static str,
    pub(crate) shape: Shape,
    pub(crate) parts: Parts<'a>,
    pub(crate) texts: &'static Texts,
}

pub(crate) fn of<'a>(build: &'a Build<'a>) -> Recipe<'a> {
    let parts = common(build);
    match &build.plan.pattern {
        Pattern::IncrementalAppend(p) => incremental_append::recipe(p, build, parts),
        Pattern::FullReplace(p) => full_replace::recipe(p, build, parts),
        Pattern::MergeUpsert(p) => merge_upsert::recipe(p, build, parts),
        Pattern::Scd2(p) => scd2::recipe(p, build, parts),
        Pattern::Snapshot(p) => snapshot::recipe(p, build, parts),
        Pattern::AggregateRefresh(p) => aggregate_refresh::recipe(p, parts),
        Pattern::SurrogateKey(p) => surrogate_key::recipe(p, build, parts),
        Pattern::Deduplicate(p) => deduplicate::recipe(p, parts),
    }
}

/// What every pattern has.
fn common<'a>(build: &'a Build<'a>) -> Parts<'a> {
    let plan = build.plan;
    let mut parts = Parts::new(build);
    parts.set("source", Part::Table(&plan.source.table));
    parts.set("target", Part::Table(&plan.target.table));
    for (part, name) in &build.helpers {
        parts.column(part, name);
    }
    parts.join("columns", &[build.columns().unwrap_or_default()]);
    parts.may("filter", (!build.predicates.is_empty()).then_some(Part::Filter));
    let run_time = match &build.options.run_time {
        RunTime::Statement => Part::Text("current_timestamp()"),
        RunTime::At(time) => Part::Literal(Literal::Timestamp(time)),
        RunTime::Parameter => Part::Text("CAST(:run_time AS TIMESTAMP)"),
    };
    parts.set("run_time", run_time);
    let run_date = match (build.known_date(), &build.options.run_time) {
        (Some(date), _) => {
            parts.set("date", Part::Literal(Literal::Date(date)));
            Part::Literal(Literal::Date(date))
        }
        (None, RunTime::Parameter) => Part::Text("CAST(:snapshot_date AS DATE)"),
        (None, _) => Part::Text("current_date()"),
    };
    parts.set("run_date", run_date);
    layout(&mut parts, build, &plan.target.partition_by, &plan.target.cluster_by);
    parts
}

/// How a table that the plan creates lies on disk.
fn layout<'a>(
    parts: &mut Parts<'a>,
    build: &Build<'_>,
    partition: &'a [ColumnName],
    cluster: &'a [ColumnName],
) {
    parts.join("partition", &[partition]);
    let name = if build.options.runtime.cluster_by { "cluster" } else { "clustered_later" };
    parts.join(name, &[cluster]);
}

/// What a matched row takes from the source: `given`, or all columns but the keys.
fn updates<'a>(
    parts: &mut Parts<'a>,
    build: &'a Build<'_>,
    keys: &'a [ColumnName],
    given: Option<&'a [ColumnName]>,
) {
    parts.join("keys", &[keys]);
    match given.or(build.columns()) {
        Some(columns) => {
            let updates = Build::others(columns, parts.list("keys"));
            parts.columns("updates", updates);
        }
        None => parts.flag("update_all", true),
    }
}

/// What several patterns have in common.
pub(crate) const SHARED: &[(&str, Part<'static>)] = &[
    ("select", Part::Text("{columns?}{columns:0}{|}*{/}")),
    ("layout", Part::Text("{partition?}\nPARTITIONED BY ({partition:2}){/}{cluster?}\nCLUSTER BY ({cluster:2}){/}")),
    // The source, filtered, with one row per key: the first by the plan's order, then by the values of all columns. A
    // MERGE whose source has two rows for one key fails if the key is in the target, and inserts both if it is not
    // (https://docs.databricks.com/sql/language-manual/delta-merge-into.html); so its source must be unique.
    // With `fail`, duplicates are an error inside the statement: nothing is written, and there is no gap between check
    // and load. Without `exact` the rank comes along; whoever reads this names the columns that it takes.
    (
        "unique",
        Part::Text(
            "SELECT {columns?}{exact?}{columns:2}{|}*{/}{|}{row}.*{/}
FROM (
  SELECT {columns?}{columns:4}{|}struct(*) AS {row}{/},
    {fail?}COUNT(*) OVER (PARTITION BY {keys:6}{|}ROW_NUMBER() OVER (PARTITION BY {keys:6} ORDER BY {order:6}{/}) AS {rank}
  FROM {source}{filter:2}{more:2}
)
WHERE {fail?}CASE WHEN {rank} > 1 THEN raise_error('duplicate key in the source') ELSE TRUE END{|}{rank} = 1{/}",
        ),
    ),
    (
        "update",
        Part::Text(
            "{updates?}
WHEN MATCHED AND NOT (
    {t~s.updates:4}
  ) THEN UPDATE SET
    {=s.updates:4}{/}{update_all?}
WHEN MATCHED THEN UPDATE SET *{/}",
        ),
    ),
    // By name; without a list of columns, INSERT * does that too.
    (
        "insert",
        Part::Text(
            "
WHEN NOT MATCHED THEN INSERT{inserted?} (
    {inserted:4}
  ) VALUES (
    {s.inserted:4}
  ){|} *{/}",
        ),
    ),
    // One row with the numbers of rows that a merge would insert, update and leave, and delete if it does that.
    (
        "changes",
        Part::Text(
            "SELECT *
FROM (
  WITH s AS (
  {unique:2}
  )
  SELECT (SELECT COUNT(*) FROM s LEFT ANTI JOIN {target} AS t ON {t=s.keys:6}) AS `rows_to_insert`,
    {updates?}{matched}
      WHERE NOT (
        {t~s.updates:8}
      )) AS `rows_to_update`,
    {matched}
      WHERE 
        {t~s.updates:8}
    ) AS `rows_unchanged`{|}{update_all?}{matched}) AS `rows_to_update`{|}0 AS `rows_to_update`{/}{/}{delete_missing?},
    (SELECT COUNT(*) FROM {target} AS t LEFT ANTI JOIN s ON {t=s.keys:6}) AS `rows_to_delete`{/}
) AS p",
        ),
    ),
    ("matched", Part::Text("(SELECT COUNT(*) FROM s JOIN {target} AS t ON {t=s.keys:6}")),
    (
        "duplicates_note",
        Part::Text(
            "{fail?}Several source rows with one {keys} stop the run; nothing is written then.{|}Of several source rows with one {keys}, one is taken, always the same one.{/}",
        ),
    ),
];

/// The query that gives one row, `rows`, with the number of source rows that a run would look at.
pub(crate) const COUNT_INPUT: &str = "SELECT COUNT(*) AS `rows`\nFROM {source}{filter}{more}";

/// The columns of a new target: those of the source and those that the load adds.
const LAYOUT: &str = "SELECT {select:2}{added}\nFROM {source}\nWHERE FALSE";

/// Counts source keys that occur more than once.
const DUPLICATES: Query = Query {
    name: "duplicate_keys",
    purpose: "Counts source keys that occur more than once, and the rows that lose.",
    when: "",
    sql: "SELECT COUNT(CASE WHEN d.`n` > 1 THEN 1 END) AS `keys_with_duplicates`,
  COALESCE(SUM(d.`n`), 0) - COUNT(*) AS `rows_not_taken`
FROM (
  SELECT SUM(1) AS `n`
  FROM {source}{filter:2}
  GROUP BY {keys:4}
) AS d",
};

/// What a preview of rows is for.
const ROWS: &str = "Counts the rows that a run would write.";
