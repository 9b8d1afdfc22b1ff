//! Writes the TypeScript of the types in [`crate::dto`], and fails when the committed file is another.

use std::path::PathBuf;

use border::{Finding, TextSpan};
use ts_rs::{Config, TS};

use crate::dto::*;

const HEAD: &str = "\
// Written by `GENIE_HANDOFF_UPDATE=1 cargo test -p wasm typescript` from crates/wasm/src/dto.rs. Do not edit.
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
import type { HandoffContext } from \"../contracts.js\";
";

fn declaration<T: TS>(config: &Config) -> String {
    let docs = T::docs().unwrap_or_default();
    format!("\n{docs}export {}\n", T::decl(config))
}

#[test]
fn typescript_is_current() {
    let config = Config::default();
    macro_rules! all {
        ($($name:ident)*) => { [$(declaration::<$name>(&config)),*].concat() };
    }
    let wanted = HEAD.to_owned()
        + &all!(
            SpaceReference TextSpan Finding Removed RedactedContext EncodeOptions EncodedHandoff HandoffSignature
            DecodedHandoff Readiness PlanReport RenderOptions NamedStatement PlanStatements ColumnLineage
            RequiredPrivilege HighlightSpan PlanEffect PlanExplanation RenderedPlan PlanChange SqlPair PlanDiff
            CheckedPlan
        );

    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../pkg/src/generated/types.ts");
    if std::env::var_os("GENIE_HANDOFF_UPDATE").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(committed, wanted, "run: GENIE_HANDOFF_UPDATE=1 cargo test -p wasm typescript");
}
