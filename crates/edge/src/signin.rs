//! Sign-in with Databricks: OAuth authorization code with PKCE, and the session that follows.
//!
//! Everything that needs no cryptography beyond a hash, no network and no clock. The worker seals and opens what is
//! made here with AES-GCM; a sealed text says which key sealed it, so that keys can be replaced.
//! The flow: <https://docs.databricks.com/aws/en/dev-tools/auth/oauth-u2m>, RFC 6749, RFC 7636.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::problem::{self, Problem};
use crate::secret::Secret;

/// How long somebody may take at the workspace's sign-in page, in milliseconds.
pub const LOGIN_MS: f64 = 10.0 * 60_000.0;
/// How long a session cookie is good for; it is renewed while it is in use.
pub const COOKIE_MS: f64 = 3_600_000.0;
/// How long a session lasts at most, however much it is used: a working day.
pub const SESSION_MS: f64 = 12.0 * 3_600_000.0;
/// How long an isolate trusts what the database said about a session. A sign-out elsewhere takes effect after that.
pub const TRUST_MS: f64 = 30_000.0;
/// A token counts as expired this much early, as in the vendor's SDKs.
const EARLY_MS: f64 = 40_000.0;
/// Longest address to return to.
const MAX_RETURN: usize = 512;
/// Largest sealed text that is looked at.
const MAX_SEALED: usize = 16 << 10;

/// How people sign in.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// Id of the OAuth app that is registered with Databricks.
    pub client_id: String,
    /// Its secret; a public client has none.
    pub client_secret: Option<Secret>,
    /// What seals sessions.
    pub keys: SessionKeys,
}

/// Keys of AES-256-GCM: one that seals, and one from before that still opens.
#[derive(Debug, Clone)]
pub struct SessionKeys {
    current: SessionKey,
    previous: Option<SessionKey>,
}

/// One key with the id that sealed texts carry.
#[derive(Debug, Clone)]
pub struct SessionKey {
    /// Eight hexadecimal digits, from a hash of the key.
    pub id: String,
    /// The 32 bytes, in base64.
    secret: Secret,
}

impl SessionKey {
    /// Reads 32 bytes in base64 or base64url.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let bytes =
            STANDARD.decode(text).or_else(|_| URL_SAFE_NO_PAD.decode(text.trim_end_matches('='))).ok()?;
        let key: [u8; 32] = bytes.try_into().ok()?;
        let mut hash = Sha256::new_with_prefix(b"genie-handoff session key\n");
        hash.update(key);
        Some(Self { id: hex(hash.finalize().get(..4)?), secret: Secret::new(STANDARD.encode(key)) })
    }

    /// The 32 bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        STANDARD.decode(self.secret.expose()).unwrap_or_default()
    }
}

impl SessionKeys {
    /// Takes the key that seals and the one before it.
    ///
    /// # Errors
    /// The variable, and a sentence for the administrator without any part of its value.
    pub fn read(current: &str, previous: Option<&str>) -> Result<Self, (&'static str, &'static str)> {
        let help = "not 32 bytes in base64; make one with `openssl rand -base64 32`";
        let current = SessionKey::read(current).ok_or(("SESSION_KEY", help))?;
        let previous = previous
            .map(|text| SessionKey::read(text).ok_or(("SESSION_KEY_PREVIOUS", help)))
            .transpose()?
            .filter(|previous| previous.id != current.id);
        Ok(Self { current, previous })
    }

    /// The key that seals.
    #[must_use]
    pub fn current(&self) -> &SessionKey {
        &self.current
    }

    /// Takes a sealed text apart: the key that opens it, and the bytes (a nonce of 12, then the ciphertext).
    #[must_use]
    pub fn unwrap(&self, sealed: &str) -> Option<(&SessionKey, Vec<u8>)> {
        let (id, text) = sealed.split_once('.').filter(|_| sealed.len() <= MAX_SEALED)?;
        let key =
            [Some(&self.current), self.previous.as_ref()].into_iter().flatten().find(|key| key.id == id)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() > 12 + 16).then_some((key, bytes))
    }

    /// The text of sealed bytes.
    #[must_use]
    pub fn wrap(&self, bytes: &[u8]) -> String {
        format!("{}.{}", self.current.id, URL_SAFE_NO_PAD.encode(bytes))
    }
}

