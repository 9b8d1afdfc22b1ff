//! `POST /api/handoffs/validate`: a context or a link against Unity Catalog.

use std::borrow::Cow;

use databricks::Table;
use edge::problem::{self, Problem};
use handoff::name::TableName;
use handoff::{Catalog, Context, DecodeOptions, SignatureState, check_readiness, decode, redact};
use js_sys::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use session::MAX_LOOKUPS;
use session::checks::{Check, nothing_missing};
use worker::Env;

use super::{check_id, invalid, issues_json, not_found, stored};
use crate::answer::{Content, Reply};
use crate::call::Call;
use crate::checks::{Lookup, Wanted, look};
use crate::signing;
use crate::store::Store;
use crate::work::{Done, MAX_BODY, Refusal, body, malformed};

/// Longest time for all questions.
const TOTAL_MS: f64 = 30_000.0;

#[derive(Deserialize)]
struct Given<'a> {
    #[serde(borrow, default)]
    context: Option<&'a RawValue>,
    #[serde(borrow, default)]
    link: Option<Cow<'a, str>>,
}

#[derive(Serialize)]
struct Answer<'a> {
    context: &'a RawValue,
    signature: &'static str,
    ready: bool,
    issues: Value,
    checks: &'a [Check],
}

/// Checks what is given. Nothing of a link is believed but what Unity Catalog confirms.
pub async fn validate(call: &mut Call, env: &Env) -> Done {
    let bytes = body(call, MAX_BODY).await?;
    let text = std::str::from_utf8(&bytes).map_err(|_| malformed("The body is not UTF-8."))?;
    let shape = || malformed("The body is a JSON object with either context, an object, or link, a text.");
    if !text.trim_start().starts_with('{') {
        return Err(shape());
    }
    let given: Given<'_> = serde_json::from_str(text).map_err(|_| shape())?;
    let (context, signature) = match (given.context, given.link) {
        (Some(context), None) if context.get().starts_with('{') => {
            let context = Context::from_json_str(context.get()).map_err(|error| {
                let issues = issues_json(error.issues());
                invalid(&error).with("issues", issues)
            })?;
            (context, SignatureState::Unsigned)
        }
        (None, Some(link)) => opened(call, env, &link).await?,
        _ => return Err(shape()),
    };
    let signature = signing::checked(call, signature).await;
    let (context, removed) = redact(&context);
    let wanted = wanted(call, &context);
    let found = look(call, &wanted, Date::now() + TOTAL_MS).await?;
    let readiness = check_readiness(&context, Some(&catalog(&context, &wanted, &found.tables)));
    let mut issues = readiness.issues;
    issues.extend(removed.warnings);
    let json = context.to_json();
    let broken = |_| Refusal::from(crate::panics::problem());
    let answer = Answer {
        context: serde_json::from_str(&json).map_err(broken)?,
        signature: signature.code(),
        ready: readiness.ready && nothing_missing(&found.checks),
        issues: issues_json(&issues),
        checks: &found.checks,
    };
    let text = serde_json::to_string(&answer).map_err(broken)?;
    Ok(Reply::new(200, Content::Text(text)))
}

/// The context of a link: in the link itself, or kept here and named by `/h/ID`.
async fn opened(call: &Call, env: &Env, link: &str) -> Result<(Context, SignatureState), Refusal> {
    let short = link.strip_prefix(call.base()).unwrap_or(link);
    let payload = match short.strip_prefix("/h/") {
        Some(id) => {
            check_id(id)?;
            let store = Store::open(call, env);
            Cow::Owned(stored(&store, id).await?.ok_or_else(not_found)?.payload)
        }
        None => Cow::Borrowed(link),
    };
    let decoded = decode(&payload, &DecodeOptions::default()).map_err(|error| {
        let detail = format!("The link cannot be opened: {error}. {}", error.help());
        Problem::new(problem::PAYLOAD_INVALID, detail)
    })?;
    Ok((decoded.context, decoded.signature))
}

fn wanted(call: &Call, context: &Context) -> Wanted {
    let target = context.target_table().and_then(|name| TableName::parse(name).ok());
    let mut sources: Vec<(TableName, Vec<String>)> = Vec::new();
    for text in context.validated_tables() {
        let Ok(name) = TableName::parse(text) else { continue };
        let known = sources.iter().any(|(known, _)| *known == name);
        if sources.len() < MAX_LOOKUPS && !known && target.as_ref() != Some(&name) {
            let columns = context.columns_of(text).map(|columns| columns.map(str::to_owned).collect());
            sources.push((name, columns.unwrap_or_default()));
        }
    }
    let run_as = call.state.config.as_ref().ok().and_then(|config| config.deploy.run_as.clone());
    Wanted { sources, target, warehouse: context.warehouse_id().map(str::to_owned), run_as }
}

/// What is known of Unity Catalog. A table that could not be looked up counts as there, with columns unknown: that it
/// was not checked is told by its check.
fn catalog(context: &Context, wanted: &Wanted, looked: &[Lookup]) -> Catalog {
    let names = wanted.sources.iter().map(|(name, _)| name).chain(&wanted.target);
    let mut catalog = Catalog::new();
    let mut seen: Vec<&TableName> = Vec::new();
    for (name, lookup) in names.zip(looked) {
        seen.push(name);
        catalog = match lookup {
            Lookup::There(Table { columns, .. }) => {
                let columns: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
                catalog.table(&name.to_string(), (!columns.is_empty()).then_some(columns.as_slice()))
            }
            Lookup::Absent => catalog,
            Lookup::Unknown(_) => catalog.table(&name.to_string(), None),
        };
    }
    for text in context.validated_tables() {
        if TableName::parse(text).is_ok_and(|name| !seen.contains(&&name)) {
            catalog = catalog.table(text, None);
        }
    }
    catalog
}
