//! Puts a context together on the Genie side.

use crate::context::{Context, ExplorationSummary, key};
use crate::error::HandoffError;
use crate::json::{Object, Value};
use crate::name::compare_key;

/// Collects what a Genie session shows and makes a [`Context`] of it. Tables, columns and queries that come twice
/// are kept once; the first spelling stays.
#[derive(Debug, Clone, Default)]
pub struct ContextBuilder {
    session: String,
    space: String,
    intent: String,
    tables: Vec<Table>,
    queries: Vec<(String, Option<String>)>,
    summary: Option<ExplorationSummary>,
    sample_data_reviewed: bool,
    extra: Object,
}

#[derive(Debug, Clone)]
struct Table {
    name: String,
    key: String,
    columns: Vec<String>,
}

impl ContextBuilder {
    /// Starts with the ids of the conversation and the space; both may be empty while they are not known.
    #[must_use]
    pub fn new(genie_session_id: &str, space_id: &str) -> Self {
        Self { session: genie_session_id.to_owned(), space: space_id.to_owned(), ..Self::default() }
    }

    /// What the analyst wants, in words.
    #[must_use]
    pub fn user_intent(mut self, text: &str) -> Self {
        text.clone_into(&mut self.intent);
        self
    }

    /// Adds a table by its full name; backticks are taken away if the name can be read.
    #[must_use]
    pub fn table(mut self, name: &str) -> Self {
        self.table_index(name);
        self
    }

    /// Adds columns of a table, and the table if it is not there yet.
    #[must_use]
    pub fn columns<'a>(mut self, table: &str, names: impl IntoIterator<Item = &'a str>) -> Self {
        let index = self.table_index(table);
        if let Some(table) = self.tables.get_mut(index) {
            for name in names {
                let wanted = name.to_lowercase();
                if !table.columns.iter().any(|c| c.to_lowercase() == wanted) {
                    table.columns.push(name.to_owned());
                }
            }
        }
        self
    }

    /// Adds a query; the same text again only brings a summary along if there was none.
    #[must_use]
    pub fn query(mut self, sql: &str, result_summary: Option<&str>) -> Self {
        let sql = sql.trim();
        match self.queries.iter_mut().find(|(known, _)| known == sql) {
            Some((_, summary)) => {
                if summary.is_none() {
                    *summary = result_summary.map(str::to_owned);
                }
            }
            None if sql.is_empty() => {}
            None => self.queries.push((sql.to_owned(), result_summary.map(str::to_owned))),
        }
        self
    }

    /// Somebody looked at sample rows.
    #[must_use]
    pub fn sample_data_reviewed(mut self, yes: bool) -> Self {
        self.sample_data_reviewed = yes;
        self
    }

    /// Gives the counts as Genie reports them; otherwise they are counted from what was added.
    #[must_use]
    pub fn summary(mut self, summary: ExplorationSummary) -> Self {
        self.summary = Some(summary);
        self
    }

    /// When the context is made, RFC 3339 in UTC.
    #[must_use]
    pub fn created_at(self, time: &str) -> Self {
        self.with(key::CREATED_AT, Value::from(time))
    }

    /// Sets any further key, known (`warehouse_id`, `column_types`, …) or not.
    #[must_use]
    pub fn with(mut self, key: &str, value: Value) -> Self {
        self.extra.insert(key, value);
        self
    }

    /// Makes the context.
    ///
    /// # Errors
    /// As [`Context::from_json_str`], for values given through [`ContextBuilder::with`] and for limits.
    pub fn build(self) -> Result<Context, HandoffError> {
        let strings =
            |items: &[String]| Value::Array(items.iter().map(|s| Value::from(s.as_str())).collect());
        let summary = self.summary.unwrap_or(ExplorationSummary {
            queries_run: self.queries.len() as u64,
            tables_explored: self.tables.len() as u64,
            sample_data_reviewed: self.sample_data_reviewed,
        });
        let mut counts = Object::new();
        counts.insert(key::QUERIES_RUN, Value::Number(summary.queries_run.into()));
        counts.insert(key::TABLES_EXPLORED, Value::Number(summary.tables_explored.into()));
        counts.insert(key::SAMPLE_DATA_REVIEWED, Value::Bool(summary.sample_data_reviewed));
        let mut columns = Object::new();
        for table in &self.tables {
            columns.insert(&table.name, strings(&table.columns));
        }
        let queries = self.queries.into_iter().map(|(sql, summary)| {
            let mut entry = Object::new();
            entry.insert(key::QUERY, Value::String(sql));
            entry.insert(key::RESULT_SUMMARY, Value::String(summary.unwrap_or_default()));
            Value::Object(entry)
        });
        let mut root = Object::new();
        root.insert(key::GENIE_SESSION_ID, Value::String(self.session));
        root.insert(key::SPACE_ID, Value::String(self.space));
        root.insert(
            key::VALIDATED_TABLES,
            Value::Array(self.tables.iter().map(|t| Value::from(t.name.as_str())).collect()),
        );
        root.insert(key::VALIDATED_COLUMNS, Value::Object(columns));
        root.insert(key::USER_INTENT, Value::String(self.intent));
        root.insert(key::EXPLORATION_SUMMARY, Value::Object(counts));
        root.insert(key::EXPLORATION_QUERIES, Value::Array(queries.collect()));
        for (name, value) in self.extra.0 {
            root.insert(&name, value);
        }
        Context::from_object(root)
    }

    fn table_index(&mut self, name: &str) -> usize {
        let key = compare_key(name);
        if let Some(index) = self.tables.iter().position(|t| t.key == key) {
            return index;
        }
        let name = crate::name::TableName::parse(name).map_or_else(|_| name.to_owned(), |n| n.to_string());
        self.tables.push(Table { name, key, columns: Vec::new() });
        self.tables.len() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_everything_once() {
        let context = ContextBuilder::new("s", "01f0eca3dc1b1cbc9b65fa58f94c18ad")
            .table("main.sales.orders")
            .columns("`MAIN`.sales.orders", ["id", "ID", "at"])
            .columns("`prod-us`.x.y", ["a"])
            .query("SELECT 1 ", None)
            .query("SELECT 1", Some("1 row"))
            .query("  ", None)
            .user_intent("orders per day")
            .created_at("2025-06-18T17:45:12Z")
            .build()
            .unwrap();
        assert_eq!(
            context.to_json(),
            concat!(
                r#"{"genie_session_id":"s","space_id":"01f0eca3dc1b1cbc9b65fa58f94c18ad","validated_tables":["main.sales.orders","prod-us.x.y"],"#,
                r#""validated_columns":{"main.sales.orders":["id","at"],"prod-us.x.y":["a"]},"user_intent":"orders per day","#,
                r#""exploration_summary":{"queries_run":1,"tables_explored":2,"sample_data_reviewed":false},"#,
                r#""exploration_queries":[{"query":"SELECT 1","result_summary":"1 row"}],"created_at":"2025-06-18T17:45:12Z"}"#
            )
        );
        assert_eq!(crate::validate(&context), []);
        assert_eq!(context.columns_of("Main.Sales.`Orders`").unwrap().collect::<Vec<_>>(), ["id", "at"]);
    }

    #[test]
    fn wrong_shapes_are_named() {
        let error =
            ContextBuilder::new("", "").with(key::COLUMN_TYPES, Value::from("int")).build().unwrap_err();
        assert_eq!((error.code(), error.path()), ("context_invalid", "/column_types"));
    }
}
