//! Reads that several requests may share: the cache, and one call upstream for equal requests at the same time.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use edge::cache::{Look, Role, follower_pause_ms};
use js_sys::Date;
use worker::Delay;

use crate::answer::Reply;
use crate::call::{Call, Upstream};
use crate::genie::Outcome;
use crate::upstream::Fault;

/// A call that has not begun: futures do nothing until they are awaited.
pub type Loader = Pin<Box<dyn Future<Output = (Outcome, Upstream)>>>;

/// Whether the caller refuses a stored answer (`Cache-Control: no-cache`).
pub fn wants_fresh(call: &Call) -> bool {
    call.cache_control().is_some_and(|value| {
        value.split(',').any(|part| matches!(part.trim(), "no-cache" | "no-store" | "max-age=0"))
    })
}

/// The stored answer for `key`, if the caller takes it.
pub fn cached(call: &Call, key: &str) -> Option<Reply> {
    let ttl = f64::from(call.state.config.as_ref().ok()?.limits.cache_ms);
    let bytes = call.state.cache.borrow().get(key, call.started_ms(), ttl).map(|(bytes, _)| bytes.clone())?;
    (!wants_fresh(call)).then(|| Outcome::Good(bytes).reply("hit"))
}

/// Loads once for all requests with this `key` that are here at the same time; keeps a good answer when `keep`.
///
/// The load runs inside the first request, which the runtime finishes even when its caller leaves. The others look for
/// the result at growing intervals: futures and wakers must not cross between requests.
///
/// `loader` is boxed, so that this is compiled once and not once per route.
pub async fn load(call: &mut Call, key: String, keep: bool, loader: Loader) -> Reply {
    let total = call.state.config.as_ref().map_or(0.0, |config| f64::from(config.limits.total_ms));
    let give_up = Date::now() + total + 1000.0;
    let mut loader = Some(loader);
    loop {
        let now = Date::now();
        // A little longer than the leader may take, so that its own verdict comes first.
        let role = call.state.flights.borrow_mut().join(&key, now, now + total + 500.0);
        match role {
            Role::Leader(ticket) => {
                let Some(loader) = loader.take() else {
                    return Outcome::from(Fault::Slow).reply("miss");
                };
                let (outcome, spent) = loader.await;
                call.upstream.add(&spent);
                let state = &call.state;
                state.flights.borrow_mut().settle(&key, ticket, outcome.clone());
                if let (true, Outcome::Good(bytes)) = (keep, &outcome) {
                    let size = bytes.length() as usize;
                    state.cache.borrow_mut().put(key, bytes.clone(), size, Date::now());
                }
                return outcome.reply("miss");
            }
            Role::Follower(ticket) => {
                let mut looks = 0;
                loop {
                    Delay::from(Duration::from_millis(u64::from(follower_pause_ms(looks)))).await;
                    looks += 1;
                    let now = Date::now();
                    let look = call.state.flights.borrow_mut().look(&key, ticket, now);
                    match look {
                        Look::Done(outcome) => return outcome.reply("shared"),
                        Look::Pending if now < give_up => {}
                        Look::Pending => return Outcome::from(Fault::Slow).reply("shared"),
                        // The leader's place is free: join again, perhaps as the next leader.
                        Look::Gone => break,
                    }
                }
            }
        }
        if Date::now() >= give_up {
            return Outcome::from(Fault::Slow).reply("shared");
        }
    }
}
