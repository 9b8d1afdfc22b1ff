//! Finds what looks personal or secret in free text, to warn the person before a link is made.
//!
//! The finders are simple on purpose: they warn, they decide nothing. What they find is never repeated in a message.

use super::letters::is_letter_or_digit;
use crate::issue::Span;

/// What a part of a text looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finding {
    Email,
    Phone,
    Card,
    Secret,
}

impl Finding {
    pub fn code(self) -> &'static str {
        match self {
            Self::Email => "personal_email",
            Self::Phone => "personal_phone",
            Self::Card => "personal_card",
            Self::Secret => "secret_token",
        }
    }

    pub fn describe(self) -> &'static str {
        match self {
            Self::Email => "an e-mail address",
            Self::Phone => "a telephone number",
            Self::Card => "a payment card number",
            Self::Secret => "an access token or key",
        }
    }
}

/// Starts of well-known tokens, and how many token characters must follow.
const TOKEN_HEADS: [(&str, usize); 11] = [
    ("dapi", 32),
    ("dose", 32),
    ("eyJ", 20),
    ("AKIA", 16),
    ("ASIA", 16),
    ("ghp_", 30),
    ("github_pat_", 30),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("sk-", 24),
    ("sk_live_", 16),
];

/// Everything in `text` that looks personal or secret, in order, without overlaps.
pub(crate) fn find(text: &str) -> Vec<(Finding, Span)> {
    let mut found: Vec<(Finding, usize, usize)> = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let Some(first) = rest.chars().next() else { break };
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let starts_word = !before.is_some_and(|c| is_letter_or_digit(c) || c == '_');
        let hit =
            if starts_word { token(rest).or_else(|| digits(rest)).or_else(|| email(rest)) } else { None };
        match hit {
            Some((finding, length)) => {
                found.push((finding, at, at + length));
                at += length;
            }
            None => at += first.len_utf8(),
        }
    }
    found
        .into_iter()
        .map(|(finding, start, end)| (finding, Span { start: utf16(text, start), end: utf16(text, end) }))
        .collect()
}

fn utf16(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or_default().chars().map(char::len_utf16).sum()
}

fn run(text: &str, is: fn(u8) -> bool) -> usize {
    text.bytes().position(|b| !is(b)).unwrap_or(text.len())
}

fn token(text: &str) -> Option<(Finding, usize)> {
    if text.starts_with("-----BEGIN ") && text.as_bytes().windows(16).any(|b| b == b"PRIVATE KEY-----") {
        return Some((Finding::Secret, text.len()));
    }
    TOKEN_HEADS.iter().find_map(|(head, least)| {
        let tail = text.strip_prefix(head)?;
        let length = run(tail, |b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
        let whole = head.len() + length;
        (length >= *least).then_some((Finding::Secret, whole))
    })
}

fn email(text: &str) -> Option<(Finding, usize)> {
    let local = run(text, |b| {
        b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'%' | b'+' | b'-') || b >= 0x80
    });
    let domain = text.get(local..)?.strip_prefix('@')?;
    let length = run(domain, |b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-') || b >= 0x80);
    let domain = domain.get(..length)?.trim_end_matches(['.', '-']);
    let (host, top) = domain.rsplit_once('.')?;
    (local > 0 && !host.is_empty() && top.len() >= 2).then_some((Finding::Email, local + 1 + domain.len()))
}

/// Card and telephone numbers: digits in groups.
fn digits(text: &str) -> Option<(Finding, usize)> {
    let plus = usize::from(text.starts_with('+'));
    let length = run(text.get(plus..)?, |b| {
        b.is_ascii_digit() || matches!(b, b' ' | b'-' | b'.' | b'(' | b')' | b'/')
    });
    let body = text.get(plus..plus + length)?;
    // Without what follows the last digit.
    let last = body.bytes().rposition(|b| b.is_ascii_digit()).map_or(0, |at| at + 1);
    let body = body.get(..last)?;
    let (mut count, mut groups, mut within, mut other) = (0_usize, 0, false, false);
    for byte in body.bytes() {
        let digit = byte.is_ascii_digit();
        count += usize::from(digit);
        groups += usize::from(digit && !within);
        within = digit;
        other |= matches!(byte, b'(' | b'/' | b'.');
    }
    let whole = plus + body.len();
    if plus == 0 && (13..=19).contains(&count) && !other && luhn(body) {
        return Some((Finding::Card, whole));
    }
    let phone = match plus {
        1 => (8..=15).contains(&count),
        _ => (9..=15).contains(&count) && groups >= 3 && body.starts_with(['0', '(']),
    };
    phone.then_some((Finding::Phone, whole))
}

/// The check digit rule of payment cards (ISO/IEC 7812-1).
fn luhn(text: &str) -> bool {
    let (mut sum, mut all, mut double) = (0, 0, false);
    for byte in text.bytes().rev().filter(u8::is_ascii_digit) {
        let digit = u32::from(byte & 15);
        sum += if double { digit * 2 / 10 + digit * 2 % 10 } else { digit };
        all |= digit;
        double = !double;
    }
    sum % 10 == 0 && all != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(Finding, &str)]) {
        let units: Vec<u16> = text.encode_utf16().collect();
        let found: Vec<_> = find(text)
            .into_iter()
            .map(|(f, s)| (f, String::from_utf16(&units[s.start..s.end]).unwrap()))
            .collect();
        assert_eq!(found, expected.iter().map(|(f, s)| (*f, (*s).to_owned())).collect::<Vec<_>>());
    }

    #[test]
    fn finds_what_is_personal() {
        check(
            "😀 mail jane.doe+x@example.co.uk, or bob@müller.example.",
            &[(Finding::Email, "jane.doe+x@example.co.uk"), (Finding::Email, "bob@müller.example")],
        );
        check(
            "call +44 20 7946 0958 or (020) 7946 0958!",
            &[(Finding::Phone, "+44 20 7946 0958"), (Finding::Phone, "(020) 7946 0958")],
        );
        check("card 4111 1111 1111 1111", &[(Finding::Card, "4111 1111 1111 1111")]);
        let token = format!("dapi{}", "0123456789abcdef".repeat(2));
        check(&format!("use {token} please"), &[(Finding::Secret, &token)]);
        check("jwt eyJhbGciOiJFZERTQSJ9.e30.c2ln", &[(Finding::Secret, "eyJhbGciOiJFZERTQSJ9.e30.c2ln")]);
    }

    #[test]
    fn leaves_ordinary_words_alone() {
        for text in [
            "from 2024-01-01 to 2024-12-31",
            "top 1,000,000 rows",
            "a@b",
            "15 October 2025 10:00",
            "@team",
            "4111 1111 1111 1112",
            "table a.b.c_2024",
            "desk-top",
        ] {
            check(text, &[]);
        }
    }
}
