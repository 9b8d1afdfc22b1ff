//! Genie spaces through both APIs.

use emulator::{VIEWER_TOKEN, known};
use serde_json::{Value, json};

use crate::client::Lab;

fn room(id: &str) -> String {
    format!("/api/2.0/data-rooms/{id}")
}

fn space(id: &str) -> String {
    format!("/api/2.0/genie/spaces/{id}")
}

#[tokio::test]
async fn data_rooms_gives_the_shape_of_genie_get() {
    let lab = Lab::start().await;
    let reply = lab.get(&room(known::CUSTOMER_EVENTS)).await;
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.header("x-databricks-org-id"), "3412807655190048");
    assert_eq!(reply.header("x-databricks-request-id").len(), 36);
    let body = reply.json();
    assert_eq!(
        (&body["space_id"], &body["id"]),
        (&json!(known::CUSTOMER_EVENTS), &json!(known::CUSTOMER_EVENTS))
    );
    assert_eq!(body["display_name"], "Customer Events");
    assert_eq!(body["warehouse_id"], known::WAREHOUSE);
    assert_eq!(body["run_as_type"], "VIEWER");
    let tables = json!(["prod_catalog.curated.customer_daily", "prod_catalog.raw.customer_events"]);
    assert_eq!(body["table_identifiers"], tables);
    assert!(body["user_id"].is_string() && body["created_timestamp"].is_i64());
}

#[tokio::test]
async fn a_hidden_space_is_told_apart_by_the_public_api_only() {
    let lab = Lab::start().await;
    let hidden = lab.get(&room(known::HIDDEN)).await;
    let nowhere = lab.get(&room(known::NOWHERE)).await;
    let text = |id: &str| {
        format!(
            "Unable to get space [{id}]. Caused by Node with resource name Some(datarooms/{id}) does not exist."
        )
    };
    for (reply, id) in [(&hidden, known::HIDDEN), (&nowhere, known::NOWHERE)] {
        assert_eq!(reply.error(), (404, "RESOURCE_DOES_NOT_EXIST".to_owned()));
        assert_eq!(reply.json()["message"], text(id));
    }
    assert_eq!(lab.get(&space(known::HIDDEN)).await.error(), (403, "PERMISSION_DENIED".to_owned()));
    assert_eq!(lab.get(&space(known::NOWHERE)).await.error(), (404, "RESOURCE_DOES_NOT_EXIST".to_owned()));
}

#[tokio::test]
async fn one_space_needs_the_fallback() {
    let lab = Lab::start().await;
    let reply = lab.get(&room(known::CLINICAL)).await;
    assert_eq!(reply.error(), (404, "ENDPOINT_NOT_FOUND".to_owned()));
    let message = reply.json()["message"].as_str().unwrap().to_lowercase();
    assert!(!message.contains("does not exist") && !message.contains("not found"), "{message}");
    let full = lab.json(&format!("{}?include_serialized_space=true", space(known::CLINICAL))).await;
    assert_eq!(full["title"], "Trial operations");
    assert!(full["serialized_space"].is_string());
}

#[tokio::test]
async fn serialized_space_needs_the_wish_and_the_right() {
    let lab = Lab::start().await;
    let wish = "?include_serialized_space=true";
    let without = lab.json(&space(known::RETAIL)).await;
    assert!(without.get("serialized_space").is_none() && without["etag"].is_string());
    let with = lab.json(&format!("{}{wish}", space(known::RETAIL))).await;
    let inner: Value = serde_json::from_str(with["serialized_space"].as_str().unwrap()).unwrap();
    assert_eq!(inner["data_sources"]["tables"].as_array().unwrap().len(), 5);
    // Nobody may edit this one, and a viewer may edit none.
    let view_only = lab.json(&format!("{}{wish}", space(known::FINANCE))).await;
    assert!(view_only.get("serialized_space").is_none());
    let viewer = lab.get_as(VIEWER_TOKEN, &format!("{}{wish}", space(known::RETAIL))).await;
    assert!(viewer.json().get("serialized_space").is_none());
    let bad = lab.get(&format!("{}?include_serialized_space=True", space(known::RETAIL))).await;
    assert_eq!(bad.error(), (400, "INVALID_PARAMETER_VALUE".to_owned()));
}

