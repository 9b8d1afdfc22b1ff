//! Runs of a plan's job: started, shown, stopped, repaired.
//!
//! Databricks runs them; the registry keeps what is known. Runs that a schedule has started are found by `watch.rs`,
//! what follows a run (its rows, the comment for Genie) is in `aftermath.rs`.

mod aftermath;
mod record;
pub mod watch;

use std::rc::Rc;

use databricks::jobs::path;
use databricks::runs::{Run, parse_started};
use databricks::{Doubt, Failure, NumericId};
use deploy::{RunState, RunView};
use edge::problem::{self, Problem};
use js_sys::Date;
use registry::{Entry, Outcome, Query, sha256_hex};
use serde_json::{Map, Value, json};
use worker::Env;

use crate::call::{Call, Upstream};
use crate::checks;
use crate::deploy::{self as deployment, PlanJob, Subject, configured};
use crate::lists::{page, refused};
use crate::plans::plan_id;
use crate::store::{Store, now, once, sql};
use crate::upstream::{self, Fault};
use crate::work::{self, Done, Refusal};
use record::{RunRow, SHOWN, Seen, feedback_at_first, shaped, shown};

/// The body of these routes is small.
const BODY_BYTES: u32 = 4 << 10;
/// The time for starting, stopping or repairing a run.
const ACT_MS: u32 = 30_000;
/// How often a request that can be repeated is sent.
const TRIES: u32 = 3;
/// Longest token that the workspace takes.
const TOKEN_CHARS: usize = 64;

/// `POST /api/plans/ID/runs`
pub async fn start(call: &mut Call, env: &Env, plan: &str) -> Done {
    let plan = plan_id(plan)?;
    let bytes = work::body(call, BODY_BYTES).await?;
    work::nothing(&bytes)?;
    once(call, env, &bytes, async |call, store| start_now(call, store, &plan).await).await
}

async fn start_now(call: &mut Call, store: &Store, plan: &str) -> Done {
    let state = Rc::clone(&call.state);
    let config = configured(&state)?;
    let job = deployment::deployed(store, plan).await?;
    let job_id = job_id(&job)?;
    let subject = Subject::read(store, plan, job.version.as_deref().unwrap_or_default()).await?;
    let (_, valid) = subject.plan()?;
    checks::before_run(call, &valid).await?;

    let entry = entry_of(call, "run.start", plan, job.version.as_deref(), job.plan_hash.as_deref(), &subject)
        .note("job_id", job_id.as_str());
    store.before(&entry).await?;
    // The same token for every try, so that a lost reply never means two runs. A caller's key makes the same token
    // again, even if this request dies before it has written down what it did.
    let caller = call.caller.as_deref().unwrap_or_default();
    let key = call.header("idempotency-key").unwrap_or_else(|| format!("{} {}", call.id, Date::now()));
    let token: String =
        sha256_hex(format!("run\n{plan}\n{caller}\n{key}").as_bytes()).chars().take(TOKEN_CHARS).collect();
    let body = json!({ "job_id": job_id, "idempotency_token": token }).to_string();
    let url = format!("{}{}", config.upstream, path::RUN_NOW);
    let started = match send(call, &url, &body).await {
        Ok(bytes) => parse_started(&bytes).map_err(|_| Fault::Unreadable("the id of a run")),
        Err(fault) => Err(fault),
    };
    let run_id = match started {
        Ok(run_id) => run_id,
        Err(fault) => return Err(failed(store, &entry, &fault, "The run was not started").await?),
    };
    let begun = Run::parse(json!({ "run_id": run_id, "job_id": job_id }).to_string().as_bytes())
        .map_err(|_| Refusal::from(crate::panics::problem()))?;
    let view = RunView {
        state: RunState::Waiting,
        upstream_state: "PENDING".to_owned(),
        message: Some("Waiting to start. A stopped warehouse takes some minutes.".to_owned()),
        trigger: "manual",
        queued_at: Some(now()),
        started_at: None,
        ended_at: None,
        duration_ms: None,
        stages: Vec::new(),
    };
    let seen = Seen {
        plan_id: plan,
        version: job.version.as_deref(),
        plan_hash: job.plan_hash.as_deref(),
        feedback: feedback_at_first(config.deploy.feedback, &subject),
        run: &begun,
        view: &view,
        requested_by: call.caller.as_deref(),
        token: Some(&token),
    };
    let url = format!("{}/jobs/{job_id}/runs/{run_id}", config.upstream);
    let link = sql(
        "UPDATE runs SET run_url = COALESCE(run_url, ?) WHERE run_id = ?",
        vec![json!(url), json!(run_id.as_str())],
    );
    store.after(vec![seen.upsert(), link], &entry.note("run_id", run_id.as_str()), Outcome::Ok).await?;
    answer(store, plan, run_id.as_str(), 202).await
}

