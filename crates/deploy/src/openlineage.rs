//! Lineage as OpenLineage events, <https://openlineage.io/spec/2-0-2/OpenLineage.json>.
//!
//! One `JobEvent` for the deployed version, with the columns of its target, and two `RunEvent`s for each run: one when
//! it began, one when it ended. Tables of Unity Catalog are named as OpenLineage's own integrations name them,
//! `unitycatalog://HOST` and `catalog.schema.table`, so that graphs of different producers meet.
//!
//! The SQL is not in the events: it holds the literals of the plan's filter, and lineage stores are read by many.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use sql::{ColumnLineage, Derivation};

use crate::history::Rows;
use crate::run_view::RunState;

const SPEC: &str = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/";
const FACETS: &str = "https://openlineage.io/spec/facets/";

/// The plan version that events are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject<'a> {
    /// Host of the workspace.
    pub host: &'a str,
    /// The program that writes the events, as a URI with its version.
    pub producer: &'a str,
    /// The plan's id.
    pub plan_id: &'a str,
    /// The plan's name.
    pub plan_name: &'a str,
    /// The version.
    pub version: &'a str,
    /// Its hash.
    pub plan_hash: &'a str,
    /// What the plan is for.
    pub description: Option<&'a str>,
    /// Who answers for it.
    pub owner: Option<&'a str>,
    /// The handoff it came from.
    pub handoff_id: Option<&'a str>,
    /// The Genie conversation it came from.
    pub genie_session: Option<&'a str>,
    /// The table that is read, dotted.
    pub source: &'a str,
    /// The table that is written, dotted.
    pub target: &'a str,
    /// Where each column comes from.
    pub columns: &'a [ColumnLineage],
}

/// A run that events are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunOf<'a> {
    /// The run's id in the workspace.
    pub run_id: &'a str,
    /// Where it is.
    pub state: RunState,
    /// RFC 3339.
    pub started_at: Option<&'a str>,
    /// RFC 3339.
    pub ended_at: Option<&'a str>,
    /// Whether the schedule started it, and when it was due.
    pub nominal_at: Option<&'a str>,
    /// Our words for what happened.
    pub message: Option<&'a str>,
    /// Rows, where known.
    pub rows: Option<Rows>,
}

/// The event of a version: what it reads and writes. `at` is when it was deployed or made, RFC 3339.
#[must_use]
pub fn job_event(subject: &Subject<'_>, at: &str) -> Value {
    json!({
        "eventTime": at, "producer": subject.producer, "schemaURL": format!("{SPEC}JobEvent"),
        "job": subject.job(), "inputs": [subject.input()], "outputs": [subject.output(None)],
    })
}

/// The events of a run: `START`, and its end if it has ended. Empty for a run that never began.
#[must_use]
pub fn run_events(subject: &Subject<'_>, run: &RunOf<'_>) -> Vec<Value> {
    let Some(started_at) = run.started_at else { return Vec::new() };
    let event = |kind: &str, at: &str, facets: Map<String, Value>, rows: Option<Rows>| {
        json!({
            "eventType": kind, "eventTime": at, "producer": subject.producer, "schemaURL": format!("{SPEC}RunEvent"),
            "run": { "runId": run_uuid(subject.host, run.run_id), "facets": facets },
            "job": subject.job(), "inputs": [subject.input()], "outputs": [subject.output(rows)],
        })
    };
    let mut events = vec![event("START", started_at, subject.run_facets(run), None)];
    let end = match run.state {
        RunState::Succeeded => Some("COMPLETE"),
        RunState::Failed => Some("FAIL"),
        RunState::Cancelled => Some("ABORT"),
        _ => None,
    };
    if let (Some(kind), Some(at)) = (end, run.ended_at) {
        let mut facets = subject.run_facets(run);
        if let (RunState::Failed, Some(message)) = (run.state, run.message) {
            let fields = json!({ "message": message, "programmingLanguage": "SQL" });
            facets.insert(
                "errorMessage".to_owned(),
                subject.facet("1-0-1/ErrorMessageRunFacet", "ErrorMessageRunFacet", fields),
            );
        }
        events.push(event(kind, at, facets, run.rows));
    }
    events
}

