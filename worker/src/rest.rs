//! The routes of the private worker: plans and what is made of them, handoffs, sign-in.

use std::rc::Rc;

use edge::problem::{self, Problem};
use edge::route::Route;
use web_sys::Response;
use worker::Env;

use crate::answer::{Content, Reply};
use crate::call::Call;
use crate::{audit, deploy, handoffs, lineage, plans, preview, runs, signin, work};

/// The description of the HTTP API of both workers, OpenAPI 3.1, as build.rs makes it of `worker/openapi.json`.
pub const OPENAPI: &str = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));

/// Answers one of these routes.
pub async fn answer(mut call: Call, env: Env) -> Response {
    let path = call.path_and_query().0.to_owned();
    let (c, env) = (&mut call, &env);
    let posts = c.method() == "POST";
    let done = match Route::find(&path) {
        Some(Route::Handoffs) => handoffs::create(c, env).await,
        Some(Route::ValidateHandoff) => handoffs::validate(c, env).await,
        Some(Route::Handoff(id)) => handoffs::read(c, env, id).await,
        Some(Route::Plans) if posts => plans::create(c, env).await,
        Some(Route::Plans) => plans::list(c, env).await,
        Some(Route::Plan(plan)) => match c.method() {
            "PUT" => plans::change_plan(c, env, plan).await,
            "DELETE" => plans::archive(c, env, plan).await,
            _ => plans::read(c, env, plan).await,
        },
        Some(Route::Versions(plan)) => plans::versions(c, env, plan).await,
        Some(Route::Version(plan, version)) => plans::version(c, env, plan, version).await,
        Some(Route::Preview(plan)) => preview::preview(c, env, plan).await,
        Some(Route::Deploy(plan)) => deploy::deploy(c, env, plan).await,
        Some(Route::Pause(plan)) => deploy::pause(c, env, plan).await,
        Some(Route::Resume(plan)) => deploy::resume(c, env, plan).await,
        Some(Route::Undeploy(plan)) => deploy::undeploy(c, env, plan).await,
        Some(Route::Deployments(plan)) => deploy::list(c, env, plan).await,
        Some(Route::Runs(plan)) if posts => runs::start(c, env, plan).await,
        Some(Route::Runs(plan)) => runs::list(c, env, plan).await,
        Some(Route::Run(plan, run)) => runs::read(c, env, plan, run).await,
        Some(Route::CancelRun(plan, run)) => runs::cancel(c, env, plan, run).await,
        Some(Route::RepairRun(plan, run)) => runs::repair(c, env, plan, run).await,
        Some(Route::Lineage(plan)) => lineage::lineage(c, env, plan).await,
        Some(Route::Audit) => audit::list(c, env).await,
        Some(Route::AuditVerify) => audit::verify(c, env).await,
        Some(Route::Login) => signin::login(c, env).await,
        Some(Route::Callback) => signin::callback(c, env).await,
        Some(Route::Logout) => signin::logout(c, env).await,
        Some(Route::Me) => signin::me(c, env).await,
        _ => Err(Problem::new(problem::ROUTE_UNKNOWN, "There is no such route.").into()),
    };
    work::finish(call, done)
}

/// What the server does by itself, from time to time.
pub async fn tick(mut call: Call, env: Env) -> Response {
    call.route = "tick";
    call.caller = Some(Rc::from("schedule"));
    let done = runs::watch::tick(&mut call, &env).await;
    work::finish(call, done.map(|()| Reply::new(204, Content::Empty)))
}
