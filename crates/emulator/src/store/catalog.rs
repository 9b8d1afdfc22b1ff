//! Unity Catalog: tables that can change, and who may do what.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::access::{self, Principal};
use crate::failure::Failure;
use crate::fixtures::{CATALOGS, Direct, GRANTS, SCHEMAS, TABLES};
use crate::store::catalog_info::{METASTORE, container_info, table_info, uuid};

/// What a privilege can be granted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Securable {
    Catalog,
    Schema,
    Table,
}

impl Securable {
    /// The kind of a path segment; the service takes it without case.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        match text.to_ascii_lowercase().as_str() {
            "catalog" => Ok(Self::Catalog),
            "schema" => Ok(Self::Schema),
            "table" => Ok(Self::Table),
            _ => Err(Failure::invalid(format!("Securable type '{text}' is not supported."))),
        }
    }

    fn upper(self) -> &'static str {
        match self {
            Self::Catalog => "CATALOG",
            Self::Schema => "SCHEMA",
            Self::Table => "TABLE",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Catalog => "Catalog",
            Self::Schema => "Schema",
            Self::Table => "Table",
        }
    }
}

/// A full name, checked and in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    parts: Vec<String>,
}

impl Name {
    /// Checks that `text` has as many parts as `kind` needs.
    pub(crate) fn parse(kind: Securable, text: &str) -> Result<Self, Failure> {
        let parts: Vec<String> = text.split('.').map(str::to_lowercase).collect();
        let wanted = match kind {
            Securable::Catalog => 1,
            Securable::Schema => 2,
            Securable::Table => 3,
        };
        let bad = |part: &String| {
            part.is_empty() || part.chars().any(|c| matches!(c, ' ' | '/' | '`') || c.is_control())
        };
        if parts.len() != wanted || parts.iter().any(bad) {
            return Err(Failure::invalid(format!("'{text}' is not a valid name of a {}.", kind.title())));
        }
        Ok(Self { parts })
    }

    fn full(&self) -> String {
        self.parts.join(".")
    }

    /// The securables from the catalog down to this one.
    fn chain(&self) -> Vec<(Securable, String)> {
        [Securable::Catalog, Securable::Schema, Securable::Table]
            .into_iter()
            .zip(1..=self.parts.len())
            .map(|(kind, length)| {
                (kind, self.parts.iter().take(length).cloned().collect::<Vec<_>>().join("."))
            })
            .collect()
    }
}

/// One entry of an effective permission: principal, privilege, and where it was granted.
type Effective = (String, String, Securable, String);

/// Tables and grants as they are now.
#[derive(Debug, Clone)]
pub(crate) struct Catalog {
    /// `TableInfo` by full name.
    tables: BTreeMap<String, Value>,
    /// Privileges by kind, full name and principal.
    grants: BTreeMap<(Securable, String, String), BTreeSet<String>>,
}

impl Catalog {
    /// The fixtures.
    ///
    /// # Errors
    /// A fixture that contradicts itself.
    pub(crate) fn new() -> Result<Self, String> {
        let mut tables = BTreeMap::new();
        for spec in TABLES.iter() {
            tables.insert(spec.name.to_owned(), table_info(spec)?);
        }
        let mut grants = BTreeMap::new();
        for grant in GRANTS {
            let (kind, name, principal, privileges): &Direct = grant;
            let kind = Securable::parse(kind).map_err(|_| format!("grant on a {kind}"))?;
            let key = (kind, (*name).to_owned(), (*principal).to_owned());
            grants.insert(key, privileges.iter().map(|privilege| (*privilege).to_owned()).collect());
        }
        Ok(Self { tables, grants })
    }

    fn exists(&self, kind: Securable, full_name: &str) -> bool {
        match kind {
            Securable::Catalog => CATALOGS.iter().any(|(name, ..)| *name == full_name),
            Securable::Schema => SCHEMAS.iter().any(|(name, ..)| *name == full_name),
            Securable::Table => self.tables.contains_key(full_name),
        }
    }

    /// The failure for the first part of `name` that is not there.
    fn check_exists(&self, name: &Name) -> Result<(), Failure> {
        for (kind, full_name) in name.chain() {
            if !self.exists(kind, &full_name) {
                let code = format!("{}_DOES_NOT_EXIST", kind.upper());
                let message = format!("{} '{full_name}' does not exist.", kind.title());
                return Err(Failure::new(StatusCode::NOT_FOUND, code, message));
            }
        }
        Ok(())
    }

