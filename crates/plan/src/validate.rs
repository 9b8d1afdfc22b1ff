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
use crate::names::{ColumnName, Name, NameSet, TableName, has_invisible};
use crate::order::sort_by;
use crate::patterns::{self, Context, PatternKind};
use crate::reader::{MAX_INTEGER, Need, Object, ROOT, Reader, shorten};
use crate::values::Timestamp;

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
    let plan = match document {
        Value::Object(map) => read_plan(&mut reader, &Object { map, path: ROOT }, &hash),
        other => {
            reader.wrong_item(&ROOT, "an object", other);
            None
        }
    };
    let blocked = reader.issues.iter().any(|i| i.blocks == Blocks::Rendering);
    Report { issues: reader.issues, plan: plan.filter(|_| !blocked), hash }
}

const WRITE_MODES: &[(&str, WriteMode)] =
    &[("append", WriteMode::Append), ("overwrite", WriteMode::Overwrite), ("merge", WriteMode::Merge)];

fn read_plan(reader: &mut Reader, root: &Object<'_>, hash: &PlanHash) -> Option<Plan> {
    reader.only(
        root,
        &[
            "schema_version",
            "plan_metadata",
            "pattern",
            "source",
            "target",
            "pattern_config",
            "execution_config",
            "schedule",
            "validation_rules",
        ],
    );
    let versions = [("1.0", SchemaVersion::V1_0), ("1.1", SchemaVersion::V1_1)];
    let version = reader.choice(root, "schema_version", Need::Required, &versions);
    let metadata = read_metadata(reader, root);
    let kind = read_pattern_kind(reader, root, version);

    let source = reader.object(root, "source", Need::Required);
    let target = reader.object(root, "target", Need::Required);
    let source_table = source.as_ref().and_then(|s| read_table(reader, s));
    let source_columns = source.as_ref().and_then(|s| {
        columns::list_with_set(reader, s, "columns", Need::Optional, true)
            .map(|(list, names)| (ColumnSet::new(&list, names), list))
    });
    let filter = source.as_ref().and_then(|s| {
        reader.only(s, &["catalog", "schema", "table", "columns", "filter"]);
        predicate(reader, s, "filter", 1000)
    });
    let mut write_mode = None;
    let mut layout = (Vec::new(), Vec::new());
    let target_table = target.as_ref().and_then(|t| {
        reader.only(t, &["catalog", "schema", "table", "write_mode", "partition_by", "cluster_by"]);
        let table = read_table(reader, t);
        write_mode = reader.choice(t, "write_mode", Need::Required, WRITE_MODES);
        layout = read_layout(reader, t);
        table
    });

    // A list that was given and is wrong must not look like "all columns" to the rules below.
    let columns_given = source.as_ref().is_some_and(|s| s.has("columns"));
    let pattern = match (reader.object(root, "pattern_config", Need::Required), version) {
        (Some(config), Some(version)) => {
            patterns::check_keys(reader, &config, version, kind);
            let empty = ColumnSet::new(&[], NameSet::default());
            let known = source_columns.as_ref().map(|(set, _)| set);
            let context = Context {
                columns: if columns_given && known.is_none() { Some(&empty) } else { known },
                write_mode,
                target: root.path.key("target"),
                source: root.path.key("source"),
                same_table: source_table.is_some() && source_table == target_table,
                filtered: filter.is_some(),
                partition_by: &layout.0,
                cluster_by: &layout.1,
            };
            // Against a broken column list every other name would look wrong; one issue is enough for it.
            let before = reader.issues.len();
            let pattern = kind.and_then(|kind| patterns::read(reader, &config, kind, &context));
            if columns_given && known.is_none() {
                let mut n = 0;
                reader.issues.retain(|i| {
                    n += 1;
                    n <= before || !matches!(i.code, "plan_column_not_in_source" | "plan_column_not_written")
                });
            }
            pattern
        }
        _ => None,
    };
    let execution = read_execution(reader, root);
    let schedule = read_schedule(reader, root);
    let rules = read_rules(reader, root);
    Some(Plan {
        schema_version: version?,
        metadata,
        pattern: pattern?,
        source: Source { table: source_table?, columns: source_columns.map(|(_, list)| list), filter },
        target: Target {
            table: target_table?,
            write_mode: write_mode?,
            partition_by: layout.0,
            cluster_by: layout.1,
        },
        execution,
        schedule,
        rules,
        hash: hash.clone(),
    })
}

