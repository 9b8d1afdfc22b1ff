//! Limits that every decoder enforces while it reads, and every encoder before it writes.
//!
//! They bound time and memory for input from strangers. A context that passes them can always be encoded, sent and
//! decoded again; one that does not is refused with [`crate::HandoffError::TooLarge`], never cut.

/// Characters of a link or payload that a decoder looks at, 64 KiB.
pub const MAX_LINK_CHARS: usize = 64 * 1024;
/// Bytes of compact JSON that a decoded context may have, 1 MiB.
pub const MAX_DECODED_BYTES: usize = 1024 * 1024;
/// Tables in `validated_tables`, and keys in each object that is keyed by table.
pub const MAX_TABLES: usize = 1_000;
/// Columns of one table.
pub const MAX_COLUMNS_PER_TABLE: usize = 10_000;
/// Entries of `exploration_queries`.
pub const MAX_QUERIES: usize = 1_000;
/// UTF-8 bytes of one string.
pub const MAX_STRING_BYTES: usize = 256 * 1024;
/// Arrays and objects inside each other; the context itself is level 1.
pub const MAX_DEPTH: usize = 32;
/// Characters of one part of a Unity Catalog name, from
/// <https://docs.databricks.com/sql/language-manual/sql-ref-names.html>.
pub const MAX_NAME_CHARS: usize = 255;

/// Characters of a whole link that pass everywhere: the shortest limit met in practice is 2,000 (chat messages).
pub const LINK_STEP_SHORT: usize = 2_000;
/// Characters of a whole link that common application servers accept.
pub const LINK_STEP_MEDIUM: usize = 4_000;
/// Octets that every HTTP party should accept, RFC 9110 section 4.1; the default length budget of a link.
pub const LINK_STEP_LONG: usize = 8_000;
