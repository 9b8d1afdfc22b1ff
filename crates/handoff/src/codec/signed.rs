//! The signed envelope: which bytes are signed, and how key id, expiry, audience and signature travel.
//!
//! Making and checking Ed25519 signatures is done outside, by WebCrypto; nothing secret comes in here.

use super::frame;
use crate::digits::push_number;
use crate::error::HandoffError;
use crate::issue::Issue;

/// First character of a signed payload.
pub(crate) const VERSION: char = 's';
/// Bytes of an Ed25519 signature, RFC 8032.
pub const SIGNATURE_BYTES: usize = 64;
/// What the signed bytes start with, so that a signature made for something else never fits.
const DOMAIN: &str = "genie-handoff link signature v1";
const MAX_KEY_ID: usize = 63;
const MAX_AUDIENCE: usize = 253;

/// What a signature says beside the payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Which of the deployment's keys was used: 1 to 63 characters of `A-Za-z0-9_-`.
    pub key_id: String,
    /// When the link stops being valid, in seconds since 1970-01-01T00:00:00Z.
    pub expires: u32,
    /// Host, with a port if there is one, that the link is for, in lower case: `handoff.example.com`.
    pub audience: String,
}

/// A signature that somebody still has to verify.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureToCheck {
    /// What the signature says. Untrusted until it is verified.
    pub claims: Claims,
    /// The signature.
    pub signature: [u8; SIGNATURE_BYTES],
    /// The bytes that must have been signed.
    pub signed: Vec<u8>,
}

impl SignatureToCheck {
    /// The signature as base64url without padding.
    #[must_use]
    pub fn signature_text(&self) -> String {
        let mut text = frame::text(&self.signature);
        text.truncate((SIGNATURE_BYTES * 8).div_ceil(6));
        text
    }
}

/// What is known about the signature of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureState {
    /// The link carries none.
    Unsigned,
    /// There is a signature that nobody has verified yet; show the link as unsigned until then.
    Unchecked(Box<SignatureToCheck>),
    /// The signature fits, for the named host and in time.
    Valid(Claims),
    /// The signature fits and its time is over.
    Expired(Claims),
    /// The signature fits and was made for another host.
    WrongAudience(Claims),
    /// The signature does not fit: somebody changed the link.
    Tampered,
    /// The key is not among the published ones, so the signature says nothing.
    UnknownKey(Claims),
}

impl SignatureState {
    /// A stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::Unchecked(_) => "unchecked",
            Self::Valid(_) => "valid",
            Self::Expired(_) => "expired",
            Self::WrongAudience(_) => "wrong_audience",
            Self::Tampered => "tampered",
            Self::UnknownKey(_) => "unknown_key",
        }
    }
}

/// What a verifier found out about a [`SignatureToCheck`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    /// Ed25519 accepts the signature with the key of this id.
    Fits,
    /// Ed25519 does not.
    DoesNotFit,
    /// There is no key with this id.
    NoSuchKey,
}

impl SignatureToCheck {
    /// The final state, from what the verifier found, the host the page runs on and the time in seconds since 1970.
    #[must_use]
    pub fn settle(self, verification: Verification, host: &str, now: u32) -> SignatureState {
        match verification {
            Verification::DoesNotFit => SignatureState::Tampered,
            Verification::NoSuchKey => SignatureState::UnknownKey(self.claims),
            Verification::Fits if !self.claims.audience.eq_ignore_ascii_case(host) => {
                SignatureState::WrongAudience(self.claims)
            }
            Verification::Fits if now >= self.claims.expires => SignatureState::Expired(self.claims),
            Verification::Fits => SignatureState::Valid(self.claims),
        }
    }
}

impl Claims {
    /// Everything that cannot be put into an envelope, with paths into the claims.
    #[must_use]
    pub fn validate(&self) -> Vec<Issue> {
        let mut issues = Vec::new();
        if !is_key_id(&self.key_id) {
            issues.push(Issue::error(
                "key_id_malformed",
                "/key_id",
                "a key id has 1 to 63 characters of A-Z, a-z, 0-9, _ and -",
                "Use the kid of the published key.",
            ));
        }
        if !is_audience(&self.audience) {
            issues.push(Issue::error(
                "audience_malformed",
                "/audience",
                "an audience is a host in lower case, with its port if it has one",
                "Give the host of the link, such as handoff.example.com.",
            ));
        }
        issues
    }
}

