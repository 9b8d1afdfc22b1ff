//! One deployment of a plan at a time, over all isolates.
//!
//! The lease is a row with a holder and an end. Whoever works on a plan's job holds it, prolongs it before each step,
//! and makes every change of the registry depend on still holding it. An outward request ends, for us, well before the
//! lease does, so that a holder that died leaves no request behind that could surprise the next.

use std::time::Duration;

use edge::problem::{self, Problem};
use js_sys::{Date, Math};
use serde_json::{Value, json};
use worker::Delay;

use super::subject::PlanJob;
use crate::store::{Sql, Store, at, guard, now, rows, sql};
use crate::work::Refusal;

/// Longer than the longest step: a look of several reads.
const LEASE_MS: f64 = 90_000.0;

/// The right to work on a plan's job.
pub struct Lease {
    plan_id: String,
    holder: String,
    /// The job as it was when the lease was taken.
    pub job: PlanJob,
}

/// Tries to take the lease of a plan; `None` while somebody else has it.
pub async fn take(store: &Store, plan_id: &str, holder: &str) -> Result<Option<Lease>, Refusal> {
    let taken = store
        .keep(&[sql(
            "INSERT INTO plan_jobs (plan_id, lease, lease_until, updated_at) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (plan_id) DO UPDATE SET lease = excluded.lease, lease_until = excluded.lease_until \
             WHERE plan_jobs.lease IS NULL OR plan_jobs.lease_until < ?4 OR plan_jobs.lease = ?2 \
             RETURNING job_id, file_path, version, plan_hash, deployment_id, job_names, paused",
            vec![json!(plan_id), json!(holder), json!(at(LEASE_MS)), json!(now())],
        )])
        .await?;
    let job: Option<PlanJob> = rows(taken.into_iter().next().unwrap_or_default())?.pop();
    Ok(job.map(|job| Lease { plan_id: plan_id.to_owned(), holder: holder.to_owned(), job }))
}

/// Takes the lease, waiting for it at most `patience_ms`. `meanwhile` is asked before each try, and what it gives ends
/// the waiting.
pub async fn wait<T>(
    store: &Store,
    plan_id: &str,
    holder: &str,
    patience_ms: f64,
    mut meanwhile: impl AsyncFnMut() -> Result<Option<T>, Refusal>,
) -> Result<Result<Lease, T>, Refusal> {
    let until = Date::now() + patience_ms;
    let mut looks = 0u32;
    loop {
        if looks > 0
            && let Some(answer) = meanwhile().await?
        {
            return Ok(Err(answer));
        }
        if let Some(lease) = take(store, plan_id, holder).await? {
            return Ok(Ok(lease));
        }
        if Date::now() >= until {
            let detail = "Somebody is deploying this plan right now. Look at its deployments, then repeat what is still wanted.";
            return Err(Problem::new(problem::DEPLOY_IN_PROGRESS, detail).after(Some(2)).into());
        }
        looks += 1;
        let pause = f64::from(50u32 << looks.min(4)) * (0.5 + Math::random());
        Delay::from(Duration::from_millis(pause as u64)).await;
    }
}

impl Lease {
    /// The plan.
    pub fn plan_id(&self) -> &str {
        &self.plan_id
    }

    /// Prolongs the lease, with changes that depend on still holding it.
    pub async fn prolong(&self, store: &Store, mut changes: Vec<Sql>) -> Result<(), Refusal> {
        changes.insert(0, self.guard());
        changes.push(sql(
            "UPDATE plan_jobs SET lease_until = ? WHERE plan_id = ? AND lease = ?",
            vec![json!(at(LEASE_MS)), json!(self.plan_id), json!(self.holder)],
        ));
        store.keep(&changes).await?;
        Ok(())
    }

    /// A condition: the lease is still ours.
    pub fn guard(&self) -> Sql {
        guard(
            "SELECT EXISTS (SELECT 1 FROM plan_jobs WHERE plan_id = ? AND lease = ?)",
            vec![json!(self.plan_id), json!(self.holder)],
        )
    }

    /// Gives the lease back, in the transaction that ends the work.
    pub fn release(&self) -> Sql {
        sql(
            "UPDATE plan_jobs SET lease = NULL, lease_until = NULL WHERE plan_id = ? AND lease = ?",
            vec![json!(self.plan_id), json!(self.holder)],
        )
    }

    /// A change of the plan's job.
    pub fn set(&self, columns: &str, mut values: Vec<Value>) -> Sql {
        values.extend([json!(now()), json!(self.plan_id)]);
        sql(format!("UPDATE plan_jobs SET {columns}, updated_at = ? WHERE plan_id = ?"), values)
    }
}
