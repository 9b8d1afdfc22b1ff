//! Calls to Databricks: credential, deadlines, retries, limits.

use std::time::Duration;

use databricks::{Doubt, Failure, parse_retry_after, retry_delay_ms};
use edge::breaker::Pass;
use edge::config::{Config, Credential};
use edge::problem::{self, Problem};
use edge::secret::Secret;
use edge::token::{Decision, parse_grant};
use js_sys::{Date, Function, Math, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use worker::Delay;

use crate::call::Upstream;
use crate::session;
use crate::state::State;
use crate::tasks::wait_for;

/// Sent with every call. The product first, as the vendor's SDKs do.
const USER_AGENT: &str = concat!("genie-handoff/", env!("CARGO_PKG_VERSION"));
/// An error body is read this far, to find its code.
pub const ERROR_BYTES: u32 = 64 << 10;

/// An answer with a success status.
pub struct Good {
    pub bytes: Uint8Array,
}

/// Why there is no such answer. Plain data, because it is shared between requests.
#[derive(Debug, Clone)]
pub enum Fault {
    /// Databricks answered with an error. `spoken`: in the words of its interface; without them the status may come from
    /// something in front of it, and says nothing about what was asked for.
    Failed { failure: Failure, status: u16, retry_after: Option<u32>, as_person: bool, spoken: bool },
    /// No connection, or it ended before an answer began.
    Unreachable(String),
    /// Not in time.
    Slow,
    /// An answer that is cut short, too large or not JSON.
    Unreadable(&'static str),
    /// No OAuth token could be had.
    NoToken(&'static str),
    /// The signed-in person's tokens are no longer accepted, or gone.
    SignedOut(&'static str),
    /// Not asked: the workspace has failed too often just now. Seconds until it is worth asking again.
    Resting(u32),
    /// A person's tokens could not be looked up.
    NoDatabase(String),
}

impl Fault {
    /// What the caller hears, in general; routes treat some failures themselves.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Failed { failure: Failure::RateLimited, retry_after, .. } => Problem::new(
                problem::UPSTREAM_BUSY,
                "Databricks limits the number of requests. They were repeated as long as it made sense; try again later.",
            )
            .after(Some(retry_after.unwrap_or(1))),
            Self::Failed { failure: Failure::Unauthenticated, as_person: true, .. } | Self::SignedOut(_) => {
                session::ended()
            }
            Self::Failed { failure: Failure::Denied, as_person: true, .. } => Problem::new(
                problem::DATABRICKS_DENIED,
                "Databricks was asked as you, and does not let you do this. Whoever owns it there can grant the right.",
            ),
            Self::Failed { failure: Failure::Unauthenticated, .. } => Problem::new(
                problem::UPSTREAM_REFUSED_US,
                "Databricks refused the server's own credential. An administrator has to renew it; yours is not at fault.",
            ),
            Self::Failed { failure: Failure::Denied, .. } => Problem::new(
                problem::UPSTREAM_REFUSED_US,
                "The server's credential lacks the right for this in Databricks. An administrator has to grant it.",
            ),
            Self::Failed { failure: Failure::Redirected, .. } => Problem::new(
                problem::UPSTREAM_REDIRECTED,
                "Databricks answered with a redirect. It was not followed, because a credential must not travel to another host.",
            ),
            Self::Failed { retry_after, .. } => Problem::new(
                problem::UPSTREAM_FAILED,
                "Databricks answered with an error. The log has its status under the request id.",
            )
            .after(*retry_after),
            Self::Unreachable(_) => {
                Problem::new(problem::UPSTREAM_UNREACHABLE, "There is no connection to Databricks. Nothing was changed.")
                    .after(Some(2))
            }
            Self::Resting(seconds) => Problem::new(
                problem::BREAKER_OPEN,
                "Databricks has failed several times in a row, so it is not asked for a while. Nothing was changed.",
            )
            .after(Some(*seconds)),
            Self::NoDatabase(_) => Problem::new(
                problem::DATABASE_UNREACHABLE,
                "Your session could not be looked up, because the database did not answer. Nothing was done.",
            )
            .after(Some(2)),
            Self::Slow => Problem::new(problem::UPSTREAM_SLOW, "Databricks did not answer in time. Nothing was changed."),
            Self::Unreadable(_) => Problem::new(
                problem::UPSTREAM_UNREADABLE,
                "The answer of Databricks was cut short, too large or not JSON. Nothing of it is shown.",
            ),
            Self::NoToken(_) => Problem::new(
                problem::UPSTREAM_REFUSED_US,
                "Databricks gave the server no token for its client id and secret. An administrator has to look at them.",
            ),
        }
    }

    #[allow(dead_code, reason = "the first routes that write upstream follow")]
    /// What is known about a write that ended like this.
    pub fn doubt(&self) -> Doubt {
        match self {
            Self::Failed { failure, .. } => failure.doubt(),
            Self::Unreachable(_) | Self::Slow | Self::Unreadable(_) => Doubt::Unknown,
            Self::NoToken(_) | Self::SignedOut(_) | Self::Resting(_) | Self::NoDatabase(_) => Doubt::Refused,
        }
    }

    /// For the log. Never text of the answer: it can quote headers.
    pub fn cause(&self) -> String {
        match self {
            Self::Failed { failure, status, as_person: true, .. } => {
                format!("upstream status {status}, {failure:?}, as the person")
            }
            Self::Failed { failure, status, .. } => format!("upstream status {status}, {failure:?}"),
            Self::Resting(_) => "the breaker is open".to_owned(),
            Self::NoDatabase(text) => format!("database: {text}"),
            Self::Unreachable(text) => format!("no connection: {text}"),
            Self::Slow => "deadline".to_owned(),
            Self::Unreadable(what) | Self::NoToken(what) | Self::SignedOut(what) => (*what).to_owned(),
        }
    }
}

impl Fault {
    /// Whether this says that the host itself is in trouble, and not that it refuses something.
    pub fn is_host_trouble(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Slow => true,
            Self::Failed { status, .. } => matches!(status, 502..=504),
            _ => false,
        }
    }

    /// The same fault of a call that was made with a person's token.
    pub fn of_person(mut self) -> Self {
        if let Self::Failed { as_person, .. } = &mut self {
            *as_person = true;
        }
        self
    }
}

