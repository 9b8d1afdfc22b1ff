//! Requests with an `Idempotency-Key`: done once, answered alike each time.
//!
//! The key is claimed before the work and holds the answer after it. Only success is kept: a request that failed
//! frees its key, so that the same request may be tried again. A claim whose request died is taken over after
//! [`CLAIM_MS`]; work that reaches outside is safe to repeat for that reason.

use edge::problem::{self, Problem};
use js_sys::Date;
use registry::{Decision, Known, body_hash, decide, is_key};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Env;

use super::{Sql, Store, at, now, rows, sql};
use crate::answer::{Content, Reply};
use crate::call::Call;
use crate::work::{Done, Refusal};

/// Longer than any work takes.
const CLAIM_MS: f64 = 120_000.0;
/// How long an answer is kept.
const KEEP_MS: f64 = 24.0 * 3_600_000.0;

/// What to do with a request.
pub enum Begin {
    /// The work; hand the claim, if there is a key, to [`end`] or put [`Claim::answered`] into the transaction.
    Work(Option<Claim>),
    /// Answer this.
    Replay(Reply),
}

/// A key that this request works under.
pub struct Claim {
    key: Vec<Value>,
    claim: String,
}

#[derive(Deserialize)]
struct Stored {
    body_hash: String,
    claim: String,
    status: Option<u16>,
    headers: Option<String>,
    answer: Option<String>,
    expires_at: String,
}

/// Looks at the request's `Idempotency-Key`.
pub async fn begin(call: &Call, store: &Store, body: &[u8]) -> Result<Begin, Refusal> {
    let Some(key) = call.header("idempotency-key") else { return Ok(Begin::Work(None)) };
    if !is_key(&key) {
        let detail = "An Idempotency-Key has 1 to 64 printable ASCII characters and no blank.";
        return Err(Problem::new(problem::IDEMPOTENCY_KEY_MALFORMED, detail).into());
    }
    let route = format!("{} {}", call.method(), call.path_and_query().0);
    let claim = Claim {
        key: vec![json!(call.caller.as_deref().unwrap_or_default()), json!(route), json!(key)],
        claim: format!("{}-{}", call.id, Date::now() as u64),
    };
    let hash = body_hash(body);
    let until = at(CLAIM_MS);
    let answers = store
        .keep(&[
            sql(
                "DELETE FROM idempotency_keys WHERE (caller, route, key) IN (SELECT caller, route, key FROM \
                 idempotency_keys WHERE expires_at < ? AND status IS NOT NULL ORDER BY expires_at LIMIT 20)",
                vec![json!(now())],
            ),
            claim.with(
                "INSERT INTO idempotency_keys (caller, route, key, body_hash, claim, expires_at) VALUES (?, ?, ?, ?, ?, ?) \
                 ON CONFLICT DO NOTHING",
                vec![json!(hash), json!(claim.claim), json!(until)],
            ),
            claim.with(
                "SELECT body_hash, claim, status, headers, answer, expires_at FROM idempotency_keys \
                 WHERE caller = ? AND route = ? AND key = ?",
                Vec::new(),
            ),
        ])
        .await?;
    let stored: Option<Stored> = rows(answers.into_iter().last().unwrap_or_default())?.pop();
    let known = stored.as_ref().filter(|stored| stored.claim != claim.claim).map(|stored| Known {
        body_hash: &stored.body_hash,
        answered: stored.status.is_some(),
        expires_at: &stored.expires_at,
    });
    match (decide(known, &hash, &now()), stored) {
        (Decision::Work, _) => Ok(Begin::Work(Some(claim))),
        (Decision::Replay, Some(stored)) => Ok(Begin::Replay(stored.reply())),
        (Decision::TakeOver, Some(stored)) => {
            let taken = store
                .keep(&[sql(
                    "UPDATE idempotency_keys SET body_hash = ?, claim = ?, expires_at = ?, status = NULL, headers = NULL, \
                     answer = NULL WHERE caller = ? AND route = ? AND key = ? AND claim = ? RETURNING key",
                    [vec![json!(hash), json!(claim.claim), json!(until)], claim.key.clone(), vec![json!(stored.claim)]]
                        .concat(),
                )])
                .await?;
            let taken: Vec<Value> = rows(taken.into_iter().next().unwrap_or_default())?;
            if taken.is_empty() { Err(in_progress()) } else { Ok(Begin::Work(Some(claim))) }
        }
        (Decision::Reused, _) => Err(Problem::new(
            problem::IDEMPOTENCY_KEY_REUSED,
            "The key came with another body before. Nothing was done; use a new key for a new request.",
        )
        .into()),
        _ => Err(in_progress()),
    }
}

