//! Puts a suggestion together: pattern, tables, columns, schedule, and what stays open.

use handoff::Context;
use handoff::name::TableName;
use serde_json::{Map, Value, json};

use super::columns::{self, Columns, KeySource, Mark, Validity};
use super::evidence::{Evidence, Place};
use super::lexicon::FILTERS;
use super::score::{self, Scores};
use super::shape::QueryShape;
use super::tables::{self, Candidate};
use super::when::{self, Wanted};
use super::words::Words;
use super::{Alternative, Open, Options, Reason, Suggestion};
use crate::issue::Severity;
use crate::names::ColumnName;
use crate::patterns::PatternKind as P;

/// The least that must speak for a pattern.
const ENOUGH: f32 = 1.1;
/// Patterns closer than this are a close call.
const CLOSE: f32 = 0.5;

pub(crate) fn suggest(context: &Context, options: &Options) -> Suggestion {
    let words = Words::of(context.user_intent());
    let shapes: Vec<QueryShape> = context
        .exploration_queries()
        .enumerate()
        .map(|(n, q)| match options.queries.get(n) {
            Some(Some(shape)) => shape.clone(),
            _ => QueryShape::light(q.query),
        })
        .collect();
    let mut scores = score::of_words(&words);
    let said = scores.ranked().first().copied().filter(|(_, w)| *w >= ENOUGH).map(|(p, _)| p);
    let mut candidates = tables::candidates(context.validated_tables(), &words, &shapes);
    prepared_for_versions(context, &mut candidates);
    let (source_at, target_at) = choose(&candidates, context, said);
    let source = source_at.and_then(|n| candidates.get(n));
    let mut target = target_at.and_then(|n| candidates.get(n)).cloned();
    let named = context.target_table().and_then(|t| TableName::parse(t).ok());
    if let Some(name) = &named {
        let key = name.key();
        let known = candidates.iter().find(|c| c.full.as_ref().is_some_and(|f| f.to_lowercase() == key));
        target = Some(known.cloned().unwrap_or_else(|| Candidate {
            catalog: Some(name.catalog().to_owned()),
            schema: Some(name.schema().to_owned()),
            table: name.table().to_owned(),
            full: None,
            source: 0.0,
            target: 0.0,
            evidence: Vec::new(),
        }));
        if let Some(target) = &mut target {
            target.evidence.push((true, Evidence::of(Place::TargetTable, &name.to_string()), 9.0));
        }
    }
    let of = |c: Option<&Candidate>| c.and_then(|c| c.full.as_deref()).map(|full| Columns::of(context, full));
    let source_columns = of(source).unwrap_or_default();
    let target_columns = of(target.as_ref());
    if let Some(target) = &target {
        score::of_target_name(&mut scores, &target.table);
    }
    score::of_queries(&mut scores, &shapes, target_columns.as_ref());
    score::of_columns(&mut scores, &source_columns, target_columns.as_ref());

    let mut draft = Draft {
        words: &words,
        shapes: &shapes,
        source_columns,
        target_columns,
        reasons: Vec::new(),
        open: Vec::new(),
        config: Map::new(),
        version: "1.0",
        in_place: false,
        write_mode: None,
        columns: true,
    };
    let ranked = scores.ranked();
    let pattern = draft.pattern(&scores, &ranked);
    if pattern == Some(P::Deduplicate) && target.is_none() {
        target = source.cloned();
    }
    let same = match (source, &target) {
        (Some(source), Some(target)) => source.shown().to_lowercase() == target.shown().to_lowercase(),
        _ => false,
    };
    draft.in_place = same && pattern == Some(P::Deduplicate);
    if same && !draft.in_place && named.is_none() {
        // One table for both was a guess for removing duplicates in place, which it turned out not to be.
        target = None;
    }
    let (pattern, write_mode) = draft.configure(pattern, &scores);
    draft.write_mode = write_mode;
    let score = pattern.map_or(0.0, |p| score::score(scores.weight(p)));
    let (schedule, unix_cron) = draft.schedule(options);
    let plan = draft.plan(context, options, pattern, source, target.as_ref(), schedule);
    draft.hints(source, target.as_ref());
    draft.rest_of_validation(&plan);
    Suggestion {
        plan,
        pattern,
        score,
        unix_cron,
        alternatives: alternatives(&scores, &ranked, pattern),
        reasons: draft.reasons,
        open: draft.open,
    }
}

