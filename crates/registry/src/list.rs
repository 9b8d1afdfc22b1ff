//! Queries of lists: filters, pages, and the opaque token of the next page.
//!
//! Pages follow keys, not positions: the token holds the keys of the last row, so a row that comes or goes meanwhile
//! neither repeats nor hides another. It also holds which list with which filters it belongs to.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use thiserror::Error;

use crate::hex::sha256_hex;

/// Rows of a page when the query does not say.
pub const DEFAULT_PAGE: u32 = 50;
/// Most rows of a page.
pub const MAX_PAGE: u32 = 100;
/// Longest value of a filter, in characters.
const MAX_VALUE_CHARS: usize = 256;
/// Longest token, in characters.
const MAX_TOKEN_CHARS: usize = 1024;
/// Most words of a search.
const MAX_WORDS: usize = 5;

/// What is wrong with the query of a list.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ListError {
    /// A parameter that the list does not have. A filter that is misspelt must not show everything.
    #[error("The list has no parameter `{0}`")]
    Unknown(String),
    /// A parameter that is there twice.
    #[error("`{0}` is there more than once")]
    Repeated(String),
    /// A value that is not text, or too long.
    #[error("The value of `{0}` cannot be read")]
    Unreadable(String),
    /// A value that the parameter does not take.
    #[error("`{name}` is {expected}")]
    Value {
        /// The parameter.
        name: &'static str,
        /// What it takes.
        expected: &'static str,
    },
    /// A page size out of range.
    #[error("page_size is a whole number from 1 to 100")]
    Size,
    /// A token of another list, of other filters, or none of ours.
    #[error("page_token is the next_page_token of the page before, with the same filters")]
    Token,
}

impl ListError {
    /// A stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Size | Self::Token => "page_malformed",
            _ => "query_malformed",
        }
    }
}

/// The parameters of a list, decoded, each at most once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    list: String,
    filters: BTreeMap<&'static str, String>,
    size: u32,
    token: Option<String>,
}

