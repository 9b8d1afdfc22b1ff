//! INCREMENTAL_APPEND: rows above the target's highest watermark are added, or merged by key.

use crate::columns;
use crate::model::WriteMode;
use crate::names::ColumnName;
use crate::patterns::{Context, PatternKind};
use crate::reader::{Need, Object, Reader, shorten};
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

#[derive(Clone, Copy)]
enum Kind {
    Timestamp,
    Date,
    Numeric,
}

pub(crate) fn read(
    reader: &mut Reader,
    config: &Object<'_>,
    context: &Context<'_>,
) -> Option<IncrementalAppend> {
    context.write_modes(
        reader,
        PatternKind::IncrementalAppend,
        &[WriteMode::Append, WriteMode::Merge],
        "a run without new rows would empty the table",
    );
    context.two_tables(reader);
    context.layout(reader, &[]);
    let column = columns::one(reader, config, "watermark_column", Need::Required)
        .map(|c| columns::one_within(reader, context.columns, &config.path.key("watermark_column"), c));
    let kind = reader.choice(
        config,
        "watermark_type",
        Need::Required,
        &[("timestamp", Kind::Timestamp), ("date", Kind::Date), ("numeric", Kind::Numeric)],
    );
    let watermark = initial_value(reader, config, kind);
    let path = config.path.key("match_columns");
    let merge = context.write_mode == Some(WriteMode::Merge);
    let need = if merge { Need::Required } else { Need::Optional };
    let match_columns = columns::list(reader, config, "match_columns", need, true)
        .map(|list| columns::within(reader, context.columns, &path, list));
    if match_columns.is_some() && context.write_mode == Some(WriteMode::Append) {
        reader.warn(
            "plan_key_unused",
            &path,
            "`match_columns` has no effect with write_mode append".to_owned(),
            "Use write_mode merge if rows should be matched, or remove the key.",
        );
    }
    Some(IncrementalAppend {
        watermark_column: column?,
        watermark: watermark?,
        match_columns: match_columns.filter(|_| merge),
    })
}

fn initial_value(reader: &mut Reader, config: &Object<'_>, kind: Option<Kind>) -> Option<Watermark> {
    let Some(text) = reader.text(config, "watermark_initial_value", Need::Optional) else {
        return Some(match kind? {
            Kind::Timestamp => Watermark::Timestamp(None),
            Kind::Date => Watermark::Date(None),
            Kind::Numeric => Watermark::Numeric(None),
        });
    };
    let (watermark, takes) = match kind? {
        Kind::Timestamp => (
            Timestamp::parse(text).map(|v| Watermark::Timestamp(Some(v))),
            "a timestamp such as 2020-01-01 00:00:00 or 2020-01-01T00:00:00Z",
        ),
        Kind::Date => (Date::parse(text).map(|v| Watermark::Date(Some(v))), "a date such as 2020-01-01"),
        Kind::Numeric => (
            Number::parse(text).map(|v| Watermark::Numeric(Some(v))),
            "a number such as -1 or 250.5, with at most 38 digits and no exponent",
        ),
    };
    if watermark.is_none() {
        reader.error(
            "plan_watermark_value",
            &config.path.key("watermark_initial_value"),
            format!("`{}` does not fit watermark_type", shorten(text)),
            &format!("Give {takes}, or leave the key out to start with all rows."),
        );
    }
    watermark
}