/// A table with all columns for validity is made to be filled by an SCD2 load.
fn prepared_for_versions(context: &Context, candidates: &mut [Candidate]) {
    for candidate in candidates {
        let Some(full) = candidate.full.clone() else { continue };
        let validity = Validity::of(&Columns::of(context, &full));
        if let (true, Some(current)) = (validity.complete(), &validity.current) {
            candidate.add(true, 1.1, Place::Columns, (0, current.len()), current);
        }
    }
}

/// Source and target among the candidates.
fn choose(all: &[Candidate], context: &Context, said: Option<P>) -> (Option<usize>, Option<usize>) {
    let known = all.iter().filter(|c| c.full.is_some()).count();
    let named = context.target_table().map(handoff::name::compare_key);
    let is_named = |c: &Candidate| named.is_some() && c.full.as_ref().map(|f| f.to_lowercase()) == named;
    let target = if named.is_some() {
        all.iter().position(is_named)
    } else {
        let net = |c: &Candidate| c.target - c.source * 0.5;
        let mut best =
            all.iter().enumerate().filter(|(_, c)| net(c) > 0.0 && c.target > c.source).collect::<Vec<_>>();
        best.sort_by(|a, b| net(b.1).total_cmp(&net(a.1)));
        best.first()
            .filter(|(at, c)| {
                // A layer alone is weak: it decides between two tables and between tables of one name.
                let twin =
                    all.iter().enumerate().any(|(n, o)| n != *at && o.table == c.table && o.full.is_some());
                let tie = best
                    .get(1)
                    .is_some_and(|second| second.1.target == c.target && second.1.source == c.source);
                c.target >= 1.0 || (!tie && (known == 2 || twin))
            })
            .map(|(at, _)| *at)
    };
    let mut sources: Vec<(usize, f32)> = all
        .iter()
        .enumerate()
        .filter(|(n, c)| c.full.is_some() && Some(*n) != target && !is_named(c))
        .map(|(n, c)| {
            let twin = target
                .and_then(|t| all.get(t))
                .is_some_and(|t| t.table.to_lowercase() == c.table.to_lowercase());
            (n, c.source - c.target * 0.5 + if twin { 1.0 } else { 0.0 })
        })
        .collect();
    sources.sort_by(|a, b| b.1.total_cmp(&a.1));
    let source = match sources.as_slice() {
        [] => None,
        [(only, _)] => Some(*only),
        [(first, best), (_, next), ..] => (*best > *next && *best > 0.0).then_some(*first),
    };
    match (source, target) {
        // "Remove duplicates in x": x is both.
        (None, Some(target))
            if said == Some(P::Deduplicate) && all.get(target).is_some_and(|c| c.full.is_some()) =>
        {
            (Some(target), Some(target))
        }
        other => other,
    }
}

fn alternatives(scores: &Scores, ranked: &[(P, f32)], chosen: Option<P>) -> Vec<Alternative> {
    ranked
        .iter()
        .filter(|(p, _)| Some(*p) != chosen)
        .map(|(pattern, weight)| {
            let strongest = |wanted: fn(f32) -> bool| {
                let mut own: Vec<_> =
                    scores.signals.iter().filter(|s| s.pattern == *pattern && wanted(s.weight)).collect();
                own.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
                own.first().copied()
            };
            let why_not = match (strongest(|w| w < 0.0), strongest(|w| w > 0.0)) {
                (Some(against), _) => format!("the intent rules it out: “{}”", against.evidence.quote),
                (None, Some(for_it)) if for_it.evidence.quote.is_empty() => {
                    format!("less speaks for it: {}", for_it.text)
                }
                (None, Some(for_it)) => format!("less speaks for it: “{}”", for_it.evidence.quote),
                (None, None) => "nothing speaks for it".to_owned(),
            };
            Alternative { pattern: *pattern, score: score::score(*weight), why_not }
        })
        .collect()
}

struct Draft<'a> {
    words: &'a Words<'a>,
    shapes: &'a [QueryShape],
    source_columns: Columns,
    target_columns: Option<Columns>,
    reasons: Vec<Reason>,
    open: Vec<Open>,
    config: Map<String, Value>,
    version: &'static str,
    in_place: bool,
    write_mode: Option<&'static str>,
    /// Whether `source.columns` is written.
    columns: bool,
}

