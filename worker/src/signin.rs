//! Signing in with Databricks, and who one is.

use worker::Env;

use crate::call::Call;
use crate::work::{Done, not_there_yet};

/// `GET /auth/login`
pub async fn login(_call: &mut Call, _env: &Env) -> Done {
    not_there_yet()
}

/// `GET /auth/callback`
pub async fn callback(_call: &mut Call, _env: &Env) -> Done {
    not_there_yet()
}

/// `POST /auth/logout`
pub async fn logout(_call: &mut Call, _env: &Env) -> Done {
    not_there_yet()
}

/// `GET /api/me`
pub async fn me(_call: &mut Call, _env: &Env) -> Done {
    not_there_yet()
}
