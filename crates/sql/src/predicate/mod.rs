//! Predicates: the one place where a plan carries SQL text.
//!
//! A predicate is taken only as a single expression over the source's columns. It is read into tokens first and
//! parsed second; what comes out is written again token by token, with every literal in a form that means the same
//! on every engine. Nothing that is not understood gets through: no comment, no second statement, no subquery, no
//! parameter, no function that reaches outside the database or gives another answer next time.

mod grammar;

use std::fmt;

use grammar::Parser;
use plan::{count_chars, push_code, push_number};
use sql_text::{Kind, Lexer, Token, is_one_of};

/// Parentheses, calls and prefix operators may nest this deep.
const MAX_DEPTH: u32 = 60;

/// A checked expression, as it is written into statements (there always in parentheses).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Predicate {
    text: String,
    columns: Vec<String>,
    uses_clock: bool,
    doubled_quote: bool,
}

impl Predicate {
    /// Reads an expression.
    ///
    /// # Errors
    /// The first thing that is wrong with it, and where.
    pub fn parse(text: &str) -> Result<Self, PredicateError> {
        let mut tokens = Vec::new();
        for token in Lexer::new(text) {
            tokens.push(token);
        }
        check_tokens(text, &tokens)?;
        let mut parser = Parser::new(text, &tokens);
        parser.parse()?;
        if let Some(token) = parser.peek() {
            let problem = match token.text(text) {
                ")" | "]" => Problem::Unbalanced,
                word if word.eq_ignore_ascii_case("over") => Problem::Window,
                _ => Problem::Syntax("an operator or the end"),
            };
            return Err(PredicateError::new(text, problem, token.start));
        }
        let Parser { columns, functions, uses_clock, .. } = parser;
        let (written, doubled_quote) = write_tokens(text, &tokens, &functions);
        Ok(Self { text: written, columns, uses_clock, doubled_quote })
    }

    /// The expression, without parentheses around it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The first parts of the names that the expression reads, in order: columns, as far as text alone can tell.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Whether the answer depends on when it is asked.
    #[must_use]
    pub fn uses_clock(&self) -> bool {
        self.uses_clock
    }

    /// Whether a literal had a doubled quote, which engines read in two ways. It is written as an escaped quote.
    #[must_use]
    pub fn had_doubled_quote(&self) -> bool {
        self.doubled_quote
    }
}

/// Why a text is not a predicate, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PredicateError {
    /// What is wrong.
    pub problem: Problem,
    /// Where, in characters from 1.
    pub character: usize,
}

/// What can be wrong with a predicate.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// There is nothing.
    Empty,
    /// A comment or a hint.
    Comment,
    /// A semicolon outside a literal.
    Semicolon,
    /// A bracket without its counterpart.
    Unbalanced,
    /// A literal or a name that never ends.
    Unterminated,
    /// A character that has no meaning outside a literal.
    Character(char),
    /// A word that begins a statement or a clause.
    Keyword(String),
    /// A query inside the expression.
    Subquery,
    /// A window function.
    Window,
    /// A parameter marker.
    Parameter,
    /// A function that reaches outside the tables of the plan.
    Function(String),
    /// A function that gives another answer each time.
    NotRepeatable(String),
    /// Nested too deep.
    TooDeep,
    /// Something else is expected here.
    Syntax(&'static str),
}

impl PredicateError {
    fn new(text: &str, problem: Problem, byte: usize) -> Self {
        let character = text.get(..byte).map_or(0, count_chars) + 1;
        Self { problem, character }
    }

