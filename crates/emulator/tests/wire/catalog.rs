//! Unity Catalog.

use emulator::{TOKEN, VIEWER_TOKEN, known};
use serde_json::{Value, json};

use crate::client::Lab;

const BASE: &str = "/api/2.1/unity-catalog";

fn effective(table: &str, query: &str) -> String {
    format!("{BASE}/effective-permissions/table/{table}?{query}")
}

#[tokio::test]
async fn a_table_is_described_in_full() {
    let lab = Lab::start().await;
    let table = lab.json(&format!("{BASE}/tables/prod_catalog.raw.customer_events")).await;
    assert_eq!(
        (&table["full_name"], &table["table_type"]),
        (&json!("prod_catalog.raw.customer_events"), &json!("MANAGED"))
    );
    let columns = table["columns"].as_array().unwrap();
    assert_eq!(columns.len(), 19);
    let revenue = columns.iter().find(|column| column["name"] == "revenue").unwrap();
    assert_eq!((&revenue["type_text"], &revenue["type_name"]), (&json!("decimal(18,2)"), &json!("DECIMAL")));
    assert_eq!((&revenue["type_precision"], &revenue["position"]), (&json!(18), &json!(14)));
    assert_eq!(table["table_constraints"][0]["primary_key_constraint"]["child_columns"], json!(["event_id"]));
    assert_eq!(table["properties"]["clusteringColumns"], "[[\"event_date\"],[\"customer_id\"]]");
    assert!(table["owner"].is_string() && table["comment"].is_string() && table["table_id"].is_string());
    let daily = lab.json(&format!("{BASE}/tables/prod_catalog.curated.customer_daily")).await;
    assert_eq!(daily["columns"][1]["partition_index"], 0);
    assert_eq!(
        daily["table_constraints"][1]["foreign_key_constraint"]["parent_table"],
        "prod_catalog.curated.customers"
    );
}

#[tokio::test]
async fn names_outside_of_ascii_and_with_hyphens_work() {
    let lab = Lab::start().await;
    let encoded = "vertrieb_m%C3%BCnchen.lager.best%C3%A4nde";
    assert_eq!(lab.json(&format!("{BASE}/tables/{encoded}")).await["name"], "bestände");
    assert_eq!(
        lab.json(&format!("{BASE}/tables/retail-emea.sales.orders")).await["catalog_name"],
        "retail-emea"
    );
    let metric = lab.json(&format!("{BASE}/tables/retail-emea.sales.revenue_metrics")).await;
    assert_eq!(metric["table_type"], "METRIC_VIEW");
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let lab = Lab::start().await;
    for (name, code) in [
        ("nope.raw.x", "CATALOG_DOES_NOT_EXIST"),
        ("prod_catalog.nope.x", "SCHEMA_DOES_NOT_EXIST"),
        ("prod_catalog.raw.nope", "TABLE_DOES_NOT_EXIST"),
    ] {
        assert_eq!(lab.get(&format!("{BASE}/tables/{name}")).await.error(), (404, code.to_owned()));
    }
    for name in ["a.b", "a.b.c.d", "a..c", "%60a%60.b.c"] {
        let reply = lab.get(&format!("{BASE}/tables/{name}")).await;
        assert_eq!(reply.error(), (400, "INVALID_PARAMETER_VALUE".to_owned()), "{name}");
    }
    let exists = |name: &str| format!("{BASE}/tables/{name}/exists");
    assert_eq!(lab.json(&exists("prod_catalog.raw.customer_events")).await, json!({ "table_exists": true }));
    assert_eq!(lab.json(&exists("prod_catalog.raw.nope")).await, json!({}));
    assert_eq!(lab.get(&exists("prod_catalog.nope.nope")).await.status, 404);
}

#[tokio::test]
async fn a_missing_right_is_named() {
    let lab = Lab::start().await;
    let reply = lab.get(&format!("{BASE}/tables/finance.ledger.salaries")).await;
    assert_eq!(reply.error(), (403, "PERMISSION_DENIED".to_owned()));
    let body = reply.json();
    assert_eq!(body["message"], "User does not have SELECT on Table 'finance.ledger.salaries'.");
    assert_eq!(body["details"][0]["metadata"]["resourceName"], "finance.ledger.salaries");
    let viewer = lab.get_as(VIEWER_TOKEN, &format!("{BASE}/tables/prod_catalog.raw.customer_events")).await;
    assert_eq!(viewer.json()["message"], "User does not have USE SCHEMA on Schema 'prod_catalog.raw'.");
    assert_eq!(
        lab.get_as(VIEWER_TOKEN, &format!("{BASE}/tables/retail-emea.sales.stores")).await.status,
        200
    );
}

#[tokio::test]
async fn lists_can_have_empty_pages_before_the_end() {
    let lab = Lab::start().await;
    let query = format!("{BASE}/tables?catalog_name=finance&schema_name=ledger&max_results=1");
    let mut empty = 0;
    let mut token = String::new();
    let mut names = Vec::new();
    loop {
        let page = lab.json(&format!("{query}&page_token={token}")).await;
        match page["tables"].as_array() {
            Some(tables) => names.extend(tables.iter().map(|t| t["name"].as_str().unwrap().to_owned())),
            None => empty += 1,
        }
        match page["next_page_token"].as_str() {
            Some(next) => token = next.to_owned(),
            None => break,
        }
    }
    assert_eq!((names, empty), (vec!["accounts".into(), "cost_centers".into(), "journal_entries".into()], 1));
    let all = lab
        .pages(&format!("{BASE}/tables?catalog_name=group_dwh&schema_name=core&omit_columns=true"), "tables")
        .await;
    assert_eq!(all.len(), 30);
    assert!(
        all.iter().all(|table| table.get("columns").is_none() && table.get("table_constraints").is_none())
    );
    assert_eq!(lab.get(&format!("{BASE}/tables?catalog_name=finance")).await.status, 400);
}