/// `GET /api/plans/ID/runs`
pub async fn list(call: &mut Call, env: &Env, plan: &str) -> Done {
    let plan = plan_id(plan)?;
    let query = Query::read(&format!("runs {plan}"), &[], call.path_and_query().1).map_err(refused)?;
    let after: Option<[String; 2]> = query.after().map_err(refused)?;
    let store = Store::open(call, env);
    Subject::read(&store, &plan, "").await?;
    if after.is_none() {
        // What the schedule has started since the last look; without an answer the list shows what is known.
        let _ = watch::look(call, &store, &plan).await;
    }
    let mut values = vec![json!(plan)];
    let mut condition = "";
    if let Some([queued_at, run_id]) = &after {
        condition = "AND (queued_at < ? OR (queued_at = ? AND run_id > ?))";
        values.extend([json!(queued_at), json!(queued_at), json!(run_id)]);
    }
    values.push(json!(query.size() + 1));
    let question = sql(
        format!(
            "SELECT {SHOWN} FROM runs WHERE plan_id = ? {condition} ORDER BY queued_at DESC, run_id LIMIT ?"
        ),
        values,
    );
    let rows: Vec<Map<String, Value>> = store.read(question).await?;
    Ok(page("runs", &query, rows.into_iter().map(shaped).collect(), &["queued_at", "run_id"], &[]))
}

/// `GET /api/plans/ID/runs/RUN`
pub async fn read(call: &mut Call, env: &Env, plan: &str, run: &str) -> Done {
    let (plan, run_id) = (plan_id(plan)?, run_id(run)?);
    let store = Store::open(call, env);
    let row = known_run(call, &store, &plan, &run_id).await?;
    if !row.state().has_ended() {
        match refresh(call, &store, &row).await {
            Ok(()) => {}
            // What is known is better than nothing.
            Err(Refusal { problem, .. }) if problem.kind.status >= 429 => {}
            Err(refusal) => return Err(refusal),
        }
    }
    aftermath::settle(call, &store, &plan, run_id.as_str()).await;
    answer(&store, &plan, run_id.as_str(), 200).await
}

/// `POST /api/plans/ID/runs/RUN/cancel`
pub async fn cancel(call: &mut Call, env: &Env, plan: &str, run: &str) -> Done {
    let (plan, run_id) = (plan_id(plan)?, run_id(run)?);
    let bytes = work::body(call, BODY_BYTES).await?;
    work::nothing(&bytes)?;
    once(call, env, &bytes, async |call, store| cancel_now(call, store, &plan, &run_id).await).await
}

async fn cancel_now(call: &mut Call, store: &Store, plan: &str, run_id: &NumericId) -> Done {
    let state = Rc::clone(&call.state);
    let config = configured(&state)?;
    let row = known_run(call, store, plan, run_id).await?;
    if row.state().has_ended() {
        let detail = "The run has ended already. Nothing was done.";
        return Err(Problem::new(problem::RUN_HAS_ENDED, detail).into());
    }
    let subject = Subject::read(store, plan, row.version.as_deref().unwrap_or_default()).await?;
    let entry =
        entry_of(call, "run.cancel", plan, row.version.as_deref(), row.plan_hash.as_deref(), &subject)
            .note("run_id", run_id.as_str());
    store.before(&entry).await?;
    let url = format!("{}{}", config.upstream, path::RUNS_CANCEL);
    // Asking twice is asking once.
    if let Err(fault) = send(call, &url, &json!({ "run_id": run_id }).to_string()).await {
        return Err(failed(store, &entry, &fault, "The run was not stopped").await?);
    }
    let change = sql(
        "UPDATE runs SET cancel_asked = 1, state = 'cancelling', message = 'Asked to stop; it has not stopped yet.', \
         updated_at = ? WHERE run_id = ? AND check_at IS NOT NULL",
        vec![json!(now()), json!(run_id.as_str())],
    );
    store.after(vec![change], &entry, Outcome::Ok).await?;
    answer(store, plan, run_id.as_str(), 202).await
}

/// `POST /api/plans/ID/runs/RUN/repair`
pub async fn repair(call: &mut Call, env: &Env, plan: &str, run: &str) -> Done {
    let (plan, run_id) = (plan_id(plan)?, run_id(run)?);
    let bytes = work::body(call, BODY_BYTES).await?;
    work::nothing(&bytes)?;
    once(call, env, &bytes, async |call, store| repair_now(call, store, &plan, &run_id).await).await
}

