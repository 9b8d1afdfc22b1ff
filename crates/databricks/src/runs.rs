//! Runs of jobs: what the service says about them. Jobs API 2.2,
//! <https://docs.databricks.com/api/workspace/jobs/getrun>.

use serde::Deserialize;

use crate::jobs::WireError;
use crate::numeric_id::NumericId;

/// A run, as far as we read it. Times are milliseconds since 1970; 0 and absent mean that it has not happened.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Run {
    /// Its id.
    pub run_id: NumericId,
    /// The job it belongs to.
    pub job_id: NumericId,
    /// `PERIODIC`, `ONE_TIME`, `RETRY` and others.
    #[serde(default)]
    pub trigger: Option<String>,
    /// When it was asked for.
    #[serde(default)]
    pub start_time: i64,
    /// When it ended.
    #[serde(default)]
    pub end_time: i64,
    /// Milliseconds in the queue.
    #[serde(default)]
    pub queue_duration: Option<i64>,
    /// The page for people.
    #[serde(default)]
    pub run_page_url: Option<String>,
    /// The old words for where it is.
    #[serde(default)]
    pub state: Option<OldState>,
    /// The new words.
    #[serde(default)]
    pub status: Option<Status>,
    /// Its tasks; absent in lists that did not ask for them.
    #[serde(default)]
    pub tasks: Vec<TaskRun>,
    /// Repairs, oldest first; only with `include_history`.
    #[serde(default)]
    pub repair_history: Vec<Repair>,
}

/// `state`, marked deprecated and still sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct OldState {
    /// `PENDING`, `RUNNING`, `TERMINATED` and others.
    pub life_cycle_state: Option<String>,
    /// `SUCCESS`, `FAILED` and others; only near the end.
    pub result_state: Option<String>,
}

/// `status`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Status {
    /// `PENDING`, `RUNNING`, `TERMINATED` and others.
    pub state: Option<String>,
    /// How it ended.
    pub termination_details: Option<Termination>,
    /// Why it waits.
    pub queue_details: Option<Reason>,
}

/// `termination_details`. The vendor's message is left out on purpose: it can quote data.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Termination {
    /// `SUCCESS`, `USER_CANCELED`, `RUN_EXECUTION_ERROR` and others.
    pub code: Option<String>,
    /// `SUCCESS`, `CLIENT_ERROR`, `CLOUD_FAILURE`, `INTERNAL_ERROR`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

/// `queue_details`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Reason {
    /// `MAX_CONCURRENT_RUNS_REACHED` and others.
    pub code: Option<String>,
}

/// A task within a run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TaskRun {
    /// The task's name.
    #[serde(default)]
    pub task_key: String,
    /// The id to ask for its output.
    #[serde(default)]
    pub run_id: Option<NumericId>,
    /// 0 for the first attempt.
    #[serde(default)]
    pub attempt_number: u32,
    /// When it began.
    #[serde(default)]
    pub start_time: i64,
    /// When it ended.
    #[serde(default)]
    pub end_time: i64,
    /// The old words for where it is.
    #[serde(default)]
    pub state: Option<OldState>,
    /// The new words.
    #[serde(default)]
    pub status: Option<Status>,
    #[serde(default)]
    sql_task: Option<WireSql>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct WireSql {
    #[serde(default)]
    file: Option<WireFile>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct WireFile {
    #[serde(default)]
    path: Option<String>,
}

/// One entry of `repair_history`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Repair {
    /// Absent for the original.
    #[serde(default)]
    pub id: Option<NumericId>,
    /// `ORIGINAL` or `REPAIR`.
    #[serde(rename = "type", default)]
    pub kind: String,
}

impl TaskRun {
    /// The workspace file that it runs.
    #[must_use]
    pub fn file_path(&self) -> Option<&str> {
        self.sql_task.as_ref()?.file.as_ref()?.path.as_deref()
    }
}

impl Run {
    /// Reads the answer of `runs/get`.
    ///
    /// # Errors
    /// [`WireError`] if it is not a run.
    pub fn parse(bytes: &[u8]) -> Result<Self, WireError> {
        serde_json::from_slice(bytes).map_err(|_| WireError("a run"))
    }

