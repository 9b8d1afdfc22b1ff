//! What a plan would do: its SQL, what the warehouse says about it, and row counts. Never a write.
//!
//! Statements go to the warehouse all at once and are looked at together until they are over or time is up. What is not
//! over then, or when the caller has left, is cancelled.

use std::rc::Rc;
use std::time::Duration;

use databricks::{Doubt, Failure, StatementAnswer, StatementState, Warehouse, cancel_path, statement_path};
use edge::config::Config;
use edge::problem::{self, Problem};
use js_sys::{Date, Reflect};
use plan::{Plan, Report};
use registry::Outcome;
use serde_json::{Map, Value, json};
use session::readonly::ReadOnly;
use worker::{Delay, Env};

use crate::batch::get_all;
use crate::call::Call;
use crate::deploy::Subject;
use crate::plans;
use crate::statements::{self, Terms};
use crate::store::Store;
use crate::upstream::{self, Fault};
use crate::work::{self, Done, MAX_BODY, Refusal, malformed};

/// The time for everything that the warehouse is asked.
const TOTAL_MS: f64 = 25_000.0;
/// Rows that a preview may give back; the queries give one.
const ROW_LIMIT: u32 = 200;
/// Longest EXPLAIN that is passed on, in bytes.
const MAX_EXPLAIN: usize = 64 << 10;
/// Times between looks at statements: the first, and the longest.
const FIRST_LOOK_MS: u32 = 60;
const LAST_LOOK_MS: u32 = 1000;
/// Why a statement was not sent, or was cancelled early.
const LEFT: &str = "the caller left";

/// What the request says.
struct Wish {
    version: Option<String>,
    plan: Option<Value>,
    counts: bool,
    warehouse_id: Option<String>,
}

impl Wish {
    /// Whether it brings the plan with this id along.
    fn has_plan(&self, id: &str) -> bool {
        let given = self.plan.as_ref().and_then(|plan| plan.pointer("/plan_metadata/plan_id")?.as_str());
        given.is_some_and(|given| given.eq_ignore_ascii_case(id))
    }
}

/// `POST /api/plans/ID/preview`
pub async fn preview(call: &mut Call, env: &Env, plan: &str) -> Done {
    let bytes = work::body(call, MAX_BODY).await?;
    let wish = wish(&bytes)?;
    let id = plans::plan_id(plan)?;
    let store = Store::open(call, env);
    let current = match plans::find(&store, &id).await {
        // Whoever reviews a link wants the counts before saving anything.
        Err(refusal) if refusal.problem.kind == problem::PLAN_NOT_FOUND && wish.has_plan(&id) => Map::new(),
        found => found?,
    };
    let text = |key: &str| current.get(key).and_then(Value::as_str).map(str::to_owned);
    let (plan, version, hash) = match (&wish.plan, &wish.version) {
        (Some(_), Some(_)) => return Err(malformed("Give either version or plan, not both.")),
        (Some(document), None) => {
            let report = ::sql::validate(document);
            let hash = plan::PlanHash::of(document).to_string();
            (valid(report)?, None, hash)
        }
        (None, version) => {
            let version = version.clone().or_else(|| text("version")).unwrap_or_default();
            let subject = Subject::read(&store, &id, &version).await?;
            let hash = subject.plan_hash.clone().unwrap_or_default();
            (subject.plan()?.1, Some(version), hash)
        }
    };
    let rendered = ::sql::render(&plan, &::sql::RenderOptions::default()).map_err(|error| {
        Problem::new(problem::PLAN_INVALID, format!("The plan cannot become SQL: {error}."))
    })?;
    let warehouse = wish.warehouse_id.or_else(|| plan.execution.warehouse_id.clone());
    let entry = work::entry(call, "plan.preview")
        .plan(&id)
        .version(version.as_deref().unwrap_or("unsaved"), &hash)
        .handoff(current.get("handoff_id").and_then(Value::as_str));
    store.before(&entry).await?;
    let asked = ask(call, &rendered, warehouse.as_deref(), wish.counts).await;
    let outcome = if asked.is_ok() { Outcome::Ok } else { Outcome::Failed };
    // Nothing was changed, so a log that does not answer now keeps nobody from the answer; `before` stands.
    let _ = store.after(Vec::new(), &entry, outcome).await;
    let asked = asked?;
    let body = json!({
        "plan_id": id, "version": version, "plan_hash": hash, "sql": rendered.sql, "statements": statements(&rendered),
        "warnings": rendered.warnings.iter().map(warning).collect::<Vec<_>>(),
        "explain": asked.explain, "counts": asked.counts, "warehouse": asked.warehouse,
    });
    Ok(work::json(200, &body))
}

