//! The Statement Execution API, <https://docs.databricks.com/api/workspace/statementexecution/executestatement>.
//!
//! A statement that fails answers with status 200 and state `FAILED`. There is no token that makes it safe to send a
//! statement twice, so only statements that read are sent: what makes the body of a request is in `session::readonly`,
//! behind the check.

use serde_json::Value;

use crate::read::{AnswerError, encode_segment, inner, list, object, text};

/// Where statements are sent.
pub const STATEMENTS_PATH: &str = "/api/2.0/sql/statements";

/// Path of one statement.
#[must_use]
pub fn statement_path(id: &str) -> String {
    format!("{STATEMENTS_PATH}/{}", encode_segment(id))
}

/// Path that asks for the end of one statement.
#[must_use]
pub fn cancel_path(id: &str) -> String {
    format!("{STATEMENTS_PATH}/{}/cancel", encode_segment(id))
}

/// How far a statement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StatementState {
    /// Waiting, often for its warehouse to start.
    Pending,
    /// At work.
    Running,
    /// Done, with rows.
    Succeeded,
    /// Done, without a result.
    Failed,
    /// Stopped.
    Canceled,
    /// Done, and the rows are gone.
    Closed,
}

/// A statement as the service tells about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementAnswer {
    /// Dashed UUID.
    pub id: String,
    /// How far it is. Unknown states count as running.
    pub state: StatementState,
    /// The class of an error: the upper-case word in brackets at the start of its message, such as
    /// `TABLE_OR_VIEW_NOT_FOUND`; without one, the service's `error_code`.
    ///
    /// The rest of the message stays here: it can quote the statement and so its literals.
    pub error_class: Option<String>,
    /// Names of the result's columns.
    pub columns: Vec<String>,
    /// Rows of the first chunk; cells are texts whatever their type.
    pub rows: Vec<Vec<Option<String>>>,
    /// Whether rows were left out.
    pub truncated: bool,
}

impl StatementAnswer {
    /// Reads the answer to a statement, or to a question about one.
    ///
    /// # Errors
    /// When the bytes are no JSON object with a `statement_id`.
    pub fn parse(bytes: &[u8]) -> Result<Self, AnswerError> {
        const WHAT: AnswerError = AnswerError("a statement");
        let members = object(bytes, WHAT.0)?;
        let status = inner(&members, "status");
        let state = match status.and_then(|status| text(status, "state")).as_deref() {
            Some("PENDING") => StatementState::Pending,
            Some("SUCCEEDED") => StatementState::Succeeded,
            Some("FAILED") => StatementState::Failed,
            Some("CANCELED") => StatementState::Canceled,
            Some("CLOSED") => StatementState::Closed,
            _ => StatementState::Running,
        };
        let error = status.and_then(|status| inner(status, "error"));
        let message = error.and_then(|error| text(error, "message"));
        let class = message.as_deref().and_then(error_class).map(str::to_owned);
        let manifest = inner(&members, "manifest");
        let schema = manifest.and_then(|manifest| inner(manifest, "schema"));
        let columns = schema.map(|schema| list(schema, "columns")).unwrap_or_default();
        let rows = inner(&members, "result").map(|result| list(result, "data_array")).unwrap_or_default();
        let cell = |cell: &Value| match cell {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        Ok(Self {
            id: text(&members, "statement_id").ok_or(WHAT)?,
            state,
            error_class: class.or_else(|| error.and_then(|error| text(error, "error_code"))),
            columns: columns
                .iter()
                .filter_map(Value::as_object)
                .map(|column| text(column, "name").unwrap_or_default())
                .collect(),
            rows: rows.iter().filter_map(Value::as_array).map(|row| row.iter().map(cell).collect()).collect(),
            truncated: manifest.and_then(|manifest| manifest.get("truncated")) == Some(&Value::Bool(true)),
        })
    }

    /// Whether nothing more will happen to it.
    #[must_use]
    pub fn is_over(&self) -> bool {
        !matches!(self.state, StatementState::Pending | StatementState::Running)
    }
}

/// The class in `[CLASS.SUB] ...`: letters, digits, `_` and `.` in upper case, at most 100 of them.
#[must_use]
pub fn error_class(message: &str) -> Option<&str> {
    let (class, _) = message.strip_prefix('[')?.split_once(']')?;
    let fine = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'_' | b'.');
    ((1..=100).contains(&class.len()) && class.bytes().all(fine)).then_some(class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_as_the_service_sends_it() {
        let body = br#"{"statement_id":"01f1-a","status":{"state":"SUCCEEDED"},"manifest":{"format":"JSON_ARRAY","schema":{"column_count":2,
            "columns":[{"name":"n","position":0,"type_name":"LONG"},{"name":"m","position":1}]},"total_row_count":1,"truncated":true},
            "result":{"chunk_index":0,"row_offset":0,"row_count":1,"data_array":[["9007199254740993",null]]}}"#;
        let answer = StatementAnswer::parse(body).unwrap();
        assert_eq!(
            (answer.state, answer.truncated, answer.is_over()),
            (StatementState::Succeeded, true, true)
        );
        assert_eq!(answer.columns, ["n", "m"]);
        assert_eq!(answer.rows, [[Some("9007199254740993".to_owned()), None]]);
    }

    #[test]
    fn of_an_error_only_its_class_is_kept() {
        let body = br#"{"statement_id":"a","status":{"state":"FAILED","error":{"error_code":"BAD_REQUEST",
            "message":"[TABLE_OR_VIEW_NOT_FOUND] The table `secret` cannot be found. SQLSTATE: 42P01"},"sql_state":"42P01"}}"#;
        let answer = StatementAnswer::parse(body).unwrap();
        assert_eq!(answer.error_class.as_deref(), Some("TABLE_OR_VIEW_NOT_FOUND"));
        assert!(!format!("{answer:?}").contains("secret"));
        let body = br#"{"statement_id":"a","status":{"state":"FAILED","error":{"error_code":"BAD_REQUEST","message":"[it's 'x'] no"}}}"#;
        assert_eq!(StatementAnswer::parse(body).unwrap().error_class.as_deref(), Some("BAD_REQUEST"));
        assert!(StatementAnswer::parse(b"{}").is_err());
        assert!(
            !StatementAnswer::parse(br#"{"statement_id":"a","status":{"state":"BRANDNEW"}}"#)
                .unwrap()
                .is_over()
        );
    }
}
