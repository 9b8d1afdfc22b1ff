//! The `emulator` command: reads its settings from the environment, serves until it is told to stop.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use emulator::{Config, Emulator, Logging};
use tokio::io::AsyncReadExt;
use tokio::signal::unix::{SignalKind, signal};

/// Exit code for settings that cannot work: a taken port, a port that is no number.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(problem) => return complain("runtime", &problem.to_string(), "The system refused threads."),
    };
    let code = runtime.block_on(run());
    // A blocked read of standard input must not keep the process alive.
    runtime.shutdown_background();
    code
}

async fn run() -> ExitCode {
    let config = match settings() {
        Ok(config) => config,
        Err((problem, help)) => return complain("settings", &problem, help),
    };
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return complain(
            "signals",
            "signal handlers were refused",
            "Start it outside of a restricted sandbox.",
        );
    };
    let emulator = match Emulator::start(config).await {
        Ok(emulator) => emulator,
        Err(problem) => return complain(problem.code(), &problem.to_string(), &problem.help()),
    };
    let ready = serde_json::json!({
        "event": "listening",
        "port": emulator.address().port(),
        "control_port": emulator.control_address().port(),
    });
    // Whoever started this waits for the line; without a reader there is nobody to serve.
    if writeln!(std::io::stdout(), "{ready}").and_then(|()| std::io::stdout().flush()).is_err() {
        return ExitCode::from(USAGE);
    }
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        () = stdin_closed() => {}
    }
    emulator.stop().await;
    ExitCode::SUCCESS
}

fn settings() -> Result<Config, (String, &'static str)> {
    Ok(Config {
        port: port("EMULATOR_PORT", 8788)?,
        control_port: port("EMULATOR_CONTROL_PORT", 8789)?,
        any_space: flag("EMULATOR_ANY_SPACE")?,
        logging: if flag("EMULATOR_QUIET")? { Logging::Off } else { Logging::Stderr },
    })
}

fn port(name: &str, default: u16) -> Result<u16, (String, &'static str)> {
    match std::env::var(name) {
        Ok(text) if !text.is_empty() => text.parse().map_err(|_| {
            (format!("{name}={text} is not a port"), "Give a number from 1 to 65535, or 0 for any free port.")
        }),
        _ => Ok(default),
    }
}

fn flag(name: &str) -> Result<bool, (String, &'static str)> {
    match std::env::var(name).as_deref() {
        Ok("1") => Ok(true),
        Ok("0" | "") | Err(_) => Ok(false),
        Ok(other) => Err((format!("{name}={other} is neither 0 nor 1"), "Set it to 1, or leave it out.")),
    }
}

/// Returns once standard input has ended, if that was asked for; otherwise never.
async fn stdin_closed() {
    if !matches!(flag("EMULATOR_EXIT_ON_STDIN_EOF"), Ok(true)) || std::io::stdin().is_terminal() {
        return std::future::pending().await;
    }
    let mut stdin = tokio::io::stdin();
    let mut ignored = [0_u8; 256];
    while matches!(stdin.read(&mut ignored).await, Ok(n) if n > 0) {}
}

fn complain(code: &str, problem: &str, help: &str) -> ExitCode {
    let line = serde_json::json!({ "event": "failed", "code": code, "problem": problem, "help": help });
    // If standard error is gone as well, the exit code still tells.
    let _ = writeln!(std::io::stderr(), "{line}");
    ExitCode::from(USAGE)
}
