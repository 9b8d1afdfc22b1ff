//! Makes the description of the interface that the private worker gives: without the blanks of the file that people edit.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use serde_json::Value;

const FILE: &str = "openapi.json";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={FILE}");
    println!("cargo:rerun-if-changed=build.rs");
    let description: Value = serde_json::from_str(&fs::read_to_string(FILE)?)?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    fs::write(out.join(FILE), description.to_string())?;
    Ok(())
}
