//! SCD2: per business key a chain of versions, of which one is current.

use crate::columns;
use crate::model::WriteMode;
use crate::names::ColumnName;
use crate::patterns::{Context, DUPLICATE_KEYS, DuplicateKeys, OrderBy, PatternKind, read_order};
use crate::reader::{Need, Object, Reader};
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

pub(crate) fn read(reader: &mut Reader, config: &Object<'_>, context: &Context<'_>) -> Option<Scd2> {
    context.write_modes(
        reader,
        PatternKind::Scd2,
        &[WriteMode::Merge],
        "versions are closed and opened by key",
    );
    context.two_tables(reader);
    let business_keys = columns::list(reader, config, "business_keys", Need::Required, true)
        .map(|list| columns::within(reader, context.columns, &config.path.key("business_keys"), list));
    let mut system = Vec::new();
    for (key, default) in [
        ("effective_date_column", "valid_from"),
        ("end_date_column", "valid_to"),
        ("current_flag_column", "is_current"),
    ] {
        let column = if config.has(key) {
            columns::one(reader, config, key, Need::Optional)
        } else {
            ColumnName::parse(default).ok()
        };
        if let Some(column) = column {
            columns::not_within(
                reader,
                context.columns,
                &config.path.key(key),
                &column,
                "filled by the load",
            );
            system.push((key, column));
        }
    }
    for (n, (key, column)) in system.iter().enumerate() {
        let twice = system.iter().take(n).any(|(_, other)| other == column);
        let is_key = business_keys.as_ref().is_some_and(|keys| keys.contains(column));
        if twice || (is_key && context.columns.is_none()) {
            reader.error(
                "plan_duplicate_column",
                &config.path.key(key),
                "`{}` is used for something else already",
                column.as_str(),
                "Give every system column a name of its own.",
            );
        }
    }
    let names: Vec<&ColumnName> = system.iter().map(|(_, c)| c).collect();
    context.layout(reader, &names);
    let end_date_default = match reader.text(config, "end_date_default", Need::Optional) {
        None => Timestamp::parse("9999-12-31 23:59:59"),
        Some(text) => {
            let value = Timestamp::parse(text);
            if value.is_none() {
                reader.error(
                    "plan_end_date",
                    &config.path.key("end_date_default"),
                    "`{}` is not a date or timestamp",
                    text,
                    "Give a value such as 9999-12-31 or 9999-12-31 23:59:59.",
                );
            }
            value
        }
    };
    let compare_columns = columns::list(reader, config, "compare_columns", Need::Optional, false)
        .map(|list| columns::within(reader, context.columns, &config.path.key("compare_columns"), list));
    if let Some(list) = &compare_columns {
        for (n, column) in list.iter().enumerate() {
            if context.columns.is_none() && names.contains(&column) {
                reader.error(
                    "plan_column_in_source",
                    &config.path.key("compare_columns").index(n),
                    "`{}` is filled by the load and not part of the source",
                    column.as_str(),
                    "Remove it from the list.",
                );
            }
        }
    }
    if context.columns.is_none() {
        let path = context.source.key("columns");
        if compare_columns.is_none() {
            reader.error(
                "plan_columns_needed",
                &path,
                "SCD2 cannot tell what a change is without source.columns or compare_columns",
                "",
                "List the source columns; SQLPilot wants them for SCD2 too.",
            );
        } else {
            reader.warn(
                "plan_columns_advised",
                &path,
                "SQLPilot refuses an SCD2 plan without source.columns",
                "",
                "List the source columns if the plan should move there.",
            );
        }
    }
    let close_missing =
        reader.choice(config, "hard_deletes", Need::Optional, &[("ignore", false), ("close", true)]);
    if close_missing == Some(true) && context.columns.is_none() && compare_columns.is_some() {
        reader.error(
            "plan_columns_needed",
            &context.source.key("columns"),
            "closing versions of missing keys needs source.columns",
            "",
            "List the source columns.",
        );
    }
    let duplicate_keys = reader.choice(config, "duplicate_keys", Need::Optional, DUPLICATE_KEYS);
    let order_by = read_order(reader, config, Need::Optional, context.columns);
    let mut system = system.into_iter().map(|(_, c)| c);
    Some(Scd2 {
        business_keys: business_keys?,
        effective_date_column: system.next()?,
        end_date_column: system.next()?,
        current_flag_column: system.next()?,
        end_date_default: end_date_default?,
        compare_columns,
        close_missing: close_missing.unwrap_or_default(),
        duplicate_keys: duplicate_keys.unwrap_or_default(),
        order_by: order_by.unwrap_or_default(),
    })
}
