//! What happens when a request makes the code panic.
//!
//! A panic ends in a trap: the stack is gone and no destructor has run. The hook below still runs first, inside the
//! request that failed. It writes a log line, answers that request with a problem document, and tells the entry module
//! to use a fresh instance from now on. Requests already under way here may finish: each is a task of its own.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use edge::problem::{self, Problem};
use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use web_sys::Response;

use crate::answer;

thread_local! {
    /// Resolves the promise of the task that is running right now.
    static RUNNING: RefCell<Option<Function>> = const { RefCell::new(None) };
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
        let running = RUNNING.with(|slot| slot.try_borrow().ok().and_then(|slot| slot.clone()));
        if let (Some(resolve), Ok(response)) = (running, answer::fallback(&problem(), &id)) {
            let _ = resolve.call1(&JsValue::UNDEFINED, &response);
        }
        // The trap also ends the round in which tasks are polled; this begins the next one for those that waited.
        js_sys::futures::spawn_local(async {});
    }));
}

/// Runs a future as a task of its own whose promise is answered even when it panics.
pub fn promise(future: impl Future<Output = Response> + 'static) -> Promise {
    let mut future = Some(future);
    Promise::new(&mut |resolve, _reject| {
        if let Some(future) = future.take() {
            let done = resolve.clone();
            let task = Tracked { resolve, inner: Box::pin(future) };
            js_sys::futures::spawn_local(async move {
                let response = task.await;
                let _ = done.call1(&JsValue::UNDEFINED, &response);
            });
        }
    })
}

struct Tracked<F> {
    resolve: Function,
    inner: Pin<Box<F>>,
}

impl<F: Future> Future for Tracked<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let resolve = self.resolve.clone();
        RUNNING.with(|slot| *slot.borrow_mut() = Some(resolve));
        let poll = self.inner.as_mut().poll(context);
        RUNNING.with(|slot| *slot.borrow_mut() = None);
        poll
    }
}
