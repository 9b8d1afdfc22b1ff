//! From a request to its answer: route, origin, caller, checks, work. In that order, so that nobody learns more than
//! they may and nothing is asked of Databricks for a request that is wrong.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use databricks::List;
use edge::auth::CallerKind;
use edge::headers::{PREFLIGHT, is_allowed_origin, is_own_origin};
use edge::problem::{self, Problem};
use edge::roles::{Role, Roles};
use edge::route::{self, Route};
use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use web_sys::Response;
use worker::Env;

use crate::answer::{Content, Reply};
use crate::call::Call;
use crate::session;
use crate::state::State;
use crate::tasks::wait;
use crate::{access, assets, genie, health, limits, rest, shared, signing, upstream};
#[cfg(feature = "plans")]
use crate::{
    session::{Entered, Person, Session},
    store::Store,
    upstream::Fault,
};

/// How a request is answered.
#[allow(
    clippy::large_enum_variant,
    reason = "an allocation for each answer from memory would cost more than a move"
)]
pub enum Step {
    /// At once.
    Now(Call, Reply),
    /// After waiting for something.
    Later(Pin<Box<dyn Future<Output = Response>>>),
}

/// The description of the HTTP API, OpenAPI 3.1, as build.rs makes it of `worker/openapi.json`.
const OPENAPI: &str = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));

/// Everything before the caller is known.
pub fn enter(state: &Rc<State>, mut call: Call, env: Env) -> Step {
    let (path, query) = call.path_and_query();
    let Some(found) = Route::find(path) else {
        let problem =
            Problem::new(problem::ROUTE_UNKNOWN, "The description of the interface is at /openapi.json.");
        return now(call, problem);
    };
    let (name, allow, takes) = (found.name(), found.allow(), found.takes(call.method()));
    let (is_asset, is_openapi, is_keys) = (found.is_asset(), found == Route::OpenApi, found == Route::Keys);
    let is_page = matches!(found, Route::HandoffPage(_));
    let is_elsewhere =
        !cfg!(feature = "plans") && (!found.is_proxy() || (is_openapi && rest::is_bound(&env)));
    let signs_in = matches!(found, Route::Login | Route::Callback | Route::Logout);
    let needs_caller = found.needs_caller() || (found == Route::Health && route::flag(query, "deep"));
    #[cfg(feature = "fault-injection")]
    if let Some(step) = injected(path) {
        return step(call);
    }
    call.route = name;
    if is_elsewhere {
        return Step::Later(Box::pin(rest::answer(call, env)));
    }
    if is_asset {
        return match takes {
            true if is_page => Step::Later(Box::pin(rest::page(call, env))),
            true => Step::Later(Box::pin(assets::serve(call, env))),
            false => method_unknown(call, allow),
        };
    }
    if call.method() == "OPTIONS" {
        return Step::Now(call, preflight());
    }
    if !takes {
        return method_unknown(call, allow);
    }
    if is_openapi {
        return Step::Now(call, Reply::new(200, Content::Text(OPENAPI.to_owned())));
    }
    let config = match &state.config {
        Ok(config) => config,
        Err(problems) => {
            let (reply, cause) = health::not_configured(problems);
            return Step::Now(call, reply.because(cause));
        }
    };
    if is_keys {
        let reply = signing::keys(&call);
        return Step::Now(call, reply);
    }
    if signs_in {
        return Step::Later(Box::pin(rest::answer(call, env)));
    }
    let open = config.callers.is_open(call.on_loopback());
    if !needs_caller {
        return Step::Now(call, health::shallow(config, open));
    }
    if open {
        // Reading is what the same-origin policy forbids pages of other sites; in open mode they may not even ask.
        let foreign = call.origin().filter(|origin| !is_own_origin(call.url(), origin));
        if foreign.is_some_and(|origin| !is_allowed_origin(&config.allowed_origins, origin)) {
            let detail = "The server is in open mode, which is for pages of its own. Add the site to ALLOWED_ORIGINS, or configure callers.";
            return now(call, Problem::new(problem::ORIGIN_REFUSED, detail));
        }
        call.caller = Some(Rc::from("open"));
        call.roles = Roles::ALL;
        return admit(call, env);
    }
    let known = access::known(config, &call);
    recognise(call, env, known)
}

/// From what is known about the caller to the caller.
fn recognise(call: Call, env: Env, known: access::Known) -> Step {
    match known {
        access::Known::Caller(name, kind) => admit(called_by(call, name, kind), env),
        #[cfg(feature = "plans")]
        access::Known::Session(session) => admit(signed_in(call, &env, session), env),
        access::Known::Nobody(problem) => now(call, problem),
        #[cfg(feature = "plans")]
        access::Known::Enter(cookie) => Step::Later(Box::pin(enter_session(call, env, cookie))),
        #[cfg(not(feature = "plans"))]
        access::Known::Elsewhere => Step::Later(Box::pin(rest::answer(call, env))),
        access::Known::Verify(token) => Step::Later(Box::pin(async move {
            match access::verify(&call.state, &token).await {
                Ok(name) => complete(admit(called_by(call, name, CallerKind::Access), env)).await,
                Err((problem, cause)) => call.finish(Reply::problem(problem).because(cause)),
            }
        })),
    }
}