/// What the login cookie keeps while somebody is at the sign-in page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Login {
    /// What comes back with the code, so that an answer to another question is refused.
    pub state: String,
    /// The secret half of PKCE.
    pub verifier: String,
    /// Where to go afterwards.
    pub return_to: String,
    /// When it is too late, in milliseconds since 1970.
    pub until_ms: f64,
}

/// What the session cookie holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// The session's id. The database knows only its hash.
    pub id: String,
    /// When the cookie ends.
    pub until_ms: f64,
}

/// A person's tokens, as they are sealed into the database.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Tokens {
    /// The access token.
    pub access: String,
    /// When to stop using it, in milliseconds since 1970: somewhat before it ends.
    pub until_ms: f64,
    /// The next refresh token; it works once.
    #[serde(default)]
    pub refresh: Option<String>,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens(..)")
    }
}

impl Tokens {
    /// Reads the answer of the token endpoint. Without a new refresh token the old one stays good (RFC 6749, section 6).
    #[must_use]
    pub fn parse(body: &[u8], before: Option<&Self>, now_ms: f64) -> Option<Self> {
        #[derive(Deserialize)]
        struct Grant {
            access_token: String,
            #[serde(default)]
            expires_in: Option<f64>,
            #[serde(default)]
            refresh_token: Option<String>,
        }
        let grant: Grant = serde_json::from_slice(body).ok()?;
        let usable =
            |text: &str| !text.is_empty() && text.len() <= 8192 && text.bytes().all(|b| b.is_ascii_graphic());
        if !usable(&grant.access_token) {
            return None;
        }
        let life = grant.expires_in.filter(|s| s.is_finite() && *s >= 0.0).unwrap_or(3600.0) * 1000.0;
        // A token with a very short life serves for half of it, and never causes a refresh per request.
        let serves = (life - EARLY_MS).max(life / 2.0).max(1000.0);
        let refresh = grant.refresh_token.filter(|text| usable(text));
        Some(Self {
            access: grant.access_token,
            until_ms: now_ms + serves,
            refresh: refresh.or_else(|| before.and_then(|tokens| tokens.refresh.clone())),
        })
    }

    /// Whether the access token can still be sent.
    #[must_use]
    pub fn is_fresh(&self, now_ms: f64) -> bool {
        now_ms < self.until_ms
    }
}

/// The public half of PKCE: base64url of the SHA-256 of the verifier (RFC 7636, section 4.2).
#[must_use]
pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// A text of random bytes for a cookie or an address.
#[must_use]
pub fn token_text(random: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(random)
}

