//! From text to [`Query`].

use std::ops::ControlFlow;

use sqlparser::ast::{Query as Ast, Select, SetExpr, Statement, Visit, Visitor};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, Tokenizer};

use crate::dialect::GenieDialect;
use crate::error::ReadError;
use crate::guard;
use crate::known::Known;
use crate::limits::{MAX_BYTES, MAX_DEPTH};
use crate::model::{Query, Role};
use crate::scope::{Env, Reading};

/// Reads one query. `known` may name columns of tables; it helps in joins and may be empty.
///
/// # Errors
/// Everything that is not exactly one query that only reads; see [`ReadError`].
pub fn read(sql: &str, known: &Known) -> Result<Query, ReadError> {
    if sql.len() > MAX_BYTES {
        return Err(ReadError::TooLong);
    }
    let dialect = GenieDialect::default();
    let tokens = Tokenizer::new(&dialect, sql)
        .tokenize_with_location()
        .map_err(|e| ReadError::Unparsable { line: e.location.line, column: e.location.column })?;
    let tokens = guard::check(tokens)?;
    let mut parser = Parser::new(&dialect).with_recursion_limit(MAX_DEPTH).with_tokens_with_locations(tokens);
    // Not parse_statement: everything that defines or changes something would come along, half a megabyte of it in wasm.
    begins_a_query(&parser)?;
    let ast = parser.parse_query().map_err(|e| failed(&e, &parser))?;
    // The guard took the `;` at the end away; whatever stands behind the statement is not part of it.
    let rest = parser.peek_token();
    if rest.token != Token::EOF {
        return Err(ReadError::Unparsable { line: rest.span.start.line, column: rest.span.start.column });
    }
    let mut reads_only = ReadsOnly { piped: false };
    if ast.visit(&mut reads_only).is_break() {
        return Err(if reads_only.piped { ReadError::NotSupported } else { ReadError::NotAQuery });
    }
    let mut reading = Reading { out: Query::default(), known };
    reading.query(&ast, &Env::default(), None, Role::From);
    Ok(reading.out)
}

/// First words of statements that are no query, for telling them from what is no SQL at all. A word that is missing here
/// is refused under the other name.
const STATEMENTS: [&str; 45] = [
    "ALTER", "ANALYZE", "BEGIN", "CACHE", "CALL", "CLEAR", "COMMENT", "COMMIT", "CONVERT", "COPY", "CREATE",
    "DECLARE", "DELETE", "DENY", "DESC", "DESCRIBE", "DROP", "EXECUTE", "EXPLAIN", "FSCK", "GENERATE", "GET",
    "GRANT", "INSERT", "LIST", "LOAD", "MERGE", "MSCK", "OPTIMIZE", "PUT", "REFRESH", "REMOVE", "REORG",
    "REPAIR", "RESET", "RESTORE", "REVOKE", "SET", "SHOW", "TRUNCATE", "UNCACHE", "UNDROP", "UPDATE", "USE",
    "VACUUM",
];

fn begins_a_query(parser: &Parser<'_>) -> Result<(), ReadError> {
    let first = parser.peek_token_ref();
    let unparsable = ReadError::Unparsable { line: first.span.start.line, column: first.span.start.column };
    match &first.token {
        Token::LParen => Ok(()),
        Token::Word(word) if word.quote_style.is_none() => match word.keyword {
            Keyword::SELECT | Keyword::WITH | Keyword::VALUES | Keyword::FROM => Ok(()),
            _ if STATEMENTS.iter().any(|name| word.value.eq_ignore_ascii_case(name)) => {
                Err(ReadError::NotAQuery)
            }
            _ => Err(unparsable),
        },
        _ => Err(unparsable),
    }
}

fn failed(error: &ParserError, parser: &Parser<'_>) -> ReadError {
    match error {
        ParserError::RecursionLimitExceeded => ReadError::TooDeep,
        _ => {
            let start = parser.peek_token_ref().span.start;
            ReadError::Unparsable { line: start.line, column: start.column }
        }
    }
}

/// Stops at everything inside a query that does more than read. What it breaks with is on the stack of every level of
/// the tree, so it is empty.
struct ReadsOnly {
    piped: bool,
}

impl Visitor for ReadsOnly {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Ast) -> ControlFlow<()> {
        self.piped |= !query.pipe_operators.is_empty();
        stop(self.piped || !query.locks.is_empty() || writes(&query.body))
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        stop(select.into.is_some())
    }

    fn pre_visit_statement(&mut self, _: &Statement) -> ControlFlow<()> {
        ControlFlow::Break(())
    }
}

fn stop(stop: bool) -> ControlFlow<()> {
    if stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

fn writes(body: &SetExpr) -> bool {
    matches!(body, SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_))
}
