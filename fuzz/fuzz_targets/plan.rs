#![no_main]
//! Any bytes give a report; a plan that can be rendered gives statements out of which nothing breaks.

use fuzz::one_statement;
use libfuzzer_sys::fuzz_target;
use sql::RenderOptions;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(document) = plan::parse_document(text) else { return };
    let report = sql::validate(&document);
    assert_eq!(report.hash, plan::PlanHash::of(&document));
    assert!(plan::diff(&document, &document).is_empty());
    let canonical = plan::canonical_json(&document);
    let again = plan::parse_document(&canonical).expect("canonical JSON is JSON");
    assert_eq!(plan::canonical_json(&again), canonical);
    let Some(plan) = report.plan else { return };
    let rendered = sql::render(&plan, &RenderOptions::default()).expect("a valid plan is rendered");
    let statements = &rendered.statements;
    one_statement(&statements.load);
    one_statement(&statements.explain);
    for list in
        [&statements.setup, &statements.checks, &statements.staging, &statements.after, &statements.previews]
    {
        for statement in list {
            one_statement(&statement.sql);
        }
    }
    assert_eq!(sql::render_load(&plan, &RenderOptions::default()).as_ref(), Ok(&rendered.sql));
});
