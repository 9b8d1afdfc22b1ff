//! Jobs, and the runs they have.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use super::job_settings::{self, Settings, text};
use super::runs::{Ending, Phase, Run, RunFilter, Start};
use crate::access::Principal;
use crate::failure::Failure;
use crate::ids::Numbers;

/// One job.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    id: i64,
    pub(crate) settings: Settings,
    creator: &'static str,
    run_as: String,
    created_ms: i64,
    runs: i64,
    /// How the next runs end, and how many of them; the control API sets it.
    planned: Option<(Ending, Option<u64>)>,
}

/// All jobs and runs.
#[derive(Debug)]
pub(crate) struct Jobs {
    jobs: BTreeMap<i64, Job>,
    /// Oldest first.
    runs: Vec<Run>,
    tokens: HashMap<String, i64>,
    numbers: Numbers,
    /// Whether a read of a run brings it on.
    pub(crate) advance_on_get: bool,
}

impl Default for Jobs {
    fn default() -> Self {
        Self {
            jobs: BTreeMap::new(),
            runs: Vec::new(),
            tokens: HashMap::new(),
            numbers: Numbers::default(),
            advance_on_get: true,
        }
    }
}

/// What `run-now` asks for.
#[derive(Debug, Default)]
pub(crate) struct RunNow {
    pub(crate) token: Option<String>,
    pub(crate) parameters: Settings,
    pub(crate) only: Vec<String>,
    /// Overrides the job's queueing.
    pub(crate) queue: Option<bool>,
}

impl Jobs {
    /// Creates a job. Names need not be unique, and there is no token against doing it twice.
    pub(crate) fn create(
        &mut self,
        mut settings: Settings,
        caller: &Principal,
        now_ms: i64,
    ) -> Result<i64, Failure> {
        let run_as = run_as(&mut settings, caller)?;
        let settings = job_settings::complete(settings)?;
        let id = self.numbers.job();
        let job =
            Job { id, settings, creator: caller.name, run_as, created_ms: now_ms, runs: 0, planned: None };
        self.jobs.insert(id, job);
        Ok(id)
    }

    /// The job.
    pub(crate) fn job(&self, id: i64) -> Result<&Job, Failure> {
        self.jobs.get(&id).ok_or_else(|| no_job(id))
    }

    fn writable(&mut self, id: i64, caller: &Principal) -> Result<&mut Job, Failure> {
        let job = self.jobs.get_mut(&id).ok_or_else(|| no_job(id))?;
        if job.creator == caller.name || caller.manages_spaces {
            return Ok(job);
        }
        Err(Failure::denied(format!("{} does not have Manage permissions on job {id}.", caller.name)))
    }

    /// Replaces all settings.
    pub(crate) fn reset(
        &mut self,
        id: i64,
        mut settings: Settings,
        caller: &Principal,
    ) -> Result<(), Failure> {
        let job = self.writable(id, caller)?;
        let run_as = run_as(&mut settings, caller)?;
        job.settings = job_settings::complete(settings)?;
        job.run_as = run_as;
        Ok(())
    }

    /// Changes some settings.
    pub(crate) fn update(
        &mut self,
        id: i64,
        mut new: Settings,
        remove: &[String],
        caller: &Principal,
    ) -> Result<(), Failure> {
        let job = self.writable(id, caller)?;
        let run_as = new.contains_key("run_as").then(|| run_as(&mut new, caller)).transpose()?;
        // On a copy: a refused change leaves the job as it was.
        let mut settings = job.settings.clone();
        job_settings::merge(&mut settings, new, remove)?;
        job.settings = settings;
        if let Some(run_as) = run_as {
            job.run_as = run_as;
        }
        Ok(())
    }

    /// Deletes a job; its runs stay, active ones are cancelled.
    pub(crate) fn delete(&mut self, id: i64, caller: &Principal, now_ms: i64) -> Result<(), Failure> {
        self.writable(id, caller)?;
        self.jobs.remove(&id);
        for run in self.runs.iter_mut().filter(|run| run.job_id == id) {
            run.cancel(now_ms);
        }
        Ok(())
    }

    /// Jobs, newest first.
    pub(crate) fn list(&self, name: Option<&str>, expand_tasks: bool) -> Vec<Value> {
        let fits = |job: &&Job| {
            name.is_none_or(|name| text(&job.settings, "name").to_lowercase() == name.to_lowercase())
        };
        self.jobs.values().rev().filter(fits).map(|job| job.describe(expand_tasks)).collect()
    }

