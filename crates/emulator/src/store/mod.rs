//! The state behind the routes. Nothing in here knows HTTP, except for the failures it names.

pub(crate) mod acl;
pub(crate) mod catalog;
mod catalog_info;
pub(crate) mod files;
pub(crate) mod genie;
pub(crate) mod job_settings;
pub(crate) mod jobs;
pub(crate) mod runs;
pub(crate) mod spaces;
pub(crate) mod sql_text;
pub(crate) mod statements;
pub(crate) mod warehouses;
