//! DEDUPLICATE (schema 1.1): of all rows with one key the first by a total order stays.

use crate::model::WriteMode;
use crate::names::ColumnName;
use crate::patterns::{Check, OrderBy, Pattern};
use crate::reader::{Need, Rule, error};

/// Configuration of DEDUPLICATE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deduplicate {
    /// The key. NULL equals NULL.
    pub key_columns: Vec<ColumnName>,
    /// Which row comes first; ties are broken by the values of all columns.
    pub order_by: Vec<OrderBy>,
    /// Source and target are one table, which is rewritten.
    pub in_place: bool,
}

const COLUMNS_IN_PLACE: Rule = error!(
    "plan_columns_in_place",
    "in place, a list of columns would empty the columns that are not on it",
    "Remove source.columns; every column of the table is kept then.",
);
const FILTER_IN_PLACE: Rule = error!(
    "plan_filter_in_place",
    "in place, a filter would delete every row that it does not let through",
    "Remove source.filter, or write to another table.",
);

pub(crate) fn read(check: &mut Check<'_, '_>) -> Pattern {
    check.write_modes(&[WriteMode::Overwrite], "the content is replaced by the rows that stay");
    check.layout(&[]);
    let in_place = check.same_table;
    if in_place && check.columns.is_some() {
        check.reader.report(&COLUMNS_IN_PLACE, &check.source, "columns", "");
    }
    if in_place && check.filtered {
        check.reader.report(&FILTER_IN_PLACE, &check.source, "filter", "");
    }
    let key_columns = check.keys("key_columns");
    let order_by = check.order(Need::Required);
    Pattern::Deduplicate(Deduplicate { key_columns, order_by, in_place })
}
