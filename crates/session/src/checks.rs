//! Who may do what: every check with who, what, where, and the GRANT that would help.
//!
//! A check is advisory: row filters, masks and bindings of catalogs to workspaces are not in Unity Catalog's answer, and
//! the final word is the statement's own. What could not be found out is `not_checked`, which is an answer too.
//! <https://docs.databricks.com/data-governance/unity-catalog/manage-privileges/privileges.html>

use std::collections::BTreeSet;

use databricks::{Securable, Table};
use handoff::name::{TableName, fold, quote};
use serde::Serialize;
use serde_json::{Value, json};

mod warehouse;

pub use warehouse::{WarehouseFound, warehouse_checks};

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is as it has to be.
    Ok,
    /// It is not.
    Missing,
    /// Nobody knows.
    NotChecked,
}

/// In which part somebody is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Who calls this server.
    Caller,
    /// Whose account the load runs with.
    RunAs,
}

/// Somebody whose rights matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Principal {
    /// E-mail address, group name or application id; the caller's name here if Databricks does not know them.
    pub name: String,
    /// In which part.
    pub role: Role,
}

/// What is known about somebody beside the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Name and part.
    pub principal: Principal,
    /// Whether Databricks knows the name. Callers with a token of this server have a name of this server only.
    pub known: bool,
    /// The groups; `None` if they are not known.
    pub groups: Option<Vec<String>>,
}

impl Person {
    /// Whether `owner`, a user, group or service principal, is this person or one of their groups; `None` if it may be
    /// a group of theirs.
    fn is(&self, owner: &str) -> Option<bool> {
        if fold(owner) == fold(&self.principal.name) {
            return Some(true);
        }
        match &self.groups {
            Some(groups) => Some(groups.iter().any(|group| group == owner)),
            // Users have an address; everything else may be a group.
            None if owner.contains('@') => Some(false),
            None => None,
        }
    }
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Stable within one answer.
    pub id: String,
    /// `table_exists`, `columns_exist`, `privilege`, `warehouse_exists`, `warehouse_use`.
    pub what: &'static str,
    /// What was found.
    pub state: State,
    /// Whose right it is; absent for things that are there or not.
    pub principal: Option<Principal>,
    /// As GRANT writes it: `USE CATALOG`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub privilege: Option<&'static str>,
    /// Kind and name of what it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub securable: Option<Value>,
    /// For people.
    pub message: String,
    /// The statement that would give the right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
}

impl Check {
    fn new(what: &'static str, about: &str, state: State, message: impl Into<String>) -> Self {
        Self {
            id: format!("{what}:{about}"),
            what,
            state,
            principal: None,
            privilege: None,
            securable: None,
            message: message.into(),
            grant: None,
        }
    }
}

/// A right that somebody needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// On what.
    pub on: Securable,
    /// As GRANT writes it.
    pub privilege: &'static str,
}

impl Need {
    /// The statement that gives the right to `principal`, every name in backticks.
    #[must_use]
    pub fn grant(&self, principal: &str) -> String {
        let name: Vec<String> = self.on.parts().into_iter().map(quote).collect();
        let kind = self.on.kind().to_ascii_uppercase();
        format!("GRANT {} ON {kind} {} TO {}", self.privilege, name.join("."), quote(principal))
    }
}

/// Whether the table that is written is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It is.
    There,
    /// It is not; the first run makes it.
    Absent,
    /// Nobody knows yet: ask for both and let [`settled`] choose.
    Unknown,
}

/// Rights that a load from `sources` into `target` needs, each once: USE on the way, SELECT on what is read, and for
/// the target either MODIFY and SELECT or, if it is not there, CREATE TABLE in its schema.
#[must_use]
pub fn needs(sources: &[TableName], target: Option<(&TableName, Presence)>) -> Vec<Need> {
    let mut needs = BTreeSet::new();
    let mut need = |on: Securable, privilege| needs.insert(Need { on, privilege });
    for table in sources.iter().chain(target.map(|(table, _)| table)) {
        let (catalog, schema) = (table.catalog().to_owned(), table.schema().to_owned());
        need(Securable::Catalog(catalog.clone()), "USE CATALOG");
        need(Securable::Schema(catalog, schema), "USE SCHEMA");
    }
    for table in sources {
        need(table_of(table), "SELECT");
    }
    if let Some((table, presence)) = target {
        if presence != Presence::Absent {
            need(table_of(table), "SELECT");
            need(table_of(table), "MODIFY");
        }
        if presence != Presence::There {
            need(schema_of(table), "CREATE TABLE");
        }
    }
    needs.into_iter().collect()
}

