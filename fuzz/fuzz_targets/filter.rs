#![no_main]
//! Any text is a predicate or not; what is one stays inside its parentheses and is read again as itself.

use fuzz::one_statement;
use libfuzzer_sys::fuzz_target;
use sql::Predicate;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(predicate) = Predicate::parse(text) else { return };
    one_statement(&format!("SELECT 1 WHERE ({})", predicate.as_str()));
    let again = Predicate::parse(predicate.as_str()).expect("what was written can be read");
    assert_eq!(again.as_str(), predicate.as_str());
    let _ = sql::highlight(text);
});
