//! Headers that every answer carries, and which other sites may read answers.

/// On every answer.
const COMMON: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("strict-transport-security", "max-age=31536000; includeSubDomains"),
    ("vary", "Origin"),
];

/// On answers of the API: nothing may be stored on the way, nothing may be embedded.
pub const API: [(&str, &str); 6] = [
    COMMON[0],
    COMMON[1],
    COMMON[2],
    COMMON[3],
    // Cloudflare may serve a cached answer without running the worker, and then nobody is asked who calls.
    ("cache-control", "private, no-store"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
];

/// On pages and files of the user interface: own scripts and WebAssembly, nothing inline, nothing from elsewhere.
pub const PAGE: [(&str, &str); 7] = [
    COMMON[0],
    COMMON[1],
    COMMON[2],
    COMMON[3],
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// Answers to a preflight, beside `access-control-allow-origin`.
pub const PREFLIGHT: [(&str, &str); 3] = [
    ("access-control-allow-methods", "GET, HEAD, POST, PUT, DELETE, OPTIONS"),
    (
        "access-control-allow-headers",
        "authorization, content-type, cache-control, if-match, if-none-match, idempotency-key",
    ),
    ("access-control-max-age", "600"),
];

/// What pages of other sites may read beside the body.
pub const EXPOSED: &str = "x-request-id, retry-after, etag, location, idempotent-replayed";

/// Whether answers may be read by pages of `origin`: an exact match, never `*`, `null` or a pattern.
#[must_use]
pub fn is_allowed_origin(allowed: &[String], origin: &str) -> bool {
    allowed.iter().any(|entry| entry == origin)
}

/// Whether `origin` is the server's own, as seen in the address that was called.
#[must_use]
pub fn is_own_origin(url: &str, origin: &str) -> bool {
    url.strip_prefix(origin).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_match_whole_or_not_at_all() {
        let allowed = ["https://app.example".to_owned()];
        assert!(is_allowed_origin(&allowed, "https://app.example"));
        for origin in [
            "https://app.example.evil.example",
            "http://app.example",
            "null",
            "*",
            "",
            "https://app.example/",
        ] {
            assert!(!is_allowed_origin(&allowed, origin), "{origin}");
        }
    }

    #[test]
    fn own_origin_is_the_whole_host() {
        assert!(is_own_origin("http://127.0.0.1:8787/api", "http://127.0.0.1:8787"));
        assert!(!is_own_origin("http://127.0.0.1:87870/api", "http://127.0.0.1:8787"));
        assert!(!is_own_origin("http://127.0.0.1:8787/api", "http://127.0.0.1"));
    }
}
