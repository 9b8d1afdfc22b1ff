//! Jobs and runs.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use emulator::{VIEWER_TOKEN, known};
use serde_json::{Value, json};

use crate::client::Lab;

const BASE: &str = "/api/2.2/jobs";
const FILE: &str = "/Workspace/Shared/load.sql";

fn settings() -> Value {
    json!({
        "name": "daily-load", "tags": { "managed_by": "genie-handoff" }, "max_concurrent_runs": 1, "queue": { "enabled": true },
        "schedule": { "quartz_cron_expression": "0 15 6 * * ?", "timezone_id": "UTC", "pause_status": "PAUSED" },
        "tasks": [{ "task_key": "load", "max_retries": 1, "sql_task": {
            "warehouse_id": known::WAREHOUSE, "file": { "path": FILE, "source": "WORKSPACE" } } }],
    })
}

async fn with_file(lab: &Lab) {
    let body =
        json!({ "path": FILE, "content": STANDARD.encode("SELECT 1"), "format": "RAW", "overwrite": true });
    assert_eq!(lab.post("/api/2.0/workspace/import", &body).await.status, 200);
}

async fn create(lab: &Lab, settings: &Value) -> i64 {
    let reply = lab.post(&format!("{BASE}/create"), settings).await;
    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
    reply.json()["job_id"].as_i64().unwrap()
}

async fn run_now(lab: &Lab, job: i64) -> i64 {
    let reply = lab.post(&format!("{BASE}/run-now"), &json!({ "job_id": job })).await;
    reply.json()["run_id"].as_i64().unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&reply.body)))
}

async fn run(lab: &Lab, id: i64) -> Value {
    lab.json(&format!("{BASE}/runs/get?run_id={id}")).await
}

async fn advance(lab: &Lab, id: i64, wish: Value) -> Value {
    lab.control("POST", &format!("/runs/{id}/advance"), &wish).await
}

#[tokio::test]
async fn a_job_is_created_changed_and_deleted() {
    let lab = Lab::start().await;
    let id = create(&lab, &settings()).await;
    let again = create(&lab, &settings()).await;
    assert!(id > 1 << 53 && again != id, "the service makes a second job of the same name");
    let job = lab.json(&format!("{BASE}/get?job_id={id}")).await;
    assert_eq!((&job["job_id"], &job["creator_user_name"]), (&json!(id), &json!(known::USER)));
    assert_eq!(
        (&job["settings"]["format"], &job["settings"]["timeout_seconds"]),
        (&json!("MULTI_TASK"), &json!(0))
    );
    let update =
        json!({ "job_id": id, "new_settings": { "tags": { "v": "2" } }, "fields_to_remove": ["schedule"] });
    assert_eq!(lab.post(&format!("{BASE}/update"), &update).await.json(), json!({}));
    let job = lab.json(&format!("{BASE}/get?job_id={id}")).await;
    assert_eq!(job["settings"]["tags"], json!({ "v": "2" }));
    assert!(job["settings"].get("schedule").is_none() && job["settings"]["tasks"].is_array());
    let reset = json!({ "job_id": id, "new_settings": { "name": "other" } });
    assert_eq!(lab.post(&format!("{BASE}/reset"), &reset).await.status, 200);
    let job = lab.json(&format!("{BASE}/get?job_id={id}")).await;
    assert!(job["settings"].get("tags").is_none() && job["settings"].get("tasks").is_none());
    assert_eq!(lab.post(&format!("{BASE}/delete"), &json!({ "job_id": id })).await.json(), json!({}));
    let missing = lab.get(&format!("{BASE}/get?job_id={id}")).await;
    assert_eq!(missing.error(), (400, "INVALID_PARAMETER_VALUE".to_owned()));
    assert_eq!(missing.json()["message"], format!("Job {id} does not exist."));
}

