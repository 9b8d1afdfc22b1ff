//! Load for the worker's benchmark: closed-loop HTTP/1.1 on kept-alive connections, and bursts of simultaneous requests.
//!
//! Usage: `loadgen JSON`, where JSON is a [`Job`]; the result is one JSON object on standard output. Every answer is
//! read whole and checked: status 200 and, unless switched off, the id that was asked for.

mod burst;
mod cpu;
mod exchange;
mod ids;
mod load;

use std::process::ExitCode;

use serde::Deserialize;

/// What to do.
#[derive(Debug, Deserialize)]
#[serde(tag = "mode", rename_all = "kebab-case", deny_unknown_fields)]
enum Job {
    /// Keeps every connection busy for a while.
    Load(load::Load),
    /// One request per connection, all at the same moment.
    Burst(burst::Burst),
}

/// Where requests go and what they say.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Target {
    /// `127.0.0.1:PORT`.
    address: String,
    /// Path and query; the id is appended.
    path: String,
    /// Sent as `Authorization: Bearer`.
    bearer: Option<String>,
    /// Whether an answer has to contain the id that was asked for.
    #[serde(default = "yes")]
    check_id: bool,
}

fn yes() -> bool {
    true
}

fn main() -> ExitCode {
    let run = || -> Result<serde_json::Value, String> {
        let text = std::env::args().nth(1).ok_or("usage: loadgen JSON")?;
        let job: Job = serde_json::from_str(&text).map_err(|error| format!("job: {error}"))?;
        // One thread: it drives far more requests than one worker can answer, and leaves the other processor alone.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| error.to_string())?;
        let tasks = tokio::task::LocalSet::new();
        match job {
            Job::Load(load) => tasks.block_on(&runtime, load.run()),
            Job::Burst(burst) => tasks.block_on(&runtime, burst.run()),
        }
    };
    match run() {
        Ok(result) => {
            println!("{result}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("loadgen: {error}");
            ExitCode::FAILURE
        }
    }
}
