//! Deployments as the registry keeps them and as the API shows them.

use databricks::jobs::{JobSettings, PauseStatus};
use deploy::Action;
use plan::QuartzCron;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::checks::Known;
use crate::store::{Sql, Store, now, sql};
use crate::work::Refusal;

/// The columns that [`Deployment`] has.
pub const COLUMNS: &str = "deployment_id, plan_id, version, plan_hash, job_id, job_url, file_path, state, created, \
                           run_as, schedule, deployed_at, deployed_by, ended_at, steps";

/// A row of `deployments`.
#[derive(Debug, Clone, Deserialize)]
pub struct Deployment {
    pub deployment_id: String,
    pub plan_id: String,
    pub version: String,
    pub plan_hash: String,
    pub job_id: Option<String>,
    pub job_url: Option<String>,
    pub file_path: Option<String>,
    pub state: String,
    pub created: u8,
    pub run_as: Option<String>,
    schedule: Option<String>,
    pub deployed_at: String,
    pub deployed_by: String,
    pub ended_at: Option<String>,
    steps: String,
}

impl Deployment {
    /// As the API shows it.
    pub fn to_json(&self) -> Value {
        let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
        json!({
            "deployment_id": self.deployment_id, "plan_id": self.plan_id, "version": self.version,
            "plan_hash": self.plan_hash, "job_id": self.job_id, "job_url": self.job_url, "file_path": self.file_path,
            "state": self.state, "created": self.created != 0, "run_as": self.run_as,
            "schedule": self.schedule.as_deref().map(parsed), "deployed_at": self.deployed_at,
            "deployed_by": self.deployed_by, "steps": parsed(&self.steps),
        })
    }

    /// One deployment by its id.
    pub async fn read(store: &Store, deployment_id: &str) -> Result<Option<Self>, Refusal> {
        let text = format!("SELECT {COLUMNS} FROM deployments WHERE deployment_id = ?");
        Ok(store.first(sql(text, vec![json!(deployment_id)])).await?)
    }
}

/// The schedule of a job as the API shows it, with the expression in words.
pub fn schedule(settings: &JobSettings) -> Option<Value> {
    let schedule = settings.schedule.as_ref()?;
    let words = QuartzCron::parse(&schedule.quartz_cron_expression).map(|cron| plan::schedule_words(&cron));
    Some(json!({
        "quartz": schedule.quartz_cron_expression, "timezone": schedule.timezone_id,
        "paused": schedule.pause_status == PauseStatus::Paused, "words": words.ok(),
    }))
}

/// The steps of a deployment so far.
#[derive(Debug, Default)]
pub struct Steps(Vec<Value>);

impl Steps {
    /// Something begins.
    pub fn begin(&mut self, name: &str) {
        self.0.push(json!({ "name": name, "state": "running", "started_at": now(), "ended_at": null }));
    }

    /// The step that began last has ended.
    pub fn end(&mut self, state: &str, message: Option<&str>) {
        if let Some(Value::Object(step)) = self.0.last_mut() {
            step.insert("state".to_owned(), json!(state));
            step.insert("ended_at".to_owned(), json!(now()));
            if let Some(message) = message {
                step.insert("message".to_owned(), json!(message));
            }
        }
    }

    /// The look at permissions has ended, with nothing missing that is known of.
    pub fn permissions(&mut self, known: &Known) {
        self.begin("permissions");
        match known {
            Known::All => self.end("done", None),
            Known::Some => {
                self.end("done", Some("Not everything could be checked; the run itself will tell."));
            }
            Known::Nothing => self.end(
                "skipped",
                Some("Databricks could not be asked about permissions; the run itself will tell."),
            ),
        }
    }

    /// Their names, one after the other, for the audit log.
    pub fn names(&self) -> String {
        let names: Vec<&str> =
            self.0.iter().filter_map(|step| step.get("name").and_then(Value::as_str)).collect();
        names.join(" ")
    }

    /// As a column.
    pub fn column(&self) -> Value {
        json!(Value::Array(self.0.clone()).to_string())
    }

    /// The change that keeps them.
    pub fn keep(&self, deployment_id: &str) -> Sql {
        sql(
            "UPDATE deployments SET steps = ? WHERE deployment_id = ?",
            vec![self.column(), json!(deployment_id)],
        )
    }
}

/// The name of a step.
pub fn step_name(action: &Action<'_>) -> &'static str {
    match action {
        Action::PutFile => "file",
        Action::Look { .. } => "find",
        Action::Create(_) => "create",
        Action::Reset(..) => "update",
        Action::Delete(_) => "remove",
        Action::DeleteFiles => "remove_files",
        Action::Done(_) | Action::Stop(_) => "end",
    }
}
