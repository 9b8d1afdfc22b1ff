//! SURROGATE_KEY: every new business key gets a key of its own; known keys keep theirs.

use std::slice;

use plan::{KeyMethod, SurrogateKey};

use super::{DUPLICATES, LAYOUT, Query, ROWS, Recipe, Texts, updates};
use crate::build::Build;
use crate::explain::Effect;
use crate::guard::Shape;
use crate::lineage::Derived;
use crate::template::{Part, Parts, ordered};

pub(super) fn recipe<'a>(config: &'a SurrogateKey, build: &'a Build<'a>, mut parts: Parts<'a>) -> Recipe<'a> {
    let key = &config.surrogate_key_column;
    updates(&mut parts, build, &config.business_keys, Some(&config.update_columns));
    parts.join("given", &[&config.update_columns]);
    parts.join("inserted", &[slice::from_ref(key), build.columns().unwrap_or_default()]);
    parts.set("order", ordered(&[]));
    parts.column(if config.key_method == KeyMethod::Hash { "hashed" } else { "numbered" }, key);
    parts.column("key", key);
    parts.set("hash", Part::Text(HASH));
    parts.set("sorted", Part::Text("{incoming.it} ASC NULLS FIRST"));
    parts.set("added", Part::Text(",\n  CAST(NULL AS {hashed?}STRING{|}BIGINT{/}) AS {key}"));
    Recipe { load: LOAD, shape: Shape::Merge { deletes: false }, parts, texts: &TEXTS }
}

const LOAD: &str = "MERGE INTO {target} AS t
USING (
  WITH incoming AS (
    {unique:4}
  )
  SELECT {incoming.columns:4},
    {hashed?}sha2(concat({keys@hash:6}), 256) AS {key}
  FROM incoming{|}COALESCE((SELECT MAX({w.key}) FROM {target} AS w), 0) + ROW_NUMBER() OVER (ORDER BY {keys@sorted:6}) AS {key}
  FROM incoming
  LEFT ANTI JOIN {target} AS d ON {d=incoming.keys:5}{given?}
  UNION ALL
  SELECT {incoming.columns:4},
    CAST(NULL AS BIGINT) AS {key}
  FROM incoming
  LEFT SEMI JOIN {target} AS d ON {d=incoming.keys:5}{/}{/}
) AS s
ON {t=s.keys:3}{update}{insert}";

/// Every part is marked as NULL or given with its length, so that no two different keys give the same text:
/// ('a', 'bc') and ('ab', 'c'), or NULL and ''.
const HASH: &str = "COALESCE(concat('v', CAST(length(CAST({incoming.it} AS STRING)) AS STRING), ':', CAST({incoming.it} AS STRING)), 'n')";

const TEXTS: Texts = Texts {
    creates_target: false,
    layout: LAYOUT,
    previews: &[Query { name: "rows", purpose: ROWS, when: "", sql: "{changes}" }, DUPLICATES],
    lineage: &[
        Derived::Made("numbered", "", "a running number"),
        Derived::Made("hashed", "keys", "SHA-256 of the business key"),
        Derived::Copied("columns"),
    ],
    summary: "Gives every {keys} of {source} a {key} of its own in {target}.",
    effects: &[
        (Effect::Adds, "A new {keys} is added with {hashed?}its SHA-256{|}the next free number{/} as {key}."),
        (
            Effect::Updates,
            "{given?}A row with a known {keys} takes {given} from the source and keeps its {key}.{/}",
        ),
    ],
    notes: &[
        "{given?}{|}Rows with a known {keys} are not touched.{/}",
        "{numbered?}Numbers are dense only if one run writes the table at a time.{/}",
    ],
};