    /// A stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.problem {
            Problem::Empty => "filter_empty",
            Problem::Comment => "filter_comment",
            Problem::Semicolon => "filter_semicolon",
            Problem::Unbalanced => "filter_unbalanced",
            Problem::Unterminated => "filter_unterminated",
            Problem::Character(_) => "filter_character",
            Problem::Keyword(_) => "filter_keyword",
            Problem::Subquery => "filter_subquery",
            Problem::Window => "filter_window",
            Problem::Parameter => "filter_parameter",
            Problem::Function(_) => "filter_function",
            Problem::NotRepeatable(_) => "filter_not_repeatable",
            Problem::TooDeep => "filter_too_deep",
            Problem::Syntax(_) => "filter_syntax",
        }
    }

    /// What to do next, for people.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self.problem {
            Problem::Empty => "Leave the filter out to take all rows.",
            Problem::Comment => "Remove the comment; put the reason into the plan's description.",
            Problem::Semicolon => "A filter is one expression; remove the semicolon.",
            Problem::Unbalanced => "Close every bracket that is opened, in the right order.",
            Problem::Unterminated => "Close the quote; inside a literal write \\' for a quote.",
            Problem::Character(_) => "Remove the character, or put the name that has it into backticks.",
            Problem::Keyword(_) => "A filter is one expression; if this is a column, put it into backticks.",
            Problem::Subquery => "Put the query into a view and read that.",
            Problem::Window => "Put the window function into a view and read that.",
            Problem::Parameter => "Write the value as a literal.",
            Problem::Function(_) => "Use functions that only compute from the row.",
            Problem::NotRepeatable(_) => {
                "A load must do the same when it is repeated; filter by a column instead."
            }
            Problem::TooDeep => "Make the expression flatter, or put it into a view.",
            Problem::Syntax(_) => "Write one expression, such as: status = 'paid' OR amount > 100",
        }
    }
}

impl fmt::Display for PredicateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl PredicateError {
    /// What is wrong, in words.
    pub(crate) fn message(&self) -> String {
        let mut text = String::new();
        let (before, about, after) = match &self.problem {
            Problem::Empty => ("the filter is empty", "", ""),
            Problem::Comment => ("a filter has no comments", "", ""),
            Problem::Semicolon => ("a filter has no semicolon", "", ""),
            Problem::Unbalanced => ("a bracket has no counterpart", "", ""),
            Problem::Unterminated => ("a literal or name never ends", "", ""),
            Problem::Character(c) => {
                text.push_str("character U+");
                push_code(&mut text, *c);
                (" has no meaning here", "", "")
            }
            Problem::Keyword(word) => ("`", word.as_str(), "` begins a statement or clause"),
            Problem::Subquery => ("a filter has no query inside", "", ""),
            Problem::Window => ("a filter has no window function", "", ""),
            Problem::Parameter => ("a filter has no parameter", "", ""),
            Problem::Function(name) => ("the function `", name.as_str(), "` is not allowed in a filter"),
            Problem::NotRepeatable(name) => ("`", name.as_str(), "` gives another answer each time"),
            Problem::TooDeep => {
                text.push_str("the expression nests deeper than ");
                push_number(&mut text, u64::from(MAX_DEPTH));
                ("", "", "")
            }
            Problem::Syntax(expected) => ("", *expected, " is expected here"),
        };
        for part in [before, about, after, " (character "] {
            text.push_str(part);
        }
        push_number(&mut text, self.character as u64);
        text.push(')');
        text
    }
}

impl std::error::Error for PredicateError {}

/// Words that begin a statement or a clause. A column with such a name goes into backticks.
const KEYWORDS: &str = "ALTER CALL COPY CREATE DELETE DROP EXCEPT EXECUTE GRANT GROUP HAVING INSERT \
    INTERSECT INTO JOIN LATERAL LIMIT MERGE MINUS MSCK ORDER QUALIFY REVOKE SELECT \
    SET TABLE TABLESAMPLE TRUNCATE UNION UPDATE USE USING VACUUM VALUES WHERE WITH";

