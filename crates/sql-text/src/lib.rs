//! The text of SQL, as far as a wide statement makes it costly: reading it into tokens, and writing names and lists.
//!
//! A statement of 2,000 columns has 20,000 names. Each of them is written once and read once again before the statement
//! leaves, so what is in here is compiled for speed; what decides is in `crates/sql` and compiled for size.

mod lexer;
mod writer;

pub use lexer::{Kind, Lexer, Token, Words, is_one_of};
pub use writer::{Writer, push_quoted};
