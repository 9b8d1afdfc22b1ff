//! Runs of jobs: what state they are in, and what brings them on.
//!
//! Time does not: a read does, or an order of the control API.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::job_settings::{Settings, list, text};
use crate::ids::Numbers;

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum RunResult {
    Success,
    Failed,
    #[serde(rename = "TIMEDOUT")]
    TimedOut,
    Canceled,
    SuccessWithFailures,
    UpstreamFailed,
    InternalError,
}

impl RunResult {
    fn name(self) -> &'static str {
        match self {
            Self::Success => "SUCCESS",
            Self::Failed => "FAILED",
            Self::TimedOut => "TIMEDOUT",
            Self::Canceled => "CANCELED",
            Self::SuccessWithFailures => "SUCCESS_WITH_FAILURES",
            Self::UpstreamFailed => "UPSTREAM_FAILED",
            Self::InternalError => "INTERNAL_ERROR",
        }
    }

    /// `termination_details`: code and type.
    fn termination(self) -> (&'static str, &'static str) {
        match self {
            Self::Success => ("SUCCESS", "SUCCESS"),
            Self::SuccessWithFailures => ("SUCCESS_WITH_FAILURES", "SUCCESS"),
            Self::Canceled => ("USER_CANCELED", "SUCCESS"),
            Self::InternalError => ("INTERNAL_ERROR", "INTERNAL_ERROR"),
            Self::Failed | Self::TimedOut | Self::UpstreamFailed => ("RUN_EXECUTION_ERROR", "CLIENT_ERROR"),
        }
    }
}

/// The end a run is heading for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ending {
    pub(crate) result: RunResult,
    pub(crate) message: String,
}

impl Default for Ending {
    fn default() -> Self {
        Self { result: RunResult::Success, message: String::new() }
    }
}

/// Where a run is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Phase {
    Queued,
    Pending,
    Running,
    Terminating,
    /// Was not started, because too many ran.
    Skipped,
    Terminated(Ending),
}

impl Phase {
    pub(crate) fn ended(&self) -> bool {
        matches!(self, Self::Skipped | Self::Terminated(_))
    }

    fn life_cycle(&self) -> &'static str {
        match self {
            Self::Queued => "QUEUED",
            Self::Pending => "PENDING",
            Self::Running => "RUNNING",
            Self::Terminating => "TERMINATING",
            Self::Skipped => "SKIPPED",
            Self::Terminated(Ending { result: RunResult::InternalError, .. }) => "INTERNAL_ERROR",
            Self::Terminated(_) => "TERMINATED",
        }
    }

    /// The old `state` and the new `status`.
    fn describe(&self) -> (Value, Value) {
        let life_cycle = self.life_cycle();
        let mut state = json!({ "life_cycle_state": life_cycle, "state_message": "", "user_cancelled_or_timedout": false });
        let mut status = json!({ "state": if self.ended() { "TERMINATED" } else { life_cycle } });
        if let (Value::Object(state), Value::Object(status)) = (&mut state, &mut status) {
            match self {
                Self::Queued => {
                    let message = "Queued due to reaching maximum concurrent runs for the job.";
                    state.insert("queue_reason".to_owned(), json!(message));
                    let details = json!({ "code": "MAX_CONCURRENT_RUNS_REACHED", "message": message });
                    status.insert("queue_details".to_owned(), details);
                }
                Self::Skipped => {
                    let message =
                        "Run was skipped because the maximum number of concurrent runs was reached.";
                    state.insert("state_message".to_owned(), json!(message));
                    let details = json!({ "code": "MAX_CONCURRENT_RUNS_EXCEEDED", "type": "CLIENT_ERROR", "message": message });
                    status.insert("termination_details".to_owned(), details);
                }
                Self::Terminated(ending) => {
                    let (code, kind) = ending.result.termination();
                    if ending.result != RunResult::InternalError {
                        state.insert("result_state".to_owned(), json!(ending.result.name()));
                    }
                    state.insert("state_message".to_owned(), json!(ending.message));
                    if matches!(ending.result, RunResult::Canceled | RunResult::TimedOut) {
                        state.insert("user_cancelled_or_timedout".to_owned(), json!(true));
                    }
                    let mut details = json!({ "code": code, "type": kind });
                    if let (false, Value::Object(details)) = (ending.message.is_empty(), &mut details) {
                        details.insert("message".to_owned(), json!(ending.message));
                    }
                    status.insert("termination_details".to_owned(), details);
                }
                _ => {}
            }
        }
        (state, status)
    }
}

