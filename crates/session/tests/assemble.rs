//! From messages to a context, as the worker does it.

#![allow(clippy::unwrap_used, reason = "a test file")]

use databricks::{MessagePage, SpaceOutline, Table};
use proptest::prelude::*;
use serde_json::{Value, json};
use session::{Assembled, Facts, Lookup, Wish, assemble, explore};

const CONVERSATION: &str = "01f0eca4a1c81d3f9e7b2c6d5f8091aa";
const SPACE: &str = "01f0eca3dc1b1cbc9b65fa58f94c18ad";

fn table(name: &str) -> Table {
    let body = json!({"full_name": name, "comment": "All of it", "columns": [
        {"name": "id", "type_text": "bigint", "nullable": false, "position": 0},
        {"name": "ts", "type_text": "timestamp", "position": 1},
        {"name": "kind", "type_text": "string", "position": 2}],
        "table_constraints": [{"primary_key_constraint": {"child_columns": ["id"]}}]});
    Table::parse(body.to_string().as_bytes()).unwrap()
}

fn made(messages: Vec<Value>, facts: &[(&str, Lookup)]) -> Assembled {
    let page = MessagePage::parse(json!({"messages": messages}).to_string().as_bytes()).unwrap();
    let space =
        SpaceOutline { tables: vec!["a.b.orders".into()], warehouse_id: Some("4b9b953939869799".into()) };
    let explored = explore(page.messages, &Wish::default(), &space.tables).unwrap();
    let mut known = Facts::default();
    for (name, lookup) in facts {
        known.add(name, lookup.clone());
    }
    assemble(CONVERSATION, SPACE, &explored, &space, &known, "2026-11-21T06:00:00.000Z").unwrap()
}

fn asked(at: i64, content: &str, sql: &[&str]) -> Value {
    let attachments: Vec<_> = sql
        .iter()
        .map(|sql| json!({"query": {"query": sql, "query_result_metadata": {"row_count": 14}}}))
        .collect();
    json!({"message_id": format!("m{at}"), "content": content, "status": "COMPLETED", "created_timestamp": at, "attachments": attachments})
}

fn codes(made: &Assembled) -> Vec<&'static str> {
    made.issues.iter().map(|issue| issue.code).collect()
}

#[test]
fn facts_of_the_catalog_reach_the_context() {
    let made = made(
        vec![
            asked(
                1,
                "how many?",
                &["SELECT kind, COUNT(*) FROM a.b.orders WHERE ts > DATE '2026-01-02' GROUP BY kind"],
            ),
            asked(2, "rows?", &["SELECT * FROM `a`.`b`.`orders` LIMIT 10", "SELECT 1 FROM a.b.gone"]),
            asked(3, "Load new orders daily into a.mart.orders", &[]),
        ],
        &[
            ("a.b.orders", Lookup::Found(table("a.b.orders"))),
            ("a.b.gone", Lookup::Missing),
            ("a.mart.orders", Lookup::Missing),
        ],
    );
    let context: Value = serde_json::from_str(&made.context.to_json()).unwrap();
    assert_eq!(
        context,
        json!({
            "genie_session_id": CONVERSATION, "space_id": SPACE, "validated_tables": ["a.b.orders"],
            "validated_columns": {"a.b.orders": ["id", "ts", "kind"]},
            "user_intent": "Load new orders daily into a.mart.orders",
            "exploration_summary": {"queries_run": 3, "tables_explored": 1, "sample_data_reviewed": true},
            "exploration_queries": [
                {"query": "SELECT kind, COUNT(*) FROM a.b.orders WHERE ts > :date GROUP BY kind", "result_summary": "14 rows"},
                {"query": "SELECT * FROM `a`.`b`.`orders` LIMIT :num", "result_summary": "14 rows"},
                {"query": "SELECT :num FROM a.b.gone", "result_summary": "14 rows"}],
            "created_at": "2026-11-21T06:00:00.000Z",
            "column_types": {"a.b.orders": {"id": "bigint", "ts": "timestamp", "kind": "string"}},
            "keys": {"a.b.orders": ["id"]}, "warehouse_id": "4b9b953939869799", "target_table": "a.mart.orders",
            "pattern_hints": {"not_null": {"a.b.orders": ["id"]}, "comments": {"a.b.orders": "All of it"}},
        })
    );
    assert_eq!(codes(&made), ["table_not_found", "table_outside_space", "target_not_there"]);
    assert!(made.ready && !made.incomplete);
}

#[test]
fn trouble_is_named_and_the_rest_is_kept() {
    let made = made(
        vec![asked(
            1,
            "Refresh it every day, ask jane.roe@example.com",
            &["SELECT x FROM a.b.orders", "SELECT 1 FROM a.b.x", "'broken"],
        )],
        &[("a.b.orders", Lookup::Denied), ("a.b.x", Lookup::Unknown)],
    );
    assert_eq!(
        codes(&made),
        [
            "tables_missing",
            "query_not_understood",
            "table_unreadable",
            "table_not_checked",
            "table_outside_space",
            "intent_masked",
            "sample_not_reviewed",
        ]
    );
    assert!(!made.ready && made.incomplete);
    assert_eq!(made.context.user_intent(), "Refresh it every day, ask […]");
}

