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
        let second = self.rest.chars().nth(1);
        match first {
            ' ' | '\t' | '\n' | '\r' => Ok((Kind::Space, self.run(0, char::is_whitespace))),
            c if c.is_whitespace() => Ok((Kind::Space, self.run(0, char::is_whitespace))),
            '-' if second == Some('-') => Ok((Kind::Comment, self.line_comment())),
            '/' if second == Some('*') => self.block_comment(),
            '\'' | '"' => Ok((Kind::Text, self.string(0, first, true)?)),
            '`' => Ok((Kind::Quoted, self.backticks()?)),
            'r' | 'R' if matches!(second, Some('\'' | '"')) => {
                Ok((Kind::Text, self.string(1, second.unwrap_or('\''), false)?))
            }
            'x' | 'X' if matches!(second, Some('\'' | '"')) => {
                Ok((Kind::Binary, self.string(1, second.unwrap_or('\''), false)?))
            }
            '.' if second.is_some_and(|c| c.is_ascii_digit()) => Ok(self.dot()),
            c if c.is_ascii_digit() && self.before == Some('.') && self.is_name_after_dot(0) => {
                Ok((Kind::Word, self.run(0, is_word)))
            }
            c if c.is_ascii_digit() => Ok((Kind::Number, self.number())),
            c if is_word_start(c) => Ok((Kind::Word, self.run(0, is_word))),
            // Digits of other scripts.
            c if is_other_digit(c) => Ok((Kind::Number, self.run(0, is_word))),
            ':' if second == Some(':') => Ok((Kind::Symbol, 2)),
            // Directly behind a value a colon reads a JSON field, `raw:owner`; elsewhere it starts a parameter.
            ':' if second.is_some_and(is_word_start) && !self.before.is_some_and(ends_value) => {
                Ok((Kind::Marker, self.run(1, is_word)))
            }
            '+' | '-' | '*' | '/' | '%' | '=' | '<' | '>' | '!' | '(' | ')' | '[' | ']' | '{' | '}' | ','
            | ';' | '.' | ':' | '|' | '&' | '^' | '~' | '?' => Ok((Kind::Symbol, 1)),
            _ => Err(Unlexable),
        }
    }

    /// The end of the run of characters that `is` holds for, from byte `from`.
    fn run(&self, from: usize, is: impl Fn(char) -> bool) -> usize {
        let tail = self.rest.get(from..).unwrap_or_default();
        tail.char_indices().find(|&(_, c)| !is(c)).map_or(self.rest.len(), |(i, _)| from + i)
    }

    /// To the end of the line; a backslash at the end carries the comment on, as in Spark's grammar.
    fn line_comment(&self) -> usize {
        let mut escaped = false;
        for (i, c) in self.rest.char_indices() {
            if c == '\n' && !escaped {
                return i;
            }
            escaped = c == '\\' || (escaped && c == '\r');
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
    fn string(&self, open: usize, quote: char, escapes: bool) -> Result<usize, Unlexable> {
        let body = open + 1;
        let mut escaped = false;
        for (i, c) in self.rest.get(body..).unwrap_or_default().char_indices() {
            if escaped {
                escaped = false;
            } else if escapes && c == '\\' {
                escaped = true;
            } else if c == quote {
                return Ok(body + i + 1);
            }
        }
        Err(Unlexable)
    }

    fn backticks(&self) -> Result<usize, Unlexable> {
        let mut chars = self.rest.char_indices().skip(1).peekable();
        while let Some((i, c)) = chars.next() {
            if c == '`' && chars.next_if(|&(_, next)| next == '`').is_none() {
                return Ok(i + 1);
            }
        }
        Err(Unlexable)
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
        let digits = |from: usize| self.run(from, |c| c.is_ascii_digit());
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

/// True for a character that can end a value, so that a colon behind it reads a field.
pub(crate) fn ends_value(c: char) -> bool {
    is_word(c) || matches!(c, '`' | ')' | ']' | '\'' | '"')
}
