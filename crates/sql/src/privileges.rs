//! What the account that runs a load must be allowed to do in Unity Catalog,
//! <https://docs.databricks.com/data-governance/unity-catalog/manage-privileges/privileges.html>.

use plan::{Name, TableName};

use crate::build::Build;
use crate::text::Ident;

/// What a privilege is held on: a catalog, a schema or a table, by one, two or three names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Securable(Vec<Name>);

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
        let mut text = ["GRANT ", self.name, " ON ", self.on.kind()].concat();
        for (n, part) in self.on.0.iter().enumerate() {
            text.push(if n == 0 { ' ' } else { '.' });
            Ident::from(part).push(&mut text);
        }
        text.push_str(" TO ");
        Ident::from(principal).push(&mut text);
        text
    }

    /// The name of what it is held on, with dots.
    #[must_use]
    pub fn on_name(&self) -> String {
        let mut text = String::new();
        for part in &self.on.0 {
            text.push_str(if text.is_empty() { "" } else { "." });
            text.push_str(part.as_str());
        }
        text
    }
}

impl Securable {
    /// `CATALOG`, `SCHEMA` or `TABLE`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.0.len() {
            1 => "CATALOG",
            2 => "SCHEMA",
            _ => "TABLE",
        }
    }
}

/// Whether it is about the target, how many parts of the table's name it is held on, what it is, and what for.
static NEEDED: [(bool, usize, &str, &str); 8] = [
    (false, 1, "USE CATALOG", "to see the tables in it"),
    (false, 2, "USE SCHEMA", "to see the tables in it"),
    (true, 1, "USE CATALOG", "to see the tables in it"),
    (true, 2, "USE SCHEMA", "to see the tables in it"),
    (false, 3, "SELECT", "to read the source"),
    (true, 2, CREATE_TABLE, "to create the target"),
    (true, 3, "SELECT", "to compare with the rows that are there"),
    (true, 3, "MODIFY", "to write the target"),
];

const CREATE_TABLE: &str = "CREATE TABLE";

pub(crate) fn needed(build: &Build<'_>, creates_target: bool) -> Vec<Privilege> {
    let (source, target) = (build.source(), build.target());
    let creates = creates_target && source != target;
    let mut all: Vec<Privilege> = Vec::new();
    for (of_target, parts, name, reason) in &NEEDED {
        let TableName { catalog, schema, table } = if *of_target { target } else { source };
        let mut path = Vec::new();
        for part in [catalog, schema, table].into_iter().take(*parts) {
            path.push(part.clone());
        }
        let on = Securable(path);
        if !all.iter().any(|known| known.name == *name && known.on == on) {
            all.push(Privilege { name, on, reason, only_to_create: *name == CREATE_TABLE && !creates });
        }
    }
    all
}
