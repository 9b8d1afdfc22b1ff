//! SNAPSHOT: one full copy of the source per date; a second run on a date replaces that date and nothing else.
//!
//! The form that runs everywhere and pairs columns by name is a MERGE that matches nothing. On a large table it
//! reads more than needed, so two others are used where the catalog or the warehouse is known: `REPLACE WHERE`, by
//! name on SQL warehouses (SPARK-54803), or in the target's column order.

use plan::{ColumnName, NameSet, Snapshot};

use crate::build::Build;
use crate::explain::{Effect, Explanation};
use crate::guard::Shape;
use crate::lineage::Lineage;
use crate::patterns::{Added, AddedType, Load, select_with};
use crate::statements::{Preview, Statement};
use crate::text::{Literal, Sql};

impl Load for Snapshot {
    fn load(&self, build: &Build<'_>, sql: &mut Sql) -> Shape {
        let date = &self.snapshot_date_column;
        if let Some(known) = build.known_date() {
            if build.options.runtime.replace_where_by_name && build.columns().is_some() {
                sql.push("INSERT INTO ").table(build.target()).push(" BY NAME").row(0, "REPLACE WHERE ");
                sql.column(date).push(" = ").literal(Literal::Date(known)).row(0, "");
                select(self, build, sql, 0);
                return Shape::InsertInto;
            }
            if let Some(order) = target_order(self, build) {
                sql.push("INSERT INTO ").table(build.target()).row(0, "REPLACE WHERE ");
                sql.column(date).push(" = ").literal(Literal::Date(known)).row(0, "SELECT ");
                let columns = NameSet::of(build.columns().unwrap_or_default());
                sql.list(order, ",", 2, |sql, column| {
                    if column == date {
                        sql.literal(Literal::Date(known)).push(" AS ");
                    } else if !columns.contains(column) {
                        sql.push("NULL AS ");
                    }
                    sql.column(column);
                });
                sql.row(0, "FROM ").table(build.source());
                build.filter(sql, 0);
                return Shape::InsertInto;
            }
        }
        sql.push("MERGE INTO ").table(build.target()).push(" AS t").row(0, "USING (").line(2);
        select(self, build, sql, 2);
        sql.row(0, ") AS s").row(0, "ON FALSE");
        let all = build.columns().map(|columns| columns.iter().chain([date]));
        Build::insert(sql, all);
        sql.row(0, "WHEN NOT MATCHED BY SOURCE AND ").of("t", date).push(" = ");
        build.run_date(sql);
        sql.push(" THEN DELETE");
        Shape::Merge { deletes: true }
    }

    fn layout(&self, build: &Build<'_>, sql: &mut Sql) {
        select_with(build, sql, &[Added { column: &self.snapshot_date_column, kind: AddedType::Date }]);
    }

    fn previews(&self, build: &Build<'_>) -> Vec<Preview> {
        let mut new = build.sql();
        new.push("SELECT COUNT(*) AS `rows_to_insert`,")
            .row(2, "(SELECT COUNT(*) FROM ")
            .table(build.target());
        new.push(" AS w WHERE ").of("w", &self.snapshot_date_column).push(" = ");
        build.run_date(&mut new);
        new.push(") AS `rows_to_delete`").row(0, "FROM ").table(build.source());
        build.filter(&mut new, 0);
        vec![Statement {
            name: "rows",
            purpose: "Counts the rows of the new copy, and those of the same date that it replaces.",
            sql: new.finish(),
        }]
    }

    fn lineage(&self, build: &Build<'_>, lineage: &mut Lineage<'_>) {
        lineage.copied(build.columns());
        lineage.made(&self.snapshot_date_column, &[], "the date of the run");
    }

    fn explain(&self, build: &Build<'_>, explanation: &mut Explanation) {
        let date = self.snapshot_date_column.as_str();
        explanation.summary(format!(
            "Adds a full copy of {} to {}, marked with the date of the run in {date}.",
            build.source(),
            build.target()
        ));
        explanation.effect(Effect::Adds, "Every (filtered) source row is added once per date.".to_owned());
        explanation.effect(
            Effect::Deletes,
            format!("Rows with the same {date} are REPLACED, so that a repeated run does not double the day. Other dates are not touched."),
        );
    }
}

fn select(config: &Snapshot, build: &Build<'_>, sql: &mut Sql, indent: usize) {
    sql.push("SELECT ");
    build.select_list(sql, indent + 2);
    sql.push(",").line(indent + 2);
    build.run_date(sql);
    sql.push(" AS ").column(&config.snapshot_date_column).row(indent, "FROM ").table(build.source());
    build.filter(sql, indent);
}

/// The target's columns in their order, if they are known and have room for everything that the plan writes.
fn target_order<'b>(config: &Snapshot, build: &'b Build<'_>) -> Option<&'b [ColumnName]> {
    let order = build.options.target_columns.as_deref()?;
    let known = NameSet::of(order);
    let complete = build.columns()?.iter().all(|c| known.contains(c));
    (complete && known.contains(&config.snapshot_date_column)).then_some(order)
}
