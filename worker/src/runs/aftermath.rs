//! What follows a run: how many rows it wrote, and a word to Genie.

use std::rc::Rc;
use std::time::Duration;

use databricks::runs::CommentPage;
use databricks::{Doubt, StatementAnswer, StatementState};
use deploy::feedback::{Ended, comment, is_among};
use deploy::{Rows, RunState, history_query, rows_of_history};
use edge::config::Config;
use js_sys::{Date, encode_uri_component};
use registry::Outcome;
use serde::Deserialize;
use serde_json::{Value, json};
use session::readonly::ReadOnly;
use worker::Delay;

use super::record::RunRow;
use crate::call::{Call, Upstream};
use crate::deploy::{Subject, configured};
use crate::statements::{self, Terms};
use crate::store::{Store, at, now, rows, sql};
use crate::upstream::{self, Fault};
use crate::work::{self, Refusal};

/// After that long a warehouse may have gone to sleep, and a count of rows is not worth waking it.
const AWAKE_MS: f64 = 600_000.0;
/// Reads of a statement's result before it is given up.
const POLLS: u32 = 6;
/// Longest time that one attempt to tell Genie takes; nobody else tries meanwhile.
const CLAIM_MS: f64 = 120_000.0;
/// Attempts to tell Genie.
const TELLS: u32 = 6;
/// Pages of comments that are searched for our own.
const COMMENT_PAGES: usize = 20;

/// Does what is left to do after a run, if it has ended. Trouble is no news: it is tried again at the next tick.
pub async fn settle(call: &mut Call, store: &Store, plan: &str, run_id: &str) {
    let Ok(Some(row)) = RunRow::read(store, plan, run_id).await else { return };
    if !row.state().has_ended() {
        return;
    }
    let mut row = row;
    if row.state() == RunState::Succeeded && row.row_counts.is_none() && row.rows_tries == 0 {
        // Whether or not it works: the run is told about without the number of its rows if need be.
        let _ = count(call, store, &row).await;
        if let Ok(Some(counted)) = RunRow::read(store, plan, run_id).await {
            row = counted;
        }
    }
    if row.feedback == "pending" {
        let _ = tell(call, store, &row).await;
    }
}

/// Asks the target's history how many rows the run wrote. Once per run, and only while the warehouse is surely awake.
async fn count(call: &mut Call, store: &Store, row: &RunRow) -> Result<(), Refusal> {
    let (Some(began), Some(ended)) =
        (row.started_at.as_deref().map(Date::parse), row.ended_at.as_deref().map(Date::parse))
    else {
        return Ok(());
    };
    if Date::now() - ended > AWAKE_MS {
        return Ok(());
    }
    let state = Rc::clone(&call.state);
    let config = configured(&state)?;
    let claimed = store
        .keep(&[sql(
            "UPDATE runs SET rows_tries = 1 WHERE run_id = ? AND rows_tries = 0 RETURNING run_id",
            vec![json!(row.run_id)],
        )])
        .await?;
    let claimed: Vec<Value> = rows(claimed.into_iter().next().unwrap_or_default())?;
    if claimed.is_empty() {
        return Ok(());
    }
    let subject = Subject::read(store, &row.plan_id, row.version.as_deref().unwrap_or_default()).await?;
    let (_, plan) = subject.plan()?;
    let Some(warehouse) = &plan.execution.warehouse_id else { return Ok(()) };
    let query = history_query(&plan.target.table);
    let Some(data) = select(call, config, warehouse, &query).await? else { return Ok(()) };
    // The service counts a commit's time in milliseconds, as it does a run's.
    if let Some(counted) = rows_of_history(&data, began as i64, ended as i64) {
        let change = sql(
            "UPDATE runs SET row_counts = ?, updated_at = ? WHERE run_id = ?",
            vec![json!(rows_json(&counted).to_string()), json!(now()), json!(row.run_id)],
        );
        store.keep(&[change]).await?;
    }
    Ok(())
}

fn rows_json(rows: &Rows) -> Value {
    let text = |count: Option<u64>| count.map(|count| count.to_string());
    json!({ "inserted": text(rows.inserted), "updated": text(rows.updated), "deleted": text(rows.deleted),
            "affected": text(rows.affected) })
}

/// The rows of a small SELECT; `None` when it fails or takes too long.
async fn select(
    call: &mut Call,
    config: &Config,
    warehouse: &str,
    statement: &str,
) -> Result<Option<Vec<Vec<Option<String>>>>, Fault> {
    let Ok(statement) = ReadOnly::check(statement) else { return Ok(None) };
    let state = Rc::clone(&call.state);
    let mut spent = Upstream::default();
    let terms = Terms { warehouse, wait_seconds: 5, row_limit: 50, left_ms: config.limits.attempt_ms };
    let mut answer = statements::send(&state, config, statement, &terms, &mut spent).await;
    for poll in 1..=POLLS {
        let Ok(StatementAnswer { id, state: StatementState::Pending | StatementState::Running, .. }) =
            &answer
        else {
            break;
        };
        Delay::from(Duration::from_millis(100u64 << poll.min(4))).await;
        answer = statements::look(&state, config, id, &mut spent).await;
    }
    call.upstream.add(&spent);
    let answer = answer?;
    Ok((answer.state == StatementState::Succeeded).then_some(answer.rows))
}

