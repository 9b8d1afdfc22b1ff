//! The routes of the workspace, one file per resource.

mod catalog;
mod conversations;
mod files;
pub(crate) mod jobs;
mod oauth;
mod permissions;
mod scim;
mod spaces;
mod statements;
mod warehouses;

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::access::Principal;
use crate::failure::Failure;
use crate::gate;
use crate::paging::{Limits, Page};
use crate::world::World;

/// Everything the workspace answers. Whatever is not here is `ENDPOINT_NOT_FOUND`, wrong methods included.
pub(crate) fn router(world: Arc<World>) -> Router {
    Router::new()
        .merge(spaces::routes())
        .merge(conversations::routes())
        .merge(catalog::routes())
        .merge(permissions::routes())
        .merge(warehouses::routes())
        .merge(statements::routes())
        .merge(files::routes())
        .merge(jobs::routes())
        .merge(scim::routes())
        .merge(oauth::routes())
        .fallback(gate::no_endpoint)
        .method_not_allowed_fallback(gate::no_endpoint)
        .with_state(world)
}

/// Who asks. The gate has checked the token; the route only has to name this type.
#[derive(Debug, Clone, Copy)]
struct Caller(&'static Principal);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts.extensions.get::<&'static Principal>().map(|principal| Self(principal)).ok_or_else(|| {
            Failure::unauthenticated("Credential was not sent or was of an unsupported type for this API.")
        })
    }
}

/// Page lengths of the Genie API. A wish above 100 gets 100.
const GENIE_PAGES: Limits = Limits { field: "page_size", default: 20, max: 100, strict: false };

fn json_response(body: impl Into<Bytes>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], axum::body::Body::from(body.into())).into_response()
}

fn answer(value: &Value) -> Response {
    json_response(value.to_string())
}

/// `{}` with 200, as the service answers writes.
fn done() -> Response {
    json_response("{}")
}

/// A page: the list is left out if it is empty, the token on the last page.
fn listed(field: &str, page: Page<Value>) -> Response {
    let mut body = Map::new();
    if !page.items.is_empty() {
        body.insert(field.to_owned(), Value::Array(page.items));
    }
    if let Some(next) = page.next {
        body.insert("next_page_token".to_owned(), json!(next));
    }
    answer(&Value::Object(body))
}

/// The operating system refused randomness: the one failure of our own.
fn no_randomness(problem: getrandom::Error) -> Failure {
    Failure::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR", format!("no randomness: {problem}"))
}
