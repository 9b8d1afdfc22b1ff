//! What people paste to name a Genie space.

use std::fmt;

use thiserror::Error;

use crate::space_id::with_number;
use crate::{SpaceId, SpaceIdError};

/// Longest text that is looked at, in bytes. Real links stay below 300.
const MAX_REFERENCE: usize = 4096;

/// DNS zones of Databricks workspaces, as the vendor's own SDK lists them
/// (<https://github.com/databricks/databricks-sdk-py/blob/main/databricks/sdk/environments.py>). `databricks.com`
/// covers AWS (`cloud.`), Google Cloud (`gcp.`) and account addresses.
const ZONES: [&str; 6] = [
    "databricks.com",
    "cloud.databricks.us",
    "cloud.databricks.mil",
    "azuredatabricks.net",
    "databricks.azure.us",
    "databricks.azure.cn",
];

/// Why a text names no Genie space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SpaceReferenceError {
    /// Nothing but white space was given.
    Missing,
    /// The text is longer than any link to a space.
    TooLong(usize),
    /// Neither an id nor a link.
    NotAReference(SpaceIdError),
    /// A link with another scheme than https, with a user name, or with characters that no link has.
    MalformedLink,
    /// A link to a host that is no Databricks workspace.
    ForeignHost,
    /// A link into a workspace, but not to a Genie space.
    NotASpace,
    /// A link to a Genie space whose id is damaged.
    DamagedId(SpaceIdError),
}

impl fmt::Display for SpaceReferenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl SpaceReferenceError {
    /// What is wrong, in words.
    #[must_use]
    pub fn message(self) -> String {
        let (before, about) = match self {
            Self::Missing => ("no space was given", None),
            Self::TooLong(bytes) => {
                return with_number("a text of ", bytes, " bytes is no link to a space");
            }
            Self::NotAReference(error) => ("this is neither a space id nor a link to a space: ", Some(error)),
            Self::MalformedLink => ("this link cannot be read", None),
            Self::ForeignHost => ("this link does not lead to a Databricks workspace", None),
            Self::NotASpace => ("this link leads into Databricks, but not to a Genie space", None),
            Self::DamagedId(error) => ("the id in this link is damaged: ", Some(error)),
        };
        let mut text = before.to_owned();
        text.push_str(&about.map(SpaceIdError::message).unwrap_or_default());
        text
    }

    /// A stable name for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "space_reference_missing",
            Self::TooLong(_) | Self::NotAReference(_) => "space_reference_unknown",
            Self::MalformedLink => "space_reference_malformed",
            Self::ForeignHost => "space_reference_foreign_host",
            Self::NotASpace => "space_reference_not_a_space",
            Self::DamagedId(_) => "space_reference_damaged_id",
        }
    }

    /// What to do next, for people.
    #[must_use]
    pub fn help(self) -> &'static str {
        match self {
            Self::Missing | Self::TooLong(_) | Self::NotAReference(_) => {
                "Paste the address of the space, like https://your-workspace/genie/rooms/..., or its id of 32 characters."
            }
            Self::MalformedLink => "Copy the whole address from the browser; it begins with https://.",
            Self::ForeignHost => {
                "If your workspace has an address of its own, paste only the 32 characters after /genie/rooms/."
            }
            Self::NotASpace => "Open the space in Genie and copy its address; it contains /genie/rooms/.",
            Self::DamagedId(_) => "Copy the address again; a part of it seems to be missing.",
        }
    }
}

