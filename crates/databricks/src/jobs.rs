//! Jobs: the settings we write and what the service says about the jobs it has. Jobs API 2.2,
//! <https://docs.databricks.com/api/workspace/jobs>.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::numeric_id::NumericId;

/// Paths of the Jobs API, relative to the workspace.
pub mod path {
    /// `POST`; not idempotent: names need not be unique and there is no token.
    pub const CREATE: &str = "/api/2.2/jobs/create";
    /// `POST`; replaces all settings.
    pub const RESET: &str = "/api/2.2/jobs/reset";
    /// `POST`; replaces top-level settings.
    pub const UPDATE: &str = "/api/2.2/jobs/update";
    /// `POST`.
    pub const DELETE: &str = "/api/2.2/jobs/delete";
    /// `GET ?job_id=`.
    pub const GET: &str = "/api/2.2/jobs/get";
    /// `GET ?name=`, exact without case.
    pub const LIST: &str = "/api/2.2/jobs/list";
    /// `POST`; takes an idempotency token.
    pub const RUN_NOW: &str = "/api/2.2/jobs/run-now";
    /// `GET ?job_id=`, newest first.
    pub const RUNS_LIST: &str = "/api/2.2/jobs/runs/list";
    /// `GET ?run_id=`.
    pub const RUNS_GET: &str = "/api/2.2/jobs/runs/get";
    /// `POST`; asynchronous.
    pub const RUNS_CANCEL: &str = "/api/2.2/jobs/runs/cancel";
    /// `POST`; needs the latest repair's id.
    pub const RUNS_REPAIR: &str = "/api/2.2/jobs/runs/repair";
}

/// An answer that is not what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the answer is not {0}")]
pub struct WireError(pub &'static str);

/// Settings of a job, as far as we write them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobSettings {
    /// At most 4096 bytes.
    pub name: String,
    /// At most 27,700 characters.
    pub description: String,
    /// At most 25.
    pub tags: BTreeMap<String, String>,
    /// What the job does.
    pub tasks: Vec<SqlFileTask>,
    /// When it runs by itself; never, if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<CronSchedule>,
    /// Runs at the same time.
    pub max_concurrent_runs: u32,
    /// Whether a run beyond that waits.
    pub queue: Queue,
    /// Who it runs as; who creates it, if absent. Written only: the service gives it back as `run_as_user_name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_as: Option<RunAs>,
    /// Who gets mail.
    pub email_notifications: EmailNotifications,
    /// What is not worth a mail.
    pub notification_settings: NotificationSettings,
}

/// A task that runs a `.sql` file of the workspace on a SQL warehouse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SqlFileTask {
    /// Unique within the job.
    pub task_key: String,
    /// The file and the warehouse.
    pub sql_task: SqlTask,
    /// Seconds for one attempt.
    pub timeout_seconds: u64,
    /// Attempts after the first.
    pub max_retries: u64,
    /// Milliseconds between attempts.
    pub min_retry_interval_millis: u64,
    /// Whether an attempt that took too long is repeated.
    pub retry_on_timeout: bool,
}

/// `sql_task`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SqlTask {
    /// The SQL warehouse.
    pub warehouse_id: String,
    /// The file.
    pub file: SqlFile,
}

/// `sql_task.file`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SqlFile {
    /// Absolute, with `/Workspace` in front.
    pub path: String,
    /// `WORKSPACE`.
    pub source: String,
}

/// `schedule`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CronSchedule {
    /// Quartz, seconds first.
    pub quartz_cron_expression: String,
    /// IANA name.
    pub timezone_id: String,
    /// `PAUSED` or `UNPAUSED`; always said, because an absent one fires.
    pub pause_status: PauseStatus,
}

/// Whether a schedule fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PauseStatus {
    /// It does not.
    Paused,
    /// It does.
    #[default]
    Unpaused,
}

/// `queue`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    /// Whether runs wait.
    pub enabled: bool,
}

/// `run_as`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunAs {
    /// A person's e-mail address.
    UserName(String),
    /// The application id of a service principal.
    ServicePrincipalName(String),
}

impl RunAs {
    /// A name with an `@` is a person, every other is a service principal.
    #[must_use]
    pub fn of(name: &str) -> Self {
        if name.contains('@') {
            Self::UserName(name.to_owned())
        } else {
            Self::ServicePrincipalName(name.to_owned())
        }
    }

    /// The name, as `run_as_user_name` has it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::UserName(name) | Self::ServicePrincipalName(name) => name,
        }
    }
}

/// `email_notifications`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EmailNotifications {
    /// When a run has failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_failure: Vec<String>,
}

