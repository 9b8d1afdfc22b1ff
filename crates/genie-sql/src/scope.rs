//! Which name means which table: CTEs, derived tables, aliases.

use sqlparser::ast::{Ident, ObjectName, ObjectNamePart, Query as Ast, SetExpr, TableAlias, TableFactor};

use crate::known::Known;
use crate::limits::MAX_ITEMS;
use crate::model::{ColumnRef, Query, Role, TableUse};

/// What has been read so far.
pub(crate) struct Reading<'a> {
    pub out: Query,
    pub known: &'a Known,
}

/// CTEs in sight, the innermost last.
#[derive(Debug, Clone, Default)]
pub(crate) struct Env(Vec<(String, Vec<Out>)>);

/// A column that a query gives out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Out {
    /// Its name, as it was written; `None` for an expression without one.
    pub name: Option<String>,
    /// The column that it passes on unchanged.
    pub origin: Option<ColumnRef>,
    /// The `ROW_NUMBER` in [`Query::latest`] that it is.
    pub latest: Option<usize>,
    /// All columns of this table.
    pub star: Option<String>,
}

/// What stands in a `FROM`.
#[derive(Debug, Clone)]
pub(crate) struct Relation {
    /// Alias, or the parts of the name; in lower case.
    names: Vec<String>,
    body: Body,
}

#[derive(Debug, Clone)]
enum Body {
    Table(String),
    Derived(Vec<Out>),
    /// A table function: its columns come from no table.
    Computed(Vec<String>),
}

/// The relations of one `SELECT`, and of those around it.
pub(crate) struct Scope<'a> {
    pub relations: Vec<Relation>,
    pub outer: Option<&'a Scope<'a>>,
    pub env: Env,
}

/// What a name turned out to be.
#[derive(Debug, Clone, Default)]
pub(crate) struct Found {
    pub column: Option<ColumnRef>,
    pub latest: Option<usize>,
}

pub(crate) fn push<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if list.len() < MAX_ITEMS && !list.contains(&item) {
        list.push(item);
    }
}

fn parts_of(name: &ObjectName) -> Option<Vec<String>> {
    name.0
        .iter()
        .map(|part| match part {
            ObjectNamePart::Identifier(ident) => Some(ident.value.to_lowercase()),
            ObjectNamePart::Function(_) => None,
        })
        .collect()
}

