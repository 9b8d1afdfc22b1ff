//! Jobs 2.2 and their runs.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::{Caller, answer, done};
use crate::clock::now_ms;
use crate::failure::Failure;
use crate::input::{Object, Query};
use crate::paging::{self, Limits, Page};
use crate::store::files::Kind;
use crate::store::job_settings::{Settings, list};
use crate::store::jobs::RunNow;
use crate::store::runs::{Ending, RunFilter, RunResult};
use crate::sync::lock;
use crate::world::World;

type Answer = Result<Response, Failure>;
type Shared = State<Arc<World>>;

const JOBS: Limits = Limits { field: "limit", default: 20, max: 100, strict: true };
const RUNS: Limits = Limits { field: "limit", default: 20, max: 25, strict: true };
/// Tasks per page of a job.
const TASKS_PER_PAGE: usize = 100;
/// Longest idempotency token.
const MAX_TOKEN: usize = 64;

pub(super) fn routes() -> Router<Arc<World>> {
    let base = "/api/2.2/jobs";
    Router::new()
        .route(&format!("{base}/create"), post(create))
        .route(&format!("{base}/reset"), post(reset))
        .route(&format!("{base}/update"), post(update))
        .route(&format!("{base}/delete"), post(delete))
        .route(&format!("{base}/get"), get(read))
        .route(&format!("{base}/list"), get(jobs))
        .route(&format!("{base}/run-now"), post(run_now))
        .route(&format!("{base}/runs/list"), get(runs))
        .route(&format!("{base}/runs/get"), get(run))
        .route(&format!("{base}/runs/get-output"), get(output))
        .route(&format!("{base}/runs/cancel"), post(cancel))
        .route(&format!("{base}/runs/cancel-all"), post(cancel_all))
        .route(&format!("{base}/runs/delete"), post(delete_run))
        .route(&format!("{base}/runs/repair"), post(repair))
}

async fn create(State(world): Shared, Caller(caller): Caller, Object(mut settings): Object) -> Answer {
    settings.remove("access_control_list");
    let id = lock(&world.jobs).create(settings, caller, now_ms())?;
    Ok(answer(&json!({ "job_id": id })))
}

async fn reset(State(world): Shared, Caller(caller): Caller, body: Object) -> Answer {
    let settings: Option<Settings> = body.parse("new_settings")?;
    let settings = settings.ok_or_else(|| Failure::invalid("Missing required field: new_settings"))?;
    lock(&world.jobs).reset(body.required_id("job_id")?, settings, caller)?;
    Ok(done())
}

async fn update(State(world): Shared, Caller(caller): Caller, body: Object) -> Answer {
    let new: Settings = body.parse("new_settings")?.unwrap_or_default();
    let remove: Vec<String> = body.parse("fields_to_remove")?.unwrap_or_default();
    lock(&world.jobs).update(body.required_id("job_id")?, new, &remove, caller)?;
    Ok(done())
}

async fn delete(State(world): Shared, Caller(caller): Caller, body: Object) -> Answer {
    lock(&world.jobs).delete(body.required_id("job_id")?, caller, now_ms())?;
    Ok(done())
}

async fn read(State(world): Shared, _: Caller, query: Query) -> Answer {
    let id = query.required_number("job_id")?;
    let mut job = lock(&world.jobs).job(id)?.describe(true);
    let Some(Value::Array(tasks)) = job.pointer_mut("/settings/tasks").map(Value::take) else {
        return Ok(answer(&job));
    };
    // Since 2.2 long arrays come in pages.
    let page = paging::cut(tasks, query.text("page_token"), TASKS_PER_PAGE, &["tasks", &id.to_string()])?;
    if let Some(tasks) = job.pointer_mut("/settings/tasks") {
        *tasks = Value::Array(page.items);
    }
    if let (Some(next), Value::Object(fields)) = (page.next, &mut job) {
        fields.insert("next_page_token".to_owned(), json!(next));
        fields.insert("has_more".to_owned(), json!(true));
    }
    Ok(answer(&job))
}

/// Lists of this API say whether there is more.
fn more(field: &str, page: Page<Value>) -> Response {
    let mut body = Settings::new();
    if !page.items.is_empty() {
        body.insert(field.to_owned(), Value::Array(page.items));
    }
    if let Some(next) = page.next {
        body.insert("next_page_token".to_owned(), json!(next));
        body.insert("has_more".to_owned(), json!(true));
    }
    answer(&Value::Object(body))
}

async fn jobs(State(world): Shared, _: Caller, query: Query) -> Answer {
    let (name, expand) = (query.text("name"), query.flag("expand_tasks")?);
    let all = lock(&world.jobs).list(name, expand);
    Ok(more("jobs", paging::page(all, &query, JOBS, &["jobs", name.unwrap_or_default()])?))
}

