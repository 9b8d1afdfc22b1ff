//! How values and failures cross between WebAssembly and JavaScript, the same in every module of the npm package.
//!
//! - Values cross as JSON text: the page's own parser is faster than setting properties one by one from here, and a
//!   context keeps the order of its keys.
//! - A failure crosses as `{code, path?, message, help?, issues?}`; the package makes a `HandoffError` of it.
//! - A panic is a defect and only traps, see `pkg/scripts/trap.mjs`; the package makes `internal_error` of it.
//!
//! There is no logic here, and no function that JavaScript can call: those are in the crates that become modules.

mod choices;
mod finding;
mod json;
#[cfg(all(target_family = "wasm", not(target_feature = "atomics")))]
mod memory;
mod thrown;

pub use choices::Choices;
pub use finding::{Finding, Sentence, TextSpan, finding, plan_finding};
pub use json::{Crosses, Each, Json, Written};
pub use thrown::Thrown;
