//! One statement per pattern as it leaves the renderer, to be read by people. `UPDATE_GOLDEN=1 cargo test -p sql` writes
//! the files anew; the change then shows in review.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what is missing must fail the test"
)]

use plan::{ColumnName, Date, Timestamp};
use serde_json::{Value, json};
use sql::{RenderOptions, RunTime, SqlError};

fn document(kind: &str, mode: &str, columns: Value, config: Value) -> Value {
    let version =
        if matches!(kind, "AGGREGATE_REFRESH" | "SURROGATE_KEY" | "DEDUPLICATE") { "1.1" } else { "1.0" };
    let mut document = json!({
        "schema_version": version,
        "plan_metadata": {"plan_id": "6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10", "plan_name": "customers",
            "owner": "ada@example.com", "created_at": "2026-01-16T08:00:00Z", "version": "1.0.0",
            "tags": {"genie_session_id": "01efb6dffce81535b00f4865c7a33f61"}},
        "pattern": {"type": kind},
        "source": {"catalog": "lake-house", "schema": "raw", "table": "customers", "columns": columns,
            "filter": "status <> 'test' OR status IS NULL"},
        "target": {"catalog": "main", "schema": "mart", "table": "customers", "write_mode": mode},
        "pattern_config": config,
        "execution_config": {"warehouse_id": "0123456789abcdef"}
    });
    if document["source"]["columns"].is_null() {
        document["source"].as_object_mut().unwrap().remove("columns");
    }
    document
}

fn options() -> RenderOptions {
    RenderOptions {
        run_time: RunTime::At(Timestamp::parse("2026-01-16T02:00:00Z").unwrap()),
        ..Default::default()
    }
}

fn render(document: &Value, options: &RenderOptions) -> String {
    let report = sql::validate(document);
    let plan = report.plan.unwrap_or_else(|| panic!("{:?}", report.issues));
    let load = sql::render_load(&plan, options).unwrap();
    assert_eq!(sql::render(&plan, options).unwrap().sql, load);
    load
}