/// `notification_settings`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationSettings {
    /// No mail for runs that were skipped.
    pub no_alert_for_skipped_runs: bool,
    /// No mail for runs that somebody cancelled.
    pub no_alert_for_canceled_runs: bool,
}

/// A job as the service shows it. Settings stay as they are: others may have added to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub job_id: NumericId,
    /// Milliseconds since 1970.
    pub created_time: i64,
    /// Who it runs as.
    pub run_as: Option<String>,
    /// Its settings; without tasks in a list that did not ask for them.
    pub settings: Value,
}

#[derive(Deserialize)]
struct WireJob {
    job_id: NumericId,
    #[serde(default)]
    created_time: i64,
    run_as_user_name: Option<String>,
    #[serde(default)]
    settings: Value,
}

impl From<WireJob> for Job {
    fn from(job: WireJob) -> Self {
        Self {
            job_id: job.job_id,
            created_time: job.created_time,
            run_as: job.run_as_user_name,
            settings: job.settings,
        }
    }
}

impl Job {
    /// Reads the answer of `get`.
    ///
    /// # Errors
    /// [`WireError`] if it is not a job.
    pub fn parse(bytes: &[u8]) -> Result<Self, WireError> {
        serde_json::from_slice::<WireJob>(bytes).map(Self::from).map_err(|_| WireError("a job"))
    }

    /// A tag, if the job has it.
    #[must_use]
    pub fn tag(&self, name: &str) -> Option<&str> {
        self.settings.get("tags")?.get(name)?.as_str()
    }

    /// Whether its schedule fires; `None` without a schedule.
    #[must_use]
    pub fn pause_status(&self) -> Option<PauseStatus> {
        let schedule = self.settings.get("schedule").filter(|schedule| schedule.is_object())?;
        Some(match schedule.get("pause_status").and_then(Value::as_str) {
            Some("PAUSED") => PauseStatus::Paused,
            _ => PauseStatus::Unpaused,
        })
    }
}

/// One page of jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobPage {
    /// The jobs.
    pub jobs: Vec<Job>,
    /// Where the next page begins, if there is one.
    pub next_page_token: Option<String>,
}

impl JobPage {
    /// Reads the answer of `list`. A page may be empty and not the last.
    ///
    /// # Errors
    /// [`WireError`] if it is not a list of jobs.
    pub fn parse(bytes: &[u8]) -> Result<Self, WireError> {
        #[derive(Deserialize)]
        struct Wire {
            #[serde(default)]
            jobs: Vec<WireJob>,
            next_page_token: Option<String>,
        }
        let page: Wire = serde_json::from_slice(bytes).map_err(|_| WireError("a list of jobs"))?;
        Ok(Self {
            jobs: page.jobs.into_iter().map(Job::from).collect(),
            next_page_token: page.next_page_token.filter(|token| !token.is_empty()),
        })
    }
}

/// Reads the answer of `create`.
///
/// # Errors
/// [`WireError`] if it holds no job id.
pub fn parse_created(bytes: &[u8]) -> Result<NumericId, WireError> {
    #[derive(Deserialize)]
    struct Wire {
        job_id: NumericId,
    }
    serde_json::from_slice::<Wire>(bytes).map(|wire| wire.job_id).map_err(|_| WireError("the id of a job"))
}

/// Whether `actual` settings say what `wanted` say. The service fills in defaults, so that it may say more; but nothing
/// that would start the job by itself, and no task or tag of somebody else.
///
/// `run_as` is not among the settings of an answer and is compared by name, if one is wanted.
#[must_use]
pub fn same_settings(wanted: &JobSettings, actual: &Job) -> bool {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(wanted) else { return false };
    fields.remove("run_as");
    let run_as = wanted.run_as.as_ref().map(RunAs::name);
    let foreign = ["schedule", "trigger", "continuous", "parameters", "git_source", "job_clusters"];
    let is_set = |name: &str| {
        actual.settings.get(name).is_some_and(|value| match value {
            Value::Null => false,
            Value::Array(items) => !items.is_empty(),
            _ => true,
        })
    };
    run_as.is_none_or(|name| actual.run_as.as_deref() == Some(name))
        && foreign.into_iter().all(|name| fields.contains_key(name) || !is_set(name))
        && fields.get("tags") == actual.settings.get("tags")
        && covers(&Value::Object(fields), &actual.settings)
}

/// Whether `actual` holds everything that `wanted` holds, lists item by item and of the same length. An empty list or
/// object may be left out, as the service leaves out defaults.
fn covers(wanted: &Value, actual: &Value) -> bool {
    match (wanted, actual) {
        (Value::Object(wanted), Value::Object(actual)) => {
            wanted.iter().all(|(key, value)| match actual.get(key) {
                Some(found) => covers(value, found),
                None => is_default(value),
            })
        }
        (Value::Array(wanted), Value::Array(actual)) => {
            wanted.len() == actual.len()
                && wanted.iter().zip(actual).all(|(wanted, actual)| covers(wanted, actual))
        }
        _ => wanted == actual,
    }
}

