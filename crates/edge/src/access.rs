//! Callers that come through Cloudflare Access: the parts of a JWT check that need no cryptography and no network.
//!
//! Rules: <https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/validating-json/>.
//! The signature itself is verified by the worker with WebCrypto.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::value::RawValue;
use thiserror::Error;

use crate::origin::Origin;

/// Longest JWT that is looked at, in bytes.
const MAX_JWT: usize = 16 << 10;
/// Clocks may differ by this much, in seconds.
const LEEWAY: f64 = 60.0;
/// Keys are fetched anew after an hour, in milliseconds.
const KEYS_FRESH_MS: f64 = 3_600_000.0;
/// An unknown key id causes a fetch at most once a minute, so that invented ids do not become a flood.
const KEYS_RETRY_MS: f64 = 60_000.0;

/// The Access application that stands before the worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessConfig {
    /// Issuer, `https://<team>.cloudflareaccess.com`.
    pub issuer: String,
    /// The application's audience tag.
    pub audience: String,
}

/// Why a JWT is refused. Told to the log; the caller hears only that the credential is not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AccessError {
    /// Not three base64url parts, or JSON that lacks what is needed.
    #[error("malformed token")]
    Malformed,
    /// Signed by another algorithm than RS256.
    #[error("algorithm is not RS256")]
    Algorithm,
    /// For another application.
    #[error("audience is another application")]
    Audience,
    /// By another team.
    #[error("issuer is another team")]
    Issuer,
    /// Past its time.
    #[error("expired")]
    Expired,
    /// Before its time.
    #[error("not valid yet")]
    Early,
    /// No published key has this id.
    #[error("unknown key id")]
    UnknownKey,
    /// The signature does not fit.
    #[error("wrong signature")]
    Signature,
    /// The keys could not be fetched.
    #[error("keys not reachable")]
    NoKeys,
}

/// A JWT, taken apart and not yet believed.
#[derive(Debug, Clone, PartialEq)]
pub struct Jwt<'a> {
    /// The part that the signature covers.
    pub signed: &'a str,
    /// The signature.
    pub signature: Vec<u8>,
    /// Which key made it.
    pub key_id: String,
    claims: Claims,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Claims {
    #[serde(default)]
    aud: Audience,
    iss: String,
    exp: f64,
    #[serde(default)]
    nbf: Option<f64>,
    #[serde(default)]
    sub: String,
    #[serde(default)]
    common_name: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Default for Audience {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl AccessConfig {
    /// Takes the team domain (`team.cloudflareaccess.com`, with or without scheme) and the audience tag.
    ///
    /// A loopback address is accepted as well, for tests against a local issuer.
    ///
    /// # Errors
    /// A sentence for the administrator.
    pub fn new(team: &str, audience: &str) -> Result<Self, &'static str> {
        let address = if team.contains("://") { team.to_owned() } else { format!("https://{team}") };
        let Some((origin, "" | "/")) = Origin::split(&address) else {
            return Err("not a team domain; <team>.cloudflareaccess.com");
        };
        let is_team = origin.scheme == "https"
            && origin.port.is_none()
            && origin.host.ends_with(".cloudflareaccess.com");
        if !is_team && !origin.is_loopback() {
            return Err("not a team domain; <team>.cloudflareaccess.com");
        }
        Ok(Self { issuer: address.trim_end_matches('/').to_owned(), audience: audience.to_owned() })
    }

    /// Where the team's keys are published.
    #[must_use]
    pub fn certs_url(&self) -> String {
        format!("{}/cdn-cgi/access/certs", self.issuer)
    }
}

impl<'a> Jwt<'a> {
    /// Takes a token apart.
    ///
    /// # Errors
    /// [`AccessError::Malformed`] or [`AccessError::Algorithm`].
    pub fn parse(token: &'a str) -> Result<Self, AccessError> {
        let (signed, signature) = token.rsplit_once('.').ok_or(AccessError::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(AccessError::Malformed)?;
        if token.len() > MAX_JWT {
            return Err(AccessError::Malformed);
        }
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| AccessError::Malformed);
        let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| AccessError::Malformed)?;
        if header.alg != "RS256" {
            return Err(AccessError::Algorithm);
        }
        let claims = serde_json::from_slice(&decode(payload)?).map_err(|_| AccessError::Malformed)?;
        Ok(Self { signed, signature: decode(signature)?, key_id: header.kid, claims })
    }

    /// Checks everything but the signature and names the caller: the subject, or the name of a service token.
    ///
    /// # Errors
    /// The first rule that does not hold.
    pub fn caller(&self, config: &AccessConfig, now_ms: f64) -> Result<String, AccessError> {
        let now = now_ms / 1000.0;
        let for_us = match &self.claims.aud {
            Audience::One(audience) => *audience == config.audience,
            Audience::Many(list) => list.contains(&config.audience),
        };
        if !for_us {
            return Err(AccessError::Audience);
        }
        if self.claims.iss.trim_end_matches('/') != config.issuer {
            return Err(AccessError::Issuer);
        }
        if self.claims.exp + LEEWAY <= now {
            return Err(AccessError::Expired);
        }
        if self.claims.nbf.is_some_and(|nbf| nbf - LEEWAY > now) {
            return Err(AccessError::Early);
        }
        let name = if self.claims.sub.is_empty() { &self.claims.common_name } else { &self.claims.sub };
        if name.is_empty() || name.len() > 256 {
            return Err(AccessError::Malformed);
        }
        Ok(format!("access:{name}"))
    }

    /// When the token ends, in milliseconds since 1970.
    #[must_use]
    pub fn expires_ms(&self) -> f64 {
        self.claims.exp * 1000.0
    }
}

