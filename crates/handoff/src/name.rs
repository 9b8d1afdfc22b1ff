//! Names as Unity Catalog has them.
//!
//! Rules from <https://docs.databricks.com/sql/language-manual/sql-ref-names.html>: 1 to 255 characters; no dot,
//! space, slash or control character; stored and compared without case. Outside SQL a full name is written with dots
//! and without backticks; inside SQL each part may stand in backticks, with a backtick inside doubled.

use std::fmt;

use thiserror::Error;

use crate::digits::{digits, push_code};
use crate::limits::MAX_NAME_CHARS;

/// What is wrong with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NameError {
    /// The name or one of its parts has no characters.
    Empty,
    /// A part has more than 255 characters.
    TooLong,
    /// A dot, space, slash, control or direction character.
    Forbidden(char),
    /// A backtick opens and does not close, or stands inside a part.
    Backtick,
    /// Not `catalog.schema.table`.
    Parts(usize),
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl NameError {
    /// What is wrong, in words.
    #[must_use]
    pub fn message(self) -> String {
        let (before, number) = match self {
            Self::Empty => return "a name or a part of it is empty".to_owned(),
            Self::TooLong => {
                return ["a part of the name has more than ", &digits(MAX_NAME_CHARS), " characters"]
                    .concat();
            }
            Self::Forbidden(c) => {
                let mut text = "the name has a character that Unity Catalog does not allow (U+".to_owned();
                push_code(&mut text, c);
                text.push(')');
                return text;
            }
            Self::Backtick => return "the backticks of the name do not match".to_owned(),
            Self::Parts(count) => ("a full name has three parts, catalog.schema.table; this one has ", count),
        };
        [before, &digits(number)].concat()
    }

    /// A stable name for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "name_empty",
            Self::TooLong => "name_too_long",
            Self::Forbidden(_) => "name_forbidden_character",
            Self::Backtick => "name_backtick",
            Self::Parts(_) => "name_parts",
        }
    }

    /// What to do next, for people.
    #[must_use]
    pub fn help(self) -> &'static str {
        match self {
            Self::Parts(_) => "Write the name as catalog.schema.table, as Catalog Explorer shows it.",
            _ => "Copy the name from Catalog Explorer.",
        }
    }
}

/// A full table name, taken apart and checked. Equality and order ignore case, as Unity Catalog does.
#[derive(Debug, Clone)]
pub struct TableName {
    parts: [String; 3],
}

impl TableName {
    /// Reads `a.b.c`, with or without backticks around each part.
    ///
    /// # Errors
    /// Anything but three allowed parts.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let parts = split(text)?;
        for part in &parts {
            check_part(part)?;
        }
        let count = parts.len();
        Ok(Self { parts: parts.try_into().map_err(|_| NameError::Parts(count))? })
    }

    /// The catalog, as it was written, without backticks.
    #[must_use]
    pub fn catalog(&self) -> &str {
        &self.parts[0]
    }

    /// The schema.
    #[must_use]
    pub fn schema(&self) -> &str {
        &self.parts[1]
    }

    /// The table.
    #[must_use]
    pub fn table(&self) -> &str {
        &self.parts[2]
    }

    /// The form to compare by: without backticks, in lower case.
    #[must_use]
    pub fn key(&self) -> String {
        fold(&joined(&self.parts, "."))
    }

    /// The name for SQL, every part in backticks.
    #[must_use]
    pub fn quoted(&self) -> String {
        joined(&self.parts.each_ref().map(|p| quote(p)), ".")
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&joined(&self.parts, "."))
    }
}