    /// The id that the next repair has to name: that of the latest one.
    #[must_use]
    pub fn latest_repair(&self) -> Option<&NumericId> {
        self.repair_history.iter().rev().find_map(|repair| repair.id.as_ref())
    }

    /// The workspace file that the run's first SQL task runs.
    #[must_use]
    pub fn file_path(&self) -> Option<&str> {
        self.tasks.iter().find_map(TaskRun::file_path)
    }
}

/// One page of runs, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunPage {
    /// The runs.
    pub runs: Vec<Run>,
    /// Where the next page begins, if there is one.
    pub next_page_token: Option<String>,
}

impl RunPage {
    /// Reads the answer of `runs/list`.
    ///
    /// # Errors
    /// [`WireError`] if it is not a list of runs.
    pub fn parse(bytes: &[u8]) -> Result<Self, WireError> {
        #[derive(Deserialize)]
        struct Wire {
            #[serde(default)]
            runs: Vec<Run>,
            next_page_token: Option<String>,
        }
        let page: Wire = serde_json::from_slice(bytes).map_err(|_| WireError("a list of runs"))?;
        Ok(Self { runs: page.runs, next_page_token: page.next_page_token.filter(|token| !token.is_empty()) })
    }
}

/// Reads the answer of `run-now`.
///
/// # Errors
/// [`WireError`] if it holds no run id.
pub fn parse_started(bytes: &[u8]) -> Result<NumericId, WireError> {
    #[derive(Deserialize)]
    struct Wire {
        run_id: NumericId,
    }
    serde_json::from_slice::<Wire>(bytes).map(|wire| wire.run_id).map_err(|_| WireError("the id of a run"))
}

/// A comment on a Genie message, as far as we look for our own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentPage {
    /// The texts.
    pub contents: Vec<String>,
    /// Where the next page begins, if there is one.
    pub next_page_token: Option<String>,
}

impl CommentPage {
    /// Reads the answer of `GET .../messages/ID/comments`.
    ///
    /// # Errors
    /// [`WireError`] if it is not a list of comments.
    pub fn parse(bytes: &[u8]) -> Result<Self, WireError> {
        #[derive(Deserialize)]
        struct Comment {
            #[serde(default)]
            content: String,
        }
        #[derive(Deserialize)]
        struct Wire {
            #[serde(default)]
            comments: Vec<Comment>,
            next_page_token: Option<String>,
        }
        let page: Wire = serde_json::from_slice(bytes).map_err(|_| WireError("a list of comments"))?;
        Ok(Self {
            contents: page.comments.into_iter().map(|comment| comment.content).collect(),
            next_page_token: page.next_page_token.filter(|token| !token.is_empty()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_run() {
        let body = br#"{"job_id":11,"run_id":9007199254740995,"number_in_job":1,"trigger":"PERIODIC","start_time":1791414074921,
            "end_time":0,"run_page_url":"https://x/#job/11/run/9007199254740995","state":{"life_cycle_state":"RUNNING"},
            "status":{"state":"RUNNING"},"tasks":[{"task_key":"load","run_id":9007199254740997,"attempt_number":0,
            "sql_task":{"warehouse_id":"w","file":{"path":"/Workspace/a.sql"}}}],
            "repair_history":[{"type":"ORIGINAL"},{"type":"REPAIR","id":5},{"type":"REPAIR","id":7}]}"#;
        let run = Run::parse(body).unwrap();
        assert_eq!(run.run_id.as_str(), "9007199254740995");
        assert_eq!(run.file_path(), Some("/Workspace/a.sql"));
        assert_eq!(run.latest_repair().map(NumericId::as_str), Some("7"));
    }

    #[test]
    fn everything_but_the_ids_may_be_missing() {
        let run = Run::parse(br#"{"run_id":1,"job_id":2,"new_field":{}}"#).unwrap();
        assert_eq!((run.start_time, run.file_path(), run.latest_repair()), (0, None, None));
        assert_eq!(run.status, None);
        assert!(Run::parse(br#"{"job_id":2}"#).is_err());
        assert_eq!(RunPage::parse(b"{}").unwrap().runs.len(), 0);
        assert_eq!(parse_started(br#"{"run_id":3,"number_in_job":1}"#).unwrap().as_str(), "3");
        assert!(parse_started(b"{}").is_err());
    }
}
