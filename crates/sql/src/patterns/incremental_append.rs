//! INCREMENTAL_APPEND.
//!
//! Append: rows above the target's highest watermark are added. Merge: rows at or above it are matched by key, the
//! newest of each key wins; the bound is inclusive because matching makes repetition harmless and late ties are saved.
//!
//! Rows are added by a MERGE that matches nothing (`ON FALSE`) and not by INSERT: it pairs columns by name on every
//! engine, leaves target columns that the plan does not write at NULL or their default, and ignores source columns
//! that came later. INSERT BY NAME fails for one or the other, depending on the engine.

use plan::{ColumnName, DuplicateKeys, IncrementalAppend, OrderBy, Watermark};

use crate::build::{self, Build};
use crate::explain::{Effect, Explanation};
use crate::guard::Shape;
use crate::patterns::Load;
use crate::statements::{Preview, Statement};
use crate::text::{Literal, Sql};

impl Load for IncrementalAppend {
    fn load(&self, build: &Build<'_>, sql: &mut Sql) -> Shape {
        sql.push("MERGE INTO ").table(build.target()).push(" AS t").row(0, "USING (").line(2);
        match &self.match_columns {
            None => {
                sql.push("SELECT ");
                build.select_list(sql, 4);
                sql.row(2, "FROM ").table(build.source());
                let filtered = build.filter(sql, 2);
                new_rows(self, build, sql, 2, filtered);
            }
            Some(keys) => {
                let newest = [OrderBy { column: self.watermark_column.clone(), descending: true }];
                build.unique_source(
                    sql,
                    2,
                    keys,
                    &newest,
                    DuplicateKeys::Pick,
                    build::Shape::WithRank,
                    |sql, indent, filtered| {
                        new_rows(self, build, sql, indent, filtered);
                    },
                );
            }
        }
        sql.row(0, ") AS s").row(0, "ON ");
        match &self.match_columns {
            None => {
                sql.push("FALSE");
            }
            Some(keys) => {
                sql.same("t", "s", keys, 3);
                super::merge_upsert::when_matched(build, sql, keys, None);
            }
        }
        Build::insert(sql, build.columns());
        Shape::Merge { deletes: false }
    }

    fn count_input(&self, build: &Build<'_>, sql: &mut Sql) {
        sql.push("SELECT COUNT(*) AS `rows`").row(0, "FROM ").table(build.source());
        let filtered = build.filter(sql, 0);
        new_rows(self, build, sql, 0, filtered);
    }

    fn previews(&self, build: &Build<'_>) -> Vec<Preview> {
        let watermark = &self.watermark_column;
        let mut rows = build.sql();
        match &self.match_columns {
            None => {
                rows.push("SELECT COUNT(*) AS `rows_to_insert`").row(0, "FROM ").table(build.source());
                let filtered = build.filter(&mut rows, 0);
                new_rows(self, build, &mut rows, 0, filtered);
            }
            Some(keys) => {
                let newest = [OrderBy { column: watermark.clone(), descending: true }];
                super::merge_upsert::count_changes(build, &mut rows, keys, None, false, |sql| {
                    build.unique_source(
                        sql,
                        2,
                        keys,
                        &newest,
                        DuplicateKeys::Pick,
                        build::Shape::WithRank,
                        |sql, indent, filtered| {
                            new_rows(self, build, sql, indent, filtered);
                        },
                    );
                });
            }
        }
        let mut left_out = build.sql();
        left_out
            .push("SELECT")
            .row(2, "COUNT(CASE WHEN ")
            .column(watermark)
            .push(" IS NULL THEN 1 END) AS `null_watermarks`,");
        left_out.row(2, "COUNT(CASE WHEN ").column(watermark);
        left_out.push(if self.match_columns.is_some() { " < " } else { " <= " });
        max(self, build, &mut left_out);
        left_out.push(" THEN 1 END) AS `at_or_below_the_watermark`,").line(2);
        max(self, build, &mut left_out);
        left_out.push(" AS `current_watermark`").row(0, "FROM ").table(build.source());
        build.filter(&mut left_out, 0);
        vec![
            Statement {
                name: "rows",
                purpose: "Counts the rows that a run would write.",
                sql: rows.finish(),
            },
            Statement {
                name: "left_out",
                purpose: "Counts rows without a watermark, and rows that a run passes over because of theirs: loaded before, or arrived late.",
                sql: left_out.finish(),
            },
        ]
    }