/// What remains of [`needs`] for a target of which nobody knew whether it is there, once its rights were asked for.
/// `said` is what came of that, for everybody.
///
/// An answer that there is no such table is the one thing that was not known, and no missing right. Without any answer
/// the rights on the table remain: they are not checked then, as the table is not.
#[must_use]
pub fn settled<'a>(
    needs: Vec<Need>,
    sources: &[TableName],
    target: &TableName,
    said: impl IntoIterator<Item = &'a Evidence>,
) -> Vec<Need> {
    let absent = said.into_iter().any(|evidence| *evidence == Evidence::Absent);
    let (table, schema) = (table_of(target), schema_of(target));
    let is_read = sources.contains(target);
    let stays = |need: &Need| match need.privilege {
        "CREATE TABLE" if need.on == schema => absent,
        "SELECT" if need.on == table => !absent || is_read,
        "MODIFY" if need.on == table => !absent,
        _ => true,
    };
    needs.into_iter().filter(stays).collect()
}

fn table_of(table: &TableName) -> Securable {
    Securable::Table(table.catalog().to_owned(), table.schema().to_owned(), table.table().to_owned())
}

fn schema_of(table: &TableName) -> Securable {
    Securable::Schema(table.catalog().to_owned(), table.schema().to_owned())
}

/// What was found out about the rights of one person on one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// Privileges as on the wire (`USE_CATALOG`), from direct and inherited grants.
    Held(Vec<String>),
    /// The thing is not there.
    Absent,
    /// Databricks does not know the person.
    Nobody,
    /// It could not be found out; why, for people.
    Unknown(&'static str),
}

/// Who owns a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// This principal.
    Is(String),
    /// Whoever asked may not see it.
    Hidden,
    /// It was not asked for, or not told.
    Unknown,
}

/// Judges one right of one person. The owner matters when no grant gives the right: owning is not a privilege and is
/// in no list of them.
#[must_use]
pub fn judge(need: &Need, person: &Person, evidence: &Evidence, owner: &Owner) -> Check {
    let (name, kind) = (need.on.name(), need.on.kind());
    let who = &person.principal.name;
    let (state, message) = verdict(need, person, evidence, owner, &name, kind);
    let role = match person.principal.role {
        Role::Caller => "caller",
        Role::RunAs => "run_as",
    };
    let wire = need.privilege.replace(' ', "_").to_ascii_lowercase();
    let mut check = Check::new("privilege", &format!("{role}:{wire}:{kind}:{name}"), state, message);
    check.principal = Some(person.principal.clone());
    check.privilege = Some(need.privilege);
    check.securable = Some(json!({"kind": kind, "name": name}));
    if state != State::Ok && person.known && !matches!(evidence, Evidence::Absent | Evidence::Nobody) {
        check.grant = Some(need.grant(who));
    }
    check
}

fn verdict(
    need: &Need,
    person: &Person,
    evidence: &Evidence,
    owner: &Owner,
    name: &str,
    kind: &str,
) -> (State, String) {
    let (who, privilege) = (&person.principal.name, need.privilege);
    if !person.known {
        let text = format!("{who} is a caller of this server and no account that Databricks knows");
        return (State::NotChecked, text);
    }
    let held = match evidence {
        Evidence::Absent => {
            return (State::Missing, format!("the {kind} {name} is not there, or may not be seen"));
        }
        // Whoever calls need not be known there; whose account runs the load has to be.
        Evidence::Nobody => {
            let state = match person.principal.role {
                Role::Caller => State::NotChecked,
                Role::RunAs => State::Missing,
            };
            return (state, format!("{who} is no account that Databricks knows"));
        }
        Evidence::Unknown(why) => {
            return (State::NotChecked, format!("not checked: {privilege} of {who} on {kind} {name}; {why}"));
        }
        Evidence::Held(held) => held,
    };
    let wire = privilege.replace(' ', "_");
    if held.iter().any(|one| *one == wire || one == "ALL_PRIVILEGES") {
        return (State::Ok, format!("{who} has {privilege} on {kind} {name}"));
    }
    match owner {
        Owner::Is(owner) => match person.is(owner) {
            Some(true) => (State::Ok, format!("{who} owns the {kind} {name}, or is in the group that does")),
            Some(false) => (State::Missing, format!("{who} lacks {privilege} on {kind} {name}")),
            None => (
                State::NotChecked,
                format!(
                    "no grant gives {who} {privilege} on {kind} {name}; whether they are in {owner}, who own it, is not known"
                ),
            ),
        },
        // Whoever owns a thing may see it: what is hidden from the very person is not theirs.
        Owner::Hidden => (State::Missing, format!("{who} lacks {privilege} on {kind} {name}")),
        Owner::Unknown => (
            State::NotChecked,
            format!("no grant gives {who} {privilege} on {kind} {name}; who owns it could not be found out"),
        ),
    }
}

