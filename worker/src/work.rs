//! What the routes behind the hot path share: how they answer, how they read bodies, what they write down.

use edge::problem::{self, Problem};
use registry::Entry;
use serde_json::Value;
use web_sys::Response;

use crate::answer::{Content, Reply};
use crate::call::Call;
use crate::serve;

/// Largest body with a plan or a context: the plan itself may have a megabyte.
pub const MAX_BODY: u32 = (plan::MAX_DOCUMENT_BYTES as u32) + (64 << 10);

/// Why a route does not do what it is asked.
pub struct Refusal {
    pub problem: Problem,
    /// For the log only.
    pub cause: Option<String>,
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self { problem, cause: None }
    }
}

impl From<crate::upstream::Fault> for Refusal {
    fn from(fault: crate::upstream::Fault) -> Self {
        Self { problem: fault.problem(), cause: Some(fault.cause()) }
    }
}

/// What a route answers.
pub type Done = Result<Reply, Refusal>;

/// The response of a route.
pub fn finish(call: Call, done: Done) -> Response {
    let reply = match done {
        Ok(reply) => reply,
        Err(Refusal { problem, cause: Some(cause) }) => Reply::problem(problem).because(cause),
        Err(Refusal { problem, cause: None }) => Reply::problem(problem),
    };
    call.finish(reply)
}

/// A JSON answer.
pub fn json(status: u16, body: &Value) -> Reply {
    Reply::new(status, Content::Text(body.to_string()))
}

/// The bytes of a JSON body, at most `limit`; empty when there is none.
pub async fn body(call: &Call, limit: u32) -> Result<Vec<u8>, Refusal> {
    Ok(serve::json_body(call, limit).await?)
}

/// A body as JSON. A key that is there twice in an object is refused: two readers may see two different bodies.
pub fn parse(body: &[u8]) -> Result<Value, Refusal> {
    let text = std::str::from_utf8(body).map_err(|_| malformed("The body is not UTF-8."))?;
    let document = plan::parse_document(text).map_err(|error| match error {
        plan::PlanError::TooLarge { .. } => Problem::new(problem::BODY_TOO_LARGE, error.help()).into(),
        _ => malformed(format!("The body cannot be read as JSON: {error}.")),
    })?;
    value_of(document).ok_or_else(|| malformed("The body has a number that is none here."))
}

/// The same document as the values of `serde_json`, which has doubles for numbers; there is one for every number in it.
fn value_of(document: plan::Document) -> Option<Value> {
    Some(match document {
        plan::Document::Null => Value::Null,
        plan::Document::Bool(it) => Value::Bool(it),
        plan::Document::Number(it) => Value::Number(it.as_str().parse().ok()?),
        plan::Document::String(it) => Value::String(it),
        plan::Document::Array(items) => Value::Array(items.into_iter().map(value_of).collect::<Option<_>>()?),
        plan::Document::Object(object) => Value::Object(
            object
                .into_entries()
                .into_iter()
                .map(|(key, item)| Some((key, value_of(item)?)))
                .collect::<Option<_>>()?,
        ),
    })
}

/// Takes the body of a route that needs to be told nothing: empty, or `{}`.
pub fn nothing(body: &[u8]) -> Result<(), Refusal> {
    if body.is_empty() || parse(body)?.as_object().is_some_and(serde_json::Map::is_empty) {
        return Ok(());
    }
    Err(malformed("The body is empty, or {}."))
}

/// A body that is not what the route takes.
pub fn malformed(detail: impl Into<String>) -> Refusal {
    Problem::new(problem::BODY_MALFORMED, detail).into()
}

/// An audit entry about what this request does.
pub fn entry(call: &Call, action: &str) -> Entry {
    Entry::new(action, call.caller.as_deref().unwrap_or_default(), &call.id)
}
