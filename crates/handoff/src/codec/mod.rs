//! The link codec: a context to characters and back.
//!
//! `docs/link-format.md` is the specification; a decoder in another language needs nothing else.

mod foreign;
mod frame;
mod ids;
mod layout;
mod prime;
#[cfg(test)]
mod prime_source;
mod signed;
mod spelling;

pub use signed::{
    Claims, SIGNATURE_BYTES, SignatureState, SignatureToCheck, Verification, attach_signature, bytes_to_sign,
};

use crate::context::Context;
use crate::error::HandoffError;
use crate::issue::Issue;
use crate::limits::{
    MAX_COLUMNS_PER_TABLE, MAX_DECODED_BYTES, MAX_DEPTH, MAX_LINK_CHARS, MAX_QUERIES, MAX_STRING_BYTES,
    MAX_TABLES,
};
use crate::redact::{Removed, redact};
use layout::{Fault, Layout};
use mixing::{Coder, Model};

/// For fuzz targets only: ways past the check value.
#[cfg(fuzzing)]
pub mod testing {
    use super::frame;

    /// A payload of version `a` or `b` (by the first bit) around any bytes.
    #[must_use]
    pub fn payload_with_body(bytes: &[u8]) -> String {
        let version = if bytes.first().is_some_and(|b| b & 1 == 1) { super::PRIMED } else { super::PLAIN };
        frame::write(version, bytes.get(1..).unwrap_or_default())
    }
}

/// How a payload is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// With the primed model: the shortest links. The first use takes some milliseconds more.
    #[default]
    Primed,
    /// Without priming: about a third longer, nothing to prepare.
    Plain,
}

impl Mode {
    #[inline(never)]
    fn model(self) -> Model {
        match self {
            Self::Primed => prime::primed().clone(),
            Self::Plain => Model::new(),
        }
    }
}

/// What an encoder may choose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EncodeOptions {
    /// How the payload is written.
    pub mode: Mode,
}

/// A payload and how it came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// Characters of `A-Za-z0-9-_`, the last one a letter or digit.
    pub payload: String,
    /// The context that the payload holds: the one that was given, without data.
    pub context: Context,
    /// What was taken out, and what the person should look at before sending the link.
    pub removed: Removed,
}

/// What a decoder may check beside the payload itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DecodeOptions {
    /// Most characters of the link; the smaller of this and [`MAX_LINK_CHARS`] counts. `None` is the latter.
    pub max_chars: Option<usize>,
}

/// The form a payload came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Version `b`, with the primed model.
    Primed,
    /// Version `a`, without priming.
    Plain,
    /// JSON in base64 or base64url, from another tool.
    Base64Json,
    /// Percent-encoded JSON, from another tool.
    PercentJson,
    /// JSON as it is.
    Json,
}

impl Format {
    /// A stable name for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Primed => "primed",
            Self::Plain => "plain",
            Self::Base64Json => "base64-json",
            Self::PercentJson => "percent-json",
            Self::Json => "json",
        }
    }
}

/// A context out of a link. Untrusted, whatever the signature says: validate it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The context.
    pub context: Context,
    /// The form it came in.
    pub format: Format,
    /// What is known about the signature.
    pub signature: SignatureState,
    /// What [`crate::validate`] finds, and whether the link carries data that a link should not.
    pub warnings: Vec<Issue>,
}

const PLAIN: char = 'a';
const PRIMED: char = 'b';

/// Makes a payload. The context is redacted first; there is no way around it. Equal contexts give equal payloads.
///
/// # Errors
/// [`HandoffError::TooLarge`] if the payload would be longer than any decoder reads.
pub fn encode(context: &Context, options: &EncodeOptions) -> Result<Encoded, HandoffError> {
    let (context, removed) = redact(context);
    let mut coder = Coder::writer();
    let version = if options.mode == Mode::Primed { PRIMED } else { PLAIN };
    let mut model = options.mode.model();
    Layout::new(&mut model, &mut coder).context(context.as_object()).map_err(describe)?;
    let payload = frame::write(version, &coder.finish());
    if payload.len() > MAX_LINK_CHARS {
        return Err(HandoffError::TooLarge {
            what: "the payload (in characters)",
            limit: MAX_LINK_CHARS,
            path: String::new(),
        });
    }
    Ok(Encoded { payload, context, removed })
}

