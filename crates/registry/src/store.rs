//! What a refusal of the database means.

/// Why a transaction was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Another writer continued the audit chain first; with the new end of the chain it may work.
    HeadMoved,
    /// A condition of the transaction does not hold, or something exists already.
    Conflict,
    /// Anything else: the database cannot be reached, is overloaded, or a statement of ours is wrong. Whether the
    /// transaction was done is not known.
    Unknown,
}

/// Reads the message of a D1 error. SQLite's texts of constraints, and those of our own triggers, are stable.
#[must_use]
pub fn classify(message: &str) -> Failure {
    let has = |text: &str| message.contains(text);
    if has("audit head moved") || has("UNIQUE constraint failed: audit.") {
        Failure::HeadMoved
    } else if has("guard failed") || has("UNIQUE constraint failed") {
        Failure::Conflict
    } else {
        Failure::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_d1() {
        for (message, failure) in [
            ("D1_ERROR: audit head moved: SQLITE_CONSTRAINT", Failure::HeadMoved),
            ("D1_ERROR: UNIQUE constraint failed: audit.seq: SQLITE_CONSTRAINT", Failure::HeadMoved),
            ("D1_ERROR: UNIQUE constraint failed: plans.plan_id: SQLITE_CONSTRAINT", Failure::Conflict),
            ("D1_ERROR: guard failed: SQLITE_CONSTRAINT", Failure::Conflict),
            ("D1_ERROR: no such table: plans: SQLITE_ERROR", Failure::Unknown),
            ("Network connection lost.", Failure::Unknown),
            ("", Failure::Unknown),
        ] {
            assert_eq!(classify(message), failure, "{message}");
        }
    }
}
