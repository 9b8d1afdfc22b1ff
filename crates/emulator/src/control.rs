//! The control API, on a port of its own: faults, the journal, tokens, and changes that nobody makes through the REST
//! API. Described in this crate's README.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::access::{DEFAULT_TTL, Revocation};
use crate::api::jobs;
use crate::clock::now_ms;
use crate::faults::Rule;
use crate::input::{Query, Raw};
use crate::store::runs::{Ending, RunResult};
use crate::store::statements::Script;
use crate::sync::{lock, write};
use crate::world::World;

type Shared = State<Arc<World>>;
type Answer = Result<Response, Problem>;

/// All routes of the control port.
pub(crate) fn router(world: Arc<World>) -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/faults/{id}", delete(remove_fault))
        .route("/requests", get(requests).delete(clear_requests))
        .route("/tokens/revoke", post(revoke))
        .route("/tokens/ttl", post(ttl))
        .route("/reset", post(reset))
        .route("/tables/{name}", post(put_table).delete(drop_table))
        .route("/tables/{name}/rows", post(table_rows))
        .route("/warehouses/{id}/state", post(warehouse_state))
        .route("/statements", get(statements))
        .route("/statements/scripts", post(add_script).delete(clear_scripts))
        .route("/jobs/{id}/fire", post(fire))
        .route("/jobs/{id}/plan", post(plan))
        .route("/runs/{id}/advance", post(advance))
        .route("/runs/policy", post(policy))
        .route("/messages/{id}/expire", post(expire))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .with_state(world)
}

/// RFC 9457.
#[derive(Debug)]
struct Problem {
    status: StatusCode,
    detail: String,
}

impl Problem {
    fn bad(detail: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, detail: detail.into() }
    }

    fn missing(detail: impl Into<String>) -> Self {
        Self { status: StatusCode::NOT_FOUND, detail: detail.into() }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({
            "type": "about:blank", "title": self.status.canonical_reason(), "status": self.status.as_u16(),
            "detail": self.detail,
        });
        (self.status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
    }
}

/// A body that must be exactly a `T`; the problem names what is not. An empty body is an empty object.
struct Exactly<T>(T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Exactly<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let Raw(body) = Raw::from_request(request, state)
            .await
            .map_err(|_| Problem::bad("the body could not be read"))?;
        let body = if body.is_empty() { "{}".into() } else { body };
        serde_json::from_slice(&body).map(Self).map_err(|problem| Problem::bad(problem.to_string()))
    }
}

