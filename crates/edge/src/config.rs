//! Configuration from environment variables, checked once, every problem at once.

use databricks::SpaceId;
use thiserror::Error;

use crate::auth::{Callers, TokenList};
use crate::deploying::Deploying;
use crate::limit::Rate;
use crate::origin::{Origin, is_loopback_host};
use crate::roles::RoleTable;
use crate::secret::Secret;
use crate::signin::{SessionKeys, SignIn};
use crate::signing::Signing;

/// Everything the worker is told from outside.
#[derive(Debug, Clone)]
pub struct Config {
    /// Base address of the workspace, without a trailing slash.
    pub upstream: String,
    /// Whether the workspace is a stand-in on this machine.
    pub emulator: bool,
    /// How the worker proves itself to Databricks.
    pub credential: Credential,
    /// Who may call the worker.
    pub callers: Callers,
    /// What callers may do.
    pub roles: RoleTable,
    /// Whether the author of a version may not deploy it.
    pub two_people: bool,
    /// How often a caller may call.
    pub rates: Rates,
    /// How links are signed, if they are.
    pub signing: Option<Signing>,
    /// Origins of other sites whose pages may read answers.
    pub allowed_origins: Vec<String>,
    /// How plans are deployed.
    pub deploy: Deploying,
    /// Time and size limits.
    pub limits: Limits,
}

/// How the worker proves itself to Databricks.
#[derive(Debug, Clone)]
pub enum Credential {
    /// A personal access token.
    Token(Secret),
    /// A service principal: OAuth client credentials, exchanged for short-lived tokens.
    /// <https://docs.databricks.com/aws/en/dev-tools/auth/oauth-m2m>
    ServicePrincipal {
        /// The application id.
        client_id: String,
        /// Its secret.
        client_secret: Secret,
    },
}

/// How often one caller may call, per isolate. Not in open mode, unless it is configured there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// All requests. Wide, because one caller can be an application with many users.
    pub all: Rate,
    /// Requests that need more than a viewer, counted in addition.
    pub writes: Rate,
    /// Whether somebody has set one of the two.
    pub configured: bool,
}

impl Default for Rates {
    fn default() -> Self {
        Self { all: Rate::per_minute(6000, 6), writes: Rate::per_minute(120, 4), configured: false }
    }
}

/// Time and size limits. Times are milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// One outbound call, body included.
    pub attempt_ms: u32,
    /// All attempts for one answer together.
    pub total_ms: u32,
    /// How long a workspace that fails again and again is left alone at first.
    pub rest_ms: u32,
    /// How long the worker with plans may take until its answer begins. Longer than anything that it does.
    pub plans_ms: u32,
    /// How long an answer may be served again to the same caller; 0 switches the cache off.
    pub cache_ms: u32,
    /// Largest upstream answer in bytes.
    pub answer_bytes: u32,
    /// Largest request body in bytes.
    pub request_bytes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            attempt_ms: 10_000,
            total_ms: 25_000,
            rest_ms: 2_000,
            plans_ms: 60_000,
            cache_ms: 30_000,
            answer_bytes: 4 << 20,
            request_bytes: 16 << 10,
        }
    }
}

/// One thing that is wrong with the configuration. The text names variables and never their values.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{variable}: {problem}")]
pub struct ConfigProblem {
    /// The variable to look at.
    pub variable: &'static str,
    /// What is wrong and how to mend it.
    pub problem: &'static str,
}

/// Host names that Databricks serves workspaces from, beside loopback for the emulator.
const HOST_SUFFIXES: [&str; 7] = [
    ".cloud.databricks.com",
    ".gcp.databricks.com",
    ".azuredatabricks.net",
    ".databricks.us",
    ".databricks.azure.us",
    ".databricks.azure.cn",
    ".databricks.com",
];

