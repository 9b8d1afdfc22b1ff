//! What all patterns share while a statement is being written.

use plan::{ColumnName, Date, NameSet, OrderBy, Plan, TableName};

use crate::error::SqlError;
use crate::options::{RenderOptions, RunTime};
use crate::predicate::Predicate;
use crate::text::{Literal, Sql};

/// What columns a query gives.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    /// The source columns and nothing else.
    Exact,
    /// The source columns and, if their names are known, the rank.
    WithRank,
}

/// Comparisons in one bracketed group.
const GROUP: usize = 24;

/// A plan, options and everything that follows from them.
pub(crate) struct Build<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) options: &'a RenderOptions,
    /// `source.filter` and `filter_condition`, checked.
    pub(crate) predicates: Vec<Predicate>,
    pub(crate) names: Names,
    /// The date of the run, where a literal is known.
    date: Option<Date>,
    /// Folded names of columns that cannot be compared or sorted.
    opaque: NameSet,
}

/// Names of helper columns. None of them is a column of the source.
pub(crate) struct Names {
    /// Number of a row within its key.
    pub(crate) rank: ColumnName,
    /// A whole row as one value.
    pub(crate) row: ColumnName,
    /// What a row is there for.
    pub(crate) op: ColumnName,
    /// Whether the key had a current version.
    pub(crate) had: ColumnName,
}

impl Names {
    fn new(columns: &[ColumnName]) -> Option<Self> {
        let taken = |prefix: &str| {
            columns
                .iter()
                .any(|c| c.as_str().get(..prefix.len()).is_some_and(|s| s.eq_ignore_ascii_case(prefix)))
        };
        let prefix = (0..=columns.len())
            .map(|n| if n == 0 { "__gh_".to_owned() } else { format!("__gh{n}_") })
            .find(|prefix| !taken(prefix))?;
        let name = |suffix: &str| ColumnName::parse(&format!("{prefix}{suffix}")).ok();
        Some(Self { rank: name("n")?, row: name("row")?, op: name("op")?, had: name("had")? })
    }
}

impl<'a> Build<'a> {
    pub(crate) fn new(
        plan: &'a Plan,
        options: &'a RenderOptions,
        predicates: Vec<Predicate>,
    ) -> Result<Self, SqlError> {
        let date = match (&options.snapshot_date, &options.run_time) {
            (Some(date), _) => Some(*date),
            (None, RunTime::At(time)) if !time.has_offset() => return Err(SqlError::RunTimeWithoutOffset),
            (None, RunTime::At(time)) => Some(time.utc_date().ok_or(SqlError::RunTimeOutOfRange)?),
            (None, _) => None,
        };
        if matches!(&options.run_time, RunTime::At(time) if !time.has_offset()) {
            return Err(SqlError::RunTimeWithoutOffset);
        }
        let columns = plan.source.columns.as_deref().unwrap_or_default();
        let guard = SqlError::Guard { rule: "helper_names", at: 0 };
        let names = Names::new(columns).ok_or(guard)?;
        let opaque = NameSet::of(
            options
                .column_types
                .iter()
                .filter(|(_, kind)| {
                    let kind = kind.to_ascii_lowercase();
                    kind.contains("map<") || kind.contains("variant") || kind == "map"
                })
                .map(|(column, _)| column),
        );
        Ok(Self { plan, options, predicates, names, date, opaque })
    }

