#![no_main]
//! Any names in any pattern: refused, or quoted so that nothing breaks out.

use fuzz::one_statement;
use libfuzzer_sys::fuzz_target;
use serde_json::json;
use sql::RenderOptions;

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    let mut names = text.split('\u{1}');
    let mut name = || names.next().unwrap_or("x").to_owned();
    let (a, b, c, d, e) = (name(), name(), name(), name(), name());
    let columns = json!([a, b, c]);
    let (pattern, mode, config) = match kind % 10 {
        0 => (
            "INCREMENTAL_APPEND",
            "append",
            json!({"watermark_column": a, "watermark_type": "date", "watermark_initial_value": d}),
        ),
        1 => (
            "INCREMENTAL_APPEND",
            "merge",
            json!({"watermark_column": a, "watermark_type": "numeric", "match_columns": [b]}),
        ),
        2 => (
            "FULL_REPLACE",
            "overwrite",
            json!({"partition_columns": [a], "table_properties": {d.clone(): e.clone()}}),
        ),
        3 => (
            "MERGE_UPSERT",
            "merge",
            json!({"merge_keys": [a], "update_columns": [b], "hard_deletes": "delete"}),
        ),
        4 => (
            "SCD2",
            "merge",
            json!({"business_keys": [a], "effective_date_column": d, "end_date_column": e, "end_date_default": b}),
        ),
        5 => (
            "SCD2",
            "merge",
            json!({"business_keys": [a, b], "compare_columns": [c], "hard_deletes": "close"}),
        ),
        6 => ("SNAPSHOT", "append", json!({"snapshot_date_column": d, "partition_columns": [d]})),
        7 => (
            "AGGREGATE_REFRESH",
            "merge",
            json!({"group_by": [a], "time_bucket": {"column": b, "grain": "week", "as": d},
            "aggregates": [{"function": "sum", "column": c, "as": e}], "refresh_days": 3}),
        ),
        8 => (
            "SURROGATE_KEY",
            "merge",
            json!({"business_keys": [a, b], "surrogate_key_column": d, "key_method": "hash"}),
        ),
        _ => (
            "DEDUPLICATE",
            "overwrite",
            json!({"key_columns": [a], "order_by": [{"column": b, "direction": "asc"}]}),
        ),
    };
    let document = json!({
        "schema_version": "1.1",
        "plan_metadata": {"tags": {"genie_session_id": text}},
        "pattern": {"type": pattern},
        "source": {"catalog": d, "schema": e, "table": a, "columns": columns},
        "target": {"catalog": e, "schema": d, "table": b, "write_mode": mode},
        "pattern_config": config,
    });
    let Some(plan) = sql::validate(&document).plan else { return };
    let rendered = sql::render(&plan, &RenderOptions::default()).expect("a valid plan is rendered");
    let statements = &rendered.statements;
    one_statement(&statements.load);
    for list in [&statements.setup, &statements.checks, &statements.after, &statements.previews] {
        for statement in list {
            one_statement(&statement.sql);
        }
    }
});
