//! Tokens, sign-in, who am I, warehouses, access control lists.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use emulator::{CLIENT_ID, CLIENT_SECRET, TOKEN, VIEWER_TOKEN, known};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::client::{Lab, Reply};

const ME: &str = "/api/2.0/preview/scim/v2/Me";
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

async fn token(lab: &Lab, secret: &str, form: &str) -> Reply {
    let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT_ID}:{secret}")));
    lab.send("POST", "/oidc/v1/token", &[FORM, ("authorization", &basic)], form).await.unwrap()
}

fn access_token(reply: &Reply) -> String {
    reply.json()["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_route_wants_a_token() {
    let lab = Lab::start().await;
    for path in [
        "/api/2.0/data-rooms",
        "/api/2.0/genie/spaces",
        "/api/2.2/jobs/list",
        "/api/2.0/nothing",
        "/",
        "/api/2.1/unity-catalog/tables/a.b.c/exists",
    ] {
        let none = lab.send("GET", path, &[], "").await.unwrap();
        assert_eq!((none.status.as_u16(), &none.json()["error_code"]), (401, &json!(401)), "{path}");
        let request_id = none.header("x-databricks-request-id");
        assert!(none.json()["message"].as_str().unwrap().contains(&format!("[ReqId: {request_id}]")));
        for value in ["Bearer wrong", "Bearer ", "Basic ZW11bGF0b3ItdG9rZW46", "emulator-token"] {
            let wrong = lab.send("GET", path, &[("authorization", value)], "").await.unwrap();
            assert_eq!(wrong.status, 401, "{path} {value}");
        }
    }
    let scim = lab.send("GET", ME, &[], "").await.unwrap();
    assert_eq!((scim.status.as_u16(), &scim.json()["status"]), (401, &json!("401")));
    assert!(scim.json().get("error_code").is_none());
}

#[tokio::test]
async fn the_service_principal_gets_a_token_by_header_and_by_form() {
    let lab = Lab::start().await;
    let by_header = token(&lab, CLIENT_SECRET, "grant_type=client_credentials&scope=all-apis").await;
    let body = by_header.json();
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(3600)));
    let form = format!("grant_type=client_credentials&client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}");
    let by_form = lab.send("POST", "/oidc/v1/token", &[FORM], &form).await.unwrap();
    let (first, second) = (access_token(&by_header), access_token(&by_form));
    assert!(first != second && first.len() > 40);
    let me = lab.get_as(&first, ME).await.json();
    assert_eq!(me["userName"], known::SERVICE_PRINCIPAL);
    assert!(me.get("emails").is_none());
}

#[tokio::test]
async fn the_token_endpoint_refuses_in_its_own_shape() {
    let lab = Lab::start().await;
    let wrong = token(&lab, "wrong", "grant_type=client_credentials").await;
    assert_eq!((wrong.status.as_u16(), &wrong.json()["error"]), (401, &json!("invalid_client")));
    let grant = token(&lab, CLIENT_SECRET, "grant_type=password").await;
    assert_eq!((grant.status.as_u16(), &grant.json()["error"]), (400, &json!("unsupported_grant_type")));
    let json_body =
        lab.send("POST", "/oidc/v1/token", &[("content-type", "application/json")], "{}").await.unwrap();
    assert_eq!(json_body.json()["error"], "invalid_request");
}

