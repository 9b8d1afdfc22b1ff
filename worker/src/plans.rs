//! Plans and their versions.
//!
//! A plan is what its newest version says. A change names the state that it changes (`If-Match`), and the database
//! refuses it when that state is no longer there, so of two writers one wins and the other is told.

mod draft;
mod origin;
mod record;

use edge::problem::{self, Problem};
use registry::{Kind, Match, Query, change, etag, if_match, next_version};
use serde_json::{Map, Value, json};
use worker::Env;

use crate::answer::{Content, Reply};
use crate::call::Call;
use crate::lists::{page, refused};
use crate::store::{Begin, Claim, Sql, Store, Trouble, begin, end, guard, now, sql};
use crate::work::{self, Done, MAX_BODY, Refusal};
use draft::{Draft, Given};
use origin::Origin;
use record::{RECORD, shaped};
pub use record::{find, plan_id, unknown_plan};

/// `POST /api/plans`
pub async fn create(call: &mut Call, env: &Env) -> Done {
    let body = work::body(call, MAX_BODY).await?;
    let store = Store::open(call, env);
    let claim = match begin(call, &store, &body).await? {
        Begin::Replay(reply) => return Ok(reply),
        Begin::Work(claim) => claim,
    };
    match insert(call, &store, &body, claim.as_ref()).await {
        Ok(reply) => Ok(reply),
        Err(refusal) => end(&store, claim, Err(refusal)).await,
    }
}

async fn insert(call: &Call, store: &Store, body: &[u8], claim: Option<&Claim>) -> Done {
    let given = Given::read(body)?;
    let now = now();
    let draft = Draft::read(draft::completed(given.plan, &now))?;
    let origin = Origin::of(store, &draft, given.handoff_id.as_deref(), None).await?;
    let caller = call.caller.as_deref().unwrap_or_default();
    let handoff = json!(origin.handoff_id);
    let record = json!({
        "plan_id": draft.plan_id, "plan_name": draft.plan_name, "version": draft.version, "plan_hash": draft.hash,
        "state": "draft", "pattern": draft.pattern, "source": draft.source, "target": draft.target,
        "owner": draft.owner, "handoff_id": handoff, "created_at": now, "created_by": caller, "updated_at": now,
        "updated_by": caller, "plan": draft.plan, "deployment": null,
    });
    let mut reply = work::json(201, &record);
    reply.headers.push(("etag", etag(&draft.hash)));
    reply.headers.push(("location", format!("/api/plans/{}", draft.plan_id)));
    let mut changes = vec![
        sql(
            "INSERT INTO plans (plan_id, plan_name, version, plan_hash, state, pattern, source, target, owner, search, \
             handoff_id, created_at, created_by, updated_at, updated_by) \
             VALUES (?, ?, ?, ?, 'draft', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            vec![
                json!(draft.plan_id),
                json!(draft.plan_name),
                json!(draft.version),
                json!(draft.hash),
                json!(draft.pattern),
                json!(draft.source),
                json!(draft.target),
                json!(draft.owner),
                json!(draft.search),
                handoff.clone(),
                json!(now),
                json!(caller),
                json!(now),
                json!(caller),
            ],
        ),
        draft.insert(Kind::First, given.note.as_deref(), &handoff, &now, caller),
    ];
    changes.extend(claim.map(|claim| claim.answered(&reply)));
    let entry = work::entry(call, "plan.create")
        .plan(&draft.plan_id)
        .version(&draft.version, &draft.hash)
        .handoff(origin.handoff_id.as_deref())
        .session(origin.session.as_deref());
    match store.write(changes, &[entry]).await {
        Ok(_) => Ok(reply),
        Err(Trouble::Conflict) => Err(Problem::new(
            problem::PLAN_EXISTS,
            "Nothing was changed. Change that plan with PUT, or give the new one an id of its own.",
        )
        .into()),
        Err(trouble) => Err(trouble.into()),
    }
}

