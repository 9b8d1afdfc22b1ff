//! Signing in with Databricks, and who one is.

use std::rc::Rc;

use databricks::Failure;
use edge::config::Config;
use edge::problem::{self, Problem};
use edge::secret::Secret;
use edge::signin::{
    Cookie, LOGIN_MS, Login, Returned, SESSION_MS, SignIn, Tokens, authorize_url, person, return_to,
    returned, session_key_of, token_text,
};
use js_sys::Date;
use serde_json::json;
use worker::Env;

use crate::answer::{Content, Reply};
use crate::call::{Call, Upstream};
use crate::database::Database;
use crate::session::{self, Entered, client, sealed, ticket_cookie, tokens_label, unsealed};
use crate::state::State;
use crate::store::{self, Sql, Store, sql};
use crate::upstream::{self, Fault};
use crate::work::{Done, Refusal, entry};

/// How long the name that deployments run as is remembered, in milliseconds.
const NAME_MS: f64 = 600_000.0;
/// Bytes of randomness in a state, a verifier and a session id.
const RANDOM: u32 = 32;

/// `GET /auth/login`: to the workspace's sign-in page.
pub async fn login(call: &mut Call, _env: &Env) -> Done {
    let state = Rc::clone(&call.state);
    let (config, sign_in) = set_up(&state, call)?;
    let login = Login {
        state: token_text(&session::random(RANDOM)),
        verifier: token_text(&session::random(RANDOM)),
        return_to: return_to(call.path_and_query().1)?,
        until_ms: Date::now() + LOGIN_MS,
    };
    let url = authorize_url(&config.upstream, &sign_in.client_id, &redirect_uri(call), &login);
    let cookie = sealed(sign_in, "login", &login).await.ok_or_else(no_crypto)?;
    let mut reply = Reply::new(302, Content::Empty);
    reply.headers.push(("location", url));
    reply.headers.push(("set-cookie", Cookie::Login.set(&cookie, LOGIN_MS, call.is_secure())));
    Ok(reply)
}

/// `GET /auth/callback`: from the workspace's sign-in page, with a code.
pub async fn callback(call: &mut Call, env: &Env) -> Done {
    let state = Rc::clone(&call.state);
    let (config, sign_in) = set_up(&state, call)?;
    let (code, given) = match returned(call.path_and_query().1) {
        Returned::Code { code, state } => (code, state),
        Returned::Refused => {
            return Err(refused("The workspace, or you there, said no. You are not signed in.").into());
        }
        Returned::Malformed => return Err(stale().into()),
    };
    let secure = call.is_secure();
    let header = call.header("cookie").unwrap_or_default();
    let login = match Cookie::Login.find(&header, secure) {
        Some(text) => unsealed::<Login>(sign_in, "login", text).await,
        None => None,
    };
    // The state is in a cookie of this browser: nobody can be signed in by a link that somebody else has begun.
    let login =
        login.filter(|login| login.state == given && Date::now() < login.until_ms).ok_or_else(stale)?;

    let mut spent = Upstream::default();
    let form = sign_in.code_form(&code, &login.verifier, &redirect_uri(call));
    let tokens = redeem(&state, config, sign_in, &form, &mut spent).await;
    let tokens = tokens.inspect_err(|_| call.upstream.add(&spent))?;
    let me = format!("{}/api/2.0/preview/scim/v2/Me", config.upstream);
    let access = Secret::new(tokens.access.clone());
    let answer = upstream::get_with(&state, config, &me, &access, &mut spent).await;
    call.upstream.add(&spent);
    let (caller, name) = person(&answer?.bytes.to_vec()).ok_or_else(|| {
        refused("The workspace does not say who you are, or that you are not active there.")
    })?;

    let id = token_text(&session::random(RANDOM));
    let key = session_key_of(&id);
    let ends_at = Date::now() + SESSION_MS;
    let sealed_tokens = sealed(sign_in, &tokens_label(&key), &tokens).await.ok_or_else(no_crypto)?;
    // Sessions that have ended go at the same time, so that the table stays as small as the number of people.
    let mut changes = vec![
        sql("DELETE FROM sessions WHERE ends_at < ?", vec![json!(Date::now())]),
        sql(
            "INSERT INTO sessions (session, caller, name, tokens, created_at, ends_at) VALUES (?, ?, ?, ?, ?, ?)",
            vec![
                json!(key),
                json!(caller),
                json!(name),
                json!(sealed_tokens),
                json!(store::now()),
                json!(ends_at),
            ],
        ),
    ];
    // Whoever signs in again leaves no session behind.
    if let Some(old) = session::cookie(call)
        && let Entered::Session(old_session, _) =
            session::enter(&state, &Database::open(env), &old, secure).await
    {
        session::forget(&state, &old);
        changes.push(end_of(&old_session.key));
    }
    call.caller = Some(Rc::from(caller));
    Store::open(call, env).write(changes, &[entry(call, "session.begin")]).await?;
    let cookie = ticket_cookie(sign_in, id, ends_at, secure).await.ok_or_else(no_crypto)?;
    let mut reply = Reply::new(302, Content::Empty);
    reply.headers.push(("location", login.return_to));
    reply.headers.push(("set-cookie", cookie));
    reply.headers.push(("set-cookie", Cookie::Login.clear(secure)));
    Ok(reply)
}

