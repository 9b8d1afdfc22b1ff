//! Plans to files on the command line, for tests: `export KIND FOLDER` reads a plan from standard input and writes its
//! files below FOLDER. Notes go to standard error.

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use export::{About, Kind};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [kind, folder] = args.as_slice() else { return Err("usage: export KIND FOLDER".to_owned()) };
    let kind = Kind::parse(kind).ok_or("KIND is sql, bundle, dbt or plan")?;
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|error| error.to_string())?;
    plan::parse_document(&text).map_err(|error| error.to_string())?;
    let document = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let export = export::export(&document, kind, &About::default()).map_err(|error| error.to_string())?;
    for file in export.files {
        let path = Path::new(folder).join(file.path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|error| error.to_string())?;
        }
        std::fs::write(path, file.text).map_err(|error| error.to_string())?;
    }
    for note in export.notes {
        eprintln!("note: {note}");
    }
    Ok(())
}
