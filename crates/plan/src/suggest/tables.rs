//! Which table is read and which is written: names in the intent, use in the queries, layers, columns.

use handoff::name::TableName;

use super::evidence::{Evidence, Place};
use super::shape::QueryShape;
use super::words::Words;

/// A table that could be source or target.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub catalog: Option<String>,
    pub schema: Option<String>,
    pub table: String,
    /// It is in the context; its columns may be known.
    pub full: Option<String>,
    pub source: f32,
    pub target: f32,
    pub evidence: Vec<(bool, Evidence, f32)>,
}

impl Candidate {
    fn of(name: &TableName) -> Self {
        Self {
            catalog: Some(name.catalog().to_owned()),
            schema: Some(name.schema().to_owned()),
            table: name.table().to_owned(),
            full: Some(name.to_string()),
            source: 0.0,
            target: 0.0,
            evidence: Vec::new(),
        }
    }

    pub fn add(&mut self, target: bool, weight: f32, place: Place, quote: (usize, usize), text: &str) {
        if target {
            self.target += weight;
        } else {
            self.source += weight;
        }
        let quote = text.get(quote.0..quote.1).unwrap_or_default();
        self.evidence.push((target, Evidence::of(place, quote), weight));
    }

    /// As it is written, with as many parts as are known.
    pub fn shown(&self) -> String {
        let parts: Vec<&str> = [self.catalog.as_deref(), self.schema.as_deref(), Some(self.table.as_str())]
            .into_iter()
            .flatten()
            .collect();
        parts.join(".")
    }
}

/// Words in front of a table that is read.
const FROM: &[&str] = &["from", "of", "source", "by", "with", "based", "equal", "equals", "like", "what"];
/// Verbs whose object is written.
const WRITES: &[&str] = &[
    "replace",
    "overwrite",
    "rebuild",
    "recreate",
    "truncate",
    "refresh",
    "update",
    "keep",
    "fill",
    "populate",
    "reload",
    "build",
    "extend",
    "supplement",
    "regenerate",
    "maintain",
    "start",
    "clear",
    "empty",
];
/// Verbs whose object is read.
const READS: &[&str] = &[
    "load",
    "append",
    "add",
    "copy",
    "move",
    "merge",
    "upsert",
    "insert",
    "track",
    "bring",
    "take",
    "sync",
    "synchronise",
    "synchronize",
    "snapshot",
    "store",
    "freeze",
    "collect",
    "get",
    "book",
    "save",
    "deduplicate",
    "dedupe",
    "version",
];
/// Verbs behind a table that is written: "curated.x should hold …".
const MODALS: &[&str] = &["should", "shall", "must", "holds", "mirrors", "gets", "always", "over", "anew"];

/// How raw a layer is, by the words of a schema's or catalog's name.
fn layer(name: &str) -> Option<i8> {
    const LAYERS: [(&str, i8); 33] = [
        ("raw", 0),
        ("bronze", 0),
        ("landing", 0),
        ("staging", 0),
        ("stage", 0),
        ("stg", 0),
        ("src", 0),
        ("source", 0),
        ("ingest", 0),
        ("inbound", 0),
        ("open", 0),
        ("silver", 1),
        ("clean", 1),
        ("cleansed", 1),
        ("core", 1),
        ("curated", 1),
        ("refined", 1),
        ("hub", 1),
        ("dwh", 1),
        ("dw", 1),
        ("lake", 1),
        ("warehouse", 1),
        ("gold", 2),
        ("mart", 2),
        ("marts", 2),
        ("serve", 2),
        ("serving", 2),
        ("report", 2),
        ("reports", 2),
        ("reporting", 2),
        ("analytics", 2),
        ("bi", 2),
        ("semantic", 2),
    ];
    name.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .find_map(|part| LAYERS.iter().find(|(word, _)| *word == part).map(|(_, rank)| *rank))
}

