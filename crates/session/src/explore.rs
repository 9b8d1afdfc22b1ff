//! What happened in a conversation.

use std::collections::{BTreeMap, BTreeSet};

use databricks::Message;
use genie_sql::{Known, Query};
use handoff::name::{TableName, compare_key};
use handoff::{Issue, Severity};
use thiserror::Error;

use crate::intent::{destinations, states_intent};

/// The most tables that are looked up for one handoff; a space has at most 30.
pub const MAX_LOOKUPS: usize = 40;

/// What the caller asks for beside the session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// Only these messages; all of them if absent.
    pub message_ids: Option<Vec<String>>,
    /// The intent; else it is looked for in the messages.
    pub user_intent: Option<String>,
    /// Where the result should go; else it is looked for in the intent.
    pub target_table: Option<String>,
}

/// Why there is nothing to make a handoff of.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SessionError {
    /// None of the messages asked for is in the conversation.
    #[error("none of the messages asked for is in the conversation")]
    NoSuchMessages,
    /// The target is not a full table name.
    #[error("target_table is not a full table name: {0}")]
    Target(String),
}

impl SessionError {
    /// A stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSuchMessages => "message_not_found",
            Self::Target(_) => "target_invalid",
        }
    }
}

/// A query that ran to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The message that it belongs to.
    pub message_id: String,
    /// Raw SQL with its literals: for [`crate::assemble`], and nobody else.
    pub(crate) sql: String,
    pub(crate) rows: Option<u64>,
    pub(crate) truncated: bool,
    /// What it does; `None` if it could not be read.
    pub reading: Option<Query>,
}

/// What a conversation says, before Unity Catalog is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exploration {
    /// The messages that were taken, oldest first.
    pub message_ids: Vec<String>,
    /// The newest message that a query answered; a run's result is told there.
    pub answer_message_id: Option<String>,
    /// Queries that ran to their end, oldest first.
    pub queries: Vec<Asked>,
    /// Full names of tables to look up, in the order of first use.
    pub tables: Vec<String>,
    /// Whether the tables are those of the space, because no query named one.
    pub from_space: bool,
    /// What the person wants; empty if nobody said it.
    pub intent: String,
    /// Whether the intent was found in a message, so that nobody has read it over.
    pub(crate) intent_found: bool,
    /// Where the result should go, if it is known.
    pub target: Option<String>,
    /// What is worth knowing.
    pub issues: Vec<Issue>,
    /// What tells this session from others: ids, states and overrides, never SQL.
    fingerprint: Vec<String>,
}

impl Exploration {
    /// What identifies the handoff within a space and a conversation, for [`crate::handoff_id`].
    #[must_use]
    pub fn fingerprint(&self) -> &[String] {
        &self.fingerprint
    }
}

pub(crate) fn issue(
    severity: Severity,
    code: &'static str,
    path: &str,
    message: impl Into<String>,
    help: &'static str,
) -> Issue {
    Issue { severity, code, path: path.to_owned(), message: message.into(), help, span: None }
}

/// Reads a conversation. `space_tables` are the names that the space knows.
///
/// # Errors
/// [`SessionError`] when the request asks for something that cannot be.
pub fn explore(
    messages: Vec<Message>,
    wish: &Wish,
    space_tables: &[String],
) -> Result<Exploration, SessionError> {
    let mut issues = Vec::new();
    let messages = chosen(messages, wish, &mut issues)?;
    let mut queries = Vec::new();
    let mut unanswered = 0;
    let mut unknown = 0;
    for message in &messages {
        unknown += message.unknown_attachments;
        if !message.status.is_answered() {
            unanswered += 1;
            continue;
        }
        for query in &message.queries {
            queries.push(Asked {
                message_id: message.id.clone(),
                sql: query.sql.clone(),
                rows: query.row_count,
                truncated: query.truncated,
                reading: genie_sql::read(&query.sql, &Known::default()).ok(),
            });
        }
    }
    if unanswered > 0 {
        issues.push(issue(
            Severity::Info,
            "messages_without_answer",
            "/exploration_queries",
            format!("{unanswered} of {} messages have no answer and were left out", messages.len()),
            "Ask again in Genie if one of them matters, and make the handoff again.",
        ));
    }
    if unknown > 0 {
        issues.push(issue(
            Severity::Info,
            "attachments_unknown",
            "/exploration_queries",
            format!("{unknown} attachments are of a kind that is not known here"),
            "Nothing has to be done; queries and texts were read.",
        ));
    }
    not_understood(&queries, &mut issues);
    let (intent, intent_found) = intent(&messages, wish);
    let target = target(wish, &intent, space_tables, &queries)?;
    let (tables, from_space) = tables(&queries, space_tables, target.as_deref(), &mut issues);
    let answered = |message: &&Message| message.status.is_answered() && !message.queries.is_empty();
    let answer_message_id = messages.iter().rev().find(answered).map(|message| message.id.clone());
    let fingerprint = fingerprint(&messages, wish);
    Ok(Exploration {
        message_ids: messages.into_iter().map(|message| message.id).collect(),
        answer_message_id,
        queries,
        tables,
        from_space,
        intent,
        intent_found,
        target,
        issues,
        fingerprint,
    })
}

