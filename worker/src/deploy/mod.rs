//! One job per plan at Databricks: deployed, paused, resumed, undeployed.
//!
//! `crates/deploy` decides what the job looks like and which step comes next, `workspace.rs` does the steps, and a
//! lease (`lease.rs`) keeps it to one deployment of a plan at a time. Every route here can be repeated: it looks at what
//! there is and does what is missing.

mod lease;
mod record;
pub mod subject;
pub mod workspace;

use std::rc::Rc;

use databricks::NumericId;
use deploy::{Action, Converge, Deployable, Desired, Goal, Looked, Stuck};
use edge::config::Config;
use edge::problem::{self, Problem};
use edge::roles::second_person;
use js_sys::Date;
use plan::Plan;
use registry::{Entry, Outcome};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Env;

pub use record::Deployment;
use record::{COLUMNS, Steps, step_name};
pub use subject::{PlanJob, Subject, plan_job};
use workspace::Workspace;

use crate::answer::Reply;
use crate::call::{Call, Upstream};
use crate::state::State;
use crate::store::{Sql, Store, now, once, sql};
use crate::upstream::Fault;
use crate::work::{self, Done, Refusal};
use crate::{checks, plans};
use lease::Lease;

/// The body of these routes is small.
const BODY_BYTES: u32 = 4 << 10;
/// The time for all steps of one deployment.
const DEPLOY_MS: f64 = 50_000.0;
/// How long a request waits while another one deploys the same plan.
const PATIENCE_MS: f64 = 25_000.0;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    plan_hash: String,
    version: String,
    paused: Option<bool>,
}

/// `POST /api/plans/ID/deploy`
pub async fn deploy(call: &mut Call, env: &Env, plan_id: &str) -> Done {
    let plan_id = &plans::plan_id(plan_id)?;
    let bytes = work::body(call, BODY_BYTES).await?;
    let wish: Wish = serde_json::from_value(work::parse(&bytes)?).map_err(|_| {
        work::malformed("The body is {\"plan_hash\": \"...\", \"version\": \"...\"}, and \"paused\": true or false if you like.")
    })?;
    once(call, env, &bytes, async |call, store| deploy_version(call, store, plan_id, &wish).await).await
}

async fn deploy_version(call: &mut Call, store: &Store, plan_id: &str, wish: &Wish) -> Done {
    let arrived = now();
    let subject = Subject::read(store, plan_id, &wish.version).await?;
    let (_, plan) = subject.plan()?;
    if subject.state == "archived" {
        let detail = "An archived plan is not deployed. Nothing was done.";
        return Err(Problem::new(problem::PLAN_IS_ARCHIVED, detail).into());
    }
    if subject.plan_hash.as_deref() != Some(&wish.plan_hash) {
        let detail = "The hash is not the one of this version. What you reviewed is not what would run; review the version again. Nothing was done.";
        return Err(Problem::new(problem::PLAN_HASH_STALE, detail).into());
    }
    let author = subject.created_by.as_deref().unwrap_or_default();
    second_person(configured(&call.state)?.two_people, author, call.caller.as_deref().unwrap_or_default())?;
    let newest = async || deployed_since(store, plan_id, wish, &arrived).await;
    let lease = match lease::wait(store, plan_id, &call.id, PATIENCE_MS, newest).await? {
        Ok(lease) => lease,
        // Somebody else has just done exactly this.
        Err(deployment) => return Ok(work::json(200, &deployment.to_json())),
    };
    // A schedule that somebody has paused stays paused unless the request says otherwise.
    let paused = wish.paused.unwrap_or(lease.job.job_id.is_some() && lease.job.paused != 0);
    let order =
        Order { action: "plan.deploy", paused, goal: Wanted::Deployed, subject: &subject, plan: &plan };
    carry_out(call, store, &lease, &order).await
}