fn check(name: &str, document: &Value, options: &RenderOptions) {
    let found = render(document, options) + "\n";
    let path = format!("{}/tests/golden/{name}.sql", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{name} changed");
}

#[test]
fn every_pattern() {
    let columns = json!(["id", "name", "order-date"]);
    let c = || columns.clone();
    for (name, kind, mode, columns, config) in [
        (
            "append",
            "INCREMENTAL_APPEND",
            "append",
            c(),
            json!({"watermark_column": "order-date", "watermark_type": "timestamp", "watermark_initial_value": "1850-01-01"}),
        ),
        (
            "incremental_merge",
            "INCREMENTAL_APPEND",
            "merge",
            c(),
            json!({"watermark_column": "order-date", "watermark_type": "date", "match_columns": ["id"]}),
        ),
        (
            "full_replace",
            "FULL_REPLACE",
            "overwrite",
            c(),
            json!({"partition_columns": ["order-date"], "table_properties": {"note": "it's ours"}, "filter_condition": "id > 0"}),
        ),
        ("upsert", "MERGE_UPSERT", "merge", c(), json!({"merge_keys": ["id"]})),
        ("upsert_unknown_columns", "MERGE_UPSERT", "merge", Value::Null, json!({"merge_keys": ["id"]})),
        ("scd2", "SCD2", "merge", c(), json!({"business_keys": ["id"]})),
        ("snapshot", "SNAPSHOT", "append", c(), json!({"snapshot_date_column": "snapshot_date"})),
        (
            "aggregate_refresh",
            "AGGREGATE_REFRESH",
            "merge",
            Value::Null,
            json!({"group_by": ["name"], "time_bucket": {"column": "order-date", "grain": "month", "as": "month"},
                "aggregates": [{"function": "count", "as": "orders"}], "refresh_days": 7}),
        ),
        (
            "surrogate_key",
            "SURROGATE_KEY",
            "merge",
            c(),
            json!({"business_keys": ["id"], "surrogate_key_column": "customer_key", "update_columns": ["name"]}),
        ),
        (
            "deduplicate",
            "DEDUPLICATE",
            "overwrite",
            c(),
            json!({"key_columns": ["id"], "order_by": [{"column": "order-date", "direction": "desc"}]}),
        ),
    ] {
        check(name, &document(kind, mode, columns, config), &options());
    }
}

#[test]
fn snapshots_where_more_is_known() {
    let snapshot =
        document("SNAPSHOT", "append", json!(["id", "name"]), json!({"snapshot_date_column": "day"}));
    let date = Date::parse("2026-01-15");
    let order = ["day", "extra", "name", "ID"].map(|n| ColumnName::parse(n).unwrap()).to_vec();
    let known = RenderOptions { snapshot_date: date, target_columns: Some(order), ..Default::default() };
    check("snapshot_in_target_order", &snapshot, &known);
    let mut by_name = RenderOptions { snapshot_date: date, ..Default::default() };
    by_name.runtime.replace_where_by_name = true;
    check("snapshot_by_name", &snapshot, &by_name);
}

#[test]
fn maps_and_variants_are_compared_as_json() {
    let upsert =
        document("MERGE_UPSERT", "merge", json!(["id", "attributes", "name"]), json!({"merge_keys": ["id"]}));
    let types = [("ATTRIBUTES", "map<string,string>"), ("name", "string")];
    let column_types = types.map(|(n, t)| (ColumnName::parse(n).unwrap(), t.to_owned())).to_vec();
    let text = render(&upsert, &RenderOptions { column_types, ..Default::default() });
    assert!(
        text.contains("to_json(t.`attributes`) <=> to_json(s.`attributes`) AND t.`name` <=> s.`name`"),
        "{text}"
    );
    assert!(text.contains("ORDER BY to_json(`attributes`) DESC, `name` DESC"), "{text}");
}

#[test]
fn a_run_time_needs_its_offset() {
    let scd2 = document("SCD2", "merge", json!(["id", "name"]), json!({"business_keys": ["id"]}));
    let plan = sql::validate(&scd2).plan.unwrap();
    let at =
        |text| RenderOptions { run_time: RunTime::At(Timestamp::parse(text).unwrap()), ..Default::default() };
    assert_eq!(sql::render_load(&plan, &at("2026-01-16 02:00:00")), Err(SqlError::RunTimeWithoutOffset));
    let beyond = at("9999-12-31T23:59:59-01:00");
    assert_eq!(sql::render_load(&plan, &beyond), Err(SqlError::RunTimeOutOfRange));
    let codes: Vec<&str> =
        sql::render(&plan, &RenderOptions::default()).unwrap().warnings.iter().map(|w| w.code).collect();
    assert_eq!(codes, ["sql_run_time_open"]);
    assert!(sql::render(&plan, &options()).unwrap().warnings.is_empty());
}

#[test]
fn what_a_run_needs_and_does_is_said() {
    let mut upsert = document(
        "MERGE_UPSERT",
        "merge",
        json!(["id", "name"]),
        json!({"merge_keys": ["id"], "hard_deletes": "delete"}),
    );
    upsert["schema_version"] = json!("1.1");
    let plan = sql::validate(&upsert).plan.unwrap();
    let rendered = sql::render(&plan, &options()).unwrap();
    let (effect, words) = &rendered.explanation.effects[0];
    assert!(effect.is_destructive() && words.contains("DELETED"), "{words}");
    let principal = plan::Name::parse("data`eng").unwrap();
    let grants: Vec<String> = rendered.privileges.iter().map(|p| p.grant(&principal)).collect();
    assert_eq!(
        grants,
        [
            "GRANT USE CATALOG ON CATALOG `lake-house` TO `data``eng`",
            "GRANT USE SCHEMA ON SCHEMA `lake-house`.`raw` TO `data``eng`",
            "GRANT USE CATALOG ON CATALOG `main` TO `data``eng`",
            "GRANT USE SCHEMA ON SCHEMA `main`.`mart` TO `data``eng`",
            "GRANT SELECT ON TABLE `lake-house`.`raw`.`customers` TO `data``eng`",
            "GRANT CREATE TABLE ON SCHEMA `main`.`mart` TO `data``eng`",
            "GRANT SELECT ON TABLE `main`.`mart`.`customers` TO `data``eng`",
            "GRANT MODIFY ON TABLE `main`.`mart`.`customers` TO `data``eng`",
        ]
    );
    let lineage: Vec<&str> = rendered.lineage.iter().map(|l| l.target_column.as_str()).collect();
    assert_eq!(lineage, ["id", "name"]);
}

#[test]
fn bad_predicates_are_issues_with_a_place() {
    let mut replace = document(
        "FULL_REPLACE",
        "overwrite",
        json!(["id"]),
        json!({"filter_condition": "1=1; DROP TABLE x"}),
    );
    replace["source"]["filter"] = json!("id = 'O''Brien' AND ts < now()");
    let report = sql::validate(&replace);
    let found: Vec<(&str, &str)> = report.issues.iter().map(|i| (i.code, i.path.as_str())).collect();
    assert_eq!(
        found,
        [
            ("filter_clock", "/source/filter"),
            ("filter_doubled_quote", "/source/filter"),
            ("filter_semicolon", "/pattern_config/filter_condition"),
        ]
    );
    assert!(report.plan.is_none() && !report.valid());
}
