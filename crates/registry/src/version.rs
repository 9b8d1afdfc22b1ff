//! Versions of a plan: what kind of change makes which number.

use plan::diff;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a version changed, against the version before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Words, labels, people, and how a run is executed. The same rows arrive in the same place at the same time.
    Patch,
    /// Which rows and columns arrive, what is checked, when it runs.
    Minor,
    /// Where rows come from or go to, how they are matched: what readers of the target rely on.
    Major,
    /// There was no version before.
    First,
}

impl Kind {
    /// `first`, `major`, `minor` or `patch`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
            Self::First => "first",
        }
    }
}

/// Where the server writes the version into a plan.
const VERSION: &str = "/plan_metadata/version";

/// Places whose change is a major one, with everything below them.
const MAJOR: &[&str] = &[
    "/pattern",
    "/source/catalog",
    "/source/schema",
    "/source/table",
    "/target/catalog",
    "/target/schema",
    "/target/table",
    "/target/write_mode",
    "/pattern_config/match_columns",
    "/pattern_config/merge_keys",
    "/pattern_config/business_keys",
    "/pattern_config/key_columns",
    "/pattern_config/surrogate_key_column",
    "/pattern_config/group_by",
];

/// Places whose change is a patch.
const PATCH: &[&str] = &["/plan_metadata", "/execution_config"];

/// The kind of change from one plan to the next, or `None` when they say the same. The version itself does not count:
/// the server writes it.
#[must_use]
pub fn change(before: &Value, after: &Value) -> Option<Kind> {
    diff(before, after)
        .iter()
        .filter(|change| change.path != VERSION)
        .map(|change| kind_of(&change.path))
        .max()
}

fn kind_of(path: &str) -> Kind {
    let below = |roots: &[&str]| {
        roots.iter().any(|root| {
            path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                // The whole part that holds it came or went.
                || root.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
        })
    };
    if below(MAJOR) {
        Kind::Major
    } else if below(PATCH) {
        Kind::Patch
    } else {
        Kind::Minor
    }
}

/// The version after `version` for a change of this kind. A text that is not `major.minor.patch` counts as `0.0.0`;
/// validation lets none through.
#[must_use]
pub fn next_version(version: &str, kind: Kind) -> String {
    let mut parts = version.split('.').map(|part| part.parse::<u64>().unwrap_or_default());
    let mut part = || parts.next().unwrap_or_default();
    let (major, minor, patch) = (part(), part(), part());
    match kind {
        Kind::First => version.to_owned(),
        Kind::Major => format!("{}.0.0", major.saturating_add(1)),
        Kind::Minor => format!("{major}.{}.0", minor.saturating_add(1)),
        Kind::Patch => format!("{major}.{minor}.{}", patch.saturating_add(1)),
    }
}

/// The plan with `version` in its place.
#[must_use]
pub fn with_version(mut plan: Value, version: &str) -> Value {
    if let Some(Value::Object(metadata)) = plan.get_mut("plan_metadata") {
        metadata.insert("version".to_owned(), Value::from(version));
    }
    plan
}

/// The entity tag of a plan: its hash. Two states with one hash say the same, whoever made them.
#[must_use]
pub fn etag(plan_hash: &str) -> String {
    format!("\"{plan_hash}\"")
}

/// What an `If-Match` header says about a plan (RFC 9110, section 13.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// There is none.
    Missing,
    /// It names this state, or any.
    Fits,
    /// It names another state.
    Stale,
}

