//! Runs of a plan's job.

use worker::Env;

use crate::call::Call;
use crate::work::{Done, not_there_yet};

/// `POST /api/plans/ID/runs`
pub async fn start(_call: &mut Call, _env: &Env, _plan: &str) -> Done {
    not_there_yet()
}

/// `GET /api/plans/ID/runs`
pub async fn list(_call: &mut Call, _env: &Env, _plan: &str) -> Done {
    not_there_yet()
}

/// `GET /api/plans/ID/runs/RUN`
pub async fn read(_call: &mut Call, _env: &Env, _plan: &str, _run: &str) -> Done {
    not_there_yet()
}

/// `POST /api/plans/ID/runs/RUN/cancel`
pub async fn cancel(_call: &mut Call, _env: &Env, _plan: &str, _run: &str) -> Done {
    not_there_yet()
}

/// `POST /api/plans/ID/runs/RUN/repair`
pub async fn repair(_call: &mut Call, _env: &Env, _plan: &str, _run: &str) -> Done {
    not_there_yet()
}
