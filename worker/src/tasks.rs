//! Futures that answer requests, and waiting for promises in them.
//!
//! The executor of wasm-bindgen makes two closures for each promise, registers both for finalisation and goes through
//! a microtask for each step. That costs more than everything else we do for a request. Here a task is polled at once
//! when it begins and whenever the promise that it waits for has settled, through one function that serves all.
//! Futures of other crates work too: their wakers put the task on the ordinary queue.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use edge::map::Map;
use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::*;
use web_sys::Response;

#[wasm_bindgen(module = "/src/tasks.js")]
extern "C" {
    fn promised(task: u32) -> Promise;
    fn follow(task: u32, promise: &Promise, resume: &Function);
    /// Answers the promise of a task.
    #[wasm_bindgen(js_name = answer)]
    pub fn answer_task(task: u32, response: &JsValue);
}

type Work = Pin<Box<dyn Future<Output = Response>>>;

struct Task {
    /// Not here while it is being polled.
    work: Option<Work>,
    waker: Waker,
    /// How the promise that the task waits for has settled.
    settled: Option<Result<JsValue, JsValue>>,
}

thread_local! {
    static TASKS: RefCell<Map<u32, Task>> = const { RefCell::new(Map::new()) };
    static LAST: Cell<u32> = const { Cell::new(0) };
    /// The task that is being polled; 0 for none.
    static RUNNING: Cell<u32> = const { Cell::new(0) };
    static RESUME: Function = Closure::<dyn Fn(u32, bool, JsValue)>::new(resume).into_js_value().unchecked_into();
}

/// The task that is running right now.
pub fn running() -> Option<u32> {
    Some(RUNNING.get()).filter(|task| *task != 0)
}

/// Begins a task; its first step runs before this returns.
pub fn begin(work: Work) -> Promise {
    let task = LAST.get().wrapping_add(1).max(1);
    LAST.set(task);
    let promise = promised(task);
    let waker = Waker::from(Arc::new(Later(task)));
    TASKS.with(|tasks| tasks.borrow_mut().insert(task, Task { work: Some(work), waker, settled: None }));
    run(task);
    promise
}

struct Later(u32);

impl Wake for Later {
    fn wake(self: Arc<Self>) {
        let task = self.0;
        // Not at once: whoever wakes may be in the middle of something.
        js_sys::futures::spawn_local(async move { run(task) });
    }
}

fn run(task: u32) {
    let taken = TASKS.with(|tasks| {
        let mut tasks = tasks.borrow_mut();
        let entry = tasks.get_mut(&task)?;
        Some((entry.work.take()?, entry.waker.clone()))
    });
    let Some((mut work, waker)) = taken else { return };
    let before = RUNNING.replace(task);
    let poll = work.as_mut().poll(&mut Context::from_waker(&waker));
    RUNNING.set(before);
    match poll {
        Poll::Ready(response) => {
            TASKS.with(|tasks| tasks.borrow_mut().remove(&task));
            answer_task(task, &response);
        }
        Poll::Pending => TASKS.with(|tasks| {
            if let Some(entry) = tasks.borrow_mut().get_mut(&task) {
                entry.work = Some(work);
            }
        }),
    }
}

fn resume(task: u32, good: bool, value: JsValue) {
    TASKS.with(|tasks| {
        if let Some(entry) = tasks.borrow_mut().get_mut(&task) {
            entry.settled = Some(if good { Ok(value) } else { Err(value) });
        }
    });
    run(task);
}

/// Waits for a promise.
pub fn wait(promise: Promise) -> impl Future<Output = Result<JsValue, JsValue>> {
    wait_for(move |task, resume| follow(task, &promise, resume))
}

/// Begins something that calls `resume(task, good, value)` once, and waits for that. Only inside a task, and one after
/// the other: a task has one place for a result.
pub fn wait_for<B: FnOnce(u32, &Function) + Unpin>(begin: B) -> Wait<B> {
    Wait { begin: Some(begin) }
}

/// See [`wait_for`].
pub struct Wait<B> {
    begin: Option<B>,
}

impl<B: FnOnce(u32, &Function) + Unpin> Future for Wait<B> {
    type Output = Result<JsValue, JsValue>;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(task) = running() else { return Poll::Pending };
        if let Some(begin) = self.begin.take() {
            RESUME.with(|resume| begin(task, resume));
            return Poll::Pending;
        }
        let settled =
            TASKS.with(|tasks| tasks.borrow_mut().get_mut(&task).and_then(|entry| entry.settled.take()));
        settled.map_or(Poll::Pending, Poll::Ready)
    }
}
