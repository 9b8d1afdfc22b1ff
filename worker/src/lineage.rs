//! From the session to the runs, and from column to column.

use std::collections::BTreeMap;
use std::rc::Rc;

use ::deploy::openlineage::{RunOf, Subject as About, job_event, run_events};
use ::deploy::{Rows, RunState};
use plan::Plan;
use registry::Query;
use serde::Deserialize;
use serde_json::{Value, json};
use sql::{ColumnLineage, Derivation, RenderOptions};
use worker::Env;

use crate::call::Call;
use crate::deploy::{Subject, configured, plan_job};
use crate::lists::refused;
use crate::plans::plan_id;
use crate::store::{Store, rows, sql as statement};
use crate::work::{self, Done, Refusal};

/// Versions, deployments and runs that a graph shows, newest first.
const SHOWN: u32 = 50;
/// Who writes the events: a URI, as OpenLineage wants it.
const PRODUCER: &str = concat!("https://www.npmjs.com/package/genie-handoff/v/", env!("CARGO_PKG_VERSION"));

#[derive(Deserialize)]
struct Version {
    version: String,
    handoff_id: Option<String>,
    created_at: String,
    change: String,
}

#[derive(Deserialize)]
struct Deployed {
    version: String,
    job_id: Option<String>,
    job_url: Option<String>,
    state: String,
    deployed_at: String,
}

#[derive(Deserialize)]
struct RunRow {
    run_id: String,
    job_id: String,
    version: Option<String>,
    run_url: Option<String>,
    trigger: String,
    state: String,
    message: Option<String>,
    queued_at: String,
    started_at: Option<String>,
    ended_at: Option<String>,
    row_counts: Option<String>,
}

#[derive(Deserialize)]
struct Handoff {
    handoff_id: String,
    space_id: String,
    conversation_id: String,
    created_at: String,
}

/// What the registry knows about one plan.
struct Known {
    subject: Subject,
    versions: Vec<Version>,
    deployments: Vec<Deployed>,
    runs: Vec<RunRow>,
    handoffs: Vec<Handoff>,
}

/// `GET /api/plans/ID/lineage`
pub async fn lineage(call: &mut Call, env: &Env, plan: &str) -> Done {
    let plan = plan_id(plan)?;
    let query = Query::read("lineage", &["format"], call.path_and_query().1).map_err(refused)?;
    let format =
        query.one_of("format", &["graph", "openlineage"], "graph or openlineage").map_err(refused)?;
    let state = Rc::clone(&call.state);
    let upstream = configured(&state)?.upstream.clone();
    let store = Store::open(call, env);
    let known = known(&store, &plan).await?;
    let body = match format {
        Some("openlineage") => events(&store, &known, &upstream).await?,
        _ => graph(&known, &upstream)?,
    };
    Ok(work::json(200, &body))
}

async fn known(store: &Store, plan: &str) -> Result<Known, Refusal> {
    let job = plan_job(store, plan).await?;
    let deployed = job.and_then(|job| job.version);
    let versions = "SELECT version, handoff_id, created_at, change FROM plan_versions WHERE plan_id = ? \
                    ORDER BY ordinal DESC LIMIT ?";
    let values = || vec![json!(plan), json!(SHOWN)];
    let mut answers = store
        .read_together(&[
            statement(versions, values()),
            statement(
                "SELECT version, job_id, job_url, state, deployed_at FROM deployments WHERE plan_id = ? \
                 AND job_id IS NOT NULL ORDER BY deployed_at DESC LIMIT ?",
                values(),
            ),
            statement(
                "SELECT run_id, job_id, version, run_url, trigger, state, message, queued_at, started_at, ended_at, row_counts \
                 FROM runs WHERE plan_id = ? ORDER BY queued_at DESC, run_id LIMIT ?",
                values(),
            ),
            statement(
                "SELECT handoff_id, space_id, conversation_id, created_at FROM handoffs WHERE handoff_id IN \
                 (SELECT handoff_id FROM plan_versions WHERE plan_id = ?1 UNION SELECT handoff_id FROM plans WHERE plan_id = ?1) \
                 ORDER BY created_at LIMIT ?2",
                values(),
            ),
        ])
        .await?
        .into_iter();
    let mut next = || answers.next().unwrap_or_default();
    let versions: Vec<Version> = rows(next())?;
    let newest = versions.first().map(|version| version.version.clone());
    let shown = deployed.or(newest).unwrap_or_default();
    Ok(Known {
        deployments: rows(next())?,
        runs: rows(next())?,
        handoffs: rows(next())?,
        subject: Subject::read(store, plan, &shown).await?,
        versions,
    })
}

