//! What all patterns share while a statement is being written.

use plan::{ColumnName, Date, NameSet, Plan, TableName, push_number};

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
    pub(crate) helpers: Vec<(&'static str, ColumnName)>,
    /// The date of the run, where a literal is known.
    date: Option<Date>,
    /// Folded names of columns that cannot be compared or sorted.
    opaque: NameSet,
}

/// Helper columns, by the names of their parts: number of a row within its key, a whole row as one value, what a row is
/// there for, and whether the key had a current version.
const HELPERS: [(&str, &str); 4] = [("rank", "n"), ("row", "row"), ("op", "op"), ("had", "had")];

/// Names for the helper columns that no column of the source has.
fn helpers(columns: &[ColumnName]) -> Vec<(&'static str, ColumnName)> {
    let mut prefix = "__gh_".to_owned();
    // Each column can take one prefix away, so one more than there are columns is enough.
    for n in 1..=columns.len() {
        let start = prefix.as_bytes();
        let taken = |c: &ColumnName| {
            c.as_str().as_bytes().get(..start.len()).is_some_and(|s| s.eq_ignore_ascii_case(start))
        };
        if !columns.iter().any(taken) {
            break;
        }
        prefix = "__gh".to_owned();
        push_number(&mut prefix, n as u64);
        prefix.push('_');
    }
    let mut names = Vec::new();
    for (part, suffix) in HELPERS {
        if let Ok(name) = ColumnName::parse(&[&prefix, suffix].concat()) {
            names.push((part, name));
        }
    }
    names
}

impl<'a> Build<'a> {
    pub(crate) fn new(
        plan: &'a Plan,
        options: &'a RenderOptions,
        predicates: Vec<Predicate>,
    ) -> Result<Self, SqlError> {
        if matches!(&options.run_time, RunTime::At(time) if !time.has_offset()) {
            return Err(SqlError::RunTimeWithoutOffset);
        }
        let date = match (&options.snapshot_date, &options.run_time) {
            (Some(date), _) => Some(*date),
            (None, RunTime::At(time)) => Some(time.utc_date().ok_or(SqlError::RunTimeOutOfRange)?),
            (None, _) => None,
        };
        let columns = plan.source.columns.as_deref().unwrap_or_default();
        let mut opaque = NameSet::default();
        for (column, kind) in &options.column_types {
            let has =
                |word: &[u8]| kind.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
            if has(b"map<") || has(b"variant") || kind.eq_ignore_ascii_case("map") {
                opaque.insert(column.as_str());
            }
        }
        Ok(Self { plan, options, predicates, helpers: helpers(columns), date, opaque })
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