#[test]
fn of_many_queries_each_text_is_kept_once_and_the_newest_stay() {
    let equal: Vec<Value> =
        (0..300).map(|n| asked(n, "?", &[&format!("SELECT id FROM a.b.orders WHERE id = {n}")])).collect();
    let orders = [("a.b.orders", Lookup::Found(table("a.b.orders")))];
    let one = made(equal, &orders);
    assert_eq!(one.context.exploration_queries().count(), 1);
    assert_eq!(one.context.exploration_summary().queries_run, 300);
    let different: Vec<Value> =
        (0..60).map(|n| asked(n, "?", &[&format!("SELECT id AS c{n} FROM a.b.orders")])).collect();
    let many = made(different, &orders);
    let kept: Vec<_> = many.context.exploration_queries().map(|q| q.query.to_owned()).collect();
    assert_eq!(
        (kept.len(), kept.first().map(String::as_str)),
        (40, Some("SELECT id AS c20 FROM a.b.orders"))
    );
    assert!(codes(&many).contains(&"queries_left_out"));
}

#[test]
fn a_wide_table_keeps_keys_and_used_columns() {
    let columns: Vec<Value> =
        (0..5000).map(|n| json!({"name": format!("c{n}"), "type_text": "int", "position": n})).collect();
    let body = json!({"full_name": "a.b.orders", "columns": columns, "table_constraints": [{"primary_key_constraint": {"child_columns": ["c4999"]}}]});
    let wide = Table::parse(body.to_string().as_bytes()).unwrap();
    let made =
        made(vec![asked(1, "?", &["SELECT c4321 FROM a.b.orders"])], &[("a.b.orders", Lookup::Found(wide))]);
    let columns: Vec<&str> = made.context.columns_of("a.b.orders").unwrap().collect();
    assert_eq!(columns.len(), 2000);
    assert!(columns.contains(&"c4999") && columns.contains(&"c4321") && columns.contains(&"c0"));
    assert!(codes(&made).contains(&"columns_left_out"));
}

/// Literals as people write them, each with a mark that is in nothing else.
fn literal() -> impl Strategy<Value = String> {
    let mark = "[a-z]{4,12}".prop_map(|text| format!("zq{text}qz"));
    prop_oneof![
        mark.clone().prop_map(|text| format!("'{text}'")),
        mark.clone().prop_map(|text| format!("'it''s {text}'")),
        mark.clone().prop_map(|text| format!("'a\\'{text}'")),
        mark.clone().prop_map(|text| format!("\"{text}\"")),
        mark.clone().prop_map(|text| format!("r'{text}'")),
        mark.clone().prop_map(|text| format!("X'{text}'")),
        mark.prop_map(|text| format!("'x' /* {text} */")),
        (7_100_000_000u64..7_199_999_999).prop_map(|number| number.to_string()),
        (7_100_000_000u64..7_199_999_999).prop_map(|number| format!("{number}.25e3")),
    ]
}

fn template() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "SELECT id FROM a.b.orders WHERE kind = ?",
        "SELECT id, ? AS c FROM `a`.`b`.`orders` WHERE ts > ? ORDER BY 1 LIMIT 5",
        "WITH s AS (SELECT * FROM a.b.orders WHERE kind IN (?, ?)) SELECT COUNT(*) FROM s",
        "SELECT CASE WHEN kind LIKE ? THEN 1 END FROM a.b.orders -- ?",
        "SELECT id FROM a.b.orders WHERE kind = ?; DROP TABLE ?",
        "SELEKT ? FORM orders",
        "SELECT properties[?] FROM orders WHERE x = INTERVAL ? DAY",
        "SELECT 1 FROM a.b.orders WHERE kind = ? AND ((((",
    ])
}

/// The same, or one that nobody closes: no query with that can have run.
fn perhaps_open() -> impl Strategy<Value = String> {
    prop_oneof![9 => literal(), 1 => "[a-z]{4,12}".prop_map(|text| format!("'zq{text}qz"))]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_literal_of_a_query_is_in_the_result(queries in prop::collection::vec((template(), perhaps_open(), literal()), 1..5)) {
        let sql: Vec<String> = queries.iter().map(|(template, a, b)| template.replacen('?', a, 1).replace('?', b)).collect();
        let sql: Vec<&str> = sql.iter().map(String::as_str).collect();
        let made = made(vec![asked(1, "Load it daily", &sql)], &[("a.b.orders", Lookup::Found(table("a.b.orders")))]);
        let mut text = made.context.to_json();
        for issue in &made.issues {
            text.push_str(&format!("{issue:?}"));
        }
        prop_assert!(!text.contains("zq") && !text.contains("71"), "{}", text);
    }
}
