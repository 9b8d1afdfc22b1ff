//! How much SQL is read. Genie's own limit for a question's SQL is not published; its queries have some kilobytes.

/// The longest text, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;
/// The most tokens, white space and comments not counted.
pub const MAX_TOKENS: usize = 16_384;
/// The deepest nesting of brackets, sub-queries and operators that the parser goes into.
pub const MAX_DEPTH: usize = 32;
/// The longest chain of operators (`a + b + c`, `UNION` after `UNION`), summed up over the brackets around it. Such
/// chains become trees of that height.
pub const MAX_CHAIN: usize = 400;
/// The most tables, columns and features of each kind in an answer; what is beyond is left out.
pub const MAX_ITEMS: usize = 1_000;
