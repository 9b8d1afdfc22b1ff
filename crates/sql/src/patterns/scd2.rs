//! SCD2: versions `[valid_from, valid_to)` per key, of which one is current.
//!
//! One MERGE does it all. Its source lists every changed key twice: once to close the current version (it matches)
//! and once to open the next (it cannot match, because the condition asks for `close`). The usual trick with a NULL
//! in the key would clash with keys that may be NULL, so the purpose of a row is a column of its own. Both sides
//! get the same instant, so there is neither a gap nor an overlap, and no moment without a current version.

use std::slice;

use plan::{DuplicateKeys, Scd2};

use super::{DUPLICATES, LAYOUT, Query, Recipe, Texts};
use crate::build::Build;
use crate::explain::Effect;
use crate::guard::Shape;
use crate::lineage::Derived;
use crate::template::{Part, Parts, ordered};
use crate::text::Literal;

pub(super) fn recipe<'a>(config: &'a Scd2, build: &'a Build<'a>, mut parts: Parts<'a>) -> Recipe<'a> {
    let keys = &config.business_keys;
    let (from, to, flag) =
        (&config.effective_date_column, &config.end_date_column, &config.current_flag_column);
    parts.join("keys", &[keys]);
    parts.column("from", from);
    parts.column("to", to);
    parts.column("flag", flag);
    parts.set("end", Part::Literal(Literal::Timestamp(&config.end_date_default)));
    parts.set("order", ordered(&config.order_by));
    parts.flag("fail", config.duplicate_keys == DuplicateKeys::Fail);
    let watched = config.compare_columns.as_deref();
    let compared = Build::others(watched.or(build.columns()).unwrap_or_default(), parts.list("keys"));
    let mut wanted = parts.list("keys").to_vec();
    wanted.extend_from_slice(&compared);
    wanted.push(flag);
    parts.columns("wanted", wanted);
    match watched {
        Some(watched) => parts.join("watched", &[watched]),
        None => parts.columns("watched", compared.clone()),
    }
    parts.columns("compared", compared);
    if let Some(columns) = build.columns() {
        let one = slice::from_ref;
        parts.join("inserted", &[columns, one(from), one(to), one(flag)]);
    }
    parts.flag("close_missing", config.close_missing);
    parts.flag("close_gone", config.close_missing && build.columns().is_some());
    parts.set("added", Part::Text(ADDED));
    parts.set("versions", Part::Text(VERSIONS));
    parts.set("changed", Part::Text(CHANGED));
    Recipe { load: LOAD, shape: Shape::Merge { deletes: false }, parts, texts: &TEXTS }
}

const LOAD: &str = "MERGE INTO {target} AS t
USING ({changed}
  SELECT 'close' AS {op}, {versions}
  FROM changed
  WHERE {had}
  UNION ALL
  SELECT 'open' AS {op}, {versions}
  FROM changed{close_gone?}
  UNION ALL
  SELECT 'close' AS {op}, {gone.columns:4}
  FROM (SELECT {columns:4} FROM {target} WHERE {flag}) AS gone
  LEFT ANTI JOIN incoming ON {gone=incoming.keys:5}{/}
) AS s
ON {t=s.keys:3} AND {t.flag} AND {s.op} = 'close'
WHEN MATCHED THEN UPDATE SET
    {to} = {run_time}, {flag} = FALSE
WHEN NOT MATCHED AND {s.op} = 'open' THEN INSERT{columns?} (
    {inserted:4}
  ) VALUES (
    {s.columns:4},
    {run_time}, {end}, TRUE
  ){|} *{/}";

/// INSERT * takes every column of the target from the source, so without names the system columns are there too.
const VERSIONS: &str = "{columns?}{columns:4}{|}changed.*,
    {run_time} AS {from},
    {end} AS {to},
    TRUE AS {flag}{/}";

/// Source rows that differ from their current version or have none.
const CHANGED: &str = "
  WITH incoming AS (
    {unique:4}
  ), changed AS (
    SELECT {columns?}{incoming.columns:6}{|}incoming.*{/}, {o.flag} IS NOT NULL AS {had}
    FROM incoming
    LEFT JOIN (
      SELECT {wanted:8}
      FROM {target}
      WHERE {flag}
    ) AS o ON {incoming=o.keys:7}
    WHERE {o.flag} IS NULL{compared?} OR NOT (
      {incoming~o.compared:6}
    ){/}
  )";

const ADDED: &str = ",
  CAST(NULL AS TIMESTAMP) AS {from},
  CAST(NULL AS TIMESTAMP) AS {to},
  CAST(NULL AS BOOLEAN) AS {flag}";

const TEXTS: Texts = Texts {
    creates_target: false,
    layout: LAYOUT,
    previews: &[
        Query {
            name: "rows",
            purpose: "Counts new keys, and versions that a run would close and open.",
            when: "",
            sql: "SELECT *
FROM ({changed}
  SELECT (SELECT COUNT(*) FROM changed WHERE NOT {had}) AS `new_keys`,
    (SELECT COUNT(*) FROM changed WHERE {had}) AS `versions_to_close`,
    (SELECT COUNT(*) FROM changed) AS `versions_to_open`
) AS p",
        },
        Query {
            name: "gone",
            purpose: "Counts current versions whose key the source no longer has.",
            when: "close_missing",
            sql: "SELECT COUNT(*) AS `versions_to_close_for_good`
FROM (SELECT {keys:2} FROM {target} WHERE {flag}) AS gone
LEFT ANTI JOIN (
  SELECT {keys:4}
  FROM {source}{filter:2}
) AS k ON {gone=k.keys:3}",
        },
        Query {
            name: "history",
            purpose: "Counts what is wrong with the history already: a run would fail or make it worse.",
            when: "",
            sql: "SELECT COUNT(*) AS `keys_with_several_current_versions`,
  (SELECT COUNT(*) FROM {target} AS w WHERE {w.flag} AND {w.from} > {run_time}) AS `current_versions_after_the_run_time`
FROM (
  SELECT 1 AS `x`
  FROM {target}
  WHERE {flag}
  GROUP BY {keys:4}
  HAVING COUNT(*) > 1
) AS d",
        },
        DUPLICATES,
    ],
    lineage: &[
        Derived::Copied("columns"),
        Derived::Made("from", "", "the time of the run that opened the version"),
        Derived::Made("to", "", "the time of the run that closed the version, or its open end"),
        Derived::Made("flag", "", "whether the version is the current one"),
    ],
    summary: "Keeps a history of {source} per {keys} in {target}.",
    effects: &[
        (
            Effect::Updates,
            "If {watched} of a known {keys} changed, its current version is closed: {to} is set to the time of the run and {flag} to FALSE.",
        ),
        (
            Effect::Adds,
            "A changed or new {keys} gets a new current version from the time of the run to {end}.",
        ),
        (
            Effect::Updates,
            "{close_missing?}The current version of a {keys} that the (filtered) source does not have is CLOSED. An empty source closes all.{/}",
        ),
    ],
    notes: &[
        "{close_missing?}{|}A {keys} that the source no longer has stays current.{/}",
        "Versions that are closed are never touched.",
        "{duplicates_note}",
    ],
};
