//! A lexer for Databricks SQL: just enough to know for every byte whether it is code, a name, a literal or a
//! comment. It reads predicates from plans, checks finished statements, and colours them.
//!
//! It follows Spark's lexer (`SqlBaseLexer.g4`) where both must agree, and calls everything else [`Kind::Bad`]
//! instead of guessing.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
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
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Where it begins.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
}

impl Token {
    /// The token in the text that it was read from.
    #[must_use]
    pub fn text<'s>(&self, sql: &'s str) -> &'s str {
        sql.get(self.start..self.end).unwrap_or_default()
    }
}

/// The tokens of a text, without white space. Never fails: what cannot be read is [`Kind::Bad`].
#[derive(Debug)]
pub struct Lexer<'s> {
    text: &'s str,
    bytes: &'s [u8],
    at: usize,
    count: usize,
}

impl<'s> Lexer<'s> {
    /// At the start of a text.
    #[must_use]
    pub fn new(text: &'s str) -> Self {
        Self { text, bytes: text.as_bytes(), at: 0, count: 0 }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn character(&self) -> Option<char> {
        self.text.get(self.at..).and_then(|t| t.chars().next())
    }

    #[inline(always)]
    fn skip_while(&mut self, test: impl Fn(u8) -> bool) {
        while self.bytes.get(self.at).is_some_and(|byte| test(*byte)) {
            self.at += 1;
        }
    }

    /// Moves behind the closing `quote`; `false` if there is none. The opening quote is behind us.
    fn skip_quoted(&mut self, quote: u8, escapes: bool, doubling: bool) -> bool {
        if !escapes {
            // Names are most of a wide statement.
            loop {
                let rest = self.bytes.get(self.at..).unwrap_or_default();
                let Some(length) = rest.iter().position(|byte| *byte == quote) else {
                    self.at = self.bytes.len();
                    return false;
                };
                self.at += length + 1;
                if !(doubling && self.peek(0) == quote) {
                    return true;
                }
                self.at += 1;
            }
        }
        while let Some(byte) = self.bytes.get(self.at) {
            if *byte == b'\\' {
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
        self.digits();
        if self.peek(0) == b'.' && self.peek(1).is_ascii_digit() {
            self.at += 1;
            self.digits();
        }
        if matches!(self.peek(0), b'e' | b'E') {
            let sign = usize::from(matches!(self.peek(1), b'+' | b'-'));
            if self.peek(1 + sign).is_ascii_digit() {
                self.at += 1 + sign;
                self.digits();
            }
        }
        // L, S, Y, F, D and BD are suffixes; a longer word behind a number is a name to Spark and a riddle to people.
        let start = self.at;
        self.skip_while(is_word);
        let suffix = self.bytes.get(start..self.at).unwrap_or_default();
        match suffix {
            []
            | [b'l' | b'L' | b's' | b'S' | b'y' | b'Y' | b'f' | b'F' | b'd' | b'D']
            | [b'b' | b'B', b'd' | b'D'] => Kind::Number,
            _ => Kind::Bad,
        }
    }

    #[inline(never)]
    fn digits(&mut self) {
        self.skip_while(|b| b.is_ascii_digit());
    }

    /// An operator of two or three characters, or of one.
    fn pair(&mut self) -> Kind {
        self.at += match ([self.peek(0), self.peek(1)], self.peek(2)) {
            ([b'<', b'='], b'>') => 3,
            (
                [b'<', b'=' | b'>'] | [b'>' | b'!' | b'=', b'='] | [b'|', b'|'] | [b'=', b'>'] | [b':', b':'],
                _,
            ) => 2,
            _ => 1,
        };
        Kind::Symbol
    }
}

/// What a byte can begin or continue. A table, because a wide statement has some hundred thousand bytes and is read
/// whenever it is rendered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Digit,
    Letter,
    Quote,
    Backtick,
    Dash,
    Slash,
    Dot,
    Single,
    Pair,
    Wide,
    Other,
}

const CLASSES: [Class; 256] = {
    let mut table = [Class::Other; 256];
    let mut n = 0;
    while n < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "n is below 256")]
        #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler; n is below 256")]
        {
            table[n] = match n as u8 {
                b' ' | b'\t' | b'\n' | b'\r' => Class::Space,
                b'0'..=b'9' => Class::Digit,
                b'A'..=b'Z' | b'a'..=b'z' | b'_' => Class::Letter,
                b'\'' | b'"' => Class::Quote,
                b'`' => Class::Backtick,
                b'-' => Class::Dash,
                b'/' => Class::Slash,
                b'.' => Class::Dot,
                b'(' | b')' | b'[' | b']' | b',' | b';' | b'+' | b'*' | b'%' | b'&' | b'^' | b'~' => {
                    Class::Single
                }
                b'<' | b'>' | b'!' | b'=' | b'|' | b':' => Class::Pair,
                0x80..=0xff => Class::Wide,
                _ => Class::Other,
            };
        }
        n += 1;
    }
    table
};

