//! Predicates: the one place where a plan carries SQL text.
//!
//! A predicate is taken only as a single expression over the source's columns. It is read into tokens first and
//! parsed second; what comes out is written again token by token, with every literal in a form that means the same
//! on every engine. Nothing that is not understood gets through: no comment, no second statement, no subquery, no
//! parameter, no function that reaches outside the database or gives another answer next time.

use std::fmt;

use crate::lexer::{Kind, Lexer, Token};

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
        let tokens: Vec<Token> = Lexer::new(text).collect();
        check_tokens(text, &tokens)?;
        let mut parser = Parser {
            text,
            tokens: &tokens,
            at: 0,
            depth: 0,
            columns: Vec::new(),
            functions: Vec::new(),
            uses_clock: false,
        };
        parser.expression(0)?;
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
        let character = text.get(..byte).map_or(0, |t| t.chars().count()) + 1;
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
        match &self.problem {
            Problem::Empty => f.write_str("the filter is empty")?,
            Problem::Comment => f.write_str("a filter has no comments")?,
            Problem::Semicolon => f.write_str("a filter has no semicolon")?,
            Problem::Unbalanced => f.write_str("a bracket has no counterpart")?,
            Problem::Unterminated => f.write_str("a literal or name never ends")?,
            Problem::Character(c) => write!(f, "character U+{:04X} has no meaning here", u32::from(*c))?,
            Problem::Keyword(word) => write!(f, "`{word}` begins a statement or clause")?,
            Problem::Subquery => f.write_str("a filter has no query inside")?,
            Problem::Window => f.write_str("a filter has no window function")?,
            Problem::Parameter => f.write_str("a filter has no parameter")?,
            Problem::Function(name) => write!(f, "the function `{name}` is not allowed in a filter")?,
            Problem::NotRepeatable(name) => write!(f, "`{name}` gives another answer each time")?,
            Problem::TooDeep => write!(f, "the expression nests deeper than {MAX_DEPTH}")?,
            Problem::Syntax(expected) => write!(f, "{expected} is expected here")?,
        }
        write!(f, " (character {})", self.character)
    }
}

impl std::error::Error for PredicateError {}

/// Words that begin a statement or a clause. A column with such a name goes into backticks.
const KEYWORDS: &[&str] = &[
    "ALTER",
    "CALL",
    "COPY",
    "CREATE",
    "DELETE",
    "DROP",
    "EXCEPT",
    "EXECUTE",
    "GRANT",
    "GROUP",
    "HAVING",
    "INSERT",
    "INTERSECT",
    "INTO",
    "JOIN",
    "LATERAL",
    "LIMIT",
    "MERGE",
    "MINUS",
    "MSCK",
    "ORDER",
    "QUALIFY",
    "REVOKE",
    "SELECT",
    "SET",
    "TABLE",
    "TABLESAMPLE",
    "TRUNCATE",
    "UNION",
    "UPDATE",
    "USE",
    "USING",
    "VACUUM",
    "VALUES",
    "WHERE",
    "WITH",
];

/// Functions that run code, read secrets or files, or call out.
const FORBIDDEN: &[&str] = &[
    "REFLECT",
    "JAVA_METHOD",
    "TRY_REFLECT",
    "SECRET",
    "TRY_SECRET",
    "LIST_SECRETS",
    "HTTP_REQUEST",
    "REMOTE_QUERY",
    "READ_FILES",
    "READ_KAFKA",
    "READ_KINESIS",
    "READ_PUBSUB",
    "READ_PULSAR",
    "READ_STATE_STORE",
    "CLOUD_FILES_STATE",
    "VECTOR_SEARCH",
    "IDENTIFIER",
    "SQL_KEYWORDS",
    "TABLE_CHANGES",
    "RAISE_ERROR",
    "ASSERT_TRUE",
];

/// Functions that give another answer each time.
const NOT_REPEATABLE: &[&str] = &[
    "RAND",
    "RANDN",
    "RANDOM",
    "UUID",
    "SHUFFLE",
    "RANDSTR",
    "UNIFORM",
    "MONOTONICALLY_INCREASING_ID",
    "SPARK_PARTITION_ID",
];