/// Judges every table of the context, and tables that the intent names in a way that can only mean a table.
pub(crate) fn candidates<'a>(
    tables: impl Iterator<Item = &'a str>,
    words: &Words<'_>,
    shapes: &[QueryShape],
) -> Vec<Candidate> {
    let mut all: Vec<Candidate> = Vec::new();
    for name in tables.filter_map(|t| TableName::parse(t).ok()) {
        let key = name.key();
        if !all.iter().any(|c| c.full.as_ref().is_some_and(|f| f.to_lowercase() == key)) {
            all.push(Candidate::of(&name));
        }
    }
    let known = all.len();
    for n in 0..words.list.len() {
        mention(&mut all, known, words, n);
    }
    for (n, shape) in shapes.iter().enumerate() {
        for candidate in all.iter_mut().take(known) {
            let full = candidate.full.clone().unwrap_or_default().to_lowercase();
            let main = shape.from.first() == Some(&full);
            if main && candidate.source < 6.0 {
                candidate.add(false, 0.8, Place::Query(n), (0, 0), "");
            } else if shape.from.contains(&full) || shape.beside.contains(&full) {
                candidate.add(false, 0.2, Place::Query(n), (0, 0), "");
            }
            if shape
                .ranges
                .iter()
                .any(|r| r.maximum.as_ref().is_some_and(|m| m.table.as_deref() == Some(&full)))
            {
                candidate.add(true, 3.0, Place::Query(n), (0, 0), "");
            }
        }
    }
    // The intent names it, queries read others: it is what should come out.
    let used = |name: &str| shapes.iter().any(|s| s.from.iter().chain(&s.beside).any(|t| t == name));
    if all.iter().take(known).any(|c| c.full.as_ref().is_some_and(|f| used(&f.to_lowercase()))) {
        for candidate in all.iter_mut().take(known) {
            let full = candidate.full.clone().unwrap_or_default();
            let quote = candidate
                .evidence
                .iter()
                .find(|(_, e, _)| e.place == Place::Intent)
                .map(|(_, e, _)| e.quote.clone());
            if let (false, Some(quote)) = (used(&full.to_lowercase()), quote) {
                candidate.add(true, 0.9, Place::Intent, (0, quote.len()), &quote);
            }
        }
    }
    let ranks: Vec<Option<i8>> = all
        .iter()
        .map(|c| c.schema.as_deref().and_then(layer).or_else(|| c.catalog.as_deref().and_then(layer)))
        .collect();
    // Source systems have names of their own: beside a layer that is fed, a schema of no layer feeds.
    let some_raw = ranks.iter().take(known).any(|r| *r == Some(0));
    let ranks: Vec<Option<i8>> =
        ranks.into_iter().map(|r| if some_raw { r } else { r.or(Some(0)) }).collect();
    let known_ranks = || ranks.iter().take(known).flatten();
    if let (Some(low), Some(high)) = (known_ranks().min(), known_ranks().max())
        && low < high
    {
        for (candidate, rank) in all.iter_mut().zip(&ranks).take(known) {
            let schema = candidate.schema.clone().unwrap_or_default();
            let whole = (0, schema.len());
            if *rank == Some(*low) {
                candidate.add(false, 0.6, Place::Tables, whole, &schema);
            } else if *rank == Some(*high) {
                candidate.add(true, 0.6, Place::Tables, whole, &schema);
            }
        }
    }
    all
}

/// Takes the word at `n` as a table's or a schema's name, if it is one.
fn mention(all: &mut Vec<Candidate>, known: usize, words: &Words<'_>, n: usize) {
    let Some(word) = words.list.get(n) else { return };
    let parts: Vec<&str> = word.text.split('.').collect();
    if parts.iter().any(|p| p.is_empty()) || word.text.starts_with(|c: char| c.is_ascii_digit()) {
        return;
    }
    let same = |a: &Option<String>, b: &str| a.as_ref().is_some_and(|a| a.to_lowercase() == b);
    let matching: Vec<usize> = all
        .iter()
        .enumerate()
        .take(known)
        .filter(|(_, c)| match parts.as_slice() {
            [table] => c.table.to_lowercase() == *table,
            [schema, table] => c.table.to_lowercase() == *table && same(&c.schema, schema),
            [catalog, schema, table] => {
                c.table.to_lowercase() == *table && same(&c.schema, schema) && same(&c.catalog, catalog)
            }
            _ => false,
        })
        .map(|(at, _)| at)
        .collect();
    let role = role(words, n);
    let quote = words.quote(n.saturating_sub(1), n + 1);
    if !matching.is_empty() {
        // A name that several tables share says which table is meant only together with more.
        let share = if matching.len() > 1 { 0.25 } else { 1.0 };
        let dotted = parts.len() > 1;
        for at in matching {
            let Some(candidate) = all.get_mut(at) else { continue };
            match role {
                // "the rate in balance_transaction": an everyday word and no name with dots says little.
                Some((true, weight)) if !dotted && weight < 1.7 => {
                    candidate.add(true, weight * share * 0.4, Place::Intent, quote, words.text);
                }
                Some((true, weight)) => candidate.add(true, weight * share, Place::Intent, quote, words.text),
                Some((false, weight)) => {
                    candidate.add(false, weight * share, Place::Intent, quote, words.text)
                }
                None if dotted => candidate.add(false, 0.5, Place::Intent, quote, words.text),
                None => candidate.add(false, 0.3 * share, Place::Intent, quote, words.text),
            }
        }
        return;
    }
    // "into silver", "from staging": a schema.
    if parts.len() == 1 {
        let tables: Vec<usize> = all
            .iter()
            .enumerate()
            .take(known)
            .filter(|(_, c)| same(&c.schema, &word.text))
            .map(|(at, _)| at)
            .collect();
        if let (false, Some((target, weight))) = (tables.is_empty(), role) {
            for at in tables {
                if let Some(candidate) = all.get_mut(at) {
                    candidate.add(target, weight * 0.6, Place::Intent, quote, words.text);
                }
            }
            return;
        }
    }
    // A table that is not in the context. Dotted words can be anything ("e.g", a host); the place tells.
    let named = parts.len() > 1 || word.text.contains('_');
    let plausible = named && parts.len() <= 3 && parts.iter().all(|p| p.chars().count() > 1);
    if !plausible {
        return;
    }
    let raw = words.text.get(word.start..word.end).unwrap_or_default();
    let Some(pieces) = name_parts(raw) else { return };
    let mut pieces = pieces.into_iter().rev();
    let (Some(table), schema, catalog) = (pieces.next(), pieces.next(), pieces.next()) else { return };
    let strong = match role {
        Some((true, weight)) if parts.len() > 1 || weight >= 2.0 => weight,
        None if parts.len() == 3 => 1.5,
        _ => return,
    };
    // A column of a known table is not a table.
    let at = all.iter().position(|c| c.full.is_none() && c.table == table && c.schema == schema);
    let at = at.unwrap_or_else(|| {
        all.push(Candidate {
            catalog,
            schema,
            table,
            full: None,
            source: 0.0,
            target: 0.0,
            evidence: Vec::new(),
        });
        all.len() - 1
    });
    if let Some(candidate) = all.get_mut(at) {
        candidate.add(true, strong, Place::Intent, quote, words.text);
    }
}

