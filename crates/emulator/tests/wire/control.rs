//! The control port.

use emulator::known;
use serde_json::{Value, json};

use crate::client::Lab;

#[tokio::test]
async fn unknown_words_are_problems_that_name_them() {
    let lab = Lab::start().await;
    for (path, body, word) in [
        ("/faults", json!({ "fault": { "kind": "meltdown" } }), "meltdown"),
        ("/faults", json!({ "fault": { "kind": "latency", "ms": 1, "jitter": 1 } }), "jitter"),
        ("/faults", json!({ "fault": { "kind": "hang" }, "match": { "host": "x" } }), "host"),
        ("/faults", json!({ "fault": { "kind": "hang" }, "until": 1 }), "until"),
        ("/faults", json!({ "fault": { "kind": "status", "status": 200 } }), "fault.status"),
        ("/faults", json!({}), "fault"),
        ("/tokens/revoke", json!({ "who": "all" }), "who"),
        ("/tokens/ttl", json!({ "minutes": 1 }), "minutes"),
        ("/runs/policy", json!({ "advance": true }), "advance"),
    ] {
        let reply = lab.try_control("POST", path, &body).await;
        assert_eq!(reply.status, 400, "{path} {body}");
        assert_eq!(reply.header("content-type"), "application/problem+json");
        let detail = reply.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(word), "{detail}");
    }
    assert_eq!(lab.control("GET", "/faults", &Value::Null).await, json!({ "faults": [] }));
    assert_eq!(lab.try_control("POST", "/nothing", &Value::Null).await.status, 404);
    assert_eq!(lab.try_control("DELETE", "/faults/7", &Value::Null).await.status, 404);
}

#[tokio::test]
async fn faults_are_listed_counted_and_removed() {
    let lab = Lab::start().await;
    let rule = json!({ "match": { "path_prefix": "/api/2.0/data-rooms" }, "fault": { "kind": "html" }, "times": 2, "skip": 1 });
    let id = lab.control("POST", "/faults", &rule).await["id"].clone();
    for expected in [200, 200, 200, 200] {
        assert_eq!(
            lab.get(&format!("/api/2.0/data-rooms/{}", known::CUSTOMER_EVENTS)).await.status,
            expected
        );
    }
    let listed = lab.control("GET", "/faults", &Value::Null).await;
    assert_eq!((&listed["faults"][0]["hits"], &listed["faults"][0]["seen"]), (&json!(2), &json!(3)));
    lab.control("DELETE", &format!("/faults/{id}"), &Value::Null).await;
    assert_eq!(lab.control("GET", "/faults", &Value::Null).await, json!({ "faults": [] }));
    lab.control("POST", "/faults", &rule).await;
    lab.control("DELETE", "/faults", &Value::Null).await;
    assert_eq!(lab.control("GET", "/faults", &Value::Null).await, json!({ "faults": [] }));
}

#[tokio::test]
async fn the_journal_shows_requests_without_credentials() {
    let lab = Lab::start().await;
    let path = format!("/api/2.0/data-rooms/{}", known::CUSTOMER_EVENTS);
    lab.get(&path).await;
    lab.get("/api/2.0/genie/spaces?page_size=1").await;
    let journal = lab.control("GET", "/requests", &Value::Null).await;
    assert_eq!((&journal["count"], &journal["in_flight"]["now"]), (&json!(2), &json!(0)));
    let first = &journal["requests"][0];
    assert_eq!(
        (&first["method"], &first["path"], &first["status"]),
        (&json!("GET"), &json!(path), &json!(200))
    );
    assert_eq!((&first["outcome"], &first["caller"]), (&json!("answered"), &json!(known::USER)));
    assert_eq!(journal["requests"][1]["path"], "/api/2.0/genie/spaces?page_size=1");
    assert!(!journal.to_string().contains(emulator::TOKEN));
    let some = lab.control("GET", "/requests?path_prefix=/api/2.0/genie&limit=0", &Value::Null).await;
    assert_eq!((&some["count"], &some["requests"]), (&json!(1), &json!([])));
    assert_eq!(lab.try_control("GET", "/requests?limit=-1", &Value::Null).await.status, 400);
    assert_eq!(lab.try_control("GET", "/requests?limit=many", &Value::Null).await.status, 400);
    lab.control("DELETE", "/requests", &Value::Null).await;
    assert_eq!(lab.control("GET", "/requests", &Value::Null).await["count"], 0);
}

#[tokio::test]
async fn requests_at_the_same_time_are_counted_per_path() {
    let lab = Lab::start().await;
    lab.control("POST", "/faults", &json!({ "fault": { "kind": "latency", "ms": 100 } })).await;
    let path = format!("/api/2.0/data-rooms/{}", known::CUSTOMER_EVENTS);
    let replies = futures_util::future::join_all((0..5).map(|_| lab.get(&path))).await;
    assert!(replies.iter().all(|reply| reply.status == 200));
    let journal = lab.control("GET", "/requests", &Value::Null).await;
    assert_eq!(journal["paths"][&path], json!({ "now": 0, "peak": 5, "total": 5 }));
}
