//! The grammar of predicates, after the one of Spark (`SqlBaseParser.g4`), as far as a filter needs it.

use sql_text::{Kind, Token, is_one_of};

use super::{MAX_DEPTH, PredicateError, Problem};

/// Functions that run code, read secrets or files, or call out.
const FORBIDDEN: &str = "REFLECT JAVA_METHOD TRY_REFLECT SECRET TRY_SECRET LIST_SECRETS HTTP_REQUEST \
    REMOTE_QUERY READ_FILES READ_KAFKA READ_KINESIS READ_PUBSUB READ_PULSAR READ_STATE_STORE \
    CLOUD_FILES_STATE VECTOR_SEARCH IDENTIFIER SQL_KEYWORDS TABLE_CHANGES RAISE_ERROR ASSERT_TRUE";

/// Functions that give another answer each time.
const NOT_REPEATABLE: &str = "\
    RAND RANDN RANDOM UUID SHUFFLE RANDSTR UNIFORM MONOTONICALLY_INCREASING_ID SPARK_PARTITION_ID";

/// Functions and words whose answer depends on when they are asked.
const CLOCK: &str = "\
    CURRENT_DATE CURRENT_TIMESTAMP CURRENT_TIME NOW CURDATE LOCALTIMESTAMP UNIX_TIMESTAMP GETDATE DATE_SUB_NOW";

/// Words that are no column and no function, so no value begins with them.
const RESERVED: &str =
    "AND OR IN IS LIKE BETWEEN THEN ELSE END WHEN FROM AS NOT ESCAPE OVER ON DISTINCT CROSS NATURAL FETCH";

const UNITS: &str = "YEAR YEARS QUARTER QUARTERS MONTH MONTHS WEEK WEEKS DAY DAYS HOUR HOURS MINUTE MINUTES SECOND SECONDS \
    MILLISECOND MILLISECONDS MICROSECOND MICROSECONDS";

/// Binary operators by their binding power, weakest first. Those that are words and take more than one operand on their
/// right bind like a comparison.
const OPERATORS: [&str; 9] =
    ["OR", "AND", "", "= == < > <= >= <> != <=>", "|", "^", "&", "+ - ||", "* / % DIV"];
const NOT: u8 = 3;
const COMPARE: u8 = 4;
const SIGN: u8 = 10;

