//! Signatures of handoff links.
//!
//! A signature says that somebody who may call this server made the link here, and that nobody has changed it since. It
//! is no permission and no statement about the content: whoever opens the link checks everything again.

use edge::problem::{self, Problem};
use edge::signing::{LINK_SECONDS, Signing};
use handoff::{
    Claims, SIGNATURE_BYTES, SignatureState, SignatureToCheck, Verification, attach_signature, bytes_to_sign,
};
use js_sys::{Array, Date, JSON, Object, Promise, Reflect, Uint8Array};
use serde_json::json;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Crypto, CryptoKey, Response};

use crate::answer::{Content, Reply};
use crate::call::Call;
use crate::state::global;
use crate::tasks::wait;
#[cfg(feature = "plans")]
use crate::work;
use crate::{panics, serve};

/// Longest body: the longest payload and its frame in JSON.
const MAX_BODY: u32 = 72 << 10;

/// `POST /api/handoffs/sign` with `{"payload": "..."}`: the same payload, signed for this host.
pub async fn sign(call: Call) -> Response {
    let bytes = match serve::json_body(&call, MAX_BODY).await {
        Ok(bytes) => bytes,
        Err(problem) => return call.finish(Reply::problem(problem)),
    };
    let reply = match signed(&call, &bytes).await {
        Ok(body) => Reply::new(200, Content::Text(body)),
        Err(Refusal::Told(problem)) => Reply::problem(problem),
        Err(Refusal::Failed(cause)) => Reply::problem(panics::problem()).because(cause),
    };
    call.finish(reply)
}

/// The published keys. A server without any publishes an empty list, which is an answer and not an error.
pub fn keys(call: &Call) -> Reply {
    let signing = call.state.config.as_ref().ok().and_then(|config| config.signing.as_ref());
    let published = signing.map_or_else(|| "{\"keys\":[]}".to_owned(), |signing| signing.published.clone());
    Reply::new(200, Content::Text(published))
}

enum Refusal {
    Told(Problem),
    Failed(String),
}

async fn signed(call: &Call, body: &[u8]) -> Result<String, Refusal> {
    let Some(signing) = call.state.config.as_ref().ok().and_then(|config| config.signing.as_ref()) else {
        return Err(Refusal::Told(Problem::new(
            problem::SIGNING_OFF,
            "The link works unsigned as well; its page says so. An administrator can set HANDOFF_SIGNING_KEY.",
        )));
    };
    let body = serde_json::from_slice::<serde_json::Value>(body).ok();
    let Some(payload) = body.as_ref().and_then(|body| body.get("payload")?.as_str()) else {
        let detail = "The body is a JSON object {\"payload\": \"...\"}.";
        return Err(Refusal::Told(Problem::new(problem::BODY_MALFORMED, detail)));
    };
    let (payload, claims) = sign_payload(call, signing, payload).await?;
    Ok(json!({"payload": payload, "key_id": claims.key_id, "expires": claims.expires, "audience": claims.audience})
        .to_string())
}

/// The payload of a link, signed for the host that was called.
async fn sign_payload(call: &Call, signing: &Signing, payload: &str) -> Result<(String, Claims), Refusal> {
    let claims = Claims {
        key_id: signing.key_id.clone(),
        // Seconds fit into 32 bits until 2106.
        expires: (Date::now() / 1000.0) as u32 + LINK_SECONDS,
        audience: call.host().to_ascii_lowercase(),
    };
    let to_sign = bytes_to_sign(payload, &claims).map_err(|error| {
        Refusal::Told(Problem::new(
            problem::PAYLOAD_INVALID,
            format!("Nothing was signed: {error}. {}", error.help()),
        ))
    })?;
    let signature = ed25519(signing, &to_sign).await.map_err(|error| {
        let message = Reflect::get(&error, &"message".into()).ok().and_then(|text| text.as_string());
        Refusal::Failed(format!("signing: {}", message.unwrap_or_default()))
    })?;
    let payload = attach_signature(payload, &claims, &signature)
        .map_err(|error| Refusal::Failed(format!("signing: {}", error.code())))?;
    Ok((payload, claims))
}

