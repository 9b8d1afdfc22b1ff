//! SURROGATE_KEY (schema 1.1): every new business key gets a key of its own; known keys keep theirs.

use crate::columns;
use crate::model::WriteMode;
use crate::names::ColumnName;
use crate::patterns::merge_upsert::no_keys;
use crate::patterns::{Context, PatternKind};
use crate::reader::{Need, Object, Reader};

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

pub(crate) fn read(reader: &mut Reader, config: &Object<'_>, context: &Context<'_>) -> Option<SurrogateKey> {
    context.write_modes(reader, PatternKind::SurrogateKey, &[WriteMode::Merge], "keys are matched");
    context.two_tables(reader);
    if context.columns.is_none() {
        reader.error(
            "plan_columns_needed",
            &context.source.key("columns"),
            "SURROGATE_KEY needs source.columns".to_owned(),
            "List the columns that the target takes from the source.",
        );
    }
    let business_keys = columns::list(reader, config, "business_keys", Need::Required, true)
        .map(|list| columns::within(reader, context.columns, &config.path.key("business_keys"), list));
    let column = columns::one(reader, config, "surrogate_key_column", Need::Required);
    if let Some(column) = &column {
        let path = config.path.key("surrogate_key_column");
        columns::not_within(reader, context.columns, &path, column, "filled by the load");
    }
    let own: Vec<&ColumnName> = column.iter().collect();
    context.layout(reader, &own);
    let key_method = reader.choice(
        config,
        "key_method",
        Need::Optional,
        &[("sequence", KeyMethod::Sequence), ("hash", KeyMethod::Hash)],
    );
    let path = config.path.key("update_columns");
    let update_columns = columns::list(reader, config, "update_columns", Need::Optional, false)
        .map(|list| columns::within(reader, context.columns, &path, list));
    if let (Some(keys), Some(updates)) = (&business_keys, &update_columns) {
        no_keys(reader, &path, keys, updates);
    }
    Some(SurrogateKey {
        business_keys: business_keys?,
        surrogate_key_column: column?,
        key_method: key_method.unwrap_or_default(),
        update_columns: update_columns.unwrap_or_default(),
    })
}