/// Whether the place of a name makes it a target (`true`) or a source, and how surely.
fn role(words: &Words<'_>, n: usize) -> Option<(bool, f32)> {
    let sentence = words.list.get(n)?.sentence;
    let word = |at: Option<usize>| {
        at.and_then(|at| words.list.get(at))
            .filter(|w| w.sentence == sentence)
            .map_or("", |w| w.text.as_str())
    };
    let before: Vec<&str> = (1..=4).map(|back| word(n.checked_sub(back))).collect();
    // "the table x", "prod.curated.x": articles and nouns between do not count.
    let filler = |w: &&&str| {
        !matches!(**w, "the" | "our" | "table" | "tables" | "column" | "schema" | "a" | "is" | "are" | "on")
    };
    let near: Vec<&&str> = before.iter().filter(filler).collect();
    let first = near.first().map_or("", |w| **w);
    let second = near.get(1).map_or("", |w| **w);
    let after = word(Some(n + 1));
    if words
        .matches(n + 1, "in line|step|sync with")
        .or_else(|| words.matches(n + 1, "up to date|to hold|have"))
        .is_some()
    {
        return Some((true, 3.0));
    }
    if first == "of" && matches!(second, "content" | "contents" | "end" | "whole") {
        return Some((true, 1.5));
    }
    if MODALS.contains(&after) && !matches!(first, "from" | "of") {
        return Some((true, 2.0));
    }
    if matches!(first, "into" | "onto" | "target" | "->" | "name")
        || (before.first() == Some(&"table") && !matches!(first, "from" | "of"))
    {
        return Some((true, 3.0));
    }
    match first {
        "to" => return Some((true, if matches!(second, "equal" | "according") { -0.0 } else { 2.2 })),
        // "in gold.x" writes; "duplicates in raw.x" reads.
        "in" => {
            let reads =
                matches!(second, "rows" | "that" | "twice" | "doubles" | "is" | "whatever" | "changes")
                    || near.iter().any(|w| w.starts_with("duplicate"));
            return Some(if reads { (false, 1.5) } else { (true, 1.6) });
        }
        "from" | "of" => return Some((false, if first == "from" { 3.0 } else { 1.2 })),
        "source" | "equal" | "equals" | "by" | "with" | "what" | "like" if FROM.contains(&first) => {
            return Some((false, 2.0));
        }
        _ => {}
    }
    for (distance, verb) in before.iter().take(3).enumerate() {
        let weight = [2.0, 1.4, 1.0].get(distance).copied().unwrap_or(1.0);
        if matches!(*verb, "into" | "onto") {
            return Some((true, 1.0));
        }
        if WRITES.contains(verb) {
            return Some((true, weight));
        }
        if READS.contains(verb) {
            return Some((false, weight));
        }
    }
    None
}

/// The parts of a name as somebody writes it in a sentence. In backticks anything that Unity Catalog takes goes, but
/// then all three parts have to be there.
fn name_parts(raw: &str) -> Option<Vec<String>> {
    if raw.contains('`') {
        let name = TableName::parse(raw).ok()?;
        return Some([name.catalog(), name.schema(), name.table()].map(str::to_owned).to_vec());
    }
    let raw = raw.strip_suffix("'s").or_else(|| raw.strip_suffix("’s")).unwrap_or(raw);
    let plain = |part: &str| {
        crate::names::Name::parse(part).is_ok() && part.chars().all(|c| c == '-' || super::words::is_part(c))
    };
    raw.split('.').map(|part| plain(part).then(|| part.to_owned())).collect()
}
