//! The client of these tests: one connection per request, nothing hidden.

use bytes::Bytes;
use emulator::{Config, Emulator, TOKEN};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::net::SocketAddr;
use tokio::net::TcpStream;

/// An answer that arrived completely.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    /// The body, which must be JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|problem| panic!("{problem}: {}", String::from_utf8_lossy(&self.body)))
    }

    /// A header, which must be there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name} in {:?}", self.headers)).to_str().unwrap()
    }

    /// Status and `error_code` of an error.
    pub fn error(&self) -> (u16, String) {
        (self.status.as_u16(), self.json()["error_code"].as_str().unwrap_or_default().to_owned())
    }
}

/// A request that was not answered completely: the head, if it arrived, and what came of the body.
#[derive(Debug)]
pub struct Broken {
    pub status: Option<StatusCode>,
    pub body: Vec<u8>,
}

/// An emulator on free ports, and a client for it.
pub struct Lab {
    pub emulator: Emulator,
}

impl Lab {
    pub async fn start() -> Self {
        Self { emulator: Emulator::start(Config::ephemeral()).await.unwrap() }
    }

    pub async fn any_space() -> Self {
        let config = Config { any_space: true, ..Config::ephemeral() };
        Self { emulator: Emulator::start(config).await.unwrap() }
    }

    /// GET as the usual person.
    pub async fn get(&self, path: &str) -> Reply {
        self.get_as(TOKEN, path).await
    }

    pub async fn get_as(&self, token: &str, path: &str) -> Reply {
        self.send("GET", path, &[(AUTHORIZATION.as_str(), &format!("Bearer {token}"))], "").await.unwrap()
    }

    /// GET that must be 200, as JSON.
    pub async fn json(&self, path: &str) -> Value {
        let reply = self.get(path).await;
        assert_eq!(reply.status, 200, "{path}: {}", String::from_utf8_lossy(&reply.body));
        reply.json()
    }

    /// POST of JSON as the usual person.
    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.call(TOKEN, "POST", path, body).await
    }

    pub async fn call(&self, token: &str, method: &str, path: &str, body: &Value) -> Reply {
        let headers = [
            (AUTHORIZATION.as_str(), &*format!("Bearer {token}")),
            (CONTENT_TYPE.as_str(), "application/json"),
        ];
        self.send(method, path, &headers, &body.to_string()).await.unwrap()
    }

    /// Any request to the workspace.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Reply, Broken> {
        send(self.emulator.address(), method, path, headers, body).await
    }

    /// A request to the control port that must succeed.
    pub async fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let reply = self.try_control(method, path, body).await;
        assert!(reply.status.is_success(), "{path}: {}", String::from_utf8_lossy(&reply.body));
        reply.json()
    }

    pub async fn try_control(&self, method: &str, path: &str, body: &Value) -> Reply {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let headers = [(CONTENT_TYPE.as_str(), "application/json")];
        send(self.emulator.control_address(), method, path, &headers, &body).await.unwrap()
    }

    /// All pages of a list.
    pub async fn pages(&self, path: &str, field: &str) -> Vec<Value> {
        let mut all = Vec::new();
        let mut token = String::new();
        loop {
            let separator = if path.contains('?') { '&' } else { '?' };
            let page = self.json(&format!("{path}{separator}page_token={token}")).await;
            all.extend(page[field].as_array().cloned().unwrap_or_default());
            match page["next_page_token"].as_str() {
                Some(next) => token = next.to_owned(),
                None => return all,
            }
        }
    }
}

/// Any request to `address`.
pub async fn send(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Reply, Broken> {
    let nothing = |_| Broken { status: None, body: Vec::new() };
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(nothing)?;
    // Ends with the connection; its error is the request's error too.
    tokio::spawn(connection);
    let mut request = Request::builder().method(method).uri(path).header(HOST, address.to_string());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::new(Bytes::from(body.to_owned()))).unwrap();
    let response = sender.send_request(request).await.map_err(nothing)?;
    let (parts, mut body) = response.into_parts();
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => bytes.extend(frame.into_data().unwrap_or_default()),
            Err(_) => return Err(Broken { status: Some(parts.status), body: bytes }),
        }
    }
    Ok(Reply { status: parts.status, headers: parts.headers, body: bytes.into() })
}
