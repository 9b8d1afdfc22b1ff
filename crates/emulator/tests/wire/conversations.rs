//! Conversations, messages, results, comments, feedback.

use emulator::{VIEWER_TOKEN, known};
use serde_json::{Value, json};

use crate::client::Lab;

fn conversations(space: &str) -> String {
    format!("/api/2.0/genie/spaces/{space}/conversations")
}

fn walkthrough() -> String {
    format!("{}/{}/messages", conversations(known::CUSTOMER_EVENTS), known::CONVERSATION)
}

async fn messages(lab: &Lab) -> Vec<Value> {
    let mut messages = lab.pages(&walkthrough(), "messages").await;
    messages.sort_by_key(|message| message["created_timestamp"].as_i64());
    messages
}

fn message<'a>(messages: &'a [Value], status: &str) -> &'a Value {
    messages.iter().find(|message| message["status"] == status).unwrap()
}

fn attachment(message: &Value) -> String {
    message["attachments"][0]["attachment_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn more_than_a_hundred_conversations_come_in_pages() {
    let lab = Lab::start().await;
    let path = conversations(known::RETAIL);
    let first = lab.json(&path).await;
    assert_eq!(first["conversations"].as_array().unwrap().len(), 20);
    let own = lab.pages(&path, "conversations").await;
    assert_eq!(own.len(), 118);
    let all = lab.pages(&format!("{path}?include_all=true&page_size=100"), "conversations").await;
    assert_eq!(all.len(), 131);
    let mut ids: Vec<&str> = all.iter().map(|c| c["conversation_id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 131);
    // A token of one question is none for another.
    let token = first["next_page_token"].as_str().unwrap();
    let other = lab.get(&format!("{path}?include_all=true&page_token={token}")).await;
    assert_eq!(other.error(), (400, "INVALID_PARAMETER_VALUE".to_owned()));
}

#[tokio::test]
async fn other_peoples_conversations_need_the_right_to_manage() {
    let lab = Lab::start().await;
    let path = conversations(known::CUSTOMER_EVENTS);
    let viewer = lab.get_as(VIEWER_TOKEN, &path).await;
    assert_eq!((viewer.status.as_u16(), viewer.json()), (200, json!({})));
    let all = lab.get_as(VIEWER_TOKEN, &format!("{path}?include_all=true")).await;
    assert_eq!(all.error(), (403, "PERMISSION_DENIED".to_owned()));
    assert_eq!(lab.get_as(VIEWER_TOKEN, &walkthrough()).await.status, 403);
    let hidden = lab.get(&conversations(known::HIDDEN)).await;
    assert_eq!(hidden.error(), (403, "PERMISSION_DENIED".to_owned()));
    assert_eq!(lab.get(&conversations(known::NOWHERE)).await.status, 404);
}

#[tokio::test]
async fn messages_are_as_the_vendor_writes_them() {
    let lab = Lab::start().await;
    // Newest first, so that readers who rely on the order of asking are found out.
    assert_eq!(lab.json(&walkthrough()).await["messages"][0]["content"], known::INTENT);
    let messages = messages(&lab).await;
    assert_eq!(messages.last().unwrap()["content"], known::INTENT);
    for message in &messages {
        assert_eq!(message["id"], message["message_id"]);
        assert_eq!(message["conversation_id"], known::CONVERSATION);
        assert!(message["user_id"].as_i64().unwrap() > 0);
    }
    let failed = message(&messages, "FAILED");
    assert_eq!(failed["error"]["type"], "INVALID_SQL_UNKNOWN_TABLE_EXCEPTION");
    let expired = message(&messages, "QUERY_RESULT_EXPIRED");
    assert!(expired["attachments"][0]["query"]["query"].as_str().unwrap().contains("SUM(`revenue`)"));
    let kinds = |kind: &str| {
        messages
            .iter()
            .flat_map(|m| m["attachments"].as_array().unwrap())
            .filter(|a| a.get(kind).is_some())
            .count()
    };
    assert!(kinds("query") >= 8 && kinds("text") >= 5 && kinds("suggested_questions") >= 2);
    // False and empty are left out.
    let text = serde_json::to_string(&messages).unwrap();
    assert!(!text.contains("\"is_truncated\":false") && text.contains("\"is_truncated\":true"));
    let one = lab.json(&format!("{}/{}", walkthrough(), failed["id"].as_str().unwrap())).await;
    assert_eq!(&one, failed);
}

#[tokio::test]
async fn results_come_while_they_are_there() {
    let lab = Lab::start().await;
    let messages = messages(&lab).await;
    let counted =
        messages.iter().find(|m| m["content"].as_str().unwrap().starts_with("How many events")).unwrap();
    let path = |message: &Value, end: &str| {
        format!(
            "{}/{}/attachments/{}/{end}",
            walkthrough(),
            message["id"].as_str().unwrap(),
            attachment(message)
        )
    };
    let result = lab.json(&path(counted, "query-result")).await;
    let statement = &result["statement_response"];
    assert_eq!(statement["status"]["state"], "SUCCEEDED");
    assert_eq!(statement["manifest"]["schema"]["columns"][1]["type_name"], "LONG");
    assert_eq!(statement["result"]["data_array"][0], json!(["2026-11-17", "1204418"]));
    // Time takes the rows away; running the query again brings them back.
    let expire = format!("/messages/{}/expire", counted["id"].as_str().unwrap());
    lab.control("POST", &expire, &json!({})).await;
    assert_eq!(lab.get(&path(counted, "query-result")).await.status, 400);
    let again = lab.post(&path(counted, "execute-query"), &json!({})).await.json();
    assert_eq!(again["statement_response"]["result"]["data_array"][0][1], "1204418");
    assert_eq!(lab.get(&path(counted, "query-result")).await.status, 200);
    let text_only = messages.last().unwrap();
    let none = format!("{}/{}/attachments/x/query-result", walkthrough(), text_only["id"].as_str().unwrap());
    assert_eq!(lab.get(&none).await.status, 404);
}

#[tokio::test]
async fn a_question_is_answered_step_by_step() {
    let lab = Lab::start().await;
    let base = format!("/api/2.0/genie/spaces/{}", known::CUSTOMER_EVENTS);
    let started =
        lab.post(&format!("{base}/start-conversation"), &json!({ "content": "How many?" })).await.json();
    assert_eq!(started["message"]["status"], "SUBMITTED");
    assert_eq!(started["conversation"]["title"], "How many?");
    let conversation = started["conversation_id"].as_str().unwrap();
    let path =
        format!("{base}/conversations/{conversation}/messages/{}", started["message_id"].as_str().unwrap());
    let mut states = Vec::new();
    for _ in 0..4 {
        states.push(lab.json(&path).await["status"].as_str().unwrap().to_owned());
    }
    assert_eq!(states, ["FETCHING_METADATA", "ASKING_AI", "COMPLETED", "COMPLETED"]);
    let more = lab
        .post(&format!("{base}/conversations/{conversation}/messages"), &json!({ "content": "And now?" }))
        .await;
    assert_eq!(more.json()["content"], "And now?");
    let empty = lab.post(&format!("{base}/conversations/{conversation}/messages"), &json!({})).await;
    assert_eq!(empty.error(), (400, "INVALID_PARAMETER_VALUE".to_owned()));
    let gone = lab
        .call(emulator::TOKEN, "DELETE", &format!("{base}/conversations/{conversation}"), &json!({}))
        .await;
    assert_eq!(gone.status, 200);
    assert_eq!(lab.get(&path).await.status, 404);
}

#[tokio::test]
async fn comments_and_feedback_are_kept() {
    let lab = Lab::start().await;
    let messages = messages(&lab).await;
    let id = messages.last().unwrap()["id"].as_str().unwrap();
    let comments = format!("{}/{id}/comments", walkthrough());
    assert_eq!(lab.json(&comments).await, json!({}));
    let comment = lab.post(&comments, &json!({ "content": "Loaded 42 rows." })).await.json();
    assert_eq!((&comment["content"], &comment["message_id"]), (&json!("Loaded 42 rows."), &json!(id)));
    assert_eq!(lab.json(&comments).await["comments"], json!([comment]));
    let all = format!("{}/{}/list-comments", conversations(known::CUSTOMER_EVENTS), known::CONVERSATION);
    assert_eq!(lab.json(&all).await["comments"], json!([comment]));
    let feedback = format!("{}/{id}/feedback", walkthrough());
    assert_eq!(
        lab.post(&feedback, &json!({ "rating": "POSITIVE", "comment": "good" })).await.json(),
        json!({})
    );
    let rated = lab.json(&format!("{}/{id}", walkthrough())).await;
    assert_eq!(rated["feedback"], json!({ "rating": "POSITIVE", "comment": "good" }));
    assert_eq!(lab.post(&feedback, &json!({ "rating": "GREAT" })).await.status, 400);
}
