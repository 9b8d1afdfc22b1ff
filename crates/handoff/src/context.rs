//! The handoff context: what was explored, as metadata.

use crate::digits::digits;
use crate::error::HandoffError;
use crate::issue::{Issue, pointer};
use crate::json::{Number, Object, Value};
use crate::limits::{
    MAX_COLUMNS_PER_TABLE, MAX_DECODED_BYTES, MAX_DEPTH, MAX_QUERIES, MAX_STRING_BYTES, MAX_TABLES,
};

/// Keys of a context.
pub mod key {
    /// The Genie conversation, free text.
    pub const GENIE_SESSION_ID: &str = "genie_session_id";
    /// The Genie space, 32 hexadecimal digits.
    pub const SPACE_ID: &str = "space_id";
    /// Full table names.
    pub const VALIDATED_TABLES: &str = "validated_tables";
    /// Table name -> column names.
    pub const VALIDATED_COLUMNS: &str = "validated_columns";
    /// What the analyst wants, in words.
    pub const USER_INTENT: &str = "user_intent";
    /// Counts of the exploration.
    pub const EXPLORATION_SUMMARY: &str = "exploration_summary";
    /// Queries of the exploration, without their literals.
    pub const EXPLORATION_QUERIES: &str = "exploration_queries";
    /// When the context was made, RFC 3339.
    pub const CREATED_AT: &str = "created_at";
    /// The SQL warehouse that Genie used.
    pub const WAREHOUSE_ID: &str = "warehouse_id";
    /// Table name -> column name -> type text.
    pub const COLUMN_TYPES: &str = "column_types";
    /// Table name -> primary key columns.
    pub const KEYS: &str = "keys";
    /// Where the result should go.
    pub const TARGET_TABLE: &str = "target_table";
    /// What the maker knows about the load pattern; any shape.
    pub const PATTERN_HINTS: &str = "pattern_hints";
    /// In an entry of `exploration_queries`: the SQL.
    pub const QUERY: &str = "query";
    /// In an entry of `exploration_queries`: counts and column names of the result.
    pub const RESULT_SUMMARY: &str = "result_summary";
    /// In `exploration_summary`: how many queries ran.
    pub const QUERIES_RUN: &str = "queries_run";
    /// In `exploration_summary`: how many tables were looked at.
    pub const TABLES_EXPLORED: &str = "tables_explored";
    /// In `exploration_summary`: whether sample rows were looked at.
    pub const SAMPLE_DATA_REVIEWED: &str = "sample_data_reviewed";

    /// Every context has these.
    pub const REQUIRED: [&str; 6] =
        [GENIE_SESSION_ID, SPACE_ID, VALIDATED_TABLES, VALIDATED_COLUMNS, USER_INTENT, EXPLORATION_SUMMARY];
    /// A context may have these; with `null` they count as absent.
    pub const OPTIONAL: [&str; 7] =
        [EXPLORATION_QUERIES, CREATED_AT, WAREHOUSE_ID, COLUMN_TYPES, KEYS, TARGET_TABLE, PATTERN_HINTS];
}

/// A handoff context.
///
/// It is the JSON document it came from, with the known keys checked for shape, so that unknown keys, key order and
/// the text of ids and times come back as they were. Content (names, ids, times) is checked by
/// [`crate::validate`]; a context from a stranger is untrusted until then, and its SQL is to be shown, never run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    root: Object,
}

/// The counts of `exploration_summary`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExplorationSummary {
    /// How many queries ran.
    pub queries_run: u64,
    /// How many tables were looked at.
    pub tables_explored: u64,
    /// Whether somebody looked at sample rows.
    pub sample_data_reviewed: bool,
}

/// One entry of `exploration_queries`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExplorationQuery<'a> {
    /// The SQL; after redaction without literals.
    pub query: &'a str,
    /// What came out; after redaction counts and column names only.
    pub result_summary: Option<&'a str>,
}

impl Context {
    /// Reads a context from JSON text.
    ///
    /// # Errors
    /// [`HandoffError::Json`] for text that is not JSON, [`HandoffError::Shape`] with every wrong place at once,
    /// [`HandoffError::TooLarge`] for a limit of [`crate::limits`].
    pub fn from_json_str(text: &str) -> Result<Self, HandoffError> {
        match Value::from_json_str(text)? {
            Value::Object(root) => Self::from_object(root),
            other => Err(HandoffError::Shape(vec![wrong("", "the context", "an object", &other)])),
        }
    }

    /// Takes an object as a context.
    ///
    /// # Errors
    /// As [`Context::from_json_str`].
    pub fn from_object(root: Object) -> Result<Self, HandoffError> {
        let issues = shape(&root);
        if !issues.is_empty() {
            return Err(HandoffError::Shape(issues));
        }
        let context = Self { root };
        context.check_size()?;
        Ok(context)
    }

