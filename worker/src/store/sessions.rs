//! Sessions of signed-in people. Tokens come and go sealed; nothing here can read them.
//!
//! A refresh is no change that anybody made, so it has no audit row; signing in and out have theirs.

use js_sys::Date;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Sql, Store, Trouble, rows, sql};

/// One session.
#[derive(Debug, Clone, Deserialize)]
pub struct Session {
    pub caller: String,
    pub name: String,
    pub tokens: String,
    pub generation: f64,
    pub ends_at: f64,
}

/// The statements of a new session. Sessions that have ended go at the same time, so that the table stays as small as
/// the number of people.
pub fn create(key: &str, session: &Session) -> Vec<Sql> {
    vec![
        sql("DELETE FROM sessions WHERE ends_at < ?", vec![json!(Date::now())]),
        sql(
            "INSERT INTO sessions (session, caller, name, tokens, created_at, ends_at) VALUES (?, ?, ?, ?, ?, ?)",
            vec![
                json!(key),
                json!(session.caller),
                json!(session.name),
                json!(session.tokens),
                json!(super::now()),
                json!(session.ends_at),
            ],
        ),
    ]
}

/// The statement that ends a session: its tokens are gone.
pub fn end_of(key: &str) -> Sql {
    sql("DELETE FROM sessions WHERE session = ?", vec![json!(key)])
}

/// The session, if it has not ended.
pub async fn find(store: &Store, key: &str) -> Result<Option<Session>, String> {
    let question = sql(
        "SELECT caller, name, tokens, generation, ends_at FROM sessions WHERE session = ? AND ends_at > ?",
        vec![json!(key), json!(Date::now())],
    );
    store.first(question).await.map_err(cause)
}

/// Takes the right to refresh the tokens of `generation` until `until_ms`. `false`: somebody else has it, or has used it.
pub async fn lease(
    store: &Store,
    key: &str,
    generation: f64,
    now_ms: f64,
    until_ms: f64,
) -> Result<bool, String> {
    let change = sql(
        "UPDATE sessions SET refreshing_until = ? WHERE session = ? AND generation = ? AND refreshing_until < ? RETURNING 1",
        vec![json!(until_ms), json!(key), json!(generation), json!(now_ms)],
    );
    changed(store, change).await
}

/// Stores the tokens that replace those of `generation`, and gives the right back.
pub async fn replace(store: &Store, key: &str, generation: f64, tokens: &str) -> Result<bool, String> {
    let change = sql(
        "UPDATE sessions SET tokens = ?, generation = generation + 1, refreshing_until = 0 WHERE session = ? AND generation = ? RETURNING 1",
        vec![json!(tokens), json!(key), json!(generation)],
    );
    changed(store, change).await
}

/// Gives the right to refresh back without new tokens.
pub async fn release(store: &Store, key: &str, generation: f64) -> Result<bool, String> {
    let change = sql(
        "UPDATE sessions SET refreshing_until = 0 WHERE session = ? AND generation = ? RETURNING 1",
        vec![json!(key), json!(generation)],
    );
    changed(store, change).await
}

/// Ends a session whose tokens Databricks no longer takes.
pub async fn end(store: &Store, key: &str) -> Result<(), String> {
    store.keep(&[end_of(key)]).await.map(drop).map_err(cause)
}

/// Whether a change has changed a row.
async fn changed(store: &Store, change: Sql) -> Result<bool, String> {
    let mut answers = store.keep(&[change]).await.map_err(cause)?;
    let rows: Vec<Value> = rows(answers.pop().unwrap_or_default()).map_err(cause)?;
    Ok(!rows.is_empty())
}

fn cause(trouble: Trouble) -> String {
    match trouble {
        Trouble::Unreachable(text) => text,
        Trouble::Conflict | Trouble::Busy => "conflict".to_owned(),
    }
}
