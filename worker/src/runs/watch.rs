//! Finds out what has happened at Databricks without being told: runs that a schedule has started, runs that have ended.

use std::rc::Rc;

use databricks::jobs::path;
use databricks::runs::{Run, RunPage};
use deploy::RunView;
use edge::limit::Budget;
use js_sys::{Date, encode_uri_component};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Env;

use super::record::{RunRow, Seen, feedback_at_first, version_of};
use super::{aftermath, refresh};
use crate::call::{Call, Upstream};
use crate::deploy::{PlanJob, Subject, configured, plan_job};
use crate::store::{Sql, Store, now, sql};
use crate::upstream::{self, Fault};
use crate::work::Refusal;

/// Upstream calls of one tick. A free account of the platform has 50 for an invocation, those of the database included.
const TICK_CALLS: u32 = 24;
/// Plans that one tick looks at, most urgent first.
const TICK_PLANS: u32 = 8;
/// Runs that one tick asks about one by one, and that it tells Genie about.
const TICK_RUNS: u32 = 6;
/// Calls that are set aside for one look at a plan's runs, for one run, and for what follows a run. What is used less
/// goes back; what retries use more comes off the rest.
const LOOK_CALLS: u32 = PAGES as u32;
const RUN_CALLS: u32 = 1;
const AFTER_CALLS: u32 = 4;
/// How far back a look goes, in milliseconds: runs may wait for two days in the queue.
const BACK_MS: f64 = 3.0 * 86_400_000.0;
/// Pages of one look.
const PAGES: usize = 2;

/// What is known of a run when the workspace is asked.
#[derive(Deserialize)]
struct Known {
    run_id: String,
    check_at: Option<String>,
    cancel_asked: u8,
    version: Option<String>,
    plan_hash: Option<String>,
    feedback: String,
}

/// Looks at the latest runs of a plan's job and writes down what is new.
pub async fn look(call: &mut Call, store: &Store, plan: &str) -> Result<(), Refusal> {
    let state = Rc::clone(&call.state);
    let config = configured(&state)?;
    let Some(job) = plan_job(store, plan).await? else { return Ok(()) };
    let Some(job_id) = job.job_id.clone() else { return Ok(()) };
    let from = (Date::now() - BACK_MS).max(0.0) as u64;
    let first = format!(
        "{}{}?job_id={job_id}&limit=25&expand_tasks=true&start_time_from={from}",
        config.upstream,
        path::RUNS_LIST
    );
    let question = sql(
        "SELECT run_id, check_at, cancel_asked, version, plan_hash, feedback FROM runs WHERE plan_id = ? \
         ORDER BY queued_at DESC LIMIT 200",
        vec![json!(plan)],
    );
    let known: Vec<Known> = store.read(question).await?;
    let mut changes: Vec<Sql> = Vec::new();
    let mut url = first.clone();
    let mut subject: Option<Subject> = None;
    for _ in 0..PAGES {
        let mut spent = Upstream::default();
        let got = upstream::get(&state, config, &url, &mut spent).await;
        call.upstream.add(&spent);
        let runs = RunPage::parse(&got?.bytes.to_vec()).map_err(|_| Fault::Unreadable("a list of runs"))?;
        // Newest first: a page on which nothing is new has nothing new behind it, but runs that are still going on.
        let mut fresh = false;
        for run in runs.runs.iter().filter(|run| run.job_id.as_str() == job_id) {
            let found = known.iter().find(|known| known.run_id == run.run_id.as_str());
            match found {
                Some(found) if found.check_at.is_none() => {}
                Some(found) => {
                    let view = RunView::of(run, found.cancel_asked != 0);
                    let seen = Seen {
                        plan_id: plan,
                        version: found.version.as_deref(),
                        plan_hash: found.plan_hash.as_deref(),
                        feedback: &found.feedback,
                        run,
                        view: &view,
                        requested_by: None,
                        token: None,
                    };
                    fresh = true;
                    changes.push(seen.upsert());
                }
                None => {
                    if subject.is_none() {
                        subject = Some(Subject::read(store, plan, "").await?);
                    }
                    fresh = true;
                    if let Some(subject) = &subject {
                        let (version, hash) = version_of(store, plan, run, &job).await?;
                        changes.push(first_seen(config.deploy.feedback, subject, run, version, hash));
                    }
                }
            }
        }
        match runs.next_page_token.filter(|_| fresh) {
            Some(token) => url = format!("{first}&page_token={}", String::from(encode_uri_component(&token))),
            None => break,
        }
    }
    changes
        .push(sql("UPDATE plan_jobs SET watched_at = ? WHERE plan_id = ?", vec![json!(now()), json!(plan)]));
    store.keep(&changes).await?;
    Ok(())
}

