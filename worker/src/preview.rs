//! What a plan would do: its SQL, what the warehouse says about it, and row counts. Never a write.

use worker::Env;

use crate::call::Call;
use crate::work::{Done, not_there_yet};

/// `POST /api/plans/ID/preview`
pub async fn preview(_call: &mut Call, _env: &Env, _plan: &str) -> Done {
    not_there_yet()
}
