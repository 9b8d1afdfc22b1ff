//! A workspace that loses replies, is late, or is changed by somebody else in between: in the end there is one job,
//! and it is the right one.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use databricks::NumericId;
use databricks::jobs::{Job, JobSettings, PauseStatus, same_settings};
use deploy::{Action, Converge, Deployable, Desired, Goal, Outcome, Provenance, Stuck};
use proptest::prelude::*;
use serde_json::{Value, json};

const PLAN_ID: &str = "6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10";

fn document() -> Value {
    json!({
        "schema_version": "1.0",
        "plan_metadata": { "plan_id": PLAN_ID, "plan_name": "customers", "owner": "ada@example.com",
            "created_at": "2026-01-16T08:00:00Z", "version": "1.0.0" },
        "pattern": { "type": "MERGE_UPSERT" },
        "source": { "catalog": "main", "schema": "raw", "table": "customers", "columns": ["id", "name"] },
        "target": { "catalog": "main", "schema": "mart", "table": "customers", "write_mode": "merge" },
        "pattern_config": { "merge_keys": ["id"] },
        "execution_config": { "warehouse_id": "0123456789abcdef", "timeout_seconds": 600, "max_retries": 2 },
        "schedule": { "type": "cron", "cron_expression": "0 15 6 * * ?", "timezone": "UTC", "enabled": true },
        "validation_rules": { "check_source_not_empty": true }
    })
}

fn desired_of(document: &Value, version: &str, paused: bool) -> Desired {
    let plan = sql::validate(document).plan.unwrap();
    Desired::new(&Deployable {
        plan_id: PLAN_ID,
        version,
        plan_hash: plan.hash.as_str(),
        plan: &plan,
        provenance: Provenance {
            handoff_id: Some("k3j5h2g8f7d6s5a4q1w2".to_owned()),
            genie_session: Some("01f0eca4a1c81d3f9e7b2c6d5f8091aa".to_owned()),
            space_id: None,
        },
        folder: "/Workspace/Shared/genie-handoff",
        run_as: None,
        default_warehouse: None,
        paused,
    })
    .unwrap()
}

fn desired() -> Desired {
    desired_of(&document(), "1.0.0", false)
}

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    Fine,
    /// Refused before any work.
    NotDone,
    /// Lost on the way there.
    LostBefore,
    /// Done, and the reply was lost.
    LostAfter,
    /// Given up by us; it arrives after the next request.
    Late,
}

#[derive(Debug, Default)]
struct Workspace {
    jobs: Vec<(i64, JobSettings)>,
    file: bool,
    last: i64,
    late: Vec<JobSettings>,
    fired_wrongly: bool,
}

impl Workspace {
    fn create(&mut self, settings: JobSettings) -> NumericId {
        self.last += 2;
        self.fired_wrongly |=
            settings.schedule.as_ref().is_some_and(|s| s.pause_status == PauseStatus::Unpaused);
        self.jobs.push((self.last, settings));
        id(self.last)
    }

    fn perform(&mut self, action: &Action<'_>, fate: Fate) -> Outcome {
        let late = std::mem::take(&mut self.late);
        if fate == Fate::Late
            && let Action::Create(settings) = action
        {
            self.late.push(settings.clone());
        }
        let works = matches!(fate, Fate::Fine | Fate::LostAfter);
        let outcome = if works { self.work(action) } else { Outcome::Unknown };
        for settings in late {
            self.create(settings);
        }
        match fate {
            Fate::Fine => outcome,
            Fate::NotDone => Outcome::NotDone,
            Fate::LostBefore | Fate::LostAfter | Fate::Late => Outcome::Unknown,
        }
    }

    fn work(&mut self, action: &Action<'_>) -> Outcome {
        match action {
            Action::PutFile => {
                self.file = true;
                Outcome::Done
            }
            Action::Look { known, names } => {
                let hits = |(number, settings): &&(i64, JobSettings)| {
                    known.is_some_and(|known| known.number() == *number) || names.contains(&settings.name)
                };
                Outcome::Jobs(
                    self.jobs
                        .iter()
                        .filter(hits)
                        .map(|(number, settings)| shown(*number, settings))
                        .collect(),
                )
            }
            Action::Create(settings) => Outcome::Created(self.create(settings.clone())),
            Action::Reset(job, settings) => {
                match self.jobs.iter_mut().find(|(number, _)| *number == job.number()) {
                    Some(found) => {
                        found.1 = settings.clone();
                        Outcome::Done
                    }
                    None => Outcome::Gone,
                }
            }
            Action::Delete(job) => {
                let before = self.jobs.len();
                self.jobs.retain(|(number, _)| *number != job.number());
                if self.jobs.len() < before { Outcome::Done } else { Outcome::Gone }
            }
            Action::DeleteFiles => {
                self.file = false;
                Outcome::Done
            }
            Action::Done(_) | Action::Stop(_) => panic!("nothing to perform"),
        }
    }
}

