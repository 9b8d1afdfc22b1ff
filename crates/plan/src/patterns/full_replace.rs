//! FULL_REPLACE: afterwards the target holds exactly the filtered source.

use handoff::Value;

use crate::model::WriteMode;
use crate::names::{ColumnName, count_chars};
use crate::order::sort_by;
use crate::patterns::{Check, PARTITION_AND_CLUSTER, Pattern};
use crate::reader::{Need, Rule, error};

/// `refresh_mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RefreshMode {
    /// One atomic statement. The default.
    #[default]
    Direct,
    /// The same, with statements to build and look at the new content first.
    Staging,
}

/// `table_format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TableFormat {
    /// Delta Lake. The default.
    #[default]
    Delta,
    /// Apache Iceberg, managed by Unity Catalog.
    Iceberg,
}

/// Configuration of FULL_REPLACE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullReplace {
    /// How the new content is published.
    pub refresh_mode: RefreshMode,
    /// Format of the table.
    pub table_format: TableFormat,
    /// Partition columns, from here or from `target.partition_by`. Empty: none.
    pub partition_columns: Vec<ColumnName>,
    /// Liquid clustering columns, from here or from `target.cluster_by`. Empty: none.
    pub cluster_columns: Vec<ColumnName>,
    /// A predicate that is joined to `source.filter` by AND.
    pub filter_condition: Option<String>,
    /// Table properties, sorted by name.
    pub table_properties: Vec<(String, String)>,
}

/// Properties that Spark keeps for itself, see `CatalogV2Util.TABLE_RESERVED_PROPERTIES`.
const RESERVED: [&str; 6] = ["comment", "external", "is_managed_location", "location", "owner", "provider"];

const NO_UNIFORM: Rule = error!(
    "plan_not_supported",
    "`{}` is known from SQLPilot and not supported here",
    "Set the wanted delta.* properties in table_properties.",
);
const NO_INPLACE: Rule = error!(
    "plan_not_supported",
    "`{}` is known from SQLPilot and not supported here", "Write to another table than the source.",
);
const PROPERTY_NAME: Rule = error!(
    "plan_property_name",
    "`{}` is not a property name", "Use 1 to 255 characters without control characters.",
);
const PROPERTY_RESERVED: Rule = error!(
    "plan_property_reserved",
    "`{}` is reserved by Spark", "Remove it; it cannot be set as a property.",
);
const PROPERTY_VALUE: Rule = error!(
    "plan_property_value",
    "the value is longer than 4000 characters or has a NUL", "Use a shorter value.",
);

pub(crate) fn read(check: &mut Check<'_, '_>) -> Pattern {
    check.write_modes(&[WriteMode::Overwrite], "the pattern replaces the whole content");
    check.two_tables();
    check.layout(&[]);
    let refresh_mode = check.choice("refresh_mode", Need::Optional, "direct, staging");
    let table_format = check.choice("table_format", Need::Optional, "delta, iceberg");
    let partition_columns = check.own_layout("partition_columns", "partition_by", check.partition_by, &[]);
    let cluster_columns = check.own_layout("cluster_columns", "cluster_by", check.cluster_by, &[]);
    if !partition_columns.is_empty() && !cluster_columns.is_empty() {
        check.report(&PARTITION_AND_CLUSTER, "cluster_columns", "");
    }
    for (key, rule) in [("refresh_inplace", &NO_INPLACE), ("enable_uniform", &NO_UNIFORM)] {
        if check.reader.boolean(&check.config, key) == Some(true) {
            check.report(rule, key, key);
        }
    }
    let filter_condition = crate::validate::predicate(check.reader, &check.config, "filter_condition", 5000);
    let table_properties = properties(check);
    Pattern::FullReplace(FullReplace {
        refresh_mode: if refresh_mode == Some(1) { RefreshMode::Staging } else { RefreshMode::Direct },
        table_format: if table_format == Some(1) { TableFormat::Iceberg } else { TableFormat::Delta },
        partition_columns,
        cluster_columns,
        filter_condition,
        table_properties,
    })
}

fn properties(check: &mut Check<'_, '_>) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let config = check.config;
    let Some(object) = check.reader.object(&config, "table_properties", Need::Optional) else { return all };
    for (key, value) in object.map.iter() {
        let Value::String(value) = value else {
            check.reader.wrong_type(&object.path.key(key), "a text", value);
            continue;
        };
        let rule = if key.is_empty() || key.len() > 255 || key.chars().any(char::is_control) {
            &PROPERTY_NAME
        } else if RESERVED.iter().any(|r| r.eq_ignore_ascii_case(key)) {
            &PROPERTY_RESERVED
        } else if count_chars(value) > 4000 || value.contains('\0') {
            &PROPERTY_VALUE
        } else {
            all.push((key.to_owned(), value.clone()));
            continue;
        };
        check.reader.report(rule, &object.path, key, key);
    }
    sort_by(&mut all, |(a, _), (b, _)| a < b);
    all
}
