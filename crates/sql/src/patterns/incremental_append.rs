//! INCREMENTAL_APPEND.
//!
//! Append: rows above the target's highest watermark are added. Merge: rows at or above it are matched by key, the
//! newest of each key wins; the bound is inclusive because matching makes repetition harmless and late ties are saved.
//!
//! Rows are added by a MERGE that matches nothing (`ON FALSE`) and not by INSERT: it pairs columns by name on every
//! engine, leaves target columns that the plan does not write at NULL or their default, and ignores source columns
//! that came later. INSERT BY NAME fails for one or the other, depending on the engine.

use plan::{IncrementalAppend, Watermark};

use super::{LAYOUT, Query, ROWS, Recipe, Texts, updates};
use crate::build::Build;
use crate::explain::Effect;
use crate::guard::Shape;
use crate::lineage::Derived;
use crate::template::{Part, Parts};
use crate::text::Literal;

pub(super) fn recipe<'a>(
    config: &'a IncrementalAppend,
    build: &'a Build<'a>,
    mut parts: Parts<'a>,
) -> Recipe<'a> {
    parts.column("watermark", &config.watermark_column);
    let start = match &config.watermark {
        Watermark::Timestamp(value) => value.as_ref().map(Literal::Timestamp),
        Watermark::Date(value) => value.map(Literal::Date),
        Watermark::Numeric(value) => value.as_ref().map(Literal::Number),
    };
    parts.may("start", start.map(Part::Literal));
    parts.set("more", Part::Text(NEW_ROWS));
    parts.set("max", Part::Text(MAX));
    parts.set("order", Part::Order(vec![(&config.watermark_column, true)]));
    parts.join("inserted", &[build.columns().unwrap_or_default()]);
    if let Some(keys) = &config.match_columns {
        updates(&mut parts, build, keys, None);
    }
    Recipe { load: LOAD, shape: Shape::Merge { deletes: false }, parts, texts: &TEXTS }
}

const LOAD: &str = "MERGE INTO {target} AS t
USING (
  {keys?}{unique:2}{|}SELECT {select:4}
  FROM {source}{filter:2}{more:2}{/}
) AS s
ON {keys?}{t=s.keys:3}{update}{|}FALSE{/}{insert}";

/// The alias keeps the column from meaning one of the source if the target has none of that name.
const MAX: &str = "(SELECT MAX({w.watermark}) FROM {target} AS w)";

/// `MAX IS NULL OR x > MAX` needs no smallest value per type, so nothing before 1900 and nothing negative is lost on
/// the first run.
const NEW_ROWS: &str = "
{filter?}  AND {|}WHERE {/}{watermark} IS NOT NULL
  AND ({start?}({max} IS NULL AND {watermark} > {start}){|}{max} IS NULL{/}
    OR {watermark} {keys?}>={|}>{/} {max})";

const TEXTS: Texts = Texts {
    creates_target: false,
    layout: LAYOUT,
    previews: &[
        Query {
            name: "rows",
            purpose: ROWS,
            when: "",
            sql: "{keys?}{changes}{|}SELECT COUNT(*) AS `rows_to_insert`
FROM {source}{filter}{more}{/}",
        },
        Query {
            name: "left_out",
            purpose: "Counts rows without a watermark, and rows that a run passes over because of theirs: loaded before, or arrived late.",
            when: "",
            sql: "SELECT
  COUNT(CASE WHEN {watermark} IS NULL THEN 1 END) AS `null_watermarks`,
  COUNT(CASE WHEN {watermark} {keys?}<{|}<={/} {max} THEN 1 END) AS `at_or_below_the_watermark`,
  {max} AS `current_watermark`
FROM {source}{filter}",
        },
    ],
    lineage: &[Derived::Copied("columns")],
    summary: "{keys?}Takes rows of {source} whose {watermark} is at or above the highest {watermark} in {target}, and keeps one row per {keys}.{|}Adds rows of {source} whose {watermark} is above the highest {watermark} in {target}.{/}",
    effects: &[
        (
            Effect::Updates,
            "{keys?}A row with a known {keys} takes the values of the newest source row with it.{/}",
        ),
        (
            Effect::Adds,
            "{keys?}A row with a new {keys} is added.{|}New rows are added; rows that are there are not touched.{/}",
        ),
    ],
    notes: &[
        "A row that arrives late, with a {watermark} {keys?}below the highest one, is never loaded.{|}at or below the highest one, is never loaded. Write mode merge would load it if it is equal.{/}",
        "Into an empty target go {start?}rows above {start}{|}all rows{/}.",
        "Rows without a {watermark} are left out: they cannot be ordered.",
    ],
};
