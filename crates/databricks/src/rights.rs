//! Rights: effective privileges in Unity Catalog, access control lists of workspace objects, and who we are.
//!
//! - <https://docs.databricks.com/api/workspace/grants/geteffective>
//! - <https://docs.databricks.com/api/workspace/permissions/get>
//! - <https://docs.databricks.com/api/workspace/currentuser/me>

use serde_json::{Map, Value};

use crate::catalog::Securable;
use crate::read::{AnswerError, encode_segment, list, next_page, object, text, texts};

/// Privileges in one page of effective permissions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PrivilegePage {
    /// Principal and privilege, as on the wire: `USE_CATALOG`, `ALL_PRIVILEGES`.
    pub assignments: Vec<(String, String)>,
    /// Asks for the next page. A page can be empty and have one.
    pub next_page_token: Option<String>,
}

impl PrivilegePage {
    /// Reads one page.
    ///
    /// # Errors
    /// When the bytes are no JSON object.
    pub fn parse(bytes: &[u8]) -> Result<Self, AnswerError> {
        let members = object(bytes, "a page of privileges")?;
        let mut assignments = Vec::new();
        for assignment in list(&members, "privilege_assignments").iter().filter_map(Value::as_object) {
            let principal = text(assignment, "principal").unwrap_or_default();
            for privilege in list(assignment, "privileges") {
                // Effective permissions are objects, direct ones plain texts.
                let name = match privilege {
                    Value::String(name) => Some(name.clone()),
                    Value::Object(fields) => text(fields, "privilege"),
                    _ => None,
                };
                assignments.extend(name.map(|name| (principal.clone(), name)));
            }
        }
        Ok(Self { assignments, next_page_token: next_page(&members) })
    }
}

/// Path and query for the effective privileges of `principal` on `on`. With a filter the answer may name the group
/// that conveys the right. `max_results=0` lets the service choose the page; leaving it out is being withdrawn.
#[must_use]
pub fn effective_permissions_path(on: &Securable, principal: &str, page_token: Option<&str>) -> String {
    let things = on.path();
    let name = things.rsplit('/').next().unwrap_or_default();
    let mut path = format!(
        "/api/2.1/unity-catalog/effective-permissions/{}/{name}?principal={}&max_results=0",
        on.kind(),
        encode_segment(principal)
    );
    if let Some(token) = page_token {
        path.push_str("&page_token=");
        path.push_str(&encode_segment(token));
    }
    path
}

/// Somebody in an access control list, and the levels that they have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AclEntry {
    /// User name, group name or application id.
    pub principal: String,
    /// `CAN_USE`, `CAN_MANAGE` and so on.
    pub levels: Vec<String>,
}

/// Reads an access control list.
///
/// # Errors
/// When the bytes are no JSON object.
pub fn parse_acl(bytes: &[u8]) -> Result<Vec<AclEntry>, AnswerError> {
    let members = object(bytes, "an access control list")?;
    let entry = |fields: &Map<String, Value>| {
        let names = ["user_name", "group_name", "service_principal_name"];
        let principal = names.iter().find_map(|name| text(fields, name))?;
        let levels = list(fields, "all_permissions").iter().filter_map(Value::as_object);
        Some(AclEntry {
            principal,
            levels: levels.filter_map(|level| text(level, "permission_level")).collect(),
        })
    };
    Ok(list(&members, "access_control_list").iter().filter_map(Value::as_object).filter_map(entry).collect())
}

/// Path of the access control list of a warehouse.
#[must_use]
pub fn warehouse_acl_path(warehouse_id: &str) -> String {
    format!("/api/2.0/permissions/warehouses/{}", encode_segment(warehouse_id))
}

/// Who a credential belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// E-mail address; of a service principal its application id.
    pub name: String,
    /// Names of groups, as far as they are told.
    pub groups: Vec<String>,
}

/// Path of [`Identity`].
pub const ME_PATH: &str = "/api/2.0/preview/scim/v2/Me";

impl Identity {
    /// Reads the answer of [`ME_PATH`].
    ///
    /// # Errors
    /// When the bytes are no JSON object with a `userName`.
    pub fn parse(bytes: &[u8]) -> Result<Self, AnswerError> {
        const WHAT: AnswerError = AnswerError("a user");
        let members = object(bytes, WHAT.0)?;
        let groups = list(&members, "groups").iter().filter_map(Value::as_object);
        Ok(Self {
            name: text(&members, "userName").ok_or(WHAT)?,
            groups: groups.filter_map(|group| text(group, "display")).collect(),
        })
    }
}

/// A SQL warehouse, <https://docs.databricks.com/api/workspace/warehouses/get>.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Warehouse {
    /// 16 hexadecimal digits.
    pub id: String,
    /// As people know it.
    pub name: Option<String>,
    /// `STARTING`, `RUNNING`, `STOPPING`, `STOPPED`, `DELETING`, `DELETED`.
    pub state: Option<String>,
    /// `PRO`, `CLASSIC` and so on.
    pub kind: Option<String>,
}

