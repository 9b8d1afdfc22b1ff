//! Puts a suggestion together: pattern, tables, columns, schedule, and what stays open.

use handoff::Context;
use handoff::name::TableName;
use serde_json::{Map, Value, json};

use super::columns::{self, Columns, Validity};
use super::evidence::{Evidence, Place};
use super::lexicon::FILTERS;
use super::order::heaviest_first;
use super::score::{self, Scores};
use super::shape::QueryShape;
use super::tables::{self, Candidate};
use super::when::{self, Wanted};
use super::words::Words;
use super::{Alternative, Open, Options, Reason, Suggestion};
use crate::issue::Severity;
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
    prepared(context, &mut candidates);
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

/// A table with all columns for validity is made to be filled by an SCD2 load; a table with the columns of another
/// and a date or a key is made to be filled from that.
fn prepared(context: &Context, candidates: &mut [Candidate]) {
    let columns: Vec<Columns> = candidates
        .iter()
        .map(|c| c.full.as_deref().map(|full| Columns::of(context, full)).unwrap_or_default())
        .collect();
    // Pairs are compared only while there are few: in a large exploration the chance of a false hit grows as well.
    let few = columns.len() <= 8;
    for (candidate, own) in candidates.iter_mut().zip(&columns) {
        let validity = Validity::of(own);
        if let (true, Some(current)) = (validity.complete(), &validity.current) {
            candidate.add(true, 1.1, Place::Columns, (0, current.len()), current);
        }
        for other in
            columns.iter().filter(|o| few && !o.list.is_empty() && o.list.len() + 1 == own.list.len())
        {
            let mut extra = own.list.iter().filter(|c| !other.has(&c.name));
            if let (Some(only), None) = (extra.next(), extra.next())
                && columns::is_added(only)
            {
                candidate.add(true, 1.1, Place::Columns, (0, only.name.len()), &only.name);
            }
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
    let sources =
        all.iter().enumerate().filter(|(n, c)| c.full.is_some() && Some(*n) != target && !is_named(c)).map(
            |(n, c)| {
                let twin = target
                    .and_then(|t| all.get(t))
                    .is_some_and(|t| t.table.to_lowercase() == c.table.to_lowercase());
                (n, c.source - c.target * 0.5 + if twin { 1.0 } else { 0.0 })
            },
        );
    let sources = heaviest_first(sources, |s| s.1);
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
                let own = scores.signals.iter().filter(|s| s.pattern == *pattern && wanted(s.weight));
                heaviest_first(own, |s| s.weight.abs()).first().copied()
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

pub(super) struct Draft<'a> {
    pub(super) words: &'a Words<'a>,
    pub(super) shapes: &'a [QueryShape],
    pub(super) source_columns: Columns,
    pub(super) target_columns: Option<Columns>,
    pub(super) reasons: Vec<Reason>,
    pub(super) open: Vec<Open>,
    pub(super) config: Map<String, Value>,
    pub(super) version: &'static str,
    pub(super) in_place: bool,
    pub(super) write_mode: Option<&'static str>,
    /// Whether `source.columns` is written.
    pub(super) columns: bool,
}

impl Draft<'_> {
    #[inline(never)]
    pub(super) fn reason(
        &mut self,
        code: &'static str,
        path: &'static str,
        text: String,
        evidence: Vec<Evidence>,
    ) {
        self.reasons.push(Reason { code, path, text, evidence });
    }

    #[inline(never)]
    pub(super) fn ask(&mut self, path: &str, code: &'static str, question: &str) {
        self.open.push(Open { path: path.to_owned(), code, question: question.to_owned() });
    }

    #[inline(never)]
    pub(super) fn quote(&self, span: (usize, usize)) -> Evidence {
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
        let own = scores.signals.iter().filter(|s| s.pattern == pattern && s.weight > 0.0);
        let own = heaviest_first(own, |s| s.weight);
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
        let own = heaviest_first(table.evidence.iter().filter(|(t, _, _)| *t == target), |e| e.2);
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
