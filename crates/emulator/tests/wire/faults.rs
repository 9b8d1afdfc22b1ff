//! Each fault, as a client sees it.

use std::io::Read;
use std::time::{Duration, Instant};

use emulator::known;
use serde_json::{Value, json};

use crate::client::{Broken, Lab, Reply, send};

fn path() -> String {
    format!("/api/2.0/data-rooms/{}", known::CUSTOMER_EVENTS)
}

async fn with(fault: Value) -> Lab {
    let lab = Lab::start().await;
    lab.control(
        "POST",
        "/faults",
        &json!({ "match": { "method": "GET", "path_prefix": "/api/" }, "fault": fault }),
    )
    .await;
    lab
}

async fn ask(lab: &Lab) -> Result<Reply, Broken> {
    lab.send("GET", &path(), &[("authorization", "Bearer emulator-token")], "").await
}

/// The journal's entry of the only request, once it has ended.
async fn ended(lab: &Lab) -> Value {
    loop {
        let journal = lab.control("GET", "/requests", &Value::Null).await;
        if journal["in_flight"]["now"] == 0 && journal["count"] != 0 {
            return journal["requests"][0].clone();
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn latency_delays_the_right_answer() {
    let lab = with(json!({ "kind": "latency", "ms": 120 })).await;
    let started = Instant::now();
    assert_eq!(ask(&lab).await.unwrap().json()["display_name"], "Customer Events");
    assert!(started.elapsed() >= Duration::from_millis(120));
    assert_eq!(ended(&lab).await["fault"], "latency");
}

#[tokio::test]
async fn statuses_have_the_vendors_bodies() {
    for (status, code) in [
        (401, "UNAUTHENTICATED"),
        (403, "PERMISSION_DENIED"),
        (404, "RESOURCE_DOES_NOT_EXIST"),
        (429, "REQUEST_LIMIT_EXCEEDED"),
        (500, "INTERNAL_ERROR"),
        (503, "TEMPORARILY_UNAVAILABLE"),
        (504, "DEADLINE_EXCEEDED"),
    ] {
        let lab = with(json!({ "kind": "status", "status": status })).await;
        let reply = ask(&lab).await.unwrap();
        assert_eq!(reply.error(), (status, code.to_owned()));
        assert!(reply.headers.get("retry-after").is_none());
        assert_eq!(ended(&lab).await["status"], status);
    }
    let lab =
        with(json!({ "kind": "status", "status": 429, "retry_after": 7, "error_code": "X", "message": "m" }))
            .await;
    let reply = ask(&lab).await.unwrap();
    assert_eq!((reply.header("retry-after"), reply.error()), ("7", (429, "X".to_owned())));
    assert_eq!(reply.json()["message"], "m");
    let lab =
        with(json!({ "kind": "status", "status": 503, "retry_after": "Sat, 21 Nov 2026 00:00:00 GMT" }))
            .await;
    assert_eq!(ask(&lab).await.unwrap().header("retry-after"), "Sat, 21 Nov 2026 00:00:00 GMT");
}

#[tokio::test]
async fn a_hang_lasts_until_the_client_leaves() {
    for (after, has_head) in [("request", false), ("headers", true), ("half_body", true)] {
        let lab = with(json!({ "kind": "hang", "after": after })).await;
        assert!(tokio::time::timeout(Duration::from_millis(150), ask(&lab)).await.is_err(), "{after}");
        let entry = ended(&lab).await;
        assert_eq!(entry["outcome"], "client_left", "{after}");
        assert_eq!(entry["status"].is_number(), has_head, "{after}");
    }
}

#[tokio::test]
async fn a_drop_ends_the_connection() {
    for (after, has_head, has_body) in
        [("request", false, false), ("headers", true, false), ("half_body", true, true)]
    {
        let lab = with(json!({ "kind": "drop", "after": after })).await;
        let broken = ask(&lab).await.unwrap_err();
        assert_eq!((broken.status.is_some(), !broken.body.is_empty()), (has_head, has_body), "{after}");
        assert_eq!(ended(&lab).await["outcome"], "dropped", "{after}");
    }
}

#[tokio::test]
async fn a_slow_body_is_the_right_one() {
    let lab = with(json!({ "kind": "slow_body", "chunk_bytes": 300, "interval_ms": 20 })).await;
    let started = Instant::now();
    assert_eq!(ask(&lab).await.unwrap().json()["space_id"], known::CUSTOMER_EVENTS);
    assert!(started.elapsed() >= Duration::from_millis(60));
}

#[tokio::test]
async fn broken_json_is_a_complete_answer() {
    let lab = with(json!({ "kind": "broken_json" })).await;
    let reply = ask(&lab).await.unwrap();
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "application/json"));
    assert!(!reply.body.is_empty() && serde_json::from_slice::<Value>(&reply.body).is_err());
}

#[tokio::test]
async fn a_truncated_answer_is_shorter_than_it_says() {
    let lab = with(json!({ "kind": "truncate", "keep_bytes": 40 })).await;
    let broken = ask(&lab).await.unwrap_err();
    assert_eq!((broken.status.unwrap().as_u16(), broken.body.len()), (200, 40));
    // More than there is still leaves a byte out.
    let lab = with(json!({ "kind": "truncate", "keep_bytes": 1_000_000 })).await;
    assert!(ask(&lab).await.unwrap_err().body.len() > 500);
}

#[tokio::test]
async fn pages_and_redirects_of_something_in_between() {
    let lab = with(json!({ "kind": "html", "status": 502 })).await;
    let reply = ask(&lab).await.unwrap();
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (502, "text/html; charset=utf-8"));
    let lab =
        with(json!({ "kind": "redirect", "status": 307, "location": "https://elsewhere.test/x" })).await;
    let reply = ask(&lab).await.unwrap();
    assert_eq!((reply.status.as_u16(), reply.header("location")), (307, "https://elsewhere.test/x"));
}

