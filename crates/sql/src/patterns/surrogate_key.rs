//! SURROGATE_KEY: every new business key gets a key of its own; known keys keep theirs.

use plan::{ColumnName, DuplicateKeys, KeyMethod, SurrogateKey};

use crate::build::{self, Build};
use crate::explain::{Effect, Explanation};
use crate::guard::Shape;
use crate::lineage::Lineage;
use crate::patterns::incremental_append::join;
use crate::patterns::{Added, AddedType, Load, merge_upsert, select_with};
use crate::statements::{Preview, Statement};
use crate::text::Sql;

impl Load for SurrogateKey {
    fn load(&self, build: &Build<'_>, sql: &mut Sql) -> Shape {
        let keys = &self.business_keys;
        let columns = build.columns().unwrap_or_default();
        sql.push("MERGE INTO ").table(build.target()).push(" AS t").row(0, "USING (");
        sql.row(2, "WITH incoming AS (").line(4);
        build.unique_source(sql, 4, keys, &[], DuplicateKeys::Pick, build::Shape::WithRank, |_, _, _| {});
        sql.row(2, ")").row(2, "SELECT ").columns_of("incoming", columns, 4).push(",").line(4);
        match self.key_method {
            KeyMethod::Hash => {
                hash(sql, keys);
                sql.push(" AS ").column(&self.surrogate_key_column).row(2, "FROM incoming");
            }
            KeyMethod::Sequence => {
                sql.push("COALESCE((SELECT MAX(").of("w", &self.surrogate_key_column).push(") FROM ");
                sql.table(build.target()).push(" AS w), 0) + ROW_NUMBER() OVER (ORDER BY ");
                sql.list(keys, ",", 6, |sql, key| {
                    sql.of("incoming", key).push(" ASC NULLS FIRST");
                });
                sql.push(") AS ").column(&self.surrogate_key_column).row(2, "FROM incoming");
                sql.row(2, "LEFT ANTI JOIN ")
                    .table(build.target())
                    .push(" AS d ON ")
                    .same("d", "incoming", keys, 5);
                if !self.update_columns.is_empty() {
                    sql.row(2, "UNION ALL").row(2, "SELECT ").columns_of("incoming", columns, 4);
                    sql.push(",").row(4, "CAST(NULL AS BIGINT) AS ").column(&self.surrogate_key_column);
                    sql.row(2, "FROM incoming")
                        .row(2, "LEFT SEMI JOIN ")
                        .table(build.target())
                        .push(" AS d ON ");
                    sql.same("d", "incoming", keys, 5);
                }
            }
        }
        sql.row(0, ") AS s").row(0, "ON ").same("t", "s", keys, 3);
        merge_upsert::when_matched(build, sql, keys, Some(&self.update_columns));
        Build::insert(sql, Some([&self.surrogate_key_column].into_iter().chain(columns).collect::<Vec<_>>()));
        Shape::Merge { deletes: false }
    }

    fn layout(&self, build: &Build<'_>, sql: &mut Sql) {
        let kind = match self.key_method {
            KeyMethod::Sequence => AddedType::Long,
            KeyMethod::Hash => AddedType::Text,
        };
        select_with(build, sql, &[Added { column: &self.surrogate_key_column, kind }]);
    }

    fn previews(&self, build: &Build<'_>) -> Vec<Preview> {
        let keys = &self.business_keys;
        let mut rows = build.sql();
        merge_upsert::count_changes(build, &mut rows, keys, Some(&self.update_columns), false, |sql| {
            build.unique_source(sql, 2, keys, &[], DuplicateKeys::Pick, build::Shape::WithRank, |_, _, _| {});
        });
        vec![
            Statement {
                name: "rows",
                purpose: "Counts the rows that a run would write.",
                sql: rows.finish(),
            },
            merge_upsert::duplicates(build, keys),
        ]
    }

    fn lineage(&self, build: &Build<'_>, lineage: &mut Lineage<'_>) {
        let keys: Vec<&ColumnName> = self.business_keys.iter().collect();
        match self.key_method {
            KeyMethod::Sequence => lineage.made(&self.surrogate_key_column, &[], "a running number"),
            KeyMethod::Hash => lineage.made(&self.surrogate_key_column, &keys, "SHA-256 of the business key"),
        }
        lineage.copied(build.columns());
    }

    fn explain(&self, build: &Build<'_>, explanation: &mut Explanation) {
        let keys = join(&self.business_keys);
        let column = &self.surrogate_key_column;
        explanation.summary(format!(
            "Gives every {keys} of {} a {column} of its own in {}.",
            build.source(),
            build.target()
        ));
        explanation.effect(
            Effect::Adds,
            match self.key_method {
                KeyMethod::Sequence => {
                    format!("A new {keys} is added with the next free number as {column}.")
                }
                KeyMethod::Hash => format!("A new {keys} is added with its SHA-256 as {column}."),
            },
        );
        if self.update_columns.is_empty() {
            explanation.note(format!("Rows with a known {keys} are not touched."));
        } else {
            explanation.effect(
                Effect::Updates,
                format!(
                    "A row with a known {keys} takes {} from the source and keeps its {column}.",
                    join(&self.update_columns)
                ),
            );
        }
        if self.key_method == KeyMethod::Sequence {
            explanation.note("Numbers are dense only if one run writes the table at a time.".to_owned());
        }
    }
}

/// Every part is marked as NULL or given with its length, so that no two different keys give the same text:
/// ('a', 'bc') and ('ab', 'c'), or NULL and ''.
fn hash(sql: &mut Sql, keys: &[ColumnName]) {
    sql.push("sha2(concat(");
    sql.list(keys, ",", 6, |sql, key| {
        sql.push("COALESCE(concat('v', CAST(length(CAST(").of("incoming", key);
        sql.push(" AS STRING)) AS STRING), ':', CAST(").of("incoming", key).push(" AS STRING)), 'n')");
    });
    sql.push("), 256)");
}
