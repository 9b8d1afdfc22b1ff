//! FULL_REPLACE: afterwards the target holds exactly the filtered source.
//!
//! `CREATE OR REPLACE TABLE ... AS` is one commit: readers see the old table until it is done, a failing query leaves
//! the old table, and history, grants and the table's id survive. Dropping and creating does none of that, see
//! <https://docs.databricks.com/tables/operations/drop-table.html>.

use plan::{FullReplace, RefreshMode, TableFormat, TableName};

use crate::build::Build;
use crate::explain::{Effect, Explanation};
use crate::guard::Shape;
use crate::patterns::Load;
use crate::statements::{Preview, Statement};
use crate::text::{Literal, Sql};

impl Load for FullReplace {
    fn load(&self, build: &Build<'_>, sql: &mut Sql) -> Shape {
        replace(self, build, sql, build.target(), None);
        Shape::CreateOrReplace
    }

    fn creates_target(&self) -> bool {
        true
    }

    fn previews(&self, build: &Build<'_>) -> Vec<Preview> {
        let mut new = build.sql();
        new.push("SELECT COUNT(*) AS `rows_to_insert`").row(0, "FROM ").table(build.source());
        build.filter(&mut new, 0);
        let mut old = Sql::default();
        old.push("SELECT COUNT(*) AS `rows_to_delete`").row(0, "FROM ").table(build.target());
        vec![
            Statement {
                name: "rows",
                purpose: "Counts the rows that the target would have.",
                sql: new.finish(),
            },
            Statement {
                name: "old_rows",
                purpose: "Counts the rows that would be replaced; fails if there is no target yet.",
                sql: old.finish(),
            },
        ]
    }

    fn explain(&self, build: &Build<'_>, explanation: &mut Explanation) {
        explanation.summary(format!(
            "Replaces the whole content of {} by {}.",
            build.target(),
            build.source()
        ));
        explanation.effect(
            Effect::Replaces,
            "Every row of the target, and its columns, are REPLACED; rows that the (filtered) source lacks are gone. Readers see the old table until the new one is complete. An empty source gives an empty table.".to_owned(),
        );
        explanation.note("A target that does not exist yet is created.".to_owned());
        if self.refresh_mode == RefreshMode::Staging {
            explanation.note("The load itself is atomic, so no second table is needed; the staging statements are for whoever wants to look at the new content before it is published.".to_owned());
        }
    }
}

/// Writes the statement for `table`; from a staging table in place of the source if there is one.
pub(crate) fn replace(
    config: &FullReplace,
    build: &Build<'_>,
    sql: &mut Sql,
    table: &TableName,
    staged: Option<&TableName>,
) {
    sql.push("CREATE OR REPLACE TABLE ").table(table);
    sql.row(
        0,
        match config.table_format {
            TableFormat::Delta => "USING DELTA",
            TableFormat::Iceberg => "USING ICEBERG",
        },
    );
    if !config.partition_columns.is_empty() {
        sql.row(0, "PARTITIONED BY (").columns(&config.partition_columns, 2).push(")");
    }
    if !config.cluster_columns.is_empty() && build.options.runtime.cluster_by {
        sql.row(0, "CLUSTER BY (").columns(&config.cluster_columns, 2).push(")");
    }
    if !config.table_properties.is_empty() {
        sql.row(0, "TBLPROPERTIES (").line(2);
        sql.list(&config.table_properties, ",", 2, |sql, (key, value)| {
            sql.literal(Literal::Text(key)).push(" = ").literal(Literal::Text(value));
        });
        sql.row(0, ")");
    }
    sql.row(0, "AS SELECT ");
    build.select_list(sql, 2);
    sql.row(0, "FROM ").table(staged.unwrap_or(build.source()));
    if staged.is_none() {
        build.filter(sql, 0);
    }
}
