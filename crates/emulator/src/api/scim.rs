//! Who am I.

use std::sync::Arc;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};

use super::Caller;
use crate::failure::Failure;
use crate::world::World;

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/api/2.0/preview/scim/v2/Me", get(me))
        .route("/api/2.0/preview/scim/v2/{*rest}", get(other))
}

async fn me(Caller(caller): Caller) -> Response {
    let groups: Vec<Value> = caller
        .groups
        .iter()
        .map(|(name, id)| json!({ "display": name, "value": id, "type": "direct", "$ref": format!("Groups/{id}") }))
        .collect();
    let mut me = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:workspace:2.0:User"],
        "id": caller.id.to_string(), "userName": caller.name, "displayName": caller.display_name, "active": true,
        "groups": groups, "entitlements": [{ "value": "workspace-access" }, { "value": "databricks-sql-access" }],
    });
    if let (false, Value::Object(fields)) = (caller.service_principal, &mut me) {
        fields
            .insert("emails".to_owned(), json!([{ "value": caller.name, "type": "work", "primary": true }]));
        let (given, family) = caller.display_name.split_once(' ').unwrap_or((caller.display_name, ""));
        fields.insert("name".to_owned(), json!({ "givenName": given, "familyName": family }));
    }
    ([(header::CONTENT_TYPE, "application/scim+json")], me.to_string()).into_response()
}

async fn other(_: Caller) -> Failure {
    Failure::scim(StatusCode::NOT_FOUND, "The requested resource does not exist.")
}
