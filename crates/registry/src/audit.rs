//! Entries of the audit log and how they are chained.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::hex::sha256_hex;

/// What stands in the place of a hash before the first entry: 64 zeros.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Longest text in an entry's detail, in characters. Longer ones are cut.
const MAX_DETAIL_CHARS: usize = 300;

/// When an entry was written, seen from the action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Before something outside is changed. Without an `after`, nobody knows how it ended.
    Before,
    /// After it.
    After,
    /// The action is a change of our own, in one transaction with this entry.
    Only,
}

/// How an action ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It begins now.
    Started,
    /// It was done.
    Ok,
    /// It was tried and not done.
    Failed,
    /// It was not tried: the caller may not, or something stands in the way.
    Refused,
    /// Nobody knows whether it was done.
    Unknown,
}

/// What is to be remembered of an action, before it has a place in the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// A stable name such as `plan.create`.
    pub action: String,
    /// Before, after or only.
    pub phase: Phase,
    /// How it ended.
    pub outcome: Outcome,
    /// Who called; `schedule` for work that the server does by itself.
    pub caller: String,
    /// The request that did it, as in its answer and in the log.
    pub request_id: String,
    /// The plan.
    pub plan_id: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// The hash of that version.
    pub plan_hash: Option<String>,
    /// The handoff.
    pub handoff_id: Option<String>,
    /// The Genie session: the conversation that it began with.
    pub genie_session: Option<String>,
    /// Short texts: ids, counts, codes. Never SQL, values of a session, or credentials.
    pub detail: BTreeMap<String, String>,
}

impl Entry {
    /// An entry about something that begins and ends with it. Ids are added by the methods below.
    #[must_use]
    pub fn new(action: &str, caller: &str, request_id: &str) -> Self {
        Self {
            action: action.to_owned(),
            phase: Phase::Only,
            outcome: Outcome::Ok,
            caller: caller.to_owned(),
            request_id: request_id.to_owned(),
            plan_id: None,
            version: None,
            plan_hash: None,
            handoff_id: None,
            genie_session: None,
            detail: BTreeMap::new(),
        }
    }

    /// The same, about a plan.
    #[must_use]
    pub fn plan(mut self, plan_id: &str) -> Self {
        self.plan_id = Some(plan_id.to_owned());
        self
    }

    /// The same, about a version of its plan.
    #[must_use]
    pub fn version(mut self, version: &str, plan_hash: &str) -> Self {
        self.version = Some(version.to_owned());
        self.plan_hash = Some(plan_hash.to_owned());
        self
    }

    /// The same, about a handoff.
    #[must_use]
    pub fn handoff(mut self, handoff_id: Option<&str>) -> Self {
        self.handoff_id = handoff_id.map(str::to_owned);
        self
    }

    /// The same, with the Genie session that it goes back to.
    #[must_use]
    pub fn session(mut self, session: Option<&str>) -> Self {
        self.genie_session = session.map(str::to_owned);
        self
    }

    /// The same at another point of the action and with another outcome.
    #[must_use]
    pub fn at(mut self, phase: Phase, outcome: Outcome) -> Self {
        (self.phase, self.outcome) = (phase, outcome);
        self
    }

    /// The same with one more detail, cut at 300 characters.
    #[must_use]
    pub fn note(mut self, key: &str, text: &str) -> Self {
        self.detail.insert(key.to_owned(), text.chars().take(MAX_DETAIL_CHARS).collect());
        self
    }

    /// The row that this entry becomes behind `prev_hash`, as number `seq` and at the time `at` (RFC 3339, UTC).
    #[must_use]
    pub fn chained(&self, seq: u64, at: &str, prev_hash: &str) -> Row {
        let mut row = Row {
            seq,
            at: at.to_owned(),
            entry: self.clone(),
            prev_hash: prev_hash.to_owned(),
            hash: String::new(),
        };
        row.hash = row.computed_hash();
        row
    }
}

/// A row of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// 1 for the first row, then counted without gaps.
    pub seq: u64,
    /// When it was written, RFC 3339, UTC.
    pub at: String,
    /// What it says.
    #[serde(flatten)]
    pub entry: Entry,
    /// The hash of the row before, [`GENESIS`] for the first.
    pub prev_hash: String,
    /// The hash of this row.
    pub hash: String,
}

impl Row {
    /// What the hash of this row has to be: SHA-256 of the canonical JSON (RFC 8785) of all its other members. Absent
    /// ids are `null`, so every row has the same members.
    #[must_use]
    pub fn computed_hash(&self) -> String {
        let mut value = serde_json::to_value(self).unwrap_or_default();
        if let Value::Object(members) = &mut value {
            members.remove("hash");
        }
        sha256_hex(plan::canonical_json(&value).as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_hashed_over_all_of_its_members() {
        let row = Entry::new("plan.create", "ada", "r-1").plan("p").note("k", "v").chained(1, "t", GENESIS);
        let canonical = concat!(
            r#"{"action":"plan.create","at":"t","caller":"ada","detail":{"k":"v"},"genie_session":null,"#,
            r#""handoff_id":null,"outcome":"ok","phase":"only","plan_hash":null,"plan_id":"p","prev_hash":"#,
            r#""0000000000000000000000000000000000000000000000000000000000000000","request_id":"r-1","seq":1,"version":null}"#
        );
        assert_eq!(row.hash, sha256_hex(canonical.as_bytes()));
        assert_eq!(row.hash, row.computed_hash());
        let text = serde_json::to_string(&row).unwrap_or_default();
        assert_eq!(serde_json::from_str::<Row>(&text).ok(), Some(row));
    }

    #[test]
    fn details_stay_short() {
        let entry = Entry::new("a", "b", "c").note("k", &"ä".repeat(1000));
        assert_eq!(entry.detail.get("k").map(|text| text.chars().count()), Some(MAX_DETAIL_CHARS));
    }
}
