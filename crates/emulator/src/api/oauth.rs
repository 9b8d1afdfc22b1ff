//! OAuth: discovery, tokens for the service principal, and sign-in of people with PKCE.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{answer, no_randomness};
use crate::access::{self, CLIENT_ID, CLIENT_SECRET, Consent, Grant, Principal};
use crate::failure::Failure;
use crate::fixtures::known;
use crate::gate::WORKSPACE_ID;
use crate::input::{Query, Raw};
use crate::sync::write;
use crate::world::World;

type Answer = Result<Response, Failure>;
type Shared = State<Arc<World>>;

/// The vendor's built-in client for command lines: public, so without a secret.
const PUBLIC_CLIENT: &str = "databricks-cli";

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/.well-known/databricks-config", get(host))
        .route("/oidc/.well-known/oauth-authorization-server", get(discovery))
        .route("/oidc/v1/token", post(token))
        .route("/oidc/v1/authorize", get(authorize))
}

/// The address the client used; only loopback can reach us, so the header is as good as any.
fn base(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    format!("http://{host}")
}

async fn host(headers: HeaderMap) -> Response {
    answer(&json!({
        "oidc_endpoint": format!("{}/oidc", base(&headers)), "workspace_id": WORKSPACE_ID,
        "account_id": "0c5ab4f1-7d3e-4a19-9f66-2b8e5d417ca0", "cloud": "AWS",
    }))
}

async fn discovery(headers: HeaderMap) -> Response {
    let base = base(&headers);
    answer(&json!({
        "issuer": format!("{base}/oidc"),
        "authorization_endpoint": format!("{base}/oidc/v1/authorize"),
        "token_endpoint": format!("{base}/oidc/v1/token"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["client_credentials", "authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "scopes_supported": ["all-apis", "email", "genie", "offline_access", "openid", "profile", "sql", "unity-catalog"],
    }))
}

/// The form of a token request, decoded.
type Form = BTreeMap<String, String>;

async fn token(State(world): Shared, headers: HeaderMap, Raw(body): Raw) -> Answer {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(invalid_request("The body must be application/x-www-form-urlencoded."));
    }
    let form: Form = form_urlencoded::parse(&body).into_owned().collect();
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let now = Instant::now();
    let mut access = write(&world.access);
    let grant = match field("grant_type") {
        "client_credentials" => {
            confidential(&headers, &form)?;
            access.grant_to_client(now).map_err(no_randomness)?
        }
        "authorization_code" => {
            let client = known_client(&headers, &form)?;
            let consent =
                access.redeem(field("code"), now).ok_or_else(|| invalid_grant("The code is not valid."))?;
            if consent.client_id != client || consent.redirect_uri != field("redirect_uri") {
                return Err(invalid_grant(
                    "The code was given to another client or for another redirect_uri.",
                ));
            }
            let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(field("code_verifier")));
            if challenge != consent.code_challenge {
                return Err(invalid_grant("The code_verifier does not fit the code_challenge."));
            }
            access.grant_to_person(&consent, now).map_err(no_randomness)?
        }
        "refresh_token" => {
            let client = known_client(&headers, &form)?;
            let consent = access.rotate(field("refresh_token"));
            let consent = consent.ok_or_else(|| invalid_grant("The refresh token is not valid."))?;
            if consent.client_id != client {
                return Err(invalid_grant("The refresh token was given to another client."));
            }
            access.grant_to_person(&consent, now).map_err(no_randomness)?
        }
        "" => return Err(invalid_request("grant_type is missing.")),
        other => {
            let message = format!("The grant type {other} is not supported.");
            return Err(Failure::oauth(StatusCode::BAD_REQUEST, "unsupported_grant_type", message));
        }
    };
    let scope = if field("scope").is_empty() { "all-apis" } else { field("scope") };
    Ok(granted(&grant, scope))
}