#[tokio::test]
async fn effective_permissions_inherit_and_name_the_group() {
    let lab = Lab::start().await;
    let table = "prod_catalog.curated.customer_daily";
    let path = effective(table, &format!("principal={}", known::USER));
    let body = lab.json(&path).await;
    let assignments = body["privilege_assignments"].as_array().unwrap();
    let principals: Vec<&str> = assignments.iter().map(|a| a["principal"].as_str().unwrap()).collect();
    assert_eq!(principals, ["account users", "analysts", "data-engineers", known::USER]);
    let engineers = &assignments[2]["privileges"];
    let modify: Vec<&Value> =
        engineers.as_array().unwrap().iter().filter(|p| p["privilege"] == "MODIFY").collect();
    assert_eq!(modify.len(), 2);
    assert!(
        modify
            .iter()
            .any(|p| p["inherited_from_type"] == "SCHEMA"
                && p["inherited_from_name"] == "prod_catalog.curated")
    );
    assert!(modify.iter().any(|p| p.get("inherited_from_type").is_none()));
}

#[tokio::test]
async fn effective_permissions_have_their_own_rules_for_pages() {
    let lab = Lab::start().await;
    let table = "prod_catalog.curated.customer_daily";
    for bad in ["1", "149", "-1"] {
        let reply = lab.get(&effective(table, &format!("max_results={bad}"))).await;
        assert_eq!(reply.error(), (400, "INVALID_PARAMETER_VALUE".to_owned()), "{bad}");
    }
    assert_eq!(lab.get(&effective(table, "max_results=150")).await.status, 200);
    let first = lab.json(&effective(table, "max_results=0")).await;
    assert!(first["next_page_token"].is_string());
    // With a filter pages can be empty before the end.
    let filter = format!("max_results=0&principal={}", known::USER.replace('@', "%40"));
    let all = lab.pages(&effective(table, &filter), "privilege_assignments").await;
    assert_eq!(all.len(), 4);
    let viewer = lab
        .pages(
            &effective(table, &format!("max_results=0&principal={}", known::VIEWER)),
            "privilege_assignments",
        )
        .await;
    assert_eq!(viewer.len(), 1);
}

#[tokio::test]
async fn asking_about_others_needs_rights() {
    let lab = Lab::start().await;
    let table = "prod_catalog.curated.customer_daily";
    let about = |who: &str| effective(table, &format!("principal={who}"));
    assert_eq!(lab.get_as(VIEWER_TOKEN, &about(known::VIEWER)).await.status, 200);
    assert_eq!(
        lab.get_as(VIEWER_TOKEN, &about(known::USER)).await.error(),
        (403, "PERMISSION_DENIED".to_owned())
    );
    assert_eq!(
        lab.get(&about("nobody@example.com")).await.error(),
        (404, "PRINCIPAL_DOES_NOT_EXIST".to_owned())
    );
    assert_eq!(lab.get(&format!("{BASE}/effective-permissions/volume/x")).await.status, 400);
}

#[tokio::test]
async fn grants_and_tables_can_change() {
    let lab = Lab::start().await;
    let table = format!("{BASE}/tables/prod_catalog.raw.customer_events");
    let grants = format!("{BASE}/permissions/schema/prod_catalog.raw");
    let change = json!({ "changes": [{ "principal": "analysts", "remove": ["SELECT"] }] });
    let changed = lab.call(TOKEN, "PATCH", &grants, &change).await.json();
    assert_eq!(
        changed["privilege_assignments"][0],
        json!({ "principal": "analysts", "privileges": ["USE_SCHEMA"] })
    );
    // Still readable: the owner of the table is a group of the caller. For somebody else it is not.
    assert_eq!(lab.get(&table).await.status, 200);
    let patch = json!({ "comment": null, "owner": "people-team" });
    lab.control("POST", "/tables/prod_catalog.raw.customer_events", &patch).await;
    assert_eq!(lab.get(&table).await.error(), (403, "PERMISSION_DENIED".to_owned()));
    lab.control("DELETE", "/tables/prod_catalog.raw.customer_events", &Value::Null).await;
    assert_eq!(lab.get(&table).await.error(), (404, "TABLE_DOES_NOT_EXIST".to_owned()));
    lab.control("POST", "/reset", &Value::Null).await;
    assert!(lab.json(&table).await["comment"].is_string());
}

#[tokio::test]
async fn catalogs_and_schemas_tell_their_owner() {
    let lab = Lab::start().await;
    assert_eq!(lab.json(&format!("{BASE}/catalogs/prod_catalog")).await["owner"], "data-platform");
    let schema = lab.json(&format!("{BASE}/schemas/prod_catalog.curated")).await;
    assert_eq!(
        (&schema["catalog_name"], &schema["full_name"]),
        (&json!("prod_catalog"), &json!("prod_catalog.curated"))
    );
    let catalogs = lab.pages(&format!("{BASE}/catalogs"), "catalogs").await;
    assert!(catalogs.len() >= 6 && catalogs.iter().all(|catalog| catalog["name"] != "hr"));
    let schemas = lab.pages(&format!("{BASE}/schemas?catalog_name=prod_catalog"), "schemas").await;
    assert_eq!(schemas.len(), 2);
    assert_eq!(lab.get(&format!("{BASE}/catalogs/hr")).await.status, 403);
}