    pub(crate) fn source(&self) -> &'a TableName {
        &self.plan.source.table
    }

    pub(crate) fn target(&self) -> &'a TableName {
        &self.plan.target.table
    }

    pub(crate) fn columns(&self) -> Option<&'a [ColumnName]> {
        self.plan.source.columns.as_deref()
    }

    /// The columns that are not in `keys`.
    pub(crate) fn others<'c>(columns: &'c [ColumnName], keys: &[ColumnName]) -> Vec<&'c ColumnName> {
        let keys = NameSet::of(keys);
        columns.iter().filter(|c| !keys.contains(c)).collect()
    }

    fn is_opaque(&self, column: &ColumnName) -> bool {
        !self.opaque.is_empty() && self.opaque.contains(column)
    }

    /// An estimate that saves a wide statement from growing in steps.
    pub(crate) fn sql(&self) -> Sql {
        let names: usize = self.columns().unwrap_or_default().iter().map(|c| c.as_str().len() + 8).sum();
        Sql::with_capacity(1024 + 10 * names)
    }

    /// The time of the run as a TIMESTAMP.
    pub(crate) fn run_time(&self, sql: &mut Sql) {
        match &self.options.run_time {
            RunTime::Statement => sql.push("current_timestamp()"),
            RunTime::At(time) => sql.literal(Literal::Timestamp(time)),
            RunTime::Parameter => sql.push("CAST(:run_time AS TIMESTAMP)"),
        };
    }

    /// The date of the run as a DATE.
    pub(crate) fn run_date(&self, sql: &mut Sql) {
        match (self.date, &self.options.run_time) {
            (Some(date), _) => sql.literal(Literal::Date(date)),
            (None, RunTime::Parameter) => sql.push("CAST(:snapshot_date AS DATE)"),
            (None, _) => sql.push("current_date()"),
        };
    }

    /// The date of the run, if it is known now.
    pub(crate) fn known_date(&self) -> Option<Date> {
        self.date
    }

    /// `WHERE` with the plan's predicates, each in parentheses. Returns whether anything was written.
    pub(crate) fn filter(&self, sql: &mut Sql, indent: usize) -> bool {
        for (n, predicate) in self.predicates.iter().enumerate() {
            sql.line(indent).push(if n == 0 { "WHERE " } else { "  AND " }).predicate(predicate);
        }
        !self.predicates.is_empty()
    }

    /// `a.x <=> b.x AND ...` for change detection.
    ///
    /// Many columns come in bracketed groups: a chain of hundreds of ANDs is one deep tree to an engine that does not
    /// flatten it, and the work on such a tree grows faster than its size.
    pub(crate) fn unchanged(
        &self,
        sql: &mut Sql,
        a: &'static str,
        b: &'static str,
        columns: &[&ColumnName],
        indent: usize,
    ) {
        let same = |sql: &mut Sql, columns: &[&ColumnName]| {
            sql.list(columns, " AND", indent, |sql, column| {
                if self.is_opaque(column) {
                    sql.push("to_json(").of(a, column).push(") <=> to_json(").of(b, column).push(")");
                } else {
                    sql.of(a, column).push(" <=> ").of(b, column);
                }
            });
        };
        if columns.len() <= GROUP {
            same(sql, columns);
            return;
        }
        sql.list(columns.chunks(GROUP), " AND", indent, |sql, group| {
            sql.push("(");
            same(sql, group);
            sql.push(")");
        });
    }

    /// Source columns, or `*`.
    pub(crate) fn select_list(&self, sql: &mut Sql, indent: usize) {
        match self.columns() {
            Some(columns) => sql.columns(columns, indent),
            None => sql.push("*"),
        };
    }

    /// The source, filtered, with one row per key: the first by `order`, then by the values of all columns.
    ///
    /// A MERGE whose source has two rows for one key fails if the key is in the target, and inserts both if it is
    /// not (<https://docs.databricks.com/sql/language-manual/delta-merge-into.html>); so its source must be unique.
    #[expect(
        clippy::too_many_arguments,
        reason = "patterns differ in each of them, and a struct would only rename them"
    )]
    pub(crate) fn unique_source(
        &self,
        sql: &mut Sql,
        indent: usize,
        keys: &[ColumnName],
        order: &[OrderBy],
        duplicates: plan::DuplicateKeys,
        shape: Shape,
        more: impl FnOnce(&mut Sql, usize, bool),
    ) {
        let fail = duplicates == plan::DuplicateKeys::Fail;
        let names = &self.names;
        sql.push("SELECT ");
        match (self.columns(), shape) {
            // The rank comes along; whoever reads this names the columns that it takes.
            (Some(_), Shape::WithRank) => sql.push("*"),
            (Some(columns), Shape::Exact) => sql.columns(columns, indent + 2),
            (None, _) => sql.column(&names.row).push(".*"),
        };
        sql.row(indent, "FROM (").row(indent + 2, "SELECT ");
        match self.columns() {
            Some(columns) => sql.columns(columns, indent + 4),
            None => sql.push("struct(*) AS ").column(&names.row),
        };
        sql.push(",").line(indent + 4);
        sql.push(if fail { "COUNT(*) OVER (PARTITION BY " } else { "ROW_NUMBER() OVER (PARTITION BY " });
        sql.columns(keys, indent + 6);
        if !fail {
            sql.push(" ORDER BY ");
            self.total_order(sql, indent + 6, keys, order);
        }
        sql.push(") AS ").column(&names.rank);
        sql.row(indent + 2, "FROM ").table(self.source());
        let filtered = self.filter(sql, indent + 2);
        more(sql, indent + 2, filtered);
        sql.row(indent, ")").row(indent, "WHERE ");
        if fail {
            // An error inside the statement: nothing is written, and there is no gap between check and load.
            sql.push("CASE WHEN ")
                .column(&names.rank)
                .push(" > 1 THEN raise_error('duplicate key in the source') ELSE TRUE END");
        } else {
            sql.column(&names.rank).push(" = 1");
        }
    }

    /// `ORDER BY` items that leave no two different rows in any order: first `order`, then everything else.
    pub(crate) fn total_order(&self, sql: &mut Sql, indent: usize, keys: &[ColumnName], order: &[OrderBy]) {
        let mut first = true;
        sql.list(order, ",", indent, |sql, item| {
            sql.column(&item.column);
            sql.push(if item.descending { " DESC NULLS LAST" } else { " ASC NULLS LAST" });
            first = false;
        });
        let Some(columns) = self.columns() else {
            // Rows that give the same JSON are the same row for every purpose here.
            sql.push(if first { "" } else { ", " }).push("to_json(struct(*)) DESC");
            return;
        };
        let used: Vec<ColumnName> =
            keys.iter().cloned().chain(order.iter().map(|o| o.column.clone())).collect();
        let rest = Self::others(columns, &used);
        if rest.is_empty() && first {
            // Only keys: the rows of a key are all alike, and ROW_NUMBER still wants an order.
            sql.columns(keys, indent);
            return;
        }
        if !rest.is_empty() && !first {
            sql.push(", ");
        }
        sql.list(rest, ",", indent, |sql, column| {
            if self.is_opaque(column) {
                sql.push("to_json(").column(column).push(")");
            } else {
                sql.column(column);
            }
            // Where NULL goes does not matter for a tie-break, and on Databricks it goes last.
            sql.push(" DESC");
        });
    }

    /// `UPDATE SET x = s.x, ...`
    pub(crate) fn update<'c>(sql: &mut Sql, columns: impl IntoIterator<Item = &'c ColumnName>) {
        sql.push("UPDATE SET").line(4);
        sql.list(columns, ",", 4, |sql, column| {
            sql.column(column).push(" = ").of("s", column);
        });
    }

    /// `WHEN NOT MATCHED THEN INSERT (x, ...) VALUES (s.x, ...)`, by name; without a list of columns, `INSERT *`.
    pub(crate) fn insert<'c>(
        sql: &mut Sql,
        columns: Option<impl IntoIterator<Item = &'c ColumnName> + Clone>,
    ) {
        sql.row(0, "WHEN NOT MATCHED THEN INSERT");
        match columns {
            None => {
                sql.push(" *");
            }
            Some(columns) => {
                sql.push(" (").line(4).columns(columns.clone(), 4).row(2, ") VALUES (");
                sql.line(4).columns_of("s", columns, 4).row(2, ")");
            }
        }
    }
}