#[tokio::test]
async fn tokens_can_be_revoked_and_short() {
    let lab = Lab::start().await;
    let grant = "grant_type=client_credentials";
    let oauth = access_token(&token(&lab, CLIENT_SECRET, grant).await);
    lab.control("POST", "/tokens/revoke", &Value::Null).await;
    assert_eq!(lab.get_as(&oauth, ME).await.status, 401);
    assert_eq!(lab.get(ME).await.status, 200);
    lab.control("POST", "/tokens/revoke", &json!({ "which": "pat" })).await;
    assert_eq!(lab.get(ME).await.status, 401);
    lab.control("POST", "/tokens/ttl", &json!({ "seconds": 0 })).await;
    let reply = token(&lab, CLIENT_SECRET, grant).await;
    assert_eq!(reply.json()["expires_in"], 0);
    assert_eq!(lab.get_as(&access_token(&reply), ME).await.status, 401);
    lab.control("POST", "/reset", &Value::Null).await;
    assert_eq!(lab.get(ME).await.status, 200);
    assert_eq!(token(&lab, CLIENT_SECRET, grant).await.json()["expires_in"], 3600);
}

#[tokio::test]
async fn discovery_names_the_address_that_was_used() {
    let lab = Lab::start().await;
    let base = format!("http://{}", lab.emulator.address());
    let host = lab.send("GET", "/.well-known/databricks-config", &[], "").await.unwrap().json();
    assert_eq!(host["oidc_endpoint"], format!("{base}/oidc"));
    let server =
        lab.send("GET", "/oidc/.well-known/oauth-authorization-server", &[], "").await.unwrap().json();
    assert_eq!(server["token_endpoint"], format!("{base}/oidc/v1/token"));
}

/// The query of a redirect.
fn fields(reply: &Reply) -> std::collections::BTreeMap<String, String> {
    let location = reply.header("location");
    form_urlencoded::parse(location.split_once('?').unwrap().1.as_bytes()).into_owned().collect()
}

#[tokio::test]
async fn people_sign_in_with_pkce() {
    let lab = Lab::start().await;
    let verifier = "a-verifier-of-at-least-forty-three-characters-0";
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
    let redirect = "http://127.0.0.1:8787/auth/callback";
    let authorize = |more: &str| {
        format!(
            "/oidc/v1/authorize?response_type=code&client_id={CLIENT_ID}&redirect_uri={redirect}&scope=all-apis%20offline_access&state=s1&code_challenge={challenge}&code_challenge_method=S256{more}"
        )
    };
    let agreed =
        lab.send("GET", &authorize(&format!("&login_hint={}", known::VIEWER)), &[], "").await.unwrap();
    assert_eq!(agreed.status, 302);
    let back = fields(&agreed);
    assert_eq!(back["state"], "s1");
    let form = |verifier: &str, code: &str| {
        format!("grant_type=authorization_code&code={code}&code_verifier={verifier}&redirect_uri={redirect}")
    };
    let signed_in = token(&lab, CLIENT_SECRET, &form(verifier, &back["code"])).await;
    let me = lab.get_as(&access_token(&signed_in), ME).await.json();
    assert_eq!(me["userName"], known::VIEWER);
    // A code works once, and only with its verifier.
    let twice = token(&lab, CLIENT_SECRET, &form(verifier, &back["code"])).await;
    assert_eq!(twice.json()["error"], "invalid_grant");
    let other = fields(&lab.send("GET", &authorize(""), &[], "").await.unwrap());
    let wrong = token(&lab, CLIENT_SECRET, &form("another", &other["code"])).await;
    assert_eq!(wrong.json()["error"], "invalid_grant");
    // A refresh token works once, too.
    let refresh = signed_in.json()["refresh_token"].as_str().unwrap().to_owned();
    let form = format!("grant_type=refresh_token&refresh_token={refresh}");
    let renewed = token(&lab, CLIENT_SECRET, &form).await;
    assert!(renewed.json()["refresh_token"].is_string());
    assert_eq!(token(&lab, CLIENT_SECRET, &form).await.json()["error"], "invalid_grant");
    // Without PKCE, or by somebody unknown: back with an error. To an unknown place: not at all.
    let plain = lab.send("GET", &authorize("").replace("S256", "plain"), &[], "").await.unwrap();
    assert_eq!(fields(&plain)["error"], "invalid_request");
    let stranger = lab.send("GET", &authorize("&login_hint=x@example.com"), &[], "").await.unwrap();
    assert_eq!(fields(&stranger)["error"], "access_denied");
    let elsewhere = lab.send("GET", &authorize("").replace("http://", "ftp://"), &[], "").await.unwrap();
    assert_eq!(elsewhere.status, 400);
    // Credentials in a query are not kept.
    let log = lab.control("GET", "/requests", &Value::Null).await.to_string();
    assert!(log.contains("state=***") && !log.contains("state=s1"));
}

