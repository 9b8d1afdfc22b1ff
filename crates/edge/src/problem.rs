//! Errors as RFC 9457 problem documents.

use serde::Serialize;
use serde_json::Value;

/// One kind of error: a stable code, its status and its title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// HTTP status.
    pub status: u16,
    /// Stable name for programs.
    pub code: &'static str,
    /// The same for every occurrence.
    pub title: &'static str,
    /// Whether the same request may succeed later.
    pub retryable: bool,
}

/// Declares the kinds and the list of all of them, so that the interface description cannot forget one.
macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $status:literal $code:literal $title:literal $retryable:literal;)*) => {
        $($(#[$doc])* pub const $name: Kind = Kind { status: $status, code: $code, title: $title, retryable: $retryable };)*
        /// Every kind there is.
        pub const ALL: &[Kind] = &[$($name),*];
    };
}

kinds! {
    /// No `space_id`.
    SPACE_ID_MISSING = 400 "space_id_missing" "A space id is needed" false;
    /// A `space_id` that is not 32 hexadecimal digits.
    SPACE_ID_MALFORMED = 400 "space_id_malformed" "This is not a space id" false;
    /// More than one `space_id`.
    SPACE_ID_REPEATED = 400 "space_id_repeated" "More than one space id" false;
    /// A conversation id that is not 32 hexadecimal digits.
    CONVERSATION_ID_MALFORMED = 400 "conversation_id_malformed" "This is not a conversation id" false;
    /// `page_size` or `page_token` out of range.
    PAGE_MALFORMED = 400 "page_malformed" "The page cannot be understood" false;
    /// A body that is not the JSON object expected.
    BODY_MALFORMED = 400 "body_malformed" "The body cannot be understood" false;
    /// `return_to` is not a path of this server.
    RETURN_REFUSED = 400 "return_refused" "This is no page of this server" false;
    /// The answer of a sign-in that was not begun here, or too long ago.
    SIGN_IN_STALE = 400 "sign_in_stale" "This sign-in is not the one that was begun" false;
    /// A query parameter of a list that cannot be understood.
    QUERY_MALFORMED = 400 "query_malformed" "The query cannot be understood" false;
    /// An id in the path that is not one.
    ID_MALFORMED = 400 "id_malformed" "This is not an id" false;
    /// An `Idempotency-Key` that is not 1 to 64 printable ASCII characters.
    IDEMPOTENCY_KEY_MALFORMED = 400 "idempotency_key_malformed" "This is not an idempotency key" false;
    /// No credential.
    CREDENTIAL_MISSING = 401 "credential_missing" "Sign in first" false;
    /// A credential that is not accepted.
    CREDENTIAL_INVALID = 401 "credential_invalid" "This credential is not accepted" false;
    /// The session has ended, or Databricks no longer accepts its tokens.
    SESSION_ENDED = 401 "session_ended" "Sign in again" false;
    /// The sign-in was refused at the workspace.
    SIGN_IN_REFUSED = 403 "sign_in_refused" "The sign-in was refused" false;
    /// Databricks does not let the signed-in person do this.
    DATABRICKS_DENIED = 403 "databricks_denied" "Databricks does not let you do this" false;
    /// A page of another site calls a server in open mode.
    ORIGIN_REFUSED = 403 "origin_refused" "Pages of other sites may not call this server" false;
    /// The caller has not the role that the action needs.
    ROLE_MISSING = 403 "role_missing" "This needs another role" false;
    /// The author of a version may not deploy it.
    SECOND_PERSON_NEEDED = 403 "second_person_needed" "Somebody else has to deploy this" false;
    /// A change that does not come from a page of this server.
    CSRF = 403 "csrf" "Changes are accepted from this server's own pages only" false;
    /// No such route.
    ROUTE_UNKNOWN = 404 "route_unknown" "There is nothing at this address" false;
    /// No such space, or none that may be seen.
    SPACE_NOT_FOUND = 404 "space_not_found" "There is no such space" false;
    /// No such conversation, or none that may be seen.
    CONVERSATION_NOT_FOUND = 404 "conversation_not_found" "There is no such conversation" false;
    /// No such plan.
    PLAN_NOT_FOUND = 404 "plan_not_found" "There is no such plan" false;
    /// No such version of the plan.
    VERSION_NOT_FOUND = 404 "version_not_found" "There is no such version" false;
    /// None of the messages asked for.
    MESSAGE_NOT_FOUND = 404 "message_not_found" "There are no such messages" false;
    /// No such handoff.
    HANDOFF_NOT_FOUND = 404 "handoff_not_found" "There is no such handoff" false;
    /// No such run of the plan.
    RUN_NOT_FOUND = 404 "run_not_found" "There is no such run" false;
    /// A method that the route does not have.
    METHOD_UNKNOWN = 405 "method_unknown" "This address does not take this method" false;
    /// A plan with this id exists.
    PLAN_EXISTS = 409 "plan_exists" "There is a plan with this id" false;
    /// The plan has a job.
    PLAN_IS_DEPLOYED = 409 "plan_is_deployed" "The plan is deployed" false;
    /// The plan is archived.
    PLAN_IS_ARCHIVED = 409 "plan_is_archived" "The plan is archived" false;
    /// The hash is not the one of the version.
    PLAN_HASH_STALE = 409 "plan_hash_stale" "The plan has changed since it was reviewed" false;
    /// The plan has no job.
    NOT_DEPLOYED = 409 "not_deployed" "The plan is not deployed" false;
    /// Another request is deploying the same plan.
    DEPLOY_IN_PROGRESS = 409 "deploy_in_progress" "The plan is being deployed" true;
    /// There is nothing that could be paused.
    NO_SCHEDULE = 409 "no_schedule" "The plan has no schedule" false;
    /// The run is over.
    RUN_HAS_ENDED = 409 "run_has_ended" "The run has ended" false;
    /// The run is not one that can be repaired.
    RUN_NOT_REPAIRABLE = 409 "run_not_repairable" "The run cannot be repaired" false;
    /// Another request changed the same thing at the same time.
    CONFLICT = 409 "conflict" "Somebody else was faster" true;
    /// The key was used with another body.
    IDEMPOTENCY_KEY_REUSED = 409 "idempotency_key_reused" "This key was used for another request" false;
    /// The first request with the key is not done yet.
    IDEMPOTENCY_IN_PROGRESS = 409 "idempotency_in_progress" "The same request is still at work" true;
    /// A change without `If-Match`.
    ETAG_MISSING = 412 "etag_missing" "Say which state you are changing" false;
    /// A change of a state that is no longer there.
    ETAG_STALE = 412 "etag_stale" "Somebody has changed this meanwhile" false;
    /// A request body over the limit.
    BODY_TOO_LARGE = 413 "body_too_large" "The body is too large" false;
    /// A body that is not JSON by its type.
    TYPE_UNSUPPORTED = 415 "type_unsupported" "The body must be JSON" false;
    /// People cannot sign in here.
    SIGN_IN_OFF = 404 "sign_in_off" "This server has no sign-in" false;
    /// The caller asks too often.
    TOO_MANY_REQUESTS = 429 "too_many_requests" "You ask too often" true;
    /// Databricks limits our requests.
    UPSTREAM_BUSY = 429 "upstream_busy" "The workspace is busy" true;
    /// This server signs no links.
    SIGNING_OFF = 404 "signing_off" "This server does not sign links" false;
    /// Something given as the payload of a link is none.
    PAYLOAD_INVALID = 422 "payload_invalid" "This is not the payload of a handoff link" false;
    /// A session, context or link that no handoff can be made of.
    HANDOFF_INVALID = 422 "handoff_invalid" "This cannot be handed over" false;
    /// A plan that names a handoff of another Genie session.
    HANDOFF_DIFFERS = 422 "handoff_differs" "The handoff is of another session" false;
    /// A plan that is not valid; `issues` has every problem.
    PLAN_INVALID = 422 "plan_invalid" "The plan is not valid" false;
    /// Somebody lacks a permission; `checks` says who and what.
    PERMISSIONS_MISSING = 422 "permissions_missing" "Permissions are missing" false;
    /// A mistake of ours.
    INTERNAL = 500 "internal" "Something failed in the server" false;
    /// The server is not set up.
    NOT_CONFIGURED = 500 "not_configured" "The server is not set up correctly" false;
    /// The build without plans has no other worker that has them.
    PLANS_ABSENT = 501 "plans_absent" "This server has no plans" false;
    /// Databricks answered with an error.
    UPSTREAM_FAILED = 502 "upstream_failed" "The workspace answered with an error" true;
    /// Databricks refused the server's own credential.
    UPSTREAM_REFUSED_US = 502 "upstream_refused_us" "The workspace refused the server's credential" false;
    /// Databricks answered with a redirect, which is never followed.
    UPSTREAM_REDIRECTED = 502 "upstream_redirected" "The workspace answered with a redirect" false;
    /// An answer that cannot be understood.
    UPSTREAM_UNREADABLE = 502 "upstream_unreadable" "The workspace's answer could not be understood" true;
    /// The database does not answer.
    DATABASE_UNREACHABLE = 503 "database_unreachable" "The database cannot be reached" true;
    /// The worker that has plans does not answer.
    PLANS_UNREACHABLE = 503 "plans_unreachable" "The part of the server with plans cannot be reached" true;
    /// Too many changes at once.
    DATABASE_BUSY = 503 "database_busy" "Too many changes at once" true;
    /// No connection.
    UPSTREAM_UNREACHABLE = 503 "upstream_unreachable" "The workspace cannot be reached" true;
    /// Databricks has failed several times in a row and is not asked for a while.
    BREAKER_OPEN = 503 "breaker_open" "The workspace is given a rest" true;
    /// No answer in time.
    UPSTREAM_SLOW = 504 "upstream_slow" "The workspace took too long to answer" true;
}

/// One occurrence of an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind it is.
    pub kind: Kind,
    /// What happened this time, for people: what was not done, what to do next. Never holds upstream text.
    pub detail: String,
    /// When to come back, in seconds.
    pub retry_after: Option<u32>,
    /// The methods a route has, with [`METHOD_UNKNOWN`].
    pub allow: Option<&'static str>,
    /// Lists beside the detail: `issues` of a plan, `checks` of permissions.
    pub lists: Vec<(&'static str, Value)>,
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    code: &'a str,
    request_id: &'a str,
    retryable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u32>,
    #[serde(flatten)]
    lists: Lists<'a>,
}

struct Lists<'a>(&'a [(&'static str, Value)]);

impl Serialize for Lists<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, list)| (name, list)))
    }
}

