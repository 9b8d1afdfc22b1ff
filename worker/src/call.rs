//! One request on its way through the worker.

use std::rc::Rc;

use edge::auth::CallerKind;
use edge::headers::is_allowed_origin;
use edge::log::Line;
use edge::roles::Roles;
use js_sys::Date;
use wasm_bindgen::prelude::*;
use web_sys::{Request, Response};

use crate::answer::{self, Reply};
use crate::facts::Facts;
use crate::session::{Person, Session};
use crate::state::State;

/// A request, what is known about it, and what it has cost so far.
pub struct Call {
    pub state: Rc<State>,
    pub request: Request,
    pub id: String,
    pub facts: Rc<Facts>,
    pub route: &'static str,
    /// Who calls, once that is known.
    pub caller: Option<Rc<str>>,
    /// How they have proved it.
    pub kind: CallerKind,
    /// What they may do.
    pub roles: Roles,
    /// The signed-in person, for reads of Databricks on their behalf.
    pub person: Option<Person>,
    /// A cookie that replaces the one that was sent.
    pub renewed: Option<String>,
    /// What Databricks was asked as the server, and all costs.
    pub upstream: Upstream,
    authorization: Option<String>,
    started_ms: f64,
}

#[wasm_bindgen(module = "/src/border.js")]
extern "C" {
    #[wasm_bindgen(js_name = authorizationOf)]
    fn authorization_of(request: &Request) -> Option<String>;
}

/// What has been asked of Databricks for a request, and on whose behalf.
///
/// The default acts for the server itself. [`Call::acting`] gives one that acts for the signed-in person.
#[derive(Default, Clone)]
pub struct Upstream {
    pub calls: u32,
    pub ms: f64,
    pub person: Option<Person>,
}

impl Upstream {
    /// Counts what another one has cost.
    pub fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.ms += other.ms;
    }
}

impl Call {
    pub fn enter(state: &Rc<State>, request: Request) -> Self {
        let takes_tokens = state.config.as_ref().is_ok_and(|config| config.callers.tokens.is_some());
        let authorization = if takes_tokens { authorization_of(&request) } else { None };
        let facts = Facts::of(&request, &state.facts);
        Self::with(state, request, facts, authorization)
    }

    /// What the server does by itself.
    pub fn of_clock(state: &Rc<State>, request: Request) -> Self {
        Self::with(state, request, Facts::of_clock(), None)
    }

    fn with(state: &Rc<State>, request: Request, facts: Rc<Facts>, authorization: Option<String>) -> Self {
        Self {
            id: id_of(state, &request),
            facts,
            route: "unknown",
            caller: None,
            kind: CallerKind::Open,
            roles: Roles::NONE,
            person: None,
            renewed: None,
            upstream: Upstream::default(),
            authorization,
            started_ms: Date::now(),
            state: Rc::clone(state),
            request,
        }
    }

    /// The HTTP method.
    pub fn method(&self) -> &str {
        &self.facts.method
    }

    /// The address that was called.
    pub fn url(&self) -> &str {
        &self.facts.url
    }

    /// The page that sent the request, if it says so.
    pub fn origin(&self) -> Option<&str> {
        self.facts.origin.as_deref()
    }

    /// Whether the address that was called can only be this machine.
    pub fn on_loopback(&self) -> bool {
        self.facts.on_loopback
    }

    /// Path and query as they were sent.
    pub fn path_and_query(&self) -> (&str, &str) {
        self.facts.path_and_query()
    }

    /// Scheme, host and port of the address that was called.
    pub fn base(&self) -> &str {
        self.facts.url.get(..self.facts.path_at).unwrap_or_default()
    }

    /// Host and port of the address that was called.
    pub fn host(&self) -> &str {
        self.base().split_once("://").map_or("", |(_, host)| host)
    }

    /// Whether the request came over https.
    pub fn is_secure(&self) -> bool {
        self.facts.url.starts_with("https:")
    }

    /// The session of a signed-in person.
    pub fn session(&self) -> Option<&Session> {
        self.person.as_ref().map(|person| &*person.session)
    }

    /// For reads of Databricks: as the signed-in person, else as the server.
    pub fn acting(&self) -> Upstream {
        Upstream { person: self.person.clone(), ..Upstream::default() }
    }

    /// The `Cache-Control` header, if there is one.
    pub fn cache_control(&self) -> Option<&str> {
        self.facts.cache_control.as_deref()
    }

    /// The `Authorization` header, if there is one and the server takes tokens.
    pub fn authorization(&self) -> Option<&str> {
        self.authorization.as_deref()
    }

    /// Any other request header.
    pub fn header(&self, name: &str) -> Option<String> {
        self.request.headers().get(name).ok().flatten()
    }

    /// When the request arrived, in milliseconds since 1970.
    pub fn started_ms(&self) -> f64 {
        self.started_ms
    }

    /// The origin that may read the answer, if it is another site on the list.
    pub fn readable_by(&self) -> Option<&str> {
        let allowed =
            self.state.config.as_ref().map(|config| config.allowed_origins.as_slice()).unwrap_or_default();
        self.origin().filter(|origin| is_allowed_origin(allowed, origin))
    }

    /// Makes the response and writes the log line.
    pub fn finish(self, reply: Reply) -> Response {
        self.finish_at(reply, Date::now())
    }

    /// The same for an answer that nothing was waited for: no time has passed.
    pub fn finish_at_once(self, reply: Reply) -> Response {
        let now = self.started_ms;
        self.finish_at(reply, now)
    }

    fn finish_at(mut self, mut reply: Reply, now: f64) -> Response {
        if let Some(cookie) = self.renewed.take() {
            reply.headers.push(("set-cookie", cookie));
        }
        let line = Line {
            request_id: &self.id,
            method: self.method(),
            route: self.route,
            status: reply.status,
            ms: now - self.started_ms,
            upstream_ms: (self.upstream.calls > 0).then_some(self.upstream.ms),
            upstream_calls: self.upstream.calls,
            cache: reply.cache,
            caller: self.caller.as_deref(),
            code: reply.code,
            cause: reply.cause.as_deref(),
        };
        // One text, so that it crosses once: the id, and the line behind it.
        let mut text = String::with_capacity(320);
        text.push_str(&self.id);
        line.write_json(now, &mut text);
        answer::build(&self.state, reply, &text, self.id.len(), self.method() == "HEAD", self.readable_by())
    }
}

#[cfg(not(feature = "plans"))]
fn id_of(state: &State, _: &Request) -> String {
    state.next_request_id()
}

/// The id that the public worker has given a request is its id here, so that it has one in both logs.
#[cfg(feature = "plans")]
fn id_of(state: &State, request: &Request) -> String {
    let given = request.headers().get("x-request-id").ok().flatten();
    let id = given.filter(|id| edge::log::is_request_id(id)).unwrap_or_else(|| state.next_request_id());
    state.latest_id.replace(id.clone());
    id
}
