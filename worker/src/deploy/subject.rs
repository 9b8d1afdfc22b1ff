//! The plan version that a request is about, as the registry has it.

use deploy::Provenance;
use edge::problem::{self, Problem};
use plan::Plan;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::store::{Store, sql};
use crate::work::Refusal;

/// A plan, and one of its versions.
#[derive(Debug, Clone, Deserialize)]
pub struct Subject {
    pub plan_id: String,
    pub plan_name: String,
    pub state: String,
    pub target: String,
    pub version: Option<String>,
    pub plan_hash: Option<String>,
    plan: Option<String>,
    pub created_by: Option<String>,
    pub handoff_id: Option<String>,
    pub space_id: Option<String>,
    pub conversation_id: Option<String>,
    pub answer_message_id: Option<String>,
}

/// The job of a plan, and the version it runs.
#[derive(Debug, Clone, Deserialize)]
pub struct PlanJob {
    pub job_id: Option<String>,
    pub file_path: Option<String>,
    pub version: Option<String>,
    pub plan_hash: Option<String>,
    pub deployment_id: Option<String>,
    /// JSON list.
    pub job_names: String,
    pub paused: u8,
}

impl PlanJob {
    /// Every name that the plan's job may have.
    pub fn names(&self) -> Vec<String> {
        serde_json::from_str(&self.job_names).unwrap_or_default()
    }
}

impl Subject {
    /// Reads the plan with a version of it, which need not exist. A version has the handoff that it was saved with: another
    /// version's may be of another session.
    pub async fn read(store: &Store, plan_id: &str, version: &str) -> Result<Self, Refusal> {
        let question = sql(
            "SELECT p.plan_id, p.plan_name, p.state, p.target, v.version, v.plan_hash, v.plan, v.created_by, \
             h.handoff_id, h.space_id, h.conversation_id, h.answer_message_id \
             FROM plans p LEFT JOIN plan_versions v ON v.plan_id = p.plan_id AND v.version = ? \
             LEFT JOIN handoffs h ON h.handoff_id = iif(v.version IS NULL, p.handoff_id, v.handoff_id) \
             WHERE p.plan_id = ?",
            vec![json!(version), json!(plan_id)],
        );
        let found: Option<Self> = store.first(question).await?;
        found.ok_or_else(|| unknown_plan().into())
    }

    /// The document and the plan of the version.
    pub fn plan(&self) -> Result<(Value, Plan), Refusal> {
        let text = self.plan.as_deref().ok_or_else(|| {
            Refusal::from(Problem::new(
                problem::VERSION_NOT_FOUND,
                "The plan has no such version. GET .../versions lists those it has.",
            ))
        })?;
        let document: Value = serde_json::from_str(text).unwrap_or_default();
        let report = ::sql::validate(&document);
        let valid = report.valid();
        match report.plan {
            Some(plan) if valid => Ok((document, plan)),
            _ => {
                let issues: Vec<Value> = report
                    .issues
                    .iter()
                    .map(|issue| {
                        json!({ "severity": issue.severity.as_str(), "code": issue.code, "path": issue.path,
                                "message": issue.message, "help": issue.help })
                    })
                    .collect();
                let detail = "This version cannot be run as it is; `issues` has every reason. Save a better one and deploy that.";
                Err(Problem::new(problem::PLAN_INVALID, detail).with("issues", json!(issues)).into())
            }
        }
    }

    /// Where the plan came from. A plan that was not made from a stored handoff may carry its session as a tag.
    pub fn provenance(&self, plan: &Plan) -> Provenance {
        let tag = |name: &str| {
            let found = plan.metadata.tags.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.clone()).filter(|value| is_id(value))
        };
        Provenance {
            handoff_id: self.handoff_id.clone(),
            genie_session: self.conversation_id.clone().or_else(|| tag("genie_session_id")),
            space_id: self.space_id.clone().or_else(|| tag("genie_space_id")),
        }
    }
}

/// What may become the value of a tag without a second look.
fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// The job of a plan, if there is or was one.
pub async fn plan_job(store: &Store, plan_id: &str) -> Result<Option<PlanJob>, Refusal> {
    let question = sql(
        "SELECT job_id, file_path, version, plan_hash, deployment_id, job_names, paused FROM plan_jobs WHERE plan_id = ?",
        vec![json!(plan_id)],
    );
    Ok(store.first(question).await?)
}

/// There is no such plan.
pub fn unknown_plan() -> Problem {
    Problem::new(
        problem::PLAN_NOT_FOUND,
        "There is no plan with this id. GET /api/plans lists those there are.",
    )
}