/// Writes down a run that the registry has not known.
pub async fn note(call: &Call, store: &Store, plan: &str, job: &PlanJob, run: &Run) -> Result<(), Refusal> {
    let state = Rc::clone(&call.state);
    let config = configured(&state)?;
    let (version, hash) = version_of(store, plan, run, job).await?;
    let subject = Subject::read(store, plan, version.as_deref().unwrap_or_default()).await?;
    store.keep(&[first_seen(config.deploy.feedback, &subject, run, version, hash)]).await?;
    Ok(())
}

fn first_seen(
    switched_on: bool,
    subject: &Subject,
    run: &Run,
    version: Option<String>,
    hash: Option<String>,
) -> Sql {
    let view = RunView::of(run, false);
    let seen = Seen {
        plan_id: &subject.plan_id,
        version: version.as_deref(),
        plan_hash: hash.as_deref(),
        feedback: feedback_at_first(switched_on, subject),
        run,
        view: &view,
        requested_by: None,
        token: None,
    };
    seen.upsert()
}

/// Settles what a step had set aside with what it has really called.
fn settle_up(budget: &mut Budget, set_aside: u32, called: u32) {
    match set_aside.checked_sub(called) {
        Some(unused) => budget.give_back(unused),
        None => {
            let more = (called - set_aside).min(budget.left());
            // Never refused: it is no more than what is left.
            let _ = budget.take(more);
        }
    }
}

/// The work of one tick of the clock: bounded, and whatever is left over is first in line at the next.
pub async fn tick(call: &mut Call, env: &Env) -> Result<(), Refusal> {
    #[derive(Deserialize)]
    struct Plan {
        plan_id: String,
    }
    let store = Store::open(call, env);
    let plans = sql(
        "SELECT j.plan_id FROM plan_jobs j WHERE j.job_id IS NOT NULL ORDER BY EXISTS (SELECT 1 FROM runs r WHERE \
         r.plan_id = j.plan_id AND r.check_at <= ?) DESC, j.watched_at LIMIT ?",
        vec![json!(now()), json!(TICK_PLANS)],
    );
    let plans: Vec<Plan> = store.read(plans).await?;
    let mut budget = Budget::new(TICK_CALLS);
    let mut trouble = None;
    for Plan { plan_id } in plans {
        if !budget.take(LOOK_CALLS) {
            break;
        }
        let before = call.upstream.calls;
        let looked = look(call, &store, &plan_id).await;
        settle_up(&mut budget, LOOK_CALLS, call.upstream.calls - before);
        // One plan's trouble is no reason to leave the others alone.
        if let Err(refusal) = looked {
            trouble = Some(refusal);
            let turn = sql(
                "UPDATE plan_jobs SET watched_at = ? WHERE plan_id = ?",
                vec![json!(now()), json!(plan_id)],
            );
            store.keep(&[turn]).await?;
        }
    }
    // Runs that no look has shown: older ones, and those of jobs that are gone.
    let due = sql(
        format!("SELECT {} FROM runs WHERE check_at <= ? ORDER BY check_at LIMIT ?", super::record::KNOWN),
        vec![json!(now()), json!(TICK_RUNS)],
    );
    let due: Vec<RunRow> = store.read(due).await?;
    for row in due {
        if !budget.take(RUN_CALLS) {
            break;
        }
        let before = call.upstream.calls;
        let refreshed = refresh(call, &store, &row).await;
        settle_up(&mut budget, RUN_CALLS, call.upstream.calls - before);
        if let Err(refusal) = refreshed {
            let gone = refusal.problem.kind == edge::problem::RUN_NOT_FOUND;
            let next = if gone { Value::Null } else { json!(crate::store::at(600_000.0)) };
            let word = if gone { "unknown" } else { row.state.as_str() };
            let later = sql(
                "UPDATE runs SET check_at = ?, state = ?, updated_at = ? WHERE run_id = ?",
                vec![next, json!(word), json!(now()), json!(row.run_id)],
            );
            store.keep(&[later]).await?;
            trouble = trouble.or(Some(refusal).filter(|_| !gone));
        }
    }
    let open = sql(
        "SELECT plan_id, run_id FROM runs WHERE feedback = 'pending' AND ended_at IS NOT NULL \
         AND (feedback_claim_until IS NULL OR feedback_claim_until < ?) ORDER BY ended_at LIMIT ?",
        vec![json!(now()), json!(TICK_RUNS)],
    );
    #[derive(Deserialize)]
    struct Open {
        plan_id: String,
        run_id: String,
    }
    let open: Vec<Open> = store.read(open).await?;
    for Open { plan_id, run_id } in open {
        if !budget.take(AFTER_CALLS) {
            break;
        }
        let before = call.upstream.calls;
        aftermath::settle(call, &store, &plan_id, &run_id).await;
        settle_up(&mut budget, AFTER_CALLS, call.upstream.calls - before);
    }
    trouble.map_or(Ok(()), Err)
}
