//! How often a suggestion is right: `scripts/bench.sh suggest`. With `--misses`, the misses of the tune half are
//! listed; those of the test half are not, so that nobody tunes on them.

#![allow(clippy::indexing_slicing, reason = "a measuring tool: it may stop at a broken label")]

#[path = "../tests/suggest_common/mod.rs"]
mod suggest_common;

use std::collections::BTreeMap;

use suggest_common::{cases, judge};

fn main() {
    let misses = std::env::args().any(|a| a == "--misses");
    let cases = cases();
    let tests = cases.iter().filter(|c| c.is_test()).count();
    println!("{} intents: {} to tune on, {tests} to test with", cases.len(), cases.len() - tests);
    for (parser, how) in
        [(true, "queries read by the parser"), (false, "queries read lightly, as offline in a browser")]
    {
        // Of each thing: right and all, tune and test.
        let mut table: BTreeMap<(u8, String), [u32; 4]> = BTreeMap::new();
        for case in &cases {
            let suggestion = case.suggest(parser);
            for verdict in judge(case, &suggestion) {
                let at = if case.is_test() { 2 } else { 0 };
                let mut rows = vec![(1, verdict.what.to_owned())];
                if verdict.what == "pattern" {
                    // A pattern that was left open costs a question, a wrong one may cost data.
                    let wrong = !verdict.right && suggestion.pattern.is_some();
                    let counts = table.entry((2, "pattern not wrong".to_owned())).or_default();
                    counts[at] += u32::from(!wrong);
                    counts[at + 1] += 1;
                    rows.push((0, case.expect["pattern"].as_str().unwrap_or("(open)").to_owned()));
                }
                for row in rows {
                    let counts = table.entry(row).or_default();
                    counts[at] += u32::from(verdict.right);
                    counts[at + 1] += 1;
                }
                if misses && parser && !verdict.right && !case.is_test() {
                    println!(
                        "  {} {}: wanted {}, got {}",
                        case.id, verdict.what, verdict.expected, verdict.found
                    );
                }
            }
        }
        println!("\n{how}\n{:<22} {:>16} {:>16}", "", "tune", "test");
        for ((_, name), [a, b, c, d]) in table {
            let cell = |right: u32, all: u32| {
                if all == 0 {
                    "-".to_owned()
                } else {
                    format!("{right}/{all} {:>4.0} %", f64::from(right) * 100.0 / f64::from(all))
                }
            };
            println!("{name:<22} {:>16} {:>16}", cell(a, b), cell(c, d));
        }
    }
}
