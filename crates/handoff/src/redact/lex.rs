//! A lexer for Databricks SQL: enough to tell names, literals and comments apart with certainty.
//!
//! Rules from <https://docs.databricks.com/sql/language-manual/sql-ref-literals.html>, `sql-ref-identifiers` and
//! `sql-ref-syntax-comments`. What Databricks would not read either (an open quote, a stray `#` or backslash) is an
//! error: a text whose quotes cannot be paired may show a literal as a name.

use super::letters::{is_letter, is_letter_or_digit, is_other_digit};

/// What a piece of SQL is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// White space.
    Space,
    /// A keyword or an unquoted name.
    Word,
    /// A name in backticks.
    Quoted,
    /// A string in single or double quotes, with an `r` in front or not. Double quotes are strings in Databricks.
    Text,
    /// `X'…'`.
    Binary,
    /// A number in any form, and everything else that starts with a digit.
    Number,
    /// `-- …` and `/* … */`, which nests.
    Comment,
    /// `/*+ … */`.
    Hint,
    /// `:name`: a parameter, or one of our placeholders.
    Marker,
    /// Operators and punctuation, one token each.
    Symbol,
    /// A placeholder in the result, ours or from an earlier redaction.
    Placeholder,
    /// Where a comment or a hint stood; only in the result.
    Gap,
}

/// A piece of SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
}

/// The text cannot be taken apart with certainty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unlexable;

pub(crate) fn is_word_start(c: char) -> bool {
    c == '_' || is_letter(c)
}

pub(crate) fn is_word(c: char) -> bool {
    // Combining marks: names typed on some systems come with their accents apart.
    c == '_' || is_letter_or_digit(c) || matches!(c, '\u{300}'..='\u{36f}' | '\u{3099}'..='\u{309a}')
}

/// Takes `sql` apart. The tokens' texts joined are `sql` again.
pub(crate) fn lex(sql: &str) -> Result<Vec<Token<'_>>, Unlexable> {
    let mut lexer = Lexer { rest: sql, before: None };
    let mut tokens = Vec::new();
    while let Some(first) = lexer.rest.chars().next() {
        let (kind, length) = lexer.next(first)?;
        let (text, rest) = lexer.rest.split_at_checked(length).ok_or(Unlexable)?;
        tokens.push(Token { kind, text });
        lexer.before = text.chars().next_back();
        lexer.rest = rest;
    }
    Ok(tokens)
}

struct Lexer<'a> {
    rest: &'a str,
    /// The character before `rest`.
    before: Option<char>,
}

