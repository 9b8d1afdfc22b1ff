#![no_main]
//! A redacted query has no quotes, comments or digits of its own, and redacting it again changes nothing.

use handoff::{ContextBuilder, redact};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str)| {
    let (sql, summary) = input;
    let Ok(context) =
        ContextBuilder::new("", "").columns("a.b.c", ["id", "名前"]).query(sql, Some(summary)).build()
    else {
        return;
    };
    let (once, _) = redact(&context);
    for query in once.exploration_queries() {
        assert!(query.query.len() <= 8 * sql.len() + 8);
        let outside = query.query.split('`').step_by(2).collect::<Vec<_>>().join(" ");
        assert!(!outside.contains(['\'', '"']), "{sql:?} -> {:?}", query.query);
        assert!(!outside.contains("--") && !outside.contains("/*"), "{sql:?} -> {:?}", query.query);
    }
    let (twice, _) = redact(&once);
    assert_eq!(twice, once, "{sql:?}");
});