async fn repair_now(call: &mut Call, store: &Store, plan: &str, run_id: &NumericId) -> Done {
    let state = Rc::clone(&call.state);
    let config = configured(&state)?;
    let row = known_run(call, store, plan, run_id).await?;
    let run = fetch(call, run_id).await?;
    let view = RunView::of(&run, row.cancel_asked != 0);
    if !matches!(view.state, RunState::Failed | RunState::Cancelled) {
        let detail = "Only a run that has failed or was stopped can be repaired. Nothing was done.";
        return Err(Problem::new(problem::RUN_NOT_REPAIRABLE, detail).into());
    }
    let subject = Subject::read(store, plan, row.version.as_deref().unwrap_or_default()).await?;
    let (_, valid) = subject.plan()?;
    checks::before_run(call, &valid).await?;
    let entry =
        entry_of(call, "run.repair", plan, row.version.as_deref(), row.plan_hash.as_deref(), &subject)
            .note("run_id", run_id.as_str());
    store.before(&entry).await?;
    let latest = run.latest_repair().cloned();
    let mut body = json!({ "run_id": run_id, "rerun_all_failed_tasks": true });
    if let (Some(latest), Value::Object(body)) = (&latest, &mut body) {
        body.insert("latest_repair_id".to_owned(), json!(latest));
    }
    let url = format!("{}{}", config.upstream, path::RUNS_REPAIR);
    let mut spent = Upstream::default();
    let sent = upstream::send(&state, config, &url, &body.to_string(), ACT_MS, &mut spent).await;
    call.upstream.add(&spent);
    if let Err(fault) = sent {
        // There is no token for this. The history tells whether it was done.
        let seen = if fault.doubt() == Doubt::Unknown { fetch(call, run_id).await.ok() } else { None };
        if seen.is_none_or(|seen| seen.latest_repair() == latest.as_ref()) {
            return Err(failed(store, &entry, &fault, "The run was not repaired").await?);
        }
    }
    let change = sql(
        "UPDATE runs SET state = 'waiting', upstream_state = 'PENDING', trigger = 'repair', cancel_asked = 0, \
         message = 'Waiting to start again.', ended_at = NULL, duration_ms = NULL, row_counts = NULL, rows_tries = 0, \
         check_at = ?, updated_at = ? WHERE run_id = ?",
        vec![json!(now()), json!(now()), json!(run_id.as_str())],
    );
    store.after(vec![change], &entry, Outcome::Ok).await?;
    answer(store, plan, run_id.as_str(), 202).await
}

/// A run that the registry knows, or that the workspace has for the plan's job.
async fn known_run(
    call: &mut Call,
    store: &Store,
    plan: &str,
    run_id: &NumericId,
) -> Result<RunRow, Refusal> {
    if let Some(row) = RunRow::read(store, plan, run_id.as_str()).await? {
        return Ok(row);
    }
    Subject::read(store, plan, "").await?;
    let unknown = || Refusal::from(Problem::new(problem::RUN_NOT_FOUND, "The plan has no such run."));
    let job = deployment::plan_job(store, plan).await?.ok_or_else(unknown)?;
    let run = match fetch(call, run_id).await {
        Ok(run) => run,
        Err(Refusal { problem, .. }) if problem.kind == problem::RUN_NOT_FOUND => return Err(unknown()),
        Err(refusal) => return Err(refusal),
    };
    if Some(run.job_id.as_str()) != job.job_id.as_deref() {
        return Err(unknown());
    }
    watch::note(call, store, plan, &job, &run).await?;
    RunRow::read(store, plan, run_id.as_str()).await?.ok_or_else(unknown)
}

/// Asks the workspace about a run and writes down what it says.
async fn refresh(call: &mut Call, store: &Store, row: &RunRow) -> Result<(), Refusal> {
    let Some(run_id) = NumericId::parse(&row.run_id) else { return Ok(()) };
    let run = fetch(call, &run_id).await?;
    let view = RunView::of(&run, row.cancel_asked != 0);
    let seen = Seen {
        plan_id: &row.plan_id,
        version: row.version.as_deref(),
        plan_hash: row.plan_hash.as_deref(),
        feedback: &row.feedback,
        run: &run,
        view: &view,
        requested_by: None,
        token: None,
    };
    store.keep(&[seen.upsert()]).await?;
    Ok(())
}

