//! Answers and their headers.

use databricks::SpaceError;
use edge::headers::{API, EXPOSED};
use edge::problem::Problem;
use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::{Headers, Response};

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

/// Response options with their headers, made once per shape: building them anew for each answer costs more than the
/// answer. The request id is set just before use; the runtime copies the headers when the response is made.
pub struct Templates {
    json: Template,
    problem: Template,
}

struct Template {
    headers: Headers,
    /// `{status: 200, headers}`; the status is set when it differs.
    init: Object,
    status: std::cell::Cell<u16>,
}

impl Templates {
    pub fn new() -> Self {
        Self { json: Template::new("application/json"), problem: Template::new("application/problem+json") }
    }
}

impl Template {
    fn new(content_type: &str) -> Self {
        let headers = api_headers(content_type);
        let init = Object::new();
        // Setting a property of a fresh plain object cannot fail.
        let _ = Reflect::set(&init, &"headers".into(), &headers);
        let _ = Reflect::set(&init, &"status".into(), &JsValue::from(200));
        Self { headers, init, status: std::cell::Cell::new(200) }
    }

    fn make(&self, status: u16, request_id: &str, body: &JsValue) -> Result<Response, JsValue> {
        if self.status.replace(status) != status {
            Reflect::set(&self.init, &"status".into(), &JsValue::from(status))?;
        }
        self.headers.set("x-request-id", request_id)?;
        js::response(body, &self.init)
    }
}

mod js {
    use js_sys::Object;
    use wasm_bindgen::prelude::*;
    use web_sys::Response;

    #[wasm_bindgen]
    extern "C" {
        /// `new Response(body, init)` for any kind of body. web-sys has one constructor per kind, each with its own
        /// conversion of the options.
        #[wasm_bindgen(js_name = Response)]
        type AnyResponse;

        #[wasm_bindgen(constructor, catch, js_class = "Response")]
        fn new(body: &JsValue, init: &Object) -> Result<AnyResponse, JsValue>;
    }

    pub fn response(body: &JsValue, init: &Object) -> Result<Response, JsValue> {
        AnyResponse::new(body, init).map(|response| response.unchecked_into())
    }
}

fn api_headers(content_type: &str) -> Headers {
    // `new Headers()` without arguments and setting constant, valid headers cannot fail.
    let headers = Headers::new().unwrap_or_else(|_| JsValue::UNDEFINED.into());
    let _ = headers.set("content-type", content_type);
    for (name, value) in API {
        let _ = headers.set(name, value);
    }
    headers
}

/// Makes the response. `head` leaves the body out; `origin` is a page of another site that may read the answer.
pub fn build(state: &State, reply: Reply, request_id: &str, head: bool, origin: Option<&str>) -> Response {
    let made = try_build(state, reply, request_id, head, origin);
    // Only an unsuitable header or status could fail, and all of them are ours.
    made.or_else(|_| fallback(&crate::panics::problem(), request_id)).unwrap_or_else(|_| Response::error())
}

fn try_build(
    state: &State,
    reply: Reply,
    request_id: &str,
    head: bool,
    origin: Option<&str>,
) -> Result<Response, JsValue> {
    let none = JsValue::NULL;
    let body_or = |body: JsValue| if head { JsValue::NULL } else { body };
    let templates = &state.templates;
    let response = match reply.body {
        Content::Json(bytes) => templates.json.make(reply.status, request_id, &body_or(bytes.into()))?,
        Content::Text(text) => templates.json.make(reply.status, request_id, &body_or(text.into()))?,
        Content::Problem(problem) => {
            templates.problem.make(reply.status, request_id, &body_or(problem.to_json(request_id).into()))?
        }
        Content::Empty => templates.json.make(reply.status, request_id, &none)?,
        Content::Whole(response) => {
            response.headers().set("x-request-id", request_id)?;
            response
        }
    };
    if !reply.headers.is_empty() || origin.is_some() {
        let headers = response.headers();
        for (name, value) in &reply.headers {
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
    }
    Ok(response)
}

/// A problem without any shared state, for the moments when that state cannot be trusted.
pub fn fallback(problem: &Problem, request_id: &str) -> Result<Response, JsValue> {
    let template = Template::new("application/problem+json");
    template.make(problem.kind.status, request_id, &problem.to_json(request_id).into())
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