/// The plan's newest deployment, if it is what `wish` asks for and ended after `since`.
async fn deployed_since(
    store: &Store,
    plan_id: &str,
    wish: &Wish,
    since: &str,
) -> Result<Option<Deployment>, Refusal> {
    let text = format!(
        "SELECT {COLUMNS} FROM deployments WHERE plan_id = ? ORDER BY deployed_at DESC, deployment_id LIMIT 1"
    );
    let newest: Option<Deployment> = store.first(sql(text, vec![json!(plan_id)])).await?;
    Ok(newest.filter(|deployment| {
        deployment.ended_at.as_deref().is_some_and(|ended| ended >= since)
            && matches!(deployment.state.as_str(), "deployed" | "paused")
            && deployment.version == wish.version
            && deployment.plan_hash == wish.plan_hash
            && wish.paused.is_none_or(|paused| paused == (deployment.state == "paused"))
    }))
}

/// `POST /api/plans/ID/pause`
pub async fn pause(call: &mut Call, env: &Env, plan_id: &str) -> Done {
    set_paused(call, env, plan_id, true).await
}

/// `POST /api/plans/ID/resume`
pub async fn resume(call: &mut Call, env: &Env, plan_id: &str) -> Done {
    set_paused(call, env, plan_id, false).await
}

async fn set_paused(call: &mut Call, env: &Env, plan_id: &str, paused: bool) -> Done {
    let plan_id = &plans::plan_id(plan_id)?;
    let bytes = work::body(call, BODY_BYTES).await?;
    work::nothing(&bytes)?;
    once(call, env, &bytes, async |call, store| set_paused_now(call, store, plan_id, paused).await).await
}

async fn set_paused_now(call: &mut Call, store: &Store, plan_id: &str, paused: bool) -> Done {
    let job = deployed(store, plan_id).await?;
    let subject = Subject::read(store, plan_id, job.version.as_deref().unwrap_or_default()).await?;
    let (_, plan) = subject.plan()?;
    if plan.schedule.as_ref().is_none_or(|schedule| schedule.cron.is_none()) {
        let detail = "The plan has no schedule that could be paused: it runs when somebody starts it.";
        return Err(Problem::new(problem::NO_SCHEDULE, detail).into());
    }
    let lease = lease_of(call, store, plan_id).await?;
    if lease.job.version != job.version || lease.job.job_id.is_none() {
        store.keep(&[lease.release()]).await?;
        let detail =
            "Another version was deployed at the same time. Nothing was done; look at the plan and repeat.";
        return Err(Problem::new(problem::CONFLICT, detail).into());
    }
    let action = if paused { "plan.pause" } else { "plan.resume" };
    let order = Order { action, paused, goal: Wanted::Settings, subject: &subject, plan: &plan };
    carry_out(call, store, &lease, &order).await
}

/// `POST /api/plans/ID/undeploy`
pub async fn undeploy(call: &mut Call, env: &Env, plan_id: &str) -> Done {
    let plan_id = &plans::plan_id(plan_id)?;
    let bytes = work::body(call, BODY_BYTES).await?;
    work::nothing(&bytes)?;
    once(call, env, &bytes, async |call, store| undeploy_now(call, store, plan_id).await).await
}

async fn undeploy_now(call: &mut Call, store: &Store, plan_id: &str) -> Done {
    Subject::read(store, plan_id, "").await?;
    // Any trace of a deployment is enough: one that broke off may have left a job behind.
    let job = plan_job(store, plan_id).await?.filter(|job| job.job_names != "[]").ok_or_else(not_deployed)?;
    if job.job_id.is_none()
        && let Some(last) = last_of(store, plan_id).await?.filter(|last| last.state == "undeployed")
    {
        return Ok(work::json(200, &last.to_json()));
    }
    let lease = lease_of(call, store, plan_id).await?;
    remove(call, store, &lease).await
}

/// `GET /api/plans/ID/deployments`
pub async fn list(call: &mut Call, env: &Env, plan_id: &str) -> Done {
    let plan_id = &plans::plan_id(plan_id)?;
    let store = Store::open(call, env);
    Subject::read(&store, plan_id, "").await?;
    let text = format!(
        "SELECT {COLUMNS} FROM deployments WHERE plan_id = ? ORDER BY deployed_at DESC, deployment_id LIMIT 100"
    );
    let all: Vec<Deployment> = store.read(sql(text, vec![json!(plan_id)])).await?;
    let all: Vec<Value> = all.iter().map(Deployment::to_json).collect();
    Ok(work::json(200, &json!({ "deployments": all })))
}

