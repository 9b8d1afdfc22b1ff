//! Workspace files.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::{Caller, answer, done, listed};
use crate::clock::now_ms;
use crate::failure::Failure;
use crate::input::{Object, Query};
use crate::paging::Page;
use crate::store::files::Import;
use crate::sync::lock;
use crate::world::World;

type Answer = Result<Response, Failure>;
type Shared = State<Arc<World>>;

pub(super) fn routes() -> Router<Arc<World>> {
    let base = "/api/2.0/workspace";
    Router::new()
        .route(&format!("{base}/mkdirs"), post(mkdirs))
        .route(&format!("{base}/import"), post(import))
        .route(&format!("{base}/get-status"), get(status))
        .route(&format!("{base}/export"), get(export))
        .route(&format!("{base}/list"), get(list))
        .route(&format!("{base}/delete"), post(delete))
}

async fn mkdirs(State(world): Shared, Caller(caller): Caller, body: Object) -> Answer {
    lock(&world.files).mkdirs(body.required_text("path")?, caller, now_ms())?;
    Ok(done())
}

async fn import(State(world): Shared, Caller(caller): Caller, body: Object) -> Answer {
    let content = STANDARD.decode(body.text("content").unwrap_or_default());
    let import = Import {
        path: body.required_text("path")?,
        content: content.map_err(|_| Failure::invalid("The content is not valid base64."))?,
        format: body.text("format").unwrap_or("SOURCE"),
        language: body.text("language"),
        overwrite: body.flag("overwrite"),
    };
    lock(&world.files).import(import, caller, now_ms())?;
    Ok(done())
}

async fn status(State(world): Shared, _: Caller, query: Query) -> Answer {
    Ok(answer(&lock(&world.files).status(query.required("path")?)?))
}

async fn export(State(world): Shared, _: Caller, query: Query) -> Answer {
    let direct = query.flag("direct_download")?;
    let content = lock(&world.files).export(query.required("path")?)?.to_vec();
    if direct {
        return Ok(([(header::CONTENT_TYPE, "application/octet-stream")], content).into_response());
    }
    Ok(answer(&json!({ "content": STANDARD.encode(content) })))
}

async fn list(State(world): Shared, _: Caller, query: Query) -> Answer {
    let items = lock(&world.files).list(query.required("path")?)?;
    Ok(listed("objects", Page { items, next: None }))
}

async fn delete(State(world): Shared, Caller(caller): Caller, body: Object) -> Answer {
    lock(&world.files).delete(body.required_text("path")?, body.flag("recursive"), caller)?;
    Ok(done())
}
