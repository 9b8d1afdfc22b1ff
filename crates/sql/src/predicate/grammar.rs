//! The grammar of predicates, after the one of Spark (`SqlBaseParser.g4`), as far as a filter needs it.

use super::{MAX_DEPTH, PredicateError, Problem, is_one_of};
use sql_text::{Kind, Token};

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

/// A name without its backticks; one inside is doubled.
fn unquoted(name: &str) -> String {
    let mut text = String::new();
    let mut doubled = false;
    for c in name.get(1..name.len().saturating_sub(1)).unwrap_or_default().chars() {
        doubled = c == '`' && !doubled;
        if c != '`' || doubled {
            text.push(c);
        }
    }
    text
}

/// Reads one expression by binding power.
pub(super) struct Parser<'s> {
    text: &'s str,
    tokens: &'s [Token],
    at: usize,
    depth: u32,
    pub(super) columns: Vec<String>,
    /// Tokens that are names of functions.
    pub(super) functions: Vec<usize>,
    pub(super) uses_clock: bool,
    error: Option<PredicateError>,
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

/// What is wrong is kept in the parser, so that passing on a failure costs next to nothing.
pub(super) struct Failed;

type Parsed = Result<(), Failed>;

impl<'s> Parser<'s> {
    pub(super) fn new(text: &'s str, tokens: &'s [Token]) -> Self {
        Self {
            text,
            tokens,
            at: 0,
            depth: 0,
            columns: Vec::new(),
            functions: Vec::new(),
            uses_clock: false,
            error: None,
        }
    }

    pub(super) fn peek(&self) -> Option<&'s Token> {
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

    #[inline(never)]
    fn refuse(&mut self, problem: Problem) {
        let at = self.peek().map_or(self.text.len(), |t| t.start);
        self.error = Some(PredicateError::new(self.text, problem, at));
    }

    fn fail<T>(&mut self, problem: Problem) -> Result<T, Failed> {
        self.refuse(problem);
        Err(Failed)
    }

    #[inline(never)]
    fn expect<T>(&mut self, what: &'static str) -> Result<T, Failed> {
        self.fail(Problem::Syntax(what))
    }

    fn expect_symbol(&mut self, symbol: &str, what: &'static str) -> Parsed {
        if self.take_symbol(symbol) { Ok(()) } else { self.expect(what) }
    }

    fn expect_word(&mut self, word: &str, what: &'static str) -> Parsed {
        if self.take_word(word) { Ok(()) } else { self.expect(what) }
    }

    /// One level deeper.
    fn enter(&mut self) -> Parsed {
        if self.depth >= MAX_DEPTH {
            return self.fail(Problem::TooDeep);
        }
        self.depth += 1;
        Ok(())
    }

    /// The whole text as one expression.
    pub(super) fn parse(&mut self) -> Result<(), PredicateError> {
        match self.expression(0) {
            Ok(()) => Ok(()),
            Err(Failed) => {
                Err(self.error.take().unwrap_or(PredicateError { problem: Problem::Empty, character: 1 }))
            }
        }
    }

    /// An expression whose operators bind stronger than `least`.
    pub(super) fn expression(&mut self, least: u8) -> Parsed {
        self.enter()?;
        if self.is_word(0, "NOT") && !self.is_symbol(1, ".") {
            self.at += 1;
            self.expression(power::NOT - 1)?;
        } else if ["!", "-", "+", "~"].into_iter().any(|sign| self.take_symbol(sign)) {
            self.expression(power::SIGN - 1)?;
        } else {
            self.operand()?;
        }
        while self.operator(least)? {}
        self.depth -= 1;
        Ok(())
    }

    /// One operator with its right side, if it binds stronger than `least`.
    fn operator(&mut self, least: u8) -> Result<bool, Failed> {
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
    fn word_operator(&mut self) -> Result<bool, Failed> {
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
            return self.expect("NULL, TRUE, FALSE or DISTINCT FROM");
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
                        return self.expect("a literal");
                    }
                    self.at += 1;
                }
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn operand(&mut self) -> Parsed {
        let Some(token) = self.peek() else { return self.expect("a value") };
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
                _ => return self.expect("a value"),
            },
            _ => return self.expect("a value"),
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
                    _ => return self.expect("a field"),
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
                return self.expect("a value");
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
                    return self.expect("a unit of time");
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
            return self.expect("WHEN");
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
            return self.expect("a function name in ASCII");
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
                    return self.expect("a part of a date");
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
            Some(Kind::Quoted) => unquoted(first),
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
        self.enter()?;
        if self.peek_kind(0) != Some(Kind::Word) || !self.peek_text(0).is_ascii() {
            return self.expect("a data type");
        }
        self.at += 1;
        if self.take_symbol("(") {
            loop {
                if self.peek_kind(0) != Some(Kind::Number) {
                    return self.expect("a number");
                }
                self.at += 1;
                if !self.take_symbol(",") {
                    break;
                }
            }
            self.expect_symbol(")", ")")?;
        } else if self.take_symbol("<") {
            loop {
                // In a STRUCT every type has a name and a colon before it.
                if matches!(self.peek_kind(0), Some(Kind::Word | Kind::Quoted)) && self.is_symbol(1, ":") {
                    self.at += 2;
                }
                self.data_type()?;
                if !self.take_symbol(",") {
                    break;
                }
            }
            self.expect_symbol(">", ">")?;
        }
        self.depth -= 1;
        Ok(())
    }
}
