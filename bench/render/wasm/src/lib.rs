//! Plans and their SQL and nothing else, for the render bench.

use sql::RenderOptions;
use wasm_bindgen::prelude::*;

fn read(json: &str) -> Result<plan::Plan, String> {
    let document = plan::parse_document(json).map_err(|e| e.code().to_owned())?;
    sql::validate(&document).plan.ok_or_else(|| "plan_invalid".to_owned())
}

/// A plan that has been read and validated.
#[wasm_bindgen]
pub struct ReadPlan(plan::Plan);

#[wasm_bindgen]
impl ReadPlan {
    /// Reads and validates JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(json: &str) -> Result<ReadPlan, String> {
        Ok(Self(read(json)?))
    }

    /// The load.
    pub fn load(&self) -> Result<String, String> {
        sql::render_load(&self.0, &RenderOptions::default()).map_err(|e| e.code().to_owned())
    }

    /// Everything; gives the number of previews.
    pub fn everything(&self) -> Result<usize, String> {
        let rendered = sql::render(&self.0, &RenderOptions::default()).map_err(|e| e.code().to_owned())?;
        Ok(rendered.statements.previews.len())
    }
}

/// Reads, validates and hashes a plan and gives its load.
#[wasm_bindgen]
pub fn load(json: &str) -> Result<String, String> {
    sql::render_load(&read(json)?, &RenderOptions::default()).map_err(|e| e.code().to_owned())
}
