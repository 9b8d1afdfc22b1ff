//! Reduces a result summary to counts and column names.

use std::collections::BTreeMap;

use super::lex::{is_word, is_word_start};
use crate::context::Context;
use crate::name::fold;

/// Words that may stand behind a count: what results are made of, and spans of time. None of them can be data.
const UNITS: [&str; 58] = [
    "row",
    "rows",
    "record",
    "records",
    "result",
    "results",
    "entry",
    "entries",
    "line",
    "lines",
    "column",
    "columns",
    "field",
    "fields",
    "table",
    "tables",
    "view",
    "views",
    "group",
    "groups",
    "bucket",
    "buckets",
    "category",
    "categories",
    "value",
    "values",
    "key",
    "keys",
    "duplicate",
    "duplicates",
    "null",
    "nulls",
    "query",
    "queries",
    "minute",
    "minutes",
    "hour",
    "hours",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "quarter",
    "quarters",
    "year",
    "years",
    "zeile",
    "zeilen",
    "linha",
    "linhas",
    "fila",
    "filas",
    "ligne",
    "lignes",
    "行",
    "件",
];
/// Digits of a count. More make an account, a card or a telephone number.
const MAX_DIGITS: usize = 12;

/// The names a summary may repeat, by their lower-case form.
pub(crate) struct KnownNames {
    columns: BTreeMap<String, String>,
    tables: BTreeMap<String, String>,
}

impl KnownNames {
    pub fn of(context: &Context) -> Self {
        let (mut columns, mut tables) = (BTreeMap::new(), BTreeMap::new());
        let add = |map: &mut BTreeMap<String, String>, name: &str| {
            // Only names that read as one word can be found in a text, and be found again in the result.
            if name.starts_with(is_word_start) && name.chars().all(is_word) {
                map.entry(fold(name)).or_insert_with(|| name.to_owned());
            }
        };
        for (_, names) in context.validated_columns() {
            names.for_each(|name| add(&mut columns, name));
        }
        for table in context.validated_tables() {
            add(&mut tables, table.rsplit('.').next().unwrap_or(table).trim_matches('`'));
        }
        Self { columns, tables }
    }
}

/// The counts (`37 rows`) and known column names of `summary`, in order, each once, joined with `; `.
pub(crate) fn reduce_summary(summary: &str, names: &KnownNames) -> String {
    let mut items: Vec<String> = Vec::new();
    let mut count: Option<&str> = None;
    let mut rest = summary;
    let mut before: Option<char> = None;
    while let Some(first) = rest.chars().next() {
        let length;
        if first.is_ascii_digit() {
            length = run(rest, |c| c.is_ascii_digit() || matches!(c, '.' | ','));
            let text = rest.get(..length).unwrap_or_default().trim_end_matches(['.', ',']);
            let clean = text.len() == length && before.is_none_or(starts_count);
            count = if clean && is_count(text) { Some(text) } else { None };
        } else if is_word(first) {
            length = run(rest, is_word);
            let word = rest.get(..length).unwrap_or_default();
            let lower = fold(word);
            let item = match (count.take(), names.columns.get(&lower)) {
                (Some(n), _) if UNITS.contains(&lower.as_str()) => Some(format!("{n} {lower}")),
                (Some(n), Some(name)) => Some(format!("{n} {name}")),
                (Some(n), None) => names.tables.get(&lower).map(|name| format!("{n} {name}")),
                (None, Some(name)) => Some(name.clone()),
                (None, None) => None,
            };
            if let Some(item) = item
                && !items.contains(&item)
            {
                items.push(item);
            }
        } else {
            length = first.len_utf8();
            if !first.is_whitespace() {
                count = None;
            }
        }
        before = rest.get(..length).and_then(|s| s.chars().next_back());
        rest = rest.get(length..).unwrap_or_default();
    }
    items.join("; ")
}

/// True for a character behind which a number stands alone. Letters of other scripts need no space: 全体で112行.
fn starts_count(before: char) -> bool {
    before.is_whitespace() || matches!(before, '(' | ';') || (!before.is_ascii() && before.is_alphabetic())
}

fn run(text: &str, is: impl Fn(char) -> bool) -> usize {
    text.char_indices().find(|&(_, c)| !is(c)).map_or(text.len(), |(i, _)| i)
}

/// `1234`, `1,234` or `1.234`: whole, and grouped by threes if at all.
fn is_count(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 || digits > MAX_DIGITS {
        return false;
    }
    let separator = if text.contains(',') { ',' } else { '.' };
    let mut groups = text.split(separator);
    let first = groups.next().unwrap_or_default();
    let all_digits = |g: &str| g.bytes().all(|b| b.is_ascii_digit());
    let mut grouped = false;
    let threes = groups.all(|g| {
        grouped = true;
        g.len() == 3 && all_digits(g)
    });
    threes && all_digits(first) && !first.is_empty() && (!grouped || first.len() <= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> KnownNames {
        let json = r#"{"genie_session_id":"","space_id":"","validated_tables":["a.b.Orders","a.b.odd name"],
            "validated_columns":{"a.b.orders":["Order_ID","status","地域","q1","two words"]},"user_intent":"","exploration_summary":{}}"#;
        KnownNames::of(&Context::from_json_str(json).unwrap())
    }

    #[track_caller]
    fn check(summary: &str, expected: &str) {
        let once = reduce_summary(summary, &names());
        assert_eq!(once, expected);
        assert_eq!(reduce_summary(&once, &names()), expected, "a second time");
    }

    #[test]
    fn keeps_counts_and_columns_only() {
        check("16 rows; China 1,204, United States 861", "16 rows");
        check(
            "1,204 Rows, 1.848 Zeilen, 61,948 orders; ORDER_ID is unique",
            "1,204 rows; 1.848 zeilen; 61,948 Orders; Order_ID",
        );
        check("地域8 × 大分類14 = 112行、関東の食品が最大", "112 行");
        check("by 地域, 3 status, 3 status", "地域; 3 status");
        check("37 rows. 37 rows", "37 rows");
        check("", "");
    }

    #[test]
    fn drops_cell_values() {
        for text in [
            "21",
            "back_in_30 = 611",
            "Jane Doe, jane@example.com",
            "18% of the cost",
            "1.5 rows",
            "2016-09-01 rows",
            "4111111111111111 rows",
            "1,23 rows",
            "12,3456 rows",
            "$100 rows",
            "3 Johnsons",
            "#5 rows",
            "'5 rows",
            "x5 rows",
            "5, rows",
            "5 'rows",
            "1.2.3 rows",
            "0001234567890 rows",
        ] {
            check(text, "");
        }
    }
}
