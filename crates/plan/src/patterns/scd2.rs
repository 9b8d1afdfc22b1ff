//! SCD2: per business key a chain of versions, of which one is current.

use crate::model::WriteMode;
use crate::names::{ColumnName, NameSet};
use crate::patterns::{Check, DuplicateKeys, OrderBy, Pattern};
use crate::reader::{Need, Rule, error, warning};
use crate::values::Timestamp;

/// Configuration of SCD2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scd2 {
    /// The key. NULL matches NULL.
    pub business_keys: Vec<ColumnName>,
    /// Start of a version, inclusive; `valid_from` if the plan does not say.
    pub effective_date_column: ColumnName,
    /// End of a version, exclusive; `valid_to` if the plan does not say.
    pub end_date_column: ColumnName,
    /// TRUE for the current version; `is_current` if the plan does not say.
    pub current_flag_column: ColumnName,
    /// The end of a current version; 9999-12-31 23:59:59 if the plan does not say.
    pub end_date_default: Timestamp,
    /// A change in one of these opens a new version; all columns but the keys if absent.
    pub compare_columns: Option<Vec<ColumnName>>,
    /// Current versions whose key the (filtered) source lacks are closed. Schema 1.1; off if the plan does not say.
    pub close_missing: bool,
    /// What happens with several source rows for one key. Schema 1.1.
    pub duplicate_keys: DuplicateKeys,
    /// Which of several source rows comes first. Schema 1.1.
    pub order_by: Vec<OrderBy>,
}

const USED_TWICE: Rule = error!(
    "plan_duplicate_column",
    "`{}` is used for something else already", "Give every system column a name of its own.",
);
const END_DATE: Rule = error!(
    "plan_end_date",
    "`{}` is not a date or timestamp", "Give a value such as 9999-12-31 or 9999-12-31 23:59:59.",
);
const NOT_OF_SOURCE: Rule = error!(
    "plan_column_in_source",
    "`{}` is filled by the load and not part of the source", "Remove it from the list.",
);
const COLUMNS_NEEDED: Rule = error!(
    "plan_columns_needed",
    "SCD2 cannot tell what a change is without source.columns or compare_columns",
    "List the source columns; SQLPilot wants them for SCD2 too.",
);
const COLUMNS_TO_CLOSE: Rule = error!(
    "plan_columns_needed",
    "closing versions of missing keys needs source.columns", "List the source columns.",
);
const COLUMNS_ADVISED: Rule = warning!(
    "plan_columns_advised",
    "SQLPilot refuses an SCD2 plan without source.columns",
    "List the source columns if the plan should move there.",
);

/// The columns that the load fills, with the names that they have if the plan does not say.
static SYSTEM: [(&str, &str); 3] = [
    ("effective_date_column", "valid_from"),
    ("end_date_column", "valid_to"),
    ("current_flag_column", "is_current"),
];

pub(crate) fn read(check: &mut Check<'_, '_>) -> Pattern {
    check.write_modes(&[WriteMode::Merge], "versions are closed and opened by key");
    check.two_tables();
    let business_keys = check.keys("business_keys");
    let unnamed = check.columns.is_none();
    let mut system = [ColumnName::BLANK; 3];
    let mut taken = NameSet::of(if unnamed { &business_keys } else { &[][..] });
    for ((key, default), column) in SYSTEM.iter().zip(&mut system) {
        *column = check.filled(key, Some(default));
        if *column != ColumnName::BLANK && taken.insert(column.as_str()).is_some() {
            check.report(&USED_TWICE, key, column.as_str());
        }
    }
    check.layout(&system);
    let mut end_date_default = Timestamp::LAST;
    if let Some(end) = check.reader.text(&check.config, "end_date_default", Need::Optional) {
        match Timestamp::parse(end) {
            Some(end) => end_date_default = end,
            None => check.report(&END_DATE, "end_date_default", end),
        }
    }
    let compare_columns = check.list("compare_columns", Need::Optional);
    let filled = NameSet::of(&system);
    for (n, column) in compare_columns.as_deref().unwrap_or_default().iter().enumerate() {
        if unnamed && filled.contains(column) {
            let about = column.as_str();
            check.reader.report_item(&NOT_OF_SOURCE, &check.config.path, "compare_columns", n, about);
        }
    }
    if unnamed {
        let rule = if compare_columns.is_none() { &COLUMNS_NEEDED } else { &COLUMNS_ADVISED };
        check.reader.report(rule, &check.source, "columns", "");
    }
    let hard_deletes = check.choice("hard_deletes", Need::Optional, "ignore, close");
    let close_missing = hard_deletes == Some(1);
    if close_missing && unnamed && compare_columns.is_some() {
        check.reader.report(&COLUMNS_TO_CLOSE, &check.source, "columns", "");
    }
    let duplicate_keys = check.duplicate_keys();
    let order_by = check.order(Need::Optional);
    let [effective_date_column, end_date_column, current_flag_column] = system;
    Pattern::Scd2(Scd2 {
        business_keys,
        effective_date_column,
        end_date_column,
        current_flag_column,
        end_date_default,
        compare_columns,
        close_missing,
        duplicate_keys,
        order_by,
    })
}
