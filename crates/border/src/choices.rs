//! Options of functions.

use handoff::Value;
use wasm_bindgen::JsValue;

use crate::thrown::Thrown;

/// Options of a function, an object in JSON; an empty text stands for none. They are read one by one: derived readers
/// would be a fifth of what it takes to read a plan.
#[derive(Debug)]
pub struct Choices(Vec<(String, Value)>);

impl Choices {
    /// Takes options apart; `known` are their names.
    ///
    /// # Errors
    /// `option_invalid` for what is no object and for a name that is not known.
    pub fn read(text: &str, known: &[&str]) -> Result<Self, JsValue> {
        if text.is_empty() {
            return Ok(Self(Vec::new()));
        }
        let Ok(Value::Object(object)) = Value::from_json_str(text) else {
            return Err(Thrown::option("options", "the options are no object").into_js());
        };
        for (key, _) in object.iter() {
            if !known.contains(&key) {
                return Err(Thrown::option(key, "there is no option of this name").into_js());
            }
        }
        Ok(Self(object.into_entries()))
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        let at = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.swap_remove(at).1).filter(|value| *value != Value::Null)
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
            Some(Value::Object(object)) => object
                .into_entries()
                .into_iter()
                .map(|(key, value)| text(name, value).map(|value| (key, value)))
                .collect(),
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
