//! Steady load: each connection sends its next request when the last one is answered.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::exchange::Connection;
use crate::ids::Ids;
use crate::{Target, cpu};

/// How long after the end an answer may still come before its request counts as hung.
const PATIENCE: Duration = Duration::from_secs(15);
/// Longest time that is told apart, a minute.
const MAX_MICROS: u64 = 60_000_000;
/// A server with this many failures is not worth measuring.
const MAX_ERRORS: u64 = 1000;

/// Keeps every connection busy until the time is up or the number of requests is reached.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Load {
    target: Target,
    ids: Ids,
    connections: u64,
    /// No request begins later than this.
    duration_ms: u64,
    /// No more requests than this.
    #[serde(default = "unlimited")]
    requests: u64,
    /// Processes whose processor time is measured meanwhile, by name.
    #[serde(default)]
    pids: BTreeMap<String, u32>,
}

fn unlimited() -> u64 {
    u64::MAX
}

struct Tally {
    micros: Histogram<u64>,
    statuses: BTreeMap<u16, u64>,
    errors: BTreeMap<String, u64>,
    begun: u64,
    failed: u64,
    last: Instant,
}

impl Tally {
    fn fail(&mut self, kind: impl Into<String>) {
        *self.errors.entry(kind.into()).or_default() += 1;
        self.failed += 1;
    }
}

impl Load {
    pub async fn run(self) -> Result<Value, String> {
        let mut open = Vec::new();
        for n in 0..self.connections {
            let connection = Connection::open(&self.target).await;
            open.push((n, connection.map_err(|error| format!("{}: {error}", self.target.address))?));
        }
        let micros = Histogram::new_with_bounds(1, MAX_MICROS, 3).map_err(|error| error.to_string())?;
        let before = self.cpu()?;
        let began = Instant::now();
        let tally = Rc::new(RefCell::new(Tally {
            micros,
            statuses: BTreeMap::new(),
            errors: BTreeMap::new(),
            begun: 0,
            failed: 0,
            last: began,
        }));
        let until = began + Duration::from_millis(self.duration_ms);
        let job = Rc::new(self);
        let mut tasks = JoinSet::new();
        for (n, connection) in open {
            tasks.spawn_local(drive(Rc::clone(&job), n, connection, until, Rc::clone(&tally)));
        }
        let finish = async { while tasks.join_next().await.is_some() {} };
        let hung = tokio::time::timeout_at((until + PATIENCE).into(), finish).await.is_err();
        if hung {
            let left = u64::try_from(tasks.len()).unwrap_or(u64::MAX);
            tally.borrow_mut().errors.insert("hung".to_owned(), left);
        }
        let after = job.cpu()?;
        let tally = tally.borrow();
        let elapsed = (tally.last - began).as_secs_f64();
        let answered = tally.micros.len();
        let ok = tally.statuses.get(&200).copied().unwrap_or(0);
        let per_request: BTreeMap<_, _> = after
            .iter()
            .map(|(name, after)| {
                let used = after.saturating_sub(before.get(name).copied().unwrap_or(0));
                (name, used as f64 / answered.max(1) as f64)
            })
            .collect();
        Ok(json!({
            "answered": answered,
            "ok": ok,
            "statuses": tally.statuses,
            "errors": tally.errors,
            "elapsed_s": elapsed,
            "rps": answered as f64 / elapsed.max(1e-9),
            "p50_us": tally.micros.value_at_quantile(0.5),
            "p99_us": tally.micros.value_at_quantile(0.99),
            "max_us": tally.micros.max(),
            "cpu_us": per_request,
        }))
    }

    fn cpu(&self) -> Result<BTreeMap<String, u64>, String> {
        self.pids.iter().map(|(name, pid)| Ok((name.clone(), cpu::used_us(*pid)?))).collect()
    }
}

async fn drive(job: Rc<Load>, n: u64, connection: Connection, until: Instant, tally: Rc<RefCell<Tally>>) {
    let mut ids = job.ids.source(n);
    let mut id = String::with_capacity(32);
    let mut connection = Some(connection);
    loop {
        let start = Instant::now();
        {
            let mut tally = tally.borrow_mut();
            if start >= until || tally.begun >= job.requests || tally.failed >= MAX_ERRORS {
                return;
            }
            tally.begun += 1;
        }
        ids.next(&mut id);
        let open = match connection.as_mut() {
            Some(open) => open,
            None => match Connection::open(&job.target).await {
                Ok(open) => connection.insert(open),
                Err(error) => {
                    tally.borrow_mut().fail(format!("connect: {error}"));
                    continue;
                }
            },
        };
        let asked = job.target.check_id.then_some(id.as_str());
        let answer = match open.send(&id).await {
            Ok(()) => open.receive(asked).await,
            Err(error) => Err(error),
        };
        let end = Instant::now();
        let mut tally = tally.borrow_mut();
        tally.last = end;
        match answer {
            Ok(answer) => {
                *tally.statuses.entry(answer.status).or_default() += 1;
                let micros = u64::try_from((end - start).as_micros()).unwrap_or(u64::MAX);
                tally.micros.saturating_record(micros);
                if answer.status != 200 {
                    tally.fail("status");
                } else if !answer.has_id {
                    tally.fail("wrong body");
                }
                if !answer.keeps {
                    connection = None;
                }
            }
            Err(error) => {
                tally.fail(error.to_string());
                connection = None;
            }
        }
    }
}
