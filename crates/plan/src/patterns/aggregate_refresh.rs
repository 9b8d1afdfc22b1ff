//! AGGREGATE_REFRESH (schema 1.1): groups are computed again from the source, never added up.

use handoff::Value;

use crate::columns;
use crate::model::WriteMode;
use crate::names::{ColumnName, NameSet};
use crate::patterns::{Check, NOT_WRITTEN, Pattern};
use crate::reader::{Need, Object, Rule, error};

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

/// As they are written in a plan, and what they are.
const GRAIN_NAMES: &str = "hour, day, week, month, quarter, year";
static GRAINS: [Grain; 6] = [Grain::Hour, Grain::Day, Grain::Week, Grain::Month, Grain::Quarter, Grain::Year];

const FUNCTION_NAMES: &str = "count, count_distinct, sum, min, max, avg";
static FUNCTIONS: [AggregateFunction; 6] = [
    AggregateFunction::Count,
    AggregateFunction::CountDistinct,
    AggregateFunction::Sum,
    AggregateFunction::Min,
    AggregateFunction::Max,
    AggregateFunction::Avg,
];

const NOTHING_TO_GROUP_BY: Rule =
    error!("plan_missing", "there is nothing to group by", "Give `group_by`, `time_bucket` or both.");
const NEEDS_BUCKET: Rule = error!(
    "plan_missing",
    "`refresh_days` needs a time bucket",
    "Add `time_bucket`, or remove `refresh_days` to compute all groups again.",
);
const OUTPUT_TWICE: Rule = error!(
    "plan_duplicate_column",
    "the target has `{}` already", "Give every column of the target a name of its own.",
);

pub(crate) fn read(check: &mut Check<'_, '_>) -> Pattern {
    check.write_modes(&[WriteMode::Merge], "groups are matched by key");
    check.two_tables();
    let group_by = check.list("group_by", Need::Optional).unwrap_or_default();
    let time_bucket = read_bucket(check);
    let (aggregates, all_read) = read_aggregates(check);
    let refresh_days = check.reader.integer(&check.config, "refresh_days", 0, 36_500);
    let bucketed = check.config.has("time_bucket");
    if group_by.is_empty() && !bucketed {
        check.report(&NOTHING_TO_GROUP_BY, "group_by", "");
    }
    if refresh_days.is_some() && !bucketed {
        check.report(&NEEDS_BUCKET, "time_bucket", "");
    }
    if all_read {
        outputs(check, &group_by, time_bucket.as_ref(), &aggregates);
    }
    Pattern::AggregateRefresh(AggregateRefresh { group_by, time_bucket, aggregates, refresh_days })
}

/// Checks that the columns of the target are all different, and that its layout names some of them.
fn outputs(
    check: &mut Check<'_, '_>,
    group_by: &[ColumnName],
    time_bucket: Option<&TimeBucket>,
    aggregates: &[Aggregate],
) {
    let mut outputs = NameSet::of(group_by);
    if let Some(bucket) = time_bucket {
        outputs.insert(bucket.output.as_str());
    }
    let list = check.config.path.key("aggregates");
    for (n, aggregate) in aggregates.iter().enumerate() {
        if outputs.insert(aggregate.output.as_str()).is_some() {
            check.reader.report(&OUTPUT_TWICE, &list.index(n), "as", aggregate.output.as_str());
        }
    }
    for (key, list) in [("partition_by", check.partition_by), ("cluster_by", check.cluster_by)] {
        for (n, column) in list.iter().enumerate() {
            if !outputs.contains(column) {
                check.reader.report_item(&NOT_WRITTEN, &check.target, key, n, column.as_str());
            }
        }
    }
}

fn read_bucket(check: &mut Check<'_, '_>) -> Option<TimeBucket> {
    let config = check.config;
    let object = check.reader.object(&config, "time_bucket", Need::Optional)?;
    check.reader.only(&object, "column, grain, as");
    let column = check.column(&object, "column", Need::Required);
    let grain = check.reader.choice(&object, "grain", Need::Required, GRAIN_NAMES);
    let output = columns::one(check.reader, &object, "as", Need::Required);
    Some(TimeBucket { column: column?, grain: *GRAINS.get(grain?)?, output: output? })
}

/// The aggregates, and whether there is no more to say about them.
fn read_aggregates(check: &mut Check<'_, '_>) -> (Vec<Aggregate>, bool) {
    let items = check.items("aggregates", Need::Required);
    let config = check.config;
    let list = config.path.key("aggregates");
    let mut all = Vec::new();
    for (n, item) in items.iter().enumerate() {
        let path = list.index(n);
        let Value::Object(map) = item else {
            check.reader.wrong_type(&path, "an object with `function`, `column` and `as`", item);
            continue;
        };
        let object = Object { map, path };
        check.reader.only(&object, "function, column, as");
        let function = check.reader.choice(&object, "function", Need::Required, FUNCTION_NAMES);
        let function = function.and_then(|place| FUNCTIONS.get(place)).copied();
        let optional = matches!(function, Some(AggregateFunction::Count) | None);
        let need = if optional { Need::Optional } else { Need::Required };
        let column = check.column(&object, "column", need);
        let output = columns::one(check.reader, &object, "as", Need::Required);
        if let (Some(function), Some(output)) = (function, output)
            && (optional || column.is_some())
        {
            all.push(Aggregate { function, column, output });
        }
    }
    let all_read = !all.is_empty() && all.len() == items.len();
    (all, all_read)
}