/// The published keys of a team, as they came.
#[derive(Debug, Default)]
pub struct KeyRing {
    keys: Vec<(String, String)>,
    fetched_ms: Option<f64>,
    tried_ms: Option<f64>,
}

/// What to do about a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyLookup {
    /// Here it is, as a JWK in JSON.
    Known(String),
    /// Fetch the keys, then look again.
    Fetch,
    /// There is no such key, and it is too soon to ask again.
    Unknown,
}

impl KeyRing {
    /// Looks a key up.
    #[must_use]
    pub fn find(&self, key_id: &str, now_ms: f64) -> KeyLookup {
        let fresh = self.fetched_ms.is_some_and(|at| now_ms - at < KEYS_FRESH_MS);
        let known = self.keys.iter().find(|(id, _)| id == key_id).map(|(_, jwk)| jwk.clone());
        let may_try = self.tried_ms.is_none_or(|at| now_ms - at >= KEYS_RETRY_MS);
        match known {
            // An old ring still serves while its owner cannot be reached.
            Some(jwk) if fresh || !may_try => KeyLookup::Known(jwk),
            None if !may_try => KeyLookup::Unknown,
            _ => KeyLookup::Fetch,
        }
    }

    /// Notes that a fetch begins now.
    pub fn trying(&mut self, now_ms: f64) {
        self.tried_ms = Some(now_ms);
    }

    /// Takes the published set `{"keys":[{"kid":...},...]}`; keys without an id or of another kind are passed over.
    ///
    /// # Errors
    /// [`AccessError::NoKeys`] when nothing usable is in it; the old keys stay.
    pub fn replace(&mut self, body: &[u8], now_ms: f64) -> Result<(), AccessError> {
        #[derive(Deserialize)]
        struct Set<'a> {
            #[serde(borrow)]
            keys: Vec<&'a RawValue>,
        }
        #[derive(Deserialize)]
        struct Key {
            kid: String,
            kty: String,
        }
        let set: Set<'_> = serde_json::from_slice(body).map_err(|_| AccessError::NoKeys)?;
        let keys: Vec<_> = set
            .keys
            .iter()
            .filter_map(|raw| serde_json::from_str::<Key>(raw.get()).ok().map(|key| (key, raw)))
            .filter(|(key, _)| key.kty == "RSA")
            .map(|(key, raw)| (key.kid, raw.get().to_owned()))
            .collect();
        if keys.is_empty() {
            return Err(AccessError::NoKeys);
        }
        self.keys = keys;
        self.fetched_ms = Some(now_ms);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> AccessConfig {
        AccessConfig::new("team.cloudflareaccess.com", "tag").unwrap()
    }

    fn token(header: &str, claims: &str) -> String {
        format!(
            "{}.{}.{}",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(claims),
            URL_SAFE_NO_PAD.encode("sig")
        )
    }