/// What can be said token by token, before the grammar is asked.
fn check_tokens(text: &str, tokens: &[Token]) -> Result<(), PredicateError> {
    let fail = |problem, token: &Token| Err(PredicateError::new(text, problem, token.start));
    // The brackets that are still to be closed, as they close.
    let mut open = Vec::new();
    let mut before = "";
    for token in tokens {
        let content = token.text(text);
        let first = content.chars().next();
        let problem = match (token.kind, first) {
            (Kind::LineComment | Kind::BlockComment, _) | (Kind::Bad, Some('/')) => Some(Problem::Comment),
            (Kind::Bad, Some('\'' | '"' | '`' | 'r' | 'R')) => Some(Problem::Unterminated),
            (Kind::Bad, Some('?')) => Some(Problem::Parameter),
            (Kind::Bad, Some('0'..='9')) => Some(Problem::Syntax("a number")),
            (Kind::Bad, Some(c)) => Some(Problem::Character(c)),
            (Kind::Symbol, Some(';')) => Some(Problem::Semicolon),
            (Kind::Symbol, Some(c @ ('(' | '['))) => {
                open.push(if c == '(' { b')' } else { b']' });
                None
            }
            (Kind::Symbol, Some(')' | ']')) => {
                (open.pop() != content.bytes().next()).then_some(Problem::Unbalanced)
            }
            // Behind a dot it can only be a field.
            (Kind::Word, _) if before != "." && is_one_of(content, KEYWORDS) => {
                let opens = before == "(" && is_one_of(content, "SELECT VALUES WITH");
                Some(if opens { Problem::Subquery } else { Problem::Keyword(content.to_ascii_uppercase()) })
            }
            (Kind::Quoted, _) if content == "``" || content.chars().any(char::is_control) => {
                Some(Problem::Syntax("a name without control characters"))
            }
            _ => None,
        };
        if let Some(problem) = problem {
            return fail(problem, token);
        }
        before = content;
    }
    match tokens {
        [] => Err(PredicateError { problem: Problem::Empty, character: 1 }),
        [.., last] if !open.is_empty() => fail(Problem::Unbalanced, last),
        _ => Ok(()),
    }
}

/// Writes the tokens again. Between two tokens stands one space if white space stood there before, so a line break
/// never gets into a statement.
fn write_tokens(text: &str, tokens: &[Token], functions: &[usize]) -> (String, bool) {
    let mut out = String::with_capacity(text.len());
    let mut doubled = false;
    let mut last_end = 0;
    for (n, token) in tokens.iter().enumerate() {
        if n > 0 && token.start > last_end {
            out.push(' ');
        }
        last_end = token.end;
        let content = token.text(text);
        match token.kind {
            Kind::Text => doubled |= write_text(&mut out, content),
            // Spark 3 takes ASCII letters only outside backticks.
            Kind::Word if !content.is_ascii() && !functions.contains(&n) => {
                out.push('`');
                out.push_str(content);
                out.push('`');
            }
            _ => out.push_str(content),
        }
    }
    (out, doubled)
}

