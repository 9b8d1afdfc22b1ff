//! The edge worker: routes, callers, calls to Databricks. The only code that sees a credential.
//!
//! Requests enter through [`fetch`]. What can be answered without waiting (problems, cached spaces, health) is answered
//! synchronously, because a promise costs more than the whole work of such an answer. Everything else runs as one
//! future that the runtime is asked to finish even when the caller leaves, so that a shared call is never cut short.
//!
//! Two rules of the runtime shape this crate. IO belongs to the request that began it: shared state holds plain data,
//! never a handle, a future or a waker. And no borrow of shared state lives across an `.await`.

mod access;
mod answer;
mod assets;
mod audit;
mod batch;
mod call;
mod checks;
mod deploy;
mod genie;
mod handoffs;
mod health;
mod limits;
mod lineage;
mod lists;
mod panics;
mod plans;
mod preview;
mod runs;
mod serve;
mod session;
mod shared;
mod signin;
mod signing;
mod state;
mod statements;
mod store;
mod tasks;
mod upstream;
mod work;

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use worker::Env;
use worker::worker_sys::Context;

/// Answers one request: a `Response`, or a promise of one. Never throws and never rejects.
#[wasm_bindgen]
pub fn fetch(request: web_sys::Request, env: Env, context: &Context) -> JsValue {
    let state = state::State::get(&env);
    let call = call::Call::enter(&state, request);
    match serve::enter(&state, call, env) {
        serve::Step::Now(call, reply) => call.finish(reply).into(),
        serve::Step::Later(future) => {
            let promise = tasks::begin(future);
            // Runs on when the caller leaves: others may be waiting for the same answer. A refusal costs just that.
            let _ = context.wait_until(promise.unchecked_ref());
            promise.into()
        }
    }
}

/// One tick of the clock: looks at what has happened at Databricks. Never throws and never rejects.
#[wasm_bindgen]
pub fn scheduled(env: Env) -> JsValue {
    let state = state::State::get(&env);
    // The address is nobody's: the tick is written down and logged as a request is.
    let Ok(request) = web_sys::Request::new_with_str("https://tick.invalid/") else {
        return JsValue::UNDEFINED;
    };
    let call = call::Call::enter(&state, request);
    tasks::begin(Box::pin(serve::tick(call, env))).into()
}

/// The answer for a request that the worker died of. Called on a fresh instance by the entry module.
#[wasm_bindgen]
pub fn fetch_after_panic(request: web_sys::Request, env: &Env) -> JsValue {
    let state = state::State::get(env);
    let call = call::Call::enter(&state, request);
    call.finish(answer::Reply::problem(panics::problem())).into()
}

/// Calls `listener` once this instance has panicked, so that the entry module puts later requests on a fresh one.
#[wasm_bindgen]
pub fn on_panic(listener: js_sys::Function) {
    panics::install(listener);
}
