//! Statements of the SQL execution API: scripted, or answered from what the catalog knows.

use std::collections::{BTreeMap, HashMap};

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::genie::column;
use super::sql_text::Reading;
use crate::failure::Failure;
use crate::ids::hash;

/// How a statement ends, as a script orders it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Script {
    /// Text that the statement must contain, without regard to case.
    contains: String,
    /// How many statements it answers. Absent: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<u64>,
    answer: Ending,
}

/// The end of a statement.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ending {
    /// Reads of the statement until it has ended.
    #[serde(default)]
    pub(crate) polls: u32,
    /// Name and SQL type of the columns.
    #[serde(default)]
    pub(crate) columns: Vec<(String, String)>,
    /// Cells as text, or null.
    #[serde(default)]
    pub(crate) rows: Vec<Vec<Option<String>>>,
    /// Rows per chunk. 0: one chunk.
    #[serde(default)]
    pub(crate) chunk_rows: usize,
    /// Makes it fail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<SqlError>,
}

/// Why a statement failed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SqlError {
    /// Like `BAD_REQUEST`.
    #[serde(default = "bad_request")]
    pub(crate) error_code: String,
    /// With the class in brackets at its beginning.
    pub(crate) message: String,
    #[serde(default)]
    pub(crate) sql_state: String,
}

fn bad_request() -> String {
    "BAD_REQUEST".to_owned()
}

impl SqlError {
    pub(crate) fn new(class: &str, sql_state: &str, text: &str) -> Self {
        Self {
            error_code: bad_request(),
            message: format!("[{class}] {text} SQLSTATE: {sql_state}"),
            sql_state: sql_state.to_owned(),
        }
    }
}

/// One statement.
#[derive(Debug, Clone)]
struct Statement {
    sql: String,
    warehouse: String,
    caller: &'static str,
    parameters: Value,
    polls_left: u32,
    canceled: bool,
    row_limit: Option<usize>,
    ending: Ending,
}

/// A statement on its way in.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) sql: String,
    pub(crate) warehouse: String,
    pub(crate) caller: &'static str,
    pub(crate) parameters: Value,
    pub(crate) row_limit: Option<usize>,
    /// What the catalog says, used if no script fits.
    pub(crate) ending: Ending,
    /// Reads that the warehouse's start takes.
    pub(crate) start_polls: u32,
    /// `wait_timeout` of 0: answer before the end in any case.
    pub(crate) at_once: bool,
    /// `on_wait_timeout` of `CANCEL`.
    pub(crate) cancel_late: bool,
}

/// All statements, scripts, and the counts of tables that were set.
#[derive(Debug, Default)]
pub(crate) struct Statements {
    by_id: HashMap<String, Statement>,
    order: Vec<String>,
    scripts: Vec<Script>,
    counts: BTreeMap<String, u64>,
}

impl Statements {
    /// Takes a statement; gives the first answer.
    pub(crate) fn execute(&mut self, order: Order) -> Value {
        let ending = self.scripted(&order.sql).unwrap_or(order.ending);
        let mut polls_left = ending.polls.saturating_add(order.start_polls);
        if order.at_once {
            polls_left = polls_left.max(1);
        }
        let statement = Statement {
            sql: order.sql,
            warehouse: order.warehouse,
            caller: order.caller,
            parameters: order.parameters,
            polls_left,
            canceled: order.cancel_late && polls_left > 0,
            row_limit: order.row_limit,
            ending,
        };
        let answer = statement.answer(&order.id);
        self.order.push(order.id.clone());
        self.by_id.insert(order.id, statement);
        answer
    }

    fn scripted(&mut self, sql: &str) -> Option<Ending> {
        let sql = sql.to_lowercase();
        let fits = |script: &&mut Script| {
            script.times.is_none_or(|times| times > 0) && sql.contains(&script.contains.to_lowercase())
        };
        let script = self.scripts.iter_mut().find(fits)?;
        script.times = script.times.map(|times| times - 1);
        Some(script.answer.clone())
    }

    /// The statement as it is; every read brings it nearer to its end.
    pub(crate) fn read(&mut self, id: &str) -> Result<Value, Failure> {
        let statement = self.by_id.get_mut(id).ok_or_else(|| missing(id))?;
        statement.polls_left = statement.polls_left.saturating_sub(1);
        Ok(statement.answer(id))
    }

    /// One chunk of the result.
    pub(crate) fn chunk(&self, id: &str, index: usize) -> Result<Value, Failure> {
        let statement = self.by_id.get(id).ok_or_else(|| missing(id))?;
        if statement.state() != "SUCCEEDED" {
            let message =
                format!("The statement {id} is in state {}: there is no result.", statement.state());
            return Err(Failure::new(StatusCode::BAD_REQUEST, "INVALID_STATE", message));
        }
        statement
            .chunk(id, index)
            .ok_or_else(|| Failure::invalid(format!("Chunk index {index} is out of range.")))
    }

