//! The last look at a statement before it leaves: read again, token by token, knowing nothing of how it was made.

use plan::TableName;

use crate::error::SqlError;
use crate::text::TablePath;
use sql_text::{Kind, Lexer, Token, Words, is_one_of};

/// What a statement may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `MERGE INTO target`; whether it may delete.
    Merge { deletes: bool },
    /// `CREATE OR REPLACE TABLE target`.
    CreateOrReplace,
    /// `CREATE TABLE IF NOT EXISTS target`.
    CreateIfMissing,
    /// `INSERT OVERWRITE TABLE target`.
    InsertOverwrite,
    /// `INSERT INTO target`.
    InsertInto,
    /// `ALTER TABLE target CLUSTER BY`.
    AlterCluster,
    /// `SELECT`.
    Select,
    /// `EXPLAIN MERGE ...` and the like.
    Explain,
}

/// Words that begin a statement and have no other place in what is rendered here, and words that decide about others.
/// Names and literals are tokens of other kinds, and a predicate with one of the former outside a literal was refused
/// before.
const WORDS: Words = Words::new(
    "ALTER CALL COPY CREATE DELETE DROP EXECUTE GRANT INSERT MERGE MSCK REVOKE \
    TRUNCATE UPDATE USE VACUUM FROM JOIN THEN DISTINCT",
);

/// Checks a finished statement.
///
/// # Errors
/// [`SqlError::Guard`] if it is not exactly one statement of the expected shape on the expected tables.
pub(crate) fn check(
    sql: &str,
    shape: Shape,
    written: &TableName,
    read: &[&TableName],
) -> Result<(), SqlError> {
    let guard = Guard { sql, lexer: Lexer::new(sql), ahead: None, depth: 0, shape, written, read };
    guard.run().map_err(|Refused { rule, at }| SqlError::Guard { rule, at })
}

struct Refused {
    rule: &'static str,
    at: usize,
}

struct Guard<'a> {
    sql: &'a str,
    lexer: Lexer<'a>,
    ahead: Option<Token>,
    depth: u32,
    shape: Shape,
    written: &'a TableName,
    read: &'a [&'a TableName],
}

impl<'a> Guard<'a> {
    fn refuse<T>(&self, rule: &'static str, at: usize) -> Result<T, Refused> {
        Err(Refused { rule, at })
    }

    fn next(&mut self) -> Option<Token> {
        self.ahead.take().or_else(|| self.lexer.next())
    }

    fn peek(&mut self) -> Option<Token> {
        if self.ahead.is_none() {
            self.ahead = self.lexer.next();
        }
        self.ahead
    }

    fn is(&self, token: &Token, word: &str) -> bool {
        token.kind == Kind::Word && token.text(self.sql).eq_ignore_ascii_case(word)
    }

    fn expect(&mut self, words: &str) -> Result<(), Refused> {
        for word in words.split(' ') {
            match self.next() {
                Some(token) if self.is(&token, word) => {}
                other => return self.refuse("statement_kind", other.map_or(self.sql.len(), |t| t.start)),
            }
        }
        Ok(())
    }

    /// A three-part quoted name, which must be one of `tables`; with `fields`, shorter names are let through, because
    /// `TRIM(BOTH FROM `x`)` in a predicate has a FROM too.
    fn path(&mut self, tables: &[&TableName], fields: bool) -> Result<(), Refused> {
        let start = self.peek().map_or(self.sql.len(), |t| t.start);
        let mut end;
        let mut parts = 0;
        loop {
            match self.next() {
                Some(token) if token.kind == Kind::Quoted => end = token.end,
                _ => return self.refuse("table", start),
            }
            parts += 1;
            match self.peek() {
                Some(token) if token.kind == Kind::Symbol && token.text(self.sql) == "." => self.ahead = None,
                _ => break,
            }
        }
        if parts < 3 && fields {
            return Ok(());
        }
        let found = self.sql.get(start..end).unwrap_or_default();
        if tables.iter().any(|table| is_written(table, found)) { Ok(()) } else { self.refuse("table", start) }
    }

