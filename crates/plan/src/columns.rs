//! Lists of column names in a document, and the set of source columns that other lists are checked against.

use std::collections::HashMap;

use serde_json::Value;

use crate::names::{ColumnName, has_invisible};
use crate::reader::{Need, Object, Path, Reader, shorten};

/// More columns than any table has.
pub(crate) const MAX_COLUMNS: usize = 10_000;

/// The columns that a list may choose from, by folded name.
pub(crate) struct ColumnSet {
    spelling: HashMap<String, ColumnName>,
}

impl ColumnSet {
    pub(crate) fn new(columns: &[ColumnName]) -> Self {
        Self { spelling: columns.iter().map(|c| (c.folded().into_owned(), c.clone())).collect() }
    }

    /// The column as the list of source columns spells it.
    pub(crate) fn find(&self, column: &ColumnName) -> Option<&ColumnName> {
        self.spelling.get(column.folded().as_ref())
    }
}

pub(crate) fn column(reader: &mut Reader, path: &Path<'_>, text: &str) -> Option<ColumnName> {
    if has_invisible(text) {
        reader.warn(
            "plan_name_invisible",
            path,
            format!("the name `{}` has invisible characters", shorten(text)),
            "Make sure that this is the column you mean; such characters can make two names look alike.",
        );
    }
    ColumnName::parse(text)
        .map_err(|e| {
            reader.error(
                e.code(),
                path,
                format!("`{}` is not a column name: {e}", shorten(text)),
                "Give the name without quotes, as the table has it.",
            );
        })
        .ok()
}

/// One column name under `key`.
pub(crate) fn one(reader: &mut Reader, object: &Object<'_>, key: &str, need: Need) -> Option<ColumnName> {
    let text = reader.text(object, key, need)?;
    column(reader, &object.path.key(key), text)
}

/// A list of column names under `key` without repetitions. `None` if it is absent or if any name is wrong: no rule
/// should be judged on half a list.
pub(crate) fn list(
    reader: &mut Reader,
    object: &Object<'_>,
    key: &str,
    need: Need,
    at_least_one: bool,
) -> Option<Vec<ColumnName>> {
    let items = reader.list(object, key, need)?;
    let path = object.path.key(key);
    if items.is_empty() && at_least_one {
        reader.error(
            "plan_empty_list",
            &path,
            format!("`{key}` is empty"),
            "Name at least one column, or leave the key out if it is optional.",
        );
        return None;
    }
    if items.len() > MAX_COLUMNS {
        reader.error(
            "plan_too_many",
            &path,
            format!("`{key}` has {} columns, {MAX_COLUMNS} are allowed", items.len()),
            "Split the table.",
        );
        return None;
    }
    let mut columns = Vec::with_capacity(items.len());
    let mut seen = HashMap::with_capacity(items.len());
    let mut complete = true;
    for (n, item) in items.iter().enumerate() {
        let at = path.index(n);
        let Value::String(text) = item else {
            reader.wrong_item(&at, "a column name", item);
            complete = false;
            continue;
        };
        let Some(column) = column(reader, &at, text) else {
            complete = false;
            continue;
        };
        if let Some(first) = seen.insert(column.folded().into_owned(), n) {
            reader.error(
                "plan_duplicate_column",
                &at,
                format!("`{}` is in the list already, at position {first}", shorten(text)),
                "Remove one of the two; column names are compared without case.",
            );
            complete = false;
            continue;
        }
        columns.push(column);
    }
    complete.then_some(columns)
}

/// Checks that every column of a list is among the source columns, if those are known, and gives the list in the
/// spelling of the source.
pub(crate) fn within(
    reader: &mut Reader,
    known: Option<&ColumnSet>,
    path: &Path<'_>,
    columns: Vec<ColumnName>,
) -> Vec<ColumnName> {
    let Some(known) = known else { return columns };
    columns
        .into_iter()
        .enumerate()
        .map(|(n, column)| one_within(reader, Some(known), &path.index(n), column))
        .collect()
}

pub(crate) fn one_within(
    reader: &mut Reader,
    known: Option<&ColumnSet>,
    path: &Path<'_>,
    column: ColumnName,
) -> ColumnName {
    let Some(known) = known else { return column };
    if let Some(found) = known.find(&column) {
        return found.clone();
    }
    reader.error(
        "plan_column_not_in_source",
        path,
        format!("`{}` is not in source.columns", shorten(column.as_str())),
        "Add it to source.columns, or choose a column that is there.",
    );
    column
}

/// A column that the load itself fills must not come from the source too.
pub(crate) fn not_within(
    reader: &mut Reader,
    known: Option<&ColumnSet>,
    path: &Path<'_>,
    column: &ColumnName,
    what: &str,
) {
    if known.is_some_and(|known| known.find(column).is_some()) {
        reader.error(
            "plan_column_in_source",
            path,
            format!("`{}` is {what}, and source.columns has it too", shorten(column.as_str())),
            "Take it out of source.columns, or choose another name.",
        );
    }
}