/// Writes a literal with single quotes and backslash escapes. Returns whether it had a doubled quote.
fn write_text(out: &mut String, content: &str) -> bool {
    let quote = if content.starts_with('"') { '"' } else { '\'' };
    let inner = content.get(1..content.len().saturating_sub(1)).unwrap_or_default();
    let mut doubled = false;
    out.push('\'');
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                out.push('\\');
                match chars.next() {
                    // A backslash before a line break: the line break stays, escaped.
                    Some('\n') => out.push('n'),
                    Some('\r') => out.push('r'),
                    Some(next) => out.push(next),
                    None => out.push('\\'),
                }
            }
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                // The lexer ends a literal at a single quote, so this is the first of two.
                chars.next();
                doubled = true;
                if c == '\'' {
                    out.push('\\');
                }
                out.push(c);
            }
            '\'' => out.push_str("\\'"),
            c => out.push(c),
        }
    }
    out.push('\'');
    doubled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn good(text: &str, written: &str) {
        assert_eq!(Predicate::parse(text).map(|p| p.text), Ok(written.to_owned()));
    }

    #[track_caller]
    fn bad(text: &str, code: &str) {
        match Predicate::parse(text) {
            Ok(p) => panic!("{text} was accepted as {p:?}"),
            Err(e) => assert_eq!(e.code(), code, "{text}: {e}"),
        }
    }

    #[test]
    fn expressions_that_people_write() {
        for text in [
            "status = 'paid'",
            "kind <> 'test' OR kind IS NULL",
            "NOT deleted AND amount >= -1.5 AND (a < b OR c BETWEEN 1 AND 2 AND d)",
            "ts >= TIMESTAMP'2020-01-01 00:00:00' AND day < DATE '2021-01-01'",
            "city IN ('a', 'b') AND NOT x NOT IN (1, 2) AND (a, b) IN ((1, 2))",
            "name LIKE 'a\\_%' ESCAPE '!' OR name NOT ILIKE '%x' OR name RLIKE r'^\\d+$' OR name LIKE ANY ('a', 'b')",
            "CASE WHEN a > 1 THEN b ELSE c END = 2 AND CASE x WHEN 1 THEN TRUE END",
            "CAST(x AS DECIMAL(10, 2)) > 1 AND x::int = 3 AND TRY_CAST(y AS ARRAY<STRUCT<a: INT, b: STRING>>) IS NOT NULL",
            "EXTRACT(YEAR FROM ts) = 2024 AND POSITION('a' IN s) > 0 AND TRIM(BOTH 'x' FROM s) = SUBSTRING(s FROM 1 FOR 2)",
            "ts > current_timestamp() - INTERVAL '7' DAY AND d > date_sub(current_date, 3) AND t < now() - INTERVAL 1 DAY 2 HOURS",
            "a.b[0].`c d` = 1 AND m['k'] <=> NULL AND j:x.y::string = 'z' AND exists(arr, e -> e > 1)",
            "aggregate(arr, 0, (acc, e) -> acc + e) > 1 AND e IS DISTINCT FROM f AND g IS NOT TRUE",
            "`we``ird` = 'please DROP TABLE x; --' AND `select` = 1 AND t.select = 2",
            "order_by = 1 AND updated_at > '2020' AND drop_date IS NULL AND replace(a, 'b', 'c') = left(d, 1)",
            "a DIV 2 = 1 AND a % 2 != 0 AND a & 1 == 1 | 2 ^ 3 AND ~a < +1 AND !b AND a || b = 'c'",
            "1=1",
            "x = X'1F' AND coalesce(a, b) = if(c, 1L, 2.5e3) AND a - -1 > 0",
        ] {
            good(text, text);
        }
    }

    #[test]
    fn white_space_and_literals_are_written_in_one_way() {
        good("a =\n\t'x\ny'  AND\r\n b=1", r"a = 'x\ny' AND b=1");
        good(r#"a = "it's \"q\" ""d""" "#, r#"a = 'it\'s \"q\" "d"'"#);
        good("a = 'O''Brien' OR größe > 1", r"a = 'O\'Brien' OR `größe` > 1");
        good(r"a = '\\' OR b = 'c\'d'", r"a = '\\' OR b = 'c\'d'");
        assert!(Predicate::parse("a = 'O''Brien'").unwrap().had_doubled_quote());
    }

    #[test]
    fn break_outs() {
        for (text, code) in [
            ("", "filter_empty"),
            (" \n ", "filter_empty"),
            ("1=1; DROP TABLE IF EXISTS x", "filter_semicolon"),
            ("1=1 -- x", "filter_comment"),
            ("1=1 /* x */", "filter_comment"),
            ("1=1 /* x", "filter_comment"),
            ("/*+ BROADCAST(t) */ 1=1", "filter_comment"),
            ("a--1", "filter_comment"),
            ("1=1) OR (1=1", "filter_unbalanced"),
            ("(1=1", "filter_unbalanced"),
            ("a[1) = 2]", "filter_unbalanced"),
            ("a = 'x", "filter_unterminated"),
            ("a = 'x\\'", "filter_unterminated"),
            ("a = `x", "filter_unterminated"),
            ("a = \"x", "filter_unterminated"),
            ("1=1 UNION SELECT 1", "filter_keyword"),
            ("1=1 UNION ALL SELECT * FROM s", "filter_keyword"),
            ("a IN (SELECT b FROM c)", "filter_subquery"),
            ("EXISTS (SELECT 1)", "filter_subquery"),
            ("(SELECT 1) = 1", "filter_subquery"),
            ("(WITH x AS (SELECT 1) SELECT * FROM x) = 1", "filter_subquery"),
            ("DROP TABLE x", "filter_keyword"),
            ("DELETE FROM x", "filter_keyword"),
            ("1=1 GROUP BY a", "filter_keyword"),
            ("1=1 LIMIT 1", "filter_keyword"),
            ("a = 1 WHERE b", "filter_keyword"),
            ("row_number() OVER (PARTITION BY a) = 1", "filter_window"),
            ("a = :p", "filter_parameter"),
            ("a = ?", "filter_parameter"),
            ("a = {{p}}", "filter_character"),
            ("a = ${p}", "filter_character"),
            ("a = \u{2019}x\u{2019}", "filter_character"),
            ("a\u{a0}= 1", "filter_character"),
            ("a = 1\0", "filter_character"),
            ("java_method('java.lang.Runtime', 'x') = 1", "filter_function"),
            ("REFLECT('a', 'b') = 'c'", "filter_function"),
            ("`reflect`('a', 'b') = 'c'", "filter_function"),
            ("system.builtin.reflect('a') = 'c'", "filter_function"),
            ("secret('a', 'b') = 'c'", "filter_function"),
            ("ai_query('a', 'b') = 'c'", "filter_function"),
            ("main.f.mine(a)", "filter_function"),
            ("rand() < 0.5", "filter_not_repeatable"),
            ("a =", "filter_syntax"),
            ("a b", "filter_syntax"),
            ("a = 'x' 'y'", "filter_syntax"),
            ("= 1", "filter_syntax"),
            ("a AND", "filter_syntax"),
            ("a, b", "filter_syntax"),
            ("a = 1 AS b", "filter_syntax"),
            ("*", "filter_syntax"),
            ("count(*) > 1", "filter_syntax"),
            ("a IN 1", "filter_syntax"),
            ("a BETWEEN 1 OR 2", "filter_syntax"),
            ("CASE END", "filter_syntax"),
            ("a IS 1", "filter_syntax"),
            ("2024_x = 1", "filter_syntax"),
            ("CAST(a AS b", "filter_unbalanced"),
            ("CAST(a, b)", "filter_syntax"),
            ("INTERVAL '1' TO DAY", "filter_syntax"),
            ("a::größe = 1", "filter_syntax"),
            ("extract(größe FROM ts) = 1", "filter_syntax"),
        ] {
            bad(text, code);
        }
    }

    #[test]
    fn depth_is_bounded() {
        bad(&format!("{}1{}", "(".repeat(100_000), ")".repeat(100_000)), "filter_too_deep");
        bad(&"NOT ".repeat(100_000), "filter_too_deep");
        bad(&"- ".repeat(100_000), "filter_too_deep");
        assert!(Predicate::parse(&["a = 1"; 50_000].join(" OR ")).is_ok());
    }

    #[test]
    fn writing_is_stable() {
        for text in ["a = \"x'y\" OR b = 'c''d'", "größe>1 AND x::int=2", "a\n=\n1"] {
            let once = Predicate::parse(text).unwrap();
            assert_eq!(Predicate::parse(once.as_str()).unwrap().as_str(), once.as_str());
        }
    }

    #[test]
    fn columns_and_clock() {
        let p = Predicate::parse("a.b = 1 AND `c d` > now() AND lower(e) = 'x' AND a IS NULL").unwrap();
        assert_eq!(p.columns(), ["a", "c d", "e"]);
        assert!(p.uses_clock());
    }
}