fn wish(bytes: &[u8]) -> Result<Wish, Refusal> {
    let members = match bytes {
        [] => Map::new(),
        bytes => match work::parse(bytes)? {
            Value::Object(members) => members,
            _ => return Err(malformed("The body is a JSON object, or there is none.")),
        },
    };
    let text = |key: &str| match members.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if (1..=100).contains(&text.len()) => Ok(Some(text.clone())),
        Some(_) => Err(malformed(format!("{key} is a text of 1 to 100 characters."))),
    };
    let plan = match members.get("plan") {
        None | Some(Value::Null) => None,
        Some(plan @ Value::Object(_)) => Some(plan.clone()),
        Some(_) => return Err(malformed("plan is an object.")),
    };
    let counts = match members.get("counts") {
        None | Some(Value::Null) => true,
        Some(Value::Bool(counts)) => *counts,
        Some(_) => return Err(malformed("counts is true or false.")),
    };
    Ok(Wish { version: text("version")?, plan, counts, warehouse_id: text("warehouse_id")? })
}

fn valid(report: Report) -> Result<Plan, Refusal> {
    let issues: Vec<Value> = report.issues.iter().map(warning).collect();
    report.plan.ok_or_else(|| {
        let detail = "There is no SQL for this plan yet; `issues` has every reason.";
        Problem::new(problem::PLAN_INVALID, detail).with("issues", json!(issues)).into()
    })
}

fn warning(issue: &plan::Issue) -> Value {
    json!({ "severity": issue.severity.as_str(), "code": issue.code, "path": issue.path, "message": issue.message,
            "help": issue.help })
}

fn statements(rendered: &::sql::Rendered) -> Value {
    let one = |name: &str, purpose: &str, sql: &str| json!({ "name": name, "purpose": purpose, "sql": sql });
    let of = |list: &[::sql::Statement]| {
        list.iter()
            .map(|statement| one(statement.name, statement.purpose, &statement.sql))
            .collect::<Vec<_>>()
    };
    let all = &rendered.statements;
    let load = vec![one("load", "The load: one statement, one commit to the target.", &all.load)];
    json!([of(&all.setup), of(&all.checks), load, of(&all.after)].concat())
}

/// What came of asking the warehouse.
struct Asked {
    explain: Value,
    counts: Vec<Value>,
    warehouse: Value,
}

/// One statement on its way.
struct Sent<'a> {
    /// `explain`, or the name of a preview query.
    name: &'a str,
    label: &'a str,
    began: f64,
    ended: f64,
    id: Option<String>,
    /// How it ended, if it has.
    end: Option<End>,
}

