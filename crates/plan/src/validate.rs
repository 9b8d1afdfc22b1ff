//! A JSON document to a plan, with every problem at once.

use handoff::Value;

use crate::canonical::PlanHash;
use crate::columns::{self, ColumnSet};
use crate::cron::{CronError, QuartzCron, from_unix};
use crate::document::{AsDocument, Document};
use crate::error::PlanError;
use crate::issue::{Blocks, Issue, Severity};
use crate::model::{
    Execution, Metadata, Plan, Schedule, ScheduleKind, SchemaVersion, Source, Target, ValidationRules,
    WriteMode,
};
use crate::names::{ColumnName, Name, TableName, count_chars};
use crate::order::sort_by;
use crate::patterns::{self, Check, PARTITION_AND_CLUSTER, Pattern, PatternKind, Snapshot};
use crate::reader::{EMPTY, MAX_INTEGER, Need, Object, ROOT, Reader, Rule, error, shorten, warning};
use crate::values::{Timestamp, digits};

/// What validation found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Every problem, in the order of the plan's parts.
    pub issues: Vec<Issue>,
    /// The plan, if nothing stands in the way of writing its SQL. It may still have errors that stand in the way
    /// of a run, such as an owner that nobody has named yet.
    pub plan: Option<Plan>,
    /// The hash of the document, valid or not.
    pub hash: PlanHash,
}

impl Report {
    /// Whether there is no error. Warnings are for people to judge.
    #[must_use]
    pub fn valid(&self) -> bool {
        !self.issues.iter().any(|i| i.severity == Severity::Error)
    }
}

impl Plan {
    /// Reads a document as a plan whose SQL can be written.
    ///
    /// # Errors
    /// All issues, warnings included, if one of them stands in the way of writing the SQL.
    pub fn from_document(document: &impl AsDocument) -> Result<Self, PlanError> {
        let report = validate(document);
        report.plan.ok_or(PlanError::Invalid(report.issues))
    }
}

/// Checks a document against the plan schema and the rules of its pattern.
///
/// One thing is left to the `sql` crate: whether `source.filter` and `filter_condition` are predicates.
#[must_use]
pub fn validate(document: &impl AsDocument) -> Report {
    validate_document(&document.as_document())
}

fn validate_document(document: &Document) -> Report {
    let mut reader = Reader::default();
    let hash = PlanHash::of_document(document);
    let mut plan = None;
    match document {
        Value::Object(map) => plan = Some(read_plan(&mut reader, &Object { map, path: ROOT }, &hash)),
        other => reader.wrong_type(&ROOT, "an object", other),
    }
    // Where something has been reported, something empty stands in the plan.
    if reader.issues.iter().any(|i| i.blocks == Blocks::Rendering) {
        plan = None;
    }
    Report { issues: reader.issues, plan, hash }
}

const KEYS: &str = "schema_version, plan_metadata, pattern, source, target, pattern_config, execution_config, schedule, validation_rules";

fn read_plan(reader: &mut Reader, root: &Object<'_>, hash: &PlanHash) -> Plan {
    reader.only(root, KEYS);
    let version = match reader.choice(root, "schema_version", Need::Required, "1.0, 1.1") {
        Some(0) => Some(SchemaVersion::V1_0),
        Some(_) => Some(SchemaVersion::V1_1),
        None => None,
    };
    let metadata = read_metadata(reader, root);
    let kind = read_pattern_kind(reader, root, version);

    let source = reader.object(root, "source", Need::Required);
    let target = reader.object(root, "target", Need::Required);
    let source_table = source.as_ref().map_or(NO_TABLE, |s| read_table(reader, s));
    let columns = source.as_ref().and_then(|s| columns::list(reader, s, "columns", Need::Optional, true));
    let filter = source.as_ref().and_then(|s| {
        reader.only(s, "catalog, schema, table, columns, filter");
        predicate(reader, s, "filter", 1000)
    });
    let (target, write_mode) = read_target(reader, target.as_ref());

    // A list that was given and is wrong must not look like "all columns" to the rules below.
    let broken = columns.is_none() && source.as_ref().is_some_and(|s| s.has("columns"));
    let empty = ColumnSet::default();
    let config = reader.object(root, "pattern_config", Need::Required);
    let mut pattern = Pattern::Snapshot(Snapshot {
        snapshot_date_column: ColumnName::BLANK,
        partition_columns: Vec::new(),
    });
    if let (Some(config), Some(version)) = (config, version) {
        patterns::check_keys(reader, &config, version, kind);
        reader.broken_columns = broken;
        if let Some(kind) = kind {
            pattern = patterns::read(&mut Check {
                reader,
                kind,
                config,
                columns: if broken { Some(&empty) } else { columns.as_ref() },
                write_mode,
                target: root.path.key("target"),
                source: root.path.key("source"),
                same_table: is_whole(&source_table) && source_table == target.table,
                filtered: filter.is_some(),
                partition_by: &target.partition_by,
                cluster_by: &target.cluster_by,
            });
        }
    }
    let execution = read_execution(reader, root);
    let schedule = read_schedule(reader, root);
    let rules = read_rules(reader, root);
    Plan {
        schema_version: version.unwrap_or(SchemaVersion::V1_1),
        metadata,
        pattern,
        source: Source { table: source_table, columns: columns.map(|set| set.columns), filter },
        target,
        execution,
        schedule,
        rules,
        hash: hash.clone(),
    }
}