#[derive(Debug, Clone)]
struct TaskRun {
    run_id: i64,
    attempt: u32,
    settings: Value,
    phase: Phase,
    start_ms: i64,
    end_ms: i64,
}

#[derive(Debug, Clone)]
struct Repair {
    id: i64,
    start_ms: i64,
    end_ms: i64,
    task_run_ids: Vec<i64>,
}

/// One run.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) id: i64,
    pub(crate) job_id: i64,
    pub(crate) number: i64,
    pub(crate) phase: Phase,
    pub(crate) start_ms: i64,
    end_ms: i64,
    name: String,
    trigger: &'static str,
    creator: &'static str,
    schedule: Option<Value>,
    parameters: Vec<Value>,
    tasks: Vec<TaskRun>,
    repairs: Vec<Repair>,
    /// Where the run is heading.
    pub(crate) ending: Ending,
}

/// What starts a run.
#[derive(Debug)]
pub(crate) struct Start<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) trigger: &'static str,
    pub(crate) creator: &'static str,
    /// Values that replace the defaults of the job's parameters.
    pub(crate) parameters: &'a Settings,
    /// Only these tasks; empty means all.
    pub(crate) only: &'a [String],
    pub(crate) ending: Ending,
    pub(crate) now_ms: i64,
}

impl Run {
    /// A run that has not begun.
    pub(crate) fn new(
        numbers: &mut Numbers,
        job_id: i64,
        number: i64,
        phase: Phase,
        start: &Start<'_>,
    ) -> Self {
        let wanted = |task: &&Value| {
            let key = task.get("task_key").and_then(Value::as_str).unwrap_or_default();
            start.only.is_empty() || start.only.iter().any(|only| only == key)
        };
        let id = numbers.run();
        let tasks = list(start.settings, "tasks")
            .iter()
            .filter(wanted)
            .map(|task| TaskRun {
                run_id: numbers.run(),
                attempt: 0,
                settings: task.clone(),
                phase: phase.clone(),
                start_ms: start.now_ms,
                end_ms: 0,
            })
            .collect();
        let parameters = list(start.settings, "parameters")
            .iter()
            .map(|parameter| {
                let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
                let default = parameter.get("default").cloned().unwrap_or_default();
                match start.parameters.get(name) {
                    Some(value) => json!({ "name": name, "default": default, "value": value }),
                    None => json!({ "name": name, "default": default }),
                }
            })
            .collect();
        Self {
            id,
            job_id,
            number,
            end_ms: if phase.ended() { start.now_ms } else { 0 },
            phase,
            start_ms: start.now_ms,
            name: text(start.settings, "name").to_owned(),
            trigger: start.trigger,
            creator: start.creator,
            schedule: start.settings.get("schedule").cloned(),
            parameters,
            tasks,
            repairs: Vec::new(),
            ending: start.ending.clone(),
        }
    }

    /// One step on. A queued run waits for another to end.
    pub(crate) fn step(&mut self, now_ms: i64) {
        let next = match &self.phase {
            Phase::Pending => Phase::Running,
            Phase::Running => Phase::Terminated(self.ending.clone()),
            Phase::Terminating => Phase::Terminated(Ending {
                result: RunResult::Canceled,
                message: "Run cancelled.".to_owned(),
            }),
            Phase::Queued | Phase::Skipped | Phase::Terminated(_) => return,
        };
        self.enter(next, now_ms);
    }

