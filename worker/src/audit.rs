//! The audit log: read and verified.

use edge::problem::{self, Problem};
use js_sys::Date;
use registry::{Break, Entry, Query, Row, Step, Verifier};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use wasm_bindgen::JsValue;
use worker::Env;

use crate::call::Call;
use crate::lists::{page, refused};
use crate::store::{Sql, Store, Trouble, sql};
use crate::work::{self, Done, Refusal};

/// Rows that one question of the verification reads.
const CHUNK: u64 = 500;
/// Rows that one request verifies; of a longer log the newest. The command verifies all of it.
const MOST: u64 = 50_000;

const COLUMNS: &str = "seq, at, action, phase, outcome, caller, request_id, plan_id, version, plan_hash, handoff_id, \
    genie_session, detail, prev_hash, hash";

/// `GET /api/audit`: newest first.
pub async fn list(call: &mut Call, env: &Env) -> Done {
    const OUTCOMES: [&str; 5] = ["started", "ok", "failed", "refused", "unknown"];
    let names = ["plan_id", "caller", "action", "outcome", "request_id", "genie_session", "from", "to"];
    let query = Query::read("audit", &names, call.path_and_query().1).map_err(refused)?;
    query.one_of("outcome", &OUTCOMES, "one of started, ok, failed, refused and unknown").map_err(refused)?;
    let (mut conditions, mut values) = (vec!["1"], Vec::new());
    for (name, condition) in [
        ("plan_id", "plan_id = ?"),
        ("caller", "caller = ?"),
        ("action", "action = ?"),
        ("outcome", "outcome = ?"),
        ("request_id", "request_id = ?"),
        ("genie_session", "genie_session = ?"),
    ] {
        if let Some(value) = query.get(name) {
            conditions.push(condition);
            values.push(json!(value));
        }
    }
    for (name, condition) in [("from", "at >= ?"), ("to", "at < ?")] {
        if let Some(value) = query.get(name) {
            conditions.push(condition);
            values.push(json!(instant(name, value)?));
        }
    }
    if let Some([seq]) = query.after().map_err(refused)? {
        conditions.push("seq < CAST(? AS INTEGER)");
        values.push(json!(seq));
    }
    values.push(json!(query.size() + 1));
    let conditions = conditions.join(" AND ");
    let question = sql(
        format!(
            "SELECT {COLUMNS}, CAST(seq AS TEXT) AS seq_text FROM audit WHERE {conditions} ORDER BY seq DESC LIMIT ?"
        ),
        values,
    );
    let mut entries: Vec<Map<String, Value>> = Store::open(call, env).read(question).await?;
    for entry in &mut entries {
        let detail =
            entry.get("detail").and_then(Value::as_str).and_then(|text| serde_json::from_str(text).ok());
        entry.insert("detail".to_owned(), detail.unwrap_or_default());
    }
    Ok(page("entries", &query, entries, &["seq_text"], &["seq_text"]))
}

/// A time of a query in the form that the log has, so that both sort as texts.
fn instant(name: &str, text: &str) -> Result<String, Refusal> {
    let shaped = text.len() >= 10 && text.bytes().take(4).all(|b| b.is_ascii_digit());
    let date = Date::new(&JsValue::from_str(text));
    if shaped && date.get_time().is_finite() {
        return Ok(date.to_iso_string().into());
    }
    let detail = format!("{name} is a time such as 2026-11-21T05:00:00Z.");
    Err(Problem::new(problem::QUERY_MALFORMED, detail).into())
}

/// `GET /api/audit/verify`
pub async fn verify(call: &mut Call, env: &Env) -> Done {
    #[derive(Deserialize)]
    struct End {
        seq: u64,
        hash: String,
        last: u64,
    }
    let store = Store::open(call, env);
    let question = "SELECT seq, hash, (SELECT coalesce(max(seq), 0) FROM audit) AS last FROM audit_head";
    let Some(end) = store.first::<End>(sql(question, Vec::new())).await? else {
        return Err(Trouble::Unreachable("the end of the audit chain is not there".to_owned()).into());
    };
    let mut verifier = Verifier::default();
    if end.last > MOST {
        let before = end.last - MOST;
        let question = sql(format!("SELECT {COLUMNS} FROM audit WHERE seq = ?"), vec![json!(before)]);
        if let Some(row) = read_rows(&store, question).await?.pop() {
            verifier = Verifier::behind(row.seq, &row.hash);
        }
    }
    let first = verifier.entries() + 1;
    let mut problem = None;
    'rows: while problem.is_none() && verifier.entries() < end.last {
        let question = sql(
            format!("SELECT {COLUMNS} FROM audit WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?"),
            vec![json!(verifier.entries()), json!(end.last), json!(CHUNK)],
        );
        let found = read_rows(&store, question).await?;
        for row in &found {
            match verifier.push(row) {
                Step::Fits => {}
                Step::Broken(found) => {
                    problem = Some(found);
                    break 'rows;
                }
                Step::Elsewhere { missing } => {
                    let question = sql("SELECT seq FROM audit WHERE hash = ?", vec![json!(missing)]);
                    let other = store.first::<Value>(question).await?;
                    problem = Some(verifier.resolve(row, other.is_some()));
                    break 'rows;
                }
            }
        }
        if found.is_empty() {
            break;
        }
    }
    let problem: Option<Break> = problem.or_else(|| verifier.finish(end.seq, &end.hash));
    let body = json!({
        "state": if problem.is_none() { "intact" } else { "broken" },
        "first_seq": first,
        "entries": verifier.entries() + 1 - first,
        "head_hash": verifier.head(),
        "problem": problem,
    });
    Ok(work::json(200, &body))
}

/// Rows of the log as values. What cannot be read as a row was changed: it becomes a row whose hash does not fit.
async fn read_rows(store: &Store, question: Sql) -> Result<Vec<Row>, Refusal> {
    let found: Vec<Map<String, Value>> = store.read(question).await?;
    let row = |mut found: Map<String, Value>| {
        let seq = found.get("seq").and_then(Value::as_u64).unwrap_or_default();
        let text = |key: &str| found.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (at, prev_hash, detail) = (text("at"), text("prev_hash"), text("detail"));
        found.insert("detail".to_owned(), serde_json::from_str(&detail).unwrap_or_default());
        serde_json::from_value(Value::Object(found)).unwrap_or_else(|_| {
            let mut row = Entry::new("", "", "").chained(seq, &at, &prev_hash);
            row.hash.clear();
            row
        })
    };
    Ok(found.into_iter().map(row).collect())
}
