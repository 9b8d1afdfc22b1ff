//! What the columns of a table can be used for: watermark, key, validity, snapshot date.

use std::collections::BTreeSet;

use handoff::Context;

use crate::names::ColumnName;

use super::shape::{QueryShape, ShapeColumn};
use super::words::Words;

/// The columns of one table, as far as the context knows them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns {
    /// The full name in lower case.
    pub table: String,
    pub list: Vec<Column>,
    pub keys: Vec<String>,
    /// The context lists names that cannot be columns, or one twice; those are left out here.
    pub broken: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub name: String,
    /// The type, if the context has it.
    pub kind: Option<Kind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Timestamp,
    Date,
    Integer,
    Number,
    Other,
}

impl Kind {
    fn of(type_text: &str) -> Self {
        let lower = type_text.trim().to_lowercase();
        let head: String = lower.chars().take_while(char::is_ascii_alphabetic).collect();
        match head.as_str() {
            "timestamp" => Self::Timestamp,
            "date" => Self::Date,
            "bigint" | "int" | "integer" | "long" | "smallint" | "tinyint" => Self::Integer,
            "decimal" | "double" | "float" | "numeric" => Self::Number,
            _ => Self::Other,
        }
    }
}

impl Columns {
    pub fn of(context: &Context, table: &str) -> Self {
        let mut columns = Self { table: table.to_lowercase(), ..Self::default() };
        // One entry per name, so that a wide table costs no more than its columns.
        let mut seen = BTreeSet::new();
        for name in context.columns_of(table).into_iter().flatten() {
            if ColumnName::parse(name).is_err() || !seen.insert(name.to_lowercase()) {
                columns.broken = true;
                continue;
            }
            let kind = context.column_type(table, name).map(Kind::of);
            columns.list.push(Column { name: name.to_owned(), kind });
        }
        columns.keys = context.keys_of(table).into_iter().flatten().map(str::to_owned).collect();
        columns
    }

    /// The column called `name`, spelled as the table has it.
    pub fn find(&self, name: &str) -> Option<&Column> {
        let folded = name.to_lowercase();
        self.list.iter().find(|c| c.name.to_lowercase() == folded)
    }

    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// Those of `names` that are columns, spelled as the table has them; all or nothing.
    fn spelled(&self, names: &[ShapeColumn]) -> Option<Vec<String>> {
        names.iter().map(|n| self.find(&n.column).map(|c| c.name.clone())).collect()
    }

    fn owns(&self, column: &ShapeColumn) -> bool {
        column.table.as_ref().is_none_or(|t| *t == self.table) && self.has(&column.column)
    }
}

/// Parts of a name: `order_id`, `orderId`, `ORDER-ID` give `order`, `id`.
pub(crate) fn parts(name: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut last_lower = false;
    let mut fresh = true;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            (fresh, last_lower) = (true, false);
            continue;
        }
        if fresh || (c.is_uppercase() && last_lower) {
            all.push(String::new());
        }
        (fresh, last_lower) = (false, c.is_lowercase());
        if let Some(part) = all.last_mut() {
            part.extend(c.to_lowercase());
        }
    }
    all
}

/// A column that can tell new rows from old ones.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    pub name: String,
    /// `timestamp`, `date` or `numeric`; `None` if neither type nor name tells.
    pub kind: Option<&'static str>,
    /// Whether the kind is known from the type.
    pub typed: bool,
    pub score: f32,
    /// The words of the intent that name it.
    pub said: Option<(usize, usize)>,
    /// The query that uses it.
    pub query: Option<usize>,
}

const ARRIVAL: &[&str] = &[
    "ingested",
    "ingest",
    "ingestion",
    "received",
    "loaded",
    "load",
    "commit",
    "synced",
    "imported",
    "import",
    "arrived",
    "arrival",
    "entered",
    "inserted",
    "export",
    "extracted",
    "landed",
    "geladen",
    "etl",
    "取込日時",
    "登録日時",
];
const HAPPENED: &[&str] = &[
    "event",
    "occurred",
    "scan",
    "sent",
    "measured",
    "reading",
    "shown",
    "ordered",
    "order",
    "purchase",
    "booking",
    "logged",
    "posted",
    "transaction",
    "visit",
    "started",
    "picked",
    "rate",
    "売上日時",
];
const CREATED: &[&str] = &["created", "create", "creation", "added", "angelegt", "erstellt", "作成日時"];
const CHANGED: &[&str] =
    &["updated", "update", "modified", "modify", "changed", "change", "geändert", "lastmodified", "更新日時"];
