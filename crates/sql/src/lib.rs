//! Plan to SQL.
