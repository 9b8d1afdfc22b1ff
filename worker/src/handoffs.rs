//! Handoffs: made from what happened in Genie, read, and checked.

mod validate;

use databricks::{Failure, MessagePage, Securable, SpaceId, SpaceOutline, Table, encode_segment};
use edge::config::Config;
use edge::problem::{self, Problem};
use edge::route;
use handoff::name::TableName;
use handoff::{EncodeOptions, HandoffError, Issue, Place, Severity, encode, link};
use js_sys::Date;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use session::{Assembled, Exploration, Facts, Lookup, SessionError, Wish, assemble, explore, handoff_id};
use worker::Env;

use crate::answer::{Content, Reply};
use crate::batch::get_all;
use crate::call::Call;
use crate::checks::{is_absent, is_denied, is_of};
use crate::genie::Outcome;
use crate::store::{self, Store, Trouble, sql};
use crate::upstream::{self, Fault};
use crate::work::{Done, Refusal, body, entry, malformed, parse};
use crate::{genie, signing};

pub use validate::validate;

/// Largest body of a request for a handoff.
const MAX_BODY: u32 = 64 << 10;
/// Longest time for reading a conversation and its tables.
const TOTAL_MS: f64 = 40_000.0;
/// Messages per page, the service's largest.
const PAGE_SIZE: u32 = 100;
/// The most pages of a conversation; the service keeps 10,000 messages.
const MAX_PAGES: u32 = 30;
/// Longest link; a longer one becomes `/h/ID`.
const MAX_LINK: usize = handoff::limits::LINK_STEP_LONG;
/// A stored link with less time than this left is made anew.
const FRESH_MS: f64 = 24.0 * 3_600_000.0;

/// What a request for a handoff says.
struct Request {
    space: SpaceId,
    /// Absent for a handoff of the space alone: its tables and what the person wants, before anything was asked.
    conversation: Option<SpaceId>,
    wish: Wish,
}

impl Request {
    /// The conversation as texts have it: empty without one.
    fn session(&self) -> &str {
        self.conversation.as_ref().map(SpaceId::as_str).unwrap_or_default()
    }
}

/// A stored handoff.
#[derive(Deserialize)]
struct Stored {
    handoff_id: String,
    space_id: String,
    conversation_id: String,
    payload: String,
    context: String,
    readiness: String,
    issues: String,
    created_at: String,
    created_by: String,
    expires_at: Option<String>,
}

/// What the handoff's page and its maker need. Keys are the contract.
#[derive(Serialize)]
struct Answer<'a> {
    handoff_id: &'a str,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'a str>,
    context: &'a RawValue,
    readiness: Value,
    issues: Value,
    space_id: &'a str,
    conversation_id: &'a str,
    created_at: &'a str,
    created_by: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan_ids: Option<Vec<String>>,
}

/// `POST /api/handoffs`
pub async fn create(call: &mut Call, env: &Env) -> Done {
    let bytes = body(call, MAX_BODY).await?;
    let request = request(&parse(&bytes)?)?;
    store::once(call, env, &bytes, async |call, store| make(call, store, &request).await).await
}

fn request(body: &Value) -> Result<Request, Refusal> {
    let Value::Object(members) = body else {
        return Err(malformed("The body is a JSON object with space_id and conversation_id."));
    };
    let text = |key: &str| match members.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.len() <= 10_000 => Ok(Some(text.clone())),
        Some(_) => Err(malformed(format!("{key} is a text of at most 10,000 bytes."))),
    };
    let space = route::space_id(text("space_id")?.as_deref().unwrap_or_default())?;
    let conversation = text("conversation_id")?.map(|id| route::conversation_id(&id)).transpose()?;
    let message_ids = match members.get("message_ids") {
        None | Some(Value::Null) => None,
        Some(Value::Array(ids)) if (1..=1000).contains(&ids.len()) => {
            let ids: Option<Vec<String>> = ids.iter().map(|id| id.as_str().map(str::to_owned)).collect();
            Some(ids.ok_or_else(|| malformed("message_ids is a list of texts."))?)
        }
        Some(_) => return Err(malformed("message_ids is a list of 1 to 1,000 texts.")),
    };
    let wish = Wish { message_ids, user_intent: text("user_intent")?, target_table: text("target_table")? };
    Ok(Request { space, conversation, wish })
}

