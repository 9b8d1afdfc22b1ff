//! MERGE_UPSERT: one target row per key.

use plan::{ColumnName, DuplicateKeys, MergeUpsert};

use crate::build::{self, Build};
use crate::explain::{Effect, Explanation};
use crate::guard::Shape;
use crate::patterns::Load;
use crate::patterns::incremental_append::join;
use crate::statements::{Preview, Statement};
use crate::text::Sql;

impl Load for MergeUpsert {
    fn load(&self, build: &Build<'_>, sql: &mut Sql) -> Shape {
        let keys = &self.merge_keys;
        sql.push("MERGE INTO ").table(build.target()).push(" AS t").row(0, "USING (").line(2);
        build.unique_source(
            sql,
            2,
            keys,
            &self.order_by,
            self.duplicate_keys,
            build::Shape::WithRank,
            |_, _, _| {},
        );
        sql.row(0, ") AS s").row(0, "ON ").same("t", "s", keys, 3);
        when_matched(build, sql, keys, self.update_columns.as_deref());
        Build::insert(sql, build.columns());
        if self.delete_missing {
            sql.row(0, "WHEN NOT MATCHED BY SOURCE THEN DELETE");
        }
        Shape::Merge { deletes: self.delete_missing }
    }

    fn previews(&self, build: &Build<'_>) -> Vec<Preview> {
        let keys = &self.merge_keys;
        let mut rows = build.sql();
        count_changes(build, &mut rows, keys, self.update_columns.as_deref(), self.delete_missing, |sql| {
            build.unique_source(
                sql,
                2,
                keys,
                &self.order_by,
                DuplicateKeys::Pick,
                build::Shape::WithRank,
                |_, _, _| {},
            );
        });
        vec![
            Statement {
                name: "rows",
                purpose: "Counts the rows that a run would write.",
                sql: rows.finish(),
            },
            duplicates(build, keys),
        ]
    }

    fn explain(&self, build: &Build<'_>, explanation: &mut Explanation) {
        let keys = join(&self.merge_keys);
        explanation.summary(format!(
            "Keeps one row per {keys} in {} up to date from {}.",
            build.target(),
            build.source()
        ));
        match self.update_columns.as_deref() {
            Some([]) => explanation.note(format!("Rows with a known {keys} are not touched.")),
            Some(columns) => explanation.effect(
                Effect::Updates,
                format!("A row with a known {keys} takes {} from the source, NULLs included, if one of them differs.", join(columns)),
            ),
            None => explanation.effect(
                Effect::Updates,
                format!("A row with a known {keys} takes all other columns from the source, NULLs included."),
            ),
        }
        explanation.effect(Effect::Adds, format!("A row with a new {keys} is added."));
        if self.delete_missing {
            explanation.effect(
                Effect::Deletes,
                format!("Rows of the target whose {keys} the (filtered) source does not have are DELETED. An empty source empties the table."),
            );
        } else {
            explanation.note("Rows that the source no longer has stay.".to_owned());
        }
        duplicates_note(explanation, &keys, self.duplicate_keys);
    }
}

pub(crate) fn duplicates_note(explanation: &mut Explanation, keys: &str, duplicates: DuplicateKeys) {
    explanation.note(match duplicates {
        DuplicateKeys::Pick => {
            format!("Of several source rows with one {keys}, one is taken, always the same one.")
        }
        DuplicateKeys::Fail => {
            format!("Several source rows with one {keys} stop the run; nothing is written then.")
        }
    });
}

/// `WHEN MATCHED AND NOT (same) THEN UPDATE SET ...`; nothing if there is nothing to update.
pub(crate) fn when_matched(
    build: &Build<'_>,
    sql: &mut Sql,
    keys: &[ColumnName],
    updates: Option<&[ColumnName]>,
) {
    let updates = match (updates, build.columns()) {
        (Some(updates), _) => Build::others(updates, keys),
        (None, Some(columns)) => Build::others(columns, keys),
        (None, None) => {
            // Without names there is nothing to compare.
            sql.row(0, "WHEN MATCHED THEN UPDATE SET *");
            return;
        }
    };
    if updates.is_empty() {
        return;
    }
    sql.row(0, "WHEN MATCHED AND NOT (").line(4);
    build.unchanged(sql, "t", "s", &updates, 4);
    sql.row(2, ") THEN ");
    Build::update(sql, updates);
}

/// One row with the numbers of rows that a merge would insert, update and leave, and delete if it does that.
pub(crate) fn count_changes(
    build: &Build<'_>,
    sql: &mut Sql,
    keys: &[ColumnName],
    updates: Option<&[ColumnName]>,
    deletes: bool,
    source: impl Fn(&mut Sql),
) {
    let known = match (updates, build.columns()) {
        (Some(updates), _) => Some(Build::others(updates, keys)),
        (None, columns) => columns.map(|columns| Build::others(columns, keys)),
    };
    let joined = |sql: &mut Sql| {
        sql.push("(SELECT COUNT(*) FROM s JOIN ")
            .table(build.target())
            .push(" AS t ON ")
            .same("t", "s", keys, 6);
    };
    sql.push("SELECT *").row(0, "FROM (").row(2, "WITH s AS (").line(2);
    source(sql);
    sql.row(2, ")").row(2, "SELECT (SELECT COUNT(*) FROM s LEFT ANTI JOIN ").table(build.target());
    sql.push(" AS t ON ").same("t", "s", keys, 6).push(") AS `rows_to_insert`,").line(4);
    match known {
        None => {
            joined(sql);
            sql.push(") AS `rows_to_update`");
        }
        Some(columns) if columns.is_empty() => {
            sql.push("0 AS `rows_to_update`");
        }
        Some(columns) => {
            joined(sql);
            sql.row(6, "WHERE NOT (").line(8);
            build.unchanged(sql, "t", "s", &columns, 8);
            sql.row(6, ")) AS `rows_to_update`,").line(4);
            joined(sql);
            sql.row(6, "WHERE ").line(8);
            build.unchanged(sql, "t", "s", &columns, 8);
            sql.row(4, ") AS `rows_unchanged`");
        }
    }
    if deletes {
        sql.push(",")
            .row(4, "(SELECT COUNT(*) FROM ")
            .table(build.target())
            .push(" AS t LEFT ANTI JOIN s ON ");
        sql.same("t", "s", keys, 6).push(") AS `rows_to_delete`");
    }
    sql.row(0, ") AS p");
}

/// Counts source keys that occur more than once.
pub(crate) fn duplicates(build: &Build<'_>, keys: &[ColumnName]) -> Preview {
    let mut sql = build.sql();
    sql.push("SELECT COUNT(CASE WHEN d.`n` > 1 THEN 1 END) AS `keys_with_duplicates`,");
    sql.row(2, "COALESCE(SUM(d.`n`), 0) - COUNT(*) AS `rows_not_taken`");
    sql.row(0, "FROM (").row(2, "SELECT SUM(1) AS `n`").row(2, "FROM ").table(build.source());
    build.filter(&mut sql, 2);
    sql.row(2, "GROUP BY ").columns(keys, 4).row(0, ") AS d");
    Statement {
        name: "duplicate_keys",
        purpose: "Counts source keys that occur more than once, and the rows that lose.",
        sql: sql.finish(),
    }
}