const PATTERN_NEEDS_1_1: Rule = error!(
    "plan_pattern_needs_1_1",
    "{} came with plan schema 1.1, this plan says 1.0",
    "Set schema_version to \"1.1\"; SQLPilot cannot read such a plan.",
);

fn read_pattern_kind(
    reader: &mut Reader,
    root: &Object<'_>,
    version: Option<SchemaVersion>,
) -> Option<PatternKind> {
    let pattern = reader.object(root, "pattern", Need::Required)?;
    reader.only(&pattern, "type");
    let kind =
        *PatternKind::ALL.get(reader.choice(&pattern, "type", Need::Required, PatternKind::NAMES)?)?;
    if version.is_some_and(|v| kind.since() > v) {
        reader.report(&PATTERN_NEEDS_1_1, &pattern.path, "type", kind.as_str());
    }
    Some(kind)
}

const MALFORMED: Rule = error!("plan_malformed", "`{}` is not {}", "Give {}.");

/// A text that fits. An empty one is what a form leaves behind: an open question like an absent key.
#[inline(never)]
fn checked(
    reader: &mut Reader,
    object: &Object<'_>,
    key: &str,
    need: Need,
    fits: fn(&str) -> bool,
    takes: &str,
) -> Option<String> {
    let text = reader.text(object, key, need)?;
    if fits(text) {
        return Some(text.to_owned());
    }
    if text.is_empty() && need == Need::Open {
        reader.report(&EMPTY, &object.path, key, key);
    } else {
        reader.report_all(&MALFORMED, &object.path.key(key), &[&shorten(text), takes, takes]);
    }
    None
}

/// A text of the metadata: its key, whether it may be missing, what it has to be, and that in words.
type Label = (&'static str, Need, fn(&str) -> bool, &'static str);

static LABELS: [Label; 6] = [
    ("plan_id", Need::Open, is_uuid, "a UUID"),
    ("plan_name", Need::Open, is_plan_name, "3 to 64 of the characters a-z, 0-9 and _"),
    ("description", Need::Optional, is_description, "a text of at most 500 characters"),
    ("owner", Need::Open, is_owner, "a name or e-mail address of at most 255 characters"),
    ("created_at", Need::Open, is_instant, "a time such as 2026-01-16T08:00:00Z, with its offset"),
    ("version", Need::Open, is_semver, "a version such as 1.0.0"),
];

const NO_EMAIL: Rule = warning!(
    "plan_owner_no_email",
    "the owner is not an e-mail address",
    "SQLPilot wants an e-mail address here; give one if the plan should move there.",
);

fn read_metadata(reader: &mut Reader, root: &Object<'_>) -> Metadata {
    let Some(object) = reader.object(root, "plan_metadata", Need::Open) else { return Metadata::default() };
    reader.only(&object, "plan_id, plan_name, description, owner, created_at, version, tags");
    let mut metadata = Metadata::default();
    let Metadata { plan_id, plan_name, description, owner, created_at, version, .. } = &mut metadata;
    let fields = [plan_id, plan_name, description, owner, created_at, version];
    for ((key, need, fits, takes), field) in LABELS.iter().zip(fields) {
        *field = checked(reader, &object, key, *need, *fits, takes);
    }
    if let Some(id) = &mut metadata.plan_id {
        id.make_ascii_lowercase();
    }
    if metadata.owner.as_ref().is_some_and(|owner| !owner.contains('@')) {
        reader.report(&NO_EMAIL, &object.path, "owner", "");
    }
    if let Some(object) = reader.object(&object, "tags", Need::Optional) {
        for (key, value) in object.map.iter() {
            match value {
                Value::String(text) => metadata.tags.push((key.to_owned(), text.clone())),
                other => reader.wrong_type(&object.path.key(key), "a text", other),
            }
        }
    }
    sort_by(&mut metadata.tags, |(a, _), (b, _)| a < b);
    metadata
}

