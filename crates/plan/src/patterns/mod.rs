//! The load patterns and what each of them wants to know. One file per pattern.

mod aggregate_refresh;
mod deduplicate;
mod full_replace;
mod incremental_append;
mod merge_upsert;
mod scd2;
mod snapshot;
mod surrogate_key;

pub use aggregate_refresh::{Aggregate, AggregateFunction, AggregateRefresh, Grain, TimeBucket};
pub use deduplicate::Deduplicate;
pub use full_replace::{FullReplace, RefreshMode, TableFormat};
pub use incremental_append::{IncrementalAppend, Watermark};
pub use merge_upsert::MergeUpsert;
pub use scd2::Scd2;
pub use snapshot::Snapshot;
pub use surrogate_key::{KeyMethod, SurrogateKey};

use handoff::Value;

use crate::columns::{self, ColumnSet};
use crate::model::{SchemaVersion, WriteMode};
use crate::names::ColumnName;
use crate::reader::{Need, Object, Path, Reader, join};

/// `pattern.type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatternKind {
    /// Rows above a watermark are added or merged.
    IncrementalAppend,
    /// The target becomes the source.
    FullReplace,
    /// One row per key is kept up to date.
    MergeUpsert,
    /// Versions of each key with validity ranges.
    Scd2,
    /// One full copy per date.
    Snapshot,
    /// Touched groups are computed again. Schema 1.1.
    AggregateRefresh,
    /// New keys get a surrogate key. Schema 1.1.
    SurrogateKey,
    /// One row per key stays. Schema 1.1.
    Deduplicate,
}

impl PatternKind {
    /// Every pattern, those of schema 1.0 first.
    pub const ALL: [Self; 8] = [
        Self::IncrementalAppend,
        Self::FullReplace,
        Self::MergeUpsert,
        Self::Scd2,
        Self::Snapshot,
        Self::AggregateRefresh,
        Self::SurrogateKey,
        Self::Deduplicate,
    ];

    /// As it is written in a plan.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IncrementalAppend => "INCREMENTAL_APPEND",
            Self::FullReplace => "FULL_REPLACE",
            Self::MergeUpsert => "MERGE_UPSERT",
            Self::Scd2 => "SCD2",
            Self::Snapshot => "SNAPSHOT",
            Self::AggregateRefresh => "AGGREGATE_REFRESH",
            Self::SurrogateKey => "SURROGATE_KEY",
            Self::Deduplicate => "DEDUPLICATE",
        }
    }

    /// The schema version that introduced the pattern.
    #[must_use]
    pub fn since(self) -> SchemaVersion {
        match self {
            Self::AggregateRefresh | Self::SurrogateKey | Self::Deduplicate => SchemaVersion::V1_1,
            _ => SchemaVersion::V1_0,
        }
    }
}

/// A load pattern with its configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// See [`IncrementalAppend`].
    IncrementalAppend(IncrementalAppend),
    /// See [`FullReplace`].
    FullReplace(FullReplace),
    /// See [`MergeUpsert`].
    MergeUpsert(MergeUpsert),
    /// See [`Scd2`].
    Scd2(Scd2),
    /// See [`Snapshot`].
    Snapshot(Snapshot),
    /// See [`AggregateRefresh`].
    AggregateRefresh(AggregateRefresh),
    /// See [`SurrogateKey`].
    SurrogateKey(SurrogateKey),
    /// See [`Deduplicate`].
    Deduplicate(Deduplicate),
}

impl Pattern {
    /// Which pattern it is.
    #[must_use]
    pub fn kind(&self) -> PatternKind {
        match self {
            Self::IncrementalAppend(_) => PatternKind::IncrementalAppend,
            Self::FullReplace(_) => PatternKind::FullReplace,
            Self::MergeUpsert(_) => PatternKind::MergeUpsert,
            Self::Scd2(_) => PatternKind::Scd2,
            Self::Snapshot(_) => PatternKind::Snapshot,
            Self::AggregateRefresh(_) => PatternKind::AggregateRefresh,
            Self::SurrogateKey(_) => PatternKind::SurrogateKey,
            Self::Deduplicate(_) => PatternKind::Deduplicate,
        }
    }
}

/// What happens if the source has several rows for one key (schema 1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DuplicateKeys {
    /// One of them is taken: the first by `order_by` and then by the values of all columns.
    #[default]
    Pick,
    /// The run fails and writes nothing.
    Fail,
}

/// One column to order by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderBy {
    /// The column.
    pub column: ColumnName,
    /// Largest first. NULL comes last in both directions.
    pub descending: bool,
}

/// What a pattern's reader may look at beside `pattern_config`.
pub(crate) struct Context<'a> {
    pub(crate) columns: Option<&'a ColumnSet>,
    pub(crate) write_mode: Option<WriteMode>,
    pub(crate) target: Path<'a>,
    pub(crate) source: Path<'a>,
    pub(crate) same_table: bool,
    pub(crate) filtered: bool,
    pub(crate) partition_by: &'a [ColumnName],
    pub(crate) cluster_by: &'a [ColumnName],
}