impl PartialEq for TableName {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for TableName {}

/// One part in backticks.
#[must_use]
pub fn quote(part: &str) -> String {
    let mut text = "`".to_owned();
    for c in part.chars() {
        if c == '`' {
            text.push(c);
        }
        text.push(c);
    }
    text.push('`');
    text
}

/// Texts with another between them. One function for what the standard library makes anew for each kind of text.
pub(crate) fn joined(texts: &[String], between: &str) -> String {
    let mut out = String::new();
    for (i, text) in texts.iter().enumerate() {
        if i > 0 {
            out.push_str(between);
        }
        out.push_str(text);
    }
    out
}

/// The form to compare any name by: as [`TableName::key`] if it can be read, else in lower case.
#[must_use]
pub fn compare_key(name: &str) -> String {
    match split(name) {
        Ok(parts) => fold(&joined(&parts, ".")),
        Err(_) => fold(name),
    }
}

/// Lower case for comparing names: Latin, Greek, Cyrillic and full-width letters, one to one. Other scripts have no case, or are so rare in names that the full Unicode table (12 kB of a 40 kB module) is
/// not worth it; their names compare as they are written.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

/// How many characters a text has. The standard library's way is faster and ten times as large.
#[must_use]
#[inline(never)]
pub fn count_chars(text: &str) -> usize {
    let mut count = 0;
    for byte in text.bytes() {
        // Every byte but those that go on with a character of several.
        count += usize::from(byte & 0xc0 != 0x80);
    }
    count
}

/// One character of [`fold`].
#[must_use]
pub fn fold_char(c: char) -> char {
    let code = u32::from(c);
    let lower = match code {
        0x41..=0x5A
        | 0xC0..=0xD6
        | 0xD8..=0xDE
        | 0x391..=0x3A1
        | 0x3A3..=0x3AB
        | 0x410..=0x42F
        | 0xFF21..=0xFF3A => code + 32,
        0x386 => 0x3AC,
        0x388..=0x38A => code + 37,
        0x38C => 0x3CC,
        0x38E | 0x38F => code + 63,
        0x400..=0x40F => code + 80,
        // Here capital and small letters take turns.
        0x100..=0x12F
        | 0x132..=0x137
        | 0x14A..=0x177
        | 0x460..=0x481
        | 0x48A..=0x4BF
        | 0x4D0..=0x52F
        | 0x1E00..=0x1E95
        | 0x1EA0..=0x1EFF => code | 1,
        0x139..=0x148 | 0x179..=0x17E | 0x4C1..=0x4CE => code + (code & 1),
        0x178 => 0xFF,
        0x4C0 => 0x4CF,
        _ => code,
    };
    char::from_u32(lower).unwrap_or(c)
}

/// True for a name that SQL reads as an identifier without backticks.
#[must_use]
pub fn is_plain(part: &str) -> bool {
    let mut bytes = part.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Splits at the dots outside backticks and takes the backticks away.
fn split(text: &str) -> Result<Vec<String>, NameError> {
    let mut parts = Vec::new();
    let mut chars = text.chars().peekable();
    loop {
        let mut part = String::new();
        if chars.next_if_eq(&'`').is_some() {
            loop {
                match chars.next().ok_or(NameError::Backtick)? {
                    '`' if chars.next_if_eq(&'`').is_some() => part.push('`'),
                    '`' => break,
                    c => part.push(c),
                }
            }
        } else {
            while let Some(c) = chars.next_if(|&c| c != '.') {
                if c == '`' {
                    return Err(NameError::Backtick);
                }
                part.push(c);
            }
        }
        parts.push(part);
        match chars.next() {
            None => return Ok(parts),
            Some('.') => {}
            Some(_) => return Err(NameError::Backtick),
        }
    }
}

/// Checks one part of a catalog, schema or table name.
pub(crate) fn check_part(part: &str) -> Result<(), NameError> {
    check_common(part)?;
    match part.chars().find(|c| matches!(c, '.' | ' ' | '/')) {
        Some(c) => Err(NameError::Forbidden(c)),
        None => Ok(()),
    }
}

/// Checks a column name: column mapping allows dots and spaces, so only length and invisible characters count.
pub(crate) fn check_column(name: &str) -> Result<(), NameError> {
    check_common(name)
}

fn check_common(name: &str) -> Result<(), NameError> {
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    if count_chars(name) > MAX_NAME_CHARS {
        return Err(NameError::TooLong);
    }
    match name.chars().find(|&c| is_invisible(c)) {
        Some(c) => Err(NameError::Forbidden(c)),
        None => Ok(()),
    }
}

/// Control characters, and those that turn the direction of text or show nothing: a name with them can look like
/// another one on a review page.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{61c}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_characters() {
        for text in ["", "a", "aé€😀\u{301}", "\u{80}\u{7ff}\u{800}\u{ffff}\u{10ffff}\u{0}"] {
            assert_eq!(count_chars(text), text.chars().count(), "{text}");
        }
    }

    #[test]
    fn folds_as_the_full_table_does() {
        // `İ` has a two-character lower case; Unity Catalog cannot store it as an unquoted name anyway.
        let folded = "AZaz09_ÀÖ×ØÞßàþÿĀāĶķĹĺŇňŊŋŶŷŸŹźŽžΑΡΣΫαω АЯаяЀЏёＡＺａ数量";
        assert_eq!(fold(folded), folded.to_lowercase());
        for c in ('\u{0}'..'\u{180}').filter(|c| *c != 'İ') {
            assert_eq!(fold(&c.to_string()), c.to_lowercase().to_string(), "{c}");
        }
    }

    #[test]
    fn takes_names_apart() {
        let name = TableName::parse("`prod-us`.Sales.`odd``name`").unwrap();
        assert_eq!((name.catalog(), name.schema(), name.table()), ("prod-us", "Sales", "odd`name"));
        assert_eq!(name.quoted(), "`prod-us`.`Sales`.`odd``name`");
        assert_eq!(TableName::parse("Main.S.T").unwrap(), TableName::parse("`main`.s.`t`").unwrap());
        assert_eq!(compare_key("`Stadtwerke-KÖLN`.s.T"), "stadtwerke-köln.s.t");
    }

    #[test]
    fn refuses_what_unity_catalog_refuses() {
        let err = |s: &str| TableName::parse(s).unwrap_err();
        assert_eq!(err("a.b"), NameError::Parts(2));
        assert_eq!(err("__proto__"), NameError::Parts(1));
        assert_eq!(err("a.b.c.d"), NameError::Parts(4));
        assert_eq!(err("a..c"), NameError::Empty);
        assert_eq!(err(""), NameError::Empty);
        assert_eq!(err("a.b c.d"), NameError::Forbidden(' '));
        assert_eq!(err("a.b/c.d"), NameError::Forbidden('/'));
        assert_eq!(err("a.`b.c`.d"), NameError::Forbidden('.'));
        assert_eq!(err("a.b.c\u{202e}d"), NameError::Forbidden('\u{202e}'));
        assert_eq!(err("a.b.c\u{7f}"), NameError::Forbidden('\u{7f}'));
        assert_eq!(err("`a.b.c"), NameError::Backtick);
        assert_eq!(err("a`b.c.d"), NameError::Backtick);
        assert_eq!(err("`a`b.c.d"), NameError::Backtick);
        let long = "ä".repeat(255);
        assert!(TableName::parse(&format!("a.b.{long}")).is_ok());
        assert_eq!(err(&format!("a.b.{long}ä")), NameError::TooLong);
    }
}
