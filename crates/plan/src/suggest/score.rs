//! Which load pattern: words, queries and columns, weighed.

use super::columns::{Columns, Validity};
use super::evidence::{Evidence, Place};
use super::lexicon::{PHRASES, SINCE, UNCHANGING};
use super::order::heaviest_first;
use super::shape::QueryShape;
use super::words::Words;
use crate::patterns::PatternKind;

/// Something that speaks for a pattern, or against it.
#[derive(Debug, Clone)]
pub(crate) struct Signal {
    pub pattern: PatternKind,
    pub weight: f32,
    pub code: &'static str,
    pub text: String,
    pub evidence: Evidence,
    /// Words of the intent, for overlap.
    words: Option<(usize, usize)>,
}

/// The weight of every pattern with what it rests on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scores {
    pub signals: Vec<Signal>,
    /// "append or replace": the person does not know. The words.
    pub undecided: Option<(usize, usize)>,
    /// Only what came since the last run is wanted.
    pub since: bool,
}

impl Scores {
    pub fn weight(&self, pattern: PatternKind) -> f32 {
        self.signals.iter().filter(|s| s.pattern == pattern).map(|s| s.weight).sum()
    }

    /// All patterns, the heaviest first; equal ones in the order of the schema.
    pub fn ranked(&self) -> Vec<(PatternKind, f32)> {
        heaviest_first(PatternKind::ALL.map(|p| (p, self.weight(p))), |p| p.1)
    }

    fn add(&mut self, pattern: PatternKind, weight: f32, code: &'static str, text: &str, evidence: Evidence) {
        self.signals.push(Signal { pattern, weight, code, text: text.to_owned(), evidence, words: None });
    }
}

/// A weight as a score in [0, 1].
pub(crate) fn score(weight: f32) -> f32 {
    let weight = weight.max(0.0);
    (weight / (weight + 3.0) * 100.0).round() / 100.0
}

/// What the words say. `names` are words that are parts of table names and say nothing about the load.
pub(crate) fn of_words(words: &Words<'_>) -> Scores {
    let mut scores = Scores::default();
    for phrase in UNCHANGING {
        if let Some((from, to)) = words.find(phrase) {
            let (start, end) = words.quote(from, to);
            let quote = words.text.get(start..end).unwrap_or_default();
            scores.add(
                PatternKind::IncrementalAppend,
                2.4,
                "intent_unchanging",
                "rows do not change once they are there",
                Evidence::of(Place::Intent, quote),
            );
            break;
        }
    }
    let mut found: Vec<Signal> = Vec::new();
    for n in 0..words.list.len() {
        for (phrase, pattern, weight) in PHRASES {
            let Some(end) = words.matches(n, phrase) else { continue };
            let negated = words.list.get(n..end).unwrap_or_default().iter().any(|w| w.negated)
                && *pattern != PatternKind::Deduplicate;
            let weight = if negated { -0.8 * weight } else { *weight };
            let (start, stop) = words.quote(n, end);
            let quote = words.text.get(start..stop).unwrap_or_default();
            found.push(Signal {
                pattern: *pattern,
                weight,
                code: if negated { "intent_negated" } else { "intent_words" },
                text: if negated {
                    format!("the intent rules {} out", pattern.as_str())
                } else {
                    format!("the intent speaks for {}", pattern.as_str())
                },
                evidence: Evidence::of(Place::Intent, quote),
                words: Some((n, end)),
            });
        }
    }
    scores.undecided = undecided(&found, words);
    // Of overlapping phrases for one pattern the heaviest counts, and a phrase that is repeated counts once and a half.
    let found = heaviest_first(found, |s| s.weight.abs());
    let mut kept: Vec<Signal> = Vec::new();
    for mut signal in found {
        let overlaps = |other: &&Signal| {
            other.pattern == signal.pattern
                && matches!((other.words, signal.words), (Some(a), Some(b)) if a.0 < b.1 && b.0 < a.1)
        };
        if kept.iter().any(|k| overlaps(&k)) {
            continue;
        }
        let repeated = kept.iter().any(|k| {
            k.pattern == signal.pattern
                && k.evidence.quote.to_lowercase() == signal.evidence.quote.to_lowercase()
        });
        if repeated {
            signal.weight *= 0.25;
        }
        kept.push(signal);
    }
    scores.signals.extend(kept);
    scores.since = SINCE
        .iter()
        .any(|p| words.find(p).is_some_and(|(n, _)| !words.list.get(n).is_some_and(|w| w.negated)));
    scores
}

/// "append or replace".
fn undecided(found: &[Signal], words: &Words<'_>) -> Option<(usize, usize)> {
    let strong: Vec<(usize, usize, PatternKind)> = found
        .iter()
        .filter(|s| s.weight >= 2.0)
        .filter_map(|s| s.words.map(|(from, to)| (from, to, s.pattern)))
        .collect();
    for (from, to, pattern) in &strong {
        let other =
            strong.iter().find(|(start, _, p)| p != pattern && start == &(to + 1) && words.word(*to) == "or");
        if let Some((_, end, _)) = other {
            return Some(words.quote(*from, *end));
        }
    }
    None
}