impl Reading<'_> {
    /// Reads a query and gives back its columns.
    pub fn query(&mut self, ast: &Ast, env: &Env, outer: Option<&Scope<'_>>, role: Role) -> Vec<Out> {
        let mut env = env.clone();
        if let Some(with) = &ast.with {
            for cte in &with.cte_tables {
                let name = cte.alias.name.value.to_lowercase();
                if with.recursive {
                    // The table that a recursive CTE refers to is itself.
                    env.0.push((name.clone(), Vec::new()));
                }
                let outs = self.query(&cte.query, &env, outer, role);
                env.0.push((name.clone(), renamed(outs, Some(&cte.alias))));
                push(&mut self.out.ctes, name);
            }
        }
        self.out.limited |= ast.limit_clause.is_some() || ast.fetch.is_some();
        self.body(&ast.body, ast, &env, outer, role)
    }

    fn body(
        &mut self,
        body: &SetExpr,
        ast: &Ast,
        env: &Env,
        outer: Option<&Scope<'_>>,
        role: Role,
    ) -> Vec<Out> {
        match body {
            SetExpr::Select(select) => self.select(select, ast, env, outer, role),
            SetExpr::Query(query) => self.query(query, env, outer, role),
            SetExpr::SetOperation { left, right, .. } => {
                self.out.set_operation = true;
                let outs = self.body(left, ast, env, outer, role);
                self.body(right, ast, env, outer, role);
                // A column of a union comes from two tables: from none that can be named.
                outs.into_iter().map(|out| Out { name: out.name, ..Out::default() }).collect()
            }
            SetExpr::Table(table) => {
                let parts: Vec<&str> = [table.schema_name.as_deref(), table.table_name.as_deref()]
                    .into_iter()
                    .flatten()
                    .collect();
                let name = parts.join(".").to_lowercase();
                self.table(&name, None, role);
                vec![Out { star: Some(name), ..Out::default() }]
            }
            _ => Vec::new(),
        }
    }

    /// Adds what `factor` brings into sight to `scope`.
    pub fn relation(&mut self, factor: &TableFactor, scope: &mut Scope<'_>, role: Role) {
        match factor {
            TableFactor::Table { name, alias, args: None, .. } => {
                let Some(parts) = parts_of(name) else { return };
                let alias_name = alias.as_ref().map(|a| a.name.value.to_lowercase());
                let cte = match parts.as_slice() {
                    [only] => scope.env.0.iter().rev().find(|(n, _)| n == only).map(|(_, outs)| outs.clone()),
                    _ => None,
                };
                let body = match cte {
                    Some(outs) => Body::Derived(renamed(outs, alias.as_ref())),
                    None => {
                        let full = parts.join(".");
                        self.table(&full, alias_name.clone(), role);
                        Body::Table(full)
                    }
                };
                let names = alias_name.map_or(parts, |a| vec![a]);
                scope.relations.push(Relation { names, body });
            }
            TableFactor::Derived { subquery, alias, .. } => {
                let outs = self.query(subquery, &scope.env.clone(), Some(scope), role);
                let names = alias.iter().map(|a| a.name.value.to_lowercase()).collect();
                let body = Body::Derived(renamed(outs, alias.as_ref()));
                scope.relations.push(Relation { names, body });
            }
            TableFactor::NestedJoin { table_with_joins, .. } => {
                self.relation(&table_with_joins.relation, scope, role);
                for join in &table_with_joins.joins {
                    self.relation(&join.relation, scope, Role::Join);
                }
            }
            TableFactor::Pivot { table, .. } | TableFactor::Unpivot { table, .. } => {
                self.relation(table, scope, role);
            }
            TableFactor::Table { alias, .. }
            | TableFactor::TableFunction { alias, .. }
            | TableFactor::Function { alias, .. }
            | TableFactor::UNNEST { alias, .. } => {
                let columns =
                    alias.iter().flat_map(|a| &a.columns).map(|c| c.name.value.to_lowercase()).collect();
                let names = alias.iter().map(|a| a.name.value.to_lowercase()).collect();
                scope.relations.push(Relation { names, body: Body::Computed(columns) });
            }
            _ => {}
        }
    }

    fn table(&mut self, name: &str, alias: Option<String>, role: Role) {
        let at = match self.out.tables.iter().position(|t| t.name == name) {
            Some(at) => at,
            None if self.out.tables.len() < MAX_ITEMS => {
                self.out.tables.push(TableUse {
                    name: name.to_owned(),
                    aliases: Vec::new(),
                    roles: Vec::new(),
                    columns: Vec::new(),
                });
                self.out.tables.len() - 1
            }
            None => return,
        };
        if let Some(table) = self.out.tables.get_mut(at) {
            push(&mut table.roles, role);
            if let Some(alias) = alias {
                push(&mut table.aliases, alias);
            }
        }
    }

    /// Notes that a column is used.
    pub fn uses(&mut self, column: &ColumnRef) {
        match &column.table {
            Some(name) => {
                if let Some(table) = self.out.tables.iter_mut().find(|t| t.name == *name)
                    && !table.columns.iter().any(|c| c.to_lowercase() == column.column.to_lowercase())
                {
                    push(&mut table.columns, column.column.clone());
                }
            }
            None => push(&mut self.out.unresolved, column.column.clone()),
        }
    }

    /// What a name means. `None` if it is no column of a table, such as the result of a table function.
    pub fn resolve(&self, idents: &[Ident], scope: &Scope<'_>) -> Found {
        let names: Vec<String> = idents.iter().map(|i| i.value.to_lowercase()).collect();
        let Some(first) = idents.first() else { return Found::default() };
        // `alias.column`, `table.column`, `catalog.schema.table.column`, and what follows is a field of a struct.
        let mut at = Some(scope);
        while let Some(level) = at {
            for relation in &level.relations {
                let longest =
                    (1..idents.len()).rev().find(|n| relation.called(names.get(..*n).unwrap_or_default()));
                if let Some(column) = longest.and_then(|n| idents.get(n)) {
                    return self.column_of(relation, column).unwrap_or_default();
                }
            }
            at = level.outer;
        }
        let mut at = Some(scope);
        while let Some(level) = at {
            if let [only] = level.relations.as_slice() {
                let found = self.column_of(only, first);
                if found.is_some() || level.outer.is_none() {
                    return found.unwrap_or_default();
                }
            } else {
                let sure = |r: &&Relation| self.surely_has(r, first);
                let mut having = level.relations.iter().filter(sure);
                if let (Some(relation), None) = (having.next(), having.next()) {
                    return self.column_of(relation, first).unwrap_or_default();
                }
                // One table about which nothing is known beside others that are known not to have it.
                let mut maybe = level.relations.iter().filter(|r| self.column_of(r, first).is_some());
                if let (Some(relation), None) = (maybe.next(), maybe.next()) {
                    return self.column_of(relation, first).unwrap_or_default();
                }
            }
            at = level.outer;
        }
        Found { column: Some(ColumnRef { table: None, column: first.value.clone() }), latest: None }
    }

    /// The column of `relation` called `name`; `None` if it has none.
    fn column_of(&self, relation: &Relation, name: &Ident) -> Option<Found> {
        let folded = name.value.to_lowercase();
        let of_table = |table: &str| {
            (self.known.has(table, &folded) != Some(false)).then(|| Found {
                column: Some(ColumnRef { table: Some(table.to_owned()), column: name.value.clone() }),
                latest: None,
            })
        };
        match &relation.body {
            Body::Table(table) => of_table(table),
            Body::Computed(columns) => columns.contains(&folded).then(Found::default),
            Body::Derived(outs) => {
                let named = |o: &&Out| o.name.as_ref().is_some_and(|n| n.to_lowercase() == folded);
                if let Some(out) = outs.iter().find(named) {
                    return Some(Found { column: out.origin.clone(), latest: out.latest });
                }
                let mut stars = outs.iter().filter_map(|o| o.star.as_deref().and_then(of_table));
                let found = stars.next()?;
                stars.next().is_none().then_some(found)
            }
        }
    }

    fn surely_has(&self, relation: &Relation, name: &Ident) -> bool {
        let folded = name.value.to_lowercase();
        match &relation.body {
            Body::Table(table) => self.known.has(table, &folded) == Some(true),
            Body::Computed(columns) => columns.contains(&folded),
            Body::Derived(outs) => outs.iter().any(|o| {
                o.name.as_ref().is_some_and(|n| n.to_lowercase() == folded)
                    || o.star.as_ref().is_some_and(|t| self.known.has(t, &folded) == Some(true))
            }),
        }
    }
}

