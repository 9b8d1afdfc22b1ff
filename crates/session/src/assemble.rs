//! From an exploration and what Unity Catalog says to a context.

use std::collections::{BTreeMap, BTreeSet};

use databricks::{SpaceOutline, Table};
use genie_sql::Known;
use handoff::name::{compare_key, fold};
use handoff::{
    Catalog, Context, ContextBuilder, ExplorationSummary, HandoffError, Issue, Object, Severity, Value,
    check_readiness, key, redact,
};

use crate::explore::{Exploration, issue};

/// The most queries that a context carries, newest kept. More say nothing new about a load and make links long.
const MAX_CONTEXT_QUERIES: usize = 40;
/// Bytes of all queries together.
const MAX_CONTEXT_SQL: usize = 64 * 1024;
/// The most columns that a context carries, shared by its tables; those that queries use and keys come first.
const MAX_CONTEXT_COLUMNS: usize = 2_000;
/// Stands in an intent for what looks personal or secret.
const MASK: &str = "[…]";

/// What Unity Catalog said about one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// It is there.
    Found(Table),
    /// It is not there, or it may not be seen: the two are not told apart.
    Missing,
    /// It may not be read.
    Denied,
    /// Nobody knows: Unity Catalog could not be asked. Another try may help.
    Unknown,
}

/// What Unity Catalog said, by table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts(BTreeMap<String, Lookup>);

impl Facts {
    /// Adds what was said about a table.
    pub fn add(&mut self, name: &str, lookup: Lookup) {
        self.0.insert(compare_key(name), lookup);
    }

    /// What was said about a table; [`Lookup::Unknown`] if it was not asked for.
    #[must_use]
    pub fn of(&self, name: &str) -> &Lookup {
        self.0.get(&compare_key(name)).unwrap_or(&Lookup::Unknown)
    }

    /// Whether another try may say more.
    #[must_use]
    pub fn are_incomplete(&self) -> bool {
        self.0.values().any(|lookup| *lookup == Lookup::Unknown)
    }
}

/// A context and what is to know about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Assembled {
    /// Redacted.
    pub context: Context,
    /// Whether a plan can be built on it.
    pub ready: bool,
    /// Everything that was found on the way, readiness included.
    pub issues: Vec<Issue>,
    /// Another try may give more: something could not be asked.
    pub incomplete: bool,
}

/// Makes the context of a handoff. `created_at` is RFC 3339 in UTC.
///
/// # Errors
/// When the context passes a limit of links; what can be left out is left out before.
pub fn assemble(
    conversation_id: &str,
    space_id: &str,
    exploration: &Exploration,
    space: &SpaceOutline,
    facts: &Facts,
    created_at: &str,
) -> Result<Assembled, HandoffError> {
    let mut issues = exploration.issues.clone();
    let found = confirmed(exploration, facts, &mut issues);
    let used = columns_used(exploration, &found, &mut issues);
    let mut builder = ContextBuilder::new(conversation_id, space_id).created_at(created_at);
    let mut types = Object::new();
    let mut keys = Object::new();
    let mut not_null = Object::new();
    let mut comments = Object::new();
    let room = MAX_CONTEXT_COLUMNS / found.len().max(1);
    for (name, table) in &found {
        let columns = chosen_columns(table, used.get(&compare_key(name)), room, &mut issues, name);
        builder = builder.table(name).columns(name, columns.iter().map(|column| column.name.as_str()));
        let mut of_table = Object::new();
        for column in columns.iter().filter(|column| !column.type_text.is_empty()) {
            of_table.insert(&column.name, Value::from(column.type_text.as_str()));
        }
        types.insert(name, Value::Object(of_table));
        if !table.primary_key.is_empty() {
            keys.insert(name, texts(table.primary_key.iter().map(String::as_str)));
        }
        let required = columns.iter().filter(|column| !column.nullable).map(|column| column.name.as_str());
        let required: Vec<&str> = required.collect();
        if !required.is_empty() {
            not_null.insert(name, texts(required.into_iter()));
        }
        if let Some(comment) = &table.comment {
            comments.insert(name, Value::String(comment.chars().take(200).collect()));
        }
    }
    builder = builder.with(key::COLUMN_TYPES, Value::Object(types));
    if keys.iter().next().is_some() {
        builder = builder.with(key::KEYS, Value::Object(keys));
    }
    if let Some(warehouse) = &space.warehouse_id {
        builder = builder.with(key::WAREHOUSE_ID, Value::from(warehouse.as_str()));
    }
    if let Some(target) = &exploration.target {
        builder = builder.with(key::TARGET_TABLE, Value::from(target.as_str()));
    }
    // What a context has no key for and a plan can use: columns that may not be null, and what people wrote.
    let mut hints = Object::new();
    if not_null.iter().next().is_some() {
        hints.insert("not_null", Value::Object(not_null));
    }
    if comments.iter().next().is_some() {
        hints.insert("comments", Value::Object(comments));
    }
    if hints.iter().next().is_some() {
        builder = builder.with(key::PATTERN_HINTS, Value::Object(hints));
    }
    let (queries, mut intent) =
        (redacted_queries(exploration, &found, &mut issues)?, exploration.intent.clone());
    if exploration.intent_found {
        intent = masked(&intent, &mut issues)?;
    }
    for (sql, summary) in &queries {
        builder = builder.query(sql, Some(summary));
    }
    let sampled = exploration.queries.iter().filter_map(|asked| asked.reading.as_ref()).any(|reading| {
        reading.limited
            && reading.groupings.is_empty()
            && reading.maxima.is_empty()
            && !reading.tables.is_empty()
    });
    let context = builder
        .user_intent(&intent)
        .summary(ExplorationSummary {
            queries_run: exploration.queries.len() as u64,
            tables_explored: found.len() as u64,
            sample_data_reviewed: sampled,
        })
        .build()?;
    // Everything was redacted above; once more costs little, and what leaves here must not depend on it.
    let (context, removed) = redact(&context);
    issues.extend(removed.warnings);
    let mut catalog = Catalog::new();
    for (name, table) in &found {
        let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        catalog = catalog.table(name, (!columns.is_empty()).then_some(columns.as_slice()));
    }
    let readiness = check_readiness(&context, Some(&catalog));
    issues.extend(readiness.issues);
    issues.sort_by_key(|issue| std::cmp::Reverse(issue.severity));
    let ready = issues.iter().all(|issue| issue.severity != Severity::Error);
    Ok(Assembled { context, ready, issues, incomplete: facts.are_incomplete() })
}

