//! Scheme, host and port of an address, as far as security decisions need them.

/// The parts of an absolute http(s) address that decide where a request goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin<'a> {
    /// `http` or `https`.
    pub scheme: &'a str,
    /// Host without port; an IPv6 address keeps its brackets.
    pub host: &'a str,
    /// Port as written, if any.
    pub port: Option<&'a str>,
}

impl<'a> Origin<'a> {
    /// Splits `address`; the second part is everything from the path on.
    ///
    /// User names, other schemes, empty hosts and characters that have no place in a host are refused (`None`).
    #[must_use]
    pub fn split(address: &'a str) -> Option<(Self, &'a str)> {
        let (scheme, rest) = address.split_once("://")?;
        if !matches!(scheme, "http" | "https") {
            return None;
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at_checked(end)?;
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (authority, None),
        };
        let host_ok = !host.is_empty()
            && host
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'[' | b']' | b':'));
        let ipv6 = host.starts_with('[') && host.ends_with(']');
        let port_ok = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
        (host_ok && port_ok && (ipv6 || !host.contains([':', '[', ']'])))
            .then_some((Self { scheme, host, port }, tail))
    }

    /// Whether the host can only be this machine. Names other than `localhost` are not looked up.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback_host(self.host)
    }
}

/// Whether `host` (no port) is `localhost`, `127.0.0.0/8` or `[::1]`.
#[must_use]
pub fn is_loopback_host(host: &str) -> bool {
    if host.eq_ignore_ascii_case("localhost") || host == "[::1]" || host == "::1" {
        return true;
    }
    host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_addresses() {
        let (origin, tail) = Origin::split("http://127.0.0.1:8787/api?x=1").unwrap();
        assert_eq!(
            (origin.scheme, origin.host, origin.port, tail),
            ("http", "127.0.0.1", Some("8787"), "/api?x=1")
        );
        let (origin, tail) = Origin::split("https://[::1]:80").unwrap();
        assert_eq!((origin.host, origin.port, tail), ("[::1]", Some("80"), ""));
    }

    #[test]
    fn refuses_what_hides_a_host() {
        for odd in [
            "ftp://a/",
            "a.example",
            "https://",
            "https://user@evil/",
            "https://a:b@c/",
            "https://a:0/",
            "https://a:99999/",
            "https://a b/",
            "https://ä.example/",
            "https://a\\b/",
            "https://::1/",
        ] {
            assert_eq!(Origin::split(odd), None, "{odd}");
        }
    }

    #[test]
    fn loopback_is_this_machine_only() {
        for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "[::1]"] {
            assert!(is_loopback_host(host), "{host}");
        }
        for host in ["0.0.0.0", "localhost.evil.example", "127.0.0.1.evil.example", "128.0.0.1", "", "127.1"]
        {
            assert!(!is_loopback_host(host), "{host}");
        }
    }
}