/// Reads `url` as whoever `spent` acts for (a signed-in person, else the server), again where that is harmless and useful, within the total deadline.
pub async fn get(state: &State, config: &Config, url: &str, spent: &mut Upstream) -> Result<Good, Fault> {
    let began = Date::now();
    let total = f64::from(config.limits.total_ms);
    let mut attempt = 1;
    let mut renewed = false;
    let mut refused = None;
    loop {
        let left = began + total - Date::now();
        if left <= 0.0 {
            return Err(Fault::Slow);
        }
        let deadline = (left as u32).min(config.limits.attempt_ms);
        let person = spent.person.clone();
        let token = match &person {
            Some(person) => {
                session::token(state, config, person, refused.as_ref(), began + total, spent).await?
            }
            None => token(state, config, began + total, spent).await?,
        };
        let fault = match once(state, config, url, &token, deadline, spent).await {
            Ok(good) => return Ok(good),
            Err(fault) if person.is_some() => fault.of_person(),
            Err(fault) => fault,
        };
        let retry_after = match &fault {
            // The token may have been revoked: leave this very one, get another, try once more.
            Fault::Failed { failure: Failure::Unauthenticated, .. }
                if person.is_some() && refused.is_none() =>
            {
                refused = Some(token);
                continue;
            }
            Fault::Failed { failure: Failure::Unauthenticated, as_person: false, .. }
                if !renewed && is_oauth(config) =>
            {
                state.tokens.borrow_mut().discard(&token);
                renewed = true;
                continue;
            }
            Fault::Failed { failure, retry_after, .. } if failure.is_retryable() => *retry_after,
            // A lost connection is tried once more: a pooled one may simply have been closed meanwhile.
            Fault::Unreachable(_) if attempt == 1 => None,
            _ => return Err(fault),
        };
        attempt += 1;
        let left = (began + total - Date::now()).max(0.0) as u32;
        match retry_delay_ms(attempt, retry_after, Math::random(), left) {
            Some(wait) => Delay::from(Duration::from_millis(u64::from(wait))).await,
            None => return Err(fault),
        }
    }
}