impl SpaceId {
    /// Takes the id out of what people paste: the id itself, or a link to the space from any Databricks host.
    ///
    /// `https://HOST/genie/rooms/ID` with whatever follows it (`?o=`, `/chats/...`, `#...`), its embedded form
    /// `/embed/genie/rooms/ID`, and both without `https://`. White space around it is ignored, and so is one pair of
    /// `<>` or quotes, which chat programs and spreadsheets add. A loopback host may be `http`, for the emulator.
    /// The host is checked so that a wrong paste is noticed; it is never called.
    ///
    /// # Errors
    /// [`SpaceReferenceError`] for everything else.
    pub fn from_reference(text: &str) -> Result<Self, SpaceReferenceError> {
        let text = unwrap_pair(text.trim());
        if text.is_empty() {
            return Err(SpaceReferenceError::Missing);
        }
        if text.len() > MAX_REFERENCE {
            return Err(SpaceReferenceError::TooLong(text.len()));
        }
        let (before, behind) = cut(text, b":");
        let (scheme, rest) = match behind.strip_prefix("://") {
            Some(rest) => (before, rest),
            None => ("", text),
        };
        let (authority, path) = cut(rest, b"/?#");
        if rest.len() == text.len() && cut(text, b"/").1.is_empty() {
            return Self::parse(text).map_err(SpaceReferenceError::NotAReference);
        }
        let (host, port) = cut(authority, b":");
        let loopback = host == "127.0.0.1" || host.eq_ignore_ascii_case("localhost");
        let scheme_fits = rest.len() == text.len()
            || scheme.eq_ignore_ascii_case("https")
            || (loopback && scheme.eq_ignore_ascii_case("http"));
        if !is_host(host) || !is_port(port) || !scheme_fits {
            return Err(SpaceReferenceError::MalformedLink);
        }
        if !loopback && !is_databricks(host) {
            // Without a scheme this may be any text with a slash in it.
            return match Self::parse(text) {
                Err(error) if rest.len() == text.len() && cut(host, b".").1.is_empty() => {
                    Err(SpaceReferenceError::NotAReference(error))
                }
                _ => Err(SpaceReferenceError::ForeignHost),
            };
        }
        let path = cut(path, b"?#").0;
        match path.strip_prefix("/embed").unwrap_or(path).strip_prefix("/genie/rooms/") {
            Some(id) => Self::parse(cut(id, b"/").0).map_err(SpaceReferenceError::DamagedId),
            None => Err(SpaceReferenceError::NotASpace),
        }
    }
}

/// The text before the first of these marks, and from it on.
fn cut<'a>(text: &'a str, marks: &[u8]) -> (&'a str, &'a str) {
    let end = text.bytes().position(|byte| marks.contains(&byte)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn unwrap_pair(text: &str) -> &str {
    for (open, close) in [("<", ">"), ("\"", "\""), ("'", "'"), ("`", "`")] {
        if let Some(inside) = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)) {
            return inside.trim();
        }
    }
    text
}

/// A user name (`@`), an IPv6 address or any odd character makes it none.
fn is_host(host: &str) -> bool {
    !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
}

/// Nothing, or a colon and what may be a port.
fn is_port(port: &str) -> bool {
    port.len() <= 6 && port.bytes().skip(1).all(|b| b.is_ascii_digit())
}

