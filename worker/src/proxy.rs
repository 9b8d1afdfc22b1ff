//! What the public worker answers itself once the caller is known: spaces, conversations, messages, signatures, health.
//! Everything else goes to the worker behind it.

use std::rc::Rc;

use databricks::List;
use edge::problem::Problem;
use edge::route::{self, Route};
use web_sys::Response;
use worker::Env;

use crate::call::Call;
use crate::serve::{Step, complete, json_body, now};
use crate::{behind, genie, health, shared, signing};

/// Whether the answer is here already, so that giving it costs nobody anything.
pub fn is_remembered(call: &Call) -> bool {
    let asks = call.route == Route::GenieGet.name() && call.method() == "GET";
    asks && call.facts.space().as_ref().is_ok_and(|id| shared::cached(call, &space_key(call, id)).is_some())
}

fn space_key(call: &Call, id: &databricks::SpaceId) -> String {
    [call.caller.as_deref().unwrap_or_default(), "\n", id.as_str()].concat()
}

/// Everything after the caller is known.
pub fn dispatch(call: Call, env: Env) -> Step {
    let (path, query) = call.path_and_query();
    match Route::find(path) {
        Some(Route::GenieGet) if call.method() == "POST" => Step::Later(Box::pin(genie_post(call))),
        Some(Route::GenieGet) => {
            let facts = Rc::clone(&call.facts);
            match facts.space() {
                Ok(id) => genie_get(call, id),
                Err(problem) => now(call, problem.clone()),
            }
        }
        Some(Route::Spaces) => {
            let page = route::paging(query);
            list(call, List::Spaces, "/api/2.0/genie/spaces".to_owned(), page)
        }
        Some(Route::Conversations(space)) => {
            let page = route::paging(query);
            match route::space_id(space) {
                Ok(space) => list(
                    call,
                    List::Conversations,
                    format!("/api/2.0/genie/spaces/{space}/conversations"),
                    page,
                ),
                Err(problem) => now(call, problem),
            }
        }
        Some(Route::Messages(space, conversation)) => {
            let page = route::paging(query);
            match route::space_id(space).and_then(|space| Ok((space, route::conversation_id(conversation)?)))
            {
                Ok((space, conversation)) => {
                    let path = format!("/api/2.0/genie/spaces/{space}/conversations/{conversation}/messages");
                    list(call, List::Messages, path, page)
                }
                Err(problem) => now(call, problem),
            }
        }
        Some(Route::SignHandoff) => Step::Later(Box::pin(signing::sign(call))),
        Some(Route::Health) => Step::Later(Box::pin(health::deep(call, env))),
        _ => Step::Later(Box::pin(behind::answer(call, env))),
    }
}

/// The space, from memory if that is recent enough.
fn genie_get(mut call: Call, id: &databricks::SpaceId) -> Step {
    let key = space_key(&call, id);
    if let Some(reply) = shared::cached(&call, &key) {
        return Step::Now(call, reply);
    }
    let loader = Box::pin(genie::space(Rc::clone(&call.state), id.clone(), call.acting()));
    Step::Later(Box::pin(async move {
        let reply = shared::load(&mut call, key, true, loader).await;
        call.finish(reply)
    }))
}

/// The same with the id in a JSON body, or in the query when there is no body.
async fn genie_post(call: Call) -> Response {
    let limit = call.state.config.as_ref().map_or(0, |config| config.limits.request_bytes);
    let id = match json_body(&call, limit).await {
        Ok(bytes) if bytes.is_empty() => route::space_of_query(call.path_and_query().1),
        Ok(bytes) => route::space_of_body(&bytes),
        Err(problem) => Err(problem),
    };
    let step = match id {
        Ok(id) => genie_get(call, &id),
        Err(problem) => now(call, problem),
    };
    complete(step).await
}

/// One page of a list, shared by equal requests and never kept: conversations move while people look at them.
fn list(mut call: Call, list: List, path: String, page: Result<String, Problem>) -> Step {
    let page = match page {
        Ok(page) => page,
        Err(problem) => return now(call, problem),
    };
    let key = format!("{}\n{path}?{page}", call.caller.as_deref().unwrap_or_default());
    let loader = Box::pin(genie::list(Rc::clone(&call.state), list, path, page, call.acting()));
    Step::Later(Box::pin(async move {
        let mut reply = shared::load(&mut call, key, false, loader).await;
        reply.cache = reply.cache.filter(|cache| *cache == "shared");
        call.finish(reply)
    }))
}
