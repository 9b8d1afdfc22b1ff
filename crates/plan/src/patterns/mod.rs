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
use crate::reader::{Need, Object, Path, Reader, Rule, error, shorten, warning};

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

    /// As they are written in a plan, in the order of [`PatternKind::ALL`].
    pub(crate) const NAMES: &str = "INCREMENTAL_APPEND, FULL_REPLACE, MERGE_UPSERT, SCD2, SNAPSHOT, AGGREGATE_REFRESH, SURROGATE_KEY, DEDUPLICATE";

    /// As it is written in a plan.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        let mut names = Self::NAMES.split(',');
        for _ in 0..self as usize {
            names.next();
        }
        let name = names.next().unwrap_or_default();
        name.strip_prefix(' ').unwrap_or(name)
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

/// Reads `pattern_config`, and knows the rest of the plan that its rules ask for.
pub(crate) struct Check<'r, 'a> {
    pub(crate) reader: &'r mut Reader,
    pub(crate) kind: PatternKind,
    pub(crate) config: Object<'a>,
    pub(crate) columns: Option<&'a ColumnSet>,
    pub(crate) write_mode: Option<WriteMode>,
    pub(crate) target: Path<'a>,
    pub(crate) source: Path<'a>,
    pub(crate) same_table: bool,
    pub(crate) filtered: bool,
    pub(crate) partition_by: &'a [ColumnName],
    pub(crate) cluster_by: &'a [ColumnName],
}

const WRITE_MODE: Rule = error!("plan_write_mode", "{} cannot use write_mode `{}`: {}", "Use: {}.");
const SAME_TABLE: Rule = error!(
    "plan_source_is_target",
    "source and target are the same table",
    "Write to another table; only DEDUPLICATE (schema 1.1) works in place.",
);
pub(crate) const NOT_WRITTEN: Rule = error!(
    "plan_column_not_written",
    "`{}` is not a column that this plan writes", "Choose one of the columns that the plan writes.",
);
const FILLED: Rule = error!(
    "plan_column_in_source",
    "`{}` is filled by the load, and source.columns has it too",
    "Take it out of source.columns, or choose another name.",
);
const KEY_UPDATED: Rule =
    warning!("plan_key_updated", "`{}` is a key; updating it changes nothing", "Remove it from the list.");
const REPEATED: Rule =
    error!("plan_duplicate_column", "`{}` is in the list already", "Remove one of the two.");
const EMPTY_LIST: Rule = error!("plan_empty_list", "`{}` is empty", "Name at least one.");
pub(crate) const PARTITION_AND_CLUSTER: Rule = error!(
    "plan_partition_and_cluster",
    "a table is either partitioned or clustered, not both",
    "Keep one of the two; clustering is what Databricks recommends for new tables.",
);
const LAYOUT_CONFLICT: Rule =
    error!("plan_layout_conflict", "`{}` and target.{} name different columns", "Keep one of the two.");