async fn make(call: &mut Call, store: &Store, request: &Request) -> Done {
    let until = Date::now() + TOTAL_MS;
    let mut issues = Vec::new();
    let messages = match &request.conversation {
        Some(conversation) => messages(call, &request.space, conversation, until, &mut issues).await?,
        None => Vec::new(),
    };
    let space = space(call, &request.space, &mut issues).await?;
    let explored = explore(messages, &request.wish, &space.tables).map_err(|error| match error {
        SessionError::Target(_) => {
            let detail = format!("{error}. Write it as catalog.schema.table, or leave it out.");
            Problem::new(problem::HANDOFF_INVALID, detail)
        }
        _ => Problem::new(
            problem::MESSAGE_NOT_FOUND,
            "None of message_ids is in the conversation. They may have been deleted.",
        ),
    })?;
    let partial = !issues.is_empty();
    let id = identity(call, request, &explored);
    let known = stored(store, &id).await?;
    if let Some(known) = known.filter(Stored::counts) {
        return known.reply(call, 200, None, false);
    }
    let facts = facts(call, &explored.tables, until).await?;
    let created_at = store::now();
    let made = assemble(request.session(), request.space.as_str(), &explored, &space, &facts, &created_at)
        .map_err(|error| invalid(&error))?;
    let row = row(call, request, &id, made, issues, partial, &created_at).await?;
    keep(call, store, request, &explored, row).await
}

/// What makes the handoff the same: the workspace, the session, its messages as they are now, and what was asked for.
fn identity(call: &Call, request: &Request, explored: &Exploration) -> String {
    let host = call.state.config.as_ref().map(|config| config.upstream.as_str()).unwrap_or_default();
    let mut parts = vec!["handoff v1", host, request.space.as_str(), request.session()];
    parts.extend(explored.fingerprint().iter().map(String::as_str));
    handoff_id(&parts)
}

async fn row(
    call: &Call,
    request: &Request,
    id: &str,
    made: Assembled,
    mut issues: Vec<Issue>,
    partial: bool,
    created_at: &str,
) -> Result<Stored, Refusal> {
    let encoded = encode(&made.context, &EncodeOptions::default()).map_err(|error| invalid(&error))?;
    let (payload, expires) = signing::own(call, encoded.payload).await?;
    issues.extend(made.issues);
    let ready = made.ready && issues.iter().all(|issue| issue.severity != Severity::Error);
    let expires_at = expires.map(|seconds| store::at(f64::from(seconds) * 1000.0 - Date::now()));
    Ok(Stored {
        handoff_id: id.to_owned(),
        space_id: request.space.to_string(),
        conversation_id: request.session().to_owned(),
        payload,
        context: encoded.context.to_json(),
        readiness: json!({"ready": ready, "incomplete": partial || made.incomplete}).to_string(),
        issues: issues_json(&issues).to_string(),
        created_at: created_at.to_owned(),
        created_by: call.caller.as_deref().unwrap_or_default().to_owned(),
        expires_at,
    })
}

