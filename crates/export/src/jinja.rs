//! Texts inside dbt's Jinja, <https://jinja.palletsprojects.com/en/stable/templates/>.

use std::fmt::Write as _;

/// A text that is to come out of a template as it is. Every tag of Jinja begins with `{`, so that is all that has to be
/// kept from being one.
pub(crate) fn inert(text: &str) -> String {
    text.replace('{', "{{ '{' }}")
}

/// A string literal within a tag. Everything but plain letters, digits and a few marks is escaped, so that neither Jinja
/// nor dbt's own search for the end of a block can be misled.
pub(crate) fn literal(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            c if c.is_ascii_alphanumeric() || " _-.,:;()=<>`*/+|&!?@$^~[]'".contains(c) => out.push(c),
            '\n' => out.push_str("\\n"),
            c if u32::from(c) <= 0xFFFF => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => {
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_begins_a_tag() {
        assert_eq!(inert("a {{ b }} {% c"), "a {{ '{' }}{{ '{' }} b }} {{ '{' }}% c");
    }

    #[test]
    fn a_literal_has_neither_braces_nor_quotes() {
        assert_eq!(
            literal("a \"b\" {%}\\é😀\n"),
            "\"a \\u0022b\\u0022 \\u007b\\u0025\\u007d\\u005c\\u00e9\\U0001f600\\n\""
        );
    }
}
