//! The SQL statement execution API.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::{Caller, answer, done};
use crate::access::Principal;
use crate::failure::Failure;
use crate::input::Object;
use crate::store::sql_text::{self, Reading};
use crate::store::statements::{Ending, Order, SqlError, plain};
use crate::sync::{lock, read};
use crate::world::World;

type Answer = Result<Response, Failure>;
type Shared = State<Arc<World>>;

/// Reads of a statement that wait for its warehouse to start.
const START_POLLS: u32 = 2;
/// Largest statement.
const MAX_STATEMENT: usize = 16 * 1024 * 1024;

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/api/2.0/sql/statements", post(execute))
        .route("/api/2.0/sql/statements/", post(execute))
        .route("/api/2.0/sql/statements/{id}", get(status))
        .route("/api/2.0/sql/statements/{id}/cancel", post(cancel))
        .route("/api/2.0/sql/statements/{id}/result/chunks/{chunk}", get(chunk))
}

async fn execute(State(world): Shared, Caller(caller): Caller, body: Object) -> Answer {
    let sql = body.required_text("statement")?;
    let warehouse = body.required_text("warehouse_id")?;
    if sql.len() > MAX_STATEMENT {
        return Err(Failure::invalid("The statement is longer than 16 MiB."));
    }
    let at_once = wait(&body)?;
    let cancel_late = match body.text("on_wait_timeout") {
        None | Some("CONTINUE") => false,
        Some("CANCEL") if at_once => {
            return Err(Failure::invalid("on_wait_timeout must not be CANCEL if wait_timeout is 0s."));
        }
        Some("CANCEL") => true,
        Some(other) => return Err(Failure::invalid(format!("'{other}' is not a valid on_wait_timeout."))),
    };
    for (field, only) in [("disposition", "INLINE"), ("format", "JSON_ARRAY")] {
        if body.text(field).is_some_and(|value| value != only) {
            return Err(Failure::invalid(format!("{field} other than {only} is not emulated.")));
        }
    }
    let start_polls = warm(&world, caller, warehouse)?;
    let reading = sql_text::read(sql);
    let ending = ending(&world, caller, &reading);
    let order = Order {
        id: world.ids.statement(),
        sql: sql.to_owned(),
        warehouse: warehouse.to_owned(),
        caller: caller.name,
        parameters: body.0.get("parameters").cloned().unwrap_or_default(),
        row_limit: body.parse::<usize>("row_limit")?,
        ending,
        start_polls,
        at_once,
        cancel_late,
    };
    let first = lock(&world.statements).execute(order);
    Ok(answer(&first))
}

/// Whether `wait_timeout` is 0; otherwise it must be 5 to 50 seconds.
fn wait(body: &Object) -> Result<bool, Failure> {
    let Some(text) = body.text("wait_timeout") else { return Ok(false) };
    match text.strip_suffix('s').and_then(|seconds| seconds.parse::<u32>().ok()) {
        Some(0) => Ok(true),
        Some(5..=50) => Ok(false),
        _ => Err(Failure::invalid(format!("wait_timeout must be 0s or between 5s and 50s, got '{text}'."))),
    }
}

/// A stopped warehouse starts by itself; how many reads that takes.
fn warm(world: &World, caller: &Principal, id: &str) -> Result<u32, Failure> {
    let mut warehouses = lock(&world.warehouses);
    if !warehouses.contains(id) {
        return Err(Failure::missing(format!("Warehouse {id} was not found.")));
    }
    if !caller.is_or_is_in("analysts") {
        return Err(Failure::denied(format!(
            "{} does not have Can use permissions on warehouse {id}.",
            caller.name
        )));
    }
    if warehouses.runs(id) {
        return Ok(0);
    }
    // The statement's own reads stand for the start.
    warehouses.set_state(id, "RUNNING");
    Ok(START_POLLS)
}

/// How the statement ends if no script says otherwise: as the catalog and the caller's rights have it.
fn ending(world: &World, caller: &Principal, reading: &Reading) -> Ending {
    let fail = |error| Ending { error: Some(error), ..Ending::default() };
    if reading.verb.is_empty() || reading.several {
        return fail(SqlError::new(
            "PARSE_SYNTAX_ERROR",
            "42601",
            "Syntax error at or near ';': extra input ';'.",
        ));
    }
    let effective = reading.explained.as_deref().unwrap_or(&reading.verb);
    let catalog = read(&world.catalog);
    for (n, table) in reading.tables.iter().enumerate() {
        // A table that is created need not be there.
        if n == 0 && matches!(effective, "CREATE" | "DROP") {
            continue;
        }
        let quoted: Vec<String> = table.split('.').map(|part| format!("`{part}`")).collect();
        let error = match catalog.table_exists(table) {
            Ok(true) => match catalog.table(caller, table) {
                Ok(_) => continue,
                Err(_) => SqlError::new(
                    "INSUFFICIENT_PERMISSIONS",
                    "42501",
                    &format!("Insufficient privileges: User does not have SELECT on Table '{table}'."),
                ),
            },
            _ => SqlError::new(
                "TABLE_OR_VIEW_NOT_FOUND",
                "42P01",
                &format!("The table or view {} cannot be found.", quoted.join(".")),
            ),
        };
        if reading.explained.is_some() {
            // Spark's EXPLAIN succeeds and shows the problem as its plan.
            let text = format!("Error occurred during query planning: \n{}", error.message);
            let mut ending = plain(reading, 0);
            ending.rows = vec![vec![Some(text)]];
            return ending;
        }
        return fail(error);
    }
    drop(catalog);
    let count = reading.tables.first().map_or(1, |table| lock(&world.statements).count_of(table));
    plain(reading, count)
}

async fn status(State(world): Shared, _: Caller, Path(id): Path<String>) -> Answer {
    Ok(answer(&lock(&world.statements).read(&id)?))
}

async fn cancel(State(world): Shared, _: Caller, Path(id): Path<String>) -> Answer {
    lock(&world.statements).cancel(&id)?;
    Ok(done())
}

async fn chunk(State(world): Shared, _: Caller, Path((id, chunk)): Path<(String, String)>) -> Answer {
    let index =
        chunk.parse().map_err(|_| Failure::invalid(format!("Chunk index '{chunk}' is no number.")))?;
    let chunk: Value = lock(&world.statements).chunk(&id, index)?;
    Ok(answer(&json!(chunk)))
}