/// Ends, deadlines and facts about a person: they do not grow with the rows.
const NEVER: &[&str] = &[
    "end",
    "ended",
    "closed",
    "discharged",
    "decided",
    "expires",
    "expiry",
    "due",
    "birth",
    "bis",
    "to",
    "until",
    "deleted",
    "cancelled",
    "canceled",
    "valid",
    "gültig",
    "period",
    "last",
    "resolved",
    "delivered",
    "value",
    "from",
    "発売日",
    "開店日",
];
const STAMP_ENDS: &[&str] = &["at", "ts", "timestamp", "time", "datetime", "tstamp", "synced", "zeitpunkt"];
const DATE_ENDS: &[&str] = &["date", "day", "datum", "on", "dt", "am", "tag"];

fn any(parts: &[String], list: &[&str]) -> bool {
    parts.iter().any(|p| list.contains(&p.as_str()))
}

/// What a column measures in time, and whether its type says so.
fn time_kind(column: &Column) -> Option<(Option<&'static str>, bool)> {
    match column.kind {
        Some(Kind::Timestamp) => return Some((Some("timestamp"), true)),
        Some(Kind::Date) => return Some((Some("date"), true)),
        Some(_) => return None,
        None => {}
    }
    let parts = parts(&column.name);
    let last = parts.last()?.as_str();
    if STAMP_ENDS.contains(&last) || last.ends_with("日時") {
        Some((Some("timestamp"), false))
    } else if DATE_ENDS.contains(&last) || last.ends_with("datum") || last.ends_with('日') {
        Some((Some("date"), false))
    } else if parts.len() == 1 && any(&parts, &["created", "updated", "modified"]) {
        Some((None, false))
    } else {
        None
    }
}

