//! What only this module gives and refuses.

use border::{Thrown, plan_finding};
use serde_json::value::RawValue;
use wasm_bindgen::JsValue;

/// A rendering that was refused.
pub fn of_sql(error: &sql::SqlError) -> Thrown {
    let issues = match error {
        sql::SqlError::InvalidPlan(issues) => issues.iter().map(plan_finding).collect(),
        _ => Vec::new(),
    };
    Thrown::at(error.path(), error.code(), error, error.help()).with(issues)
}

/// JSON that the domain wrote, as part of an answer.
pub fn raw(json: String) -> Result<Box<RawValue>, JsValue> {
    RawValue::from_string(json).map_err(|error| {
        Thrown::at("", "internal_error", &error, "Please report it with the input that led here.").into_js()
    })
}
