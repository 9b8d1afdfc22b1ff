//! How many rows a run has written, from the history of the target.
//!
//! The Jobs API does not say. Delta does: every commit has metrics,
//! <https://docs.databricks.com/delta/history.html#operation-metrics-keys>. Counts only, no values.

use plan::TableName;
use serde_json::Value;
use sql::TablePath;

/// What a run did to rows. `None` is "not known", never "none".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rows {
    /// Rows that are new.
    pub inserted: Option<u64>,
    /// Rows that have other values.
    pub updated: Option<u64>,
    /// Rows that are gone.
    pub deleted: Option<u64>,
    /// All of these.
    pub affected: Option<u64>,
}

/// The statement that reads the last commits of a table: `version`, `timestamp` in milliseconds, `operation`,
/// `operationMetrics` as JSON. A SELECT, so that nothing but a read is possible.
#[must_use]
pub fn history_query(target: &TableName) -> String {
    format!(
        "SELECT CAST(version AS STRING) AS version, CAST(unix_millis(timestamp) AS STRING) AS at, operation, \
         to_json(operationMetrics) AS metrics FROM (DESCRIBE HISTORY {} LIMIT 20)",
        TablePath(target)
    )
}

/// The rows of the one commit that fell between the beginning and the end of a run, in milliseconds since 1970.
///
/// `None` when there is none, or more than one: then it cannot be told which was the run's.
#[must_use]
pub fn rows_of_history(data: &[Vec<Option<String>>], began_ms: i64, ended_ms: i64) -> Option<Rows> {
    let mut found = None;
    for row in data {
        let [_, Some(at), Some(operation), metrics] = row.as_slice() else { continue };
        let at: i64 = at.parse().ok()?;
        let Some(kind) = Operation::of(operation).filter(|_| (began_ms..=ended_ms).contains(&at)) else {
            continue;
        };
        if found.is_some() {
            return None;
        }
        found = Some(kind.rows(metrics.as_deref().unwrap_or("{}")));
    }
    found
}

enum Operation {
    Merge,
    Write,
    Delete,
}

impl Operation {
    fn of(name: &str) -> Option<Self> {
        match name {
            "MERGE" => Some(Self::Merge),
            "WRITE"
            | "REPLACE TABLE AS SELECT"
            | "CREATE TABLE AS SELECT"
            | "CREATE OR REPLACE TABLE AS SELECT" => Some(Self::Write),
            "DELETE" => Some(Self::Delete),
            _ => None,
        }
    }

    fn rows(&self, metrics: &str) -> Rows {
        let metrics: Value = serde_json::from_str(metrics).unwrap_or_default();
        // Texts on the wire, as metrics are a map of texts.
        let number = |name: &str| match metrics.get(name) {
            Some(Value::String(text)) => text.parse().ok(),
            Some(Value::Number(number)) => number.as_u64(),
            _ => None,
        };
        let (inserted, updated, deleted) = match self {
            Self::Merge => (
                number("numTargetRowsInserted"),
                number("numTargetRowsUpdated"),
                number("numTargetRowsDeleted"),
            ),
            Self::Write => (number("numOutputRows"), None, None),
            Self::Delete => (None, None, number("numDeletedRows")),
        };
        let parts = [inserted, updated, deleted];
        let affected = parts.iter().any(Option::is_some).then(|| parts.iter().flatten().sum());
        Rows { inserted, updated, deleted, affected }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(at: &str, operation: &str, metrics: &str) -> Vec<Option<String>> {
        ["7", at, operation, metrics].map(|text| Some(text.to_owned())).to_vec()
    }

    #[test]
    fn counts_the_one_commit_of_the_run() {
        let merge = r#"{"numTargetRowsInserted":"12","numTargetRowsUpdated":"3","numTargetRowsDeleted":"0","numOutputRows":"99"}"#;
        let data = vec![row("150", "MERGE", merge), row("120", "OPTIMIZE", "{}"), row("90", "MERGE", merge)];
        let rows = rows_of_history(&data, 100, 200).unwrap();
        assert_eq!(rows, Rows { inserted: Some(12), updated: Some(3), deleted: Some(0), affected: Some(15) });
    }

    #[test]
    fn does_not_guess() {
        let write = r#"{"numOutputRows":"5"}"#;
        let two = vec![row("150", "WRITE", write), row("160", "WRITE", write)];
        assert_eq!(rows_of_history(&two, 100, 200), None);
        assert_eq!(rows_of_history(&two, 300, 400), None);
        let bare = vec![row("150", "WRITE", "{}")];
        assert_eq!(rows_of_history(&bare, 100, 200), Some(Rows::default()));
        assert_eq!(rows_of_history(&[vec![None], vec![]], 0, 1), None);
    }

    #[test]
    fn the_query_quotes_the_table() {
        let name = |text| plan::Name::parse(text).unwrap();
        let table = TableName { catalog: name("a"), schema: name("b"), table: name("c`d") };
        assert!(history_query(&table).ends_with("(DESCRIBE HISTORY `a`.`b`.`c``d` LIMIT 20)"));
    }
}
