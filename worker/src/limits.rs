//! How often a caller may call: the isolate's own buckets, and the platform's limit when it is bound.

use edge::auth::CallerKind;
use edge::config::Config;
use edge::problem::{self, Problem};
use edge::roles::Role;
use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::*;
use worker::Env;

use crate::call::Call;
use crate::tasks::wait;

#[wasm_bindgen(module = "/src/limits.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn ask(limiter: &JsValue, key: &str) -> Result<Promise, JsValue>;
}

/// The name of the platform's binding in wrangler.toml. Its limit and period are set there.
pub const BINDING: &str = "RATE_LIMITER";
/// Seconds that a caller is told to wait when the platform says no, which does not say how long: its shorter period.
const PLATFORM_SECONDS: u32 = 10;

/// Counts a request against its caller.
///
/// # Errors
/// A problem with status 429 and the time to wait.
pub fn take(config: &Config, call: &Call, needed: Role) -> Result<(), Problem> {
    if call.kind == CallerKind::Open && !config.rates.configured {
        return Ok(());
    }
    let caller = call.caller.as_deref().unwrap_or_default();
    let now = call.started_ms();
    let state = &call.state;
    state.all_rates.borrow_mut().take(caller, now).map_err(too_many)?;
    if needed != Role::Viewer {
        state.write_rates.borrow_mut().take(caller, now).map_err(too_many)?;
    }
    Ok(())
}

/// Asks the platform, which counts for all isolates of a place. A limit that cannot be asked lets the request pass.
///
/// # Errors
/// A problem with status 429.
pub async fn platform(call: &Call, env: &Env) -> Result<(), Problem> {
    let Some(limiter) = Reflect::get(env, &BINDING.into()).ok().filter(JsValue::is_object) else {
        return Ok(());
    };
    let Ok(answer) = ask(&limiter, call.caller.as_deref().unwrap_or_default()) else { return Ok(()) };
    let success = wait(answer).await.and_then(|outcome| Reflect::get(&outcome, &"success".into()));
    match success.ok().and_then(|success| success.as_bool()) {
        Some(false) => Err(too_many(PLATFORM_SECONDS)),
        _ => Ok(()),
    }
}

fn too_many(seconds: u32) -> Problem {
    Problem::new(
        problem::TOO_MANY_REQUESTS,
        "This server limits how often one caller may call. Nothing was done; wait and repeat.",
    )
    .after(Some(seconds))
}
