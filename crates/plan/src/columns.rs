//! Lists of column names in a document, and the set of source columns that other lists are checked against.

use handoff::Value;

use crate::names::{ColumnName, NameError, NameSet, has_invisible};
use crate::reader::{Need, Object, Path, Reader, Rule, error, shorten, warning};
use crate::values::digits;

/// More columns than any table has.
pub(crate) const MAX_COLUMNS: usize = 10_000;

/// The columns that a list may choose from, by folded name.
#[derive(Default)]
pub(crate) struct ColumnSet {
    pub(crate) columns: Vec<ColumnName>,
    names: NameSet,
}

impl ColumnSet {
    /// The column as the list of source columns spells it.
    pub(crate) fn find(&self, column: &ColumnName) -> Option<&ColumnName> {
        self.columns.get(self.names.position(column)?)
    }
}

const INVISIBLE: Rule = warning!(
    "plan_name_invisible",
    "the name `{}` has invisible characters",
    "Make sure that this is the name you mean; such characters can make two names look alike.",
);
const NAME_EMPTY: Rule = error!(
    "plan_name_empty",
    "`{}` is not a name: {}", "Give the name without quotes, as Unity Catalog shows it.",
);
const NAME_TOO_LONG: Rule = error!(
    "plan_name_too_long",
    "`{}` is not a name: {}", "Give the name without quotes, as Unity Catalog shows it.",
);
const NAME_CHARACTER: Rule = error!(
    "plan_name_character",
    "`{}` is not a name: {}", "Give the name without quotes, as Unity Catalog shows it.",
);
const EMPTY_LIST: Rule = error!(
    "plan_empty_list",
    "`{}` is empty", "Name at least one column, or leave the key out if it is optional.",
);
const TOO_MANY: Rule = error!("plan_too_many", "`{}` has {} columns, {} are allowed", "Split the table.");
const REPEATED: Rule = error!(
    "plan_duplicate_column",
    "`{}` is in the list already, at position {}",
    "Remove one of the two; column names are compared without case.",
);
const NOT_IN_SOURCE: Rule = error!(
    "plan_column_not_in_source",
    "`{}` is not in source.columns", "Add it to source.columns, or choose a column that is there.",
);

/// Reports what is wrong with a name, or odd about it.
#[inline(never)]
pub(crate) fn report_name(reader: &mut Reader, path: &Path<'_>, text: &str, wrong: Option<NameError>) {
    if has_invisible(text) {
        reader.report_all(&INVISIBLE, path, &[&shorten(text)]);
    }
    if let Some(wrong) = wrong {
        let rule = match wrong {
            NameError::Empty => &NAME_EMPTY,
            NameError::TooLong(_) => &NAME_TOO_LONG,
            NameError::Character(_) => &NAME_CHARACTER,
        };
        reader.report_all(rule, path, &[&shorten(text), &wrong.message()]);
    }
}

fn column(reader: &mut Reader, path: &Path<'_>, text: &str) -> Option<ColumnName> {
    let column = ColumnName::parse(text);
    report_name(reader, path, text, column.as_ref().err().copied());
    column.ok()
}

/// One column name under `key`.
#[inline(never)]
pub(crate) fn one(reader: &mut Reader, object: &Object<'_>, key: &str, need: Need) -> Option<ColumnName> {
    let text = reader.text(object, key, need)?;
    column(reader, &object.path.key(key), text)
}

/// A list of column names under `key` without repetitions, with the set of the names; positions in the set are
/// positions in the list. `None` if it is absent or if any name is wrong: no rule should be judged on half a list.
#[inline(never)]
pub(crate) fn list(
    reader: &mut Reader,
    object: &Object<'_>,
    key: &str,
    need: Need,
    at_least_one: bool,
) -> Option<ColumnSet> {
    let items = reader.list(object, key, need)?;
    let path = object.path.key(key);
    if items.is_empty() && at_least_one {
        reader.report_all(&EMPTY_LIST, &path, &[key]);
        return None;
    }
    if items.len() > MAX_COLUMNS {
        reader.report_all(&TOO_MANY, &path, &[key, &digits(items.len()), &digits(MAX_COLUMNS)]);
        return None;
    }
    let mut columns = Vec::with_capacity(items.len());
    let mut names = NameSet::default();
    for (n, item) in items.iter().enumerate() {
        let at = path.index(n);
        let Value::String(text) = item else {
            reader.wrong_type(&at, "a column name", item);
            continue;
        };
        let Some(column) = column(reader, &at, text) else { continue };
        if let Some(first) = names.insert(text) {
            reader.report_all(&REPEATED, &at, &[&shorten(text), &digits(first)]);
            continue;
        }
        columns.push(column);
    }
    (columns.len() == items.len()).then_some(ColumnSet { columns, names })
}

/// Checks that a column is among the source columns, if those are known, and gives it their spelling.
#[inline(never)]
pub(crate) fn within(
    reader: &mut Reader,
    known: Option<&ColumnSet>,
    path: &Path<'_>,
    column: &mut ColumnName,
) {
    match known.map(|known| known.find(column)) {
        None => {}
        Some(Some(found)) => column.clone_from(found),
        Some(None) => reader.report_all(&NOT_IN_SOURCE, path, &[&shorten(column.as_str())]),
    }
}
