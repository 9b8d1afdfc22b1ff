//! A plan as files for elsewhere. Here and not in the first module: nobody exports before the page has long been there.

use border::{Crosses as _, Each, Json, Thrown};
use export::{About, ExportError, ExportFile, Kind};
use wasm_bindgen::prelude::*;

use crate::dto;

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
    Ok(Json::of(&dto::ExportedPlan { files: Each(&exported.files, file), notes: &exported.notes }))
}

fn file(file: &ExportFile, out: &mut Json) {
    dto::ExportedFile { path: &file.path, text: &file.text }.write(out);
}

fn thrown(error: ExportError) -> Thrown {
    let thrown = Thrown::at(error.path(), error.code(), error.to_string(), error.help());
    match &error {
        ExportError::Invalid(issues) => Thrown::plan(&plan::PlanError::Invalid(issues.clone())),
        ExportError::Sql(sql::SqlError::InvalidPlan(issues)) => thrown.with(issues),
        _ => thrown,
    }
}
