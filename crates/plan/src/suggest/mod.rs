//! From a handoff context to a plan, with reasons and open questions.
//!
//! - Words of the intent, the shape of the queries, and columns with their types and keys are weighed; see `lexicon`
//!   for the words and `bench/suggest` for how often that is right.
//! - Nothing is invented. What the context does not tell is left out of the plan and asked in [`Suggestion::open`];
//!   owner, warehouse, id, time and time zone come from [`Options`] or stay open.
//! - Every error that [`crate::validate`] finds in the plan has an open question at its path or above it.
//! - Equal input gives equal output. The words understood are English; names may be in any script.
//!
//! A suggestion is a draft for a person. It is never deployed by itself.

mod assemble;
mod clock;
mod columns;
mod configure;
mod evidence;
mod lexicon;
mod light;
mod order;
mod score;
mod shape;
mod tables;
mod when;
mod words;
mod zones;

pub use evidence::{Evidence, Place};
pub use shape::{QueryShape, ShapeColumn, ShapeGrouping, ShapeLatest, ShapeRange};
pub use when::{Wanted, When, read as read_schedule};

use handoff::Context;
use serde_json::{Map, Value};

use crate::patterns::PatternKind;

/// What the caller knows and a context does not say.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The current time, RFC 3339, for `created_at`.
    pub now: Option<String>,
    /// A fresh UUID for the plan.
    pub plan_id: Option<String>,
    /// Who answers for the plan.
    pub owner: Option<String>,
    /// The IANA time zone of the person, used if the intent names none.
    pub time_zone: Option<String>,
    /// The SQL warehouse; before that of the context.
    pub warehouse_id: Option<String>,
    /// What a full parser read in `exploration_queries`, by index; `None` where it refused. Queries without an entry
    /// are read lightly.
    pub queries: Vec<Option<QueryShape>>,
}

/// A plan with its reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The plan, for [`crate::validate`].
    pub plan: Value,
    /// Its pattern, if one could be chosen.
    pub pattern: Option<PatternKind>,
    /// How sure the pattern is, in [0, 1].
    pub score: f32,
    /// The schedule in five fields, for people.
    pub unix_cron: Option<String>,
    /// Why the plan is as it is.
    pub reasons: Vec<Reason>,
    /// Other patterns, best first.
    pub alternatives: Vec<Alternative>,
    /// What a person has to say.
    pub open: Vec<Open>,
}

/// Why a part of the plan is as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// A stable name for programs.
    pub code: &'static str,
    /// The part of the plan, as a JSON Pointer.
    pub path: &'static str,
    /// For people.
    pub text: String,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}

/// A pattern that was not chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// The pattern.
    pub pattern: PatternKind,
    /// How much speaks for it, in [0, 1].
    pub score: f32,
    /// Why it is not first.
    pub why_not: String,
}

/// A question that the context does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// Where the answer goes, as a JSON Pointer into the plan.
    pub path: String,
    /// A stable name for programs.
    pub code: &'static str,
    /// For people.
    pub question: String,
}

impl Suggestion {
    /// The suggestion as JSON, keys in `snake_case`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let evidence = |e: &Evidence| {
            object([("where", Value::String(e.place.text())), ("quote", Value::String(e.quote.clone()))])
        };
        let text = |t: &str| Value::String(t.to_owned());
        let reason = |r: &Reason| {
            object([
                ("code", text(r.code)),
                ("path", text(r.path)),
                ("text", text(&r.text)),
                ("evidence", Value::Array(r.evidence.iter().map(evidence).collect())),
            ])
        };
        let alternative = |a: &Alternative| {
            object([
                ("pattern", text(a.pattern.as_str())),
                ("score", number(a.score)),
                ("why_not", text(&a.why_not)),
            ])
        };
        let open = |o: &Open| {
            object([("path", text(&o.path)), ("code", text(o.code)), ("question", text(&o.question))])
        };
        object([
            ("plan", self.plan.clone()),
            ("pattern", self.pattern.map_or(Value::Null, |p| text(p.as_str()))),
            ("score", number(self.score)),
            ("unix_cron", self.unix_cron.as_deref().map_or(Value::Null, text)),
            ("reasons", Value::Array(self.reasons.iter().map(reason).collect())),
            ("alternatives", Value::Array(self.alternatives.iter().map(alternative).collect())),
            ("open", Value::Array(self.open.iter().map(open).collect())),
        ])
    }
}

fn object<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let mut map = Map::new();
    for (key, value) in entries {
        map.insert(key.to_owned(), value);
    }
    Value::Object(map)
}

/// Two decimals, as people read them; a single-precision number printed in double precision has a tail. No negative
/// zero: JSON would keep it.
fn number(score: f32) -> Value {
    Value::from((f64::from(score) * 100.0).round() / 100.0 + 0.0)
}

/// Suggests a plan.
#[must_use]
pub fn suggest(context: &Context, options: &Options) -> Suggestion {
    assemble::suggest(context, options)
}
