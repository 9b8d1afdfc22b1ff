//! The types that cross to JavaScript. Twins of the domain types, made by hand: what pages rely on changes here or not
//! at all. A context crosses as the JSON that it is, with its unknown keys in their places.

use border::{Choices, Finding};
use serde::Serialize;
use serde_json::Value;
use wasm_bindgen::JsValue;

/// A Genie space that somebody named.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SpaceReference {
    /// The id of the space: 32 characters of `0-9a-f`.
    pub space_id: String,
}

/// What a redaction took out.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Removed {
    /// Strings, binary and typed literals.
    pub strings: usize,
    /// Numbers.
    pub numbers: usize,
    /// Comments.
    pub comments: usize,
    /// Hints.
    pub hints: usize,
    /// Queries that went as a whole.
    pub queries: usize,
    /// Summaries that were cut down.
    pub summaries: usize,
    /// Keys taken out of entries of `exploration_queries`.
    pub keys: usize,
    /// What a person should look at before the link is made.
    pub warnings: Vec<Finding>,
}

/// Where a context stands in an answer. It is JSON already, so it is put in front of the other members as it is.
#[derive(Debug, Serialize)]
pub struct InFront;

impl InFront {
    fn is_there(&self) -> bool {
        true
    }
}

/// A context without data, and what was taken out.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RedactedContext {
    /// The context.
    #[serde(skip_serializing_if = "InFront::is_there")]
    #[cfg_attr(test, ts(type = "HandoffContext"))]
    pub context: InFront,
    /// What was taken out.
    pub removed: Removed,
}

/// Choices when a link is made.
#[derive(Debug)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename_all = "camelCase"))]
pub struct EncodeOptions {
    /// Where the review page is, `https://HOST`. Without it the link is relative.
    #[cfg_attr(test, ts(optional))]
    pub base_url: Option<String>,
    /// Where in the link the payload stands. A fragment, the default, reaches no server log.
    #[cfg_attr(test, ts(optional, type = "\"fragment\" | \"query\""))]
    pub place: Option<String>,
    /// `plain` needs no preparation and makes links a third longer.
    #[cfg_attr(test, ts(optional, type = "\"primed\" | \"plain\""))]
    pub mode: Option<String>,
}

impl EncodeOptions {
    pub(crate) fn read(json: &str) -> Result<Self, JsValue> {
        let mut choices = Choices::read(json, &["baseUrl", "place", "mode"])?;
        Ok(Self {
            base_url: choices.text("baseUrl")?,
            place: choices.text("place")?,
            mode: choices.text("mode")?,
        })
    }
}

/// A link.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EncodedHandoff {
    /// The link.
    pub url: String,
    /// The part that holds the context.
    pub payload: String,
    /// Characters of the link.
    pub length: usize,
    /// How far a link of this length travels: up to 2,000, 4,000, 8,000 characters, or over.
    #[cfg_attr(test, ts(type = "\"2000\" | \"4000\" | \"8000\" | \"over\""))]
    pub step: &'static str,
    /// What the link carries: the context that was given, without data.
    #[serde(skip_serializing_if = "InFront::is_there")]
    #[cfg_attr(test, ts(type = "HandoffContext"))]
    pub context: InFront,
    /// What was taken out, and what to look at before the link is sent.
    pub removed: Removed,
}

/// A signature as it travels. `unchecked` says nothing yet: `verifyHandoff` checks it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct HandoffSignature {
    /// What is known.
    #[cfg_attr(test, ts(type = "\"unsigned\" | \"unchecked\""))]
    pub state: &'static str,
    /// Which of the deployment's keys was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub key_id: Option<String>,
    /// When the link stops being valid, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub expires: Option<u32>,
    /// The host that the link is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub audience: Option<String>,
    /// The signature, base64url.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub signature: Option<String>,
    /// The text that must have been signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub signed: Option<String>,
}

/// A context out of a link. Untrusted, whatever the signature says.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DecodedHandoff {
    /// The context.
    #[serde(skip_serializing_if = "InFront::is_there")]
    #[cfg_attr(test, ts(type = "HandoffContext"))]
    pub context: InFront,
    /// The form it came in.
    #[cfg_attr(test, ts(type = "\"primed\" | \"plain\" | \"base64-json\" | \"percent-json\" | \"json\""))]
    pub format: &'static str,
    /// What is known about the signature.
    pub signature: HandoffSignature,
    /// What validation finds.
    pub warnings: Vec<Finding>,
}