    fn explain(&self, build: &Build<'_>, explanation: &mut Explanation) {
        let column = self.watermark_column.as_str();
        let start = match &self.watermark {
            Watermark::Timestamp(Some(v)) => format!("rows above {v}"),
            Watermark::Date(Some(v)) => format!("rows above {v}"),
            Watermark::Numeric(Some(v)) => format!("rows above {v}"),
            _ => "all rows".to_owned(),
        };
        match &self.match_columns {
            None => {
                explanation.summary(format!(
                    "Adds rows of {} whose {column} is above the highest {column} in {}.",
                    build.source(),
                    build.target()
                ));
                explanation.effect(
                    Effect::Adds,
                    "New rows are added; rows that are there are not touched.".to_owned(),
                );
                explanation.note(format!("A row that arrives late, with a {column} at or below the highest one, is never loaded. Write mode merge would load it if it is equal."));
            }
            Some(keys) => {
                let keys = join(keys);
                explanation.summary(format!("Takes rows of {} whose {column} is at or above the highest {column} in {}, and keeps one row per {keys}.", build.source(), build.target()));
                explanation.effect(
                    Effect::Updates,
                    format!("A row with a known {keys} takes the values of the newest source row with it."),
                );
                explanation.effect(Effect::Adds, format!("A row with a new {keys} is added."));
                explanation.note(format!(
                    "A row that arrives late, with a {column} below the highest one, is never loaded."
                ));
            }
        }
        explanation.note(format!("Into an empty target go {start}."));
        explanation.note(format!("Rows without a {column} are left out: they cannot be ordered."));
    }
}

pub(crate) fn join(columns: &[ColumnName]) -> String {
    columns.iter().map(ColumnName::as_str).collect::<Vec<_>>().join(", ")
}

/// `(SELECT MAX(w.x) FROM target AS w)`. The alias keeps the column from meaning one of the source if the target
/// has none of that name.
fn max(config: &IncrementalAppend, build: &Build<'_>, sql: &mut Sql) {
    sql.push("(SELECT MAX(")
        .of("w", &config.watermark_column)
        .push(") FROM ")
        .table(build.target())
        .push(" AS w)");
}

/// The conditions that pick new rows. `MAX IS NULL OR x > MAX` needs no smallest value per type, so nothing before
/// 1900 and nothing negative is lost on the first run.
fn new_rows(config: &IncrementalAppend, build: &Build<'_>, sql: &mut Sql, indent: usize, filtered: bool) {
    let column = &config.watermark_column;
    sql.line(indent).push(if filtered { "  AND " } else { "WHERE " }).column(column).push(" IS NOT NULL");
    sql.row(indent, "  AND (");
    let start = match &config.watermark {
        Watermark::Timestamp(value) => value.as_ref().map(Literal::Timestamp),
        Watermark::Date(value) => value.map(Literal::Date),
        Watermark::Numeric(value) => value.as_ref().map(Literal::Number),
    };
    if let Some(start) = start {
        sql.push("(");
        max(config, build, sql);
        sql.push(" IS NULL AND ").column(column).push(" > ").literal(start).push(")");
    } else {
        max(config, build, sql);
        sql.push(" IS NULL");
    }
    sql.row(indent, "    OR ").column(column);
    sql.push(if config.match_columns.is_some() { " >= " } else { " > " });
    max(config, build, sql);
    sql.push(")");
}
