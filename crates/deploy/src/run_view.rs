//! The state of a run in our words.

use databricks::runs::{OldState, Run, Status, TaskRun};

use crate::time::rfc3339_ms;

/// Where a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// It has not begun.
    Waiting,
    /// It is going on.
    Running,
    /// Somebody has asked it to end, and it has not yet.
    Cancelling,
    /// The load is done.
    Succeeded,
    /// It ended without doing what it should.
    Failed,
    /// Somebody ended it.
    Cancelled,
    /// It never began: another one was going on, or the workspace has a limit.
    Skipped,
    /// The workspace reports something that this version does not know.
    Unknown,
}

impl RunState {
    /// As the API writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Cancelling => "cancelling",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Skipped => "skipped",
            Self::Unknown => "unknown",
        }
    }

    /// Reads what [`RunState::as_str`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        use RunState::{Cancelled, Cancelling, Failed, Running, Skipped, Succeeded, Unknown, Waiting};
        [Waiting, Running, Cancelling, Succeeded, Failed, Cancelled, Skipped, Unknown]
            .into_iter()
            .find(|state| state.as_str() == text)
    }

    /// Whether nothing more happens unless it is repaired.
    #[must_use]
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled | Self::Skipped)
    }
}

/// A part of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// `queue`, or the key of a task.
    pub name: String,
    /// Where it is.
    pub state: RunState,
    /// RFC 3339.
    pub started_at: Option<String>,
    /// RFC 3339.
    pub ended_at: Option<String>,
}

/// A run in our words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunView {
    /// Where it is.
    pub state: RunState,
    /// What the workspace says, its words joined by `/`.
    pub upstream_state: String,
    /// What happened and what to do, for people; nothing if there is nothing to add. Never the vendor's text: it can
    /// quote data.
    pub message: Option<String>,
    /// `manual`, `schedule` or `repair`.
    pub trigger: &'static str,
    /// When it was asked for, RFC 3339.
    pub queued_at: Option<String>,
    /// When its first task began.
    pub started_at: Option<String>,
    /// When it ended.
    pub ended_at: Option<String>,
    /// From the beginning to the end.
    pub duration_ms: Option<i64>,
    /// Its parts, in order.
    pub stages: Vec<Stage>,
}

impl RunView {
    /// Reads a run. `cancel_asked` says that we have asked it to end, which the workspace does not show while it ends.
    #[must_use]
    pub fn of(run: &Run, cancel_asked: bool) -> Self {
        let (state, upstream) = state_of(run.status.as_ref(), run.state.as_ref(), cancel_asked);
        let began = run
            .tasks
            .iter()
            .map(|task| task.start_time)
            .filter(|start| *start > 0)
            .min()
            .unwrap_or(run.start_time)
            .max(run.start_time.saturating_add(run.queue_duration.unwrap_or_default()));
        let has_begun = began > 0 && !matches!(state, RunState::Waiting | RunState::Skipped);
        let ended = if state.has_ended() { run.end_time } else { 0 };
        let mut stages = vec![Stage {
            name: "queue".to_owned(),
            state: match state {
                RunState::Waiting => RunState::Waiting,
                RunState::Skipped => RunState::Skipped,
                RunState::Unknown => RunState::Unknown,
                _ => RunState::Succeeded,
            },
            started_at: rfc3339_ms(run.start_time),
            ended_at: if has_begun { rfc3339_ms(began) } else { rfc3339_ms(ended) },
        }];
        stages.extend(run.tasks.iter().map(|task| stage_of(task, cancel_asked)));
        Self {
            message: message(state, &upstream, run),
            state,
            trigger: match run.trigger.as_deref() {
                _ if run.latest_repair().is_some() => "repair",
                Some("PERIODIC" | "FILE_ARRIVAL" | "TABLE" | "CONTINUOUS") => "schedule",
                _ => "manual",
            },
            queued_at: rfc3339_ms(run.start_time),
            started_at: has_begun.then(|| rfc3339_ms(began)).flatten(),
            ended_at: rfc3339_ms(ended),
            duration_ms: (has_begun && ended > 0).then(|| (ended - began).max(0)),
            upstream_state: upstream,
            stages,
        }
    }
}