/// Functions whose arguments have words between them, as forms of [`Parser::form`].
const FORMS: [(&str, &str); 5] = [
    ("CAST TRY_CAST", "e AS t )"),
    ("EXTRACT", "part FROM e )"),
    ("POSITION", "c in"),
    ("TRIM", "sides ?FROM e )"),
    ("SUBSTRING SUBSTR OVERLAY", "e ?PLACING e ?FROM e ?FOR e rest"),
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

    /// Whether a word or symbol stands there. No token of another kind has the text of one.
    #[inline(never)]
    fn is(&self, ahead: usize, text: &str) -> bool {
        self.peek_text(ahead).eq_ignore_ascii_case(text)
    }

    /// Goes on behind a token, if it is there.
    fn take(&mut self, text: &str) -> bool {
        let found = self.is(0, text);
        self.at += usize::from(found);
        found
    }

    /// Goes on behind a token that is one of a list.
    fn take_one(&mut self, list: &str) -> bool {
        let found = is_one_of(self.peek_text(0), list);
        self.at += usize::from(found);
        found
    }

    /// Notes what is wrong, if it is the first, and ends the text here: nothing more can be read, so every function comes
    /// to its end by itself, and none has to hand a failure on.
    #[inline(never)]
    fn fail(&mut self, problem: Problem) {
        if self.error.is_none() {
            let at = self.peek().map_or(self.text.len(), |t| t.start);
            self.error = Some(PredicateError::new(self.text, problem, at));
        }
        self.tokens = &[];
    }

    #[inline(never)]
    fn expect(&mut self, what: &'static str) {
        self.fail(Problem::Syntax(what));
    }

    fn need(&mut self, text: &str, what: &'static str) {
        if !self.take(text) {
            self.expect(what);
        }
    }

    /// Reads what a form says, step by step: `e` is an expression, `c` one that ends at a comparison, `t` a data type;
    /// `?FROM e` an expression behind a word that may be missing; small letters are what [`Parser::step`] knows, and
    /// everything else stands for itself.
    #[inline(never)]
    fn form(&mut self, form: &'static str) {
        let mut steps = form.split(' ');
        while let Some(step) = steps.next() {
            match step.strip_prefix('?') {
                Some(word) if !self.take(word) => drop(steps.next()),
                Some(_) => {}
                None => self.step(step),
            }
        }
    }

    fn step(&mut self, step: &'static str) {
        match step {
            "e" => self.expression(0),
            "c" => self.expression(COMPARE),
            "t" => self.data_type(),
            "list" => {
                self.need("(", "a list in parentheses");
                self.arguments()
            }
            "rest" if self.take(",") => self.arguments(),
            "rest" => self.need(")", ")"),
            "in" if self.take("IN") => self.form("e )"),
            "in" if self.take(",") => self.arguments(),
            "in" => self.need(")", "IN"),
            "sides" => {
                let sided = self.take_one("BOTH LEADING TRAILING");
                if !(sided && self.is(0, "FROM")) {
                    self.expression(0);
                }
            }
            "part" => {
                let fits = matches!(self.peek_kind(0), Some(Kind::Word | Kind::Text));
                if !fits || !self.peek_text(0).is_ascii() {
                    return self.expect("a part of a date");
                }
                self.at += 1;
            }
            word => self.need(word, word),
        }
    }

    /// One level deeper.
    fn enter(&mut self) {
        if self.depth >= MAX_DEPTH {
            self.fail(Problem::TooDeep);
        }
        self.depth += 1;
    }

    /// The whole text as one expression.
    pub(super) fn parse(&mut self) -> Result<(), PredicateError> {
        self.expression(0);
        match self.error.take() {
            None => Ok(()),
            Some(error) => Err(error),
        }
    }

    /// An expression whose operators bind stronger than `least`.
    pub(super) fn expression(&mut self, least: u8) {
        self.enter();
        if self.is(0, "NOT") && !self.is(1, ".") {
            self.at += 1;
            self.expression(NOT - 1);
        } else if self.take_one("! - + ~") {
            self.expression(SIGN - 1);
        } else {
            self.operand();
        }
        while self.operator(least) {}
        self.depth -= 1;
    }

    /// One operator with its right side, if it binds stronger than `least`.
    fn operator(&mut self, least: u8) -> bool {
        let Some(token) = self.peek() else { return false };
        let content = token.text(self.text);
        for (power, operators) in (1..).zip(OPERATORS) {
            if is_one_of(content, operators) {
                if power <= least {
                    return false;
                }
                self.at += 1;
                self.expression(power);
                return true;
            }
        }
        if COMPARE > least { self.word_operator() } else { false }
    }

    /// `IS`, `IN`, `BETWEEN`, `LIKE` and their kin, with or without `NOT`.
    fn word_operator(&mut self) -> bool {
        let start = self.at;
        if self.take("IS") {
            self.take("NOT");
            if self.take("DISTINCT") {
                self.form("FROM c");
            } else if !self.take_one("NULL TRUE FALSE UNKNOWN") {
                self.expect("NULL, TRUE, FALSE or DISTINCT FROM");
            }
            return true;
        }
        self.take("NOT");
        if self.take("IN") {
            self.form("list");
        } else if self.take("BETWEEN") {
            self.form("c AND c");
        } else if self.take_one("LIKE ILIKE RLIKE REGEXP") {
            let several = self.take_one("ANY SOME ALL");
            self.form(if several { "list" } else { "c" });
            if self.take("ESCAPE") {
                if self.peek_kind(0) != Some(Kind::Text) {
                    self.expect("a literal");
                }
                self.at += 1;
            }
        } else {
            self.at = start;
            return false;
        }
        true
    }

    fn operand(&mut self) {
        let Some(token) = self.peek() else { return self.expect("a value") };
        match token.kind {
            Kind::Number | Kind::Text | Kind::RawText => self.at += 1,
            Kind::Quoted => self.name(),
            Kind::Word => self.word(),
            Kind::Symbol => match token.text(self.text) {
                "(" => {
                    self.at += 1;
                    // Several values are a row, as in (a, b) IN ((1, 2)).
                    self.arguments();
                }
                ":" => return self.fail(Problem::Parameter),
                _ => return self.expect("a value"),
            },
            _ => return self.expect("a value"),
        }
        self.suffixes()
    }

    /// `[0]`, `.field`, `::type`, `:json.path`.
    fn suffixes(&mut self) {
        loop {
            if self.take("[") {
                let all = self.take("*");
                self.form(if all { "]" } else { "e ]" });
            } else if self.take(".") || self.take(":") {
                match self.peek_kind(0) {
                    Some(Kind::Word | Kind::Quoted) => self.at += 1,
                    _ => return self.expect("a field"),
                }
            } else if self.take("::") {
                self.data_type();
            } else {
                return;
            }
        }
    }

    /// A word at the start of an operand: a constant, a special form, a function, or a column.
    fn word(&mut self) {
        let word = self.peek_text(0);
        let call = self.is(1, "(");
        if !call && is_one_of(word, "NULL TRUE FALSE") {
            self.at += 1;
            return;
        }
        if self.peek_kind(1) == Some(Kind::Text)
            && is_one_of(word, "DATE TIMESTAMP TIMESTAMP_NTZ TIMESTAMP_LTZ X")
        {
            self.at += 2;
            return;
        }
        if !call && self.is(0, "INTERVAL") && self.starts_interval() {
            return self.interval();
        }
        if self.is(0, "CASE") && (!call || !self.is(2, ")")) {
            return self.case();
        }
        if call && self.is(0, "EXISTS") && self.is(2, "SELECT") {
            return self.fail(Problem::Subquery);
        }
        if is_one_of(word, RESERVED) {
            return self.expect("a value");
        }
        if call {
            return self.call(word);
        }
        self.uses_clock |= is_one_of(word, CLOCK);
        self.name()
    }

    fn starts_interval(&self) -> bool {
        match self.peek_kind(1) {
            Some(Kind::Text | Kind::Number) => true,
            Some(Kind::Symbol) => {
                self.is(1, "-") && matches!(self.peek_kind(2), Some(Kind::Text | Kind::Number))
            }
            _ => false,
        }
    }

    /// `INTERVAL '1' DAY`, `INTERVAL 3 HOURS 5 MINUTES`, `INTERVAL '1-2' YEAR TO MONTH`, `INTERVAL '1 day'`.
    fn interval(&mut self) {
        self.at += 1;
        loop {
            self.take("-");
            self.at += 1;
            if !self.take_one(UNITS) {
                return;
            }
            if self.take("TO") && !self.take_one(UNITS) {
                return self.expect("a unit of time");
            }
            if !self.starts_value() {
                return;
            }
        }
    }

    fn starts_value(&self) -> bool {
        matches!(self.peek_kind(0), Some(Kind::Text | Kind::Number))
    }

    fn case(&mut self) {
        self.at += 1;
        if !self.is(0, "WHEN") {
            self.expression(0);
        }
        self.form("WHEN e THEN e");
        while self.is(0, "WHEN") {
            self.form("WHEN e THEN e");
        }
        self.form("?ELSE e END")
    }

    /// A function call; the name is one word and the bracket follows.
    fn call(&mut self, name: &str) {
        let ai = name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("AI_"));
        if ai || is_one_of(name, FORBIDDEN) {
            return self.fail(Problem::Function(name.to_ascii_lowercase()));
        }
        if is_one_of(name, NOT_REPEATABLE) {
            return self.fail(Problem::NotRepeatable(name.to_ascii_lowercase()));
        }
        if !name.is_ascii() {
            return self.expect("a function name in ASCII");
        }
        self.uses_clock |= is_one_of(name, CLOCK) && (!self.is(0, "UNIX_TIMESTAMP") || self.is(2, ")"));
        self.functions.push(self.at);
        self.at += 2;
        match FORMS.iter().find(|(names, _)| is_one_of(name, names)) {
            Some((_, form)) => self.form(form),
            None => self.arguments(),
        }
        if is_one_of(self.peek_text(0), "OVER WITHIN") || (self.is(0, "FILTER") && self.is(1, "(")) {
            self.fail(Problem::Window);
        }
    }

    /// Expressions between commas, up to and with the closing bracket.
    fn arguments(&mut self) {
        if self.take(")") {
            return;
        }
        loop {
            if self.is(0, "SELECT") {
                return self.fail(Problem::Subquery);
            }
            self.argument();
            if self.take(")") {
                return;
            }
            if !self.take(",") {
                return self.expect("a comma or a closing bracket");
            }
        }
    }

    /// An expression, or a lambda `x -> ...` or `(x, y) -> ...`, or a named argument `name => ...`.
    fn argument(&mut self) {
        let single = matches!(self.peek_kind(0), Some(Kind::Word | Kind::Quoted));
        if single && (self.is(1, "->") || self.is(1, "=>")) {
            self.at += 2;
            return self.expression(0);
        }
        if self.is(0, "(") {
            let mut ahead = 1;
            while matches!(self.peek_kind(ahead), Some(Kind::Word | Kind::Quoted)) && self.is(ahead + 1, ",")
            {
                ahead += 2;
            }
            if self.is(ahead + 1, ")") && self.is(ahead + 2, "->") {
                self.at += ahead + 3;
                return self.expression(0);
            }
        }
        self.expression(0)
    }

    /// A column, or a dotted name, or a function behind a dotted name.
    fn name(&mut self) {
        let first = self.peek_text(0);
        let column = match self.peek_kind(0) {
            Some(Kind::Quoted) => unquoted(first),
            _ => first.to_owned(),
        };
        self.at += 1;
        while self.is(0, ".") && matches!(self.peek_kind(1), Some(Kind::Word | Kind::Quoted)) {
            self.at += 2;
        }
        if self.is(0, "(") {
            // A function of one's own can do anything, and a quoted name can hide any other.
            return self.fail(Problem::Function(column));
        }
        if !self.columns.contains(&column) {
            self.columns.push(column);
        }
    }

    /// A data type, as far as filters need one.
    fn data_type(&mut self) {
        self.enter();
        if self.peek_kind(0) != Some(Kind::Word) || !self.peek_text(0).is_ascii() {
            return self.expect("a data type");
        }
        self.at += 1;
        if self.take("(") {
            loop {
                if self.peek_kind(0) != Some(Kind::Number) {
                    return self.expect("a number");
                }
                self.at += 1;
                if !self.take(",") {
                    break;
                }
            }
            self.need(")", ")");
        } else if self.take("<") {
            loop {
                // In a STRUCT every type has a name and a colon before it.
                if matches!(self.peek_kind(0), Some(Kind::Word | Kind::Quoted)) && self.is(1, ":") {
                    self.at += 2;
                }
                self.data_type();
                if !self.take(",") {
                    break;
                }
            }
            self.need(">", ">");
        }
        self.depth -= 1;
    }
}
