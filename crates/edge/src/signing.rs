//! Keys that sign handoff links: Ed25519 as JSON Web Keys (RFC 8037).
//!
//! One key signs. All keys that links may still carry are published, so that a key can be replaced before the links
//! that it has signed have expired: put the new one into `HANDOFF_SIGNING_KEY`, and the public part of the old one into
//! `HANDOFF_PUBLIC_KEYS` for as long as its links live.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::json;

use crate::secret::Secret;

/// How long a link is valid, in seconds: 30 days.
pub const LINK_SECONDS: u32 = 30 * 24 * 3600;

/// The keys of a deployment.
#[derive(Debug, Clone)]
pub struct Signing {
    /// Id of the key that signs.
    pub key_id: String,
    /// That key, as a JWK with its private part.
    pub private_jwk: Secret,
    /// The published document: `{"keys":[...]}`, the signing key first.
    pub published: String,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    crv: String,
    kid: String,
    x: String,
    #[serde(default)]
    d: Option<String>,
}

impl Signing {
    /// Reads the signing key and the list of older public keys.
    ///
    /// # Errors
    /// The variable, and a sentence for the administrator without any part of its value.
    pub fn read(signing: &str, older: Option<&str>) -> Result<Self, (&'static str, &'static str)> {
        let own = "HANDOFF_SIGNING_KEY";
        let key: Jwk = serde_json::from_str(signing).map_err(|_| {
            (own, "not a JSON Web Key; {\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":..,\"x\":..,\"d\":..}")
        })?;
        let Some(d) = key.d.as_deref().filter(|d| is_32_bytes(d)) else {
            return Err((own, "the private part d is missing or is not 32 bytes in base64url"));
        };
        let mut published =
            vec![key.public().ok_or((own, "not a key for Ed25519 with a kid of A-Z a-z 0-9 _ -"))?];
        let list = "HANDOFF_PUBLIC_KEYS";
        let older: Vec<Jwk> = match older {
            Some(text) => {
                serde_json::from_str(text).map_err(|_| (list, "not a JSON list of JSON Web Keys"))?
            }
            None => Vec::new(),
        };
        for old in &older {
            if old.kid == key.kid {
                return Err((list, "holds a key with the kid of the signing key; every key has its own"));
            }
            published.push(old.public().ok_or((list, "holds something that is not a key for Ed25519"))?);
        }
        let private = json!({"kty": "OKP", "crv": "Ed25519", "x": key.x, "d": d});
        Ok(Self {
            key_id: key.kid,
            private_jwk: Secret::new(private.to_string()),
            published: json!({ "keys": published }).to_string(),
        })
    }
}

impl Jwk {
    /// The parts that may be seen; nothing else of what was given.
    fn public(&self) -> Option<serde_json::Value> {
        let kid_ok = (1..=63).contains(&self.kid.len())
            && self.kid.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        (self.kty == "OKP" && self.crv == "Ed25519" && kid_ok && is_32_bytes(&self.x)).then(
            || json!({"kty": "OKP", "crv": "Ed25519", "kid": self.kid, "x": self.x, "alg": "EdDSA", "use": "sig"}),
        )
    }
}

fn is_32_bytes(text: &str) -> bool {
    URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    // The example key of RFC 8037, appendix A.1.
    const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    const D: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";

    fn key(kid: &str) -> String {
        format!(r#"{{"kty":"OKP","crv":"Ed25519","kid":"{kid}","x":"{X}","d":"{D}","note":"n"}}"#)
    }

    #[test]
    fn publishes_public_parts_only() {
        let older = format!("[{}]", key("old"));
        let signing = Signing::read(&key("new"), Some(&older)).unwrap();
        assert_eq!(signing.key_id, "new");
        let published: serde_json::Value = serde_json::from_str(&signing.published).unwrap();
        assert_eq!(published["keys"][0]["kid"], "new");
        assert_eq!(published["keys"][1]["kid"], "old");
        assert!(!signing.published.contains(D) && !signing.published.contains("note"));
        assert!(!format!("{signing:?}").contains(D));
    }

    #[test]
    fn refuses_what_cannot_sign() {
        let variable =
            |signing: &str, older| Signing::read(signing, older).err().map(|(variable, _)| variable);
        let good = key("k");
        for bad in
            ["", "{}", "[]", &key(""), &key("a b"), &good.replace("Ed25519", "Ed448"), &good.replace(D, "AA")]
        {
            assert_eq!(variable(bad, None), Some("HANDOFF_SIGNING_KEY"), "{bad}");
        }
        for bad in ["", "{}", "[{}]", &format!("[{good}]"), &format!("[{}]", key("o").replace(X, "AA"))] {
            assert_eq!(variable(&good, Some(bad)), Some("HANDOFF_PUBLIC_KEYS"), "{bad}");
        }
    }
}
