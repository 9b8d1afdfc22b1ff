//! AGGREGATE_REFRESH: groups are computed again from the source. Adding deltas to old numbers would count twice when
//! a run is repeated.

use std::slice;

use plan::{AggregateRefresh, Grain};

use super::{Query, Recipe, Texts};
use crate::explain::Effect;
use crate::guard::Shape;
use crate::lineage::Derived;
use crate::template::{Part, Parts};
use crate::text::Literal;

pub(super) fn recipe<'a>(config: &'a AggregateRefresh, mut parts: Parts<'a>) -> Recipe<'a> {
    let bucket = config.time_bucket.as_ref();
    let bucket_column = bucket.map_or(&[][..], |bucket| slice::from_ref(&bucket.output));
    parts.join("group_by", &[&config.group_by]);
    parts.join("keys", &[&config.group_by, bucket_column]);
    let mut inserted = parts.list("keys").to_vec();
    let mut values = Vec::new();
    for aggregate in &config.aggregates {
        values.push(&aggregate.output);
    }
    inserted.extend_from_slice(&values);
    parts.columns("inserted", inserted);
    parts.columns("values", values);
    parts.set("aggregates", Part::Aggregates(&config.aggregates));
    if let Some(bucket) = bucket {
        let (start, first) = bounds(bucket.grain);
        parts.column("time", &bucket.column);
        parts.column("bucket", &bucket.output);
        parts.set("start", Part::Text(start));
        parts.set("first", Part::Text(first));
        if let Some(days) = config.refresh_days {
            parts.set("days", Part::Literal(Literal::Whole(days)));
            // The bound is the start of a bucket, so no bucket is computed from half of its rows.
            parts.set("more", Part::Text("\n{filter?}  AND {|}WHERE {/}{start} >= {first}"));
        }
    }
    parts.set("selected", Part::Text(SELECTED));
    parts.set("grouped", Part::Text(GROUPED));
    parts.set("groups", Part::Text("{selected}{more}{grouped}"));
    parts.set("scope", Part::Text(SCOPE));
    Recipe { load: LOAD, shape: Shape::Merge { deletes: true }, parts, texts: &TEXTS }
}

/// The start of the bucket of a row, and the start of the first bucket that is computed again.
fn bounds(grain: Grain) -> (&'static str, &'static str) {
    match grain {
        Grain::Hour => ("date_trunc('HOUR', {time})", "CAST(date_sub({run_date}, {days}) AS TIMESTAMP)"),
        Grain::Day => ("CAST({time} AS DATE)", "date_sub({run_date}, {days})"),
        Grain::Week => (
            "CAST(date_trunc('WEEK', {time}) AS DATE)",
            "CAST(date_trunc('WEEK', date_sub({run_date}, {days})) AS DATE)",
        ),
        Grain::Month => (
            "CAST(date_trunc('MONTH', {time}) AS DATE)",
            "CAST(date_trunc('MONTH', date_sub({run_date}, {days})) AS DATE)",
        ),
        Grain::Quarter => (
            "CAST(date_trunc('QUARTER', {time}) AS DATE)",
            "CAST(date_trunc('QUARTER', date_sub({run_date}, {days})) AS DATE)",
        ),
        Grain::Year => (
            "CAST(date_trunc('YEAR', {time}) AS DATE)",
            "CAST(date_trunc('YEAR', date_sub({run_date}, {days})) AS DATE)",
        ),
    }
}

const LOAD: &str = "MERGE INTO {target} AS t
USING (
  {groups:2}
) AS s
ON {t=s.keys:3}
WHEN MATCHED AND NOT (
    {t~s.values:4}
  ) THEN UPDATE SET
    {=s.values:4}{insert}
WHEN NOT MATCHED BY SOURCE{days?} AND {t.bucket} >= {first}{/} THEN DELETE";

const SELECTED: &str =
    "SELECT {group_by:2}{group_by?}{time?}, {/}{/}{time?}{start} AS {bucket}{/}{aggregates:2}
FROM {source}{filter}";

const GROUPED: &str = "\nGROUP BY {group_by:2}{group_by?}{time?}, {/}{/}{start}";

const SCOPE: &str = "{days?}with a {bucket} in the last {days} days before the run, whole buckets included{|}of the whole source{/}";

const TEXTS: Texts = Texts {
    creates_target: false,
    layout: "SELECT * FROM (
  {selected:2}{grouped:2}
) AS s
WHERE FALSE",
    previews: &[
        Query {
            name: "rows",
            purpose: "Counts the groups that a run would write.",
            when: "",
            sql: "SELECT *
FROM (
  WITH s AS (
  {groups:2}
  )
  SELECT (SELECT COUNT(*) FROM s LEFT ANTI JOIN {target} AS t ON {t=s.keys:6}) AS `groups_to_insert`,
    (SELECT COUNT(*) FROM s JOIN {target} AS t ON {t=s.keys:6}
      WHERE NOT (
        {t~s.values:8}
      )) AS `groups_to_update`
) AS p",
        },
        Query {
            name: "gone",
            purpose: "Counts the groups that a run would delete, because no source row belongs to them any more.",
            when: "",
            sql: "SELECT COUNT(*) AS `groups_to_delete`
FROM (SELECT * FROM {target}{days?} WHERE {bucket} >= {first}{/}) AS t
LEFT ANTI JOIN (
  {groups:2}
) AS s ON {t=s.keys:3}",
        },
    ],
    lineage: &[
        Derived::Copied("group_by"),
        Derived::Made("bucket", "time", "the start of the time bucket"),
        Derived::Aggregates,
    ],
    summary: "Computes {values} per {keys} from {source} into {target}.",
    effects: &[
        (
            Effect::Updates,
            "Groups {scope} are computed again; a group whose numbers changed takes the new ones.",
        ),
        (Effect::Adds, "New groups are added."),
        (Effect::Deletes, "Groups {scope} that have no (filtered) source row any more are DELETED."),
    ],
    notes: &[],
};
