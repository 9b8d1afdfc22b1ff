//! Genie spaces, conversations and messages.

use std::rc::Rc;

use databricks::{Failure, List, SpaceId, Unified, unify};
use edge::problem::{self, Problem};
use js_sys::Uint8Array;

use crate::answer::{Content, Reply, unreadable};
use crate::call::Upstream;
use crate::state::State;
use crate::upstream::{self, Fault};

/// What a shared call came to. Plain data only: requests on either side have nothing else in common.
#[derive(Clone)]
pub enum Outcome {
    /// JSON to send.
    Good(Uint8Array),
    /// A problem, with its cause for the log.
    Bad(Problem, String),
}

impl From<Fault> for Outcome {
    fn from(fault: Fault) -> Self {
        Self::Bad(fault.problem(), fault.cause())
    }
}

impl Outcome {
    /// The same as an answer.
    pub fn reply(self, cache: &'static str) -> Reply {
        let mut reply = match self {
            Self::Good(bytes) => Reply::new(200, Content::Json(bytes)),
            Self::Bad(problem, cause) => Reply::problem(problem).because(cause),
        };
        reply.cache = Some(cache);
        reply
    }
}

/// A space as `genie_get` gives it: from the data-rooms API, else from the public one.
///
/// `spent` says as whom Databricks is asked. Absent and invisible spaces are not told apart, here as upstream.
pub async fn space(state: Rc<State>, id: SpaceId, mut spent: Upstream) -> (Outcome, Upstream) {
    let (state, id) = (&*state, &id);
    let Ok(config) = &state.config else {
        return (unconfigured(), spent);
    };
    let mut answer = upstream::get(state, config, &config.data_room_url(id), &mut spent).await;
    if let Err(fault) = &answer
        && is_absent(fault)
    {
        answer = upstream::get(state, config, &config.public_space_url(id), &mut spent).await;
    }
    let outcome = match answer {
        Ok(good) => match unify(&good.bytes.to_vec(), id) {
            Ok(Unified::Unchanged) => Outcome::Good(good.bytes),
            Ok(Unified::Rebuilt(json)) => Outcome::Good(Uint8Array::from(json.as_slice())),
            Err(error) => {
                let (problem, cause) = unreadable(&error);
                Outcome::Bad(problem, cause.to_owned())
            }
        },
        Err(fault) if is_absent(&fault) => absent(
            &fault,
            Problem::new(
                problem::SPACE_NOT_FOUND,
                "There is no Genie space with this id, or the server may not see it. Check the id, or ask for CAN VIEW on the space.",
            ),
        ),
        Err(fault) => fault.into(),
    };
    (outcome, spent)
}

/// One page of a list. `path` is the upstream path with its checked ids, `paging` its query.
pub async fn list(
    state: Rc<State>,
    list: List,
    path: String,
    paging: String,
    mut spent: Upstream,
) -> (Outcome, Upstream) {
    let state = &*state;
    let Ok(config) = &state.config else {
        return (unconfigured(), spent);
    };
    let mark = if paging.is_empty() { "" } else { "?" };
    let url = format!("{}{path}{mark}{paging}", config.upstream);
    let outcome = match upstream::get(state, config, &url, &mut spent).await {
        Ok(good) => match list.page(&good.bytes.to_vec()) {
            Ok(json) => Outcome::Good(Uint8Array::from(json.as_bytes())),
            Err(error) => {
                let problem = Problem::new(
                    problem::UPSTREAM_UNREADABLE,
                    "The workspace's answer is not the list it was asked for. Try again; if it stays, the API has changed.",
                );
                Outcome::Bad(problem, error.to_string())
            }
        },
        Err(fault) if is_absent(&fault) && list != List::Spaces => {
            let (kind, what) = match list {
                List::Messages => (problem::CONVERSATION_NOT_FOUND, "conversation"),
                _ => (problem::SPACE_NOT_FOUND, "space"),
            };
            absent(
                &fault,
                Problem::new(kind, format!("There is no such {what}, or the server may not see it.")),
            )
        }
        // The token is the one thing in such a request that is not ours.
        Err(fault) if is_rejected(&fault) && paging.contains("page_token=") => {
            let detail = "The workspace does not know this page_token. Begin with the first page, and send tokens on as they came.";
            Outcome::Bad(Problem::new(problem::PAGE_MALFORMED, detail), fault.cause())
        }
        Err(fault) => fault.into(),
    };
    (outcome, spent)
}

/// Routes are served only with a configuration; this answers for the compiler.
fn unconfigured() -> Outcome {
    Outcome::Bad(crate::panics::problem(), "no configuration".to_owned())
}

fn absent(fault: &Fault, problem: Problem) -> Outcome {
    Outcome::Bad(problem, fault.cause())
}

fn is_rejected(fault: &Fault) -> bool {
    matches!(fault, Fault::Failed { failure: Failure::Rejected, .. })
}

fn is_absent(fault: &Fault) -> bool {
    matches!(fault, Fault::Failed { failure: Failure::NotFound | Failure::NoEndpoint | Failure::Denied, .. })
}
