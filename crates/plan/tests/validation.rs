//! One behaviour per test: a good plan, one thing changed, the issues that come out.

#![allow(clippy::indexing_slicing, reason = "a missing key must fail the test")]

use plan::{Blocks, Pattern, Severity, validate};
use serde_json::{Value, json};

fn base(kind: &str, mode: &str, config: Value) -> Value {
    json!({
        "schema_version": "1.0",
        "plan_metadata": {
            "plan_id": "6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10", "plan_name": "customers", "description": "d",
            "owner": "ada@example.com", "created_at": "2026-01-16T08:00:00Z", "version": "1.0.0",
            "tags": {"team": "crm"}
        },
        "pattern": {"type": kind},
        "source": {"catalog": "main", "schema": "raw", "table": "customers", "columns": ["id", "name", "ts"]},
        "target": {"catalog": "main", "schema": "mart", "table": "customers", "write_mode": mode},
        "pattern_config": config,
        "execution_config": {"warehouse_id": "0123456789abcdef", "timeout_seconds": 600, "max_retries": 1,
            "retry_delay_seconds": 30},
        "schedule": {"type": "cron", "cron_expression": "0 0 2 * * ?", "timezone": "Europe/Berlin", "enabled": true},
        "validation_rules": {"check_source_not_empty": true, "check_schema_compatibility": false,
            "max_rows_to_process": 1000}
    })
}

fn goods() -> Vec<Value> {
    let mut goods = vec![
        base(
            "INCREMENTAL_APPEND",
            "append",
            json!({"watermark_column": "ts", "watermark_type": "timestamp",
            "watermark_initial_value": "1850-01-01"}),
        ),
        base(
            "INCREMENTAL_APPEND",
            "merge",
            json!({"watermark_column": "id", "watermark_type": "numeric",
            "watermark_initial_value": "-5", "match_columns": ["name"]}),
        ),
        base(
            "FULL_REPLACE",
            "overwrite",
            json!({"refresh_mode": "staging", "table_format": "delta",
            "partition_columns": ["name"], "filter_condition": "id > 1", "table_properties": {"a.b": "it's"}}),
        ),
        base("FULL_REPLACE", "overwrite", json!({})),
        base("MERGE_UPSERT", "merge", json!({"merge_keys": ["id"], "update_columns": ["name"]})),
        base(
            "SCD2",
            "merge",
            json!({"business_keys": ["id"], "compare_columns": ["name"],
            "end_date_default": "9999-12-31", "effective_date_column": "from", "end_date_column": "to",
            "current_flag_column": "now"}),
        ),
        base("SNAPSHOT", "append", json!({"snapshot_date_column": "day", "partition_columns": ["day"]})),
    ];
    for (kind, mode, config) in [
        (
            "AGGREGATE_REFRESH",
            "merge",
            json!({"group_by": ["name"], "refresh_days": 3,
            "time_bucket": {"column": "ts", "grain": "day", "as": "day"},
            "aggregates": [{"function": "count", "as": "n"}, {"function": "sum", "column": "id", "as": "s"}]}),
        ),
        (
            "SURROGATE_KEY",
            "merge",
            json!({"business_keys": ["id"], "surrogate_key_column": "sk",
            "key_method": "hash", "update_columns": ["name"]}),
        ),
        (
            "DEDUPLICATE",
            "overwrite",
            json!({"key_columns": ["id"],
            "order_by": [{"column": "ts", "direction": "desc"}]}),
        ),
        (
            "MERGE_UPSERT",
            "merge",
            json!({"merge_keys": ["id"], "hard_deletes": "delete", "duplicate_keys": "fail",
            "order_by": [{"column": "ts"}]}),
        ),
    ] {
        let mut plan = base(kind, mode, config);
        plan["schema_version"] = json!("1.1");
        goods.push(plan);
    }
    goods
}

/// The codes and paths after one change of the upsert plan.
fn after(change: impl FnOnce(&mut Value)) -> Vec<(&'static str, String)> {
    let mut plan = base("MERGE_UPSERT", "merge", json!({"merge_keys": ["id"]}));
    change(&mut plan);
    of(&plan)
}

fn of(plan: &Value) -> Vec<(&'static str, String)> {
    validate(plan).issues.into_iter().map(|i| (i.code, i.path)).collect()
}

fn one(code: &'static str, path: &str) -> Vec<(&'static str, String)> {
    vec![(code, path.to_owned())]
}

#[test]
fn good_plans_have_no_issue() {
    for plan in goods() {
        let report = validate(&plan);
        assert_eq!(report.issues, [], "{plan}");
        assert_eq!(report.plan.unwrap().pattern.kind().as_str(), plan["pattern"]["type"]);
        assert_eq!(report.hash, plan::PlanHash::of(&plan));
    }
}

