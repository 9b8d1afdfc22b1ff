//! What a query does, as plain data. As JSON the keys are the field names; that form is a contract with
//! `plan::suggest`, which reads it.

use serde::Serialize;

/// One query. Names of tables are in lower case without backticks, as Unity Catalog compares them; columns keep the
/// case they have in the query. Every list is in the order of the text and free of repetitions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Query {
    /// The tables that are read, CTEs and aliases resolved.
    pub tables: Vec<TableUse>,
    /// Names of the common table expressions.
    pub ctes: Vec<String>,
    /// Columns whose table cannot be told.
    pub unresolved: Vec<String>,
    /// Columns that are compared with a lower or upper bound.
    pub ranges: Vec<Range>,
    /// Columns that are compared with fixed values: `=`, `<=>`, `IN`.
    pub equals: Vec<ColumnRef>,
    /// `ROW_NUMBER` over a key.
    pub latest: Vec<LatestPerKey>,
    /// `GROUP BY`s with their aggregates.
    pub groupings: Vec<Grouping>,
    /// Pairs of columns that tables are joined on.
    pub joins: Vec<Join>,
    /// `MAX(column)`.
    pub maxima: Vec<MaxOf>,
    /// Other window functions than `ROW_NUMBER`, in lower case.
    pub windows: Vec<String>,
    /// Whether a `SELECT DISTINCT` is in it.
    pub distinct: bool,
    /// Whether the result is limited.
    pub limited: bool,
    /// Whether it is a union, an intersection or a difference.
    pub set_operation: bool,
}

/// One table that is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableUse {
    /// `catalog.schema.table`, or fewer parts if the query has fewer.
    pub name: String,
    /// Names it is called by in the query.
    pub aliases: Vec<String>,
    /// What it is read for.
    pub roles: Vec<Role>,
    /// Its columns that the query uses, as far as can be told.
    pub columns: Vec<String>,
}

/// What a table is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// First after `FROM`, also in a CTE or a derived table.
    From,
    /// Joined.
    Join,
    /// Read inside an expression, as in `WHERE x IN (SELECT …)`.
    Subquery,
}

impl Role {
    /// As in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::From => "from",
            Self::Join => "join",
            Self::Subquery => "subquery",
        }
    }
}

/// A column and the table it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ColumnRef {
    /// The table, in lower case; `None` if it cannot be told.
    pub table: Option<String>,
    /// The column.
    pub column: String,
}

/// A column with a bound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Range {
    /// The column.
    pub column: ColumnRef,
    /// Bounded from below.
    pub lower: bool,
    /// Bounded from above.
    pub upper: bool,
    /// What it is compared with; of two bounds the stronger hint.
    pub bound: Bound,
    /// The column whose maximum the bound is, for [`Bound::Maximum`].
    pub maximum: Option<ColumnRef>,
}

/// What a bounded column is compared with, weakest hint first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// Anything else, such as another column.
    Other,
    /// A literal or a parameter.
    Fixed,
    /// Something that moves with the clock, such as `current_date() - INTERVAL 7 DAYS`.
    Relative,
    /// The maximum of a column: `(SELECT MAX(ts) FROM target)`.
    Maximum,
}

impl Bound {
    /// As in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Fixed => "fixed",
            Self::Relative => "relative",
            Self::Maximum => "maximum",
        }
    }
}

/// `ROW_NUMBER() OVER (PARTITION BY … ORDER BY …)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LatestPerKey {
    /// The key.
    pub partition_by: Vec<ColumnRef>,
    /// What decides who is first.
    pub order_by: Vec<OrderColumn>,
    /// Whether the rows are filtered by the number.
    pub filtered: bool,
}

/// One column to order by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderColumn {
    /// The column.
    pub column: ColumnRef,
    /// Largest first.
    pub descending: bool,
}

/// One `GROUP BY`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Grouping {
    /// Plain columns.
    pub by: Vec<ColumnRef>,
    /// Columns cut to a unit of time.
    pub buckets: Vec<Bucket>,
    /// Plain aggregates.
    pub aggregates: Vec<Aggregate>,
    /// Whether everything that is grouped by and computed is in the three lists.
    pub complete: bool,
}

/// A column cut to a unit of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bucket {
    /// The column.
    pub column: ColumnRef,
    /// `hour`, `day`, `week`, `month`, `quarter` or `year`; `None` if redaction took it.
    pub grain: Option<&'static str>,
    /// The name it has in the result.
    pub alias: Option<String>,
}

/// One aggregate over a plain column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Aggregate {
    /// `count`, `count_distinct`, `sum`, `min`, `max` or `avg`.
    pub function: &'static str,
    /// The column; `None` for `COUNT(*)`.
    pub column: Option<ColumnRef>,
    /// The name it has in the result.
    pub alias: Option<String>,
}

/// Two columns that are equal in a join.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Join {
    /// The column on one side.
    pub left: ColumnRef,
    /// The column on the other side.
    pub right: ColumnRef,
}

/// `MAX(column)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MaxOf {
    /// The column.
    pub column: ColumnRef,
    /// Whether there is one maximum per group.
    pub grouped: bool,
}
