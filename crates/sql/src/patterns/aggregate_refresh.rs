//! AGGREGATE_REFRESH: groups are computed again from the source. Adding deltas to old numbers would count twice when
//! a run is repeated.

use plan::{Aggregate, AggregateFunction, AggregateRefresh, ColumnName, Grain, TimeBucket};

use crate::build::Build;
use crate::explain::{Effect, Explanation};
use crate::guard::Shape;
use crate::lineage::Lineage;
use crate::patterns::Load;
use crate::statements::{Preview, Statement};
use crate::text::{Literal, Sql};

impl Load for AggregateRefresh {
    fn load(&self, build: &Build<'_>, sql: &mut Sql) -> Shape {
        sql.push("MERGE INTO ").table(build.target()).push(" AS t").row(0, "USING (").line(2);
        groups(self, build, sql, 2, true);
        let keys = keys(self);
        sql.row(0, ") AS s").row(0, "ON ").same("t", "s", keys.iter().copied(), 3);
        let values: Vec<&ColumnName> = self.aggregates.iter().map(|a| &a.output).collect();
        sql.row(0, "WHEN MATCHED AND NOT (").line(4);
        build.unchanged(sql, "t", "s", &values, 4);
        sql.row(2, ") THEN ");
        Build::update(sql, values.iter().copied());
        Build::insert(sql, Some(keys.into_iter().chain(values).collect::<Vec<_>>()));
        sql.row(0, "WHEN NOT MATCHED BY SOURCE");
        if let (Some(bucket), Some(days)) = (&self.time_bucket, self.refresh_days) {
            sql.push(" AND ").of("t", &bucket.output).push(" >= ");
            first_bucket(build, sql, bucket.grain, days);
        }
        sql.push(" THEN DELETE");
        Shape::Merge { deletes: true }
    }

    fn layout(&self, build: &Build<'_>, sql: &mut Sql) {
        sql.push("SELECT * FROM (").line(2);
        groups(self, build, sql, 2, false);
        sql.row(0, ") AS s").row(0, "WHERE FALSE");
    }

    fn count_input(&self, build: &Build<'_>, sql: &mut Sql) {
        sql.push("SELECT COUNT(*) AS `rows`").row(0, "FROM ").table(build.source());
        let filtered = build.filter(sql, 0);
        window(self, build, sql, 0, filtered);
    }

    fn previews(&self, build: &Build<'_>) -> Vec<Preview> {
        let keys = keys(self);
        let values: Vec<&ColumnName> = self.aggregates.iter().map(|a| &a.output).collect();
        let mut rows = build.sql();
        rows.push("SELECT *").row(0, "FROM (").row(2, "WITH s AS (").line(2);
        groups(self, build, &mut rows, 2, true);
        rows.row(2, ")")
            .row(2, "SELECT (SELECT COUNT(*) FROM s LEFT ANTI JOIN ")
            .table(build.target())
            .push(" AS t ON ");
        rows.same("t", "s", keys.iter().copied(), 6).push(") AS `groups_to_insert`,");
        rows.row(4, "(SELECT COUNT(*) FROM s JOIN ").table(build.target()).push(" AS t ON ");
        rows.same("t", "s", keys.iter().copied(), 6).row(6, "WHERE NOT (").line(8);
        build.unchanged(&mut rows, "t", "s", &values, 8);
        rows.row(6, ")) AS `groups_to_update`").row(0, ") AS p");
        let mut gone = build.sql();
        gone.push("SELECT COUNT(*) AS `groups_to_delete`")
            .row(0, "FROM (SELECT * FROM ")
            .table(build.target());
        if let (Some(bucket), Some(days)) = (&self.time_bucket, self.refresh_days) {
            gone.push(" WHERE ").column(&bucket.output).push(" >= ");
            first_bucket(build, &mut gone, bucket.grain, days);
        }
        gone.push(") AS t").row(0, "LEFT ANTI JOIN (").line(2);
        groups(self, build, &mut gone, 2, true);
        gone.row(0, ") AS s ON ").same("t", "s", keys, 3);
        vec![
            Statement {
                name: "rows",
                purpose: "Counts the groups that a run would write.",
                sql: rows.finish(),
            },
            Statement {
                name: "gone",
                purpose: "Counts the groups that a run would delete, because no source row belongs to them any more.",
                sql: gone.finish(),
            },
        ]
    }

    fn lineage(&self, _: &Build<'_>, lineage: &mut Lineage<'_>) {
        lineage.copied(Some(&self.group_by));
        if let Some(bucket) = &self.time_bucket {
            lineage.made(&bucket.output, &[&bucket.column], "the start of the time bucket");
        }
        for Aggregate { function, column, output } in &self.aggregates {
            let inputs: Vec<&ColumnName> = column.iter().collect();
            lineage.made(
                output,
                &inputs,
                match function {
                    AggregateFunction::Count => "count",
                    AggregateFunction::CountDistinct => "number of different values",
                    AggregateFunction::Sum => "sum",
                    AggregateFunction::Min => "smallest value",
                    AggregateFunction::Max => "largest value",
                    AggregateFunction::Avg => "mean",
                },
            );
        }
    }

