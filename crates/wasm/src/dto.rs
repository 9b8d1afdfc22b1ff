//! The types that cross to JavaScript. Twins of the domain types, made by hand: what pages rely on changes here or not
//! at all. A context crosses as the JSON that it is, with its unknown keys in their places.

use border::{Choices, Crosses, Each, Json, Written, crosses};
use plan::Document;
use wasm_bindgen::JsValue;

/// A Genie space that somebody named.
#[derive(Debug)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SpaceReference<'a> {
    /// The id of the space: 32 characters of `0-9a-f`.
    pub space_id: &'a str,
}

impl Crosses for SpaceReference<'_> {
    fn write(&self, out: &mut Json) {
        // Spelt as everywhere else in this product.
        out.raw("{\"space_id\":");
        self.space_id.write(out);
        out.raw("}");
    }
}

crosses! {
    /// What a redaction took out.
    #[derive(Debug)]
    pub struct Removed<'a> {
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
        #[cfg_attr(test, ts(as = "Vec<border::Finding>"))]
        pub warnings: Each<'a, handoff::Issue>,
    }

    /// A context without data, and what was taken out.
    #[derive(Debug)]
    pub struct RedactedContext<'a> {
        /// The context.
        #[cfg_attr(test, ts(type = "HandoffContext"))]
        pub context: Written<'a>,
        /// What was taken out.
        pub removed: Removed<'a>,
    }
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
        let mut choices = Choices::read(json);
        let read = Self {
            base_url: choices.text("baseUrl"),
            place: choices.text("place"),
            mode: choices.text("mode"),
        };
        choices.done()?;
        Ok(read)
    }
}

crosses! {
    /// A link.
    #[derive(Debug)]
    pub struct EncodedHandoff<'a> {
        /// The link.
        pub url: &'a str,
        /// The part that holds the context.
        pub payload: &'a str,
        /// Characters of the link.
        pub length: usize,
        /// How far a link of this length travels: up to 2,000, 4,000, 8,000 characters, or over.
        #[cfg_attr(test, ts(type = "\"2000\" | \"4000\" | \"8000\" | \"over\""))]
        pub step: &'static str,
        /// What the link carries: the context that was given, without data.
        #[cfg_attr(test, ts(type = "HandoffContext"))]
        pub context: Written<'a>,
        /// What was taken out, and what to look at before the link is sent.
        pub removed: Removed<'a>,
    }

    /// A signature as it travels. `unchecked` says nothing yet: `verifyHandoff` checks it.
    #[derive(Debug)]
    pub struct HandoffSignature<'a> {
        /// What is known.
        #[cfg_attr(test, ts(type = "\"unsigned\" | \"unchecked\""))]
        pub state: &'static str,
        /// Which of the deployment's keys was used.
        pub key_id [optional]: Option<&'a str>,
        /// When the link stops being valid, in seconds since 1970.
        #[cfg_attr(test, ts(type = "number"))]
        pub expires [optional]: Option<i64>,
        /// The host that the link is for.
        pub audience [optional]: Option<&'a str>,
        /// The signature, base64url.
        pub signature [optional]: Option<String>,
        /// The text that must have been signed.
        pub signed [optional]: Option<&'a str>,
    }

    /// A context out of a link. Untrusted, whatever the signature says.
    #[derive(Debug)]
    pub struct DecodedHandoff<'a> {
        /// The context.
        #[cfg_attr(test, ts(type = "HandoffContext"))]
        pub context: Written<'a>,
        /// The form it came in.
        #[cfg_attr(test, ts(type = "\"primed\" | \"plain\" | \"base64-json\" | \"percent-json\" | \"json\""))]
        pub format: &'static str,
        /// What is known about the signature.
        pub signature: HandoffSignature<'a>,
        /// What validation finds.
        #[cfg_attr(test, ts(as = "Vec<border::Finding>"))]
        pub warnings: Each<'a, handoff::Issue>,
    }

    /// Whether a plan can be built on a context.
    #[derive(Debug)]
    pub struct Readiness<'a> {
        /// True without a finding of severity error.
        pub ready: bool,
        /// Everything found, and what could not be checked.
        #[cfg_attr(test, ts(as = "Vec<border::Finding>"))]
        pub issues: Each<'a, handoff::Issue>,
    }

    /// What is wrong with a plan.
    #[derive(Debug)]
    pub struct PlanReport<'a> {
        /// True without an error.
        pub valid: bool,
        /// Whether its SQL can be written, although something may still stand in the way of a run.
        pub renderable: bool,
        /// The plan's hash, valid or not.
        pub hash: &'a str,
        /// Every problem.
        #[cfg_attr(test, ts(as = "Vec<border::Finding>"))]
        pub issues: Each<'a, plan::Issue>,
    }
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
    pub column_types: (Vec<String>, Vec<String>),
    /// The warehouse takes CLUSTER BY in CREATE TABLE.
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub cluster_by: bool,
    /// The warehouse takes INSERT BY NAME REPLACE WHERE.
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub replace_where_by_name: bool,
}

impl RenderOptions {
    pub(crate) fn read(json: &str) -> Result<Self, JsValue> {
        let mut choices = Choices::read(json);
        let read = Self {
            run_time: choices.text("runTime"),
            snapshot_date: choices.text("snapshotDate"),
            genie_session: choices.text("genieSession"),
            target_columns: choices.texts("targetColumns"),
            column_types: choices.text_map("columnTypes"),
            cluster_by: choices.flag("clusterBy"),
            replace_where_by_name: choices.flag("replaceWhereByName"),
        };
        choices.done()?;
        Ok(read)
    }
}

