//! The only way text gets into a statement.
//!
//! A [`Sql`] takes four things: text that is written down in this crate (`&'static str`), names, literals, and
//! predicates that have been checked. Names and literals quote themselves. There is no function that takes a
//! `String`, so no value of a plan can be pasted.

use std::fmt::{self, Write as _};

use plan::{ColumnName, Date, Name, Number, TableName, Timestamp};

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

impl fmt::Display for Ident<'_> {
    /// A backtick inside is doubled, <https://docs.databricks.com/sql/language-manual/sql-ref-identifiers.html>.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('`')?;
        let mut parts = self.0.split('`');
        f.write_str(parts.next().unwrap_or_default())?;
        for part in parts {
            f.write_str("``")?;
            f.write_str(part)?;
        }
        f.write_char('`')
    }
}

/// A table's three-part name, each part quoted.
#[derive(Debug, Clone, Copy)]
pub struct TablePath<'a>(pub &'a TableName);

impl fmt::Display for TablePath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = self.0;
        write!(
            f,
            "{}.{}.{}",
            Ident::from(&table.catalog),
            Ident::from(&table.schema),
            Ident::from(&table.table)
        )
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

impl fmt::Display for Literal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write_text(f, text),
            Self::Timestamp(value) => write!(f, "TIMESTAMP'{value}'"),
            Self::Date(value) => write!(f, "DATE'{value}'"),
            Self::Number(value) => write!(f, "{value}"),
            Self::Whole(value) => write!(f, "{value}"),
        }
    }
}

/// Backslash escapes, because a doubled quote means two things: `'it''s'` is `its` before Spark 4 and `it's` since.
/// Control characters are escaped too, so that a literal stays on its line.
fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('\'')?;
    for c in text.chars() {
        match c {
            '\'' => f.write_str("\\'")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            c if c.is_control() => write!(f, "\\u{:04X}", u32::from(c))?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('\'')
}

/// Where a list goes on in a new line. Statements are read by people.
const WIDTH: usize = 100;

/// A statement being written.
#[derive(Debug, Default)]
pub(crate) struct Sql {
    out: String,
    line_start: usize,
}

impl Sql {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { out: String::with_capacity(bytes), line_start: 0 }
    }

    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// Text that is written down in this crate.
    #[inline(never)]
    pub(crate) fn push(&mut self, text: &'static str) -> &mut Self {
        self.out.push_str(text);
        self
    }

    /// A new line with `indent` spaces.
    #[inline(never)]
    pub(crate) fn line(&mut self, indent: usize) -> &mut Self {
        self.out.push('\n');
        self.line_start = self.out.len();
        self.out.extend(std::iter::repeat_n(' ', indent));
        self
    }

    /// A new line and text in it.
    #[inline(never)]
    pub(crate) fn row(&mut self, indent: usize, text: &'static str) -> &mut Self {
        self.line(indent).push(text)
    }

    #[inline(never)]
    pub(crate) fn column(&mut self, column: &ColumnName) -> &mut Self {
        self.ident(Ident::from(column))
    }

    /// A column behind a table alias.
    #[inline(never)]
    pub(crate) fn of(&mut self, alias: &'static str, column: &ColumnName) -> &mut Self {
        self.out.push_str(alias);
        self.out.push('.');
        self.ident(Ident::from(column))
    }

    #[inline(never)]
    fn ident(&mut self, ident: Ident<'_>) -> &mut Self {
        // Same as `Display`, without the formatter: names are most of a wide statement.
        self.out.push('`');
        if ident.0.contains('`') {
            self.out.push_str(&ident.0.replace('`', "``"));
        } else {
            self.out.push_str(ident.0);
        }
        self.out.push('`');
        self
    }

    #[inline(never)]
    pub(crate) fn table(&mut self, table: &TableName) -> &mut Self {
        self.ident(Ident::from(&table.catalog)).push(".");
        self.ident(Ident::from(&table.schema)).push(".");
        self.ident(Ident::from(&table.table))
    }

    #[inline(never)]
    pub(crate) fn literal(&mut self, literal: Literal<'_>) -> &mut Self {
        // Writing to a String cannot fail.
        let _ = write!(self.out, "{literal}");
        self
    }

    /// A checked predicate in parentheses, so that an OR in it cannot reach what stands beside it.
    #[inline(never)]
    pub(crate) fn predicate(&mut self, predicate: &Predicate) -> &mut Self {
        self.out.push('(');
        self.out.push_str(predicate.as_str());
        self.out.push(')');
        self
    }

    /// A comment line. Every character that is not a plain, visible ASCII character becomes `?`, so that no value
    /// can end the comment, and a long value is cut.
    #[inline(never)]
    pub(crate) fn comment(&mut self, label: &'static str, value: &str) -> &mut Self {
        self.out.push_str("-- ");
        self.out.push_str(label);
        for c in value.chars().take(120) {
            // A backslash before the line break would continue the comment in Spark.
            self.out.push(if c == ' ' || (c.is_ascii_graphic() && c != '\\') { c } else { '?' });
        }
        self.out.push('\n');
        self.line_start = self.out.len();
        self
    }

    /// Items between separators, wrapped into lines with `indent` spaces.
    pub(crate) fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        separator: &'static str,
        indent: usize,
        mut item: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        for (n, value) in items.into_iter().enumerate() {
            if n > 0 {
                self.push(separator);
                if self.out.len() - self.line_start > WIDTH {
                    self.line(indent);
                } else {
                    self.push(" ");
                }
            }
            item(self, value);
        }
        self
    }

    /// Columns between commas.
    pub(crate) fn columns<'c>(
        &mut self,
        columns: impl IntoIterator<Item = &'c ColumnName>,
        indent: usize,
    ) -> &mut Self {
        self.list(columns, ",", indent, |sql, column| {
            sql.column(column);
        })
    }

    /// Columns behind an alias, between commas.
    #[inline(never)]
    pub(crate) fn columns_of<'c>(
        &mut self,
        alias: &'static str,
        columns: impl IntoIterator<Item = &'c ColumnName>,
        indent: usize,
    ) -> &mut Self {
        self.list(columns, ",", indent, |sql, column| {
            sql.of(alias, column);
        })
    }

    /// `a.x <=> b.x AND ...`: equal, NULL being equal to NULL.
    #[inline(never)]
    pub(crate) fn same<'c>(
        &mut self,
        a: &'static str,
        b: &'static str,
        columns: impl IntoIterator<Item = &'c ColumnName>,
        indent: usize,
    ) -> &mut Self {
        self.list(columns, " AND", indent, |sql, column| {
            sql.of(a, column).push(" <=> ").of(b, column);
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::{Kind, Lexer};

    #[test]
    fn names_quote_themselves() {
        let name = |text| Ident(text).to_string();
        assert_eq!(name("a"), "`a`");
        assert_eq!(name("a`b``c"), "`a``b````c`");
        assert_eq!(name("`"), "````");
        assert_eq!(name("x; DROP TABLE y --"), "`x; DROP TABLE y --`");
        let mut sql = Sql::default();
        sql.ident(Ident("a`b``c"));
        assert_eq!(sql.finish(), name("a`b``c"));
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
