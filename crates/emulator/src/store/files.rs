//! The workspace tree: folders, files and notebooks.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::access::{PRINCIPALS, Principal};
use crate::failure::Failure;
use crate::ids::Numbers;

/// Largest content, as documented for `import`.
const MAX_CONTENT: usize = 10 * 1024 * 1024;
/// First line that makes an imported file a notebook.
const NOTEBOOK_HEADER: &str = "-- Databricks notebook source";

/// What something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Directory,
    File,
    Notebook,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Directory => "DIRECTORY",
            Self::File => "FILE",
            Self::Notebook => "NOTEBOOK",
        }
    }
}

#[derive(Debug, Clone)]
struct Node {
    kind: Kind,
    id: i64,
    content: Vec<u8>,
    language: Option<String>,
    created_ms: i64,
    modified_ms: i64,
}

/// An import.
#[derive(Debug)]
pub(crate) struct Import<'a> {
    pub(crate) path: &'a str,
    pub(crate) content: Vec<u8>,
    /// `SOURCE`, `AUTO`, `RAW`.
    pub(crate) format: &'a str,
    pub(crate) language: Option<&'a str>,
    pub(crate) overwrite: bool,
}

/// The tree, by path without `/Workspace`.
#[derive(Debug)]
pub(crate) struct Files {
    nodes: BTreeMap<String, Node>,
    numbers: Numbers,
}

impl Default for Files {
    fn default() -> Self {
        let mut files = Self { nodes: BTreeMap::new(), numbers: Numbers::default() };
        let homes = PRINCIPALS.iter().map(|principal| format!("/Users/{}", principal.name));
        for path in ["/", "/Shared", "/Users", "/Repos"].map(str::to_owned).into_iter().chain(homes) {
            files.put(path, Kind::Directory, Vec::new(), None, 1_780_000_000_000);
        }
        files
    }
}

impl Files {
    fn put(&mut self, path: String, kind: Kind, content: Vec<u8>, language: Option<String>, now_ms: i64) {
        let (id, created_ms) = match self.nodes.get(&path) {
            Some(node) => (node.id, node.created_ms),
            None => (self.numbers.object(), now_ms),
        };
        self.nodes.insert(path, Node { kind, id, content, language, created_ms, modified_ms: now_ms });
    }

    /// Makes a folder and its parents; fine if it exists.
    pub(crate) fn mkdirs(&mut self, path: &str, caller: &Principal, now_ms: i64) -> Result<(), Failure> {
        let path = clean(path)?;
        may_write(&path, caller)?;
        let mut at = String::new();
        for part in path.split('/').filter(|part| !part.is_empty()) {
            at = format!("{at}/{part}");
            match self.nodes.get(&at) {
                Some(node) if node.kind == Kind::Directory => {}
                Some(_) => return Err(exists(&at)),
                None => self.put(at.clone(), Kind::Directory, Vec::new(), None, now_ms),
            }
        }
        Ok(())
    }

    /// Stores a file or notebook.
    pub(crate) fn import(
        &mut self,
        import: Import<'_>,
        caller: &Principal,
        now_ms: i64,
    ) -> Result<(), Failure> {
        let mut path = clean(import.path)?;
        may_write(&path, caller)?;
        if import.content.len() > MAX_CONTENT {
            let message = "The content exceeded the maximum allowed size of 10485760 bytes.";
            return Err(Failure::new(StatusCode::BAD_REQUEST, "MAX_NOTEBOOK_SIZE_EXCEEDED", message));
        }
        let headed = import.content.starts_with(NOTEBOOK_HEADER.as_bytes());
        let (kind, language) = match import.format {
            "RAW" => (Kind::File, None),
            "AUTO" if headed && path.ends_with(".sql") => {
                path.truncate(path.len() - ".sql".len());
                (Kind::Notebook, Some("SQL".to_owned()))
            }
            "AUTO" => (Kind::File, None),
            "SOURCE" | "" => {
                let language =
                    import.language.ok_or_else(|| Failure::invalid("Missing required field: language"))?;
                (Kind::Notebook, Some(language.to_owned()))
            }
            other => return Err(Failure::invalid(format!("The format {other} is not emulated."))),
        };
        let parent = path.rsplit_once('/').map(|(parent, _)| if parent.is_empty() { "/" } else { parent });
        if parent.and_then(|parent| self.nodes.get(parent)).is_none_or(|node| node.kind != Kind::Directory) {
            let folder = parent.unwrap_or("/");
            return Err(Failure::missing(format!("The parent folder ({folder}) does not exist.")));
        }
        match self.nodes.get(&path) {
            Some(_) if !import.overwrite => return Err(exists(&path)),
            Some(node) if node.kind != kind => {
                return Err(Failure::invalid(format!(
                    "Cannot overwrite the asset at {path} due to type mismatch (asked: {}, actual: {})",
                    kind.name(),
                    node.kind.name()
                )));
            }
            _ => {}
        }
        self.put(path, kind, import.content, language, now_ms);
        Ok(())
    }

