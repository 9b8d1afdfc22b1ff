//! The edge worker: routes, callers, calls to Databricks. The only code that sees a credential.
//!
//! Requests enter through [`fetch`]. What can be answered without waiting (problems, cached spaces, health) is answered
//! synchronously, because a promise costs more than the whole work of such an answer. Everything else runs as one
//! future that the runtime is asked to finish even when the caller leaves, so that a shared call is never cut short.
//!
//! Two workers are made of it. The public one, the default, has callers, spaces, signatures, the page, and hands the rest to
//! the private one (`behind.rs`). That one is this crate with the feature `plans`: plans, handoffs, sign-in, audit.
//!
//! Two rules of the runtime shape this crate. IO belongs to the request that began it: shared state holds plain data,
//! never a handle, a future or a waker. And no borrow of shared state lives across an `.await`.

// Each worker does without some helpers of the other; the linker drops them.
#![allow(dead_code)]

mod access;
mod answer;
mod call;
mod database;
mod facts;
mod genie;
mod health;
mod limits;
mod panics;
mod serve;
mod session;
mod signing;
mod state;
mod tasks;
mod upstream;

// The public worker.
#[cfg(not(feature = "plans"))]
mod assets;
#[cfg(not(feature = "plans"))]
mod behind;
#[cfg(not(feature = "plans"))]
mod proxy;
#[cfg(not(feature = "plans"))]
mod shared;

// The private worker.
#[cfg(feature = "plans")]
mod audit;
#[cfg(feature = "plans")]
mod batch;
#[cfg(feature = "plans")]
mod checks;
#[cfg(feature = "plans")]
mod deploy;
#[cfg(feature = "plans")]
mod handoffs;
#[cfg(feature = "plans")]
mod lineage;
#[cfg(feature = "plans")]
mod lists;
#[cfg(feature = "plans")]
mod plans;
#[cfg(feature = "plans")]
mod preview;
#[cfg(feature = "plans")]
mod rest;
#[cfg(feature = "plans")]
mod runs;
#[cfg(feature = "plans")]
mod signin;
#[cfg(feature = "plans")]
mod statements;
#[cfg(feature = "plans")]
mod store;
#[cfg(feature = "plans")]
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
        serve::Step::Now(call, reply) => {
            if reply.cache == Some("hit") {
                call.facts.remember(&state.facts);
            }
            call.finish_at_once(reply).into()
        }
        serve::Step::Later(future) => {
            let promise = tasks::begin(future);
            // Runs on when the caller leaves: others may be waiting for the same answer. A refusal costs just that.
            let _ = context.wait_until(promise.unchecked_ref());
            promise.into()
        }
    }
}

/// One tick of the clock: looks at what has happened at Databricks. Never throws and never rejects.
#[cfg(feature = "plans")]
#[wasm_bindgen]
pub fn scheduled(env: Env) -> JsValue {
    let state = state::State::get(&env);
    // The address is nobody's: the tick is written down and logged as a request is.
    let Ok(request) = web_sys::Request::new_with_str("https://tick.invalid/") else {
        return JsValue::UNDEFINED;
    };
    let call = call::Call::of_clock(&state, request);
    tasks::begin(Box::pin(rest::tick(call, env))).into()
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