fn id(number: i64) -> NumericId {
    NumericId::parse(&number.to_string()).unwrap()
}

fn shown(number: i64, settings: &JobSettings) -> Job {
    let body = json!({ "job_id": number, "settings": settings, "created_time": number });
    Job::parse(body.to_string().as_bytes()).unwrap()
}

/// Lets a course of events run to its end; `fates` are those of its first requests, the others are fine.
fn run(
    workspace: &mut Workspace,
    course: &mut Converge,
    fates: &mut impl Iterator<Item = Fate>,
) -> Result<deploy::Looked, Stuck> {
    for _ in 0..100 {
        let action = course.next();
        match action {
            Action::Done(looked) => return Ok(looked),
            Action::Stop(stuck) => return Err(stuck),
            action => {
                let outcome = workspace.perform(&action, fates.next().unwrap_or(Fate::Fine));
                course.outcome(outcome);
            }
        }
    }
    panic!("no end");
}

fn assert_right(workspace: &Workspace, desired: &Desired) {
    assert!(workspace.file);
    let live: Vec<_> = workspace
        .jobs
        .iter()
        .filter(|(_, s)| s.schedule.as_ref().is_none_or(|s| s.pause_status == PauseStatus::Unpaused))
        .collect();
    assert_eq!(live.len(), 1, "{workspace:?}");
    assert!(same_settings(&desired.settings, &shown(live[0].0, &live[0].1)));
    assert!(!workspace.fired_wrongly, "a job was made with a schedule that fires");
}

fn deploy_to(workspace: &mut Workspace, fates: &[Fate]) -> Result<deploy::Looked, Stuck> {
    let mut course = Converge::new(PLAN_ID, Goal::Deployed(Box::new(desired())), None, Vec::new());
    run(workspace, &mut course, &mut fates.iter().copied())
}

const FATES: [Fate; 5] = [Fate::Fine, Fate::NotDone, Fate::LostBefore, Fate::LostAfter, Fate::Late];

#[test]
fn every_course_of_five_requests_ends_with_one_job() {
    let mut courses = 0;
    for number in 0..FATES.len().pow(5) {
        let mut rest = number;
        let fates: Vec<Fate> = (0..5)
            .map(|_| {
                let fate = FATES[rest % FATES.len()];
                rest /= FATES.len();
                fate
            })
            .collect();
        let mut workspace = Workspace::default();
        let ended = deploy_to(&mut workspace, &fates);
        if ended.is_ok() {
            courses += 1;
            assert_right(&workspace, &desired());
        } else {
            // It gave up; whoever tries again gets it right.
            deploy_to(&mut workspace, &[]).unwrap();
            assert_right(&workspace, &desired());
        }
        // What came late is paused and goes with the next deployment.
        deploy_to(&mut workspace, &[]).unwrap();
        assert_eq!(workspace.jobs.len(), 1, "{fates:?}");
    }
    assert!(courses > 1_000, "{courses}");
}

#[test]
fn doing_it_again_changes_nothing() {
    let mut workspace = Workspace::default();
    let first = deploy_to(&mut workspace, &[]).unwrap();
    assert!(first.created);
    let before = workspace.jobs.clone();
    let second = deploy_to(&mut workspace, &[]).unwrap();
    assert_eq!((second.created, second.job_id, second.removed), (false, first.job_id, 0));
    assert_eq!(workspace.jobs, before);
}

