//! Conversations, messages, results, comments and feedback of a Genie space.

use std::sync::{Arc, MutexGuard};

use axum::Router;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::spaces::visible_space;
use super::{Caller, GENIE_PAGES, answer, done, listed};
use crate::access::Principal;
use crate::clock::now_ms;
use crate::failure::Failure;
use crate::input::{Object, Query};
use crate::paging;
use crate::store::genie::{At, Genie};
use crate::sync::lock;
use crate::world::World;

type Answer = Result<Response, Failure>;

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

/// Where a request leads: a space that the caller may see, and what the address names in it.
struct Place {
    world: Arc<World>,
    caller: &'static Principal,
    ids: Ids,
}

#[derive(Deserialize)]
struct Ids {
    space: String,
    #[serde(default)]
    conversation: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    attachment: String,
}

impl FromRequestParts<Arc<World>> for Place {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, world: &Arc<World>) -> Result<Self, Response> {
        let Caller(caller) =
            Caller::from_request_parts(parts, world).await.map_err(IntoResponse::into_response)?;
        let Path(ids) =
            Path::<Ids>::from_request_parts(parts, world).await.map_err(IntoResponse::into_response)?;
        visible_space(world, caller, &ids.space).map_err(IntoResponse::into_response)?;
        Ok(Self { world: Arc::clone(world), caller, ids })
    }
}

impl Place {
    fn message(&self) -> At<'_> {
        At { space: &self.ids.space, conversation: &self.ids.conversation, message: &self.ids.message }
    }

    fn genie(&self) -> MutexGuard<'_, Genie> {
        lock(&self.world.genie)
    }
}

async fn list(place: Place, query: Query) -> Answer {
    let all = query.flag("include_all")?;
    if all && !place.caller.manages_spaces {
        return Err(Failure::denied("You need \"Can Manage\" permission to perform this action"));
    }
    let conversations = place.genie().list(&place.ids.space, place.caller, all);
    let question = ["conversations", &place.ids.space, place.caller.name, if all { "all" } else { "own" }];
    Ok(listed("conversations", paging::page(conversations, &query, GENIE_PAGES, &question)?))
}

async fn start(place: Place, body: Object) -> Answer {
    let content = body.required_text("content")?;
    let (id, message_id, now) = (place.world.ids.genie(), place.world.ids.genie(), now_ms());
    let mut genie = place.genie();
    let conversation = genie.start(&place.ids.space, id.clone(), content, place.caller, now);
    let at = At { space: &place.ids.space, conversation: &id, message: &message_id };
    let message = genie.ask(at, content, place.caller, now)?;
    Ok(answer(&json!({
        "conversation_id": id, "message_id": message_id, "conversation": conversation, "message": message,
    })))
}

async fn remove(place: Place) -> Answer {
    place.genie().delete(&place.ids.space, &place.ids.conversation, place.caller)?;
    Ok(done())
}

async fn messages(place: Place, query: Query) -> Answer {
    let messages = place.genie().messages(&place.ids.space, &place.ids.conversation, place.caller)?;
    let question = ["messages", &place.ids.space, &place.ids.conversation];
    Ok(listed("messages", paging::page(messages, &query, GENIE_PAGES, &question)?))
}

async fn ask(place: Place, body: Object) -> Answer {
    let content = body.required_text("content")?;
    let id = place.world.ids.genie();
    let at = At { message: &id, ..place.message() };
    let message = place.genie().ask(at, content, place.caller, now_ms())?;
    Ok(answer(&message))
}

async fn read(place: Place) -> Answer {
    let message = place.genie().read(place.message(), place.caller, now_ms())?;
    Ok(answer(&message))
}

async fn remove_message(place: Place) -> Answer {
    place.genie().delete_message(place.message(), place.caller)?;
    Ok(done())
}

async fn comment(place: Place, body: Object) -> Answer {
    let content = body.required_text("content")?;
    let comment =
        place.genie().comment(place.message(), &place.world.ids.genie(), content, place.caller, now_ms())?;
    Ok(answer(&comment))
}

async fn comments(place: Place, query: Query) -> Answer {
    let comments = place.genie().comments(place.message(), place.caller)?;
    Ok(listed("comments", paging::page(comments, &query, GENIE_PAGES, &["comments", &place.ids.message])?))
}

async fn all_comments(place: Place, query: Query) -> Answer {
    let comments: Vec<Value> =
        place.genie().all_comments(&place.ids.space, &place.ids.conversation, place.caller)?;
    Ok(listed(
        "comments",
        paging::page(comments, &query, GENIE_PAGES, &["comments", &place.ids.conversation])?,
    ))
}

async fn rate(place: Place, body: Object) -> Answer {
    let rating = body.required_text("rating")?;
    if !matches!(rating, "POSITIVE" | "NEGATIVE" | "NONE") {
        return Err(Failure::invalid(format!("'{rating}' is not a valid value of field rating.")));
    }
    place.genie().rate(place.message(), rating, body.text("comment"), place.caller)?;
    Ok(done())
}

async fn result(place: Place) -> Answer {
    let result = place.genie().result(place.message(), &place.ids.attachment, place.caller)?;
    Ok(answer(&result))
}

async fn execute(place: Place) -> Answer {
    let result = place.genie().execute(place.message(), &place.ids.attachment, place.caller)?;
    Ok(answer(&result))
}