enum End {
    Rows(StatementAnswer),
    /// Why there are none: state and message.
    Without(&'static str, String),
}

async fn ask(
    call: &mut Call,
    rendered: &::sql::Rendered,
    warehouse: Option<&str>,
    counts: bool,
) -> Result<Asked, Refusal> {
    let state = Rc::clone(&call.state);
    let config = state.config.as_ref().map_err(|_| Refusal::from(crate::panics::problem()))?;
    let until = Date::now() + TOTAL_MS;
    let mut wanted =
        vec![("explain", "What the warehouse plans to do.", rendered.statements.explain.as_str())];
    if counts {
        let previews = rendered.statements.previews.iter();
        wanted.extend(previews.map(|preview| (preview.name, preview.purpose, preview.sql.as_str())));
    }
    let now = Date::now();
    let mut sent: Vec<Sent<'_>> = wanted
        .iter()
        .map(|(name, label, _)| Sent { name, label, began: now, ended: now, id: None, end: None })
        .collect();
    let (id, known, trouble) = match warehouse {
        None => ("", None, Some("the plan names no warehouse; give warehouse_id".to_owned())),
        Some(id) => {
            let url = format!("{}{}", config.upstream, Warehouse::path(id));
            match upstream::get(&state, config, &url, &mut call.upstream).await {
                Ok(good) => match Warehouse::parse(&good.bytes.to_vec()) {
                    Ok(found) if found.is_deleted() => {
                        (id, Some(found), Some("the warehouse is deleted".to_owned()))
                    }
                    Ok(found) => (id, Some(found), None),
                    Err(_) => (id, None, None),
                },
                Err(Fault::Failed { failure: Failure::NotFound | Failure::Rejected, .. }) => {
                    (id, None, Some("there is no such warehouse, or the server may not see it".to_owned()))
                }
                // Whether it can be used is the statement's own business.
                Err(_) => (id, None, None),
            }
        }
    };
    let cold = known.as_ref().is_some_and(Warehouse::is_cold);
    if let Some(trouble) = trouble {
        for one in &mut sent {
            one.end = Some(End::Without("not_run", trouble.clone()));
        }
    }
    for (one, (_, _, statement)) in sent.iter_mut().zip(&wanted) {
        if one.end.is_none() && has_left(call) {
            one.end = Some(End::Without("not_run", LEFT.to_owned()));
        }
        if one.end.is_none() {
            send(call, config, one, statement, id, until).await;
        }
    }
    follow(call, config, &mut sent, cold, until).await;
    let warehouse = json!({
        "warehouse_id": warehouse, "name": known.as_ref().and_then(|found| found.name.clone()),
        "state": known.as_ref().and_then(|found| found.state.clone()),
    });
    let mut sent = sent.iter();
    let explain = sent.next().map(explained).unwrap_or_default();
    Ok(Asked { explain, counts: sent.flat_map(counted).collect(), warehouse })
}

/// Sends one statement, if it only reads. A limit is waited for once; a lost reply does no harm, because nothing is
/// written.
async fn send(
    call: &mut Call,
    config: &Config,
    one: &mut Sent<'_>,
    statement: &str,
    warehouse: &str,
    until: f64,
) {
    one.began = Date::now();
    one.ended = one.began;
    let statement = match ReadOnly::check(statement) {
        Ok(statement) => statement,
        Err(refused) => {
            one.end = Some(End::Without("not_run", format!("not sent: {refused}")));
            return;
        }
    };
    let state = Rc::clone(&call.state);
    let mut attempt = 0;
    loop {
        attempt += 1;
        let left = (until - Date::now()).max(0.0) as u32;
        if left == 0 {
            one.end = Some(End::Without("timed_out", "there was no time left to ask".to_owned()));
            return;
        }
        let terms = Terms { warehouse, wait_seconds: 0, row_limit: ROW_LIMIT, left_ms: left };
        match statements::send(&state, config, statement, &terms, &mut call.upstream).await {
            Ok(answer) => {
                one.id = Some(answer.id.clone());
                settle(one, answer);
                return;
            }
            Err(fault) if attempt < 3 && fault.doubt() != Doubt::Refused && !matches!(fault, Fault::Slow) => {
                let wait = match &fault {
                    Fault::Failed { retry_after: Some(seconds), .. } => seconds.saturating_mul(1000),
                    _ => 100,
                };
                if f64::from(wait) < until - Date::now() {
                    pause(wait).await;
                    continue;
                }
                one.end = Some(End::Without("failed", trouble(&fault)));
                return;
            }
            Err(fault) => {
                let state = if matches!(fault, Fault::Slow) { "timed_out" } else { "failed" };
                one.end = Some(End::Without(state, trouble(&fault)));
                return;
            }
        }
    }
}

fn trouble(fault: &Fault) -> String {
    match fault {
        Fault::Failed { failure: Failure::Denied, .. } => {
            "the server's account may not use the warehouse; its manager can grant CAN USE".to_owned()
        }
        Fault::Failed { failure: Failure::NotFound, .. } => {
            "there is no such warehouse, or the server may not see it".to_owned()
        }
        fault => fault.problem().detail,
    }
}

fn settle(one: &mut Sent<'_>, answer: StatementAnswer) {
    one.ended = Date::now();
    let class = answer.error_class.clone().unwrap_or_else(|| "no reason given".to_owned());
    one.end = match answer.state {
        StatementState::Pending | StatementState::Running => None,
        StatementState::Succeeded => Some(End::Rows(answer)),
        StatementState::Failed => Some(End::Without("failed", format!("the warehouse refused it: {class}"))),
        StatementState::Canceled => {
            Some(End::Without("failed", "it was cancelled at the warehouse".to_owned()))
        }
        _ => Some(End::Without("failed", "its result is gone".to_owned())),
    };
}

/// Looks at what is open until it is over; cancels the rest.
async fn follow(call: &mut Call, config: &Config, sent: &mut [Sent<'_>], cold: bool, until: f64) {
    let state = Rc::clone(&call.state);
    let mut wait = FIRST_LOOK_MS;
    let mut pending = cold;
    let mut left = false;
    loop {
        let open: Vec<usize> = sent
            .iter()
            .enumerate()
            .filter(|(_, one)| one.end.is_none() && one.id.is_some())
            .map(|(at, _)| at)
            .collect();
        if open.is_empty() {
            return;
        }
        left = left || has_left(call);
        if left || Date::now() + f64::from(wait) >= until {
            break;
        }
        pause(wait).await;
        wait = (wait * 3 / 2).min(LAST_LOOK_MS);
        let urls: Vec<String> = open
            .iter()
            .filter_map(|at| sent.get(*at)?.id.as_deref())
            .map(|id| format!("{}{}", config.upstream, statement_path(id)))
            .collect();
        let answers = get_all(&state, config, &urls, until, &mut call.upstream).await;
        for (at, answer) in open.into_iter().zip(answers) {
            let Some(one) = sent.get_mut(at) else { continue };
            match answer.map(|good| StatementAnswer::parse(&good.bytes.to_vec())) {
                Ok(Ok(answer)) => {
                    pending = pending && answer.state == StatementState::Pending;
                    settle(one, answer);
                }
                Err(Fault::Failed { failure: Failure::NotFound, spoken: true, .. }) => {
                    one.end = Some(End::Without("failed", "the warehouse no longer knows it".to_owned()));
                }
                // Asked again until time is up.
                _ => {}
            }
        }
    }
    for one in sent.iter_mut().filter(|one| one.end.is_none()) {
        one.ended = Date::now();
        one.end = Some(match (left, pending) {
            (true, _) => End::Without("not_run", LEFT.to_owned()),
            (false, true) => End::Without(
                "warehouse_starting",
                "the warehouse is starting; ask again in a minute or two".to_owned(),
            ),
            _ => End::Without(
                "timed_out",
                format!("it took longer than {} seconds and was cancelled", TOTAL_MS / 1000.0),
            ),
        });
        if let Some(id) = &one.id {
            let url = format!("{}{}", config.upstream, cancel_path(id));
            // One try: a statement that goes on reads only, and ends at the service's own limit.
            let _ = upstream::send(&state, config, &url, "{}", config.limits.attempt_ms, &mut call.upstream)
                .await;
        }
    }
}

/// Whether the caller has hung up. The runtime says so only if it is told to (`enable_request_signal`), and only for a
/// request that is kept running by `waitUntil`, as ours are. A connection that is merely half closed is none that has
/// left: such a caller may still read.
fn has_left(call: &Call) -> bool {
    let signal = Reflect::get(&call.request, &"signal".into()).ok();
    signal
        .and_then(|signal| Reflect::get(&signal, &"aborted".into()).ok())
        .is_some_and(|aborted| aborted.is_truthy())
}

async fn pause(milliseconds: u32) {
    Delay::from(Duration::from_millis(u64::from(milliseconds))).await;
}

fn explained(one: &Sent<'_>) -> Value {
    let duration = (one.ended > one.began).then_some(one.ended - one.began);
    let (state, text, message) = match &one.end {
        Some(End::Rows(answer)) => {
            let lines: Vec<&str> = answer.rows.iter().filter_map(|row| row.first()?.as_deref()).collect();
            let text = lines.join("\n");
            let cut =
                text.char_indices().map(|(at, _)| at).find(|at| *at >= MAX_EXPLAIN).unwrap_or(text.len());
            let text = text.get(..cut).unwrap_or_default().to_owned();
            // Spark's EXPLAIN succeeds and tells the problem in place of a plan.
            let problem =
                text.trim_start().strip_prefix("Error occurred during query planning").map(|rest| {
                    let class = rest.find('[').and_then(|at| databricks::error_class(rest.get(at..)?));
                    format!("the warehouse cannot plan it: {}", class.unwrap_or("see the text"))
                });
            (if problem.is_some() { "failed" } else { "ok" }, Some(text), problem)
        }
        Some(End::Without(state, message)) => (*state, None, Some(message.clone())),
        None => ("not_run", None, None),
    };
    json!({ "state": state, "text": text, "message": message, "duration_ms": duration })
}

/// One entry for each column of a preview's row.
fn counted(one: &Sent<'_>) -> Vec<Value> {
    let duration = (one.ended > one.began).then_some(one.ended - one.began);
    let entry = |name: &str, label: &str, state: &str, value: Option<&str>, message: Option<&str>| json!({ "name": name, "label": label, "state": state, "value": value, "message": message, "duration_ms": duration });
    match &one.end {
        Some(End::Rows(answer)) if !answer.columns.is_empty() => {
            let row = answer.rows.first();
            let cells = answer.columns.iter().enumerate().map(|(at, column)| {
                let value = row.and_then(|row| row.get(at)?.as_deref());
                let name = if answer.columns.len() == 1 {
                    one.name.to_owned()
                } else {
                    format!("{}.{column}", one.name)
                };
                entry(&name, &column.replace('_', " "), "ok", value, None)
            });
            cells.collect()
        }
        Some(End::Rows(_)) => {
            vec![entry(one.name, one.label, "failed", None, Some("the warehouse gave no row"))]
        }
        Some(End::Without(state, message)) => vec![entry(one.name, one.label, state, None, Some(message))],
        None => vec![entry(one.name, one.label, "not_run", None, None)],
    }
}