impl Lexer<'_> {
    /// The kind and the length in bytes of the token at the start of `rest`.
    fn next(&self, first: char) -> Result<(Kind, usize), Unlexable> {
        let second = self.rest.chars().nth(1).unwrap_or_default();
        let quoted = matches!(second, '\'' | '"');
        Ok(match first {
            c if c.is_whitespace() => (Kind::Space, self.run(0, char::is_whitespace)),
            '-' if second == '-' => (Kind::Comment, self.line_comment()),
            '/' if second == '*' => return self.block_comment(),
            '\'' | '"' => (Kind::Text, self.string(0, true)?),
            '`' => (Kind::Quoted, self.backticks()?),
            'r' | 'R' if quoted => (Kind::Text, self.string(1, false)?),
            'x' | 'X' if quoted => (Kind::Binary, self.string(1, false)?),
            '.' if second.is_ascii_digit() => self.dot(),
            c if c.is_ascii_digit() && self.before == Some('.') && self.is_name_after_dot(0) => {
                (Kind::Word, self.run(0, is_word))
            }
            c if c.is_ascii_digit() => (Kind::Number, self.number()),
            c if is_word_start(c) => (Kind::Word, self.run(0, is_word)),
            c if is_other_digit(c) => (Kind::Number, self.run(0, is_word)),
            ':' if second == ':' => (Kind::Symbol, 2),
            // Directly behind a value a colon reads a JSON field, `raw:owner`; elsewhere it starts a parameter.
            ':' if is_word_start(second) && !self.before.is_some_and(ends_value) => {
                (Kind::Marker, self.run(1, is_word))
            }
            '+' | '-' | '*' | '/' | '%' | '=' | '<' | '>' | '!' | '(' | ')' | '[' | ']' | '{' | '}' | ','
            | ';' | '.' | ':' | '|' | '&' | '^' | '~' | '?' => (Kind::Symbol, 1),
            _ => return Err(Unlexable),
        })
    }

    /// The end of the run of characters that `is` holds for, from byte `from`.
    fn run(&self, from: usize, is: fn(char) -> bool) -> usize {
        run(self.rest, from, is)
    }

    /// To the end of the line; a backslash at the end carries the comment on, as in Spark's grammar.
    fn line_comment(&self) -> usize {
        let mut escaped = false;
        for (at, byte) in self.rest.bytes().enumerate() {
            if byte == b'\n' && !escaped {
                return at;
            }
            escaped = byte == b'\\' || (escaped && byte == b'\r');
        }
        self.rest.len()
    }

    fn block_comment(&self) -> Result<(Kind, usize), Unlexable> {
        let hint = self.rest.starts_with("/*+");
        let bytes = self.rest.as_bytes();
        let (mut depth, mut at) = (0usize, 0usize);
        loop {
            match (bytes.get(at).ok_or(Unlexable)?, bytes.get(at + 1)) {
                (b'/', Some(b'*')) => {
                    depth += 1;
                    at += 2;
                }
                (b'*', Some(b'/')) => {
                    depth -= 1;
                    at += 2;
                    if depth == 0 {
                        return Ok((if hint { Kind::Hint } else { Kind::Comment }, at));
                    }
                }
                _ => at += 1,
            }
        }
    }

    /// A string whose quote stands at byte `open`; `escapes` tells whether a backslash takes the next character.
    fn string(&self, open: usize, escapes: bool) -> Result<usize, Unlexable> {
        let mut bytes = self.rest.bytes().enumerate().skip(open);
        let quote = bytes.next().map(|(_, quote)| quote);
        let mut escaped = false;
        // Quotes and backslashes are ASCII: no byte of another character is one.
        for (at, byte) in bytes {
            if escaped {
                escaped = false;
            } else if escapes && byte == b'\\' {
                escaped = true;
            } else if Some(byte) == quote {
                return Ok(at + 1);
            }
        }
        Err(Unlexable)
    }

    fn backticks(&self) -> Result<usize, Unlexable> {
        let bytes = self.rest.as_bytes();
        let mut at = 1;
        loop {
            match (bytes.get(at).ok_or(Unlexable)?, bytes.get(at + 1)) {
                (b'`', Some(b'`')) => at += 2,
                (b'`', _) => return Ok(at + 1),
                _ => at += 1,
            }
        }
    }

    /// A dot with a digit behind it: the fraction `.5`, or the dot of a name such as `schema.2024_sales`.
    fn dot(&self) -> (Kind, usize) {
        let behind_name = self.before.is_some_and(|c| is_word(c) || c == '`');
        if behind_name && self.is_name_after_dot(1) {
            (Kind::Symbol, 1)
        } else {
            (Kind::Number, self.number())
        }
    }

    /// True if the run from byte `from` can only be a name: an underscore and a letter rule out every number.
    fn is_name_after_dot(&self, from: usize) -> bool {
        let run = self.rest.get(from..self.run(from, is_word)).unwrap_or_default();
        run.contains('_') && run.chars().any(is_letter)
    }

    /// Digits, fraction, exponent and suffix; and, to be safe, whatever else sticks to them.
    fn number(&self) -> usize {
        let digits = |from: usize| self.run(from, is_digit);
        let bytes = self.rest.as_bytes();
        let mut end = digits(0);
        if bytes.get(end) == Some(&b'.') {
            end = digits(end + 1);
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            if bytes.get(end + 1 + sign).is_some_and(u8::is_ascii_digit) {
                end = digits(end + 1 + sign);
            }
        }
        self.run(end, is_word)
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// The end of the run of characters of `text` that `is` holds for, from byte `from`.
pub(super) fn run(text: &str, from: usize, is: fn(char) -> bool) -> usize {
    let mut end = from;
    for c in text.get(from..).unwrap_or_default().chars() {
        if !is(c) {
            break;
        }
        end += c.len_utf8();
    }
    end
}

/// True for a character that can end a value, so that a colon behind it reads a field.
pub(crate) fn ends_value(c: char) -> bool {
    is_word(c) || matches!(c, '`' | ')' | ']' | '\'' | '"')
}
