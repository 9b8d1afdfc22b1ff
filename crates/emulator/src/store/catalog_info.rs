//! Catalogs, schemas and tables as Unity Catalog describes them.

use serde_json::{Value, json};

use crate::fixtures::{CATALOGS, Key, SCHEMAS, TableKind, TableSpec, column_json, parse_columns};
use crate::ids::{derived, hash};
use crate::store::catalog::Securable;

pub(super) const METASTORE: &str = "11111111-2222-4333-8444-555566667777";
const CREATED: i64 = 1_780_000_000_000;
const UPDATED: i64 = 1_795_000_000_000;

/// An id that is the same for the same parts.
pub(super) fn uuid(parts: &[&str]) -> String {
    let digits = format!("{:032x}", hash(parts));
    let mut chars = digits.chars();
    let mut group = |length: usize| chars.by_ref().take(length).collect::<String>();
    [group(8), group(4), group(4), group(4), group(12)].join("-")
}

/// A catalog or schema as the service describes it.
pub(super) fn container_info(kind: Securable, full_name: &str) -> Value {
    let list = if kind == Securable::Catalog { CATALOGS } else { SCHEMAS };
    let found = list.iter().find(|(name, ..)| *name == full_name);
    let (owner, comment) = found.map_or(("", ""), |(_, owner, comment)| (*owner, *comment));
    let mut info = json!({
        "name": full_name.rsplit('.').next(), "full_name": full_name, "owner": owner, "comment": comment,
        "metastore_id": METASTORE, "created_at": CREATED, "created_by": owner,
        "updated_at": UPDATED, "updated_by": owner,
    });
    if let Value::Object(fields) = &mut info {
        match kind {
            Securable::Schema => {
                fields.insert("catalog_name".to_owned(), json!(full_name.split('.').next()));
                fields.insert("schema_id".to_owned(), json!(uuid(&[full_name])));
            }
            _ => {
                fields.insert("catalog_type".to_owned(), json!("MANAGED_CATALOG"));
                fields.insert("isolation_mode".to_owned(), json!("OPEN"));
                fields.insert("securable_type".to_owned(), json!("CATALOG"));
            }
        }
    }
    info
}

/// A table as the service describes it; what is wrong with it, for a table that cannot be.
pub(super) fn table_info(spec: &TableSpec) -> Result<Value, String> {
    let broken = |what: &str| format!("table {}: {what}", spec.name);
    let parts: Vec<&str> = spec.name.split('.').collect();
    let [catalog, schema, table] = parts.as_slice() else { return Err(broken("is no three-part name")) };
    let parsed = parse_columns(spec.columns).map_err(|problem| broken(&problem))?;
    let known = |name: &&str| parsed.iter().any(|column| column.name == *name);
    let names = spec.partitioned_by.iter().chain(spec.clustered_by).copied();
    let key_columns = spec.keys.iter().flat_map(|key| match key {
        Key::Primary(columns) | Key::Foreign(columns, ..) => columns.iter().copied(),
    });
    if let Some(unknown) = names.chain(key_columns).find(|name| !known(name)) {
        return Err(broken(&format!("has no column {unknown}")));
    }
    let columns: Vec<Value> = parsed
        .iter()
        .enumerate()
        .map(|(position, column)| {
            let partition = spec.partitioned_by.iter().position(|name| *name == column.name);
            column_json(column, position, partition)
        })
        .collect();
    let mut info = json!({
        "name": table, "catalog_name": catalog, "schema_name": schema, "full_name": spec.name,
        "table_id": uuid(&[spec.name]), "metastore_id": METASTORE, "owner": spec.owner, "columns": columns,
        "created_at": CREATED, "created_by": spec.owner, "updated_at": UPDATED, "updated_by": spec.owner,
        "securable_type": "TABLE",
    });
    if let Value::Object(fields) = &mut info {
        let mut set = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        if let Some(comment) = spec.comment {
            set("comment", json!(comment));
        }
        match spec.kind {
            TableKind::View(definition) => {
                set("table_type", json!("VIEW"));
                set("view_definition", json!(definition));
                set("data_source_format", json!("UNKNOWN_DATA_SOURCE_FORMAT"));
            }
            TableKind::MetricView(definition) => {
                set("table_type", json!("METRIC_VIEW"));
                set("view_definition", json!(definition));
                set("data_source_format", json!("UNKNOWN_DATA_SOURCE_FORMAT"));
            }
            TableKind::Managed | TableKind::External => {
                let external = spec.kind == TableKind::External;
                set("table_type", json!(if external { "EXTERNAL" } else { "MANAGED" }));
                set("data_source_format", json!("DELTA"));
                let id = derived(&[spec.name]);
                set(
                    "storage_location",
                    json!(format!("abfss://data@storage.example/{catalog}/{schema}/{id}")),
                );
                set("properties", properties(spec));
            }
        }
        if !spec.keys.is_empty() {
            set(
                "table_constraints",
                Value::Array(spec.keys.iter().map(|key| constraint(table, key)).collect()),
            );
        }
    }
    Ok(info)
}

fn properties(spec: &TableSpec) -> Value {
    let mut properties = json!({
        "delta.lastCommitTimestamp": UPDATED.to_string(), "delta.lastUpdateVersion": "412",
        "delta.minReaderVersion": "3", "delta.minWriterVersion": "7",
        "delta.feature.appendOnly": "supported", "delta.feature.deletionVectors": "supported",
    });
    if let (false, Value::Object(fields)) = (spec.clustered_by.is_empty(), &mut properties) {
        let paths: Vec<[&str; 1]> = spec.clustered_by.iter().map(|column| [*column]).collect();
        fields.insert("clusteringColumns".to_owned(), json!(json!(paths).to_string()));
    }
    properties
}

fn constraint(table: &str, key: &Key) -> Value {
    match key {
        Key::Primary(columns) => {
            json!({ "primary_key_constraint": { "name": format!("{table}_pk"), "child_columns": columns } })
        }
        Key::Foreign(columns, parent, parent_columns) => json!({ "foreign_key_constraint": {
            "name": format!("{table}_{}_fk", columns.join("_")), "child_columns": columns,
            "parent_table": parent, "parent_columns": parent_columns,
        }}),
    }
}