fn is_key_id(text: &str) -> bool {
    (1..=MAX_KEY_ID).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

fn is_audience(text: &str) -> bool {
    (1..=MAX_AUDIENCE).contains(&text.len())
        && text.bytes().all(|b| {
            b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b':' | b'[' | b']')
        })
}

/// The bytes that a signature of `payload` under `claims` is made over: five lines, the last without an end.
///
/// # Errors
/// [`HandoffError::Shape`] for claims that cannot be sent, and every error of a payload that is not whole.
pub fn bytes_to_sign(payload: &str, claims: &Claims) -> Result<Vec<u8>, HandoffError> {
    let issues = claims.validate();
    if !issues.is_empty() {
        return Err(HandoffError::Shape(issues));
    }
    if payload.starts_with(VERSION) {
        return Err(HandoffError::Malformed("a payload that is signed already"));
    }
    frame::open(payload)?;
    let mut expires = String::new();
    push_number(&mut expires, claims.expires.into());
    Ok([DOMAIN, "\n", &claims.key_id, "\n", &expires, "\n", &claims.audience, "\n", payload]
        .concat()
        .into_bytes())
}

/// Puts a payload, its claims and the signature over [`bytes_to_sign`] into one signed payload.
///
/// # Errors
/// As [`bytes_to_sign`].
pub fn attach_signature(
    payload: &str,
    claims: &Claims,
    signature: &[u8; SIGNATURE_BYTES],
) -> Result<String, HandoffError> {
    bytes_to_sign(payload, claims)?;
    let mut head = vec![claims.key_id.len() as u8];
    head.extend_from_slice(claims.key_id.as_bytes());
    head.extend_from_slice(&claims.expires.to_be_bytes());
    head.push(claims.audience.len() as u8);
    head.extend_from_slice(claims.audience.as_bytes());
    head.extend_from_slice(signature);
    // Whole groups of three, so that the characters of head and payload do not share bits.
    head.resize(head.len().next_multiple_of(3), 0);
    Ok(frame::seal(VERSION, &(frame::text(&head) + payload)))
}

/// Takes a signed payload apart: the payload inside and its signature.
pub(crate) fn detach(signed: &str) -> Result<(&str, SignatureToCheck), HandoffError> {
    let body = frame::open(signed)?;
    // The longest head there can be; what follows it is the payload.
    let longest = (1 + MAX_KEY_ID + 4 + 1 + MAX_AUDIENCE + SIGNATURE_BYTES).div_ceil(3) * 4;
    let start = body.get(..body.len().min(longest)).unwrap_or_default();
    let bytes = frame::read(start).ok_or(HandoffError::Malformed("characters that are not base64url"))?;
    let mut reader = Head { bytes: &bytes, at: 0 };
    let key_id = reader.text()?;
    let expires = u32::from_be_bytes(reader.array()?);
    let audience = reader.text()?;
    let signature = reader.array()?;
    // One spelling for each link: what fills the last group is not signed, so nothing may hide in it.
    let filled = reader.at.next_multiple_of(3);
    if bytes.get(reader.at..filled).is_some_and(|fill| fill.iter().any(|byte| *byte != 0)) {
        return Err(HandoffError::Malformed("a signed envelope that is not filled up with zeros"));
    }
    let head = filled / 3 * 4;
    let payload = body.get(head..).ok_or(CUT)?;
    let claims = Claims { key_id, expires, audience };
    let signed = bytes_to_sign(payload, &claims)?;
    Ok((payload, SignatureToCheck { claims, signature, signed }))
}

const CUT: HandoffError = HandoffError::Malformed("a signed envelope that is cut short");

struct Head<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Head<'_> {
    fn take(&mut self, count: usize) -> Result<&[u8], HandoffError> {
        let part = self.bytes.get(self.at..self.at + count).ok_or(CUT)?;
        self.at += count;
        Ok(part)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], HandoffError> {
        self.take(N)?.try_into().map_err(|_| CUT)
    }

    fn text(&mut self) -> Result<String, HandoffError> {
        let [count] = self.array()?;
        let text = self.take(usize::from(count))?.to_vec();
        String::from_utf8(text)
            .map_err(|_| HandoffError::Malformed("an envelope with a text that is not UTF-8"))
    }
}
