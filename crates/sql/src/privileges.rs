//! What the account that runs a load must be allowed to do in Unity Catalog,
//! <https://docs.databricks.com/data-governance/unity-catalog/manage-privileges/privileges.html>.

use plan::{Name, TableName};

use crate::build::Build;
use crate::text::Ident;

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
        let (kind, path) = self.on.parts();
        let path: Vec<String> = path.into_iter().map(|name| Ident::from(name).to_string()).collect();
        let principal = Ident::from(principal).to_string();
        ["GRANT ", self.name, " ON ", kind, " ", &path.join("."), " TO ", &principal].concat()
    }

    /// The name of what it is held on, with dots.
    #[must_use]
    pub fn on_name(&self) -> String {
        let mut text = String::new();
        for part in self.on.parts().1 {
            text.push_str(if text.is_empty() { "" } else { "." });
            text.push_str(part.as_str());
        }
        text
    }
}

impl Securable {
    fn parts(&self) -> (&'static str, Vec<&Name>) {
        match self {
            Self::Catalog(catalog) => ("CATALOG", vec![catalog]),
            Self::Schema(catalog, schema) => ("SCHEMA", vec![catalog, schema]),
            Self::Table(table) => ("TABLE", vec![&table.catalog, &table.schema, &table.table]),
        }
    }
}

pub(crate) fn needed(build: &Build<'_>, creates_target: bool) -> Vec<Privilege> {
    let (source, target) = (build.source(), build.target());
    let mut all: Vec<Privilege> = Vec::new();
    let mut add = |name, on, reason, only_to_create| {
        if !all.iter().any(|p: &Privilege| p.name == name && p.on == on) {
            all.push(Privilege { name, on, reason, only_to_create });
        }
    };
    let schema = |table: &TableName| Securable::Schema(table.catalog.clone(), table.schema.clone());
    for table in [source, target] {
        add("USE CATALOG", Securable::Catalog(table.catalog.clone()), "to see the tables in it", false);
        add("USE SCHEMA", schema(table), "to see the tables in it", false);
    }
    add("SELECT", Securable::Table(source.clone()), "to read the source", false);
    add("CREATE TABLE", schema(target), "to create the target", !(creates_target && source != target));
    add("SELECT", Securable::Table(target.clone()), "to compare with the rows that are there", false);
    add("MODIFY", Securable::Table(target.clone()), "to write the target", false);
    all
}
