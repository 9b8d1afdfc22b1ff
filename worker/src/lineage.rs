//! From the session to the runs, and from column to column.

use worker::Env;

use crate::call::Call;
use crate::work::{Done, not_there_yet};

/// `GET /api/plans/ID/lineage`
pub async fn lineage(_call: &mut Call, _env: &Env, _plan: &str) -> Done {
    not_there_yet()
}
