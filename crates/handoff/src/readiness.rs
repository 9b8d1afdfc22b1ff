//! Is a context ready to become a plan?

use crate::context::{Context, key};
use crate::digits::digits;
use crate::error::HandoffError;
use crate::issue::{Issue, Severity, pointer};
use crate::json::Value;
use crate::name::{compare_key, fold};
use crate::texts::Texts;
use crate::validate::validate;

/// What is known of Unity Catalog: tables that exist, with their columns where those are known.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    tables: Texts,
    /// Of the tables in their order.
    columns: Vec<Option<Vec<String>>>,
}

impl Catalog {
    /// Nothing is known yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a table that exists; `None` if its columns are not known.
    #[must_use]
    pub fn table(mut self, name: &str, columns: Option<&[&str]>) -> Self {
        let columns = columns.map(|c| c.iter().map(|c| fold(c)).collect());
        self.insert(name, columns);
        self
    }

    /// Of a table that is there twice, the later columns count.
    fn insert(&mut self, name: &str, columns: Option<Vec<String>>) {
        match self.tables.insert(&compare_key(name)).and_then(|at| self.columns.get_mut(at)) {
            Some(known) => *known = columns,
            None => self.columns.push(columns),
        }
    }

    /// The columns of a table, if it exists and they are known.
    fn columns(&self, name: &str) -> Option<&Option<Vec<String>>> {
        self.columns.get(self.tables.position(&compare_key(name))?)
    }

    /// Reads an object from table names to lists of columns; `null` if they are not known.
    ///
    /// # Errors
    /// [`HandoffError::Json`], or [`HandoffError::Shape`] with every wrong place.
    pub fn from_json_str(text: &str) -> Result<Self, HandoffError> {
        let value = Value::from_json_str(text)?;
        let mut catalog = Self::new();
        let mut issues = Vec::new();
        let mut wrong = |path: String| {
            issues.push(Issue::error(
                "catalog_malformed",
                path,
                "a catalog is an object from table names to lists of column names or null",
                "Give the tables as {\"catalog.schema.table\": [\"column\"]}.",
            ));
        };
        match value.as_object() {
            None => wrong(String::new()),
            Some(tables) => {
                for (name, columns) in tables.iter() {
                    let names = match columns {
                        Value::Null => Some(None),
                        Value::Array(items) => {
                            items.iter().map(|i| i.as_str().map(fold)).collect::<Option<_>>().map(Some)
                        }
                        _ => None,
                    };
                    match names {
                        Some(names) => catalog.insert(name, names),
                        None => wrong(pointer("", name)),
                    }
                }
            }
        }
        if issues.is_empty() { Ok(catalog) } else { Err(HandoffError::Shape(issues)) }
    }
}

/// The answer of [`check_readiness`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// True without an issue of severity error.
    pub ready: bool,
    /// Everything found, and what could not be checked.
    pub issues: Vec<Issue>,
}

/// Checks that a plan can be built on `context`: there is an intent and at least one table, names are well-formed,
/// and, with a catalog, that tables and columns exist. Without one it says that this was not checked.
#[must_use]
pub fn check_readiness(context: &Context, catalog: Option<&Catalog>) -> Readiness {
    let mut issues = Vec::new();
    given(context, &mut issues);
    issues.extend(validate(context));
    columns_known(context, &mut issues);
    match catalog {
        Some(catalog) => exists(context, catalog, &mut issues),
        None => issues.push(Issue::new(
            Severity::Info,
            "not_checked_catalog",
            pointer("", key::VALIDATED_TABLES),
            "not checked: whether the tables and columns exist in Unity Catalog",
            "Connect to the worker, or give a catalog.",
        )),
    }
    Readiness { ready: issues.iter().all(|i| i.severity != Severity::Error), issues }
}

