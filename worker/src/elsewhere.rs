//! The routes that another worker has, in the build without plans.
//!
//! A request for one of them goes to the worker bound as [`BINDING`] as it came, and its answer comes back as it is. Nothing
//! is added that the other worker would have to trust: it has the same settings and asks for the same credentials, so
//! whoever it would refuse is refused. A service binding is reachable for its owner only, and not for the internet.
//! <https://developers.cloudflare.com/workers/runtime-apis/bindings/service-bindings/http/>

use edge::log::is_request_id;
use edge::problem::{self, Problem};
use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::Response;
use worker::Env;

use crate::answer::{Content, Reply};
use crate::call::Call;
use crate::tasks::wait_for;

/// The name of the binding in wrangler.front.toml.
const BINDING: &str = "PLANS";
/// How long the other worker may take until its answer begins, in milliseconds. Its own deadlines are shorter.
const PATIENCE_MS: u32 = 60_000;

#[wasm_bindgen(module = "/src/elsewhere.js")]
extern "C" {
    /// Resolves to the other worker's response, or to nothing when it is late.
    #[wasm_bindgen(js_name = handOver)]
    fn hand_over(task: u32, resume: &Function, worker: &JsValue, request: &JsValue, milliseconds: u32);
}

/// Whether there is another worker. Then its description of the interface is the one that holds for both.
pub fn is_bound(env: &Env) -> bool {
    Reflect::get(env, &BINDING.into()).is_ok_and(|worker| worker.is_object())
}

/// Asks the other worker and answers what it says.
pub async fn answer(mut call: Call, env: Env) -> Response {
    let worker = Reflect::get(&env, &BINDING.into()).unwrap_or_default();
    if !is_bound(&env) {
        let detail = "This server is the proxy to Genie alone. Plans, handoffs and sign-in are in another worker, and none is bound as PLANS.";
        return call.finish(Reply::problem(Problem::new(problem::PLANS_ABSENT, detail)));
    }
    // The request itself: its own `clone` would split the body in two.
    let request = AsRef::<JsValue>::as_ref(&call.request).clone();
    let answered =
        wait_for(move |task, resume| hand_over(task, resume, &worker, &request, PATIENCE_MS)).await;
    match answered.map(JsCast::dyn_into::<Response>) {
        Ok(Ok(response)) => {
            // One id for the request in both logs: the one that the caller sees.
            if let Some(id) =
                response.headers().get("x-request-id").ok().flatten().filter(|id| is_request_id(id))
            {
                call.id = id;
            }
            call.finish(Reply::new(response.status(), Content::Passed(response)))
        }
        Ok(Err(_)) => call.finish(unreachable("no answer in time")),
        // What an exception says may quote the request.
        Err(_) => call.finish(unreachable("the call failed")),
    }
}

/// The same: pages with an address of their own are about what the other worker has.
pub use answer as page;

/// The clock is the other worker's as well.
pub async fn tick(call: Call, _env: Env) -> Response {
    call.finish(Reply::new(204, Content::Empty))
}

fn unreachable(cause: &str) -> Reply {
    let detail = "The part of this server that has plans, handoffs and sign-in did not answer. A change may have been done all the same: look before you repeat it.";
    Reply::problem(Problem::new(problem::PLANS_UNREACHABLE, detail)).because(cause)
}
