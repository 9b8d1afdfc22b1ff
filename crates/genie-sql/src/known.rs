//! What the caller knows about tables already.

use std::collections::{BTreeMap, BTreeSet};

/// Columns of tables, so that a column without a qualifier finds its table in a join.
#[derive(Debug, Clone, Default)]
pub struct Known(BTreeMap<String, BTreeSet<String>>);

impl Known {
    /// Adds a table by its full name, `catalog.schema.table` without backticks, with its columns.
    #[must_use]
    pub fn table<'a>(mut self, name: &str, columns: impl IntoIterator<Item = &'a str>) -> Self {
        self.0.entry(name.to_lowercase()).or_default().extend(columns.into_iter().map(str::to_lowercase));
        self
    }

    /// Whether the table has the column; `None` if nothing is known about the table. Both names in lower case.
    pub(crate) fn has(&self, table: &str, column: &str) -> Option<bool> {
        let columns = self.0.get(table).filter(|columns| !columns.is_empty())?;
        Some(columns.contains(column))
    }
}