/// Whether a table is there, and whether it has the columns.
#[must_use]
pub fn table_checks(
    name: &TableName,
    found: &TableFound<'_>,
    columns: &[String],
    will_be_made: bool,
) -> Vec<Check> {
    let full = name.to_string();
    let about = json!({"kind": "table", "name": full});
    let (state, message) = match found {
        TableFound::There(_) => (State::Ok, format!("the table {full} is there")),
        TableFound::Absent if will_be_made => {
            (State::Ok, format!("the table {full} is not there yet; the first run creates it"))
        }
        TableFound::Absent => (State::Missing, format!("the table {full} is not there, or may not be seen")),
        TableFound::Unknown(why) => (State::NotChecked, format!("not checked: the table {full}; {why}")),
    };
    let mut exists = Check::new("table_exists", &full, state, message);
    exists.securable = Some(about.clone());
    let mut checks = vec![exists];
    if columns.is_empty() {
        return checks;
    }
    let (state, message) = match found {
        TableFound::There(table) if !table.columns.is_empty() => {
            let there: BTreeSet<String> = table.columns.iter().map(|column| fold(&column.name)).collect();
            let gone: Vec<&str> =
                columns.iter().filter(|column| !there.contains(&fold(column))).map(String::as_str).collect();
            match gone.len() {
                0 => (State::Ok, format!("{full} has all {} columns", columns.len())),
                n => {
                    let some = gone.get(..n.min(10)).unwrap_or_default().join(", ");
                    let more = if n > 10 { " and others" } else { "" };
                    (State::Missing, format!("{full} lacks {n} of {} columns: {some}{more}", columns.len()))
                }
            }
        }
        _ => (State::NotChecked, format!("not checked: the columns of {full}")),
    };
    let mut exist = Check::new("columns_exist", &full, state, message);
    exist.securable = Some(about);
    checks.push(exist);
    checks
}

