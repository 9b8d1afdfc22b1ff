//! What has to be true before something runs: tables, columns, rights, warehouse. Read from Databricks here, judged in
//! `session::checks`.

use std::collections::BTreeMap;
use std::rc::Rc;

use databricks::{
    Failure, Identity, ME_PATH, PrivilegePage, Securable, Table, Warehouse, effective_permissions_path,
    parse_acl, parse_owner, warehouse_acl_path,
};
use edge::problem::{self, Problem};
use handoff::name::{TableName, compare_key};
use session::checks::{
    Check, Evidence, Need, Owner, Person, Presence, Principal, Role, State, TableFound, WarehouseFound,
    judge, needs, settled, table_checks, warehouse_checks,
};

use crate::batch::get_all;
use crate::call::Call;
use crate::handoffs::securable;
use crate::upstream::{Fault, Good};
use crate::work::Refusal;

/// The most questions about rights for one answer.
const MAX_QUESTIONS: usize = 150;
/// The most pages of one answer about rights.
const MAX_PAGES: usize = 10;

/// What to check.
#[derive(Default)]
pub struct Wanted {
    /// Tables that are read, with the columns that have to be there.
    pub sources: Vec<(TableName, Vec<String>)>,
    /// The table that is written; it need not be there.
    pub target: Option<TableName>,
    /// The warehouse that runs it.
    pub warehouse: Option<String>,
    /// Whose account a load runs with, if it is another than the server's.
    pub run_as: Option<String>,
}

/// What was found.
pub struct Found {
    /// Every check, in the order in which a reader wants them.
    pub checks: Vec<Check>,
    /// What Unity Catalog said about each table, in the order of [`Wanted`]: sources, then the target.
    pub tables: Vec<Lookup>,
}

/// What Unity Catalog said about one table.
pub enum Lookup {
    There(Table),
    Absent,
    Unknown(&'static str),
}

impl Lookup {
    fn of(name: &TableName, answer: Result<Good, Fault>) -> Self {
        match answer {
            Ok(good) => match Table::parse(&good.bytes.to_vec()) {
                Ok(table) if is_of(&table, name) => Self::There(table),
                Ok(_) => Self::Unknown("Unity Catalog's answer is about another table"),
                Err(_) => Self::Unknown("Unity Catalog's answer cannot be read"),
            },
            Err(fault) if is_absent(&fault) => Self::Absent,
            Err(fault) => Self::Unknown(why(&fault)),
        }
    }

    /// The same for judging.
    pub fn found(&self) -> TableFound<'_> {
        match self {
            Self::There(table) => TableFound::There(table),
            Self::Absent => TableFound::Absent,
            Self::Unknown(why) => TableFound::Unknown(why),
        }
    }
}

/// Whether an answer about a table is about this one. A name that is not told is not held against it.
pub fn is_of(table: &Table, name: &TableName) -> bool {
    !table.full_name.contains('.') || compare_key(&table.full_name) == compare_key(&name.to_string())
}

/// Whether Databricks itself says that something is not there. A 404 without its words is the page of something in
/// front of it, and a request that it does not understand says nothing about what is there.
pub fn is_absent(fault: &Fault) -> bool {
    matches!(fault, Fault::Failed { failure: Failure::NotFound, spoken: true, .. })
}

/// Whether Databricks itself says that the account may not know.
pub fn is_denied(fault: &Fault) -> bool {
    matches!(fault, Fault::Failed { failure: Failure::Denied, spoken: true, .. })
}

fn why(fault: &Fault) -> &'static str {
    match fault {
        fault if is_denied(fault) => "the server's account may not ask",
        Fault::Failed { failure: Failure::Rejected, .. } => "Databricks does not understand the question",
        Fault::Failed { failure: Failure::RateLimited, .. } => "Databricks limits the number of requests",
        Fault::Slow => "Databricks did not answer in time",
        _ => "Databricks could not be asked",
    }
}

