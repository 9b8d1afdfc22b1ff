//! Reduces a result summary to counts and column names.

use super::lex::{is_word, is_word_start, run};
use crate::context::Context;
use crate::name::{fold, joined};
use crate::texts::Texts;

/// Words that may stand behind a count: what every result is made of. Nothing else is safe: in `31 hours` and
/// `4,200 orders` the number may as well be the content of a cell.
const UNITS: &str = "row rows record records result results entry entries line lines column columns field fields \
    group groups bucket buckets category categories value values key keys duplicate duplicates null \
    nulls zeile zeilen linha linhas fila filas ligne lignes 行 件";
/// Digits of a count. More make an account, a card or a telephone number.
const MAX_DIGITS: usize = 12;

/// The column names a summary may repeat: their folded forms, and the names themselves in the same order.
pub(crate) struct KnownNames(Texts, Vec<String>);

impl KnownNames {
    pub fn of(context: &Context) -> Self {
        let mut known = Self(Texts::default(), Vec::new());
        for (_, names) in context.validated_columns() {
            for name in names {
                // Only names that read as one word can be found in a text, and be found again in the result.
                if name.starts_with(is_word_start) && name.chars().all(is_word) && known.0.add(&fold(name)) {
                    known.1.push(name.to_owned());
                }
            }
        }
        known
    }

    fn get(&self, folded: &str) -> Option<&String> {
        self.1.get(self.0.position(folded)?)
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
            length = run(rest, 0, |c| c.is_ascii_digit() || matches!(c, '.' | ','));
            let text = rest.get(..length).unwrap_or_default().trim_end_matches(['.', ',']);
            let clean = text.len() == length && before.is_none_or(starts_count);
            count = if clean && is_count(text) { Some(text) } else { None };
        } else if is_word(first) {
            length = run(rest, 0, is_word);
            let word = rest.get(..length).unwrap_or_default();
            let lower = fold(word);
            let item = match count.take() {
                Some(n) if UNITS.split(' ').any(|unit| unit == lower) => Some([n, " ", &lower].concat()),
                _ => names.get(&lower).cloned(),
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
    joined(&items, "; ")
}

/// True for a character behind which a number stands alone.
fn starts_count(before: char) -> bool {
    before.is_whitespace() || matches!(before, '(' | ';')
}

/// `1234`, `1,234` or `1.234`: whole, and grouped by threes if at all.
fn is_count(text: &str) -> bool {
    let separator = if text.contains(',') { ',' } else { '.' };
    let (mut digits, mut groups) = (0, 0);
    for group in text.split(separator) {
        let short =
            if groups == 0 { text.len() == group.len() || group.len() <= 3 } else { group.len() == 3 };
        if !short || group.is_empty() || !group.bytes().all(|b| b.is_ascii_digit()) {
            return false;
        }
        digits += group.len();
        groups += 1;
    }
    digits <= MAX_DIGITS
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
            "1,204 rows; 1.848 zeilen; Order_ID",
        );
        check("地域8 × 大分類14 = 112行、関東の食品が最大", "112 行");
        check("by 地域, 3 status, 3 status", "地域; status");
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
            "31 hours",
            "61,948 orders",
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