fn is_uuid(text: &str) -> bool {
    for (n, byte) in text.bytes().enumerate() {
        let dash = matches!(n, 8 | 13 | 18 | 23);
        if dash != (byte == b'-') || !(dash || byte.is_ascii_hexdigit()) {
            return false;
        }
    }
    text.len() == 36
}

/// Whether a text has `min` to `max` bytes and all of them fit.
#[inline(never)]
fn consists_of(text: &str, min: usize, max: usize, fits: fn(u8) -> bool) -> bool {
    for byte in text.bytes() {
        if !fits(byte) {
            return false;
        }
    }
    (min..=max).contains(&text.len())
}

fn is_plan_name(text: &str) -> bool {
    consists_of(text, 3, 64, |b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn is_description(text: &str) -> bool {
    count_chars(text) <= 500
}

fn is_owner(text: &str) -> bool {
    !text.trim().is_empty() && count_chars(text) <= 255 && !text.chars().any(char::is_control)
}

fn is_instant(text: &str) -> bool {
    Timestamp::is_rfc3339(text)
}

fn is_semver(text: &str) -> bool {
    let mut count = 0;
    for part in text.split('.') {
        count += 1;
        if !consists_of(part, 1, 9, |b| b.is_ascii_digit()) {
            return false;
        }
    }
    count == 3
}

fn is_warehouse(text: &str) -> bool {
    consists_of(text, 1, 64, |b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn is_zone(text: &str) -> bool {
    consists_of(text, 1, 64, |b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'_' | b'-' | b'+' | b':'))
}

const NO_TABLE: TableName = TableName { catalog: Name::BLANK, schema: Name::BLANK, table: Name::BLANK };

/// A table; what is missing or wrong is blank.
#[inline(never)]
fn read_table(reader: &mut Reader, object: &Object<'_>) -> TableName {
    let mut read = NO_TABLE;
    let TableName { catalog, schema, table } = &mut read;
    for (key, part) in [("catalog", catalog), ("schema", schema), ("table", table)] {
        let Some(text) = reader.text(object, key, Need::Required) else { continue };
        let name = Name::parse(text);
        columns::report_name(reader, &object.path.key(key), text, name.as_ref().err().copied());
        *part = name.unwrap_or(Name::BLANK);
    }
    read
}

/// Whether no part of a table's name is blank.
fn is_whole(table: &TableName) -> bool {
    [&table.catalog, &table.schema, &table.table].iter().all(|name| !name.as_str().is_empty())
}

// https://docs.databricks.com/delta/clustering.html
const TOO_MANY_CLUSTERS: Rule = error!(
    "plan_too_many",
    "a table has at most four clustering columns", "Keep the columns that queries filter by most.",
);

/// The target, and how it is written, if that is known.
fn read_target(reader: &mut Reader, target: Option<&Object<'_>>) -> (Target, Option<WriteMode>) {
    let mut read = Target {
        table: NO_TABLE,
        write_mode: WriteMode::Append,
        partition_by: Vec::new(),
        cluster_by: Vec::new(),
    };
    let Some(target) = target else { return (read, None) };
    reader.only(target, "catalog, schema, table, write_mode, partition_by, cluster_by");
    read.table = read_table(reader, target);
    let write_mode = reader.choice(target, "write_mode", Need::Required, "append, overwrite, merge");
    let write_mode = write_mode.and_then(|place| WriteMode::ALL.get(place).copied());
    read.write_mode = write_mode.unwrap_or(WriteMode::Append);
    for (key, layout) in [("partition_by", &mut read.partition_by), ("cluster_by", &mut read.cluster_by)] {
        if let Some(list) = columns::list(reader, target, key, Need::Optional, false) {
            *layout = list.columns;
        }
    }
    if !read.partition_by.is_empty() && !read.cluster_by.is_empty() {
        reader.report(&PARTITION_AND_CLUSTER, &target.path, "cluster_by", "");
    }
    if read.cluster_by.len() > 4 {
        reader.report(&TOO_MANY_CLUSTERS, &target.path, "cluster_by", "");
    }
    (read, write_mode)
}

const TOO_LONG: Rule = error!(
    "plan_too_long",
    "`{}` has more than {} characters", "Put the condition into a view and read that.",
);

/// A predicate as text; an empty one is none.
#[inline(never)]
pub(crate) fn predicate(reader: &mut Reader, object: &Object<'_>, key: &str, max: usize) -> Option<String> {
    let text = reader.text(object, key, Need::Optional)?;
    if count_chars(text) > max {
        reader.report_all(&TOO_LONG, &object.path.key(key), &[key, &digits(max)]);
        return None;
    }
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

const WAREHOUSE: Rule = error!(
    "plan_malformed",
    "`{}` is not a warehouse id",
    "Copy the id from the warehouse's connection details; it has letters and digits only.",
);

fn read_execution(reader: &mut Reader, root: &Object<'_>) -> Execution {
    let mut execution = Execution::default();
    let Some(object) = reader.object(root, "execution_config", Need::Open) else { return execution };
    reader.only(&object, "warehouse_id, timeout_seconds, max_retries, retry_delay_seconds");
    match reader.text(&object, "warehouse_id", Need::Open) {
        None => {}
        Some("") => reader.report(&EMPTY, &object.path, "warehouse_id", "warehouse_id"),
        Some(id) if is_warehouse(id) => execution.warehouse_id = Some(id.to_owned()),
        Some(id) => reader.report(&WAREHOUSE, &object.path, "warehouse_id", id),
    }
    for (key, min, max, value) in [
        ("timeout_seconds", 60, 86_400, &mut execution.timeout_seconds),
        ("max_retries", 0, 5, &mut execution.max_retries),
        ("retry_delay_seconds", 10, 600, &mut execution.retry_delay_seconds),
    ] {
        *value = reader.integer(&object, key, min, max).unwrap_or(*value);
    }
    execution
}

const CRON_UNUSED: Rule = warning!(
    "plan_key_unused",
    "`cron_expression` has no effect with this schedule type",
    "Set type to cron, or remove it.",
);
const CRON: Rule = error!("plan_cron", "`{}`: {}", "Databricks uses Quartz expressions{}");
const TIMEZONE: Rule = error!(
    "plan_timezone",
    "`{}` is not the name of a time zone", "Give a name such as UTC or Europe/Berlin.",
);

fn read_schedule(reader: &mut Reader, root: &Object<'_>) -> Option<Schedule> {
    let object = reader.object(root, "schedule", Need::Optional)?;
    reader.only(&object, "type, cron_expression, timezone, enabled");
    let kind = match reader.choice(&object, "type", Need::Optional, "manual, cron, event") {
        Some(1) => Some(ScheduleKind::Cron),
        Some(2) => Some(ScheduleKind::Event),
        Some(_) => Some(ScheduleKind::Manual),
        None => (!object.has("type")).then_some(ScheduleKind::Manual),
    };
    let is_cron = kind == Some(ScheduleKind::Cron);
    let need = if is_cron { Need::Open } else { Need::Optional };
    // A form leaves an empty expression behind when the schedule is not a cron schedule.
    let text = reader.text(&object, "cron_expression", need).filter(|text| !text.is_empty() || is_cron);
    let cron = text.and_then(|text| read_cron(reader, &object, text, is_cron));
    let timezone = reader.text(&object, "timezone", Need::Optional).unwrap_or("UTC");
    if !is_zone(timezone) {
        reader.report(&TIMEZONE, &object.path, "timezone", timezone);
    }
    let enabled = reader.boolean(&object, "enabled").unwrap_or(true);
    Some(Schedule {
        kind: kind.unwrap_or(ScheduleKind::Manual),
        cron,
        timezone: timezone.to_owned(),
        enabled,
    })
}

fn read_cron(
    reader: &mut Reader,
    schedule: &Object<'_>,
    text: &str,
    is_cron: bool,
) -> Option<(String, QuartzCron)> {
    if !is_cron {
        reader.report(&CRON_UNUSED, &schedule.path, "cron_expression", "");
    }
    match QuartzCron::parse(text) {
        Ok(cron) => Some((text.to_owned(), cron)),
        Err(error) => {
            let help = match (&error, from_unix(text)) {
                (CronError::Fields(5), Some(quartz)) => ["; this one would be `", &quartz, "`."].concat(),
                _ => ", such as `0 0 2 * * ?` for every day at 2.".to_owned(),
            };
            let path = schedule.path.key("cron_expression");
            reader.report_all(&CRON, &path, &[&shorten(text), &error.message(), &help]);
            None
        }
    }
}

fn read_rules(reader: &mut Reader, root: &Object<'_>) -> ValidationRules {
    let mut rules = ValidationRules::default();
    let Some(object) = reader.object(root, "validation_rules", Need::Optional) else { return rules };
    reader.only(&object, "check_source_not_empty, check_schema_compatibility, max_rows_to_process");
    for (key, value) in [
        ("check_source_not_empty", &mut rules.check_source_not_empty),
        ("check_schema_compatibility", &mut rules.check_schema_compatibility),
    ] {
        *value = reader.boolean(&object, key).unwrap_or(*value);
    }
    rules.max_rows_to_process = reader.integer(&object, "max_rows_to_process", 1, MAX_INTEGER);
    rules
}