    fn node(&self, path: &str) -> Result<(String, &Node), Failure> {
        let clean = clean(path)?;
        let node = self.nodes.get(&clean).ok_or_else(|| missing(path))?;
        Ok((clean, node))
    }

    /// What is at `path`.
    pub(crate) fn status(&self, path: &str) -> Result<Value, Failure> {
        let (_, node) = self.node(path)?;
        Ok(info(path, node))
    }

    /// The kind of what is at `path`.
    pub(crate) fn kind(&self, path: &str) -> Option<Kind> {
        Some(self.node(path).ok()?.1.kind)
    }

    /// The content of a file or notebook.
    pub(crate) fn export(&self, path: &str) -> Result<&[u8], Failure> {
        match self.node(path)? {
            (_, node) if node.kind == Kind::Directory => {
                Err(Failure::invalid(format!("Exporting the directory ({path}) is not emulated.")))
            }
            (_, node) => Ok(&node.content),
        }
    }

    /// What is in a folder.
    pub(crate) fn list(&self, path: &str) -> Result<Vec<Value>, Failure> {
        let (clean, node) = self.node(path)?;
        if node.kind != Kind::Directory {
            return Ok(vec![info(path, node)]);
        }
        let prefix = if clean == "/" { clean } else { format!("{clean}/") };
        let shown = path.trim_end_matches('/');
        let inside = self.nodes.iter().filter_map(|(at, node)| Some((at.strip_prefix(&prefix)?, node)));
        let direct = inside.filter(|(name, _)| !name.is_empty() && !name.contains('/'));
        Ok(direct.map(|(name, node)| info(&format!("{shown}/{name}"), node)).collect())
    }

    /// Deletes a file, or a folder with everything in it.
    pub(crate) fn delete(&mut self, path: &str, recursive: bool, caller: &Principal) -> Result<(), Failure> {
        let (clean, _) = self.node(path)?;
        may_write(&clean, caller)?;
        let prefix = format!("{clean}/");
        if !recursive && self.nodes.keys().any(|at| at.starts_with(&prefix)) {
            let message = format!("Folder ({path}) is not empty");
            return Err(Failure::new(StatusCode::BAD_REQUEST, "DIRECTORY_NOT_EMPTY", message));
        }
        self.nodes.retain(|at, _| *at != clean && !at.starts_with(&prefix));
        Ok(())
    }
}

/// `/Workspace/x` and `/x` are the same; a slash at the end does not count.
fn clean(path: &str) -> Result<String, Failure> {
    if !path.starts_with('/') {
        return Err(Failure::invalid(format!("Path ({path}) doesn't start with '/'")));
    }
    if path.split('/').any(|part| matches!(part, "." | "..")) {
        return Err(Failure::invalid(format!("Path ({path}) must not contain '.' or '..'")));
    }
    let inner = match path.strip_prefix("/Workspace") {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => rest,
        _ => path,
    };
    let inner = inner.trim_end_matches('/');
    Ok(if inner.is_empty() { "/".to_owned() } else { inner.to_owned() })
}

fn may_write(path: &str, caller: &Principal) -> Result<(), Failure> {
    let home = format!("/Users/{}/", caller.name);
    if caller.manages_spaces || path.starts_with(&home) {
        Ok(())
    } else {
        Err(Failure::denied(format!("{} does not have Edit permissions on {path}.", caller.name)))
    }
}