/// Stores the handoff; of two requests at once the first wins, and both answer with it.
async fn keep(call: &Call, store: &Store, request: &Request, explored: &Exploration, row: Stored) -> Done {
    let id = row.handoff_id.as_str();
    let change = sql(
        "INSERT INTO handoffs (handoff_id, space_id, conversation_id, message_ids, answer_message_id, payload, context, \
         readiness, issues, created_at, created_by, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        vec![
            json!(id),
            json!(row.space_id),
            json!(row.conversation_id),
            json!(json!(explored.message_ids).to_string()),
            json!(explored.answer_message_id),
            json!(row.payload),
            json!(row.context),
            json!(row.readiness),
            json!(row.issues),
            json!(row.created_at),
            json!(row.created_by),
            json!(row.expires_at),
        ],
    );
    let entry = |action| {
        entry(call, action)
            .handoff(Some(id))
            .session(request.conversation.as_ref().map(SpaceId::as_str))
            .note("queries", &explored.queries.len().to_string())
            .note("tables", &explored.tables.len().to_string())
    };
    match store.write(vec![change], &[entry("handoff.create")]).await {
        Ok(_) => row.reply(call, 201, None, false),
        Err(Trouble::Conflict) => match stored(store, id).await? {
            Some(known) if known.counts() => known.reply(call, 200, None, false),
            _ => {
                // What is there was made when something could not be read, or its link has run out.
                let change = sql(
                    "UPDATE handoffs SET payload = ?, context = ?, readiness = ?, issues = ?, expires_at = ? WHERE handoff_id = ?",
                    vec![
                        json!(row.payload),
                        json!(row.context),
                        json!(row.readiness),
                        json!(row.issues),
                        json!(row.expires_at),
                        json!(id),
                    ],
                );
                store.write(vec![change], &[entry("handoff.renew")]).await?;
                row.reply(call, 200, None, false)
            }
        },
        Err(trouble) => Err(trouble.into()),
    }
}

/// `GET /api/handoffs/ID`
pub async fn read(call: &mut Call, env: &Env, id: &str) -> Done {
    check_id(id)?;
    let store = Store::open(call, env);
    let Some(known) = stored(&store, id).await? else { return Err(not_found().into()) };
    #[derive(Deserialize)]
    struct Plan {
        plan_id: String,
    }
    let plans = "SELECT plan_id FROM plans WHERE handoff_id = ? ORDER BY created_at, plan_id LIMIT 100";
    let plans: Vec<Plan> = store.read(sql(plans, vec![json!(id)])).await?;
    known.reply(call, 200, Some(plans.into_iter().map(|plan| plan.plan_id).collect()), true)
}

fn check_id(id: &str) -> Result<(), Problem> {
    let fine = id.len() == 20 && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    fine.then_some(()).ok_or_else(|| {
        Problem::new(problem::ID_MALFORMED, "The id of a handoff has 20 of the characters a-z and 0-9.")
    })
}

fn not_found() -> Problem {
    Problem::new(
        problem::HANDOFF_NOT_FOUND,
        "This server has no handoff with this id. Links are kept by the server that made them; make a new one in Genie.",
    )
}

async fn stored(store: &Store, id: &str) -> Result<Option<Stored>, Refusal> {
    let question = "SELECT handoff_id, space_id, conversation_id, payload, context, readiness, issues, created_at, created_by, \
         expires_at FROM handoffs WHERE handoff_id = ?";
    Ok(store.first(sql(question, vec![json!(id)])).await?)
}

impl Stored {
    /// Whether it can be given again: everything could be read when it was made, and its link lives for a while.
    fn counts(&self) -> bool {
        let readiness: Value = serde_json::from_str(&self.readiness).unwrap_or_default();
        let complete = readiness.get("incomplete") != Some(&Value::Bool(true));
        complete && self.expires_at.as_deref().is_none_or(|until| until > store::at(FRESH_MS).as_str())
    }

