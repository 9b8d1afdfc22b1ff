//! What a rendering depends on beside the plan.

use plan::{ColumnName, Date, Timestamp};

/// Where the time of a run comes from.
///
/// A retry after midnight must write the same slice as the run it repeats, and a preview must show what a run does:
/// that is why a run should get its time from its execution record and not ask for it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum RunTime {
    /// The statement asks once, by `current_timestamp()` and `current_date()`: constant within the statement,
    /// different in a retry. The default, because equal plans must give equal text.
    #[default]
    Statement,
    /// A literal. Needs an offset from UTC.
    At(Timestamp),
    /// The parameter markers `:run_time` and `:snapshot_date`, both strings, filled in by the job.
    Parameter,
}

/// What the SQL warehouse is known to understand. Everything is off unless somebody looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Runtime {
    /// `CLUSTER BY` in `CREATE TABLE`: Databricks yes, other engines no. Without it, clustering is a statement of
    /// its own behind the load.
    pub cluster_by: bool,
    /// `INSERT INTO t BY NAME REPLACE WHERE`: SQL warehouses and Databricks Runtime 18 or later. Cheaper for a
    /// snapshot of a large table than the MERGE that runs everywhere.
    pub replace_where_by_name: bool,
}

/// Options of [`crate::render`]. Equal plans and equal options give equal bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RenderOptions {
    /// The time of the run.
    pub run_time: RunTime,
    /// The date of a snapshot; the UTC date of the run time if absent. Give it if days begin at another midnight.
    pub snapshot_date: Option<Date>,
    /// The Genie session for the header; the plan's tag `genie_session_id` if absent.
    pub genie_session: Option<String>,
    /// The target's columns in their order, if the catalog was asked.
    pub target_columns: Option<Vec<ColumnName>>,
    /// Types of source columns, if the catalog was asked. Maps and variants cannot be compared or sorted and are
    /// taken as JSON text there.
    pub column_types: Vec<(ColumnName, String)>,
    /// What the warehouse understands.
    pub runtime: Runtime,
}
