//! From a request to its answer: route, origin, caller, checks, work. In that order, so that nobody learns more than
//! they may and nothing is asked of Databricks for a request that is wrong.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

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
use crate::database::Database;
#[cfg(feature = "plans")]
use crate::rest as routes;
use crate::session::{self, Entered, Person, Session};
use crate::state::State;
use crate::tasks::wait;
use crate::upstream::{self, Fault};
use crate::{access, health};
#[cfg(not(feature = "plans"))]
use crate::{assets, behind, limits, proxy as routes, signing};

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

/// Everything before the caller is known.
pub fn enter(state: &Rc<State>, mut call: Call, env: Env) -> Step {
    let (path, query) = call.path_and_query();
    let Some(found) = Route::find(path) else {
        let problem =
            Problem::new(problem::ROUTE_UNKNOWN, "The description of the interface is at /openapi.json.");
        return now(call, problem);
    };
    let (name, allow, takes) = (found.name(), found.allow(), found.takes(call.method()));
    let early = Early::of(&found);
    let needs_caller = found.needs_caller() || (found == Route::Health && route::flag(query, "deep"));
    #[cfg(feature = "fault-injection")]
    if let Some(step) = injected(path) {
        return step(call);
    }
    call.route = name;
    // Files have no preflight: `OPTIONS` is a method that they do not take.
    if call.method() == "OPTIONS" && !matches!(early, Early::File | Early::Page) {
        return Step::Now(call, preflight());
    }
    if !takes {
        return method_unknown(call, allow);
    }
    if matches!(early, Early::File | Early::Page | Early::Description) {
        return unasked(call, env, early);
    }
    let config = match &state.config {
        Ok(config) => config,
        Err(problems) => {
            let (reply, cause) = health::not_configured(problems);
            return Step::Now(call, reply.because(cause));
        }
    };
    if matches!(early, Early::Keys | Early::SignIn) {
        return unasked(call, env, early);
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

/// Routes that ask nobody who they are.
enum Early {
    File,
    Page,
    Description,
    Keys,
    SignIn,
    /// None of them.
    No,
}

impl Early {
    fn of(route: &Route<'_>) -> Self {
        match route {
            Route::Asset => Self::File,
            Route::HandoffPage(_) => Self::Page,
            Route::OpenApi => Self::Description,
            Route::Keys => Self::Keys,
            Route::Login | Route::Callback | Route::Logout => Self::SignIn,
            _ => Self::No,
        }
    }
}

#[cfg(not(feature = "plans"))]
fn unasked(call: Call, env: Env, early: Early) -> Step {
    match early {
        Early::File => Step::Later(Box::pin(assets::serve(call, env, None))),
        // The page reads the id from its address.
        Early::Page => Step::Later(Box::pin(assets::serve(call, env, Some("/handoff")))),
        Early::Keys => {
            let reply = signing::keys(&call);
            Step::Now(call, reply)
        }
        _ => Step::Later(Box::pin(behind::answer(call, env))),
    }
}

#[cfg(feature = "plans")]
fn unasked(call: Call, env: Env, early: Early) -> Step {
    match early {
        Early::Description => {
            let reply = Reply::new(200, Content::Text(routes::OPENAPI.to_owned()));
            Step::Now(call, reply)
        }
        Early::SignIn => Step::Later(Box::pin(routes::answer(call, env))),
        // The public worker has them.
        _ => now(call, Problem::new(problem::ROUTE_UNKNOWN, "This worker has no such route.")),
    }
}

/// From what is known about the caller to the caller.
fn recognise(call: Call, env: Env, known: access::Known) -> Step {
    match known {
        access::Known::Caller(name, kind) => admit(called_by(call, name, kind), env),
        access::Known::Session(session) => admit(signed_in(call, &env, session), env),
        access::Known::Nobody(problem) => now(call, problem),
        access::Known::Enter(cookie) => Step::Later(Box::pin(enter_session(call, env, cookie))),
        access::Known::Verify(token) => Step::Later(Box::pin(async move {
            match access::verify(&call.state, &token).await {
                Ok(name) => complete(admit(called_by(call, name, CallerKind::Access), env)).await,
                Err((problem, cause)) => call.finish(Reply::problem(problem).because(cause)),
            }
        })),
    }
}

/// Serves the person behind a session cookie, once the database has said who that is.
async fn enter_session(mut call: Call, env: Env, cookie: String) -> Response {
    let (state, secure) = (Rc::clone(&call.state), call.is_secure());
    let step = match session::enter(&state, &Database::open(&env), &cookie, secure).await {
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

/// The response of a step.
pub async fn complete(step: Step) -> Response {
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

fn signed_in(call: Call, env: &Env, session: Rc<Session>) -> Call {
    let mut call = called_by(call, Rc::clone(&session.caller), CallerKind::Databricks);
    call.person = Some(Person { session, database: Rc::new(Database::open(env)) });
    call
}

/// Whether the caller may do this, and as often as this.
fn admit(call: Call, env: Env) -> Step {
    let needed = Role::needed(call.route, call.method());
    // Who one is may be asked by everybody who is somebody.
    let allowed = if call.route == Route::Me.name() { Ok(()) } else { call.roles.require(needed) };
    let reads = matches!(call.method(), "GET" | "HEAD");
    let own = if reads || call.session().is_none() { Ok(()) } else { session::own_page(&call) };
    match own.and(allowed) {
        Ok(()) => counted(call, env, needed),
        Err(problem) => now(call, problem),
    }
}

/// Counts the request. The public worker does it for both: what comes to the other has been counted.
#[cfg(not(feature = "plans"))]
fn counted(call: Call, env: Env, needed: Role) -> Step {
    let Ok(config) = &call.state.config else { return routes::dispatch(call, env) };
    if let Err(problem) = limits::take(config, &call, needed) {
        return now(call, problem);
    }
    if !call.state.platform_limit || routes::is_remembered(&call) {
        return routes::dispatch(call, env);
    }
    Step::Later(Box::pin(async move {
        match limits::platform(&call, &env).await {
            Ok(()) => complete(routes::dispatch(call, env)).await,
            Err(problem) => call.finish(Reply::problem(problem)),
        }
    }))
}

#[cfg(feature = "plans")]
fn counted(call: Call, env: Env, _: Role) -> Step {
    match call.route == Route::Health.name() {
        true => Step::Later(Box::pin(health::deep(call, env))),
        false => Step::Later(Box::pin(routes::answer(call, env))),
    }
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

fn is_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

/// A problem, at once.
pub fn now(call: Call, problem: Problem) -> Step {
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

/// Requests that break something, for tests of a build that has them.
#[cfg(feature = "fault-injection")]
fn injected(path: &str) -> Option<fn(Call) -> Step> {
    #[allow(clippy::panic, reason = "this is what the test is about")]
    match path.strip_prefix(FAULTS)? {
        #[cfg(feature = "plans")]
        "database_lose" => Some(|call| {
            crate::store::faults::LOSE.with(|left| left.set(left.get() + 1));
            Step::Now(call, Reply::new(204, Content::Empty))
        }),
        #[cfg(feature = "plans")]
        "database_break" => Some(|call| {
            crate::store::faults::BREAK.with(|left| left.set(left.get() + 1));
            Step::Now(call, Reply::new(204, Content::Empty))
        }),
        "panic_now" => Some(|_| panic!("injected")),
        "panic_later" => Some(|_| {
            Step::Later(Box::pin(async {
                worker::Delay::from(std::time::Duration::from_millis(5)).await;
                panic!("injected")
            }))
        }),
        _ => None,
    }
}

/// Each worker has its own: a request for one of the private worker's passes the public one like any other.
#[cfg(all(feature = "fault-injection", feature = "plans"))]
const FAULTS: &str = "/api/plans/fault_";
#[cfg(all(feature = "fault-injection", not(feature = "plans")))]
const FAULTS: &str = "/fault_";
