//! Lists of column names in a document, and the set of source columns that other lists are checked against.

use handoff::Value;

use crate::names::{ColumnName, NameSet, has_invisible};
use crate::reader::{Need, Object, Path, Reader, shorten};

/// More columns than any table has.
pub(crate) const MAX_COLUMNS: usize = 10_000;

/// The columns that a list may choose from, by folded name.
pub(crate) struct ColumnSet {
    columns: Vec<ColumnName>,
    names: NameSet,
}

impl ColumnSet {
    /// The source columns of a plan, with the set in which the list was checked for repetitions.
    pub(crate) fn new(columns: &[ColumnName], names: NameSet) -> Self {
        Self { columns: columns.to_vec(), names }
    }

    /// The column as the list of source columns spells it.
    pub(crate) fn find(&self, column: &ColumnName) -> Option<&ColumnName> {
        self.columns.get(self.names.position(column)?)
    }
}

#[inline(never)]
pub(crate) fn column(reader: &mut Reader, path: &Path<'_>, text: &str) -> Option<ColumnName> {
    if has_invisible(text) {
        reader.warn(
            "plan_name_invisible",
            path,
            "the name `{}` has invisible characters",
            text,
            "Make sure that this is the column you mean; such characters can make two names look alike.",
        );
    }
    ColumnName::parse(text)
        .map_err(|e| {
            reader.error_text(
                e.code(),
                path,
                format!("`{}` is not a column name: {e}", shorten(text)),
                "Give the name without quotes, as the table has it.",
            );
        })
        .ok()
}

/// One column name under `key`.
#[inline(never)]
pub(crate) fn one(reader: &mut Reader, object: &Object<'_>, key: &str, need: Need) -> Option<ColumnName> {
    let text = reader.text(object, key, need)?;
    column(reader, &object.path.key(key), text)
}

/// A list of column names under `key` without repetitions. `None` if it is absent or if any name is wrong: no rule
/// should be judged on half a list.
#[inline(never)]
pub(crate) fn list(
    reader: &mut Reader,
    object: &Object<'_>,
    key: &str,
    need: Need,
    at_least_one: bool,
) -> Option<Vec<ColumnName>> {
    list_with_set(reader, object, key, need, at_least_one).map(|(list, _)| list)
}

/// The same, with the set of the names; positions in the set are positions in the list.
#[inline(never)]
pub(crate) fn list_with_set(
    reader: &mut Reader,
    object: &Object<'_>,
    key: &str,
    need: Need,
    at_least_one: bool,
) -> Option<(Vec<ColumnName>, NameSet)> {
    let items = reader.list(object, key, need)?;
    let path = object.path.key(key);
    if items.is_empty() && at_least_one {
        reader.error(
            "plan_empty_list",
            &path,
            "`{}` is empty",
            key,
            "Name at least one column, or leave the key out if it is optional.",
        );
        return None;
    }
    if items.len() > MAX_COLUMNS {
        reader.error_text(
            "plan_too_many",
            &path,
            format!("`{key}` has {} columns, {MAX_COLUMNS} are allowed", items.len()),
            "Split the table.",
        );
        return None;
    }
    let mut columns = Vec::with_capacity(items.len());
    let mut seen = NameSet::default();
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
        if let Some(first) = seen.insert(text) {
            reader.error_text(
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
    complete.then_some((columns, seen))
}

/// Checks that every column of a list is among the source columns, if those are known, and gives the list in the
/// spelling of the source.
#[inline(never)]
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

#[inline(never)]
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
        "`{}` is not in source.columns",
        column.as_str(),
        "Add it to source.columns, or choose a column that is there.",
    );
    column
}

/// A column that the load itself fills must not come from the source too.
#[inline(never)]
pub(crate) fn not_within(
    reader: &mut Reader,
    known: Option<&ColumnSet>,
    path: &Path<'_>,
    column: &ColumnName,
    what: &str,
) {
    if known.is_some_and(|known| known.find(column).is_some()) {
        reader.error_text(
            "plan_column_in_source",
            path,
            format!("`{}` is {what}, and source.columns has it too", shorten(column.as_str())),
            "Take it out of source.columns, or choose another name.",
        );
    }
}
