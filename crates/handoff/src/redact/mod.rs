//! Metadata only: what has to leave a context before it becomes a link.
//!
//! - In `exploration_queries` every literal of a query becomes a placeholder, comments and hints go, and a query that
//!   the lexer cannot take apart with certainty goes as a whole. Numbers are literals everywhere, so `LIMIT 100` and
//!   `GROUP BY 1` become `LIMIT :num` and `GROUP BY :num`.
//! - A `result_summary` keeps counts and known column names.
//! - Other keys inside an entry of `exploration_queries` go: nobody can tell whether they hold rows.
//! - `user_intent` stays as the person wrote it. Other keys of the context are its maker's metadata and stay too.
//!   What looks personal or secret in them is reported, so that the person can decide before the link is made.
//!
//! Redacting twice changes nothing more.

mod letters;
mod lex;
mod personal;
mod query;
mod summary;

pub use query::Counts;

use crate::context::{Context, key};
use crate::digits::digits;
use crate::issue::{Issue, pointer};
use crate::json::{Object, Value};
use summary::KnownNames;

/// What a redaction took out, and what it warns about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Removed {
    /// Literals, comments and hints of the queries that stayed.
    pub literals: Counts,
    /// Queries that went as a whole.
    pub queries: usize,
    /// Summaries that were cut down.
    pub summaries: usize,
    /// Keys taken out of entries of `exploration_queries`.
    pub keys: usize,
    /// One warning for each query and key that went, and for each part of a text that looks personal or secret.
    /// Paths name places in the context before redaction.
    pub warnings: Vec<Issue>,
}

/// Gives back `context` without data, and what was taken out.
#[must_use]
pub fn redact(context: &Context) -> (Context, Removed) {
    let mut removed = Removed::default();
    let names = KnownNames::of(context);
    let mut redacted = context.clone();
    if let Some(Value::Array(entries)) = redacted.root_mut().get_mut(key::EXPLORATION_QUERIES) {
        let parent = pointer("", key::EXPLORATION_QUERIES);
        let old = std::mem::take(entries);
        entries.extend(old.into_iter().enumerate().filter_map(|(i, entry)| match entry {
            Value::Object(fields) => {
                redact_entry(fields, &names, &pointer(&parent, &digits(i)), &mut removed)
            }
            // Shape was checked when the context was read.
            _ => None,
        }));
    }
    for (name, value) in redacted.as_object().iter() {
        if name != key::EXPLORATION_QUERIES {
            flag(value, &pointer("", name), &mut removed.warnings);
        }
    }
    (redacted, removed)
}

fn redact_entry(fields: Object, names: &KnownNames, path: &str, removed: &mut Removed) -> Option<Value> {
    let mut kept = Object::new();
    let mut keys = 0;
    for (name, value) in fields.0 {
        match (name.as_str(), value) {
            (key::QUERY, Value::String(sql)) => {
                let redacted = query::redact_query(&sql).ok();
                let reason = match &redacted {
                    None => "cannot be read as SQL, so its literals cannot be told from its names",
                    Some((text, _)) if text.is_empty() => "holds nothing but comments",
                    Some((text, _)) if !personal::find(text).is_empty() => {
                        "has a name that looks personal or secret"
                    }
                    Some(_) => "",
                };
                match redacted {
                    Some((text, counts)) if reason.is_empty() => {
                        removed.literals.strings += counts.strings;
                        removed.literals.numbers += counts.numbers;
                        removed.literals.comments += counts.comments;
                        removed.literals.hints += counts.hints;
                        kept.0.push((name, Value::String(text)));
                    }
                    _ => {
                        removed.queries += 1;
                        removed.warnings.push(Issue::warning(
                            "query_dropped",
                            path,
                            ["the query was left out: it ", reason].concat(),
                            "Correct the query, or hand over without it.",
                        ));
                        return None;
                    }
                }
            }
            (key::RESULT_SUMMARY, Value::String(text)) => {
                let reduced = summary::reduce_summary(&text, names);
                removed.summaries += usize::from(reduced != text);
                kept.0.push((name, Value::String(reduced)));
            }
            (key::RESULT_SUMMARY, Value::Null) => kept.0.push((name, Value::Null)),
            _ => {
                keys += 1;
                removed.warnings.push(Issue::warning(
                    "query_key_dropped",
                    pointer(path, &name),
                    "the key was left out: only query and result_summary of an exploration query go into a link",
                    "Put metadata of the maker beside exploration_queries.",
                ));
            }
        }
    }
    removed.keys += keys;
    Some(Value::Object(kept))
}

