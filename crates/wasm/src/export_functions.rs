//! A plan as files for elsewhere.

use export::{About, ExportError, Kind};
use wasm_bindgen::prelude::*;

use border::{Thrown, answer};

use crate::dto;
use crate::error::of_sql;

/// The files of a plan; see [`dto::ExportedPlan`]. `kind` is `sql`, `bundle`, `dbt` or `plan`.
///
/// # Errors
/// `plan_invalid` with all issues, `option_invalid`, `export_name_unwritable`, and what a renderer may refuse.
#[wasm_bindgen(js_name = exportPlan)]
pub fn export_plan(document: &str, kind: &str, choices: &str) -> Result<String, JsValue> {
    let Some(kind) = Kind::parse(kind) else {
        return Err(Thrown::option("kind", "the kind is none of sql, bundle, dbt and plan").into_js());
    };
    let choices = dto::ExportOptions::read(choices)?;
    plan::parse_document(document).map_err(|error| Thrown::plan(&error).into_js())?;
    let document: serde_json::Value = serde_json::from_str(document).unwrap_or_default();
    let about = About { by: choices.by, at: choices.at };
    let exported = export::export(&document, kind, &about).map_err(|error| thrown(error).into_js())?;
    answer(&dto::ExportedPlan {
        files: exported
            .files
            .into_iter()
            .map(|file| dto::ExportedFile { path: file.path, text: file.text })
            .collect(),
        notes: exported.notes,
    })
}

fn thrown(error: ExportError) -> Thrown {
    match error {
        ExportError::Invalid(issues) => Thrown::plan(&plan::PlanError::Invalid(issues)),
        ExportError::Sql(error) => of_sql(&error),
        error => Thrown::at(error.path(), error.code(), &error, error.help()),
    }
}
