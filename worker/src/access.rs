//! Who calls: bearer tokens, sessions, and JWTs of Cloudflare Access.

use std::rc::Rc;

use edge::access::{AccessError, Jwt, KeyLookup};
use edge::auth::{CallerKind, Callers, bearer};
use edge::config::Config;
use edge::problem::{self, Problem};
use js_sys::{Array, Date, JSON, Object, Promise, Reflect, Uint8Array};
use sha2::{Digest, Sha256};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Crypto, CryptoKey};

use crate::call::Call;
use crate::session;
use crate::state::{State, global};
use crate::tasks::wait;
use crate::upstream::{self, Fault};

/// What can be said without waiting.
pub enum Known {
    /// This is who calls, and how that is known.
    Caller(Rc<str>, CallerKind),
    /// A signed-in person whom this isolate has seen a moment ago.
    Session(Rc<session::Session>),
    /// A session cookie that has to be opened first.
    Enter(String),
    /// The caller has proved nothing, or something wrong.
    Nobody(Problem),
    /// A JWT whose signature has to be checked first.
    Verify(String),
}

/// Looks at the request's credentials. A bearer token wins over a session, because programs send one on purpose, and
/// both over a JWT, because Access adds its JWT to every request.
pub fn known(config: &Config, call: &Call) -> Known {
    if let (Some(tokens), Some(header)) = (&config.callers.tokens, call.authorization()) {
        return match bearer(header).and_then(|token| tokens.find(token)) {
            Some(name) => Known::Caller(Rc::from(name), CallerKind::Token),
            None => Known::Nobody(invalid()),
        };
    }
    if config.callers.sign_in.is_some()
        && let Some(cookie) = session::cookie(call)
    {
        return match session::remembered(&call.state, &cookie, call.started_ms()) {
            Some(session) => Known::Session(session),
            None => Known::Enter(cookie),
        };
    }
    known_by_access(config, call)
}

/// What Cloudflare Access says, or that nobody has said anything.
pub fn known_by_access(config: &Config, call: &Call) -> Known {
    if config.callers.access.is_some()
        && let Some(token) = call.header("cf-access-jwt-assertion")
    {
        let known = call
            .state
            .verified
            .borrow()
            .get(&digest(&token), call.started_ms(), f64::INFINITY)
            .map(|(entry, _)| entry.clone());
        return match known {
            Some((name, until)) if call.started_ms() < until => Known::Caller(name, CallerKind::Access),
            _ => Known::Verify(token),
        };
    }
    let detail = match &config.callers {
        Callers { sign_in: Some(_), .. } => {
            "Sign in at /auth/login. Programs send a token of this server as Authorization: Bearer, if it has any."
        }
        Callers { tokens: Some(_), .. } => "Send a token of this server as Authorization: Bearer.",
        Callers { access: Some(_), .. } => "Come through Cloudflare Access.",
        _ => {
            "No callers are configured on this server. An administrator has to set API_TOKENS, Cloudflare Access or sign-in with Databricks."
        }
    };
    Known::Nobody(Problem::new(problem::CREDENTIAL_MISSING, detail))
}

fn invalid() -> Problem {
    Problem::new(problem::CREDENTIAL_INVALID, "The token is unknown, expired or for another server.")
}

/// Checks a JWT of Cloudflare Access: claims, then signature with the team's published keys.
pub async fn verify(state: &State, token: &str) -> Result<Rc<str>, (Problem, String)> {
    let refuse = |error: AccessError| (invalid(), format!("access: {error}"));
    let Some((config, access)) =
        state.config.as_ref().ok().and_then(|config| Some((config, config.callers.access.as_ref()?)))
    else {
        return Err(refuse(AccessError::NoKeys));
    };
    let jwt = Jwt::parse(token).map_err(refuse)?;
    let caller = jwt.caller(access, Date::now()).map_err(refuse)?;
    let jwk = match find_key(state, &jwt.key_id) {
        KeyLookup::Known(jwk) => jwk,
        KeyLookup::Unknown => return Err(refuse(AccessError::UnknownKey)),
        KeyLookup::Fetch => {
            state.keys.borrow_mut().trying(Date::now());
            let init = Object::new();
            let _ = Reflect::set(&init, &"redirect".into(), &"manual".into());
            let answer =
                upstream::exchange(&access.certs_url(), &init, config.limits.attempt_ms, 256 << 10).await;
            let stored = match answer {
                Ok(good) => state.keys.borrow_mut().replace(&good.bytes.to_vec(), Date::now()),
                Err(_) => Err(AccessError::NoKeys),
            };
            match (find_key(state, &jwt.key_id), stored) {
                (KeyLookup::Known(jwk), _) => jwk,
                (_, Ok(())) => return Err(refuse(AccessError::UnknownKey)),
                (_, Err(error)) => {
                    // Not the caller's fault, so not a 401.
                    return Err((Fault::Unreachable(String::new()).problem(), format!("access: {error}")));
                }
            }
        }
    };
    match signature_fits(&jwk, &jwt).await {
        Ok(true) => {}
        _ => return Err(refuse(AccessError::Signature)),
    }
    let name: Rc<str> = Rc::from(caller);
    let now = Date::now();
    state.verified.borrow_mut().put(digest(token), (Rc::clone(&name), jwt.expires_ms()), 1, now);
    Ok(name)
}

fn find_key(state: &State, key_id: &str) -> KeyLookup {
    state.keys.borrow().find(key_id, Date::now())
}

/// RS256, by WebCrypto.
async fn signature_fits(jwk: &str, jwt: &Jwt<'_>) -> Result<bool, JsValue> {
    let crypto: Crypto = Reflect::get(&global(), &"crypto".into())?.unchecked_into();
    let subtle = crypto.subtle();
    let algorithm = Object::new();
    Reflect::set(&algorithm, &"name".into(), &"RSASSA-PKCS1-v1_5".into())?;
    Reflect::set(&algorithm, &"hash".into(), &"SHA-256".into())?;
    let jwk: Object = JSON::parse(jwk)?.unchecked_into();
    let usages = Array::of1(&"verify".into());
    let key: Promise =
        subtle.import_key_with_object("jwk", &jwk, &algorithm, false, &usages)?.unchecked_into();
    let key: CryptoKey = wait(key).await?.unchecked_into();
    let signature = Uint8Array::from(jwt.signature.as_slice());
    let signed = Uint8Array::from(jwt.signed.as_bytes());
    let fits: Promise = subtle
        .verify_with_object_and_js_u8_array_and_js_u8_array(&algorithm, &key, &signature, &signed)?
        .unchecked_into();
    Ok(wait(fits).await?.is_truthy())
}

/// A key for what has been verified, that does not keep the token itself.
fn digest(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
