//! MERGE_UPSERT: one target row per key.

use plan::{ColumnName, DuplicateKeys, MergeUpsert};

use crate::build::Build;
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
        build.unique_source(sql, 2, keys, &self.order_by, self.duplicate_keys, |_, _, _| {});
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
            build.unique_source(sql, 2, keys, &self.order_by, DuplicateKeys::Pick, |_, _, _| {});
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
    build.unchanged(sql, "t", "s", updates.iter().copied(), 4);
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
    sql.push("SELECT")
        .row(2, "COUNT(CASE WHEN t.")
        .column(&build.names.had)
        .push(" IS NULL THEN 1 END) AS `rows_to_insert`,");
    match known {
        None => {
            sql.row(2, "COUNT(t.").column(&build.names.had).push(") AS `rows_to_update`");
        }
        Some(columns) if columns.is_empty() => {
            sql.row(2, "0 AS `rows_to_update`");
        }
        Some(columns) => {
            sql.row(2, "COUNT(CASE WHEN t.").column(&build.names.had).push(" AND NOT (").line(6);
            build.unchanged(sql, "t", "s", columns.iter().copied(), 6);
            sql.row(4, ") THEN 1 END) AS `rows_to_update`,");
            sql.row(2, "COUNT(CASE WHEN t.").column(&build.names.had).push(" AND ").line(6);
            build.unchanged(sql, "t", "s", columns, 6);
            sql.row(4, "THEN 1 END) AS `rows_unchanged`");
        }
    }
    if deletes {
        // The predicate names source columns without an alias, so it stands in a query of its own.
        sql.push(",").row(2, "(SELECT COUNT(*) FROM ").table(build.target()).push(" AS d LEFT ANTI JOIN (");
        sql.row(6, "SELECT ").columns(keys, 8).row(6, "FROM ").table(build.source());
        build.filter(sql, 6);
        sql.row(4, ") AS k ON ").same("d", "k", keys, 6).push(") AS `rows_to_delete`");
    }
    sql.row(0, "FROM (").line(2);
    source(sql);
    sql.row(0, ") AS s").row(0, "LEFT JOIN (SELECT *, TRUE AS ").column(&build.names.had).push(" FROM ");
    sql.table(build.target()).push(") AS t").row(0, "ON ").same("t", "s", keys, 3);
}

/// Counts source keys that occur more than once.
pub(crate) fn duplicates(build: &Build<'_>, keys: &[ColumnName]) -> Preview {
    let mut sql = build.sql();
    sql.push("SELECT COUNT(*) AS `keys_with_duplicates`, COALESCE(SUM(d.`n` - 1), 0) AS `rows_not_taken`");
    sql.row(0, "FROM (").row(2, "SELECT COUNT(*) AS `n`").row(2, "FROM ").table(build.source());
    build.filter(&mut sql, 2);
    sql.row(2, "GROUP BY ").columns(keys, 4).row(2, "HAVING COUNT(*) > 1").row(0, ") AS d");
    Statement {
        name: "duplicate_keys",
        purpose: "Counts source keys that occur more than once, and the rows that lose.",
        sql: sql.finish(),
    }
}
