//! Content rules. Shape was checked when the context was read.

use crate::context::{Context, key};
use crate::digits::digits;
use crate::issue::{Issue, pointer};
use crate::json::Value;
use crate::name::{NameError, TableName, check_column, compare_key, fold};
use crate::texts::Texts;
use crate::time::Rfc3339;

/// Checks names, ids and times of `context` and reports every problem, in document order of the known keys.
///
/// Errors mean that nothing may be built on the context; warnings that somebody should look.
#[must_use]
pub fn validate(context: &Context) -> Vec<Issue> {
    let mut issues = Vec::new();
    ids(context, &mut issues);
    let tables = tables(context, &mut issues);
    for map in [key::VALIDATED_COLUMNS, key::COLUMN_TYPES, key::KEYS] {
        by_table(context, map, &tables, &mut issues);
    }
    if let Some(text) = context.created_at()
        && Rfc3339::parse(text).is_none()
    {
        issues.push(Issue::error(
            "created_at_malformed",
            pointer("", key::CREATED_AT),
            "created_at is not an RFC 3339 time",
            "Write it like 2025-06-18T17:45:12Z.",
        ));
    }
    if let Some(text) = context.target_table()
        && let Err(error) = TableName::parse(text)
    {
        issues.push(name_issue(error, pointer("", key::TARGET_TABLE)));
    }
    issues
}

fn name_issue(error: NameError, path: String) -> Issue {
    Issue::error(error.code(), path, error.message(), error.help())
}

fn ids(context: &Context, issues: &mut Vec<Issue>) {
    let space = context.space_id();
    let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    if !space.is_empty() && (space.len() != 32 || !space.bytes().all(is_hex)) {
        issues.push(Issue::error(
            "space_id_malformed",
            pointer("", key::SPACE_ID),
            "a space id has exactly 32 characters of 0-9 and a-f",
            "Copy the 32 characters after /genie/rooms/ in the address of the space.",
        ));
    }
    for (name, text) in [
        (key::GENIE_SESSION_ID, Some(context.genie_session_id())),
        (key::WAREHOUSE_ID, context.warehouse_id()),
    ] {
        let Some(text) = text else { continue };
        if text.chars().any(crate::name::is_invisible) {
            issues.push(Issue::error(
                "id_forbidden_character",
                pointer("", name),
                [name, " has a control or direction character"].concat(),
                "Copy the id again.",
            ));
        }
    }
}

/// Checks the table names and gives back their comparable forms.
fn tables(context: &Context, issues: &mut Vec<Issue>) -> Texts {
    let mut seen = Texts::default();
    let parent = pointer("", key::VALIDATED_TABLES);
    for (i, table) in context.validated_tables().enumerate() {
        let path = pointer(&parent, &digits(i));
        if let Err(error) = TableName::parse(table) {
            issues.push(name_issue(error, path.clone()));
        }
        if !seen.add(&compare_key(table)) {
            issues.push(Issue::warning(
                "table_duplicate",
                path,
                "the table is in the list twice; names are compared without case and backticks",
                "Keep one of the two.",
            ));
        }
    }
    seen
}

fn by_table(context: &Context, map: &str, tables: &Texts, issues: &mut Vec<Issue>) {
    let Some(entries) = context.as_object().get(map).and_then(Value::as_object) else { return };
    let parent = pointer("", map);
    let mut seen_tables = Texts::default();
    for (table, columns) in entries.iter() {
        let path = pointer(&parent, table);
        let table_key = compare_key(table);
        if !tables.contains(&table_key) {
            issues.push(Issue::warning(
                "table_not_listed",
                path.clone(),
                [map, " names a table that is not in validated_tables"].concat(),
                "Add the table to validated_tables or remove its columns.",
            ));
        }
        if !seen_tables.add(&table_key) {
            issues.push(Issue::error(
                "table_duplicate",
                path.clone(),
                [map, " names the same table twice; names are compared without case and backticks"].concat(),
                "Keep one of the two.",
            ));
        }
        let mut seen = Texts::default();
        let mut column = |name: &str, token: &str| {
            let path = pointer(&path, token);
            if let Err(error) = check_column(name) {
                issues.push(name_issue(error, path.clone()));
            }
            if !seen.add(&fold(name)) {
                issues.push(Issue::warning(
                    "column_duplicate",
                    path,
                    "the table has this column twice; names are compared without case",
                    "Keep one of the two.",
                ));
            }
        };
        match columns {
            Value::Array(items) => {
                for (i, name) in items.iter().enumerate() {
                    column(name.as_str().unwrap_or_default(), &digits(i));
                }
            }
            Value::Object(types) => types.iter().for_each(|(name, _)| column(name, name)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(json: &str) -> Vec<(&'static str, String)> {
        validate(&Context::from_json_str(json).unwrap()).into_iter().map(|i| (i.code, i.path)).collect()
    }

    #[test]
    fn reports_every_problem_with_its_path() {
        let json = r#"{"genie_session_id":"a\u0007","space_id":"XYZ","validated_tables":["a.b.c","A.`b`.C","a.b","__proto__"],
            "validated_columns":{"a.b.c":["x","X",""],"a.b/c.d":["y"]},"user_intent":"","exploration_summary":{},
            "created_at":"yesterday","target_table":"x.y.z w","column_types":{"a.b.c":{"x\u202e":"int"}},"keys":null}"#;
        let expected = [
            ("space_id_malformed", "/space_id"),
            ("id_forbidden_character", "/genie_session_id"),
            ("table_duplicate", "/validated_tables/1"),
            ("name_parts", "/validated_tables/2"),
            ("name_parts", "/validated_tables/3"),
            ("column_duplicate", "/validated_columns/a.b.c/1"),
            ("name_empty", "/validated_columns/a.b.c/2"),
            ("table_not_listed", "/validated_columns/a.b~1c.d"),
            ("name_forbidden_character", "/column_types/a.b.c/x\u{202e}"),
            ("created_at_malformed", "/created_at"),
            ("name_forbidden_character", "/target_table"),
        ];
        assert_eq!(found(json), expected.map(|(code, path)| (code, path.to_owned())));
    }

    #[test]
    fn an_empty_start_is_valid() {
        let json = r#"{"genie_session_id":"","space_id":"","validated_tables":[],"validated_columns":{},"user_intent":"","exploration_summary":{}}"#;
        assert_eq!(found(json), []);
    }
}
