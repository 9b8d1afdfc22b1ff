//! One load pattern per file: its statement, the questions a preview asks, and what it means in plain words.

mod aggregate_refresh;
mod deduplicate;
pub(crate) mod full_replace;
mod incremental_append;
mod merge_upsert;
mod scd2;
mod snapshot;
mod surrogate_key;

use plan::{ColumnName, Pattern};

use crate::build::Build;
use crate::explain::Explanation;
use crate::guard::Shape;
use crate::lineage::Lineage;
use crate::statements::Preview;
use crate::text::Sql;

/// A column that the load adds to those of the source, for the DDL of a target that does not exist yet.
pub(crate) struct Added<'a> {
    pub(crate) column: &'a ColumnName,
    pub(crate) kind: AddedType,
}

#[derive(Clone, Copy)]
pub(crate) enum AddedType {
    Boolean,
    Date,
    Long,
    Text,
    Timestamp,
}

/// What a pattern knows to do.
pub(crate) trait Load {
    /// Writes the load and says what it is.
    fn load(&self, build: &Build<'_>, sql: &mut Sql) -> Shape;

    /// Writes a query whose columns are those of a new target.
    fn layout(&self, build: &Build<'_>, sql: &mut Sql) {
        select_with(build, sql, &[]);
    }

    /// Whether the load creates its target by itself.
    fn creates_target(&self) -> bool {
        false
    }

    /// Writes a query that gives one row, `rows`, with the number of source rows that a run would look at.
    fn count_input(&self, build: &Build<'_>, sql: &mut Sql) {
        sql.push("SELECT COUNT(*) AS `rows`").row(0, "FROM ").table(build.source());
        build.filter(sql, 0);
    }

    /// What a run would do, as queries.
    fn previews(&self, build: &Build<'_>) -> Vec<Preview>;

    /// Where each target column comes from.
    fn lineage(&self, build: &Build<'_>, lineage: &mut Lineage<'_>) {
        lineage.copied(build.columns());
    }

    /// What a run does, in plain words.
    fn explain(&self, build: &Build<'_>, explanation: &mut Explanation);
}

pub(crate) fn of(pattern: &Pattern) -> &dyn Load {
    match pattern {
        Pattern::IncrementalAppend(p) => p,
        Pattern::FullReplace(p) => p,
        Pattern::MergeUpsert(p) => p,
        Pattern::Scd2(p) => p,
        Pattern::Snapshot(p) => p,
        Pattern::AggregateRefresh(p) => p,
        Pattern::SurrogateKey(p) => p,
        Pattern::Deduplicate(p) => p,
    }
}

/// `SELECT columns, CAST(NULL AS ...) AS added, ... FROM source WHERE FALSE`.
pub(crate) fn select_with(build: &Build<'_>, sql: &mut Sql, added: &[Added<'_>]) {
    sql.push("SELECT ");
    build.select_list(sql, 2);
    for Added { column, kind } in added {
        sql.push(",").line(2).push(match kind {
            AddedType::Boolean => "CAST(NULL AS BOOLEAN) AS ",
            AddedType::Date => "CAST(NULL AS DATE) AS ",
            AddedType::Long => "CAST(NULL AS BIGINT) AS ",
            AddedType::Text => "CAST(NULL AS STRING) AS ",
            AddedType::Timestamp => "CAST(NULL AS TIMESTAMP) AS ",
        });
        sql.column(column);
    }
    sql.row(0, "FROM ").table(build.source()).row(0, "WHERE FALSE");
}