fn class(byte: u8) -> Class {
    CLASSES.get(usize::from(byte)).copied().unwrap_or(Class::Other)
}

pub fn is_word(byte: u8) -> bool {
    matches!(class(byte), Class::Letter | Class::Digit)
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        self.find(None)
    }
}

/// Whether a word is in a list of words with spaces between them, in any case.
#[must_use]
#[inline(never)]
pub fn is_one_of(word: &str, list: &str) -> bool {
    list.as_bytes().split(|byte| *byte == b' ').any(|one| one.eq_ignore_ascii_case(word.as_bytes()))
}

/// A list of words that is asked for each word of a statement.
#[derive(Debug)]
pub struct Words {
    list: &'static str,
    /// Bit n is set if a word ends in the n-th letter: most words of a statement, `AND` and `DESC`, are ruled out by that.
    endings: u32,
}

impl Words {
    /// A list of words of three letters or more, in upper case with spaces between them.
    #[must_use]
    pub const fn new(list: &'static str) -> Self {
        let (mut rest, mut endings) = (list.as_bytes(), 0);
        while let [letter, others @ ..] = rest {
            if let [] | [b' ', ..] = others {
                endings |= 1 << (*letter & 31);
            }
            rest = others;
        }
        Self { list, endings }
    }

    /// Whether a word is in the list, in any case.
    #[must_use]
    pub fn has(&self, word: &str) -> bool {
        let last = word.as_bytes().last().copied().unwrap_or_default();
        // Most words of one or two letters are aliases.
        word.len() > 2 && self.endings >> (last & 31) & 1 == 1 && is_one_of(word, self.list)
    }
}

impl Lexer<'_> {
    /// The next token that can make a difference to a whole statement: one of `words`, a round bracket, a semicolon, a
    /// comment, or what is bad. Names, literals, operators and other words are passed over, and
    /// [`Lexer::tokens_read`] tells how many.
    pub fn notable(&mut self, words: &Words) -> Option<Token> {
        self.find(Some(words))
    }

    /// One loop for both ways of reading: it is compiled for speed, and once.
    #[inline(never)]
    fn find(&mut self, words: Option<&Words>) -> Option<Token> {
        loop {
            let token = self.advance()?;
            let Some(words) = words else { return Some(token) };
            let notable = match token.kind {
                Kind::Word => words.has(token.text(self.text)),
                Kind::Symbol => matches!(self.bytes.get(token.start), Some(b'(' | b')' | b';')),
                Kind::LineComment | Kind::BlockComment | Kind::Bad => true,
                Kind::Text | Kind::RawText | Kind::Quoted | Kind::Number => false,
            };
            if notable {
                return Some(token);
            }
        }
    }

    /// How many tokens were read.
    #[must_use]
    pub fn tokens_read(&self) -> usize {
        self.count
    }

    #[inline(always)]
    fn advance(&mut self) -> Option<Token> {
        self.skip_while(|b| class(b) == Class::Space);
        let start = self.at;
        let first = *self.bytes.get(start)?;
        let closed = |closed: bool, kind| if closed { kind } else { Kind::Bad };
        let kind = match class(first) {
            Class::Quote => {
                self.at += 1;
                closed(self.skip_quoted(first, true, true), Kind::Text)
            }
            Class::Letter if matches!(first, b'r' | b'R') && class(self.peek(1)) == Class::Quote => {
                let quote = self.peek(1);
                self.at += 2;
                closed(self.skip_quoted(quote, false, false), Kind::RawText)
            }
            Class::Letter => {
                self.word();
                Kind::Word
            }
            Class::Backtick => {
                self.at += 1;
                closed(self.skip_quoted(b'`', false, true), Kind::Quoted)
            }
            Class::Dash if self.peek(1) == b'-' => {
                self.skip_while(|b| b != b'\n' && b != b'\r');
                Kind::LineComment
            }
            Class::Slash if self.peek(1) == b'*' => closed(self.block_comment(), Kind::BlockComment),
            Class::Digit => self.number(),
            Class::Dot if self.peek(1).is_ascii_digit() && !ends_word(self.bytes, start) => {
                self.at += 1;
                self.number()
            }
            Class::Dash if self.peek(1) == b'>' => {
                self.at += 2;
                Kind::Symbol
            }
            Class::Single | Class::Dash | Class::Slash | Class::Dot => {
                self.at += 1;
                Kind::Symbol
            }
            Class::Pair => self.pair(),
            Class::Wide if self.character().is_some_and(is_letter) => {
                self.word();
                Kind::Word
            }
            Class::Wide => {
                self.at += self.character().map_or(1, char::len_utf8);
                Kind::Bad
            }
            Class::Space | Class::Other => {
                self.at += 1;
                Kind::Bad
            }
        };
        self.count += 1;
        Some(Token { kind, start, end: self.at })
    }
}

