//! Reading bodies with a limit.

use js_sys::futures::JsFuture;
use js_sys::{ArrayBuffer, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Headers, ReadableStream, ReadableStreamDefaultReader};

/// Why a body could not be read.
#[derive(Debug)]
pub enum BodyError {
    /// Longer than allowed. The rest is not read.
    TooLarge,
    /// The connection ended, the deadline passed, or the stream failed.
    Broken(JsValue),
}

/// A request or a response: what both have for their bodies.
pub trait HasBody {
    fn headers(&self) -> Headers;
    fn stream(&self) -> Option<ReadableStream>;
    fn array_buffer(&self) -> Result<Promise, JsValue>;
}

impl HasBody for web_sys::Request {
    fn headers(&self) -> Headers {
        self.headers()
    }
    fn stream(&self) -> Option<ReadableStream> {
        self.body()
    }
    fn array_buffer(&self) -> Result<Promise, JsValue> {
        self.array_buffer()
    }
}

impl HasBody for web_sys::Response {
    fn headers(&self) -> Headers {
        self.headers()
    }
    fn stream(&self) -> Option<ReadableStream> {
        self.body()
    }
    fn array_buffer(&self) -> Result<Promise, JsValue> {
        self.array_buffer()
    }
}

/// Reads a body of at most `limit` bytes.
///
/// A declared, unencoded length is read in one go. Otherwise the length is anybody's guess (200 KB of gzip can be
/// 200 MB), so the stream is read chunk by chunk and left as soon as it is over the limit.
pub async fn read(source: &impl HasBody, limit: usize) -> Result<Uint8Array, BodyError> {
    let headers = source.headers();
    let declared = headers.get("content-length").ok().flatten().and_then(|text| text.parse::<usize>().ok());
    if declared.is_some_and(|length| length > limit) {
        cancel(source.stream());
        return Err(BodyError::TooLarge);
    }
    let encoded = headers.get("content-encoding").ok().flatten().is_some();
    if declared.is_some() && !encoded {
        let promise = source.array_buffer().map_err(BodyError::Broken)?;
        let buffer = JsFuture::from(promise).await.map_err(BodyError::Broken)?;
        return Ok(Uint8Array::new(buffer.unchecked_ref::<ArrayBuffer>()));
    }
    let Some(stream) = source.stream() else {
        return Ok(Uint8Array::new_with_length(0));
    };
    let mut bytes: Vec<u8> = Vec::new();
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    loop {
        let step = JsFuture::from(reader.read()).await.map_err(BodyError::Broken)?;
        if Reflect::get(&step, &"done".into()).is_ok_and(|done| done.is_truthy()) {
            break;
        }
        let chunk = Reflect::get(&step, &"value".into()).map_err(BodyError::Broken)?;
        let chunk: Uint8Array = chunk.dyn_into().map_err(BodyError::Broken)?;
        if bytes.len() + chunk.length() as usize > limit {
            ignore(reader.cancel());
            return Err(BodyError::TooLarge);
        }
        bytes.extend_from_slice(&chunk.to_vec());
    }
    Ok(Uint8Array::from(bytes.as_slice()))
}

/// Gives up an unread body: it would hold its connection.
pub fn cancel(stream: Option<ReadableStream>) {
    if let Some(stream) = stream {
        ignore(stream.cancel());
    }
}

/// Lets a promise run without anybody waiting; its failure must not become an unhandled rejection.
fn ignore(promise: Promise) {
    js_sys::futures::spawn_local(async move {
        let _ = JsFuture::from(promise).await;
    });
}