impl Config {
    /// Reads the configuration through `lookup` (variable name to value; empty counts as not set).
    ///
    /// # Errors
    /// All problems at once, in the order in which the variables are documented.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<ConfigProblem>> {
        let lookup =
            |name: &str| lookup(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let mut problems = Vec::new();
        let mut note = |variable, problem| problems.push(ConfigProblem { variable, problem });

        let host = lookup("DATABRICKS_HOST").unwrap_or_default();
        let upstream = match workspace(&host) {
            Ok(upstream) => upstream,
            Err(problem) => {
                note("DATABRICKS_HOST", problem);
                (String::new(), false)
            }
        };

        let pair = (lookup("DATABRICKS_CLIENT_ID"), lookup("DATABRICKS_CLIENT_SECRET"));
        let credential = match (lookup("DATABRICKS_TOKEN"), pair) {
            (Some(token), (None, None)) => Some(Credential::Token(Secret::new(token))),
            (None, (Some(client_id), Some(client_secret))) => {
                Some(Credential::ServicePrincipal { client_id, client_secret: Secret::new(client_secret) })
            }
            (Some(_), _) => {
                note(
                    "DATABRICKS_TOKEN",
                    "a token and a client id or secret are both set; unset one kind, as Databricks' own SDKs demand",
                );
                None
            }
            (None, (None, None)) => {
                note(
                    "DATABRICKS_TOKEN",
                    "no credential; set DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET",
                );
                None
            }
            (None, (Some(_), None)) => {
                note("DATABRICKS_CLIENT_SECRET", "DATABRICKS_CLIENT_ID is set and its secret is not");
                None
            }
            (None, (None, Some(_))) => {
                note("DATABRICKS_CLIENT_ID", "DATABRICKS_CLIENT_SECRET is set and its client id is not");
                None
            }
        };

        let tokens = lookup("API_TOKENS").map(|list| TokenList::parse(&list));
        if let Some(Err(problem)) = &tokens {
            note("API_TOKENS", problem);
        }
        let access = match (lookup("ACCESS_TEAM_DOMAIN"), lookup("ACCESS_AUD")) {
            (Some(team), Some(audience)) => match crate::access::AccessConfig::new(&team, &audience) {
                Ok(access) => Some(access),
                Err(problem) => {
                    note("ACCESS_TEAM_DOMAIN", problem);
                    None
                }
            },
            (None, None) => None,
            (Some(_), None) => {
                note("ACCESS_AUD", "ACCESS_TEAM_DOMAIN is set; the application's audience tag is missing");
                None
            }
            (None, Some(_)) => {
                note("ACCESS_TEAM_DOMAIN", "ACCESS_AUD is set; the team domain is missing");
                None
            }
        };
        let sign_in = match sign_in(lookup) {
            Ok(sign_in) => sign_in,
            Err((variable, problem)) => {
                note(variable, problem);
                None
            }
        };
        let callers = Callers {
            tokens: tokens.and_then(Result::ok),
            access,
            sign_in,
            bound_to_loopback: lookup("LISTEN_HOST").is_some_and(|host| is_loopback_host(&host)),
        };

        let roles = match lookup("CALLER_ROLES").map(|list| RoleTable::parse(&list)) {
            Some(Ok(roles)) => roles,
            Some(Err(problem)) => {
                note("CALLER_ROLES", problem);
                RoleTable::default()
            }
            None => RoleTable::default(),
        };
        let two_people = match lookup("REQUIRE_TWO_PEOPLE").as_deref() {
            None | Some("0" | "false") => false,
            Some("1" | "true") => true,
            Some(_) => {
                note("REQUIRE_TWO_PEOPLE", "1 or 0");
                false
            }
        };

        let signing = match lookup("HANDOFF_SIGNING_KEY") {
            Some(key) => match Signing::read(&key, lookup("HANDOFF_PUBLIC_KEYS").as_deref()) {
                Ok(signing) => Some(signing),
                Err((variable, problem)) => {
                    note(variable, problem);
                    None
                }
            },
            None if lookup("HANDOFF_PUBLIC_KEYS").is_some() => {
                note(
                    "HANDOFF_SIGNING_KEY",
                    "HANDOFF_PUBLIC_KEYS is set; the key that signs new links is missing",
                );
                None
            }
            None => None,
        };

        let deploy = Deploying::read(lookup, &mut note);

        let mut allowed_origins = Vec::new();
        for entry in lookup("ALLOWED_ORIGINS").unwrap_or_default().split(',') {
            let entry = entry.trim().trim_end_matches('/');
            match (entry, Origin::split(entry)) {
                ("", _) => {}
                (_, Some((_, ""))) => allowed_origins.push(entry.to_owned()),
                _ => note(
                    "ALLOWED_ORIGINS",
                    "every entry is scheme://host or scheme://host:port; no path, no wildcard, no null",
                ),
            }
        }

        let mut limits = Limits::default();
        let mut number = |name: &'static str, slot: &mut u32, most: u32| {
            if let Some(text) = lookup(name) {
                match text.parse::<u32>() {
                    Ok(value) if value <= most => *slot = value,
                    _ => note(name, "a whole number of milliseconds within the documented range"),
                }
            }
        };
        number("UPSTREAM_TIMEOUT_MS", &mut limits.attempt_ms, 60_000);
        number("UPSTREAM_TOTAL_MS", &mut limits.total_ms, 120_000);
        number("UPSTREAM_REST_MS", &mut limits.rest_ms, 30_000);
        number("PLANS_TIMEOUT_MS", &mut limits.plans_ms, 300_000);
        number("CACHE_TTL_MS", &mut limits.cache_ms, 3_600_000);
        let mut rates = Rates::default();
        for (name, slot, part) in
            [("RATE_LIMIT", &mut rates.all, 6), ("RATE_LIMIT_WRITES", &mut rates.writes, 4)]
        {
            match lookup(name).map(|text| text.parse::<u32>()) {
                Some(Ok(per_minute)) => {
                    *slot = Rate::per_minute(per_minute, part);
                    rates.configured = true;
                }
                Some(Err(_)) => note(name, "a whole number of requests per minute; 0 is no limit"),
                None => {}
            }
        }

