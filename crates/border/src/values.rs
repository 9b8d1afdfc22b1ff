//! Values.

use serde::Serialize;
use serde_json::{Map, Value};
use wasm_bindgen::JsValue;

use crate::thrown::Thrown;

/// Gives a value as JSON text.
///
/// # Errors
/// `internal_error`, for none of the types of this repository.
pub fn answer<T: Serialize>(value: &T) -> Result<String, JsValue> {
    serde_json::to_string(value).map_err(|error| {
        Thrown::at("", "internal_error", &error, "Please report it with the input that led here.").into_js()
    })
}

/// Options of a function, an object in JSON; an empty text stands for none. They are read one by one: derived readers
/// would be a fifth of what it takes to read a plan.
#[derive(Debug)]
pub struct Choices(Map<String, Value>);

impl Choices {
    /// Takes options apart; `known` are their names.
    ///
    /// # Errors
    /// `option_invalid` for what is no object and for a name that is not known.
    pub fn read(text: &str, known: &[&str]) -> Result<Self, JsValue> {
        if text.is_empty() {
            return Ok(Self(Map::new()));
        }
        let Ok(Value::Object(map)) = serde_json::from_str(text) else {
            return Err(Thrown::option("options", "the options are no object").into_js());
        };
        match map.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => Err(Thrown::option(key, "there is no option of this name").into_js()),
            None => Ok(Self(map)),
        }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }

    /// An option that is a text.
    ///
    /// # Errors
    /// `option_invalid`.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, JsValue> {
        self.take(name).map(|value| text(name, value)).transpose()
    }

    /// An option that is true or false; false if it is not there.
    ///
    /// # Errors
    /// `option_invalid`.
    pub fn flag(&mut self, name: &str) -> Result<bool, JsValue> {
        match self.take(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(_) => Err(Thrown::option(name, "the option is true or false").into_js()),
        }
    }

    /// An option that is a list of texts.
    ///
    /// # Errors
    /// `option_invalid`.
    pub fn texts(&mut self, name: &str) -> Result<Option<Vec<String>>, JsValue> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Array(list)) => {
                list.into_iter().map(|value| text(name, value)).collect::<Result<_, _>>().map(Some)
            }
            Some(_) => Err(Thrown::option(name, "the option is a list of texts").into_js()),
        }
    }

    /// An option that is an object of texts; empty if it is not there.
    ///
    /// # Errors
    /// `option_invalid`.
    pub fn text_map(&mut self, name: &str) -> Result<Vec<(String, String)>, JsValue> {
        match self.take(name) {
            None => Ok(Vec::new()),
            Some(Value::Object(map)) => {
                map.into_iter().map(|(key, value)| text(name, value).map(|value| (key, value))).collect()
            }
            Some(_) => Err(Thrown::option(name, "the option is an object of texts").into_js()),
        }
    }
}

fn text(name: &str, value: Value) -> Result<String, JsValue> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(Thrown::option(name, "the option is a text, or has texts inside").into_js()),
    }
}