crosses! {
    /// A statement with a name.
    #[derive(Debug)]
    pub struct NamedStatement<'a> {
        /// A stable name for programs.
        pub name: &'static str,
        /// What it is for.
        pub purpose: &'static str,
        /// One statement, without a semicolon.
        pub sql: &'a str,
    }

    /// Everything that can be run for a plan.
    #[derive(Debug)]
    pub struct PlanStatements<'a> {
        /// The load.
        pub load: &'a str,
        /// Once, before the first load: creates a target that does not exist yet.
        #[cfg_attr(test, ts(as = "Vec<NamedStatement>"))]
        pub setup: Each<'a, sql::Statement>,
        /// Before each load: each fails with its reason if the load should not go on.
        #[cfg_attr(test, ts(as = "Vec<NamedStatement>"))]
        pub checks: Each<'a, sql::Statement>,
        /// For a staged full replace: in place of the load.
        #[cfg_attr(test, ts(as = "Vec<NamedStatement>"))]
        pub staging: Each<'a, sql::Statement>,
        /// After the load, if anything is left to do.
        #[cfg_attr(test, ts(as = "Vec<NamedStatement>"))]
        pub after: Each<'a, sql::Statement>,
        /// The load behind EXPLAIN.
        pub explain: &'a str,
    }

    /// Where a target column comes from.
    #[derive(Debug)]
    pub struct ColumnLineage<'a> {
        /// The column of the target; `*` for all that the plan does not name.
        pub target_column: &'a str,
        /// The columns that it is made from.
        pub source_columns: &'a [String],
        /// `identity`, or how it is computed.
        pub derivation: &'a str,
        /// The source table.
        pub source_table: &'a str,
        /// The target table.
        pub target_table: &'a str,
    }

    /// What the account that runs the load must be allowed to do.
    #[derive(Debug)]
    pub struct RequiredPrivilege<'a> {
        /// As SQL writes it.
        pub privilege: &'static str,
        /// On what.
        pub on: &'a str,
        /// Why.
        pub reason: &'static str,
        /// Only needed while the target does not exist.
        pub only_to_create: bool,
    }

    /// A part of a SQL text with its colour.
    #[derive(Debug)]
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
    #[derive(Debug)]
    pub struct PlanEffect<'a> {
        /// The kind.
        #[cfg_attr(test, ts(type = "\"adds\" | \"updates\" | \"deletes\" | \"replaces\""))]
        pub effect: &'static str,
        /// Whether rows that are there can be lost.
        pub destructive: bool,
        /// In plain words.
        pub text: &'a str,
    }

    /// A plan in plain words.
    #[derive(Debug)]
    pub struct PlanExplanation<'a> {
        /// The plan in one sentence.
        pub summary: &'a str,
        /// What happens to rows, the destructive things first.
        #[cfg_attr(test, ts(as = "Vec<PlanEffect>"))]
        pub effects: Each<'a, (sql::Effect, String)>,
        /// What else to know.
        pub notes: &'a [String],
    }

    /// A rendered plan.
    #[derive(Debug)]
    pub struct RenderedPlan<'a> {
        /// The load: one statement, one commit.
        pub sql: &'a str,
        /// Everything that can be run.
        pub statements: PlanStatements<'a>,
        /// Read-only queries that tell what a run would do.
        #[cfg_attr(test, ts(as = "Vec<NamedStatement>"))]
        pub preview_queries: Each<'a, sql::Statement>,
        /// Where each target column comes from.
        #[cfg_attr(test, ts(as = "Vec<ColumnLineage>"))]
        pub lineage: Each<'a, sql::ColumnLineage>,
        /// What a person should know before a run.
        #[cfg_attr(test, ts(as = "Vec<border::Finding>"))]
        pub warnings: Each<'a, plan::Issue>,
        /// What the account that runs it must be allowed to do.
        #[cfg_attr(test, ts(as = "Vec<RequiredPrivilege>"))]
        pub privileges: Each<'a, sql::Privilege>,
        /// Colours of `sql`.
        #[cfg_attr(test, ts(as = "Vec<HighlightSpan>"))]
        pub highlight: Each<'a, sql::Span>,
    }

    /// One difference between two plans.
    #[derive(Debug)]
    pub struct PlanChange<'a> {
        /// What happened.
        #[cfg_attr(test, ts(type = "\"added\" | \"removed\" | \"changed\""))]
        pub kind: &'static str,
        /// JSON Pointer: into the newer plan, or into the older one for something removed.
        pub path: &'a str,
        /// The value before, if there was one.
        #[cfg_attr(test, ts(type = "unknown"))]
        pub before [optional]: Option<&'a Document>,
        /// The value after, if there is one.
        #[cfg_attr(test, ts(type = "unknown"))]
        pub after [optional]: Option<&'a Document>,
        /// The change as a sentence.
        pub words: &'a str,
        /// Whether a run can write other rows than before.
        pub changes_load: bool,
    }

    /// The SQL of two plans, where both can be rendered.
    #[derive(Debug)]
    pub struct SqlPair<'a> {
        /// Of the older plan.
        pub before: &'a str,
        /// Of the newer plan.
        pub after: &'a str,
    }

    /// The differences of two plans: structure first, then SQL.
    #[derive(Debug)]
    pub struct PlanDiff<'a> {
        /// Every difference.
        #[cfg_attr(test, ts(as = "Vec<PlanChange>"))]
        pub changes: Each<'a, plan::Change>,
        /// The loads, when both plans can be rendered and their loads differ beside the header.
        pub sql [optional]: Option<SqlPair<'a>>,
    }

    /// What is wrong with a plan, and its load.
    #[derive(Debug)]
    pub struct CheckedPlan<'a> {
        /// Everything that is wrong with it.
        pub report: PlanReport<'a>,
        /// The load: one statement, one commit. Absent if there can be none; `renderLoad` then says why.
        pub sql [optional]: Option<&'a str>,
    }
}
