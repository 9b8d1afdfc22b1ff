//! One request on its way through the worker.

use std::rc::Rc;

use edge::headers::is_allowed_origin;
use edge::log::Line;
use edge::origin::Origin;
use edge::route::path_and_query;
use js_sys::Date;
use web_sys::{Request, Response};

use crate::answer::{self, Reply};
use crate::state::State;

/// A request, what is known about it, and what it has cost so far.
pub struct Call {
    pub state: Rc<State>,
    pub request: Request,
    pub id: String,
    pub url: String,
    /// Where the path begins in `url`.
    path_at: usize,
    /// Whether the address that was called can only be this machine.
    pub on_loopback: bool,
    pub method: String,
    pub route: &'static str,
    /// Who calls, once that is known.
    pub caller: Option<Rc<str>>,
    /// The page that sent the request, if it says so.
    pub origin: Option<String>,
    pub upstream: Upstream,
    started_ms: f64,
}

/// What the request has asked of Databricks.
#[derive(Default, Clone, Copy)]
pub struct Upstream {
    pub calls: u32,
    pub ms: f64,
}

impl Call {
    pub fn enter(state: &Rc<State>, request: Request) -> Self {
        let url = request.url();
        let (path_at, on_loopback) = Origin::split(&url)
            .map_or((url.len(), false), |(origin, tail)| (url.len() - tail.len(), origin.is_loopback()));
        Self {
            id: state.next_request_id(),
            url,
            path_at,
            on_loopback,
            method: request.method(),
            route: "unknown",
            caller: None,
            origin: None,
            upstream: Upstream::default(),
            started_ms: Date::now(),
            state: Rc::clone(state),
            request,
        }
    }

    /// Path and query as they were sent.
    pub fn path_and_query(&self) -> (&str, &str) {
        path_and_query(self.url.get(self.path_at..).unwrap_or_default())
    }

    /// Scheme, host and port of the address that was called.
    pub fn base(&self) -> &str {
        self.url.get(..self.path_at).unwrap_or_default()
    }

    /// Host and port of the address that was called.
    pub fn host(&self) -> &str {
        let origin = self.url.get(..self.path_at).unwrap_or_default();
        origin.split_once("://").map_or("", |(_, host)| host)
    }

    /// A request header.
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
        self.origin.as_deref().filter(|origin| is_allowed_origin(allowed, origin))
    }

    /// Makes the response and writes the log line.
    pub fn finish(self, reply: Reply) -> Response {
        let now = Date::now();
        let line = Line {
            request_id: &self.id,
            method: &self.method,
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
        web_sys::console::log_1(&line.to_json(now).into());
        answer::build(&self.state, reply, &self.id, self.method == "HEAD", self.readable_by())
    }
}
