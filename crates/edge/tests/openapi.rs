//! The description of the HTTP API says what the routes and problems are.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test file")]

use edge::problem;
use edge::route::Route;
use serde_json::Value;

/// Ids in addresses: as route names write them, and as the description does.
const NAMES: [(&str, &str); 6] = [
    ("space", "space_id"),
    ("conversation", "conversation_id"),
    ("plan", "plan_id"),
    ("version", "version"),
    ("handoff", "handoff_id"),
    ("run", "run_id"),
];

fn description() -> Value {
    serde_json::from_str(include_str!("../../../worker/openapi.json")).unwrap()
}

#[test]
fn every_described_operation_is_a_route_and_takes_its_method() {
    let description = description();
    let mut described = Vec::new();
    for (path, operations) in description["paths"].as_object().unwrap() {
        let id = "01f0eca3dc1b1cbc9b65fa58f94c18ad";
        let mut example = path.clone();
        for name in NAMES {
            example = example.replace(&format!("{{{}}}", name.1), id);
        }
        let route = Route::find(&example).unwrap();
        let mut template = route.name().to_owned();
        for (short, long) in NAMES {
            template = template.replace(&format!(":{short}"), &format!("{{{long}}}"));
        }
        assert_eq!(template, *path);
        for method in operations.as_object().unwrap().keys() {
            assert!(route.takes(&method.to_uppercase()), "{method} {path}");
            assert!(route.allow().contains(&method.to_uppercase()));
        }
        for (method, key) in [("GET", "get"), ("POST", "post"), ("PUT", "put"), ("DELETE", "delete")] {
            assert_eq!(operations.get(key).is_some(), route.takes(method), "{method} {path}");
        }
        described.push(route.name());
    }
    for name in [
        "/api/plans",
        "/api/audit",
        "/health",
        "/api/genie/get",
        "/api/genie/spaces",
        "/api/handoffs/sign",
        "/openapi.json",
    ] {
        assert!(described.contains(&name), "{name} is not described");
    }
}

#[test]
fn every_code_is_described_and_no_other() {
    let description = description();
    let mut described: Vec<_> = description["components"]["schemas"]["Code"]["enum"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let mut known: Vec<_> = problem::ALL.iter().map(|kind| kind.code).collect();
    described.sort_unstable();
    known.sort_unstable();
    assert_eq!(described, known);
}
