//! SURROGATE_KEY (schema 1.1): every new business key gets a key of its own; known keys keep theirs.

use crate::model::WriteMode;
use crate::names::ColumnName;
use crate::patterns::{Check, Pattern};
use crate::reader::{Need, Rule, error};

/// `key_method`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyMethod {
    /// Whole numbers that go on from the highest one in the target. The default. Needs one writer at a time.
    #[default]
    Sequence,
    /// SHA-256 of the business key, as 64 hexadecimal digits: the same in every run and every table.
    Hash,
}

/// Configuration of SURROGATE_KEY.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurrogateKey {
    /// The natural key. NULL matches NULL.
    pub business_keys: Vec<ColumnName>,
    /// The column that the load fills.
    pub surrogate_key_column: ColumnName,
    /// How keys are made.
    pub key_method: KeyMethod,
    /// What known keys take from the source; nothing if empty.
    pub update_columns: Vec<ColumnName>,
}

const COLUMNS_NEEDED: Rule = error!(
    "plan_columns_needed",
    "SURROGATE_KEY needs source.columns", "List the columns that the target takes from the source.",
);

pub(crate) fn read(check: &mut Check<'_, '_>) -> Pattern {
    check.write_modes(&[WriteMode::Merge], "keys are matched");
    check.two_tables();
    if check.columns.is_none() {
        check.reader.report(&COLUMNS_NEEDED, &check.source, "columns", "");
    }
    let business_keys = check.keys("business_keys");
    let column = check.filled("surrogate_key_column", None);
    check.layout(std::slice::from_ref(&column));
    let key_method = check.choice("key_method", Need::Optional, "sequence, hash");
    let update_columns = check.updates(&business_keys);
    Pattern::SurrogateKey(SurrogateKey {
        business_keys,
        surrogate_key_column: column,
        key_method: if key_method == Some(1) { KeyMethod::Hash } else { KeyMethod::Sequence },
        update_columns: update_columns.unwrap_or_default(),
    })
}