/// A UUID for a run of a workspace: the same every time (RFC 9562, version 8, from SHA-256).
#[must_use]
pub fn run_uuid(host: &str, run_id: &str) -> String {
    let digest = Sha256::digest(format!("genie-handoff run\n{host}\n{run_id}"));
    let mut bytes = [0u8; 16];
    for (to, from) in bytes.iter_mut().zip(digest) {
        *to = from;
    }
    let number =
        (u128::from_be_bytes(bytes) & !(0xf_u128 << 76) & !(0x3_u128 << 62)) | (0x8 << 76) | (0x2 << 62);
    let hex = format!("{number:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

impl Subject<'_> {
    /// A facet: what every one has, and its own fields.
    fn facet(&self, file: &str, definition: &str, fields: Value) -> Value {
        self.facet_at(&format!("{FACETS}{file}.json#/$defs/{definition}"), fields)
    }

    fn facet_at(&self, schema: &str, fields: Value) -> Value {
        let mut facet = Map::new();
        facet.insert("_producer".to_owned(), json!(self.producer));
        facet.insert("_schemaURL".to_owned(), json!(schema));
        if let Value::Object(fields) = fields {
            facet.extend(fields);
        }
        Value::Object(facet)
    }

    fn job(&self) -> Value {
        let kind = json!({ "processingType": "BATCH", "integration": "DATABRICKS", "jobType": "JOB" });
        let mut facets = Map::new();
        facets.insert("jobType".to_owned(), self.facet("2-0-4/JobTypeJobFacet", "JobTypeJobFacet", kind));
        if let Some(text) = self.description.filter(|text| !text.trim().is_empty()) {
            let fields = json!({ "description": text });
            let facet = self.facet("1-1-0/DocumentationJobFacet", "DocumentationJobFacet", fields);
            facets.insert("documentation".to_owned(), facet);
        }
        if let Some(owner) = self.owner {
            let fields = json!({ "owners": [{ "name": owner }] });
            facets.insert(
                "ownership".to_owned(),
                self.facet("1-0-1/OwnershipJobFacet", "OwnershipJobFacet", fields),
            );
        }
        json!({ "namespace": format!("databricks://{}", self.host), "name": format!("{}.{}", self.plan_name, self.plan_id), "facets": facets })
    }

    fn run_facets(&self, run: &RunOf<'_>) -> Map<String, Value> {
        let mut plan = Map::new();
        for (name, value) in [
            ("planId", Some(self.plan_id)),
            ("planVersion", Some(self.version)),
            ("planHash", Some(self.plan_hash)),
            ("handoffId", self.handoff_id),
            ("genieSessionId", self.genie_session),
            ("databricksRunId", Some(run.run_id)),
        ] {
            if let Some(value) = value {
                plan.insert(name.to_owned(), json!(value));
            }
        }
        let mut facets = Map::new();
        // A facet of our own: its name has our prefix, its schema is the one that every facet has.
        let own = self.facet_at(&format!("{SPEC}RunFacet"), Value::Object(plan));
        facets.insert("genieHandoff_plan".to_owned(), own);
        if let Some(at) = run.nominal_at {
            let fields = json!({ "nominalStartTime": at });
            facets.insert(
                "nominalTime".to_owned(),
                self.facet("1-0-1/NominalTimeRunFacet", "NominalTimeRunFacet", fields),
            );
        }
        facets
    }

    fn namespace(&self) -> String {
        format!("unitycatalog://{}", self.host)
    }

    fn input(&self) -> Value {
        json!({ "namespace": self.namespace(), "name": self.source })
    }

    fn output(&self, rows: Option<Rows>) -> Value {
        let mut fields = Map::new();
        // `*` stands for columns that the plan does not name; a facet cannot say that.
        for column in self.columns.iter().filter(|column| column.target_column != "*") {
            let (subtype, description) = match column.derivation {
                Derivation::Identity => ("IDENTITY", None),
                Derivation::Computed(how) => ("TRANSFORMATION", Some(how)),
            };
            let mut how = Map::new();
            how.insert("type".to_owned(), json!("DIRECT"));
            how.insert("subtype".to_owned(), json!(subtype));
            if let Some(text) = description {
                how.insert("description".to_owned(), json!(text));
            }
            let from = column.source_columns.iter().map(|source| {
                json!({ "namespace": self.namespace(), "name": column.source_table, "field": source, "transformations": [how.clone()] })
            });
            fields.insert(column.target_column.clone(), json!({ "inputFields": from.collect::<Vec<_>>() }));
        }
        let mut output = json!({ "namespace": self.namespace(), "name": self.target });
        if let Value::Object(output) = &mut output {
            if !fields.is_empty() {
                let file = "1-2-0/ColumnLineageDatasetFacet";
                let facet = self.facet(file, "ColumnLineageDatasetFacet", json!({ "fields": fields }));
                output.insert("facets".to_owned(), json!({ "columnLineage": facet }));
            }
            if let Some(count) = rows.and_then(|rows| rows.affected) {
                let file = "1-0-2/OutputStatisticsOutputDatasetFacet";
                let facet =
                    self.facet(file, "OutputStatisticsOutputDatasetFacet", json!({ "rowCount": count }));
                output.insert("outputFacets".to_owned(), json!({ "outputStatistics": facet }));
            }
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Vec<ColumnLineage> {
        let column = |target: &str, sources: &[&str], derivation| ColumnLineage {
            target_column: target.to_owned(),
            source_columns: sources.iter().map(|s| (*s).to_owned()).collect(),
            derivation,
            source_table: "p.raw.events".to_owned(),
            target_table: "p.mart.events".to_owned(),
        };
        vec![
            column("id", &["id"], Derivation::Identity),
            column("valid_from", &[], Derivation::Computed("time of the run")),
            column("*", &["*"], Derivation::Identity),
        ]
    }

    fn subject(columns: &[ColumnLineage]) -> Subject<'_> {
        Subject {
            host: "dbc-1.cloud.databricks.com",
            producer: "https://example.com/genie-handoff/0.1.0",
            plan_id: "6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10",
            plan_name: "events",
            version: "1.0.0",
            plan_hash: "abc",
            description: Some("what"),
            owner: Some("ada@example.com"),
            handoff_id: None,
            genie_session: Some("01f0"),
            source: "p.raw.events",
            target: "p.mart.events",
            columns,
        }
    }

    #[test]
    fn a_run_has_a_start_and_an_end() {
        let columns = columns();
        let rows = Rows { inserted: Some(2), updated: None, deleted: None, affected: Some(2) };
        let run = RunOf {
            run_id: "7",
            state: RunState::Succeeded,
            started_at: Some("2026-10-07T23:01:14.921Z"),
            ended_at: Some("2026-10-07T23:02:14.921Z"),
            nominal_at: None,
            message: None,
            rows: Some(rows),
        };
        let events = run_events(&subject(&columns), &run);
        let kinds: Vec<_> = events.iter().map(|event| event["eventType"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["START", "COMPLETE"]);
        assert_eq!(events[0]["run"]["runId"], events[1]["run"]["runId"]);
        let output = &events[1]["outputs"][0];
        assert_eq!(output["outputFacets"]["outputStatistics"]["rowCount"], 2);
        let fields = &output["facets"]["columnLineage"]["fields"];
        assert_eq!(fields["id"]["inputFields"][0]["transformations"][0]["subtype"], "IDENTITY");
        assert_eq!(fields["valid_from"]["inputFields"], json!([]));
        assert_eq!(fields.get("*"), None);
        let going_on = RunOf { state: RunState::Running, ended_at: None, ..run.clone() };
        assert_eq!(run_events(&subject(&columns), &going_on).len(), 1);
        let never = RunOf { state: RunState::Skipped, started_at: None, ..run.clone() };
        assert_eq!(run_events(&subject(&columns), &never).len(), 0);
        let failed = RunOf { state: RunState::Failed, message: Some("The SQL failed."), ..run };
        let events = run_events(&subject(&columns), &failed);
        assert_eq!(events[1]["eventType"], "FAIL");
        assert_eq!(events[1]["run"]["facets"]["errorMessage"]["message"], "The SQL failed.");
    }

    #[test]
    fn run_ids_are_uuids_that_stay() {
        let id = run_uuid("a.example", "7");
        assert_eq!(id, run_uuid("a.example", "7"));
        assert_ne!(id, run_uuid("b.example", "7"));
        assert_eq!((id.len(), id.as_bytes()[14], id.matches('-').count()), (36, b'8', 4));
        assert!(matches!(id.as_bytes()[19], b'8' | b'9' | b'a' | b'b'), "{id}");
    }
}
