//! A lexer for Databricks SQL: just enough to know for every byte whether it is code, a name, a literal or a
//! comment. It reads predicates from plans, checks finished statements, and colours them.
//!
//! It follows Spark's lexer (`SqlBaseLexer.g4`) where both must agree, and calls everything else [`Kind::Bad`]
//! instead of guessing.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `-- ...` up to the end of the line, without the line break.
    LineComment,
    /// `/* ... */`, nested or not, hints included.
    BlockComment,
    /// `'...'` or `"..."`, with escapes.
    Text,
    /// `r'...'` or `r"..."`, without escapes.
    RawText,
    /// `` `...` ``.
    Quoted,
    /// A keyword or an unquoted name. Letters beyond ASCII are accepted here; whether they may stay unquoted is for
    /// others to decide.
    Word,
    /// A number with its suffix.
    Number,
    /// An operator or a bracket.
    Symbol,
    /// Something that is none of these, or a literal, name or comment that never ends.
    Bad,
}

/// A token and its place, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Token {
    pub(crate) fn text<'s>(&self, sql: &'s str) -> &'s str {
        sql.get(self.start..self.end).unwrap_or_default()
    }
}

/// The tokens of a text, without white space. Never fails: what cannot be read is [`Kind::Bad`].
pub(crate) struct Lexer<'s> {
    text: &'s str,
    bytes: &'s [u8],
    at: usize,
}

impl<'s> Lexer<'s> {
    pub(crate) fn new(text: &'s str) -> Self {
        Self { text, bytes: text.as_bytes(), at: 0 }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn rest(&self) -> &'s [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn skip_while(&mut self, test: impl Fn(u8) -> bool) {
        self.at += self.rest().iter().take_while(|b| test(**b)).count();
    }

    /// Moves behind the closing `quote`; `false` if there is none. The opening quote is behind us.
    fn skip_quoted(&mut self, quote: u8, escapes: bool, doubling: bool) -> bool {
        while let Some(byte) = self.bytes.get(self.at) {
            if *byte == b'\\' && escapes {
                self.at = (self.at + 2).min(self.bytes.len());
            } else if *byte == quote {
                self.at += 1;
                if !(doubling && self.peek(0) == quote) {
                    return true;
                }
                self.at += 1;
            } else {
                self.at += 1;
            }
        }
        false
    }

    fn block_comment(&mut self) -> bool {
        self.at += 2;
        let mut depth = 1_u32;
        while self.at < self.bytes.len() {
            match (self.peek(0), self.peek(1)) {
                (b'*', b'/') => {
                    self.at += 2;
                    depth -= 1;
                    if depth == 0 {
                        return true;
                    }
                }
                (b'/', b'*') => {
                    self.at += 2;
                    depth += 1;
                }
                _ => self.at += 1,
            }
        }
        false
    }

    fn number(&mut self) -> Kind {
        self.skip_while(|b| b.is_ascii_digit());
        if self.peek(0) == b'.' && self.peek(1).is_ascii_digit() {
            self.at += 1;
            self.skip_while(|b| b.is_ascii_digit());
        }
        if matches!(self.peek(0), b'e' | b'E') {
            let sign = usize::from(matches!(self.peek(1), b'+' | b'-'));
            if self.peek(1 + sign).is_ascii_digit() {
                self.at += 1 + sign;
                self.skip_while(|b| b.is_ascii_digit());
            }
        }
        // L, S, Y, F, D and BD are suffixes; a longer word behind a number is a name to Spark and a riddle to people.
        let start = self.at;
        self.skip_while(is_word);
        let suffix = self.bytes.get(start..self.at).unwrap_or_default();
        let known: [&[u8]; 7] = [b"", b"l", b"s", b"y", b"f", b"d", b"bd"];
        if known.contains(&suffix.to_ascii_lowercase().as_slice()) { Kind::Number } else { Kind::Bad }
    }

    fn symbol(&mut self) -> Kind {
        let two = [self.peek(0), self.peek(1)];
        let length = match (&two, self.peek(2)) {
            (b"<=", b'>') => 3,
            (b"<=" | b">=" | b"<>" | b"!=" | b"==" | b"||" | b"->" | b"=>" | b"::", _) => 2,
            _ => 1,
        };
        let known = matches!(
            self.peek(0),
            b'(' | b')'
                | b'['
                | b']'
                | b','
                | b'.'
                | b';'
                | b':'
                | b'+'
                | b'-'
                | b'*'
                | b'/'
                | b'%'
                | b'&'
                | b'|'
                | b'^'
                | b'~'
                | b'<'
                | b'>'
                | b'='
                | b'!'
        );
        self.at += length;
        if known { Kind::Symbol } else { Kind::Bad }
    }
}

pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        self.skip_while(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'));
        let start = self.at;
        let first = *self.bytes.get(start)?;
        let closed = |closed: bool, kind| if closed { kind } else { Kind::Bad };
        let kind = match first {
            b'\'' | b'"' => {
                self.at += 1;
                closed(self.skip_quoted(first, true, true), Kind::Text)
            }
            b'r' | b'R' if matches!(self.peek(1), b'\'' | b'"') => {
                let quote = self.peek(1);
                self.at += 2;
                closed(self.skip_quoted(quote, false, false), Kind::RawText)
            }
            b'`' => {
                self.at += 1;
                closed(self.skip_quoted(b'`', false, true), Kind::Quoted)
            }
            b'-' if self.peek(1) == b'-' => {
                self.skip_while(|b| b != b'\n' && b != b'\r');
                Kind::LineComment
            }
            b'/' if self.peek(1) == b'*' => closed(self.block_comment(), Kind::BlockComment),
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(1).is_ascii_digit() && !ends_word(self.bytes, start) => {
                self.at += 1;
                self.number()
            }
            b if is_word(b) => {
                self.word();
                Kind::Word
            }
            b if b.is_ascii() => self.symbol(),
            _ => {
                let letter =
                    self.text.get(start..).and_then(|t| t.chars().next()).filter(|c| c.is_alphabetic());
                if letter.is_some() {
                    self.word();
                    Kind::Word
                } else {
                    self.at +=
                        self.text.get(start..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8);
                    Kind::Bad
                }
            }
        };
        Some(Token { kind, start, end: self.at })
    }
}

impl Lexer<'_> {
    fn word(&mut self) {
        self.skip_while(is_word);
        // Beyond ASCII: letters, digits and combining marks may follow.
        while let Some(c) = self.text.get(self.at..).and_then(|t| t.chars().next()).filter(|c| !c.is_ascii())
        {
            if !c.is_alphanumeric() {
                break;
            }
            self.at += c.len_utf8();
            self.skip_while(is_word);
        }
    }
}

/// Whether the byte before `at` ends a name, so that a dot belongs to it and not to a number: `` `t`.2024 `` is no
/// decimal fraction.
fn ends_word(bytes: &[u8], at: usize) -> bool {
    at.checked_sub(1)
        .and_then(|n| bytes.get(n))
        .is_some_and(|b| is_word(*b) || matches!(b, b'`' | b')' | b']') || !b.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(Kind, &str)> {
        Lexer::new(text).map(|t| (t.kind, t.text(text))).collect()
    }

    #[test]
    fn literals_names_and_comments() {
        use Kind::{BlockComment, LineComment, Number, Quoted, RawText, Symbol, Text, Word};
        assert_eq!(
            kinds("a<=>`b``;c` -- x'y\n'--' /* /* ; */ */ \"q\"\"q\" r'\\' 1.5e-3BD"),
            [
                (Word, "a"),
                (Symbol, "<=>"),
                (Quoted, "`b``;c`"),
                (LineComment, "-- x'y"),
                (Text, "'--'"),
                (BlockComment, "/* /* ; */ */"),
                (Text, "\"q\"\"q\""),
                (RawText, "r'\\'"),
                (Number, "1.5e-3BD"),
            ]
        );
        assert_eq!(kinds(r"'it\'s' 'a''b' '\\'"), [(Text, r"'it\'s'"), (Text, "'a''b'"), (Text, r"'\\'")]);
        assert_eq!(kinds("größe über日"), [(Word, "größe"), (Word, "über日")]);
    }

    #[test]
    fn what_never_ends_is_bad() {
        for text in ["'abc", "'abc\\'", "`abc", "`abc``", "\"x", "/* x", "/* /* */", "r'x"] {
            assert_eq!(kinds(text).last().map(|t| t.0), Some(Kind::Bad), "{text}");
        }
        for text in ["#", "$x", "@", "{", "\\", "\u{a0}", "\u{2028}", "\0", "?", "2024_x", "1x"] {
            assert!(kinds(text).iter().any(|t| t.0 == Kind::Bad), "{text:?}");
        }
    }

    #[test]
    fn tokens_are_in_order_and_in_bounds() {
        let text = "x = 'é' AND `日`.y[0]:z::int <> .5 OR \u{1F600} -- ß";
        let mut last = 0;
        for token in Lexer::new(text) {
            assert!(
                token.start >= last && token.end > token.start && text.get(token.start..token.end).is_some()
            );
            last = token.end;
        }
    }
}
