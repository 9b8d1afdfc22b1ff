//! What a deployed version looks like in the workspace: the text and place of its file, the settings of its job.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use databricks::jobs::{
    CronSchedule, EmailNotifications, JobSettings, NotificationSettings, PauseStatus, Queue, RunAs, SqlFile,
    SqlFileTask, SqlTask,
};
use plan::{Plan, ScheduleKind};
use sql::{RenderOptions, Statement};

use crate::error::DeployError;

/// The tag that marks a job as ours.
pub const TAG_MANAGED: &str = "managed_by";
/// The tag with the plan's id.
pub const TAG_PLAN: &str = "plan_id";
/// The tag with the plan's version.
pub const TAG_VERSION: &str = "plan_version";
/// The tag with the plan's hash.
pub const TAG_HASH: &str = "plan_hash";
/// What [`TAG_MANAGED`] says.
const MANAGED: &str = "genie-handoff";
/// Digits of the hash in a file's name.
const SHORT_HASH: usize = 12;

/// Where a plan came from. Ids only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provenance {
    /// The handoff it was made from.
    pub handoff_id: Option<String>,
    /// The Genie conversation.
    pub genie_session: Option<String>,
    /// The Genie space.
    pub space_id: Option<String>,
}

/// What is to be deployed, beside the plan itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployable<'a> {
    /// The id under which the registry keeps the plan.
    pub plan_id: &'a str,
    /// The version in the registry.
    pub version: &'a str,
    /// The hash of that version.
    pub plan_hash: &'a str,
    /// The plan.
    pub plan: &'a Plan,
    /// Where it came from.
    pub provenance: Provenance,
    /// The folder for files, absolute, without a slash at the end.
    pub folder: &'a str,
    /// Who the job runs as; whoever deploys, if absent.
    pub run_as: Option<&'a str>,
    /// The warehouse for plans that name none.
    pub default_warehouse: Option<&'a str>,
    /// Whether the schedule waits, whatever the plan says.
    pub paused: bool,
}

/// What a deployed version looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desired {
    /// The folder of the plan's files.
    pub folder: String,
    /// The path of this version's file.
    pub file_path: String,
    /// The file's text.
    pub file_text: String,
    /// The job's settings, with the schedule as it shall be in the end.
    pub settings: JobSettings,
}

/// The version and the short hash that a file's path names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionOfPath<'a> {
    /// The plan's version.
    pub version: &'a str,
    /// The first digits of its hash.
    pub hash: &'a str,
}

impl Desired {
    /// Works out the file and the job of a version. A pure function: equal input gives equal bytes.
    ///
    /// # Errors
    /// A plan that names no warehouse when there is no default, and SQL that cannot be written.
    pub fn new(what: &Deployable<'_>) -> Result<Self, DeployError> {
        let plan = what.plan;
        let warehouse = plan.execution.warehouse_id.as_deref().or(what.default_warehouse);
        let warehouse = warehouse.ok_or(DeployError::Missing("/execution_config/warehouse_id"))?;
        let name = plan.metadata.plan_name.as_deref().unwrap_or("plan");
        let folder = format!("{}/{}", what.folder, what.plan_id);
        let short: String = hex(what.plan_hash).take(SHORT_HASH).collect();
        let file_path = format!("{folder}/{name}-{}-{short}.sql", what.version);
        Ok(Self {
            file_text: file_text(what, name)?,
            settings: JobSettings {
                name: job_name(name, what.plan_id),
                description: description(what),
                tags: tags(what),
                tasks: vec![SqlFileTask {
                    task_key: "load".to_owned(),
                    sql_task: SqlTask {
                        warehouse_id: warehouse.to_owned(),
                        file: SqlFile { path: file_path.clone(), source: "WORKSPACE".to_owned() },
                    },
                    timeout_seconds: plan.execution.timeout_seconds,
                    max_retries: plan.execution.max_retries,
                    min_retry_interval_millis: plan.execution.retry_delay_seconds.saturating_mul(1000),
                    // An attempt that ran out of time would only run out of it again.
                    retry_on_timeout: false,
                }],
                schedule: schedule(plan, what.paused),
                max_concurrent_runs: 1,
                queue: Queue { enabled: true },
                run_as: what.run_as.map(RunAs::of),
                email_notifications: EmailNotifications {
                    on_failure: plan.metadata.owner.iter().filter(|owner| is_mail(owner)).cloned().collect(),
                },
                notification_settings: NotificationSettings {
                    no_alert_for_skipped_runs: true,
                    no_alert_for_canceled_runs: true,
                },
            },
            folder,
            file_path,
        })
    }

