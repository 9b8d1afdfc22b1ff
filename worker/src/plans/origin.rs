//! Which handoff a plan comes from.
//!
//! Results of a plan's runs are told to the Genie message behind its handoff, so a plan may only name a handoff of the
//! session that the plan itself names (its tags, which a suggestion writes). What stands in an address beside a link can
//! be changed by whoever passes it on.

use edge::problem::{self, Problem};
use handoff::name::compare_key;
use serde::Deserialize;
use serde_json::{Value, json};

use super::draft::Draft;
use crate::store::{Store, sql};
use crate::work::Refusal;

/// The most handoffs of one session that are looked through.
const MOST: usize = 50;

/// Where a plan comes from. Empty for one that somebody has written.
#[derive(Default, Deserialize)]
pub struct Origin {
    pub handoff_id: Option<String>,
    #[serde(rename = "conversation_id")]
    pub session: Option<String>,
    space_id: Option<String>,
    /// JSON list of the tables that the handoff confirms.
    #[serde(default)]
    tables: Option<String>,
}

impl Origin {
    /// The origin of a plan: the handoff that the request names, else the one that its version before came from, else
    /// the only handoff of its session that has its source.
    pub async fn of(
        store: &Store,
        draft: &Draft,
        given: Option<&str>,
        before: Option<&str>,
    ) -> Result<Self, Refusal> {
        if let Some(id) = given {
            let named = read(store, id).await?.ok_or_else(|| {
                let detail = "handoff_id names no handoff of this server. Nothing was changed.";
                Problem::new(problem::HANDOFF_NOT_FOUND, detail)
            })?;
            return if named.fits(draft) { Ok(named) } else { Err(differs().into()) };
        }
        if let Some(id) = before
            && let Some(known) = read(store, id).await?.filter(|known| known.fits(draft))
        {
            return Ok(known);
        }
        by_content(store, draft).await
    }

    /// Whether the plan says that it comes from this handoff's session. A handoff of a space alone has none, and fits
    /// a plan that names none.
    fn fits(&self, draft: &Draft) -> bool {
        let same = |ours: Option<&str>, theirs: &Option<String>| {
            ours.unwrap_or_default().eq_ignore_ascii_case(theirs.as_deref().unwrap_or_default())
        };
        let space = draft.tag("genie_space_id");
        same(draft.tag("genie_session_id"), &self.session) && (space.is_none() || same(space, &self.space_id))
    }

    fn has(&self, table: &str) -> bool {
        let tables: Vec<Value> =
            self.tables.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        tables.iter().filter_map(Value::as_str).any(|name| compare_key(name) == compare_key(table))
    }
}

async fn read(store: &Store, id: &str) -> Result<Option<Origin>, Refusal> {
    let question = "SELECT handoff_id, space_id, conversation_id FROM handoffs WHERE handoff_id = ?";
    Ok(store.first(sql(question, vec![json!(id)])).await?)
}

/// The handoff of the plan's session that confirms the plan's source, if there is exactly one.
async fn by_content(store: &Store, draft: &Draft) -> Result<Origin, Refusal> {
    let (Some(session), Some(space)) = (draft.tag("genie_session_id"), draft.tag("genie_space_id")) else {
        return Ok(Origin::default());
    };
    let question = sql(
        "SELECT handoff_id, space_id, conversation_id, json_extract(context, '$.validated_tables') AS tables \
         FROM handoffs WHERE space_id = ? AND conversation_id = ? ORDER BY created_at DESC LIMIT ?",
        vec![json!(space.to_ascii_lowercase()), json!(session.to_ascii_lowercase()), json!(MOST + 1)],
    );
    let found: Vec<Origin> = store.read(question).await?;
    if found.len() > MOST {
        return Ok(Origin::default());
    }
    let mut fitting = found.into_iter().filter(|origin| origin.has(&draft.source));
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Ok(only),
        _ => Ok(Origin::default()),
    }
}

fn differs() -> Problem {
    Problem::new(
        problem::HANDOFF_DIFFERS,
        "handoff_id names a handoff of another Genie session or space than the plan's tags genie_session_id and \
         genie_space_id. Nothing was changed, so that no result is told to a session that has nothing to do with it. \
         Leave handoff_id out, or use the handoff that the plan was made from.",
    )
}