/// Serves the person behind a session cookie, once the database has said who that is.
#[cfg(feature = "plans")]
async fn enter_session(mut call: Call, env: Env, cookie: String) -> Response {
    let (state, secure) = (Rc::clone(&call.state), call.is_secure());
    let step = match session::enter(&state, &Store::open(&call, &env), &cookie, secure).await {
        Entered::Session(session, renewed) => {
            call.renewed = renewed;
            admit(signed_in(call, &env, session), env)
        }
        // Somebody whose session is over may still come through Cloudflare Access.
        Entered::Ended => match state.config.as_ref().map(|config| access::known_by_access(config, &call)) {
            Ok(access::Known::Nobody(_)) | Err(_) => {
                let mut reply = Reply::problem(session::ended());
                reply.headers.push(("set-cookie", edge::signin::Cookie::Session.clear(secure)));
                Step::Now(call, reply)
            }
            Ok(known) => recognise(call, env, known),
        },
        Entered::Unknown(cause) => {
            let fault = Fault::NoDatabase(cause);
            let reply = Reply::problem(fault.problem()).because(fault.cause());
            Step::Now(call, reply)
        }
    };
    complete(step).await
}

async fn complete(step: Step) -> Response {
    match step {
        Step::Now(call, reply) => call.finish(reply),
        Step::Later(future) => future.await,
    }
}

fn called_by(mut call: Call, name: Rc<str>, kind: CallerKind) -> Call {
    call.roles = call.state.config.as_ref().map_or(Roles::NONE, |config| config.roles.of(&name));
    call.caller = Some(name);
    call.kind = kind;
    call
}

#[cfg(feature = "plans")]
fn signed_in(call: Call, env: &Env, session: Rc<Session>) -> Call {
    let mut call = called_by(call, Rc::clone(&session.caller), CallerKind::Databricks);
    let store = Rc::new(Store::open(&call, env));
    call.person = Some(Person { session, store });
    call
}

/// Whether the caller may do this, and as often as this.
fn admit(call: Call, env: Env) -> Step {
    let Ok(config) = &call.state.config else { return dispatch(call, env) };
    let needed = Role::needed(call.route, call.method());
    // Who one is may be asked by everybody who is somebody.
    let allowed = if call.route == Route::Me.name() { Ok(()) } else { call.roles.require(needed) };
    let reads = matches!(call.method(), "GET" | "HEAD");
    let own = if reads || call.session().is_none() { Ok(()) } else { session::own_page(&call) };
    if let Err(problem) = own.and(allowed).and_then(|()| limits::take(config, &call, needed)) {
        return now(call, problem);
    }
    if !call.state.platform_limit || is_remembered(&call) {
        return dispatch(call, env);
    }
    Step::Later(Box::pin(async move {
        match limits::platform(&call, &env).await {
            Ok(()) => complete(dispatch(call, env)).await,
            Err(problem) => call.finish(Reply::problem(problem)),
        }
    }))
}

/// Whether the answer is here already, so that giving it costs nobody anything.
fn is_remembered(call: &Call) -> bool {
    let asks = call.route == Route::GenieGet.name() && call.method() == "GET";
    asks && call.facts.space().as_ref().is_ok_and(|id| shared::cached(call, &space_key(call, id)).is_some())
}

fn space_key(call: &Call, id: &databricks::SpaceId) -> String {
    [call.caller.as_deref().unwrap_or_default(), "\n", id.as_str()].concat()
}

/// Everything after the caller is known.
fn dispatch(call: Call, env: Env) -> Step {
    let (path, query) = call.path_and_query();
    match Route::find(path) {
        Some(Route::GenieGet) if call.method() == "POST" => Step::Later(Box::pin(genie_post(call))),
        Some(Route::GenieGet) => {
            let facts = Rc::clone(&call.facts);
            match facts.space() {
                Ok(id) => genie_get(call, id),
                Err(problem) => now(call, problem.clone()),
            }
        }
        Some(Route::Spaces) => {
            let page = route::paging(query);
            list(call, List::Spaces, "/api/2.0/genie/spaces".to_owned(), page)
        }
        Some(Route::Conversations(space)) => {
            let page = route::paging(query);
            match route::space_id(space) {
                Ok(space) => list(
                    call,
                    List::Conversations,
                    format!("/api/2.0/genie/spaces/{space}/conversations"),
                    page,
                ),
                Err(problem) => now(call, problem),
            }
        }
        Some(Route::Messages(space, conversation)) => {
            let page = route::paging(query);
            match route::space_id(space).and_then(|space| Ok((space, route::conversation_id(conversation)?)))
            {
                Ok((space, conversation)) => {
                    let path = format!("/api/2.0/genie/spaces/{space}/conversations/{conversation}/messages");
                    list(call, List::Messages, path, page)
                }
                Err(problem) => now(call, problem),
            }
        }
        Some(Route::SignHandoff) => Step::Later(Box::pin(signing::sign(call))),
        Some(Route::Health) => Step::Later(Box::pin(health::deep(call, env))),
        _ => Step::Later(Box::pin(rest::answer(call, env))),
    }
}