/// Opens a link, a payload or one of the JSON forms of other tools. Total: any text gives a context or an error, in
/// bounded time and memory.
///
/// # Errors
/// Every kind of [`HandoffError`] but `Base`.
pub fn decode(input: &str, options: &DecodeOptions) -> Result<Decoded, HandoffError> {
    let limit = options.max_chars.unwrap_or(MAX_LINK_CHARS).min(MAX_LINK_CHARS);
    if input.len() > limit {
        return Err(HandoffError::TooLarge { what: "the link (in characters)", limit, path: String::new() });
    }
    let payload = crate::link::payload_of(input.trim());
    if payload.is_empty() {
        return Err(HandoffError::Empty);
    }
    let (inner, signature) = if payload.starts_with(signed::VERSION) {
        let (inner, signature) = signed::detach(payload)?;
        (inner, SignatureState::Unchecked(Box::new(signature)))
    } else {
        (payload, SignatureState::Unsigned)
    };
    let (context, format) = match inner.chars().next() {
        Some(PRIMED) => (open(inner, Mode::Primed)?, Format::Primed),
        Some(PLAIN) => (open(inner, Mode::Plain)?, Format::Plain),
        first => match (foreign::read(inner), first) {
            // JSON starts with a brace: `e` in base64, `%` percent-encoded.
            (Err(_), Some(c @ ('c'..='z' | 'A'..='Z' | '0'..='9'))) if c != 'e' && is_payload(inner) => {
                return Err(HandoffError::UnknownVersion(c));
            }
            (found, _) => found?,
        },
    };
    let mut warnings = crate::validate(&context);
    warnings.extend(not_redacted(&context));
    Ok(Decoded { context, format, signature, warnings })
}

/// True for a text of payload characters, so that an unknown first one may be a version.
fn is_payload(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

fn open(payload: &str, mode: Mode) -> Result<Context, HandoffError> {
    let bytes = frame::read(frame::open(payload)?).ok_or(HandoffError::Damaged)?;
    let mut model = mode.model();
    let mut coder = Coder::reader(&bytes);
    let root = Layout::new(&mut model, &mut coder).context(&crate::json::Object::new()).map_err(describe)?;
    if !coder.is_done() {
        return Err(HandoffError::Malformed("something behind the end"));
    }
    Context::from_object(root)
}

fn describe(fault: Fault) -> HandoffError {
    let too_large = |what, limit| HandoffError::TooLarge { what, limit, path: String::new() };
    HandoffError::Malformed(match fault {
        Fault::Budget => return too_large("the decoded context (in bytes)", MAX_DECODED_BYTES),
        Fault::Tables => return too_large("the number of tables", MAX_TABLES),
        Fault::Columns => return too_large("the number of columns of one table", MAX_COLUMNS_PER_TABLE),
        Fault::Queries => return too_large("the number of queries", MAX_QUERIES),
        Fault::Text => return too_large("a text (in bytes)", MAX_STRING_BYTES),
        Fault::Levels => return too_large("the number of levels", MAX_DEPTH),
        Fault::Key => "an unknown key number",
        Fault::DuplicateKey => "a key twice",
        Fault::Id => "an unknown kind of id",
        Fault::Time => "a time that does not exist",
        Fault::Value => "an unknown kind of value",
        Fault::Number => "a number that is none",
        Fault::Utf8 => "a text that is not UTF-8",
        Fault::Reference => "a table reference where none can be",
    })
}

/// A warning for a link of somebody else's making that carries literals or results.
fn not_redacted(context: &Context) -> Option<Issue> {
    let (clean, _) = redact(context);
    (clean != *context).then(|| {
        Issue::warning(
            "link_carries_data",
            crate::issue::pointer("", crate::context::key::EXPLORATION_QUERIES),
            "the link carries values of queries or results; links of genie-handoff never do",
            "Tell the sender. The values are left out when this context is handed on.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Payloads whose check value fits and whose content is made to be expensive.
    #[test]
    fn hostile_payloads_end() {
        let noise = |seed: u32| {
            let mut x = seed | 1;
            move || {
                x ^= x << 13;
                x ^= x >> 17;
                x ^= x << 5;
                x as u8
            }
        };
        // All ones and all zeros drive every adaptive bit to one side: the longest texts for the fewest characters.
        for body in [vec![0xFF; 49_000], vec![0x00, 1], vec![0x55; 49_000]] {
            for version in [PLAIN, PRIMED] {
                assert!(decode(&frame::write(version, &body), &DecodeOptions::default()).is_err());
            }
        }
        for seed in 0..16 {
            let mut next = noise(seed * 7919);
            let length = if seed % 8 == 0 { 49_000 } else { 300 };
            let body: Vec<u8> = (0..length).map(|_| next()).collect();
            let payload = frame::write(if seed % 2 == 0 { PLAIN } else { PRIMED }, &body);
            if let Ok(opened) = decode(&payload, &DecodeOptions::default()) {
                assert!(opened.context.to_json().len() <= MAX_DECODED_BYTES);
            }
        }
    }

    /// A context that repeats itself is the bomb of this format: far more text than characters.
    #[test]
    fn a_context_that_repeats_itself_comes_back_and_a_too_large_one_does_not_get_in() {
        let build = |queries: usize| {
            let mut builder = crate::ContextBuilder::new("", "");
            for i in 0..queries {
                let sql = format!("SELECT c{i} FROM t WHERE {}", "a = b AND ".repeat(400));
                builder = builder.query(&sql, None);
            }
            builder.build()
        };
        let context = build(50).unwrap();
        assert!(context.to_json().len() > 200_000);
        let made = encode(&context, &EncodeOptions::default()).unwrap();
        assert!(made.payload.len() < 1_000, "{}", made.payload.len());
        assert_eq!(decode(&made.payload, &DecodeOptions::default()).unwrap().context, made.context);
        assert_eq!(build(300).unwrap_err().code(), "too_large");
    }
}
