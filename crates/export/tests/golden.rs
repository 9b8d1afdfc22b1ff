//! The files of one plan per pattern, to be read by people. `UPDATE_GOLDEN=1 cargo test -p export` writes them anew; the
//! change then shows in review.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what is missing must fail the test")]

use export::{About, ExportError, Kind};
use serde_json::{Value, json};

fn document(kind: &str, mode: &str, config: Value) -> Value {
    let version =
        if matches!(kind, "AGGREGATE_REFRESH" | "SURROGATE_KEY" | "DEDUPLICATE") { "1.1" } else { "1.0" };
    json!({
        "schema_version": version,
        "plan_metadata": {"plan_id": "6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10", "plan_name": "customers",
            "description": "Customers: \"all\" of them, {{ not a tag }} ${not.a.reference}",
            "owner": "ada@example.com", "created_at": "2026-01-16T08:00:00Z", "version": "1.0.0"},
        "pattern": {"type": kind},
        "source": {"catalog": "lake-house", "schema": "raw", "table": "custo{mers",
            "columns": ["id", "name", "order-date"], "filter": "status <> '{{ x }}' OR status IS NULL"},
        "target": {"catalog": "main", "schema": "mart", "table": "customers", "write_mode": mode},
        "pattern_config": config,
        "schedule": {"type": "cron", "cron_expression": "0 30 6 ? * MON-FRI", "timezone": "Europe/Vienna",
            "enabled": true},
        "execution_config": {"warehouse_id": "0123456789abcdef"}
    })
}

fn upsert() -> Value {
    document("MERGE_UPSERT", "merge", json!({"merge_keys": ["id"]}))
}

fn full_replace() -> Value {
    document(
        "FULL_REPLACE",
        "overwrite",
        json!({"cluster_columns": ["order-date"], "table_properties": {"note": "it's ours %}"}, "filter_condition": "id > 0"}),
    )
}

fn about() -> About {
    About { by: Some("Ada \u{202e}L.".to_owned()), at: Some("2026-01-16T09:00:00Z".to_owned()) }
}

fn check(name: &str, document: &Value, kind: Kind) {
    let export = export::export(document, kind, &about()).unwrap();
    let mut found = String::new();
    for file in &export.files {
        found += &format!("=== {}\n{}", file.path, file.text);
    }
    for note in &export.notes {
        found += &format!("=== note: {note}\n");
    }
    let path = format!("{}/tests/golden/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    assert_eq!(found, std::fs::read_to_string(&path).unwrap_or_default(), "{name} changed");
    assert_eq!(export, export::export(document, kind, &about()).unwrap());
}

#[test]
fn every_kind() {
    check("upsert.sql", &upsert(), Kind::Sql);
    check("upsert.bundle", &upsert(), Kind::Bundle);
    check("upsert.dbt", &upsert(), Kind::Dbt);
    check("upsert.plan", &upsert(), Kind::Plan);
    check("full_replace.dbt", &full_replace(), Kind::Dbt);
}

#[test]
fn what_was_reviewed_is_what_is_exported() {
    let report = sql::validate(&upsert());
    let load = sql::render_load(&report.plan.unwrap(), &sql::RenderOptions::default()).unwrap();
    let body: String = load.lines().skip_while(|line| line.starts_with("-- ")).collect::<Vec<_>>().join("\n");
    for kind in [Kind::Sql, Kind::Bundle] {
        let export = export::export(&upsert(), kind, &about()).unwrap();
        assert!(
            export.files.iter().any(|file| file.text.contains(&format!("\n{body};\n"))),
            "{}",
            kind.as_str()
        );
    }
}

#[test]
fn nothing_of_a_plan_is_a_tag_or_a_reference() {
    let dbt = export::export(&upsert(), Kind::Dbt, &about()).unwrap();
    for file in &dbt.files {
        assert!(!file.text.contains("{{ x }}") && !file.text.contains("{{ not"), "{}", file.path);
    }
    let bundle = export::export(&upsert(), Kind::Bundle, &about()).unwrap();
    assert!(bundle.files.iter().all(|file| !file.text.contains("${not")));
}

#[test]
fn a_draft_leaves_as_json_only() {
    let mut draft = upsert();
    draft.as_object_mut().unwrap().remove("source");
    assert!(
        matches!(export::export(&draft, Kind::Sql, &about()), Err(ExportError::Invalid(issues)) if !issues.is_empty())
    );
    let files = export::export(&draft, Kind::Plan, &about()).unwrap().files;
    assert_eq!(serde_json::from_str::<Value>(&files.first().unwrap().text).unwrap(), draft);
}

#[test]
fn a_name_that_dbt_cannot_write_is_named() {
    let mut document = upsert();
    *document.pointer_mut("/target/table").unwrap() = json!("od`d");
    let error = export::export(&document, Kind::Dbt, &about()).unwrap_err();
    assert_eq!((error.code(), error.path()), ("export_name_unwritable", "/target"));
    export::export(&document, Kind::Bundle, &about()).unwrap();
}
