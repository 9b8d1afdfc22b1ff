//! Sessions of signed-in people, as the database has them. Tokens come and go sealed; nothing here can read them.
//!
//! A refresh is no change that anybody made, so it has no audit row; signing in and out have theirs (`signin.rs`).

use js_sys::Date;
use wasm_bindgen::JsValue;

use crate::database::{Database, number_of, text_of};

/// One session.
#[derive(Debug, Clone)]
pub struct Row {
    pub caller: String,
    pub name: String,
    pub tokens: String,
    pub generation: f64,
    pub ends_at: f64,
}

/// The session, if it has not ended.
pub async fn find(database: &Database, key: &str) -> Result<Option<Row>, String> {
    let question =
        "SELECT caller, name, tokens, generation, ends_at FROM sessions WHERE session = ? AND ends_at > ?";
    let rows = database.run(question, &[key.into(), Date::now().into()]).await?;
    let row = rows.get(0);
    if row.is_undefined() {
        return Ok(None);
    }
    let read = || {
        Some(Row {
            caller: text_of(&row, "caller")?,
            name: text_of(&row, "name")?,
            tokens: text_of(&row, "tokens")?,
            generation: number_of(&row, "generation")?,
            ends_at: number_of(&row, "ends_at")?,
        })
    };
    read().map(Some).ok_or_else(|| "a row of another shape".to_owned())
}

/// Takes the right to refresh the tokens of `generation` until `until_ms`. `false`: somebody else has it, or has used it.
pub async fn lease(
    database: &Database,
    key: &str,
    generation: f64,
    now_ms: f64,
    until_ms: f64,
) -> Result<bool, String> {
    let change = "UPDATE sessions SET refreshing_until = ? WHERE session = ? AND generation = ? AND refreshing_until < ? RETURNING 1";
    let values = [until_ms.into(), key.into(), generation.into(), now_ms.into()];
    changed(database, change, &values).await
}

/// Stores the tokens that replace those of `generation`, and gives the right back.
pub async fn replace(database: &Database, key: &str, generation: f64, tokens: &str) -> Result<bool, String> {
    let change = "UPDATE sessions SET tokens = ?, generation = generation + 1, refreshing_until = 0 WHERE session = ? AND generation = ? RETURNING 1";
    changed(database, change, &[tokens.into(), key.into(), generation.into()]).await
}

/// Gives the right to refresh back without new tokens.
pub async fn release(database: &Database, key: &str, generation: f64) -> Result<bool, String> {
    let change = "UPDATE sessions SET refreshing_until = 0 WHERE session = ? AND generation = ? RETURNING 1";
    changed(database, change, &[key.into(), generation.into()]).await
}

/// Ends a session whose tokens Databricks no longer takes.
pub async fn end(database: &Database, key: &str) -> Result<(), String> {
    database.run("DELETE FROM sessions WHERE session = ?", &[key.into()]).await.map(drop)
}

/// Whether a change has changed a row.
async fn changed(database: &Database, change: &str, values: &[JsValue]) -> Result<bool, String> {
    Ok(database.run(change, values).await?.length() > 0)
}