/// Warns about everything in the texts of `value` that looks personal or secret.
fn flag(value: &Value, path: &str, warnings: &mut Vec<Issue>) {
    match value {
        Value::String(text) => {
            for (finding, span) in personal::find(text) {
                let mut issue = Issue::warning(
                    finding.code(),
                    path,
                    ["this text seems to hold ", finding.describe(), "; whoever has the link can read it"]
                        .concat(),
                    "Take it out before the link is made, unless it is meant to be there.",
                );
                issue.span = Some(span);
                warnings.push(issue);
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                flag(item, &pointer(path, &digits(i)), warnings);
            }
        }
        Value::Object(entries) => {
            for (name, item) in entries.iter() {
                flag(item, &pointer(path, name), warnings);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{"x":{"rows":[1]},"genie_session_id":"s","space_id":"","validated_tables":["a.b.c"],"validated_columns":{"a.b.c":["id"]},
        "user_intent":"ask jane@example.com","exploration_summary":{},"exploration_queries":[
        {"result_summary":"3 rows, Jane","query":"SELECT id FROM a.b.c WHERE n = 'Jane' -- x\nLIMIT 5","rows":[["Jane"]]},
        {"query":"SELECT 'Jane"},{"query":"-- Jane","result_summary":null},{"query":"SELECT `jane@example.com`"},
        {"query":"SELECT id","result_summary":null}]}"#;

    #[test]
    fn takes_data_out_and_says_so() {
        let context = Context::from_json_str(JSON).unwrap();
        let (redacted, removed) = redact(&context);
        assert_eq!(
            redacted.as_object().get(key::EXPLORATION_QUERIES).unwrap().to_json(),
            r#"[{"result_summary":"3 rows","query":"SELECT id FROM a.b.c WHERE n = :str\nLIMIT :num"},{"query":"SELECT id","result_summary":null}]"#
        );
        assert!(!redacted.to_json().contains("Jane"));
        assert!(redacted.to_json().starts_with(r#"{"x":{"rows":[1]},"genie_session_id""#));
        assert_eq!(removed.literals, Counts { strings: 1, numbers: 1, comments: 1, hints: 0 });
        assert_eq!((removed.queries, removed.summaries, removed.keys), (3, 1, 1));
        let warnings: Vec<_> = removed.warnings.iter().map(|w| (w.code, w.path.as_str())).collect();
        assert_eq!(
            warnings,
            [
                ("query_key_dropped", "/exploration_queries/0/rows"),
                ("query_dropped", "/exploration_queries/1"),
                ("query_dropped", "/exploration_queries/2"),
                ("query_dropped", "/exploration_queries/3"),
                ("personal_email", "/user_intent"),
            ]
        );
        assert_eq!(removed.warnings[4].span, Some(crate::Span { start: 4, end: 20 }));
    }

    #[test]
    fn a_second_time_changes_nothing() {
        let (once, _) = redact(&Context::from_json_str(JSON).unwrap());
        let (twice, removed) = redact(&once);
        assert_eq!(twice, once);
        assert_eq!(
            (removed.literals, removed.queries, removed.summaries, removed.keys),
            (Counts::default(), 0, 0, 0)
        );
    }
}
