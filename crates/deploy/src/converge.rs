//! What to do next, until the workspace is as it should be.

use databricks::NumericId;
use databricks::jobs::{Job, JobSettings, same_settings};

use crate::desired::{Desired, TAG_PLAN};

/// More steps than any honest course of events needs. A workspace that is never as it should be must not keep us.
const MAX_STEPS: u32 = 24;
/// Answers in a row that told nothing.
const MAX_UNKNOWN: u32 = 4;

/// Where it shall end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// Exactly one job with these settings, and its file.
    Deployed(Box<Desired>),
    /// The same, but the file stays as it is.
    Settings(Box<Desired>),
    /// No job, and no file.
    Removed {
        /// The plan's folder.
        folder: String,
    },
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action<'a> {
    /// Make the folder and put the file there. Can be repeated.
    PutFile,
    /// Read the job with the known id, and all jobs with one of the names. Can be repeated.
    Look {
        /// The job of the last deployment.
        known: Option<&'a NumericId>,
        /// Every name that the plan's job may have.
        names: &'a [String],
    },
    /// Create the job, paused. Never repeated without a look.
    Create(JobSettings),
    /// Replace the settings. Can be repeated.
    Reset(NumericId, JobSettings),
    /// Delete a job. Can be repeated: a second time it is gone.
    Delete(NumericId),
    /// Delete the plan's folder with its files. Can be repeated.
    DeleteFiles,
    /// Nothing: it is as it should be.
    Done(Looked),
    /// Nothing more: it cannot be brought about now.
    Stop(Stuck),
}

/// What there is in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// The job; none after a removal.
    pub job_id: Option<NumericId>,
    /// Whether this course of events has created it.
    pub created: bool,
    /// Jobs of this plan that were too many and are gone.
    pub removed: u32,
}

/// Why it cannot be brought about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stuck {
    /// The workspace did not tell what happened, several times in a row.
    NoAnswer,
    /// Too many steps: somebody else keeps changing the job.
    Unstable,
}

/// What came of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// The jobs that were found, by id and by name. One that is found twice counts once.
    Jobs(Vec<Job>),
    /// The new job's id.
    Created(NumericId),
    /// The job or file was not there (any more).
    Gone,
    /// It was certainly not done, and can be tried again.
    NotDone,
    /// It may or may not have been done.
    Unknown,
}

/// The course of one deployment. It may begin anywhere: whatever an earlier course left behind is found by looking.
#[derive(Debug)]
pub struct Converge {
    plan_id: String,
    goal: Goal,
    known: Option<NumericId>,
    names: Vec<String>,
    file_done: bool,
    jobs: Option<Vec<Job>>,
    created: bool,
    removed: u32,
    settled: bool,
    steps: u32,
    unknown: u32,
}

impl Converge {
    /// Begins. `known` is the job of the last deployment, `names` are the names that earlier deployments have used.
    #[must_use]
    pub fn new(plan_id: &str, goal: Goal, known: Option<NumericId>, names: Vec<String>) -> Self {
        let file_done = matches!(goal, Goal::Settings(_));
        let mut all = names;
        if let Goal::Deployed(desired) | Goal::Settings(desired) = &goal
            && !all.contains(&desired.settings.name)
        {
            all.push(desired.settings.name.clone());
        }
        Self {
            plan_id: plan_id.to_owned(),
            goal,
            known,
            names: all,
            file_done,
            jobs: None,
            created: false,
            removed: 0,
            settled: false,
            steps: 0,
            unknown: 0,
        }
    }