    /// Goes to `phase` with all tasks that have not ended.
    pub(crate) fn enter(&mut self, phase: Phase, now_ms: i64) {
        let ends = phase.ended();
        for task in self.tasks.iter_mut().filter(|task| !task.phase.ended()) {
            task.phase = phase.clone();
            if ends {
                task.end_ms = now_ms;
            }
        }
        if ends {
            self.end_ms = now_ms;
            if let Some(repair) = self.repairs.last_mut() {
                repair.end_ms = now_ms;
            }
        }
        self.phase = phase;
    }

    /// Asks for the end.
    pub(crate) fn cancel(&mut self, now_ms: i64) {
        match self.phase {
            Phase::Queued => {
                let ending = Ending { result: RunResult::Canceled, message: "Run cancelled.".to_owned() };
                self.enter(Phase::Terminated(ending), now_ms);
            }
            Phase::Pending | Phase::Running => self.enter(Phase::Terminating, now_ms),
            Phase::Terminating | Phase::Skipped | Phase::Terminated(_) => {}
        }
    }

    /// Starts failed tasks again; gives the id of the repair.
    pub(crate) fn repair(
        &mut self,
        numbers: &mut Numbers,
        only: &[String],
        ending: Ending,
        now_ms: i64,
    ) -> i64 {
        let id = numbers.run();
        let mut again = Vec::new();
        for task in &mut self.tasks {
            let key = task.settings.get("task_key").and_then(Value::as_str).unwrap_or_default();
            let chosen = only.iter().any(|only| only == key);
            let failed = !matches!(&task.phase, Phase::Terminated(Ending { result: RunResult::Success, .. }));
            if chosen || (only.is_empty() && failed) {
                *task = TaskRun {
                    run_id: numbers.run(),
                    attempt: task.attempt + 1,
                    settings: task.settings.clone(),
                    phase: Phase::Pending,
                    start_ms: now_ms,
                    end_ms: 0,
                };
                again.push(task.run_id);
            }
        }
        self.repairs.push(Repair { id, start_ms: now_ms, end_ms: 0, task_run_ids: again });
        self.ending = ending;
        self.phase = Phase::Pending;
        self.end_ms = 0;
        id
    }

    /// The id of the latest repair.
    pub(crate) fn latest_repair(&self) -> Option<i64> {
        self.repairs.last().map(|repair| repair.id)
    }

    /// The run as `runs/get` shows it, or as `runs/list` does.
    pub(crate) fn describe(&self, with_tasks: bool, with_history: bool) -> Value {
        let (state, status) = self.phase.describe();
        let mut run = json!({
            "job_id": self.job_id, "run_id": self.id, "number_in_job": self.number,
            "original_attempt_run_id": self.id, "run_name": self.name, "run_type": "JOB_RUN", "format": "MULTI_TASK",
            "run_page_url": format!("https://workspace.example/?o={}#job/{}/run/{}", crate::gate::WORKSPACE_ID, self.job_id, self.id),
            "trigger": self.trigger, "creator_user_name": self.creator, "start_time": self.start_ms,
            "setup_duration": 0, "execution_duration": 0, "cleanup_duration": 0, "end_time": self.end_ms,
            "state": state, "status": status,
        });
        if let Value::Object(fields) = &mut run {
            if self.end_ms > 0 {
                fields.insert("run_duration".to_owned(), json!(self.end_ms - self.start_ms));
            }
            if let Some(schedule) = &self.schedule {
                fields.insert("schedule".to_owned(), schedule.clone());
            }
            if !self.parameters.is_empty() {
                fields.insert("job_parameters".to_owned(), json!(self.parameters));
            }
            if with_tasks && !self.tasks.is_empty() {
                let tasks: Vec<Value> = self.tasks.iter().map(|task| self.describe_task(task)).collect();
                fields.insert("tasks".to_owned(), json!(tasks));
            }
            if with_history {
                fields.insert("repair_history".to_owned(), self.history());
            }
        }
        run
    }