#[tokio::test]
async fn absent_values_are_null_in_one_api_and_left_out_in_the_other() {
    let lab = Lab::start().await;
    let old = lab.json(&room(known::UNTITLED)).await;
    assert!(old["description"].is_null() && old.get("description").is_some());
    assert!(old["sample_questions"].is_null() && old["folder_node_internal_name"].is_null());
    assert!(old.get("warehouse_id").is_none());
    let new = lab.json(&space(known::UNTITLED)).await;
    assert!(new.get("description").is_none() && new.get("warehouse_id").is_none());
    assert_eq!(lab.json(&room(known::TELECOM)).await["table_identifiers"].as_array().unwrap().len(), 30);
}

#[tokio::test]
async fn lists_show_what_the_caller_may_see_page_by_page() {
    let lab = Lab::start().await;
    let first = lab.json("/api/2.0/data-rooms").await;
    assert_eq!(first["data_rooms"].as_array().unwrap().len(), 4);
    assert!(first["next_page_token"].is_string());
    let ids = |list: Vec<Value>| {
        list.iter().map(|s| s["space_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let rooms = ids(lab.pages("/api/2.0/data-rooms", "data_rooms").await);
    assert!(rooms.contains(&known::FINANCE.to_owned()));
    assert!(!rooms.contains(&known::CLINICAL.to_owned()) && !rooms.contains(&known::HIDDEN.to_owned()));
    let spaces = lab.pages("/api/2.0/genie/spaces?page_size=3", "spaces").await;
    assert!(spaces.iter().all(|space| space.get("serialized_space").is_none()));
    let spaces = ids(spaces);
    assert_eq!(spaces.len(), 7);
    assert!(spaces.contains(&known::CLINICAL.to_owned()) && !spaces.contains(&known::HIDDEN.to_owned()));
    let viewer = lab.get_as(VIEWER_TOKEN, "/api/2.0/genie/spaces").await.json();
    assert_eq!(ids(viewer["spaces"].as_array().unwrap().clone()), [known::CUSTOMER_EVENTS, known::RETAIL]);
    assert_eq!(lab.get_as(VIEWER_TOKEN, &room(known::TELECOM)).await.status, 404);
}

#[tokio::test]
async fn unknown_paths_and_methods_have_no_endpoint() {
    let lab = Lab::start().await;
    let reply = lab.get("/api/2.0/data-room/x").await;
    assert_eq!(reply.error(), (404, "ENDPOINT_NOT_FOUND".to_owned()));
    assert_eq!(reply.json()["message"], "No API found for 'GET /data-room/x'");
    let reply = lab.post(&room(known::CUSTOMER_EVENTS), &json!({})).await;
    assert_eq!(reply.error(), (404, "ENDPOINT_NOT_FOUND".to_owned()));
    let request = reply.json()["details"][0]["request_id"].as_str().unwrap().to_owned();
    assert_eq!(request, reply.header("x-databricks-request-id"));
}

#[tokio::test]
async fn generated_spaces_are_for_benchmarks_only() {
    let id = "00000000000000000000000000000abc";
    let usual = Lab::start().await;
    assert_eq!(usual.get(&room(id)).await.status, 404);
    let lab = Lab::any_space().await;
    let generated = lab.get(&room(id)).await;
    assert_eq!(generated.json()["space_id"], id);
    assert!((3_800..4_000).contains(&generated.body.len()));
    assert_eq!(lab.json(&space(id)).await["space_id"], id);
    assert_eq!(lab.json(&room(known::CUSTOMER_EVENTS)).await["display_name"], "Customer Events");
    assert_eq!(lab.get(&room(known::HIDDEN)).await.status, 404);
    assert_eq!(lab.get(&room("xyz")).await.status, 404);
}

#[tokio::test]
async fn questions_and_instructions_of_the_internal_api() {
    let lab = Lab::start().await;
    let questions =
        lab.json(&format!("{}/curated-questions?question_type=SAMPLE_QUESTION", room(known::RETAIL))).await;
    assert_eq!(questions["curated_questions"].as_array().unwrap().len(), 3);
    let instructions = lab.json(&format!("{}/instructions", room(known::RETAIL))).await;
    let kinds: Vec<&str> = instructions["instructions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|instruction| instruction["instruction_type"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["TEXT_INSTRUCTION", "SQL_INSTRUCTION", "SQL_INSTRUCTION"]);
}
