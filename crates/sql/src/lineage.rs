//! Where each target column comes from.

use plan::{ColumnName, Plan, TableName};

use crate::build::Build;

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

/// Collects lineage.
pub(crate) struct Lineage<'a> {
    source: &'a TableName,
    target: &'a TableName,
    all: Vec<(String, Vec<String>, Derivation)>,
}

impl<'a> Lineage<'a> {
    pub(crate) fn new(plan: &'a Plan) -> Self {
        Self { source: &plan.source.table, target: &plan.target.table, all: Vec::new() }
    }

    /// Columns that are taken over; all of them if their names are not known.
    pub(crate) fn copied(&mut self, columns: Option<&[ColumnName]>) {
        let names: Vec<&str> =
            columns.map_or_else(|| vec!["*"], |columns| columns.iter().map(ColumnName::as_str).collect());
        for name in names {
            self.all.push((name.to_owned(), vec![name.to_owned()], Derivation::Identity));
        }
    }

    pub(crate) fn made(&mut self, column: &ColumnName, inputs: &[&ColumnName], how: &'static str) {
        let inputs = inputs.iter().map(|c| c.as_str().to_owned()).collect();
        self.all.push((column.as_str().to_owned(), inputs, Derivation::Computed(how)));
    }

    pub(crate) fn finish(self, _: &Build<'_>) -> Vec<ColumnLineage> {
        let (source_table, target_table) = (self.source.to_string(), self.target.to_string());
        self.all
            .into_iter()
            .map(|(target_column, source_columns, derivation)| ColumnLineage {
                target_column,
                source_columns,
                derivation,
                source_table: source_table.clone(),
                target_table: target_table.clone(),
            })
            .collect()
    }
}