/// Nodes and edges, and the columns of the version that is deployed, or of the newest.
fn graph(known: &Known, upstream: &str) -> Result<Value, Refusal> {
    let mut nodes = Vec::new();
    let mut edges = Vec::new();
    let mut node =
        |id: &str, kind: &str, label: &str, url: Option<&str>, at: Option<&str>, state: Option<&str>| {
            if !nodes.iter().any(|node: &Value| node.get("id").and_then(Value::as_str) == Some(id)) {
                nodes.push(
                    json!({ "id": id, "kind": kind, "label": label, "url": url, "at": at, "state": state }),
                );
            }
        };
    let mut edge = |from: &str, to: &str| {
        let new = json!({ "from": from, "to": to });
        if !edges.contains(&new) {
            edges.push(new);
        }
    };
    for handoff in &known.handoffs {
        let (session, id) =
            (format!("session:{}", handoff.conversation_id), format!("handoff:{}", handoff.handoff_id));
        let room = format!("{upstream}/genie/rooms/{}", handoff.space_id);
        node(&session, "session", &handoff.conversation_id, Some(&room), None, None);
        let link = format!("/h/{}", handoff.handoff_id);
        node(&id, "handoff", &handoff.handoff_id, Some(&link), Some(&handoff.created_at), None);
        edge(&session, &id);
    }
    let version_id = |version: &str| format!("plan_version:{version}");
    for version in &known.versions {
        let id = version_id(&version.version);
        let label = format!("{} {}", known.subject.plan_name, version.version);
        node(&id, "plan_version", &label, None, Some(&version.created_at), Some(&version.change));
        if let Some(handoff) = &version.handoff_id {
            edge(&format!("handoff:{handoff}"), &id);
        }
    }
    for deployment in &known.deployments {
        let Some(job_id) = &deployment.job_id else { continue };
        let id = format!("job:{job_id}");
        node(
            &id,
            "job",
            job_id,
            deployment.job_url.as_deref(),
            Some(&deployment.deployed_at),
            Some(&deployment.state),
        );
        edge(&version_id(&deployment.version), &id);
    }
    for run in &known.runs {
        let (job, id) = (format!("job:{}", run.job_id), format!("run:{}", run.run_id));
        node(&job, "job", &run.job_id, None, None, None);
        node(&id, "run", &run.run_id, run.run_url.as_deref(), Some(&run.queued_at), Some(&run.state));
        edge(&job, &id);
    }
    let (_, plan) = known.subject.plan()?;
    let version = version_id(known.subject.version.as_deref().unwrap_or_default());
    let (source, target) = (plan.source.table.to_string(), plan.target.table.to_string());
    for (table, from_table) in [(&source, true), (&target, false)] {
        let id = format!("table:{table}");
        node(&id, "table", table, None, None, None);
        if from_table {
            edge(&id, &version);
        } else {
            edge(&version, &id);
        }
    }
    let columns: Vec<Value> = columns(&plan)
        .iter()
        .map(|column| {
            let sources = column
                .source_columns
                .iter()
                .map(|name| json!({ "table": column.source_table, "column": name }));
            let how = match column.derivation {
                Derivation::Identity => "identity",
                Derivation::Computed(how) => how,
            };
            json!({ "target": column.target_column, "sources": sources.collect::<Vec<_>>(), "how": how })
        })
        .collect();
    Ok(json!({ "nodes": nodes, "edges": edges, "columns": columns }))
}

