//! What stands for sessions in the build without plans: nobody is signed in here.
//!
//! Sessions lie in the database. A request with a session cookie is given to the worker that has one (`elsewhere.rs`), so
//! the types below have no values, and what would use them compiles to nothing.

use std::rc::Rc;

use edge::config::Config;
use edge::problem::{self, Problem};
use edge::secret::Secret;
use edge::signin::Cookie;

use crate::call::{Call, Upstream};
use crate::state::State;
use crate::upstream::Fault;

/// A signed-in person. There is none.
pub enum Session {}

/// On whose behalf a request asks Databricks. Never anybody's but the server's.
#[derive(Clone)]
pub struct Person {
    pub session: Rc<Session>,
}

/// The session cookie of a request.
pub fn cookie(call: &Call) -> Option<String> {
    Cookie::Session.find(&call.header("cookie")?, call.is_secure()).map(str::to_owned)
}

/// The problem of a session that is over.
pub fn ended() -> Problem {
    Problem::new(
        problem::SESSION_ENDED,
        "Your session is over. Sign in again at /auth/login; nothing was done.",
    )
}

/// Whether a change comes from a page of this server, which is asked of sessions only.
pub fn own_page(_call: &Call) -> Result<(), Problem> {
    Ok(())
}

/// The token of a person who cannot be.
pub async fn token(
    _state: &State,
    _config: &Config,
    person: &Person,
    _refused: Option<&Secret>,
    _until_ms: f64,
    _spent: &mut Upstream,
) -> Result<Secret, Fault> {
    match *person.session {}
}
