//! `pattern_config`: what each pattern wants to know, from columns, queries and words.

use serde_json::{Map, Value, json};

use super::assemble::Draft;
use super::columns::{self, KeySource, Mark, Validity};
use super::evidence::{Evidence, Place};
use super::score::Scores;
use super::shape::ShapeColumn;
use crate::names::ColumnName;
use crate::patterns::PatternKind as P;

impl Draft<'_> {
    /// Fills `pattern_config` and gives the pattern and its write mode.
    pub(super) fn configure(
        &mut self,
        pattern: Option<P>,
        scores: &Scores,
    ) -> (Option<P>, Option<&'static str>) {
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
        let own = |c: &ShapeColumn| {
            c.table.as_ref().is_none_or(|t| *t == self.source_columns.table)
                && self.source_columns.has(&c.column)
        };
        // The last query is the refined one.
        let found = self.shapes.iter().enumerate().rev().find_map(|(n, shape)| {
            let group = shape.groupings.iter().rev().find(|g| !g.aggregates.is_empty())?;
            let by: Vec<&ShapeColumn> = group.by.iter().filter(|c| own(c)).collect();
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
        let spell = |c: &ShapeColumn| {
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
}
