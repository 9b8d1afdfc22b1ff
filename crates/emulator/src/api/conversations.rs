//! Conversations, messages, results, comments and feedback of a Genie space.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{delete, get, post};
use serde_json::{Value, json};

use super::spaces::visible_space;
use super::{Caller, GENIE_PAGES, answer, done, listed};
use crate::clock::now_ms;
use crate::failure::Failure;
use crate::input::{Object, Query};
use crate::paging;
use crate::store::genie::At;
use crate::sync::lock;
use crate::world::World;

type Answer = Result<Response, Failure>;
type Shared = State<Arc<World>>;

pub(super) fn routes() -> Router<Arc<World>> {
    let space = "/api/2.0/genie/spaces/{space}";
    let conversation = format!("{space}/conversations/{{conversation}}");
    let message = format!("{conversation}/messages/{{message}}");
    let attachment = format!("{message}/attachments/{{attachment}}");
    Router::new()
        .route(&format!("{space}/conversations"), get(list))
        .route(&format!("{space}/start-conversation"), post(start))
        .route(&conversation, delete(remove))
        .route(&format!("{conversation}/messages"), get(messages).post(ask))
        .route(&format!("{conversation}/list-comments"), get(all_comments))
        .route(&message, get(read).delete(remove_message))
        .route(&format!("{message}/comments"), get(comments).post(comment))
        .route(&format!("{message}/feedback"), post(rate))
        .route(&format!("{attachment}/query-result"), get(result))
        .route(&format!("{attachment}/execute-query"), post(execute))
        // Old forms of the same, still live.
        .route(&format!("{message}/query-result/{{attachment}}"), get(result))
}

type MessagePath = Path<(String, String, String)>;
type AttachmentPath = Path<(String, String, String, String)>;

async fn list(
    State(world): Shared,
    Caller(caller): Caller,
    Path(space): Path<String>,
    query: Query,
) -> Answer {
    visible_space(&world, caller, &space)?;
    let all = query.flag("include_all")?;
    if all && !caller.manages_spaces {
        return Err(Failure::denied("You need \"Can Manage\" permission to perform this action"));
    }
    let conversations = lock(&world.genie).list(&space, caller, all);
    let question = ["conversations", &space, caller.name, if all { "all" } else { "own" }];
    Ok(listed("conversations", paging::page(conversations, &query, GENIE_PAGES, &question)?))
}

async fn start(
    State(world): Shared,
    Caller(caller): Caller,
    Path(space): Path<String>,
    body: Object,
) -> Answer {
    visible_space(&world, caller, &space)?;
    let content = body.required_text("content")?;
    let (id, message_id, now) = (world.ids.genie(), world.ids.genie(), now_ms());
    let mut genie = lock(&world.genie);
    let conversation = genie.start(&space, id.clone(), content, caller, now);
    let at = At { space: &space, conversation: &id, message: &message_id };
    let message = genie.ask(at, content, caller, now)?;
    Ok(answer(&json!({
        "conversation_id": id, "message_id": message_id, "conversation": conversation, "message": message,
    })))
}

async fn remove(
    State(world): Shared,
    Caller(caller): Caller,
    Path((space, conversation)): Path<(String, String)>,
) -> Answer {
    visible_space(&world, caller, &space)?;
    lock(&world.genie).delete(&space, &conversation, caller)?;
    Ok(done())
}

async fn messages(
    State(world): Shared,
    Caller(caller): Caller,
    Path((space, conversation)): Path<(String, String)>,
    query: Query,
) -> Answer {
    visible_space(&world, caller, &space)?;
    let messages = lock(&world.genie).messages(&space, &conversation, caller)?;
    let question = ["messages", &space, &conversation];
    Ok(listed("messages", paging::page(messages, &query, GENIE_PAGES, &question)?))
}

async fn ask(
    State(world): Shared,
    Caller(caller): Caller,
    Path((space, conversation)): Path<(String, String)>,
    body: Object,
) -> Answer {
    visible_space(&world, caller, &space)?;
    let content = body.required_text("content")?;
    let id = world.ids.genie();
    let at = At { space: &space, conversation: &conversation, message: &id };
    let message = lock(&world.genie).ask(at, content, caller, now_ms())?;
    Ok(answer(&message))
}

async fn read(
    State(world): Shared,
    Caller(caller): Caller,
    Path((space, conversation, message)): MessagePath,
) -> Answer {
    visible_space(&world, caller, &space)?;
    let at = At { space: &space, conversation: &conversation, message: &message };
    let message = lock(&world.genie).read(at, caller, now_ms())?;
    Ok(answer(&message))
}

async fn remove_message(
    State(world): Shared,
    Caller(caller): Caller,
    Path((space, conversation, message)): MessagePath,
) -> Answer {
    visible_space(&world, caller, &space)?;
    let at = At { space: &space, conversation: &conversation, message: &message };
    lock(&world.genie).delete_message(at, caller)?;
    Ok(done())
}

async fn comment(
    State(world): Shared,
    Caller(caller): Caller,
    Path((space, conversation, message)): MessagePath,
    body: Object,
) -> Answer {
    visible_space(&world, caller, &space)?;
    let content = body.required_text("content")?;
    let at = At { space: &space, conversation: &conversation, message: &message };
    let comment = lock(&world.genie).comment(at, &world.ids.genie(), content, caller, now_ms())?;
    Ok(answer(&comment))
}

async fn comments(
    State(world): Shared,
    Caller(caller): Caller,
    Path((space, conversation, message)): MessagePath,
    query: Query,
) -> Answer {
    visible_space(&world, caller, &space)?;
    let at = At { space: &space, conversation: &conversation, message: &message };
    let comments = lock(&world.genie).comments(at, caller)?;
    Ok(listed("comments", paging::page(comments, &query, GENIE_PAGES, &["comments", &message])?))
}

async fn all_comments(
    State(world): Shared,
    Caller(caller): Caller,
    Path((space, conversation)): Path<(String, String)>,
    query: Query,
) -> Answer {
    visible_space(&world, caller, &space)?;
    let comments: Vec<Value> = lock(&world.genie).all_comments(&space, &conversation, caller)?;
    Ok(listed("comments", paging::page(comments, &query, GENIE_PAGES, &["comments", &conversation])?))
}

async fn rate(
    State(world): Shared,
    Caller(caller): Caller,
    Path((space, conversation, message)): MessagePath,
    body: Object,
) -> Answer {
    visible_space(&world, caller, &space)?;
    let rating = body.required_text("rating")?;
    if !matches!(rating, "POSITIVE" | "NEGATIVE" | "NONE") {
        return Err(Failure::invalid(format!("'{rating}' is not a valid value of field rating.")));
    }
    let at = At { space: &space, conversation: &conversation, message: &message };
    lock(&world.genie).rate(at, rating, body.text("comment"), caller)?;
    Ok(done())
}

async fn result(
    State(world): Shared,
    Caller(caller): Caller,
    Path((space, conversation, message, attachment)): AttachmentPath,
) -> Answer {
    visible_space(&world, caller, &space)?;
    let at = At { space: &space, conversation: &conversation, message: &message };
    let result = lock(&world.genie).result(at, &attachment, caller)?;
    Ok(answer(&result))
}

async fn execute(
    State(world): Shared,
    Caller(caller): Caller,
    Path((space, conversation, message, attachment)): AttachmentPath,
) -> Answer {
    visible_space(&world, caller, &space)?;
    let at = At { space: &space, conversation: &conversation, message: &message };
    let result = lock(&world.genie).execute(at, &attachment, caller)?;
    Ok(answer(&result))
}