fn granted(grant: &Grant, scope: &str) -> Response {
    let mut body = json!({
        "access_token": grant.access_token, "token_type": "Bearer", "expires_in": grant.expires_in, "scope": scope,
    });
    if let (Some(refresh), Value::Object(fields)) = (&grant.refresh_token, &mut body) {
        fields.insert("refresh_token".to_owned(), json!(refresh));
    }
    answer(&body)
}

/// The client of the service principal: HTTP Basic, or both fields in the form.
fn confidential(headers: &HeaderMap, form: &Form) -> Result<(), Failure> {
    let given = access::basic(headers)
        .or_else(|| Some((form.get("client_id")?.clone(), form.get("client_secret")?.clone())));
    match given {
        Some((id, secret)) if id == CLIENT_ID && secret == CLIENT_SECRET => Ok(()),
        _ => Err(Failure::oauth(StatusCode::UNAUTHORIZED, "invalid_client", "Client authentication failed")),
    }
}

/// Who redeems a code: the confidential client with its secret, or the public one.
fn known_client(headers: &HeaderMap, form: &Form) -> Result<&'static str, Failure> {
    if access::basic(headers).is_none() && form.get("client_id").is_some_and(|id| id == PUBLIC_CLIENT) {
        return Ok(PUBLIC_CLIENT);
    }
    confidential(headers, form).map(|()| CLIENT_ID)
}

/// The sign-in page, without the page: whoever `login_hint` names agrees at once, by default the usual person.
async fn authorize(State(world): Shared, query: Query) -> Answer {
    let client_id = query.text("client_id").unwrap_or_default();
    let redirect_uri = query.text("redirect_uri").unwrap_or_default();
    // RFC 6749, section 4.1.2.1: with a doubtful client or address there is no redirect.
    if !matches!(client_id, CLIENT_ID | PUBLIC_CLIENT)
        || !(redirect_uri.starts_with("http://") || redirect_uri.starts_with("https://"))
    {
        return Err(invalid_request("client_id or redirect_uri is not registered."));
    }
    let state = query.text("state").unwrap_or_default();
    let hint = query.text("login_hint").unwrap_or(known::USER);
    let challenge = query.text("code_challenge");
    let back = |fields: &[(&str, &str)]| redirect(redirect_uri, fields, state);
    if query.text("response_type") != Some("code") {
        return back(&[("error", "unsupported_response_type")]);
    }
    let (Some(challenge), Some("S256")) = (challenge, query.text("code_challenge_method")) else {
        return back(&[("error", "invalid_request"), ("error_description", "PKCE with S256 is required")]);
    };
    let Some(principal) = Principal::find(hint).filter(|principal| !principal.service_principal) else {
        return back(&[("error", "access_denied")]);
    };
    let scope = query.text("scope").unwrap_or_default();
    let consent = Consent {
        principal,
        client_id: client_id.to_owned(),
        redirect_uri: redirect_uri.to_owned(),
        code_challenge: challenge.to_owned(),
        offline: scope.split(' ').any(|scope| scope == "offline_access"),
    };
    let code = write(&world.access).consent(consent, Instant::now()).map_err(no_randomness)?;
    back(&[("code", &code)])
}

fn redirect(to: &str, fields: &[(&str, &str)], state: &str) -> Answer {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields);
    if !state.is_empty() {
        query.append_pair("state", state);
    }
    let separator = if to.contains('?') { '&' } else { '?' };
    let location = HeaderValue::from_str(&format!("{to}{separator}{}", query.finish()))
        .map_err(|_| invalid_request("redirect_uri cannot be used."))?;
    Ok((StatusCode::FOUND, [(header::LOCATION, location)]).into_response())
}

fn invalid_request(message: &str) -> Failure {
    Failure::oauth(StatusCode::BAD_REQUEST, "invalid_request", message)
}

fn invalid_grant(message: &str) -> Failure {
    Failure::oauth(StatusCode::BAD_REQUEST, "invalid_grant", message)
}
