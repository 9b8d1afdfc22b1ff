//! The plan as typed values. A value of these types has passed validation, at least as far as its SQL goes.

use crate::canonical::PlanHash;
use crate::cron::QuartzCron;
use crate::names::{ColumnName, TableName};
use crate::patterns::Pattern;

/// The version of the plan schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SchemaVersion {
    /// SQLPilot's plan schema 1.0: five patterns.
    V1_0,
    /// 1.0 and three more patterns, and options for hard deletes and duplicate keys.
    V1_1,
}

impl SchemaVersion {
    /// `1.0` or `1.1`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
        }
    }
}

/// A plan whose SQL can be written.
///
/// Fields that only a run needs (owner, warehouse and the like) may still be open here; [`crate::Report::valid`]
/// tells whether they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Version of the schema.
    pub schema_version: SchemaVersion,
    /// Who, what and since when.
    pub metadata: Metadata,
    /// The load pattern with its configuration.
    pub pattern: Pattern,
    /// Where rows come from.
    pub source: Source,
    /// Where rows go to.
    pub target: Target,
    /// How it is run.
    pub execution: Execution,
    /// When it is run; by hand if absent.
    pub schedule: Option<Schedule>,
    /// What is checked before a run.
    pub rules: ValidationRules,
    /// The hash of the document that this plan was read from.
    pub hash: PlanHash,
}

/// `plan_metadata`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Metadata {
    /// UUID, lower case.
    pub plan_id: Option<String>,
    /// 3 to 64 of `a-z0-9_`.
    pub plan_name: Option<String>,
    /// At most 500 characters.
    pub description: Option<String>,
    /// Who answers for the plan.
    pub owner: Option<String>,
    /// RFC 3339.
    pub created_at: Option<String>,
    /// `major.minor.patch`.
    pub version: Option<String>,
    /// Free key-value pairs.
    pub tags: Vec<(String, String)>,
}

/// `source`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The table or view that is read.
    pub table: TableName,
    /// The columns that are read; all columns, whatever they are, if absent.
    pub columns: Option<Vec<ColumnName>>,
    /// A predicate over the source's columns, as text. Only `crates/sql` decides whether it is one.
    pub filter: Option<String>,
}

/// `target.write_mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteMode {
    /// Rows are added.
    Append,
    /// Rows are replaced.
    Overwrite,
    /// Rows are matched by key.
    Merge,
}

impl WriteMode {
    /// Every way.
    pub(crate) const ALL: [Self; 3] = [Self::Append, Self::Overwrite, Self::Merge];

    /// As it is written in a plan.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Append => "append",
            Self::Overwrite => "overwrite",
            Self::Merge => "merge",
        }
    }
}

/// `target`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The table that is written.
    pub table: TableName,
    /// How rows meet the rows that are there.
    pub write_mode: WriteMode,
    /// Partition columns of a table that the plan creates. Empty: none.
    pub partition_by: Vec<ColumnName>,
    /// Liquid clustering columns of a table that the plan creates. Empty: none.
    pub cluster_by: Vec<ColumnName>,
}

/// `execution_config`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution {
    /// The SQL warehouse.
    pub warehouse_id: Option<String>,
    /// Seconds, 60 to 86400; 3600 if the plan does not say.
    pub timeout_seconds: u64,
    /// 0 to 5; 3 if the plan does not say.
    pub max_retries: u64,
    /// Seconds, 10 to 600; 60 if the plan does not say.
    pub retry_delay_seconds: u64,
}

impl Default for Execution {
    fn default() -> Self {
        Self { warehouse_id: None, timeout_seconds: 3600, max_retries: 3, retry_delay_seconds: 60 }
    }
}

/// `schedule.type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScheduleKind {
    /// Somebody starts it.
    Manual,
    /// A Quartz expression starts it.
    Cron,
    /// Something outside starts it.
    Event,
}

/// `schedule`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// What starts a run.
    pub kind: ScheduleKind,
    /// The expression as text and as values; present for [`ScheduleKind::Cron`].
    pub cron: Option<(String, QuartzCron)>,
    /// Name of a time zone; `UTC` if the plan does not say. Whether the zone exists is not checked here.
    pub timezone: String,
    /// Whether it fires; `true` if the plan does not say.
    pub enabled: bool,
}

/// `validation_rules`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidationRules {
    /// A run stops before it writes if the source has no row; `true` if the plan does not say.
    pub check_source_not_empty: bool,
    /// A run stops before it writes if source and target columns do not fit; `true` if the plan does not say.
    pub check_schema_compatibility: bool,
    /// A run stops before it writes if it would take more rows than this; no limit if absent.
    pub max_rows_to_process: Option<u64>,
}

impl Default for ValidationRules {
    fn default() -> Self {
        Self { check_source_not_empty: true, check_schema_compatibility: true, max_rows_to_process: None }
    }
}
