//! Statements on their way to a warehouse. What is sent is a [`ReadOnly`], which only its check makes.

use databricks::{STATEMENTS_PATH, StatementAnswer, statement_path};
use edge::config::Config;
use session::readonly::ReadOnly;

use crate::call::Upstream;
use crate::state::State;
use crate::upstream::{self, Fault};

/// How a statement is run.
pub struct Terms<'a> {
    /// Where.
    pub warehouse: &'a str,
    /// How long the service waits for its end before it answers, in seconds.
    pub wait_seconds: u32,
    /// The most rows that come back.
    pub row_limit: u32,
    /// How long the answer may take, in milliseconds.
    pub left_ms: u32,
}

/// Sends a statement, once.
pub async fn send(
    state: &State,
    config: &Config,
    statement: ReadOnly<'_>,
    terms: &Terms<'_>,
    spent: &mut Upstream,
) -> Result<StatementAnswer, Fault> {
    let url = format!("{}{STATEMENTS_PATH}", config.upstream);
    let body = statement.body(terms.warehouse, terms.wait_seconds, terms.row_limit);
    read(upstream::send(state, config, &url, &body, terms.left_ms, spent).await?.bytes.to_vec())
}

/// Asks how far a statement is.
pub async fn look(
    state: &State,
    config: &Config,
    id: &str,
    spent: &mut Upstream,
) -> Result<StatementAnswer, Fault> {
    let url = format!("{}{}", config.upstream, statement_path(id));
    read(upstream::get(state, config, &url, spent).await?.bytes.to_vec())
}

fn read(bytes: Vec<u8>) -> Result<StatementAnswer, Fault> {
    StatementAnswer::parse(&bytes).map_err(|_| Fault::Unreadable("no statement"))
}
