//! The last look at a statement before it goes to a warehouse: it may read, and nothing else.
//!
//! [`ReadOnly::check`] takes a query, or EXPLAIN in front of anything. It does not trust where the text comes from: the
//! renderer has a guard of its own, and this one shares nothing with it but the rule.
//!
//! Nobody has to remember to call it. The body of a request that runs a statement is made by [`ReadOnly::body`] and by
//! nothing else in this product; a [`ReadOnly`] is made by [`ReadOnly::check`] and by nothing else, because its field is
//! private. So a statement that was not checked cannot be sent: leaving the check out does not compile.
//!
//! ```
//! use session::readonly::ReadOnly;
//! assert!(ReadOnly::check("SELECT 1").is_ok_and(|read| read.body("w", 0, 10).contains("SELECT 1")));
//! assert!(ReadOnly::check("DROP TABLE a.b.c").is_err());
//! ```
//!
//! ```compile_fail,E0423
//! use session::readonly::ReadOnly;
//! let unchecked = ReadOnly("DROP TABLE a.b.c");
//! ```

use genie_sql::{Known, ReadError};
use serde_json::json;
use thiserror::Error;

/// Why a statement is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Refused {
    /// It is not a query, or not one that only reads.
    #[error("the statement is not a query that only reads")]
    NotReadOnly,
    /// There is more than one statement.
    #[error("there is more than one statement")]
    Several,
    /// EXPLAIN would run what it explains.
    #[error("this form of EXPLAIN would run the statement")]
    RunsIt,
    /// It cannot be read with certainty.
    #[error("the statement cannot be read with certainty")]
    Unreadable,
}

/// A statement that only reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadOnly<'a>(&'a str);

impl<'a> ReadOnly<'a> {
    /// Checks a statement that somebody wants to send.
    ///
    /// # Errors
    /// [`Refused`] unless it is one query that only reads, or one plain EXPLAIN of one statement.
    pub fn check(sql: &'a str) -> Result<Self, Refused> {
        check(sql).map(|()| Self(sql))
    }

    /// Body of a request that runs the statement on a warehouse, waits up to `wait_seconds` and lets it go on after that.
    ///
    /// The service takes 0 or 5 to 50 seconds; other numbers are moved to the nearest of these. At most `row_limit` rows
    /// come back, inline. <https://docs.databricks.com/api/workspace/statementexecution/executestatement>
    #[must_use]
    pub fn body(&self, warehouse_id: &str, wait_seconds: u32, row_limit: u32) -> String {
        let wait = if wait_seconds == 0 { 0 } else { wait_seconds.clamp(5, 50) };
        json!({
            "statement": self.0, "warehouse_id": warehouse_id, "wait_timeout": format!("{wait}s"),
            "on_wait_timeout": "CONTINUE", "disposition": "INLINE", "format": "JSON_ARRAY", "row_limit": row_limit,
            "query_tags": [{"key": "app", "value": "genie-handoff"}],
        })
        .to_string()
    }
}

fn check(sql: &str) -> Result<(), Refused> {
    let text = without_comments(sql);
    let Some(rest) = word(text, "EXPLAIN") else { return query(text) };
    // `EXPLAIN ANALYZE` runs the statement in some engines; FORMATTED and the like do not.
    if word(rest, "ANALYZE").is_some() {
        return Err(Refused::RunsIt);
    }
    one_statement(rest)
}

fn query(sql: &str) -> Result<(), Refused> {
    match genie_sql::read(sql, &Known::default()) {
        Ok(_) => Ok(()),
        Err(ReadError::SeveralStatements) => Err(Refused::Several),
        Err(ReadError::NotAQuery | ReadError::NotSupported) => Err(Refused::NotReadOnly),
        // What this parser does not know may still be fine, if its words say so.
        Err(_) => plain_select(sql),
    }
}

/// A text that begins with SELECT or WITH and has none of the words that begin a change, outside names and literals.
fn plain_select(sql: &str) -> Result<(), Refused> {
    const CHANGING: &[&str] = &[
        "INSERT", "UPDATE", "DELETE", "MERGE", "CREATE", "ALTER", "DROP", "TRUNCATE", "GRANT", "REVOKE",
        "COPY", "CALL", "EXECUTE", "USE", "SET", "VACUUM", "OPTIMIZE", "REPLACE", "RESTORE", "REFRESH",
        "MSCK", "INTO",
    ];
    if word(sql, "SELECT").is_none() && word(sql, "WITH").is_none() {
        return Err(Refused::NotReadOnly);
    }
    one_statement(sql)?;
    let mut words = Words::new(sql);
    while let Some(word) = words.next().map_err(|()| Refused::Unreadable)? {
        // A function of the same name is no statement.
        if CHANGING.iter().any(|known| known.eq_ignore_ascii_case(word))
            && !words.rest.trim_start().starts_with('(')
        {
            return Err(Refused::NotReadOnly);
        }
    }
    Ok(())
}

/// No semicolon with anything behind it, and every literal closed.
fn one_statement(sql: &str) -> Result<(), Refused> {
    let mut words = Words::new(sql);
    let mut ended = false;
    loop {
        match words.step().map_err(|()| Refused::Unreadable)? {
            None => return Ok(()),
            Some(Token::Semicolon) => ended = true,
            Some(Token::Space) => {}
            Some(_) if ended => return Err(Refused::Several),
            Some(_) => {}
        }
    }
}