fn read_pattern_kind(
    reader: &mut Reader,
    root: &Object<'_>,
    version: Option<SchemaVersion>,
) -> Option<PatternKind> {
    let pattern = reader.object(root, "pattern", Need::Required)?;
    reader.only(&pattern, &["type"]);
    let kinds = PatternKind::ALL.map(|k| (k.as_str(), k));
    let kind = reader.choice(&pattern, "type", Need::Required, &kinds)?;
    if version.is_some_and(|v| kind.since() > v) {
        reader.error_text(
            "plan_pattern_needs_1_1",
            &pattern.path.key("type"),
            format!("{} came with plan schema 1.1, this plan says 1.0", kind.as_str()),
            "Set schema_version to \"1.1\"; SQLPilot cannot read such a plan.",
        );
    }
    Some(kind)
}

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
    let path = object.path.key(key);
    if text.is_empty() && need == Need::Open {
        reader.open(
            "plan_missing",
            &path,
            "`{}` is not known yet",
            key,
            "Fill it in before the plan is deployed.",
        );
    } else {
        let message = ["`", &shorten(text), "` is not ", takes].concat();
        reader.error_text("plan_malformed", &path, message, &["Give ", takes, "."].concat());
    }
    None
}

fn read_metadata(reader: &mut Reader, root: &Object<'_>) -> Metadata {
    let Some(object) = reader.object(root, "plan_metadata", Need::Open) else { return Metadata::default() };
    let known = ["plan_id", "plan_name", "description", "owner", "created_at", "version", "tags"];
    reader.only(&object, &known);
    let mut checked = |key, need, fits, takes| checked(reader, &object, key, need, fits, takes);
    let plan_id = checked("plan_id", Need::Open, is_uuid, "a UUID");
    let plan_name =
        checked("plan_name", Need::Open, is_plan_name, "3 to 64 of the characters a-z, 0-9 and _");
    let description = checked(
        "description",
        Need::Optional,
        |t| t.chars().count() <= 500,
        "a text of at most 500 characters",
    );
    let owner = checked("owner", Need::Open, is_owner, "a name or e-mail address of at most 255 characters");
    let created_at =
        checked("created_at", Need::Open, is_instant, "a time such as 2026-01-16T08:00:00Z, with its offset");
    let version = checked("version", Need::Open, is_semver, "a version such as 1.0.0");
    if let Some(owner) = &owner
        && !owner.contains('@')
    {
        reader.warn(
            "plan_owner_no_email",
            &object.path.key("owner"),
            "the owner is not an e-mail address",
            "",
            "SQLPilot wants an e-mail address here; give one if the plan should move there.",
        );
    }
    let mut tags = Vec::new();
    if let Some(object) = reader.object(&object, "tags", Need::Optional) {
        for (key, value) in object.map.iter() {
            match value {
                Value::String(text) => tags.push((key.to_owned(), text.clone())),
                other => reader.wrong_item(&object.path.key(key), "a text", other),
            }
        }
    }
    sort_by(&mut tags, |(a, _), (b, _)| a < b);
    Metadata {
        plan_id: plan_id.map(|id| id.to_ascii_lowercase()),
        plan_name,
        description,
        owner,
        created_at,
        version,
        tags,
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(n, b)| match n {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

fn is_plan_name(text: &str) -> bool {
    (3..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn is_owner(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= 255 && !text.chars().any(char::is_control)
}

fn is_instant(text: &str) -> bool {
    Timestamp::is_rfc3339(text)
}

fn is_semver(text: &str) -> bool {
    let mut parts = text.split('.');
    let ok = |part: Option<&str>| {
        part.is_some_and(|p| (1..=9).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
    };
    ok(parts.next()) && ok(parts.next()) && ok(parts.next()) && parts.next().is_none()
}

fn read_table(reader: &mut Reader, object: &Object<'_>) -> Option<TableName> {
    let mut part = |key: &str| {
        let text = reader.text(object, key, Need::Required)?;
        let path = object.path.key(key);
        if has_invisible(text) {
            reader.warn(
                "plan_name_invisible",
                &path,
                "the name `{}` has invisible characters",
                text,
                "Make sure that this is the name you mean; such characters can make two names look alike.",
            );
        }
        Name::parse(text)
            .map_err(|e| {
                reader.error_text(
                    e.code(),
                    &path,
                    format!("`{}` is not a name: {e}", shorten(text)),
                    "Give the name without quotes, as Unity Catalog shows it.",
                );
            })
            .ok()
    };
    let (catalog, schema, table) = (part("catalog"), part("schema"), part("table"));
    Some(TableName { catalog: catalog?, schema: schema?, table: table? })
}

fn read_layout(reader: &mut Reader, target: &Object<'_>) -> (Vec<ColumnName>, Vec<ColumnName>) {
    let partition = columns::list(reader, target, "partition_by", Need::Optional, false).unwrap_or_default();
    let cluster = columns::list(reader, target, "cluster_by", Need::Optional, false).unwrap_or_default();
    if !partition.is_empty() && !cluster.is_empty() {
        reader.error(
            "plan_partition_and_cluster",
            &target.path.key("cluster_by"),
            "a table is either partitioned or clustered, not both",
            "",
            "Keep one of the two; clustering is what Databricks recommends for new tables.",
        );
    }
    if cluster.len() > 4 {
        // https://docs.databricks.com/delta/clustering.html
        reader.error(
            "plan_too_many",
            &target.path.key("cluster_by"),
            "a table has at most four clustering columns",
            "",
            "Keep the columns that queries filter by most.",
        );
    }
    (partition, cluster)
}

/// A predicate as text; an empty one is none.
pub(crate) fn predicate(reader: &mut Reader, object: &Object<'_>, key: &str, max: usize) -> Option<String> {
    let text = reader.text(object, key, Need::Optional)?;
    if text.chars().count() > max {
        reader.error_text(
            "plan_too_long",
            &object.path.key(key),
            format!("`{key}` has more than {max} characters"),
            "Put the condition into a view and read that.",
        );
        return None;
    }
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn read_execution(reader: &mut Reader, root: &Object<'_>) -> Execution {
    let default = Execution::default();
    let Some(object) = reader.object(root, "execution_config", Need::Open) else { return default };
    reader.only(&object, &["warehouse_id", "timeout_seconds", "max_retries", "retry_delay_seconds"]);
    let path = object.path.key("warehouse_id");
    let warehouse = reader.text(&object, "warehouse_id", Need::Open).and_then(|id| {
        if id.is_empty() {
            reader.open(
                "plan_missing",
                &path,
                "`warehouse_id` is not known yet",
                "",
                "Fill it in before the plan is deployed.",
            );
            return None;
        }
        let fits = id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if !fits {
            reader.error(
                "plan_malformed",
                &path,
                "`{}` is not a warehouse id",
                id,
                "Copy the id from the warehouse's connection details; it has letters and digits only.",
            );
        }
        fits.then(|| id.to_owned())
    });
    Execution {
        warehouse_id: warehouse,
        timeout_seconds: reader
            .integer(&object, "timeout_seconds", 60, 86_400)
            .unwrap_or(default.timeout_seconds),
        max_retries: reader.integer(&object, "max_retries", 0, 5).unwrap_or(default.max_retries),
        retry_delay_seconds: reader
            .integer(&object, "retry_delay_seconds", 10, 600)
            .unwrap_or(default.retry_delay_seconds),
    }
}

fn read_schedule(reader: &mut Reader, root: &Object<'_>) -> Option<Schedule> {
    let object = reader.object(root, "schedule", Need::Optional)?;
    reader.only(&object, &["type", "cron_expression", "timezone", "enabled"]);
    let kinds =
        [("manual", ScheduleKind::Manual), ("cron", ScheduleKind::Cron), ("event", ScheduleKind::Event)];
    let kind = reader.choice(&object, "type", Need::Optional, &kinds);
    let kind = if object.has("type") { kind } else { Some(ScheduleKind::Manual) };
    let need = if kind == Some(ScheduleKind::Cron) { Need::Open } else { Need::Optional };
    let path = object.path.key("cron_expression");
    // A form leaves an empty expression behind when the schedule is not a cron schedule.
    let cron =
        reader.text(&object, "cron_expression", need).filter(|text| !text.is_empty() || need == Need::Open);
    let cron = cron.and_then(|text| {
        if kind != Some(ScheduleKind::Cron) {
            reader.warn(
                "plan_key_unused",
                &path,
                "`cron_expression` has no effect with this schedule type",
                "",
                "Set type to cron, or remove it.",
            );
        }
        match QuartzCron::parse(text) {
            Ok(cron) => Some((text.to_owned(), cron)),
            Err(error) => {
                let help = match (&error, from_unix(text)) {
                    (CronError::Fields(5), Some(quartz)) => {
                        format!("Databricks uses Quartz expressions; this one would be `{quartz}`.")
                    }
                    _ => "Databricks uses Quartz expressions, such as `0 0 2 * * ?` for every day at 2."
                        .to_owned(),
                };
                reader.error_text("plan_cron", &path, format!("`{}`: {error}", shorten(text)), &help);
                None
            }
        }
    });
    let timezone = reader.text(&object, "timezone", Need::Optional).unwrap_or("UTC");
    let fits = (1..=64).contains(&timezone.len())
        && timezone
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'_' | b'-' | b'+' | b':'));
    if !fits {
        reader.error(
            "plan_timezone",
            &object.path.key("timezone"),
            "`{}` is not the name of a time zone",
            timezone,
            "Give a name such as UTC or Europe/Berlin.",
        );
    }
    let enabled = reader.boolean(&object, "enabled").unwrap_or(true);
    Some(Schedule { kind: kind?, cron, timezone: timezone.to_owned(), enabled })
}

fn read_rules(reader: &mut Reader, root: &Object<'_>) -> ValidationRules {
    let default = ValidationRules::default();
    let Some(object) = reader.object(root, "validation_rules", Need::Optional) else { return default };
    reader.only(&object, &["check_source_not_empty", "check_schema_compatibility", "max_rows_to_process"]);
    ValidationRules {
        check_source_not_empty: reader
            .boolean(&object, "check_source_not_empty")
            .unwrap_or(default.check_source_not_empty),
        check_schema_compatibility: reader
            .boolean(&object, "check_schema_compatibility")
            .unwrap_or(default.check_schema_compatibility),
        max_rows_to_process: reader.integer(&object, "max_rows_to_process", 1, MAX_INTEGER),
    }
}