    /// Compact JSON text of the context.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        crate::json::write_object(&self.root, &mut out);
        out
    }

    /// The document itself.
    #[must_use]
    pub fn as_object(&self) -> &Object {
        &self.root
    }

    pub(crate) fn root_mut(&mut self) -> &mut Object {
        &mut self.root
    }

    /// `genie_session_id`; empty while it is not known.
    #[must_use]
    pub fn genie_session_id(&self) -> &str {
        self.text(key::GENIE_SESSION_ID).unwrap_or_default()
    }

    /// `space_id`; empty while it is not known.
    #[must_use]
    pub fn space_id(&self) -> &str {
        self.text(key::SPACE_ID).unwrap_or_default()
    }

    /// `user_intent`; empty while it is not known.
    #[must_use]
    pub fn user_intent(&self) -> &str {
        self.text(key::USER_INTENT).unwrap_or_default()
    }

    /// `created_at`, character for character.
    #[must_use]
    pub fn created_at(&self) -> Option<&str> {
        self.text(key::CREATED_AT)
    }

    /// `warehouse_id`.
    #[must_use]
    pub fn warehouse_id(&self) -> Option<&str> {
        self.text(key::WAREHOUSE_ID)
    }

    /// `target_table`.
    #[must_use]
    pub fn target_table(&self) -> Option<&str> {
        self.text(key::TARGET_TABLE)
    }

    /// `pattern_hints`, whatever the maker put there.
    #[must_use]
    pub fn pattern_hints(&self) -> Option<&Value> {
        self.root.get(key::PATTERN_HINTS).filter(|v| **v != Value::Null)
    }

    /// `validated_tables`, as they were written.
    pub fn validated_tables(&self) -> impl Iterator<Item = &str> {
        strings(self.root.get(key::VALIDATED_TABLES))
    }

    /// Tables of `validated_columns` with their columns, in order.
    pub fn validated_columns(&self) -> impl Iterator<Item = (&str, impl Iterator<Item = &str>)> {
        self.entries(key::VALIDATED_COLUMNS).map(|(table, columns)| (table, strings(Some(columns))))
    }

    /// The columns of one table, looked up as Unity Catalog compares names. `None` if the table has no entry.
    pub fn columns_of(&self, table: &str) -> Option<impl Iterator<Item = &str>> {
        self.by_table(key::VALIDATED_COLUMNS, table).map(|columns| strings(Some(columns)))
    }

    /// The type text of one column from `column_types`.
    #[must_use]
    pub fn column_type(&self, table: &str, column: &str) -> Option<&str> {
        let types = self.by_table(key::COLUMN_TYPES, table)?.as_object()?;
        let wanted = crate::name::fold(column);
        types.iter().find(|(name, _)| crate::name::fold(name) == wanted)?.1.as_str()
    }

    /// The primary key columns of one table from `keys`.
    pub fn keys_of(&self, table: &str) -> Option<impl Iterator<Item = &str>> {
        self.by_table(key::KEYS, table).map(|columns| strings(Some(columns)))
    }

    /// `exploration_summary`.
    #[must_use]
    pub fn exploration_summary(&self) -> ExplorationSummary {
        let object = self.root.get(key::EXPLORATION_SUMMARY).and_then(Value::as_object);
        let count = |name| match object.and_then(|o| o.get(name)) {
            Some(Value::Number(n)) => n.as_u64().unwrap_or_default(),
            _ => 0,
        };
        ExplorationSummary {
            queries_run: count(key::QUERIES_RUN),
            tables_explored: count(key::TABLES_EXPLORED),
            sample_data_reviewed: object.and_then(|o| o.get(key::SAMPLE_DATA_REVIEWED))
                == Some(&Value::Bool(true)),
        }
    }

    /// `exploration_queries` in order.
    pub fn exploration_queries(&self) -> impl Iterator<Item = ExplorationQuery<'_>> {
        let entries = self.root.get(key::EXPLORATION_QUERIES).and_then(Value::as_array).unwrap_or_default();
        entries.iter().filter_map(Value::as_object).map(|entry| ExplorationQuery {
            query: entry.get(key::QUERY).and_then(Value::as_str).unwrap_or_default(),
            result_summary: entry.get(key::RESULT_SUMMARY).and_then(Value::as_str),
        })
    }

    /// Empties every result summary; false if all were empty.
    pub(crate) fn clear_summaries(&mut self) -> bool {
        let mut changed = false;
        for entry in self.queries_mut().into_iter().flatten() {
            if let Value::Object(fields) = entry
                && let Some(Value::String(summary)) = fields.get_mut(key::RESULT_SUMMARY)
            {
                changed |= !summary.is_empty();
                summary.clear();
            }
        }
        changed
    }

    /// Takes every query out; false if there was none.
    pub(crate) fn clear_queries(&mut self) -> bool {
        self.queries_mut().is_some_and(|entries| !std::mem::take(entries).is_empty())
    }

    /// Takes columns out that `keep` does not hold; false if there was none.
    pub(crate) fn retain_columns(&mut self, keep: impl Fn(&str) -> bool) -> bool {
        let mut changed = false;
        if let Some(Value::Object(tables)) = self.root.get_mut(key::VALIDATED_COLUMNS) {
            for (_, columns) in &mut tables.0 {
                if let Value::Array(columns) = columns {
                    let before = columns.len();
                    columns.retain(|c| c.as_str().is_some_and(&keep));
                    changed |= columns.len() != before;
                }
            }
        }
        changed
    }

    fn queries_mut(&mut self) -> Option<&mut Vec<Value>> {
        match self.root.get_mut(key::EXPLORATION_QUERIES) {
            Some(Value::Array(entries)) => Some(entries),
            _ => None,
        }
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.root.get(key).and_then(Value::as_str)
    }

    fn entries(&self, key: &str) -> impl Iterator<Item = (&str, &Value)> {
        self.root.get(key).and_then(Value::as_object).into_iter().flat_map(Object::iter)
    }

    fn by_table(&self, key: &str, table: &str) -> Option<&Value> {
        let object = self.root.get(key)?.as_object()?;
        object.get(table).or_else(|| {
            let wanted = crate::name::compare_key(table);
            object.iter().find(|(name, _)| crate::name::compare_key(name) == wanted).map(|(_, v)| v)
        })
    }

    /// Limits that a link has to keep; counts first, so that the report names the part that is too large.
    fn check_size(&self) -> Result<(), HandoffError> {
        let too_large = |what, limit, path: String| Err(HandoffError::TooLarge { what, limit, path });
        for (name, what, limit) in [
            (key::VALIDATED_TABLES, "the number of tables", MAX_TABLES),
            (key::VALIDATED_COLUMNS, "the number of tables", MAX_TABLES),
            (key::COLUMN_TYPES, "the number of tables", MAX_TABLES),
            (key::KEYS, "the number of tables", MAX_TABLES),
            (key::EXPLORATION_QUERIES, "the number of queries", MAX_QUERIES),
        ] {
            let Some(value) = self.root.get(name) else { continue };
            if size(value) > limit {
                return too_large(what, limit, pointer("", name));
            }
            for (table, columns) in value.as_object().into_iter().flat_map(Object::iter) {
                if size(columns) > MAX_COLUMNS_PER_TABLE {
                    let path = pointer(&pointer("", name), table);
                    return too_large("the number of columns of one table", MAX_COLUMNS_PER_TABLE, path);
                }
            }
        }
        check_entries(&self.root, 1, "")?;
        if self.to_json().len() > MAX_DECODED_BYTES {
            return too_large("the context (in bytes of JSON)", MAX_DECODED_BYTES, String::new());
        }
        Ok(())
    }
}

