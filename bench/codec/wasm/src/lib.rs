//! The link part of the product and nothing else, for the codec bench.

use handoff::{Context, DecodeOptions, EncodeOptions, Mode};
use wasm_bindgen::prelude::*;

fn text(error: &handoff::HandoffError) -> String {
    error.code().to_owned()
}

fn read(json: &str) -> Result<Context, String> {
    Context::from_json_str(json).map_err(|e| text(&e))
}

/// JSON of the context without data.
#[wasm_bindgen]
pub fn redact(json: &str) -> Result<String, String> {
    Ok(handoff::redact(&read(json)?).0.to_json())
}

/// Payload of a context.
#[wasm_bindgen]
pub fn encode(json: &str, plain: bool) -> Result<String, String> {
    let options = EncodeOptions { mode: if plain { Mode::Plain } else { Mode::Primed } };
    Ok(handoff::encode(&read(json)?, &options).map_err(|e| text(&e))?.payload)
}

/// JSON of the context in a link or payload.
#[wasm_bindgen]
pub fn decode(link: &str) -> Result<String, String> {
    Ok(handoff::decode(link, &DecodeOptions::default()).map_err(|e| text(&e))?.context.to_json())
}
