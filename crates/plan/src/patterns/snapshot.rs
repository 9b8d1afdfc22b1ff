//! SNAPSHOT: one full copy of the source per date.

use crate::columns;
use crate::model::WriteMode;
use crate::names::ColumnName;
use crate::patterns::{Context, PatternKind, written};
use crate::reader::{Need, Object, Reader};

/// Configuration of SNAPSHOT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The column that says which date a row belongs to. The load fills it.
    pub snapshot_date_column: ColumnName,
    /// Partition columns of a table that the plan creates, from here or from `target.partition_by`.
    pub partition_columns: Vec<ColumnName>,
}

pub(crate) fn read(reader: &mut Reader, config: &Object<'_>, context: &Context<'_>) -> Option<Snapshot> {
    context.write_modes(
        reader,
        PatternKind::Snapshot,
        &[WriteMode::Append, WriteMode::Overwrite, WriteMode::Merge],
        "",
    );
    context.two_tables(reader);
    let column = columns::one(reader, config, "snapshot_date_column", Need::Required);
    let path = config.path.key("snapshot_date_column");
    if let Some(column) = &column {
        columns::not_within(reader, context.columns, &path, column, "filled by the load");
    }
    let own: Vec<&ColumnName> = column.iter().collect();
    context.layout(reader, &own);
    let list = columns::list(reader, config, "partition_columns", Need::Optional, false);
    let path = config.path.key("partition_columns");
    if let Some(list) = &list {
        written(reader, context.columns, &path, list, &own);
        if !context.partition_by.is_empty() && context.partition_by != list.as_slice() {
            reader.error(
                "plan_layout_conflict",
                &path,
                "`partition_columns` and target.partition_by name different columns".to_owned(),
                "Keep one of the two.",
            );
        }
        if !context.cluster_by.is_empty() && !list.is_empty() {
            reader.error(
                "plan_partition_and_cluster",
                &path,
                "a table is either partitioned or clustered, not both".to_owned(),
                "Keep one of the two.",
            );
        }
    }
    Some(Snapshot {
        snapshot_date_column: column?,
        partition_columns: list.unwrap_or_else(|| context.partition_by.to_vec()),
    })
}