/// Checks everything, within the time until `until_ms`. Never fails for what Databricks says: what could not be found out
/// is `not_checked`.
pub async fn look(call: &mut Call, wanted: &Wanted, until_ms: f64) -> Result<Found, Refusal> {
    let state = Rc::clone(&call.state);
    let config = state.config.as_ref().map_err(|_| Refusal::from(crate::panics::problem()))?;
    let url = |path: &str| format!("{}{path}", config.upstream);

    let tables: Vec<&TableName> =
        wanted.sources.iter().map(|(table, _)| table).chain(&wanted.target).collect();
    let mut urls = vec![url(ME_PATH)];
    urls.extend(tables.iter().map(|table| url(&securable(table).path())));
    if let Some(id) = &wanted.warehouse {
        urls.extend([url(&Warehouse::path(id)), url(&warehouse_acl_path(id))]);
    }
    let mut answers = get_all(&state, config, &urls, until_ms, &mut call.upstream).await.into_iter();
    let mut next = || answers.next().unwrap_or(Err(Fault::Slow));
    let me = next()
        .and_then(|good| Identity::parse(&good.bytes.to_vec()).map_err(|_| Fault::Unreadable("no identity")));
    let looked: Vec<Lookup> = tables.iter().map(|name| Lookup::of(name, next())).collect();
    let warehouse = wanted.warehouse.as_ref().map(|id| (id, next(), next()));

    let mut checks = Vec::new();
    for (index, (table, lookup)) in tables.iter().zip(&looked).enumerate() {
        let columns = wanted.sources.get(index).map(|(_, columns)| columns.as_slice()).unwrap_or_default();
        let is_target = index >= wanted.sources.len();
        checks.extend(table_checks(table, &lookup.found(), columns, is_target));
    }
    let people = match &me {
        Ok(me) => people(call, me, wanted.run_as.as_deref()),
        Err(_) => Vec::new(),
    };
    if people.is_empty() {
        checks.push(Check {
            id: "identity".to_owned(),
            what: "identity",
            state: State::NotChecked,
            principal: None,
            privilege: None,
            securable: None,
            message: "not checked: any rights, because Databricks did not say whose account the server uses"
                .to_owned(),
            grant: None,
        });
    }
    let target = wanted.target.as_ref().map(|target| {
        let presence = match looked.last() {
            Some(Lookup::There(_)) => Presence::There,
            Some(Lookup::Absent) => Presence::Absent,
            _ => Presence::Unknown,
        };
        (target, presence)
    });
    let sources: Vec<TableName> = wanted.sources.iter().map(|(table, _)| table.clone()).collect();
    let mut needs = needs(&sources, target);
    let evidence = ask(call, &needs, &people, until_ms).await?;
    if let Some((target, Presence::Unknown)) = target {
        let on = securable(target);
        let said = evidence.iter().filter(|((about, _), _)| *about == on).map(|(_, said)| said);
        needs = settled(needs, &sources, target, said);
    }
    let mut owners: BTreeMap<Securable, Owner> = BTreeMap::new();
    for (table, lookup) in tables.iter().zip(&looked) {
        if let Lookup::There(Table { owner: Some(owner), .. }) = lookup {
            owners.insert(securable(table), Owner::Is(owner.clone()));
        }
    }
    owners_of_the_rest(call, &needs, &people, &evidence, &mut owners, until_ms).await?;
    for person in &people {
        for need in &needs {
            let said = evidence.get(&(need.on.clone(), person.principal.name.clone()));
            let said = said.unwrap_or(&Evidence::Unknown("there are too many tables"));
            let owner = match (owners.get(&need.on), me.as_ref()) {
                // Only of ourselves does "hidden from us" say anything.
                (Some(Owner::Hidden), Ok(me)) if me.name != person.principal.name => &Owner::Unknown,
                (Some(owner), _) => owner,
                (None, _) => &Owner::Unknown,
            };
            checks.push(judge(need, person, said, owner));
        }
    }
    if let Some((id, found, acl)) = warehouse {
        let found = match found.as_ref().map(|good| Warehouse::parse(&good.bytes.to_vec())) {
            Ok(Ok(warehouse)) if warehouse.id != *id => {
                WarehouseFound::Unknown("the answer is about another warehouse")
            }
            Ok(Ok(warehouse)) if warehouse.is_deleted() => WarehouseFound::Absent,
            Ok(Ok(warehouse)) => WarehouseFound::There {
                name: warehouse.name.unwrap_or(warehouse.id),
                state: warehouse.state.unwrap_or_default(),
            },
            Ok(Err(_)) => WarehouseFound::Unknown("the answer cannot be read"),
            Err(fault) if is_absent(fault) => WarehouseFound::Absent,
            Err(fault) => WarehouseFound::Unknown(why(fault)),
        };
        let acl = acl.ok().and_then(|good| parse_acl(&good.bytes.to_vec()).ok());
        checks.extend(warehouse_checks(id, &found, acl.as_deref(), &people));
    }
    Ok(Found { checks, tables: looked })
}