/// What stands behind `word` at the start of the text.
fn word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let text = text.trim_start();
    let (head, tail) = text.split_at_checked(word.len())?;
    let ends = tail.chars().next().is_none_or(|c| !(c.is_alphanumeric() || c == '_'));
    (head.eq_ignore_ascii_case(word) && ends).then_some(tail)
}

/// The text behind line comments and white space at its start.
fn without_comments(mut text: &str) -> &str {
    loop {
        text = text.trim_start();
        match text.strip_prefix("--") {
            Some(comment) => text = comment.split_once('\n').map_or("", |(_, rest)| rest),
            None => return text,
        }
    }
}

enum Token<'a> {
    Word(&'a str),
    Space,
    Semicolon,
    Other,
}

/// Just enough of a lexer: literals and quoted names are skipped whole, and what cannot be told apart is an error.
struct Words<'a> {
    rest: &'a str,
}

impl<'a> Words<'a> {
    fn new(rest: &'a str) -> Self {
        Self { rest }
    }

    fn next(&mut self) -> Result<Option<&'a str>, ()> {
        loop {
            match self.step()? {
                None => return Ok(None),
                Some(Token::Word(word)) => return Ok(Some(word)),
                Some(_) => {}
            }
        }
    }

    fn step(&mut self) -> Result<Option<Token<'a>>, ()> {
        let text = self.rest;
        let Some(first) = text.chars().next() else { return Ok(None) };
        let take = |length: usize| text.split_at_checked(length).ok_or(());
        if first.is_whitespace() {
            self.rest = take(first.len_utf8())?.1;
            return Ok(Some(Token::Space));
        }
        if let Some(comment) = text.strip_prefix("--") {
            self.rest = comment.split_once('\n').map_or("", |(_, rest)| rest);
            return Ok(Some(Token::Space));
        }
        if text.starts_with("/*") {
            // Comments nest in one engine and not in another.
            return Err(());
        }
        if matches!(first, '\'' | '"' | '`') {
            let mut escaped = false;
            for (at, c) in text.char_indices().skip(1) {
                if escaped {
                    escaped = false;
                } else if c == '\\' && first != '`' {
                    escaped = true;
                } else if c == first {
                    self.rest = take(at + c.len_utf8())?.1;
                    return Ok(Some(Token::Other));
                }
            }
            return Err(());
        }
        if first.is_alphabetic() || first == '_' {
            let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
            let (word, rest) = take(end)?;
            // A raw literal has no escapes, so where it ends cannot be told with the rule above.
            if word.eq_ignore_ascii_case("r") && rest.starts_with(['\'', '"']) {
                return Err(());
            }
            self.rest = rest;
            return Ok(Some(Token::Word(word)));
        }
        self.rest = take(first.len_utf8())?.1;
        Ok(Some(if first == ';' { Token::Semicolon } else { Token::Other }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_is_fine() {
        for sql in [
            "SELECT COUNT(*) AS `rows` FROM `a`.`b`.`c` WHERE x = 'DROP TABLE y; --'",
            "-- head\nWITH s AS (SELECT 1) SELECT * FROM s;",
            "EXPLAIN MERGE INTO `a`.`b`.`t` AS t USING s ON t.x <=> s.x WHEN MATCHED THEN UPDATE SET *",
            "explain formatted SELECT 1",
            "EXPLAIN INSERT INTO a.b.c SELECT ';'",
            // What asks for the rows of a run.
            "SELECT CAST(version AS STRING) AS version, operation FROM (DESCRIBE HISTORY `a`.`b`.`set` LIMIT 20)",
        ] {
            assert_eq!(check(sql), Ok(()), "{sql}");
        }
    }

    #[test]
    fn the_body_of_a_request() {
        let read = ReadOnly::check("SELECT 1").unwrap();
        for (wish, wait) in [(0, "0s"), (1, "5s"), (30, "30s"), (90, "50s")] {
            let body: serde_json::Value = serde_json::from_str(&read.body("w", wish, 10)).unwrap();
            assert_eq!(body["wait_timeout"], wait);
            assert_eq!(
                (&body["statement"], &body["warehouse_id"], &body["row_limit"]),
                (&json!("SELECT 1"), &json!("w"), &json!(10))
            );
        }
    }

    #[test]
    fn everything_else_is_not() {
        for (sql, refused) in [
            ("MERGE INTO a.b.c USING s ON TRUE WHEN MATCHED THEN DELETE", Refused::NotReadOnly),
            ("INSERT INTO a.b.c SELECT 1", Refused::NotReadOnly),
            ("DROP TABLE a.b.c", Refused::NotReadOnly),
            ("", Refused::NotReadOnly),
            ("SELECT 1; DROP TABLE a.b.c", Refused::Several),
            ("EXPLAIN SELECT 1; DROP TABLE a.b.c", Refused::Several),
            ("EXPLAIN SELECT 'a\\'; DROP TABLE a.b.c", Refused::Unreadable),
            ("EXPLAIN ANALYZE INSERT INTO a.b.c SELECT 1", Refused::RunsIt),
            ("EXPLAIN SELECT /* ; */ 1", Refused::Unreadable),
            ("EXPLAIN SELECT r'\\'; DROP TABLE x", Refused::Unreadable),
            ("EXPLAINX SELECT 1", Refused::NotReadOnly),
            ("SELECT 1 FROM a.b.c ::::: INTO x", Refused::NotReadOnly),
            ("WITH s AS (SELECT 1) INSERT INTO a.b.c SELECT * FROM s", Refused::NotReadOnly),
        ] {
            assert_eq!(check(sql), Err(refused), "{sql}");
        }
    }
}
