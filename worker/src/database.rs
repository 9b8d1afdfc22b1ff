//! One statement at the database, with a deadline.

use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::prelude::*;
use worker::Env;

use crate::tasks::wait;

/// The name of the binding in both configurations.
pub const BINDING: &str = "DB";
/// Longest time that one transaction may take, in milliseconds.
pub const TRANSACTION_MS: u32 = 8_000;

#[wasm_bindgen(module = "/src/d1.js")]
extern "C" {
    fn run(database: &JsValue, statement: &str, values: &Array, milliseconds: u32) -> Promise;
}

/// The database as one request reaches it. Values and rows cross as they are, because reading JSON is much code for a few
/// members of a row.
pub struct Database(JsValue);

impl Database {
    /// Nothing is asked of the database yet.
    pub fn open(env: &Env) -> Self {
        Self(Reflect::get(env, &BINDING.into()).unwrap_or_default())
    }

    /// Whether there is one.
    pub fn is_bound(&self) -> bool {
        self.0.is_object()
    }

    /// The rows of one statement, or what D1 says. After an error nobody knows whether a change was made.
    pub async fn run(&self, statement: &str, values: &[JsValue]) -> Result<Array, String> {
        if !self.is_bound() {
            return Err("not bound".to_owned());
        }
        let values: Array = values.iter().cloned().collect();
        let rows =
            wait(run(&self.0, statement, &values, TRANSACTION_MS)).await.map_err(|error| said(&error))?;
        Ok(rows.unchecked_into())
    }
}

/// What an error of the database says.
pub fn said(error: &JsValue) -> String {
    Reflect::get(error, &"message".into()).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// A member of a row.
pub fn text_of(row: &JsValue, column: &str) -> Option<String> {
    Reflect::get(row, &column.into()).ok()?.as_string()
}

/// A member of a row that is a number.
pub fn number_of(row: &JsValue, column: &str) -> Option<f64> {
    Reflect::get(row, &column.into()).ok()?.as_f64()
}
