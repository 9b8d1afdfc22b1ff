//! DEDUPLICATE: of all rows with one key the first by a total order stays.

use plan::{Deduplicate, DuplicateKeys};

use crate::build::{self, Build};
use crate::explain::{Effect, Explanation};
use crate::guard::Shape;
use crate::patterns::incremental_append::join;
use crate::patterns::{Load, merge_upsert};
use crate::statements::Preview;
use crate::text::Sql;

impl Load for Deduplicate {
    fn load(&self, build: &Build<'_>, sql: &mut Sql) -> Shape {
        let shape = if self.in_place {
            // A Delta statement reads one version of the table, so it may overwrite what it reads. Positions agree,
            // because every column of the table is selected in its order.
            sql.push("INSERT OVERWRITE TABLE ").table(build.target()).line(0);
            Shape::InsertOverwrite
        } else {
            let target = &build.plan.target;
            sql.push("CREATE OR REPLACE TABLE ").table(build.target()).row(0, "USING DELTA");
            if !target.partition_by.is_empty() {
                sql.row(0, "PARTITIONED BY (").columns(&target.partition_by, 2).push(")");
            }
            if !target.cluster_by.is_empty() && build.options.runtime.cluster_by {
                sql.row(0, "CLUSTER BY (").columns(&target.cluster_by, 2).push(")");
            }
            sql.row(0, "AS ");
            Shape::CreateOrReplace
        };
        build.unique_source(
            sql,
            0,
            &self.key_columns,
            &self.order_by,
            DuplicateKeys::Pick,
            build::Shape::Exact,
            |_, _, _| {},
        );
        shape
    }

    fn creates_target(&self) -> bool {
        true
    }

    fn previews(&self, build: &Build<'_>) -> Vec<Preview> {
        vec![merge_upsert::duplicates(build, &self.key_columns)]
    }

    fn explain(&self, build: &Build<'_>, explanation: &mut Explanation) {
        let keys = join(&self.key_columns);
        let order: Vec<String> = self
            .order_by
            .iter()
            .map(|o| format!("{} {}", if o.descending { "largest" } else { "smallest" }, o.column))
            .collect();
        let order = order.join(", then ");
        if self.in_place {
            explanation.summary(format!("Keeps one row per {keys} in {}.", build.target()));
            explanation.effect(
                Effect::Deletes,
                format!("Of several rows with one {keys} all but the one with the {order} are DELETED."),
            );
        } else {
            explanation.summary(format!(
                "Fills {} with one row per {keys} of {}.",
                build.target(),
                build.source()
            ));
            explanation.effect(
                Effect::Replaces,
                "Every row of the target, and its columns, are REPLACED.".to_owned(),
            );
            explanation.note(format!("Of several rows with one {keys} the one with the {order} is taken."));
        }
        explanation.note(
            "Ties are broken by the values of all columns, so a repeated run keeps the same rows.".to_owned(),
        );
    }
}