/// Columns that can tell new rows, best first. `merging`: changed rows are wanted as well, so the time of the change
/// says more than the time of the event.
pub(crate) fn watermarks(
    columns: &Columns,
    words: &Words<'_>,
    shapes: &[QueryShape],
    merging: bool,
) -> Vec<Mark> {
    let timed: Vec<(&Column, Option<&'static str>, bool)> =
        columns.list.iter().filter_map(|c| time_kind(c).map(|(kind, typed)| (c, kind, typed))).collect();
    let mut all: Vec<Mark> = Vec::new();
    for (column, kind, typed) in &timed {
        let names = parts(&column.name);
        let mut score = 1.0;
        if any(&names, CHANGED) {
            score = if merging { 3.4 } else { 1.7 };
        }
        if any(&names, HAPPENED) {
            score = 2.0;
        }
        if any(&names, CREATED) {
            score = 2.3;
        }
        if any(&names, ARRIVAL) {
            score = if merging { 3.2 } else { 3.0 };
        }
        if any(&names, NEVER) && !any(&names, ARRIVAL) && !any(&names, CHANGED) {
            score -= 2.0;
        }
        if *kind == Some("date") {
            score -= 0.4;
        }
        all.push(mark(column, *kind, *typed, score));
    }
    if timed.is_empty() {
        // A running number, if it is the table's own: an id of something else does not grow with the rows.
        for column in columns.list.iter().filter(|c| matches!(c.kind, Some(Kind::Integer))) {
            if own_key(&columns.table, &column.name) || columns.keys.as_slice() == [column.name.clone()] {
                all.push(mark(column, Some("numeric"), true, 1.0));
            }
        }
    }
    for mark in &mut all {
        said(mark, words);
        for (n, shape) in shapes.iter().enumerate() {
            let is = |c: &ShapeColumn| c.column.to_lowercase() == mark.name.to_lowercase() && columns.owns(c);
            for range in shape.ranges.iter().filter(|r| is(&r.column)) {
                let weight = match (&range.maximum, range.relative) {
                    (Some(_), _) => 4.0,
                    (None, true) => 0.3,
                    _ => 0.0,
                };
                mark.score += weight;
                mark.query = mark.query.or((weight > 0.0).then_some(n));
            }
            if shape.maxima.iter().any(is) {
                mark.score += 0.8;
                mark.query = mark.query.or(Some(n));
            }
        }
    }
    super::order::heaviest_first(all.into_iter().filter(|m| m.score > 0.0), |m| m.score)
}

fn mark(column: &Column, kind: Option<&'static str>, typed: bool, score: f32) -> Mark {
    Mark { name: column.name.clone(), kind, typed, score, said: None, query: None }
}

/// Counts words of the intent that name the column, and words that warn of it.
fn said(mark: &mut Mark, words: &Words<'_>) {
    let folded = mark.name.to_lowercase();
    let pieces = parts(&mark.name);
    let telling: Vec<&String> = pieces
        .iter()
        .filter(|p| !super::lexicon::STOP.contains(&p.as_str()) && p.chars().count() > 2)
        .collect();
    for (n, word) in words.list.iter().enumerate() {
        let end = word.text.rsplit('.').next().unwrap_or_default();
        let exact = end == folded && (folded.contains('_') || folded.chars().count() > 3);
        // "the commit timestamp", "picked up".
        let spoken = telling.first().is_some_and(|first| {
            word.text == **first
                && telling.iter().enumerate().all(|(k, part)| words.word(n + k) == part.as_str())
        });
        if !exact && !spoken {
            continue;
        }
        let warned = word.negated
            || words.list.iter().any(|w| {
                w.clause == word.clause
                    && matches!(w.text.as_str(), "late" | "wrong" | "unreliable" | "missing" | "instead")
            });
        let after_because = words
            .list
            .get(n.saturating_sub(6)..n)
            .unwrap_or_default()
            .iter()
            .any(|w| w.clause == word.clause && w.text == "because");
        let weight = match (exact, warned && (exact || after_because) && (word.negated || after_because)) {
            (_, true) => -3.0,
            (true, false) => 5.0,
            (false, false) if telling.len() > 1 || words.word(n + telling.len()).starts_with("time") => 2.2,
            (false, false) => 0.8,
        };
        mark.score += weight;
        if weight > 0.0 && mark.said.is_none() {
            mark.said = Some(words.quote(n, n + telling.len().max(1)));
        }
    }
}

/// Where keys come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeySource {
    Said((usize, usize)),
    Catalog,
    TargetCatalog,
    Query(usize),
    Name,
    Position,
}

fn singular(name: &str) -> String {
    let name = name.to_lowercase();
    if let Some(stem) = name.strip_suffix("ies") {
        return format!("{stem}y");
    }
    name.strip_suffix('s').unwrap_or(&name).to_owned()
}

/// `order_id` of `orders`, `ticket` of `tickets`, `id`.
fn own_key(table: &str, column: &str) -> bool {
    let table = singular(table.rsplit('.').next().unwrap_or(table));
    let column = column.to_lowercase();
    if column == "id" || column == table {
        return true;
    }
    column.strip_prefix(&table).is_some_and(|rest| {
        let rest = rest.trim_start_matches('_');
        KEY_ENDS.contains(&rest)
    })
}

const KEY_ENDS: &[&str] = &["id", "no", "nr", "key", "code", "number", "uuid", "コード", "schlüssel"];

/// Words in front of the names of key columns.
const KEY_PHRASES: &[&str] = &[
    "match* on|by",
    "merge* on",
    "key is",
    "business|primary|natural|merge|unique key",
    "one",
    "per",
    "identified by",
    "same",
    "unique",
    "join* on",
    "by",
    "id is",
    "keyed on",
];