/// The messages to take, oldest first, each once.
fn chosen(
    messages: Vec<Message>,
    wish: &Wish,
    issues: &mut Vec<Issue>,
) -> Result<Vec<Message>, SessionError> {
    let mut seen = BTreeSet::new();
    let mut messages: Vec<Message> =
        messages.into_iter().filter(|message| seen.insert(message.id.clone())).collect();
    messages.sort_by(|a, b| (a.created_ms, &a.id).cmp(&(b.created_ms, &b.id)));
    let Some(wanted) = &wish.message_ids else { return Ok(messages) };
    let missing = wanted.iter().filter(|id| !seen.contains(*id)).count();
    messages.retain(|message| wanted.contains(&message.id));
    if messages.is_empty() {
        return Err(SessionError::NoSuchMessages);
    }
    if missing > 0 {
        issues.push(issue(
            Severity::Warning,
            "messages_missing",
            "/exploration_queries",
            format!("{missing} of the messages asked for are not in the conversation"),
            "They may have been deleted in Genie. The handoff was made from the others.",
        ));
    }
    Ok(messages)
}

fn not_understood(queries: &[Asked], issues: &mut Vec<Issue>) {
    // Why a query cannot be read is told by a code; the text stays where it is.
    let mut reasons: BTreeMap<&'static str, usize> = BTreeMap::new();
    for asked in queries.iter().filter(|asked| asked.reading.is_none()) {
        if let Err(error) = genie_sql::read(&asked.sql, &Known::default()) {
            *reasons.entry(error.code()).or_default() += 1;
        }
    }
    for (code, count) in reasons {
        issues.push(issue(
            Severity::Warning,
            "query_not_understood",
            "/exploration_queries",
            format!(
                "{count} of {} queries could not be read ({code}); they were left out and their tables are not known",
                queries.len()
            ),
            "Check that the tables and columns below are all that matter; the other queries were read.",
        ));
    }
}

fn intent(messages: &[Message], wish: &Wish) -> (String, bool) {
    if let Some(text) = wish.user_intent.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        return (text.to_owned(), false);
    }
    let stated = messages.iter().rev().find(|message| states_intent(&message.content));
    (stated.map(|message| message.content.trim().to_owned()).unwrap_or_default(), stated.is_some())
}

/// The target: as asked, else a name in the intent that can only mean one table.
fn target(
    wish: &Wish,
    intent: &str,
    space_tables: &[String],
    queries: &[Asked],
) -> Result<Option<String>, SessionError> {
    if let Some(text) = wish.target_table.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        return match TableName::parse(text) {
            Ok(name) => Ok(Some(name.to_string())),
            Err(error) => Err(SessionError::Target(error.to_string())),
        };
    }
    for name in destinations(intent) {
        match name.split('.').count() {
            3 => {
                if let Ok(name) = TableName::parse(&name) {
                    return Ok(Some(name.to_string()));
                }
            }
            _ => {
                let used = queries.iter().filter_map(|asked| asked.reading.as_ref());
                let used = used.flat_map(|reading| reading.tables.iter().map(|table| table.name.as_str()));
                if let Some(full) = completed(&name, space_tables.iter().map(String::as_str).chain(used)) {
                    return Ok(Some(full));
                }
            }
        }
    }
    Ok(None)
}

