//! One job per plan at Databricks.

use worker::Env;

use crate::call::Call;
use crate::work::{Done, not_there_yet};

/// `POST /api/plans/ID/deploy`
pub async fn deploy(_call: &mut Call, _env: &Env, _plan: &str) -> Done {
    not_there_yet()
}

/// `POST /api/plans/ID/pause`
pub async fn pause(_call: &mut Call, _env: &Env, _plan: &str) -> Done {
    not_there_yet()
}

/// `POST /api/plans/ID/resume`
pub async fn resume(_call: &mut Call, _env: &Env, _plan: &str) -> Done {
    not_there_yet()
}

/// `POST /api/plans/ID/undeploy`
pub async fn undeploy(_call: &mut Call, _env: &Env, _plan: &str) -> Done {
    not_there_yet()
}

/// `GET /api/plans/ID/deployments`
pub async fn list(_call: &mut Call, _env: &Env, _plan: &str) -> Done {
    not_there_yet()
}