fn stage_of(task: &TaskRun, cancel_asked: bool) -> Stage {
    let (state, _) = state_of(task.status.as_ref(), task.state.as_ref(), cancel_asked);
    let begun = !matches!(state, RunState::Waiting | RunState::Skipped);
    Stage {
        name: if task.task_key.is_empty() { "task".to_owned() } else { task.task_key.clone() },
        state,
        started_at: if begun { rfc3339_ms(task.start_time) } else { None },
        ended_at: if state.has_ended() { rfc3339_ms(task.end_time) } else { None },
    }
}

/// The state, by the new words first and the old ones second.
fn state_of(status: Option<&Status>, old: Option<&OldState>, cancel_asked: bool) -> (RunState, String) {
    let new = status.and_then(|status| status.state.as_deref());
    let details = status.and_then(|status| status.termination_details.as_ref());
    let code = details.and_then(|details| details.code.as_deref());
    let life = old.and_then(|old| old.life_cycle_state.as_deref());
    let result = old.and_then(|old| old.result_state.as_deref());
    let said = |first: &str, second: Option<&str>| match second {
        Some(second) => format!("{first}/{second}"),
        None => first.to_owned(),
    };
    match (new, life) {
        (Some("TERMINATED"), _) => {
            let kind = details.and_then(|details| details.kind.as_deref());
            let state = code.map_or(RunState::Unknown, |code| by_code(code, kind));
            let state = match (state, result) {
                (RunState::Unknown, Some(result)) => by_result(result),
                _ => state,
            };
            (state, said("TERMINATED", code.or(result)))
        }
        (Some(other), _) => (going_on(other, cancel_asked), other.to_owned()),
        (None, Some("TERMINATED")) => {
            (result.map_or(RunState::Unknown, by_result), said("TERMINATED", result))
        }
        (None, Some("SKIPPED")) => (RunState::Skipped, "SKIPPED".to_owned()),
        (None, Some("INTERNAL_ERROR")) => (RunState::Failed, "INTERNAL_ERROR".to_owned()),
        (None, Some(other)) => (going_on(other, cancel_asked), other.to_owned()),
        (None, None) => (RunState::Unknown, "UNKNOWN".to_owned()),
    }
}

fn going_on(word: &str, cancel_asked: bool) -> RunState {
    match word {
        "RUNNING" | "TERMINATING" | "PENDING" | "QUEUED" | "BLOCKED" | "WAITING" | "WAITING_FOR_RETRY"
            if cancel_asked =>
        {
            RunState::Cancelling
        }
        // Work is done or given up and things are being put away.
        "RUNNING" | "TERMINATING" | "WAITING_FOR_RETRY" => RunState::Running,
        "PENDING" | "QUEUED" | "BLOCKED" | "WAITING" => RunState::Waiting,
        _ => RunState::Unknown,
    }
}

/// `termination_details.code`; what is not listed is told by its type.
fn by_code(code: &str, kind: Option<&str>) -> RunState {
    match (code, kind) {
        ("SUCCESS" | "SUCCESS_WITH_FAILURES", _) => RunState::Succeeded,
        ("USER_CANCELED" | "CANCELED", _) => RunState::Cancelled,
        (
            "SKIPPED"
            | "MAX_CONCURRENT_RUNS_EXCEEDED"
            | "MAX_JOB_QUEUE_SIZE_EXCEEDED"
            | "WORKSPACE_RUN_LIMIT_EXCEEDED"
            | "DISABLED",
            _,
        ) => RunState::Skipped,
        (_, Some("INTERNAL_ERROR" | "CLIENT_ERROR" | "CLOUD_FAILURE")) => RunState::Failed,
        (code, _) if code.ends_with("_ERROR") || code.ends_with("_FAILURE") => RunState::Failed,
        _ => RunState::Unknown,
    }
}

fn by_result(result: &str) -> RunState {
    match result {
        "SUCCESS" | "SUCCESS_WITH_FAILURES" => RunState::Succeeded,
        "CANCELED" | "UPSTREAM_CANCELED" => RunState::Cancelled,
        "MAXIMUM_CONCURRENT_RUNS_REACHED" | "EXCLUDED" | "DISABLED" => RunState::Skipped,
        "FAILED" | "TIMEDOUT" | "UPSTREAM_FAILED" => RunState::Failed,
        _ => RunState::Unknown,
    }
}