/// `POST /auth/logout`: the tokens are deleted. Also for somebody who is not signed in, who is so afterwards as well.
pub async fn logout(call: &mut Call, env: &Env) -> Done {
    let state = Rc::clone(&call.state);
    let secure = call.is_secure();
    let mut reply = Reply::new(204, Content::Empty);
    if let Some(cookie) = session::cookie(call) {
        session::own_page(call)?;
        match session::enter(&state, &Database::open(env), &cookie, secure).await {
            Entered::Session(session, _) => {
                session::forget(&state, &cookie);
                call.caller = Some(Rc::clone(&session.caller));
                let store = Store::open(call, env);
                store.write(vec![end_of(&session.key)], &[entry(call, "session.end")]).await?;
            }
            Entered::Ended => {}
            Entered::Unknown(cause) => return Err(Fault::NoDatabase(cause).into()),
        }
    }
    reply.headers.push(("set-cookie", Cookie::Session.clear(secure)));
    Ok(reply)
}

/// `GET /api/me`: who calls, and what they may do.
pub async fn me(call: &mut Call, _env: &Env) -> Done {
    let state = Rc::clone(&call.state);
    let Ok(config) = &state.config else { return Err(crate::panics::problem().into()) };
    let caller = call.caller.as_deref().unwrap_or_default().to_owned();
    let run_as = server_name(&state, config, call).await;
    let session = call.session();
    let body = json!({
        "caller": caller,
        "name": session.map_or(caller.as_str(), |session| session.name.as_str()),
        "kind": call.kind.name(),
        "roles": call.roles.names().collect::<Vec<_>>(),
        "run_as": run_as,
        "sign_in": {"available": config.callers.sign_in.is_some()},
        "expires_at": session.map(|session| crate::store::at(session.ends_ms - Date::now())),
    });
    Ok(Reply::new(200, Content::Text(body.to_string())))
}

/// The statement that ends a session: its tokens are gone.
fn end_of(key: &str) -> Sql {
    sql("DELETE FROM sessions WHERE session = ?", vec![json!(key)])
}

fn set_up<'a>(state: &'a State, call: &Call) -> Result<(&'a Config, &'a SignIn), Refusal> {
    let (Ok(config), Some(sign_in)) = (&state.config, state.sign_in()) else {
        return Err(Problem::new(
            problem::SIGN_IN_OFF,
            "An administrator sets it up with OAUTH_CLIENT_ID (an OAuth app of Databricks whose redirect address is /auth/callback of this server), OAUTH_CLIENT_SECRET if it has one, and SESSION_KEY.",
        )
        .into());
    };
    if !call.is_secure() && !call.on_loopback() {
        return Err(Problem::new(
            problem::SIGN_IN_OFF,
            "Signing in needs https. Open this server with https.",
        )
        .into());
    }
    Ok((config, sign_in))
}

fn redirect_uri(call: &Call) -> String {
    format!("{}/auth/callback", call.base())
}

/// Trades a code for tokens.
async fn redeem(
    state: &State,
    config: &Config,
    sign_in: &SignIn,
    form: &Secret,
    spent: &mut Upstream,
) -> Result<Tokens, Refusal> {
    let basic = client(sign_in);
    let deadline = config.limits.attempt_ms;
    match upstream::token_request(state, config, form.expose(), basic.as_ref(), deadline, spent).await {
        Ok(good) => Tokens::parse(&good.bytes.to_vec(), None, Date::now())
            .ok_or_else(|| Fault::Unreadable("token answer is not a grant").into()),
        Err(Fault::Failed { failure: Failure::Unauthenticated, .. }) => {
            Err(Fault::NoToken("token endpoint refused the client of the sign-in").into())
        }
        Err(
            fault @ Fault::Failed { failure: Failure::Rejected | Failure::Denied | Failure::NotFound, .. },
        ) => {
            let problem =
                refused("The workspace did not accept its own code; it may have been used already.");
            Err(Refusal { problem, cause: Some(fault.cause()) })
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Whom deployments run as: the server's own name at Databricks, or nothing when that cannot be learnt now.
async fn server_name(state: &State, config: &Config, call: &mut Call) -> Option<String> {
    let now = Date::now();
    if let Some((name, at)) = &*state.server_name.borrow()
        && now - at < NAME_MS
    {
        return Some(name.clone());
    }
    let mut spent = Upstream::default();
    let me = format!("{}/api/2.0/preview/scim/v2/Me", config.upstream);
    let answer = upstream::get(state, config, &me, &mut spent).await;
    call.upstream.add(&spent);
    let name = serde_json::from_slice::<serde_json::Value>(&answer.ok()?.bytes.to_vec()).ok()?;
    let name = name.get("userName")?.as_str()?.to_owned();
    *state.server_name.borrow_mut() = Some((name.clone(), now));
    Some(name)
}

fn refused(detail: &str) -> Problem {
    Problem::new(problem::SIGN_IN_REFUSED, format!("{detail} Begin again at /auth/login."))
}

fn stale() -> Problem {
    Problem::new(
        problem::SIGN_IN_STALE,
        "This browser has not begun this sign-in, or more than ten minutes ago. Begin again at /auth/login.",
    )
}

fn no_crypto() -> Refusal {
    Refusal { problem: crate::panics::problem(), cause: Some("sealing failed".to_owned()) }
}
