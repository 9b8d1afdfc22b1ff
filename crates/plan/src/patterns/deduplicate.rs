//! DEDUPLICATE (schema 1.1): of all rows with one key the first by a total order stays.

use crate::columns;
use crate::model::WriteMode;
use crate::names::ColumnName;
use crate::patterns::{Context, OrderBy, PatternKind, read_order};
use crate::reader::{Need, Object, Reader};

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

pub(crate) fn read(reader: &mut Reader, config: &Object<'_>, context: &Context<'_>) -> Option<Deduplicate> {
    context.write_modes(
        reader,
        PatternKind::Deduplicate,
        &[WriteMode::Overwrite],
        "the content is replaced by the rows that stay",
    );
    context.layout(reader, &[]);
    if context.same_table && context.columns.is_some() {
        reader.error(
            "plan_columns_in_place",
            &context.source.key("columns"),
            "in place, a list of columns would empty the columns that are not on it".to_owned(),
            "Remove source.columns; every column of the table is kept then.",
        );
    }
    if context.same_table && context.filtered {
        reader.error(
            "plan_filter_in_place",
            &context.source.key("filter"),
            "in place, a filter would delete every row that it does not let through".to_owned(),
            "Remove source.filter, or write to another table.",
        );
    }
    let path = config.path.key("key_columns");
    let key_columns = columns::list(reader, config, "key_columns", Need::Required, true)
        .map(|list| columns::within(reader, context.columns, &path, list));
    let order_by = read_order(reader, config, Need::Required, context.columns);
    Some(Deduplicate { key_columns: key_columns?, order_by: order_by?, in_place: context.same_table })
}