    fn owner(&self, kind: Securable, full_name: &str) -> Option<&str> {
        let in_list = |list: &'static [(&'static str, &'static str, &'static str)]| {
            list.iter().find(|(name, ..)| *name == full_name).map(|(_, owner, _)| *owner)
        };
        match kind {
            Securable::Catalog => in_list(CATALOGS),
            Securable::Schema => in_list(SCHEMAS),
            Securable::Table => self.tables.get(full_name)?.get("owner")?.as_str(),
        }
    }

    /// Every grant that reaches `name`, from the catalog down.
    fn effective(&self, name: &Name) -> Vec<Effective> {
        let mut all = Vec::new();
        for (kind, full_name) in name.chain() {
            for ((on, at, principal), privileges) in &self.grants {
                if *on == kind && *at == full_name {
                    let each = privileges
                        .iter()
                        .map(|privilege| (principal.clone(), privilege.clone(), kind, at.clone()));
                    all.extend(each);
                }
            }
        }
        all
    }

    fn holds(&self, caller: &Principal, name: &Name, privilege: &str) -> bool {
        self.effective(name)
            .iter()
            .any(|(to, held, ..)| caller.is_or_is_in(to) && (held == privilege || held == "ALL_PRIVILEGES"))
    }

    fn owns_any(&self, caller: &Principal, name: &Name) -> bool {
        let chain = name.chain();
        chain
            .iter()
            .any(|(kind, full)| self.owner(*kind, full).is_some_and(|owner| caller.is_or_is_in(owner)))
    }

    /// Whether `caller` may read the metadata of the table or view; the privilege that is missing otherwise.
    fn readable(&self, caller: &Principal, name: &Name) -> Result<(), Failure> {
        if self.owns_any(caller, name) {
            return Ok(());
        }
        let chain = name.chain();
        let needs = [
            ("USE_CATALOG", Securable::Catalog),
            ("USE_SCHEMA", Securable::Schema),
            ("SELECT", Securable::Table),
        ];
        for (privilege, kind) in needs {
            if !self.holds(caller, name, privilege) {
                let at = chain
                    .iter()
                    .find(|(each, _)| *each == kind)
                    .map(|(_, full)| full.as_str())
                    .unwrap_or_default();
                return Err(lacks(caller, privilege, kind, at));
            }
        }
        Ok(())
    }

    /// `TableInfo`.
    pub(crate) fn table(&self, caller: &Principal, full_name: &str) -> Result<Value, Failure> {
        let name = Name::parse(Securable::Table, full_name)?;
        self.check_exists(&name)?;
        self.readable(caller, &name)?;
        Ok(self.tables.get(&name.full()).cloned().unwrap_or_default())
    }

    /// Whether there is such a table. A missing parent is an error, a missing table is not.
    pub(crate) fn table_exists(&self, full_name: &str) -> Result<bool, Failure> {
        let name = Name::parse(Securable::Table, full_name)?;
        match self.check_exists(&name) {
            Err(failure) if !self.parents_exist(&name) => Err(failure),
            found => Ok(found.is_ok()),
        }
    }

    fn parents_exist(&self, name: &Name) -> bool {
        let chain = name.chain();
        chain
            .iter()
            .filter(|(kind, _)| *kind != Securable::Table)
            .all(|(kind, full)| self.exists(*kind, full))
    }

    /// Tables of a schema in the order of their names, each with whether the caller may see it.
    pub(crate) fn tables(&self, caller: &Principal, schema: &str) -> Result<Vec<(bool, Value)>, Failure> {
        let name = Name::parse(Securable::Schema, schema)?;
        self.check_exists(&name)?;
        let prefix = format!("{}.", name.full());
        let inside = self.tables.iter().filter(|(full_name, _)| full_name.starts_with(&prefix));
        inside
            .map(|(full_name, table)| {
                let name = Name::parse(Securable::Table, full_name)?;
                let mut table = table.clone();
                if let Value::Object(fields) = &mut table {
                    // The list gives no constraints, the service says so.
                    fields.remove("table_constraints");
                    fields.remove("view_dependencies");
                }
                Ok((self.readable(caller, &name).is_ok(), table))
            })
            .collect()
    }

    /// A catalog or schema.
    pub(crate) fn container(
        &self,
        caller: &Principal,
        kind: Securable,
        full_name: &str,
    ) -> Result<Value, Failure> {
        let name = Name::parse(kind, full_name)?;
        self.check_exists(&name)?;
        if !self.owns_any(caller, &name) {
            for (privilege, on) in [("USE_CATALOG", Securable::Catalog), ("USE_SCHEMA", Securable::Schema)] {
                // A schema shows itself to those who may use it; its catalog must be usable in any case.
                if on <= kind && !self.holds(caller, &name, privilege) {
                    return Err(lacks(caller, privilege, kind, &name.full()));
                }
            }
        }
        Ok(container_info(kind, &name.full()))
    }

    /// Catalogs, or schemas of a catalog, that the caller may see.
    pub(crate) fn containers(&self, caller: &Principal, of: Option<&str>) -> Result<Vec<Value>, Failure> {
        let (kind, list) = match of {
            None => (Securable::Catalog, CATALOGS),
            Some(catalog) => {
                self.check_exists(&Name::parse(Securable::Catalog, catalog)?)?;
                (Securable::Schema, SCHEMAS)
            }
        };
        let prefix = of.map(|catalog| format!("{}.", catalog.to_lowercase())).unwrap_or_default();
        let names = list.iter().map(|(name, ..)| *name).filter(|name| name.starts_with(&prefix));
        Ok(names.filter_map(|name| self.container(caller, kind, name).ok()).collect())
    }

    /// All assignments that reach a securable, each with whether it fits the filter.
    pub(crate) fn effective_permissions(
        &self,
        caller: &Principal,
        kind: Securable,
        full_name: &str,
        principal: Option<&str>,
    ) -> Result<Vec<(bool, Value)>, Failure> {
        let name = Name::parse(kind, full_name)?;
        self.check_exists(&name)?;
        self.may_ask(caller, kind, &name, principal)?;
        let mut by_principal: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for (to, privilege, on, at) in self.effective(&name) {
            let mut entry = json!({ "privilege": privilege });
            if let (true, Value::Object(fields)) = (on != kind, &mut entry) {
                fields.insert("inherited_from_type".to_owned(), json!(on.upper()));
                fields.insert("inherited_from_name".to_owned(), json!(at));
            }
            by_principal.entry(to).or_default().push(entry);
        }
        Ok(by_principal
            .into_iter()
            .map(|(to, privileges)| {
                (fits(principal, &to), json!({ "principal": to, "privileges": privileges }))
            })
            .collect())
    }

    /// Assignments made directly on a securable.
    pub(crate) fn permissions(
        &self,
        caller: &Principal,
        kind: Securable,
        full_name: &str,
        principal: Option<&str>,
    ) -> Result<Vec<Value>, Failure> {
        let name = Name::parse(kind, full_name)?;
        self.check_exists(&name)?;
        self.may_ask(caller, kind, &name, principal)?;
        let full = name.full();
        let here =
            self.grants.iter().filter(|((on, at, to), _)| *on == kind && *at == full && fits(principal, to));
        Ok(here
            .map(|((_, _, to), privileges)| json!({ "principal": to, "privileges": privileges }))
            .collect())
    }

    /// Grants and revokes: `changes` as the API has them.
    pub(crate) fn change_permissions(
        &mut self,
        caller: &Principal,
        kind: Securable,
        full_name: &str,
        changes: &[Value],
    ) -> Result<(), Failure> {
        let name = Name::parse(kind, full_name)?;
        self.check_exists(&name)?;
        if !caller.asks_about_others && !self.owns_any(caller, &name) {
            return Err(lacks(caller, "MANAGE", kind, &name.full()));
        }
        for change in changes {
            let to = change.get("principal").and_then(Value::as_str).unwrap_or_default();
            check_principal(to)?;
            let key = (kind, name.full(), to.to_owned());
            let held = self.grants.entry(key.clone()).or_default();
            held.extend(words(change, "add"));
            for privilege in words(change, "remove") {
                held.remove(&privilege);
            }
            if held.is_empty() {
                self.grants.remove(&key);
            }
        }
        Ok(())
    }

    fn may_ask(
        &self,
        caller: &Principal,
        kind: Securable,
        name: &Name,
        principal: Option<&str>,
    ) -> Result<(), Failure> {
        if let Some(principal) = principal {
            check_principal(principal)?;
            if caller.is_or_is_in(principal) {
                return Ok(());
            }
        }
        if caller.asks_about_others || self.owns_any(caller, name) {
            return Ok(());
        }
        Err(lacks(caller, "READ_METADATA", kind, &name.full()))
    }

    /// Changes a table, as somebody else's DDL would: the given fields replace the old ones, `null` removes one.
    /// A table that is not there is made.
    pub(crate) fn put_table(
        &mut self,
        full_name: &str,
        fields: Map<String, Value>,
        now_ms: i64,
    ) -> Result<(), Failure> {
        let name = Name::parse(Securable::Table, full_name)?;
        if !self.parents_exist(&name) {
            return self.check_exists(&name);
        }
        let full = name.full();
        let [catalog, schema, table] = name.parts.as_slice() else { return Ok(()) };
        let entry = self.tables.entry(full.clone()).or_insert_with(|| {
            json!({
                "name": table, "catalog_name": catalog, "schema_name": schema, "full_name": full,
                "table_type": "MANAGED", "data_source_format": "DELTA", "owner": "data-engineers",
                "table_id": uuid(&[&full, &now_ms.to_string()]), "metastore_id": METASTORE, "created_at": now_ms,
            })
        });
        if let Value::Object(entry) = entry {
            for (field, value) in fields {
                if value.is_null() {
                    entry.remove(&field);
                } else {
                    entry.insert(field, value);
                }
            }
            entry.insert("updated_at".to_owned(), json!(now_ms));
        }
        Ok(())
    }

    /// Drops a table; false if there is none.
    pub(crate) fn drop_table(&mut self, full_name: &str) -> bool {
        self.tables.remove(&full_name.to_lowercase()).is_some()
    }
}

