//! The database. Every change goes through [`Store::write`], which puts the change and its audit row into one
//! transaction: there is no change without a row, and no row without its change.
//!
//! The audit chain needs the row before, and two isolates may write at the same time. So the next row is computed from
//! the last one known here, and the database refuses it if somebody else was faster; then it is computed again. Within
//! an isolate writers queue up, so that only isolates race. `docs/decisions/0008-registry.md` has the reasons.

mod repeat;

use std::rc::Rc;
use std::time::Duration;

use edge::problem::{self, Problem};
use js_sys::{Date, Math, Promise, Reflect};
use registry::{Entry, Failure, GENESIS, Outcome, Phase, classify};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use worker::{Delay, Env};

pub use repeat::{Begin, Claim, begin, end, once};

use crate::call::Call;
use crate::database::{BINDING, TRANSACTION_MS, said};
use crate::state::State;
use crate::tasks::wait;
use crate::work::Refusal;

/// Longest time that a change may take with all of its attempts.
const WRITE_MS: f64 = 15_000.0;
/// After this time a writer that has not been heard of no longer keeps others of its isolate waiting.
const TURN_MS: f64 = 10_000.0;

#[wasm_bindgen(module = "/src/d1.js")]
extern "C" {
    fn transact(database: &JsValue, statements: &str, milliseconds: u32) -> Promise;
}

/// What an isolate knows about the audit chain. Plain data: the database decides whether it is still true.
#[derive(Default)]
pub struct Chain {
    head: Option<(u64, String)>,
    /// Until when a writer of this isolate has its turn, in milliseconds since 1970; 0 when nobody has.
    busy_until: f64,
}

/// One statement with its arguments: texts, numbers, `null`.
pub struct Sql {
    text: String,
    values: Vec<Value>,
}

/// A statement. Everything that comes from outside is an argument, never part of the text.
pub fn sql(text: impl Into<String>, values: Vec<Value>) -> Sql {
    Sql { text: text.into(), values }
}

/// A condition of a transaction: `query` selects one value, and unless it is 1 nothing of the transaction is done.
pub fn guard(query: &str, values: Vec<Value>) -> Sql {
    // In brackets, so that a query without a row gives NULL and not nothing.
    sql(format!("INSERT INTO guard (holds) SELECT ({query})"), values)
}

/// Why the database did not do something.
#[derive(Debug)]
pub enum Trouble {
    /// A [`guard`] does not hold, or a row with this key is there already. Nothing was changed.
    Conflict,
    /// Others were faster again and again. Nothing was changed.
    Busy,
    /// No answer, or an error. For a change: it may have been done all the same.
    Unreachable(String),
}

impl From<Trouble> for Refusal {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Conflict => Problem::new(
                problem::CONFLICT,
                "Another request changed the same thing at the same time. Nothing was changed; look again and repeat.",
            )
            .into(),
            Trouble::Busy => Problem::new(problem::DATABASE_BUSY, "Nothing was changed. Try again in a moment.")
                .after(Some(1))
                .into(),
            Trouble::Unreachable(cause) => Refusal {
                problem: Problem::new(
                    problem::DATABASE_UNREACHABLE,
                    "The server keeps plans and its log in a database that did not answer. A change may or may not have been made; look before you repeat it.",
                )
                .after(Some(2)),
                cause: Some(format!("database: {cause}")),
            },
        }
    }
}

/// The database, for one request.
pub struct Store {
    state: Rc<State>,
    database: JsValue,
}

impl Store {
    /// Nothing is asked of the database yet.
    pub fn open(call: &Call, env: &Env) -> Self {
        let database = Reflect::get(env, &BINDING.into()).unwrap_or_default();
        Self { state: Rc::clone(&call.state), database }
    }

    /// The rows of one question.
    pub async fn read<T: DeserializeOwned>(&self, question: Sql) -> Result<Vec<T>, Trouble> {
        let mut answers = self.transact(&[question]).await.map_err(Trouble::Unreachable)?;
        rows(answers.pop().unwrap_or_default())
    }

    /// The first row of one question.
    pub async fn first<T: DeserializeOwned>(&self, question: Sql) -> Result<Option<T>, Trouble> {
        Ok(self.read(question).await?.into_iter().next())
    }

