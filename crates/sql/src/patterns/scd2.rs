//! SCD2: versions `[valid_from, valid_to)` per key, of which one is current.
//!
//! One MERGE does it all. Its source lists every changed key twice: once to close the current version (it matches)
//! and once to open the next (it cannot match, because the condition asks for `close`). The usual trick with a NULL
//! in the key would clash with keys that may be NULL, so the purpose of a row is a column of its own. Both sides
//! get the same instant, so there is neither a gap nor an overlap, and no moment without a current version.

use plan::{ColumnName, Scd2};

use crate::build::{self, Build};
use crate::explain::{Effect, Explanation};
use crate::guard::Shape;
use crate::lineage::Lineage;
use crate::patterns::incremental_append::join;
use crate::patterns::{Added, AddedType, Load, merge_upsert, select_with};
use crate::statements::{Preview, Statement};
use crate::text::{Literal, Sql};

impl Load for Scd2 {
    fn load(&self, build: &Build<'_>, sql: &mut Sql) -> Shape {
        let names = &build.names;
        let keys = &self.business_keys;
        sql.push("MERGE INTO ").table(build.target()).push(" AS t").row(0, "USING (");
        changes(self, build, sql);
        for (n, purpose) in ["'close' AS ", "'open' AS "].into_iter().enumerate() {
            sql.row(2, if n == 0 { "SELECT " } else { "UNION ALL" });
            if n > 0 {
                sql.row(2, "SELECT ");
            }
            sql.push(purpose).column(&names.op).push(", ");
            match build.columns() {
                Some(columns) => {
                    sql.columns(columns, 4);
                }
                None => {
                    // INSERT * takes every column of the target from the source, so the system columns are there too.
                    sql.push("changed.*,").line(4);
                    build.run_time(sql);
                    sql.push(" AS ").column(&self.effective_date_column).push(",").line(4);
                    sql.literal(Literal::Timestamp(&self.end_date_default))
                        .push(" AS ")
                        .column(&self.end_date_column);
                    sql.push(",").row(4, "TRUE AS ").column(&self.current_flag_column);
                }
            }
            sql.row(2, "FROM changed");
            if n == 0 {
                sql.row(2, "WHERE ").column(&names.had);
            }
        }
        if let Some(columns) = build.columns().filter(|_| self.close_missing) {
            sql.row(2, "UNION ALL").row(2, "SELECT 'close' AS ").column(&names.op).push(", ");
            sql.columns_of("gone", columns, 4).row(2, "FROM (SELECT ").columns(columns, 4).push(" FROM ");
            sql.table(build.target()).push(" WHERE ").column(&self.current_flag_column).push(") AS gone");
            sql.row(2, "LEFT ANTI JOIN incoming ON ").same("gone", "incoming", keys, 5);
        }
        sql.row(0, ") AS s").row(0, "ON ").same("t", "s", keys, 3);
        sql.push(" AND ")
            .of("t", &self.current_flag_column)
            .push(" AND ")
            .of("s", &names.op)
            .push(" = 'close'");
        sql.row(0, "WHEN MATCHED THEN UPDATE SET").line(4).column(&self.end_date_column).push(" = ");
        build.run_time(sql);
        sql.push(", ").column(&self.current_flag_column).push(" = FALSE");
        sql.row(0, "WHEN NOT MATCHED AND ").of("s", &names.op).push(" = 'open' THEN INSERT");
        match build.columns() {
            None => {
                sql.push(" *");
            }
            Some(columns) => {
                let all = columns.iter().chain([
                    &self.effective_date_column,
                    &self.end_date_column,
                    &self.current_flag_column,
                ]);
                sql.push(" (").line(4).columns(all, 4).row(2, ") VALUES (").line(4);
                sql.columns_of("s", columns, 4).push(",").line(4);
                build.run_time(sql);
                sql.push(", ").literal(Literal::Timestamp(&self.end_date_default)).push(", TRUE").row(2, ")");
            }
        }
        Shape::Merge { deletes: false }
    }

    fn layout(&self, build: &Build<'_>, sql: &mut Sql) {
        select_with(
            build,
            sql,
            &[
                Added { column: &self.effective_date_column, kind: AddedType::Timestamp },
                Added { column: &self.end_date_column, kind: AddedType::Timestamp },
                Added { column: &self.current_flag_column, kind: AddedType::Boolean },
            ],
        );
    }

