//! Listening, and stopping.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::world::World;
use crate::{api, control, gate};

/// Where the journal's lines go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Logging {
    /// JSON lines on standard error.
    Stderr,
    /// Nowhere; the control port still shows the requests.
    Off,
}

/// Settings of an emulator.
#[derive(Debug, Clone)]
pub struct Config {
    /// Port of the workspace on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Port of the control API on 127.0.0.1; 0 takes a free one.
    pub control_port: u16,
    /// Whether every well-formed space id answers with a generated space. For benchmarks only.
    pub any_space: bool,
    /// Where the journal's lines go.
    pub logging: Logging,
}

impl Config {
    /// Free ports, no output: for tests.
    #[must_use]
    pub fn ephemeral() -> Self {
        Self { port: 0, control_port: 0, any_space: false, logging: Logging::Off }
    }
}

/// Why an emulator does not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The port cannot be listened on.
    #[error("port {port} of 127.0.0.1 ({role}) is not free: {source}")]
    Port {
        /// The port.
        port: u16,
        /// Which of the two it is, and the variable that sets it.
        role: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The system gives no randomness for tokens.
    #[error("the system gives no randomness: {0}")]
    Randomness(getrandom::Error),
    /// A fixture contradicts itself. A mistake in this crate.
    #[error("the fixture {0}")]
    Fixture(String),
}

impl StartError {
    /// A stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Port { .. } => "port_not_free",
            Self::Randomness(_) => "no_randomness",
            Self::Fixture(_) => "fixture_broken",
        }
    }

    /// What to do next, for people.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Port { port, role, .. } => format!(
                "See what uses it with `ss -ltnp 'sport = :{port}'` (Linux) or `lsof -i :{port}` (macOS) and stop that, \
                 or choose another port: {role}=18788, for example."
            ),
            Self::Randomness(_) => "Start it where the system call getrandom is allowed.".to_owned(),
            Self::Fixture(_) => "Please report this with the text above.".to_owned(),
        }
    }
}

/// A running emulator. Dropping it closes everything as well, without waiting for that.
#[derive(Debug)]
pub struct Emulator {
    address: SocketAddr,
    control_address: SocketAddr,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Emulator {
    /// Listens on both ports of 127.0.0.1. Must be called within a Tokio runtime.
    ///
    /// # Errors
    /// A port is not free, or the system gives no randomness.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let world = Arc::new(World::new(config.any_space, config.logging == Logging::Stderr)?);
        let (listener, address) = listen(config.port, "EMULATOR_PORT").await?;
        let (control, control_address) = listen(config.control_port, "EMULATOR_CONTROL_PORT").await?;
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();

        let router = api::router(Arc::clone(&world));
        let workspace = Arc::clone(&world);
        tasks.spawn(accept(listener, stopped.clone(), move |request| {
            gate::enter(Arc::clone(&workspace), router.clone(), request)
        }));
        let router = control::router(world);
        tasks.spawn(accept(control, stopped, move |request| router.clone().oneshot(request)));
        Ok(Self { address, control_address, stop, tasks })
    }

    /// Where the workspace listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the control API listens.
    #[must_use]
    pub fn control_address(&self) -> SocketAddr {
        self.control_address
    }

    /// Closes both ports and every connection, and returns when that is done.
    pub async fn stop(mut self) {
        // Nobody to tell is fine: then nothing runs any more.
        let _ = self.stop.send(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

async fn listen(port: u16, role: &'static str) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source| StartError::Port { port, role, source };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

/// Serves connections until told to stop; then closes them, hanging ones included.
async fn accept<S, F, E>(listener: TcpListener, mut stopped: watch::Receiver<bool>, service: S)
where
    S: Fn(Request<Incoming>) -> F + Clone + Send + 'static,
    F: Future<Output = Result<Response, E>> + Send + 'static,
    E: Into<Box<dyn std::error::Error + Send + Sync>> + Send + 'static,
{
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => { connections.spawn(serve(stream, service.clone())); }
                // Out of file descriptors, most likely: others have to close first.
                Err(_) => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            // An error means that the handle is gone, and so is whoever could stop us.
            _ = stopped.changed() => break,
        }
    }
    connections.shutdown().await;
}

async fn serve<S, F, E>(stream: TcpStream, service: S)
where
    S: Fn(Request<Incoming>) -> F,
    F: Future<Output = Result<Response, E>>,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    // Small answers must not wait for the client's acknowledgement.
    let _ = stream.set_nodelay(true);
    // A connection that ends badly is either a fault that was asked for, or the client's business.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(service)).await;
}
