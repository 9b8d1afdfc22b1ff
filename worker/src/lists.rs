//! Pages of lists.

use edge::problem::{self, Problem};
use registry::{ListError, Query};
use serde_json::{Map, Value, json};

use crate::answer::Reply;
use crate::work::{self, Refusal};

/// A page of a list. Ask the database for one row more than the page has: it tells whether there is a next page.
///
/// `keys` are the columns, all texts, that the list is ordered by; those in `hidden` are for the token only.
pub fn page(
    name: &str,
    query: &Query,
    mut rows: Vec<Map<String, Value>>,
    keys: &[&str],
    hidden: &[&str],
) -> Reply {
    let size = query.size() as usize;
    let more = rows.len() > size;
    rows.truncate(size);
    let mut body = Map::new();
    if let Some(last) = rows.last().filter(|_| more) {
        let text = |key: &&str| last.get(*key).and_then(Value::as_str).unwrap_or_default();
        let keys: Vec<&str> = keys.iter().map(text).collect();
        body.insert("next_page_token".to_owned(), json!(query.next_token(&keys)));
    }
    for row in &mut rows {
        for key in hidden {
            row.remove(*key);
        }
    }
    body.insert(name.to_owned(), rows.into());
    work::json(200, &Value::Object(body))
}

/// What a list says to a query that it cannot read.
pub fn refused(error: ListError) -> Refusal {
    let is_page = error.code() == problem::PAGE_MALFORMED.code;
    let kind = if is_page { problem::PAGE_MALFORMED } else { problem::QUERY_MALFORMED };
    Problem::new(kind, format!("{error}.")).into()
}