#[test]
fn a_rename_keeps_the_job() {
    let mut workspace = Workspace::default();
    let first = deploy_to(&mut workspace, &[]).unwrap();
    let mut document = document();
    document["plan_metadata"]["plan_name"] = json!("clients");
    let renamed = desired_of(&document, "1.0.1", false);
    let names = vec![desired().settings.name];
    // Neither the known id nor the known name is needed for it, but one of them is.
    for (known, names) in [(first.job_id.clone(), Vec::new()), (None, names)] {
        let mut course = Converge::new(PLAN_ID, Goal::Deployed(Box::new(renamed.clone())), known, names);
        let looked = run(&mut workspace, &mut course, &mut std::iter::empty()).unwrap();
        assert_eq!((looked.job_id, looked.created), (first.job_id.clone(), false));
        assert_right(&workspace, &renamed);
    }
}

#[test]
fn a_job_of_another_plan_is_left_alone() {
    let mut workspace = Workspace::default();
    let mut foreign = desired().settings;
    foreign.tags.insert("plan_id".to_owned(), "another".to_owned());
    let foreign_id = workspace.create(foreign.clone());
    workspace.fired_wrongly = false;
    let mut course =
        Converge::new(PLAN_ID, Goal::Deployed(Box::new(desired())), Some(foreign_id.clone()), Vec::new());
    let looked = run(&mut workspace, &mut course, &mut std::iter::empty()).unwrap();
    assert_ne!(looked.job_id, Some(foreign_id.clone()));
    assert!(workspace.jobs.contains(&(foreign_id.number(), foreign)));
}

#[test]
fn somebodys_changes_are_undone() {
    let mut workspace = Workspace::default();
    deploy_to(&mut workspace, &[]).unwrap();
    workspace.jobs[0].1.max_concurrent_runs = 5;
    deploy_to(&mut workspace, &[]).unwrap();
    assert_right(&workspace, &desired());
    // Deleted by hand: it comes back under another id.
    workspace.jobs.clear();
    let mut course = Converge::new(PLAN_ID, Goal::Deployed(Box::new(desired())), Some(id(2)), Vec::new());
    let looked = run(&mut workspace, &mut course, &mut std::iter::empty()).unwrap();
    assert!(looked.created);
    assert_right(&workspace, &desired());
}

#[test]
fn removal_leaves_nothing() {
    for fates in
        [vec![], vec![Fate::LostAfter, Fate::LostAfter], vec![Fate::Fine, Fate::LostBefore, Fate::NotDone]]
    {
        let mut workspace = Workspace::default();
        let first = deploy_to(&mut workspace, &[]).unwrap();
        workspace.create(desired().at_first());
        let goal = Goal::Removed { folder: desired().folder };
        let mut course = Converge::new(PLAN_ID, goal, first.job_id, vec![desired().settings.name]);
        let looked = run(&mut workspace, &mut course, &mut fates.into_iter()).unwrap();
        assert_eq!((looked.job_id, workspace.jobs.len(), workspace.file), (None, 0, false));
    }
}