    fn previews(&self, build: &Build<'_>) -> Vec<Preview> {
        let names = &build.names;
        let keys = &self.business_keys;
        let mut rows = build.sql();
        rows.push("SELECT *").row(0, "FROM (");
        changes(self, build, &mut rows);
        rows.row(2, "SELECT (SELECT COUNT(*) FROM changed WHERE NOT ")
            .column(&names.had)
            .push(") AS `new_keys`,");
        rows.row(4, "(SELECT COUNT(*) FROM changed WHERE ")
            .column(&names.had)
            .push(") AS `versions_to_close`,");
        rows.row(4, "(SELECT COUNT(*) FROM changed) AS `versions_to_open`").row(0, ") AS p");
        let mut all = vec![Statement {
            name: "rows",
            purpose: "Counts new keys, and versions that a run would close and open.",
            sql: rows.finish(),
        }];
        if self.close_missing {
            let mut gone = build.sql();
            gone.push("SELECT COUNT(*) AS `versions_to_close_for_good`")
                .row(0, "FROM (SELECT ")
                .columns(keys, 2);
            gone.push(" FROM ").table(build.target()).push(" WHERE ").column(&self.current_flag_column);
            gone.push(") AS gone").row(0, "LEFT ANTI JOIN (").row(2, "SELECT ").columns(keys, 4);
            gone.row(2, "FROM ").table(build.source());
            build.filter(&mut gone, 2);
            gone.row(0, ") AS k ON ").same("gone", "k", keys, 3);
            all.push(Statement {
                name: "gone",
                purpose: "Counts current versions whose key the source no longer has.",
                sql: gone.finish(),
            });
        }
        let mut health = build.sql();
        health.push("SELECT COUNT(*) AS `keys_with_several_current_versions`,");
        health.row(2, "(SELECT COUNT(*) FROM ").table(build.target()).push(" AS w WHERE ");
        health
            .of("w", &self.current_flag_column)
            .push(" AND ")
            .of("w", &self.effective_date_column)
            .push(" > ");
        build.run_time(&mut health);
        health.push(") AS `current_versions_after_the_run_time`").row(0, "FROM (").row(2, "SELECT 1 AS `x`");
        health.row(2, "FROM ").table(build.target()).row(2, "WHERE ").column(&self.current_flag_column);
        health.row(2, "GROUP BY ").columns(keys, 4).row(2, "HAVING COUNT(*) > 1").row(0, ") AS d");
        all.push(Statement {
            name: "history",
            purpose: "Counts what is wrong with the history already: a run would fail or make it worse.",
            sql: health.finish(),
        });
        all.push(merge_upsert::duplicates(build, keys));
        all
    }

    fn lineage(&self, build: &Build<'_>, lineage: &mut Lineage<'_>) {
        lineage.copied(build.columns());
        lineage.made(&self.effective_date_column, &[], "the time of the run that opened the version");
        lineage.made(
            &self.end_date_column,
            &[],
            "the time of the run that closed the version, or its open end",
        );
        lineage.made(&self.current_flag_column, &[], "whether the version is the current one");
    }

    fn explain(&self, build: &Build<'_>, explanation: &mut Explanation) {
        let keys = join(&self.business_keys);
        explanation.summary(format!(
            "Keeps a history of {} per {keys} in {}.",
            build.source(),
            build.target()
        ));
        let compared = match (&self.compare_columns, build.columns()) {
            (Some(columns), _) => join(columns),
            (None, Some(columns)) => Build::others(columns, &self.business_keys)
                .iter()
                .map(|c| c.as_str())
                .collect::<Vec<_>>()
                .join(", "),
            (None, None) => String::new(),
        };
        explanation.effect(
            Effect::Updates,
            format!("If {compared} of a known {keys} changed, its current version is closed: {} is set to the time of the run and {} to FALSE.",
                self.end_date_column, self.current_flag_column),
        );
        explanation.effect(
            Effect::Adds,
            format!(
                "A changed or new {keys} gets a new current version from the time of the run to {}.",
                self.end_date_default
            ),
        );
        if self.close_missing {
            explanation.effect(
                Effect::Updates,
                format!("The current version of a {keys} that the (filtered) source does not have is CLOSED. An empty source closes all."),
            );
        } else {
            explanation.note(format!("A {keys} that the source no longer has stays current."));
        }
        explanation.note("Versions that are closed are never touched.".to_owned());
        merge_upsert::duplicates_note(explanation, &keys, self.duplicate_keys);
    }
}

/// `WITH incoming AS (...), changed AS (...)`: source rows that differ from their current version or have none.
fn changes(config: &Scd2, build: &Build<'_>, sql: &mut Sql) {
    let keys = &config.business_keys;
    let flag = &config.current_flag_column;
    let compared: Vec<&ColumnName> = match (&config.compare_columns, build.columns()) {
        (Some(columns), _) => Build::others(columns, keys),
        (None, columns) => Build::others(columns.unwrap_or_default(), keys),
    };
    sql.row(2, "WITH incoming AS (").line(4);
    build.unique_source(
        sql,
        4,
        keys,
        &config.order_by,
        config.duplicate_keys,
        build::Shape::WithRank,
        |_, _, _| {},
    );
    sql.row(2, "), changed AS (").row(4, "SELECT ");
    match build.columns() {
        Some(columns) => sql.columns_of("incoming", columns, 6),
        None => sql.push("incoming.*"),
    };
    sql.push(", ").of("o", flag).push(" IS NOT NULL AS ").column(&build.names.had);
    sql.row(4, "FROM incoming").row(4, "LEFT JOIN (").row(6, "SELECT ");
    let wanted = keys.iter().chain(compared.iter().copied()).chain([flag]);
    sql.columns(wanted, 8).row(6, "FROM ").table(build.target()).row(6, "WHERE ").column(flag);
    sql.row(4, ") AS o ON ").same("incoming", "o", keys, 7);
    sql.row(4, "WHERE ").of("o", flag).push(" IS NULL");
    if !compared.is_empty() {
        sql.push(" OR NOT (").line(6);
        build.unchanged(sql, "incoming", "o", &compared, 6);
        sql.row(4, ")");
    }
    sql.row(2, ")");
}
