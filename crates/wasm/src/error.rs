//! What only this module gives and refuses.

use border::{Thrown, answer, plan_finding};
use serde::Serialize;
use wasm_bindgen::JsValue;

/// A rendering that was refused.
pub fn of_sql(error: &sql::SqlError) -> Thrown {
    let issues = match error {
        sql::SqlError::InvalidPlan(issues) => issues.iter().map(plan_finding).collect(),
        _ => Vec::new(),
    };
    Thrown::at(error.path(), error.code(), error, error.help()).with(issues)
}

/// An answer with a context, which is JSON already: it goes in front, as it is, and is not read again.
pub fn with_context<T: Serialize>(context: &str, rest: &T) -> Result<String, JsValue> {
    let rest = answer(rest)?;
    let members = rest.strip_prefix('{').unwrap_or_default();
    Ok(["{\"context\":", context, if members == "}" { "" } else { "," }, members].concat())
}
