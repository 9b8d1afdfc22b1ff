//! The OAuth token of the service principal: when to use it, when to fetch a new one, who fetches.
//!
//! Stale and expired follow the vendor's SDKs: a token counts as expired 40 s early, and in the last
//! min(lifetime / 2, 20 min) it still serves while one request fetches the next. After a failed background fetch there
//! is a pause of a minute.

use serde::Deserialize;

use crate::secret::Secret;

const EARLY_MS: f64 = 40_000.0;
const STALE_MS: f64 = 20.0 * 60_000.0;
const PAUSE_MS: f64 = 60_000.0;
/// Shortest time between two fetches, so that very short lives do not cause one fetch per request.
const MIN_LIFE_MS: f64 = 1_000.0;

/// The token and the state of its renewal.
#[derive(Debug, Default)]
pub struct TokenCache {
    current: Option<Token>,
    fetching_until_ms: Option<f64>,
    background_after_ms: f64,
    failures: u64,
}

#[derive(Debug)]
struct Token {
    secret: Secret,
    stale_ms: f64,
    expires_ms: f64,
}

/// What a request does about the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Use it.
    Use(Secret),
    /// Use it, and fetch the next one meanwhile.
    UseAndFetch(Secret),
    /// Fetch one, then decide again.
    Fetch,
    /// Somebody is fetching: look again soon. The number is the count of failures so far; once it has grown, the fetch
    /// that was waited for has failed.
    Wait(u64),
}

impl TokenCache {
    /// Decides for a request at `now_ms`. With `Fetch` or `UseAndFetch` the caller has taken the duty to call
    /// [`TokenCache::store`] or [`TokenCache::fail`] within `deadline_ms` (a time, not a duration).
    pub fn decide(&mut self, now_ms: f64, deadline_ms: f64) -> Decision {
        let fetching = self.fetching_until_ms.is_some_and(|until| now_ms < until);
        if let Some(token) = &self.current
            && now_ms < token.expires_ms
        {
            if now_ms < token.stale_ms || fetching || now_ms < self.background_after_ms {
                return Decision::Use(token.secret.clone());
            }
            let secret = token.secret.clone();
            self.fetching_until_ms = Some(deadline_ms);
            return Decision::UseAndFetch(secret);
        }
        if fetching {
            return Decision::Wait(self.failures);
        }
        self.fetching_until_ms = Some(deadline_ms);
        Decision::Fetch
    }

    /// A new token that lives for `lifetime_s` seconds from now.
    pub fn store(&mut self, secret: Secret, lifetime_s: f64, now_ms: f64) {
        let lifetime = if lifetime_s.is_finite() { (lifetime_s * 1000.0).max(0.0) } else { 0.0 };
        let expires = (lifetime - EARLY_MS).max((lifetime / 2.0).max(MIN_LIFE_MS));
        let stale = (lifetime - STALE_MS.min(lifetime / 2.0)).min(expires);
        self.current = Some(Token { secret, stale_ms: now_ms + stale, expires_ms: now_ms + expires });
        self.fetching_until_ms = None;
        self.background_after_ms = 0.0;
    }

    /// The fetch failed. A token that still lives goes on serving.
    pub fn fail(&mut self, now_ms: f64) {
        self.failures += 1;
        self.fetching_until_ms = None;
        self.background_after_ms = now_ms + PAUSE_MS;
    }

    /// Databricks refused this very token: forget it, unless a newer one is already here.
    pub fn discard(&mut self, refused: &Secret) {
        if self.current.as_ref().is_some_and(|token| token.secret == *refused) {
            self.current = None;
        }
    }

    /// Gives the duty to fetch back unfulfilled.
    pub fn release(&mut self) {
        self.fetching_until_ms = None;
    }

    /// Failures so far; see [`Decision::Wait`].
    #[must_use]
    pub fn failures(&self) -> u64 {
        self.failures
    }
}

/// The answer of the token endpoint.
#[derive(Deserialize)]
struct Grant {
    access_token: String,
    #[serde(default = "hour")]
    expires_in: f64,
}

fn hour() -> f64 {
    3600.0
}