impl<'a> Check<'_, 'a> {
    /// Reports the value under a key of `pattern_config`.
    pub(crate) fn report(&mut self, rule: &Rule, key: &str, about: &str) {
        self.reader.report(rule, &self.config.path, key, about);
    }

    /// Refuses write modes that the pattern has no meaning for.
    #[inline(never)]
    pub(crate) fn write_modes(&mut self, allowed: &[WriteMode], why: &str) {
        let Some(mode) = self.write_mode else { return };
        let mut names = String::new();
        let mut fits = false;
        for one in allowed {
            fits |= *one == mode;
            names.push_str(if names.is_empty() { "" } else { ", " });
            names.push_str(one.as_str());
        }
        if !fits {
            let path = self.target.key("write_mode");
            let about = [self.kind.as_str(), mode.as_str(), why, &names];
            self.reader.report_all(&WRITE_MODE, &path, &about);
        }
    }

    /// Refuses a plan that reads the table it writes.
    #[inline(never)]
    pub(crate) fn two_tables(&mut self) {
        if self.same_table {
            self.reader.report(&SAME_TABLE, &self.target, "table", "");
        }
    }

    /// Checks that partition and cluster columns of the target are columns that the load writes: source columns
    /// or one of `own`.
    #[inline(never)]
    pub(crate) fn layout(&mut self, own: &[ColumnName]) {
        for (key, list) in [("partition_by", self.partition_by), ("cluster_by", self.cluster_by)] {
            written(self.reader, self.columns, &self.target, key, list, own);
        }
    }

    /// A layout list may stand in `pattern_config` or in `target`; in both only if they agree.
    #[inline(never)]
    pub(crate) fn own_layout(
        &mut self,
        key: &str,
        target_key: &str,
        of_target: &[ColumnName],
        own: &[ColumnName],
    ) -> Vec<ColumnName> {
        let Some(list) = columns::list(self.reader, &self.config, key, Need::Optional, false) else {
            return of_target.to_vec();
        };
        written(self.reader, self.columns, &self.config.path, key, &list.columns, own);
        if !of_target.is_empty() && of_target != list.columns {
            self.reader.report_all(&LAYOUT_CONFLICT, &self.config.path.key(key), &[key, target_key]);
        }
        list.columns
    }

    /// A list of source columns under `key`, in the spelling of the source.
    #[inline(never)]
    pub(crate) fn list(&mut self, key: &str, need: Need) -> Option<Vec<ColumnName>> {
        self.list_of(key, need, need == Need::Required)
    }

    /// A list of source columns that has to be there; empty after a problem.
    #[inline(never)]
    pub(crate) fn keys(&mut self, key: &str) -> Vec<ColumnName> {
        self.list(key, Need::Required).unwrap_or_default()
    }

    #[inline(never)]
    pub(crate) fn list_of(&mut self, key: &str, need: Need, at_least_one: bool) -> Option<Vec<ColumnName>> {
        let mut list = columns::list(self.reader, &self.config, key, need, at_least_one)?.columns;
        let path = self.config.path.key(key);
        for (n, column) in list.iter_mut().enumerate() {
            columns::within(self.reader, self.columns, &path.index(n), column);
        }
        Some(list)
    }

    /// A source column under `key` of an object of the configuration, in the spelling of the source.
    #[inline(never)]
    pub(crate) fn column(&mut self, object: &Object<'_>, key: &str, need: Need) -> Option<ColumnName> {
        let mut column = columns::one(self.reader, object, key, need)?;
        columns::within(self.reader, self.columns, &object.path.key(key), &mut column);
        Some(column)
    }

    /// A column that the load itself fills, which must not come from the source too.
    #[inline(never)]
    pub(crate) fn filled(&mut self, key: &str, default: Option<&str>) -> ColumnName {
        let column = match default {
            Some(default) if !self.config.has(key) => ColumnName::parse(default).ok(),
            _ => columns::one(self.reader, &self.config, key, Need::Required),
        };
        let column = column.unwrap_or(ColumnName::BLANK);
        if self.columns.is_some_and(|known| known.find(&column).is_some()) {
            self.report(&FILLED, key, column.as_str());
        }
        column
    }

    /// A key never changes: two rows match because their keys are equal.
    #[inline(never)]
    pub(crate) fn updates(&mut self, keys: &[ColumnName]) -> Option<Vec<ColumnName>> {
        let updates = self.list("update_columns", Need::Optional)?;
        for (n, column) in updates.iter().enumerate() {
            if keys.contains(column) {
                self.reader.report_item(
                    &KEY_UPDATED,
                    &self.config.path,
                    "update_columns",
                    n,
                    column.as_str(),
                );
            }
        }
        Some(updates)
    }

    /// One of `options` under `key`: its place among them.
    pub(crate) fn choice(&mut self, key: &str, need: Need, options: &str) -> Option<usize> {
        self.reader.choice(&self.config, key, need, options)
    }

    pub(crate) fn duplicate_keys(&mut self) -> DuplicateKeys {
        match self.choice("duplicate_keys", Need::Optional, "pick, fail") {
            Some(1) => DuplicateKeys::Fail,
            _ => DuplicateKeys::Pick,
        }
    }

    /// The items of a list under `key`, none after a problem. It is reported if it is needed and empty.
    #[inline(never)]
    pub(crate) fn items(&mut self, key: &str, need: Need) -> &'a [Value] {
        let items = self.reader.list(&self.config, key, need);
        if items.is_some_and(<[Value]>::is_empty) && need == Need::Required {
            self.report(&EMPTY_LIST, key, key);
        }
        items.unwrap_or_default()
    }

    /// `order_by`: a list of {`column`, `direction`}.
    #[inline(never)]
    pub(crate) fn order(&mut self, need: Need) -> Vec<OrderBy> {
        let items = self.items("order_by", need);
        let list = self.config.path;
        let list = list.key("order_by");
        let mut orders: Vec<OrderBy> = Vec::new();
        for (n, item) in items.iter().enumerate() {
            let path = list.index(n);
            let Value::Object(map) = item else {
                self.reader.wrong_type(&path, "an object with `column` and `direction`", item);
                continue;
            };
            let item = Object { map, path };
            self.reader.only(&item, "column, direction");
            let direction = self.reader.choice(&item, "direction", Need::Optional, "asc, desc");
            let Some(column) = self.column(&item, "column", Need::Required) else { continue };
            if orders.iter().any(|o| o.column == column) {
                self.reader.report(&REPEATED, &item.path, "column", column.as_str());
            } else {
                orders.push(OrderBy { column, descending: direction != Some(0) });
            }
        }
        orders
    }
}

