//! How the server is.

use edge::config::{Config, ConfigProblem};
use edge::problem::{self, Problem};
use js_sys::Date;
use serde_json::json;
use web_sys::Response;
use worker::Env;

use crate::answer::{Content, Reply};
use crate::call::{Call, Upstream};
use crate::database::Database;
use crate::upstream;

/// For everybody: no host, no version.
pub fn shallow(config: &Config, open: bool) -> Reply {
    let auth = if open { "open" } else { "required" };
    Reply::new(
        200,
        Content::Text(
            json!({"status": "ok", "databricks": kind(config), "auth": auth, "sign_in": config.callers.sign_in.is_some()})
                .to_string(),
        ),
    )
}

fn kind(config: &Config) -> &'static str {
    if config.emulator { "emulator" } else { "live" }
}

/// For callers: whether Databricks and the database can be reached, asked just now.
pub async fn deep(mut call: Call, env: Env) -> Response {
    let state = std::rc::Rc::clone(&call.state);
    let Ok(config) = &state.config else {
        return call.finish(Reply::problem(crate::panics::problem()));
    };
    let mut spent = Upstream::default();
    let began = Date::now();
    let me = format!("{}/api/2.0/preview/scim/v2/Me", config.upstream);
    let upstream = match upstream::get(&state, config, &me, &mut spent).await {
        Ok(_) => json!({"reachable": true, "ms": (Date::now() - began) as u32}),
        Err(fault) => {
            let problem = fault.problem();
            json!({"reachable": false, "ms": (Date::now() - began) as u32, "code": problem.kind.code, "detail": problem.detail})
        }
    };
    let database = database(&env).await;
    let plans = plans(&call, &env).await;
    let healthy = upstream.get("reachable") == Some(&json!(true))
        && database == "ok"
        && plans.is_none_or(|plans| plans == "ok");
    call.upstream.add(&spent);
    let mut body = json!({
        "status": if healthy { "ok" } else { "degraded" },
        "databricks": kind(config),
        "auth": if config.callers.is_open(call.on_loopback()) { "open" } else { "required" },
        "sign_in": config.callers.sign_in.is_some(),
        "host": config.upstream,
        "version": env!("CARGO_PKG_VERSION"),
        "upstream": upstream,
        "database": database,
    });
    if let (Some(plans), Some(body)) = (plans, body.as_object_mut()) {
        body.insert("plans".to_owned(), plans.into());
    }
    call.finish(Reply::new(200, Content::Text(body.to_string())))
}

/// Whether the database answers and its migrations have run.
async fn database(env: &Env) -> &'static str {
    let database = Database::open(env);
    if !database.is_bound() {
        return "not bound";
    }
    match database.run("SELECT value FROM meta WHERE key = 'schema'", &[]).await {
        Ok(rows) if rows.length() > 0 => "ok",
        _ => "not migrated",
    }
}

/// How the worker behind says it is.
#[cfg(not(feature = "plans"))]
async fn plans(call: &Call, env: &Env) -> Option<&'static str> {
    Some(crate::behind::health(call, env).await)
}

/// This is the worker behind.
#[cfg(feature = "plans")]
async fn plans(_: &Call, _: &Env) -> Option<&'static str> {
    None
}

/// The answer of a server that cannot work, and the cause for its log. Names of variables, never values.
pub fn not_configured(problems: &[ConfigProblem]) -> (Reply, String) {
    let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let cause = list.join("; ");
    let detail = format!("An administrator has to mend the server's settings. {cause}.");
    (Reply::problem(Problem::new(problem::NOT_CONFIGURED, detail)), cause)
}
