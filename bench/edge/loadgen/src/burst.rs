//! Many requests for one id at the same moment, each on a connection of its own.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::Target;
use crate::exchange::Connection;

/// Longer than the worker's own deadline, so that its verdict comes first.
const PATIENCE: Duration = Duration::from_secs(40);
/// Between the first request and the others, when the first has to be the one that calls upstream.
const HEAD_START: Duration = Duration::from_millis(5);

/// What the first client does after it has sent its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum FirstClient {
    /// Waits like the others.
    Stays,
    /// Resets its connection at once, before the others send.
    LeavesAtOnce,
    /// Resets its connection when the others are waiting for its upstream call.
    LeavesLater,
}

/// One request per connection.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Burst {
    target: Target,
    id: String,
    connections: u64,
    first: FirstClient,
    /// When the first client leaves, if it leaves later.
    #[serde(default)]
    leaves_after_ms: u64,
}

impl Burst {
    pub async fn run(self) -> Result<Value, String> {
        let told = |error: std::io::Error| format!("{}: {error}", self.target.address);
        let mut open = Vec::new();
        for _ in 0..self.connections {
            open.push(Connection::open(&self.target).await.map_err(told)?);
        }
        let began = Instant::now();
        let mut leaver = None;
        if self.first != FirstClient::Stays
            && let Some(mut first) = open.pop()
        {
            first.send(&self.id).await.map_err(told)?;
            if self.first == FirstClient::LeavesAtOnce {
                first.reset().map_err(told)?;
            } else {
                leaver = Some(first);
                tokio::time::sleep(HEAD_START).await;
            }
        }
        let mut tasks = JoinSet::new();
        let waiting = open.len();
        for mut connection in open {
            let id = self.id.clone();
            let check = self.target.check_id;
            tasks.spawn_local(async move {
                connection.send(&id).await?;
                connection.receive(check.then_some(id.as_str())).await
            });
        }
        if let Some(first) = leaver {
            tokio::time::sleep(Duration::from_millis(self.leaves_after_ms)).await;
            first.reset().map_err(told)?;
        }
        let (mut statuses, mut errors) = (BTreeMap::<u16, u64>::new(), BTreeMap::<String, u64>::new());
        let gather = async {
            while let Some(done) = tasks.join_next().await {
                match done {
                    Ok(Ok(answer)) => {
                        *statuses.entry(answer.status).or_default() += 1;
                        if answer.status == 200 && !answer.has_id {
                            *errors.entry("wrong body".to_owned()).or_default() += 1;
                        }
                    }
                    Ok(Err(error)) => *errors.entry(error.to_string()).or_default() += 1,
                    Err(error) => *errors.entry(error.to_string()).or_default() += 1,
                }
            }
        };
        let hung = tokio::time::timeout(PATIENCE, gather).await.is_err();
        if hung {
            errors.insert("hung".to_owned(), u64::try_from(tasks.len()).unwrap_or(u64::MAX));
        }
        Ok(json!({
            "waiting": waiting,
            "statuses": statuses,
            "errors": errors,
            "elapsed_ms": began.elapsed().as_secs_f64() * 1000.0,
        }))
    }
}