    fn caller(claims: &str) -> Result<String, AccessError> {
        let token = token(r#"{"alg":"RS256","kid":"k"}"#, claims);
        Jwt::parse(&token)?.caller(&config(), 1_000_000.0)
    }

    #[test]
    fn names_the_caller_when_every_claim_fits() {
        let iss = "https://team.cloudflareaccess.com";
        assert_eq!(
            caller(&format!(r#"{{"aud":["tag"],"iss":"{iss}","exp":1000,"sub":"u1"}}"#)),
            Ok("access:u1".to_owned())
        );
        assert_eq!(
            caller(&format!(r#"{{"aud":"tag","iss":"{iss}","exp":2000,"sub":"","common_name":"svc"}}"#)),
            Ok("access:svc".to_owned())
        );
        assert_eq!(
            caller(&format!(r#"{{"aud":["other"],"iss":"{iss}","exp":2000,"sub":"u"}}"#)),
            Err(AccessError::Audience)
        );
        assert_eq!(caller(&format!(r#"{{"iss":"{iss}","exp":2000,"sub":"u"}}"#)), Err(AccessError::Audience));
        assert_eq!(
            caller(r#"{"aud":"tag","iss":"https://evil.example","exp":2000,"sub":"u"}"#),
            Err(AccessError::Issuer)
        );
        assert_eq!(
            caller(&format!(r#"{{"aud":"tag","iss":"{iss}","exp":900,"sub":"u"}}"#)),
            Err(AccessError::Expired)
        );
        assert_eq!(
            caller(&format!(r#"{{"aud":"tag","iss":"{iss}","exp":9000,"nbf":2000,"sub":"u"}}"#)),
            Err(AccessError::Early)
        );
        assert_eq!(
            caller(&format!(r#"{{"aud":"tag","iss":"{iss}","exp":9000}}"#)),
            Err(AccessError::Malformed)
        );
        assert_eq!(
            caller(&format!(r#"{{"aud":"tag","iss":"{iss}","sub":"u"}}"#)),
            Err(AccessError::Malformed)
        );
    }

    #[test]
    fn refuses_other_algorithms_and_odd_tokens() {
        assert_eq!(
            Jwt::parse(&token(r#"{"alg":"none","kid":"k"}"#, "{}")).err(),
            Some(AccessError::Algorithm)
        );
        assert_eq!(
            Jwt::parse(&token(r#"{"alg":"HS256","kid":"k"}"#, "{}")).err(),
            Some(AccessError::Algorithm)
        );
        for odd in ["", ".", "..", "a.b", "a.b.c.d", &"x".repeat(20_000)] {
            assert_eq!(Jwt::parse(odd).err(), Some(AccessError::Malformed), "{odd}");
        }
    }

    #[test]
    fn the_team_domain_is_cloudflares() {
        assert_eq!(config().certs_url(), "https://team.cloudflareaccess.com/cdn-cgi/access/certs");
        assert!(AccessConfig::new("http://127.0.0.1:9", "t").is_ok());
        for odd in [
            "evil.example",
            "http://team.cloudflareaccess.com",
            "team.cloudflareaccess.com/x",
            "team.cloudflareaccess.com.evil.example",
        ] {
            assert!(AccessConfig::new(odd, "t").is_err(), "{odd}");
        }
    }

    #[test]
    fn invented_key_ids_do_not_become_a_flood() {
        let mut ring = KeyRing::default();
        assert_eq!(ring.find("k1", 0.0), KeyLookup::Fetch);
        ring.trying(0.0);
        assert_eq!(ring.find("k1", 1.0), KeyLookup::Unknown);
        ring.replace(br#"{"keys":[{"kid":"k1","kty":"RSA","n":"x"},{"kid":"ec","kty":"EC"},{}]}"#, 1.0)
            .unwrap();
        assert_eq!(ring.find("k1", 2.0), KeyLookup::Known(r#"{"kid":"k1","kty":"RSA","n":"x"}"#.to_owned()));
        assert_eq!(ring.find("ec", 2.0), KeyLookup::Unknown);
        assert_eq!(ring.find("new", 60_000.0), KeyLookup::Fetch);
        ring.trying(3_700_000.0);
        assert!(
            matches!(ring.find("k1", 3_700_001.0), KeyLookup::Known(_)),
            "old keys serve while the owner is away"
        );
        assert_eq!(ring.find("k1", 3_800_000.0), KeyLookup::Fetch);
        assert_eq!(ring.replace(b"<html>", 3_800_000.0), Err(AccessError::NoKeys));
        assert_eq!(ring.replace(br#"{"keys":[]}"#, 3_800_000.0), Err(AccessError::NoKeys));
    }
}