/// Reads the answer of the token endpoint: the token and its lifetime in seconds.
#[must_use]
pub fn parse_grant(body: &[u8]) -> Option<(Secret, f64)> {
    let grant: Grant = serde_json::from_slice(body).ok()?;
    let usable =
        !grant.access_token.is_empty() && grant.access_token.bytes().all(|byte| byte.is_ascii_graphic());
    usable.then(|| (Secret::new(grant.access_token), grant.expires_in))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[test]
    fn one_request_fetches_and_the_others_wait() {
        let mut cache = TokenCache::default();
        assert_eq!(cache.decide(0.0, 10_000.0), Decision::Fetch);
        assert_eq!(cache.decide(1.0, 10_001.0), Decision::Wait(0));
        cache.store(secret("t"), 3600.0, 2.0);
        assert_eq!(cache.decide(3.0, 0.0), Decision::Use(secret("t")));
    }

    #[test]
    fn a_fetch_that_never_returns_is_taken_over() {
        let mut cache = TokenCache::default();
        assert_eq!(cache.decide(0.0, 10_000.0), Decision::Fetch);
        assert_eq!(cache.decide(10_000.0, 20_000.0), Decision::Fetch);
    }

    #[test]
    fn waiting_requests_learn_of_a_failure() {
        let mut cache = TokenCache::default();
        assert_eq!(cache.decide(0.0, 10_000.0), Decision::Fetch);
        assert_eq!(cache.decide(1.0, 10_001.0), Decision::Wait(0));
        cache.fail(2.0);
        assert_eq!(cache.failures(), 1);
        assert_eq!(cache.decide(3.0, 10_003.0), Decision::Fetch, "the next request tries again");
    }

    #[test]
    fn an_old_token_serves_while_the_next_is_fetched() {
        let mut cache = TokenCache::default();
        cache.store(secret("old"), 3600.0, 0.0);
        let stale = 2_400_000.0;
        assert_eq!(cache.decide(stale - 1.0, 0.0), Decision::Use(secret("old")));
        assert_eq!(cache.decide(stale, stale + 10_000.0), Decision::UseAndFetch(secret("old")));
        assert_eq!(cache.decide(stale + 1.0, 0.0), Decision::Use(secret("old")));
        cache.fail(stale + 2.0);
        assert_eq!(cache.decide(stale + 3.0, 0.0), Decision::Use(secret("old")), "a pause after a failure");
        assert!(matches!(cache.decide(stale + 60_003.0, stale + 70_000.0), Decision::UseAndFetch(_)));
        assert_eq!(cache.decide(3_560_000.0, 3_570_000.0), Decision::Fetch, "expired 40 s early");
    }

    #[test]
    fn short_lives_do_not_cause_a_fetch_per_request() {
        for lifetime in [0.0, -5.0, f64::NAN, 1.0, 30.0, 60.0] {
            let mut cache = TokenCache::default();
            cache.store(secret("t"), lifetime, 0.0);
            assert!(
                matches!(cache.decide(1.0, 10_000.0), Decision::Use(_) | Decision::UseAndFetch(_)),
                "{lifetime}"
            );
            assert!(matches!(cache.decide(2.0, 10_000.0), Decision::Use(_)), "{lifetime}");
        }
    }

    #[test]
    fn only_the_refused_token_is_forgotten() {
        let mut cache = TokenCache::default();
        cache.store(secret("new"), 3600.0, 0.0);
        cache.discard(&secret("old"));
        assert_eq!(cache.decide(1.0, 0.0), Decision::Use(secret("new")));
        cache.discard(&secret("new"));
        assert_eq!(cache.decide(2.0, 10_000.0), Decision::Fetch);
    }

    #[test]
    fn reads_grants() {
        assert_eq!(
            parse_grant(br#"{"access_token":"a","token_type":"Bearer","expires_in":60}"#),
            Some((secret("a"), 60.0))
        );
        assert_eq!(parse_grant(br#"{"access_token":"a"}"#), Some((secret("a"), 3600.0)));
        for odd in [&b"{}"[..], b"", br#"{"access_token":""}"#, br#"{"access_token":"a\r\nb"}"#, b"<html>"] {
            assert_eq!(parse_grant(odd), None);
        }
    }
}
