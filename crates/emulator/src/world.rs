//! Everything one emulator knows.

use std::sync::{Arc, Mutex, RwLock};

use crate::access::Access;
use crate::bench::Template;
use crate::faults::Faults;
use crate::ids::Ids;
use crate::journal::Journal;
use crate::server::StartError;
use crate::store::acl::Acl;
use crate::store::catalog::Catalog;
use crate::store::files::Files;
use crate::store::genie::Genie;
use crate::store::jobs::Jobs;
use crate::store::spaces::Spaces;
use crate::store::statements::Statements;
use crate::store::warehouses::Warehouses;
use crate::sync::{lock, write};

/// The state of one emulator. Locks are taken one at a time and never across an `await`.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) journal: Arc<Journal>,
    pub(crate) ids: Ids,
    pub(crate) faults: Faults,
    /// Never changes.
    pub(crate) spaces: Spaces,
    /// Answers for ids that belong to nothing; benchmarks only.
    pub(crate) any_space: Option<Template>,
    pub(crate) access: RwLock<Access>,
    pub(crate) genie: Mutex<Genie>,
    pub(crate) catalog: RwLock<Catalog>,
    pub(crate) warehouses: Mutex<Warehouses>,
    pub(crate) acl: Mutex<Acl>,
    pub(crate) statements: Mutex<Statements>,
    pub(crate) files: Mutex<Files>,
    pub(crate) jobs: Mutex<Jobs>,
}

impl World {
    /// A world as the fixtures describe it.
    pub(crate) fn new(any_space: bool, log_to_stderr: bool) -> Result<Self, StartError> {
        Ok(Self {
            journal: Arc::new(Journal::new(log_to_stderr)),
            ids: Ids::new().map_err(StartError::Randomness)?,
            faults: Faults::default(),
            spaces: Spaces::new().map_err(StartError::Fixture)?,
            any_space: any_space.then(Template::new),
            access: RwLock::default(),
            genie: Mutex::default(),
            catalog: RwLock::new(Catalog::new().map_err(StartError::Fixture)?),
            warehouses: Mutex::default(),
            acl: Mutex::default(),
            statements: Mutex::default(),
            files: Mutex::default(),
            jobs: Mutex::default(),
        })
    }

    /// Puts everything back to what it was at the start, except for requests that run.
    pub(crate) fn reset(&self) -> Result<(), String> {
        self.faults.clear();
        self.journal.clear();
        *write(&self.catalog) = Catalog::new()?;
        *write(&self.access) = Access::default();
        *lock(&self.genie) = Genie::default();
        *lock(&self.warehouses) = Warehouses::default();
        *lock(&self.acl) = Acl::default();
        *lock(&self.statements) = Statements::default();
        *lock(&self.files) = Files::default();
        *lock(&self.jobs) = Jobs::default();
        Ok(())
    }
}