async fn last_of(store: &Store, plan_id: &str) -> Result<Option<Deployment>, Refusal> {
    let text = format!(
        "SELECT {COLUMNS} FROM deployments WHERE plan_id = ? ORDER BY deployed_at DESC, deployment_id LIMIT 1"
    );
    Ok(store.first(sql(text, vec![json!(plan_id)])).await?)
}

/// The job of a plan that is deployed.
pub async fn deployed(store: &Store, plan_id: &str) -> Result<PlanJob, Refusal> {
    Subject::read(store, plan_id, "").await?;
    let job = plan_job(store, plan_id).await?.filter(|job| job.job_id.is_some() && job.version.is_some());
    Ok(job.ok_or_else(not_deployed)?)
}

fn not_deployed() -> Problem {
    Problem::new(problem::NOT_DEPLOYED, "The plan has no job at Databricks. Deploy a version first.")
}

async fn lease_of(call: &Call, store: &Store, plan_id: &str) -> Result<Lease, Refusal> {
    let nothing = async || Ok(None::<std::convert::Infallible>);
    match lease::wait(store, plan_id, &call.id, PATIENCE_MS, nothing).await? {
        Ok(lease) => Ok(lease),
        Err(never) => match never {},
    }
}

/// Where a deployment shall end.
#[derive(Clone, Copy, PartialEq)]
enum Wanted {
    /// File and job are those of the version.
    Deployed,
    /// The job's settings are; nothing new is written to the file.
    Settings,
}

/// What is to be done with a plan's job.
struct Order<'a> {
    action: &'static str,
    goal: Wanted,
    paused: bool,
    subject: &'a Subject,
    plan: &'a Plan,
}

/// Brings the job to where the order wants it, and writes down what happens. The lease is given back at the end.
async fn carry_out(call: &mut Call, store: &Store, lease: &Lease, order: &Order<'_>) -> Done {
    let done = carry_out_leased(call, store, lease, order).await;
    if done.is_err() {
        // Most failures have given it back already; should this fail, it runs out.
        let _ = store.keep(&[lease.release()]).await;
    }
    done
}