impl Lexer<'_> {
    fn word(&mut self) {
        self.skip_while(is_word);
        if self.peek(0).is_ascii() {
            return;
        }
        // Beyond ASCII: letters and digits may follow.
        while let Some(c) = self.text.get(self.at..).and_then(|t| t.chars().next()).filter(|c| !c.is_ascii())
        {
            if !is_letter(c) {
                break;
            }
            self.at += c.len_utf8();
            self.skip_while(is_word);
        }
    }
}

/// Whether a character beyond ASCII may be part of a name. Such a name is always written in backticks, so this only
/// has to keep out what looks like white space, a quote or punctuation; a table of all letters would be larger than
/// the rest of the lexer.
fn is_letter(c: char) -> bool {
    !matches!(c, '\u{80}'..='\u{A9}' | '\u{AB}'..='\u{B4}' | '\u{B6}'..='\u{B9}' | '\u{BB}'..='\u{BF}' | '\u{D7}' | '\u{F7}'
        | '\u{061C}' | '\u{1680}' | '\u{180E}' | '\u{2000}'..='\u{206F}' | '\u{20A0}'..='\u{2BFF}' | '\u{3000}'..='\u{3004}'
        | '\u{3008}'..='\u{3020}' | '\u{3030}' | '\u{E000}'..='\u{F8FF}' | '\u{FE00}'..='\u{FE6F}' | '\u{FEFF}'..='\u{FF0F}'
        | '\u{FF1A}'..='\u{FF20}' | '\u{FF3B}'..='\u{FF40}' | '\u{FF5B}'..='\u{FF65}' | '\u{FFE0}'..='\u{FFFF}' | '\u{1F000}'..='\u{1FAFF}'
        | '\u{E0000}'..)
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
    fn notable_tokens_and_their_numbers() {
        const WORDS: Words = Words::new("FROM THEN");
        let text = "SELECT a, `FROM` AND 'then' (from x -- then\n) then 1x; thin /* */";
        let mut lexer = Lexer::new(text);
        let mut found = Vec::new();
        while let Some(token) = lexer.notable(&WORDS) {
            found.push((lexer.tokens_read(), token.text(text)));
        }
        let expected = [
            (7, "("),
            (8, "from"),
            (10, "-- then"),
            (11, ")"),
            (12, "then"),
            (13, "1x"),
            (14, ";"),
            (16, "/* */"),
        ];
        assert_eq!(found, expected);
        assert!(WORDS.has("From") && !WORDS.has("FRO") && !WORDS.has("") && !WORDS.has("XROM"));
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
