//! Sessions: from a cookie to a person, and the person's token for Databricks.

mod rows;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use databricks::Failure;
use edge::config::Config;
use edge::headers::is_own_origin;
use edge::problem::{self, Problem};
use edge::secret::Secret;
use edge::signin::{COOKIE_MS, Cookie, SignIn, TRUST_MS, Ticket, Tokens, session_key_of};
use js_sys::{Date, Promise, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use worker::Delay;

use crate::call::{Call, Upstream};
use crate::database::Database;
use crate::state::State;
use crate::tasks::wait;
use crate::upstream::{self, Fault};

/// A signed-in person, as an isolate remembers them. Plain data; requests share it.
pub struct Session {
    /// What the database knows the session by.
    pub key: String,
    pub caller: Rc<str>,
    /// For people.
    pub name: String,
    /// When the session ends for good, in milliseconds since 1970.
    pub ends_ms: f64,
    tokens: RefCell<Tokens>,
}

/// On whose behalf a request asks Databricks: a session, and the request's own way to the database.
#[derive(Clone)]
pub struct Person {
    pub session: Rc<Session>,
    pub database: Rc<Database>,
}

/// What a cookie came to.
pub enum Entered {
    /// A session, and a cookie that replaces the one that was sent, when that is half through its life.
    Session(Rc<Session>, Option<String>),
    /// None that lives.
    Ended,
    /// The database could not be asked.
    Unknown(String),
}

#[wasm_bindgen(module = "/src/seal.js")]
extern "C" {
    fn seal(key: &[u8], label: &str, text: &str) -> Promise;
    fn unseal(key: &[u8], label: &str, sealed: &[u8]) -> Promise;
    /// Random bytes.
    pub fn random(length: u32) -> Vec<u8>;
}

/// Seals a value for one purpose.
pub async fn sealed(sign_in: &SignIn, label: &str, value: &impl Serialize) -> Option<String> {
    let text = serde_json::to_string(value).ok()?;
    let bytes = wait(seal(&sign_in.keys.current().bytes(), label, &text)).await.ok()?;
    Some(sign_in.keys.wrap(&bytes.unchecked_into::<Uint8Array>().to_vec()))
}

/// Opens what was sealed for this purpose with one of our keys.
pub async fn unsealed<T: DeserializeOwned>(sign_in: &SignIn, label: &str, text: &str) -> Option<T> {
    let (key, bytes) = sign_in.keys.unwrap(text)?;
    let plain = wait(unseal(&key.bytes(), label, &bytes)).await.ok()?;
    serde_json::from_slice(&plain.unchecked_into::<Uint8Array>().to_vec()).ok()
}

/// What tokens are sealed for: this session's.
pub fn tokens_label(session_key: &str) -> String {
    format!("tokens {session_key}")
}

/// The session cookie of a request.
pub fn cookie(call: &Call) -> Option<String> {
    Cookie::Session.find(&call.header("cookie")?, call.is_secure()).map(str::to_owned)
}

/// Remembered under this; the cookie itself is not kept.
fn memory_key(cookie: &str) -> String {
    Sha256::digest(cookie.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The session of a cookie, if this isolate has seen it a moment ago.
pub fn remembered(state: &State, cookie: &str, now_ms: f64) -> Option<Rc<Session>> {
    let sessions = state.sessions.borrow();
    let (session, _) = sessions.get(&memory_key(cookie), now_ms, TRUST_MS)?;
    (now_ms < session.ends_ms).then(|| Rc::clone(session))
}

/// Opens a cookie and asks the database whether the session lives.
pub async fn enter(state: &State, database: &Database, cookie: &str, secure: bool) -> Entered {
    let Some(sign_in) = state.sign_in() else { return Entered::Ended };
    let Some(ticket) = unsealed::<Ticket>(sign_in, "session", cookie).await else { return Entered::Ended };
    let now = Date::now();
    if now >= ticket.until_ms {
        return Entered::Ended;
    }
    let key = session_key_of(&ticket.id);
    let row = match rows::find(database, &key).await {
        Ok(Some(row)) => row,
        Ok(None) => return Entered::Ended,
        Err(cause) => return Entered::Unknown(cause),
    };
    let Some(tokens) = unsealed::<Tokens>(sign_in, &tokens_label(&key), &row.tokens).await else {
        return Entered::Ended;
    };
    // The public worker renews, because its answers are what the browser gets.
    let half = !cfg!(feature = "plans") && ticket.until_ms - now < COOKIE_MS / 2.0;
    let renewed = match half {
        true => ticket_cookie(sign_in, ticket.id, row.ends_at, secure).await,
        false => None,
    };
    let session = Rc::new(Session {
        key,
        caller: Rc::from(row.caller),
        name: row.name,
        ends_ms: row.ends_at,
        tokens: RefCell::new(tokens),
    });
    state.sessions.borrow_mut().put(memory_key(cookie), Rc::clone(&session), 1, now);
    Entered::Session(session, renewed)
}

/// A `Set-Cookie` for the session with this id.
pub async fn ticket_cookie(sign_in: &SignIn, id: String, ends_ms: f64, secure: bool) -> Option<String> {
    let now = Date::now();
    let life = COOKIE_MS.min(ends_ms - now);
    let ticket = Ticket { id, until_ms: now + life };
    Some(Cookie::Session.set(&sealed(sign_in, "session", &ticket).await?, life, secure))
}

/// Checks that a request with a session cookie comes from a page of this server.
///
/// # Errors
/// A problem with status 403.
pub fn own_page(call: &Call) -> Result<(), Problem> {
    // Browsers send the header with every request that is not a plain read.
    if call.origin().is_some_and(|origin| is_own_origin(call.url(), origin)) {
        return Ok(());
    }
    Err(Problem::new(
        problem::CSRF,
        "With a session cookie, only pages of this server may change something. Programs send a token instead. Nothing was done.",
    ))
}

/// Forgets a session in this isolate.
pub fn forget(state: &State, cookie: &str) {
    state.sessions.borrow_mut().remove(&memory_key(cookie));
}

/// The problem of a session that is over.
pub fn ended() -> Problem {
    Problem::new(
        problem::SESSION_ENDED,
        "Your session is over. Sign in again at /auth/login; nothing was done.",
    )
}

/// The person's access token, refreshed when it has ended or is the one that was `refused`.
///
/// A refresh token works once, so only one request anywhere may use it: whoever has the lease in the database. The others
/// look at the database again at their own pace. New tokens are stored before they are used.
pub async fn token(
    state: &State,
    config: &Config,
    person: &Person,
    refused: Option<&Secret>,
    until_ms: f64,
    spent: &mut Upstream,
) -> Result<Secret, Fault> {
    let session = &person.session;
    let usable = |tokens: &Tokens| {
        tokens.is_fresh(Date::now()) && refused.is_none_or(|refused| refused.expose() != tokens.access)
    };
    {
        let tokens = session.tokens.borrow();
        if usable(&tokens) {
            return Ok(Secret::new(tokens.access.clone()));
        }
    }
    let Some(sign_in) = state.sign_in() else { return Err(Fault::SignedOut("sign-in is off")) };
    let label = tokens_label(&session.key);
    let mut looks = 0;
    while Date::now() < until_ms {
        let row = rows::find(&person.database, &session.key).await.map_err(Fault::NoDatabase)?;
        let Some(row) = row else { return Err(Fault::SignedOut("the session is gone")) };
        let Some(tokens) = unsealed::<Tokens>(sign_in, &label, &row.tokens).await else {
            return Err(Fault::SignedOut("the tokens were sealed with a key that is gone"));
        };
        let found = usable(&tokens).then(|| Secret::new(tokens.access.clone()));
        *session.tokens.borrow_mut() = tokens.clone();
        if let Some(token) = found {
            return Ok(token);
        }
        let Some(refresh) = &tokens.refresh else {
            return Err(Fault::SignedOut("there is no refresh token"));
        };
        let now = Date::now();
        let attempt_ms = f64::from(config.limits.attempt_ms).min((until_ms - now).max(1.0));
        let leased =
            rows::lease(&person.database, &session.key, row.generation, now, now + attempt_ms + 5_000.0);
        if leased.await.map_err(Fault::NoDatabase)? {
            let form = sign_in.refresh_form(refresh);
            return renew(state, config, person, &tokens, &form, row.generation, attempt_ms as u32, spent)
                .await;
        }
        let pause = edge::cache::follower_pause_ms(looks);
        looks += 1;
        Delay::from(Duration::from_millis(u64::from(pause))).await;
    }
    Err(Fault::Slow)
}

/// Trades the refresh token for the next tokens, with the lease in hand.
#[allow(clippy::too_many_arguments, reason = "one step of `token`, with what it knows")]
async fn renew(
    state: &State,
    config: &Config,
    person: &Person,
    before: &Tokens,
    form: &Secret,
    generation: f64,
    deadline_ms: u32,
    spent: &mut Upstream,
) -> Result<Secret, Fault> {
    let (session, database) = (&person.session, &person.database);
    let Some(sign_in) = state.sign_in() else { return Err(Fault::SignedOut("sign-in is off")) };
    let basic = client(sign_in);
    let answer =
        upstream::token_request(state, config, form.expose(), basic.as_ref(), deadline_ms, spent).await;
    let good = match answer {
        Ok(good) => good,
        Err(Fault::Failed { failure: Failure::Unauthenticated, .. }) => {
            // Our client, not the person: their session may go on when the client works again.
            let _ = rows::release(database, &session.key, generation).await;
            return Err(Fault::NoToken("token endpoint refused the client of the sign-in"));
        }
        Err(Fault::Failed { failure: Failure::Rejected | Failure::Denied | Failure::NotFound, .. }) => {
            let _ = rows::end(database, &session.key).await;
            return Err(Fault::SignedOut("the refresh token was refused"));
        }
        Err(fault) => {
            let _ = rows::release(database, &session.key, generation).await;
            return Err(fault);
        }
    };
    let Some(tokens) = Tokens::parse(&good.bytes.to_vec(), Some(before), Date::now()) else {
        let _ = rows::release(database, &session.key, generation).await;
        return Err(Fault::Unreadable("token answer is not a grant"));
    };
    // Should the database fail now, twice, this isolate goes on with the tokens until it forgets them.
    if let Some(text) = sealed(sign_in, &tokens_label(&session.key), &tokens).await {
        for _ in 0..2 {
            if rows::replace(database, &session.key, generation, &text).await.is_ok() {
                break;
            }
        }
    }
    let token = Secret::new(tokens.access.clone());
    *session.tokens.borrow_mut() = tokens;
    Ok(token)
}

/// The header of a client that has a secret.
pub fn client(sign_in: &SignIn) -> Option<Secret> {
    sign_in.client_secret.as_ref().map(|secret| edge::auth::basic(&sign_in.client_id, secret))
}
