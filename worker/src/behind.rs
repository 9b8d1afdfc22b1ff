//! The worker behind this one: plans, handoffs, sign-in, the audit log.
//!
//! A request for one of its routes goes to the worker bound as [`BINDING`] as it came, with the id that it has here, and its
//! answer comes back as it is. Who calls, what they may do and how often is decided here first; the other worker has the
//! same settings, asks for the same credentials again and takes nobody's word for anything but the id. A service binding is
//! reachable for its owner only, and not for the internet.
//! <https://developers.cloudflare.com/workers/runtime-apis/bindings/service-bindings/http/>

use edge::config::Limits;
use edge::problem::{self, Problem};
use edge::route::Route;
use js_sys::{Function, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::Response;
use worker::Env;

use crate::answer::{Content, Reply, copied};
use crate::call::Call;
use crate::session;
use crate::tasks::{wait, wait_for};
use crate::upstream;

/// The name of the binding in wrangler.toml.
const BINDING: &str = "PLANS";
/// Status of a log line when nobody waits for the answer any more.
const LEFT: u16 = 499;
/// Longest answer about its health.
const HEALTH_BYTES: u32 = 16 << 10;

#[wasm_bindgen(module = "/src/behind.js")]
extern "C" {
    /// Runs the task on with the other worker's response, or with a word of why there is none.
    #[wasm_bindgen(js_name = handOver)]
    fn hand_over(
        task: u32,
        resume: &Function,
        worker: &JsValue,
        request: &JsValue,
        id: &str,
        milliseconds: u32,
    );
}

/// Why there is no answer.
enum Fault {
    NotBound,
    Left,
    Failed(&'static str),
}

async fn ask(call: &Call, env: &Env) -> Result<Response, Fault> {
    let worker = Reflect::get(env, &BINDING.into()).unwrap_or_default();
    if !worker.is_object() {
        return Err(Fault::NotBound);
    }
    let limits = call.state.config.as_ref().map_or_else(|_| Limits::default(), |config| config.limits);
    // The request itself: its own `clone` would split the body in two.
    let request = AsRef::<JsValue>::as_ref(&call.request).clone();
    let id = call.id.as_str();
    let asked = wait_for(move |task, resume| {
        hand_over(task, resume, &worker, &request, id, limits.plans_ms);
    });
    match asked.await {
        Ok(response) => response.dyn_into().map_err(|_| Fault::Failed("no response")),
        // What an exception says may quote the request, so there is only a word.
        Err(word) => Err(match word.as_string().as_deref() {
            Some("left") => Fault::Left,
            Some("late") => Fault::Failed("no answer in time"),
            _ => Fault::Failed("the call failed"),
        }),
    }
}

/// Asks the other worker and answers what it says.
pub async fn answer(mut call: Call, env: Env) -> Response {
    let asked = ask(&call, &env).await;
    let signs = [Route::Logout.name(), Route::Callback.name()].contains(&call.route);
    if let (true, Some(cookie)) = (signs, session::cookie(&call)) {
        // The other worker may have ended this session. It is looked up again, should it come once more.
        session::forget(&call.state, &cookie);
    }
    let reply = match asked {
        Ok(response) => {
            let status = response.status();
            // Cookies are renewed here, and nowhere else; an answer that comes with nothing to add stays as it is.
            match call.renewed.is_some().then(|| copied(&response)) {
                Some(Ok(copy)) => Reply::new(status, Content::Whole(copy)),
                _ => {
                    call.renewed = None;
                    Reply::new(status, Content::Passed(response))
                }
            }
        }
        Err(Fault::NotBound) => Reply::problem(Problem::new(
            problem::PLANS_ABSENT,
            "Plans, handoffs and sign-in are in another worker, and none is bound as PLANS. An administrator has to deploy it and bind it.",
        )),
        // Nobody hears it; the log does.
        Err(Fault::Left) => Reply::new(LEFT, Content::Empty).because("the caller has left"),
        Err(Fault::Failed(cause)) => Reply::problem(Problem::new(
            problem::PLANS_UNREACHABLE,
            "The part of this server that has plans, handoffs and sign-in did not answer. A change may have been done all the same: look before you repeat it.",
        ))
        .because(cause),
    };
    call.finish(reply)
}

/// How the other worker says it is, in a word. `call` is a question for health with a credential.
pub async fn health(call: &Call, env: &Env) -> &'static str {
    let response = match ask(call, env).await {
        Ok(response) => response,
        Err(Fault::NotBound) => return "not bound",
        Err(_) => return "unreachable",
    };
    let body = wait(upstream::read_request(response.unchecked_ref(), HEALTH_BYTES)).await;
    let body = body.map(|body| body.unchecked_into::<Uint8Array>().to_vec()).unwrap_or_default();
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    if body.get("status") == Some(&serde_json::Value::from("ok")) { "ok" } else { "degraded" }
}
