//! SNAPSHOT: one full copy of the source per date.

use std::slice;

use crate::model::WriteMode;
use crate::names::ColumnName;
use crate::patterns::{Check, PARTITION_AND_CLUSTER, Pattern};

/// Configuration of SNAPSHOT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The column that says which date a row belongs to. The load fills it.
    pub snapshot_date_column: ColumnName,
    /// Partition columns of a table that the plan creates, from here or from `target.partition_by`.
    pub partition_columns: Vec<ColumnName>,
}

pub(crate) fn read(check: &mut Check<'_, '_>) -> Pattern {
    check.write_modes(&[WriteMode::Append, WriteMode::Overwrite, WriteMode::Merge], "");
    check.two_tables();
    let column = check.filled("snapshot_date_column", None);
    let own = slice::from_ref(&column);
    check.layout(own);
    let given = check.config.has("partition_columns");
    let partition_columns = check.own_layout("partition_columns", "partition_by", check.partition_by, own);
    if given && !check.cluster_by.is_empty() && !partition_columns.is_empty() {
        check.report(&PARTITION_AND_CLUSTER, "partition_columns", "");
    }
    Pattern::Snapshot(Snapshot { snapshot_date_column: column, partition_columns })
}