    /// Who owns the job.
    pub(crate) fn owner(&self, id: i64) -> Result<&'static str, Failure> {
        Ok(self.job(id)?.creator)
    }

    /// Starts a run, or gives the one that the same token has started.
    pub(crate) fn run_now(
        &mut self,
        id: i64,
        order: &RunNow,
        trigger: &'static str,
        caller: &Principal,
        ending: Ending,
        now_ms: i64,
    ) -> Result<Value, Failure> {
        self.writable(id, caller)?;
        if let Some(run_id) = order.token.as_ref().and_then(|token| self.tokens.get(token)) {
            let run = self.runs.iter().find(|run| run.id == *run_id);
            let run =
                run.ok_or_else(|| Failure::invalid("The run of this idempotency token has been deleted."))?;
            return Ok(json!({ "run_id": run.id, "number_in_job": run.number }));
        }
        let job = self.writable(id, caller)?;
        let ending = match &mut job.planned {
            Some((planned, None)) => planned.clone(),
            Some((planned, Some(times))) if *times > 0 => {
                *times -= 1;
                planned.clone()
            }
            _ => ending,
        };
        job.runs += 1;
        let (number, settings) = (job.runs, job.settings.clone());
        let most = settings.get("max_concurrent_runs").and_then(Value::as_u64).unwrap_or(1);
        let queues = order.queue.unwrap_or_else(|| {
            settings
                .get("queue")
                .and_then(|queue| queue.get("enabled"))
                .and_then(Value::as_bool)
                .unwrap_or(false)
        });
        let phase = if self.active(id) < most {
            Phase::Pending
        } else if queues && most > 0 {
            Phase::Queued
        } else {
            Phase::Skipped
        };
        let start = Start {
            settings: &settings,
            trigger,
            creator: caller.name,
            parameters: &order.parameters,
            only: &order.only,
            ending,
            now_ms,
        };
        let run = Run::new(&mut self.numbers, id, number, phase, &start);
        let answer = json!({ "run_id": run.id, "number_in_job": number });
        if let Some(token) = &order.token {
            self.tokens.insert(token.clone(), run.id);
        }
        self.runs.push(run);
        Ok(answer)
    }

    fn active(&self, job_id: i64) -> u64 {
        let active = |run: &&Run| run.job_id == job_id && !run.phase.ended() && run.phase != Phase::Queued;
        self.runs.iter().filter(active).count() as u64
    }

    /// Lets queued runs begin where there is room.
    fn dequeue(&mut self, job_id: i64, now_ms: i64) {
        let job = self.jobs.get(&job_id);
        let most =
            job.and_then(|job| job.settings.get("max_concurrent_runs")).and_then(Value::as_u64).unwrap_or(1);
        while self.active(job_id) < most {
            let waiting = self.runs.iter_mut().find(|run| run.job_id == job_id && run.phase == Phase::Queued);
            let Some(run) = waiting else { return };
            run.enter(Phase::Pending, now_ms);
        }
    }

    fn run_mut(&mut self, id: i64) -> Result<&mut Run, Failure> {
        self.runs.iter_mut().find(|run| run.id == id).ok_or_else(|| no_run(id))
    }

    /// A run as it is; a task's run shows the run it belongs to.
    pub(crate) fn read(&mut self, id: i64, history: bool, now_ms: i64) -> Result<Value, Failure> {
        let advance = self.advance_on_get;
        let found = self.runs.iter_mut().find(|run| run.id == id || run.has_task(id));
        let run = found.ok_or_else(|| no_run(id))?;
        let answer = run.describe(true, history);
        let job_id = run.job_id;
        // The read shows what was; the next one shows the step that this one caused.
        if advance {
            run.step(now_ms);
            self.dequeue(job_id, now_ms);
        }
        Ok(answer)
    }

    /// Brings a run on: one step, or to `phase`.
    pub(crate) fn advance(
        &mut self,
        id: i64,
        ending: Option<Ending>,
        to_end: bool,
        now_ms: i64,
    ) -> Result<Value, Failure> {
        let run = self.run_mut(id)?;
        if let Some(ending) = ending {
            run.ending = ending;
        }
        if to_end && run.phase != Phase::Queued && !run.phase.ended() {
            let ending = run.ending.clone();
            run.enter(Phase::Terminated(ending), now_ms);
        } else if !to_end {
            run.step(now_ms);
        }
        let (job_id, answer) = (run.job_id, run.describe(true, false));
        self.dequeue(job_id, now_ms);
        Ok(answer)
    }

    /// Runs, newest first.
    pub(crate) fn runs(&self, filter: &RunFilter, expand_tasks: bool) -> Vec<Value> {
        let fitting = self.runs.iter().rev().filter(|run| run.fits(filter));
        fitting.map(|run| run.describe(expand_tasks, false)).collect()
    }

    /// The output of a task's run.
    pub(crate) fn output(&self, id: i64) -> Result<Value, Failure> {
        if self.runs.iter().any(|run| run.id == id) {
            return Err(Failure::invalid(
                "Retrieving the output of runs with multiple tasks is not supported. Please retrieve the output of each individual task run instead.",
            ));
        }
        self.runs.iter().find_map(|run| run.output(id)).ok_or_else(|| no_run(id))
    }

    /// Asks a run to end.
    pub(crate) fn cancel(&mut self, id: i64, now_ms: i64) -> Result<(), Failure> {
        let run = self.run_mut(id)?;
        run.cancel(now_ms);
        Ok(())
    }

    /// Asks all runs of a job to end.
    pub(crate) fn cancel_all(&mut self, job_id: i64, now_ms: i64) -> Result<(), Failure> {
        self.job(job_id)?;
        for run in self.runs.iter_mut().filter(|run| run.job_id == job_id) {
            run.cancel(now_ms);
        }
        Ok(())
    }

    /// Deletes a run that has ended.
    pub(crate) fn delete_run(&mut self, id: i64) -> Result<(), Failure> {
        if !self.run_mut(id)?.phase.ended() {
            return Err(Failure::invalid(format!("Run {id} is active and cannot be deleted.")));
        }
        self.runs.retain(|run| run.id != id);
        Ok(())
    }

    /// Runs failed tasks again.
    pub(crate) fn repair(
        &mut self,
        id: i64,
        only: &[String],
        latest: Option<i64>,
        ending: Ending,
        now_ms: i64,
    ) -> Result<i64, Failure> {
        let mut numbers = self.numbers.clone();
        let run = self.run_mut(id)?;
        let failed = matches!(&run.phase, Phase::Terminated(ending) if ending.result != super::runs::RunResult::Success);
        if !failed && (only.is_empty() || !run.phase.ended()) {
            return Err(Failure::invalid(format!("Run {id} cannot be repaired: it has not failed.")));
        }
        if run.latest_repair() != latest {
            return Err(Failure::invalid(
                "latest_repair_id must be the id of the latest repair of this run.",
            ));
        }
        let repair = run.repair(&mut numbers, only, ending, now_ms);
        self.numbers = numbers;
        Ok(repair)
    }

    /// Decides how the next runs of a job end.
    pub(crate) fn plan(&mut self, id: i64, ending: Ending, times: Option<u64>) -> Result<(), Failure> {
        let job = self.jobs.get_mut(&id).ok_or_else(|| no_job(id))?;
        job.planned = Some((ending, times));
        Ok(())
    }
}