fn columns(plan: &Plan) -> Vec<ColumnLineage> {
    // A plan that is kept has been rendered before; without its columns the graph is still right.
    sql::render(plan, &RenderOptions::default()).map(|rendered| rendered.lineage).unwrap_or_default()
}

/// OpenLineage events: the version, then its runs from the oldest to the newest.
async fn events(store: &Store, known: &Known, upstream: &str) -> Result<Value, Refusal> {
    let host = upstream.split_once("://").map_or(upstream, |(_, host)| host);
    let mut events = Vec::new();
    let mut parts: BTreeMap<String, (Subject, Plan, Vec<ColumnLineage>)> = BTreeMap::new();
    let shown = known.subject.version.clone().unwrap_or_default();
    let wanted = std::iter::once(&shown).chain(known.runs.iter().filter_map(|run| run.version.as_ref()));
    for version in wanted {
        if parts.contains_key(version) || parts.len() >= 10 {
            continue;
        }
        let subject = if *version == shown {
            known.subject.clone()
        } else {
            Subject::read(store, &known.subject.plan_id, version).await?
        };
        // A version that is no longer valid, or not known, has no lineage to tell.
        if let Ok((_, plan)) = subject.plan() {
            let columns = columns(&plan);
            parts.insert(version.clone(), (subject, plan, columns));
        }
    }
    if let Some((subject, plan, columns)) = parts.get(&shown) {
        let deployed = known.deployments.iter().find(|deployment| deployment.version == shown);
        let made = known.versions.iter().find(|version| version.version == shown);
        let at = deployed.map(|d| d.deployed_at.as_str()).or(made.map(|v| v.created_at.as_str()));
        let (source, target) = (plan.source.table.to_string(), plan.target.table.to_string());
        events
            .push(job_event(&about(subject, plan, columns, host, &source, &target), at.unwrap_or_default()));
    }
    for run in known.runs.iter().rev() {
        let Some((subject, plan, columns)) = run.version.as_ref().and_then(|version| parts.get(version))
        else {
            continue;
        };
        let (source, target) = (plan.source.table.to_string(), plan.target.table.to_string());
        let about = about(subject, plan, columns, host, &source, &target);
        let affected = run.row_counts.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
        let affected = affected.and_then(|counts| counts.get("affected")?.as_str()?.parse().ok());
        events.extend(run_events(
            &about,
            &RunOf {
                run_id: &run.run_id,
                state: RunState::parse(&run.state).unwrap_or(RunState::Unknown),
                started_at: run.started_at.as_deref(),
                ended_at: run.ended_at.as_deref(),
                nominal_at: (run.trigger == "schedule").then_some(run.queued_at.as_str()),
                message: run.message.as_deref(),
                rows: affected.map(|affected| Rows { affected: Some(affected), ..Rows::default() }),
            },
        ));
    }
    Ok(Value::Array(events))
}

fn about<'a>(
    subject: &'a Subject,
    plan: &'a Plan,
    columns: &'a [ColumnLineage],
    host: &'a str,
    source: &'a str,
    target: &'a str,
) -> About<'a> {
    About {
        host,
        producer: PRODUCER,
        plan_id: &subject.plan_id,
        plan_name: &subject.plan_name,
        version: subject.version.as_deref().unwrap_or_default(),
        plan_hash: subject.plan_hash.as_deref().unwrap_or_default(),
        description: plan.metadata.description.as_deref(),
        owner: plan.metadata.owner.as_deref(),
        handoff_id: subject.handoff_id.as_deref(),
        genie_session: subject.conversation_id.as_deref(),
        source,
        target,
        columns,
    }
}
