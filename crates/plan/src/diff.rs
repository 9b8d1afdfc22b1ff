//! What changed between two plans, as paths and words.

use handoff::{Object, Texts, Value};

use crate::canonical::{canonical_json, comes_first, sorted};
use crate::document::AsDocument;
use crate::reader::{Path, ROOT, shorten};
use crate::values::push_number;

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
#[derive(Debug, Clone, PartialEq, Eq)]
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
pub fn diff(before: &impl AsDocument, after: &impl AsDocument) -> Vec<Change> {
    let mut changes = Changes(Vec::new());
    changes.compare(&ROOT, &before.as_document(), &after.as_document());
    changes.0
}

struct Changes(Vec<Change>);

impl Changes {
    fn compare(&mut self, path: &Path<'_>, before: &Value, after: &Value) {
        match (before, after) {
            (Value::Object(a), Value::Object(b)) => self.objects(path, a, b),
            (Value::Array(a), Value::Array(b)) => match (names(a), names(b)) {
                (Some(old), Some(new)) => self.names(path, (before, &old), (after, &new)),
                _ if a.len() == b.len() => {
                    for (n, (x, y)) in a.iter().zip(b).enumerate() {
                        self.compare(&path.index(n), x, y);
                    }
                }
                _ => self.value(path, before, after),
            },
            (a, b) => self.value(path, a, b),
        }
    }

    fn value(&mut self, path: &Path<'_>, before: &Value, after: &Value) {
        // Equal by meaning: key order and the spelling of numbers do not count.
        if canonical_json(before) != canonical_json(after) {
            let words = [" was ", &show(before), " and is now ", &show(after)].concat();
            self.push(path, Some(before), Some(after), &words);
        }
    }

    fn objects(&mut self, path: &Path<'_>, before: &Object, after: &Object) {
        let mut added = Vec::new();
        let after = sorted(after);
        let mut rest = after.as_slice();
        for (key, old) in sorted(before) {
            // Both lists are sorted, so what stands before this key is in none of the older entries.
            while let Some((first, others)) =
                rest.split_first().filter(|(first, _)| comes_first(first.0, key))
            {
                added.push(first);
                rest = others;
            }
            match rest.split_first() {
                Some(((same, new), others)) if *same == key => {
                    rest = others;
                    self.compare(&path.key(key), old, new);
                }
                _ => {
                    let words = [" was removed; it was ", &show(old)].concat();
                    self.push(&path.key(key), Some(old), None, &words);
                }
            }
        }
        for (key, new) in added.into_iter().chain(rest) {
            self.push(&path.key(key), None, Some(new), &[" was added: ", &show(new)].concat());
        }
    }

    /// Lists of names are compared as sets first, so that one new column is one change and not a shift of all others.
    fn names(&mut self, path: &Path<'_>, (before, old): (&Value, &Texts), (after, new): (&Value, &Texts)) {
        let mut kept = Vec::new();
        for (n, item) in items(before) {
            if item.as_str().is_some_and(|name| new.position(name).is_some()) {
                kept.push(item);
            } else {
                self.entry(path, n, Some(item), None);
            }
        }
        let mut kept = kept.into_iter();
        let mut same_order = true;
        for (n, item) in items(after) {
            if item.as_str().is_some_and(|name| old.position(name).is_some()) {
                same_order &= kept.next() == Some(item);
            } else {
                self.entry(path, n, None, Some(item));
            }
        }
        if !same_order {
            let words = ["the order of ", &path.dotted(), " changed"].concat();
            self.add(path, Some(before), Some(after), words);
        }
    }

    /// An entry that one of two lists has and the other lacks.
    fn entry(&mut self, list: &Path<'_>, n: usize, before: Option<&Value>, after: Option<&Value>) {
        let verb = if after.is_some() { " gained " } else { " lost " };
        let item = after.or(before).map(show).unwrap_or_default();
        self.add(&list.index(n), before, after, [&list.dotted(), verb, &item].concat());
    }

    fn push(&mut self, path: &Path<'_>, before: Option<&Value>, after: Option<&Value>, words: &str) {
        let name = path.dotted();
        let name = if name.is_empty() { "the plan" } else { &name };
        self.add(path, before, after, [name, words].concat());
    }

    fn add(&mut self, path: &Path<'_>, before: Option<&Value>, after: Option<&Value>, words: String) {
        self.0.push(Change {
            kind: match (before, after) {
                (None, _) => ChangeKind::Added,
                (_, None) => ChangeKind::Removed,
                _ => ChangeKind::Changed,
            },
            words,
            path: path.pointer(),
            before: before.cloned(),
            after: after.cloned(),
            changes_load: matches!(
                path.part(),
                "" | "schema_version" | "pattern" | "source" | "target" | "pattern_config"
            ),
        });
    }
}

/// A list as a set, if it has texts only and none twice.
fn names(items: &[Value]) -> Option<Texts> {
    let mut set = Texts::default();
    let distinct = items.iter().all(|item| item.as_str().is_some_and(|text| set.insert(text).is_none()));
    distinct.then_some(set)
}

fn items(list: &Value) -> impl Iterator<Item = (usize, &Value)> {
    list.as_array().unwrap_or_default().iter().enumerate()
}

fn show(value: &Value) -> String {
    match value {
        Value::String(text) => ["`", &shorten(text), "`"].concat(),
        Value::Array(items) if items.is_empty() => "empty".to_owned(),
        Value::Array(items) if !items.iter().any(|i| matches!(i, Value::Object(_) | Value::Array(_))) => {
            let mut text = String::new();
            for (n, item) in items.iter().take(5).enumerate() {
                text.push_str(if n > 0 { ", " } else { "" });
                text.push_str(&show(item));
            }
            if items.len() > 5 {
                text.push_str(" and ");
                push_number(&mut text, (items.len() - 5) as u64);
                text.push_str(" more");
            }
            text
        }
        other => shorten(&other.to_json()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

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