    fn run(mut self) -> Result<(), Refused> {
        while self.peek().is_some_and(|t| t.kind == Kind::LineComment) {
            self.ahead = None;
        }
        let start = match self.shape {
            Shape::Merge { .. } => "MERGE INTO",
            Shape::CreateOrReplace => "CREATE OR REPLACE TABLE",
            Shape::CreateIfMissing => "CREATE TABLE IF NOT EXISTS",
            Shape::InsertOverwrite => "INSERT OVERWRITE TABLE",
            Shape::InsertInto => "INSERT INTO",
            Shape::AlterCluster => "ALTER TABLE",
            Shape::Select => "SELECT",
            Shape::Explain => "EXPLAIN",
        };
        self.expect(start)?;
        match self.shape {
            Shape::Select => {}
            Shape::Explain => {
                let Some(token) = self.next() else { return self.refuse("statement_kind", self.sql.len()) };
                if !(token.kind == Kind::Word && is_one_of(token.text(self.sql), "MERGE CREATE INSERT")) {
                    return self.refuse("statement_kind", token.start);
                }
            }
            shape => {
                self.path(&[self.written], false)?;
                if shape == Shape::AlterCluster {
                    self.expect("CLUSTER BY")?;
                }
            }
        }
        self.body()
    }

    fn body(mut self) -> Result<(), Refused> {
        // The numbers of the tokens behind the last THEN and the last DISTINCT.
        let (mut after_then, mut after_distinct) = (0, 0);
        let mut actions = 0;
        while let Some(token) = self.ahead.take().or_else(|| self.lexer.notable(&WORDS)) {
            let (at, number) = (token.start, self.lexer.tokens_read());
            match token.kind {
                Kind::Bad => return self.refuse("token", at),
                Kind::LineComment | Kind::BlockComment => return self.refuse("comment", at),
                Kind::Symbol => match self.sql.as_bytes().get(at) {
                    Some(b';') => return self.refuse("second_statement", at),
                    Some(b'(') => self.depth += 1,
                    Some(b')') => match self.depth.checked_sub(1) {
                        Some(depth) => self.depth = depth,
                        None => return self.refuse("brackets", at),
                    },
                    _ => {}
                },
                Kind::Word => match token.text(self.sql).to_ascii_uppercase().as_str() {
                    "THEN" => after_then = number + 1,
                    "DISTINCT" => after_distinct = number + 1,
                    // `a IS DISTINCT FROM b` compares.
                    "FROM" if number == after_distinct => {}
                    "FROM" | "JOIN" => self.table_reference()?,
                    word if WORDS.has(word) => {
                        let merging =
                            matches!(self.shape, Shape::Merge { .. } | Shape::Explain) && self.depth == 0;
                        let allowed = merging
                            && number == after_then
                            && match token.text(self.sql) {
                                "INSERT" | "UPDATE" => true,
                                "DELETE" => !matches!(self.shape, Shape::Merge { deletes: false }),
                                _ => false,
                            };
                        if !allowed {
                            return self.refuse("keyword", at);
                        }
                        actions += 1;
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        if self.depth > 0 {
            return self.refuse("brackets", self.sql.len());
        }
        if matches!(self.shape, Shape::Merge { .. }) && actions == 0 {
            return self.refuse("no_action", self.sql.len());
        }
        Ok(())
    }

    /// What stands behind FROM and JOIN: a query in brackets, a name of one word (a query of the same statement, or
    /// an argument of a function such as EXTRACT), or one of the plan's tables.
    fn table_reference(&mut self) -> Result<(), Refused> {
        match self.peek() {
            Some(token) if token.kind == Kind::Quoted => {
                let mut tables = self.read.to_vec();
                tables.push(self.written);
                self.path(&tables, true)
            }
            Some(token) if matches!(token.kind, Kind::Bad | Kind::LineComment | Kind::BlockComment) => {
                self.refuse("token", token.start)
            }
            _ => Ok(()),
        }
    }
}

fn is_written(table: &TableName, found: &str) -> bool {
    let mut path = String::new();
    TablePath(table).push(&mut path);
    path == found
}

#[cfg(test)]
mod tests {
    use super::*;
    use plan::Name;

    fn table(name: &str) -> TableName {
        let part = |text| Name::parse(text).unwrap();
        TableName { catalog: part("c"), schema: part("s"), table: part(name) }
    }

    fn rule(sql: &str, shape: Shape) -> Option<&'static str> {
        match check(sql, shape, &table("t"), &[&table("r")]) {
            Ok(()) => None,
            Err(SqlError::Guard { rule, .. }) => Some(rule),
            Err(other) => panic!("{other}"),
        }
    }

    const MERGE: Shape = Shape::Merge { deletes: false };

    #[test]
    fn lets_good_statements_through() {
        let merge = "-- head\n-- x\nMERGE INTO `c`.`s`.`t` AS t USING (SELECT * FROM `c`.`s`.`r` WHERE (x = 'DROP; --')) \
            AS s ON t.`a` <=> s.`a` WHEN MATCHED THEN UPDATE SET `drop` = s.`drop` WHEN NOT MATCHED THEN INSERT *";
        assert_eq!(rule(merge, MERGE), None);
        let delete = format!("{merge} WHEN NOT MATCHED BY SOURCE THEN DELETE");
        assert_eq!(rule(&delete, MERGE), Some("keyword"));
        assert_eq!(rule(&delete, Shape::Merge { deletes: true }), None);
        assert_eq!(
            rule("CREATE OR REPLACE TABLE `c`.`s`.`t` USING DELTA AS SELECT 1", Shape::CreateOrReplace),
            None
        );
        let fields = "SELECT extract(YEAR FROM x), trim(BOTH FROM `y`) FROM `c`.`s`.`r` WHERE a IS DISTINCT FROM `a`.`b`.`c`";
        assert_eq!(rule(fields, Shape::Select), None);
    }

    #[test]
    fn refuses_everything_else() {
        for (sql, shape, expected) in [
            ("DROP TABLE `c`.`s`.`t`", MERGE, "statement_kind"),
            ("MERGE INTO `c`.`s`.`r` AS t USING x ON a WHEN MATCHED THEN DELETE", MERGE, "table"),
            ("MERGE INTO c.s.t AS t", MERGE, "table"),
            ("MERGE INTO `c`.`s`.`t` AS t USING (SELECT 1) AS s ON TRUE", MERGE, "no_action"),
            (
                "MERGE INTO `c`.`s`.`t` AS t USING (SELECT 1 AS s ON TRUE WHEN MATCHED THEN UPDATE SET *",
                MERGE,
                "keyword",
            ),
            ("SELECT 1; DROP TABLE x", Shape::Select, "second_statement"),
            ("SELECT 1;", Shape::Select, "second_statement"),
            ("SELECT 1 -- x", Shape::Select, "comment"),
            ("SELECT /*+ x */ 1", Shape::Select, "comment"),
            ("SELECT 'a", Shape::Select, "token"),
            ("SELECT (1", Shape::Select, "brackets"),
            ("SELECT 1)", Shape::Select, "brackets"),
            ("SELECT 1 FROM `c`.`s`.`other`", Shape::Select, "table"),
            ("SELECT 1 FROM `c`.`s`.`r` JOIN `x`.`y`.`z`", Shape::Select, "table"),
            ("SELECT 1 FROM `c`.`s`.`r` WHERE drop table x", Shape::Select, "keyword"),
            ("-- x\u{b}\nDELETE FROM `c`.`s`.`t`", Shape::Select, "statement_kind"),
            ("CREATE OR REPLACE TABLE `c`.`s`.`t` AS SELECT 1 INSERT", Shape::CreateOrReplace, "keyword"),
            ("INSERT INTO `c`.`s`.`t` SELECT 1 THEN DELETE", Shape::InsertInto, "keyword"),
        ] {
            assert_eq!(rule(sql, shape), Some(expected), "{sql}");
        }
    }
}
