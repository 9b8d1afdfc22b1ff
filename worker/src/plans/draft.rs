//! What somebody sends as a plan, up to the rows that it becomes.

use edge::problem::{self, Problem};
use registry::Kind;
use serde_json::{Map, Value, json};

use crate::state::random_uuid;
use crate::store::{Sql, sql};
use crate::work::{self, Refusal, malformed};

/// Longest note, in characters.
const MAX_NOTE: usize = 500;

/// A body: the plan itself, or the plan with where it comes from.
pub struct Given {
    pub plan: Value,
    pub handoff_id: Option<String>,
    pub note: Option<String>,
}

impl Given {
    pub fn read(body: &[u8]) -> Result<Self, Refusal> {
        let Value::Object(mut object) = work::parse(body)? else {
            return Err(malformed("The body is a plan, or {\"plan\": ..., \"handoff_id\"?, \"note\"?}."));
        };
        if object.contains_key("schema_version") {
            return Ok(Self { plan: Value::Object(object), handoff_id: None, note: None });
        }
        let Some(plan) = object.remove("plan").filter(Value::is_object) else {
            return Err(malformed("The body is a plan, which has a schema_version, or {\"plan\": ...}."));
        };
        let mut text = |key: &str, max: usize| match object.remove(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.chars().count() <= max => Ok(Some(text)),
            _ => Err(malformed(format!("{key} is a text of at most {max} characters."))),
        };
        let (handoff_id, note) = (text("handoff_id", 64)?, text("note", MAX_NOTE)?);
        if let Some(key) = object.keys().next() {
            let key: String = key.chars().take(40).collect();
            return Err(malformed(format!("Beside plan, handoff_id and note the body has no {key}.")));
        }
        Ok(Self { plan, handoff_id, note })
    }
}

/// A new plan with what the server can say itself: an id, when it was made, its first version.
pub fn completed(mut plan: Value, now: &str) -> Value {
    if let Some(Value::Object(metadata)) = plan.get_mut("plan_metadata") {
        let mut fill = |key: &str, value: &dyn Fn() -> String| {
            if metadata.get(key).is_none_or(|value| value.is_null() || value == "") {
                metadata.insert(key.to_owned(), json!(value()));
            }
        };
        fill("plan_id", &random_uuid);
        fill("created_at", &|| now.to_owned());
        fill("version", &|| "1.0.0".to_owned());
    }
    plan
}

/// A valid plan and what the registry keeps beside it.
pub struct Draft {
    pub plan: Value,
    pub plan_id: String,
    pub plan_name: String,
    pub version: String,
    pub hash: String,
    pub pattern: String,
    pub source: String,
    pub target: String,
    pub owner: String,
    pub search: String,
}

impl Draft {
    /// Checks everything that can be checked without asking Databricks.
    pub fn read(plan: Value) -> Result<Self, Refusal> {
        let report = ::sql::validate(&plan);
        if !report.valid() {
            let issues = report.issues.iter().map(|issue| {
                json!({
                    "severity": issue.severity.as_str(), "code": issue.code, "path": issue.path,
                    "message": issue.message, "help": issue.help,
                })
            });
            return Err(invalid(issues.collect()));
        }
        let text =
            |pointer: &str| plan.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let table = |part: &str| {
            let name = |key: &str| text(&format!("/{part}/{key}"));
            format!("{}.{}.{}", name("catalog"), name("schema"), name("table"))
        };
        let metadata = |key: &str| text(&format!("/plan_metadata/{key}"));
        let (source, target) = (table("source"), table("target"));
        let mut search = vec![metadata("plan_name"), metadata("description"), metadata("owner")];
        search.extend([source.clone(), target.clone()]);
        let tags = plan.pointer("/plan_metadata/tags").and_then(Value::as_object);
        for (key, value) in tags.into_iter().flatten() {
            search.push(format!("{key}:{}", value.as_str().unwrap_or_default()));
        }
        Ok(Self {
            plan_id: metadata("plan_id").to_ascii_lowercase(),
            plan_name: metadata("plan_name"),
            version: metadata("version"),
            hash: report.hash.to_string(),
            pattern: text("/pattern/type"),
            owner: metadata("owner"),
            search: search.join("\n").to_lowercase(),
            source,
            target,
            plan,
        })
    }

    /// A tag of the plan; an empty one is none.
    pub fn tag(&self, name: &str) -> Option<&str> {
        let tags = self.plan.pointer("/plan_metadata/tags")?;
        tags.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty())
    }

    /// The version as a row.
    pub fn insert(&self, kind: Kind, note: Option<&str>, handoff: &Value, now: &str, caller: &str) -> Sql {
        sql(
            "INSERT INTO plan_versions (plan_id, version, ordinal, plan_hash, change, plan, note, handoff_id, created_at, \
             created_by) VALUES (?, ?, (SELECT coalesce(max(ordinal), 0) + 1 FROM plan_versions WHERE plan_id = ?), \
             ?, ?, ?, ?, ?, ?, ?)",
            vec![
                json!(self.plan_id),
                json!(self.version),
                json!(self.plan_id),
                json!(self.hash),
                json!(kind.as_str()),
                json!(self.plan.to_string()),
                json!(note),
                handoff.clone(),
                json!(now),
                json!(caller),
            ],
        )
    }
}

/// A problem of a plan that the registry itself finds.
pub fn issue(code: &str, path: &str, message: &str, help: &str) -> Value {
    let mut issue = Map::new();
    for (key, value) in
        [("severity", "error"), ("code", code), ("path", path), ("message", message), ("help", help)]
    {
        issue.insert(key.to_owned(), json!(value));
    }
    Value::Object(issue)
}

/// A plan that is not valid, with everything that is wrong.
pub fn invalid(issues: Vec<Value>) -> Refusal {
    let detail = "Nothing was stored. `issues` says what is wrong and where.";
    Problem::new(problem::PLAN_INVALID, detail).with("issues", issues.into()).into()
}
