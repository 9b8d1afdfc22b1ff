//! Names of tables and columns, as Unity Catalog has them.

use std::borrow::Cow;
use std::fmt;

use handoff::Texts;
pub use handoff::limits::MAX_NAME_CHARS;
pub use handoff::name::count_chars;
use handoff::name::fold_char;
pub use handoff::push_code;

/// Why a text is not a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameError {
    /// Nothing was given.
    Empty,
    /// Longer than [`MAX_NAME_CHARS`].
    TooLong(usize),
    /// A character that Unity Catalog refuses.
    Character(char),
}

impl std::error::Error for NameError {}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl NameError {
    /// A stable name for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "plan_name_empty",
            Self::TooLong(_) => "plan_name_too_long",
            Self::Character(_) => "plan_name_character",
        }
    }

    /// What is wrong, in words.
    #[must_use]
    pub fn message(self) -> String {
        let c = match self {
            Self::Empty => return "the name is empty".to_owned(),
            Self::TooLong(count) => {
                let count = crate::values::digits(count);
                return ["the name has ", &count, " characters, Unity Catalog takes 255 at most"].concat();
            }
            Self::Character(c) => c,
        };
        let mut text = "the name has a character that is not allowed: ".to_owned();
        match c {
            ' ' => text.push_str("a space"),
            '.' => text.push_str("a dot (give catalog, schema and table apart)"),
            '/' => text.push_str("a slash"),
            c => {
                text.push_str("control character U+");
                push_code(&mut text, c);
            }
        }
        text
    }
}

fn check_length(text: &str) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Empty);
    }
    // A text of n bytes has at most n characters, so most names need no count.
    if text.len() > MAX_NAME_CHARS {
        let count = count_chars(text);
        if count > MAX_NAME_CHARS {
            return Err(NameError::TooLong(count));
        }
    }
    Ok(())
}

/// The form in which names are compared: Unity Catalog matches names without case.
///
/// The letters that [`handoff::name::fold`] knows are folded; a pair that is missed is found by the catalog, which
/// refuses it.
#[must_use]
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    folded.extend(text.chars().map(fold_char));
    Cow::Owned(folded)
}

/// The name of a catalog, a schema or a table: one part of a full name, without quotes.
///
/// 1 to 255 characters; no dot, space, slash or control character
/// (<https://docs.databricks.com/sql/language-manual/sql-ref-names.html>). The case is kept, comparison ignores it.
#[derive(Debug, Clone)]
pub struct Name(String);

impl Name {
    /// Stands where a name is missing or wrong. That is reported, so no plan with it is given out.
    pub(crate) const BLANK: Self = Self(String::new());

    /// Checks `text` and takes it as a name.
    ///
    /// # Errors
    /// Every text that breaks the rules above.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        check_length(text)?;
        match text.chars().find(|c| c.is_control() || matches!(c, '.' | ' ' | '/')) {
            Some(c) => Err(NameError::Character(c)),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// The name as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        fold(&self.0) == fold(&other.0)
    }
}

impl Eq for Name {}

/// The name of a column, without quotes.
///
/// Anything but control characters, 1 to 255 characters: tables with column mapping may have spaces, commas and
/// brackets in column names, so quoting has to carry the load and not the character set. The case is kept,
/// comparison ignores it.
#[derive(Debug, Clone)]
pub struct ColumnName(String);

impl ColumnName {
    /// Stands where a name is missing or wrong. That is reported, so no plan with it is given out.
    pub(crate) const BLANK: Self = Self(String::new());

    /// Checks `text` and takes it as a column name.
    ///
    /// # Errors
    /// Empty and over-long texts and control characters.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        check_length(text)?;
        match text.chars().find(|c| c.is_control()) {
            Some(c) => Err(NameError::Character(c)),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// The name as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which column names are compared.
    #[must_use]
    pub fn folded(&self) -> Cow<'_, str> {
        fold(&self.0)
    }
}

impl PartialEq for ColumnName {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 || self.folded() == other.folded()
    }
}

impl Eq for ColumnName {}