/// Whether a plan can be built on a context.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Readiness {
    /// True without a finding of severity error.
    pub ready: bool,
    /// Everything found, and what could not be checked.
    pub issues: Vec<Finding>,
}

/// What is wrong with a plan.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PlanReport {
    /// True without an error.
    pub valid: bool,
    /// Whether its SQL can be written, although something may still stand in the way of a run.
    pub renderable: bool,
    /// The plan's hash, valid or not.
    pub hash: String,
    /// Every problem.
    pub issues: Vec<Finding>,
}

/// Choices when SQL is written.
#[derive(Debug)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename_all = "camelCase"))]
pub struct RenderOptions {
    /// RFC 3339 time of the run, written as a literal; `parameter` for the markers that a job fills in. Absent: the
    /// statement asks for the time itself.
    #[cfg_attr(test, ts(optional))]
    pub run_time: Option<String>,
    /// The date of a snapshot, `YYYY-MM-DD`.
    #[cfg_attr(test, ts(optional))]
    pub snapshot_date: Option<String>,
    /// The Genie session for the header.
    #[cfg_attr(test, ts(optional))]
    pub genie_session: Option<String>,
    /// The target's columns in their order, if the catalog was asked.
    #[cfg_attr(test, ts(optional))]
    pub target_columns: Option<Vec<String>>,
    /// Types of source columns, if the catalog was asked.
    #[cfg_attr(test, ts(optional, as = "Option<std::collections::HashMap<String, String>>"))]
    pub column_types: Vec<(String, String)>,
    /// The warehouse takes CLUSTER BY in CREATE TABLE.
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub cluster_by: bool,
    /// The warehouse takes INSERT BY NAME REPLACE WHERE.
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub replace_where_by_name: bool,
}

impl RenderOptions {
    pub(crate) fn read(json: &str) -> Result<Self, JsValue> {
        let names = [
            "runTime",
            "snapshotDate",
            "genieSession",
            "targetColumns",
            "columnTypes",
            "clusterBy",
            "replaceWhereByName",
        ];
        let mut choices = Choices::read(json, &names)?;
        Ok(Self {
            run_time: choices.text("runTime")?,
            snapshot_date: choices.text("snapshotDate")?,
            genie_session: choices.text("genieSession")?,
            target_columns: choices.texts("targetColumns")?,
            column_types: choices.text_map("columnTypes")?,
            cluster_by: choices.flag("clusterBy")?,
            replace_where_by_name: choices.flag("replaceWhereByName")?,
        })
    }
}

/// A statement with a name.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NamedStatement {
    /// A stable name for programs.
    pub name: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    /// One statement, without a semicolon.
    pub sql: String,
}

/// Everything that can be run for a plan.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PlanStatements {
    /// The load.
    pub load: String,
    /// Once, before the first load: creates a target that does not exist yet.
    pub setup: Vec<NamedStatement>,
    /// Before each load: each fails with its reason if the load should not go on.
    pub checks: Vec<NamedStatement>,
    /// For a staged full replace: in place of the load.
    pub staging: Vec<NamedStatement>,
    /// After the load, if anything is left to do.
    pub after: Vec<NamedStatement>,
    /// The load behind EXPLAIN.
    pub explain: String,
}

/// Where a target column comes from.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ColumnLineage {
    /// The column of the target; `*` for all that the plan does not name.
    pub target_column: String,
    /// The columns that it is made from.
    pub source_columns: Vec<String>,
    /// `identity`, or how it is computed.
    pub derivation: String,
    /// The source table.
    pub source_table: String,
    /// The target table.
    pub target_table: String,
}

/// What the account that runs the load must be allowed to do.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RequiredPrivilege {
    /// As SQL writes it.
    pub privilege: &'static str,
    /// On what.
    pub on: String,
    /// Why.
    pub reason: &'static str,
    /// Only needed while the target does not exist.
    pub only_to_create: bool,
}

/// A part of a SQL text with its colour.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct HighlightSpan {
    /// First UTF-16 unit.
    pub start: usize,
    /// First UTF-16 unit behind it.
    pub end: usize,
    /// What it is.
    #[cfg_attr(test, ts(type = "string"))]
    pub kind: &'static str,
}