/// Sends one write with the server's credential, once.
///
/// Nothing is repeated here but a request that was refused for a token that has expired: what a lost reply means is for
/// the caller to find out, [`Fault::doubt`] says whether it has to.
#[allow(dead_code, reason = "the first routes that write upstream follow")]
pub async fn send(
    state: &State,
    config: &Config,
    url: &str,
    body: &str,
    deadline_ms: u32,
    spent: &mut Upstream,
) -> Result<Good, Fault> {
    let until = Date::now() + f64::from(deadline_ms);
    let mut renewed = false;
    loop {
        let token = token(state, config, until, spent).await?;
        let headers = Object::new();
        set(&headers, "authorization", &format!("Bearer {}", token.expose()).into());
        set(&headers, "accept", &"application/json".into());
        set(&headers, "content-type", &"application/json".into());
        set(&headers, "user-agent", &USER_AGENT.into());
        let init = Object::new();
        set(&init, "method", &"POST".into());
        set(&init, "redirect", &"manual".into());
        set(&init, "headers", &headers);
        set(&init, "body", &body.into());
        let left = (until - Date::now()).max(0.0) as u32;
        let deadline = left.min(config.limits.attempt_ms);
        match ask(state, url, &init, deadline, config.limits.answer_bytes, spent).await {
            Err(Fault::Failed { failure: Failure::Unauthenticated, .. }) if !renewed && is_oauth(config) => {
                state.tokens.borrow_mut().discard(&token);
                renewed = true;
            }
            result => return result,
        }
    }
}

/// One call, with a deadline that covers headers and body.
async fn once(
    state: &State,
    config: &Config,
    url: &str,
    token: &Secret,
    deadline_ms: u32,
    spent: &mut Upstream,
) -> Result<Good, Fault> {
    let init = request_init(state, token);
    ask(state, url, &init, deadline_ms, config.limits.answer_bytes, spent).await
}

/// One call to the workspace, unless its breaker is open.
async fn ask(
    state: &State,
    url: &str,
    init: &Object,
    deadline_ms: u32,
    limit: u32,
    spent: &mut Upstream,
) -> Result<Good, Fault> {
    let began = Date::now();
    let pass = state.breaker.borrow_mut().ask(began, began + f64::from(deadline_ms) + 500.0);
    if let Pass::Rest(seconds) = pass {
        return Err(Fault::Resting(seconds));
    }
    spent.calls += 1;
    let result = exchange(url, init, deadline_ms, limit).await;
    let now = Date::now();
    spent.ms += now - began;
    let alive = !result.as_ref().is_err_and(Fault::is_host_trouble);
    state.breaker.borrow_mut().report(alive, now);
    result
}

/// One call with a person's token that is not a session's yet.
pub async fn get_with(
    state: &State,
    config: &Config,
    url: &str,
    token: &Secret,
    spent: &mut Upstream,
) -> Result<Good, Fault> {
    once(state, config, url, token, config.limits.attempt_ms, spent).await.map_err(Fault::of_person)
}