async fn fetch(call: &mut Call, run_id: &NumericId) -> Result<Run, Refusal> {
    let state = Rc::clone(&call.state);
    let config = configured(&state)?;
    let url = format!("{}{}?run_id={run_id}&include_history=true", config.upstream, path::RUNS_GET);
    let mut spent = Upstream::default();
    let got = upstream::get(&state, config, &url, &mut spent).await;
    call.upstream.add(&spent);
    match got {
        Ok(good) => match Run::parse(&good.bytes.to_vec()) {
            Ok(run) if run.run_id == *run_id => Ok(run),
            _ => Err(Fault::Unreadable("not the run that was asked for").into()),
        },
        Err(Fault::Failed { failure: Failure::NotFound, spoken: true, .. }) => {
            let detail = "Databricks no longer has this run; it keeps them for 60 days.";
            Err(Problem::new(problem::RUN_NOT_FOUND, detail).into())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Sends something that may be sent again: until it is answered, a few times.
async fn send(call: &mut Call, url: &str, body: &str) -> Result<Vec<u8>, Fault> {
    let state = Rc::clone(&call.state);
    let Ok(config) = &state.config else { return Err(Fault::NoToken("no configuration")) };
    let until = Date::now() + f64::from(ACT_MS);
    let mut tries = 0;
    loop {
        tries += 1;
        let left = (until - Date::now()).max(0.0) as u32;
        let mut spent = Upstream::default();
        let sent = upstream::send(&state, config, url, body, left, &mut spent).await;
        call.upstream.add(&spent);
        let fault = match sent {
            Ok(good) => return Ok(good.bytes.to_vec()),
            Err(fault) => fault,
        };
        let asked = match &fault {
            Fault::Failed { retry_after, .. } => *retry_after,
            _ => None,
        };
        let left = (until - Date::now()).max(0.0) as u32;
        let wait = databricks::retry_delay_ms(tries + 1, asked, js_sys::Math::random(), left);
        match (fault.doubt(), wait) {
            (Doubt::NotDone | Doubt::Unknown, Some(wait)) if tries < TRIES => {
                worker::Delay::from(std::time::Duration::from_millis(u64::from(wait))).await;
            }
            _ => return Err(fault),
        }
    }
}

/// Writes down that something was not done, or that nobody knows; gives what the caller hears.
async fn failed(store: &Store, entry: &Entry, fault: &Fault, what: &str) -> Result<Refusal, Refusal> {
    let unknown = fault.doubt() == Doubt::Unknown;
    store.after(Vec::new(), entry, if unknown { Outcome::Unknown } else { Outcome::Failed }).await?;
    let upstream = fault.problem();
    let detail = match (upstream.kind.status, unknown) {
        (429, _) => format!("{what}: Databricks limits the number of requests."),
        (_, true) => "Databricks gave no usable answer. It may have been done; look at the runs, or repeat the request with the same Idempotency-Key.".to_owned(),
        _ => format!("{what}: Databricks refused it. The log has the status under the request id."),
    };
    let problem = Problem::new(upstream.kind, detail).after(upstream.retry_after);
    Ok(Refusal { problem, cause: Some(fault.cause()) })
}

async fn answer(store: &Store, plan: &str, run_id: &str, status: u16) -> Done {
    let run = shown(store, plan, run_id).await?;
    let run = run.ok_or_else(|| Problem::new(problem::RUN_NOT_FOUND, "The plan has no such run."))?;
    let mut reply = work::json(status, &run);
    if status == 202 {
        reply.headers.push(("location", format!("/api/plans/{plan}/runs/{run_id}")));
    }
    Ok(reply)
}

fn job_id(job: &PlanJob) -> Result<NumericId, Refusal> {
    let id = job.job_id.as_deref().and_then(NumericId::parse);
    id.ok_or_else(|| {
        Problem::new(problem::NOT_DEPLOYED, "The plan has no job at Databricks. Deploy a version first.")
            .into()
    })
}

fn run_id(text: &str) -> Result<NumericId, Refusal> {
    NumericId::parse(text).ok_or_else(|| {
        Problem::new(
            problem::ID_MALFORMED,
            "The id of a run has digits only, as Databricks shows it. Nothing was done.",
        )
        .into()
    })
}

fn entry_of(
    call: &Call,
    action: &str,
    plan: &str,
    version: Option<&str>,
    hash: Option<&str>,
    subject: &Subject,
) -> Entry {
    let entry = work::entry(call, action)
        .plan(plan)
        .handoff(subject.handoff_id.as_deref())
        .session(subject.conversation_id.as_deref());
    match (version, hash) {
        (Some(version), Some(hash)) => entry.version(version, hash),
        _ => entry,
    }
}