/// The columns that identify a row.
pub(crate) fn keys(
    source: &Columns,
    target: Option<&Columns>,
    words: &Words<'_>,
    shapes: &[QueryShape],
) -> Option<(Vec<String>, KeySource)> {
    if let Some(found) = said_keys(source, words) {
        return Some(found);
    }
    let within = |keys: &[String]| -> Option<Vec<String>> {
        let keys: Option<Vec<String>> = keys.iter().map(|k| source.find(k).map(|c| c.name.clone())).collect();
        keys.filter(|k| !k.is_empty())
    };
    if let Some(keys) = within(&source.keys) {
        return Some((keys, KeySource::Catalog));
    }
    if let Some(keys) = target.and_then(|t| within(&t.keys)) {
        return Some((keys, KeySource::TargetCatalog));
    }
    for (n, shape) in shapes.iter().enumerate().rev() {
        for latest in shape.latest.iter().filter(|l| l.partition_by.iter().all(|c| source.owns(c))) {
            if let Some(keys) = source.spelled(&latest.partition_by) {
                return Some((keys, KeySource::Query(n)));
            }
        }
    }
    let repeated = words.find("same|duplicate*|again|twice").is_some();
    for (n, shape) in shapes.iter().enumerate().rev().filter(|_| repeated) {
        let only_counts = |g: &&super::shape::ShapeGrouping| {
            g.complete
                && g.buckets.is_empty()
                && !g.by.is_empty()
                && g.by.iter().all(|c| source.owns(c))
                && g.aggregates.iter().all(|(f, _, _)| f == "count")
        };
        if let Some(group) = shape.groupings.iter().find(only_counts)
            && let Some(keys) = source.spelled(&group.by)
        {
            return Some((keys, KeySource::Query(n)));
        }
    }
    if let Some(column) = source.list.iter().find(|c| own_key(&source.table, &c.name)) {
        return Some((vec![column.name.clone()], KeySource::Name));
    }
    let first = source.list.first()?;
    let ends = parts(&first.name).last().is_some_and(|p| {
        KEY_ENDS.contains(&p.as_str())
            || p.ends_with("コード")
            || p.ends_with("schlüssel")
            || p.ends_with("id")
    });
    ends.then(|| (vec![first.name.clone()], KeySource::Position))
}

fn said_keys(source: &Columns, words: &Words<'_>) -> Option<(Vec<String>, KeySource)> {
    let column_at = |n: usize| {
        let word = words.list.get(n)?;
        let column = source.find(&word.text)?;
        (!word.negated && time_kind(column).is_none()).then(|| column.name.clone())
    };
    for n in 0..words.list.len() {
        // "<column> identifies a permit", "<column> is the key".
        if let Some(name) = column_at(n)
            && words
                .matches(n + 1, "identif*|is ~ key")
                .or_else(|| words.matches(n + 1, "is unique"))
                .is_some()
        {
            return Some((vec![name], KeySource::Said(words.quote(n, n + 2))));
        }
        for phrase in KEY_PHRASES {
            let Some(mut at) = words.matches(n, phrase) else { continue };
            let mut found = Vec::new();
            loop {
                match column_at(at) {
                    Some(name) if !found.contains(&name) => found.push(name),
                    None if !found.is_empty() && matches!(words.word(at), "and" | "+" | "plus") => {}
                    None if found.is_empty() && matches!(words.word(at), "the" | "a" | "is") => {}
                    _ => break,
                }
                at += 1;
            }
            // "per warehouse" groups rows; only a key-like column behind "per" or "by" identifies them.
            let weak = matches!(*phrase, "per" | "by" | "one");
            let key_like = |name: &String| {
                parts(name).last().is_some_and(|p| KEY_ENDS.contains(&p.as_str()))
                    || own_key(&source.table, name)
                    || name.ends_with("コード")
            };
            if !found.is_empty() && (!weak || found.iter().all(key_like)) {
                return Some((found, KeySource::Said(words.quote(n, at))));
            }
        }
    }
    None
}

/// The three columns of a table with versions: from, to, current.
#[derive(Debug, Clone, Default)]
pub(crate) struct Validity {
    pub from: Option<String>,
    pub to: Option<String>,
    pub current: Option<String>,
}

