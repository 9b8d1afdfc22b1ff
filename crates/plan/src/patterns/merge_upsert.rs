//! MERGE_UPSERT: one target row per key; known keys are updated, new keys are inserted.

use crate::columns;
use crate::model::WriteMode;
use crate::names::ColumnName;
use crate::patterns::{Context, DUPLICATE_KEYS, DuplicateKeys, OrderBy, PatternKind, read_order};
use crate::reader::{Need, Object, Path, Reader, shorten};

/// Configuration of MERGE_UPSERT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeUpsert {
    /// The key. NULL matches NULL.
    pub merge_keys: Vec<ColumnName>,
    /// What a matched row takes from the source; all columns but the keys if absent, nothing if empty.
    pub update_columns: Option<Vec<ColumnName>>,
    /// Target rows whose key the (filtered) source lacks are deleted. Schema 1.1; off if the plan does not say.
    pub delete_missing: bool,
    /// What happens with several source rows for one key. Schema 1.1.
    pub duplicate_keys: DuplicateKeys,
    /// Which of several source rows comes first. Schema 1.1.
    pub order_by: Vec<OrderBy>,
}

pub(crate) fn read(reader: &mut Reader, config: &Object<'_>, context: &Context<'_>) -> Option<MergeUpsert> {
    context.write_modes(reader, PatternKind::MergeUpsert, &[WriteMode::Merge], "rows are matched by key");
    context.two_tables(reader);
    context.layout(reader, &[]);
    let merge_keys = columns::list(reader, config, "merge_keys", Need::Required, true)
        .map(|list| columns::within(reader, context.columns, &config.path.key("merge_keys"), list));
    let update_columns = columns::list(reader, config, "update_columns", Need::Optional, false)
        .map(|list| columns::within(reader, context.columns, &config.path.key("update_columns"), list));
    if let (Some(keys), Some(updates)) = (&merge_keys, &update_columns) {
        no_keys(reader, &config.path.key("update_columns"), keys, updates);
    }
    let delete_missing =
        reader.choice(config, "hard_deletes", Need::Optional, &[("ignore", false), ("delete", true)]);
    let duplicate_keys = reader.choice(config, "duplicate_keys", Need::Optional, DUPLICATE_KEYS);
    let order_by = read_order(reader, config, Need::Optional, context.columns);
    Some(MergeUpsert {
        merge_keys: merge_keys?,
        update_columns,
        delete_missing: delete_missing.unwrap_or_default(),
        duplicate_keys: duplicate_keys.unwrap_or_default(),
        order_by: order_by.unwrap_or_default(),
    })
}

/// A key never changes: two rows match because their keys are equal.
pub(crate) fn no_keys(reader: &mut Reader, path: &Path<'_>, keys: &[ColumnName], updates: &[ColumnName]) {
    for (n, column) in updates.iter().enumerate() {
        if keys.contains(column) {
            reader.warn(
                "plan_key_updated",
                &path.index(n),
                format!("`{}` is a key; updating it changes nothing", shorten(column.as_str())),
                "Remove it from the list.",
            );
        }
    }
}