/// What the queries say.
pub(crate) fn of_queries(scores: &mut Scores, shapes: &[QueryShape], target: Option<&Columns>) {
    use PatternKind as P;
    let whole = |n: usize| Evidence::of(Place::Query(n), "");
    let last_grouped = shapes.iter().rposition(|s| s.groupings.iter().any(|g| !g.aggregates.is_empty()));
    let mut moved = false;
    for (n, shape) in shapes.iter().enumerate() {
        if shape.ranges.iter().any(|r| r.maximum.is_some() && r.lower) {
            scores.add(
                P::IncrementalAppend,
                3.0,
                "query_above_maximum",
                "a query takes rows above the highest value that is there already",
                whole(n),
            );
        } else if shape.ranges.iter().any(|r| r.relative && r.lower) && !moved {
            moved = true;
            scores.add(
                P::IncrementalAppend,
                0.5,
                "query_recent_rows",
                "a query looks at recent rows by time",
                whole(n),
            );
        }
        if !shape.maxima.is_empty() {
            scores.add(
                P::IncrementalAppend,
                0.5,
                "query_maximum",
                "a query asks for the latest time",
                whole(n),
            );
        }
        if shape.latest.iter().any(|l| !l.partition_by.is_empty()) {
            scores.add(
                P::Deduplicate,
                1.2,
                "query_row_number",
                "a query numbers the rows of each key",
                whole(n),
            );
            scores.add(
                P::MergeUpsert,
                1.0,
                "query_row_number",
                "a query takes the latest row of each key",
                whole(n),
            );
        }
        if Some(n) == last_grouped {
            let outputs: Vec<&String> = shape
                .groupings
                .iter()
                .flat_map(|g| {
                    g.aggregates
                        .iter()
                        .filter_map(|a| a.2.as_ref())
                        .chain(g.buckets.iter().filter_map(|b| b.2.as_ref()))
                })
                .collect();
            let in_target = |o: &&&String| target.is_some_and(|t| t.has(o));
            let hits = outputs.iter().filter(in_target).count();
            if hits > 0 && hits * 2 >= outputs.len() {
                scores.add(
                    P::AggregateRefresh,
                    3.0,
                    "query_makes_target",
                    "a query computes the columns of the target",
                    whole(n),
                );
            } else {
                scores.add(
                    P::AggregateRefresh,
                    1.2,
                    "query_groups",
                    "a query groups and aggregates",
                    whole(n),
                );
            }
        } else if shape.groupings.iter().any(|g| !g.by.is_empty() || !g.buckets.is_empty()) {
            scores.add(P::AggregateRefresh, 0.3, "query_groups", "a query groups rows", whole(n));
        }
    }
}

/// What the name of the target says.
pub(crate) fn of_target_name(scores: &mut Scores, name: &str) {
    for part in super::columns::parts(name) {
        if let Some((_, pattern, weight)) =
            super::lexicon::TARGET_NAMES.iter().find(|(word, _, _)| *word == part)
        {
            let text = format!("the name of the target speaks for {}", pattern.as_str());
            scores.add(*pattern, *weight, "target_name", &text, Evidence::of(Place::Tables, name));
        }
    }
}

/// What the columns of source and target say.
pub(crate) fn of_columns(scores: &mut Scores, source: &Columns, target: Option<&Columns>) {
    use PatternKind as P;
    let Some(target) = target.filter(|t| !t.list.is_empty()) else { return };
    let quote = |names: &[&String]| {
        Evidence::of(Place::Columns, &names.iter().map(|n| n.as_str()).collect::<Vec<_>>().join(", "))
    };
    let validity = Validity::of(target);
    if validity.count() >= 2 && Validity::of(source).count() < validity.count() {
        let names: Vec<&String> =
            [&validity.from, &validity.to, &validity.current].into_iter().flatten().collect();
        scores.add(P::Scd2, 2.6, "target_validity", "the target has columns for validity", quote(&names));
    }
    let extra: Vec<&String> = target.list.iter().map(|c| &c.name).filter(|n| !source.has(n)).collect();
    let shared = target.list.len() - extra.len();
    if let [only] = extra.as_slice()
        && shared > 0
        && shared == source.list.len()
    {
        let (date, _) = super::columns::snapshot_date(source, Some(target), &Words::default()).unzip();
        if date.is_some() {
            scores.add(
                P::Snapshot,
                1.8,
                "target_date_added",
                "the target is the source and a date",
                quote(&[only]),
            );
        }
        let first = target.list.first().is_some_and(|c| c.name == **only);
        let parts = super::columns::parts(only);
        if first && parts.last().is_some_and(|p| matches!(p.as_str(), "sk" | "key" | "skey")) {
            scores.add(
                P::SurrogateKey,
                1.8,
                "target_key_added",
                "the target is the source and a key",
                quote(&[only]),
            );
        }
    }
    if !source.list.is_empty() && shared * 2 < target.list.len() && validity.count() < 2 {
        let names: Vec<&String> = extra.into_iter().take(4).collect();
        scores.add(
            P::AggregateRefresh,
            0.8,
            "target_other_columns",
            "the target has columns that the source lacks",
            quote(&names),
        );
    }
}
