//! The requests behind the steps of a deployment.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use databricks::jobs::{self, Job, JobPage, JobSettings};
use databricks::{Doubt, Failure, NumericId, files};
use deploy::{Action, Desired, Goal, Outcome};
use edge::config::Config;
use js_sys::{Date, Math, encode_uri_component};
use serde_json::json;
use worker::Delay;

use crate::call::Upstream;
use crate::state::State;
use crate::upstream::{self, Fault};

/// Pages of jobs with one name. There is one job in a page and one page, unless somebody plays with names.
const MAX_PAGES: usize = 5;
/// The longest wait that is worth it; beyond it the caller is told when to come back.
const MAX_WAIT_MS: u32 = 8_000;

/// Talks to the workspace for one deployment.
pub struct Workspace<'a> {
    pub state: &'a State,
    pub config: &'a Config,
    pub spent: &'a mut Upstream,
    /// When it has to have ended, in milliseconds since 1970.
    pub until: f64,
    /// Why the last step told nothing.
    pub fault: Option<Fault>,
    /// Who the job runs as, once that has been seen.
    pub run_as: Option<String>,
    troubles: u32,
}

impl<'a> Workspace<'a> {
    pub fn new(state: &'a State, config: &'a Config, spent: &'a mut Upstream, until: f64) -> Self {
        Self { state, config, spent, until, fault: None, run_as: None, troubles: 0 }
    }

    /// Does one step.
    ///
    /// # Errors
    /// A refusal that would be repeated: there is no point in going on.
    pub async fn perform(&mut self, action: &Action<'_>, goal: &Goal) -> Result<Outcome, Fault> {
        let done = match action {
            Action::PutFile => self.put_file(goal).await,
            Action::Look { known, names } => self.look(*known, names).await.map(Outcome::Jobs),
            Action::Create(settings) => self.create(settings).await,
            Action::Reset(id, settings) => {
                let body = json!({ "job_id": id, "new_settings": settings }).to_string();
                self.change(jobs::path::RESET, &body).await
            }
            Action::Delete(id) => self.change(jobs::path::DELETE, &json!({ "job_id": id }).to_string()).await,
            Action::DeleteFiles => match goal {
                Goal::Removed { folder } => {
                    let body = json!({ "path": folder, "recursive": true }).to_string();
                    self.change(files::DELETE, &body).await
                }
                _ => Ok(Outcome::Done),
            },
            Action::Done(_) | Action::Stop(_) => Ok(Outcome::Done),
        };
        match done {
            Ok(outcome) => {
                self.troubles = 0;
                Ok(outcome)
            }
            Err(fault) => {
                let outcome = match fault.doubt() {
                    Doubt::Refused => return Err(fault),
                    Doubt::NotDone => Outcome::NotDone,
                    Doubt::Unknown => Outcome::Unknown,
                };
                if !self.breathe(&fault).await {
                    return Err(fault);
                }
                self.fault = Some(fault);
                Ok(outcome)
            }
        }
    }

    /// Waits before the next step as long as the workspace asks for; false when that would take too long.
    async fn breathe(&mut self, fault: &Fault) -> bool {
        self.troubles += 1;
        let asked = match fault {
            Fault::Failed { retry_after, .. } => retry_after.map(|seconds| seconds.saturating_mul(1000)),
            _ => None,
        };
        let pace = (100u32 << self.troubles.min(5)) as f64 * (0.5 + Math::random() / 2.0);
        let wait = asked.unwrap_or(pace as u32);
        if wait > MAX_WAIT_MS || Date::now() + f64::from(wait) > self.until {
            return false;
        }
        Delay::from(Duration::from_millis(u64::from(wait))).await;
        true
    }

