//! What only this module refuses.

use border::Thrown;

/// A rendering that was refused.
pub fn of_sql(error: &sql::SqlError) -> Thrown {
    let thrown = Thrown::at(error.path(), error.code(), error.message(), error.help());
    match error {
        sql::SqlError::InvalidPlan(issues) => thrown.with(issues),
        _ => thrown,
    }
}
