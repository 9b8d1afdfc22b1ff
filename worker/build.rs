//! Makes the description of the interface that the worker gives: without the blanks of the file that people edit, and for
//! the build without plans with those routes alone that it answers itself.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use serde_json::Value;

/// The routes of the proxy to Genie, `Route::is_proxy` in `crates/edge`. `tests/worker/front.test.mjs` holds the two
/// together.
const PROXY: [&str; 7] = [
    "/health",
    "/openapi.json",
    "/.well-known/genie-handoff.json",
    "/api/genie/get",
    "/api/genie/spaces",
    "/api/genie/spaces/{space_id}/",
    "/api/handoffs/sign",
];
const FILE: &str = "openapi.json";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={FILE}");
    println!("cargo:rerun-if-changed=build.rs");
    let mut description: Value = serde_json::from_str(&fs::read_to_string(FILE)?)?;
    if env::var_os("CARGO_FEATURE_PLANS").is_none() {
        keep_proxy(&mut description);
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    fs::write(out.join(FILE), description.to_string())?;
    Ok(())
}

/// Drops the other routes, and the components that nothing refers to any more.
fn keep_proxy(description: &mut Value) {
    if let Some(paths) = description.get_mut("paths").and_then(Value::as_object_mut) {
        paths.retain(|path, _| {
            PROXY.iter().any(|own| path == own || (own.ends_with('/') && path.starts_with(own)))
        });
    }
    loop {
        let mut wanted = BTreeSet::new();
        references(description, &mut wanted);
        let Some(components) = description.get_mut("components").and_then(Value::as_object_mut) else {
            return;
        };
        let mut dropped = false;
        for (kind, entries) in components.iter_mut() {
            // Security schemes are referred to by their names.
            let (Some(entries), false) = (entries.as_object_mut(), kind == "securitySchemes") else {
                continue;
            };
            let before = entries.len();
            entries.retain(|name, _| wanted.contains(&format!("#/components/{kind}/{name}")));
            dropped |= entries.len() < before;
        }
        if !dropped {
            return;
        }
    }
}

fn references(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                into.insert(reference.clone());
            }
            members.values().for_each(|member| references(member, into));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, into)),
        _ => {}
    }
}
