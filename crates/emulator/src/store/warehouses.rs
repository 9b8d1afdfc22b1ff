//! SQL warehouses.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::failure::Failure;
use crate::fixtures::known;

/// All warehouses by id, with the reads a start still takes.
#[derive(Debug, Clone)]
pub(crate) struct Warehouses {
    by_id: BTreeMap<String, Warehouse>,
}

#[derive(Debug, Clone)]
struct Warehouse {
    name: &'static str,
    state: String,
    serverless: bool,
    size: &'static str,
    kind: &'static str,
    /// Reads until a starting warehouse runs.
    reads_left: u32,
}

/// Reads that a start takes: the first ones say STARTING.
const START_READS: u32 = 2;

impl Default for Warehouses {
    fn default() -> Self {
        let warehouse = |name, state: &str, serverless, size, kind| Warehouse {
            name,
            state: state.to_owned(),
            serverless,
            size,
            kind,
            reads_left: 0,
        };
        Self {
            by_id: BTreeMap::from([
                (
                    known::WAREHOUSE.to_owned(),
                    warehouse("Serverless Starter", "RUNNING", true, "Small", "PRO"),
                ),
                (
                    known::STOPPED_WAREHOUSE.to_owned(),
                    warehouse("Nightly loads", "STOPPED", false, "Medium", "PRO"),
                ),
                (
                    "e04f1a7730c2bb51".to_owned(),
                    warehouse("Old dashboards", "STOPPED", false, "2X-Small", "CLASSIC"),
                ),
            ]),
        }
    }
}

impl Warehouses {
    /// All of them, in the order of their ids.
    pub(crate) fn list(&mut self) -> Vec<Value> {
        let ids: Vec<String> = self.by_id.keys().cloned().collect();
        ids.iter().filter_map(|id| self.get(id).ok()).collect()
    }

    /// One of them. A starting one gets nearer to running with every read.
    pub(crate) fn get(&mut self, id: &str) -> Result<Value, Failure> {
        let warehouse = self.by_id.get_mut(id).ok_or_else(|| missing(id))?;
        let info = info(id, warehouse);
        if warehouse.state == "STARTING" {
            warehouse.reads_left = warehouse.reads_left.saturating_sub(1);
            if warehouse.reads_left == 0 {
                "RUNNING".clone_into(&mut warehouse.state);
            }
        }
        Ok(info)
    }

    /// Starts it; fine if it runs already.
    pub(crate) fn start(&mut self, id: &str) -> Result<(), Failure> {
        let warehouse = self.by_id.get_mut(id).ok_or_else(|| missing(id))?;
        if !matches!(warehouse.state.as_str(), "RUNNING" | "STARTING") {
            "STARTING".clone_into(&mut warehouse.state);
            warehouse.reads_left = START_READS;
        }
        Ok(())
    }

    /// Stops it; fine if it is stopped already.
    pub(crate) fn stop(&mut self, id: &str) -> Result<(), Failure> {
        let warehouse = self.by_id.get_mut(id).ok_or_else(|| missing(id))?;
        "STOPPED".clone_into(&mut warehouse.state);
        Ok(())
    }

    /// Whether it exists.
    pub(crate) fn contains(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    /// Whether it runs.
    pub(crate) fn runs(&self, id: &str) -> bool {
        self.by_id.get(id).is_some_and(|warehouse| warehouse.state == "RUNNING")
    }

    /// Sets the state, as an administrator would. False if there is no such warehouse.
    pub(crate) fn set_state(&mut self, id: &str, state: &str) -> bool {
        let Some(warehouse) = self.by_id.get_mut(id) else { return false };
        state.clone_into(&mut warehouse.state);
        warehouse.reads_left = if state == "STARTING" { START_READS } else { 0 };
        true
    }
}

fn missing(id: &str) -> Failure {
    Failure::missing(format!("SQL warehouse {id} does not exist."))
}

fn info(id: &str, warehouse: &Warehouse) -> Value {
    let running = warehouse.state == "RUNNING";
    let path = format!("/sql/1.0/warehouses/{id}");
    let mut info = json!({
        "id": id, "name": warehouse.name, "state": warehouse.state, "cluster_size": warehouse.size,
        "size": warehouse.size.to_ascii_uppercase().replace('-', "_"), "warehouse_type": warehouse.kind,
        "auto_stop_mins": 10, "min_num_clusters": 1, "max_num_clusters": 2,
        "creator_name": known::USER, "creator_id": 5_511_969_577_895_513_i64,
        "channel": { "name": "CHANNEL_NAME_CURRENT" }, "spot_instance_policy": "COST_OPTIMIZED",
        "tags": { "custom_tags": [{ "key": "team", "value": "data-platform" }] },
        "health": { "status": if running { "HEALTHY" } else { "STATUS_UNSPECIFIED" } },
        "odbc_params": { "hostname": "workspace.example", "path": path, "port": 443, "protocol": "https" },
        "jdbc_url": format!("jdbc:databricks://workspace.example:443/default;httpPath={path};"),
    });
    if let Value::Object(fields) = &mut info {
        if warehouse.serverless {
            fields.insert("enable_serverless_compute".to_owned(), json!(true));
        }
        if running {
            fields.insert("num_clusters".to_owned(), json!(1));
        }
    }
    info
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_takes_some_reads() {
        let mut warehouses = Warehouses::default();
        let id = known::STOPPED_WAREHOUSE;
        let mut state = || warehouses.get(id).unwrap()["state"].as_str().unwrap().to_owned();
        assert_eq!(state(), "STOPPED");
        assert_eq!(state(), "STOPPED");
        warehouses.start(id).unwrap();
        let mut state = || warehouses.get(id).unwrap()["state"].as_str().unwrap().to_owned();
        assert_eq!([state(), state(), state()], ["STARTING", "STARTING", "RUNNING"]);
    }
}
