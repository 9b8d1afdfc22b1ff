//! How values and failures cross.

use std::fmt::Display;

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// A failure as it crosses; the package makes a `HandoffError` of it.
#[derive(Debug, Serialize)]
pub struct Thrown {
    code: &'static str,
    /// The argument or field that is wrong.
    #[serde(skip_serializing_if = "str::is_empty")]
    path: &'static str,
    message: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    help: &'static str,
}

impl Thrown {
    /// A domain error about the argument `path`.
    pub fn at(path: &'static str, code: &'static str, message: &dyn Display, help: &'static str) -> Self {
        Self { code, path, message: sentence(&message.to_string()), help }
    }

    pub fn into_js(self) -> JsValue {
        to_js(&self).unwrap_or_else(JsValue::from)
    }
}

/// Gives a value to JavaScript as plain objects, arrays and texts.
pub fn give<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    to_js(value).map_err(JsValue::from)
}

/// The default of serde-wasm-bindgen turns maps into `Map`, which JSON does not know.
fn to_js<T: Serialize>(value: &T) -> Result<JsValue, serde_wasm_bindgen::Error> {
    value.serialize(&Serializer::json_compatible())
}

/// Domain errors begin small and end without a full stop, as Rust does it; people read sentences. They begin with an
/// ASCII letter: the tables for all others would be a fifth of the module.
fn sentence(text: &str) -> String {
    let mut out = text.to_owned();
    if let Some(first) = out.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    if !out.ends_with(['.', '!', '?']) {
        out.push('.');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn messages_are_sentences() {
        assert_eq!(sentence("no space was given"), "No space was given.");
        assert_eq!(sentence("über"), "über.");
        assert_eq!(sentence("Done."), "Done.");
        assert_eq!(sentence(""), ".");
    }
}