fn in_progress() -> Refusal {
    let detail = "A request with this key is still at work. Ask again for its answer.";
    Problem::new(problem::IDEMPOTENCY_IN_PROGRESS, detail).after(Some(2)).into()
}

/// Does the work of a request, or gives the answer that the same request has had before.
pub async fn once(
    call: &mut Call,
    env: &Env,
    body: &[u8],
    work: impl AsyncFnOnce(&mut Call, &Store) -> Done,
) -> Done {
    let store = Store::open(call, env);
    let claim = match begin(call, &store, body).await? {
        Begin::Replay(reply) => return Ok(reply),
        Begin::Work(claim) => claim,
    };
    let done = work(call, &store).await;
    end(&store, claim, done).await
}

/// Keeps the answer of a claim, or frees its key when the work failed. The answer is given either way.
pub async fn end(store: &Store, claim: Option<Claim>, done: Done) -> Done {
    if let Some(claim) = claim {
        let change = match &done {
            Ok(reply) => claim.answered(reply),
            Err(_) => claim.with_claim(
                "DELETE FROM idempotency_keys WHERE caller = ? AND route = ? AND key = ? AND claim = ? AND status IS NULL",
                Vec::new(),
            ),
        };
        // Should this fail, the claim runs out by itself.
        let _ = store.keep(&[change]).await;
    }
    done
}

impl Claim {
    /// The change that keeps `reply` as the answer. In the transaction of the work itself, answer and work cannot be
    /// told apart by any crash.
    pub fn answered(&self, reply: &Reply) -> Sql {
        let text = match &reply.body {
            Content::Text(text) => text.as_str(),
            _ => "",
        };
        let headers: Vec<_> = reply.headers.iter().map(|(name, value)| (*name, value)).collect();
        let values =
            vec![json!(reply.status), json!(json!(headers).to_string()), json!(text), json!(at(KEEP_MS))];
        sql(
            "UPDATE idempotency_keys SET status = ?, headers = ?, answer = ?, expires_at = ? \
             WHERE caller = ? AND route = ? AND key = ? AND claim = ?",
            [values, self.key.clone(), vec![json!(self.claim)]].concat(),
        )
    }

    fn with(&self, text: &str, more: Vec<Value>) -> Sql {
        sql(text, [self.key.clone(), more].concat())
    }

    fn with_claim(&self, text: &str, more: Vec<Value>) -> Sql {
        self.with(text, [vec![json!(self.claim)], more].concat())
    }
}

impl Stored {
    fn reply(self) -> Reply {
        /// Headers that an answer may have beside the common ones.
        const NAMES: [&str; 2] = ["etag", "location"];
        let body = self.answer.unwrap_or_default();
        let body = if body.is_empty() { Content::Empty } else { Content::Text(body) };
        let mut reply = Reply::new(self.status.unwrap_or(200), body);
        let headers: Vec<(String, String)> =
            serde_json::from_str(self.headers.as_deref().unwrap_or_default()).unwrap_or_default();
        for (name, value) in headers {
            if let Some(name) = NAMES.into_iter().find(|known| *known == name) {
                reply.headers.push((name, value));
            }
        }
        reply.headers.push(("idempotent-replayed", "true".to_owned()));
        reply
    }
}