impl Relation {
    /// Adds a table function's result, such as that of LATERAL VIEW.
    pub fn computed(name: &str, columns: &[Ident]) -> Self {
        Self {
            names: vec![name.to_lowercase()],
            body: Body::Computed(columns.iter().map(|c| c.value.to_lowercase()).collect()),
        }
    }

    /// Whether `names` is its alias, its full name or the end of its full name.
    fn called(&self, names: &[String]) -> bool {
        !names.is_empty() && self.names.ends_with(names)
    }

    /// What `*` gives out.
    pub fn star(&self) -> Vec<Out> {
        match &self.body {
            Body::Table(table) => vec![Out { star: Some(table.clone()), ..Out::default() }],
            Body::Derived(outs) => outs.clone(),
            Body::Computed(columns) => {
                columns.iter().map(|c| Out { name: Some(c.clone()), ..Out::default() }).collect()
            }
        }
    }

    /// Whether `alias.*` means it.
    pub fn is_called(&self, name: &ObjectName) -> bool {
        parts_of(name).is_some_and(|parts| self.called(&parts))
    }
}

fn renamed(mut outs: Vec<Out>, alias: Option<&TableAlias>) -> Vec<Out> {
    // A list of names counts from the left; a star in front of them would shift the count.
    let names = alias.map(|a| a.columns.as_slice()).unwrap_or_default();
    if !names.is_empty() && outs.iter().all(|o| o.star.is_none()) {
        for (out, column) in outs.iter_mut().zip(names) {
            out.name = Some(column.name.value.clone());
        }
    }
    outs
}
