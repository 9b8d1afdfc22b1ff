//! The labelled intents of `bench/suggest/cases`, and how a suggestion is compared with its label.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests and measuring"
)]
#![allow(dead_code, reason = "each user of this file uses a part of it")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use handoff::Context;
use plan::QuartzCron;
use plan::suggest::{Options, QueryShape, Suggestion, suggest};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// Questions whose presence is part of a label. Others (owner, warehouse, time zone, doubts about a choice that was
/// made) are not.
const DECISIONS: &[&str] = &[
    "pattern_unknown",
    "source_unknown",
    "target_unknown",
    "watermark_unknown",
    "keys_unknown",
    "schedule_time",
    "schedule_am_pm",
    "schedule_unclear",
    "snapshot_date_column_unknown",
    "surrogate_key_column_unknown",
];

pub struct Case {
    pub id: String,
    pub context: Context,
    pub queries: Vec<String>,
    pub known: genie_sql::Known,
    pub expect: Value,
}

impl Case {
    /// Even first byte of SHA-256 of the id: tune. Odd: test.
    pub fn is_test(&self) -> bool {
        Sha256::digest(self.id.as_bytes())[0] % 2 == 1
    }

    /// Suggests with the full parser, or with the light reading alone.
    pub fn suggest(&self, parser: bool) -> Suggestion {
        let queries = if parser { self.queries.iter().map(|q| self.read(q)).collect() } else { Vec::new() };
        suggest(&self.context, &Options { queries, ..Options::default() })
    }

    fn read(&self, sql: &str) -> Option<QueryShape> {
        let query = genie_sql::read(sql, &self.known).ok()?;
        Some(QueryShape::from_json(&serde_json::to_value(query).unwrap()))
    }
}

/// All cases, in the order of their files.
pub fn cases() -> Vec<Case> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../bench/suggest/cases");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "json"))
        .collect();
    files.sort();
    let mut all = Vec::new();
    for file in files {
        let domain: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap())
            .unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        for case in domain["cases"].as_array().unwrap() {
            all.push(case_of(case, &domain["tables"]));
        }
    }
    all
}

/// Tables are written as `name:type` lists; `!` behind the type marks the primary key.
fn case_of(case: &Value, tables: &Value) -> Case {
    let (mut columns, mut types, mut keys) = (Map::new(), Map::new(), Map::new());
    let mut known = genie_sql::Known::default();
    for table in case["tables"].as_array().unwrap() {
        let name = table.as_str().unwrap();
        let spec = tables[name].as_str().unwrap();
        let (mut list, mut of_table, mut key) = (Vec::new(), Map::new(), Vec::new());
        // Commas of decimal(18,2) are no separators: those have no space behind.
        for column in spec.split(", ") {
            let (column, kind) = column.split_once(':').unwrap();
            if kind.ends_with('!') {
                key.push(json!(column));
            }
            of_table.insert(column.to_owned(), json!(kind.trim_end_matches('!')));
            list.push(column.to_owned());
        }
        known = known.table(name, list.iter().map(String::as_str));
        columns.insert(name.to_owned(), json!(list));
        types.insert(name.to_owned(), Value::Object(of_table));
        if !key.is_empty() {
            keys.insert(name.to_owned(), Value::Array(key));
        }
    }
    let queries: Vec<String> =
        case["queries"].as_array().into_iter().flatten().map(|q| q.as_str().unwrap().to_owned()).collect();
    let context = json!({
        "genie_session_id": case["id"],
        "space_id": "01f0eca3dc1b1cbc9b65fa58f94c18ad",
        "validated_tables": case["tables"],
        "validated_columns": columns,
        "user_intent": case["intent"],
        "exploration_summary": {"queries_run": queries.len(), "tables_explored": columns.len(), "sample_data_reviewed": false},
        "exploration_queries": queries.iter().map(|q| json!({"query": q, "result_summary": ""})).collect::<Vec<_>>(),
        "column_types": types,
        "keys": keys,
    });
    let id = case["id"].as_str().unwrap().to_owned();
    let context = Context::from_json_str(&context.to_string()).unwrap_or_else(|e| panic!("{id}: {e}"));
    Case { id, context, queries, known, expect: case["expect"].clone() }
}

/// One thing that was compared: its name, whether it is right, and both sides.
pub struct Verdict {
    pub what: &'static str,
    pub right: bool,
    pub expected: String,
    pub found: String,
}

/// Compares a suggestion with its label.
pub fn judge(case: &Case, suggestion: &Suggestion) -> Vec<Verdict> {
    let (expect, plan) = (&case.expect, &suggestion.plan);
    let mut all = Vec::new();
    let mut add = |what, expected: &Value, found: Value| {
        let right = match expected {
            Value::Array(several) if what == "watermark" => several.contains(&found),
            other => *other == found,
        };
        all.push(Verdict { what, right, expected: expected.to_string(), found: found.to_string() });
    };
    add("pattern", &expect["pattern"], json!(suggestion.pattern.map(|p| p.as_str())));
    for side in ["source", "target"] {
        let part = |key| plan[side][key].as_str();
        let name = match (part("catalog"), part("schema"), part("table")) {
            (Some(c), Some(s), Some(t)) => json!(format!("{c}.{s}.{t}")),
            (_, _, Some(t)) => json!(format!("?.{t}")),
            _ => Value::Null,
        };
        add(side, &expect[side], name);
    }
    if expect["words_only"] == true {
        return all;
    }
    let config = &plan["pattern_config"];
    if expect.get("watermark").is_some() {
        add("watermark", &expect["watermark"], config["watermark_column"].clone());
    }
    if expect.get("keys").is_some() {
        let keys = ["match_columns", "merge_keys", "business_keys", "key_columns"]
            .iter()
            .find_map(|k| config.get(*k));
        add("keys", &expect["keys"], keys.cloned().unwrap_or(Value::Null));
    }
    if expect.get("snapshot").is_some() {
        add("snapshot date", &expect["snapshot"], config["snapshot_date_column"].clone());
    }
    if expect.get("write_mode").is_some() {
        add("write mode", &expect["write_mode"], plan["target"]["write_mode"].clone());
    }
    // Two expressions are equal if they fire at the same times: SUN is 1.
    let cron = |text: &Value| text.as_str().map(|t| format!("{:?}", QuartzCron::parse(t).unwrap()));
    let found = &plan["schedule"]["cron_expression"];
    let same = cron(&expect["schedule"]) == cron(found);
    add(
        "schedule",
        &json!([expect["schedule"], same]),
        json!([if same { &expect["schedule"] } else { found }, true]),
    );
    if expect.get("timezone").is_some() {
        add("time zone", &expect["timezone"], plan["schedule"]["timezone"].clone());
    }
    let asked: BTreeSet<&str> =
        suggestion.open.iter().map(|o| o.code).filter(|c| DECISIONS.contains(c)).collect();
    let wanted: BTreeSet<&str> =
        expect["open"].as_array().into_iter().flatten().map(|c| c.as_str().unwrap()).collect();
    add("open questions", &json!(wanted), json!(asked));
    all
}
