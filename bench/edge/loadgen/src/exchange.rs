//! One request and its answer on a connection.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Target;

/// An answer larger than this is a fault of the server under test.
const MAX_ANSWER: usize = 1 << 20;

/// What came back.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    pub status: u16,
    /// Whether the body has the id that was asked for.
    pub has_id: bool,
    /// Whether the server keeps the connection.
    pub keeps: bool,
}

/// A kept-alive connection.
pub struct Connection {
    stream: TcpStream,
    out: Vec<u8>,
    buffer: Vec<u8>,
    head: String,
    tail: String,
}

/// Where an answer ends.
struct Head {
    status: u16,
    body_at: usize,
    /// `None`: chunked.
    length: Option<usize>,
    keeps: bool,
}

impl Connection {
    pub async fn open(target: &Target) -> io::Result<Self> {
        let stream = TcpStream::connect(&target.address).await?;
        stream.set_nodelay(true)?;
        let bearer = target
            .bearer
            .as_ref()
            .map(|token| format!("authorization: Bearer {token}\r\n"))
            .unwrap_or_default();
        Ok(Self {
            stream,
            out: Vec::with_capacity(512),
            buffer: Vec::with_capacity(16 << 10),
            head: format!("GET {}", target.path),
            tail: format!(
                " HTTP/1.1\r\nhost: {}\r\naccept: application/json\r\n{bearer}\r\n",
                target.address
            ),
        })
    }

    pub async fn send(&mut self, id: &str) -> io::Result<()> {
        self.out.clear();
        for part in [&self.head, id, &self.tail] {
            self.out.extend_from_slice(part.as_bytes());
        }
        self.stream.write_all(&self.out).await
    }

    pub async fn receive(&mut self, id: Option<&str>) -> io::Result<Answer> {
        self.buffer.clear();
        let mut head = None;
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if head.is_none() {
                head = parse(&self.buffer)?;
            }
            let Some(head) = &head else { continue };
            let body = self.buffer.get(head.body_at..).unwrap_or_default();
            let whole = match head.length {
                Some(length) => body.len() >= length,
                // Nothing in a line of JSON looks like the last chunk.
                None => body.ends_with(b"0\r\n\r\n"),
            };
            if whole {
                let has_id = id.is_none_or(|id| memchr::memmem::find(body, id.as_bytes()).is_some());
                return Ok(Answer { status: head.status, has_id, keeps: head.keeps });
            }
            if self.buffer.len() > MAX_ANSWER {
                return Err(io::Error::other("answer too large"));
            }
        }
    }

    /// Ends the connection with a reset instead of a farewell, as a client does that crashes.
    pub fn reset(self) -> io::Result<()> {
        self.stream.set_zero_linger()
    }
}

fn parse(buffer: &[u8]) -> io::Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; 48];
    let mut response = httparse::Response::new(&mut headers);
    let body_at = match response.parse(buffer).map_err(io::Error::other)? {
        httparse::Status::Complete(at) => at,
        httparse::Status::Partial => return Ok(None),
    };
    let value = |name: &str| {
        let found = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(found.value).ok()
    };
    let length = match (value("content-length"), value("transfer-encoding")) {
        (Some(length), _) => Some(length.parse().map_err(io::Error::other)?),
        (None, Some("chunked")) => None,
        (None, _) => return Err(io::Error::other("answer without a length")),
    };
    let keeps = !value("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
    Ok(Some(Head { status: response.code.unwrap_or(0), body_at, length, keeps }))
}