fn texts<'a>(items: impl Iterator<Item = &'a str>) -> Value {
    Value::Array(items.map(Value::from).collect())
}

/// The tables that Unity Catalog confirms, in the order of their use.
fn confirmed<'a>(
    exploration: &Exploration,
    facts: &'a Facts,
    issues: &mut Vec<Issue>,
) -> Vec<(String, &'a Table)> {
    let mut found = Vec::new();
    for name in &exploration.tables {
        let is_target =
            exploration.target.as_deref().is_some_and(|target| compare_key(target) == compare_key(name));
        match facts.of(name) {
            Lookup::Found(table) => found.push((name.clone(), table)),
            // A target that is not there yet will be created.
            Lookup::Missing if is_target => issues.push(issue(
                Severity::Info,
                "target_not_there",
                "/target_table",
                "the target does not exist yet, or may not be seen; a first run would create it",
                "Check the name if the table should be there already.",
            )),
            Lookup::Missing => issues.push(issue(
                Severity::Warning,
                "table_not_found",
                "/validated_tables",
                format!("{name} is not in Unity Catalog, or the server may not see it; it was left out"),
                "Check the name in Catalog Explorer, or have SELECT on the table granted to the server's account.",
            )),
            Lookup::Denied => issues.push(issue(
                Severity::Warning,
                "table_unreadable",
                if is_target { "/target_table" } else { "/validated_tables" },
                format!("{name} may not be read with the server's account; it was left out"),
                "Have USE CATALOG, USE SCHEMA and SELECT granted; the check of the handoff names the statements.",
            )),
            Lookup::Unknown => issues.push(issue(
                Severity::Warning,
                "table_not_checked",
                if is_target { "/target_table" } else { "/validated_tables" },
                format!("{name} could not be looked up in Unity Catalog; it was left out"),
                "Make the handoff again; what is known already is kept.",
            )),
        }
    }
    found
}

/// Columns that queries use, by table; says so when a column is no longer there.
fn columns_used(
    exploration: &Exploration,
    found: &[(String, &Table)],
    issues: &mut Vec<Issue>,
) -> BTreeMap<String, BTreeSet<String>> {
    let known = found.iter().fold(Known::default(), |known, (name, table)| {
        known.table(name, table.columns.iter().map(|column| column.name.as_str()))
    });
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for asked in &exploration.queries {
        let Ok(reading) = genie_sql::read(&asked.sql, &known) else { continue };
        for table in reading.tables {
            let columns = table.columns.iter().map(|column| fold(column));
            used.entry(compare_key(&table.name)).or_default().extend(columns);
        }
    }
    for (name, table) in found {
        if table.columns.is_empty() {
            continue;
        }
        let there: BTreeSet<String> = table.columns.iter().map(|column| fold(&column.name)).collect();
        let gone = used.get(&compare_key(name)).map_or(0, |used| used.difference(&there).count());
        if gone > 0 {
            issues.push(issue(
                Severity::Warning,
                "columns_gone",
                "/validated_columns",
                format!("{gone} columns that queries use are not in {name}"),
                "The table may have changed since Genie read it. Ask Genie again.",
            ));
        }
    }
    used
}

