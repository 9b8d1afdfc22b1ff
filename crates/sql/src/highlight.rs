//! Colours for a statement, so that a page needs no SQL grammar of its own.

use sql_text::{Kind, Lexer};

/// What a span of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanKind {
    /// A word of the language or a function.
    Keyword,
    /// A name.
    Identifier,
    /// A string literal.
    Text,
    /// A number.
    Number,
    /// A comment.
    Comment,
    /// An operator or a bracket.
    Operator,
    /// None of these; never in a statement from here.
    Unknown,
}

impl SpanKind {
    /// A name for a style sheet.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keyword => "keyword",
            Self::Identifier => "identifier",
            Self::Text => "string",
            Self::Number => "number",
            Self::Comment => "comment",
            Self::Operator => "operator",
            Self::Unknown => "unknown",
        }
    }
}

/// A coloured piece of a text. White space between spans has no colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Start in UTF-16 code units, the offsets of a JavaScript string.
    pub start: usize,
    /// End in UTF-16 code units, exclusive.
    pub end: usize,
    /// What it is.
    pub kind: SpanKind,
}

/// The spans of any SQL text, in order and without overlap. Never fails.
#[must_use]
pub fn highlight(sql: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let (mut byte, mut unit) = (0, 0);
    let mut advance = |to: usize| {
        let text = sql.get(byte..to).unwrap_or_default();
        unit += if text.is_ascii() { text.len() } else { text.encode_utf16().count() };
        byte = to;
        unit
    };
    let mut tokens = Lexer::new(sql).peekable();
    while let Some(token) = tokens.next() {
        let kind = match token.kind {
            Kind::LineComment | Kind::BlockComment => SpanKind::Comment,
            Kind::Text | Kind::RawText => SpanKind::Text,
            Kind::Quoted => SpanKind::Identifier,
            Kind::Number => SpanKind::Number,
            Kind::Symbol => SpanKind::Operator,
            Kind::Bad => SpanKind::Unknown,
            // Rendered keywords are upper case, aliases and columns in predicates are not; a function has a bracket.
            Kind::Word => {
                let text = token.text(sql);
                let call = tokens.peek().is_some_and(|next| next.start == token.end && next.text(sql) == "(");
                if call || !text.bytes().any(|b| b.is_ascii_lowercase() || !b.is_ascii()) {
                    SpanKind::Keyword
                } else {
                    SpanKind::Identifier
                }
            }
        };
        spans.push(Span { start: advance(token.start), end: advance(token.end), kind });
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_utf16() {
        let sql = "-- é\nSELECT `😀`, 'ß', 1 FROM t";
        let units: Vec<u16> = sql.encode_utf16().collect();
        let shown: Vec<(String, &str)> = highlight(sql)
            .into_iter()
            .map(|s| (String::from_utf16(&units[s.start..s.end]).unwrap(), s.kind.as_str()))
            .collect();
        let expected = [
            ("-- é", "comment"),
            ("SELECT", "keyword"),
            ("`😀`", "identifier"),
            (",", "operator"),
            ("'ß'", "string"),
            (",", "operator"),
            ("1", "number"),
            ("FROM", "keyword"),
            ("t", "identifier"),
        ];
        assert_eq!(shown, expected.map(|(a, b)| (a.to_owned(), b)));
    }
}
