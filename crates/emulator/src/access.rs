//! Who is calling: people, the service principal, and the tokens that stand for them.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::failure::Failure;

/// The personal access token of [`known::USER`](crate::known::USER).
pub const TOKEN: &str = "emulator-token";
/// The personal access token of a person who may read some spaces and change nothing.
pub const VIEWER_TOKEN: &str = "emulator-viewer-token";
/// The OAuth client of the service principal.
pub const CLIENT_ID: &str = "emulator-client";
/// The secret of [`CLIENT_ID`].
pub const CLIENT_SECRET: &str = "emulator-secret";

/// How long an access token lives, as the service does it.
pub(crate) const DEFAULT_TTL: Duration = Duration::from_secs(3600);
/// How long an authorization code lives.
const CODE_TTL: Duration = Duration::from_secs(300);

/// Somebody Unity Catalog and the spaces know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Principal {
    /// Id in SCIM, digits; the spaces show it as a number.
    pub(crate) id: i64,
    /// E-mail address, or the application id of a service principal.
    pub(crate) name: &'static str,
    pub(crate) display_name: &'static str,
    /// Groups with their SCIM ids.
    pub(crate) groups: &'static [(&'static str, &'static str)],
    pub(crate) service_principal: bool,
    /// Rights on Genie spaces: manage (and so edit), or run only.
    pub(crate) manages_spaces: bool,
    /// May ask Unity Catalog about other principals.
    pub(crate) asks_about_others: bool,
}

const EVERYBODY: (&str, &str) = ("account users", "448199832311203");
const ANALYSTS: (&str, &str) = ("analysts", "610290884457210");
const ENGINEERS: (&str, &str) = ("data-engineers", "733016541908877");

/// Everybody there is; the first one owns [`TOKEN`].
pub(crate) const PRINCIPALS: [Principal; 3] = [
    Principal {
        id: 5_511_969_577_895_513,
        name: crate::fixtures::known::USER,
        display_name: "Grace Hopper",
        groups: &[EVERYBODY, ANALYSTS, ENGINEERS],
        service_principal: false,
        manages_spaces: true,
        asks_about_others: true,
    },
    Principal {
        id: 5_511_969_577_895_627,
        name: crate::fixtures::known::VIEWER,
        display_name: "Vera Viewer",
        groups: &[EVERYBODY],
        service_principal: false,
        manages_spaces: false,
        asks_about_others: false,
    },
    Principal {
        id: 7_120_448_830_011_952,
        name: crate::fixtures::known::SERVICE_PRINCIPAL,
        display_name: "genie-handoff worker",
        groups: &[EVERYBODY, ANALYSTS, ENGINEERS],
        service_principal: true,
        manages_spaces: true,
        asks_about_others: true,
    },
];

impl Principal {
    /// Whether a grant to `name` reaches this principal.
    pub(crate) fn is_or_is_in(&self, name: &str) -> bool {
        self.name == name || self.groups.iter().any(|(group, _)| *group == name)
    }

    /// The principal of this name.
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        PRINCIPALS.iter().find(|principal| principal.name == name)
    }
}

/// Whether `name` is a group that exists.
pub(crate) fn is_group(name: &str) -> bool {
    [EVERYBODY, ANALYSTS, ENGINEERS].iter().any(|(group, _)| *group == name)
}

/// An answer of the token endpoint.
#[derive(Debug)]
pub(crate) struct Grant {
    pub(crate) access_token: String,
    pub(crate) expires_in: u64,
    /// Only for people who asked for `offline_access`.
    pub(crate) refresh_token: Option<String>,
}

/// What was asked for when a person agreed to a sign-in.
#[derive(Debug, Clone)]
pub(crate) struct Consent {
    pub(crate) principal: &'static Principal,
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    /// base64url of the SHA-256 of the verifier.
    pub(crate) code_challenge: String,
    pub(crate) offline: bool,
}

/// Which tokens to revoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Revocation {
    /// Everything the token endpoint gave.
    #[default]
    OAuth,
    /// The personal access tokens.
    Pat,
    /// Both.
    All,
}

/// All tokens that are valid now.
#[derive(Debug)]
pub(crate) struct Access {
    personal: HashMap<String, &'static Principal>,
    issued: HashMap<String, (&'static Principal, Instant)>,
    codes: HashMap<String, (Consent, Instant)>,
    refresh: HashMap<String, Consent>,
    ttl: Duration,
}

impl Default for Access {
    fn default() -> Self {
        let [user, viewer, _] = &PRINCIPALS;
        Self {
            personal: HashMap::from([(TOKEN.to_owned(), user), (VIEWER_TOKEN.to_owned(), viewer)]),
            issued: HashMap::new(),
            codes: HashMap::new(),
            refresh: HashMap::new(),
            ttl: DEFAULT_TTL,
        }
    }
}

impl Access {
    /// Who the `Authorization` header stands for.
    pub(crate) fn authenticate(
        &self,
        headers: &HeaderMap,
        now: Instant,
    ) -> Result<&'static Principal, Failure> {
        let token = bearer(headers).ok_or_else(|| {
            Failure::unauthenticated("Credential was not sent or was of an unsupported type for this API.")
        })?;
        if let Some(principal) = self.personal.get(token) {
            return Ok(principal);
        }
        match self.issued.get(token) {
            Some((principal, until)) if *until > now => Ok(principal),
            Some(_) => Err(Failure::unauthenticated("Token is expired.")),
            None => Err(Failure::unauthenticated("Invalid access token.")),
        }
    }