impl Query {
    /// Reads the raw query of the list named `list`, which has the filters `known` beside `page_size` and
    /// `page_token`. Empty values count as not given.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn read(list: &str, known: &[&'static str], raw: &str) -> Result<Self, ListError> {
        let mut filters = BTreeMap::new();
        let mut size = None;
        let mut token = None;
        for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let shown = || name.chars().take(40).collect::<String>();
            let spaced = value.replace('+', " ");
            let value =
                urlencoding::decode(&spaced).map_err(|_| ListError::Unreadable(shown()))?.into_owned();
            let repeated = match name {
                "page_size" => size.replace(value).is_some(),
                "page_token" => token.replace(value).is_some(),
                _ => {
                    let Some(name) = known.iter().find(|known| **known == name) else {
                        return Err(ListError::Unknown(shown()));
                    };
                    if value.chars().count() > MAX_VALUE_CHARS || value.contains(char::is_control) {
                        return Err(ListError::Unreadable(shown()));
                    }
                    filters.insert(*name, value).is_some()
                }
            };
            if repeated {
                return Err(ListError::Repeated(shown()));
            }
        }
        filters.retain(|_, value: &mut String| !value.trim().is_empty());
        let size = match size.as_deref() {
            None | Some("") => DEFAULT_PAGE,
            Some(text) => {
                let digits = text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit());
                let size = text.parse().ok().filter(|size| digits && (1..=MAX_PAGE).contains(size));
                size.ok_or(ListError::Size)?
            }
        };
        Ok(Self { list: list.to_owned(), filters, size, token: token.filter(|token| !token.is_empty()) })
    }

    /// The value of a filter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.filters.get(name).map(String::as_str)
    }

    /// The value of a filter that takes one of `choices`.
    ///
    /// # Errors
    /// Another value; `expected` says what the filter takes.
    pub fn one_of(
        &self,
        name: &'static str,
        choices: &[&str],
        expected: &'static str,
    ) -> Result<Option<&str>, ListError> {
        match self.get(name) {
            Some(value) if !choices.contains(&value) => Err(ListError::Value { name, expected }),
            value => Ok(value),
        }
    }

    /// The words of the search `q`, in lower case; each has to be found. At most five count.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let text = self.get("q").unwrap_or_default().to_lowercase();
        text.split_whitespace().take(MAX_WORDS).map(str::to_owned).collect()
    }

    /// Rows of the page.
    #[must_use]
    pub fn size(&self) -> u32 {
        self.size
    }

    /// The keys that the page begins behind; `None` for the first page.
    ///
    /// # Errors
    /// A token that is not of this list, these filters and this number of keys.
    pub fn after<const N: usize>(&self) -> Result<Option<[String; N]>, ListError> {
        let Some(token) = &self.token else { return Ok(None) };
        if token.len() > MAX_TOKEN_CHARS {
            return Err(ListError::Token);
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| ListError::Token)?;
        let mut parts: Vec<String> = serde_json::from_slice(&bytes).map_err(|_| ListError::Token)?;
        if parts.is_empty() || parts.remove(0) != self.identity() {
            return Err(ListError::Token);
        }
        parts.try_into().map(Some).map_err(|_| ListError::Token)
    }

    /// The token of the page behind a row with these keys.
    #[must_use]
    pub fn next_token(&self, keys: &[&str]) -> String {
        let identity = self.identity();
        let parts: Vec<&str> = std::iter::once(identity.as_str()).chain(keys.iter().copied()).collect();
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&parts).unwrap_or_default())
    }

    /// Names the list with its filters, so that a token works for no other.
    fn identity(&self) -> String {
        let text = serde_json::to_string(&(&self.list, &self.filters)).unwrap_or_default();
        let mut hash = sha256_hex(text.as_bytes());
        hash.truncate(12);
        hash
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KNOWN: &[&str] = &["q", "state"];

    #[test]
    fn filters_are_decoded() {
        let query = Query::read("plans", KNOWN, "q=Sales%20Daily+x&state=&page_size=7").unwrap();
        assert_eq!(query.words(), ["sales", "daily", "x"]);
        assert_eq!((query.get("state"), query.size()), (None, 7));
        assert_eq!(query.after::<1>(), Ok(None));
        assert_eq!(Query::read("plans", KNOWN, "").unwrap().size(), DEFAULT_PAGE);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let code = |raw: &str| Query::read("plans", KNOWN, raw).unwrap_err().code();
        for raw in ["stat=draft", "q=a&q=b", "q=%ff", "q=%00", "%71=a"] {
            assert_eq!(code(raw), "query_malformed", "{raw}");
        }
        for raw in ["page_size=0", "page_size=101", "page_size=-1", "page_size=1e1", "page_size=%2B1"] {
            assert_eq!(code(raw), "page_malformed", "{raw}");
        }
        assert_eq!(code(&format!("q={}", "a".repeat(257))), "query_malformed");
        let query = Query::read("plans", KNOWN, "state=nope").unwrap();
        assert!(query.one_of("state", &["draft"], "draft").is_err());
    }

    #[test]
    fn a_token_belongs_to_its_list_and_filters() {
        let page = |list: &str, raw: &str| Query::read(list, KNOWN, raw).unwrap();
        let token = page("plans", "q=a").next_token(&["2026", "p"]);
        let keys = page("plans", &format!("page_token={token}&q=a&page_size=3")).after::<2>();
        assert_eq!(keys, Ok(Some(["2026".to_owned(), "p".to_owned()])));
        for (list, raw) in [("plans", "q=b"), ("plans", ""), ("runs", "q=a")] {
            let other = page(list, &format!("{raw}&page_token={token}"));
            assert_eq!(other.after::<2>(), Err(ListError::Token), "{list} {raw}");
        }
        assert_eq!(page("plans", &format!("q=a&page_token={token}")).after::<1>(), Err(ListError::Token));
    }

    proptest! {
        #[test]
        fn any_query_is_read_or_refused(raw in "\\PC{0,200}") {
            if let Ok(query) = Query::read("plans", KNOWN, &raw) {
                let _ = query.after::<2>();
                prop_assert!((1..=MAX_PAGE).contains(&query.size()));
            }
        }

        #[test]
        fn tokens_carry_any_keys(keys in proptest::collection::vec("\\PC{0,20}", 2)) {
            let query = Query::read("plans", KNOWN, "").unwrap();
            let token = query.next_token(&keys.iter().map(String::as_str).collect::<Vec<_>>());
            let next = Query::read("plans", KNOWN, &format!("page_token={token}")).unwrap();
            prop_assert_eq!(next.after::<2>().unwrap().unwrap().to_vec(), keys);
        }
    }
}