/// What a person has to give.
fn given(context: &Context, issues: &mut Vec<Issue>) {
    if context.user_intent().trim().is_empty() {
        issues.push(Issue::error(
            "intent_missing",
            pointer("", key::USER_INTENT),
            "nobody has said what the pipeline is for",
            "Describe the result in a sentence: which figures, for whom, how often.",
        ));
    }
    if context.validated_tables().next().is_none() {
        issues.push(Issue::error(
            "tables_missing",
            pointer("", key::VALIDATED_TABLES),
            "there is no table",
            "Ask Genie a question about the tables first, or name them.",
        ));
    }
    for (name, text, code) in [
        (key::SPACE_ID, context.space_id(), "space_missing"),
        (key::GENIE_SESSION_ID, context.genie_session_id(), "session_missing"),
    ] {
        if text.is_empty() {
            issues.push(Issue::warning(
                code,
                pointer("", name),
                [name, " is not known, so the plan cannot be traced back to Genie"].concat(),
                "Start the handoff from a Genie block.",
            ));
        }
    }
    if context.exploration_queries().next().is_none() {
        issues.push(Issue::new(
            Severity::Info,
            "queries_missing",
            pointer("", key::EXPLORATION_QUERIES),
            "there is no exploration query, so the load pattern can only be guessed from columns",
            "Run a query in Genie before the handoff.",
        ));
    }
    if !context.exploration_summary().sample_data_reviewed {
        issues.push(Issue::new(
            Severity::Info,
            "sample_not_reviewed",
            pointer(&pointer("", key::EXPLORATION_SUMMARY), key::SAMPLE_DATA_REVIEWED),
            "nobody has looked at sample rows",
            "Look at some rows before production depends on them.",
        ));
    }
}

fn columns_known(context: &Context, issues: &mut Vec<Issue>) {
    for (i, table) in context.validated_tables().enumerate() {
        if context.columns_of(table).is_none_or(|mut columns| columns.next().is_none()) {
            issues.push(Issue::warning(
                "columns_unknown",
                pointer(&pointer("", key::VALIDATED_TABLES), &digits(i)),
                "no column of this table is known",
                "Add the columns that matter, or check against Unity Catalog.",
            ));
        }
    }
}

fn exists(context: &Context, catalog: &Catalog, issues: &mut Vec<Issue>) {
    for (i, table) in context.validated_tables().enumerate() {
        if catalog.columns(table).is_none() {
            issues.push(Issue::error(
                "table_not_found",
                pointer(&pointer("", key::VALIDATED_TABLES), &digits(i)),
                "the table does not exist, or you may not see it",
                "Check the name in Catalog Explorer, or ask for SELECT on the table.",
            ));
        }
    }
    for (table, columns) in context.validated_columns() {
        let path = pointer(&pointer("", key::VALIDATED_COLUMNS), table);
        match catalog.columns(table) {
            None => {}
            Some(None) => issues.push(Issue::new(
                Severity::Info,
                "not_checked_columns",
                path,
                "not checked: the columns of this table",
                "Ask for BROWSE or SELECT on the table to have them checked.",
            )),
            Some(Some(known)) => {
                for (i, column) in columns.enumerate() {
                    if !known.contains(&fold(column)) {
                        issues.push(Issue::error(
                            "column_not_found",
                            pointer(&path, &digits(i)),
                            "the table has no such column",
                            "Check the name in Catalog Explorer.",
                        ));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{"genie_session_id":"s","space_id":"","validated_tables":["a.b.c","A.b.d","a.b.e"],
        "validated_columns":{"a.b.c":["ID","x"],"a.b.d":["y"]},"user_intent":" ","exploration_summary":{"sample_data_reviewed":true}}"#;

    fn codes(catalog: Option<&Catalog>) -> (bool, Vec<(&'static str, String)>) {
        let readiness = check_readiness(&Context::from_json_str(JSON).unwrap(), catalog);
        (readiness.ready, readiness.issues.into_iter().map(|i| (i.code, i.path)).collect())
    }

    #[test]
    fn offline_it_says_what_it_could_not_check() {
        let (ready, found) = codes(None);
        assert!(!ready);
        let expected = [
            ("intent_missing", "/user_intent"),
            ("space_missing", "/space_id"),
            ("queries_missing", "/exploration_queries"),
            ("columns_unknown", "/validated_tables/2"),
            ("not_checked_catalog", "/validated_tables"),
        ];
        assert_eq!(found, expected.map(|(c, p)| (c, p.to_owned())));
    }

    #[test]
    fn with_a_catalog_it_looks_tables_and_columns_up() {
        let catalog = Catalog::from_json_str(r#"{"A.B.C":["id"],"a.`b`.d":null}"#).unwrap();
        let (_, found) = codes(Some(&catalog));
        let built = Catalog::new().table("a.b.c", None).table("a.b.c", Some(&["ID"])).table("a.b.D", None);
        assert_eq!(codes(Some(&built)).1, found);
        let tail: Vec<_> = found.iter().skip(4).map(|(c, p)| (*c, p.as_str())).collect();
        assert_eq!(
            tail,
            [
                ("table_not_found", "/validated_tables/2"),
                ("column_not_found", "/validated_columns/a.b.c/1"),
                ("not_checked_columns", "/validated_columns/a.b.d"),
            ]
        );
        assert_eq!(Catalog::from_json_str(r#"{"a":1,"b":[2]}"#).unwrap_err().issues().len(), 2);
    }
}