impl Problem {
    /// An occurrence with its own detail.
    #[must_use]
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), retry_after: None, allow: None, lists: Vec::new() }
    }

    /// The same, to be tried again after `seconds`.
    #[must_use]
    pub fn after(mut self, seconds: Option<u32>) -> Self {
        self.retry_after = seconds;
        self
    }

    /// The same with a list beside the detail: `issues` or `checks`.
    #[must_use]
    pub fn with(mut self, name: &'static str, list: Value) -> Self {
        self.lists.push((name, list));
        self
    }

    /// The document, `application/problem+json`.
    #[must_use]
    pub fn to_json(&self, request_id: &str) -> String {
        let body = Body {
            kind: format!("urn:genie-handoff:problem:{}", self.kind.code),
            title: self.kind.title,
            status: self.kind.status,
            detail: &self.detail,
            code: self.kind.code,
            request_id,
            retryable: self.kind.retryable,
            retry_after: self.retry_after,
            lists: Lists(&self.lists),
        };
        // Texts and numbers always serialise.
        serde_json::to_string(&body).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_problem_document() {
        let problem = Problem::new(UPSTREAM_BUSY, "Come \"back\"").after(Some(7));
        let value: serde_json::Value = serde_json::from_str(&problem.to_json("r1")).unwrap();
        assert_eq!(
            value,
            serde_json::json!({
                "type": "urn:genie-handoff:problem:upstream_busy", "title": "The workspace is busy", "status": 429,
                "detail": "Come \"back\"", "code": "upstream_busy", "request_id": "r1", "retryable": true, "retry_after": 7
            })
        );
    }

    #[test]
    fn codes_are_unique() {
        let mut codes: Vec<_> = ALL.iter().map(|kind| kind.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ALL.len());
    }
}
