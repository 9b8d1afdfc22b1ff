//! From a plan version to one Databricks job, its runs and its lineage.
//!
//! Pure: what is written ([`Desired`]), what to do next after anything that may have happened ([`Converge`]), what
//! the state of a run means ([`RunView`]), what is told to Genie ([`feedback`]) and to a lineage store
//! ([`openlineage`]). The worker does the talking.
//!
//! # One job per plan
//!
//! Creating a job is the one thing that cannot be repeated safely: the service knows no token for it, and names need
//! not be unique. [`Converge`] therefore looks before it creates, creates paused, looks again, removes what is too
//! much, and only then lets the schedule fire. A reply that was lost is never taken for an answer: after it the
//! workspace is looked at again. A request that arrives after everybody gave it up can only leave a paused job, which
//! never fires and which the next deploy removes.
//!
//! The `.sql` file of a version has a path of its own. Putting it there can be repeated, and the job goes from one
//! version to another in a single request.

mod converge;
mod desired;
mod error;
pub mod feedback;
mod history;
pub mod openlineage;
mod run_view;
mod time;

pub use converge::{Action, Converge, Goal, Looked, Outcome, Stuck};
pub use desired::{
    Deployable, Desired, Provenance, TAG_HASH, TAG_MANAGED, TAG_PLAN, TAG_VERSION, VersionOfPath,
};
pub use error::DeployError;
pub use history::{Rows, history_query, rows_of_history};
pub use run_view::{RunState, RunView, Stage};
pub use time::rfc3339_ms;
