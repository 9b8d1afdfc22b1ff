//! The description of the HTTP API says what the routes and problems are.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test file")]

use edge::problem;
use edge::route::Route;
use serde_json::Value;

fn description() -> Value {
    serde_json::from_str(include_str!("../../../worker/openapi.json")).unwrap()
}

#[test]
fn every_described_operation_is_a_route_and_takes_its_method() {
    let description = description();
    let mut described = Vec::new();
    for (path, operations) in description["paths"].as_object().unwrap() {
        // Whatever stands for an id on either side.
        let pattern = |name: &str, opens: char| -> Vec<String> {
            let one = |part: &str| if part.starts_with(opens) { "*".to_owned() } else { part.to_owned() };
            name.split('/').map(one).collect()
        };
        let example = pattern(path, '{').join("/").replace('*', "01f0eca3dc1b1cbc9b65fa58f94c18ad");
        let route = Route::find(&example).unwrap();
        assert_eq!(pattern(route.name(), ':'), pattern(path, '{'));
        for method in operations.as_object().unwrap().keys() {
            assert!(route.takes(&method.to_uppercase()), "{method} {path}");
            assert!(route.allow().contains(&method.to_uppercase()));
        }
        for (method, key) in [("GET", "get"), ("POST", "post"), ("PUT", "put"), ("DELETE", "delete")] {
            assert_eq!(operations.get(key).is_some(), route.takes(method), "{method} {path}");
        }
        described.push(route.name());
    }
    for name in ["/health", "/api/genie/get", "/api/genie/spaces", "/api/handoffs/sign", "/openapi.json"] {
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
