//! Workspace files.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::client::Lab;

const BASE: &str = "/api/2.0/workspace";

#[tokio::test]
async fn a_file_is_stored_read_listed_and_deleted() {
    let lab = Lab::start().await;
    let folder = "/Workspace/Shared/genie-handoff/plans";
    let path = format!("{folder}/load.sql");
    let import = |overwrite: bool| json!({ "path": path, "content": STANDARD.encode("SELECT 'ä';"), "format": "RAW", "overwrite": overwrite });
    let early = lab.post(&format!("{BASE}/import"), &import(false)).await;
    assert_eq!(early.error(), (404, "RESOURCE_DOES_NOT_EXIST".to_owned()));
    assert_eq!(lab.post(&format!("{BASE}/mkdirs"), &json!({ "path": folder })).await.json(), json!({}));
    assert_eq!(lab.post(&format!("{BASE}/import"), &import(false)).await.json(), json!({}));
    let again = lab.post(&format!("{BASE}/import"), &import(false)).await;
    assert_eq!(again.error(), (400, "RESOURCE_ALREADY_EXISTS".to_owned()));
    assert_eq!(lab.post(&format!("{BASE}/import"), &import(true)).await.status, 200);

    let status = lab.json(&format!("{BASE}/get-status?path={path}")).await;
    assert_eq!((&status["object_type"], &status["size"]), (&json!("FILE"), &json!("SELECT 'ä';".len())));
    assert!(status["object_id"].as_i64().unwrap() > 1 << 53);
    let exported = lab.json(&format!("{BASE}/export?path={path}")).await;
    assert_eq!(STANDARD.decode(exported["content"].as_str().unwrap()).unwrap(), "SELECT 'ä';".as_bytes());
    let direct = lab.get(&format!("{BASE}/export?path={path}&direct_download=true")).await;
    assert_eq!(direct.body, "SELECT 'ä';".as_bytes());
    let list = lab.json(&format!("{BASE}/list?path={folder}")).await;
    assert_eq!(list["objects"][0]["path"], path);

    let full = lab.post(&format!("{BASE}/delete"), &json!({ "path": folder })).await;
    assert_eq!(full.error(), (400, "DIRECTORY_NOT_EMPTY".to_owned()));
    let gone = lab.post(&format!("{BASE}/delete"), &json!({ "path": folder, "recursive": true })).await;
    assert_eq!(gone.status, 200);
    assert_eq!(lab.get(&format!("{BASE}/get-status?path={path}")).await.status, 404);
}

#[tokio::test]
async fn bad_imports_are_refused() {
    let lab = Lab::start().await;
    let import = async |body| lab.post(&format!("{BASE}/import"), &body).await.error();
    let invalid = (400, "INVALID_PARAMETER_VALUE".to_owned());
    assert_eq!(import(json!({ "path": "/Shared/a.sql", "content": "%%%", "format": "RAW" })).await, invalid);
    assert_eq!(import(json!({ "path": "/Shared/a.sql", "content": "" })).await, invalid, "no language");
    assert_eq!(import(json!({ "path": "Shared/a.sql", "content": "", "format": "RAW" })).await, invalid);
    assert_eq!(import(json!({ "path": "/Shared/a.sql", "content": "", "format": "DBC" })).await, invalid);
    let large = STANDARD.encode(vec![b'x'; 10 * 1024 * 1024 + 1]);
    let body = json!({ "path": "/Shared/a.sql", "content": large, "format": "RAW" });
    assert_eq!(import(body).await, (400, "MAX_NOTEBOOK_SIZE_EXCEEDED".to_owned()));
}