/// How many items or entries there are.
fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.len(),
        Value::Object(entries) => entries.len(),
        _ => 0,
    }
}

fn check_value(value: &Value, depth: usize, path: &str) -> Result<(), HandoffError> {
    let too_large = |what, limit| Err(HandoffError::TooLarge { what, limit, path: path.to_owned() });
    match value {
        Value::String(s) | Value::Number(Number(s)) if s.len() > MAX_STRING_BYTES => {
            too_large("a text (in bytes)", MAX_STRING_BYTES)
        }
        Value::Array(_) | Value::Object(_) if depth > MAX_DEPTH => {
            too_large("the number of levels", MAX_DEPTH)
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                if !matches!(item, Value::Null | Value::Bool(_)) {
                    check_value(item, depth + 1, &pointer(path, &digits(i)))?;
                }
            }
            Ok(())
        }
        Value::Object(entries) => check_entries(entries, depth, path),
        _ => Ok(()),
    }
}

fn check_entries(entries: &Object, depth: usize, path: &str) -> Result<(), HandoffError> {
    for (name, item) in entries.iter() {
        if name.len() > MAX_STRING_BYTES {
            return Err(HandoffError::TooLarge {
                what: "a key (in bytes)",
                limit: MAX_STRING_BYTES,
                path: path.to_owned(),
            });
        }
        check_value(item, depth + 1, &pointer(path, name))?;
    }
    Ok(())
}

fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    value.and_then(Value::as_array).unwrap_or_default().iter().filter_map(Value::as_str)
}

