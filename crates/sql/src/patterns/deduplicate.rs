//! DEDUPLICATE: of all rows with one key the first by a total order stays.

use plan::Deduplicate;

use super::{DUPLICATES, Recipe, Texts};
use crate::explain::Effect;
use crate::guard::Shape;
use crate::lineage::Derived;
use crate::template::{Part, Parts, YES, ordered};

pub(super) fn recipe<'a>(config: &'a Deduplicate, mut parts: Parts<'a>) -> Recipe<'a> {
    parts.join("keys", &[&config.key_columns]);
    parts.set("order", ordered(&config.order_by));
    parts.set("exact", YES);
    parts.flag("in_place", config.in_place);
    let mut first = String::new();
    for order in &config.order_by {
        first.push_str(if first.is_empty() { "" } else { ", then " });
        first.push_str(if order.descending { "largest " } else { "smallest " });
        first.push_str(order.column.as_str());
    }
    parts.set("first", Part::Words(first));
    let (load, shape) =
        if config.in_place { (REWRITE, Shape::InsertOverwrite) } else { (REPLACE, Shape::CreateOrReplace) };
    Recipe { load, shape, parts, texts: &TEXTS }
}

/// A Delta statement reads one version of the table, so it may overwrite what it reads. Positions agree, because every
/// column of the table is selected in its order.
const REWRITE: &str = "INSERT OVERWRITE TABLE {target}\n{unique}";

const REPLACE: &str = "CREATE OR REPLACE TABLE {target}\nUSING DELTA{layout}\nAS {unique}";

const TEXTS: Texts = Texts {
    creates_target: true,
    layout: "",
    previews: &[DUPLICATES],
    lineage: &[Derived::Copied("columns")],
    summary: "{in_place?}Keeps one row per {keys} in {target}.{|}Fills {target} with one row per {keys} of {source}.{/}",
    effects: &[
        (
            Effect::Deletes,
            "{in_place?}Of several rows with one {keys} all but the one with the {first} are DELETED.{/}",
        ),
        (Effect::Replaces, "{in_place?}{|}Every row of the target, and its columns, are REPLACED.{/}"),
    ],
    notes: &[
        "{in_place?}{|}Of several rows with one {keys} the one with the {first} is taken.{/}",
        "Ties are broken by the values of all columns, so a repeated run keeps the same rows.",
    ],
};
