//! What the worker decides, without the worker.
//!
//! Configuration, callers, routes, problems, the cache, the sharing of calls and the life of the OAuth token are plain
//! values and functions: time and randomness are arguments, IO happens elsewhere. So all of it is tested natively,
//! and `worker/` is left with moving bytes.

pub mod access;
pub mod auth;
pub mod breaker;
pub mod cache;
pub mod config;
pub mod deploying;
pub mod headers;
pub mod limit;
pub mod log;
pub mod map;
pub mod origin;
pub mod problem;
pub mod roles;
pub mod route;
pub mod secret;
pub mod signin;
pub mod signing;
pub mod token;