#[tokio::test]
async fn who_am_i_in_scim() {
    let lab = Lab::start().await;
    let reply = lab.get(ME).await;
    let me = reply.json();
    assert_eq!(me["userName"], known::USER);
    assert!(me["id"].is_string() && me["groups"].as_array().unwrap().len() == 3);
    let missing = lab.get("/api/2.0/preview/scim/v2/Nothing").await;
    assert_eq!((missing.status.as_u16(), &missing.json()["status"]), (404, &json!("404")));
    assert!(missing.json()["detail"].is_string());
}

#[tokio::test]
async fn warehouses_are_listed_and_started() {
    let lab = Lab::start().await;
    let base = "/api/2.0/sql/warehouses";
    assert_eq!(lab.pages(base, "warehouses").await.len(), 3);
    let running = lab.json(&format!("{base}/{}", known::WAREHOUSE)).await;
    assert_eq!((&running["state"], &running["enable_serverless_compute"]), (&json!("RUNNING"), &json!(true)));
    let stopped = format!("{base}/{}", known::STOPPED_WAREHOUSE);
    assert!(lab.json(&stopped).await.get("enable_serverless_compute").is_none());
    assert_eq!(lab.post(&format!("{stopped}/start"), &json!({})).await.json(), json!({}));
    let mut states = Vec::new();
    for _ in 0..3 {
        states.push(lab.json(&stopped).await["state"].as_str().unwrap().to_owned());
    }
    assert_eq!(states, ["STARTING", "STARTING", "RUNNING"]);
    assert_eq!(lab.get(&format!("{base}/nope")).await.error(), (404, "RESOURCE_DOES_NOT_EXIST".to_owned()));
    let denied = lab.call(VIEWER_TOKEN, "POST", &format!("{stopped}/start"), &json!({})).await;
    assert_eq!(denied.status, 403);
}

#[tokio::test]
async fn access_control_lists_can_be_read_and_changed() {
    let lab = Lab::start().await;
    let path = format!("/api/2.0/permissions/genie/{}", known::CUSTOMER_EVENTS);
    let list = lab.json(&path).await;
    assert_eq!(list["access_control_list"][0]["user_name"], known::USER);
    assert_eq!(list["access_control_list"][0]["all_permissions"][0]["permission_level"], "CAN_MANAGE");
    let add =
        json!({ "access_control_list": [{ "user_name": known::VIEWER, "permission_level": "CAN_RUN" }] });
    let changed = lab.call(TOKEN, "PATCH", &path, &add).await.json();
    assert_eq!(changed["access_control_list"].as_array().unwrap().len(), 4);
    let replaced = lab.call(TOKEN, "PUT", &path, &add).await.json();
    assert_eq!(replaced["access_control_list"].as_array().unwrap().len(), 2);
    let bad =
        json!({ "access_control_list": [{ "user_name": known::VIEWER, "permission_level": "CAN_FLY" }] });
    assert_eq!(lab.call(TOKEN, "PATCH", &path, &bad).await.status, 400);
    assert_eq!(lab.call(VIEWER_TOKEN, "PATCH", &path, &add).await.status, 403);
    let warehouse = format!("/api/2.0/permissions/warehouses/{}", known::WAREHOUSE);
    assert_eq!(
        lab.json(&warehouse).await["access_control_list"][1]["all_permissions"][0]["permission_level"],
        "CAN_USE"
    );
}
