//! What the account that runs a load must be allowed to do in Unity Catalog,
//! <https://docs.databricks.com/data-governance/unity-catalog/manage-privileges/privileges.html>.

use std::fmt::Write as _;

use plan::{Name, TableName};

use crate::build::Build;
use crate::text::{Ident, TablePath};

/// What a privilege is held on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Securable {
    /// A catalog.
    Catalog(Name),
    /// A schema: catalog and schema.
    Schema(Name, Name),
    /// A table or view.
    Table(TableName),
}

/// A privilege that a run needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Privilege {
    /// Its name, such as `SELECT` or `USE CATALOG`.
    pub name: &'static str,
    /// On what.
    pub on: Securable,
    /// What for.
    pub reason: &'static str,
    /// Whether it is needed only if the target does not exist yet.
    pub only_to_create: bool,
}

impl Privilege {
    /// The statement that gives the privilege to `principal`, a user, group or service principal.
    #[must_use]
    pub fn grant(&self, principal: &Name) -> String {
        let mut sql = format!("GRANT {} ON ", self.name);
        // Writing to a String cannot fail.
        let _ = match &self.on {
            Securable::Catalog(catalog) => write!(sql, "CATALOG {}", Ident::from(catalog)),
            Securable::Schema(catalog, schema) => {
                write!(sql, "SCHEMA {}.{}", Ident::from(catalog), Ident::from(schema))
            }
            Securable::Table(table) => write!(sql, "TABLE {}", TablePath(table)),
        };
        let _ = write!(sql, " TO {}", Ident::from(principal));
        sql
    }

    /// The name of what it is held on, with dots.
    #[must_use]
    pub fn on_name(&self) -> String {
        match &self.on {
            Securable::Catalog(catalog) => catalog.as_str().to_owned(),
            Securable::Schema(catalog, schema) => format!("{}.{}", catalog.as_str(), schema.as_str()),
            Securable::Table(table) => table.to_string(),
        }
    }
}

pub(crate) fn needed(build: &Build<'_>, creates_target: bool) -> Vec<Privilege> {
    let (source, target) = (build.source(), build.target());
    let mut all: Vec<Privilege> = Vec::new();
    let mut add = |name, on, reason, only_to_create| {
        let new = Privilege { name, on, reason, only_to_create };
        if !all.iter().any(|p| p.name == new.name && p.on == new.on) {
            all.push(new);
        }
    };
    for table in [source, target] {
        add("USE CATALOG", Securable::Catalog(table.catalog.clone()), "to see the tables in it", false);
        let schema = Securable::Schema(table.catalog.clone(), table.schema.clone());
        add("USE SCHEMA", schema, "to see the tables in it", false);
    }
    add("SELECT", Securable::Table(source.clone()), "to read the source", false);
    let schema = Securable::Schema(target.catalog.clone(), target.schema.clone());
    add("CREATE TABLE", schema, "to create the target", !(creates_target && source != target));
    add("SELECT", Securable::Table(target.clone()), "to compare with the rows that are there", false);
    add("MODIFY", Securable::Table(target.clone()), "to write the target", false);
    all
}