/// What the database knows a session by: the SHA-256 of its id, in hex. A copy of the table opens no session.
#[must_use]
pub fn session_key_of(id: &str) -> String {
    hex(&Sha256::digest(id.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The address of the workspace's sign-in page.
#[must_use]
pub fn authorize_url(upstream: &str, client_id: &str, redirect_uri: &str, login: &Login) -> String {
    format!(
        "{upstream}/oidc/v1/authorize?response_type=code&client_id={}&redirect_uri={}&scope=all-apis%20offline_access&state={}&code_challenge={}&code_challenge_method=S256",
        urlencoding::encode(client_id),
        urlencoding::encode(redirect_uri),
        login.state,
        challenge(&login.verifier),
    )
}

impl SignIn {
    /// The form that redeems a code.
    #[must_use]
    pub fn code_form(&self, code: &str, verifier: &str, redirect_uri: &str) -> Secret {
        Secret::new(format!(
            "grant_type=authorization_code&code={}&code_verifier={}&redirect_uri={}{}",
            urlencoding::encode(code),
            urlencoding::encode(verifier),
            urlencoding::encode(redirect_uri),
            self.client_part(),
        ))
    }

    /// The form that trades a refresh token for the next tokens.
    #[must_use]
    pub fn refresh_form(&self, refresh_token: &str) -> Secret {
        Secret::new(format!(
            "grant_type=refresh_token&refresh_token={}{}",
            urlencoding::encode(refresh_token),
            self.client_part(),
        ))
    }

    /// A public client names itself in the form; one with a secret does so in a header.
    fn client_part(&self) -> String {
        match self.client_secret {
            Some(_) => String::new(),
            None => format!("&client_id={}", urlencoding::encode(&self.client_id)),
        }
    }
}

/// Where to go after sign-in: the path of `return_to` in the raw query, default `/`.
///
/// Only a path of our own: a link to a sign-in must not lead to another site. What a browser makes of an odd address is
/// not left to chance, so backslashes, controls and a second slash at the start are refused, and so is a fragment, which
/// can carry a link's content and has no place in a request.
///
/// # Errors
/// A problem with status 400.
pub fn return_to(query: &str) -> Result<String, Problem> {
    let refused = || {
        Problem::new(
            problem::RETURN_REFUSED,
            "return_to is a path of this server, such as /plans, given once, without a fragment and at most 512 characters long.",
        )
    };
    let mut given = crate::route::values(query, "return_to");
    let (Some(value), None) = (given.next(), given.next()) else {
        let none = crate::route::values(query, "return_to").next().is_none();
        return if none { Ok("/".to_owned()) } else { Err(refused()) };
    };
    let path = urlencoding::decode(value).map_err(|_| refused())?;
    let own = path.starts_with('/')
        && !path.starts_with("//")
        && path.len() <= MAX_RETURN
        && path.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'\\' | b'#' | b'"' | b'<' | b'>'));
    // Back to the sign-in would go round in circles, and an answer of the API is no page.
    let page = !path.starts_with("/auth/") && !path.starts_with("/api/");
    if own && page { Ok(path.into_owned()) } else { Err(refused()) }
}

/// What the sign-in page sent back with the browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Returned {
    /// A code for the sign-in with this state.
    Code {
        /// To be redeemed once.
        code: String,
        /// As it was given to the sign-in page.
        state: String,
    },
    /// The person or the workspace said no.
    Refused,
    /// Nothing that makes sense.
    Malformed,
}

/// Reads the query of the callback. Text that came with an error is not looked at: anybody could have written it.
#[must_use]
pub fn returned(query: &str) -> Returned {
    let one = |name: &'static str| {
        let mut values = crate::route::values(query, name);
        let value = values.next().filter(|_| values.next().is_none()).filter(|text| text.len() <= 4096)?;
        urlencoding::decode(value).ok().map(std::borrow::Cow::into_owned).filter(|text| !text.is_empty())
    };
    match (one("code"), one("state"), one("error")) {
        (Some(code), Some(state), None) => Returned::Code { code, state },
        (_, _, Some(_)) => Returned::Refused,
        _ => Returned::Malformed,
    }
}

/// The two cookies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookie {
    /// While somebody is at the sign-in page.
    Login,
    /// Afterwards.
    Session,
}

impl Cookie {
    /// The cookie's name. Over https it has the prefix that binds it to this host, this path and https; a loopback
    /// server without https cannot use that.
    #[must_use]
    pub fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Login, true) => "__Host-genie_handoff_login",
            (Self::Login, false) => "genie_handoff_login",
            (Self::Session, true) => "__Host-genie_handoff_session",
            (Self::Session, false) => "genie_handoff_session",
        }
    }

    /// The cookie's value in a `Cookie` header; `None` when it is not there, or twice, which only an attacker does.
    #[must_use]
    pub fn find(self, header: &str, secure: bool) -> Option<&str> {
        let name = self.name(secure);
        let mut found = header
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(key, value)| *key == name && !value.is_empty())
            .map(|(_, value)| value);
        found.next().filter(|_| found.next().is_none())
    }

    /// A `Set-Cookie` that keeps `value` for `life_ms`. Lax and not Strict: the browser comes back from another site.
    #[must_use]
    pub fn set(self, value: &str, life_ms: f64, secure: bool) -> String {
        let secure_flag = if secure { "; Secure" } else { "" };
        let seconds = (life_ms / 1000.0).max(0.0) as u32;
        format!(
            "{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure_flag}",
            self.name(secure)
        )
    }

    /// A `Set-Cookie` that removes it.
    #[must_use]
    pub fn clear(self, secure: bool) -> String {
        self.set("", 0.0, secure)
    }
}