/// A workspace has a name in front of the zone.
fn is_databricks(host: &str) -> bool {
    ZONES.iter().any(|zone| {
        let name = host.len().checked_sub(zone.len()).and_then(|end| host.split_at_checked(end));
        name.is_some_and(|(name, end)| {
            name.len() > 1 && name.ends_with('.') && end.eq_ignore_ascii_case(zone)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01f0eca3dc1b1cbc9b65fa58f94c18ad";

    fn code(text: &str) -> &'static str {
        SpaceId::from_reference(text).unwrap_err().code()
    }

    #[test]
    fn reads_ids_and_links_of_every_cloud() {
        for text in [
            "{ID}",
            "  {ID}\n",
            "<{ID}>",
            "https://dbc-a1b2c3d4-e5f6.cloud.databricks.com/genie/rooms/{ID}",
            "https://dbc-a1b2.cloud.databricks.com/genie/rooms/{ID}?o=1234567890123456",
            "https://adb-4173618801742158.18.azuredatabricks.net/genie/rooms/{ID}/chats/01f0ffff?o=1#top",
            "https://1234.5.gcp.databricks.com/genie/rooms/{ID}/",
            "https://adb-1.2.databricks.azure.cn/genie/rooms/{ID}#a?b",
            "https://adb-1.2.databricks.azure.us/genie/rooms/{ID}",
            "https://gov.cloud.databricks.us/genie/rooms/{ID}",
            "https://dbc-1.cloud.databricks.com/embed/genie/rooms/{ID}?o=1",
            "HTTPS://DBC-1.Cloud.Databricks.COM:443/genie/rooms/{ID}",
            "dbc-1.cloud.databricks.com/genie/rooms/{ID}",
            "\"https://dbc-1.cloud.databricks.com/genie/rooms/{ID}\"",
            "http://127.0.0.1:8788/genie/rooms/{ID}",
            "http://localhost:8788/genie/rooms/{ID}?o=1",
            "http://LocalHost/genie/rooms/{ID}",
        ] {
            let text = text.replace("{ID}", ID);
            assert_eq!(SpaceId::from_reference(&text).map(|id| id.to_string()), Ok(ID.to_owned()), "{text}");
        }
    }

    #[test]
    fn names_what_is_wrong() {
        for (text, expected) in [
            ("", "space_reference_missing"),
            (" \n\t", "space_reference_missing"),
            ("<>", "space_reference_missing"),
            ("events", "space_reference_unknown"),
            ("events.txt?x", "space_reference_unknown"),
            ("01f0eca3dc1b1cbc9b65fa58f94c18a", "space_reference_unknown"),
            ("01F0ECA3DC1B1CBC9B65FA58F94C18AD", "space_reference_unknown"),
            ("01f0eca3-dc1b-1cbc-9b65-fa58f94c18ad", "space_reference_unknown"),
            ("{ID}{ID}", "space_reference_unknown"),
            ("{ID} {ID}", "space_reference_unknown"),
            ("a/b", "space_reference_unknown"),
            ("/genie/rooms/{ID}", "space_reference_malformed"),
            ("javascript://x.databricks.com/genie/rooms/{ID}", "space_reference_malformed"),
            ("http://dbc-1.cloud.databricks.com/genie/rooms/{ID}", "space_reference_malformed"),
            ("https://dbc-1.cloud.databricks.com@evil.test/genie/rooms/{ID}", "space_reference_malformed"),
            ("https://evil.test\\.databricks.com/genie/rooms/{ID}", "space_reference_malformed"),
            ("https:///genie/rooms/{ID}", "space_reference_malformed"),
            ("https://dbc-1.cloud.databricks.com:99999999/genie/rooms/{ID}", "space_reference_malformed"),
            ("https://evil.test/genie/rooms/{ID}", "space_reference_foreign_host"),
            ("https://evildatabricks.com/genie/rooms/{ID}", "space_reference_foreign_host"),
            ("https://databricks.com.evil.test/genie/rooms/{ID}", "space_reference_foreign_host"),
            ("https://databricks.com/genie/rooms/{ID}", "space_reference_foreign_host"),
            ("evil.test/genie/rooms/{ID}", "space_reference_foreign_host"),
            ("https://dbc-1.cloud.databricks.com", "space_reference_not_a_space"),
            ("https://dbc-1.cloud.databricks.com/sql/warehouses/{ID}", "space_reference_not_a_space"),
            ("https://dbc-1.cloud.databricks.com/?next=/genie/rooms/{ID}", "space_reference_not_a_space"),
            ("https://dbc-1.cloud.databricks.com/#/genie/rooms/{ID}", "space_reference_not_a_space"),
            ("https://dbc-1.cloud.databricks.com/x/genie/rooms/{ID}", "space_reference_not_a_space"),
            ("https://dbc-1.cloud.databricks.com/genie/rooms", "space_reference_not_a_space"),
            ("https://dbc-1.cloud.databricks.com/genie/rooms/", "space_reference_damaged_id"),
            ("https://dbc-1.cloud.databricks.com/genie/rooms/01f0eca3", "space_reference_damaged_id"),
            ("https://dbc-1.cloud.databricks.com/genie/rooms/%30{ID}", "space_reference_damaged_id"),
            ("https://dbc-1.cloud.databricks.com/genie/rooms/../{ID}", "space_reference_damaged_id"),
        ] {
            let text = text.replace("{ID}", ID);
            assert_eq!(code(&text), expected, "{text}");
        }
    }

    #[test]
    fn is_bounded_and_total() {
        assert_eq!(code(&"a".repeat(MAX_REFERENCE + 1)), "space_reference_unknown");
        assert_eq!(code(&format!("https://{}", "é".repeat(2000))), "space_reference_malformed");
        for text in [
            "://",
            "://://",
            "//",
            "<",
            ">",
            "\"",
            "é",
            "\u{0}",
            "https://",
            "https://:",
            "https://?",
            "\u{feff}",
        ] {
            let error = SpaceId::from_reference(text).unwrap_err();
            assert!(!error.help().is_empty() && !error.to_string().is_empty(), "{text:?}");
        }
    }
}