fn message(state: RunState, upstream: &str, run: &Run) -> Option<String> {
    let code = upstream.rsplit('/').next().unwrap_or_default();
    let timed_out = run.state.as_ref().and_then(|old| old.result_state.as_deref()) == Some("TIMEDOUT");
    let text = match (state, code) {
        (RunState::Waiting, _) => {
            match run.status.as_ref().and_then(|status| status.queue_details.as_ref()) {
                Some(reason) if reason.code.as_deref() == Some("MAX_CONCURRENT_RUNS_REACHED") => {
                    "Waiting for another run of this job to end."
                }
                Some(_) => "Waiting: the workspace has reached its limit of runs.",
                None => "Waiting to start. A stopped warehouse takes some minutes.",
            }
        }
        (RunState::Cancelling, _) => "Asked to stop; it has not stopped yet.",
        (RunState::Cancelled, _) => {
            "Stopped before it was done. A load is one commit: the target holds all of it or nothing."
        }
        (RunState::Skipped, "DISABLED") => "Not started: the task is switched off in the workspace.",
        (RunState::Skipped, _) => {
            "Not started: another run was going on, or the workspace has reached its limit of runs."
        }
        (RunState::Failed, _) if timed_out => {
            "Took longer than the plan allows and was stopped. Raise timeout_seconds, or use a larger warehouse."
        }
        (RunState::Failed, "UNAUTHORIZED_ERROR") => {
            "The identity that the job runs as lacks a right. Check the permissions and run it again."
        }
        (RunState::Failed, "RESOURCE_NOT_FOUND") => {
            "Something that the job needs is gone: its file, its warehouse or a table. Deploy the plan again."
        }
        (RunState::Failed, "INVALID_RUN_CONFIGURATION") => {
            "The workspace refuses the job's settings. Deploy the plan again."
        }
        (RunState::Failed, "RUN_EXECUTION_ERROR" | "FAILED") => {
            "The SQL failed, or a check before it stopped the run. The run's page in Databricks shows the statement and the error."
        }
        (RunState::Failed, _) => {
            "Databricks could not finish the run. Its page shows why; running it again may help."
        }
        (RunState::Unknown, _) => {
            return Some(format!(
                "Databricks reports {}, which this version does not know.",
                upstream.chars().take(80).collect::<String>()
            ));
        }
        (RunState::Running | RunState::Succeeded, _) => return None,
    };
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(body: &str, cancel: bool) -> RunView {
        RunView::of(&Run::parse(body.as_bytes()).unwrap(), cancel)
    }

    fn words(rest: &str) -> (RunState, String) {
        let view = view(&format!(r#"{{"run_id":1,"job_id":2,{rest}}}"#), false);
        (view.state, view.upstream_state)
    }

    #[test]
    fn new_and_old_words() {
        use RunState::{Cancelled, Failed, Running, Skipped, Succeeded, Unknown, Waiting};
        for (rest, state, upstream) in [
            (r#""status":{"state":"PENDING"}"#, Waiting, "PENDING"),
            (r#""status":{"state":"QUEUED"}"#, Waiting, "QUEUED"),
            (r#""status":{"state":"RUNNING"}"#, Running, "RUNNING"),
            (r#""status":{"state":"TERMINATING"}"#, Running, "TERMINATING"),
            (
                r#""status":{"state":"TERMINATED","termination_details":{"code":"SUCCESS","type":"SUCCESS"}}"#,
                Succeeded,
                "TERMINATED/SUCCESS",
            ),
            (
                r#""status":{"state":"TERMINATED","termination_details":{"code":"USER_CANCELED","type":"SUCCESS"}}"#,
                Cancelled,
                "TERMINATED/USER_CANCELED",
            ),
            (
                r#""status":{"state":"TERMINATED","termination_details":{"code":"BUDGET_POLICY_LIMIT_EXCEEDED","type":"CLIENT_ERROR"}}"#,
                Failed,
                "TERMINATED/BUDGET_POLICY_LIMIT_EXCEEDED",
            ),
            (
                r#""status":{"state":"TERMINATED","termination_details":{"code":"MAX_CONCURRENT_RUNS_EXCEEDED","type":"CLIENT_ERROR"}}"#,
                Skipped,
                "TERMINATED/MAX_CONCURRENT_RUNS_EXCEEDED",
            ),
            (
                r#""status":{"state":"TERMINATED","termination_details":{"code":"NEW_WORD"}}"#,
                Unknown,
                "TERMINATED/NEW_WORD",
            ),
            (r#""status":{"state":"TERMINATED"}"#, Unknown, "TERMINATED"),
            (r#""status":{"state":"DREAMING"}"#, Unknown, "DREAMING"),
            (
                r#""state":{"life_cycle_state":"TERMINATED","result_state":"FAILED"}"#,
                Failed,
                "TERMINATED/FAILED",
            ),
            (r#""state":{"life_cycle_state":"INTERNAL_ERROR"}"#, Failed, "INTERNAL_ERROR"),
            (r#""state":{"life_cycle_state":"SKIPPED"}"#, Skipped, "SKIPPED"),
            (r#""state":{"life_cycle_state":"WAITING_FOR_RETRY"}"#, Running, "WAITING_FOR_RETRY"),
            (r#""trigger":"X""#, Unknown, "UNKNOWN"),
        ] {
            assert_eq!(words(rest), (state, upstream.to_owned()), "{rest}");
        }
    }

    #[test]
    fn a_cancel_shows_until_it_is_confirmed() {
        let body = r#"{"run_id":1,"job_id":2,"status":{"state":"TERMINATING"}}"#;
        assert_eq!(view(body, true).state, RunState::Cancelling);
        let done = r#"{"run_id":1,"job_id":2,"status":{"state":"TERMINATED","termination_details":{"code":"SUCCESS"}}}"#;
        assert_eq!(view(done, true).state, RunState::Succeeded);
    }

    #[test]
    fn times_and_stages() {
        let body = r#"{"run_id":1,"job_id":2,"trigger":"PERIODIC","start_time":1791414074000,"queue_duration":2000,"end_time":1791414080500,
            "status":{"state":"TERMINATED","termination_details":{"code":"RUN_EXECUTION_ERROR","type":"CLIENT_ERROR","message":"secret cell"}},
            "tasks":[{"task_key":"load","run_id":3,"start_time":1791414076500,"end_time":1791414080000,
              "status":{"state":"TERMINATED","termination_details":{"code":"RUN_EXECUTION_ERROR","type":"CLIENT_ERROR"}}}]}"#;
        let view = view(body, false);
        assert_eq!((view.state, view.trigger, view.duration_ms), (RunState::Failed, "schedule", Some(4000)));
        assert_eq!(view.started_at.as_deref(), Some("2026-10-07T23:01:16.500Z"));
        let stages: Vec<_> = view.stages.iter().map(|s| (s.name.as_str(), s.state)).collect();
        assert_eq!(stages, [("queue", RunState::Succeeded), ("load", RunState::Failed)]);
        assert!(!format!("{view:?}").contains("secret cell"));
    }

    #[test]
    fn a_run_that_waits_has_not_begun() {
        let body = r#"{"run_id":1,"job_id":2,"start_time":1791414074000,"end_time":0,
            "status":{"state":"QUEUED","queue_details":{"code":"MAX_CONCURRENT_RUNS_REACHED"}},
            "tasks":[{"task_key":"load","start_time":1791414074000,"status":{"state":"QUEUED"}}]}"#;
        let view = view(body, false);
        assert_eq!(
            (view.started_at.is_none(), view.ended_at.is_none(), view.duration_ms),
            (true, true, None)
        );
        assert_eq!(view.message.as_deref(), Some("Waiting for another run of this job to end."));
    }

    #[test]
    fn every_state_reads_back() {
        for state in [RunState::Waiting, RunState::Cancelling, RunState::Skipped, RunState::Unknown] {
            assert_eq!(RunState::parse(state.as_str()), Some(state));
        }
        assert_eq!(RunState::parse("done"), None);
    }
}
