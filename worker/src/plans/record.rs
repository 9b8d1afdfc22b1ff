//! A plan as the interface shows it.

use edge::problem::{self, Problem};
use serde_json::{Map, Value, json};

use crate::store::{Store, sql};
use crate::work::Refusal;

/// The columns of a record, from `plans p`. The deployment is the newest one that did something; it is gone once the
/// plan is undeployed.
pub const RECORD: &str = "p.plan_id, p.plan_name, p.version, p.plan_hash, p.state, p.pattern, p.source, p.target, p.owner, \
    p.handoff_id, p.created_at, p.created_by, p.updated_at, p.updated_by, \
    (SELECT iif(d.state = 'undeployed', NULL, json_object('deployment_id', d.deployment_id, 'plan_id', d.plan_id, \
    'version', d.version, 'plan_hash', d.plan_hash, 'job_id', d.job_id, 'job_url', d.job_url, 'file_path', d.file_path, \
    'state', d.state, 'created', json(iif(d.created, 'true', 'false')), 'run_as', d.run_as, \
    'schedule', json(d.schedule), 'deployed_at', d.deployed_at, 'deployed_by', d.deployed_by, 'steps', json(d.steps))) \
    FROM deployments d WHERE d.plan_id = p.plan_id AND d.state <> 'failed' \
    ORDER BY d.deployed_at DESC, d.deployment_id LIMIT 1) AS deployment";

/// Columns that hold JSON, as JSON.
pub fn shaped(mut row: Map<String, Value>) -> Map<String, Value> {
    for key in ["plan", "deployment"] {
        if let Some(Value::String(text)) = row.get(key) {
            let value = serde_json::from_str(text).unwrap_or_default();
            row.insert(key.to_owned(), value);
        }
    }
    row
}

/// The plan with its newest version, as the interface shows it: every member of `RECORD` and `plan`.
pub async fn find(store: &Store, id: &str) -> Result<Map<String, Value>, Refusal> {
    let question = sql(
        format!(
            "SELECT {RECORD}, v.plan FROM plans p JOIN plan_versions v ON v.plan_id = p.plan_id AND v.version = p.version \
             WHERE p.plan_id = ?"
        ),
        vec![json!(id)],
    );
    store.first(question).await?.map(shaped).ok_or_else(unknown_plan)
}

/// The id of a plan in an address. What is no id is no plan.
pub fn plan_id(text: &str) -> Result<String, Refusal> {
    let is_id = text.len() == 36 && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    if is_id { Ok(text.to_ascii_lowercase()) } else { Err(unknown_plan()) }
}

/// There is no such plan.
pub fn unknown_plan() -> Refusal {
    Problem::new(problem::PLAN_NOT_FOUND, "No plan of this server has this id. Plans are at /api/plans.")
        .into()
}