    fn describe_task(&self, task: &TaskRun) -> Value {
        let (state, status) = task.phase.describe();
        let mut value = task.settings.clone();
        if let Value::Object(fields) = &mut value {
            for (name, entry) in [
                ("run_id", json!(task.run_id)),
                ("attempt_number", json!(task.attempt)),
                ("start_time", json!(task.start_ms)),
                ("end_time", json!(task.end_ms)),
                ("setup_duration", json!(0)),
                ("execution_duration", json!(if task.end_ms > 0 { task.end_ms - task.start_ms } else { 0 })),
                ("cleanup_duration", json!(0)),
                (
                    "run_page_url",
                    json!(format!(
                        "https://workspace.example/?o={}#job/{}/run/{}",
                        crate::gate::WORKSPACE_ID,
                        self.job_id,
                        task.run_id
                    )),
                ),
                ("state", state),
                ("status", status),
            ] {
                fields.insert(name.to_owned(), entry);
            }
        }
        value
    }

    fn history(&self) -> Value {
        let (state, status) = self.phase.describe();
        let tasks: Vec<i64> = self.tasks.iter().map(|task| task.run_id).collect();
        let mut history = vec![json!({
            "type": "ORIGINAL", "start_time": self.start_ms, "end_time": self.end_ms, "state": state,
            "status": status, "task_run_ids": tasks,
        })];
        history.extend(self.repairs.iter().map(|repair| {
            json!({
                "type": "REPAIR", "id": repair.id, "start_time": repair.start_ms, "end_time": repair.end_ms,
                "state": state, "status": status, "task_run_ids": repair.task_run_ids,
            })
        }));
        json!(history)
    }

    /// Whether `id` is the run of one of the tasks.
    pub(crate) fn has_task(&self, id: i64) -> bool {
        self.tasks.iter().any(|task| task.run_id == id)
    }

    /// What `runs/get-output` gives for a task.
    pub(crate) fn output(&self, task_run_id: i64) -> Option<Value> {
        let task = self.tasks.iter().find(|task| task.run_id == task_run_id)?;
        let mut metadata = self.describe(false, false);
        if let (Value::Object(metadata), Value::Object(described)) = (&mut metadata, self.describe_task(task))
        {
            for name in ["run_id", "state", "status", "start_time", "end_time", "task_key", "attempt_number"]
            {
                if let Some(value) = described.get(name) {
                    metadata.insert(name.to_owned(), value.clone());
                }
            }
        }
        let mut output = json!({ "metadata": metadata });
        if let Value::Object(fields) = &mut output {
            if let Phase::Terminated(ending) = &task.phase
                && !matches!(ending.result, RunResult::Success | RunResult::SuccessWithFailures)
            {
                fields.insert("error".to_owned(), json!(ending.message));
            }
            if let (Some(sql), true) = (task.settings.get("sql_task"), task.phase.ended()) {
                let warehouse = sql.get("warehouse_id").cloned().unwrap_or_default();
                let query = json!({
                    "warehouse_id": warehouse, "endpoint_id": warehouse,
                    "output_link": format!("https://workspace.example/sql/history?lookupKey={task_run_id}"),
                    "sql_statements": [{ "lookup_key": format!("{task_run_id}-1") }],
                });
                fields.insert("sql_output".to_owned(), json!({ "query_output": query }));
            }
        }
        Some(output)
    }

    /// `JOB_RUN` runs of all kinds of triggers are the only ones here.
    pub(crate) fn fits(&self, query: &RunFilter) -> bool {
        query.job_id.is_none_or(|job| job == self.job_id)
            && query.active.is_none_or(|active| active != self.phase.ended())
            && query.from.is_none_or(|from| self.start_ms >= from)
            && query.to.is_none_or(|to| self.start_ms <= to)
    }
}

/// What `runs/list` asks for. Times in milliseconds, both ends included.
#[derive(Debug, Default)]
pub(crate) struct RunFilter {
    pub(crate) job_id: Option<i64>,
    pub(crate) active: Option<bool>,
    pub(crate) from: Option<i64>,
    pub(crate) to: Option<i64>,
}
