//! Genie spaces: the internal data-rooms API and the public one.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value, json};

use super::{Caller, GENIE_PAGES, answer, json_response, listed};
use crate::access::Principal;
use crate::failure::Failure;
use crate::fixtures::Sight;
use crate::input::Query;
use crate::paging;
use crate::store::spaces::Space;
use crate::world::World;

/// The internal list takes no page size; short pages keep readers honest about tokens.
const ROOMS_PER_PAGE: usize = 4;

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/api/2.0/data-rooms", get(list_rooms))
        .route("/api/2.0/data-rooms/", get(list_rooms))
        .route("/api/2.0/data-rooms/{id}", get(room))
        .route("/api/2.0/data-rooms/{id}/curated-questions", get(curated_questions))
        .route("/api/2.0/data-rooms/{id}/instructions", get(instructions))
        .route("/api/2.0/genie/spaces", get(list_spaces))
        .route("/api/2.0/genie/spaces/{id}", get(space))
}

/// What data-rooms says of a space that is not there, and of one that the caller may not see: exactly the same.
fn no_room(id: &str) -> Failure {
    Failure::missing(format!(
        "Unable to get space [{id}]. Caused by Node with resource name Some(datarooms/{id}) does not exist."
    ))
}

fn visible_room<'a>(world: &'a World, caller: &Principal, id: &str) -> Result<&'a Space, Failure> {
    let space = world.spaces.get(id).ok_or_else(|| no_room(id))?;
    if space.spec.sight == Sight::PublicOnly {
        return Err(Failure::no_endpoint("GET", &format!("/api/2.0/data-rooms/{id}")));
    }
    if space.visible_to(caller) { Ok(space) } else { Err(no_room(id)) }
}

/// The space as the public API and everything below it sees it.
pub(super) fn visible_space<'a>(
    world: &'a World,
    caller: &Principal,
    id: &str,
) -> Result<&'a Space, Failure> {
    let space = world.spaces.get(id).ok_or_else(|| {
        Failure::missing(format!("Genie space with id {id} does not exist or you do not have access to it."))
    })?;
    if space.visible_to(caller) {
        Ok(space)
    } else {
        Err(Failure::denied("You need \"Can View\" permission to perform this action"))
    }
}

async fn room(
    State(world): State<Arc<World>>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    match visible_room(&world, caller, &id) {
        Ok(space) => Ok(json_response(space.room.clone())),
        Err(failure) if world.spaces.get(&id).is_some() => Err(failure),
        Err(failure) => match world.any_space.as_ref().and_then(|template| template.room(&id)) {
            Some(body) => Ok(json_response(body)),
            None => Err(failure),
        },
    }
}

async fn space(
    State(world): State<Arc<World>>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    query: Query,
) -> Result<Response, Failure> {
    let full = query.flag("include_serialized_space")?;
    match visible_space(&world, caller, &id) {
        // Without the right to edit the field is left out.
        Ok(space) if full && space.editable_by(caller) => Ok(json_response(space.public_full.clone())),
        Ok(space) => Ok(json_response(space.public.clone())),
        Err(failure) if world.spaces.get(&id).is_some() => Err(failure),
        Err(failure) => match world.any_space.as_ref().and_then(|template| template.public(&id)) {
            Some(body) => Ok(json_response(body)),
            None => Err(failure),
        },
    }
}

async fn list_rooms(
    State(world): State<Arc<World>>,
    Caller(caller): Caller,
    query: Query,
) -> Result<Response, Failure> {
    let rooms: Vec<Value> = world
        .spaces
        .all()
        .iter()
        .filter(|space| space.spec.sight != Sight::PublicOnly && space.visible_to(caller))
        .map(|space| space.room_entry.clone())
        .collect();
    let page = paging::cut(rooms, query.text("page_token"), ROOMS_PER_PAGE, &["data-rooms", caller.name])?;
    Ok(listed("data_rooms", page))
}

async fn list_spaces(
    State(world): State<Arc<World>>,
    Caller(caller): Caller,
    query: Query,
) -> Result<Response, Failure> {
    let visible = world.spaces.all().iter().filter(|space| space.visible_to(caller));
    let spaces: Vec<Value> = visible.map(|space| space.public_entry.clone()).collect();
    Ok(listed("spaces", paging::page(spaces, &query, GENIE_PAGES, &["spaces", caller.name])?))
}

async fn curated_questions(
    State(world): State<Arc<World>>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    query: Query,
) -> Result<Response, Failure> {
    let space = visible_room(&world, caller, &id)?;
    let kind = query.text("question_type").unwrap_or("SAMPLE_QUESTION");
    let texts = if kind == "SAMPLE_QUESTION" { space.spec.sample_questions } else { &[] };
    let questions: Vec<Value> = texts
        .iter()
        .map(|text| {
            json!({
                "curated_question_id": crate::ids::derived(&[&id, text]), "data_space_id": id,
                "question_text": text, "question_type": kind,
            })
        })
        .collect();
    Ok(answer(&json!({ "curated_questions": questions })))
}

async fn instructions(
    State(world): State<Arc<World>>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let space = visible_room(&world, caller, &id)?;
    let mut list = Vec::new();
    if !space.spec.instructions.is_empty() {
        list.push(json!({
            "instruction_id": crate::ids::derived(&[&id, "instructions"]), "title": "Notes",
            "content": space.spec.instructions.concat(), "instruction_type": "TEXT_INSTRUCTION",
        }));
    }
    for (question, sql) in space.spec.examples {
        list.push(json!({
            "instruction_id": crate::ids::derived(&[&id, "example", question]), "title": question,
            "content": sql, "instruction_type": "SQL_INSTRUCTION",
        }));
    }
    Ok(answer(&json!({ "instructions": list })))
}