/// The payload of a link that this server makes itself, signed if it has a key; with the second when that runs out.
#[cfg(feature = "plans")]
pub async fn own(call: &Call, payload: String) -> Result<(String, Option<u32>), work::Refusal> {
    let Some(signing) = call.state.config.as_ref().ok().and_then(|config| config.signing.as_ref()) else {
        return Ok((payload, None));
    };
    match sign_payload(call, signing, &payload).await {
        Ok((payload, claims)) => Ok((payload, Some(claims.expires))),
        Err(Refusal::Told(problem)) => Err(problem.into()),
        Err(Refusal::Failed(cause)) => Err(work::Refusal { problem: panics::problem(), cause: Some(cause) }),
    }
}

/// The state of a link's signature, checked with the keys that this server publishes.
pub async fn checked(call: &Call, signature: SignatureState) -> SignatureState {
    let SignatureState::Unchecked(to_check) = signature else { return signature };
    let key =
        call.state.config.as_ref().ok().and_then(|config| config.signing.as_ref()).and_then(|signing| {
            let published: serde_json::Value = serde_json::from_str(&signing.published).ok()?;
            let wanted = to_check.claims.key_id.as_str();
            let keys = published.get("keys")?.as_array()?;
            keys.iter().find(|key| key.get("kid").and_then(|kid| kid.as_str()) == Some(wanted)).cloned()
        });
    let found = match key {
        None => Verification::NoSuchKey,
        Some(key) => match fits(&key.to_string(), &to_check).await {
            Ok(true) => Verification::Fits,
            _ => Verification::DoesNotFit,
        },
    };
    to_check.settle(found, call.host(), (Date::now() / 1000.0) as u32)
}

async fn fits(jwk: &str, to_check: &SignatureToCheck) -> Result<bool, JsValue> {
    let crypto: Crypto = Reflect::get(&global(), &"crypto".into())?.unchecked_into();
    let subtle = crypto.subtle();
    let jwk: Object = JSON::parse(jwk)?.unchecked_into();
    let algorithm = Object::new();
    Reflect::set(&algorithm, &"name".into(), &"Ed25519".into())?;
    let usages = Array::of1(&"verify".into());
    let key: Promise =
        subtle.import_key_with_object("jwk", &jwk, &algorithm, false, &usages)?.unchecked_into();
    let key: CryptoKey = wait(key).await?.unchecked_into();
    let signature = Uint8Array::from(to_check.signature.as_slice());
    let signed = Uint8Array::from(to_check.signed.as_slice());
    let verdict: Promise = subtle
        .verify_with_object_and_js_u8_array_and_js_u8_array(&algorithm, &key, &signature, &signed)?
        .unchecked_into();
    Ok(wait(verdict).await?.is_truthy())
}

/// RFC 8032, by WebCrypto.
async fn ed25519(signing: &Signing, bytes: &[u8]) -> Result<[u8; SIGNATURE_BYTES], JsValue> {
    let crypto: Crypto = Reflect::get(&global(), &"crypto".into())?.unchecked_into();
    let subtle = crypto.subtle();
    let jwk: Object = JSON::parse(signing.private_jwk.expose())?.unchecked_into();
    let algorithm = Object::new();
    Reflect::set(&algorithm, &"name".into(), &"Ed25519".into())?;
    let usages = Array::of1(&"sign".into());
    let key: Promise =
        subtle.import_key_with_object("jwk", &jwk, &algorithm, false, &usages)?.unchecked_into();
    let key: CryptoKey = wait(key).await?.unchecked_into();
    let data = Uint8Array::from(bytes);
    let signature: Promise =
        subtle.sign_with_object_and_js_u8_array(&algorithm, &key, &data)?.unchecked_into();
    let signature = Uint8Array::new(&wait(signature).await?).to_vec();
    signature.try_into().map_err(|_| JsValue::from_str("a signature of another length"))
}
