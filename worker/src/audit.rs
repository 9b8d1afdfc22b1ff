//! The audit log: read and verified.

use worker::Env;

use crate::call::Call;
use crate::work::{Done, not_there_yet};

/// `GET /api/audit`
pub async fn list(_call: &mut Call, _env: &Env) -> Done {
    not_there_yet()
}

/// `GET /api/audit/verify`
pub async fn verify(_call: &mut Call, _env: &Env) -> Done {
    not_there_yet()
}