/// What is known about a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableFound<'a> {
    /// It is there.
    There(&'a Table),
    /// It is not, or may not be seen.
    Absent,
    /// It could not be found out; why, for people.
    Unknown(&'static str),
}

/// Whether nothing is known to be missing.
#[must_use]
pub fn nothing_missing(checks: &[Check]) -> bool {
    checks.iter().all(|check| check.state != State::Missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, groups: Option<&[&str]>) -> Person {
        Person {
            principal: Principal { name: name.into(), role: Role::RunAs },
            known: true,
            groups: groups.map(|groups| groups.iter().map(|group| (*group).to_owned()).collect()),
        }
    }

    fn need() -> Need {
        Need { on: Securable::Table("retail-emea".into(), "sales".into(), "o`d".into()), privilege: "MODIFY" }
    }

    fn state(person: &Person, evidence: &Evidence, owner: &Owner) -> State {
        judge(&need(), person, evidence, owner).state
    }

    #[test]
    fn every_part_of_a_grant_is_quoted() {
        assert_eq!(
            need().grant("x` TO `account users"),
            "GRANT MODIFY ON TABLE `retail-emea`.`sales`.`o``d` TO `x`` TO ``account users`"
        );
        let on = Securable::Schema("c".into(), "s".into());
        assert_eq!(
            Need { on, privilege: "CREATE TABLE" }.grant("a@b.c"),
            "GRANT CREATE TABLE ON SCHEMA `c`.`s` TO `a@b.c`"
        );
    }

    #[test]
    fn a_load_needs_the_way_the_source_and_the_target() {
        let table = |text| TableName::parse(text).unwrap();
        let show = |needs: Vec<Need>| {
            needs.iter().map(|n| format!("{} {}", n.privilege, n.on.name())).collect::<Vec<_>>()
        };
        let (source, target) = (table("c.raw.s"), table("c.mart.t"));
        assert_eq!(
            show(needs(std::slice::from_ref(&source), Some((&target, Presence::There)))),
            [
                "USE CATALOG c",
                "USE SCHEMA c.mart",
                "USE SCHEMA c.raw",
                "MODIFY c.mart.t",
                "SELECT c.mart.t",
                "SELECT c.raw.s"
            ]
        );
        assert_eq!(
            show(needs(std::slice::from_ref(&source), Some((&target, Presence::Absent)))),
            [
                "USE CATALOG c",
                "CREATE TABLE c.mart",
                "USE SCHEMA c.mart",
                "USE SCHEMA c.raw",
                "SELECT c.raw.s"
            ]
        );
    }

    #[test]
    fn a_target_that_could_not_be_looked_up_is_settled_by_what_its_rights_say() {
        let table = |text| TableName::parse(text).unwrap();
        let (source, target) = (table("c.raw.s"), table("c.mart.t"));
        let sources = std::slice::from_ref(&source);
        let all = needs(sources, Some((&target, Presence::Unknown)));
        let settle = |said: &[Evidence]| settled(all.clone(), sources, &target, said);
        let held = Evidence::Held(vec!["SELECT".into()]);
        let unknown = Evidence::Unknown("x");
        let there = needs(sources, Some((&target, Presence::There)));
        let absent = needs(sources, Some((&target, Presence::Absent)));
        assert_eq!(settle(&[held, unknown.clone()]), there);
        assert_eq!(settle(&[unknown.clone(), Evidence::Absent]), absent);
        assert_eq!(settle(&[unknown]), there);
        assert_eq!(settle(&[]), there);
        // What is read has to be there, whatever else happens to it.
        let both = needs(std::slice::from_ref(&target), Some((&target, Presence::Unknown)));
        let left = settled(both, std::slice::from_ref(&target), &target, &[Evidence::Absent]);
        assert_eq!(left, needs(std::slice::from_ref(&target), Some((&target, Presence::Absent))));
    }

    #[test]
    fn grants_owners_and_doubt() {
        let me = person("a@b.c", Some(&["engineers"]));
        let other = person("z@b.c", None);
        let none = Evidence::Held(vec!["SELECT".into()]);
        let is = |owner: &str| Owner::Is(owner.into());
        assert_eq!(state(&me, &Evidence::Held(vec!["MODIFY".into()]), &Owner::Unknown), State::Ok);
        assert_eq!(state(&me, &Evidence::Held(vec!["ALL_PRIVILEGES".into()]), &Owner::Unknown), State::Ok);
        assert_eq!(state(&me, &none, &is("engineers")), State::Ok);
        assert_eq!(state(&me, &none, &is("A@B.C")), State::Ok);
        assert_eq!(state(&me, &none, &is("finance")), State::Missing);
        assert_eq!(state(&me, &none, &Owner::Hidden), State::Missing);
        assert_eq!(state(&me, &none, &Owner::Unknown), State::NotChecked);
        assert_eq!(state(&other, &none, &is("finance")), State::NotChecked);
        assert_eq!(state(&other, &none, &is("y@b.c")), State::Missing);
        assert_eq!(state(&me, &Evidence::Unknown("why"), &is("a@b.c")), State::NotChecked);
        assert_eq!(state(&me, &Evidence::Absent, &Owner::Unknown), State::Missing);
        let mut nobody = person("gone@b.c", None);
        let check = judge(&need(), &nobody, &Evidence::Nobody, &Owner::Unknown);
        assert_eq!((check.state, check.grant), (State::Missing, None));
        nobody.principal.role = Role::Caller;
        assert_eq!(state(&nobody, &Evidence::Nobody, &Owner::Unknown), State::NotChecked);
        let stranger = Person { known: false, ..other };
        let check = judge(&need(), &stranger, &none, &Owner::Unknown);
        assert_eq!((check.state, check.grant), (State::NotChecked, None));
        let check = judge(&need(), &me, &none, &is("finance"));
        assert_eq!(check.id, "privilege:run_as:modify:table:retail-emea.sales.o`d");
        assert_eq!(
            check.grant.as_deref(),
            Some("GRANT MODIFY ON TABLE `retail-emea`.`sales`.`o``d` TO `a@b.c`")
        );
    }

    #[test]
    fn tables_and_columns() {
        let name = TableName::parse("c.s.t").unwrap();
        let table = Table::parse(br#"{"full_name":"c.s.t","columns":[{"name":"Id"},{"name":"x"}]}"#).unwrap();
        let states = |found: TableFound<'_>, columns: &[&str], made| {
            let columns: Vec<String> = columns.iter().map(|c| (*c).to_owned()).collect();
            table_checks(&name, &found, &columns, made).iter().map(|c| c.state).collect::<Vec<_>>()
        };
        assert_eq!(states(TableFound::There(&table), &["id"], false), [State::Ok, State::Ok]);
        assert_eq!(states(TableFound::There(&table), &["id", "gone"], false), [State::Ok, State::Missing]);
        assert_eq!(states(TableFound::Absent, &["id"], false), [State::Missing, State::NotChecked]);
        assert_eq!(states(TableFound::Absent, &[], true), [State::Ok]);
        assert_eq!(states(TableFound::Unknown("x"), &[], false), [State::NotChecked]);
    }
}
