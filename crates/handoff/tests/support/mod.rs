//! What several tests share.

use std::path::PathBuf;

use handoff::Context;

/// Name and context of every file in `tests/contexts`, in order of names.
pub fn contexts() -> Vec<(String, Context)> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder("contexts")).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 10);
    let read = |path: &PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, Context::from_json_str(&std::fs::read_to_string(path).unwrap()).unwrap())
    };
    files.iter().map(read).collect()
}

/// A folder beside the tests.
pub fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}