    /// What to do next. Report what came of it with [`Converge::outcome`].
    #[must_use]
    pub fn next(&self) -> Action<'_> {
        if self.unknown >= MAX_UNKNOWN {
            return Action::Stop(Stuck::NoAnswer);
        }
        if self.steps >= MAX_STEPS {
            return Action::Stop(Stuck::Unstable);
        }
        match &self.goal {
            Goal::Deployed(desired) | Goal::Settings(desired) => self.next_of_deploy(desired),
            Goal::Removed { .. } => self.next_of_removal(),
        }
    }

    fn look(&self) -> Action<'_> {
        Action::Look { known: self.known.as_ref(), names: &self.names }
    }

    fn next_of_deploy(&self, desired: &Desired) -> Action<'_> {
        if !self.file_done {
            return Action::PutFile;
        }
        let Some(jobs) = &self.jobs else { return self.look() };
        let Some(keep) = self.keeper(jobs) else { return Action::Create(desired.at_first()) };
        if let Some(extra) = jobs.iter().find(|job| job.job_id != keep.job_id) {
            return Action::Delete(extra.job_id.clone());
        }
        if self.settled || same_settings(&desired.settings, keep) {
            return Action::Done(Looked {
                job_id: Some(keep.job_id.clone()),
                created: self.created,
                removed: self.removed,
            });
        }
        Action::Reset(keep.job_id.clone(), desired.settings.clone())
    }

    fn next_of_removal(&self) -> Action<'_> {
        let Some(jobs) = &self.jobs else { return self.look() };
        if let Some(job) = jobs.first() {
            return Action::Delete(job.job_id.clone());
        }
        if !self.file_done {
            return Action::DeleteFiles;
        }
        Action::Done(Looked { job_id: None, created: false, removed: self.removed })
    }

    /// The job that stays: the known one, else the oldest.
    fn keeper<'a>(&self, jobs: &'a [Job]) -> Option<&'a Job> {
        let known = jobs.iter().find(|job| Some(&job.job_id) == self.known.as_ref());
        known.or_else(|| jobs.iter().min_by_key(|job| job.job_id.number()))
    }

    /// Takes what came of the action that [`Converge::next`] has named last.
    pub fn outcome(&mut self, outcome: Outcome) {
        enum Kind {
            File,
            Look,
            Create,
            Reset,
            Delete(NumericId),
            End,
        }
        let kind = match self.next() {
            Action::PutFile | Action::DeleteFiles => Kind::File,
            Action::Look { .. } => Kind::Look,
            Action::Create(_) => Kind::Create,
            Action::Reset(..) => Kind::Reset,
            Action::Delete(id) => Kind::Delete(id),
            Action::Done(_) | Action::Stop(_) => Kind::End,
        };
        self.steps += 1;
        self.unknown =
            if matches!(outcome, Outcome::NotDone | Outcome::Unknown) { self.unknown + 1 } else { 0 };
        match (kind, outcome) {
            (Kind::File, Outcome::Done | Outcome::Gone) => self.file_done = true,
            (Kind::Look, Outcome::Jobs(jobs)) => self.jobs = Some(self.ours(jobs)),
            // Looking again shows whether somebody else has created one as well, or an earlier request of ours that
            // was given up has arrived after all.
            (Kind::Create, Outcome::Created(id)) => {
                self.created = true;
                self.known = Some(id);
                self.jobs = None;
            }
            (Kind::Reset, Outcome::Done) => self.settled = true,
            (Kind::Delete(id), Outcome::Done | Outcome::Gone) => {
                self.removed += 1;
                if let Some(jobs) = &mut self.jobs {
                    jobs.retain(|job| job.job_id != id);
                }
                if Some(&id) == self.known.as_ref() {
                    self.known = None;
                }
            }
            // Whatever was known may be wrong now.
            (Kind::Create | Kind::Reset | Kind::Delete(_), Outcome::Unknown | Outcome::Gone) => {
                self.jobs = None
            }
            _ => {}
        }
    }

    /// Jobs of this plan, each once. A job with the known id counts even if somebody has taken its tags away, but never
    /// if it says that it belongs to another plan.
    fn ours(&self, jobs: Vec<Job>) -> Vec<Job> {
        let mut all: Vec<Job> = Vec::with_capacity(jobs.len());
        for job in jobs {
            let ours = match job.tag(TAG_PLAN) {
                Some(plan) => plan == self.plan_id,
                None => Some(&job.job_id) == self.known.as_ref(),
            };
            if ours && !all.iter().any(|known| known.job_id == job.job_id) {
                all.push(job);
            }
        }
        all
    }

    /// The goal.
    #[must_use]
    pub fn goal(&self) -> &Goal {
        &self.goal
    }
}