#[tokio::test]
async fn a_refused_change_changes_nothing() {
    let lab = Lab::start().await;
    let id = create(&lab, &settings()).await;
    let before = lab.json(&format!("{BASE}/get?job_id={id}")).await;
    for schedule in [
        json!({ "quartz_cron_expression": "15 6 * * *", "timezone_id": "UTC" }),
        json!({ "quartz_cron_expression": "0 15 6 * * ?", "timezone_id": "Mars/Olympus" }),
    ] {
        let update = json!({ "job_id": id, "new_settings": { "name": "x", "schedule": schedule } });
        assert_eq!(lab.post(&format!("{BASE}/update"), &update).await.error().0, 400);
    }
    assert_eq!(lab.json(&format!("{BASE}/get?job_id={id}")).await, before);
    let denied = lab.call(VIEWER_TOKEN, "POST", &format!("{BASE}/delete"), &json!({ "job_id": id })).await;
    assert_eq!(denied.error(), (403, "PERMISSION_DENIED".to_owned()));
    let acl = lab.json(&format!("/api/2.0/permissions/jobs/{id}")).await;
    assert_eq!(acl["access_control_list"][0]["all_permissions"][0]["permission_level"], "IS_OWNER");
}

#[tokio::test]
async fn jobs_are_listed_by_name_and_page() {
    let lab = Lab::start().await;
    let mut ids = Vec::new();
    for n in 0..5 {
        let mut settings = settings();
        settings["name"] = json!(format!("Job {}", n % 2));
        ids.push(create(&lab, &settings).await);
    }
    let all = lab.pages(&format!("{BASE}/list?limit=2"), "jobs").await;
    let listed: Vec<i64> = all.iter().map(|job| job["job_id"].as_i64().unwrap()).collect();
    ids.reverse();
    assert_eq!(listed, ids);
    assert!(all.iter().all(|job| job["settings"].get("tasks").is_none()));
    let named = lab.json(&format!("{BASE}/list?name=job%201&expand_tasks=true")).await;
    assert_eq!(named["jobs"].as_array().unwrap().len(), 2);
    assert!(named["jobs"][0]["settings"]["tasks"].is_array() && named.get("has_more").is_none());
    assert_eq!(lab.get(&format!("{BASE}/list?limit=101")).await.status, 400);
    assert_eq!(lab.json(&format!("{BASE}/list?name=nothing")).await, json!({}));
}

#[tokio::test]
async fn long_task_lists_come_in_pages() {
    let lab = Lab::start().await;
    let mut settings = settings();
    let task = settings["tasks"][0].clone();
    let tasks: Vec<Value> = (0..130)
        .map(|n| {
            let mut task = task.clone();
            task["task_key"] = json!(format!("t{n}"));
            task
        })
        .collect();
    settings["tasks"] = json!(tasks);
    let id = create(&lab, &settings).await;
    let first = lab.json(&format!("{BASE}/get?job_id={id}")).await;
    assert_eq!(first["settings"]["tasks"].as_array().unwrap().len(), 100);
    let token = first["next_page_token"].as_str().unwrap();
    let second = lab.json(&format!("{BASE}/get?job_id={id}&page_token={token}")).await;
    assert_eq!(second["settings"]["tasks"].as_array().unwrap().len(), 30);
}