/// `PUT /api/plans/ID`
pub async fn change_plan(call: &mut Call, env: &Env, id: &str) -> Done {
    let body = work::body(call, MAX_BODY).await?;
    let store = Store::open(call, env);
    let id = plan_id(id)?;
    let current = find(&store, &id).await?;
    let text = |key: &str| current.get(key).and_then(Value::as_str).unwrap_or_default();
    match if_match(call.header("if-match").as_deref(), text("plan_hash")) {
        Match::Fits => {}
        Match::Missing => {
            let detail = "Send If-Match with the ETag of the plan that you have read. Nothing was changed.";
            return Err(Problem::new(problem::ETAG_MISSING, detail).into());
        }
        Match::Stale => return Err(stale()),
    }
    let given = Given::read(&body)?;
    let before = current.get("plan").cloned().unwrap_or_default();
    // The version is the server's to say; what the body has there does not count.
    let draft = Draft::read(registry::with_version(given.plan, text("version")))?;
    if draft.plan_id != id {
        return Err(draft::invalid(vec![draft::issue(
            "plan_id_differs",
            "/plan_metadata/plan_id",
            "the plan has another id than the address",
            "Keep the plan's id, or create a plan of its own.",
        )]));
    }
    let archived = text("state") == "archived";
    let kind = change(&before, &draft.plan);
    let known = current.get("handoff_id").and_then(Value::as_str);
    let origin = Origin::of(&store, &draft, given.handoff_id.as_deref(), known).await?;
    if kind.is_none() && !archived {
        return Ok(answer(200, &current));
    }
    let handoff = json!(origin.handoff_id);
    let (now, caller) = (now(), call.caller.as_deref().unwrap_or_default());
    let draft = match kind {
        Some(kind) => Draft::read(registry::with_version(draft.plan, &next_version(text("version"), kind)))?,
        None => draft,
    };
    // Bringing an archived plan back changes the state and makes no version.
    let (version, hash) = match kind {
        Some(_) => (draft.version.as_str(), draft.hash.as_str()),
        None => (text("version"), text("plan_hash")),
    };
    let state = if archived { "draft" } else { text("state") };
    let mut changes = vec![
        guard(
            "SELECT plan_hash = ? AND state = ? FROM plans WHERE plan_id = ?",
            vec![json!(text("plan_hash")), json!(text("state")), json!(id)],
        ),
        sql(
            "UPDATE plans SET plan_name = ?, version = ?, plan_hash = ?, state = ?, pattern = ?, source = ?, target = ?, \
             owner = ?, search = ?, handoff_id = ?, updated_at = ?, updated_by = ? WHERE plan_id = ?",
            vec![
                json!(draft.plan_name),
                json!(version),
                json!(hash),
                json!(state),
                json!(draft.pattern),
                json!(draft.source),
                json!(draft.target),
                json!(draft.owner),
                json!(draft.search),
                handoff.clone(),
                json!(now),
                json!(caller),
                json!(id),
            ],
        ),
    ];
    if let Some(kind) = kind {
        changes.push(draft.insert(kind, given.note.as_deref(), &handoff, &now, caller));
    }
    let mut entry = work::entry(call, if archived { "plan.restore" } else { "plan.change" })
        .plan(&id)
        .version(version, hash)
        .handoff(handoff.as_str())
        .session(origin.session.as_deref())
        .note("from_version", text("version"));
    if let Some(kind) = kind {
        entry = entry.note("change", kind.as_str());
    }
    match store.write(changes, &[entry]).await {
        Ok(_) => Ok(answer(200, &find(&store, &id).await?)),
        Err(Trouble::Conflict) => Err(stale()),
        Err(trouble) => Err(trouble.into()),
    }
}

fn stale() -> Refusal {
    Problem::new(
        problem::ETAG_STALE,
        "The plan is no longer the one that If-Match names. Nothing was changed; read it again and look at what is new.",
    )
    .into()
}

/// `DELETE /api/plans/ID`: out of the lists, never out of the history.
pub async fn archive(call: &mut Call, env: &Env, id: &str) -> Done {
    let store = Store::open(call, env);
    let id = plan_id(id)?;
    let current = find(&store, &id).await?;
    let text = |key: &str| current.get(key).and_then(Value::as_str).unwrap_or_default();
    if if_match(call.header("if-match").as_deref(), text("plan_hash")) == Match::Stale {
        return Err(stale());
    }
    match text("state") {
        "archived" => return Ok(Reply::new(204, Content::Empty)),
        "draft" => {}
        _ => return Err(deployed()),
    }
    let changes = vec![
        guard(
            "SELECT state = 'draft' AND plan_hash = ? AND NOT EXISTS (SELECT 1 FROM deployments \
             WHERE deployments.plan_id = plans.plan_id AND deployments.state = 'in_progress') FROM plans WHERE plan_id = ?",
            vec![json!(text("plan_hash")), json!(id)],
        ),
        sql(
            "UPDATE plans SET state = 'archived', updated_at = ?, updated_by = ? WHERE plan_id = ?",
            vec![json!(now()), json!(call.caller.as_deref().unwrap_or_default()), json!(id)],
        ),
    ];
    let entry = work::entry(call, "plan.archive").plan(&id).version(text("version"), text("plan_hash"));
    match store.write(changes, &[entry]).await {
        Ok(_) => Ok(Reply::new(204, Content::Empty)),
        Err(Trouble::Conflict) => {
            let latest = find(&store, &id).await?;
            let changed = latest.get("plan_hash") != current.get("plan_hash");
            Err(if changed { stale() } else { deployed() })
        }
        Err(trouble) => Err(trouble.into()),
    }
}

