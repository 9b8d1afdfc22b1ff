//! FULL_REPLACE: afterwards the target holds exactly the filtered source.

use handoff::Value;

use crate::columns;
use crate::model::WriteMode;
use crate::names::ColumnName;
use crate::order::sort_by;
use crate::patterns::{Context, PatternKind, written};
use crate::reader::{Need, Object, Path, Reader};

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

pub(crate) fn read(reader: &mut Reader, config: &Object<'_>, context: &Context<'_>) -> Option<FullReplace> {
    context.write_modes(
        reader,
        PatternKind::FullReplace,
        &[WriteMode::Overwrite],
        "the pattern replaces the whole content",
    );
    context.two_tables(reader);
    context.layout(reader, &[]);
    let refresh_mode = reader.choice(
        config,
        "refresh_mode",
        Need::Optional,
        &[("direct", RefreshMode::Direct), ("staging", RefreshMode::Staging)],
    );
    let table_format = reader.choice(
        config,
        "table_format",
        Need::Optional,
        &[("delta", TableFormat::Delta), ("iceberg", TableFormat::Iceberg)],
    );
    let partition =
        layout(reader, config, context, "partition_columns", "partition_by", context.partition_by);
    let cluster = layout(reader, config, context, "cluster_columns", "cluster_by", context.cluster_by);
    if !partition.is_empty() && !cluster.is_empty() {
        reader.error(
            "plan_partition_and_cluster",
            &config.path.key("cluster_columns"),
            "a table is either partitioned or clustered, not both",
            "",
            "Keep one of the two; clustering is what Databricks recommends for new tables.",
        );
    }
    for key in ["refresh_inplace", "enable_uniform"] {
        if reader.boolean(config, key) == Some(true) {
            reader.error(
                "plan_not_supported",
                &config.path.key(key),
                "`{}` is known from SQLPilot and not supported here",
                key,
                match key {
                    "enable_uniform" => "Set the wanted delta.* properties in table_properties.",
                    _ => "Write to another table than the source.",
                },
            );
        }
    }
    let filter_condition = crate::validate::predicate(reader, config, "filter_condition", 5000);
    let table_properties = properties(reader, config);
    Some(FullReplace {
        refresh_mode: refresh_mode.unwrap_or_default(),
        table_format: table_format.unwrap_or_default(),
        partition_columns: partition,
        cluster_columns: cluster,
        filter_condition,
        table_properties,
    })
}

/// A layout list may stand in `pattern_config` or in `target`; in both only if they agree.
fn layout(
    reader: &mut Reader,
    config: &Object<'_>,
    context: &Context<'_>,
    key: &str,
    target_key: &str,
    of_target: &[ColumnName],
) -> Vec<ColumnName> {
    let path = config.path.key(key);
    let Some(list) = columns::list(reader, config, key, Need::Optional, false) else {
        return of_target.to_vec();
    };
    written(reader, context.columns, &path, &list, &[]);
    if !of_target.is_empty() && of_target != list {
        reader.error_text(
            "plan_layout_conflict",
            &path,
            format!("`{key}` and target.{target_key} name different columns"),
            "Keep one of the two.",
        );
    }
    list
}

fn properties(reader: &mut Reader, config: &Object<'_>) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let Some(object) = reader.object(config, "table_properties", Need::Optional) else { return all };
    for (key, value) in object.map.iter() {
        let path: Path<'_> = object.path.key(key);
        let Value::String(value) = value else {
            reader.wrong_item(&path, "a text", value);
            continue;
        };
        if key.is_empty() || key.len() > 255 || key.chars().any(char::is_control) {
            reader.error(
                "plan_property_name",
                &path,
                "`{}` is not a property name",
                key,
                "Use 1 to 255 characters without control characters.",
            );
        } else if RESERVED.iter().any(|r| r.eq_ignore_ascii_case(key)) {
            reader.error(
                "plan_property_reserved",
                &path,
                "`{}` is reserved by Spark",
                key,
                "Remove it; it cannot be set as a property.",
            );
        } else if value.chars().count() > 4000 || value.contains('\0') {
            reader.error(
                "plan_property_value",
                &path,
                "the value is longer than 4000 characters or has a NUL",
                "",
                "Use a shorter value.",
            );
        } else {
            all.push((key.to_owned(), value.clone()));
        }
    }
    sort_by(&mut all, |(a, _), (b, _)| a < b);
    all
}
