//! The ways SQL writes a table, so that a link can say its number in place of its name.

use crate::name::{is_plain, joined, quote};
use crate::texts::Texts;

/// A way to write a table: the text, the table's number, and the style.
pub(super) type Spelling = (String, usize, u8);

/// Every way SQL may write the tables; where two tables share one, the first has it.
pub(super) fn spellings(tables: &[String]) -> Vec<Spelling> {
    let mut seen = Texts::default();
    let all = tables
        .iter()
        .enumerate()
        .flat_map(|(i, table)| (0..3).map(move |style| (spell(table, style), i, style)));
    all.filter(|(text, _, _)| text.contains('.') && seen.add(text)).collect()
}

/// The name of a table in one of the styles.
pub(super) fn spell(table: &str, style: u8) -> String {
    let parts = table.split('.');
    let parts: Vec<String> = match style {
        0 => return table.to_owned(),
        1 => parts.map(quote).collect(),
        _ => parts.map(|p| if is_plain(p) { p.to_owned() } else { quote(p) }).collect(),
    };
    joined(&parts, ".")
}

/// What stands behind the last dot.
pub(super) fn last_part(table: &str) -> &str {
    table.rfind('.').and_then(|dot| table.get(dot + 1..)).unwrap_or(table)
}
