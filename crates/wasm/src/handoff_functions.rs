//! Contexts and links.

use border::{Each, Json, Thrown, Written, finding};
use handoff::{Catalog, Context, Mode, Place, SignatureState};
use wasm_bindgen::prelude::*;

use crate::dto;

/// `{context, removed}`: the context without data.
///
/// # Errors
/// `json_invalid`, `context_invalid`.
#[wasm_bindgen(js_name = redactContext)]
pub fn redact_context(context: &str) -> Result<String, JsValue> {
    let context = Context::from_json_str(context).map_err(|error| Thrown::handoff(&error).into_js())?;
    let (context, removed) = handoff::redact(&context);
    Ok(Json::of(&dto::RedactedContext {
        context: Written(&context.to_json()),
        removed: removed_of(&removed),
    }))
}

/// A link; see [`dto::EncodedHandoff`].
///
/// # Errors
/// `json_invalid`, `context_invalid`, `too_large`, `base_invalid`, `option_invalid`.
#[wasm_bindgen(js_name = encodeHandoff)]
pub fn encode_handoff(context: &str, choices: &str) -> Result<String, JsValue> {
    let choices = dto::EncodeOptions::read(choices)?;
    let mode = match choices.mode.as_deref() {
        None | Some("primed") => Mode::Primed,
        Some("plain") => Mode::Plain,
        Some(_) => return Err(Thrown::option("mode", "the mode is primed or plain").into_js()),
    };
    let place = match choices.place.as_deref() {
        None | Some("fragment") => Place::Fragment,
        Some("query") => Place::Query,
        Some(_) => return Err(Thrown::option("place", "the place is fragment or query").into_js()),
    };
    let refuse = |error| Thrown::handoff(&error).into_js();
    let context = Context::from_json_str(context).map_err(refuse)?;
    let encoded = handoff::encode(&context, &handoff::EncodeOptions { mode }).map_err(refuse)?;
    // A relative link is one to this host, whatever it is called.
    let relative = "https://relative.invalid";
    let base = choices.base_url.as_deref().unwrap_or(relative);
    let link = handoff::link(base, &encoded.payload, place).map_err(refuse)?;
    let url = match choices.base_url {
        Some(_) => link.url.as_str(),
        None => link.url.strip_prefix(relative).unwrap_or_default(),
    };
    Ok(Json::of(&dto::EncodedHandoff {
        length: url.len(),
        step: handoff::Step::of(url.len()).as_str(),
        url,
        payload: &encoded.payload,
        context: Written(&encoded.context.to_json()),
        removed: removed_of(&encoded.removed),
    }))
}

/// The context of a link, a payload or one of the forms that other tools make.
///
/// # Errors
/// `link_*`, `json_invalid`, `context_invalid`, `too_large`.
#[wasm_bindgen(js_name = decodeHandoff)]
pub fn decode_handoff(link: &str) -> Result<String, JsValue> {
    let decoded = handoff::decode(link, &handoff::DecodeOptions::default())
        .map_err(|error| Thrown::handoff(&error).into_js())?;
    let mut signature = dto::HandoffSignature {
        state: decoded.signature.code(),
        key_id: None,
        expires: None,
        audience: None,
        signature: None,
        signed: None,
    };
    if let SignatureState::Unchecked(check) = &decoded.signature {
        signature.key_id = Some(&check.claims.key_id);
        signature.expires = Some(check.claims.expires.into());
        signature.audience = Some(&check.claims.audience);
        signature.signature = Some(check.signature_text());
        // The signed bytes are ASCII by construction.
        signature.signed = std::str::from_utf8(&check.signed).ok();
    }
    Ok(Json::of(&dto::DecodedHandoff {
        context: Written(&decoded.context.to_json()),
        format: decoded.format.as_str(),
        signature,
        warnings: Each(&decoded.warnings, finding),
    }))
}

/// Whether a plan can be built on a context; `catalog` is JSON or empty.
///
/// # Errors
/// `json_invalid`, `context_invalid`.
#[wasm_bindgen(js_name = checkReadiness)]
pub fn check_readiness(context: &str, catalog: &str) -> Result<String, JsValue> {
    let refuse = |error| Thrown::handoff(&error).into_js();
    let context = Context::from_json_str(context).map_err(refuse)?;
    let catalog = match catalog {
        "" => None,
        text => Some(Catalog::from_json_str(text).map_err(refuse)?),
    };
    let readiness = handoff::check_readiness(&context, catalog.as_ref());
    Ok(Json::of(&dto::Readiness { ready: readiness.ready, issues: Each(&readiness.issues, finding) }))
}

fn removed_of(removed: &handoff::Removed) -> dto::Removed<'_> {
    dto::Removed {
        strings: removed.literals.strings,
        numbers: removed.literals.numbers,
        comments: removed.literals.comments,
        hints: removed.literals.hints,
        queries: removed.queries,
        summaries: removed.summaries,
        keys: removed.keys,
        warnings: Each(&removed.warnings, finding),
    }
}