async fn carry_out_leased(call: &mut Call, store: &Store, lease: &Lease, order: &Order<'_>) -> Done {
    let state = Rc::clone(&call.state);
    let config = configured(&state)?;
    let subject = order.subject;
    let (version, hash) =
        (subject.version.as_deref().unwrap_or_default(), subject.plan_hash.as_deref().unwrap_or_default());
    let mut steps = Steps::default();
    if order.goal == Wanted::Deployed {
        steps.permissions(&checks::before_run(call, order.plan).await?);
    }
    let until = Date::now() + DEPLOY_MS;
    let mut spent = Upstream::default();
    let mut workspace = Workspace::new(&state, config, &mut spent, until);
    let folder = workspace.folder().await?;
    let desired = Desired::new(&Deployable {
        plan_id: &subject.plan_id,
        version,
        plan_hash: hash,
        plan: order.plan,
        provenance: subject.provenance(order.plan),
        folder: &folder,
        run_as: config.deploy.run_as.as_deref(),
        default_warehouse: None,
        paused: order.paused,
    })
    .map_err(|error| {
        let detail = format!("The version cannot be deployed: {error}. {}", error.help());
        Refusal::from(Problem::new(problem::PLAN_INVALID, detail))
    })?;
    let settings = desired.settings.clone();
    let paused =
        settings.schedule.as_ref().is_some_and(|s| s.pause_status == databricks::jobs::PauseStatus::Paused);
    let file_path = desired.file_path.clone();
    let mut names = lease.job.names();
    if !names.contains(&settings.name) {
        names.push(settings.name.clone());
    }

    // Before anything outside is changed: the deployment, the job's possible names and the audit row, in one go.
    let entry = entry_of(call, order, version, hash);
    let deployment_id = match (order.goal, &lease.job.deployment_id) {
        (Wanted::Settings, Some(current)) => current.clone(),
        _ => new_id(),
    };
    let schedule = record::schedule(&settings).map(|schedule| schedule.to_string());
    let mut changes = vec![lease.guard(), lease.set("job_names = ?", vec![json!(json!(names).to_string())])];
    if order.goal == Wanted::Deployed {
        // We hold the lease, so whoever was at work here is gone.
        changes.push(sql(
            "UPDATE deployments SET state = 'failed', ended_at = ? WHERE plan_id = ? AND state = 'in_progress'",
            vec![json!(now()), json!(subject.plan_id)],
        ));
        changes.push(sql(
            "INSERT INTO deployments (deployment_id, plan_id, version, plan_hash, file_path, state, run_as, schedule, steps, \
             handoff_id, deployed_at, deployed_by) VALUES (?, ?, ?, ?, ?, 'in_progress', ?, ?, ?, ?, ?, ?)",
            vec![
                json!(deployment_id),
                json!(subject.plan_id),
                json!(version),
                json!(hash),
                json!(file_path),
                json!(config.deploy.run_as),
                json!(schedule),
                steps.column(),
                json!(subject.handoff_id),
                json!(now()),
                json!(call.caller.as_deref()),
            ],
        ));
    }
    let before = entry.clone().at(registry::Phase::Before, Outcome::Started);
    store.write(changes, &[before]).await?;

    let goal = match order.goal {
        Wanted::Deployed => Goal::Deployed(Box::new(desired)),
        Wanted::Settings => Goal::Settings(Box::new(desired)),
    };
    let known = lease.job.job_id.as_deref().and_then(NumericId::parse);
    let mut course = Converge::new(&subject.plan_id, goal, known, names);
    let ended = converge(&mut workspace, store, lease, &mut course, &mut steps, Some(&deployment_id)).await;
    let run_as = config.deploy.run_as.clone().or(workspace.run_as.take());
    call.upstream.add(&spent);

    match ended {
        Ok(Looked { job_id: Some(job_id), created, removed }) => {
            let first = lease.job.job_id.is_none();
            let job_url = format!("{}/jobs/{job_id}", config.upstream);
            let word = if paused { "paused" } else { "deployed" };
            let changes = vec![
                lease.guard(),
                // The job says that it is this plan's. A record of another plan with its id is of a workspace that is
                // no more, such as an emulator that was started anew.
                sql(
                    "UPDATE plan_jobs SET job_id = NULL WHERE job_id = ? AND plan_id <> ?",
                    vec![json!(job_id.as_str()), json!(subject.plan_id)],
                ),
                lease.set(
                    "job_id = ?, file_path = ?, version = ?, plan_hash = ?, deployment_id = ?, paused = ?",
                    vec![
                        json!(job_id.as_str()),
                        json!(file_path),
                        json!(version),
                        json!(hash),
                        json!(deployment_id),
                        json!(u8::from(paused)),
                    ],
                ),
                sql(
                    "UPDATE deployments SET state = ?, job_id = ?, job_url = ?, created = MAX(created, ?), run_as = ?, \
                     schedule = ?, steps = ?, ended_at = ? WHERE deployment_id = ?",
                    vec![
                        json!(word),
                        json!(job_id.as_str()),
                        json!(job_url),
                        json!(u8::from(created)),
                        json!(run_as),
                        json!(schedule),
                        steps.column(),
                        json!(now()),
                        json!(deployment_id),
                    ],
                ),
                sql(
                    "UPDATE plans SET state = ?, updated_at = ?, updated_by = ? WHERE plan_id = ? AND state <> 'archived'",
                    vec![json!(word), json!(now()), json!(call.caller.as_deref()), json!(subject.plan_id)],
                ),
                lease.release(),
            ];
            let entry = entry
                .note("job_id", job_id.as_str())
                .note("steps", &steps.names())
                .note("created", if created { "yes" } else { "no" })
                .note("removed", &removed.to_string());
            store.after(changes, &entry, Outcome::Ok).await?;
            let status = if first && order.goal == Wanted::Deployed { 201 } else { 200 };
            answer(store, &deployment_id, status).await
        }
        // Without a job it has not ended well; the compiler cannot know that this does not happen.
        Ok(_) => Err(broken_off(None, Stuck::Unstable).into()),
        Err(fault) => {
            let mut changes = vec![lease.guard()];
            if order.goal == Wanted::Deployed {
                changes.push(sql(
                    "UPDATE deployments SET state = 'failed', steps = ?, ended_at = ? WHERE deployment_id = ?",
                    vec![steps.column(), json!(now()), json!(deployment_id)],
                ));
            }
            changes.push(lease.release());
            let entry = entry.note("steps", &steps.names());
            store.after(changes, &entry, fault.outcome()).await?;
            Err(fault.into())
        }
    }
}