impl fmt::Display for ColumnName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A table or view by its three-part name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableName {
    /// The catalog.
    pub catalog: Name,
    /// The schema in it.
    pub schema: Name,
    /// The table in that.
    pub table: Name,
}

impl TableName {
    /// Three parts with dots and without quotes, as in REST bodies and lineage.
    #[must_use]
    pub fn dotted(&self) -> String {
        [&self.catalog.0, ".", &self.schema.0, ".", &self.table.0].concat()
    }
}

impl fmt::Display for TableName {
    /// As [`TableName::dotted`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.dotted())
    }
}

/// Names by their folded form.
#[derive(Debug, Default)]
pub struct NameSet(Texts);

impl NameSet {
    /// The set of some columns.
    #[must_use]
    pub fn of<'a>(columns: impl IntoIterator<Item = &'a ColumnName>) -> Self {
        let mut set = Self::default();
        for column in columns {
            set.insert(column.as_str());
        }
        set
    }

    /// Adds a name. Gives the position of an equal name that is there already, counted from 0 in the order of
    /// additions.
    pub fn insert(&mut self, name: &str) -> Option<usize> {
        self.0.insert(&fold(name))
    }

    /// The position of a name, if it is in the set.
    #[must_use]
    pub fn position(&self, column: &ColumnName) -> Option<usize> {
        self.0.position(&fold(column.as_str()))
    }

    /// Whether a name is in the set.
    #[must_use]
    pub fn contains(&self, column: &ColumnName) -> bool {
        self.position(column).is_some()
    }

    /// Whether there is no name in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Characters that are invisible or turn the direction of the text around them. They are legal in a quoted name
/// and can make one name look like another on a review page, so they deserve a warning.
#[must_use]
pub fn has_invisible(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(|c| {
        matches!(c, '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_parts_follow_unity_catalog() {
        for good in
            ["a", "raw-zone", "2024", "select", "日本", "we`ird", "it's", &"x".repeat(255), &"é".repeat(255)]
        {
            assert!(Name::parse(good).is_ok(), "{good}");
        }
        assert_eq!(Name::parse(""), Err(NameError::Empty));
        assert_eq!(Name::parse(&"é".repeat(256)), Err(NameError::TooLong(256)));
        for (bad, c) in
            [("a.b", '.'), ("a b", ' '), ("a/b", '/'), ("a\nb", '\n'), ("a\u{7f}", '\u{7f}'), ("\0", '\0')]
        {
            assert_eq!(Name::parse(bad), Err(NameError::Character(c)), "{bad:?}");
        }
    }

    #[test]
    fn columns_take_everything_but_control_characters() {
        for good in ["a.b", "a b", "a/b", "`", "'; DROP TABLE x; --", "(x)", "a\\b", "\u{202e}x"] {
            assert!(ColumnName::parse(good).is_ok(), "{good}");
        }
        for bad in ["\n", "a\tb", "\u{85}", "a\r"] {
            assert!(ColumnName::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn comparison_ignores_case() {
        assert_eq!(ColumnName::parse("ID").unwrap(), ColumnName::parse("id").unwrap());
        assert_eq!(Name::parse("ÄRGER").unwrap(), Name::parse("ärger").unwrap());
        assert_ne!(Name::parse("a").unwrap(), Name::parse("b").unwrap());
    }

    #[test]
    fn folding_agrees_with_unicode_where_it_folds() {
        for code in 0..0x0052_u32 << 8 {
            let Some(c) = char::from_u32(code) else { continue };
            let lower: String = c.to_lowercase().collect();
            let folded = fold_char(c);
            assert!(folded == c || folded.to_string() == lower, "U+{code:04X}");
            let covered = matches!(code, 0x41..=0x5A | 0xC0..=0x12F | 0x132..=0x17E | 0x386..=0x3CE | 0x400..=0x52F
                | 0x1E00..=0x1E95 | 0x1EA0..=0x1EFF);
            assert!(!covered || folded.to_string() == lower, "U+{code:04X} is not folded");
        }
    }

    #[test]
    fn invisible_characters_are_seen() {
        assert!(has_invisible("a\u{200b}b") && has_invisible("\u{202e}x"));
        assert!(!has_invisible("plain 日本 é"));
    }
}