impl Validity {
    pub fn of(columns: &Columns) -> Self {
        let find = |names: &[&str]| {
            columns
                .list
                .iter()
                .find(|c| names.contains(&c.name.to_lowercase().as_str()))
                .map(|c| c.name.clone())
        };
        Self {
            from: find(&[
                "valid_from",
                "effective_from",
                "effective_date",
                "eff_start",
                "start_date",
                "row_start",
                "valid_start",
                "dbt_valid_from",
                "gueltig_von",
                "gültig_von",
                "gültig_ab",
                "effective_start",
                "eff_from",
                "begin_date",
                "__start_at",
                "有効開始日時",
            ]),
            to: find(&[
                "valid_to",
                "effective_to",
                "end_date",
                "eff_end",
                "row_end",
                "valid_end",
                "dbt_valid_to",
                "gueltig_bis",
                "gültig_bis",
                "effective_end",
                "eff_to",
                "expiry_date",
                "__end_at",
                "有効終了日時",
            ]),
            current: find(&[
                "is_current",
                "current_flag",
                "is_active",
                "active",
                "current",
                "ist_aktuell",
                "is_latest",
                "active_flag",
                "現行フラグ",
            ]),
        }
    }

    pub fn complete(&self) -> bool {
        self.from.is_some() && self.to.is_some() && self.current.is_some()
    }

    pub fn count(&self) -> usize {
        [&self.from, &self.to, &self.current].into_iter().flatten().count()
    }
}

/// The date column that a snapshot adds: in the target and not in the source, or named in the intent.
pub(crate) fn snapshot_date(
    source: &Columns,
    target: Option<&Columns>,
    words: &Words<'_>,
) -> Option<(String, Option<(usize, usize)>)> {
    let date_like = |c: &Column| match c.kind {
        Some(Kind::Date | Kind::Timestamp) => true,
        Some(_) => false,
        None => time_kind(c).is_some(),
    };
    let extra: Vec<&Column> =
        target.iter().flat_map(|t| &t.list).filter(|c| !source.has(&c.name) && date_like(c)).collect();
    if let [only] = extra.as_slice() {
        return Some((only.name.clone(), None));
    }
    if let Some(named) = extra.iter().find(|c| any(&parts(&c.name), &["snapshot", "as", "asof", "stand"])) {
        return Some((named.name.clone(), None));
    }
    // "with column as_of_date", "(column 基準日)", "date column week_start".
    let (_, end) = words.find("column")?;
    let word = words.list.get(end)?;
    let named = !source.has(&word.text)
        && !word.text.contains('.')
        && !super::lexicon::STOP.contains(&word.text.as_str());
    let name_like = word.text.contains('_') || !word.text.is_ascii();
    (named && name_like).then(|| {
        let raw = words.text.get(word.start..word.end).unwrap_or_default().replace('`', "");
        (raw, Some((word.start, word.end)))
    })
}

/// Whether a load may add the column to those of the source: a date or a key of its own.
pub(crate) fn is_added(column: &Column) -> bool {
    let key = parts(&column.name).last().is_some_and(|p| matches!(p.as_str(), "sk" | "key" | "skey"));
    key || matches!(time_kind(column), Some((Some("date"), _)))
}

/// The surrogate key column: in the target and not in the source, or named in the intent.
pub(crate) fn surrogate_column(
    source: &Columns,
    target: Option<&Columns>,
    words: &Words<'_>,
) -> Option<(String, Option<(usize, usize)>)> {
    let key_like = |name: &str| {
        parts(name).last().is_some_and(|p| matches!(p.as_str(), "sk" | "key" | "skey" | "id" | "surrogate"))
    };
    let in_target = target
        .iter()
        .flat_map(|t| &t.list)
        .find(|c| !source.has(&c.name) && key_like(&c.name))
        .map(|c| c.name.clone());
    if let Some(name) = in_target {
        return Some((name, None));
    }
    words.list.iter().find_map(|w| {
        let named = (w.text.ends_with("_sk") || w.text.ends_with("_key"))
            && !w.text.contains('.')
            && !source.has(&w.text);
        named.then(|| (words.text.get(w.start..w.end).unwrap_or_default().to_owned(), Some((w.start, w.end))))
    })
}