/// Deletes the plan's job and its files.
async fn remove(call: &mut Call, store: &Store, lease: &Lease) -> Done {
    let state = Rc::clone(&call.state);
    let config = configured(&state)?;
    let plan_id = lease.plan_id().to_owned();
    let job = &lease.job;
    let mut entry = work::entry(call, "plan.undeploy").plan(&plan_id);
    if let (Some(version), Some(hash)) = (&job.version, &job.plan_hash) {
        entry = entry.version(version, hash);
    }
    let mut spent = Upstream::default();
    let mut workspace = Workspace::new(&state, config, &mut spent, Date::now() + DEPLOY_MS);
    // Where the files really are, which the configuration may no longer say.
    let folder = match job.file_path.as_deref().and_then(|path| path.rsplit_once('/')) {
        Some((folder, _)) => folder.to_owned(),
        None => format!("{}/{plan_id}", workspace.folder().await?),
    };
    store.before(&entry).await?;
    let known = job.job_id.as_deref().and_then(NumericId::parse);
    let mut course = Converge::new(&plan_id, Goal::Removed { folder }, known, job.names());
    let mut steps = Steps::default();
    let ended = converge(&mut workspace, store, lease, &mut course, &mut steps, None).await;
    call.upstream.add(&spent);
    let entry = entry.note("steps", &steps.names());
    match ended {
        Ok(_) => {
            let changes = vec![
                lease.guard(),
                sql(
                    "UPDATE deployments SET state = 'undeployed', ended_at = ? WHERE deployment_id = (SELECT deployment_id FROM \
                     deployments WHERE plan_id = ? ORDER BY deployed_at DESC, deployment_id LIMIT 1)",
                    vec![json!(now()), json!(plan_id)],
                ),
                lease.set(
                    "job_id = NULL, file_path = NULL, version = NULL, plan_hash = NULL, deployment_id = NULL, paused = 0",
                    Vec::new(),
                ),
                sql(
                    "UPDATE plans SET state = 'draft', updated_at = ?, updated_by = ? WHERE plan_id = ? AND state <> 'archived'",
                    vec![json!(now()), json!(call.caller.as_deref()), json!(plan_id)],
                ),
                lease.release(),
            ];
            store.after(changes, &entry, Outcome::Ok).await?;
            let last = last_of(store, &plan_id).await?.ok_or_else(not_deployed)?;
            Ok(work::json(200, &last.to_json()))
        }
        Err(fault) => {
            store.after(vec![lease.guard(), lease.release()], &entry, fault.outcome()).await?;
            Err(fault.into())
        }
    }
}

/// Why a course of steps has ended without reaching its goal.
struct Broken {
    problem: Problem,
    cause: String,
    /// Whether something may have been done that nobody has seen.
    doubtful: bool,
}

impl Broken {
    fn outcome(&self) -> Outcome {
        if self.doubtful { Outcome::Unknown } else { Outcome::Failed }
    }
}

impl From<Broken> for Refusal {
    fn from(broken: Broken) -> Self {
        Self { problem: broken.problem, cause: Some(broken.cause) }
    }
}

