//! FULL_REPLACE: afterwards the target holds exactly the filtered source.
//!
//! `CREATE OR REPLACE TABLE ... AS` is one commit: readers see the old table until it is done, a failing query leaves
//! the old table, and history, grants and the table's id survive. Dropping and creating does none of that, see
//! <https://docs.databricks.com/tables/operations/drop-table.html>.

use plan::{FullReplace, RefreshMode, TableFormat};

use super::{Query, Recipe, Texts, layout};
use crate::build::Build;
use crate::explain::Effect;
use crate::guard::Shape;
use crate::lineage::Derived;
use crate::template::{Part, Parts};

pub(super) fn recipe<'a>(config: &'a FullReplace, build: &'a Build<'a>, mut parts: Parts<'a>) -> Recipe<'a> {
    for name in ["partition", "cluster", "clustered_later"] {
        parts.remove(name);
    }
    layout(&mut parts, build, &config.partition_columns, &config.cluster_columns);
    parts.flag("iceberg", config.table_format == TableFormat::Iceberg);
    parts.flag("staging", config.refresh_mode == RefreshMode::Staging);
    if !config.table_properties.is_empty() {
        parts.set("properties", Part::Properties(&config.table_properties));
    }
    Recipe { load: LOAD, shape: Shape::CreateOrReplace, parts, texts: &TEXTS }
}

const LOAD: &str = "CREATE OR REPLACE TABLE {target}
USING {iceberg?}ICEBERG{|}DELTA{/}{layout}{properties?}
TBLPROPERTIES (
  {properties:2}
){/}
AS SELECT {select:2}
FROM {source}{filter}";

/// In place of the load: build the new content beside the target, look at it, publish it. The first has the staging
/// table as its target, the last as its source.
pub(crate) const STAGING: [Query; 3] = [
    Query { name: "build", purpose: "Builds the new content beside the target.", when: "", sql: LOAD },
    Query {
        name: "compare",
        purpose: "Counts new and old rows. Needs a target.",
        when: "",
        sql: "SELECT (SELECT COUNT(*) FROM {source}) AS `new_rows`,
  (SELECT COUNT(*) FROM {target}) AS `old_rows`",
    },
    Query {
        name: "publish",
        purpose: "Replaces the target by what was built, in one commit.",
        when: "",
        sql: LOAD,
    },
];

const TEXTS: Texts = Texts {
    creates_target: true,
    layout: "",
    previews: &[
        Query {
            name: "rows",
            purpose: "Counts the rows that the target would have.",
            when: "",
            sql: "SELECT COUNT(*) AS `rows_to_insert`\nFROM {source}{filter}",
        },
        Query {
            name: "old_rows",
            purpose: "Counts the rows that would be replaced; fails if there is no target yet.",
            when: "",
            sql: "SELECT COUNT(*) AS `rows_to_delete`\nFROM {target}",
        },
    ],
    lineage: &[Derived::Copied("columns")],
    summary: "Replaces the whole content of {target} by {source}.",
    effects: &[(
        Effect::Replaces,
        "Every row of the target, and its columns, are REPLACED; rows that the (filtered) source lacks are gone. Readers see the old table until the new one is complete. An empty source gives an empty table.",
    )],
    notes: &[
        "A target that does not exist yet is created.",
        "{staging?}The load itself is atomic, so no second table is needed; the staging statements are for whoever wants to look at the new content before it is published.{/}",
    ],
};
