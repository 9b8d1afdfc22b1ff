//! Values.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

use crate::thrown::Thrown;

/// Gives a small value to JavaScript as plain objects, arrays and texts.
///
/// # Errors
/// None for the types of this repository.
pub fn give<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    to_js(value).map_err(JsValue::from)
}

/// Gives a large value as JSON text.
///
/// # Errors
/// `internal_error`, for none of the types of this repository.
pub fn answer<T: Serialize>(value: &T) -> Result<String, JsValue> {
    serde_json::to_string(value).map_err(|error| {
        Thrown::at("", "internal_error", &error, "Please report it with the input that led here.").into_js()
    })
}

/// Options as JSON; an empty text stands for none.
///
/// # Errors
/// `option_invalid`.
pub fn options<T: DeserializeOwned + Default>(text: &str) -> Result<T, JsValue> {
    if text.is_empty() {
        return Ok(T::default());
    }
    serde_json::from_str(text).map_err(|error| Thrown::option("options", &error.to_string()).into_js())
}

/// The default of serde-wasm-bindgen turns maps into `Map`, which JSON does not know.
pub fn to_js<T: Serialize>(value: &T) -> Result<JsValue, serde_wasm_bindgen::Error> {
    value.serialize(&Serializer::json_compatible())
}