/// The person of `GET /api/2.0/preview/scim/v2/Me`: the caller's name here, and the name to show.
#[must_use]
pub fn person(body: &[u8]) -> Option<(String, String)> {
    #[derive(Deserialize)]
    struct Me {
        #[serde(rename = "userName")]
        user_name: String,
        #[serde(default, rename = "displayName")]
        display_name: Option<String>,
        #[serde(default)]
        active: Option<bool>,
    }
    let me: Me = serde_json::from_slice(body).ok()?;
    let usable = |text: &str| (1..=256).contains(&text.len()) && !text.chars().any(char::is_control);
    if !usable(&me.user_name) || me.active == Some(false) {
        return None;
    }
    let name = me.display_name.filter(|text| usable(text)).unwrap_or_else(|| me.user_name.clone());
    // User names are addresses, which Databricks compares without case.
    Some((format!("databricks:{}", me.user_name.to_lowercase()), name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    #[test]
    fn challenge_is_that_of_the_rfc() {
        // RFC 7636, appendix B.
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn only_own_paths_are_returned_to() {
        assert_eq!(return_to("").unwrap(), "/");
        assert_eq!(return_to("return_to=%2Fplans%3Fq%3Da").unwrap(), "/plans?q=a");
        assert_eq!(return_to("return_to=/plans").unwrap(), "/plans");
        for odd in [
            "",
            "https://evil.example",
            "//evil.example",
            "%2F%2Fevil.example",
            "/%5Cevil.example",
            "%5C%5Cevil",
            "javascript:alert(1)",
            "plans",
            "/a%0d%0aSet-Cookie:x",
            "/a%23context%3D1",
            "/%09/evil.example",
            "/auth/login",
            "/api/me",
            "%FF",
            "/é",
        ] {
            assert!(return_to(&format!("return_to={odd}")).is_err(), "{odd}");
        }
        assert!(return_to(&format!("return_to=/{}", "a".repeat(512))).is_err());
        assert!(return_to("return_to=/a&return_to=/b").is_err());
    }

    #[test]
    fn keys_are_replaced_without_ending_sessions() {
        let other = KEY.replace("AAEC", "AQEC");
        let before = SessionKeys::read(KEY, None).unwrap();
        let sealed = before.wrap(&[7; 40]);
        let after = SessionKeys::read(&other, Some(KEY)).unwrap();
        let (key, bytes) = after.unwrap(&sealed).unwrap();
        assert_eq!((key.id.as_str(), bytes.len()), (before.current().id.as_str(), 40));
        assert_eq!(key.bytes().len(), 32);
        assert!(SessionKeys::read(&other, None).unwrap().unwrap(&sealed).is_none(), "an unknown key");
        assert!(!format!("{after:?}").contains("AAEC"));
        let shorter: String = KEY.chars().take(40).collect();
        for bad in ["", "short", &shorter] {
            assert_eq!(SessionKeys::read(bad, None).unwrap_err().0, "SESSION_KEY");
            assert_eq!(SessionKeys::read(KEY, Some(bad)).unwrap_err().0, "SESSION_KEY_PREVIOUS");
        }
        for odd in ["", ".", "x.y", &before.wrap(&[7; 28]), &sealed.replace('.', "")] {
            assert!(before.unwrap(odd).is_none(), "{odd}");
        }
    }

    #[test]
    fn cookies_are_found_once_or_not_at_all() {
        let header = "a=b; genie_handoff_session=x.y; __Host-genie_handoff_session=z";
        assert_eq!(Cookie::Session.find(header, false), Some("x.y"));
        assert_eq!(Cookie::Session.find(header, true), Some("z"));
        assert_eq!(Cookie::Login.find(header, true), None);
        assert_eq!(Cookie::Session.find("genie_handoff_session=1; genie_handoff_session=2", false), None);
        assert_eq!(Cookie::Session.find("genie_handoff_session=", false), None);
        assert_eq!(
            Cookie::Session.set("v", COOKIE_MS, true),
            "__Host-genie_handoff_session=v; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure"
        );
        assert!(Cookie::Login.clear(false).contains("Max-Age=0"));
    }

    #[test]
    fn reads_what_comes_back() {
        let code =
            |code: &str, state: &str| Returned::Code { code: code.to_owned(), state: state.to_owned() };
        assert_eq!(returned("code=a%2Bb&state=s"), code("a+b", "s"));
        assert_eq!(returned("error=access_denied&state=s"), Returned::Refused);
        assert_eq!(returned("error=x&code=a&state=s"), Returned::Refused);
        for odd in
            ["", "code=a", "state=s", "code=&state=s", "code=a&code=b&state=s", "code=a&state=s&state=t"]
        {
            assert_eq!(returned(odd), Returned::Malformed, "{odd}");
        }
    }

    #[test]
    fn tokens_keep_the_refresh_token_that_still_works() {
        let first =
            Tokens::parse(br#"{"access_token":"a","expires_in":3600,"refresh_token":"r1"}"#, None, 0.0)
                .unwrap();
        assert!(first.is_fresh(3_559_999.0) && !first.is_fresh(3_560_000.0));
        let same = Tokens::parse(br#"{"access_token":"b"}"#, Some(&first), 0.0).unwrap();
        assert_eq!(same.refresh.as_deref(), Some("r1"));
        let next = Tokens::parse(br#"{"access_token":"b","refresh_token":"r2"}"#, Some(&first), 0.0).unwrap();
        assert_eq!(next.refresh.as_deref(), Some("r2"));
        for odd in [r#"{"access_token":""}"#, r#"{"access_token":"a b"}"#, "{}", "x"] {
            assert!(Tokens::parse(odd.as_bytes(), None, 0.0).is_none(), "{odd}");
        }
        let short = Tokens::parse(br#"{"access_token":"b","expires_in":10}"#, None, 0.0).unwrap();
        assert!(short.is_fresh(4_999.0) && !short.is_fresh(5_000.0));
        assert_eq!(format!("{first:?}"), "Tokens(..)");
    }

    #[test]
    fn forms_and_addresses_are_encoded() {
        let keys = SessionKeys::read(KEY, None).unwrap();
        let public = SignIn { client_id: "a b".to_owned(), client_secret: None, keys: keys.clone() };
        assert_eq!(
            public.code_form("c&d", "v", "http://x/auth/callback").expose(),
            "grant_type=authorization_code&code=c%26d&code_verifier=v&redirect_uri=http%3A%2F%2Fx%2Fauth%2Fcallback&client_id=a%20b"
        );
        let secret = Some(Secret::new("s".to_owned()));
        let private = SignIn { client_secret: secret, ..public };
        assert_eq!(private.refresh_form("r+").expose(), "grant_type=refresh_token&refresh_token=r%2B");
        let login = Login { state: "st".into(), verifier: "ve".into(), return_to: "/".into(), until_ms: 0.0 };
        let url = authorize_url("https://w", "a b", "https://h/auth/callback", &login);
        assert!(url.starts_with("https://w/oidc/v1/authorize?response_type=code&client_id=a%20b&redirect_uri=https%3A%2F%2Fh%2Fauth%2Fcallback&"));
        assert!(!url.contains("ve&") && url.contains("state=st&code_challenge="));
    }

    #[test]
    fn a_person_is_named_without_case() {
        assert_eq!(
            person(br#"{"userName":"Grace@Example.com","displayName":"Grace Hopper","active":true}"#),
            Some(("databricks:grace@example.com".to_owned(), "Grace Hopper".to_owned()))
        );
        assert_eq!(person(br#"{"userName":"g@x"}"#).map(|(_, name)| name), Some("g@x".to_owned()));
        for odd in
            [r#"{"userName":""}"#, r#"{"userName":"a","active":false}"#, r#"{"userName":"a\nb"}"#, "{}"]
        {
            assert_eq!(person(odd.as_bytes()), None);
        }
    }
}