/// The one known table that a shorter name can mean.
fn completed<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let wanted = format!(".{}", compare_key(name));
    let fitting = known.filter(|full| full.split('.').count() == 3 && compare_key(full).ends_with(&wanted));
    let keys: BTreeMap<String, &str> = fitting.map(|full| (compare_key(full), full)).collect();
    match (keys.len(), keys.values().next()) {
        (1, Some(full)) => TableName::parse(full).ok().map(|name| name.to_string()),
        _ => None,
    }
}

fn tables(
    queries: &[Asked],
    space_tables: &[String],
    target: Option<&str>,
    issues: &mut Vec<Issue>,
) -> (Vec<String>, bool) {
    let mut found: Vec<String> = Vec::new();
    let mut keys = BTreeSet::new();
    let mut incomplete = BTreeSet::new();
    let mut add = |name: &str, found: &mut Vec<String>| {
        if keys.insert(compare_key(name)) {
            found.push(name.to_owned());
        }
    };
    for reading in queries.iter().filter_map(|asked| asked.reading.as_ref()) {
        for table in &reading.tables {
            // Genie writes in lower case what a space may spell otherwise; the space's spelling is the nicer one.
            let key = compare_key(&table.name);
            let spelt = space_tables.iter().find(|known| compare_key(known) == key);
            let full = spelt.map_or(table.name.as_str(), String::as_str);
            match TableName::parse(full) {
                Ok(name) => add(&name.to_string(), &mut found),
                Err(_) => match completed(&table.name, space_tables.iter().map(String::as_str)) {
                    Some(full) => add(&full, &mut found),
                    None => {
                        incomplete.insert(key);
                    }
                },
            }
        }
    }
    if !incomplete.is_empty() {
        issues.push(issue(
            Severity::Warning,
            "table_name_incomplete",
            "/validated_tables",
            format!("{} names in queries have no catalog and fit no table of the space", incomplete.len()),
            "Name the tables as catalog.schema.table.",
        ));
    }
    let known: BTreeSet<String> = space_tables.iter().map(|name| compare_key(name)).collect();
    let outside = found.iter().filter(|name| !known.contains(&compare_key(name))).count();
    if outside > 0 && !space_tables.is_empty() {
        issues.push(issue(
            Severity::Info,
            "table_outside_space",
            "/validated_tables",
            format!("{outside} of the tables are not among those of the space"),
            "Genie read them all the same. Check that they are meant.",
        ));
    }
    let from_space = found.is_empty() && !space_tables.is_empty();
    if from_space {
        for name in space_tables.iter().filter_map(|name| TableName::parse(name).ok()) {
            add(&name.to_string(), &mut found);
        }
        issues.push(issue(
            Severity::Info,
            "tables_from_space",
            "/validated_tables",
            "no query names a table, so these are the tables of the space",
            "Ask Genie a question about the tables that matter.",
        ));
    }
    if let Some(target) = target {
        add(target, &mut found);
    }
    if found.len() > MAX_LOOKUPS {
        issues.push(issue(
            Severity::Warning,
            "tables_left_out",
            "/validated_tables",
            format!("of {} tables the first {MAX_LOOKUPS} were looked up", found.len()),
            "Make the handoff from the messages that matter: message_ids.",
        ));
        found.truncate(MAX_LOOKUPS);
    }
    (found, from_space)
}

fn fingerprint(messages: &[Message], wish: &Wish) -> Vec<String> {
    let mut parts = vec![
        wish.user_intent.as_deref().unwrap_or_default().trim().to_owned(),
        wish.target_table.as_deref().map(compare_key).unwrap_or_default(),
    ];
    for message in messages {
        // A message that is answered later makes another handoff.
        let answered =
            if message.status.is_answered() { message.queries.len().to_string() } else { "-".to_owned() };
        parts.push(format!("{} {answered}", message.id));
    }
    parts
}

#[cfg(test)]
mod tests {
    use databricks::MessagePage;
    use serde_json::json;

    use super::*;