fn words(change: &Value, field: &str) -> Vec<String> {
    let list = change.get(field).and_then(Value::as_array);
    // SQL writes privileges with spaces, the API with underscores.
    list.into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(|word| word.to_ascii_uppercase().replace(' ', "_"))
        .collect()
}

/// A filter also finds the groups that its principal is in.
fn fits(filter: Option<&str>, principal: &str) -> bool {
    filter.is_none_or(|wanted| {
        wanted == principal || Principal::find(wanted).is_some_and(|found| found.is_or_is_in(principal))
    })
}

fn check_principal(name: &str) -> Result<(), Failure> {
    let owner = |list: &[(&str, &str, &str)]| list.iter().any(|(_, owner, _)| *owner == name);
    if Principal::find(name).is_some() || access::is_group(name) || owner(CATALOGS) {
        return Ok(());
    }
    let message = format!("Could not find principal with name {name}.");
    Err(Failure::new(StatusCode::NOT_FOUND, "PRINCIPAL_DOES_NOT_EXIST", message))
}

/// 403 in the shape of Unity Catalog.
fn lacks(caller: &Principal, privilege: &str, kind: Securable, full_name: &str) -> Failure {
    let spoken = privilege.replace('_', " ");
    Failure::denied(format!("User does not have {spoken} on {} '{full_name}'.", kind.title())).with_detail(
        json!({
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "PERMISSION_DENIED",
            "domain": "unity-catalog.databricks.com",
            "metadata": {
                "principalName": if caller.service_principal { "ServicePrincipal" } else { "User" },
                "msg": spoken, "resourceType": kind.title(), "resourceName": full_name,
            },
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::PRINCIPALS;

    #[test]
    fn every_table_of_the_fixtures_is_sound() {
        let catalog = Catalog::new().unwrap();
        assert!(catalog.tables.len() > 50);
        for (name, table) in &catalog.tables {
            let columns = table["columns"].as_array().unwrap().len();
            assert!(columns <= 40, "{name}: {columns}");
            if table["table_type"] != "VIEW" {
                assert!(columns >= 8, "{name}: {columns}");
            }
            let [catalog_part, schema_part, _] = name.split('.').collect::<Vec<_>>()[..] else {
                panic!("{name}")
            };
            assert!(catalog.exists(Securable::Catalog, catalog_part), "{name}");
            assert!(catalog.exists(Securable::Schema, &format!("{catalog_part}.{schema_part}")), "{name}");
        }
    }

    #[test]
    fn names_are_compared_without_case() {
        let catalog = Catalog::new().unwrap();
        let [grace, viewer, _] = &PRINCIPALS;
        assert!(catalog.table(grace, "Prod_Catalog.RAW.customer_events").is_ok());
        assert!(catalog.table(viewer, "prod_catalog.raw.customer_events").is_err());
        assert!(catalog.table(grace, "finance.ledger.salaries").is_err());
        assert!(catalog.table_exists("prod_catalog.raw.customer_events").unwrap());
        assert!(!catalog.table_exists("prod_catalog.raw.nothing").unwrap());
        assert!(catalog.table_exists("prod_catalog.nothing.nothing").is_err());
    }

    #[test]
    fn a_revoked_grant_is_gone() {
        let mut catalog = Catalog::new().unwrap();
        let [grace, ..] = &PRINCIPALS;
        let events = Name::parse(Securable::Table, "prod_catalog.raw.customer_events").unwrap();
        assert!(catalog.holds(grace, &events, "SELECT"));
        let change = [json!({ "principal": "analysts", "remove": ["SELECT"] })];
        catalog.change_permissions(grace, Securable::Schema, "prod_catalog.raw", &change).unwrap();
        assert!(!catalog.holds(grace, &events, "SELECT"));
    }
}
