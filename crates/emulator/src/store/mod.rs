//! The state behind the routes. Nothing in here knows HTTP, except for the failures it names.

pub(crate) mod acl;
pub(crate) mod catalog;
pub(crate) mod genie;
pub(crate) mod spaces;
pub(crate) mod warehouses;