fn deployed() -> Refusal {
    let detail = "A job runs the plan, or is being made. Nothing was changed; undeploy the plan first.";
    Problem::new(problem::PLAN_IS_DEPLOYED, detail).into()
}

/// `GET /api/plans/ID`
pub async fn read(call: &mut Call, env: &Env, id: &str) -> Done {
    let store = Store::open(call, env);
    Ok(answer(200, &find(&store, &plan_id(id)?).await?))
}

/// A record with its entity tag.
fn answer(status: u16, record: &Map<String, Value>) -> Reply {
    let tag = record.get("plan_hash").and_then(Value::as_str).map(etag).unwrap_or_default();
    let text = serde_json::to_string(record).unwrap_or_default();
    let mut reply = Reply::new(status, Content::Text(text));
    reply.headers.push(("etag", tag));
    reply
}

/// `GET /api/plans`
pub async fn list(call: &mut Call, env: &Env) -> Done {
    const STATES: [&str; 5] = ["draft", "deployed", "paused", "archived", "all"];
    let raw = call.path_and_query().1;
    let query = Query::read("plans", &["q", "state", "pattern", "owner", "target"], raw).map_err(refused)?;
    let state = query.one_of("state", &STATES, "one of draft, deployed, paused, archived and all");
    let (mut conditions, mut values) = (vec!["1"], Vec::new());
    match state.map_err(refused)? {
        Some("all") => {}
        Some(state) => {
            conditions.push("p.state = ?");
            values.push(json!(state));
        }
        None => conditions.push("p.state <> 'archived'"),
    }
    for (name, condition) in
        [("pattern", "p.pattern = ?"), ("owner", "p.owner = ?"), ("target", "p.target = ?")]
    {
        if let Some(value) = query.get(name) {
            conditions.push(condition);
            values.push(json!(value));
        }
    }
    for word in query.words() {
        conditions.push("instr(p.search, ?) > 0");
        values.push(json!(word));
    }
    if let Some([updated_at, id]) = query.after().map_err(refused)? {
        conditions.push("(p.updated_at < ? OR (p.updated_at = ? AND p.plan_id > ?))");
        values.extend([json!(updated_at), json!(updated_at), json!(id)]);
    }
    values.push(json!(query.size() + 1));
    let conditions = conditions.join(" AND ");
    let question = sql(
        format!(
            "SELECT {RECORD} FROM plans p WHERE {conditions} ORDER BY p.updated_at DESC, p.plan_id LIMIT ?"
        ),
        values,
    );
    let rows: Vec<Map<String, Value>> = Store::open(call, env).read(question).await?;
    let rows = rows.into_iter().map(shaped).collect();
    Ok(page("plans", &query, rows, &["updated_at", "plan_id"], &[]))
}

/// `GET /api/plans/ID/versions`
pub async fn versions(call: &mut Call, env: &Env, id: &str) -> Done {
    let id = plan_id(id)?;
    let query = Query::read(&format!("versions {id}"), &[], call.path_and_query().1).map_err(refused)?;
    let after = query.after().map_err(refused)?;
    let before: f64 =
        after.and_then(|[ordinal]: [String; 1]| ordinal.parse().ok()).unwrap_or(f64::from(u32::MAX));
    let question = sql(
        "SELECT version, plan_hash, change, created_at, created_by, note, handoff_id, CAST(ordinal AS TEXT) AS ordinal \
         FROM plan_versions WHERE plan_id = ? AND ordinal < ? ORDER BY ordinal DESC LIMIT ?",
        vec![json!(id), json!(before), json!(query.size() + 1)],
    );
    let rows: Vec<Map<String, Value>> = Store::open(call, env).read(question).await?;
    // Every plan has a version.
    if rows.is_empty() && before >= f64::from(u32::MAX) {
        return Err(unknown_plan());
    }
    Ok(page("versions", &query, rows, &["ordinal"], &["ordinal"]))
}

/// `GET /api/plans/ID/versions/V`
pub async fn version(call: &mut Call, env: &Env, id: &str, version: &str) -> Done {
    let id = plan_id(id)?;
    let question: Sql = sql(
        "SELECT version, plan_hash, change, created_at, created_by, note, handoff_id, plan FROM plan_versions \
         WHERE plan_id = ? AND version = ?",
        vec![json!(id), json!(version)],
    );
    let store = Store::open(call, env);
    let row: Option<Map<String, Value>> = store.first(question).await?;
    match row {
        Some(row) => Ok(answer(200, &shaped(row))),
        None => {
            find(&store, &id).await?;
            let detail = "The plan has no such version; GET /api/plans/ID/versions lists them.";
            Err(Problem::new(problem::VERSION_NOT_FOUND, detail).into())
        }
    }
}
