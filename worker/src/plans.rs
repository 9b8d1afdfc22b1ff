//! Plans and their versions.

use worker::Env;

use crate::call::Call;
use crate::work::{Done, not_there_yet};

/// `POST /api/plans`
pub async fn create(_call: &mut Call, _env: &Env) -> Done {
    not_there_yet()
}

/// `GET /api/plans`
pub async fn list(_call: &mut Call, _env: &Env) -> Done {
    not_there_yet()
}

/// `GET /api/plans/ID`
pub async fn read(_call: &mut Call, _env: &Env, _plan: &str) -> Done {
    not_there_yet()
}

/// `PUT /api/plans/ID`
pub async fn change(_call: &mut Call, _env: &Env, _plan: &str) -> Done {
    not_there_yet()
}

/// `DELETE /api/plans/ID`
pub async fn archive(_call: &mut Call, _env: &Env, _plan: &str) -> Done {
    not_there_yet()
}

/// `GET /api/plans/ID/versions`
pub async fn versions(_call: &mut Call, _env: &Env, _plan: &str) -> Done {
    not_there_yet()
}

/// `GET /api/plans/ID/versions/V`
pub async fn version(_call: &mut Call, _env: &Env, _plan: &str, _version: &str) -> Done {
    not_there_yet()
}