    fn reply(&self, call: &Call, status: u16, plan_ids: Option<Vec<String>>, with_payload: bool) -> Done {
        let broken =
            |what: &str| Refusal { problem: crate::panics::problem(), cause: Some(format!("stored {what}")) };
        let made = link(call.base(), &self.payload, Place::Fragment).map_err(|_| broken("link"))?;
        // The link names the handoff, so that a plan made from it is known to come from this session.
        let named = format!("{}&handoff={}", made.url, self.handoff_id);
        let url =
            if named.len() > MAX_LINK { format!("{}/h/{}", call.base(), self.handoff_id) } else { named };
        let issues: Value = serde_json::from_str(&self.issues).map_err(|_| broken("issues"))?;
        let readiness: Value = serde_json::from_str(&self.readiness).map_err(|_| broken("readiness"))?;
        let ready = readiness.get("ready").cloned().unwrap_or(Value::Bool(false));
        let context: &RawValue = serde_json::from_str(&self.context).map_err(|_| broken("context"))?;
        let answer = Answer {
            handoff_id: &self.handoff_id,
            url,
            payload: with_payload.then_some(self.payload.as_str()),
            context,
            readiness: json!({"ready": ready, "issues": issues}),
            issues,
            space_id: &self.space_id,
            conversation_id: &self.conversation_id,
            created_at: &self.created_at,
            created_by: &self.created_by,
            expires_at: self.expires_at.as_deref(),
            plan_ids,
        };
        let text = serde_json::to_string(&answer).map_err(|_| broken("handoff"))?;
        let mut reply = Reply::new(status, Content::Text(text));
        if status == 201 {
            reply.headers.push(("location", format!("/api/handoffs/{}", self.handoff_id)));
        }
        Ok(reply)
    }
}

fn invalid(error: &HandoffError) -> Problem {
    Problem::new(
        problem::HANDOFF_INVALID,
        format!("No handoff can be made of this: {error}. {}", error.help()),
    )
}

/// Issues in the shape that the package and the interface share.
pub fn issues_json(issues: &[Issue]) -> Value {
    let each = issues.iter().map(|issue| {
        json!({
            "severity": issue.severity.as_str(), "code": issue.code, "path": issue.path, "message": issue.message,
            "help": issue.help,
        })
    });
    Value::Array(each.collect())
}

fn named(severity: Severity, code: &'static str, path: &str, message: String, help: &'static str) -> Issue {
    Issue { severity, code, path: path.to_owned(), message, help, span: None }
}

fn config(call: &Call) -> Result<&Config, Refusal> {
    call.state.config.as_ref().map_err(|_| Refusal { problem: crate::panics::problem(), cause: None })
}

/// All pages of the conversation, as far as time allows. A page that cannot be read is an issue, unless it is the first.
async fn messages(
    call: &mut Call,
    space: &SpaceId,
    conversation: &SpaceId,
    until: f64,
    issues: &mut Vec<Issue>,
) -> Result<Vec<databricks::Message>, Refusal> {
    let state = std::rc::Rc::clone(&call.state);
    let base = format!(
        "{}/api/2.0/genie/spaces/{space}/conversations/{conversation}/messages?page_size={PAGE_SIZE}",
        config(call)?.upstream,
    );
    let config =
        state.config.as_ref().map_err(|_| Refusal { problem: crate::panics::problem(), cause: None })?;
    let mut found = Vec::new();
    let mut unreadable = 0;
    let mut token: Option<String> = None;
    for page in 0..MAX_PAGES {
        let url = match &token {
            None => base.clone(),
            Some(token) => format!("{base}&page_token={}", encode_segment(token)),
        };
        let answer = if page > 0 && Date::now() > until - TOTAL_MS / 2.0 {
            Err(Fault::Slow)
        } else {
            let mut spent = call.acting();
            let answer = upstream::get(&state, config, &url, &mut spent).await;
            call.upstream.add(&spent);
            answer
        };
        let read = answer.and_then(|good| {
            MessagePage::parse(&good.bytes.to_vec()).map_err(|_| Fault::Unreadable("not a page of messages"))
        });
        let read = match read {
            Ok(read) => read,
            Err(fault) if page == 0 => return Err(unavailable(fault)),
            Err(fault) => {
                issues.push(named(
                    Severity::Warning,
                    "conversation_incomplete",
                    "/exploration_queries",
                    format!("only {} messages could be read ({})", found.len(), fault.problem().kind.code),
                    "Make the handoff again; what is known already is kept.",
                ));
                return Ok(found);
            }
        };
        unreadable += read.unreadable;
        found.extend(read.messages);
        token = read.next_page_token;
        if token.is_none() {
            break;
        }
    }
    if token.is_some() {
        issues.push(named(
            Severity::Warning,
            "conversation_cut",
            "/exploration_queries",
            format!("the conversation is longer than {} messages; the rest was not read", found.len()),
            "Choose the messages that matter with message_ids, or continue in a new conversation.",
        ));
    }
    if unreadable > 0 {
        issues.push(named(
            Severity::Warning,
            "messages_unreadable",
            "/exploration_queries",
            format!("{unreadable} messages have a shape that is not known here"),
            "Check that nothing that matters is missing.",
        ));
    }
    Ok(found)
}

