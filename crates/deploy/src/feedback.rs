//! What is told to Genie after a run: one comment on the message that the handoff came from.

use std::fmt::Write as _;

use crate::history::Rows;
use crate::run_view::RunState;

/// A run that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended<'a> {
    /// The run.
    pub run_id: &'a str,
    /// How it ended.
    pub state: RunState,
    /// The plan's name.
    pub plan_name: &'a str,
    /// The plan's version.
    pub version: &'a str,
    /// The target, dotted.
    pub target: &'a str,
    /// From the beginning to the end.
    pub duration_ms: Option<i64>,
    /// Rows, where known.
    pub rows: Option<Rows>,
    /// The run's page in the workspace.
    pub url: Option<&'a str>,
}

/// The sign by which a comment of ours about a run is known.
#[must_use]
pub fn marker(run_id: &str) -> String {
    format!("(genie-handoff run {run_id})")
}

/// Whether one of the texts is our comment about a run.
#[must_use]
pub fn is_among(contents: &[String], run_id: &str) -> bool {
    let marker = marker(run_id);
    contents.iter().any(|text| text.ends_with(&marker))
}

/// The comment. Counts, names and times; never a value from a table.
#[must_use]
pub fn comment(result: &Ended<'_>) -> String {
    let mut text = match result.state {
        RunState::Succeeded => format!("{} loaded {}", result.plan_name, result.target),
        RunState::Cancelled => {
            format!("{} was stopped before it had loaded {}", result.plan_name, result.target)
        }
        RunState::Skipped => format!("{} was skipped; {} is as it was", result.plan_name, result.target),
        _ => format!("{} failed to load {}", result.plan_name, result.target),
    };
    // Writing to a String cannot fail.
    let _ = write!(text, ", version {}", result.version);
    if let Some(ms) = result.duration_ms {
        let _ = write!(text, ", in {}", duration(ms));
    }
    text.push('.');
    if let Some(rows) = &result.rows {
        let parts: Vec<String> =
            [(rows.inserted, "inserted"), (rows.updated, "updated"), (rows.deleted, "deleted")]
                .into_iter()
                .filter_map(|(count, word)| count.map(|count| format!("{count} {word}")))
                .collect();
        if !parts.is_empty() {
            let _ = write!(text, " Rows: {}.", parts.join(", "));
        }
    }
    if let Some(url) = result.url {
        let _ = write!(text, " {url}");
    }
    let _ = write!(text, " {}", marker(result.run_id));
    text
}

fn duration(ms: i64) -> String {
    let seconds = ms.max(0) / 1000;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_happened_and_is_found_again() {
        let result = Ended {
            run_id: "9007199254740995",
            state: RunState::Succeeded,
            plan_name: "customer_daily",
            version: "1.2.0",
            target: "prod.curated.customer_daily",
            duration_ms: Some(83_500),
            rows: Some(Rows { inserted: Some(12), updated: Some(3), deleted: None, affected: Some(15) }),
            url: Some("https://x.example/#job/1/run/2"),
        };
        let text = comment(&result);
        assert_eq!(
            text,
            "customer_daily loaded prod.curated.customer_daily, version 1.2.0, in 1 min 23 s. Rows: 12 inserted, 3 updated. https://x.example/#job/1/run/2 (genie-handoff run 9007199254740995)"
        );
        let found = [text];
        assert!(is_among(&found, "9007199254740995"));
        assert!(!is_among(&found, "740995"));
        assert!(!is_among(&[], "1"));
        let failed = comment(&Ended {
            state: RunState::Failed,
            duration_ms: Some(7_384_000),
            rows: None,
            url: None,
            ..result
        });
        assert!(failed.starts_with("customer_daily failed to load") && failed.contains("in 2 h 3 min."));
    }
}
