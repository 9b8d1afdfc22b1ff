//! JSON in the forms that other tools put into links: base64url, base64, percent-encoded, and plain.

use super::Format;
use crate::context::Context;
use crate::error::HandoffError;

/// Reads `text` as one of the JSON forms.
pub(crate) fn read(text: &str) -> Result<(Context, Format), HandoffError> {
    let text = text.trim();
    if text.starts_with('{') {
        return Ok((Context::from_json_str(text)?, Format::Json));
    }
    if text.contains('%') {
        let plain = percent_decode(text).ok_or(HandoffError::Unrecognised)?;
        // A base64 text has its `+`, `/` and `=` escaped when a library built the query.
        return if plain.trim_start().starts_with('{') {
            Ok((Context::from_json_str(&plain)?, Format::PercentJson))
        } else if plain.contains('%') {
            Err(HandoffError::Unrecognised)
        } else {
            read(&plain)
        };
    }
    let bytes = base64(text).ok_or(HandoffError::Unrecognised)?;
    let json = String::from_utf8(bytes).map_err(|_| HandoffError::Unrecognised)?;
    if !json.trim_start().starts_with('{') {
        return Err(HandoffError::Unrecognised);
    }
    Ok((Context::from_json_str(&json)?, Format::Base64Json))
}

/// RFC 3986 percent-decoding; `None` if an escape is cut or the bytes are not UTF-8. A `+` stays: JSON made by
/// `encodeURIComponent` escapes its spaces and its plus signs.
pub(crate) fn percent_decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let mut digit = || char::from(bytes.next()?).to_digit(16);
            out.push((digit()? << 4 | digit()?) as u8);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

/// Base64 and base64url, with or without padding. A space counts as `+`, which form decoding turns into one.
fn base64(text: &str) -> Option<Vec<u8>> {
    let body = text.trim_end_matches('=');
    if body.is_empty() || body.len() % 4 == 1 {
        return None;
    }
    let url: String = body
        .chars()
        .map(|c| match c {
            '+' | ' ' => '-',
            '/' => '_',
            c => c,
        })
        .collect();
    let mut bytes = super::frame::read(&url)?;
    bytes.truncate(body.len() * 3 / 4);
    Some(bytes)
}