#[test]
fn an_upset_workspace_ends_it() {
    let mut workspace = Workspace::default();
    assert_eq!(deploy_to(&mut workspace, &[Fate::LostBefore; 50]), Err(Stuck::NoAnswer));
    assert_eq!(deploy_to(&mut workspace, &[Fate::NotDone; 50]), Err(Stuck::NoAnswer));
    // Lost on every second request: it gets on, but a create that never comes back is not repeated for ever.
    let mut every_second = std::iter::repeat([Fate::Fine, Fate::Late]).flatten().take(200);
    let mut course = Converge::new(PLAN_ID, Goal::Deployed(Box::new(desired())), None, Vec::new());
    let ended = run(&mut workspace, &mut course, &mut every_second);
    assert!(matches!(ended, Ok(_) | Err(Stuck::Unstable)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Any number of deployments and any trouble, one after the other: the last one that ends well is what is there.
    #[test]
    fn the_last_deployment_counts(
        tries in prop::collection::vec((0..3usize, prop::collection::vec(0..FATES.len(), 0..10)), 1..6)
    ) {
        let mut workspace = Workspace::default();
        let (mut known, mut last) = (None, None);
        for (version, fates) in tries {
            let mut document = document();
            document["execution_config"]["max_retries"] = json!(version);
            let desired = desired_of(&document, &format!("1.0.{version}"), false);
            let mut course = Converge::new(PLAN_ID, Goal::Deployed(Box::new(desired.clone())), known.clone(), Vec::new());
            let mut fates = fates.into_iter().map(|fate| FATES[fate]);
            match run(&mut workspace, &mut course, &mut fates) {
                Ok(looked) => {
                    known = looked.job_id;
                    last = Some(desired);
                }
                Err(_) => last = None,
            }
        }
        if let Some(desired) = last {
            assert_right(&workspace, &desired);
        }
    }
}

#[test]
fn the_file_checks_before_it_loads() {
    let desired = desired();
    let text = &desired.file_text;
    let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what} in {text}"));
    assert!(text.starts_with("-- genie-handoff deployment of customers\n"));
    assert!(at("CREATE TABLE IF NOT EXISTS") < at("raise_error('the source has no rows')"));
    assert!(at("raise_error('the source has no rows')") < at("MERGE INTO `main`.`mart`.`customers`"));
    assert!(text.contains("-- plan version: 1.0.0\n") && text.contains("-- handoff: k3j5h2g8f7d6s5a4q1w2\n"));
    assert!(text.ends_with(";\n"));
    assert_eq!(desired_of(&document(), "1.0.0", false), desired, "equal input gives equal bytes");
}

#[test]
fn the_job_is_as_the_plan_says() {
    let desired = desired();
    let settings = &desired.settings;
    let plan = sql::validate(&document()).plan.unwrap();
    let hash = plan.hash.as_str();
    assert_eq!(settings.name, format!("customers [genie-handoff {PLAN_ID}]"));
    for (tag, value) in [
        ("plan_id", PLAN_ID),
        ("plan_version", "1.0.0"),
        ("plan_hash", hash),
        ("genie_session_id", "01f0eca4a1c81d3f9e7b2c6d5f8091aa"),
        ("handoff_id", "k3j5h2g8f7d6s5a4q1w2"),
        ("managed_by", "genie-handoff"),
    ] {
        assert_eq!(settings.tags.get(tag).map(String::as_str), Some(value), "{tag}");
    }
    let schedule = settings.schedule.as_ref().unwrap();
    assert_eq!(
        (schedule.quartz_cron_expression.as_str(), schedule.pause_status),
        ("0 15 6 * * ?", PauseStatus::Unpaused)
    );
    let task = &settings.tasks[0];
    assert_eq!((task.timeout_seconds, task.max_retries, task.min_retry_interval_millis), (600, 2, 60_000));
    assert_eq!((settings.max_concurrent_runs, settings.queue.enabled), (1, true));
    assert_eq!(settings.email_notifications.on_failure, ["ada@example.com"]);
    let path = &task.sql_task.file.path;
    assert!(
        path.starts_with(&format!("/Workspace/Shared/genie-handoff/{PLAN_ID}/customers-1.0.0-")),
        "{path}"
    );
    let named = Desired::version_of_path(path).unwrap();
    assert_eq!(named.version, "1.0.0");
    assert!(hash.ends_with(named.hash) || hash.contains(named.hash), "{hash} {}", named.hash);
    assert_eq!(Desired::version_of_path("/Workspace/Shared/x.sql"), None);
    assert_eq!(desired.at_first().schedule.unwrap().pause_status, PauseStatus::Paused);
    let paused = desired_of(&document(), "1.0.0", true);
    assert_eq!(paused.settings.schedule.unwrap().pause_status, PauseStatus::Paused);
}

#[test]
fn without_a_schedule_or_a_warehouse() {
    let mut manual = document();
    manual["schedule"] = json!({ "type": "manual" });
    manual["plan_metadata"]["owner"] = json!("data team");
    let settings = desired_of(&manual, "1.0.0", false).settings;
    assert_eq!((settings.schedule, settings.email_notifications.on_failure.len()), (None, 0));
    let mut open = document();
    open["execution_config"].as_object_mut().unwrap().remove("warehouse_id");
    let plan = sql::validate(&open).plan.unwrap();
    let mut what = Deployable {
        plan_id: PLAN_ID,
        version: "1.0.0",
        plan_hash: plan.hash.as_str(),
        plan: &plan,
        provenance: Provenance::default(),
        folder: "/f",
        run_as: Some("a@example.com"),
        default_warehouse: None,
        paused: false,
    };
    assert_eq!(Desired::new(&what).unwrap_err().path(), "/execution_config/warehouse_id");
    what.default_warehouse = Some("fedcba9876543210");
    let settings = Desired::new(&what).unwrap().settings;
    assert_eq!(settings.tasks[0].sql_task.warehouse_id, "fedcba9876543210");
    assert_eq!(settings.run_as.unwrap().name(), "a@example.com");
}
