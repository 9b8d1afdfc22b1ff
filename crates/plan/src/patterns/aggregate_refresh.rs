//! AGGREGATE_REFRESH (schema 1.1): groups are computed again from the source, never added up.

use handoff::Value;

use crate::columns;
use crate::model::WriteMode;
use crate::names::ColumnName;
use crate::patterns::{Context, PatternKind};
use crate::reader::{Need, Object, Reader};

/// How long a time bucket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// An hour, as a timestamp.
    Hour,
    /// A day, as a date.
    Day,
    /// A week from Monday, as the date of its Monday.
    Week,
    /// A month, as the date of its first day.
    Month,
    /// A quarter, as the date of its first day.
    Quarter,
    /// A year, as the date of its first day.
    Year,
}

/// A column of time buckets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeBucket {
    /// The DATE or TIMESTAMP column of the source.
    pub column: ColumnName,
    /// Length of a bucket.
    pub grain: Grain,
    /// The column of the target.
    pub output: ColumnName,
}

/// What is computed per group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AggregateFunction {
    /// Rows, or non-NULL values of a column.
    Count,
    /// Different values of a column.
    CountDistinct,
    /// Sum.
    Sum,
    /// Smallest value.
    Min,
    /// Largest value.
    Max,
    /// Mean.
    Avg,
}

/// One aggregate of the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aggregate {
    /// What is computed.
    pub function: AggregateFunction,
    /// Of which column; `None` counts rows.
    pub column: Option<ColumnName>,
    /// The column of the target.
    pub output: ColumnName,
}

/// Configuration of AGGREGATE_REFRESH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AggregateRefresh {
    /// Columns to group by, with the same names in the target.
    pub group_by: Vec<ColumnName>,
    /// Time buckets to group by.
    pub time_bucket: Option<TimeBucket>,
    /// What is computed per group, at least one.
    pub aggregates: Vec<Aggregate>,
    /// Buckets that begin this many days before the snapshot date, or later, are computed again; all of them if
    /// absent. Needs a time bucket.
    pub refresh_days: Option<u64>,
}

const GRAINS: &[(&str, Grain)] = &[
    ("hour", Grain::Hour),
    ("day", Grain::Day),
    ("week", Grain::Week),
    ("month", Grain::Month),
    ("quarter", Grain::Quarter),
    ("year", Grain::Year),
];

const FUNCTIONS: &[(&str, AggregateFunction)] = &[
    ("count", AggregateFunction::Count),
    ("count_distinct", AggregateFunction::CountDistinct),
    ("sum", AggregateFunction::Sum),
    ("min", AggregateFunction::Min),
    ("max", AggregateFunction::Max),
    ("avg", AggregateFunction::Avg),
];

pub(crate) fn read(
    reader: &mut Reader,
    config: &Object<'_>,
    context: &Context<'_>,
) -> Option<AggregateRefresh> {
    context.write_modes(
        reader,
        PatternKind::AggregateRefresh,
        &[WriteMode::Merge],
        "groups are matched by key",
    );
    context.two_tables(reader);
    let path = config.path.key("group_by");
    let group_by = columns::list(reader, config, "group_by", Need::Optional, false)
        .map(|list| columns::within(reader, context.columns, &path, list));
    let time_bucket = read_bucket(reader, config, context);
    let aggregates = read_aggregates(reader, config, context);
    let refresh_days = reader.integer(config, "refresh_days", 0, 36_500);
    let has_groups = group_by.as_ref().is_some_and(|g| !g.is_empty());
    if !has_groups && !config.has("time_bucket") {
        reader.error(
            "plan_missing",
            &path,
            "there is nothing to group by",
            "",
            "Give `group_by`, `time_bucket` or both.",
        );
    }
    if refresh_days.is_some() && !config.has("time_bucket") {
        reader.error(
            "plan_missing",
            &config.path.key("time_bucket"),
            "`refresh_days` needs a time bucket",
            "",
            "Add `time_bucket`, or remove `refresh_days` to compute all groups again.",
        );
    }
    let result = AggregateRefresh {
        group_by: group_by.unwrap_or_default(),
        time_bucket,
        aggregates: aggregates?,
        refresh_days,
    };
    let mut outputs: Vec<&ColumnName> = result.group_by.iter().collect();
    outputs.extend(result.time_bucket.iter().map(|b| &b.output));
    for (n, aggregate) in result.aggregates.iter().enumerate() {
        if outputs.contains(&&aggregate.output) {
            reader.error(
                "plan_duplicate_column",
                &config.path.key("aggregates").index(n).key("as"),
                "the target has `{}` already",
                aggregate.output.as_str(),
                "Give every column of the target a name of its own.",
            );
        }
        outputs.push(&aggregate.output);
    }
    for (key, list) in [("partition_by", context.partition_by), ("cluster_by", context.cluster_by)] {
        for (n, column) in list.iter().enumerate().filter(|(_, c)| !outputs.contains(c)) {
            reader.error(
                "plan_column_not_written",
                &context.target.key(key).index(n),
                "`{}` is not a column that this plan writes",
                column.as_str(),
                "Choose one of the columns that the plan writes.",
            );
        }
    }
    Some(result)
}

fn read_bucket(reader: &mut Reader, config: &Object<'_>, context: &Context<'_>) -> Option<TimeBucket> {
    let object = reader.object(config, "time_bucket", Need::Optional)?;
    reader.only(&object, &["column", "grain", "as"]);
    let column = columns::one(reader, &object, "column", Need::Required)
        .map(|c| columns::one_within(reader, context.columns, &object.path.key("column"), c));
    let grain = reader.choice(&object, "grain", Need::Required, GRAINS);
    let output = columns::one(reader, &object, "as", Need::Required);
    Some(TimeBucket { column: column?, grain: grain?, output: output? })
}

fn read_aggregates(
    reader: &mut Reader,
    config: &Object<'_>,
    context: &Context<'_>,
) -> Option<Vec<Aggregate>> {
    let items = reader.list(config, "aggregates", Need::Required)?;
    let path = config.path.key("aggregates");
    if items.is_empty() {
        reader.error("plan_empty_list", &path, "`aggregates` is empty", "", "Name at least one aggregate.");
        return None;
    }
    let mut all = Vec::new();
    for (n, item) in items.iter().enumerate() {
        let at = path.index(n);
        let Value::Object(map) = item else {
            reader.wrong_item(&at, "an object with `function`, `column` and `as`", item);
            continue;
        };
        let object = Object { map, path: at };
        reader.only(&object, &["function", "column", "as"]);
        let function = reader.choice(&object, "function", Need::Required, FUNCTIONS);
        let optional = matches!(function, Some(AggregateFunction::Count) | None);
        let need = if optional { Need::Optional } else { Need::Required };
        let column = columns::one(reader, &object, "column", need)
            .map(|c| columns::one_within(reader, context.columns, &at.key("column"), c));
        let output = columns::one(reader, &object, "as", Need::Required);
        if let (Some(function), Some(output)) = (function, output)
            && (optional || column.is_some())
        {
            all.push(Aggregate { function, column, output });
        }
    }
    (all.len() == items.len()).then_some(all)
}