    /// The rows of several questions, all as of the same moment. Read each with [`rows`].
    pub async fn read_together(&self, questions: &[Sql]) -> Result<Vec<Value>, Trouble> {
        self.transact(questions).await.map_err(Trouble::Unreachable)
    }

    /// Changes that no audit row belongs to: leases, caches, bookkeeping of repeated requests. Gives what their
    /// `RETURNING` says.
    pub async fn keep(&self, changes: &[Sql]) -> Result<Vec<Value>, Trouble> {
        self.transact(changes).await.map_err(|message| match classify(&message) {
            Failure::Conflict => Trouble::Conflict,
            _ => Trouble::Unreachable(message),
        })
    }

    /// Writes down that `entry`'s action begins. Nothing outside may be changed unless this has worked.
    pub async fn before(&self, entry: &Entry) -> Result<(), Trouble> {
        self.write(Vec::new(), &[entry.clone().at(Phase::Before, Outcome::Started)]).await.map(drop)
    }

    /// Makes `changes` and writes down how the action of `entry` ended, in one transaction.
    pub async fn after(&self, changes: Vec<Sql>, entry: &Entry, outcome: Outcome) -> Result<(), Trouble> {
        self.write(changes, &[entry.clone().at(Phase::After, outcome)]).await.map(drop)
    }

    /// Makes `changes` and writes down `entries`, in one transaction. Gives what each change's `RETURNING` says.
    ///
    /// When the database's answer is lost, the log itself tells whether the transaction was done: its hashes are
    /// unique, so an entry that is there was written by this call.
    pub async fn write(&self, changes: Vec<Sql>, entries: &[Entry]) -> Result<Vec<Value>, Trouble> {
        let until = Date::now() + WRITE_MS;
        let mut changes = changes;
        let count = changes.len();
        let mut hashes: Vec<Value> = Vec::new();
        let mut lost = None;
        let mut attempt = 0;
        while Date::now() < until {
            attempt += 1;
            let _turn = self.turn(until).await;
            let (mut seq, mut hash) = self.head().await?;
            for entry in entries {
                let row = entry.chained(seq + 1, &now(), &hash);
                changes.push(append(&row));
                (seq, hash) = (row.seq, row.hash);
            }
            if !entries.is_empty() {
                hashes.push(json!(hash));
            }
            let tried = self.transact(&changes).await;
            changes.truncate(count);
            let message = match tried {
                Ok(mut answers) => {
                    answers.truncate(count);
                    self.state.chain.borrow_mut().head = Some((seq, hash));
                    return Ok(answers);
                }
                Err(message) => message,
            };
            self.state.chain.borrow_mut().head = None;
            let failure = classify(&message);
            if failure == Failure::Unknown {
                lost = Some(message);
            }
            if lost.is_some() && self.is_written(&hashes).await? {
                // What `RETURNING` said is lost with the answer; who needs it looks again.
                return Ok(Vec::new());
            }
            match (failure, attempt) {
                (Failure::Conflict, _) => return Err(Trouble::Conflict),
                (Failure::Unknown, 3..) => break,
                _ => {}
            }
            // Full jitter; others of this isolate wait for their turn meanwhile, other isolates are racing.
            pause((Math::random() * f64::from(1u32 << attempt.min(6))) as u32 + 1).await;
        }
        Err(lost.map_or(Trouble::Busy, Trouble::Unreachable))
    }

    /// Whether a transaction with one of these audit rows has been done.
    async fn is_written(&self, hashes: &[Value]) -> Result<bool, Trouble> {
        let mut hashes = hashes.to_vec();
        // The newest are enough: an older attempt was refused, or has been looked for before.
        let surplus = hashes.len().saturating_sub(20);
        hashes.drain(..surplus);
        let marks = vec!["?"; hashes.len()].join(",");
        let question = sql(format!("SELECT seq FROM audit WHERE hash IN ({marks})"), hashes);
        Ok(self.first::<Value>(question).await?.is_some())
    }

    /// The end of the audit chain: as remembered here, or as the database has it.
    async fn head(&self) -> Result<(u64, String), Trouble> {
        #[derive(Deserialize)]
        struct Head {
            seq: u64,
            hash: String,
        }
        let known = self.state.chain.borrow().head.clone();
        if let Some(head) = known {
            return Ok(head);
        }
        let head = self.first::<Head>(sql("SELECT seq, hash FROM audit_head", Vec::new())).await?;
        Ok(head.map_or((0, GENESIS.to_owned()), |head| (head.seq, head.hash)))
    }