/// Longest time for the checks before a run.
const BEFORE_RUN_MS: f64 = 20_000.0;

/// How much could be found out before a run.
pub enum Known {
    /// Everything that matters to whose account runs it.
    All,
    /// Not everything.
    Some,
    /// Nothing.
    Nothing,
}

/// Checks everything that a run of `plan` needs, right before it is deployed or run. Refuses with the checks that failed
/// when something is missing; what could not be found out is no reason to refuse, the run itself will tell.
pub async fn before_run(call: &mut Call, plan: &plan::Plan) -> Result<Known, Refusal> {
    let name = |table: &plan::TableName| TableName::parse(&::sql::TablePath(table).to_string()).ok();
    let columns = plan.source.columns.as_deref().unwrap_or_default();
    let columns = columns.iter().map(|column| column.as_str().to_owned()).collect();
    let wanted = Wanted {
        sources: name(&plan.source.table).map(|table| (table, columns)).into_iter().collect(),
        target: name(&plan.target.table),
        warehouse: plan.execution.warehouse_id.clone(),
        run_as: call.state.config.as_ref().ok().and_then(|config| config.deploy.run_as.clone()),
    };
    let found = look(call, &wanted, js_sys::Date::now() + BEFORE_RUN_MS).await?;
    let missing: Vec<&Check> = found.checks.iter().filter(|check| check.state == State::Missing).collect();
    if !missing.is_empty() {
        let detail = "Nothing was done. `checks` says who lacks what, and the statement that would help.";
        let list = serde_json::to_value(&missing).unwrap_or_default();
        return Err(Problem::new(problem::PERMISSIONS_MISSING, detail).with("checks", list).into());
    }
    let unknown = |check: &&Check| check.state == State::NotChecked;
    if found.checks.iter().all(|check| unknown(&check)) {
        return Ok(Known::Nothing);
    }
    // A caller whom Databricks does not know is in no way unusual.
    let matters = |check: &&Check| check.principal.as_ref().is_none_or(|who| who.role == Role::RunAs);
    Ok(if found.checks.iter().filter(matters).any(|check| unknown(&check)) {
        Known::Some
    } else {
        Known::All
    })
}

/// Who calls and whose account runs it. In open mode that is the same: whoever sits at this machine uses its credential.
fn people(call: &Call, me: &Identity, run_as: Option<&str>) -> Vec<Person> {
    let caller = call.caller.as_deref().unwrap_or_default();
    let caller = if caller == "open" { me.name.as_str() } else { caller };
    let person = |name: &str, role, known| {
        let groups = (name == me.name).then(|| me.groups.clone());
        Person { principal: Principal { name: name.to_owned(), role }, known, groups }
    };
    vec![
        // Only addresses can be names that Databricks knows too.
        person(caller, Role::Caller, caller.contains('@') || caller == me.name),
        person(run_as.unwrap_or(&me.name), Role::RunAs, true),
    ]
}

type Asked = BTreeMap<(Securable, String), Evidence>;

