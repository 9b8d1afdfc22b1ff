//! Options of functions.

use handoff::Value;
use wasm_bindgen::JsValue;

use crate::thrown::Thrown;

/// Options of a function, an object in JSON; an empty text stands for none. They are read one by one: derived readers
/// would be a fifth of what it takes to read a plan. What is wrong is kept until [`Choices::done`], so that a reader of
/// many options is one line for each.
#[derive(Debug)]
pub struct Choices {
    entries: Vec<(String, Value)>,
    /// Of the first that is wrong: its name and what it must be.
    wrong: Option<(String, &'static str)>,
}

impl Choices {
    /// Takes options apart.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut choices = Self { entries: Vec::new(), wrong: None };
        match Value::from_json_str(text) {
            Ok(Value::Object(object)) => choices.entries = object.into_entries(),
            _ if text.is_empty() => {}
            _ => choices.refuse("options", "the options are no object"),
        }
        choices
    }

    /// To be called when every option that exists was taken.
    ///
    /// # Errors
    /// `option_invalid` for a name that is not known, for what is no object, and for the first option that was wrong.
    pub fn done(mut self) -> Result<(), JsValue> {
        if let Some((name, _)) = self.entries.pop() {
            self.wrong = Some((name, "there is no option of this name"));
        }
        match self.wrong {
            Some((name, message)) => Err(Thrown::option(&name, message).into_js()),
            None => Ok(()),
        }
    }

    #[inline(never)]
    fn refuse(&mut self, name: &str, message: &'static str) {
        if self.wrong.is_none() {
            self.wrong = Some((name.to_owned(), message));
        }
    }

    /// `null` is the same as absent.
    #[inline(never)]
    fn take(&mut self, name: &str) -> Value {
        match self.entries.iter().position(|(key, _)| key == name) {
            Some(at) => self.entries.remove(at).1,
            None => Value::Null,
        }
    }

    /// An option that is a text.
    #[inline(never)]
    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name) {
            Value::String(text) => return Some(text),
            Value::Null => {}
            _ => self.refuse(name, "the option is a text"),
        }
        None
    }

    /// An option that is true or false; false if it is not there.
    #[inline(never)]
    pub fn flag(&mut self, name: &str) -> bool {
        match self.take(name) {
            Value::Bool(flag) => return flag,
            Value::Null => {}
            _ => self.refuse(name, "the option is true or false"),
        }
        false
    }

    /// An option that is a list of texts.
    pub fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        let Value::Array(list) = self.take_if(name, |value| matches!(value, Value::Array(_))) else {
            return None;
        };
        let mut texts = Vec::new();
        for value in list {
            self.push(name, value, &mut texts);
        }
        Some(texts)
    }

    /// An option that is an object of texts: its keys and its texts. Empty if it is not there.
    pub fn text_map(&mut self, name: &str) -> (Vec<String>, Vec<String>) {
        let (mut keys, mut texts) = (Vec::new(), Vec::new());
        if let Value::Object(object) = self.take_if(name, |value| matches!(value, Value::Object(_))) {
            for (key, value) in object.into_entries() {
                keys.push(key);
                self.push(name, value, &mut texts);
            }
        }
        (keys, texts)
    }

    fn take_if(&mut self, name: &str, fits: fn(&Value) -> bool) -> Value {
        let value = self.take(name);
        if !fits(&value) && value != Value::Null {
            self.refuse(name, "the option has texts inside: a list of them, or an object");
        }
        value
    }

    #[inline(never)]
    fn push(&mut self, name: &str, value: Value, texts: &mut Vec<String>) {
        match value {
            Value::String(text) => texts.push(text),
            _ => self.refuse(name, "the option has texts inside, and nothing else"),
        }
    }
}