#[test]
fn every_problem_at_once() {
    let issues = after(|p| {
        p["plan_metadata"]["plan_name"] = json!("No!");
        p["source"]["columns"] = json!(["id", "ID", 7, "a\nb"]);
        p["target"]["catalog"] = json!("a.b");
        p["execution_config"]["timeout_seconds"] = json!(1);
        p["schedule"]["cron_expression"] = json!("0 2 * * *");
        p["surprise"] = json!(true);
    });
    let codes: Vec<&str> = issues.iter().map(|(code, _)| *code).collect();
    assert_eq!(
        codes,
        [
            "plan_unknown_key",
            "plan_malformed",
            "plan_duplicate_column",
            "plan_wrong_type",
            "plan_name_character",
            "plan_name_character",
            "plan_out_of_range",
            "plan_cron"
        ]
    );
}

#[test]
fn any_json_gives_a_report() {
    for plan in
        [json!(null), json!([]), json!("x"), json!({}), json!({"source": []}), json!({"pattern_config": 1})]
    {
        let report = validate(&plan);
        assert!(!report.valid() && report.plan.is_none(), "{plan}");
    }
}

#[test]
fn every_part_may_be_anything() {
    let junk = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("\u{0}"),
        json!([]),
        json!([null]),
        json!({}),
        json!({"a": {}}),
        json!("x".repeat(70_000)),
    ];
    for good in goods() {
        for pointer in pointers(&good, String::new()) {
            for value in &junk {
                let mut plan = good.clone();
                *plan.pointer_mut(&pointer).unwrap() = value.clone();
                nothing_stands_in(&plan);
            }
            if let Some((parent, key)) = pointer.rsplit_once('/') {
                let mut plan = good.clone();
                match plan.pointer_mut(parent).unwrap() {
                    Value::Object(map) => drop(map.remove(&key.replace("~1", "/"))),
                    other => drop(other.as_array_mut().unwrap().remove(key.parse().unwrap())),
                }
                nothing_stands_in(&plan);
            }
        }
    }
}

/// Where something is missing or wrong, validation goes on with a blank; a plan that is given out has none.
#[track_caller]
fn nothing_stands_in(document: &Value) {
    let report = validate(document);
    let blocked = report.issues.iter().any(|issue| issue.blocks == Blocks::Rendering);
    assert_eq!(report.plan.is_none(), blocked, "{document}");
    if let Some(plan) = report.plan {
        let shown = format!("{plan:?}");
        assert!(!shown.contains("Name(\"\")"), "{document} gives {shown}");
    }
}

fn pointers(value: &Value, at: String) -> Vec<String> {
    let mut all = vec![at.clone()];
    match value {
        Value::Object(map) => {
            all.extend(map.iter().flat_map(|(k, v)| pointers(v, format!("{at}/{}", k.replace('/', "~1")))));
        }
        Value::Array(items) => {
            all.extend(items.iter().enumerate().flat_map(|(n, v)| pointers(v, format!("{at}/{n}"))));
        }
        _ => {}
    }
    all
}

#[test]
fn open_questions_do_not_stop_the_sql() {
    let mut plan = base("MERGE_UPSERT", "merge", json!({"merge_keys": ["id"]}));
    plan["plan_metadata"]["owner"] = json!("");
    plan["plan_metadata"]["plan_id"] = json!(null);
    plan.as_object_mut().unwrap().remove("execution_config");
    let report = validate(&plan);
    assert!(!report.valid());
    assert!(report.plan.is_some());
    assert!(report.issues.iter().all(|i| i.code == "plan_missing" && i.blocks == Blocks::Running));
    assert_eq!(report.issues.len(), 3);
}

#[test]
fn what_is_there_must_be_right() {
    assert_eq!(
        after(|p| p["plan_metadata"]["plan_id"] = json!("x\n; DROP TABLE y; --")),
        one("plan_malformed", "/plan_metadata/plan_id")
    );
    assert_eq!(
        after(|p| p["plan_metadata"]["version"] = json!("1.0")),
        one("plan_malformed", "/plan_metadata/version")
    );
    assert_eq!(
        after(|p| p["plan_metadata"]["created_at"] = json!("2026-01-16")),
        one("plan_malformed", "/plan_metadata/created_at")
    );
    for good in ["2026-01-16T08:00:00.123456789Z", "2026-01-16t08:00:00z", "2026-01-16 08:00:00+02:00"] {
        assert_eq!(after(|p| p["plan_metadata"]["created_at"] = json!(good)), [], "{good}");
    }
    assert_eq!(
        after(|p| p["plan_metadata"]["tags"]["n"] = json!(1)),
        one("plan_wrong_type", "/plan_metadata/tags/n")
    );
    assert_eq!(
        after(|p| p["execution_config"]["max_retries"] = json!(1.5)),
        one("plan_out_of_range", "/execution_config/max_retries")
    );
    assert_eq!(after(|p| p["execution_config"]["max_retries"] = json!(2.0)), []);
}

