//! From text to [`Query`].

use std::ops::ControlFlow;

use sqlparser::ast::{Query as Ast, Select, SetExpr, Statement, Visit, Visitor};
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Tokenizer;

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
    let statement = parser.parse_statement().map_err(|e| failed(&e, &parser))?;
    // The guard took the `;` at the end away; whatever stands behind the statement is not part of it.
    let rest = parser.peek_token();
    if rest.token != sqlparser::tokenizer::Token::EOF {
        return Err(ReadError::Unparsable { line: rest.span.start.line, column: rest.span.start.column });
    }
    let Statement::Query(ast) = statement else { return Err(ReadError::NotAQuery) };
    let mut reads_only = ReadsOnly { piped: false };
    if ast.visit(&mut reads_only).is_break() {
        return Err(if reads_only.piped { ReadError::NotSupported } else { ReadError::NotAQuery });
    }
    let mut reading = Reading { out: Query::default(), known };
    reading.query(&ast, &Env::default(), None, Role::From);
    Ok(reading.out)
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
