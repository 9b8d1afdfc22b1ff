//! The id of a Genie space.

use std::fmt;

use thiserror::Error;

/// A Genie space id: exactly 32 lower-case hexadecimal digits, without dashes.
///
/// The id goes into an upstream path as it is, so nothing else can be constructed. The vendor's pages show this
/// form only, see <https://docs.databricks.com/api/workspace/genie/getspace>.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpaceId(String);

/// Why a text is not a [`SpaceId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SpaceIdError {
    /// Nothing was given.
    Missing,
    /// The length is not 32.
    Length(usize),
    /// A character other than `0-9` and `a-f`.
    Character(usize),
}

impl fmt::Display for SpaceIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl SpaceIdError {
    /// What is wrong, in words.
    #[must_use]
    pub fn message(self) -> String {
        let (before, number, after) = match self {
            Self::Missing => return "no space id was given".to_owned(),
            Self::Length(count) => ("a space id has exactly 32 characters, this one has ", count, ""),
            Self::Character(at) => {
                ("a space id has only the characters 0-9 and a-f; character ", at, " is another")
            }
        };
        with_number(before, number, after)
    }

    /// A stable name for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "space_id_missing",
            Self::Length(_) | Self::Character(_) => "space_id_malformed",
        }
    }

    /// What to do next, for people.
    #[must_use]
    pub fn help(self) -> &'static str {
        "Copy the 32 characters after /genie/rooms/ in the address of the space."
    }
}

/// A number between two texts. By hand, because the package's first module does without the standard library's printing.
pub(crate) fn with_number(before: &str, number: usize, after: &str) -> String {
    let mut text = before.to_owned();
    push_number(&mut text, number);
    text.push_str(after);
    text
}

fn push_number(text: &mut String, number: usize) {
    if number > 9 {
        push_number(text, number / 10);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

impl SpaceId {
    /// Checks `text` and takes it as an id.
    ///
    /// # Errors
    /// Every text but 32 of `0-9a-f`; positions in the error count characters from 1.
    pub fn parse(text: &str) -> Result<Self, SpaceIdError> {
        if text.is_empty() {
            return Err(SpaceIdError::Missing);
        }
        // All before the first other character are single bytes.
        if let Some(at) = text.bytes().position(|b| !matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(SpaceIdError::Character(at + 1));
        }
        if text.len() != 32 {
            return Err(SpaceIdError::Length(text.len()));
        }
        Ok(Self(text.to_owned()))
    }

    /// The 32 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SpaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_the_vendors_form() {
        let id = SpaceId::parse("01f0eca3dc1b1cbc9b65fa58f94c18ad").unwrap();
        assert_eq!(id.to_string(), "01f0eca3dc1b1cbc9b65fa58f94c18ad");
    }

    #[test]
    fn refuses_everything_else() {
        assert_eq!(SpaceId::parse(""), Err(SpaceIdError::Missing));
        assert_eq!(SpaceId::parse("01f0"), Err(SpaceIdError::Length(4)));
        assert_eq!(SpaceId::parse("01F0eca3dc1b1cbc9b65fa58f94c18ad"), Err(SpaceIdError::Character(3)));
        assert_eq!(SpaceId::parse("01f0eca3dc1b1cbc9b65fa58f94c18ad\n"), Err(SpaceIdError::Character(33)));
        assert_eq!(SpaceId::parse("../../secrets"), Err(SpaceIdError::Character(1)));
        assert_eq!(SpaceId::parse("０1f0eca3dc1b1cbc9b65fa58f94c18a"), Err(SpaceIdError::Character(1)));
    }
}