impl Job {
    /// The job as `get` and `list` show it.
    pub(crate) fn describe(&self, with_tasks: bool) -> Value {
        let mut settings = self.settings.clone();
        if !with_tasks {
            settings.remove("tasks");
        }
        json!({
            "job_id": self.id, "settings": settings, "created_time": self.created_ms,
            "creator_user_name": self.creator, "run_as_user_name": self.run_as,
        })
    }

    /// Whether its schedule fires.
    pub(crate) fn scheduled(&self) -> bool {
        self.settings.get("schedule").and_then(|s| s.get("pause_status")).and_then(Value::as_str)
            == Some("UNPAUSED")
    }
}

/// Takes `run_as` out of the settings: it is written, and read under another name.
fn run_as(settings: &mut Settings, caller: &Principal) -> Result<String, Failure> {
    let Some(wish) = settings.remove("run_as") else { return Ok(caller.name.to_owned()) };
    let name = ["user_name", "service_principal_name"].iter().find_map(|field| wish.get(field)?.as_str());
    let name =
        name.ok_or_else(|| Failure::invalid("run_as must have user_name or service_principal_name."))?;
    if Principal::find(name).is_none() {
        return Err(Failure::invalid(format!("The principal {name} of run_as does not exist.")));
    }
    if name != caller.name && !caller.manages_spaces {
        return Err(Failure::denied(format!("{} may not set run_as to {name}.", caller.name)));
    }
    Ok(name.to_owned())
}

/// 400, as the service has it; its SDKs turn it into not-found for reads.
fn no_job(id: i64) -> Failure {
    Failure::invalid(format!("Job {id} does not exist."))
}

fn no_run(id: i64) -> Failure {
    Failure::invalid(format!("Run {id} does not exist."))
}