    /// A token for the service principal.
    pub(crate) fn grant_to_client(&mut self, now: Instant) -> Result<Grant, getrandom::Error> {
        let [_, _, service_principal] = &PRINCIPALS;
        self.issue(service_principal, None, now)
    }

    /// Keeps a consent until its code is used.
    pub(crate) fn consent(&mut self, consent: Consent, now: Instant) -> Result<String, getrandom::Error> {
        let code = unguessable("code-")?;
        self.codes.retain(|_, (_, until)| *until > now);
        self.codes.insert(code.clone(), (consent, now + CODE_TTL));
        Ok(code)
    }

    /// The consent of `code`; a code works once.
    pub(crate) fn redeem(&mut self, code: &str, now: Instant) -> Option<Consent> {
        self.codes.remove(code).filter(|(_, until)| *until > now).map(|(consent, _)| consent)
    }

    /// The consent of a refresh token; it works once, the answer carries the next one.
    pub(crate) fn rotate(&mut self, refresh_token: &str) -> Option<Consent> {
        self.refresh.remove(refresh_token)
    }

    /// Tokens for a person.
    pub(crate) fn grant_to_person(
        &mut self,
        consent: &Consent,
        now: Instant,
    ) -> Result<Grant, getrandom::Error> {
        self.issue(consent.principal, consent.offline.then_some(consent), now)
    }

    fn issue(
        &mut self,
        principal: &'static Principal,
        offline: Option<&Consent>,
        now: Instant,
    ) -> Result<Grant, getrandom::Error> {
        let access_token = unguessable("eyJ")?;
        let refresh_token = offline.map(|_| unguessable("refresh-")).transpose()?;
        self.issued.insert(access_token.clone(), (principal, now + self.ttl));
        if let (Some(token), Some(consent)) = (&refresh_token, offline) {
            self.refresh.insert(token.clone(), consent.clone());
        }
        Ok(Grant { access_token, expires_in: self.ttl.as_secs(), refresh_token })
    }

    /// Makes tokens invalid; gives their number.
    pub(crate) fn revoke(&mut self, which: Revocation) -> usize {
        let mut count = 0;
        if which != Revocation::Pat {
            count += self.issued.len() + self.refresh.len();
            self.issued.clear();
            self.refresh.clear();
        }
        if which != Revocation::OAuth {
            count += self.personal.len();
            self.personal.clear();
        }
        count
    }

    /// Sets the life of tokens issued from now on.
    pub(crate) fn set_ttl(&mut self, ttl: Duration) {
        self.ttl = ttl;
    }
}

/// The token of `Authorization: Bearer ...`; the scheme is matched without case.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// User name and password of `Authorization: Basic ...`, percent-decoded as RFC 6749, section 2.3.1 wants it.
pub(crate) fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (user, password) = text.split_once(':')?;
    let decode = |part: &str| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned();
    Some((decode(user), decode(password)))
}

/// The name of the scheme in `Authorization`, for the journal. Never the credential.
pub(crate) fn scheme(headers: &HeaderMap) -> &'static str {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match value
        .and_then(|value| value.split_once(' '))
        .map(|(scheme, _)| scheme.to_ascii_lowercase())
        .as_deref()
    {
        Some("bearer") => "bearer",
        Some("basic") => "basic",
        Some(_) => "other",
        None if headers.contains_key(header::AUTHORIZATION) => "other",
        None => "none",
    }
}

/// 256 bits of the system's randomness.
fn unguessable(prefix: &str) -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())])
    }

    #[test]
    fn tokens_expire_at_their_time_and_not_before() {
        let now = Instant::now();
        let mut access = Access::default();
        access.set_ttl(Duration::from_secs(60));
        let grant = access.grant_to_client(now).unwrap();
        assert_eq!(grant.expires_in, 60);
        let headers = with(&format!("Bearer {}", grant.access_token));
        assert!(access.authenticate(&headers, now + Duration::from_secs(59)).is_ok());
        assert!(access.authenticate(&headers, now + Duration::from_secs(60)).is_err());
    }

    #[test]
    fn revoking_one_kind_leaves_the_other() {
        let now = Instant::now();
        let mut access = Access::default();
        let grant = access.grant_to_client(now).unwrap();
        let oauth = with(&format!("bearer {}", grant.access_token));
        let pat = with("Bearer emulator-token");
        access.revoke(Revocation::Pat);
        assert!(access.authenticate(&pat, now).is_err());
        assert!(access.authenticate(&oauth, now).is_ok());
        access.revoke(Revocation::OAuth);
        assert!(access.authenticate(&oauth, now).is_err());
    }

    #[test]
    fn codes_and_refresh_tokens_work_once() {
        let now = Instant::now();
        let mut access = Access::default();
        let consent = Consent {
            principal: &PRINCIPALS[0],
            client_id: CLIENT_ID.to_owned(),
            redirect_uri: "http://localhost:8020".to_owned(),
            code_challenge: String::new(),
            offline: true,
        };
        let code = access.consent(consent, now).unwrap();
        let consent = access.redeem(&code, now).unwrap();
        assert!(access.redeem(&code, now).is_none());
        let refresh = access.grant_to_person(&consent, now).unwrap().refresh_token.unwrap();
        assert!(access.rotate(&refresh).is_some());
        assert!(access.rotate(&refresh).is_none());
    }

    #[test]
    fn basic_credentials_are_decoded() {
        let header = format!("Basic {}", STANDARD.encode("emulator-client:a%3Ab"));
        assert_eq!(basic(&with(&header)), Some(("emulator-client".to_owned(), "a:b".to_owned())));
        assert_eq!(basic(&with("Basic !")), None);
    }
}
