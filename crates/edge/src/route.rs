//! Which route a request means, and what its query says.

use databricks::{SpaceId, SpaceIdError};

use crate::problem::{self, Problem};

/// A route with its checked ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route<'a> {
    /// `GET /health`
    Health,
    /// `GET` and `POST /api/genie/get`
    GenieGet,
    /// `GET /api/genie/spaces`
    Spaces,
    /// `GET /api/genie/spaces/ID/conversations`; ids not yet checked, because callers are checked first.
    Conversations(&'a str),
    /// `GET /api/genie/spaces/ID/conversations/ID/messages`
    Messages(&'a str, &'a str),
    /// `POST /api/handoffs/sign`
    SignHandoff,
    /// `POST /api/handoffs`
    Handoffs,
    /// `POST /api/handoffs/validate`
    ValidateHandoff,
    /// `GET /api/handoffs/ID`
    Handoff(&'a str),
    /// `GET /h/ID`: the page of a handoff
    HandoffPage(&'a str),
    /// `GET` and `POST /api/plans`
    Plans,
    /// `GET`, `PUT` and `DELETE /api/plans/ID`
    Plan(&'a str),
    /// `GET /api/plans/ID/versions`
    Versions(&'a str),
    /// `GET /api/plans/ID/versions/V`
    Version(&'a str, &'a str),
    /// `POST /api/plans/ID/preview`
    Preview(&'a str),
    /// `POST /api/plans/ID/deploy`
    Deploy(&'a str),
    /// `POST /api/plans/ID/pause`
    Pause(&'a str),
    /// `POST /api/plans/ID/resume`
    Resume(&'a str),
    /// `POST /api/plans/ID/undeploy`
    Undeploy(&'a str),
    /// `GET /api/plans/ID/deployments`
    Deployments(&'a str),
    /// `GET` and `POST /api/plans/ID/runs`
    Runs(&'a str),
    /// `GET /api/plans/ID/runs/RUN`
    Run(&'a str, &'a str),
    /// `POST /api/plans/ID/runs/RUN/cancel`
    CancelRun(&'a str, &'a str),
    /// `POST /api/plans/ID/runs/RUN/repair`
    RepairRun(&'a str, &'a str),
    /// `GET /api/plans/ID/lineage`
    Lineage(&'a str),
    /// `GET /api/audit`
    Audit,
    /// `GET /api/audit/verify`
    AuditVerify,
    /// `GET /auth/login`
    Login,
    /// `GET /auth/callback`
    Callback,
    /// `POST /auth/logout`
    Logout,
    /// `GET /api/me`
    Me,
    /// `GET /.well-known/genie-handoff.json`
    Keys,
    /// `GET /openapi.json`
    OpenApi,
    /// A file of the user interface.
    Asset,
}

impl<'a> Route<'a> {
    /// Finds the route of `path` (no query), whatever the method; `None` when there is none.
    #[must_use]
    pub fn find(path: &'a str) -> Option<Self> {
        match path {
            "/api/genie/get" => return Some(Self::GenieGet),
            "/api/genie/spaces" => return Some(Self::Spaces),
            "/health" => return Some(Self::Health),
            "/api/handoffs/sign" => return Some(Self::SignHandoff),
            "/.well-known/genie-handoff.json" => return Some(Self::Keys),
            "/openapi.json" => return Some(Self::OpenApi),
            "/api/plans" => return Some(Self::Plans),
            "/api/handoffs" => return Some(Self::Handoffs),
            "/api/handoffs/validate" => return Some(Self::ValidateHandoff),
            "/api/audit" => return Some(Self::Audit),
            "/api/audit/verify" => return Some(Self::AuditVerify),
            "/api/me" => return Some(Self::Me),
            "/auth/login" => return Some(Self::Login),
            "/auth/callback" => return Some(Self::Callback),
            "/auth/logout" => return Some(Self::Logout),
            _ => {}
        }
        if let Some(rest) = path.strip_prefix("/api/genie/spaces/") {
            let mut parts = rest.split('/');
            return match (parts.next(), parts.next(), parts.next(), parts.next(), parts.next()) {
                (Some(space), Some("conversations"), None, None, None) => Some(Self::Conversations(space)),
                (Some(space), Some("conversations"), Some(conversation), Some("messages"), None) => {
                    Some(Self::Messages(space, conversation))
                }
                _ => None,
            };
        }
        if let Some(rest) = path.strip_prefix("/api/plans/") {
            return Self::of_plan(rest);
        }
        if let Some(id) = path.strip_prefix("/api/handoffs/") {
            return is_segment(id).then_some(Self::Handoff(id));
        }
        if let Some(id) = path.strip_prefix("/h/") {
            return is_segment(id).then_some(Self::HandoffPage(id));
        }
        let reserved = ["/api", "/auth"]
            .iter()
            .any(|root| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
        (!reserved).then_some(Self::Asset)
    }

    /// The routes below `/api/plans/`.
    fn of_plan(rest: &'a str) -> Option<Self> {
        let (plan, rest) = rest.split_once('/').map_or((rest, None), |(plan, rest)| (plan, Some(rest)));
        if plan.is_empty() {
            return None;
        }
        let Some(rest) = rest else { return Some(Self::Plan(plan)) };
        match rest {
            "versions" => return Some(Self::Versions(plan)),
            "preview" => return Some(Self::Preview(plan)),
            "deploy" => return Some(Self::Deploy(plan)),
            "pause" => return Some(Self::Pause(plan)),
            "resume" => return Some(Self::Resume(plan)),
            "undeploy" => return Some(Self::Undeploy(plan)),
            "deployments" => return Some(Self::Deployments(plan)),
            "runs" => return Some(Self::Runs(plan)),
            "lineage" => return Some(Self::Lineage(plan)),
            _ => {}
        }
        if let Some(version) = rest.strip_prefix("versions/") {
            return is_segment(version).then_some(Self::Version(plan, version));
        }
        let run = rest.strip_prefix("runs/")?;
        match run.split_once('/') {
            None if is_segment(run) => Some(Self::Run(plan, run)),
            Some((run, "cancel")) if is_segment(run) => Some(Self::CancelRun(plan, run)),
            Some((run, "repair")) if is_segment(run) => Some(Self::RepairRun(plan, run)),
            _ => None,
        }
    }

    /// The route's name in logs: a template, never an id.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Health => "/health",
            Self::GenieGet => "/api/genie/get",
            Self::Spaces => "/api/genie/spaces",
            Self::Conversations(_) => "/api/genie/spaces/:space/conversations",
            Self::Messages(..) => "/api/genie/spaces/:space/conversations/:conversation/messages",
            Self::SignHandoff => "/api/handoffs/sign",
            Self::Handoffs => "/api/handoffs",
            Self::ValidateHandoff => "/api/handoffs/validate",
            Self::Handoff(_) => "/api/handoffs/:handoff",
            Self::HandoffPage(_) => "/h/:handoff",
            Self::Plans => "/api/plans",
            Self::Plan(_) => "/api/plans/:plan",
            Self::Versions(_) => "/api/plans/:plan/versions",
            Self::Version(..) => "/api/plans/:plan/versions/:version",
            Self::Preview(_) => "/api/plans/:plan/preview",
            Self::Deploy(_) => "/api/plans/:plan/deploy",
            Self::Pause(_) => "/api/plans/:plan/pause",
            Self::Resume(_) => "/api/plans/:plan/resume",
            Self::Undeploy(_) => "/api/plans/:plan/undeploy",
            Self::Deployments(_) => "/api/plans/:plan/deployments",
            Self::Runs(_) => "/api/plans/:plan/runs",
            Self::Run(..) => "/api/plans/:plan/runs/:run",
            Self::CancelRun(..) => "/api/plans/:plan/runs/:run/cancel",
            Self::RepairRun(..) => "/api/plans/:plan/runs/:run/repair",
            Self::Lineage(_) => "/api/plans/:plan/lineage",
            Self::Audit => "/api/audit",
            Self::AuditVerify => "/api/audit/verify",
            Self::Login => "/auth/login",
            Self::Callback => "/auth/callback",
            Self::Logout => "/auth/logout",
            Self::Me => "/api/me",
            Self::Keys => "/.well-known/genie-handoff.json",
            Self::OpenApi => "/openapi.json",
            Self::Asset => "asset",
        }
    }

    /// The methods the route has, as the `Allow` header writes them.
    #[must_use]
    pub fn allow(&self) -> &'static str {
        match self {
            Self::GenieGet | Self::Plans | Self::Runs(_) => "GET, HEAD, POST, OPTIONS",
            Self::Plan(_) => "GET, HEAD, PUT, DELETE, OPTIONS",
            _ if self.is_post_only() => "POST, OPTIONS",
            Self::Login | Self::Callback => "GET, OPTIONS",
            _ => "GET, HEAD, OPTIONS",
        }
    }

    /// Whether the route has this method (`OPTIONS` is answered before).
    #[must_use]
    pub fn takes(&self, method: &str) -> bool {
        match self {
            Self::GenieGet | Self::Plans | Self::Runs(_) => matches!(method, "GET" | "HEAD" | "POST"),
            Self::Plan(_) => matches!(method, "GET" | "HEAD" | "PUT" | "DELETE"),
            _ if self.is_post_only() => method == "POST",
            // A code works once; a look at the headers must not use it up.
            Self::Login | Self::Callback => method == "GET",
            _ => matches!(method, "GET" | "HEAD"),
        }
    }

    fn is_post_only(&self) -> bool {
        matches!(
            self,
            Self::SignHandoff
                | Self::Handoffs
                | Self::ValidateHandoff
                | Self::Preview(_)
                | Self::Deploy(_)
                | Self::Pause(_)
                | Self::Resume(_)
                | Self::Undeploy(_)
                | Self::CancelRun(..)
                | Self::RepairRun(..)
                | Self::Logout
        )
    }

    /// Whether the route is a file of the user interface, or a page with an address of its own.
    #[must_use]
    pub fn is_asset(&self) -> bool {
        matches!(self, Self::Asset | Self::HandoffPage(_))
    }

    /// Whether callers must prove who they are.
    #[must_use]
    pub fn needs_caller(&self) -> bool {
        // Signing in and out is how callers become known.
        let signs_in = matches!(self, Self::Login | Self::Callback | Self::Logout);
        !signs_in && !self.is_asset() && !matches!(self, Self::Health | Self::Keys | Self::OpenApi)
    }
}

fn is_segment(text: &str) -> bool {
    !text.is_empty() && !text.contains('/')
}

/// Splits the part of an address behind the host into path and query; a fragment never arrives.
#[must_use]
pub fn path_and_query(tail: &str) -> (&str, &str) {
    let (path, query) = tail.split_once('?').unwrap_or((tail, ""));
    (if path.is_empty() { "/" } else { path }, query)
}

/// The values of `name` in a raw query, undecoded.
pub(crate) fn values<'a>(query: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    query.split('&').filter_map(move |pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (key == name).then_some(value)
    })
}

/// Whether a flag such as `deep=1` is in the query.
#[must_use]
pub fn flag(query: &str, name: &str) -> bool {
    values(query, name).any(|value| matches!(value, "1" | "true"))
}

/// The space id of a query: exactly one, checked on the undecoded text, so that nothing hides behind an escape.
///
/// # Errors
/// A problem with status 400.
pub fn space_of_query(query: &str) -> Result<SpaceId, Problem> {
    // An escaped name or value could be a second id in disguise; real ids need no escape.
    let disguised = query.split('&').any(|pair| pair.split('=').next().is_some_and(|key| key.contains('%')));
    let mut given = values(query, "space_id");
    match (given.next(), given.next()) {
        (_, Some(_)) => Err(Problem::new(
            problem::SPACE_ID_REPEATED,
            "Give space_id exactly once. Nothing was asked of the workspace.",
        )),
        (Some(_), None) if disguised => Err(Problem::new(
            problem::SPACE_ID_MALFORMED,
            "The names in the query must not be percent-encoded.",
        )),
        (given, None) => space_id(given.unwrap_or_default()),
    }
}

/// The space id of a JSON body `{"space_id": "..."}`. Other members are ignored.
///
/// # Errors
/// A problem with status 400.
pub fn space_of_body(body: &[u8]) -> Result<SpaceId, Problem> {
    #[derive(serde::Deserialize)]
    struct Body<'a> {
        #[serde(borrow, default)]
        space_id: Option<std::borrow::Cow<'a, str>>,
    }
    // serde would read a list as the members in order.
    let object = body.trim_ascii_start().first() == Some(&b'{');
    let Some(body) = object.then(|| serde_json::from_slice::<Body<'_>>(body).ok()).flatten() else {
        return Err(Problem::new(
            problem::BODY_MALFORMED,
            "The body is a JSON object {\"space_id\": \"...\"} with space_id once and as text.",
        ));
    };
    space_id(body.space_id.as_deref().unwrap_or_default())
}

/// Checks one space id.
///
/// # Errors
/// A problem with status 400.
pub fn space_id(text: &str) -> Result<SpaceId, Problem> {
    SpaceId::parse(text).map_err(|error| {
        let kind = match error {
            SpaceIdError::Missing => problem::SPACE_ID_MISSING,
            _ => problem::SPACE_ID_MALFORMED,
        };
        Problem::new(kind, sentence(&error))
    })
}

/// Checks one conversation id; it has the form of a space id.
///
/// # Errors
/// A problem with status 400.
pub fn conversation_id(text: &str) -> Result<SpaceId, Problem> {
    SpaceId::parse(text).map_err(|_| {
        Problem::new(
            problem::CONVERSATION_ID_MALFORMED,
            "A conversation id has exactly 32 of the characters 0-9 and a-f.",
        )
    })
}

fn sentence(error: &SpaceIdError) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase()).unwrap_or_default();
    format!("{first}{}. {} Nothing was asked of the workspace.", letters.as_str(), error.help())
}

/// The paging part of an upstream query, without a leading `?` or `&`: empty, or `page_size=..&page_token=..`.
///
/// A token is opaque: it is checked for characters that cannot leave the value and sent on as it came.
///
/// # Errors
/// A problem with status 400.
pub fn paging(query: &str) -> Result<String, Problem> {
    let malformed = |what| Err(Problem::new(problem::PAGE_MALFORMED, what));
    let mut out = String::new();
    let mut sizes = values(query, "page_size");
    match (sizes.next(), sizes.next()) {
        (None, _) => {}
        (Some(size), None) if size.len() <= 3 && size.parse::<u8>().is_ok_and(|n| (1..=100).contains(&n)) => {
            out.push_str("page_size=");
            out.push_str(size);
        }
        _ => return malformed("page_size is a whole number from 1 to 100, given once."),
    }
    let mut tokens = values(query, "page_token");
    match (tokens.next(), tokens.next()) {
        (None | Some(""), None) => {}
        (Some(token), None)
            if token.len() <= 4096
                && token.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~%+=/:".contains(&b)) =>
        {
            if !out.is_empty() {
                out.push('&');
            }
            out.push_str("page_token=");
            out.push_str(token);
        }
        _ => return malformed("page_token is the next_page_token of the page before, given once."),
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01f0eca3dc1b1cbc9b65fa58f94c18ad";

    #[test]
    fn finds_routes() {
        assert_eq!(Route::find("/api/genie/get"), Some(Route::GenieGet));
        assert_eq!(Route::find("/api/genie/spaces/a/conversations"), Some(Route::Conversations("a")));
        assert_eq!(
            Route::find("/api/genie/spaces/a/conversations/b/messages"),
            Some(Route::Messages("a", "b"))
        );
        for (path, route) in [
            ("/api/plans", Route::Plans),
            ("/api/plans/a", Route::Plan("a")),
            ("/api/plans/a/versions", Route::Versions("a")),
            ("/api/plans/a/versions/1.0.0", Route::Version("a", "1.0.0")),
            ("/api/plans/a/deploy", Route::Deploy("a")),
            ("/api/plans/a/runs", Route::Runs("a")),
            ("/api/plans/a/runs/b", Route::Run("a", "b")),
            ("/api/plans/a/runs/b/cancel", Route::CancelRun("a", "b")),
            ("/api/plans/a/runs/b/repair", Route::RepairRun("a", "b")),
            ("/api/handoffs", Route::Handoffs),
            ("/api/handoffs/sign", Route::SignHandoff),
            ("/api/handoffs/validate", Route::ValidateHandoff),
            ("/api/handoffs/abc", Route::Handoff("abc")),
            ("/h/abc", Route::HandoffPage("abc")),
            ("/handoff", Route::Asset),
            ("/authors", Route::Asset),
            ("/auth/login", Route::Login),
        ] {
            assert_eq!(Route::find(path), Some(route), "{path}");
        }
        assert_eq!(Route::find("/"), Some(Route::Asset));
        assert_eq!(Route::find("/handoff"), Some(Route::Asset));
        for path in [
            "/api",
            "/api/",
            "/api/genie",
            "/api/genie/get/",
            "/api/genie/spaces/",
            "/api/genie/spaces/a/conversations/b/messages/c",
            "/api/nope",
            "/auth",
            "/auth/nope",
            "/h/",
            "/h/a/b",
            "/api/handoffs/",
            "/api/handoffs/a/b",
            "/api/plans/",
            "/api/plans//versions",
            "/api/plans/a/",
            "/api/plans/a/nope",
            "/api/plans/a/versions/",
            "/api/plans/a/versions/1/2",
            "/api/plans/a/runs/",
            "/api/plans/a/runs//cancel",
            "/api/plans/a/runs/b/cancel/c",
            "/api/audit/nope",
        ] {
            assert_eq!(Route::find(path), None, "{path}");
        }
    }

    #[test]
    fn allow_says_what_is_taken() {
        for path in [
            "/api/genie/get",
            "/api/plans",
            "/api/plans/a",
            "/api/plans/a/preview",
            "/api/plans/a/runs",
            "/api/plans/a/runs/b",
            "/api/plans/a/runs/b/cancel",
            "/api/audit",
            "/auth/logout",
            "/h/a",
        ] {
            let route = Route::find(path).unwrap();
            for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"] {
                let listed = route.allow().split(", ").any(|allowed| allowed == method);
                assert_eq!(listed, route.takes(method), "{method} {path}");
            }
        }
    }

    #[test]
    fn splits_the_tail() {
        assert_eq!(path_and_query(""), ("/", ""));
        assert_eq!(path_and_query("/a?b?c"), ("/a", "b?c"));
        assert_eq!(path_and_query("?x=1"), ("/", "x=1"));
    }

    #[test]
    fn takes_exactly_one_space_id() {
        assert_eq!(space_of_query(&format!("space_id={ID}")).unwrap().as_str(), ID);
        assert_eq!(space_of_query(&format!("a=b&space_id={ID}&c")).unwrap().as_str(), ID);
        let code = |query: &str| space_of_query(query).unwrap_err().kind.code;
        assert_eq!(code(""), "space_id_missing");
        assert_eq!(code("space_id"), "space_id_missing");
        assert_eq!(code("space_id="), "space_id_missing");
        assert_eq!(code("SPACE_ID=x"), "space_id_missing");
        assert_eq!(code(&format!("space_id={ID}&space_id={ID}")), "space_id_repeated");
        assert_eq!(code(&format!("space_id={ID}&space_id")), "space_id_repeated");
        assert_eq!(code(&format!("space_id={ID}&space%5Fid={ID}")), "space_id_malformed");
        for value in [
            "x",
            "%30",
            "../../etc/passwd",
            &ID.to_uppercase(),
            &format!("{ID}0"),
            &format!("{ID}%0a"),
            &format!("%20{ID}"),
            &"0".repeat(100_000),
        ] {
            assert_eq!(code(&format!("space_id={value}")), "space_id_malformed");
        }
    }

    #[test]
    fn takes_the_space_id_of_a_body() {
        assert_eq!(space_of_body(format!(r#"{{"space_id":"{ID}","x":1}}"#).as_bytes()).unwrap().as_str(), ID);
        let code = |body: &str| space_of_body(body.as_bytes()).unwrap_err().kind.code;
        assert_eq!(code("{}"), "space_id_missing");
        assert_eq!(code(r#"{"space_id":null}"#), "space_id_missing");
        assert_eq!(code(r#"{"space_id":"x"}"#), "space_id_malformed");
        for body in [
            "",
            "[]",
            "nonsense",
            r#"{"space_id":7}"#,
            &format!(r#"{{"space_id":"{ID}","space_id":"{ID}"}}"#),
            &format!(r#"{{"space_id":"{ID}"}} x"#),
        ] {
            assert_eq!(code(body), "body_malformed", "{body}");
        }
    }

    #[test]
    fn paging_is_checked_and_sent_on() {
        assert_eq!(paging("").unwrap(), "");
        assert_eq!(
            paging("page_size=50&page_token=ab%3D%3D&x=1").unwrap(),
            "page_size=50&page_token=ab%3D%3D"
        );
        assert!(paging("page_token=abc&page_size=").is_err());
        for query in [
            "page_size=0",
            "page_size=101",
            "page_size=1e2",
            "page_size=1&page_size=2",
            "page_token=a b",
            "page_token=a#b",
            "page_token=a&page_token=b",
            "page_token=ä",
        ] {
            assert!(paging(query).is_err(), "{query}");
        }
    }

    #[test]
    fn details_tell_what_to_do() {
        let problem = space_of_query("space_id=xyz").unwrap_err();
        assert_eq!(
            problem.detail,
            "A space id has only the characters 0-9 and a-f; character 1 is another. Copy the 32 characters after /genie/rooms/ in the address of the space. Nothing was asked of the workspace."
        );
    }
}
