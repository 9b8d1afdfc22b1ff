//! Statement execution.

use emulator::{VIEWER_TOKEN, known};
use serde_json::{Value, json};

use crate::client::Lab;

const BASE: &str = "/api/2.0/sql/statements";

fn order(sql: &str) -> Value {
    json!({ "statement": sql, "warehouse_id": known::WAREHOUSE })
}

async fn run(lab: &Lab, sql: &str) -> Value {
    let reply = lab.post(BASE, &order(sql)).await;
    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
    reply.json()
}

#[tokio::test]
async fn counts_and_plans_come_from_the_catalog() {
    let lab = Lab::start().await;
    lab.control("POST", "/tables/prod_catalog.raw.customer_events/rows", &json!({ "count": 1234 })).await;
    let sql = "SELECT COUNT(*) AS `n` FROM `prod_catalog`.`raw`.`customer_events`";
    let counted = run(&lab, sql).await;
    assert_eq!(counted["status"]["state"], "SUCCEEDED");
    assert_eq!(counted["manifest"]["schema"]["columns"][0]["name"], "n");
    assert_eq!(counted["result"]["data_array"], json!([["1234"]]));
    let plan = run(&lab, &format!("EXPLAIN {sql}")).await;
    assert!(plan["result"]["data_array"][0][0].as_str().unwrap().starts_with("== Physical Plan =="));
}

#[tokio::test]
async fn a_sql_error_is_http_200() {
    let lab = Lab::start().await;
    for (sql, class, state) in [
        ("SELECT * FROM prod_catalog.raw.nope", "[TABLE_OR_VIEW_NOT_FOUND]", "42P01"),
        ("SELECT * FROM finance.ledger.salaries", "[INSUFFICIENT_PERMISSIONS]", "42501"),
        ("SELECT 1; SELECT 2", "[PARSE_SYNTAX_ERROR]", "42601"),
    ] {
        let failed = run(&lab, sql).await;
        assert_eq!(
            (&failed["status"]["state"], &failed["status"]["sql_state"]),
            (&json!("FAILED"), &json!(state))
        );
        assert!(failed["status"]["error"]["message"].as_str().unwrap().starts_with(class), "{failed}");
        assert!(failed.get("manifest").is_none() && failed.get("result").is_none());
    }
    let explained = run(&lab, "EXPLAIN SELECT * FROM prod_catalog.raw.nope").await;
    assert_eq!(explained["status"]["state"], "SUCCEEDED");
    assert!(
        explained["result"]["data_array"][0][0]
            .as_str()
            .unwrap()
            .starts_with("Error occurred during query planning")
    );
}

#[tokio::test]
async fn bad_orders_are_http_errors() {
    let lab = Lab::start().await;
    let with = |field: &str, value: Value| {
        let mut order = order("SELECT 1");
        order[field] = value;
        order
    };
    for bad in [
        json!({ "statement": "SELECT 1" }),
        json!({ "warehouse_id": known::WAREHOUSE }),
        with("wait_timeout", json!("3s")),
        with("wait_timeout", json!("51s")),
        with("on_wait_timeout", json!("MAYBE")),
        with("disposition", json!("EXTERNAL_LINKS")),
    ] {
        assert_eq!(lab.post(BASE, &bad).await.status, 400, "{bad}");
    }
    assert_eq!(lab.post(BASE, &with("warehouse_id", json!("nope"))).await.status, 404);
    assert_eq!(lab.call(VIEWER_TOKEN, "POST", BASE, &order("SELECT 1")).await.status, 403);
    assert_eq!(lab.get(&format!("{BASE}/nope")).await.status, 404);
}

#[tokio::test]
async fn a_stopped_warehouse_makes_a_statement_wait() {
    let lab = Lab::start().await;
    let order = json!({ "statement": "SELECT 1", "warehouse_id": known::STOPPED_WAREHOUSE });
    let first = lab.post(BASE, &order).await.json();
    assert_eq!(first["status"]["state"], "PENDING");
    let path = format!("{BASE}/{}", first["statement_id"].as_str().unwrap());
    assert_eq!(lab.json(&path).await["status"]["state"], "RUNNING");
    assert_eq!(lab.json(&path).await["status"]["state"], "SUCCEEDED");
    let at_once = json!({ "statement": "SELECT 1", "warehouse_id": known::WAREHOUSE, "wait_timeout": "0s" });
    assert_eq!(lab.post(BASE, &at_once).await.json()["status"]["state"], "RUNNING");
}

#[tokio::test]
async fn scripts_decide_about_rows_errors_and_time() {
    let lab = Lab::start().await;
    let script = json!({ "contains": "big_answer", "times": 1, "answer": {
        "polls": 1, "columns": [["n", "bigint"]], "rows": [["1"], ["2"], [null]], "chunk_rows": 2,
    }});
    lab.control("POST", "/statements/scripts", &script).await;
    let first = run(&lab, "SELECT n FROM BIG_ANSWER").await;
    assert_eq!(first["status"]["state"], "RUNNING");
    let path = format!("{BASE}/{}", first["statement_id"].as_str().unwrap());
    let done = lab.json(&path).await;
    assert_eq!(done["result"]["data_array"], json!([["1"], ["2"]]));
    let link = done["result"]["next_chunk_internal_link"].as_str().unwrap();
    assert_eq!(lab.json(link).await["data_array"], json!([[null]]));
    // Used up.
    assert_eq!(run(&lab, "SELECT n FROM big_answer").await["status"]["state"], "SUCCEEDED");
    let bad = json!({ "contains": "x", "answer": { "row": [] } });
    let refused = lab.try_control("POST", "/statements/scripts", &bad).await;
    assert_eq!(refused.status, 400);
    assert!(refused.json()["detail"].as_str().unwrap().contains("row"));
}

#[tokio::test]
async fn a_statement_can_be_canceled_and_everything_is_on_record() {
    let lab = Lab::start().await;
    let slow = json!({ "contains": "slow", "answer": { "polls": 9 } });
    lab.control("POST", "/statements/scripts", &slow).await;
    let first = run(&lab, "SELECT 'slow'").await;
    let path = format!("{BASE}/{}", first["statement_id"].as_str().unwrap());
    assert_eq!(lab.post(&format!("{path}/cancel"), &json!({})).await.json(), json!({}));
    assert_eq!(lab.json(&path).await["status"]["state"], "CANCELED");
    let mut late = order("SELECT 'slow'");
    late["on_wait_timeout"] = json!("CANCEL");
    assert_eq!(lab.post(BASE, &late).await.json()["status"]["state"], "CANCELED");
    run(&lab, "INSERT INTO prod_catalog.curated.customer_daily SELECT 1").await;
    let record = lab.control("GET", "/statements", &Value::Null).await;
    let texts: Vec<&str> =
        record["statements"].as_array().unwrap().iter().map(|s| s["statement"].as_str().unwrap()).collect();
    assert_eq!(
        texts,
        ["SELECT 'slow'", "SELECT 'slow'", "INSERT INTO prod_catalog.curated.customer_daily SELECT 1"]
    );
}
