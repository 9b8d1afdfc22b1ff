//! What all patterns share while a statement is being written.

use plan::{ColumnName, Date, NameSet, Plan, TableName};

use crate::error::SqlError;
use crate::options::{RenderOptions, RunTime};
use crate::predicate::Predicate;
use crate::text::Sql;

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
        let mut prefix = "__gh_".to_owned();
        for n in 1..=columns.len() {
            if !taken(&prefix) {
                break;
            }
            prefix = ["__gh", &n.to_string(), "_"].concat();
        }
        if taken(&prefix) {
            return None;
        }
        let name = |suffix: &str| ColumnName::parse(&[&prefix, suffix].concat()).ok();
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
        let mut opaque = NameSet::default();
        for (column, kind) in &options.column_types {
            let has =
                |word: &[u8]| kind.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
            if has(b"map<") || has(b"variant") || kind.eq_ignore_ascii_case("map") {
                opaque.insert(column.as_str());
            }
        }
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
    pub(crate) fn others<'c>(columns: &'c [ColumnName], keys: &[&ColumnName]) -> Vec<&'c ColumnName> {
        let mut taken = NameSet::default();
        for key in keys {
            taken.insert(key.as_str());
        }
        let mut others = Vec::new();
        for column in columns {
            if !taken.contains(column) {
                others.push(column);
            }
        }
        others
    }

    /// An estimate that saves a wide statement from growing in steps.
    pub(crate) fn sql(&self) -> Sql {
        let names: usize = self.columns().unwrap_or_default().iter().map(|c| c.as_str().len() + 8).sum();
        Sql::with_capacity(1024 + 10 * names)
    }

    /// The date of the run, if it is known now.
    pub(crate) fn known_date(&self) -> Option<Date> {
        self.date
    }

    /// `WHERE` with the plan's predicates, each in parentheses and in a line of its own.
    pub(crate) fn filter(&self, sql: &mut Sql, indent: usize) {
        for (n, predicate) in self.predicates.iter().enumerate() {
            sql.line(indent);
            sql.push(if n == 0 { "WHERE " } else { "  AND " });
            sql.predicate(predicate);
        }
    }

    /// A column as something that can be compared and sorted.
    pub(crate) fn comparable(&self, sql: &mut Sql, alias: &'static str, column: &ColumnName) {
        if !self.opaque.is_empty() && self.opaque.contains(column) {
            sql.push("to_json(");
            sql.of(alias, column);
            sql.push(")");
        } else {
            sql.of(alias, column);
        }
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
        let grouped = columns.len() > GROUP;
        sql.list(columns.chunks(GROUP), " AND", indent, |sql, group| {
            sql.push(if grouped { "(" } else { "" });
            sql.list(group, " AND", indent, |sql, column| {
                self.comparable(sql, a, column);
                sql.push(" <=> ");
                self.comparable(sql, b, column);
            });
            sql.push(if grouped { ")" } else { "" });
        });
    }
}