/// Functions and words whose answer depends on when they are asked.
const CLOCK: &[&str] = &[
    "CURRENT_DATE",
    "CURRENT_TIMESTAMP",
    "CURRENT_TIME",
    "NOW",
    "CURDATE",
    "LOCALTIMESTAMP",
    "UNIX_TIMESTAMP",
    "GETDATE",
    "DATE_SUB_NOW",
];

fn is_one_of(word: &str, list: &[&str]) -> bool {
    list.iter().any(|k| k.eq_ignore_ascii_case(word))
}

/// What can be said token by token, before the grammar is asked.
fn check_tokens(text: &str, tokens: &[Token]) -> Result<(), PredicateError> {
    let fail = |problem, token: &Token| Err(PredicateError::new(text, problem, token.start));
    let mut open = Vec::new();
    for (n, token) in tokens.iter().enumerate() {
        let content = token.text(text);
        match token.kind {
            Kind::LineComment | Kind::BlockComment => return fail(Problem::Comment, token),
            Kind::Bad => {
                let problem = match content.chars().next() {
                    Some('\'' | '"' | '`') => Problem::Unterminated,
                    Some('r' | 'R') => Problem::Unterminated,
                    Some('/') => Problem::Comment,
                    Some('?') => Problem::Parameter,
                    Some(c) if c.is_ascii_digit() => Problem::Syntax("a number"),
                    Some(c) => Problem::Character(c),
                    None => Problem::Empty,
                };
                return fail(problem, token);
            }
            Kind::Symbol => match content {
                ";" => return fail(Problem::Semicolon, token),
                "(" | "[" => open.push(content),
                ")" if open.pop() != Some("(") => return fail(Problem::Unbalanced, token),
                "]" if open.pop() != Some("[") => return fail(Problem::Unbalanced, token),
                _ => {}
            },
            Kind::Word if is_one_of(content, KEYWORDS) => {
                // Behind a dot it can only be a field.
                let field = n > 0 && tokens.get(n - 1).is_some_and(|t| t.text(text) == ".");
                if !field {
                    let word = content.to_ascii_uppercase();
                    let query = matches!(word.as_str(), "SELECT" | "VALUES" | "WITH");
                    let opened = n > 0 && tokens.get(n - 1).is_some_and(|t| t.text(text) == "(");
                    return fail(
                        if query && opened { Problem::Subquery } else { Problem::Keyword(word) },
                        token,
                    );
                }
            }
            Kind::Quoted if content.chars().any(char::is_control) || content == "``" => {
                return fail(Problem::Syntax("a name without control characters"), token);
            }
            _ => {}
        }
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

struct Parser<'s> {
    text: &'s str,
    tokens: &'s [Token],
    at: usize,
    depth: u32,
    columns: Vec<String>,
    /// Tokens that are names of functions.
    functions: Vec<usize>,
    uses_clock: bool,
}

/// Binding power of operators, weakest first.
mod power {
    pub(super) const OR: u8 = 1;
    pub(super) const AND: u8 = 2;
    pub(super) const NOT: u8 = 3;
    pub(super) const COMPARE: u8 = 4;
    pub(super) const BIT_OR: u8 = 5;
    pub(super) const BIT_XOR: u8 = 6;
    pub(super) const BIT_AND: u8 = 7;
    pub(super) const ADD: u8 = 8;
    pub(super) const MULTIPLY: u8 = 9;
    pub(super) const SIGN: u8 = 10;
}

type Parsed = Result<(), PredicateError>;

impl<'s> Parser<'s> {
    fn peek(&self) -> Option<&'s Token> {
        self.tokens.get(self.at)
    }

    fn peek_text(&self, ahead: usize) -> &'s str {
        self.tokens.get(self.at + ahead).map_or("", |t| t.text(self.text))
    }

    fn peek_kind(&self, ahead: usize) -> Option<Kind> {
        self.tokens.get(self.at + ahead).map(|t| t.kind)
    }

    fn is_word(&self, ahead: usize, word: &str) -> bool {
        self.peek_kind(ahead) == Some(Kind::Word) && self.peek_text(ahead).eq_ignore_ascii_case(word)
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(0, word);
        self.at += usize::from(found);
        found
    }

    fn is_symbol(&self, ahead: usize, symbol: &str) -> bool {
        self.peek_kind(ahead) == Some(Kind::Symbol) && self.peek_text(ahead) == symbol
    }

    fn take_symbol(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(0, symbol);
        self.at += usize::from(found);
        found
    }

    fn fail<T>(&self, problem: Problem) -> Result<T, PredicateError> {
        let at = self.peek().map_or(self.text.len(), |t| t.start);
        Err(PredicateError::new(self.text, problem, at))
    }

    fn expect_symbol(&mut self, symbol: &str, what: &'static str) -> Parsed {
        if self.take_symbol(symbol) { Ok(()) } else { self.fail(Problem::Syntax(what)) }
    }

    fn expect_word(&mut self, word: &str, what: &'static str) -> Parsed {
        if self.take_word(word) { Ok(()) } else { self.fail(Problem::Syntax(what)) }
    }

    fn nested(&mut self, parse: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        if self.depth >= MAX_DEPTH {
            return self.fail(Problem::TooDeep);
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    /// An expression whose operators bind stronger than `least`.
    fn expression(&mut self, least: u8) -> Parsed {
        self.nested(|p| {
            if p.is_word(0, "NOT") && !p.is_symbol(1, ".") {
                p.at += 1;
                p.expression(power::NOT - 1)?;
            } else if p.take_symbol("!") {
                p.expression(power::SIGN - 1)?;
            } else if p.is_symbol(0, "-") || p.is_symbol(0, "+") || p.is_symbol(0, "~") {
                p.at += 1;
                p.expression(power::SIGN - 1)?;
            } else {
                p.operand()?;
            }
            while p.operator(least)? {}
            Ok(())
        })
    }

    /// One operator with its right side, if it binds stronger than `least`.
    fn operator(&mut self, least: u8) -> Result<bool, PredicateError> {
        let Some(token) = self.peek() else { return Ok(false) };
        let content = token.text(self.text);
        let binary = match token.kind {
            Kind::Symbol => match content {
                "*" | "/" | "%" => power::MULTIPLY,
                "+" | "-" | "||" => power::ADD,
                "&" => power::BIT_AND,
                "^" => power::BIT_XOR,
                "|" => power::BIT_OR,
                "=" | "==" | "<" | ">" | "<=" | ">=" | "<>" | "!=" | "<=>" => power::COMPARE,
                _ => return Ok(false),
            },
            Kind::Word if content.eq_ignore_ascii_case("DIV") => power::MULTIPLY,
            Kind::Word if content.eq_ignore_ascii_case("AND") => power::AND,
            Kind::Word if content.eq_ignore_ascii_case("OR") => power::OR,
            Kind::Word => return if power::COMPARE > least { self.word_operator() } else { Ok(false) },
            _ => return Ok(false),
        };
        if binary <= least {
            return Ok(false);
        }
        self.at += 1;
        self.expression(binary)?;
        Ok(true)
    }

    /// `IS`, `IN`, `BETWEEN`, `LIKE` and their kin, with or without `NOT`.
    fn word_operator(&mut self) -> Result<bool, PredicateError> {
        if self.take_word("IS") {
            self.take_word("NOT");
            if self.take_word("DISTINCT") {
                self.expect_word("FROM", "FROM")?;
                self.expression(power::COMPARE)?;
                return Ok(true);
            }
            for word in ["NULL", "TRUE", "FALSE", "UNKNOWN"] {
                if self.take_word(word) {
                    return Ok(true);
                }
            }
            return self.fail(Problem::Syntax("NULL, TRUE, FALSE or DISTINCT FROM"));
        }
        let negated = usize::from(self.is_word(0, "NOT"));
        if self.is_word(negated, "IN") {
            self.at += negated + 1;
            self.expect_symbol("(", "a list in parentheses")?;
            self.arguments(")")?;
            return Ok(true);
        }
        if self.is_word(negated, "BETWEEN") {
            self.at += negated + 1;
            self.expression(power::COMPARE)?;
            self.expect_word("AND", "AND")?;
            self.expression(power::COMPARE)?;
            return Ok(true);
        }
        for word in ["LIKE", "ILIKE", "RLIKE", "REGEXP"] {
            if self.is_word(negated, word) {
                self.at += negated + 1;
                if self.take_word("ANY") || self.take_word("SOME") || self.take_word("ALL") {
                    self.expect_symbol("(", "a list in parentheses")?;
                    self.arguments(")")?;
                } else {
                    self.expression(power::COMPARE)?;
                }
                if self.take_word("ESCAPE") {
                    if self.peek_kind(0) != Some(Kind::Text) {
                        return self.fail(Problem::Syntax("a literal"));
                    }
                    self.at += 1;
                }
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn operand(&mut self) -> Parsed {
        let Some(token) = self.peek() else { return self.fail(Problem::Syntax("a value")) };
        match token.kind {
            Kind::Number | Kind::Text | Kind::RawText => self.at += 1,
            Kind::Quoted => self.name()?,
            Kind::Word => self.word()?,
            Kind::Symbol => match token.text(self.text) {
                "(" => {
                    self.at += 1;
                    // Several values are a row, as in (a, b) IN ((1, 2)).
                    self.arguments(")")?;
                }
                ":" => return self.fail(Problem::Parameter),
                _ => return self.fail(Problem::Syntax("a value")),
            },
            _ => return self.fail(Problem::Syntax("a value")),
        }
        self.suffixes()
    }

    /// `[0]`, `.field`, `::type`, `:json.path`.
    fn suffixes(&mut self) -> Parsed {
        loop {
            if self.take_symbol("[") {
                if self.take_symbol("*") {
                    self.expect_symbol("]", "]")?;
                } else {
                    self.expression(0)?;
                    self.expect_symbol("]", "]")?;
                }
            } else if self.is_symbol(0, ".") || self.is_symbol(0, ":") {
                self.at += 1;
                match self.peek_kind(0) {
                    Some(Kind::Word | Kind::Quoted) => self.at += 1,
                    _ => return self.fail(Problem::Syntax("a field")),
                }
            } else if self.take_symbol("::") {
                self.data_type()?;
            } else {
                return Ok(());
            }
        }
    }

    /// A word at the start of an operand: a constant, a special form, a function, or a column.
    fn word(&mut self) -> Parsed {
        let word = self.peek_text(0);
        let upper = word.to_ascii_uppercase();
        let call = self.is_symbol(1, "(");
        match upper.as_str() {
            "NULL" | "TRUE" | "FALSE" if !call => {
                self.at += 1;
                return Ok(());
            }
            "DATE" | "TIMESTAMP" | "TIMESTAMP_NTZ" | "TIMESTAMP_LTZ" | "X"
                if self.peek_kind(1) == Some(Kind::Text) =>
            {
                self.at += 2;
                return Ok(());
            }
            "INTERVAL" if !call && self.starts_interval() => return self.interval(),
            "CASE" if !call || !self.is_symbol(2, ")") => return self.case(),
            "EXISTS" if call && self.is_word(2, "SELECT") => return self.fail(Problem::Subquery),
            "AND" | "OR" | "IN" | "IS" | "LIKE" | "BETWEEN" | "THEN" | "ELSE" | "END" | "WHEN" | "FROM"
            | "AS" | "NOT" | "ESCAPE" | "OVER" | "ON" | "DISTINCT" | "CROSS" | "NATURAL" | "FETCH" => {
                return self.fail(Problem::Syntax("a value"));
            }
            _ => {}
        }
        if call {
            return self.call(&upper);
        }
        self.uses_clock |= is_one_of(&upper, CLOCK);
        self.name()
    }

    fn starts_interval(&self) -> bool {
        match self.peek_kind(1) {
            Some(Kind::Text | Kind::Number) => true,
            Some(Kind::Symbol) => {
                self.is_symbol(1, "-") && matches!(self.peek_kind(2), Some(Kind::Text | Kind::Number))
            }
            _ => false,
        }
    }

    /// `INTERVAL '1' DAY`, `INTERVAL 3 HOURS 5 MINUTES`, `INTERVAL '1-2' YEAR TO MONTH`, `INTERVAL '1 day'`.
    fn interval(&mut self) -> Parsed {
        self.at += 1;
        loop {
            self.take_symbol("-");
            self.at += 1;
            if self.unit() {
                if self.take_word("TO") && !self.unit() {
                    return self.fail(Problem::Syntax("a unit of time"));
                }
            } else {
                return Ok(());
            }
            if !self.starts_value() {
                return Ok(());
            }
        }
    }

    fn starts_value(&self) -> bool {
        matches!(self.peek_kind(0), Some(Kind::Text | Kind::Number))
    }

    fn unit(&mut self) -> bool {
        const UNITS: &[&str] = &[
            "YEAR",
            "YEARS",
            "QUARTER",
            "QUARTERS",
            "MONTH",
            "MONTHS",
            "WEEK",
            "WEEKS",
            "DAY",
            "DAYS",
            "HOUR",
            "HOURS",
            "MINUTE",
            "MINUTES",
            "SECOND",
            "SECONDS",
            "MILLISECOND",
            "MILLISECONDS",
            "MICROSECOND",
            "MICROSECONDS",
        ];
        let found = self.peek_kind(0) == Some(Kind::Word) && is_one_of(self.peek_text(0), UNITS);
        self.at += usize::from(found);
        found
    }

    fn case(&mut self) -> Parsed {
        self.at += 1;
        if !self.is_word(0, "WHEN") {
            self.expression(0)?;
        }
        let mut branches = 0;
        while self.take_word("WHEN") {
            self.expression(0)?;
            self.expect_word("THEN", "THEN")?;
            self.expression(0)?;
            branches += 1;
        }
        if branches == 0 {
            return self.fail(Problem::Syntax("WHEN"));
        }
        if self.take_word("ELSE") {
            self.expression(0)?;
        }
        self.expect_word("END", "END")
    }

    /// A function call; the name is one word and the bracket follows.
    fn call(&mut self, upper: &str) -> Parsed {
        if is_one_of(upper, FORBIDDEN) || upper.starts_with("AI_") {
            return self.fail(Problem::Function(upper.to_ascii_lowercase()));
        }
        if is_one_of(upper, NOT_REPEATABLE) {
            return self.fail(Problem::NotRepeatable(upper.to_ascii_lowercase()));
        }
        if !upper.is_ascii() {
            return self.fail(Problem::Syntax("a function name in ASCII"));
        }
        self.uses_clock |= is_one_of(upper, CLOCK) && (upper != "UNIX_TIMESTAMP" || self.is_symbol(2, ")"));
        self.functions.push(self.at);
        self.at += 2;
        match upper {
            "CAST" | "TRY_CAST" => {
                self.expression(0)?;
                self.expect_word("AS", "AS")?;
                self.data_type()?;
                self.expect_symbol(")", ")")?;
            }
            "EXTRACT" => {
                if !matches!(self.peek_kind(0), Some(Kind::Word | Kind::Text))
                    || !self.peek_text(0).is_ascii()
                {
                    return self.fail(Problem::Syntax("a part of a date"));
                }
                self.at += 1;
                self.expect_word("FROM", "FROM")?;
                self.expression(0)?;
                self.expect_symbol(")", ")")?;
            }
            "POSITION" => {
                self.expression(power::COMPARE)?;
                if self.take_word("IN") {
                    self.expression(0)?;
                    self.expect_symbol(")", ")")?;
                } else if self.take_symbol(",") {
                    self.arguments(")")?;
                } else {
                    self.expect_symbol(")", "IN")?;
                }
            }
            "TRIM" => {
                let sided = ["BOTH", "LEADING", "TRAILING"].into_iter().any(|w| self.take_word(w));
                if !(sided && self.is_word(0, "FROM")) {
                    self.expression(0)?;
                }
                if self.take_word("FROM") {
                    self.expression(0)?;
                }
                self.expect_symbol(")", ")")?;
            }
            "SUBSTRING" | "SUBSTR" | "OVERLAY" => {
                self.expression(0)?;
                for word in ["PLACING", "FROM", "FOR"] {
                    if self.take_word(word) {
                        self.expression(0)?;
                    }
                }
                if self.take_symbol(",") {
                    self.arguments(")")?;
                } else {
                    self.expect_symbol(")", ")")?;
                }
            }
            _ => self.arguments(")")?,
        }
        if self.is_word(0, "OVER")
            || self.is_word(0, "WITHIN")
            || (self.is_word(0, "FILTER") && self.is_symbol(1, "("))
        {
            return self.fail(Problem::Window);
        }
        Ok(())
    }

    /// Expressions between commas, up to and with the closing bracket.
    fn arguments(&mut self, close: &'static str) -> Parsed {
        if self.take_symbol(close) {
            return Ok(());
        }
        loop {
            if self.is_word(0, "SELECT") {
                return self.fail(Problem::Subquery);
            }
            self.argument()?;
            if self.take_symbol(close) {
                return Ok(());
            }
            self.expect_symbol(",", "a comma or a closing bracket")?;
        }
    }

    /// An expression, or a lambda `x -> ...` or `(x, y) -> ...`, or a named argument `name => ...`.
    fn argument(&mut self) -> Parsed {
        let single = matches!(self.peek_kind(0), Some(Kind::Word | Kind::Quoted));
        if single && (self.is_symbol(1, "->") || self.is_symbol(1, "=>")) {
            self.at += 2;
            return self.expression(0);
        }
        if self.is_symbol(0, "(") {
            let mut ahead = 1;
            while matches!(self.peek_kind(ahead), Some(Kind::Word | Kind::Quoted))
                && self.is_symbol(ahead + 1, ",")
            {
                ahead += 2;
            }
            if self.is_symbol(ahead + 1, ")") && self.is_symbol(ahead + 2, "->") {
                self.at += ahead + 3;
                return self.expression(0);
            }
        }
        self.expression(0)
    }

    /// A column, or a dotted name, or a function behind a dotted name.
    fn name(&mut self) -> Parsed {
        let first = self.peek_text(0);
        let column = match self.peek_kind(0) {
            Some(Kind::Quoted) => {
                first.get(1..first.len().saturating_sub(1)).unwrap_or_default().replace("``", "`")
            }
            _ => first.to_owned(),
        };
        self.at += 1;
        while self.is_symbol(0, ".") && matches!(self.peek_kind(1), Some(Kind::Word | Kind::Quoted)) {
            self.at += 2;
        }
        if self.is_symbol(0, "(") {
            // A function of one's own can do anything, and a quoted name can hide any other.
            return self.fail(Problem::Function(column));
        }
        if !self.columns.contains(&column) {
            self.columns.push(column);
        }
        Ok(())
    }

    /// A data type, as far as filters need one.
    fn data_type(&mut self) -> Parsed {
        self.nested(|p| {
            if p.peek_kind(0) != Some(Kind::Word) || !p.peek_text(0).is_ascii() {
                return p.fail(Problem::Syntax("a data type"));
            }
            p.at += 1;
            if p.take_symbol("(") {
                loop {
                    if p.peek_kind(0) != Some(Kind::Number) {
                        return p.fail(Problem::Syntax("a number"));
                    }
                    p.at += 1;
                    if !p.take_symbol(",") {
                        break;
                    }
                }
                return p.expect_symbol(")", ")");
            }
            if p.take_symbol("<") {
                loop {
                    // In a STRUCT every type has a name and a colon before it.
                    if matches!(p.peek_kind(0), Some(Kind::Word | Kind::Quoted)) && p.is_symbol(1, ":") {
                        p.at += 2;
                    }
                    p.data_type()?;
                    if !p.take_symbol(",") {
                        break;
                    }
                }
                return p.expect_symbol(">", ">");
            }
            Ok(())
        })
    }
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
