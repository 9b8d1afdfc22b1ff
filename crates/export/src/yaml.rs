//! YAML, as much of it as the exports need: blocks of mappings and lists, and texts that are always texts.

use std::fmt::Write as _;

/// A value. Keys are written down in this crate or are made of letters, digits and `_`, so they need no quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Yaml {
    Map(Vec<(String, Yaml)>),
    List(Vec<Yaml>),
    /// Quoted, whatever is in it: YAML reads `no`, `1e3` and `2026-01-01` as something else.
    Text(String),
    Whole(u64),
    Flag(bool),
}

impl Yaml {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn map<const N: usize>(entries: [(&str, Self); N]) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// The document, its lines ended by `\n`.
    pub(crate) fn document(&self) -> String {
        let mut out = String::new();
        self.block(&mut out, 0);
        out
    }

    fn block(&self, out: &mut String, indent: usize) {
        match self {
            Self::Map(entries) => {
                for (at, (key, value)) in entries.iter().enumerate() {
                    // The first entry of an item stands behind its dash.
                    if at > 0 || !out.ends_with("- ") {
                        pad(out, indent);
                    }
                    let _ = write!(out, "{key}:");
                    value.after_key(out, indent);
                }
            }
            Self::List(items) => {
                for item in items {
                    pad(out, indent);
                    out.push_str("- ");
                    match item {
                        Self::Map(entries) if !entries.is_empty() => item.block(out, indent + 2),
                        other => {
                            other.scalar(out);
                            out.push('\n');
                        }
                    }
                }
            }
            scalar => {
                scalar.scalar(out);
                out.push('\n');
            }
        }
    }

    fn after_key(&self, out: &mut String, indent: usize) {
        match self {
            Self::Map(entries) if !entries.is_empty() => {
                out.push('\n');
                self.block(out, indent + 2);
            }
            Self::List(items) if !items.is_empty() => {
                out.push('\n');
                self.block(out, indent + 2);
            }
            scalar => {
                out.push(' ');
                scalar.scalar(out);
                out.push('\n');
            }
        }
    }

    fn scalar(&self, out: &mut String) {
        match self {
            Self::Map(_) => out.push_str("{}"),
            Self::List(_) => out.push_str("[]"),
            Self::Text(text) => quote(out, text),
            Self::Whole(value) => {
                let _ = write!(out, "{value}");
            }
            Self::Flag(value) => out.push_str(if *value { "true" } else { "false" }),
        }
    }
}

fn pad(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

/// A double-quoted scalar on one line, <https://yaml.org/spec/1.2.2/#57-escaped-characters>. What cannot be seen is
/// escaped.
fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || plan::has_invisible(c.encode_utf8(&mut [0; 4])) => {
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_blocks() {
        let item = Yaml::map([("name", Yaml::text("a")), ("tags", Yaml::List(vec![Yaml::text("x")]))]);
        let document = Yaml::map([
            ("version", Yaml::Whole(2)),
            ("none", Yaml::Map(vec![])),
            ("list", Yaml::List(vec![item])),
        ]);
        assert_eq!(
            document.document(),
            "version: 2\nnone: {}\nlist:\n  - name: \"a\"\n    tags:\n      - \"x\"\n"
        );
    }

    #[test]
    fn a_text_stays_a_text_on_its_line() {
        let text = Yaml::map([("k", Yaml::text("no\n: \"#\\ \u{85}\u{2028}\u{202e}é"))]).document();
        assert_eq!(text, "k: \"no\\n: \\\"#\\\\ \\U00000085\\U00002028\\U0000202Eé\"\n");
    }
}