#[tokio::test]
async fn bodies_can_be_huge_and_small_ones_unpack_to_huge_ones() {
    let lab = with(json!({ "kind": "huge_body", "bytes": 3_000_000 })).await;
    let reply = ask(&lab).await.unwrap();
    assert_eq!(reply.body.len(), 3_000_000);
    assert!(reply.json().is_object() && reply.headers.get("content-length").is_none());
    let lab = with(json!({ "kind": "huge_body", "bytes": 3_000_000, "declare_length": true })).await;
    assert_eq!(ask(&lab).await.unwrap().header("content-length"), "3000000");
    let lab = with(json!({ "kind": "gzip_bomb", "bytes": 8_000_000 })).await;
    let reply = ask(&lab).await.unwrap();
    assert_eq!(reply.header("content-encoding"), "gzip");
    assert!(reply.body.len() < 100_000, "{}", reply.body.len());
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(&*reply.body).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked.len(), 8_000_000);
}

#[tokio::test]
async fn a_wrong_id_is_another_well_formed_one() {
    let lab = with(json!({ "kind": "wrong_id" })).await;
    let body = ask(&lab).await.unwrap().json();
    let id = body["space_id"].as_str().unwrap();
    assert!(id.len() == 32 && id != known::CUSTOMER_EVENTS);
    assert_eq!(body["display_name"], "Customer Events");
}

#[tokio::test]
async fn faults_reach_the_token_endpoint_too() {
    let lab = Lab::start().await;
    let rule =
        json!({ "match": { "path_prefix": "/oidc/v1/token" }, "fault": { "kind": "status", "status": 500 } });
    lab.control("POST", "/faults", &rule).await;
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let reply = lab.send("POST", "/oidc/v1/token", &headers, "grant_type=client_credentials").await.unwrap();
    assert_eq!(reply.status, 500);
    assert_eq!(ask(&lab).await.unwrap().status, 200);
}

#[tokio::test]
async fn stopping_does_not_wait_for_a_hang() {
    let lab = with(json!({ "kind": "hang" })).await;
    let headers = [("authorization", "Bearer emulator-token")];
    let (address, path) = (lab.emulator.address(), path());
    let asking = send(address, "GET", &path, &headers, "");
    let stopping = async {
        while lab.control("GET", "/requests", &Value::Null).await["in_flight"]["now"] == 0 {}
        lab.emulator.stop().await;
    };
    let (answer, ()) = tokio::join!(asking, stopping);
    assert!(answer.unwrap_err().status.is_none());
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "the port is free again");
}
