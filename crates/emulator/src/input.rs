//! Reading what a client sent: query strings, JSON bodies, path segments.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{Uri, header};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::failure::Failure;

/// Largest body that is read. Statements may be 16 MiB, files 10 MB in base64.
const MAX_BODY: usize = 24 * 1024 * 1024;

/// The query string, decoded; of a repeated name the last one counts.
#[derive(Debug, Default)]
pub(crate) struct Query(BTreeMap<String, String>);

impl Query {
    /// Decodes the query of `uri`.
    pub(crate) fn of(uri: &Uri) -> Self {
        let text = uri.query().unwrap_or_default();
        Self(form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    /// The value of `name`; an empty one counts as absent, as the service treats its fields.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The value of `name`, which must be there.
    pub(crate) fn required(&self, name: &str) -> Result<&str, Failure> {
        self.text(name).ok_or_else(|| Failure::invalid(format!("Missing required field: {name}")))
    }

    /// A boolean: exactly `true` or `false`, lower case.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Failure> {
        match self.text(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => {
                Err(Failure::invalid(format!("Could not parse '{other}' as a boolean for field '{name}'.")))
            }
        }
    }

    /// A whole number.
    pub(crate) fn number(&self, name: &str) -> Result<Option<i64>, Failure> {
        self.text(name)
            .map(|text| {
                text.parse().map_err(|_| {
                    Failure::invalid(format!("Could not parse '{text}' as an integer for field '{name}'."))
                })
            })
            .transpose()
    }

    /// A whole number that must be there.
    pub(crate) fn required_number(&self, name: &str) -> Result<i64, Failure> {
        self.required(name)?;
        self.number(name)?.ok_or_else(|| Failure::invalid(format!("Missing required field: {name}")))
    }
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        Ok(Self::of(&parts.uri))
    }
}

/// The body as it came.
#[derive(Debug)]
pub(crate) struct Raw(pub(crate) Bytes);

impl<S: Sync> FromRequest<S> for Raw {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        match Limited::new(request.into_body(), MAX_BODY).collect().await {
            Ok(body) => Ok(Self(body.to_bytes())),
            Err(problem) if problem.is::<LengthLimitError>() => Err(Failure::new(
                axum::http::StatusCode::PAYLOAD_TOO_LARGE,
                "MAX_REQUEST_SIZE_EXCEEDED",
                "Request is too large.",
            )),
            Err(_) => Err(Failure::malformed("The request body could not be read.")),
        }
    }
}

/// The body as a JSON object; an empty body is an empty object, as for the service.
#[derive(Debug)]
pub(crate) struct Object(pub(crate) serde_json::Map<String, Value>);

impl Object {
    /// The field as text, which must be there.
    pub(crate) fn required_text(&self, name: &str) -> Result<&str, Failure> {
        match self.0.get(name) {
            Some(Value::String(text)) if !text.is_empty() => Ok(text),
            None | Some(Value::Null | Value::String(_)) => {
                Err(Failure::invalid(format!("Missing required field: {name}")))
            }
            Some(_) => {
                Err(Failure::malformed(format!("Could not parse request object: {name} is no string.")))
            }
        }
    }

    /// The field as text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// The field as a boolean, absent is false.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// A 64-bit id, which must be there. The service takes ids as text as well.
    pub(crate) fn required_id(&self, name: &str) -> Result<i64, Failure> {
        let value = self.0.get(name).filter(|value| !value.is_null());
        let value = value.ok_or_else(|| Failure::invalid(format!("Missing required field: {name}")))?;
        value.as_i64().or_else(|| value.as_str().and_then(|text| text.parse().ok())).ok_or_else(|| {
            Failure::malformed(format!("Could not parse request object: {name} is no 64-bit integer."))
        })
    }

    /// The field as `T`.
    pub(crate) fn parse<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Failure> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => T::deserialize(value).map(Some).map_err(|problem| {
                Failure::malformed(format!("Could not parse request object: {name}: {problem}"))
            }),
        }
    }
}

impl<S: Sync> FromRequest<S> for Object {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default();
        let json_kind = kind.is_empty() || kind.to_ascii_lowercase().starts_with("application/json");
        let Raw(body) = Raw::from_request(request, state).await?;
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self(serde_json::Map::new()));
        }
        if !json_kind {
            return Err(Failure::malformed("Could not parse request object: the body is not JSON."));
        }
        match serde_json::from_slice(&body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(Failure::malformed("Could not parse request object: expected an object.")),
            Err(problem) => Err(Failure::malformed(format!("Could not parse request object: {problem}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> Query {
        Query::of(&format!("/x?{text}").parse::<Uri>().unwrap())
    }

    #[test]
    fn booleans_are_lower_case_words() {
        assert!(query("a=true").flag("a").unwrap());
        assert!(!query("a=false").flag("a").unwrap());
        assert!(!query("").flag("a").unwrap());
        assert!(query("a=True").flag("a").is_err());
        assert!(query("a=1").flag("a").is_err());
    }

    #[test]
    fn names_are_decoded() {
        assert_eq!(query("p=a%2Fb+c&q=%C3%BC").text("p"), Some("a/b c"));
        assert_eq!(query("p=&q=%C3%BC").text("p"), None);
        assert_eq!(query("q=%C3%BC").text("q"), Some("ü"));
        assert!(query("n=x").number("n").is_err());
    }

    #[test]
    fn ids_are_taken_as_numbers_and_as_text() {
        let body = |text: &str| Object(serde_json::from_str(text).unwrap());
        assert_eq!(
            body(r#"{"job_id":9007199254741995}"#).required_id("job_id").unwrap(),
            9_007_199_254_741_995
        );
        assert_eq!(
            body(r#"{"job_id":"9007199254741995"}"#).required_id("job_id").unwrap(),
            9_007_199_254_741_995
        );
        assert!(body(r#"{"job_id":1.5}"#).required_id("job_id").is_err());
        assert!(body("{}").required_id("job_id").is_err());
    }
}