/// Tells Genie how the run ended: one comment on the message that the plan came from, at most once.
///
/// The claim comes first, so that nobody else tries. From the second attempt on, the comments are looked at before:
/// an attempt whose answer was lost may have worked.
async fn tell(call: &mut Call, store: &Store, row: &RunRow) -> Result<(), Refusal> {
    let state = Rc::clone(&call.state);
    let config = configured(&state)?;
    let subject = Subject::read(store, &row.plan_id, row.version.as_deref().unwrap_or_default()).await?;
    let (Some(space), Some(conversation), Some(message)) =
        (&subject.space_id, &subject.conversation_id, &subject.answer_message_id)
    else {
        return finish(store, row, "not_applicable").await;
    };
    if !config.deploy.feedback {
        return finish(store, row, "off").await;
    }
    #[derive(Deserialize)]
    struct Claimed {
        feedback_tries: u32,
    }
    let holder = crate::deploy::new_id();
    let claimed = store
        .keep(&[sql(
            "UPDATE runs SET feedback_claim = ?, feedback_claim_until = ?, feedback_tries = feedback_tries + 1 \
             WHERE run_id = ? AND feedback = 'pending' AND (feedback_claim_until IS NULL OR feedback_claim_until < ?) \
             RETURNING feedback_tries",
            vec![json!(holder), json!(at(CLAIM_MS)), json!(row.run_id), json!(now())],
        )])
        .await?;
    let claimed: Vec<Claimed> = rows(claimed.into_iter().next().unwrap_or_default())?;
    let Some(Claimed { feedback_tries }) = claimed.into_iter().next() else { return Ok(()) };
    let encoded = |text: &str| String::from(encode_uri_component(text));
    let url = format!(
        "{}/api/2.0/genie/spaces/{}/conversations/{}/messages/{}/comments",
        config.upstream,
        encoded(space),
        encoded(conversation),
        encoded(message)
    );
    let entry = work::entry(call, "genie.comment")
        .plan(&row.plan_id)
        .handoff(subject.handoff_id.as_deref())
        .session(Some(conversation))
        .note("run_id", &row.run_id);
    let entry = match (&row.version, &row.plan_hash) {
        (Some(version), Some(hash)) => entry.version(version, hash),
        _ => entry,
    };
    if feedback_tries > 1 {
        match is_told(call, config, &url, &row.run_id).await {
            Ok(true) => return finish(store, row, "sent").await,
            Ok(false) if feedback_tries <= TELLS => {}
            Ok(false) => return finish(store, row, "failed").await,
            Err(_) if feedback_tries > TELLS => return finish(store, row, "failed").await,
            // The claim runs out, and somebody looks again.
            Err(fault) => return Err(fault.into()),
        }
    }
    let text = comment(&Ended {
        run_id: &row.run_id,
        state: row.state(),
        plan_name: &subject.plan_name,
        version: row.version.as_deref().unwrap_or("unknown"),
        target: &subject.target,
        duration_ms: row.duration_ms.map(|ms| ms as i64),
        rows: row.row_counts.as_deref().and_then(read_rows),
        url: row.run_url.as_deref(),
    });
    store.before(&entry).await?;
    let mut spent = Upstream::default();
    let body = json!({ "content": text }).to_string();
    let sent = upstream::send(&state, config, &url, &body, config.limits.attempt_ms, &mut spent).await;
    call.upstream.add(&spent);
    let mine = |text: &str, word: Option<&str>| {
        let mut values: Vec<Value> = word.iter().map(|word| json!(word)).collect();
        values.extend([json!(row.run_id), json!(holder)]);
        sql(format!("UPDATE runs SET {text} WHERE run_id = ? AND feedback_claim = ?"), values)
    };
    let (change, outcome) = match sent.as_ref().map_err(Fault::doubt) {
        Ok(_) => (Some(mine("feedback = ?", Some("sent"))), Outcome::Ok),
        Err(Doubt::Refused) => (Some(mine("feedback = ?", Some("failed"))), Outcome::Failed),
        // Certainly not there: somebody may try again soon.
        Err(Doubt::NotDone) => (
            Some(mine("feedback_claim_until = NULL, feedback_tries = feedback_tries - 1", None)),
            Outcome::Failed,
        ),
        // Nobody knows: the claim runs out, then it is looked at.
        Err(Doubt::Unknown) => (Some(mine("feedback_claim_until = ?", Some(&soon()))), Outcome::Unknown),
    };
    store.after(change.into_iter().collect(), &entry, outcome).await?;
    Ok(())
}

/// When an attempt that told nothing is looked at again: late enough for its request to have arrived.
fn soon() -> String {
    at(15_000.0)
}

async fn is_told(call: &mut Call, config: &Config, url: &str, run_id: &str) -> Result<bool, Fault> {
    let state = Rc::clone(&call.state);
    let mut at = format!("{url}?page_size=100");
    for _ in 0..COMMENT_PAGES {
        let mut spent = Upstream::default();
        let got = upstream::get(&state, config, &at, &mut spent).await;
        call.upstream.add(&spent);
        let page =
            CommentPage::parse(&got?.bytes.to_vec()).map_err(|_| Fault::Unreadable("a list of comments"))?;
        if is_among(&page.contents, run_id) {
            return Ok(true);
        }
        let Some(token) = page.next_page_token else { return Ok(false) };
        at = format!("{url}?page_size=100&page_token={}", String::from(encode_uri_component(&token)));
    }
    // More comments than anybody writes: better silent than twice.
    Err(Fault::Unreadable("more comments than are read"))
}

async fn finish(store: &Store, row: &RunRow, word: &str) -> Result<(), Refusal> {
    let change = sql(
        "UPDATE runs SET feedback = ? WHERE run_id = ? AND feedback = 'pending'",
        vec![json!(word), json!(row.run_id)],
    );
    store.keep(&[change]).await?;
    Ok(())
}

fn read_rows(text: &str) -> Option<Rows> {
    let value: Value = serde_json::from_str(text).ok()?;
    let count = |name: &str| value.get(name)?.as_str()?.parse().ok();
    Some(Rows {
        inserted: count("inserted"),
        updated: count("updated"),
        deleted: count("deleted"),
        affected: count("affected"),
    })
}