#[tokio::test]
async fn a_run_goes_on_with_every_read() {
    let lab = Lab::start().await;
    with_file(&lab).await;
    let job = create(&lab, &settings()).await;
    let id = run_now(&lab, job).await;
    let mut states = Vec::new();
    for _ in 0..4 {
        let run = run(&lab, id).await;
        states.push((
            run["state"]["life_cycle_state"].as_str().unwrap().to_owned(),
            run["status"]["state"].as_str().unwrap().to_owned(),
        ));
    }
    let expected = [
        ("PENDING", "PENDING"),
        ("RUNNING", "RUNNING"),
        ("TERMINATED", "TERMINATED"),
        ("TERMINATED", "TERMINATED"),
    ];
    assert_eq!(states, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    let ended = run(&lab, id).await;
    assert_eq!(ended["state"]["result_state"], "SUCCESS");
    assert_eq!(ended["status"]["termination_details"], json!({ "code": "SUCCESS", "type": "SUCCESS" }));
    assert!(ended["end_time"].as_i64() >= ended["start_time"].as_i64());
    let task = &ended["tasks"][0];
    let output = lab.json(&format!("{BASE}/runs/get-output?run_id={}", task["run_id"])).await;
    assert_eq!(output["sql_output"]["query_output"]["warehouse_id"], known::WAREHOUSE);
    assert_eq!(output["metadata"]["task_key"], "load");
    assert_eq!(lab.get(&format!("{BASE}/runs/get-output?run_id={id}")).await.status, 400);
}

#[tokio::test]
async fn the_same_token_starts_one_run() {
    let lab = Lab::start().await;
    let job = create(&lab, &settings()).await;
    let order = json!({ "job_id": job, "idempotency_token": "abc" });
    let path = format!("{BASE}/run-now");
    let started = futures_util::future::join_all((0..20).map(|_| lab.post(&path, &order))).await;
    let mut ids: Vec<i64> = started.iter().map(|reply| reply.json()["run_id"].as_i64().unwrap()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 1);
    let runs = lab.json(&format!("{BASE}/runs/list?job_id={job}")).await;
    assert_eq!(runs["runs"].as_array().unwrap().len(), 1);
    let long = json!({ "job_id": job, "idempotency_token": "x".repeat(65) });
    assert_eq!(lab.post(&path, &long).await.status, 400);
    advance(&lab, ids[0], json!({ "to": "TERMINATED" })).await;
    assert_eq!(lab.post(&format!("{BASE}/runs/delete"), &json!({ "run_id": ids[0] })).await.status, 200);
    assert_eq!(lab.post(&path, &order).await.status, 400, "its run was deleted");
}

#[tokio::test]
async fn a_second_run_queues_or_is_skipped() {
    let lab = Lab::start().await;
    with_file(&lab).await;
    lab.control("POST", "/runs/policy", &json!({ "advance_on_get": false })).await;
    let job = create(&lab, &settings()).await;
    let (first, second) = (run_now(&lab, job).await, run_now(&lab, job).await);
    let queued = run(&lab, second).await;
    assert_eq!(queued["status"]["queue_details"]["code"], "MAX_CONCURRENT_RUNS_REACHED");
    assert_eq!(queued["state"]["life_cycle_state"], "QUEUED");
    advance(&lab, first, json!({ "to": "TERMINATED" })).await;
    assert_eq!(run(&lab, second).await["status"]["state"], "PENDING");
    let order = json!({ "job_id": job, "queue": { "enabled": false } });
    let third = lab.post(&format!("{BASE}/run-now"), &order).await.json()["run_id"].as_i64().unwrap();
    let skipped = run(&lab, third).await;
    assert_eq!(skipped["state"]["life_cycle_state"], "SKIPPED");
    assert_eq!(skipped["status"]["termination_details"]["code"], "MAX_CONCURRENT_RUNS_EXCEEDED");
    let active = lab.json(&format!("{BASE}/runs/list?job_id={job}&active_only=true")).await;
    assert_eq!(active["runs"].as_array().unwrap().len(), 1);
    let ended = lab.json(&format!("{BASE}/runs/list?job_id={job}&completed_only=true")).await;
    assert_eq!(ended["runs"].as_array().unwrap().len(), 2);
    assert_eq!(lab.get(&format!("{BASE}/runs/list?limit=26")).await.status, 400);
}

#[tokio::test]
async fn a_run_without_its_file_fails_and_can_be_repaired() {
    let lab = Lab::start().await;
    let job = create(&lab, &settings()).await;
    let id = run_now(&lab, job).await;
    let failed = advance(&lab, id, json!({ "to": "TERMINATED" })).await;
    assert_eq!(failed["state"]["result_state"], "FAILED");
    assert!(failed["state"]["state_message"].as_str().unwrap().contains(FILE));
    let task = failed["tasks"][0]["run_id"].as_i64().unwrap();
    let output = lab.json(&format!("{BASE}/runs/get-output?run_id={task}")).await;
    assert!(output["error"].as_str().unwrap().contains(FILE));
    let path = format!("{BASE}/runs/repair");
    let order = json!({ "run_id": id, "rerun_all_failed_tasks": true });
    let repair = lab.post(&path, &order).await.json()["repair_id"].as_i64().unwrap();
    let repaired = advance(&lab, id, json!({ "to": "TERMINATED" })).await;
    assert_eq!(repaired["state"]["result_state"], "SUCCESS");
    assert_eq!(repaired["tasks"][0]["attempt_number"], 1);
    assert_ne!(repaired["tasks"][0]["run_id"].as_i64().unwrap(), task);
    let history = lab.json(&format!("{BASE}/runs/get?run_id={id}&include_history=true")).await;
    assert_eq!(history["repair_history"][1]["id"], repair);
    assert_eq!(lab.post(&path, &order).await.status, 400, "nothing to repair");
}

#[tokio::test]
async fn runs_are_cancelled_fail_as_planned_and_start_by_schedule() {
    let lab = Lab::start().await;
    with_file(&lab).await;
    let job = create(&lab, &settings()).await;
    let id = run_now(&lab, job).await;
    assert_eq!(lab.post(&format!("{BASE}/runs/cancel"), &json!({ "run_id": id })).await.json(), json!({}));
    assert_eq!(run(&lab, id).await["status"]["state"], "TERMINATING");
    let cancelled = run(&lab, id).await;
    assert_eq!(cancelled["state"]["result_state"], "CANCELED");
    assert_eq!(cancelled["status"]["termination_details"]["code"], "USER_CANCELED");

    let plan = json!({ "result_state": "TIMEDOUT", "message": "too slow", "times": 1 });
    lab.control("POST", &format!("/jobs/{job}/plan"), &plan).await;
    let id = run_now(&lab, job).await;
    assert_eq!(advance(&lab, id, json!({ "to": "TERMINATED" })).await["state"]["result_state"], "TIMEDOUT");

    let paused = lab.try_control("POST", &format!("/jobs/{job}/fire"), &Value::Null).await;
    assert_eq!(paused.status, 409);
    let mut schedule = settings()["schedule"].clone();
    schedule["pause_status"] = json!("UNPAUSED");
    let update = json!({ "job_id": job, "new_settings": { "schedule": schedule } });
    assert_eq!(lab.post(&format!("{BASE}/update"), &update).await.status, 200);
    let fired = lab.control("POST", &format!("/jobs/{job}/fire"), &Value::Null).await;
    let started = run(&lab, fired["run_id"].as_i64().unwrap()).await;
    assert_eq!(
        (&started["trigger"], &started["schedule"]["timezone_id"]),
        (&json!("PERIODIC"), &json!("UTC"))
    );
    let missing = lab.get(&format!("{BASE}/runs/get?run_id=1")).await;
    assert_eq!(missing.json()["message"], "Run 1 does not exist.");
}

#[tokio::test]
async fn a_lost_reply_leaves_a_job_behind() {
    let lab = Lab::start().await;
    let rule = json!({ "match": { "path_prefix": "/api/2.2/jobs/create" }, "fault": { "kind": "lost_reply" }, "times": 1 });
    lab.control("POST", "/faults", &rule).await;
    let headers = [("authorization", "Bearer emulator-token"), ("content-type", "application/json")];
    let lost = lab.send("POST", &format!("{BASE}/create"), &headers, &settings().to_string()).await;
    assert!(lost.unwrap_err().status.is_none());
    assert_eq!(lab.json(&format!("{BASE}/list?name=daily-load")).await["jobs"].as_array().unwrap().len(), 1);
}