#[test]
fn misspelt_keys_are_refused() {
    assert_eq!(after(|p| p["source"]["filtr"] = json!("id > 1")), one("plan_unknown_key", "/source/filtr"));
    assert_eq!(
        after(|p| p["pattern_config"]["keys"] = json!([])),
        one("plan_unknown_key", "/pattern_config/keys")
    );
    assert_eq!(after(|p| p["pattern"]["x/y"] = json!(1)), one("plan_unknown_key", "/pattern/x~1y"));
}

#[test]
fn a_1_0_plan_has_no_1_1_keys() {
    assert_eq!(
        after(|p| p["pattern_config"]["hard_deletes"] = json!("delete")),
        one("plan_key_needs_1_1", "/pattern_config/hard_deletes")
    );
    let mut plan = base("DEDUPLICATE", "overwrite", json!({}));
    plan["pattern_config"] = json!({"key_columns": ["id"], "order_by": [{"column": "ts"}]});
    let codes: Vec<&str> = of(&plan).iter().map(|(c, _)| *c).collect();
    assert_eq!(codes, ["plan_pattern_needs_1_1", "plan_key_needs_1_1", "plan_key_needs_1_1"]);
}

#[test]
fn keys_of_another_pattern_are_a_warning_unless_they_filter() {
    let report =
        validate(&base("MERGE_UPSERT", "merge", json!({"merge_keys": ["id"], "watermark_column": "ts"})));
    assert_eq!((report.issues[0].severity, report.valid()), (Severity::Warning, true));
    assert_eq!(
        after(|p| p["pattern_config"]["filter_condition"] = json!("id > 1")),
        one("plan_key_unused", "/pattern_config/filter_condition")
    );
}

#[test]
fn names_are_compared_without_case_and_spelt_as_the_source_has_them() {
    let mut plan = base("MERGE_UPSERT", "merge", json!({"merge_keys": ["ID"]}));
    plan["source"]["columns"] = json!(["Id", "name"]);
    let Pattern::MergeUpsert(upsert) = validate(&plan).plan.unwrap().pattern else { panic!() };
    assert_eq!(upsert.merge_keys[0].as_str(), "Id");
}

#[test]
fn source_and_target_must_differ() {
    for (kind, mode, config) in [
        ("MERGE_UPSERT", "merge", json!({"merge_keys": ["id"]})),
        ("FULL_REPLACE", "overwrite", json!({})),
        ("SNAPSHOT", "append", json!({"snapshot_date_column": "d"})),
    ] {
        let mut plan = base(kind, mode, config);
        plan["target"]["schema"] = json!("RAW");
        plan["target"]["table"] = json!("Customers");
        assert_eq!(of(&plan), one("plan_source_is_target", "/target/table"), "{kind}");
    }
}

#[test]
fn deduplicate_in_place_keeps_every_column_and_row_it_can() {
    let mut plan =
        base("DEDUPLICATE", "overwrite", json!({"key_columns": ["id"], "order_by": [{"column": "ts"}]}));
    plan["schema_version"] = json!("1.1");
    plan["target"]["schema"] = json!("raw");
    plan["source"]["filter"] = json!("id > 1");
    let issues = of(&plan);
    assert_eq!(
        issues,
        [
            ("plan_columns_in_place", "/source/columns".to_owned()),
            ("plan_filter_in_place", "/source/filter".to_owned())
        ]
    );
    plan["source"].as_object_mut().unwrap().remove("columns");
    plan["source"].as_object_mut().unwrap().remove("filter");
    assert_eq!(of(&plan), []);
}

#[test]
fn write_modes_with_no_safe_meaning() {
    let incremental = json!({"watermark_column": "ts", "watermark_type": "timestamp"});
    for (kind, mode, config) in [
        ("INCREMENTAL_APPEND", "overwrite", incremental.clone()),
        ("FULL_REPLACE", "append", json!({})),
        ("MERGE_UPSERT", "append", json!({"merge_keys": ["id"]})),
        ("SCD2", "overwrite", json!({"business_keys": ["id"]})),
    ] {
        assert_eq!(of(&base(kind, mode, config)), one("plan_write_mode", "/target/write_mode"), "{kind}");
    }
    assert_eq!(
        of(&base("INCREMENTAL_APPEND", "merge", incremental)),
        one("plan_missing", "/pattern_config/match_columns")
    );
}

