//! Where each target column comes from.

use plan::{Aggregate, AggregateFunction, ColumnName, Plan};

use crate::patterns::Recipe;
use crate::template::Part;

/// How a target column is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derivation {
    /// Taken over as it is.
    Identity,
    /// Computed; the text says how.
    Computed(&'static str),
}

/// One target column with its inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnLineage {
    /// The column of the target; `*` stands for all columns that the plan does not name.
    pub target_column: String,
    /// The columns of the source that it is made from.
    pub source_columns: Vec<String>,
    /// How.
    pub derivation: Derivation,
    /// The source table, dotted.
    pub source_table: String,
    /// The target table, dotted.
    pub target_table: String,
}

/// How target columns come from the parts of a plan.
pub(crate) enum Derived {
    /// Columns that are taken over; all of the source's if their names are not known.
    Copied(&'static str),
    /// A column, what it is made from, and how. Left out if there is no such column.
    Made(&'static str, &'static str, &'static str),
    /// The plan's aggregates.
    Aggregates,
}

pub(crate) fn of(recipe: &Recipe<'_>, plan: &Plan) -> Vec<ColumnLineage> {
    let mut all = Vec::new();
    let mut add = |target_column: &str, inputs: &[&ColumnName], derivation: Derivation| {
        let source_columns = if derivation == Derivation::Identity {
            vec![target_column.to_owned()]
        } else {
            let mut columns = Vec::new();
            for column in inputs {
                columns.push(column.as_str().to_owned());
            }
            columns
        };
        all.push(ColumnLineage {
            target_column: target_column.to_owned(),
            source_columns,
            derivation,
            source_table: plan.source.table.dotted(),
            target_table: plan.target.table.dotted(),
        });
    };
    for derived in recipe.texts.lineage {
        match *derived {
            Derived::Copied("columns") if plan.source.columns.is_none() => {
                add("*", &[], Derivation::Identity)
            }
            Derived::Copied(name) => {
                for column in recipe.parts.list(name) {
                    add(column.as_str(), &[], Derivation::Identity);
                }
            }
            Derived::Made(name, inputs, how) => {
                for column in recipe.parts.list(name) {
                    add(column.as_str(), recipe.parts.list(inputs), Derivation::Computed(how));
                }
            }
            Derived::Aggregates => {
                let Some(Part::Aggregates(aggregates)) = recipe.parts.get("aggregates") else { continue };
                for Aggregate { function, column, output } in *aggregates {
                    let how = match function {
                        AggregateFunction::Count => "count",
                        AggregateFunction::CountDistinct => "number of different values",
                        AggregateFunction::Sum => "sum",
                        AggregateFunction::Min => "smallest value",
                        AggregateFunction::Max => "largest value",
                        AggregateFunction::Avg => "mean",
                    };
                    add(output.as_str(), column.as_ref().as_slice(), Derivation::Computed(how));
                }
            }
        }
    }
    all
}