/// How a run of these settings ends by itself: well, unless its file or warehouse is missing.
fn ending(world: &World, settings: &Settings) -> Ending {
    for task in list(settings, "tasks") {
        let Some(sql) = task.get("sql_task") else { continue };
        let warehouse = sql.get("warehouse_id").and_then(Value::as_str).unwrap_or_default();
        if !lock(&world.warehouses).contains(warehouse) {
            let message = format!("SQL warehouse {warehouse} does not exist.");
            return Ending { result: RunResult::Failed, message };
        }
        if let Some(path) = sql.pointer("/file/path").and_then(Value::as_str)
            && lock(&world.files).kind(path) != Some(Kind::File)
        {
            let message = format!("The file {path} does not exist in the workspace.");
            return Ending { result: RunResult::Failed, message };
        }
    }
    Ending::default()
}

async fn run_now(State(world): Shared, Caller(caller): Caller, body: Object) -> Answer {
    let id = body.required_id("job_id")?;
    let order = RunNow {
        token: body.text("idempotency_token").map(str::to_owned),
        parameters: body.parse("job_parameters")?.unwrap_or_default(),
        only: body.parse("only")?.unwrap_or_default(),
        queue: body.0.get("queue").and_then(|queue| queue.get("enabled")).and_then(Value::as_bool),
    };
    if order.token.as_ref().is_some_and(|token| token.len() > MAX_TOKEN) {
        return Err(Failure::invalid("idempotency_token must not be longer than 64 characters."));
    }
    let settings = lock(&world.jobs).job(id)?.settings.clone();
    let ending = ending(&world, &settings);
    let started = lock(&world.jobs).run_now(id, &order, "ONE_TIME", caller, ending, now_ms())?;
    Ok(answer(&started))
}

/// A run that the schedule starts, as the control API orders it. `None`: the schedule does not fire.
pub(crate) fn fire(world: &World, id: i64) -> Result<Option<Value>, Failure> {
    let (settings, owner, scheduled) = {
        let jobs = lock(&world.jobs);
        let job = jobs.job(id)?;
        (job.settings.clone(), jobs.owner(id)?, job.scheduled())
    };
    let Some(owner) = crate::access::Principal::find(owner).filter(|_| scheduled) else { return Ok(None) };
    let ending = ending(world, &settings);
    let started = lock(&world.jobs).run_now(id, &RunNow::default(), "PERIODIC", owner, ending, now_ms())?;
    Ok(Some(started))
}

async fn runs(State(world): Shared, _: Caller, query: Query) -> Answer {
    let active = match (query.flag("active_only")?, query.flag("completed_only")?) {
        (true, true) => {
            return Err(Failure::invalid("active_only and completed_only must not both be true."));
        }
        (true, false) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    };
    let filter = RunFilter {
        job_id: query.number("job_id")?,
        active,
        from: query.number("start_time_from")?,
        to: query.number("start_time_to")?,
    };
    let of_this_kind = query.text("run_type").is_none_or(|kind| kind == "JOB_RUN");
    let all =
        if of_this_kind { lock(&world.jobs).runs(&filter, query.flag("expand_tasks")?) } else { Vec::new() };
    let question = format!("{filter:?}");
    Ok(more("runs", paging::page(all, &query, RUNS, &["runs", &question])?))
}

async fn run(State(world): Shared, _: Caller, query: Query) -> Answer {
    let (id, history) = (query.required_number("run_id")?, query.flag("include_history")?);
    Ok(answer(&lock(&world.jobs).read(id, history, now_ms())?))
}

async fn output(State(world): Shared, _: Caller, query: Query) -> Answer {
    Ok(answer(&lock(&world.jobs).output(query.required_number("run_id")?)?))
}

async fn cancel(State(world): Shared, _: Caller, body: Object) -> Answer {
    lock(&world.jobs).cancel(body.required_id("run_id")?, now_ms())?;
    Ok(done())
}

async fn cancel_all(State(world): Shared, _: Caller, body: Object) -> Answer {
    lock(&world.jobs).cancel_all(body.required_id("job_id")?, now_ms())?;
    Ok(done())
}

async fn delete_run(State(world): Shared, _: Caller, body: Object) -> Answer {
    lock(&world.jobs).delete_run(body.required_id("run_id")?)?;
    Ok(done())
}

async fn repair(State(world): Shared, _: Caller, body: Object) -> Answer {
    let only: Vec<String> = body.parse("rerun_tasks")?.unwrap_or_default();
    let all_failed = body.flag("rerun_all_failed_tasks");
    if only.is_empty() != all_failed {
        return Err(Failure::invalid("Exactly one of rerun_tasks and rerun_all_failed_tasks must be set."));
    }
    let latest: Option<i64> = body.parse("latest_repair_id")?;
    let id = body.required_id("run_id")?;
    let repair = lock(&world.jobs).repair(id, &only, latest, Ending::default(), now_ms())?;
    Ok(answer(&json!({ "repair_id": repair })))
}