        match (problems.is_empty(), credential) {
            (true, Some(credential)) => Ok(Self {
                upstream: upstream.0,
                emulator: upstream.1,
                credential,
                callers,
                deploy,
                roles,
                two_people,
                rates,
                signing,
                allowed_origins,
                limits,
            }),
            _ => Err(problems),
        }
    }

    /// The address of the data-rooms API for a space.
    #[must_use]
    pub fn data_room_url(&self, space: &SpaceId) -> String {
        format!("{}/api/2.0/data-rooms/{space}", self.upstream)
    }

    /// The address of the public API for a space, asking for its tables.
    #[must_use]
    pub fn public_space_url(&self, space: &SpaceId) -> String {
        format!("{}/api/2.0/genie/spaces/{space}?include_serialized_space=true", self.upstream)
    }

    /// The OAuth token endpoint of the workspace.
    #[must_use]
    pub fn token_url(&self) -> String {
        format!("{}/oidc/v1/token", self.upstream)
    }
}

/// How people sign in, if they do; or the variable that is wrong, and why.
fn sign_in(lookup: impl Fn(&str) -> Option<String>) -> Result<Option<SignIn>, (&'static str, &'static str)> {
    let key = lookup("SESSION_KEY");
    let Some(client_id) = lookup("OAUTH_CLIENT_ID") else {
        return match (lookup("OAUTH_CLIENT_SECRET"), key) {
            (None, None) => Ok(None),
            _ => Err((
                "OAUTH_CLIENT_ID",
                "OAUTH_CLIENT_SECRET or SESSION_KEY is set; the client id is missing",
            )),
        };
    };
    let Some(key) = key else {
        return Err((
            "SESSION_KEY",
            "OAUTH_CLIENT_ID is set; the key that encrypts sessions is missing; make one with `openssl rand -base64 32`",
        ));
    };
    let keys = SessionKeys::read(&key, lookup("SESSION_KEY_PREVIOUS").as_deref())?;
    Ok(Some(SignIn { client_id, client_secret: lookup("OAUTH_CLIENT_SECRET").map(Secret::new), keys }))
}

