//! SQL warehouses.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};

use super::{Caller, answer, done, listed};
use crate::failure::Failure;
use crate::input::Query;
use crate::paging::{self, Limits};
use crate::sync::lock;
use crate::world::World;

type Answer = Result<Response, Failure>;
type Shared = State<Arc<World>>;

const PAGES: Limits = Limits { field: "page_size", default: 2, max: 100, strict: false };

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/api/2.0/sql/warehouses", get(list))
        .route("/api/2.0/sql/warehouses/{id}", get(read))
        .route("/api/2.0/sql/warehouses/{id}/start", post(start))
        .route("/api/2.0/sql/warehouses/{id}/stop", post(stop))
}

async fn list(State(world): Shared, _: Caller, query: Query) -> Answer {
    let warehouses = lock(&world.warehouses).list();
    Ok(listed("warehouses", paging::page(warehouses, &query, PAGES, &["warehouses"])?))
}

async fn read(State(world): Shared, _: Caller, Path(id): Path<String>) -> Answer {
    Ok(answer(&lock(&world.warehouses).get(&id)?))
}

async fn start(State(world): Shared, Caller(caller): Caller, Path(id): Path<String>) -> Answer {
    let mut warehouses = lock(&world.warehouses);
    if !caller.manages_spaces && warehouses.contains(&id) {
        return Err(Failure::denied(format!(
            "{} does not have Can use permissions on warehouse {id}.",
            caller.name
        )));
    }
    warehouses.start(&id)?;
    Ok(done())
}

async fn stop(State(world): Shared, Caller(caller): Caller, Path(id): Path<String>) -> Answer {
    let mut warehouses = lock(&world.warehouses);
    if !caller.manages_spaces && warehouses.contains(&id) {
        return Err(Failure::denied(format!(
            "{} does not have Can use permissions on warehouse {id}.",
            caller.name
        )));
    }
    warehouses.stop(&id)?;
    Ok(done())
}