fn is_default(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_u64() == Some(0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.values().all(is_default),
        Value::Bool(true) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn settings() -> JobSettings {
        JobSettings {
            name: "orders [genie-handoff 1]".to_owned(),
            description: "d".to_owned(),
            tags: BTreeMap::from([("plan_id".to_owned(), "1".to_owned())]),
            tasks: vec![SqlFileTask {
                task_key: "load".to_owned(),
                sql_task: SqlTask {
                    warehouse_id: "w".to_owned(),
                    file: SqlFile {
                        path: "/Workspace/Shared/a.sql".to_owned(),
                        source: "WORKSPACE".to_owned(),
                    },
                },
                timeout_seconds: 60,
                max_retries: 0,
                min_retry_interval_millis: 10_000,
                retry_on_timeout: false,
            }],
            schedule: None,
            max_concurrent_runs: 1,
            queue: Queue { enabled: true },
            run_as: None,
            email_notifications: EmailNotifications::default(),
            notification_settings: NotificationSettings {
                no_alert_for_skipped_runs: true,
                no_alert_for_canceled_runs: true,
            },
        }
    }

    /// The job as the service shows it: defaults filled in, defaults left out.
    fn shown() -> Job {
        let mut value = serde_json::to_value(settings()).unwrap();
        value["format"] = json!("MULTI_TASK");
        value["tasks"][0]["run_if"] = json!("ALL_SUCCESS");
        value["tasks"][0].as_object_mut().unwrap().remove("max_retries");
        value.as_object_mut().unwrap().remove("email_notifications");
        let body =
            json!({ "job_id": 9_007_199_254_740_993_u64, "settings": value, "run_as_user_name": "a@b" });
        Job::parse(body.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn a_job_keeps_its_id_and_tags() {
        let job = shown();
        assert_eq!(job.job_id.as_str(), "9007199254740993");
        assert_eq!((job.tag("plan_id"), job.tag("x")), (Some("1"), None));
        assert_eq!(job.pause_status(), None);
    }

    #[test]
    fn defaults_are_no_difference_and_changes_are() {
        assert!(same_settings(&settings(), &shown()));
        for (pointer, value) in [
            ("/name", json!("other")),
            ("/tags", json!({ "plan_id": "1", "more": "2" })),
            ("/tasks/0/timeout_seconds", json!(61)),
            ("/tasks/0/sql_task/file/path", json!("/Workspace/Shared/b.sql")),
            ("/queue/enabled", json!(false)),
            ("/max_concurrent_runs", json!(2)),
        ] {
            let mut job = shown();
            *job.settings.pointer_mut(pointer).unwrap() = value;
            assert!(!same_settings(&settings(), &job), "{pointer}");
        }
        for foreign in ["schedule", "trigger", "continuous"] {
            let mut job = shown();
            job.settings[foreign] = json!({ "pause_status": "UNPAUSED" });
            assert!(!same_settings(&settings(), &job), "{foreign}");
        }
        let mut more = shown();
        more.settings["tasks"].as_array_mut().unwrap().push(json!({ "task_key": "extra" }));
        assert!(!same_settings(&settings(), &more));
    }

    #[test]
    fn run_as_is_compared_by_name() {
        let person = JobSettings { run_as: Some(RunAs::of("a@b")), ..settings() };
        let principal = JobSettings { run_as: Some(RunAs::of("3d1b")), ..settings() };
        assert!(same_settings(&person, &shown()));
        assert!(!same_settings(&principal, &shown()));
        assert_eq!(
            serde_json::to_value(principal.run_as).unwrap(),
            json!({ "service_principal_name": "3d1b" })
        );
    }

    #[test]
    fn pages_may_be_empty_and_end_with_an_empty_token() {
        let page = JobPage::parse(br#"{"next_page_token":"n","has_more":true}"#).unwrap();
        assert_eq!((page.jobs.len(), page.next_page_token.as_deref()), (0, Some("n")));
        let last = JobPage::parse(br#"{"jobs":[{"job_id":7,"settings":{}}],"next_page_token":""}"#).unwrap();
        assert_eq!((last.jobs.len(), last.next_page_token), (1, None));
        assert!(JobPage::parse(b"[]").is_err());
        assert!(JobPage::parse(br#"{"jobs":[{"job_id":null}]}"#).is_err());
    }
}
