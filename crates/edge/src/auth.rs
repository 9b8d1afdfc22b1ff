//! Who calls.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

use crate::access::AccessConfig;
use crate::secret::Secret;
use crate::signin::SignIn;

/// Who may call, and how they prove it.
#[derive(Debug, Clone, Default)]
pub struct Callers {
    /// Bearer tokens, as hashes.
    pub tokens: Option<TokenList>,
    /// Cloudflare Access in front of the worker.
    pub access: Option<AccessConfig>,
    /// Sign-in with Databricks.
    pub sign_in: Option<SignIn>,
    /// Whether the process that runs the worker listens on this machine only.
    pub bound_to_loopback: bool,
}

impl Callers {
    /// Whether anybody may call: no callers are configured, the server listens on loopback, and the address that was
    /// called is a loopback one. The last check stops a page that resolves its own name to 127.0.0.1.
    #[must_use]
    pub fn is_open(&self, called_on_loopback: bool) -> bool {
        self.tokens.is_none()
            && self.access.is_none()
            && self.sign_in.is_none()
            && self.bound_to_loopback
            && called_on_loopback
    }
}

/// How a caller has proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CallerKind {
    /// Not at all: open mode.
    #[default]
    Open,
    /// By a bearer token of this server.
    Token,
    /// By Cloudflare Access.
    Access,
    /// By signing in with Databricks.
    Databricks,
}

impl CallerKind {
    /// The name in `/api/me`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Token => "token",
            Self::Access => "access",
            Self::Databricks => "databricks",
        }
    }
}

/// Bearer tokens as `name:sha256hex` entries; a name may stand twice while a token is being rotated.
#[derive(Debug, Clone)]
pub struct TokenList(Vec<(String, [u8; 32])>);

impl TokenList {
    /// Reads `name:sha256hex,name:sha256hex`.
    ///
    /// # Errors
    /// A sentence for the administrator, without any part of the value.
    pub fn parse(list: &str) -> Result<Self, &'static str> {
        let mut entries = Vec::new();
        for entry in list.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            let Some((name, hash)) = entry.rsplit_once(':') else {
                return Err(
                    "every entry is name:sha256hex; make the hash with `printf %s TOKEN | shasum -a 256`",
                );
            };
            if name.is_empty()
                || name.len() > 64
                || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.@".contains(&b))
            {
                return Err("a caller's name has 1 to 64 of the characters A-Z a-z 0-9 - _ . @");
            }
            let Some(hash) = unhex(hash) else {
                return Err(
                    "a hash is 64 hexadecimal digits; make it with `printf %s TOKEN | shasum -a 256`",
                );
            };
            entries.push((name.to_owned(), hash));
        }
        if entries.is_empty() {
            return Err("no entry; unset the variable, or give name:sha256hex");
        }
        Ok(Self(entries))
    }

    /// The name that belongs to a presented token.
    ///
    /// Every entry is compared, each in constant time, so that the time taken tells nothing about the list.
    #[must_use]
    pub fn find(&self, presented: &str) -> Option<&str> {
        let presented: [u8; 32] = Sha256::digest(presented.as_bytes()).into();
        let mut found = u32::MAX;
        for (index, (_, hash)) in (0u32..).zip(&self.0) {
            let equal: Choice = hash.ct_eq(&presented);
            found = u32::conditional_select(&found, &index, equal);
        }
        usize::try_from(found).ok().and_then(|index| self.0.get(index)).map(|(name, _)| name.as_str())
    }
}

/// The token of an `Authorization: Bearer` header; the scheme is compared without case.
#[must_use]
pub fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// The `Authorization: Basic` header of an OAuth client (RFC 6749, section 2.3.1: both parts form-encoded first).
#[must_use]
pub fn basic(client_id: &str, client_secret: &Secret) -> Secret {
    let pair = format!("{}:{}", urlencoding::encode(client_id), urlencoding::encode(client_secret.expose()));
    Secret::new(format!("Basic {}", STANDARD.encode(pair)))
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut out = [0u8; 32];
    if text.len() != 64 {
        return None;
    }
    for (slot, pair) in out.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let pair = std::str::from_utf8(pair).ok()?;
        if !pair.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        *slot = u8::from_str_radix(pair, 16).ok()?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    // `printf %s alpha | shasum -a 256`, and the same of `beta`.
    const ALPHA: &str = "8ed3f6ad685b959ead7022518e1af76cd816f8e8ec7ccdda1ed4018e8f2223f8";
    const BETA: &str = "f44e64e75f3948e9f73f8dfa94721c4ce8cbb4f265c4790c702b2d41cfbf2753";

    #[test]
    fn finds_the_caller_of_a_token() {
        let list =
            TokenList::parse(&format!("app:{ALPHA}, app:{BETA} ,ops@x:{}", BETA.to_uppercase())).unwrap();
        assert_eq!(list.find("alpha"), Some("app"));
        assert_eq!(list.find("beta"), Some("ops@x"), "the last entry wins");
        assert_eq!(list.find("gamma"), None);
        assert_eq!(list.find(""), None);
        assert_eq!(list.find(ALPHA), None, "the hash is no token");
    }

    #[test]
    fn refuses_lists_it_cannot_read_whole() {
        for list in [
            "",
            " , ",
            "alice",
            "alice:123",
            ":8ed3",
            &format!("a b:{ALPHA}"),
            &format!("a:{ALPHA},b:+f{}", "0".repeat(62)),
        ] {
            assert!(TokenList::parse(list).is_err(), "{list}");
        }
    }

    #[test]
    fn reads_bearer_headers() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc "), Some("abc"));
        for odd in ["", "Bearer", "Bearer ", "Basic abc", "abc"] {
            assert_eq!(bearer(odd), None);
        }
    }

    #[test]
    fn open_mode_needs_loopback_on_both_sides_and_no_callers() {
        let open = Callers { bound_to_loopback: true, ..Callers::default() };
        assert!(open.is_open(true));
        assert!(!open.is_open(false), "a rebound name");
        assert!(!Callers::default().is_open(true), "bound to the world");
        let tokens = TokenList::parse(&format!("a:{ALPHA}")).ok();
        assert!(!Callers { tokens, ..open }.is_open(true));
    }
}