    fn left_ms(&self) -> u32 {
        (self.until - Date::now()).clamp(0.0, f64::from(u32::MAX)) as u32
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.config.upstream)
    }

    async fn post(&mut self, path: &str, body: &str) -> Result<Vec<u8>, Fault> {
        let (url, left) = (self.url(path), self.left_ms());
        if left == 0 {
            return Err(Fault::Slow);
        }
        upstream::send(self.state, self.config, &url, body, left, self.spent)
            .await
            .map(|good| good.bytes.to_vec())
    }

    async fn read(&mut self, path_and_query: &str) -> Result<Vec<u8>, Fault> {
        let url = self.url(path_and_query);
        if self.left_ms() == 0 {
            return Err(Fault::Slow);
        }
        upstream::get(self.state, self.config, &url, self.spent).await.map(|good| good.bytes.to_vec())
    }

    /// A change that says nothing but that it was done, or that its object is gone.
    async fn change(&mut self, path: &str, body: &str) -> Result<Outcome, Fault> {
        match self.post(path, body).await {
            Ok(_) => Ok(Outcome::Done),
            Err(fault) if is_gone(&fault) => Ok(Outcome::Gone),
            Err(fault) => Err(fault),
        }
    }

    async fn put_file(&mut self, goal: &Goal) -> Result<Outcome, Fault> {
        let Goal::Deployed(desired) = goal else { return Ok(Outcome::Done) };
        let Desired { folder, file_path, file_text, .. } = &**desired;
        self.post(files::MKDIRS, &json!({ "path": folder }).to_string()).await?;
        self.post(files::IMPORT, &files::import_body(file_path, &STANDARD.encode(file_text))).await?;
        // An import can end as a notebook, which a job would not find.
        let query = format!("{}?path={}", files::STATUS, String::from(encode_uri_component(file_path)));
        match files::is_file(&self.read(&query).await?) {
            Ok(true) => Ok(Outcome::Done),
            Ok(false) => Err(Fault::Failed {
                failure: Failure::Rejected,
                status: 200,
                retry_after: None,
                as_person: false,
                spoken: true,
            }),
            Err(_) => Err(Fault::Unreadable("status of a workspace file")),
        }
    }

    async fn look(&mut self, known: Option<&NumericId>, names: &[String]) -> Result<Vec<Job>, Fault> {
        let mut found = Vec::new();
        if let Some(id) = known {
            match self.read(&format!("{}?job_id={id}", jobs::path::GET)).await {
                Ok(bytes) => found.push(Job::parse(&bytes).map_err(|_| Fault::Unreadable("a job"))?),
                Err(fault) if is_gone(&fault) => {}
                Err(fault) => return Err(fault),
            }
        }
        for name in names {
            let name = String::from(encode_uri_component(name));
            let first = format!("{}?limit=100&expand_tasks=true&name={name}", jobs::path::LIST);
            let mut query = first.clone();
            for _ in 0..MAX_PAGES {
                let page = JobPage::parse(&self.read(&query).await?)
                    .map_err(|_| Fault::Unreadable("a list of jobs"))?;
                found.extend(page.jobs);
                let Some(token) = page.next_page_token else { break };
                query = format!("{first}&page_token={}", String::from(encode_uri_component(&token)));
            }
        }
        if let Some(job) = found.first() {
            self.run_as.clone_from(&job.run_as);
        }
        Ok(found)
    }

    async fn create(&mut self, settings: &JobSettings) -> Result<Outcome, Fault> {
        let body = serde_json::to_string(settings).unwrap_or_default();
        let bytes = self.post(jobs::path::CREATE, &body).await?;
        jobs::parse_created(&bytes).map(Outcome::Created).map_err(|_| Fault::Unreadable("the id of a job"))
    }

    /// The folder for files: the configured one, or one in the home of who deploys, where nobody else may write.
    pub async fn folder(&mut self) -> Result<String, Fault> {
        if let Some(folder) = &self.config.deploy.folder {
            return Ok(folder.clone());
        }
        #[derive(serde::Deserialize)]
        struct Me {
            #[serde(rename = "userName")]
            name: String,
        }
        let bytes = self.read("/api/2.0/preview/scim/v2/Me").await?;
        let me: Me = serde_json::from_slice(&bytes).map_err(|_| Fault::Unreadable("the current user"))?;
        if me.name.is_empty() || me.name.contains(['/', '\\']) || me.name.chars().any(char::is_control) {
            return Err(Fault::Unreadable("the current user's name"));
        }
        Ok(format!("/Workspace/Users/{}/genie-handoff", me.name))
    }
}

/// Whether a job, run or file is not there.
pub fn is_gone(fault: &Fault) -> bool {
    matches!(fault, Fault::Failed { failure: Failure::NotFound, spoken: true, .. })
}
