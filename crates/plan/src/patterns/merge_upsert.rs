//! MERGE_UPSERT: one target row per key; known keys are updated, new keys are inserted.

use crate::model::WriteMode;
use crate::names::ColumnName;
use crate::patterns::{Check, DuplicateKeys, OrderBy, Pattern};
use crate::reader::Need;

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

pub(crate) fn read(check: &mut Check<'_, '_>) -> Pattern {
    check.write_modes(&[WriteMode::Merge], "rows are matched by key");
    check.two_tables();
    check.layout(&[]);
    let merge_keys = check.keys("merge_keys");
    let update_columns = check.updates(&merge_keys);
    let hard_deletes = check.choice("hard_deletes", Need::Optional, "ignore, delete");
    let duplicate_keys = check.duplicate_keys();
    let order_by = check.order(Need::Optional);
    Pattern::MergeUpsert(MergeUpsert {
        merge_keys,
        update_columns,
        delete_missing: hard_deletes == Some(1),
        duplicate_keys,
        order_by,
    })
}
