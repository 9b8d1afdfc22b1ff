//! Reads the source of the priming text; only the generator and its test need it.

use crate::builder::ContextBuilder;
use crate::context::{Context, ExplorationSummary};
use crate::redact::redact;

/// The contexts of a priming source, redacted, in order.
pub fn contexts(source: &str) -> Vec<Context> {
    let mut out = Vec::new();
    let mut builder: Option<ContextBuilder> = None;
    let mut prefix = String::new();
    let mut query: Option<String> = None;
    let (mut queries, mut tables) = (0, 0);
    let mut finish = |b: ContextBuilder, queries: &mut u64, tables: &mut u64| {
        let summary = ExplorationSummary {
            queries_run: *queries,
            tables_explored: *tables,
            sample_data_reviewed: !(*queries).is_multiple_of(3),
        };
        (*queries, *tables) = (0, 0);
        out.push(redact(&b.summary(summary).build().expect("a context")).0);
    };
    for line in source.lines().filter(|l| !l.starts_with('#')) {
        if let Some(summary) = line.strip_prefix("= ") {
            let sql = query.take().expect("a query before its summary");
            builder = builder.take().map(|b| b.query(&sql, Some(summary)));
            queries += 1;
        } else if let Some(sql) = &mut query {
            sql.push('\n');
            sql.push_str(line);
        } else if let Some(sql) = line.strip_prefix("q ") {
            query = Some(sql.to_owned());
        } else if let Some(kinds) = line.strip_prefix("@ ") {
            if let Some(b) = builder.take() {
                finish(b, &mut queries, &mut tables);
            }
            let (session, time) = kinds.split_once(' ').expect("two kinds");
            let session = match session {
                "hex" => "01e00000000010008000000000000000",
                "uuid" => "00000000-0000-4000-8000-000000000000",
                _ => "genie_session",
            };
            let time = match time {
                "Z" => "2024-01-01T00:00:00Z".to_owned(),
                "ms" => "2024-01-01T00:00:00.000Z".to_owned(),
                offset => format!("2024-01-01T00:00:00{offset}"),
            };
            builder =
                Some(ContextBuilder::new(session, "01e00000000010008000000000000000").created_at(&time));
        } else if let Some(intent) = line.strip_prefix("i ") {
            builder = builder.take().map(|b| b.user_intent(intent));
        } else if let Some(table) = line.strip_prefix("t ") {
            let (name, columns) = table.split_once(": ").expect("a table and its columns");
            let name = if name.starts_with('.') { format!("{prefix}{name}") } else { name.to_owned() };
            prefix = name.rsplit_once('.').expect("a full name").0.to_owned();
            builder = builder.take().map(|b| b.columns(&name, columns.split(' ')));
            tables += 1;
        } else {
            assert!(line.is_empty(), "an unknown line: {line}");
        }
    }
    if let Some(b) = builder {
        finish(b, &mut queries, &mut tables);
    }
    out
}