impl Context<'_> {
    /// Refuses write modes that the pattern has no meaning for.
    #[inline(never)]
    pub(crate) fn write_modes(
        &self,
        reader: &mut Reader,
        pattern: PatternKind,
        allowed: &[WriteMode],
        why: &str,
    ) {
        if let Some(mode) = self.write_mode.filter(|mode| !allowed.contains(mode)) {
            reader.error_text(
                "plan_write_mode",
                &self.target.key("write_mode"),
                [pattern.as_str(), " cannot use write_mode `", mode.as_str(), "`: ", why].concat(),
                &["Use: ", &join(allowed.iter().map(|m| m.as_str())), "."].concat(),
            );
        }
    }

    /// Refuses a plan that reads the table it writes.
    #[inline(never)]
    pub(crate) fn two_tables(&self, reader: &mut Reader) {
        if self.same_table {
            reader.error(
                "plan_source_is_target",
                &self.target.key("table"),
                "source and target are the same table",
                "",
                "Write to another table; only DEDUPLICATE (schema 1.1) works in place.",
            );
        }
    }

    /// Checks that partition and cluster columns of the target are columns that the load writes: source columns
    /// or one of `own`.
    #[inline(never)]
    pub(crate) fn layout(&self, reader: &mut Reader, own: &[&ColumnName]) {
        for (key, list) in [("partition_by", self.partition_by), ("cluster_by", self.cluster_by)] {
            written(reader, self.columns, &self.target.key(key), list, own);
        }
    }
}

#[inline(never)]
pub(crate) fn written(
    reader: &mut Reader,
    known: Option<&ColumnSet>,
    path: &Path<'_>,
    list: &[ColumnName],
    own: &[&ColumnName],
) {
    let Some(known) = known else { return };
    for (n, column) in list.iter().enumerate() {
        if known.find(column).is_none() && !own.contains(&column) {
            reader.error(
                "plan_column_not_written",
                &path.index(n),
                "`{}` is not a column that this plan writes",
                column.as_str(),
                "Choose one of the columns that the plan writes.",
            );
        }
    }
}

/// Where a key of `pattern_config` belongs.
pub(crate) struct ConfigKey {
    pub(crate) name: &'static str,
    since: SchemaVersion,
    patterns: &'static [PatternKind],
}

const fn key(name: &'static str, since: SchemaVersion, patterns: &'static [PatternKind]) -> ConfigKey {
    ConfigKey { name, since, patterns }
}

use PatternKind as P;
use SchemaVersion::{V1_0, V1_1};

/// All keys of `pattern_config`. In schema 1.0 it is one flat object for all patterns.
pub(crate) const CONFIG_KEYS: &[ConfigKey] = &[
    key("watermark_column", V1_0, &[P::IncrementalAppend]),
    key("watermark_type", V1_0, &[P::IncrementalAppend]),
    key("watermark_initial_value", V1_0, &[P::IncrementalAppend]),
    key("match_columns", V1_0, &[P::IncrementalAppend]),
    key("refresh_mode", V1_0, &[P::FullReplace]),
    key("table_format", V1_0, &[P::FullReplace]),
    key("partition_columns", V1_0, &[P::FullReplace, P::Snapshot]),
    key("cluster_columns", V1_0, &[P::FullReplace]),
    key("filter_condition", V1_0, &[P::FullReplace]),
    key("table_properties", V1_0, &[P::FullReplace]),
    key("refresh_inplace", V1_0, &[P::FullReplace]),
    key("enable_uniform", V1_0, &[P::FullReplace]),
    key("merge_keys", V1_0, &[P::MergeUpsert]),
    key("update_columns", V1_0, &[P::MergeUpsert, P::SurrogateKey]),
    key("business_keys", V1_0, &[P::Scd2, P::SurrogateKey]),
    key("effective_date_column", V1_0, &[P::Scd2]),
    key("end_date_column", V1_0, &[P::Scd2]),
    key("current_flag_column", V1_0, &[P::Scd2]),
    key("end_date_default", V1_0, &[P::Scd2]),
    key("compare_columns", V1_0, &[P::Scd2]),
    key("snapshot_date_column", V1_0, &[P::Snapshot]),
    key("hard_deletes", V1_1, &[P::MergeUpsert, P::Scd2]),
    key("duplicate_keys", V1_1, &[P::MergeUpsert, P::Scd2]),
    key("order_by", V1_1, &[P::MergeUpsert, P::Scd2, P::Deduplicate]),
    key("group_by", V1_1, &[P::AggregateRefresh]),
    key("time_bucket", V1_1, &[P::AggregateRefresh]),
    key("aggregates", V1_1, &[P::AggregateRefresh]),
    key("refresh_days", V1_1, &[P::AggregateRefresh]),
    key("surrogate_key_column", V1_1, &[P::SurrogateKey]),
    key("key_method", V1_1, &[P::SurrogateKey]),
    key("key_columns", V1_1, &[P::Deduplicate]),
];