#[test]
fn watermarks_fit_their_type() {
    for (kind, value) in [
        ("timestamp", "yesterday"),
        ("timestamp", "2020-02-30"),
        ("timestamp", "1900-01-01'; DROP TABLE x; --"),
        ("date", "2020-01-01 00:00:00"),
        ("date", "0"),
        ("numeric", "1 OR 1=1"),
        ("numeric", "2020-01-01"),
        ("numeric", ""),
    ] {
        let plan = base(
            "INCREMENTAL_APPEND",
            "append",
            json!({"watermark_column": "ts", "watermark_type": kind, "watermark_initial_value": value}),
        );
        assert_eq!(
            of(&plan),
            one("plan_watermark_value", "/pattern_config/watermark_initial_value"),
            "{value}"
        );
    }
    let plan =
        base("INCREMENTAL_APPEND", "append", json!({"watermark_column": "tss", "watermark_type": "date"}));
    assert_eq!(of(&plan), one("plan_column_not_in_source", "/pattern_config/watermark_column"));
}

#[test]
fn scd2_owns_its_system_columns() {
    let mut plan = base("SCD2", "merge", json!({"business_keys": ["id"], "effective_date_column": "TS"}));
    assert_eq!(of(&plan), one("plan_column_in_source", "/pattern_config/effective_date_column"));
    plan["pattern_config"] = json!({"business_keys": ["id"], "end_date_column": "Valid_From"});
    assert_eq!(of(&plan), one("plan_duplicate_column", "/pattern_config/end_date_column"));
    plan["pattern_config"] = json!({"business_keys": ["id"], "end_date_default": "never"});
    assert_eq!(of(&plan), one("plan_end_date", "/pattern_config/end_date_default"));
    plan["pattern_config"] = json!({"business_keys": ["id"]});
    plan["source"].as_object_mut().unwrap().remove("columns");
    assert_eq!(of(&plan), one("plan_columns_needed", "/source/columns"));
}

#[test]
fn a_table_has_one_layout() {
    let config = json!({"partition_columns": ["id"], "cluster_columns": ["name"]});
    assert_eq!(
        of(&base("FULL_REPLACE", "overwrite", config)),
        one("plan_partition_and_cluster", "/pattern_config/cluster_columns")
    );
    let mut plan = base("FULL_REPLACE", "overwrite", json!({"partition_columns": ["id"]}));
    plan["target"]["partition_by"] = json!(["name"]);
    assert_eq!(of(&plan), one("plan_layout_conflict", "/pattern_config/partition_columns"));
    plan["target"]["partition_by"] = json!(["ID"]);
    assert_eq!(of(&plan), []);
    plan["pattern_config"] = json!({"partition_columns": ["nope"]});
    plan["target"].as_object_mut().unwrap().remove("partition_by");
    assert_eq!(of(&plan), one("plan_column_not_written", "/pattern_config/partition_columns/0"));
}

#[test]
fn a_unix_cron_expression_is_explained() {
    let mut plan = base("FULL_REPLACE", "overwrite", json!({}));
    plan["schedule"]["cron_expression"] = json!("0 2 * * *");
    let issue = &validate(&plan).issues[0];
    assert_eq!((issue.code, issue.path.as_str()), ("plan_cron", "/schedule/cron_expression"));
    assert!(issue.help.contains("`0 0 2 * * ?`"), "{}", issue.help);
    plan["schedule"] = json!({"type": "cron"});
    assert_eq!(of(&plan), one("plan_missing", "/schedule/cron_expression"));
    plan["schedule"] = json!({"type": "manual", "cron_expression": "", "timezone": ""});
    assert_eq!(of(&plan), one("plan_timezone", "/schedule/timezone"));
}

#[test]
fn reserved_and_broken_properties() {
    let plan = base(
        "FULL_REPLACE",
        "overwrite",
        json!({"table_properties": {"Location": "s3://x", "a\nb": "c", "n": 1, "ok": "it's \\ fine\n"}}),
    );
    let mut codes: Vec<&str> = of(&plan).iter().map(|(c, _)| *c).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["plan_property_name", "plan_property_reserved", "plan_wrong_type"]);
}

#[test]
fn aggregates_have_names_of_their_own() {
    let mut plan =
        base("AGGREGATE_REFRESH", "merge", json!({"aggregates": [{"function": "sum", "as": "n"}]}));
    plan["schema_version"] = json!("1.1");
    let codes: Vec<(&str, String)> = of(&plan);
    assert_eq!(codes[0], ("plan_missing", "/pattern_config/aggregates/0/column".to_owned()));
    assert_eq!(codes[1], ("plan_missing", "/pattern_config/group_by".to_owned()));
    plan["pattern_config"] = json!({"group_by": ["name"], "refresh_days": 1,
        "aggregates": [{"function": "count", "as": "Name"}]});
    let codes: Vec<&str> = of(&plan).iter().map(|(c, _)| *c).collect();
    assert_eq!(codes, ["plan_missing", "plan_duplicate_column"]);
}
