//! Access control lists of workspace objects.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use serde_json::Value;

use super::spaces::visible_space;
use super::{Caller, answer};
use crate::access::{PRINCIPALS, Principal};
use crate::failure::Failure;
use crate::fixtures::known;
use crate::input::Object;
use crate::store::acl::Levels;
use crate::sync::lock;
use crate::world::World;

type Answer = Result<Response, Failure>;
type Shared = State<Arc<World>>;

const GENIE: Levels = Levels {
    all: &["CAN_VIEW", "CAN_READ", "CAN_RUN", "CAN_EDIT", "CAN_MANAGE"],
    owner: "CAN_MANAGE",
    analysts: "CAN_RUN",
};
const WAREHOUSES: Levels = Levels {
    all: &["CAN_VIEW", "CAN_USE", "CAN_MONITOR", "CAN_MANAGE", "IS_OWNER"],
    owner: "IS_OWNER",
    analysts: "CAN_USE",
};

const JOBS: Levels = Levels {
    all: &["CAN_VIEW", "CAN_MANAGE_RUN", "CAN_MANAGE", "IS_OWNER"],
    owner: "IS_OWNER",
    analysts: "CAN_VIEW",
};

pub(super) fn routes() -> Router<Arc<World>> {
    let rules = get(read).put(replace).patch(add);
    Router::new()
        .route("/api/2.0/permissions/{kind}/{id}", rules.clone())
        // The long form that older clients use for warehouses.
        .route("/api/2.0/permissions/sql/{kind}/{id}", rules)
}

/// An object with an access control list.
struct Target {
    object: String,
    kind: &'static str,
    owner: String,
    levels: Levels,
}

fn target(world: &World, caller: &Principal, kind: &str, id: &str) -> Result<Target, Failure> {
    match kind {
        "genie" => {
            let space = visible_space(world, caller, id)?;
            let owner = PRINCIPALS.iter().find(|principal| principal.id == space.spec.owner_id);
            let owner = owner.map_or("finance-owner@example.com", |principal| principal.name);
            Ok(Target {
                object: format!("/genie/{id}"),
                kind: "genie-space",
                owner: owner.to_owned(),
                levels: GENIE,
            })
        }
        "warehouses" if lock(&world.warehouses).contains(id) => Ok(Target {
            object: format!("/sql/warehouses/{id}"),
            kind: "warehouses",
            owner: known::USER.to_owned(),
            levels: WAREHOUSES,
        }),
        "jobs" => {
            let number = id.parse().map_err(|_| Failure::invalid(format!("'{id}' is no id of a job.")))?;
            let owner = lock(&world.jobs).owner(number)?.to_owned();
            Ok(Target { object: format!("/jobs/{id}"), kind: "job", owner, levels: JOBS })
        }
        "warehouses" => Err(Failure::missing(format!("SQL warehouse {id} does not exist."))),
        _ => Err(Failure::invalid(format!("Object type {kind} is not supported."))),
    }
}

async fn read(
    State(world): Shared,
    Caller(caller): Caller,
    Path((kind, id)): Path<(String, String)>,
) -> Answer {
    let target = target(&world, caller, &kind, &id)?;
    Ok(answer(&lock(&world.acl).get(&target.object, target.kind, &target.owner, target.levels)))
}

async fn replace(state: Shared, caller: Caller, path: Path<(String, String)>, body: Object) -> Answer {
    put(&state, caller, &path, &body, true)
}

async fn add(state: Shared, caller: Caller, path: Path<(String, String)>, body: Object) -> Answer {
    put(&state, caller, &path, &body, false)
}

fn put(
    world: &World,
    Caller(caller): Caller,
    (kind, id): &(String, String),
    body: &Object,
    replace: bool,
) -> Answer {
    let target = target(world, caller, kind, id)?;
    if !caller.manages_spaces {
        return Err(Failure::denied(format!(
            "{} does not have Manage permissions on {}.",
            caller.name, target.object
        )));
    }
    let wanted: Vec<Value> = body.parse("access_control_list")?.unwrap_or_default();
    let mut acl = lock(&world.acl);
    acl.put(&target.object, &target.owner, target.levels, &wanted, replace)?;
    Ok(answer(&acl.get(&target.object, target.kind, &target.owner, target.levels)))
}