/// Reports keys of `pattern_config` that nobody knows, that the plan's schema version does not have, and that do
/// nothing for the plan's pattern.
#[inline(never)]
pub(crate) fn check_keys(
    reader: &mut Reader,
    config: &Object<'_>,
    version: SchemaVersion,
    pattern: Option<PatternKind>,
) {
    let pattern_name = pattern.map_or("this pattern", PatternKind::as_str);
    for (name, _) in config.map.iter() {
        let path = config.path.key(name);
        let Some(known) = CONFIG_KEYS.iter().find(|k| k.name == name) else {
            let takes = join(
                CONFIG_KEYS
                    .iter()
                    .filter(|k| k.since <= version && pattern.is_none_or(|p| k.patterns.contains(&p)))
                    .map(|k| k.name),
            );
            reader.error(
                "plan_unknown_key",
                &path,
                "`{}` is not a key of pattern_config",
                name,
                &["Remove it; ", pattern_name, " takes: ", &takes, "."].concat(),
            );
            continue;
        };
        if known.since > version {
            reader.error(
                "plan_key_needs_1_1",
                &path,
                "`{}` came with plan schema 1.1, this plan says 1.0",
                name,
                "Remove the key, or set schema_version to \"1.1\".",
            );
        } else if pattern.is_some_and(|p| !known.patterns.contains(&p)) {
            let help = "Remove it, or choose the pattern that it belongs to.";
            if name == "filter_condition" {
                // A filter that is silently left out loads rows that somebody wanted to keep out.
                reader.error_text(
                    "plan_key_unused",
                    &path,
                    [pattern_name, " does not apply `filter_condition`"].concat(),
                    "Use source.filter.",
                );
            } else {
                reader.warn("plan_key_unused", &path, "`{}` has no effect with this pattern", name, help);
            }
        }
    }
}

/// Reads `pattern_config` for `kind`. `None` after an error that leaves nothing to go on with.
pub(crate) fn read(
    reader: &mut Reader,
    config: &Object<'_>,
    kind: PatternKind,
    context: &Context<'_>,
) -> Option<Pattern> {
    match kind {
        P::IncrementalAppend => {
            incremental_append::read(reader, config, context).map(Pattern::IncrementalAppend)
        }
        P::FullReplace => full_replace::read(reader, config, context).map(Pattern::FullReplace),
        P::MergeUpsert => merge_upsert::read(reader, config, context).map(Pattern::MergeUpsert),
        P::Scd2 => scd2::read(reader, config, context).map(Pattern::Scd2),
        P::Snapshot => snapshot::read(reader, config, context).map(Pattern::Snapshot),
        P::AggregateRefresh => {
            aggregate_refresh::read(reader, config, context).map(Pattern::AggregateRefresh)
        }
        P::SurrogateKey => surrogate_key::read(reader, config, context).map(Pattern::SurrogateKey),
        P::Deduplicate => deduplicate::read(reader, config, context).map(Pattern::Deduplicate),
    }
}

pub(crate) const DUPLICATE_KEYS: &[(&str, DuplicateKeys)] =
    &[("pick", DuplicateKeys::Pick), ("fail", DuplicateKeys::Fail)];

/// `order_by`: a list of {`column`, `direction`}.
#[inline(never)]
pub(crate) fn read_order(
    reader: &mut Reader,
    config: &Object<'_>,
    need: Need,
    known: Option<&ColumnSet>,
) -> Option<Vec<OrderBy>> {
    let items = reader.list(config, "order_by", need)?;
    let path = config.path.key("order_by");
    if items.is_empty() && need == Need::Required {
        reader.error("plan_empty_list", &path, "`order_by` is empty", "", "Name at least one column.");
        return None;
    }
    let mut orders: Vec<OrderBy> = Vec::new();
    for (n, item) in items.iter().enumerate() {
        let at = path.index(n);
        let Value::Object(map) = item else {
            reader.wrong_item(&at, "an object with `column` and `direction`", item);
            continue;
        };
        let item = Object { map, path: at };
        reader.only(&item, &["column", "direction"]);
        let direction = reader
            .choice(&item, "direction", Need::Optional, &[("asc", false), ("desc", true)])
            .unwrap_or(true);
        if let Some(column) = columns::one(reader, &item, "column", Need::Required) {
            let column = columns::one_within(reader, known, &at.key("column"), column);
            if orders.iter().any(|o| o.column == column) {
                reader.error(
                    "plan_duplicate_column",
                    &at.key("column"),
                    "`{}` is in the list already",
                    column.as_str(),
                    "Remove one of the two.",
                );
            } else {
                orders.push(OrderBy { column, descending: direction });
            }
        }
    }
    Some(orders)
}