    /// Waits until no other request of this isolate is writing. One request may not wake another, so it looks.
    async fn turn(&self, until: f64) -> Turn {
        loop {
            let now = Date::now();
            {
                let mut chain = self.state.chain.borrow_mut();
                if chain.busy_until <= now || now >= until {
                    chain.busy_until = now + TURN_MS;
                    return Turn { state: Rc::clone(&self.state), mine: chain.busy_until };
                }
            }
            pause(1 + (Math::random() * 4.0) as u32).await;
        }
    }

    /// One transaction: the rows of each statement, or what D1 says.
    async fn transact(&self, statements: &[Sql]) -> Result<Vec<Value>, String> {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        if !self.database.is_object() {
            return Err("not bound".to_owned());
        }
        let statements: Vec<_> = statements.iter().map(|one| (&one.text, &one.values)).collect();
        let text = serde_json::to_string(&statements).unwrap_or_default();
        #[cfg(feature = "fault-injection")]
        if text.contains("INSERT INTO audit") && faults::take(&faults::BREAK) {
            return Err("Network connection lost.".to_owned());
        }
        let answer =
            wait(transact(&self.database, &text, TRANSACTION_MS)).await.map_err(|error| said(&error))?;
        #[cfg(feature = "fault-injection")]
        if text.contains("INSERT INTO audit") && faults::take(&faults::LOSE) {
            return Err("Network connection lost.".to_owned());
        }
        let text = answer.as_string().unwrap_or_default();
        serde_json::from_str(&text).map_err(|_| "an answer that is not rows".to_owned())
    }
}

/// Faults of the next transactions that write to the log, for tests of the built worker.
#[cfg(feature = "fault-injection")]
pub mod faults {
    use std::cell::Cell;
    use std::thread::LocalKey;

    thread_local! {
        /// So many are done and their answers are lost.
        pub static LOSE: Cell<u32> = const { Cell::new(0) };
        /// So many are not done, and nobody hears why.
        pub static BREAK: Cell<u32> = const { Cell::new(0) };
    }

    pub fn take(left: &'static LocalKey<Cell<u32>>) -> bool {
        left.with(|left| left.replace(left.get().saturating_sub(1)) > 0)
    }
}

/// The turn of a writer; it ends when this is dropped.
struct Turn {
    state: Rc<State>,
    mine: f64,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut chain = self.state.chain.borrow_mut();
        // A later writer may have taken the turn of one that was too slow.
        if chain.busy_until <= self.mine {
            chain.busy_until = 0.0;
        }
    }
}

/// Rows as values.
pub fn rows<T: DeserializeOwned>(rows: Value) -> Result<Vec<T>, Trouble> {
    serde_json::from_value(rows)
        .map_err(|error| Trouble::Unreachable(format!("a row of another shape: {error}")))
}

/// The present moment, RFC 3339, UTC, with milliseconds.
pub fn now() -> String {
    at(0.0)
}

/// The moment `milliseconds` from now.
pub fn at(milliseconds: f64) -> String {
    Date::new(&JsValue::from_f64(Date::now() + milliseconds)).to_iso_string().into()
}

async fn pause(milliseconds: u32) {
    Delay::from(Duration::from_millis(u64::from(milliseconds))).await;
}

fn append(row: &registry::Row) -> Sql {
    let entry = &row.entry;
    sql(
        "INSERT INTO audit (seq, at, action, phase, outcome, caller, request_id, plan_id, version, plan_hash, handoff_id, \
         genie_session, detail, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        vec![
            json!(row.seq),
            json!(row.at),
            json!(entry.action),
            json!(entry.phase),
            json!(entry.outcome),
            json!(entry.caller),
            json!(entry.request_id),
            json!(entry.plan_id),
            json!(entry.version),
            json!(entry.plan_hash),
            json!(entry.handoff_id),
            json!(entry.genie_session),
            json!(json!(entry.detail).to_string()),
            json!(row.prev_hash),
            json!(row.hash),
        ],
    )
}
