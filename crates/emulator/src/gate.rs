//! Where every request to the workspace enters: journal, faults, authentication, and the headers of every answer.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::stream;
use http_body_util::BodyExt;
use hyper::Request;
use hyper::body::Incoming;
use serde_json::Value;
use std::io::Write;
use thiserror::Error;
use tower::ServiceExt;

use crate::access;
use crate::clock;
use crate::failure::Failure;
use crate::faults::{self, Fault, Stage};
use crate::flight::{Flight, Landing};
use crate::journal::{Entry, Outcome};
use crate::sync::read;
use crate::world::World;

/// The id of the workspace, in the header of every answer.
pub(crate) const WORKSPACE_ID: &str = "3412807655190048";
/// Pieces of generated bodies.
const PIECE: usize = 64 * 1024;

/// Closes the connection without an answer; hyper does so when the service fails.
#[derive(Debug, Error)]
#[error("the connection is closed on purpose")]
pub(crate) struct Closed;

/// Ends a body in the middle.
#[derive(Debug, Error)]
#[error("the body is cut on purpose")]
struct Cut;

/// Answers one request, or closes its connection.
pub(crate) async fn enter(
    world: Arc<World>,
    router: Router,
    request: Request<Incoming>,
) -> Result<Response, Closed> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let (seq, journal_path) = world.journal.begin(Entry {
        seq: 0,
        received_at: clock::rfc3339(clock::now_ms()),
        method: parts.method.to_string(),
        path: parts.uri.path_and_query().map_or_else(|| path.clone(), ToString::to_string),
        status: None,
        fault: None,
        caller: None,
        authorization: access::scheme(&parts.headers),
        user_agent: parts.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).map(str::to_owned),
        ms: None,
        outcome: Outcome::Open,
    });
    let flight = Flight::new(Arc::clone(&world.journal), seq, journal_path);
    let request_id = world.ids.request();
    let verdict = world.faults.judge(parts.method.as_str(), &path);
    if verdict.kind.is_some() {
        world.journal.update(seq, |entry| entry.fault = verdict.kind);
    }
    if !verdict.delay.is_zero() {
        tokio::time::sleep(verdict.delay).await;
    }

    let response = match &verdict.fault {
        Some(Fault::Hang { after: Stage::Request }) => return std::future::pending().await,
        Some(Fault::Drop { after: Stage::Request }) => return close(flight),
        Some(fault) if let Some(response) = instead(fault, &request_id) => response,
        _ => {
            let request = Request::from_parts(parts, Body::new(body));
            work(&world, router, request, &path, &flight, &request_id).await
        }
    };
    let response = match verdict.fault {
        Some(fault) => match spoil(fault, response).await {
            Some(response) => response,
            None => return close(flight),
        },
        None => response,
    };
    Ok(send(&world, response, flight, &request_id))
}

/// Authenticates and routes.
async fn work(
    world: &World,
    router: Router,
    mut request: Request<Body>,
    path: &str,
    flight: &Flight,
    request_id: &str,
) -> Response {
    // Discovery and the token endpoint are how one gets a credential.
    if !path.starts_with("/oidc/") && !path.starts_with("/.well-known/") {
        let caller = read(&world.access).authenticate(request.headers(), Instant::now());
        match caller {
            Ok(principal) => {
                world.journal.update(flight.seq(), |entry| entry.caller = Some(principal.name));
                request.extensions_mut().insert(principal);
            }
            Err(failure) => {
                let scim = path.starts_with("/api/2.0/preview/scim/");
                return if scim { failure.into_scim() } else { failure }.render(request_id);
            }
        }
    }
    let answer: Result<Response, Infallible> = router.oneshot(request).await;
    let response = answer.unwrap_or_else(|never| match never {});
    match response.extensions().get::<Failure>() {
        Some(failure) => failure.render(request_id),
        None => response,
    }
}

/// Adds what every answer carries and hands it to the connection.
fn send(world: &World, mut response: Response, flight: Flight, request_id: &str) -> Response {
    let status = response.status().as_u16();
    world.journal.update(flight.seq(), |entry| entry.status = Some(status));
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert("x-databricks-request-id", id.clone());
        headers.insert("x-request-id", id);
    }
    headers.insert("x-databricks-org-id", HeaderValue::from_static(WORKSPACE_ID));
    headers.insert(header::SERVER, HeaderValue::from_static("databricks"));
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-cache, no-store, must-revalidate"));
    response.map(|body| Body::new(Landing::new(body, flight)))
}

fn close(flight: Flight) -> Result<Response, Closed> {
    flight.end(Outcome::Dropped);
    Err(Closed)
}