#[inline(never)]
fn written(
    reader: &mut Reader,
    known: Option<&ColumnSet>,
    parent: &Path<'_>,
    key: &str,
    list: &[ColumnName],
    own: &[ColumnName],
) {
    let Some(known) = known else { return };
    for (n, column) in list.iter().enumerate() {
        if known.find(column).is_none() && !own.contains(column) {
            reader.report_item(&NOT_WRITTEN, parent, key, n, column.as_str());
        }
    }
}

/// Where a key of `pattern_config` belongs.
struct ConfigKey {
    name: &'static str,
    since: SchemaVersion,
    /// Bit n is the n-th pattern.
    patterns: u8,
}

const fn key(name: &'static str, since: SchemaVersion, mut of: &[PatternKind]) -> ConfigKey {
    let mut patterns = 0;
    while let [first, rest @ ..] = of {
        patterns |= 1 << (*first as u8);
        of = rest;
    }
    ConfigKey { name, since, patterns }
}

use PatternKind as P;
use SchemaVersion::{V1_0, V1_1};

/// All keys of `pattern_config`. In schema 1.0 it is one flat object for all patterns.
static CONFIG_KEYS: &[ConfigKey] = &[
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

const UNKNOWN_KEY: Rule =
    error!("plan_unknown_key", "`{}` is not a key of pattern_config", "Remove it; {} takes: {}.");
const NEEDS_1_1: Rule = error!(
    "plan_key_needs_1_1",
    "`{}` came with plan schema 1.1, this plan says 1.0", "Remove the key, or set schema_version to \"1.1\".",
);
const UNUSED: Rule = warning!(
    "plan_key_unused",
    "`{}` has no effect with this pattern",
    "Remove it, or choose the pattern that it belongs to.",
);
/// A filter that is silently left out loads rows that somebody wanted to keep out.
const UNUSED_FILTER: Rule =
    error!("plan_key_unused", "{} does not apply `filter_condition`", "Use source.filter.");

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
    let fits = |key: &ConfigKey| pattern.is_none_or(|pattern| key.patterns >> (pattern as u8) & 1 == 1);
    for (name, _) in config.map.iter() {
        match CONFIG_KEYS.iter().find(|known| known.name == name) {
            None => {
                let mut takes = String::new();
                for known in CONFIG_KEYS.iter().filter(|known| known.since <= version && fits(known)) {
                    takes.push_str(if takes.is_empty() { "" } else { ", " });
                    takes.push_str(known.name);
                }
                let about = [&shorten(name), pattern_name, &takes];
                reader.report_all(&UNKNOWN_KEY, &config.path.key(name), &about);
            }
            Some(known) if known.since > version => reader.report(&NEEDS_1_1, &config.path, name, name),
            Some(known) if fits(known) => {}
            Some(_) if name == "filter_condition" => {
                reader.report(&UNUSED_FILTER, &config.path, name, pattern_name);
            }
            Some(_) => reader.report(&UNUSED, &config.path, name, name),
        }
    }
}

/// Reads `pattern_config`. What is missing or wrong is reported, and something empty stands in its place.
pub(crate) fn read(check: &mut Check<'_, '_>) -> Pattern {
    match check.kind {
        P::IncrementalAppend => incremental_append::read(check),
        P::FullReplace => full_replace::read(check),
        P::MergeUpsert => merge_upsert::read(check),
        P::Scd2 => scd2::read(check),
        P::Snapshot => snapshot::read(check),
        P::AggregateRefresh => aggregate_refresh::read(check),
        P::SurrogateKey => surrogate_key::read(check),
        P::Deduplicate => deduplicate::read(check),
    }
}
