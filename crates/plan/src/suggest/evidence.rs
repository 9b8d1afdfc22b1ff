//! What a reason rests on.

/// Where something was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In `user_intent`.
    Intent,
    /// In `exploration_queries`, by index.
    Query(usize),
    /// In `validated_columns` or `column_types`.
    Columns,
    /// In `keys`.
    Keys,
    /// In `validated_tables`.
    Tables,
    /// In `target_table`.
    TargetTable,
    /// In the options of the call.
    Options,
}

impl Place {
    /// `intent`, `query 1` (counted from 1, as people do), `columns`, `keys`, `tables`, `target_table`, `options`.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Intent => "intent".to_owned(),
            Self::Query(n) => format!("query {}", n + 1),
            Self::Columns => "columns".to_owned(),
            Self::Keys => "keys".to_owned(),
            Self::Tables => "tables".to_owned(),
            Self::TargetTable => "target_table".to_owned(),
            Self::Options => "options".to_owned(),
        }
    }
}

/// Where something was seen, and the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Where.
    pub place: Place,
    /// The words as they stand there; empty for a query as a whole.
    pub quote: String,
}

impl Evidence {
    #[inline(never)]
    pub(crate) fn of(place: Place, quote: &str) -> Self {
        Self { place, quote: quote.chars().take(120).collect() }
    }
}
