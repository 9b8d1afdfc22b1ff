//! Writing: pieces, quoted names, and lines of a bearable length.

/// Where a list goes on in a new line, in bytes. Statements are read by people.
const WIDTH: usize = 100;

/// A text being written. It knows nothing of who may write what; that is for the types of `crates/sql`.
#[derive(Debug, Default)]
pub struct Writer {
    out: String,
    line_start: usize,
}

impl Writer {
    /// With room for a number of bytes.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self { out: String::with_capacity(bytes), line_start: 0 }
    }

    /// What was written.
    #[must_use]
    pub fn finish(self) -> String {
        self.out
    }

    /// The text, to append what is rarely written.
    pub fn text(&mut self) -> &mut String {
        &mut self.out
    }

    /// Appends a text as it is.
    #[inline(never)]
    pub fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Begins a new line with `indent` spaces.
    #[inline(never)]
    pub fn line(&mut self, indent: usize) {
        self.out.push('\n');
        self.line_start = self.out.len();
        for _ in 0..indent {
            self.out.push(' ');
        }
    }

    /// Appends what stands between two items of a list: a separator, and a space or a new line.
    #[inline(never)]
    pub fn between(&mut self, separator: &str, indent: usize) {
        self.out.push_str(separator);
        if self.out.len() - self.line_start > WIDTH {
            self.line(indent);
        } else {
            self.out.push(' ');
        }
    }

    /// Appends `` alias.`name` ``, or the name alone behind an empty alias.
    #[inline(never)]
    pub fn name(&mut self, alias: &str, name: &str) {
        if !alias.is_empty() {
            self.out.push_str(alias);
            self.out.push('.');
        }
        push_quoted(&mut self.out, name);
    }
}

/// Appends a name in backticks. A backtick inside is doubled,
/// <https://docs.databricks.com/sql/language-manual/sql-ref-identifiers.html>.
pub fn push_quoted(out: &mut String, name: &str) {
    out.push('`');
    if name.bytes().any(|byte| byte == b'`') {
        for c in name.chars() {
            out.push_str(if c == '`' { "`" } else { "" });
            out.push(c);
        }
    } else {
        out.push_str(name);
    }
    out.push('`');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_quote_themselves() {
        let mut writer = Writer::with_capacity(8);
        writer.name("t", "a");
        writer.between(",", 2);
        writer.name("", "a`b``c");
        assert_eq!(writer.finish(), "t.`a`, `a``b````c`");
    }

    #[test]
    fn long_lines_go_on_below() {
        let mut writer = Writer::default();
        let long = "x".repeat(WIDTH + 1);
        for text in [&long, "y", "z"] {
            writer.push(text);
            writer.between(" AND", 3);
        }
        assert_eq!(writer.finish(), format!("{long} AND\n   y AND z AND "));
    }
}