/// The rights of everybody on everything, each asked once.
async fn ask(call: &mut Call, needs: &[Need], people: &[Person], until_ms: f64) -> Result<Asked, Refusal> {
    let state = Rc::clone(&call.state);
    let config = state.config.as_ref().map_err(|_| Refusal::from(crate::panics::problem()))?;
    let mut evidence = Asked::new();
    let mut open: Vec<((Securable, String), Option<String>)> = Vec::new();
    for person in people.iter().filter(|person| person.known) {
        for need in needs {
            let about = (need.on.clone(), person.principal.name.clone());
            if open.len() < MAX_QUESTIONS && !open.iter().any(|(known, _)| *known == about) {
                open.push((about, None));
            }
        }
    }
    for _ in 0..MAX_PAGES {
        if open.is_empty() {
            break;
        }
        let urls: Vec<String> = open
            .iter()
            .map(|((on, who), token)| {
                format!("{}{}", config.upstream, effective_permissions_path(on, who, token.as_deref()))
            })
            .collect();
        let answers = get_all(&state, config, &urls, until_ms, &mut call.upstream).await;
        let mut more = Vec::new();
        for ((about, _), answer) in open.into_iter().zip(answers) {
            let page = answer.and_then(|good| {
                PrivilegePage::parse(&good.bytes.to_vec())
                    .map_err(|_| Fault::Unreadable("no page of privileges"))
            });
            match page {
                Ok(page) => {
                    // With a filter the answer may name the group that conveys a right, so all of it counts.
                    let held = page.assignments.into_iter().map(|(_, privilege)| privilege);
                    match evidence.entry(about.clone()).or_insert_with(|| Evidence::Held(Vec::new())) {
                        Evidence::Held(known) => known.extend(held),
                        other => *other = Evidence::Held(held.collect()),
                    }
                    if let Some(token) = page.next_page_token {
                        more.push((about, Some(token)));
                    }
                }
                Err(fault) if is_absent(&fault) => {
                    evidence.insert(about, Evidence::Absent);
                }
                Err(Fault::Failed { failure: Failure::NoPrincipal, .. }) => {
                    evidence.insert(about, Evidence::Nobody);
                }
                Err(fault) => {
                    evidence.insert(about, Evidence::Unknown(why(&fault)));
                }
            }
        }
        open = more;
    }
    // A list that does not end within its pages proves only what is in it.
    for (about, _) in open {
        evidence.insert(about, Evidence::Unknown("the list of rights is too long"));
    }
    Ok(evidence)
}

/// Owners of catalogs and schemas, where a right is in no list.
async fn owners_of_the_rest(
    call: &mut Call,
    needs: &[Need],
    people: &[Person],
    evidence: &Asked,
    owners: &mut BTreeMap<Securable, Owner>,
    until_ms: f64,
) -> Result<(), Refusal> {
    let state = Rc::clone(&call.state);
    let config = state.config.as_ref().map_err(|_| Refusal::from(crate::panics::problem()))?;
    let lacking = |need: &Need| {
        people.iter().filter(|person| person.known).any(|person| {
            match evidence.get(&(need.on.clone(), person.principal.name.clone())) {
                Some(said @ Evidence::Held(_)) => {
                    judge(need, person, said, &Owner::Unknown).state != State::Ok
                }
                _ => false,
            }
        })
    };
    let mut open: Vec<Securable> = Vec::new();
    for need in needs.iter().filter(|need| lacking(need)) {
        if !owners.contains_key(&need.on) && !open.contains(&need.on) {
            open.push(need.on.clone());
        }
    }
    let urls: Vec<String> = open.iter().map(|on| format!("{}{}", config.upstream, on.path())).collect();
    let answers = get_all(&state, config, &urls, until_ms, &mut call.upstream).await;
    for (on, answer) in open.into_iter().zip(answers) {
        let owner = match answer {
            Ok(good) => match parse_owner(&good.bytes.to_vec()) {
                Ok(Some(owner)) => Owner::Is(owner),
                _ => Owner::Unknown,
            },
            Err(fault) if is_denied(&fault) => Owner::Hidden,
            Err(_) => Owner::Unknown,
        };
        owners.insert(on, owner);
    }
    Ok(())
}
