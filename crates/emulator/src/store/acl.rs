//! Access control lists of workspace objects: spaces, jobs, warehouses.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::access::Principal;
use crate::failure::Failure;

/// Principal, kind of principal, level.
type Entry = (String, &'static str, String);

/// Lists that were changed; everything else has the usual one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Acl {
    changed: BTreeMap<String, Vec<Entry>>,
}

impl Acl {
    /// The list of `object` (like `/genie/01f0...`), owned by `owner`.
    pub(crate) fn get(&self, object: &str, kind: &str, owner: &str, levels: Levels) -> Value {
        let entries = self.changed.get(object).cloned().unwrap_or_else(|| usual(owner, levels));
        let list: Vec<Value> = entries
            .iter()
            .map(|(name, field, level)| {
                let permission = json!({ "permission_level": level });
                json!({ *field: name, "display_name": name, "all_permissions": [permission] })
            })
            .collect();
        json!({ "object_id": object, "object_type": kind, "access_control_list": list })
    }

    /// Sets (`replace`) or adds to the list.
    pub(crate) fn put(
        &mut self,
        object: &str,
        owner: &str,
        levels: Levels,
        wanted: &[Value],
        replace: bool,
    ) -> Result<(), Failure> {
        let mut entries = if replace {
            vec![(owner.to_owned(), field_of(owner), levels.owner.to_owned())]
        } else {
            self.changed.get(object).cloned().unwrap_or_else(|| usual(owner, levels))
        };
        for entry in wanted {
            let level = entry.get("permission_level").and_then(Value::as_str).unwrap_or_default();
            if !levels.all.contains(&level) {
                let known = levels.all.join(", ");
                return Err(Failure::invalid(format!("Permission level '{level}' is not one of: {known}.")));
            }
            let found = ["user_name", "group_name", "service_principal_name"]
                .into_iter()
                .find_map(|field| Some((field, entry.get(field)?.as_str()?.to_owned())));
            let (field, name) = found.ok_or_else(|| Failure::invalid("Missing required field: principal"))?;
            entries.retain(|(existing, ..)| *existing != name);
            entries.push((name, field, level.to_owned()));
        }
        self.changed.insert(object.to_owned(), entries);
        Ok(())
    }
}

/// Levels of one kind of object, weakest first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Levels {
    pub(crate) all: &'static [&'static str],
    /// What the owner has.
    pub(crate) owner: &'static str,
    /// What analysts have, unless it was changed.
    pub(crate) analysts: &'static str,
}

fn usual(owner: &str, levels: Levels) -> Vec<Entry> {
    vec![
        (owner.to_owned(), field_of(owner), levels.owner.to_owned()),
        ("analysts".to_owned(), "group_name", levels.analysts.to_owned()),
        ("admins".to_owned(), "group_name", "CAN_MANAGE".to_owned()),
    ]
}

fn field_of(name: &str) -> &'static str {
    match Principal::find(name) {
        Some(principal) if principal.service_principal => "service_principal_name",
        _ => "user_name",
    }
}