fn ok(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

async fn unknown() -> Problem {
    Problem::missing("no such route; see the README of the emulator")
}

async fn health(State(world): Shared) -> Response {
    ok(&json!({ "status": "ok", "lost_log_lines": world.journal.lost_lines() }))
}

async fn faults(State(world): Shared) -> Response {
    ok(&json!({ "faults": world.faults.list() }))
}

async fn add_fault(State(world): Shared, Exactly(rule): Exactly<Rule>) -> Answer {
    let id = world.faults.add(rule).map_err(Problem::bad)?;
    Ok((StatusCode::CREATED, ok(&json!({ "id": id }))).into_response())
}

async fn clear_faults(State(world): Shared) -> Response {
    world.faults.clear();
    ok(&json!({}))
}

async fn remove_fault(State(world): Shared, Path(id): Path<u64>) -> Answer {
    if world.faults.remove(id) {
        Ok(ok(&json!({})))
    } else {
        Err(Problem::missing(format!("there is no fault {id}")))
    }
}

async fn requests(State(world): Shared, query: Query) -> Answer {
    let limit = query.text("limit").map_or(Ok(usize::MAX), str::parse);
    let limit = limit.map_err(|_| Problem::bad("limit: a whole number from 0"))?;
    Ok(ok(&json!(world.journal.report(query.text("method"), query.text("path_prefix"), limit))))
}

async fn clear_requests(State(world): Shared) -> Response {
    world.journal.clear();
    ok(&json!({}))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Revoke {
    #[serde(default)]
    which: Revocation,
}

async fn revoke(State(world): Shared, Exactly(wish): Exactly<Revoke>) -> Response {
    let revoked = write(&world.access).revoke(wish.which);
    ok(&json!({ "revoked": revoked }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ttl {
    /// Absent: as the service has it.
    seconds: Option<u64>,
}

async fn ttl(State(world): Shared, Exactly(wish): Exactly<Ttl>) -> Response {
    let ttl = wish.seconds.map_or(DEFAULT_TTL, |seconds| Duration::from_secs(seconds.min(86_400)));
    write(&world.access).set_ttl(ttl);
    ok(&json!({ "seconds": ttl.as_secs() }))
}

async fn reset(State(world): Shared) -> Answer {
    world.reset().map_err(|detail| Problem { status: StatusCode::INTERNAL_SERVER_ERROR, detail })?;
    Ok(ok(&json!({})))
}

async fn put_table(
    State(world): Shared,
    Path(name): Path<String>,
    Exactly(fields): Exactly<Map<String, Value>>,
) -> Answer {
    let changed = write(&world.catalog).put_table(&name, fields, now_ms());
    changed.map_err(|_| Problem::bad(format!("{name} is no three-part name in a known schema")))?;
    Ok(ok(&json!({})))
}

async fn drop_table(State(world): Shared, Path(name): Path<String>) -> Answer {
    if write(&world.catalog).drop_table(&name) {
        Ok(ok(&json!({})))
    } else {
        Err(Problem::missing(format!("there is no table {name}")))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StateWish {
    state: String,
}

async fn warehouse_state(
    State(world): Shared,
    Path(id): Path<String>,
    Exactly(wish): Exactly<StateWish>,
) -> Answer {
    let states = ["STARTING", "RUNNING", "STOPPING", "STOPPED", "DELETING", "DELETED"];
    if !states.contains(&wish.state.as_str()) {
        return Err(Problem::bad(format!("state: one of {}", states.join(", "))));
    }
    if lock(&world.warehouses).set_state(&id, &wish.state) {
        Ok(ok(&json!({})))
    } else {
        Err(Problem::missing(format!("there is no warehouse {id}")))
    }
}

async fn expire(State(world): Shared, Path(id): Path<String>) -> Answer {
    if lock(&world.genie).expire(&id) {
        Ok(ok(&json!({})))
    } else {
        Err(Problem::missing(format!("there is no message {id}")))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RowsWish {
    count: u64,
}

async fn table_rows(
    State(world): Shared,
    Path(name): Path<String>,
    Exactly(wish): Exactly<RowsWish>,
) -> Response {
    lock(&world.statements).set_count(&name, wish.count);
    ok(&json!({}))
}

async fn statements(State(world): Shared) -> Response {
    ok(&json!({ "statements": lock(&world.statements).journal() }))
}

async fn add_script(State(world): Shared, Exactly(script): Exactly<Script>) -> Response {
    lock(&world.statements).add_script(script);
    (StatusCode::CREATED, ok(&json!({}))).into_response()
}

async fn clear_scripts(State(world): Shared) -> Response {
    lock(&world.statements).clear_scripts();
    ok(&json!({}))
}

async fn fire(State(world): Shared, Path(id): Path<i64>) -> Answer {
    match jobs::fire(&world, id) {
        Ok(Some(started)) => Ok(ok(&started)),
        Ok(None) => {
            Err(Problem { status: StatusCode::CONFLICT, detail: format!("job {id} has no active schedule") })
        }
        Err(_) => Err(Problem::missing(format!("there is no job {id}"))),
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanWish {
    result_state: RunResult,
    #[serde(default)]
    message: String,
    /// Absent: all runs from now on.
    times: Option<u64>,
}

async fn plan(State(world): Shared, Path(id): Path<i64>, Exactly(wish): Exactly<PlanWish>) -> Answer {
    let ending = Ending { result: wish.result_state, message: wish.message };
    let planned = lock(&world.jobs).plan(id, ending, wish.times);
    planned.map_err(|_| Problem::missing(format!("there is no job {id}")))?;
    Ok(ok(&json!({})))
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Until {
    #[default]
    Next,
    Terminated,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AdvanceWish {
    /// `NEXT` is one step.
    #[serde(default)]
    to: Until,
    result_state: Option<RunResult>,
    #[serde(default)]
    message: String,
}

async fn advance(State(world): Shared, Path(id): Path<i64>, Exactly(wish): Exactly<AdvanceWish>) -> Answer {
    let ending = wish.result_state.map(|result| Ending { result, message: wish.message });
    let to_end = matches!(wish.to, Until::Terminated);
    let run = lock(&world.jobs).advance(id, ending, to_end, now_ms());
    Ok(ok(&run.map_err(|_| Problem::missing(format!("there is no run {id}")))?))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Policy {
    advance_on_get: bool,
}

async fn policy(State(world): Shared, Exactly(policy): Exactly<Policy>) -> Response {
    lock(&world.jobs).advance_on_get = policy.advance_on_get;
    ok(&json!({}))
}
