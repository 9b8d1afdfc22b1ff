//! Why a text is not read.

use thiserror::Error;

/// Why a text is not read as a query. No variant repeats a part of the text: it may hold data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// White space, comments and `;` only.
    #[error("there is no query in the text")]
    Empty,
    /// More than [`crate::limits::MAX_BYTES`] or [`crate::limits::MAX_TOKENS`].
    #[error(
        "the query is longer than {} bytes or {} tokens",
        crate::limits::MAX_BYTES,
        crate::limits::MAX_TOKENS
    )]
    TooLong,
    /// Nested deeper than the limits allow.
    #[error("the query is nested too deeply")]
    TooDeep,
    /// More than one statement.
    #[error("the text has more than one statement")]
    SeveralStatements,
    /// A statement, but not one that only reads.
    #[error("the statement is not a query that only reads")]
    NotAQuery,
    /// A query whose meaning would be told wrongly: pipe syntax (`|>`).
    #[error("the query is written with pipes, which is not supported")]
    NotSupported,
    /// Not SQL that the parser knows.
    #[error("the query cannot be read at line {line}, column {column}")]
    Unparsable {
        /// Line, from 1; 0 if the parser does not say.
        line: u64,
        /// Column in characters, from 1; 0 if the parser does not say.
        column: u64,
    },
}

impl ReadError {
    /// A stable name for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "query_empty",
            Self::TooLong => "query_too_long",
            Self::TooDeep => "query_too_deep",
            Self::SeveralStatements => "query_several_statements",
            Self::NotAQuery => "query_not_a_query",
            Self::NotSupported => "query_not_supported",
            Self::Unparsable { .. } => "query_unparsable",
        }
    }

    /// What to do next, for people.
    #[must_use]
    pub fn help(self) -> &'static str {
        match self {
            Self::Empty => "Give the SQL of one query.",
            Self::TooLong | Self::TooDeep => "Put parts of the query into a view and read that.",
            Self::SeveralStatements => "Give one statement; a `;` may stand at its end only.",
            Self::NotAQuery => {
                "Give a SELECT; statements that write or define something are never read here."
            }
            Self::NotSupported => "Write the query with SELECT, FROM and WHERE.",
            Self::Unparsable { .. } => "Check the query in the SQL editor of the workspace.",
        }
    }
}