/// What happens to rows of the target.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PlanEffect {
    /// The kind.
    #[cfg_attr(test, ts(type = "\"adds\" | \"updates\" | \"deletes\" | \"replaces\""))]
    pub effect: &'static str,
    /// Whether rows that are there can be lost.
    pub destructive: bool,
    /// In plain words.
    pub text: String,
}

/// A plan in plain words.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PlanExplanation {
    /// The plan in one sentence.
    pub summary: String,
    /// What happens to rows, the destructive things first.
    pub effects: Vec<PlanEffect>,
    /// What else to know.
    pub notes: Vec<String>,
}

/// A rendered plan.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RenderedPlan {
    /// The load: one statement, one commit.
    pub sql: String,
    /// Everything that can be run.
    pub statements: PlanStatements,
    /// Read-only queries that tell what a run would do.
    pub preview_queries: Vec<NamedStatement>,
    /// Where each target column comes from.
    pub lineage: Vec<ColumnLineage>,
    /// What a person should know before a run.
    pub warnings: Vec<Finding>,
    /// What the account that runs it must be allowed to do.
    pub privileges: Vec<RequiredPrivilege>,
    /// Colours of `sql`.
    pub highlight: Vec<HighlightSpan>,
}

/// One difference between two plans.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PlanChange {
    /// What happened.
    #[cfg_attr(test, ts(type = "\"added\" | \"removed\" | \"changed\""))]
    pub kind: &'static str,
    /// JSON Pointer: into the newer plan, or into the older one for something removed.
    pub path: String,
    /// The value before, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "unknown"))]
    pub before: Option<Value>,
    /// The value after, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "unknown"))]
    pub after: Option<Value>,
    /// The change as a sentence.
    pub words: String,
    /// Whether a run can write other rows than before.
    pub changes_load: bool,
}

/// The SQL of two plans, where both can be rendered.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SqlPair {
    /// Of the older plan.
    pub before: String,
    /// Of the newer plan.
    pub after: String,
}

/// The differences of two plans: structure first, then SQL.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PlanDiff {
    /// Every difference.
    pub changes: Vec<PlanChange>,
    /// The loads, when both plans can be rendered and their loads differ beside the header.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub sql: Option<SqlPair>,
}

/// What is wrong with a plan, and its load.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CheckedPlan {
    /// Everything that is wrong with it.
    pub report: PlanReport,
    /// The load: one statement, one commit. Absent if there can be none; `renderLoad` then says why.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub sql: Option<String>,
}

/// One run of a schedule.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ScheduledRun {
    /// Seconds since 1970, UTC.
    pub at: f64,
    /// RFC 3339 with the offset of the zone.
    pub local: String,
    /// What a clock change does to it: `moved` when its local time does not exist on that day, `repeated` when it
    /// occurs twice. Databricks may skip or delay such runs.
    #[cfg_attr(test, ts(type = "\"regular\" | \"moved\" | \"repeated\""))]
    pub note: &'static str,
}

/// A schedule in words.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ScheduleDescription {
    /// Like "Monday to Friday at 07:00"; times are those of the schedule's zone.
    pub words: String,
    /// The next runs, in order; fewer than asked for if the expression ends.
    pub runs: Vec<ScheduledRun>,
}

/// What stands in the header of exported files.
#[derive(Debug)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename_all = "camelCase"))]
pub struct ExportOptions {
    /// Who takes the plan elsewhere.
    #[cfg_attr(test, ts(optional))]
    pub by: Option<String>,
    /// When, RFC 3339.
    #[cfg_attr(test, ts(optional))]
    pub at: Option<String>,
}

impl ExportOptions {
    pub(crate) fn read(json: &str) -> Result<Self, JsValue> {
        let mut choices = Choices::read(json, &["by", "at"])?;
        Ok(Self { by: choices.text("by")?, at: choices.text("at")? })
    }
}

/// A file of an export.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ExportedFile {
    /// Where it belongs, relative, with `/` between its parts.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// A plan as files.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ExportedPlan {
    /// In the order in which they are read.
    pub files: Vec<ExportedFile>,
    /// What a person should know about them.
    pub notes: Vec<String>,
}
