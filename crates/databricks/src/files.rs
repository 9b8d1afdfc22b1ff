//! Workspace files: <https://docs.databricks.com/api/workspace/workspace>.

use serde::Deserialize;
use serde_json::json;

use crate::jobs::WireError;

/// `POST {path}`; parents are made too, and it is fine if the folder is there.
pub const MKDIRS: &str = "/api/2.0/workspace/mkdirs";
/// `POST`; with `overwrite` it can be repeated.
pub const IMPORT: &str = "/api/2.0/workspace/import";
/// `GET ?path=`.
pub const STATUS: &str = "/api/2.0/workspace/get-status";
/// `POST {path, recursive}`.
pub const DELETE: &str = "/api/2.0/workspace/delete";

/// The body of an import of a plain file. `content` is base64.
///
/// `RAW` stores what is sent: the default format would make a notebook of it, and a job's `sql_task.file` would find
/// nothing.
#[must_use]
pub fn import_body(path: &str, base64: &str) -> String {
    json!({ "path": path, "content": base64, "format": "RAW", "overwrite": true }).to_string()
}

/// Whether what is at a path is a file, from the answer of `get-status`.
///
/// # Errors
/// [`WireError`] if the answer does not say.
pub fn is_file(bytes: &[u8]) -> Result<bool, WireError> {
    #[derive(Deserialize)]
    struct Wire {
        object_type: String,
    }
    let wire: Wire =
        serde_json::from_slice(bytes).map_err(|_| WireError("the status of a workspace object"))?;
    Ok(wire.object_type == "FILE")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notebook_is_no_file() {
        assert_eq!(is_file(br#"{"object_type":"FILE","path":"/a.sql"}"#), Ok(true));
        assert_eq!(is_file(br#"{"object_type":"NOTEBOOK","path":"/a"}"#), Ok(false));
        assert!(is_file(b"{}").is_err());
        assert!(import_body("/a.sql", "").contains("\"RAW\""));
    }
}