/// The answer of a fault that replaces the work.
fn instead(fault: &Fault, request_id: &str) -> Option<Response> {
    match fault {
        Fault::Status { status, retry_after, error_code, message } => {
            let status = StatusCode::from_u16(*status).ok()?;
            let (usual_code, usual_message) = usual(status);
            let code = error_code.as_deref().unwrap_or(usual_code);
            let failure = Failure::new(status, code, message.as_deref().unwrap_or(usual_message));
            let mut response = failure.render(request_id);
            if let Some(value) = retry_after.as_ref().and_then(faults::retry_after_text) {
                response.headers_mut().insert(header::RETRY_AFTER, value);
            }
            Some(response)
        }
        Fault::Html { status } => {
            let page = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head>\n\
                        <body><h1>Sign in to continue</h1><p>Page not found or not available.</p></body></html>\n";
            let mut response = ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response();
            *response.status_mut() = StatusCode::from_u16(*status).ok()?;
            Some(response)
        }
        Fault::Redirect { status, location } => {
            let location = HeaderValue::from_str(location).ok()?;
            let mut response = ([(header::LOCATION, location)], "").into_response();
            *response.status_mut() = StatusCode::from_u16(*status).ok()?;
            Some(response)
        }
        Fault::HugeBody { bytes, declare_length } => {
            let mut response = json_stream(huge(*bytes));
            if *declare_length {
                response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(*bytes));
            }
            Some(response)
        }
        Fault::GzipBomb { bytes } => {
            let mut response = json_stream(compressed(huge(*bytes)));
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            Some(response)
        }
        _ => None,
    }
}

/// What the service usually says with a status.
fn usual(status: StatusCode) -> (&'static str, &'static str) {
    match status.as_u16() {
        401 => ("UNAUTHENTICATED", "Request to the API is not authenticated."),
        403 => ("PERMISSION_DENIED", "You do not have permission to perform this operation."),
        404 => ("RESOURCE_DOES_NOT_EXIST", "The resource does not exist."),
        409 => ("ABORTED", "The operation was aborted because of a conflicting operation."),
        429 => (
            "REQUEST_LIMIT_EXCEEDED",
            "Your request was rejected since your organization has exceeded the rate limit.",
        ),
        500 => ("INTERNAL_ERROR", "The service encountered an internal error."),
        503 => (
            "TEMPORARILY_UNAVAILABLE",
            "The service at this path is taking too long to process your request.",
        ),
        504 => ("DEADLINE_EXCEEDED", "The deadline expired before the operation could complete."),
        400..=499 => ("BAD_REQUEST", "The request was refused."),
        _ => ("UNKNOWN", "The service is not available."),
    }
}

/// Applies a fault that needs the answer. `None` closes the connection.
async fn spoil(fault: Fault, response: Response) -> Option<Response> {
    if matches!(fault, Fault::LostReply {}) {
        return None;
    }
    let needs_body = matches!(
        fault,
        Fault::Hang { .. }
            | Fault::Drop { .. }
            | Fault::SlowBody { .. }
            | Fault::BrokenJson {}
            | Fault::Truncate { .. }
            | Fault::WrongId {}
    );
    if !needs_body {
        return Some(response);
    }
    let (mut parts, body) = response.into_parts();
    // The router has declared the length of the right body.
    parts.headers.remove(header::CONTENT_LENGTH);
    // Our own bodies are in memory, reading one cannot fail; an empty one is as good an answer to spoil.
    let bytes = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let half = bytes.len() / 2;
    let declared = HeaderValue::from(bytes.len());
    let body = match fault {
        Fault::BrokenJson {} => Body::from(bytes.slice(..half)),
        Fault::WrongId {} => Body::from(other_ids(&bytes)),
        Fault::SlowBody { chunk_bytes, interval_ms } => {
            parts.headers.insert(header::CONTENT_LENGTH, declared);
            slowly(
                bytes,
                usize::try_from(chunk_bytes).unwrap_or(usize::MAX),
                Duration::from_millis(interval_ms),
            )
        }
        Fault::Truncate { keep_bytes } => {
            parts.headers.insert(header::CONTENT_LENGTH, declared);
            // At least one byte must be missing, else the answer is complete.
            let most = bytes.len().saturating_sub(1);
            let keep = keep_bytes.map_or(half, |keep| usize::try_from(keep).unwrap_or(usize::MAX)).min(most);
            partly(bytes.slice(..keep), false)
        }
        Fault::Drop { after } => {
            parts.headers.insert(header::CONTENT_LENGTH, declared);
            partly(bytes.slice(..if after == Stage::HalfBody { half } else { 0 }), false)
        }
        Fault::Hang { after } => {
            parts.headers.insert(header::CONTENT_LENGTH, declared);
            partly(bytes.slice(..if after == Stage::HalfBody { half } else { 0 }), true)
        }
        _ => Body::from(bytes),
    };
    Some(Response::from_parts(parts, body))
}

