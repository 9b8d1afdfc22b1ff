//! What changed between two plans, as paths and words.

use serde_json::{Map, Value};

use crate::reader::{push_segment, shorten};

/// What happened to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has another value.
    Changed,
}

impl ChangeKind {
    /// `added`, `removed` or `changed`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// One difference between two documents.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What happened.
    pub kind: ChangeKind,
    /// JSON Pointer: into the newer document, or into the older one for something removed. For entries of a list
    /// of names it points to the entry.
    pub path: String,
    /// The value before, if there was one.
    pub before: Option<Value>,
    /// The value after, if there is one.
    pub after: Option<Value>,
    /// The change as a sentence.
    pub words: String,
    /// Whether the rows that a run writes can be different: source, target, pattern or its configuration changed.
    pub changes_load: bool,
}

/// Compares two documents, valid plans or not. Equal documents give no change; key order does not matter.
#[must_use]
pub fn diff(before: &Value, after: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    compare(&mut changes, &Place { pointer: String::new(), dotted: String::new() }, before, after);
    changes
}

struct Place {
    pointer: String,
    dotted: String,
}

impl Place {
    fn child(&self, segment: &str) -> Self {
        let mut pointer = self.pointer.clone();
        pointer.push('/');
        push_segment(&mut pointer, segment);
        let segment = shorten(segment);
        let dotted = if self.dotted.is_empty() { segment } else { format!("{}.{segment}", self.dotted) };
        Self { pointer, dotted }
    }
}

fn compare(changes: &mut Vec<Change>, place: &Place, before: &Value, after: &Value) {
    match (before, after) {
        (Value::Object(a), Value::Object(b)) => compare_objects(changes, place, a, b),
        (Value::Array(a), Value::Array(b)) if is_name_list(a) && is_name_list(b) => {
            compare_names(changes, place, a, b);
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (n, (x, y)) in a.iter().zip(b).enumerate() {
                compare(changes, &place.child(&n.to_string()), x, y);
            }
        }
        (a, b) if same(a, b) => {}
        (a, b) => push(changes, ChangeKind::Changed, place, Some(a), Some(b), |name| {
            format!("{name} was {} and is now {}", show(a), show(b))
        }),
    }
}

/// Equal by meaning: JSON has one kind of number.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(x), Value::Number(y)) => x == y || x.as_f64() == y.as_f64(),
        (a, b) => a == b,
    }
}

fn compare_objects(
    changes: &mut Vec<Change>,
    place: &Place,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) {
    for (key, old) in before {
        match after.get(key) {
            Some(new) => compare(changes, &place.child(key), old, new),
            None => push(changes, ChangeKind::Removed, &place.child(key), Some(old), None, |name| {
                format!("{name} was removed; it was {}", show(old))
            }),
        }
    }
    for (key, new) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
        push(changes, ChangeKind::Added, &place.child(key), None, Some(new), |name| {
            format!("{name} was added: {}", show(new))
        });
    }
}

fn is_name_list(items: &[Value]) -> bool {
    let mut seen = std::collections::HashSet::new();
    items.iter().all(|item| item.as_str().is_some_and(|text| seen.insert(text)))
}

/// Lists of names are compared as sets first, so that one new column is one change and not a shift of all others.
fn compare_names(changes: &mut Vec<Change>, place: &Place, before: &[Value], after: &[Value]) {
    let old: std::collections::HashSet<&str> = before.iter().filter_map(Value::as_str).collect();
    let new: std::collections::HashSet<&str> = after.iter().filter_map(Value::as_str).collect();
    for (n, item) in before.iter().enumerate().filter(|(_, i)| !i.as_str().is_some_and(|t| new.contains(t))) {
        let list = place.dotted.clone();
        push(changes, ChangeKind::Removed, &place.child(&n.to_string()), Some(item), None, |_| {
            format!("{list} lost {}", show(item))
        });
    }
    for (n, item) in after.iter().enumerate().filter(|(_, i)| !i.as_str().is_some_and(|t| old.contains(t))) {
        let list = place.dotted.clone();
        push(changes, ChangeKind::Added, &place.child(&n.to_string()), None, Some(item), |_| {
            format!("{list} gained {}", show(item))
        });
    }
    let kept_before = before.iter().filter_map(Value::as_str).filter(|t| new.contains(t));
    let kept_after = after.iter().filter_map(Value::as_str).filter(|t| old.contains(t));
    if !kept_before.eq(kept_after) {
        let (a, b) = (Value::Array(before.to_vec()), Value::Array(after.to_vec()));
        push(changes, ChangeKind::Changed, place, Some(&a), Some(&b), |name| {
            format!("the order of {name} changed")
        });
    }
}

fn push(
    changes: &mut Vec<Change>,
    kind: ChangeKind,
    place: &Place,
    before: Option<&Value>,
    after: Option<&Value>,
    words: impl FnOnce(&str) -> String,
) {
    let name = if place.dotted.is_empty() { "the plan" } else { &place.dotted };
    let first = place.pointer.split('/').nth(1).unwrap_or_default();
    changes.push(Change {
        kind,
        words: words(name),
        path: place.pointer.clone(),
        before: before.cloned(),
        after: after.cloned(),
        changes_load: matches!(
            first,
            "" | "schema_version" | "pattern" | "source" | "target" | "pattern_config"
        ),
    });
}

fn show(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{}`", shorten(text)),
        Value::Array(items) if items.iter().all(|i| !i.is_object() && !i.is_array()) => {
            let shown: Vec<String> = items.iter().take(5).map(show).collect();
            let more = items.len().saturating_sub(5);
            if more > 0 {
                format!("{} and {more} more", shown.join(", "))
            } else if shown.is_empty() {
                "empty".to_owned()
            } else {
                shown.join(", ")
            }
        }
        other => shorten(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn words(before: &Value, after: &Value) -> Vec<String> {
        diff(before, after)
            .into_iter()
            .map(|c| format!("{} {} | {}", c.kind.as_str(), c.path, c.words))
            .collect()
    }

    #[test]
    fn equal_documents_have_no_difference() {
        let plan = json!({"source": {"columns": ["a", "b"], "n": 60}});
        assert!(diff(&plan, &json!({"source": {"n": 60.0, "columns": ["a", "b"]}})).is_empty());
    }

    #[test]
    fn says_what_changed() {
        let before =
            json!({"source": {"columns": ["a", "b", "c"], "filter": "x > 1"}, "schedule": {"enabled": true}});
        let after =
            json!({"source": {"columns": ["c", "a", "d/e"]}, "schedule": {"enabled": false}, "tags": {}});
        assert_eq!(
            words(&before, &after),
            [
                "changed /schedule/enabled | schedule.enabled was true and is now false",
                "removed /source/columns/1 | source.columns lost `b`",
                "added /source/columns/2 | source.columns gained `d/e`",
                "changed /source/columns | the order of source.columns changed",
                "removed /source/filter | source.filter was removed; it was `x > 1`",
                "added /tags | tags was added: {}",
            ]
        );
        let load: Vec<bool> = diff(&before, &after).iter().map(|c| c.changes_load).collect();
        assert_eq!(load, [false, true, true, true, true, false]);
    }

    #[test]
    fn pointers_are_escaped() {
        assert_eq!(
            words(&json!({"a/b": {"~": 1}}), &json!({"a/b": {"~": 2}})),
            ["changed /a~1b/~0 | a/b.~ was 1 and is now 2"]
        );
        assert_eq!(words(&json!(1), &json!("x\ny")), ["changed  | the plan was 1 and is now `x\u{FFFD}y`"]);
    }
}
