//! Errors in the vendor's shapes.
//!
//! The ordinary body is `error_code`, `message`, `details`; SCIM and OAuth have shapes of their own, and the gateway
//! in front of everything writes `error_code` as a number.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// What a handler answers when it cannot do what was asked. Rendered by the gate, which knows the request id.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    status: StatusCode,
    shape: Shape,
    message: String,
}

#[derive(Debug, Clone)]
enum Shape {
    /// The API's own shape, with the details before `RequestInfo`.
    Api { code: String, details: Vec<Value> },
    /// The gateway's shape: the code is the status as a number, the request id is part of the message.
    Gateway,
    /// RFC 7644, section 3.12.
    Scim,
    /// RFC 6749, section 5.2.
    OAuth { error: &'static str },
}

impl Failure {
    /// An error in the API's own shape.
    pub(crate) fn new(status: StatusCode, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status, shape: Shape::Api { code: code.into(), details: Vec::new() }, message: message.into() }
    }

    /// Adds an entry to `details`.
    #[must_use]
    pub(crate) fn with_detail(mut self, detail: Value) -> Self {
        if let Shape::Api { details, .. } = &mut self.shape {
            details.push(detail);
        }
        self
    }

    /// 400 `INVALID_PARAMETER_VALUE`.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID_PARAMETER_VALUE", message)
    }

    /// 400 `MALFORMED_REQUEST`.
    pub(crate) fn malformed(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "MALFORMED_REQUEST", message)
    }

    /// 404 `RESOURCE_DOES_NOT_EXIST`.
    pub(crate) fn missing(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "RESOURCE_DOES_NOT_EXIST", message)
    }

    /// 403 `PERMISSION_DENIED`.
    pub(crate) fn denied(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "PERMISSION_DENIED", message)
    }

    /// 404 `ENDPOINT_NOT_FOUND`; the gateway names the path without `/api/2.x`.
    pub(crate) fn no_endpoint(method: &str, path: &str) -> Self {
        let short = path
            .strip_prefix("/api/2.")
            .and_then(|rest| rest.split_once('/'))
            .map_or_else(|| path.to_owned(), |(_, rest)| format!("/{rest}"));
        Self::new(StatusCode::NOT_FOUND, "ENDPOINT_NOT_FOUND", format!("No API found for '{method} {short}'"))
    }

    /// 401 of the gateway, for a request without a credential and for one with an unknown or expired one.
    /// The shape with a number as `error_code` is what the service sends,
    /// see <https://github.com/databricks/databricks-sdk-go/issues/873>.
    pub(crate) fn unauthenticated(message: impl Into<String>) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, shape: Shape::Gateway, message: message.into() }
    }

    /// A SCIM error.
    pub(crate) fn scim(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, shape: Shape::Scim, message: message.into() }
    }

    /// An OAuth error.
    pub(crate) fn oauth(status: StatusCode, error: &'static str, message: impl Into<String>) -> Self {
        Self { status, shape: Shape::OAuth { error }, message: message.into() }
    }

    /// The same answer in SCIM shape, for failures that the SCIM front end wraps.
    #[must_use]
    pub(crate) fn into_scim(mut self) -> Self {
        self.shape = Shape::Scim;
        self
    }

    /// The answer, with the id of the request it belongs to.
    pub(crate) fn render(&self, request_id: &str) -> Response {
        let body = match &self.shape {
            Shape::Api { code, details } => {
                let request = json!({
                    "@type": "type.googleapis.com/google.rpc.RequestInfo",
                    "request_id": request_id,
                    "serving_data": "",
                });
                let details: Vec<&Value> = details.iter().chain([&request]).collect();
                json!({ "error_code": code, "message": self.message, "details": details })
            }
            Shape::Gateway => json!({
                "error_code": self.status.as_u16(),
                "message": format!("{} [ReqId: {request_id}]", self.message),
            }),
            Shape::Scim => json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
                "detail": self.message,
                "status": self.status.as_u16().to_string(),
            }),
            Shape::OAuth { error } => json!({ "error": error, "error_description": self.message }),
        };
        let mut response = Response::new(Body::from(body.to_string()));
        *response.status_mut() = self.status;
        let kind =
            if matches!(self.shape, Shape::Scim) { "application/scim+json" } else { "application/json" };
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        response
    }
}

impl IntoResponse for Failure {
    /// An empty response that carries the failure; [`crate::gate`] fills it in.
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gateway_names_paths_without_the_version() {
        let failure = Failure::no_endpoint("GET", "/api/2.0/data-rooms/x");
        assert_eq!(failure.message, "No API found for 'GET /data-rooms/x'");
        let failure = Failure::no_endpoint("GET", "/favicon.ico");
        assert_eq!(failure.message, "No API found for 'GET /favicon.ico'");
    }
}