fn exists(path: &str) -> Failure {
    Failure::new(StatusCode::BAD_REQUEST, "RESOURCE_ALREADY_EXISTS", format!("Path ({path}) already exists."))
}

fn missing(path: &str) -> Failure {
    Failure::missing(format!("Path ({path}) doesn't exist."))
}

fn info(path: &str, node: &Node) -> Value {
    let mut info = json!({
        "path": path, "object_type": node.kind.name(), "object_id": node.id, "resource_id": node.id.to_string(),
    });
    if let Value::Object(fields) = &mut info {
        if node.kind != Kind::Directory {
            fields.insert("created_at".to_owned(), json!(node.created_ms));
            fields.insert("modified_at".to_owned(), json!(node.modified_ms));
        }
        if node.kind == Kind::File && !node.content.is_empty() {
            fields.insert("size".to_owned(), json!(node.content.len()));
        }
        if let Some(language) = &node.language {
            fields.insert("language".to_owned(), json!(language));
        }
    }
    info
}

#[cfg(test)]
mod tests {
    use super::*;

    fn import<'a>(path: &'a str, content: &str, format: &'a str, overwrite: bool) -> Import<'a> {
        Import { path, content: content.as_bytes().to_vec(), format, language: None, overwrite }
    }

    #[test]
    fn auto_and_raw_keep_a_file_unless_it_is_headed_as_a_notebook() {
        let [grace, ..] = &PRINCIPALS;
        let mut files = Files::default();
        files.import(import("/Workspace/Shared/a.sql", "SELECT 1", "AUTO", false), grace, 1).unwrap();
        assert_eq!(files.kind("/Shared/a.sql"), Some(Kind::File));
        let headed = format!("{NOTEBOOK_HEADER}\nSELECT 1");
        files.import(import("/Shared/b.sql", &headed, "AUTO", false), grace, 1).unwrap();
        assert_eq!((files.kind("/Shared/b.sql"), files.kind("/Shared/b")), (None, Some(Kind::Notebook)));
        files.import(import("/Shared/b.sql", &headed, "RAW", false), grace, 1).unwrap();
        assert_eq!(files.kind("/Shared/b.sql"), Some(Kind::File));
    }

    #[test]
    fn overwriting_keeps_the_id_and_the_kind() {
        let [grace, ..] = &PRINCIPALS;
        let mut files = Files::default();
        files.import(import("/Shared/a.sql", "1", "RAW", false), grace, 1).unwrap();
        let before = files.status("/Shared/a.sql").unwrap();
        assert!(files.import(import("/Shared/a.sql", "2", "RAW", false), grace, 2).is_err());
        files.import(import("/Shared/a.sql", "2", "RAW", true), grace, 2).unwrap();
        let after = files.status("/Shared/a.sql").unwrap();
        assert_eq!(before["object_id"], after["object_id"]);
        assert_eq!(files.export("/Shared/a.sql").unwrap(), b"2");
        let notebook = Import { language: Some("SQL"), ..import("/Shared/a.sql", "2", "SOURCE", true) };
        assert!(files.import(notebook, grace, 3).is_err());
    }

    #[test]
    fn folders_must_exist_and_be_empty() {
        let [grace, viewer, _] = &PRINCIPALS;
        let mut files = Files::default();
        assert!(files.import(import("/Shared/x/a.sql", "1", "RAW", false), grace, 1).is_err());
        files.mkdirs("/Workspace/Shared/x/y", grace, 1).unwrap();
        files.import(import("/Shared/x/a.sql", "1", "RAW", false), grace, 1).unwrap();
        assert_eq!(files.list("/Workspace/Shared/x").unwrap().len(), 2);
        assert!(files.delete("/Shared/x", false, grace).is_err());
        assert!(files.delete("/Shared/x", true, viewer).is_err());
        files.delete("/Shared/x", true, grace).unwrap();
        assert_eq!(files.kind("/Shared/x/a.sql"), None);
        assert!(files.mkdirs("/Shared/../x", grace, 1).is_err());
    }
}
