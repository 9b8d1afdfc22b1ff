//! Unity Catalog.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use serde_json::{Map, Value, json};

use super::{Caller, answer, done, listed};
use crate::failure::Failure;
use crate::input::{Object, Query};
use crate::paging::{self, Limits, Page};
use crate::store::catalog::Securable;
use crate::sync::{read, write};
use crate::world::World;

type Answer = Result<Response, Failure>;
type Shared = State<Arc<World>>;

/// Page lengths of lists. The service chooses its own for 0 and for no wish; it is short here.
const PAGES: Limits = Limits { field: "max_results", default: 3, max: 50, strict: false };
/// Assignments per page when the service chooses.
const ASSIGNMENTS_PER_PAGE: usize = 2;

pub(super) fn routes() -> Router<Arc<World>> {
    let base = "/api/2.1/unity-catalog";
    Router::new()
        .route(&format!("{base}/catalogs"), get(catalogs))
        .route(&format!("{base}/catalogs/{{name}}"), get(catalog))
        .route(&format!("{base}/schemas"), get(schemas))
        .route(&format!("{base}/schemas/{{name}}"), get(schema))
        .route(&format!("{base}/tables"), get(tables))
        .route(&format!("{base}/tables/{{name}}"), get(table))
        .route(&format!("{base}/tables/{{name}}/exists"), get(exists))
        .route(&format!("{base}/permissions/{{kind}}/{{name}}"), get(permissions).patch(change))
        .route(&format!("{base}/effective-permissions/{{kind}}/{{name}}"), get(effective))
}

async fn catalogs(State(world): Shared, Caller(caller): Caller, query: Query) -> Answer {
    let catalogs = read(&world.catalog).containers(caller, None)?;
    Ok(listed("catalogs", paging::page(catalogs, &query, PAGES, &["catalogs", caller.name])?))
}

async fn catalog(State(world): Shared, Caller(caller): Caller, Path(name): Path<String>) -> Answer {
    Ok(answer(&read(&world.catalog).container(caller, Securable::Catalog, &name)?))
}

async fn schemas(State(world): Shared, Caller(caller): Caller, query: Query) -> Answer {
    let catalog = query.required("catalog_name")?;
    let schemas = read(&world.catalog).containers(caller, Some(catalog))?;
    Ok(listed("schemas", paging::page(schemas, &query, PAGES, &["schemas", catalog, caller.name])?))
}

async fn schema(State(world): Shared, Caller(caller): Caller, Path(name): Path<String>) -> Answer {
    Ok(answer(&read(&world.catalog).container(caller, Securable::Schema, &name)?))
}

async fn table(State(world): Shared, Caller(caller): Caller, Path(name): Path<String>) -> Answer {
    Ok(answer(&read(&world.catalog).table(caller, &name)?))
}

async fn exists(State(world): Shared, Path(name): Path<String>) -> Answer {
    // False is the default of the field and is left out.
    Ok(if read(&world.catalog).table_exists(&name)? {
        answer(&json!({ "table_exists": true }))
    } else {
        done()
    })
}

async fn tables(State(world): Shared, Caller(caller): Caller, query: Query) -> Answer {
    let schema = format!("{}.{}", query.required("catalog_name")?, query.required("schema_name")?);
    let (no_columns, no_properties) = (query.flag("omit_columns")?, query.flag("omit_properties")?);
    let all = read(&world.catalog).tables(caller, &schema)?;
    let page = paging::page(all, &query, PAGES, &["tables", &schema, caller.name])?;
    // What the caller may not see is taken out of a page afterwards, so that a page can be empty before the end.
    let visible = page.items.into_iter().filter(|(visible, _)| *visible).map(|(_, mut table)| {
        if let Value::Object(fields) = &mut table {
            if no_columns {
                fields.remove("columns");
            }
            if no_properties {
                fields.remove("properties");
            }
        }
        table
    });
    Ok(listed("tables", Page { items: visible.collect(), next: page.next }))
}

async fn effective(
    State(world): Shared,
    Caller(caller): Caller,
    Path((kind, name)): Path<(String, String)>,
    query: Query,
) -> Answer {
    let kind = Securable::parse(&kind)?;
    let principal = query.text("principal");
    let all = read(&world.catalog).effective_permissions(caller, kind, &name, principal)?;
    let size = match query.number("max_results")? {
        None => all.len().max(1),
        Some(0) => ASSIGNMENTS_PER_PAGE,
        Some(wish @ 150..) => usize::try_from(wish).unwrap_or(usize::MAX),
        Some(_) => {
            return Err(Failure::invalid("max_results must be 0 or at least 150."));
        }
    };
    let question = ["effective", &name, principal.unwrap_or_default()];
    let page = paging::cut(all, query.text("page_token"), size, &question)?;
    let fitting = page.items.into_iter().filter(|(fits, _)| *fits).map(|(_, assignment)| assignment);
    Ok(listed("privilege_assignments", Page { items: fitting.collect(), next: page.next }))
}

async fn permissions(
    State(world): Shared,
    Caller(caller): Caller,
    Path((kind, name)): Path<(String, String)>,
    query: Query,
) -> Answer {
    let kind = Securable::parse(&kind)?;
    let items = read(&world.catalog).permissions(caller, kind, &name, query.text("principal"))?;
    Ok(listed("privilege_assignments", Page { items, next: None }))
}

async fn change(
    State(world): Shared,
    Caller(caller): Caller,
    Path((kind, name)): Path<(String, String)>,
    body: Object,
) -> Answer {
    let kind = Securable::parse(&kind)?;
    let changes: Vec<Value> = body.parse("changes")?.unwrap_or_default();
    let mut catalog = write(&world.catalog);
    catalog.change_permissions(caller, kind, &name, &changes)?;
    let items = catalog.permissions(caller, kind, &name, None)?;
    let mut body = Map::new();
    body.insert("privilege_assignments".to_owned(), Value::Array(items));
    Ok(answer(&Value::Object(body)))
}
