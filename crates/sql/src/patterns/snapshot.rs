//! SNAPSHOT: one full copy of the source per date; a second run on a date replaces that date and nothing else.
//!
//! The form that runs everywhere and pairs columns by name is a MERGE that matches nothing. On a large table it
//! reads more than needed, so two others are used where the catalog or the warehouse is known: `REPLACE WHERE`, by
//! name on SQL warehouses (SPARK-54803), or in the target's column order.

use std::slice;

use plan::{ColumnName, NameSet, Snapshot};

use super::{LAYOUT, Query, Recipe, Texts};
use crate::build::Build;
use crate::explain::Effect;
use crate::guard::Shape;
use crate::lineage::Derived;
use crate::template::{Part, Parts};

pub(super) fn recipe<'a>(config: &'a Snapshot, build: &'a Build<'a>, mut parts: Parts<'a>) -> Recipe<'a> {
    let day = &config.snapshot_date_column;
    parts.column("day", day);
    parts.remove("partition");
    parts.join("partition", &[&config.partition_columns]);
    if let Some(columns) = build.columns() {
        parts.join("inserted", &[columns, slice::from_ref(day)]);
    }
    parts.set("copy", Part::Text(COPY));
    parts.set("added", Part::Text(",\n  CAST(NULL AS DATE) AS {day}"));
    let known = build.known_date().and(build.columns());
    let (load, shape) = if known.is_some() && build.options.runtime.replace_where_by_name {
        (BY_NAME, Shape::InsertInto)
    } else if let Some(order) = known.and_then(|columns| target_order(config, build, columns)) {
        parts.set("reordered", Part::Reordered(order));
        (IN_ORDER, Shape::InsertInto)
    } else {
        (MERGE, Shape::Merge { deletes: true })
    };
    Recipe { load, shape, parts, texts: &TEXTS }
}

/// The target's columns in their order, if they are known and have room for everything that the plan writes.
fn target_order<'a>(
    config: &Snapshot,
    build: &'a Build<'_>,
    columns: &[ColumnName],
) -> Option<&'a [ColumnName]> {
    let order = build.options.target_columns.as_deref()?;
    let known = NameSet::of(order);
    let complete = known.contains(&config.snapshot_date_column) && columns.iter().all(|c| known.contains(c));
    complete.then_some(order)
}

const BY_NAME: &str = "INSERT INTO {target} BY NAME
REPLACE WHERE {day} = {date}
{copy}";

const IN_ORDER: &str = "INSERT INTO {target}
REPLACE WHERE {day} = {date}
SELECT {reordered:2}
FROM {source}{filter}";

const MERGE: &str = "MERGE INTO {target} AS t
USING (
  {copy:2}
) AS s
ON FALSE{insert}
WHEN NOT MATCHED BY SOURCE AND {t.day} = {run_date} THEN DELETE";

const COPY: &str = "SELECT {select:2},
  {run_date} AS {day}
FROM {source}{filter}";

const TEXTS: Texts = Texts {
    creates_target: false,
    layout: LAYOUT,
    previews: &[Query {
        name: "rows",
        purpose: "Counts the rows of the new copy, and those of the same date that it replaces.",
        when: "",
        sql: "SELECT COUNT(*) AS `rows_to_insert`,
  (SELECT COUNT(*) FROM {target} AS w WHERE {w.day} = {run_date}) AS `rows_to_delete`
FROM {source}{filter}",
    }],
    lineage: &[Derived::Copied("columns"), Derived::Made("day", "", "the date of the run")],
    summary: "Adds a full copy of {source} to {target}, marked with the date of the run in {day}.",
    effects: &[
        (Effect::Adds, "Every (filtered) source row is added once per date."),
        (
            Effect::Deletes,
            "Rows with the same {day} are REPLACED, so that a repeated run does not double the day. Other dates are not touched.",
        ),
    ],
    notes: &[],
};