fn wrong(path: &str, name: &str, want: &str, found: &Value) -> Issue {
    Issue::error(
        "context_type",
        path,
        [name, " must be ", want, ", not ", found.kind()].concat(),
        "Give the value in the shape that docs/link-format.md describes.",
    )
}

/// Every place where the document does not have the shape of a context.
fn shape(root: &Object) -> Vec<Issue> {
    let mut issues = Vec::new();
    for name in key::REQUIRED {
        if root.get(name).is_none() {
            issues.push(Issue::error(
                "context_key_missing",
                pointer("", name),
                [name, " is missing"].concat(),
                "Every context has the six keys from genie_session_id to exploration_summary; empty values are fine.",
            ));
        }
    }
    let mut check = Shape { issues: &mut issues };
    for (name, value) in root.iter() {
        let path = pointer("", name);
        let optional = key::OPTIONAL.contains(&name);
        if optional && *value == Value::Null {
            continue;
        }
        let form = match name {
            key::GENIE_SESSION_ID
            | key::SPACE_ID
            | key::USER_INTENT
            | key::CREATED_AT
            | key::WAREHOUSE_ID
            | key::TARGET_TABLE => Form::Text,
            key::VALIDATED_TABLES => Form::List,
            key::VALIDATED_COLUMNS | key::KEYS => Form::Map(&Form::List),
            key::COLUMN_TYPES => Form::Map(&Form::Map(&Form::Text)),
            key::EXPLORATION_SUMMARY => {
                check.summary(&path, value);
                continue;
            }
            key::EXPLORATION_QUERIES => {
                check.queries(&path, value);
                continue;
            }
            _ => continue,
        };
        check.form(&form, &path, name, value);
    }
    issues
}

/// What a value has to be.
enum Form {
    Text,
    /// Of texts.
    List,
    Map(&'static Form),
}

struct Shape<'a> {
    issues: &'a mut Vec<Issue>,
}

impl Shape<'_> {
    fn form(&mut self, form: &Form, path: &str, name: &str, value: &Value) {
        let wanted = match (form, value) {
            (Form::Text, Value::String(_)) => return,
            (Form::Text, _) => "a string",
            (Form::List, Value::Array(items)) => {
                for (i, item) in items.iter().enumerate() {
                    if item.as_str().is_none() {
                        let at = digits(i);
                        let name = ["item ", &at, " of ", name].concat();
                        self.form(&Form::Text, &pointer(path, &at), &name, item);
                    }
                }
                return;
            }
            (Form::List, _) => "a list of strings",
            (Form::Map(each), Value::Object(entries)) => {
                for (table, item) in entries.iter() {
                    self.form(each, &pointer(path, table), &["an entry of ", name].concat(), item);
                }
                return;
            }
            (Form::Map(_), _) => "an object",
        };
        self.issues.push(wrong(path, name, wanted, value));
    }

    fn summary(&mut self, path: &str, value: &Value) {
        let Value::Object(entries) = value else {
            self.issues.push(wrong(path, key::EXPLORATION_SUMMARY, "an object", value));
            return;
        };
        for (name, item) in entries.iter() {
            let path = pointer(path, name);
            match (name, item) {
                (key::QUERIES_RUN | key::TABLES_EXPLORED, Value::Number(n)) if n.as_u64().is_some() => {}
                (key::QUERIES_RUN | key::TABLES_EXPLORED, _) => {
                    self.issues.push(wrong(&path, name, "a whole number from 0", item));
                }
                (key::SAMPLE_DATA_REVIEWED, Value::Bool(_)) => {}
                (key::SAMPLE_DATA_REVIEWED, _) => self.issues.push(wrong(&path, name, "true or false", item)),
                _ => {}
            }
        }
    }

    fn queries(&mut self, path: &str, value: &Value) {
        let Value::Array(entries) = value else {
            self.issues.push(wrong(path, key::EXPLORATION_QUERIES, "a list", value));
            return;
        };
        for (i, entry) in entries.iter().enumerate() {
            let path = pointer(path, &digits(i));
            let Value::Object(fields) = entry else {
                self.issues.push(wrong(&path, "an exploration query", "an object", entry));
                continue;
            };
            match fields.get(key::QUERY) {
                Some(query) => self.form(&Form::Text, &pointer(&path, key::QUERY), key::QUERY, query),
                None => self.issues.push(Issue::error(
                    "context_key_missing",
                    pointer(&path, key::QUERY),
                    "an exploration query has no query",
                    "Give the SQL text of the query.",
                )),
            }
            match fields.get(key::RESULT_SUMMARY) {
                None | Some(Value::Null) => {}
                Some(summary) => {
                    let path = pointer(&path, key::RESULT_SUMMARY);
                    self.form(&Form::Text, &path, key::RESULT_SUMMARY, summary);
                }
            }
        }
    }
}
