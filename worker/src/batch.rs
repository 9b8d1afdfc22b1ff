//! Several reads of Databricks for one request: a few at a time, within one deadline.

use std::time::Duration;

use databricks::{Failure, retry_delay_ms};
use edge::breaker::Pass;
use edge::config::Config;
use js_sys::{Array, Date, Math};
use wasm_bindgen::{JsCast, JsValue};
use worker::Delay;

use crate::call::Upstream;
use crate::session;
use crate::state::State;
use crate::tasks::wait_for;
use crate::upstream::{self, Fault, Good};

/// Calls at a time. The runtime lets six wait for their answers; one stays free for the database.
const AT_ONCE: u32 = 5;

/// Reads `urls` as whoever `spent` acts for, each again where that is harmless and useful, until `until_ms` (milliseconds since 1970). There is one
/// result for each address, in order; what is not there in time is [`Fault::Slow`].
pub async fn get_all(
    state: &State,
    config: &Config,
    urls: &[String],
    until_ms: f64,
    spent: &mut Upstream,
) -> Vec<Result<Good, Fault>> {
    let mut results: Vec<Result<Good, Fault>> = urls.iter().map(|_| Err(Fault::Slow)).collect();
    let mut open: Vec<usize> = (0..urls.len()).collect();
    let mut attempt = 1;
    let mut renewed = false;
    let mut revoked = None;
    while !open.is_empty() {
        let left = until_ms - Date::now();
        if left <= 0.0 {
            break;
        }
        let person = spent.person.clone();
        let token = match &person {
            Some(person) => session::token(state, config, person, revoked.as_ref(), until_ms, spent).await,
            None => upstream::token(state, config, until_ms, spent).await,
        };
        let now = Date::now();
        let token = token.and_then(|token| {
            let until = now + f64::from(config.limits.attempt_ms) + 500.0;
            match state.breaker.borrow_mut().ask(now, until) {
                Pass::Rest(seconds) => Err(Fault::Resting(seconds)),
                Pass::Go => Ok(token),
            }
        });
        let token = match token {
            Ok(token) => token,
            Err(fault) => {
                for index in open {
                    put(&mut results, index, Err(fault.clone()));
                }
                break;
            }
        };
        let init = upstream::request_init(state, &token);
        let wanted: Vec<&str> =
            open.iter().filter_map(|index| urls.get(*index)).map(String::as_str).collect();
        let text = serde_json::to_string(&wanted).unwrap_or_default();
        let began = Date::now();
        spent.calls += open.len() as u32;
        let answers = wait_for(|task, resume| {
            upstream::begin_exchanges(
                task,
                resume,
                &text,
                &init,
                left as u32,
                config.limits.attempt_ms,
                config.limits.answer_bytes,
                upstream::ERROR_BYTES,
                AT_ONCE,
            );
        })
        .await;
        spent.ms += Date::now() - began;
        let answers: Array = answers.unwrap_or(JsValue::UNDEFINED).dyn_into().unwrap_or_default();
        let mut again = Vec::new();
        let mut wait = None;
        let mut refused = false;
        for (place, index) in open.iter().enumerate() {
            let answer = answers.get(place as u32);
            let result =
                if answer.is_object() { upstream::judged(answer.unchecked_ref()) } else { Err(Fault::Slow) };
            let alive = !result.as_ref().is_err_and(Fault::is_host_trouble);
            state.breaker.borrow_mut().report(alive, Date::now());
            let result = if person.is_some() { result.map_err(Fault::of_person) } else { result };
            match &result {
                Err(Fault::Failed { failure: Failure::Unauthenticated, .. })
                    if !renewed && (person.is_some() || upstream::is_oauth(config)) =>
                {
                    refused = true;
                    again.push(*index);
                }
                Err(Fault::Failed { failure, retry_after, .. }) if failure.is_retryable() => {
                    again.push(*index);
                    wait = wait.max(*retry_after);
                }
                Err(Fault::Unreachable(_)) if attempt == 1 => again.push(*index),
                _ => {}
            }
            put(&mut results, *index, result);
        }
        if refused {
            // Leave this very token, get another, try once more.
            match person {
                Some(_) => revoked = Some(token),
                None => state.tokens.borrow_mut().discard(&token),
            }
            renewed = true;
        }
        attempt += 1;
        let left = (until_ms - Date::now()).max(0.0) as u32;
        match retry_delay_ms(attempt, wait, Math::random(), left) {
            Some(pause) if !again.is_empty() => {
                if !refused {
                    Delay::from(Duration::from_millis(u64::from(pause))).await;
                }
            }
            _ => break,
        }
        open = again;
    }
    results
}

fn put(results: &mut [Result<Good, Fault>], index: usize, result: Result<Good, Fault>) {
    if let Some(place) = results.get_mut(index) {
        *place = result;
    }
}