/// The space, from memory if that is recent enough.
fn genie_get(mut call: Call, id: &databricks::SpaceId) -> Step {
    let key = space_key(&call, id);
    if let Some(reply) = shared::cached(&call, &key) {
        return Step::Now(call, reply);
    }
    let loader = Box::pin(genie::space(Rc::clone(&call.state), id.clone(), call.acting()));
    Step::Later(Box::pin(async move {
        let reply = shared::load(&mut call, key, true, loader).await;
        call.finish(reply)
    }))
}

/// The body of a request that must be JSON; empty when there is none.
pub async fn json_body(call: &Call, limit: u32) -> Result<Vec<u8>, Problem> {
    let bytes = match wait(upstream::read_request(&call.request, limit)).await {
        Ok(body) if body.is_undefined() => {
            return Err(Problem::new(
                problem::BODY_TOO_LARGE,
                format!("The body has at most {limit} bytes."),
            ));
        }
        Ok(body) => body.unchecked_into::<Uint8Array>().to_vec(),
        Err(_) => return Err(Problem::new(problem::BODY_MALFORMED, "The body did not arrive whole.")),
    };
    let json = call.header("content-type").is_some_and(|kind| is_json(&kind));
    if !bytes.is_empty() && !json {
        return Err(Problem::new(
            problem::TYPE_UNSUPPORTED,
            "Send the body with content-type: application/json.",
        ));
    }
    Ok(bytes)
}

/// The same with the id in a JSON body, or in the query when there is no body.
async fn genie_post(call: Call) -> Response {
    let limit = call.state.config.as_ref().map_or(0, |config| config.limits.request_bytes);
    let id = match json_body(&call, limit).await {
        Ok(bytes) if bytes.is_empty() => route::space_of_query(call.path_and_query().1),
        Ok(bytes) => route::space_of_body(&bytes),
        Err(problem) => Err(problem),
    };
    let step = match id {
        Ok(id) => genie_get(call, &id),
        Err(problem) => now(call, problem),
    };
    complete(step).await
}

fn is_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

/// One page of a list, shared by equal requests and never kept: conversations move while people look at them.
fn list(mut call: Call, list: List, path: String, page: Result<String, Problem>) -> Step {
    let page = match page {
        Ok(page) => page,
        Err(problem) => return now(call, problem),
    };
    let key = format!("{}\n{path}?{page}", call.caller.as_deref().unwrap_or_default());
    let loader = Box::pin(genie::list(Rc::clone(&call.state), list, path, page, call.acting()));
    Step::Later(Box::pin(async move {
        let mut reply = shared::load(&mut call, key, false, loader).await;
        reply.cache = reply.cache.filter(|cache| *cache == "shared");
        call.finish(reply)
    }))
}

fn now(call: Call, problem: Problem) -> Step {
    Step::Now(call, Reply::problem(problem))
}

fn method_unknown(call: Call, allow: &'static str) -> Step {
    let mut problem = Problem::new(problem::METHOD_UNKNOWN, format!("This address takes {allow}."));
    problem.allow = Some(allow);
    now(call, problem)
}

/// The answer to a browser's question whether a page of another site may call. The allowed origin itself is added where
/// every answer gets it.
fn preflight() -> Reply {
    let mut reply = Reply::new(204, Content::Empty);
    reply.headers.extend(PREFLIGHT.map(|(name, value)| (name, value.to_owned())));
    reply
}

#[cfg(feature = "fault-injection")]
fn injected(path: &str) -> Option<fn(Call) -> Step> {
    #[allow(clippy::panic, reason = "this is what the test is about")]
    match path {
        "/__database/lose" => Some(|call| {
            crate::store::faults::LOSE.with(|left| left.set(left.get() + 1));
            Step::Now(call, Reply::new(204, Content::Empty))
        }),
        "/__database/break" => Some(|call| {
            crate::store::faults::BREAK.with(|left| left.set(left.get() + 1));
            Step::Now(call, Reply::new(204, Content::Empty))
        }),
        "/__panic/now" => Some(|_| panic!("injected")),
        "/__panic/later" => Some(|_| {
            Step::Later(Box::pin(async {
                worker::Delay::from(std::time::Duration::from_millis(5)).await;
                panic!("injected")
            }))
        }),
        _ => None,
    }
}
