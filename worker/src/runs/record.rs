//! Runs as the registry keeps them and as the API shows them.

use databricks::runs::Run;
use deploy::{Desired, RunState, RunView};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::deploy::{PlanJob, Subject};
use crate::store::{Sql, Store, at, now, sql};
use crate::work::Refusal;

/// The columns that the API shows.
pub const SHOWN: &str = "run_id, plan_id, version, plan_hash, job_id, run_url, trigger, state, upstream_state, message, \
                         queued_at, started_at, ended_at, duration_ms, stages, row_counts AS rows, feedback";
/// How soon a run that has not ended is looked at again.
const CHECK_MS: f64 = 60_000.0;

/// A row of `runs`, as far as decisions need it.
#[derive(Debug, Clone, Deserialize)]
pub struct RunRow {
    pub run_id: String,
    pub plan_id: String,
    pub version: Option<String>,
    pub plan_hash: Option<String>,
    pub run_url: Option<String>,
    pub state: String,
    pub started_at: Option<String>,
    pub ended_at: Option<String>,
    pub duration_ms: Option<f64>,
    pub row_counts: Option<String>,
    pub feedback: String,
    pub rows_tries: u32,
    pub cancel_asked: u8,
}

/// The columns of [`RunRow`].
pub const KNOWN: &str = "run_id, plan_id, version, plan_hash, run_url, state, started_at, ended_at, duration_ms, \
                         row_counts, feedback, rows_tries, cancel_asked";

impl RunRow {
    pub fn state(&self) -> RunState {
        RunState::parse(&self.state).unwrap_or(RunState::Unknown)
    }

    /// A run of a plan.
    pub async fn read(store: &Store, plan_id: &str, run_id: &str) -> Result<Option<Self>, Refusal> {
        let question = sql(
            format!("SELECT {KNOWN} FROM runs WHERE plan_id = ? AND run_id = ?"),
            vec![json!(plan_id), json!(run_id)],
        );
        Ok(store.first(question).await?)
    }
}

/// A row as the API shows it: columns with JSON are JSON.
pub fn shaped(mut row: Map<String, Value>) -> Map<String, Value> {
    for key in ["stages", "rows"] {
        if let Some(value) = row.get_mut(key)
            && let Some(text) = value.as_str()
        {
            *value = serde_json::from_str(text).unwrap_or_default();
        }
    }
    row
}

/// One run as the API shows it.
pub async fn shown(store: &Store, plan_id: &str, run_id: &str) -> Result<Option<Value>, Refusal> {
    let question = sql(
        format!("SELECT {SHOWN} FROM runs WHERE plan_id = ? AND run_id = ?"),
        vec![json!(plan_id), json!(run_id)],
    );
    let row: Option<Map<String, Value>> = store.first(question).await?;
    Ok(row.map(|row| Value::Object(shaped(row))))
}

/// What a run's row begins with: whether Genie is to hear of it.
pub fn feedback_at_first(switched_on: bool, subject: &Subject) -> &'static str {
    match (&subject.answer_message_id, switched_on) {
        (None, _) => "not_applicable",
        (Some(_), false) => "off",
        (Some(_), true) => "pending",
    }
}

/// The version and hash that a run belongs to: those that its file's path names, else those that the job has now.
pub async fn version_of(
    store: &Store,
    plan_id: &str,
    run: &Run,
    job: &PlanJob,
) -> Result<(Option<String>, Option<String>), Refusal> {
    #[derive(Deserialize)]
    struct Hash {
        plan_hash: String,
    }
    let path = run.file_path();
    let Some(named) =
        path.filter(|path| Some(*path) != job.file_path.as_deref()).and_then(Desired::version_of_path)
    else {
        return Ok((job.version.clone(), job.plan_hash.clone()));
    };
    let question = sql(
        "SELECT plan_hash FROM plan_versions WHERE plan_id = ? AND version = ?",
        vec![json!(plan_id), json!(named.version)],
    );
    let found: Option<Hash> = store.first(question).await?;
    Ok((Some(named.version.to_owned()), found.map(|row| row.plan_hash)))
}

/// What the workspace shows of a run, for its row. A run that is not known yet becomes one; of a known one only what can
/// change is changed, and an end is never taken back by an older answer.
pub struct Seen<'a> {
    pub plan_id: &'a str,
    pub version: Option<&'a str>,
    pub plan_hash: Option<&'a str>,
    pub feedback: &'a str,
    pub run: &'a Run,
    pub view: &'a RunView,
    /// Who asked for it, if it was us.
    pub requested_by: Option<&'a str>,
    pub token: Option<&'a str>,
}

impl Seen<'_> {
    pub fn upsert(&self) -> Sql {
        let (run, view) = (self.run, self.view);
        let ended = view.state.has_ended();
        let feedback = if view.state == RunState::Skipped { "not_applicable" } else { self.feedback };
        let stages: Vec<Value> = view
            .stages
            .iter()
            .map(|stage| {
                json!({ "name": stage.name, "state": stage.state.as_str(), "started_at": stage.started_at,
                        "ended_at": stage.ended_at })
            })
            .collect();
        let check = (!ended).then(|| at(CHECK_MS));
        sql(
            "INSERT INTO runs (run_id, plan_id, version, plan_hash, job_id, run_url, trigger, state, upstream_state, message, \
             queued_at, started_at, ended_at, duration_ms, stages, feedback, requested_by, idempotency_token, check_at, \
             updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT (run_id) DO UPDATE SET run_url = COALESCE(excluded.run_url, run_url), state = excluded.state, \
             upstream_state = excluded.upstream_state, message = excluded.message, \
             started_at = COALESCE(excluded.started_at, started_at), ended_at = excluded.ended_at, \
             duration_ms = excluded.duration_ms, stages = excluded.stages, check_at = excluded.check_at, \
             feedback = CASE WHEN feedback = 'pending' THEN excluded.feedback ELSE feedback END, \
             updated_at = excluded.updated_at \
             WHERE plan_id = excluded.plan_id AND (check_at IS NOT NULL OR excluded.check_at IS NULL)",
            vec![
                json!(run.run_id.as_str()),
                json!(self.plan_id),
                json!(self.version),
                json!(self.plan_hash),
                json!(run.job_id.as_str()),
                json!(run.run_page_url),
                json!(view.trigger),
                json!(view.state.as_str()),
                json!(view.upstream_state),
                json!(view.message),
                json!(view.queued_at.clone().unwrap_or_else(now)),
                json!(view.started_at),
                json!(view.ended_at),
                json!(view.duration_ms),
                json!(json!(stages).to_string()),
                json!(feedback),
                json!(self.requested_by),
                json!(self.token),
                json!(check),
                json!(now()),
            ],
        )
    }
}