/// `bytes`, and then nothing for ever, or the end of the connection.
fn partly(bytes: Bytes, hang: bool) -> Body {
    Body::from_stream(stream::unfold(Some(bytes), move |state| async move {
        match state {
            Some(bytes) if !bytes.is_empty() => Some((Ok(bytes), Some(Bytes::new()))),
            Some(_) if hang => std::future::pending().await,
            // The pause lets hyper write what it has before it sees the error.
            Some(_) => {
                tokio::task::yield_now().await;
                Some((Err(Cut), None))
            }
            None => None,
        }
    }))
}

/// `bytes` in pieces, with a pause before each.
fn slowly(bytes: Bytes, piece: usize, pause: Duration) -> Body {
    Body::from_stream(stream::unfold(bytes, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let next = rest.split_to(piece.min(rest.len()));
        Some((Ok::<_, Infallible>(next), rest))
    }))
}

/// The pieces of a JSON object of exactly `bytes` bytes.
fn huge(bytes: u64) -> impl Iterator<Item = Bytes> + Send {
    let (open, close) = (Bytes::from_static(b"{\"display_name\":\""), Bytes::from_static(b"\"}"));
    let filler = Bytes::from(vec![b'a'; PIECE]);
    let mut left = bytes.saturating_sub(open.len() as u64 + close.len() as u64);
    let middle = std::iter::from_fn(move || {
        let size = usize::try_from(left).unwrap_or(usize::MAX).min(PIECE);
        left -= size as u64;
        (size > 0).then(|| filler.slice(..size))
    });
    std::iter::once(open).chain(middle).chain(std::iter::once(close))
}

/// The pieces, compressed one after the other, so that no more than one is in memory.
fn compressed(pieces: impl Iterator<Item = Bytes> + Send) -> impl Iterator<Item = Bytes> + Send {
    let mut encoder = Some(GzEncoder::new(Vec::new(), Compression::fast()));
    let mut pieces = pieces;
    std::iter::from_fn(move || {
        loop {
            let Some(piece) = pieces.next() else {
                let rest = encoder.take()?.finish().ok()?;
                return Some(Bytes::from(rest));
            };
            let open = encoder.as_mut()?;
            open.write_all(&piece).ok()?;
            if !open.get_ref().is_empty() {
                return Some(Bytes::from(std::mem::take(open.get_mut())));
            }
        }
    })
}

fn json_stream(pieces: impl Iterator<Item = Bytes> + Send + 'static) -> Response {
    // A turn for other requests between the pieces: compressing gigabytes must not starve them.
    let body = Body::from_stream(stream::unfold(pieces, |mut pieces| async move {
        tokio::task::yield_now().await;
        pieces.next().map(|piece| (Ok::<_, Infallible>(piece), pieces))
    }));
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// The same JSON object with the ids of something else.
fn other_ids(bytes: &Bytes) -> Bytes {
    let Ok(Value::Object(mut object)) = serde_json::from_slice(bytes) else { return bytes.clone() };
    for (name, value) in &mut object {
        if name != "id" && !name.ends_with("_id") {
            continue;
        }
        match value {
            Value::String(text) => {
                let last = text.pop();
                text.push(if last == Some('0') { '1' } else { '0' });
            }
            Value::Number(number) => {
                if let Some(id) = number.as_i64() {
                    *value = Value::from(id.wrapping_add(1));
                }
            }
            _ => {}
        }
    }
    Bytes::from(Value::Object(object).to_string())
}

/// What unknown paths and wrong methods get.
pub(crate) async fn no_endpoint(method: Method, uri: axum::http::Uri) -> Failure {
    Failure::no_endpoint(method.as_str(), uri.path())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn huge_bodies_are_json_of_the_exact_size() {
        for bytes in [1024, PIECE as u64 + 7, 3 * PIECE as u64] {
            let body: Vec<u8> = huge(bytes).flatten().collect();
            assert_eq!(body.len() as u64, bytes);
            assert!(serde_json::from_slice::<Value>(&body).is_ok());
        }
    }

    #[test]
    fn bombs_are_small_and_become_large() {
        let packed: Vec<u8> = compressed(huge(4_000_000)).flatten().collect();
        assert!(packed.len() < 50_000, "{}", packed.len());
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked.len(), 4_000_000);
        assert!(serde_json::from_slice::<Value>(&unpacked).is_ok());
    }

    #[test]
    fn other_ids_changes_ids_only() {
        let body = Bytes::from(r#"{"id":"ab0","space_id":"ab1","job_id":9007199254740993,"name":"x"}"#);
        assert_eq!(other_ids(&body), r#"{"id":"ab1","job_id":9007199254740994,"name":"x","space_id":"ab0"}"#);
    }
}
