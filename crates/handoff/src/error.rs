//! Everything that can go wrong here, in one list.

use std::fmt;

use thiserror::Error;

use crate::digits::digits;
use crate::issue::Issue;
use crate::json::JsonError;

/// Why a context, link or payload was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum HandoffError {
    /// Nothing was given.
    Empty,
    /// The text is neither a payload nor any JSON form.
    Unrecognised,
    /// The first character names a version this build does not know.
    UnknownVersion(char),
    /// The check value does not fit: a character was changed, lost or added on the way.
    Damaged,
    /// The check value fits and the content still makes no sense. Only a faulty or hostile encoder makes such a link.
    Malformed(&'static str),
    /// A limit of [`crate::limits`] was passed.
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// The limit, in the unit the name in `what` says.
        limit: usize,
        /// JSON Pointer to it, empty if it is the whole.
        path: String,
    },
    /// Not JSON.
    Json(#[from] JsonError),
    /// JSON, but not the shape of a context. Holds every problem found.
    Shape(Vec<Issue>),
    /// A base address that cannot carry a link.
    Base,
}

impl fmt::Display for HandoffError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl HandoffError {
    /// What is wrong, in words.
    #[must_use]
    pub fn message(&self) -> String {
        let mut version = [0; 4];
        let (before, about, after) = match self {
            Self::Empty => ("there is no context in this link", "", ""),
            Self::Unrecognised => ("this is not a handoff link or payload", "", ""),
            Self::UnknownVersion(c) => (
                "the payload has format version '",
                &*c.encode_utf8(&mut version),
                "', which this version of genie-handoff does not know",
            ),
            Self::Damaged => {
                ("the link is damaged: a part of it was changed, lost or added on the way", "", "")
            }
            Self::Malformed(why) => ("the payload does not hold a handoff context (", *why, ")"),
            Self::TooLarge { what, limit, .. } => {
                return [*what, " is larger than the limit of ", &digits(*limit)].concat();
            }
            Self::Json(error) => return ["the context is not JSON: ", &error.message()].concat(),
            Self::Shape(issues) => {
                ("the JSON is not a handoff context: ", issues.first().map_or("", |i| i.message.as_str()), "")
            }
            Self::Base => ("the base address is not http or https: it cannot carry a handoff link", "", ""),
        };
        [before, about, after].concat()
    }

    /// A stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "link_empty",
            Self::Unrecognised => "link_unrecognised",
            Self::UnknownVersion(_) => "link_version_unknown",
            Self::Damaged => "link_damaged",
            Self::Malformed(_) => "link_malformed",
            Self::TooLarge { .. } | Self::Json(JsonError::Depth | JsonError::Length) => "too_large",
            Self::Json(_) => "json_invalid",
            Self::Shape(_) => "context_invalid",
            Self::Base => "base_invalid",
        }
    }

    /// JSON Pointer to the first offending value, if there is one.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::TooLarge { path, .. } => path,
            Self::Shape(issues) => issues.first().map_or("", |i| i.path.as_str()),
            _ => "",
        }
    }

    /// Every single finding, where there are several.
    #[must_use]
    pub fn issues(&self) -> &[Issue] {
        if let Self::Shape(issues) = self { issues } else { &[] }
    }

    /// What to do next, for people.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Empty => "Open the link exactly as it was sent.",
            Self::Unrecognised => "Paste the whole link, from https:// to its last character.",
            Self::UnknownVersion(_) => "Update genie-handoff: the link was made by a newer version.",
            Self::Damaged => "Ask for the link again. Mail and chat programs sometimes cut long links.",
            Self::Malformed(_) => "Ask for the link again and say which program made it.",
            Self::TooLarge { .. } | Self::Json(JsonError::Depth | JsonError::Length) => {
                "Hand over fewer tables or queries, or leave out columns that are not needed."
            }
            Self::Json(_) => "Check that the text is one JSON object in UTF-8.",
            Self::Shape(_) => "Correct the values named in the issues.",
            Self::Base => "Give an address such as https://handoff.example.com.",
        }
    }
}
