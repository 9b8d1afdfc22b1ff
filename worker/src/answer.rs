//! Answers and their headers.

use databricks::SpaceError;
use edge::headers::{API, EXPOSED};
use edge::problem::Problem;
use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Response;

use crate::state::State;

/// What a route answers.
pub struct Reply {
    pub status: u16,
    pub body: Content,
    /// Where the bytes came from, for the log: `hit`, `miss`, `shared`.
    pub cache: Option<&'static str>,
    /// Set when the answer is a problem.
    pub code: Option<&'static str>,
    /// Why, for the log only.
    pub cause: Option<String>,
    /// Headers beside the common ones.
    pub headers: Vec<(&'static str, String)>,
}

/// The body of an answer.
pub enum Content {
    /// JSON as bytes of the runtime.
    Json(Uint8Array),
    /// JSON as text.
    Text(String),
    /// A problem document, written when the request id is at hand.
    Problem(Problem),
    /// Nothing.
    Empty,
    /// A finished response with headers of its own.
    Whole(Response),
    /// The response of another worker, to which nothing is added.
    Passed(Response),
}

impl Reply {
    pub fn new(status: u16, body: Content) -> Self {
        Self { status, body, cache: None, code: None, cause: None, headers: Vec::new() }
    }

    pub fn problem(problem: Problem) -> Self {
        let mut headers = Vec::new();
        if let Some(seconds) = problem.retry_after {
            headers.push(("retry-after", seconds.to_string()));
        }
        if let Some(allow) = problem.allow {
            headers.push(("allow", allow.to_owned()));
        }
        if problem.kind.status == 401 {
            headers.push(("www-authenticate", "Bearer realm=\"genie-handoff\"".to_owned()));
        }
        let code = Some(problem.kind.code);
        Self {
            status: problem.kind.status,
            body: Content::Problem(problem),
            cache: None,
            code,
            cause: None,
            headers,
        }
    }

    /// The same with a cause for the log.
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }
}

#[wasm_bindgen(module = "/src/border.js")]
extern "C" {
    fn template(lines: &str) -> Object;
    #[wasm_bindgen(catch)]
    fn respond(
        template: &Object,
        status: u16,
        body: &JsValue,
        text: &str,
        id_length: usize,
    ) -> Result<Response, JsValue>;
}

/// Response options with their headers, made once per shape: building them anew for each answer costs more than the
/// answer. The request id is set just before use; the runtime copies the headers when the response is made.
pub struct Templates {
    json: Object,
    problem: Object,
}

impl Templates {
    pub fn new() -> Self {
        Self { json: api_template("application/json"), problem: api_template("application/problem+json") }
    }
}

fn api_template(content_type: &str) -> Object {
    let mut lines = format!("content-type\n{content_type}");
    for (name, value) in API {
        lines.extend(["\n", name, "\n", value]);
    }
    template(&lines)
}

/// A response whose headers can be changed: those of one that came from a binding cannot.
pub fn copied(response: &Response) -> Result<Response, JsValue> {
    let init = Object::new();
    Reflect::set(&init, &"status".into(), &response.status().into())?;
    Reflect::set(&init, &"headers".into(), &response.headers())?;
    Response::new_with_opt_readable_stream_and_init(response.body().as_ref(), init.unchecked_ref())
}

/// Makes the response and writes the log line, which stands in `text` behind the request id. `head` leaves the body
/// out; `origin` is a page of another site that may read the answer.
pub fn build(
    state: &State,
    reply: Reply,
    text: &str,
    id_length: usize,
    head: bool,
    origin: Option<&str>,
) -> Response {
    let made = try_build(state, reply, text, id_length, head, origin);
    // Only an unsuitable header or status could fail, and all of them are ours.
    made.or_else(|_| fallback(&crate::panics::problem(), text.get(..id_length).unwrap_or_default()))
        .unwrap_or_else(|_| Response::error())
}

fn try_build(
    state: &State,
    reply: Reply,
    text: &str,
    id_length: usize,
    head: bool,
    origin: Option<&str>,
) -> Result<Response, JsValue> {
    let (request_id, line) = text.split_at_checked(id_length).unwrap_or_default();
    let (template, body) = match reply.body {
        Content::Json(bytes) => (&state.templates.json, bytes.into()),
        Content::Text(text) => (&state.templates.json, text.into()),
        Content::Problem(problem) => (&state.templates.problem, problem.to_json(request_id).into()),
        Content::Empty => (&state.templates.json, JsValue::NULL),
        Content::Passed(response) => {
            web_sys::console::log_1(&line.into());
            return Ok(response);
        }
        Content::Whole(response) => {
            web_sys::console::log_1(&line.into());
            response.headers().set("x-request-id", request_id)?;
            add_headers(&response, &reply.headers, origin)?;
            return Ok(response);
        }
    };
    let body = if head { JsValue::NULL } else { body };
    let response = respond(template, reply.status, &body, text, id_length)?;
    add_headers(&response, &reply.headers, origin)?;
    Ok(response)
}

/// Headers beside those of the template; most answers have none.
fn add_headers(
    response: &Response,
    more: &[(&'static str, String)],
    origin: Option<&str>,
) -> Result<(), JsValue> {
    if more.is_empty() && origin.is_none() {
        return Ok(());
    }
    let headers = response.headers();
    for (name, value) in more {
        match *name {
            // The only one that may stand there more than once.
            "set-cookie" => headers.append(name, value)?,
            _ => headers.set(name, value)?,
        }
    }
    if let Some(origin) = origin {
        headers.set("access-control-allow-origin", origin)?;
        headers.set("access-control-expose-headers", EXPOSED)?;
    }
    Ok(())
}

/// A problem without any shared state, for the moments when that state cannot be trusted. Writes no log line of the
/// request; whoever needs this has written one of another kind.
pub fn fallback(problem: &Problem, request_id: &str) -> Result<Response, JsValue> {
    let options = web_sys::ResponseInit::new();
    options.set_status(problem.kind.status);
    let response = Response::new_with_opt_str_and_init(Some(&problem.to_json(request_id)), &options)?;
    let headers = response.headers();
    for (name, value) in API {
        headers.set(name, value)?;
    }
    headers.set("content-type", "application/problem+json")?;
    headers.set("x-request-id", request_id)?;
    Ok(response)
}

/// The id of the request that entered last, or a placeholder before the first.
pub fn fallback_request_id() -> String {
    State::existing().map_or_else(|| "none".to_owned(), |state| state.last_request_id())
}

/// What an unusable answer about a space means to the caller.
pub fn unreadable(error: &SpaceError) -> (Problem, &'static str) {
    let detail = match error {
        SpaceError::OtherSpace => {
            "The workspace answered about another space. Nothing of that answer is shown."
        }
        _ => {
            "The workspace's answer is not the space it was asked for. Try again; if it stays, the API has changed."
        }
    };
    (Problem::new(edge::problem::UPSTREAM_UNREADABLE, detail), error.code())
}
