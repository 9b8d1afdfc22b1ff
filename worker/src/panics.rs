//! What happens when a request makes the code panic.
//!
//! A panic ends in a trap: the stack is gone and no destructor has run. The hook below still runs first, inside the
//! request that failed. It writes a log line, answers that request with a problem document, and tells the entry module
//! to use a fresh instance from now on. Requests already under way here may finish: each is a task of its own.

use std::cell::RefCell;

use edge::problem::{self, Problem};
use js_sys::Function;
use wasm_bindgen::JsValue;

use crate::{answer, tasks};

thread_local! {
    static LISTENER: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// What the caller hears.
pub fn problem() -> Problem {
    Problem::new(problem::INTERNAL, "The request was given up. The log has the cause under the request id.")
}

/// Sets the hook. The message of a panic may quote data, so only its place is logged.
pub fn install(listener: Function) {
    LISTENER.with(|slot| *slot.borrow_mut() = Some(listener));
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
        let id = answer::fallback_request_id();
        let line = format!(
            "{{\"level\":\"error\",\"event\":\"panic\",\"request_id\":\"{id}\",\"place\":\"{place}\"}}"
        );
        web_sys::console::error_1(&line.into());
        // `try_borrow`: a panic inside a borrow must not panic again.
        let listener = LISTENER.with(|slot| slot.try_borrow().ok().and_then(|slot| slot.clone()));
        if let Some(listener) = listener {
            let _ = listener.call0(&JsValue::UNDEFINED);
        }
        if let (Some(task), Ok(response)) = (tasks::running(), answer::fallback(&problem(), &id)) {
            tasks::answer_task(task, &response);
        }
        // If the trap ends a round of the ordinary queue, this begins the next one for those that wait in it.
        js_sys::futures::spawn_local(async {});
    }));
}