fn chosen_columns<'a>(
    table: &'a Table,
    used: Option<&BTreeSet<String>>,
    most: usize,
    issues: &mut Vec<Issue>,
    name: &str,
) -> Vec<&'a databricks::TableColumn> {
    if table.columns.len() <= most {
        return table.columns.iter().collect();
    }
    issues.push(issue(
        Severity::Info,
        "columns_left_out",
        "/validated_columns",
        format!("{name} has {} columns; those of queries and keys were kept first", table.columns.len()),
        "The plan can name more columns; they are checked against Unity Catalog.",
    ));
    let keys: BTreeSet<String> = table.primary_key.iter().map(|column| fold(column)).collect();
    let matters = |column: &&databricks::TableColumn| {
        let name = fold(&column.name);
        keys.contains(&name) || used.is_some_and(|used| used.contains(&name))
    };
    let first: Vec<_> = table.columns.iter().filter(matters).take(most).collect();
    let room = most - first.len();
    let rest: BTreeSet<&str> =
        table.columns.iter().filter(|c| !matters(c)).take(room).map(|column| column.name.as_str()).collect();
    // In the order of the table again.
    table.columns.iter().filter(|c| matters(c) || rest.contains(c.name.as_str())).take(most).collect()
}

/// Queries without their literals, each text once, the newest ones, with their summaries.
fn redacted_queries(
    exploration: &Exploration,
    found: &[(String, &Table)],
    issues: &mut Vec<Issue>,
) -> Result<Vec<(String, String)>, HandoffError> {
    let mut kept: Vec<(String, String)> = Vec::new();
    let mut unredactable = 0;
    let mut left_out = 0;
    let mut bytes = 0;
    // Newest first, so that of equal texts the newest stays and the limit cuts the oldest.
    // A query that the parser refuses stays behind, even if its literals could be found: what is a literal in it is a guess.
    for asked in exploration.queries.iter().rev().filter(|asked| asked.reading.is_some()) {
        let summary = asked.rows.map(|rows| match asked.truncated {
            true => format!("more than {rows} rows"),
            false => format!("{rows} rows"),
        });
        let one = found.iter().fold(ContextBuilder::new("", ""), |builder, (name, _)| builder.table(name));
        let (clean, _) = redact(&one.query(&asked.sql, summary.as_deref()).build()?);
        let Some(query) = clean.exploration_queries().next() else {
            unredactable += 1;
            continue;
        };
        if kept.iter().any(|(sql, _)| sql == query.query) {
            continue;
        }
        bytes += query.query.len();
        if kept.len() == MAX_CONTEXT_QUERIES || bytes > MAX_CONTEXT_SQL {
            left_out += 1;
            continue;
        }
        kept.push((query.query.to_owned(), query.result_summary.unwrap_or_default().to_owned()));
    }
    if unredactable > 0 {
        issues.push(issue(
            Severity::Warning,
            "query_left_out",
            "/exploration_queries",
            format!("{unredactable} queries were left out, because their values could not be told from their names"),
            "Nothing has to be done; the other queries are there.",
        ));
    }
    if left_out > 0 {
        issues.push(issue(
            Severity::Info,
            "queries_left_out",
            "/exploration_queries",
            format!("{left_out} older queries were left out"),
            "Choose messages with message_ids if an older query matters.",
        ));
    }
    kept.reverse();
    Ok(kept)
}

/// An intent from a message, which nobody has read over: what looks personal or secret is masked.
fn masked(intent: &str, issues: &mut Vec<Issue>) -> Result<String, HandoffError> {
    let (_, removed) = redact(&ContextBuilder::new("", "").user_intent(intent).build()?);
    let mut spans: Vec<_> =
        removed.warnings.iter().filter(|w| w.path == "/user_intent").filter_map(|w| w.span).collect();
    if spans.is_empty() {
        return Ok(intent.to_owned());
    }
    spans.sort_by_key(|span| span.start);
    let units: Vec<u16> = intent.encode_utf16().collect();
    let mut out = String::new();
    let mut at = 0;
    for span in spans {
        out.push_str(&String::from_utf16_lossy(units.get(at..span.start).unwrap_or_default()));
        out.push_str(MASK);
        at = at.max(span.end);
    }
    out.push_str(&String::from_utf16_lossy(units.get(at..).unwrap_or_default()));
    issues.push(issue(
        Severity::Info,
        "intent_masked",
        "/user_intent",
        "the intent was taken from a message, and what looked personal or secret in it was masked",
        "Give user_intent to say it in other words.",
    ));
    Ok(out)
}
