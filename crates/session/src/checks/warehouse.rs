//! Whether a warehouse is there, and who may use it.

use databricks::AclEntry;
use serde_json::json;

use super::{Check, Person, Role, State};

/// What is known about a warehouse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WarehouseFound {
    /// It is there: name and state.
    There {
        /// As people know it.
        name: String,
        /// `RUNNING`, `STOPPED` and so on; empty if it is not told.
        state: String,
    },
    /// It is not, is being deleted, or may not be seen.
    Absent,
    /// It could not be found out; why, for people.
    Unknown(&'static str),
}

/// Whether a warehouse is there, and whether everybody may use it. `acl` is `None` if it could not be read.
#[must_use]
pub fn warehouse_checks(
    id: &str,
    found: &WarehouseFound,
    acl: Option<&[AclEntry]>,
    people: &[Person],
) -> Vec<Check> {
    let about = json!({"kind": "warehouse", "name": id});
    let (state, message) = match found {
        WarehouseFound::There { name, state } => {
            let cold = matches!(state.as_str(), "STOPPED" | "STOPPING" | "STARTING");
            let note = if cold { "; it starts with the first statement, which takes a while" } else { "" };
            (State::Ok, format!("the warehouse {name} is there{note}"))
        }
        WarehouseFound::Absent => {
            (State::Missing, format!("the warehouse {id} is not there, or may not be seen"))
        }
        WarehouseFound::Unknown(why) => {
            (State::NotChecked, format!("not checked: the warehouse {id}; {why}"))
        }
    };
    let mut exists = Check::new("warehouse_exists", id, state, message);
    exists.securable = Some(about.clone());
    let mut checks = vec![exists];
    for person in people {
        let who = &person.principal.name;
        let usable = acl.map(|acl| {
            let entries = acl.iter().filter(|entry| {
                let uses = |level: &String| {
                    matches!(level.as_str(), "CAN_USE" | "CAN_MONITOR" | "CAN_MANAGE" | "IS_OWNER")
                };
                entry.levels.iter().any(uses)
            });
            // The strongest of what each entry says: yes, perhaps, no.
            let mut said = entries.map(|entry| person.is(&entry.principal));
            said.try_fold(Some(false), |best, one| match (best, one) {
                (_, Some(true)) => Err(()),
                (None, _) | (_, None) => Ok(None),
                _ => Ok(Some(false)),
            })
            .unwrap_or(Some(true))
        });
        let (state, message) = match (person.known, found, usable.flatten()) {
            (false, ..) => (
                State::NotChecked,
                format!("{who} is a caller of this server and no account that Databricks knows"),
            ),
            (_, WarehouseFound::There { name, .. }, Some(true)) => {
                (State::Ok, format!("{who} may use the warehouse {name}"))
            }
            (_, WarehouseFound::There { name, .. }, Some(false)) => (
                State::Missing,
                format!("{who} lacks CAN USE on the warehouse {name}; its manager can grant it"),
            ),
            _ => (State::NotChecked, format!("not checked: whether {who} may use the warehouse {id}")),
        };
        let role = if person.principal.role == Role::Caller { "caller" } else { "run_as" };
        let mut check = Check::new("warehouse_use", &format!("{role}:{id}"), state, message);
        check.principal = Some(person.principal.clone());
        check.privilege = Some("CAN USE");
        check.securable = Some(about.clone());
        checks.push(check);
    }
    checks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::{Principal, nothing_missing};

    fn person(name: &str, groups: Option<&[&str]>) -> Person {
        Person {
            principal: Principal { name: name.into(), role: Role::Caller },
            known: true,
            groups: groups.map(|groups| groups.iter().map(|&group| group.into()).collect()),
        }
    }

    #[test]
    fn warehouses() {
        let there = WarehouseFound::There { name: "W".into(), state: "STOPPED".into() };
        let entry = |principal: &str, level: &str| AclEntry {
            principal: principal.into(),
            levels: vec![level.into()],
        };
        let use_of = |person: Person, acl: Option<&[AclEntry]>| {
            warehouse_checks("1", &there, acl, &[person]).pop().map(|check| check.state)
        };
        let me = || person("a@b.c", Some(&["g"]));
        let other = || person("z@b.c", None);
        assert_eq!(use_of(me(), Some(&[entry("x", "CAN_VIEW"), entry("g", "CAN_USE")])), Some(State::Ok));
        assert_eq!(use_of(me(), Some(&[entry("g", "CAN_VIEW")])), Some(State::Missing));
        assert_eq!(use_of(other(), Some(&[entry("g", "CAN_USE")])), Some(State::NotChecked));
        assert_eq!(
            use_of(other(), Some(&[entry("g", "CAN_USE"), entry("z@b.c", "CAN_USE")])),
            Some(State::Ok)
        );
        assert_eq!(use_of(other(), Some(&[entry("y@b.c", "CAN_USE")])), Some(State::Missing));
        assert_eq!(use_of(me(), None), Some(State::NotChecked));
        let gone = warehouse_checks("1", &WarehouseFound::Absent, None, &[me()]);
        assert_eq!(gone.iter().map(|c| c.state).collect::<Vec<_>>(), [State::Missing, State::NotChecked]);
        assert!(!nothing_missing(&gone));
    }
}
