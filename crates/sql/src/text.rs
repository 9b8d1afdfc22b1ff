//! The only way text gets into a statement.
//!
//! A [`Sql`] takes four things: text that is written down in this crate (`&'static str`), names, literals, and
//! predicates that have been checked. Names and literals quote themselves. There is no function that takes a
//! `String`, so no value of a plan can be pasted.

use std::fmt;

use plan::{ColumnName, Date, Name, Number, TableName, Timestamp, push_number};
use sql_text::{Writer, push_quoted};

use crate::predicate::Predicate;

/// A name, quoted with backticks when it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ident<'a>(&'a str);

impl<'a> From<&'a ColumnName> for Ident<'a> {
    fn from(name: &'a ColumnName) -> Self {
        Self(name.as_str())
    }
}

impl<'a> From<&'a Name> for Ident<'a> {
    fn from(name: &'a Name) -> Self {
        Self(name.as_str())
    }
}

impl Ident<'_> {
    pub(crate) fn push(self, out: &mut String) {
        push_quoted(out, self.0);
    }
}

impl fmt::Display for Ident<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.push(&mut text);
        f.write_str(&text)
    }
}

/// A table's three-part name, each part quoted.
#[derive(Debug, Clone, Copy)]
pub struct TablePath<'a>(pub &'a TableName);

impl TablePath<'_> {
    pub(crate) fn push(self, out: &mut String) {
        for (n, part) in [&self.0.catalog, &self.0.schema, &self.0.table].into_iter().enumerate() {
            out.push_str(if n > 0 { "." } else { "" });
            Ident::from(part).push(out);
        }
    }
}

impl fmt::Display for TablePath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.push(&mut text);
        f.write_str(&text)
    }
}

/// A value, written so that no engine can read it as anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Literal<'a> {
    /// A string.
    Text(&'a str),
    /// `TIMESTAMP'...'`.
    Timestamp(&'a Timestamp),
    /// `DATE'...'`.
    Date(Date),
    /// A number as it is.
    Number(&'a Number),
    /// A whole number.
    Whole(u64),
}

impl Literal<'_> {
    pub(crate) fn push(self, out: &mut String) {
        let (before, after) = match self {
            Self::Text(text) => return push_text(out, text),
            Self::Timestamp(_) => ("TIMESTAMP'", "'"),
            Self::Date(_) => ("DATE'", "'"),
            Self::Number(_) | Self::Whole(_) => ("", ""),
        };
        out.push_str(before);
        self.push_value(out);
        out.push_str(after);
    }

    /// The value as people write it.
    pub(crate) fn push_value(self, out: &mut String) {
        match self {
            Self::Text(text) => out.push_str(text),
            Self::Timestamp(value) => value.push(out),
            Self::Date(value) => value.push(out),
            Self::Number(value) => out.push_str(value.as_str()),
            Self::Whole(value) => push_number(out, value),
        }
    }
}

impl fmt::Display for Literal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.push(&mut text);
        f.write_str(&text)
    }
}

/// Backslash escapes, because a doubled quote means two things: `'it''s'` is `its` before Spark 4 and `it's` since.
/// Control characters are escaped too, so that a literal stays on its line.
fn push_text(out: &mut String, text: &str) {
    out.push('\'');
    for c in text.chars() {
        match c {
            '\'' => out.push_str("\\'"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                out.push_str("\\u");
                for shift in [12, 8, 4, 0] {
                    let digit = char::from_digit(u32::from(c) >> shift & 15, 16).unwrap_or_default();
                    out.push(digit.to_ascii_uppercase());
                }
            }
            c => out.push(c),
        }
    }
    out.push('\'');
}

/// A statement being written.
#[derive(Debug, Default)]
pub(crate) struct Sql(Writer);

impl Sql {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self(Writer::with_capacity(bytes))
    }

    pub(crate) fn finish(self) -> String {
        self.0.finish()
    }

    /// Text that is written down in this crate.
    #[inline(always)]
    pub(crate) fn push(&mut self, text: &'static str) {
        self.0.push(text);
    }

    /// A new line with `indent` spaces.
    #[inline(always)]
    pub(crate) fn line(&mut self, indent: usize) {
        self.0.line(indent);
    }

    /// A column, behind a table alias if there is one.
    #[inline(always)]
    pub(crate) fn of(&mut self, alias: &'static str, column: &ColumnName) {
        self.0.name(alias, column.as_str());
    }

    #[inline(never)]
    pub(crate) fn table(&mut self, table: &TableName) {
        TablePath(table).push(self.0.text());
    }

    #[inline(never)]
    pub(crate) fn literal(&mut self, literal: Literal<'_>) {
        literal.push(self.0.text());
    }

    /// A checked predicate in parentheses, so that an OR in it cannot reach what stands beside it.
    #[inline(never)]
    pub(crate) fn predicate(&mut self, predicate: &Predicate) {
        for part in ["(", predicate.as_str(), ")"] {
            self.0.push(part);
        }
    }

    /// A comment line. Every character that is not a plain, visible ASCII character becomes `?`, so that no value
    /// can end the comment, and a long value is cut.
    #[inline(never)]
    pub(crate) fn comment(&mut self, label: &'static str, value: &str) {
        self.push("-- ");
        self.push(label);
        for c in value.chars().take(120) {
            // A backslash before the line break would continue the comment in Spark.
            self.0.text().push(if c == ' ' || (c.is_ascii_graphic() && c != '\\') { c } else { '?' });
        }
        self.line(0);
    }

    /// Items between separators, wrapped into lines with `indent` spaces.
    pub(crate) fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        separator: &'static str,
        indent: usize,
        mut item: impl FnMut(&mut Self, T),
    ) {
        for (n, value) in items.into_iter().enumerate() {
            if n > 0 {
                self.0.between(separator, indent);
            }
            item(self, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sql_text::{Kind, Lexer};

    #[test]
    fn names_quote_themselves() {
        let name = |text| Ident(text).to_string();
        assert_eq!(name("a"), "`a`");
        assert_eq!(name("a`b``c"), "`a``b````c`");
        assert_eq!(name("`"), "````");
        assert_eq!(name("x; DROP TABLE y --"), "`x; DROP TABLE y --`");
    }

    #[test]
    fn text_literals_escape_themselves() {
        assert_eq!(Literal::Text("it's \\ \n\t\u{1}\u{85}é").to_string(), r"'it\'s \\ \n\t\u0001\u0085é'");
    }

    #[test]
    fn names_and_literals_are_one_token_whatever_is_in_them() {
        for text in [
            "'",
            "\\",
            "\\'",
            "`",
            "``",
            "--",
            "/*",
            "*/",
            ";",
            "\"",
            "a'--",
            "\\\\'",
            "r'",
            "`;`",
            "x\u{2028}y",
        ] {
            for (written, kind) in
                [(Ident(text).to_string(), Kind::Quoted), (Literal::Text(text).to_string(), Kind::Text)]
            {
                let tokens: Vec<_> = Lexer::new(&written).collect();
                assert_eq!(
                    (tokens.len(), tokens[0].kind, tokens[0].end),
                    (1, kind, written.len()),
                    "{written}"
                );
            }
        }
    }

    #[test]
    fn comments_stay_comments() {
        let mut sql = Sql::default();
        sql.comment("plan: ", "x\n; DROP TABLE y; --\r\u{2028}\\");
        sql.push("SELECT 1");
        assert_eq!(sql.finish(), "-- plan: x?; DROP TABLE y; --???\nSELECT 1");
    }
}
