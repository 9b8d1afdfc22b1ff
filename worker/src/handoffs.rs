//! Handoffs: made from what happened in Genie, read, and checked.

use web_sys::Response;
use worker::Env;

use crate::assets;
use crate::call::Call;
use crate::work::{Done, not_there_yet};

/// `POST /api/handoffs`
pub async fn create(_call: &mut Call, _env: &Env) -> Done {
    not_there_yet()
}

/// `POST /api/handoffs/validate`
pub async fn validate(_call: &mut Call, _env: &Env) -> Done {
    not_there_yet()
}

/// `GET /api/handoffs/ID`
pub async fn read(_call: &mut Call, _env: &Env, _id: &str) -> Done {
    not_there_yet()
}

/// `GET /h/ID`
pub async fn page(call: Call, env: Env) -> Response {
    assets::serve(call, env).await
}