    /// The settings with which a job comes into being: the same, but its schedule waits.
    #[must_use]
    pub fn at_first(&self) -> JobSettings {
        let mut settings = self.settings.clone();
        if let Some(schedule) = &mut settings.schedule {
            schedule.pause_status = PauseStatus::Paused;
        }
        settings
    }

    /// The version that a path of ours names; `None` for every other path.
    #[must_use]
    pub fn version_of_path(path: &str) -> Option<VersionOfPath<'_>> {
        let (_, name) = path.rsplit_once('/')?;
        // A plan's name has no dash; a version may have one.
        let (_, rest) = name.strip_suffix(".sql")?.split_once('-')?;
        let (version, hash) = rest.rsplit_once('-')?;
        Some(VersionOfPath { version, hash })
    }
}

/// The name of a plan's job. The plan's id is in it, because the service finds jobs by name and by nothing else.
fn job_name(plan_name: &str, plan_id: &str) -> String {
    format!("{plan_name} [genie-handoff {plan_id}]")
}

fn description(what: &Deployable<'_>) -> String {
    let target = &what.plan.target.table;
    let mut text = format!(
        "Loads {target} by plan {} version {}. Made by genie-handoff; changes by hand are undone by the next deployment.",
        what.plan_id, what.version
    );
    if let Some(says) = what.plan.metadata.description.as_deref().filter(|text| !text.trim().is_empty()) {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n\n{says}");
    }
    text
}

fn tags(what: &Deployable<'_>) -> BTreeMap<String, String> {
    let mut tags = BTreeMap::from([
        (TAG_MANAGED.to_owned(), MANAGED.to_owned()),
        (TAG_PLAN.to_owned(), what.plan_id.to_owned()),
        (TAG_VERSION.to_owned(), what.version.to_owned()),
        (TAG_HASH.to_owned(), what.plan_hash.to_owned()),
    ]);
    let from = &what.provenance;
    for (name, value) in [
        ("handoff_id", &from.handoff_id),
        ("genie_session_id", &from.genie_session),
        ("genie_space_id", &from.space_id),
    ] {
        if let Some(value) = value {
            tags.insert(name.to_owned(), value.clone());
        }
    }
    tags
}

fn schedule(plan: &Plan, paused: bool) -> Option<CronSchedule> {
    let schedule = plan.schedule.as_ref().filter(|schedule| schedule.kind == ScheduleKind::Cron)?;
    let (expression, _) = schedule.cron.as_ref()?;
    Some(CronSchedule {
        quartz_cron_expression: expression.clone(),
        timezone_id: schedule.timezone.clone(),
        pause_status: if paused || !schedule.enabled { PauseStatus::Paused } else { PauseStatus::Unpaused },
    })
}

/// The file: a header, then one statement after the other, each ended by a semicolon. What the plan wants to be checked
/// before a load stands before it, so that a run stops there.
fn file_text(what: &Deployable<'_>, name: &str) -> Result<String, DeployError> {
    let options =
        RenderOptions { genie_session: what.provenance.genie_session.clone(), ..RenderOptions::default() };
    let rendered = sql::render(what.plan, &options)?;
    let mut text = String::new();
    // The first line must never be a notebook's, or the file would become one.
    let mut line = |key: &str, value: &str| {
        let _ = writeln!(text, "-- {key}{}", one_line(value));
    };
    line("genie-handoff deployment of ", name);
    line("plan id: ", what.plan_id);
    line("plan version: ", what.version);
    line("plan hash: ", what.plan_hash);
    if let Some(handoff) = &what.provenance.handoff_id {
        line("handoff: ", handoff);
    }
    line("Changes in this file are lost: change the plan and deploy it again.", "");
    let load = Statement { name: "load", purpose: "", sql: rendered.statements.load };
    let statements = rendered.statements.setup.iter().chain(&rendered.statements.checks);
    for statement in statements.chain([&load]).chain(&rendered.statements.after) {
        text.push('\n');
        if !statement.purpose.is_empty() {
            let _ = writeln!(text, "-- {}: {}", statement.name, statement.purpose);
        }
        let _ = writeln!(text, "{};", statement.sql.trim_end());
    }
    Ok(text)
}

/// The text without what could end a comment.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .collect()
}

/// The digits of a hash, whatever names its kind before them.
fn hex(hash: &str) -> impl Iterator<Item = char> + '_ {
    let digits = hash.rsplit_once(':').map_or(hash, |(_, digits)| digits);
    digits.chars().filter(char::is_ascii_alphanumeric)
}

/// Whether mail can be sent to an owner. The service checks the address; this keeps team names out.
fn is_mail(text: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    text.len() <= 254
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && local.chars().all(good)
                && domain.contains('.')
                && !domain.starts_with('.')
                && !domain.ends_with('.')
                && domain.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
        })
}
