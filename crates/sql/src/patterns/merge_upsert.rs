//! MERGE_UPSERT: one target row per key.

use plan::{DuplicateKeys, MergeUpsert};

use super::{DUPLICATES, LAYOUT, Query, ROWS, Recipe, Texts, updates};
use crate::build::Build;
use crate::explain::Effect;
use crate::guard::Shape;
use crate::lineage::Derived;
use crate::template::{Parts, ordered};

pub(super) fn recipe<'a>(config: &'a MergeUpsert, build: &'a Build<'a>, mut parts: Parts<'a>) -> Recipe<'a> {
    let given = config.update_columns.as_deref();
    updates(&mut parts, build, &config.merge_keys, given);
    parts.join("given", &[given.unwrap_or_default()]);
    parts.flag("fixed", given.is_some_and(<[_]>::is_empty));
    parts.join("inserted", &[build.columns().unwrap_or_default()]);
    parts.set("order", ordered(&config.order_by));
    parts.flag("fail", config.duplicate_keys == DuplicateKeys::Fail);
    parts.flag("delete_missing", config.delete_missing);
    Recipe { load: LOAD, shape: Shape::Merge { deletes: config.delete_missing }, parts, texts: &TEXTS }
}

const LOAD: &str = "MERGE INTO {target} AS t
USING (
  {unique:2}
) AS s
ON {t=s.keys:3}{update}{insert}{delete_missing?}
WHEN NOT MATCHED BY SOURCE THEN DELETE{/}";

const TEXTS: Texts = Texts {
    creates_target: false,
    layout: LAYOUT,
    previews: &[Query { name: "rows", purpose: ROWS, when: "", sql: "{changes}" }, DUPLICATES],
    lineage: &[Derived::Copied("columns")],
    summary: "Keeps one row per {keys} in {target} up to date from {source}.",
    effects: &[
        (
            Effect::Updates,
            "{fixed?}{|}A row with a known {keys} takes {given?}{given} from the source, NULLs included, if one of them differs.{|}all other columns from the source, NULLs included.{/}{/}",
        ),
        (Effect::Adds, "A row with a new {keys} is added."),
        (
            Effect::Deletes,
            "{delete_missing?}Rows of the target whose {keys} the (filtered) source does not have are DELETED. An empty source empties the table.{/}",
        ),
    ],
    notes: &[
        "{fixed?}Rows with a known {keys} are not touched.{/}",
        "{delete_missing?}{|}Rows that the source no longer has stay.{/}",
        "{duplicates_note}",
    ],
};