/// Compares `If-Match` with the plan's hash. A weak tag never fits, as the RFC wants for changes.
#[must_use]
pub fn if_match(header: Option<&str>, plan_hash: &str) -> Match {
    let Some(header) = header.map(str::trim).filter(|header| !header.is_empty()) else {
        return Match::Missing;
    };
    let tag = etag(plan_hash);
    if header == "*" || header.split(',').any(|one| one.trim() == tag) { Match::Fits } else { Match::Stale }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn plan() -> Value {
        json!({
            "schema_version": "1.0",
            "plan_metadata": {"plan_id": "p", "version": "1.0.0", "description": "d", "tags": {"a": "b"}},
            "pattern": {"type": "MERGE_UPSERT"},
            "source": {"catalog": "c", "schema": "s", "table": "t", "columns": ["id", "x"], "filter": "x > 1"},
            "target": {"catalog": "c", "schema": "m", "table": "t", "write_mode": "merge"},
            "pattern_config": {"merge_keys": ["id"], "update_columns": ["x"]},
            "execution_config": {"warehouse_id": "w"},
            "schedule": {"type": "manual"},
        })
    }

    fn changed(pointer: &str, value: Value) -> Option<Kind> {
        let mut other = plan();
        if let Some(place) = other.pointer_mut(pointer) {
            *place = value;
        } else if let Some((parent, key)) = pointer.rsplit_once('/')
            && let Some(Value::Object(parent)) = other.pointer_mut(parent)
        {
            parent.insert(key.to_owned(), value);
        }
        change(&plan(), &other)
    }

    #[test]
    fn kinds_of_change() {
        for (pointer, value, kind) in [
            ("/plan_metadata/version", json!("9.9.9"), None),
            ("/plan_metadata/description", json!("e"), Some(Kind::Patch)),
            ("/plan_metadata/tags", json!({}), Some(Kind::Patch)),
            ("/plan_metadata/owner", json!("ada"), Some(Kind::Patch)),
            ("/execution_config/warehouse_id", json!("v"), Some(Kind::Patch)),
            ("/execution_config/max_retries", json!(2), Some(Kind::Patch)),
            ("/source/columns", json!(["id", "x", "y"]), Some(Kind::Minor)),
            ("/source/filter", json!("x > 2"), Some(Kind::Minor)),
            ("/pattern_config/update_columns", json!([]), Some(Kind::Minor)),
            ("/target/cluster_by", json!(["id"]), Some(Kind::Minor)),
            ("/schedule/type", json!("cron"), Some(Kind::Minor)),
            ("/validation_rules", json!({"max_rows_to_process": 1}), Some(Kind::Minor)),
            ("/schema_version", json!("1.1"), Some(Kind::Minor)),
            ("/source/table", json!("u"), Some(Kind::Major)),
            ("/target/table", json!("u"), Some(Kind::Major)),
            ("/target/write_mode", json!("append"), Some(Kind::Major)),
            ("/pattern/type", json!("SCD2"), Some(Kind::Major)),
            ("/pattern_config/merge_keys", json!(["id", "x"]), Some(Kind::Major)),
            ("/pattern_config", json!({}), Some(Kind::Major)),
        ] {
            assert_eq!(changed(pointer, value), kind, "{pointer}");
        }
    }

    #[test]
    fn the_greatest_change_counts() {
        let mut other = plan();
        other["plan_metadata"]["description"] = json!("e");
        other["source"]["filter"] = json!("x > 9");
        assert_eq!(change(&plan(), &other), Some(Kind::Minor));
        other["target"]["table"] = json!("u");
        assert_eq!(change(&plan(), &other), Some(Kind::Major));
    }

    #[test]
    fn the_version_is_written_into_the_plan() {
        assert_eq!(with_version(plan(), "2.0.0")["plan_metadata"]["version"], "2.0.0");
        assert_eq!(change(&plan(), &with_version(plan(), "2.0.0")), None);
    }

    #[test]
    fn if_match_is_exact() {
        for (header, expected) in [
            (None, Match::Missing),
            (Some(" "), Match::Missing),
            (Some("\"h\""), Match::Fits),
            (Some("*"), Match::Fits),
            (Some("\"g\", \"h\""), Match::Fits),
            (Some("h"), Match::Stale),
            (Some("W/\"h\""), Match::Stale),
            (Some("\"H\""), Match::Stale),
        ] {
            assert_eq!(if_match(header, "h"), expected, "{header:?}");
        }
    }

    proptest! {
        #[test]
        fn versions_only_grow(major in 0u64..1000, minor in 0u64..1000, patch in 0u64..1000, kind in 0..3) {
            let kind = [Kind::Patch, Kind::Minor, Kind::Major].into_iter().nth(kind as usize).unwrap_or(Kind::Patch);
            let next = next_version(&format!("{major}.{minor}.{patch}"), kind);
            let parts: Vec<u64> = next.split('.').filter_map(|part| part.parse().ok()).collect();
            prop_assert_eq!(parts.len(), 3);
            prop_assert!(parts > vec![major, minor, patch]);
        }
    }
}