/// Posts a form to the workspace's token endpoint. `basic` is the client's credential, when it has one.
pub async fn token_request(
    state: &State,
    config: &Config,
    form: &str,
    basic: Option<&Secret>,
    deadline_ms: u32,
    spent: &mut Upstream,
) -> Result<Good, Fault> {
    let headers = Object::new();
    if let Some(basic) = basic {
        set(&headers, "authorization", &basic.expose().into());
    }
    set(&headers, "accept", &"application/json".into());
    set(&headers, "content-type", &"application/x-www-form-urlencoded".into());
    set(&headers, "user-agent", &USER_AGENT.into());
    let init = Object::new();
    set(&init, "method", &"POST".into());
    set(&init, "redirect", &"manual".into());
    set(&init, "headers", &headers);
    set(&init, "body", &form.into());
    ask(state, &config.token_url(), &init, deadline_ms, ERROR_BYTES, spent).await
}

/// The call's options, made anew only when the credential changes. `exchange` sets the deadline of each call.
pub fn request_init(state: &State, token: &Secret) -> Object {
    let mut slot = state.request_init.borrow_mut();
    match &*slot {
        Some((of, init)) if of == token => init.clone(),
        _ => {
            let headers = Object::new();
            set(&headers, "authorization", &format!("Bearer {}", token.expose()).into());
            set(&headers, "accept", &"application/json".into());
            set(&headers, "user-agent", &USER_AGENT.into());
            let init = Object::new();
            set(&init, "redirect", &"manual".into());
            set(&init, "headers", &headers);
            *slot = Some((token.clone(), init.clone()));
            init
        }
    }
}

/// Sets a property of one of our own plain objects, which cannot fail.
fn set(object: &Object, key: &str, value: &JsValue) {
    let _ = Reflect::set(object, &key.into(), value);
}

