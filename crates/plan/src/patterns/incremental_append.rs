//! INCREMENTAL_APPEND: rows above the target's highest watermark are added, or merged by key.

use crate::model::WriteMode;
use crate::names::ColumnName;
use crate::patterns::{Check, Pattern};
use crate::reader::{Need, Rule, error, shorten, warning};
use crate::values::{Date, Number, Timestamp};

/// The kind of a watermark, with the value it starts at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Watermark {
    /// A TIMESTAMP column.
    Timestamp(Option<Timestamp>),
    /// A DATE column.
    Date(Option<Date>),
    /// A numeric column of any width.
    Numeric(Option<Number>),
}

/// Configuration of INCREMENTAL_APPEND.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncrementalAppend {
    /// The column that grows.
    pub watermark_column: ColumnName,
    /// Its kind and, for an empty target, the value above which rows are taken; all rows without one.
    pub watermark: Watermark,
    /// The key for write_mode merge; `None` for append.
    pub match_columns: Option<Vec<ColumnName>>,
}

const UNUSED_KEYS: Rule = warning!(
    "plan_key_unused",
    "`match_columns` has no effect with write_mode append",
    "Use write_mode merge if rows should be matched, or remove the key.",
);
const INITIAL_VALUE: Rule = error!(
    "plan_watermark_value",
    "`{}` does not fit watermark_type", "Give {}, or leave the key out to start with all rows.",
);

pub(crate) fn read(check: &mut Check<'_, '_>) -> Pattern {
    check.write_modes(&[WriteMode::Append, WriteMode::Merge], "a run without new rows would empty the table");
    check.two_tables();
    check.layout(&[]);
    let config = check.config;
    let column = check.column(&config, "watermark_column", Need::Required);
    let kind = check.choice("watermark_type", Need::Required, "timestamp, date, numeric");
    let watermark = watermark(check, kind);
    let merge = check.write_mode == Some(WriteMode::Merge);
    let need = if merge { Need::Required } else { Need::Optional };
    let match_columns = check.list_of("match_columns", need, true);
    if match_columns.is_some() && check.write_mode == Some(WriteMode::Append) {
        check.report(&UNUSED_KEYS, "match_columns", "");
    }
    Pattern::IncrementalAppend(IncrementalAppend {
        watermark_column: column.unwrap_or(ColumnName::BLANK),
        watermark,
        match_columns: match_columns.filter(|_| merge),
    })
}

fn watermark(check: &mut Check<'_, '_>, kind: Option<usize>) -> Watermark {
    let text = check.reader.text(&check.config, "watermark_initial_value", Need::Optional);
    let (watermark, fits, takes) = match kind {
        Some(0) => {
            let value = text.and_then(Timestamp::parse);
            let fits = value.is_some();
            let takes = "a timestamp such as 2020-01-01 00:00:00 or 2020-01-01T00:00:00Z";
            (Watermark::Timestamp(value), fits, takes)
        }
        Some(1) => {
            let value = text.and_then(Date::parse);
            (Watermark::Date(value), value.is_some(), "a date such as 2020-01-01")
        }
        _ => {
            let value = text.and_then(Number::parse);
            let fits = value.is_some();
            let takes = "a number such as -1 or 250.5, with at most 38 digits and no exponent";
            (Watermark::Numeric(value), fits, takes)
        }
    };
    if let Some(text) = text.filter(|_| !fits && kind.is_some()) {
        let path = check.config.path.key("watermark_initial_value");
        check.reader.report_all(&INITIAL_VALUE, &path, &[&shorten(text), takes]);
    }
    watermark
}
