//! Tables, schemas and catalogs of Unity Catalog, <https://docs.databricks.com/api/workspace/tables/get>.

use serde_json::{Map, Value};

use crate::read::{AnswerError, encode_name, inner, integer, list, object, text, texts};

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    /// In the case in which it is stored.
    pub name: String,
    /// SQL text of the type, such as `bigint` or `decimal(10,2)`; empty if it is not told.
    pub type_text: String,
    /// Absent in an answer means that it may.
    pub nullable: bool,
    /// What people wrote about it.
    pub comment: Option<String>,
}

/// A table or a view.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// `catalog.schema.table`, as it is stored; empty if it is not told.
    pub full_name: String,
    /// `MANAGED`, `VIEW`, `METRIC_VIEW` and so on.
    pub table_type: Option<String>,
    /// In the order of the table.
    pub columns: Vec<TableColumn>,
    /// The primary key, which the platform does not enforce; empty without one.
    pub primary_key: Vec<String>,
    /// User, group or service principal.
    pub owner: Option<String>,
    /// What people wrote about it.
    pub comment: Option<String>,
    /// The answer is for somebody who may browse and not read: columns can be missing.
    pub browse_only: bool,
}

impl Table {
    /// Reads the answer of `GET /api/2.1/unity-catalog/tables/{full_name}`.
    ///
    /// # Errors
    /// When the bytes are no JSON object or have neither a name nor columns.
    pub fn parse(bytes: &[u8]) -> Result<Self, AnswerError> {
        const WHAT: AnswerError = AnswerError("a table");
        let members = object(bytes, WHAT.0)?;
        let full_name = text(&members, "full_name").or_else(|| text(&members, "name")).unwrap_or_default();
        if full_name.is_empty() && !members.contains_key("columns") {
            return Err(WHAT);
        }
        let mut columns: Vec<(i64, TableColumn)> = list(&members, "columns")
            .iter()
            .filter_map(Value::as_object)
            // A missing position is the default, 0.
            .filter_map(|fields| Some((integer(fields, "position").unwrap_or(0), column(fields)?)))
            .collect();
        columns.sort_by_key(|(position, _)| *position);
        Ok(Self {
            full_name,
            table_type: text(&members, "table_type"),
            columns: columns.into_iter().map(|(_, column)| column).collect(),
            primary_key: primary_key(&members),
            owner: text(&members, "owner"),
            comment: text(&members, "comment"),
            browse_only: members.get("browse_only") == Some(&Value::Bool(true)),
        })
    }
}

fn column(fields: &Map<String, Value>) -> Option<TableColumn> {
    Some(TableColumn {
        name: text(fields, "name")?,
        type_text: text(fields, "type_text").unwrap_or_default(),
        nullable: fields.get("nullable") != Some(&Value::Bool(false)),
        comment: text(fields, "comment"),
    })
}

fn primary_key(members: &Map<String, Value>) -> Vec<String> {
    let constraints = list(members, "table_constraints").iter().filter_map(Value::as_object);
    let mut keys = constraints.filter_map(|constraint| inner(constraint, "primary_key_constraint"));
    keys.next().map(|key| texts(key, "child_columns")).unwrap_or_default()
}

/// Something that rights are held on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Securable {
    /// A catalog.
    Catalog(String),
    /// A schema: catalog and schema.
    Schema(String, String),
    /// A table or view: catalog, schema and table.
    Table(String, String, String),
}

impl Securable {
    /// `catalog`, `schema` or `table`, as addresses and our own answers have it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Catalog(_) => "catalog",
            Self::Schema(..) => "schema",
            Self::Table(..) => "table",
        }
    }

    /// The parts of the name.
    #[must_use]
    pub fn parts(&self) -> Vec<&str> {
        match self {
            Self::Catalog(a) => vec![a],
            Self::Schema(a, b) => vec![a, b],
            Self::Table(a, b, c) => vec![a, b, c],
        }
    }

    /// The name with dots.
    #[must_use]
    pub fn name(&self) -> String {
        self.parts().join(".")
    }

    /// Path of the thing itself.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/api/2.1/unity-catalog/{}s/{}", self.kind(), encode_name(&self.parts()))
    }
}

/// The owner in the answer about a catalog, a schema or a table.
///
/// # Errors
/// When the bytes are no JSON object.
pub fn parse_owner(bytes: &[u8]) -> Result<Option<String>, AnswerError> {
    Ok(text(&object(bytes, "a catalog, schema or table")?, "owner"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_as_the_service_sends_it() {
        let body = r#"{"name":"t","catalog_name":"c","schema_name":"s","full_name":"c.s.t","table_type":"MANAGED","owner":"data-engineers",
          "comment":"All orders","columns":[
            {"name":"amount","type_text":"decimal(10,2)","type_name":"DECIMAL","position":1,"nullable":true,"comment":"net"},
            {"name":"id","type_text":"bigint","type_name":"LONG","nullable":false},{"type_text":"int"},3],
          "table_constraints":[{"foreign_key_constraint":{"name":"f","child_columns":["x"]}},
            {"primary_key_constraint":{"name":"pk","child_columns":["id"]}}],"new_member":{}}"#;
        let table = Table::parse(body.as_bytes()).unwrap();
        let names: Vec<_> =
            table.columns.iter().map(|c| (c.name.as_str(), c.type_text.as_str(), c.nullable)).collect();
        assert_eq!(names, [("id", "bigint", false), ("amount", "decimal(10,2)", true)]);
        assert_eq!(
            (table.primary_key, table.owner.as_deref()),
            (vec!["id".to_owned()], Some("data-engineers"))
        );
        assert_eq!((table.comment.as_deref(), table.browse_only), (Some("All orders"), false));
    }

    #[test]
    fn little_is_enough_and_nothing_is_not() {
        let table = Table::parse(br#"{"full_name":"c.s.t","browse_only":true}"#).unwrap();
        assert!(table.columns.is_empty() && table.primary_key.is_empty() && table.browse_only);
        for body in ["", "[]", "{}", r#"{"tables":[]}"#] {
            assert!(Table::parse(body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn securables_have_addresses() {
        let table = Securable::Table("retail-emea".into(), "s".into(), "ä/t".into());
        assert_eq!(table.path(), "/api/2.1/unity-catalog/tables/retail-emea.s.%C3%A4%2Ft");
        assert_eq!(Securable::Catalog("c".into()).path(), "/api/2.1/unity-catalog/catalogs/c");
        assert_eq!(Securable::Schema("c".into(), "s".into()).name(), "c.s");
    }
}
