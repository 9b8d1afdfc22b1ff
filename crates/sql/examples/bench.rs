//! Microseconds per rendering, as JSON lines: `bench` natively; `bench/render/run.sh` puts other renderers beside it.

use std::hint::black_box;
use std::time::Instant;

use serde_json::{Value, json};
use sql::RenderOptions;

/// The plan that every renderer in the comparison gets: an upsert of `count` columns, a two-column key.
fn document(count: usize) -> Value {
    let columns: Vec<String> = (0..count).map(|n| format!("column_{n:04}")).collect();
    json!({
        "schema_version": "1.0",
        "plan_metadata": {"plan_id": "6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10", "plan_name": "bench",
            "owner": "ada@example.com", "created_at": "2026-01-16T08:00:00Z", "version": "1.0.0"},
        "pattern": {"type": "MERGE_UPSERT"},
        "source": {"catalog": "main", "schema": "raw", "table": "src", "columns": columns,
            "filter": "column_0002 > 0 OR column_0003 IS NULL"},
        "target": {"catalog": "main", "schema": "mart", "table": "tgt", "write_mode": "merge"},
        "pattern_config": {"merge_keys": ["column_0000", "column_0001"]},
        "execution_config": {"warehouse_id": "0123456789abcdef"}
    })
}

/// The best tenth of many runs, in microseconds: what the work costs when nothing else wants the processor.
fn measure(mut run: impl FnMut()) -> f64 {
    let mut times = Vec::new();
    let begin = Instant::now();
    while times.len() < 20 || (begin.elapsed().as_millis() < 400 && times.len() < 5000) {
        let start = Instant::now();
        run();
        times.push(start.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 10).copied().unwrap_or_default()
}

fn main() {
    if let Some(count) = std::env::args().nth(1).and_then(|a| a.parse().ok()) {
        println!("{}", document(count));
        return;
    }
    let options = RenderOptions::default();
    for count in [5, 100, 2000] {
        let document = document(count);
        let Some(plan) = sql::validate(&document).plan else { return };
        let text = sql::render_load(&plan, &options).unwrap_or_default();
        let row = json!({
            "columns": count,
            "bytes": text.len(),
            "validate": measure(|| { black_box(sql::validate(black_box(&document))); }),
            "load": measure(|| { black_box(sql::render_load(black_box(&plan), &options)).ok(); }),
            "everything": measure(|| { black_box(sql::render(black_box(&plan), &options)).ok(); }),
            "highlight": measure(|| { black_box(sql::highlight(black_box(&text))); }),
        });
        println!("{row}");
    }
}