impl Warehouse {
    /// Reads the answer of [`Warehouse::path`].
    ///
    /// # Errors
    /// When the bytes are no JSON object with an `id`.
    pub fn parse(bytes: &[u8]) -> Result<Self, AnswerError> {
        const WHAT: AnswerError = AnswerError("a warehouse");
        let members = object(bytes, WHAT.0)?;
        Ok(Self {
            id: text(&members, "id").ok_or(WHAT)?,
            name: text(&members, "name"),
            state: text(&members, "state"),
            kind: text(&members, "warehouse_type"),
        })
    }

    /// Path of one warehouse.
    #[must_use]
    pub fn path(id: &str) -> String {
        format!("/api/2.0/sql/warehouses/{}", encode_segment(id))
    }

    /// Whether statements have to wait for it to start.
    #[must_use]
    pub fn is_cold(&self) -> bool {
        self.state.as_deref().is_some_and(|state| matches!(state, "STARTING" | "STOPPED" | "STOPPING"))
    }

    /// Whether it is going or gone.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.state.as_deref().is_some_and(|state| matches!(state, "DELETING" | "DELETED"))
    }
}

/// Reads what a space of `genie_get` says about itself, in the shape that [`crate::unify`] gives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SpaceOutline {
    /// Tables and metric views; empty when they are not told.
    pub tables: Vec<String>,
    /// The warehouse that Genie uses.
    pub warehouse_id: Option<String>,
}

impl SpaceOutline {
    /// Reads a space.
    ///
    /// # Errors
    /// When the bytes are no JSON object.
    pub fn parse(bytes: &[u8]) -> Result<Self, AnswerError> {
        let members = object(bytes, "a space")?;
        Ok(Self {
            tables: texts(&members, "table_identifiers"),
            warehouse_id: text(&members, "warehouse_id"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn privileges_name_the_group_that_conveys_them() {
        let body = br#"{"privilege_assignments":[{"principal":"account users","privileges":[
            {"privilege":"ALL_PRIVILEGES","inherited_from_type":"CATALOG","inherited_from_name":"main"},{"privilege":"SELECT"}]},
            {"principal":"a","privileges":["MODIFY",7]}],"next_page_token":"t"}"#;
        let page = PrivilegePage::parse(body).unwrap();
        let pairs: Vec<_> = page.assignments.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(
            pairs,
            [("account users", "ALL_PRIVILEGES"), ("account users", "SELECT"), ("a", "MODIFY")]
        );
        assert_eq!(page.next_page_token.as_deref(), Some("t"));
        assert_eq!(PrivilegePage::parse(b"{}").unwrap(), PrivilegePage::default());
        assert!(PrivilegePage::parse(b"[]").is_err());
    }

    #[test]
    fn the_question_about_privileges() {
        let on = Securable::Schema("c".into(), "s t".into());
        assert_eq!(
            effective_permissions_path(&on, "a+b@example.com", Some("x=")),
            "/api/2.1/unity-catalog/effective-permissions/schema/c.s%20t?principal=a%2Bb%40example.com&max_results=0&page_token=x%3D"
        );
    }

    #[test]
    fn lists_of_levels() {
        let body = br#"{"object_id":"/sql/warehouses/1","access_control_list":[
            {"user_name":"a@b.c","display_name":"A","all_permissions":[{"permission_level":"IS_OWNER","inherited":false}]},
            {"group_name":"users","all_permissions":[{"permission_level":"CAN_USE"}]},{"x":1}]}"#;
        let acl = parse_acl(body).unwrap();
        assert_eq!(acl.iter().map(|e| e.principal.as_str()).collect::<Vec<_>>(), ["a@b.c", "users"]);
        assert_eq!(acl[1].levels, ["CAN_USE"]);
    }

    #[test]
    fn people_warehouses_and_spaces() {
        let me = Identity::parse(
            br#"{"id":"1","userName":"a@b.c","groups":[{"display":"g","value":"2"}],"schemas":[]}"#,
        )
        .unwrap();
        assert_eq!((me.name.as_str(), me.groups.as_slice()), ("a@b.c", &["g".to_owned()][..]));
        assert!(Identity::parse(br#"{"id":"1"}"#).is_err());
        let warehouse =
            Warehouse::parse(br#"{"id":"9c27","name":"N","state":"STOPPED","warehouse_type":"PRO"}"#)
                .unwrap();
        assert!(warehouse.is_cold() && !warehouse.is_deleted());
        assert_eq!(Warehouse::path("a/b"), "/api/2.0/sql/warehouses/a%2Fb");
        let space = SpaceOutline::parse(br#"{"table_identifiers":["a.b.c"],"warehouse_id":null}"#).unwrap();
        assert_eq!((space.tables.len(), space.warehouse_id), (1, None));
    }
}