    fn explain(&self, build: &Build<'_>, explanation: &mut Explanation) {
        let keys: Vec<&str> = keys(self).into_iter().map(ColumnName::as_str).collect();
        let keys = keys.join(", ");
        explanation.summary(format!(
            "Computes {} per {keys} from {} into {}.",
            self.aggregates.iter().map(|a| a.output.as_str()).collect::<Vec<_>>().join(", "),
            build.source(),
            build.target()
        ));
        let scope = match (&self.time_bucket, self.refresh_days) {
            (Some(bucket), Some(days)) => format!(
                "with a {} in the last {days} days before the run, whole buckets included",
                bucket.output
            ),
            _ => "of the whole source".to_owned(),
        };
        explanation.effect(
            Effect::Updates,
            format!("Groups {scope} are computed again; a group whose numbers changed takes the new ones."),
        );
        explanation.effect(Effect::Adds, "New groups are added.".to_owned());
        explanation.effect(
            Effect::Deletes,
            format!("Groups {scope} that have no (filtered) source row any more are DELETED."),
        );
    }
}

/// The columns of the target that name a group.
fn keys(config: &AggregateRefresh) -> Vec<&ColumnName> {
    config.group_by.iter().chain(config.time_bucket.iter().map(|b| &b.output)).collect()
}

fn groups(config: &AggregateRefresh, build: &Build<'_>, sql: &mut Sql, indent: usize, windowed: bool) {
    sql.push("SELECT ");
    sql.columns(&config.group_by, indent + 2);
    if let Some(bucket) = &config.time_bucket {
        sql.push(if config.group_by.is_empty() { "" } else { ", " });
        bucket_start(sql, bucket);
        sql.push(" AS ").column(&bucket.output);
    }
    for Aggregate { function, column, output } in &config.aggregates {
        sql.push(",").line(indent + 2);
        sql.push(match (function, column) {
            (AggregateFunction::Count, None) => "COUNT(*",
            (AggregateFunction::Count, Some(_)) => "COUNT(",
            (AggregateFunction::CountDistinct, _) => "COUNT(DISTINCT ",
            (AggregateFunction::Sum, _) => "SUM(",
            (AggregateFunction::Min, _) => "MIN(",
            (AggregateFunction::Max, _) => "MAX(",
            (AggregateFunction::Avg, _) => "AVG(",
        });
        if let Some(column) = column {
            sql.column(column);
        }
        sql.push(") AS ").column(output);
    }
    sql.row(indent, "FROM ").table(build.source());
    let filtered = build.filter(sql, indent);
    if windowed {
        window(config, build, sql, indent, filtered);
    }
    sql.row(indent, "GROUP BY ").columns(&config.group_by, indent + 2);
    if let Some(bucket) = &config.time_bucket {
        sql.push(if config.group_by.is_empty() { "" } else { ", " });
        bucket_start(sql, bucket);
    }
}

fn window(config: &AggregateRefresh, build: &Build<'_>, sql: &mut Sql, indent: usize, filtered: bool) {
    if let (Some(bucket), Some(days)) = (&config.time_bucket, config.refresh_days) {
        // The bound is the start of a bucket, so no bucket is computed from half of its rows.
        sql.line(indent).push(if filtered { "  AND " } else { "WHERE " });
        bucket_start(sql, bucket);
        sql.push(" >= ");
        first_bucket(build, sql, bucket.grain, days);
    }
}

fn unit(grain: Grain) -> &'static str {
    match grain {
        Grain::Hour => "'HOUR'",
        Grain::Day => "'DAY'",
        Grain::Week => "'WEEK'",
        Grain::Month => "'MONTH'",
        Grain::Quarter => "'QUARTER'",
        Grain::Year => "'YEAR'",
    }
}

fn bucket_start(sql: &mut Sql, bucket: &TimeBucket) {
    match bucket.grain {
        Grain::Hour => sql.push("date_trunc('HOUR', ").column(&bucket.column).push(")"),
        Grain::Day => sql.push("CAST(").column(&bucket.column).push(" AS DATE)"),
        grain => sql
            .push("CAST(date_trunc(")
            .push(unit(grain))
            .push(", ")
            .column(&bucket.column)
            .push(") AS DATE)"),
    };
}

fn first_bucket(build: &Build<'_>, sql: &mut Sql, grain: Grain, days: u64) {
    let days = Literal::Whole(days);
    match grain {
        Grain::Hour => sql.push("CAST(date_sub("),
        Grain::Day => sql.push("date_sub("),
        grain => sql.push("CAST(date_trunc(").push(unit(grain)).push(", date_sub("),
    };
    build.run_date(sql);
    sql.push(", ").literal(days);
    sql.push(match grain {
        Grain::Hour => ") AS TIMESTAMP)",
        Grain::Day => ")",
        _ => ")) AS DATE)",
    });
}