fn unavailable(fault: Fault) -> Refusal {
    if matches!(
        &fault,
        Fault::Failed { failure: Failure::NotFound | Failure::Denied | Failure::NoEndpoint, .. }
    ) {
        let detail = "There is no such conversation in this space, or the server may not see it.";
        return Refusal {
            problem: Problem::new(problem::CONVERSATION_NOT_FOUND, detail),
            cause: Some(fault.cause()),
        };
    }
    fault.into()
}

/// Tables and warehouse of the space. Without them a handoff is still worth something, unless there is no space.
async fn space(call: &mut Call, id: &SpaceId, issues: &mut Vec<Issue>) -> Result<SpaceOutline, Refusal> {
    let (outcome, spent) = genie::space(std::rc::Rc::clone(&call.state), id.clone(), call.acting()).await;
    call.upstream.add(&spent);
    match outcome {
        Outcome::Good(bytes) => Ok(SpaceOutline::parse(&bytes.to_vec()).unwrap_or_default()),
        Outcome::Bad(problem, cause) if problem.kind.status == 404 => {
            Err(Refusal { problem, cause: Some(cause) })
        }
        Outcome::Bad(problem, _) => {
            issues.push(named(
                Severity::Warning,
                "space_unreadable",
                "/space_id",
                format!(
                    "the space could not be read ({}), so its tables and warehouse are not known",
                    problem.kind.code
                ),
                "Make the handoff again; what is known already is kept.",
            ));
            Ok(SpaceOutline::default())
        }
    }
}

/// What Unity Catalog says about the tables.
async fn facts(call: &mut Call, tables: &[String], until: f64) -> Result<Facts, Refusal> {
    let state = std::rc::Rc::clone(&call.state);
    let config =
        state.config.as_ref().map_err(|_| Refusal { problem: crate::panics::problem(), cause: None })?;
    let names: Vec<(&String, Option<TableName>)> =
        tables.iter().map(|name| (name, TableName::parse(name).ok())).collect();
    let urls: Vec<String> = names
        .iter()
        .filter_map(|(_, name)| name.as_ref())
        .map(|name| format!("{}{}", config.upstream, securable(name).path()))
        .collect();
    let mut spent = call.acting();
    let mut answers = get_all(&state, config, &urls, until, &mut spent).await.into_iter();
    call.upstream.add(&spent);
    let mut facts = Facts::default();
    for (text, asked) in names {
        let lookup = match asked.as_ref().and_then(|_| answers.next()) {
            Some(Ok(good)) => match Table::parse(&good.bytes.to_vec()) {
                Ok(table) if asked.as_ref().is_some_and(|asked| is_of(&table, asked)) => Lookup::Found(table),
                _ => Lookup::Unknown,
            },
            Some(Err(fault)) if is_absent(&fault) => Lookup::Missing,
            Some(Err(fault)) if is_denied(&fault) => Lookup::Denied,
            Some(Err(_)) => Lookup::Unknown,
            // No name that Unity Catalog could know.
            None => Lookup::Missing,
        };
        facts.add(text, lookup);
    }
    Ok(facts)
}

/// The address of a table in Unity Catalog.
pub fn securable(name: &TableName) -> Securable {
    Securable::Table(name.catalog().to_owned(), name.schema().to_owned(), name.table().to_owned())
}
