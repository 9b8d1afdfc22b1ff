//! A Declarative Automation Bundle, formerly Asset Bundle: `databricks.yml` and the SQL file that its job runs,
//! <https://docs.databricks.com/dev-tools/bundles/settings>.

use plan::{Plan, ScheduleKind};
use sql::RenderOptions;

use crate::error::ExportError;
use crate::file::{About, Export, ExportFile};
use crate::sql_file::{self, name_of};
use crate::yaml::Yaml;

pub(crate) fn export(plan: &Plan, about: &About) -> Result<Export, ExportError> {
    let rendered = sql::render(plan, &RenderOptions::default())?;
    let name = name_of(plan);
    let mut notes = vec![
        "The job is the bundle's own. If the plan is deployed here too, take that back first, or both write to the target."
            .to_owned(),
    ];
    if plan.execution.warehouse_id.is_none() {
        notes.push("The plan names no warehouse: give the variable warehouse_id a value.".to_owned());
    }
    notes.extend(sql_file::notes(&rendered));
    let description = plan.metadata.description.as_deref().unwrap_or_default();
    if description.contains("${") {
        notes.push("A `${` of the description is written as `$ {`: bundles would replace it.".to_owned());
    }
    let head = format!(
        "# Declarative Automation Bundle (formerly Asset Bundle) of the plan {name}.\n\
         # plan hash: {}\n\
         # `databricks bundle validate`, then `databricks bundle deploy -t prod`.\n",
        plan.hash.as_str()
    );
    Ok(Export {
        files: vec![
            ExportFile::new("databricks.yml".to_owned(), head + &document(plan).document()),
            ExportFile::new(format!("src/{name}.sql"), sql_file::text(&rendered, about)),
        ],
        notes,
    })
}

fn document(plan: &Plan) -> Yaml {
    let name = name_of(plan);
    let mut warehouse = vec![("description".to_owned(), Yaml::text("The SQL warehouse that runs the load."))];
    if let Some(id) = &plan.execution.warehouse_id {
        warehouse.push(("default".to_owned(), inert(id)));
    }
    let root = "/Workspace/Shared/.bundle/${bundle.name}/${bundle.target}";
    Yaml::map([
        ("bundle", Yaml::map([("name", inert(name))])),
        ("variables", Yaml::map([("warehouse_id", Yaml::Map(warehouse))])),
        ("resources", Yaml::map([("jobs", Yaml::Map(vec![(name.to_owned(), job(plan))]))])),
        (
            "targets",
            Yaml::map([
                // Development mode pauses schedules and puts the developer's name before the job's.
                ("dev", Yaml::map([("mode", Yaml::text("development")), ("default", Yaml::Flag(true))])),
                (
                    "prod",
                    Yaml::map([
                        ("mode", Yaml::text("production")),
                        // Without a fixed place, each person who deploys would make a job of their own.
                        ("workspace", Yaml::map([("root_path", Yaml::text(root))])),
                    ]),
                ),
            ]),
        ),
    ])
}

/// One SQL task on a warehouse, one run at a time: what is deployed from here looks the same.
fn job(plan: &Plan) -> Yaml {
    let name = name_of(plan);
    let execution = &plan.execution;
    let mut job = vec![("name".to_owned(), inert(name))];
    if let Some(text) = plan.metadata.description.as_deref().filter(|text| !text.trim().is_empty()) {
        job.push(("description".to_owned(), inert(text)));
    }
    let mut tags = vec![("plan_hash".to_owned(), inert(plan.hash.as_str()))];
    if let Some(version) = &plan.metadata.version {
        tags.push(("plan_version".to_owned(), inert(version)));
    }
    job.push(("tags".to_owned(), Yaml::Map(tags)));
    job.push(("max_concurrent_runs".to_owned(), Yaml::Whole(1)));
    job.push(("queue".to_owned(), Yaml::map([("enabled", Yaml::Flag(true))])));
    if let Some(schedule) = schedule(plan) {
        job.push(("schedule".to_owned(), schedule));
    }
    let file =
        Yaml::map([("path", Yaml::text(format!("./src/{name}.sql"))), ("source", Yaml::text("WORKSPACE"))]);
    let task = Yaml::map([
        ("task_key", Yaml::text("load")),
        ("timeout_seconds", Yaml::Whole(execution.timeout_seconds)),
        ("max_retries", Yaml::Whole(execution.max_retries)),
        ("min_retry_interval_millis", Yaml::Whole(execution.retry_delay_seconds.saturating_mul(1000))),
        ("retry_on_timeout", Yaml::Flag(false)),
        ("sql_task", Yaml::map([("warehouse_id", Yaml::text("${var.warehouse_id}")), ("file", file)])),
    ]);
    job.push(("tasks".to_owned(), Yaml::List(vec![task])));
    Yaml::Map(job)
}

fn schedule(plan: &Plan) -> Option<Yaml> {
    let schedule = plan.schedule.as_ref().filter(|schedule| schedule.kind == ScheduleKind::Cron)?;
    let (expression, _) = schedule.cron.as_ref()?;
    Some(Yaml::map([
        ("quartz_cron_expression", inert(expression)),
        ("timezone_id", inert(&schedule.timezone)),
        ("pause_status", Yaml::text(if schedule.enabled { "UNPAUSED" } else { "PAUSED" })),
    ]))
}

/// A text in which nothing is a reference: bundles replace `${...}` and have no escape for it.
fn inert(text: &str) -> Yaml {
    Yaml::text(text.replace("${", "$ {"))
}