    /// Cancels it; fine if it has ended.
    pub(crate) fn cancel(&mut self, id: &str) -> Result<(), Failure> {
        let statement = self.by_id.get_mut(id).ok_or_else(|| missing(id))?;
        if statement.polls_left > 0 {
            statement.canceled = true;
        }
        Ok(())
    }

    /// Adds a script; the first that fits counts.
    pub(crate) fn add_script(&mut self, script: Script) {
        self.scripts.push(script);
    }

    /// Removes all scripts.
    pub(crate) fn clear_scripts(&mut self) {
        self.scripts.clear();
    }

    /// Sets what COUNT gives for a table.
    pub(crate) fn set_count(&mut self, table: &str, rows: u64) {
        self.counts.insert(table.to_lowercase(), rows);
    }

    /// What COUNT gives: as set, or some number that never changes.
    pub(crate) fn count_of(&self, table: &str) -> u64 {
        let [.., high, low] = hash(&["rows", table]).to_be_bytes();
        self.counts.get(table).copied().unwrap_or(10_000 + u64::from(u16::from_be_bytes([high, low])))
    }

    /// Everything that was executed, oldest first.
    pub(crate) fn journal(&self) -> Vec<Value> {
        let each = self.order.iter().filter_map(|id| self.by_id.get(id).map(|statement| (id, statement)));
        each.map(|(id, statement)| {
            json!({
                "statement_id": id, "statement": statement.sql, "warehouse_id": statement.warehouse,
                "caller": statement.caller, "parameters": statement.parameters, "state": statement.state(),
            })
        })
        .collect()
    }
}

impl Statement {
    fn state(&self) -> &'static str {
        if self.canceled {
            "CANCELED"
        } else if self.polls_left > 1 {
            "PENDING"
        } else if self.polls_left == 1 {
            "RUNNING"
        } else if self.ending.error.is_some() {
            "FAILED"
        } else {
            "SUCCEEDED"
        }
    }

    /// The rows after the limit, and whether it cut some off.
    fn rows(&self) -> (&[Vec<Option<String>>], bool) {
        let all = self.ending.rows.as_slice();
        let limit = self.row_limit.unwrap_or(usize::MAX);
        (all.get(..limit).unwrap_or(all), all.len() > limit)
    }

    fn chunk_size(&self) -> usize {
        let (rows, _) = self.rows();
        if self.ending.chunk_rows == 0 { rows.len().max(1) } else { self.ending.chunk_rows }
    }

    fn answer(&self, id: &str) -> Value {
        let state = self.state();
        let mut answer = json!({ "statement_id": id, "status": { "state": state } });
        let Value::Object(fields) = &mut answer else { return answer };
        match (state, &self.ending.error) {
            ("FAILED", Some(error)) => {
                let mut status = json!({
                    "state": state, "error": { "error_code": error.error_code, "message": error.message },
                });
                if let (false, Value::Object(status)) = (error.sql_state.is_empty(), &mut status) {
                    status.insert("sql_state".to_owned(), json!(error.sql_state));
                }
                fields.insert("status".to_owned(), status);
            }
            ("SUCCEEDED", _) => {
                fields.insert("manifest".to_owned(), self.manifest());
                fields.insert("result".to_owned(), self.chunk(id, 0).unwrap_or_else(|| json!({})));
            }
            _ => {}
        }
        answer
    }

    fn manifest(&self) -> Value {
        let (rows, truncated) = self.rows();
        let size = self.chunk_size();
        let columns: Vec<Value> =
            self.ending.columns.iter().enumerate().map(|(at, (name, kind))| column(name, kind, at)).collect();
        let chunks: Vec<Value> = rows
            .chunks(size)
            .enumerate()
            .map(|(index, chunk)| {
                json!({
                    "chunk_index": index, "row_offset": index * size, "row_count": chunk.len(),
                    "byte_count": bytes(chunk),
                })
            })
            .collect();
        json!({
            "format": "JSON_ARRAY", "schema": { "column_count": columns.len(), "columns": columns },
            "total_row_count": rows.len(), "total_chunk_count": chunks.len(), "total_byte_count": bytes(rows),
            "truncated": truncated, "chunks": chunks,
        })
    }

    fn chunk(&self, id: &str, index: usize) -> Option<Value> {
        let (rows, _) = self.rows();
        let size = self.chunk_size();
        if rows.is_empty() && index == 0 {
            return Some(json!({ "row_count": 0 }));
        }
        let chunk = rows.chunks(size).nth(index)?;
        let mut value = json!({
            "chunk_index": index, "row_offset": index * size, "row_count": chunk.len(), "data_array": chunk,
        });
        let next = index + 1;
        if let (true, Value::Object(fields)) = (next * size < rows.len(), &mut value) {
            fields.insert("next_chunk_index".to_owned(), json!(next));
            let link =
                format!("/api/2.0/sql/statements/{id}/result/chunks/{next}?row_offset={}", next * size);
            fields.insert("next_chunk_internal_link".to_owned(), json!(link));
        }
        Some(value)
    }
}