    fn message(id: &str, at: i64, content: &str, status: &str, sql: &[&str]) -> serde_json::Value {
        let attachments: Vec<_> = sql
            .iter()
            .map(|sql| json!({"query": {"query": sql, "query_result_metadata": {"row_count": 3}}}))
            .collect();
        json!({"message_id": id, "content": content, "status": status, "created_timestamp": at, "attachments": attachments})
    }

    fn read(items: Vec<serde_json::Value>) -> Vec<Message> {
        MessagePage::parse(json!({"messages": items}).to_string().as_bytes()).unwrap().messages
    }

    fn codes(exploration: &Exploration) -> Vec<&'static str> {
        exploration.issues.iter().map(|issue| issue.code).collect()
    }

    #[test]
    fn takes_queries_that_ran_to_their_end_and_the_last_wish() {
        let messages = read(vec![
            message("5", 50, "how many?", "EXECUTING_QUERY", &["SELECT 1 FROM a.b.running"]),
            message("4", 40, "Load new rows daily into b.target", "COMPLETED", &[]),
            message("1", 10, "Load it weekly into a.b.old", "COMPLETED", &["SELECT x FROM A.b.`c`"]),
            message("2", 20, "why?", "FAILED", &["SELECT 1 FROM a.b.failed"]),
            message(
                "3",
                30,
                "and?",
                "QUERY_RESULT_EXPIRED",
                &["SELECT y FROM c", "SELEKT", "SELECT z FROM q.w"],
            ),
        ]);
        let space = ["a.b.C".to_owned(), "a.b.target".to_owned()];
        let found = explore(messages, &Wish::default(), &space).unwrap();
        assert_eq!(found.message_ids, ["1", "2", "3", "4", "5"]);
        assert_eq!(found.answer_message_id.as_deref(), Some("3"));
        assert_eq!(found.queries.len(), 4);
        assert_eq!(found.tables, ["a.b.C", "a.b.target"]);
        assert_eq!(found.intent, "Load new rows daily into b.target");
        assert_eq!(found.target.as_deref(), Some("a.b.target"));
        assert_eq!(
            codes(&found),
            ["messages_without_answer", "query_not_understood", "table_name_incomplete"]
        );
    }

    #[test]
    fn a_request_wins_over_what_was_said() {
        let messages = read(vec![message("1", 1, "Load it weekly into a.b.old", "COMPLETED", &[])]);
        let wish = Wish {
            user_intent: Some(" Mine ".into()),
            target_table: Some("`x`.y.z".into()),
            ..Wish::default()
        };
        let found = explore(messages.clone(), &wish, &["a.b.c".to_owned()]).unwrap();
        assert_eq!((found.intent.as_str(), found.target.as_deref()), ("Mine", Some("x.y.z")));
        assert!(found.from_space);
        assert_eq!(found.tables, ["a.b.c", "x.y.z"]);
        let wish = Wish { target_table: Some("y.z".into()), ..Wish::default() };
        assert_eq!(explore(messages.clone(), &wish, &[]).unwrap_err().code(), "target_invalid");
        let wish = Wish { message_ids: Some(vec!["9".into()]), ..Wish::default() };
        assert_eq!(explore(messages, &wish, &[]).unwrap_err(), SessionError::NoSuchMessages);
    }

    #[test]
    fn a_later_answer_is_another_session() {
        let one = |status| {
            explore(read(vec![message("1", 1, "x", status, &["SELECT 1"])]), &Wish::default(), &[]).unwrap()
        };
        assert_eq!(one("COMPLETED").fingerprint(), one("QUERY_RESULT_EXPIRED").fingerprint());
        assert_ne!(one("COMPLETED").fingerprint(), one("EXECUTING_QUERY").fingerprint());
    }

    #[test]
    fn many_tables_are_bounded() {
        let sql: Vec<String> = (0..60).map(|n| format!("SELECT 1 FROM a.b.t{n}")).collect();
        let sql: Vec<&str> = sql.iter().map(String::as_str).collect();
        let found =
            explore(read(vec![message("1", 1, "x", "COMPLETED", &sql)]), &Wish::default(), &[]).unwrap();
        assert_eq!(found.tables.len(), MAX_LOOKUPS);
        assert_eq!(codes(&found), ["tables_left_out"]);
    }
}