/// Goes from step to step until the goal is reached or cannot be.
async fn converge(
    workspace: &mut Workspace<'_>,
    store: &Store,
    lease: &Lease,
    course: &mut Converge,
    steps: &mut Steps,
    deployment_id: Option<&str>,
) -> Result<Looked, Broken> {
    let lost = |refusal: Refusal| Broken {
        problem: refusal.problem,
        cause: refusal.cause.unwrap_or_else(|| "lease".to_owned()),
        doubtful: true,
    };
    loop {
        let (name, outcome) = {
            let action = course.next();
            match &action {
                Action::Done(looked) => return Ok(looked.clone()),
                Action::Stop(stuck) => return Err(stopped(workspace.fault.take(), *stuck)),
                _ => {}
            }
            let name = step_name(&action);
            steps.begin(name);
            let kept = deployment_id.map(|id| steps.keep(id)).into_iter().collect::<Vec<Sql>>();
            lease.prolong(store, kept).await.map_err(lost)?;
            (name, workspace.perform(&action, course.goal()).await)
        };
        match outcome {
            Ok(outcome) => {
                match &outcome {
                    deploy::Outcome::NotDone => {
                        steps.end("failed", Some("The workspace is busy; it is tried again."))
                    }
                    deploy::Outcome::Unknown => {
                        steps.end("failed", Some("No usable answer; it is looked at what was done."));
                    }
                    _ => steps.end("done", None),
                }
                course.outcome(outcome);
            }
            Err(fault) => {
                steps.end("failed", Some("Databricks refused it, or asks for more patience than there is."));
                return Err(refused(&fault, name));
            }
        }
    }
}

fn stopped(fault: Option<Fault>, stuck: Stuck) -> Broken {
    let cause =
        fault.as_ref().map_or_else(|| format!("{stuck:?}"), |fault| format!("{stuck:?}, {}", fault.cause()));
    Broken { problem: broken_off(fault.as_ref(), stuck), cause, doubtful: true }
}

fn broken_off(fault: Option<&Fault>, stuck: Stuck) -> Problem {
    match (fault.map(Fault::problem), stuck) {
        (Some(upstream), Stuck::NoAnswer) => Problem::new(
            upstream.kind,
            "Databricks gave no usable answer several times in a row. The job may be changed in part; repeat the request, it goes on where this one stopped.",
        )
        .after(upstream.retry_after),
        _ => Problem::new(
            problem::CONFLICT,
            "The job kept changing while it was worked on. Somebody else may be changing it in Databricks; look at it and repeat.",
        ),
    }
}

fn refused(fault: &Fault, step: &str) -> Broken {
    let upstream = fault.problem();
    let doubtful = fault.doubt() == databricks::Doubt::Unknown;
    let why = match upstream.kind.status {
        429 => "Databricks limits the number of requests.",
        _ if doubtful => "Databricks did not answer in time.",
        _ => "Databricks refused it. The log has the status under the request id.",
    };
    let detail = format!(
        "The deployment stopped at the step `{step}`. {why} What was done before stays and does no harm; repeat the request, it goes on where this one stopped."
    );
    Broken {
        problem: Problem::new(upstream.kind, detail).after(upstream.retry_after),
        cause: fault.cause(),
        doubtful,
    }
}

async fn answer(store: &Store, deployment_id: &str, status: u16) -> Done {
    let deployment = Deployment::read(store, deployment_id).await?.ok_or_else(not_deployed)?;
    let mut reply: Reply = work::json(status, &deployment.to_json());
    if status == 201 {
        reply.headers.push(("location", format!("/api/plans/{}/deployments", deployment.plan_id)));
    }
    Ok(reply)
}

fn entry_of(call: &Call, order: &Order<'_>, version: &str, hash: &str) -> Entry {
    work::entry(call, order.action)
        .plan(&order.subject.plan_id)
        .version(version, hash)
        .handoff(order.subject.handoff_id.as_deref())
        .session(order.subject.provenance(order.plan).genie_session.as_deref())
}

/// Routes are served only with a configuration.
pub fn configured(state: &State) -> Result<&Config, Refusal> {
    state.config.as_ref().map_err(|_| crate::panics::problem().into())
}

/// A new id: 32 random hexadecimal digits.
pub fn new_id() -> String {
    crate::state::random_hex(16)
}