/// Reduces a pasted host to scheme and host, and tells whether it is this machine.
fn workspace(host: &str) -> Result<(String, bool), &'static str> {
    if host.is_empty() {
        return Err("not set; the address of the workspace, https://<name>.cloud.databricks.com");
    }
    // A bare host is how people often write it; the vendor's SDKs add the scheme as well.
    let address = if host.contains("://") { host.to_owned() } else { format!("https://{host}") };
    let Some((origin, _)) = Origin::split(&address) else {
        return Err("not an address; https://<name>.cloud.databricks.com");
    };
    let name = origin.host.to_ascii_lowercase();
    let port = origin.port.map(|port| format!(":{port}")).unwrap_or_default();
    if origin.is_loopback() {
        return Ok((format!("{}://{name}{port}", origin.scheme), true));
    }
    if origin.scheme != "https" {
        return Err("http is accepted for this machine only; use https");
    }
    if !HOST_SUFFIXES.iter().any(|suffix| name.ends_with(suffix)) {
        return Err("not a Databricks host name; the credential would go to a stranger");
    }
    if !port.is_empty() && port != ":443" {
        return Err("a workspace is served on port 443");
    }
    Ok((format!("https://{name}"), false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, Vec<ConfigProblem>> {
        Config::read(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    fn variables(pairs: &[(&str, &str)]) -> Vec<&'static str> {
        read(pairs).err().unwrap_or_default().into_iter().map(|problem| problem.variable).collect()
    }

    const HOST: (&str, &str) = ("DATABRICKS_HOST", "https://x.cloud.databricks.com");
    const TOKEN: (&str, &str) = ("DATABRICKS_TOKEN", "dapi-secret");

    #[test]
    fn reduces_a_pasted_host() {
        for (given, base, emulator) in [
            ("https://X.cloud.databricks.com/?o=123", "https://x.cloud.databricks.com", false),
            ("x.azuredatabricks.net", "https://x.azuredatabricks.net", false),
            ("https://x.gcp.databricks.com:443/", "https://x.gcp.databricks.com", false),
            ("http://127.0.0.1:8788", "http://127.0.0.1:8788", true),
            ("http://localhost:8788/", "http://localhost:8788", true),
        ] {
            let config = read(&[("DATABRICKS_HOST", given), TOKEN]).unwrap();
            assert_eq!((config.upstream.as_str(), config.emulator), (base, emulator));
        }
    }

    #[test]
    fn refuses_strangers_and_plain_http() {
        for host in [
            "http://x.cloud.databricks.com",
            "https://evil.example",
            "https://x.cloud.databricks.com.evil.example",
            "https://a@x.cloud.databricks.com",
            "https://x.cloud.databricks.com:8443",
            "ftp://x",
        ] {
            assert_eq!(variables(&[("DATABRICKS_HOST", host), TOKEN]), ["DATABRICKS_HOST"], "{host}");
        }
    }

    #[test]
    fn both_kinds_of_credential_are_an_error() {
        assert_eq!(
            variables(&[HOST, TOKEN, ("DATABRICKS_CLIENT_ID", "i"), ("DATABRICKS_CLIENT_SECRET", "s")]),
            ["DATABRICKS_TOKEN"]
        );
        assert_eq!(variables(&[HOST, ("DATABRICKS_CLIENT_ID", "i")]), ["DATABRICKS_CLIENT_SECRET"]);
        assert_eq!(variables(&[HOST, ("DATABRICKS_CLIENT_SECRET", "s")]), ["DATABRICKS_CLIENT_ID"]);
        assert!(read(&[HOST, ("DATABRICKS_CLIENT_ID", "i"), ("DATABRICKS_CLIENT_SECRET", "s")]).is_ok());
    }

    #[test]
    fn reports_everything_at_once_and_no_value() {
        let problems = read(&[
            ("DATABRICKS_HOST", "http://secret.example"),
            ("API_TOKENS", "alice:secret"),
            ("ALLOWED_ORIGINS", "https://ok.example,*,null,https://a.example/path"),
            ("ACCESS_AUD", "secret"),
            ("UPSTREAM_TIMEOUT_MS", "soon"),
        ])
        .unwrap_err();
        let names: Vec<_> = problems.iter().map(|problem| problem.variable).collect();
        assert_eq!(
            names,
            [
                "DATABRICKS_HOST",
                "DATABRICKS_TOKEN",
                "API_TOKENS",
                "ACCESS_TEAM_DOMAIN",
                "ALLOWED_ORIGINS",
                "ALLOWED_ORIGINS",
                "ALLOWED_ORIGINS",
                "UPSTREAM_TIMEOUT_MS"
            ]
        );
        assert!(!format!("{problems:?}").contains("secret"));
    }

    #[test]
    fn sign_in_needs_its_key() {
        let key = ("SESSION_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
        let id = ("OAUTH_CLIENT_ID", "app");
        assert!(read(&[HOST, TOKEN, id, key]).unwrap().callers.sign_in.is_some());
        assert_eq!(variables(&[HOST, TOKEN, id]), ["SESSION_KEY"]);
        assert_eq!(variables(&[HOST, TOKEN, key]), ["OAUTH_CLIENT_ID"]);
        assert_eq!(variables(&[HOST, TOKEN, id, ("SESSION_KEY", "short")]), ["SESSION_KEY"]);
    }

    #[test]
    fn roles_and_rates_are_checked() {
        assert_eq!(variables(&[HOST, TOKEN, ("CALLER_ROLES", "x:boss")]), ["CALLER_ROLES"]);
        assert_eq!(variables(&[HOST, TOKEN, ("REQUIRE_TWO_PEOPLE", "yes")]), ["REQUIRE_TWO_PEOPLE"]);
        assert_eq!(variables(&[HOST, TOKEN, ("RATE_LIMIT", "-1")]), ["RATE_LIMIT"]);
        let config = read(&[HOST, TOKEN, ("RATE_LIMIT_WRITES", "8")]).unwrap();
        assert_eq!(config.rates.writes, Rate { per_minute: 8, burst: 2 });
        assert!(config.rates.configured && !config.two_people);
    }

    #[test]
    fn debug_hides_the_credential() {
        let secrets = [
            ("OAUTH_CLIENT_ID", "app"),
            ("OAUTH_CLIENT_SECRET", "dose-secret"),
            ("SESSION_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
        ];
        let config = read(&[&[HOST, TOKEN], &secrets[..]].concat()).unwrap();
        for secret in ["dapi-secret", "dose-secret", "AAECAwQF"] {
            assert!(!format!("{config:?}").contains(secret));
        }
    }
}