#[wasm_bindgen(module = "/src/exchange.js")]
extern "C" {
    /// What `exchange` resolves to.
    pub type Answer;

    #[wasm_bindgen(method, getter)]
    fn status(this: &Answer) -> u16;
    #[wasm_bindgen(method, getter, js_name = retryAfter)]
    fn retry_after(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn body(this: &Answer) -> Option<Uint8Array>;
    #[wasm_bindgen(method, getter)]
    fn failure(this: &Answer) -> Option<String>;

    #[wasm_bindgen(js_name = exchange)]
    fn begin_exchange(
        task: u32,
        resume: &Function,
        url: &str,
        init: &Object,
        milliseconds: u32,
        limit: u32,
        error_limit: u32,
    );
    #[wasm_bindgen(js_name = exchangeAll)]
    pub fn begin_exchanges(
        task: u32,
        resume: &Function,
        urls: &str,
        init: &Object,
        milliseconds: u32,
        each: u32,
        limit: u32,
        error_limit: u32,
        at_once: u32,
    );
    /// The body of a request, or `undefined` when it is over the limit.
    #[wasm_bindgen(js_name = read)]
    pub fn read_request(request: &web_sys::Request, limit: u32) -> Promise;
}

/// Sends one request and reads the whole answer.
pub async fn exchange(url: &str, init: &Object, deadline_ms: u32, limit: u32) -> Result<Good, Fault> {
    let begun =
        wait_for(|task, resume| begin_exchange(task, resume, url, init, deadline_ms, limit, ERROR_BYTES));
    match begun.await {
        Ok(answer) => judged(answer.unchecked_ref()),
        Err(error) => Err(Fault::Unreachable(message(&error))),
    }
}

/// What an answer comes to.
pub fn judged(answer: &Answer) -> Result<Good, Fault> {
    let status = answer.status();
    let failure = answer.failure();
    match failure.as_deref() {
        Some("slow") => return Err(Fault::Slow),
        Some("unreachable") => return Err(Fault::Unreachable("no answer".to_owned())),
        _ => {}
    }
    let body = answer.body();
    if (200..300).contains(&status) {
        return match body {
            Some(bytes) => Ok(Good { bytes }),
            None => Err(match failure.as_deref() {
                Some("type") => Fault::Unreadable("content type is not JSON"),
                Some("large") => Fault::Unreadable("answer over the size limit"),
                _ => Fault::Unreadable("answer cut short"),
            }),
        };
    }
    let retry_after = answer.retry_after().and_then(|text| parse_retry_after(&text));
    let body = body.map(|bytes| bytes.to_vec()).unwrap_or_default();
    // Status 0 is what an opaque redirect has.
    let failure = if status == 0 { Failure::Redirected } else { Failure::classify(status, &body) };
    let spoken = databricks::is_error_of_the_api(&body);
    Err(Fault::Failed { failure, status, retry_after, as_person: false, spoken })
}

fn message(error: &JsValue) -> String {
    Reflect::get(error, &"message".into()).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

pub fn is_oauth(config: &Config) -> bool {
    matches!(config.credential, Credential::ServicePrincipal { .. })
}

/// The token to send: the configured one, or the service principal's current one.
///
/// One request fetches; the others look again at their own pace, because one request may not wake another. A fetch in
/// the background (the old token still lives) is done by the request that drew the lot, after its own answer would be
/// slower by one call: that is rare and keeps this free of detached work.
pub async fn token(
    state: &State,
    config: &Config,
    until_ms: f64,
    spent: &mut Upstream,
) -> Result<Secret, Fault> {
    if let Some(token) = state.static_token() {
        return Ok(token);
    }
    let mut looks = 0;
    let mut failures_before = None;
    loop {
        let now = Date::now();
        if now >= until_ms {
            return Err(Fault::Slow);
        }
        let attempt_ms = f64::from(config.limits.attempt_ms).min(until_ms - now);
        let decision = state.tokens.borrow_mut().decide(now, now + attempt_ms + 1000.0);
        match decision {
            Decision::Use(token) => return Ok(token),
            Decision::UseAndFetch(token) => {
                // The old token serves should this fail.
                let fetched = fetch_token(state, config, attempt_ms as u32, spent).await;
                return Ok(fetched.unwrap_or(token));
            }
            Decision::Fetch => match failures_before {
                // The fetch that was waited for has failed just now; its error is this request's as well.
                Some(before) if before < state.tokens.borrow().failures() => {
                    state.tokens.borrow_mut().release();
                    return Err(Fault::NoToken("token endpoint refused or unreachable"));
                }
                _ => return fetch_token(state, config, attempt_ms as u32, spent).await,
            },
            Decision::Wait(failures) => {
                if failures_before.is_some_and(|before| before < failures) {
                    return Err(Fault::NoToken("token endpoint refused or unreachable"));
                }
                failures_before = Some(failures);
                let pause = edge::cache::follower_pause_ms(looks);
                looks += 1;
                Delay::from(Duration::from_millis(u64::from(pause))).await;
            }
        }
    }
}

/// Exchanges client id and secret for a token.
/// <https://docs.databricks.com/aws/en/dev-tools/auth/oauth-m2m>
async fn fetch_token(
    state: &State,
    config: &Config,
    deadline_ms: u32,
    spent: &mut Upstream,
) -> Result<Secret, Fault> {
    let Credential::ServicePrincipal { client_id, client_secret } = &config.credential else {
        return Err(Fault::NoToken("no client id"));
    };
    let basic = edge::auth::basic(client_id, client_secret);
    let form = "grant_type=client_credentials&scope=all-apis";
    let answer = token_request(state, config, form, Some(&basic), deadline_ms, spent).await;
    let grant = match answer {
        Ok(good) => parse_grant(&good.bytes.to_vec()).ok_or(Fault::Unreadable("token answer is not a grant")),
        // Whatever it refuses, it refuses our client.
        Err(Fault::Failed {
            failure: Failure::Unauthenticated | Failure::Denied | Failure::Rejected | Failure::NotFound,
            ..
        }) => Err(Fault::NoToken("token endpoint refused the client")),
        Err(fault) => Err(fault),
    };
    let now = Date::now();
    let mut tokens = state.tokens.borrow_mut();
    match grant {
        Ok((token, lifetime)) => {
            tokens.store(token.clone(), lifetime, now);
            Ok(token)
        }
        Err(fault) => {
            tokens.fail(now);
            Err(fault)
        }
    }
}