fn bytes(rows: &[Vec<Option<String>>]) -> usize {
    rows.iter().flatten().map(|cell| cell.as_ref().map_or(4, |cell| cell.len() + 3)).sum()
}

fn missing(id: &str) -> Failure {
    Failure::missing(format!("The statement {id} was not found."))
}

/// What a readable statement gives without a script. `count` is what COUNT over its first table gives.
pub(crate) fn plain(reading: &Reading, count: u64) -> Ending {
    let text = |lines: &str| vec![vec![Some(lines.to_owned())]];
    let (columns, rows) = match reading.verb.as_str() {
        "EXPLAIN" => {
            let scans: Vec<String> =
                reading.tables.iter().map(|table| format!("   +- PhotonScan parquet {table}")).collect();
            let plan = format!(
                "== Physical Plan ==\nAdaptiveSparkPlan isFinalPlan=false\n+- == Initial Plan ==\n{}\n",
                scans.join("\n")
            );
            (vec![("plan", "STRING")], text(&plan))
        }
        "INSERT" | "MERGE" | "UPDATE" | "DELETE" | "COPY" => {
            let names = ["num_affected_rows", "num_inserted_rows"];
            (
                names.map(|name| (name, "BIGINT")).to_vec(),
                vec![vec![Some(count.to_string()), Some(count.to_string())]],
            )
        }
        _ => match &reading.count {
            Some(alias) => (vec![(alias.as_str(), "BIGINT")], text(&count.to_string())),
            None => (vec![], vec![]),
        },
    };
    let columns = columns.into_iter().map(|(name, kind)| (name.to_owned(), kind.to_owned())).collect();
    Ending { columns, rows, ..Ending::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(id: &str, sql: &str, ending: Ending) -> Order {
        Order {
            id: id.to_owned(),
            sql: sql.to_owned(),
            warehouse: String::new(),
            caller: "",
            parameters: Value::Null,
            row_limit: None,
            ending,
            start_polls: 0,
            at_once: false,
            cancel_late: false,
        }
    }

    fn rows(n: usize) -> Ending {
        let rows = (0..n).map(|n| vec![Some(n.to_string())]).collect();
        Ending {
            columns: vec![("n".to_owned(), "bigint".to_owned())],
            rows,
            chunk_rows: 2,
            ..Ending::default()
        }
    }

    #[test]
    fn every_read_brings_the_end_nearer() {
        let mut statements = Statements::default();
        let first = statements.execute(order("a", "x", Ending { polls: 2, ..rows(1) }));
        assert_eq!(first["status"]["state"], "PENDING");
        let mut states = || statements.read("a").unwrap()["status"]["state"].as_str().unwrap().to_owned();
        assert_eq!([states(), states(), states()], ["RUNNING", "SUCCEEDED", "SUCCEEDED"]);
    }

    #[test]
    fn results_come_in_chunks_that_name_the_next() {
        let mut statements = Statements::default();
        let first = statements.execute(order("a", "x", rows(5)));
        assert_eq!(first["manifest"]["total_chunk_count"], 3);
        assert_eq!(first["result"]["next_chunk_index"], 1);
        let last = statements.chunk("a", 2).unwrap();
        assert_eq!((&last["row_offset"], &last["data_array"]), (&json!(4), &json!([["4"]])));
        assert!(last.get("next_chunk_index").is_none());
        assert!(statements.chunk("a", 3).is_err());
    }

    #[test]
    fn a_limit_is_told() {
        let mut statements = Statements::default();
        let cut = statements.execute(Order { row_limit: Some(3), ..order("a", "x", rows(5)) });
        assert_eq!(
            (&cut["manifest"]["truncated"], &cut["manifest"]["total_row_count"]),
            (&json!(true), &json!(3))
        );
    }

    #[test]
    fn a_canceled_statement_stays_so() {
        let mut statements = Statements::default();
        statements.execute(order("a", "x", Ending { polls: 3, ..rows(1) }));
        statements.cancel("a").unwrap();
        assert_eq!(statements.read("a").unwrap()["status"]["state"], "CANCELED");
        statements.execute(order("b", "x", rows(1)));
        statements.cancel("b").unwrap();
        assert_eq!(statements.read("b").unwrap()["status"]["state"], "SUCCEEDED");
    }
}