impl Draft<'_> {
    fn reason(&mut self, code: &'static str, path: &'static str, text: String, evidence: Vec<Evidence>) {
        self.reasons.push(Reason { code, path, text, evidence });
    }

    fn ask(&mut self, path: &str, code: &'static str, question: &str) {
        self.open.push(Open { path: path.to_owned(), code, question: question.to_owned() });
    }

    fn quote(&self, span: (usize, usize)) -> Evidence {
        Evidence::of(Place::Intent, self.words.text.get(span.0..span.1).unwrap_or_default())
    }

    fn pattern(&mut self, scores: &Scores, ranked: &[(P, f32)]) -> Option<P> {
        let first = ranked.first().copied().filter(|(_, w)| *w >= ENOUGH && scores.undecided.is_none());
        let Some((pattern, weight)) = first else {
            let question = match scores.undecided {
                Some(_) => "The intent names two ways to load and does not choose. Which one is meant?",
                None => {
                    "How should the target be loaded: add new rows, keep one row per key, replace everything, keep versions, keep a copy per day, or compute totals?"
                }
            };
            self.ask("/pattern/type", "pattern_unknown", question);
            return None;
        };
        let mut own: Vec<_> =
            scores.signals.iter().filter(|s| s.pattern == pattern && s.weight > 0.0).collect();
        own.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let mut told: Vec<&str> = Vec::new();
        for signal in own {
            if told.len() < 4 && !told.contains(&signal.evidence.quote.as_str()) {
                told.push(&signal.evidence.quote);
                self.reason(signal.code, "/pattern/type", signal.text.clone(), vec![signal.evidence.clone()]);
            }
        }
        if let Some((other, near)) = ranked.get(1)
            && weight - near < CLOSE
            && *near >= ENOUGH
        {
            let question = format!(
                "{} and {} are equally likely. Which one is meant?",
                pattern.as_str(),
                other.as_str()
            );
            self.ask("/pattern/type", "pattern_close", &question);
        }
        Some(pattern)
    }

    /// Fills `pattern_config` and gives the pattern and its write mode.
    fn configure(&mut self, pattern: Option<P>, scores: &Scores) -> (Option<P>, Option<&'static str>) {
        let Some(mut pattern) = pattern else { return (None, None) };
        let merging = scores.weight(P::MergeUpsert) >= 1.2;
        // New and changed rows since the last run: the merging kind of an incremental load.
        if pattern == P::MergeUpsert
            && scores.since
            && !columns::watermarks(&self.source_columns, self.words, self.shapes, true).is_empty()
        {
            pattern = P::IncrementalAppend;
            self.reason(
                "since_last_run",
                "/pattern/type",
                "new and changed rows since the last run: an incremental load that merges".to_owned(),
                Vec::new(),
            );
        }
        let mode = match pattern {
            P::IncrementalAppend => {
                let merge = merging && scores.since;
                self.watermark(merge);
                if merge {
                    self.keys("match_columns");
                    "merge"
                } else {
                    "append"
                }
            }
            P::FullReplace => "overwrite",
            P::MergeUpsert => {
                self.keys("merge_keys");
                "merge"
            }
            P::Scd2 => {
                self.keys("business_keys");
                self.validity();
                "merge"
            }
            P::Snapshot => {
                self.snapshot();
                "append"
            }
            P::AggregateRefresh => {
                self.version = "1.1";
                self.aggregate();
                "merge"
            }
            P::SurrogateKey => {
                self.version = "1.1";
                self.keys("business_keys");
                self.surrogate();
                "merge"
            }
            P::Deduplicate => {
                self.version = "1.1";
                self.columns = !self.in_place;
                self.keys("key_columns");
                self.order();
                "overwrite"
            }
        };
        (Some(pattern), Some(mode))
    }

    fn watermark(&mut self, merge: bool) {
        let marks = columns::watermarks(&self.source_columns, self.words, self.shapes, merge);
        let Some(best) = marks.first().cloned() else {
            self.ask(
                "/pattern_config/watermark_column",
                "watermark_unknown",
                "Which column grows with every new row, such as the time of arrival?",
            );
            self.ask(
                "/pattern_config/watermark_type",
                "watermark_type_unknown",
                "Is that column a timestamp, a date or a number?",
            );
            return;
        };
        self.config.insert("watermark_column".to_owned(), json!(best.name));
        let evidence = match (best.said, best.query) {
            (Some(span), _) => self.quote(span),
            (None, Some(n)) => Evidence::of(Place::Query(n), ""),
            (None, None) => Evidence::of(Place::Columns, &best.name),
        };
        let text = format!("`{}` tells new rows from old ones", best.name);
        self.reason("watermark", "/pattern_config/watermark_column", text, vec![evidence]);
        self.watermark_type(&best);
        if let Some(second) = marks.get(1).filter(|m| best.score - m.score < 0.4) {
            let question = format!("`{}` or `{}`: which of them never goes back?", best.name, second.name);
            self.ask("/pattern_config/watermark_column", "watermark_choice", &question);
        }
    }

    fn watermark_type(&mut self, mark: &Mark) {
        const PATH: &str = "/pattern_config/watermark_type";
        let Some(kind) = mark.kind else {
            let question = format!("Is `{}` a timestamp, a date or a number?", mark.name);
            self.ask(PATH, "watermark_type_unknown", &question);
            return;
        };
        self.config.insert("watermark_type".to_owned(), json!(kind));
        if mark.typed {
            let text = format!("`{}` is a {kind} column", mark.name);
            self.reason("watermark_type", PATH, text, vec![Evidence::of(Place::Columns, &mark.name)]);
        } else {
            let question = format!("`{}` is taken as a {kind} because of its name. Is it one?", mark.name);
            self.ask(PATH, "watermark_type_from_name", &question);
        }
    }

    fn keys(&mut self, config_key: &'static str) {
        let path = match config_key {
            "match_columns" => "/pattern_config/match_columns",
            "merge_keys" => "/pattern_config/merge_keys",
            "key_columns" => "/pattern_config/key_columns",
            _ => "/pattern_config/business_keys",
        };
        let found =
            columns::keys(&self.source_columns, self.target_columns.as_ref(), self.words, self.shapes);
        let Some((keys, source)) = found else {
            self.ask(path, "keys_unknown", "Which columns identify a row?");
            return;
        };
        let list = keys.join(", ");
        let (code, text, evidence) = match &source {
            KeySource::Said(span) => ("key_said", format!("the intent names {list}"), self.quote(*span)),
            KeySource::Catalog => (
                "key_catalog",
                format!("{list} is the primary key of the source"),
                Evidence::of(Place::Keys, &list),
            ),
            KeySource::TargetCatalog => (
                "key_target",
                format!("{list} is the primary key of the target"),
                Evidence::of(Place::Keys, &list),
            ),
            KeySource::Query(n) => (
                "key_query",
                format!("a query tells rows apart by {list}"),
                Evidence::of(Place::Query(*n), ""),
            ),
            KeySource::Name => (
                "key_name",
                format!("{list} is named as the key of the table"),
                Evidence::of(Place::Columns, &list),
            ),
            KeySource::Position => (
                "key_position",
                format!("{list} comes first and is named like a key"),
                Evidence::of(Place::Columns, &list),
            ),
        };
        self.reason(code, path, text, vec![evidence]);
        if matches!(source, KeySource::Name | KeySource::Position) {
            let question = format!(
                "Is {list} unique in the source? Unity Catalog knows no key, the name alone suggests it."
            );
            self.ask(path, "keys_unsure", &question);
        }
        self.config.insert(config_key.to_owned(), json!(keys));
    }

    fn validity(&mut self) {
        let target = self.target_columns.as_ref().map(Validity::of).unwrap_or_default();
        for (key, path, column, default) in [
            ("effective_date_column", "/pattern_config/effective_date_column", &target.from, "valid_from"),
            ("end_date_column", "/pattern_config/end_date_column", &target.to, "valid_to"),
            ("current_flag_column", "/pattern_config/current_flag_column", &target.current, "is_current"),
        ] {
            let taken = |name: &str| self.source_columns.has(name);
            match column {
                Some(name) if !taken(name) => {
                    self.config.insert(key.to_owned(), json!(name));
                    let text = format!("the target has `{name}`");
                    let evidence = vec![Evidence::of(Place::Columns, name)];
                    self.reason("target_validity", path, text, evidence);
                }
                _ if taken(default) => {
                    let question = format!(
                        "The source has `{default}` itself. How should the column be called that the load fills?"
                    );
                    self.ask(path, "validity_column_taken", &question);
                }
                // The schema's own default.
                _ => {}
            }
        }
        if self.source_columns.list.is_empty() {
            self.ask(
                "/source/columns",
                "columns_unknown",
                "Which columns does the source have? Changes are found by comparing them.",
            );
        }
        // A change of these alone is no new version of what the person cares about.
        if !target.complete() && target.count() > 0 {
            self.ask(
                "/pattern_config",
                "validity_incomplete",
                "The target has some columns for validity and not all three: from, to, and a flag for the current row. Which are they?",
            );
        }
    }

    fn snapshot(&mut self) {
        const PATH: &str = "/pattern_config/snapshot_date_column";
        match columns::snapshot_date(&self.source_columns, self.target_columns.as_ref(), self.words) {
            Some((name, said)) => {
                let evidence = match said {
                    Some(span) => self.quote(span),
                    None => Evidence::of(Place::Columns, &name),
                };
                self.reason(
                    "snapshot_date",
                    PATH,
                    format!("`{name}` holds the date of the copy"),
                    vec![evidence],
                );
                self.config.insert("snapshot_date_column".to_owned(), json!(name));
            }
            None => self.ask(
                PATH,
                "snapshot_date_column_unknown",
                "How is the column of the target called that holds the date of the copy?",
            ),
        }
    }

    fn surrogate(&mut self) {
        const PATH: &str = "/pattern_config/surrogate_key_column";
        match columns::surrogate_column(&self.source_columns, self.target_columns.as_ref(), self.words) {
            Some((name, said)) => {
                let evidence = match said {
                    Some(span) => self.quote(span),
                    None => Evidence::of(Place::Columns, &name),
                };
                self.reason("surrogate_key", PATH, format!("`{name}` holds the new key"), vec![evidence]);
                self.config.insert("surrogate_key_column".to_owned(), json!(name));
            }
            None => self.ask(
                PATH,
                "surrogate_key_column_unknown",
                "How is the column of the target called that holds the new key?",
            ),
        }
        if self.source_columns.list.is_empty() {
            self.ask(
                "/source/columns",
                "columns_unknown",
                "Which columns should the target take from the source?",
            );
        }
    }

    fn order(&mut self) {
        const PATH: &str = "/pattern_config/order_by";
        let from_query = self.shapes.iter().enumerate().rev().find_map(|(n, shape)| {
            let latest = shape.latest.iter().find(|l| !l.order_by.is_empty())?;
            let order: Option<Vec<Value>> = latest
                .order_by
                .iter()
                .map(|(c, descending)| {
                    let name = &self.source_columns.find(&c.column)?.name;
                    Some(json!({"column": name, "direction": if *descending { "desc" } else { "asc" }}))
                })
                .collect();
            Some((order?, n))
        });
        if let Some((order, n)) = from_query {
            self.config.insert("order_by".to_owned(), Value::Array(order));
            let evidence = vec![Evidence::of(Place::Query(n), "")];
            self.reason(
                "order_query",
                PATH,
                "a query orders the rows of a key like this".to_owned(),
                evidence,
            );
            return;
        }
        let marks = columns::watermarks(&self.source_columns, self.words, self.shapes, true);
        match marks.first() {
            Some(best) => {
                self.config
                    .insert("order_by".to_owned(), json!([{"column": best.name, "direction": "desc"}]));
                let text = format!("the latest row by `{}` stays", best.name);
                let evidence = vec![Evidence::of(Place::Columns, &best.name)];
                self.reason("order_latest", PATH, text, evidence);
            }
            None => self.ask(PATH, "order_unknown", "Which of several rows with one key should stay?"),
        }
    }

    fn aggregate(&mut self) {
        let own = |c: &super::shape::ShapeColumn| {
            c.table.as_ref().is_none_or(|t| *t == self.source_columns.table)
                && self.source_columns.has(&c.column)
        };
        // The last query is the refined one.
        let found = self.shapes.iter().enumerate().rev().find_map(|(n, shape)| {
            let group = shape.groupings.iter().rev().find(|g| !g.aggregates.is_empty())?;
            let by: Vec<&super::shape::ShapeColumn> = group.by.iter().filter(|c| own(c)).collect();
            let buckets: Vec<_> = group.buckets.iter().filter(|(c, _, _)| own(c)).collect();
            let usable = !by.is_empty() || !buckets.is_empty();
            usable.then(|| (n, group.clone()))
        });
        let Some((n, group)) = found else {
            self.ask("/pattern_config/group_by", "group_unknown", "By which columns should rows be grouped?");
            self.ask(
                "/pattern_config/aggregates",
                "aggregates_unknown",
                "What should be counted or summed up?",
            );
            return;
        };
        let spell = |c: &super::shape::ShapeColumn| {
            own(c).then(|| self.source_columns.find(&c.column).map(|c| c.name.clone())).flatten()
        };
        let by: Vec<String> = group.by.iter().filter_map(spell).collect();
        let mut config = Map::new();
        let mut lost = by.len() != group.by.len() || !group.complete;
        let mut outputs: Vec<String> = by.iter().map(|b| b.to_lowercase()).collect();
        if !by.is_empty() {
            config.insert("group_by".to_owned(), json!(by));
        }
        let mut unnamed = false;
        let mut bucket_open = false;
        match group.buckets.as_slice() {
            [] => {}
            [(column, grain, alias)] => match (spell(column), grain, alias) {
                (Some(column), Some(grain), Some(alias)) if !outputs.contains(&alias.to_lowercase()) => {
                    outputs.push(alias.to_lowercase());
                    config.insert(
                        "time_bucket".to_owned(),
                        json!({"column": column, "grain": grain, "as": alias}),
                    );
                }
                (None, _, _) => lost = true,
                _ => bucket_open = true,
            },
            _ => lost = true,
        }
        let mut aggregates: Vec<Value> = Vec::new();
        for (function, column, alias) in &group.aggregates {
            let column = match column {
                Some(c) => match spell(c) {
                    Some(name) => Some(name),
                    None => {
                        lost = true;
                        continue;
                    }
                },
                None => None,
            };
            match alias {
                Some(alias)
                    if !outputs.contains(&alias.to_lowercase()) && ColumnName::parse(alias).is_ok() =>
                {
                    outputs.push(alias.to_lowercase());
                    let mut item = Map::new();
                    item.insert("function".to_owned(), json!(function));
                    if let Some(column) = column {
                        item.insert("column".to_owned(), json!(column));
                    }
                    item.insert("as".to_owned(), json!(alias));
                    aggregates.push(Value::Object(item));
                }
                _ => unnamed = true,
            }
        }
        self.config.extend(config);
        let evidence = vec![Evidence::of(Place::Query(n), "")];
        self.reason(
            "group_query",
            "/pattern_config/group_by",
            "a query groups like this".to_owned(),
            evidence,
        );
        if bucket_open {
            self.ask(
                "/pattern_config/time_bucket",
                "time_bucket_unknown",
                "The query cuts a time to a unit that is not known or has no name of its own. Which unit, and how is the column called?",
            );
        }
        if by.is_empty() && !self.config.contains_key("time_bucket") {
            self.ask("/pattern_config/group_by", "group_unknown", "By which columns should rows be grouped?");
        }
        if aggregates.is_empty() {
            self.ask(
                "/pattern_config/aggregates",
                "aggregates_unknown",
                "What should be counted or summed up, and how are the results called?",
            );
        } else {
            self.config.insert("aggregates".to_owned(), Value::Array(aggregates));
            if unnamed {
                self.ask(
                    "/pattern_config/aggregates",
                    "aggregates_unnamed",
                    "The query has results without a name of their own; how should they be called?",
                );
            }
        }
        if lost {
            self.ask(
                "/pattern_config/aggregates",
                "query_not_covered",
                "The query computes more than a plan can say (another table, an expression). Put that into a view and read the view?",
            );
        }
    }

    fn schedule(&mut self, options: &Options) -> (Option<Value>, Option<String>) {
        const PATH: &str = "/schedule/cron_expression";
        let when = match when::wanted(self.words) {
            Wanted::Nothing => return (None, None),
            Wanted::Unclear(span) => {
                let said = self.quote(span).quote;
                let question =
                    format!("“{said}” is not something a schedule can say. How often should it run?");
                self.ask("/schedule", "schedule_unclear", &question);
                return (None, None);
            }
            Wanted::At(when) => when,
        };
        let evidence = vec![self.quote(when.span)];
        self.reason("schedule", PATH, format!("runs at `{}`", when.quartz), evidence);
        if !when.time_said {
            self.ask(
                PATH,
                "schedule_time",
                "The intent says how often and not when. A quiet hour is filled in and the schedule is off until somebody confirms it. When should it run?",
            );
        }
        if when.am_or_pm {
            self.ask(
                PATH,
                "schedule_am_pm",
                "The hour is taken as on a 24-hour clock, in the morning. Is the afternoon meant?",
            );
        }
        let mut schedule = Map::new();
        schedule.insert("type".to_owned(), json!("cron"));
        schedule.insert("cron_expression".to_owned(), json!(when.quartz));
        match (when.timezone, &options.time_zone) {
            (Some(zone), _) => {
                schedule.insert("timezone".to_owned(), json!(zone));
            }
            (None, Some(zone)) => {
                schedule.insert("timezone".to_owned(), json!(zone));
                let evidence = vec![Evidence::of(Place::Options, zone)];
                self.reason(
                    "schedule_zone_of_person",
                    "/schedule/timezone",
                    format!("times are taken as {zone}"),
                    evidence,
                );
            }
            (None, None) if when.zone_matters => {
                self.ask(
                    "/schedule/timezone",
                    "schedule_timezone",
                    "In which time zone? Without one it is UTC.",
                );
            }
            (None, None) => {}
        }
        schedule.insert("enabled".to_owned(), json!(when.time_said));
        (Some(Value::Object(schedule)), when.unix)
    }

    fn plan(
        &mut self,
        context: &Context,
        options: &Options,
        pattern: Option<P>,
        source: Option<&Candidate>,
        target: Option<&Candidate>,
        schedule: Option<Value>,
    ) -> Value {
        let mut metadata = Map::new();
        let mut put = |key: &str, value: Option<String>| {
            if let Some(value) = value.filter(|v| !v.is_empty()) {
                metadata.insert(key.to_owned(), Value::String(value));
            }
        };
        put("plan_id", options.plan_id.clone());
        put("plan_name", Some(plan_name(pattern, target.or(source))));
        let description = context.user_intent().split_whitespace().collect::<Vec<_>>().join(" ");
        put("description", Some(description.chars().take(500).collect()));
        put("owner", options.owner.clone());
        put("created_at", options.now.clone());
        put("version", Some("1.0.0".to_owned()));
        let mut tags = Map::new();
        for (key, value) in
            [("genie_session_id", context.genie_session_id()), ("genie_space_id", context.space_id())]
        {
            if !value.is_empty() {
                tags.insert(key.to_owned(), json!(value));
            }
        }
        metadata.insert("tags".to_owned(), Value::Object(tags));

        let mut plan = Map::new();
        plan.insert("schema_version".to_owned(), json!(self.version));
        plan.insert("plan_metadata".to_owned(), Value::Object(metadata));
        let kind = pattern.map(|p| json!({"type": p.as_str()})).unwrap_or_else(|| json!({}));
        plan.insert("pattern".to_owned(), kind);
        plan.insert("source".to_owned(), self.source(source));
        plan.insert("target".to_owned(), self.target(context, source, target));
        plan.insert("pattern_config".to_owned(), Value::Object(std::mem::take(&mut self.config)));
        let warehouse = options.warehouse_id.clone().or_else(|| context.warehouse_id().map(str::to_owned));
        let execution =
            warehouse.filter(|w| !w.is_empty()).map_or_else(|| json!({}), |w| json!({"warehouse_id": w}));
        plan.insert("execution_config".to_owned(), execution);
        if let Some(schedule) = schedule {
            plan.insert("schedule".to_owned(), schedule);
        }
        Value::Object(plan)
    }

    fn source(&mut self, source: Option<&Candidate>) -> Value {
        let Some(source) = source else {
            self.ask("/source", "source_unknown", "Which table should be read?");
            return json!({});
        };
        self.table_reason("source", "/source/table", false, source);
        let mut object = Map::new();
        for (key, part) in
            [("catalog", &source.catalog), ("schema", &source.schema), ("table", &Some(source.table.clone()))]
        {
            if let Some(part) = part {
                object.insert(key.to_owned(), json!(part));
            }
        }
        let names: Vec<&str> = self.source_columns.list.iter().map(|c| c.name.as_str()).collect();
        if self.source_columns.broken {
            self.ask(
                "/source/columns",
                "columns_unusable",
                "The list of columns in the context has a name twice or one that cannot be a column. Which columns should be read?",
            );
        } else if self.columns && !names.is_empty() {
            object.insert("columns".to_owned(), json!(names));
        }
        Value::Object(object)
    }

    fn target(&mut self, context: &Context, source: Option<&Candidate>, target: Option<&Candidate>) -> Value {
        let mut object = Map::new();
        match target {
            None => self.ask("/target", "target_unknown", "Which table should be written?"),
            Some(target) => {
                self.table_reason("target", "/target/table", true, target);
                let catalog = target.catalog.clone().or_else(|| {
                    target.schema.as_ref()?;
                    let catalogs: Vec<String> = context
                        .validated_tables()
                        .filter_map(|t| TableName::parse(t).ok())
                        .map(|t| t.catalog().to_owned())
                        .collect();
                    let first = catalogs.first()?;
                    catalogs.iter().all(|c| c.to_lowercase() == first.to_lowercase()).then(|| first.clone())
                });
                if target.catalog.is_none()
                    && let Some(catalog) = &catalog
                {
                    let text = format!("all tables of the exploration are in `{catalog}`");
                    self.reason(
                        "target_catalog",
                        "/target/catalog",
                        text,
                        vec![Evidence::of(Place::Tables, catalog)],
                    );
                }
                for (key, path, part, question) in [
                    ("catalog", "/target/catalog", &catalog, "In which catalog is the target?"),
                    ("schema", "/target/schema", &target.schema, "In which schema is the target?"),
                ] {
                    match part {
                        Some(part) => {
                            object.insert(key.to_owned(), json!(part));
                        }
                        None if key == "catalog" => self.ask(path, "target_catalog_unknown", question),
                        None => self.ask(path, "target_schema_unknown", question),
                    }
                }
                object.insert("table".to_owned(), json!(target.table));
                if !self.in_place
                    && source.is_some_and(|s| s.shown().to_lowercase() == target.shown().to_lowercase())
                {
                    self.ask(
                        "/target/table",
                        "target_is_source",
                        "Source and target are the same table. Which other table should be written?",
                    );
                }
            }
        }
        match self.write_mode {
            Some(mode) => {
                object.insert("write_mode".to_owned(), json!(mode));
            }
            None => self.ask(
                "/target/write_mode",
                "pattern_unknown",
                "Follows from how the target should be loaded.",
            ),
        }
        Value::Object(object)
    }

    fn table_reason(&mut self, code: &'static str, path: &'static str, target: bool, table: &Candidate) {
        let mut own: Vec<&(bool, Evidence, f32)> =
            table.evidence.iter().filter(|(t, _, _)| *t == target).collect();
        own.sort_by(|a, b| b.2.total_cmp(&a.2));
        let evidence: Vec<Evidence> = own.iter().take(3).map(|(_, e, _)| e.clone()).collect();
        let verb = if target { "written" } else { "read" };
        let text = if evidence.is_empty() {
            format!("`{}` is the table that is left to be {verb}", table.shown())
        } else {
            format!("`{}` is {verb}", table.shown())
        };
        self.reason(code, path, text, evidence);
    }

    /// Questions about things that the plan leaves out.
    fn hints(&mut self, source: Option<&Candidate>, target: Option<&Candidate>) {
        let filter = FILTERS.iter().find_map(|p| self.words.find(p));
        if let Some((from, to)) = filter {
            let end = (to + 4).min(self.words.list.len());
            let said = self.quote(self.words.quote(from, end)).quote;
            let question =
                format!("The intent limits the rows (“{said}”). Which condition on the source is that?");
            self.ask("/source/filter", "filter_in_words", &question);
        }
        let full = source.and_then(|s| s.full.as_ref()).map(|f| f.to_lowercase());
        let joined = self
            .shapes
            .last()
            .is_some_and(|s| s.joins > 0 && full.as_ref().is_some_and(|f| s.from.contains(f)));
        if joined {
            self.ask(
                "/source",
                "source_join",
                "The last query joins other tables; a plan reads one. Is the source alone enough, or should a view with the join be read?",
            );
        }
        let Some(of_target) = self.target_columns.as_ref().filter(|t| !t.list.is_empty() && target.is_some())
        else {
            return;
        };
        if self.in_place || !matches!(self.write_mode, Some("append" | "merge")) || self.version == "1.1" {
            return;
        }
        let missing: Vec<&str> = self
            .source_columns
            .list
            .iter()
            .map(|c| c.name.as_str())
            .filter(|n| !of_target.has(n))
            .take(8)
            .collect();
        if !missing.is_empty() {
            let question = format!(
                "The target is not known to have {}. Should these columns be left out of the load, or added to the target?",
                missing.join(", ")
            );
            self.ask("/source/columns", "columns_not_in_target", &question);
        }
    }

    /// Everything else that validation would refuse: who, where, since when.
    fn rest_of_validation(&mut self, plan: &Value) {
        for issue in crate::validate(plan).issues {
            let covered = self.open.iter().any(|o| {
                issue.path == o.path
                    || issue.path.strip_prefix(&o.path).is_some_and(|rest| rest.starts_with('/'))
            });
            if issue.severity == Severity::Error && !covered {
                self.open.push(Open { path: issue.path, code: issue.code, question: issue.message });
            }
        }
    }
}

/// A name from the table's name: `a-z`, `0-9` and `_`, 3 to 64 characters.
fn plan_name(pattern: Option<P>, table: Option<&Candidate>) -> String {
    let mut name = String::new();
    for c in table.map_or("", |t| t.table.as_str()).to_lowercase().chars() {
        match c {
            'ä' => name.push_str("ae"),
            'ö' => name.push_str("oe"),
            'ü' => name.push_str("ue"),
            'ß' => name.push_str("ss"),
            c if c.is_ascii_lowercase() || c.is_ascii_digit() => name.push(c),
            _ if !name.ends_with('_') => name.push('_'),
            _ => {}
        }
    }
    let name = name.trim_matches('_');
    let kind = pattern.map_or("load", P::as_str).to_lowercase();
    let whole = if name.is_empty() { kind } else { format!("load_{name}") };
    whole.chars().take(64).collect()
}
