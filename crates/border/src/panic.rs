//! Keeps what a panic said. Without this a page sees "unreachable" and nothing else.

use std::cell::RefCell;
use std::panic::set_hook;

thread_local! {
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// From now on the message and place of a panic are kept for [`message`].
pub fn keep_message() {
    set_hook(Box::new(|info| {
        LAST.with(|last| {
            // A panic while this is borrowed must not panic again.
            if let Ok(mut last) = last.try_borrow_mut() {
                *last = Some(info.to_string());
            }
        });
    }));
}

/// The last one, if there was any.
pub fn message() -> Option<String> {
    LAST.with(|last| last.try_borrow().ok().and_then(|last| last.clone()))
}
