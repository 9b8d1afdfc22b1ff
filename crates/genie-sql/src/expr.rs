//! Expressions: what columns they use and what they are on the whole.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, ObjectNamePart, OrderBySort,
    Query as Ast, SelectItem, SetExpr, Value, Visit, Visitor, WindowType,
};

use crate::model::{Bound, Bucket, ColumnRef, LatestPerKey, MaxOf, OrderColumn, Role};
use crate::scope::{Found, Reading, Scope, push};

/// Functions whose first argument may be a unit that looks like a column.
const UNIT_FUNCTIONS: [&str; 10] = [
    "date_add",
    "dateadd",
    "date_diff",
    "datediff",
    "timestampadd",
    "timestampdiff",
    "date_trunc",
    "date_part",
    "extract",
    "trunc",
];

/// Words that can stand there.
const UNITS: [(&str, Option<&str>); 20] = [
    ("year", Some("year")),
    ("yyyy", Some("year")),
    ("yy", Some("year")),
    ("years", Some("year")),
    ("quarter", Some("quarter")),
    ("month", Some("month")),
    ("mm", Some("month")),
    ("mon", Some("month")),
    ("months", Some("month")),
    ("week", Some("week")),
    ("weeks", Some("week")),
    ("day", Some("day")),
    ("dd", Some("day")),
    ("days", Some("day")),
    ("hour", Some("hour")),
    ("hours", Some("hour")),
    ("minute", None),
    ("second", None),
    ("millisecond", None),
    ("microsecond", None),
];

/// The name of a function, in lower case, if it has one part.
pub(crate) fn name_of(function: &Function) -> String {
    match function.name.0.as_slice() {
        [ObjectNamePart::Identifier(name)] => name.value.to_lowercase(),
        _ => String::new(),
    }
}

/// The plain arguments of a function.
pub(crate) fn arguments(function: &Function) -> Vec<&Expr> {
    let FunctionArguments::List(list) = &function.args else { return Vec::new() };
    list.args
        .iter()
        .filter_map(|arg| match arg {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
            _ => None,
        })
        .collect()
}

/// The idents of a column, with or without its table in front.
fn idents(expr: &Expr) -> Option<&[Ident]> {
    match expr {
        Expr::Identifier(ident) => Some(std::slice::from_ref(ident)),
        Expr::CompoundIdentifier(idents) => Some(idents),
        Expr::Nested(inner) => self::idents(inner),
        _ => None,
    }
}

impl Reading<'_> {
    /// The column that `expr` is, if it is nothing else.
    pub fn plain(&self, expr: &Expr, scope: &Scope<'_>) -> Found {
        idents(expr).map(|i| self.resolve(i, scope)).unwrap_or_default()
    }

    /// The column that `expr` is when casts and functions that keep the order are taken away.
    pub fn bare(&self, expr: &Expr, scope: &Scope<'_>) -> Found {
        match expr {
            Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => self.bare(inner, scope),
            Expr::Function(function) => {
                let arguments = arguments(function);
                let inner = match (name_of(function).as_str(), arguments.as_slice()) {
                    ("date" | "to_date" | "to_timestamp" | "timestamp" | "try_to_timestamp", [first, ..])
                    | ("trunc", [first, _]) => first,
                    ("date_trunc", [_, second]) => second,
                    _ => return Found::default(),
                };
                self.bare(inner, scope)
            }
            _ => self.plain(expr, scope),
        }
    }

    /// The unit of time that `expr` cuts a column to.
    pub fn bucket(&self, expr: &Expr, alias: Option<String>, scope: &Scope<'_>) -> Option<Bucket> {
        let (inner, grain) = match expr {
            Expr::Nested(inner) => return self.bucket(inner, alias, scope),
            Expr::Cast { expr: inner, data_type: sqlparser::ast::DataType::Date, .. } => {
                // CAST(DATE_TRUNC('month', x) AS DATE) is a month.
                if let Some(bucket) = self.bucket(inner, alias.clone(), scope) {
                    return Some(bucket);
                }
                (inner.as_ref(), Some("day"))
            }
            Expr::Function(function) => {
                let arguments = arguments(function);
                match (name_of(function).as_str(), arguments.as_slice()) {
                    ("date_trunc", [unit, inner]) | ("trunc", [inner, unit]) => (*inner, unit_of(unit)),
                    ("date" | "to_date", [inner]) => {
                        if let Some(bucket) = self.bucket(inner, alias.clone(), scope) {
                            return Some(bucket);
                        }
                        (*inner, Some("day"))
                    }
                    _ => return None,
                }
            }
            _ => return None,
        };
        Some(Bucket { column: self.bare(inner, scope).column?, grain, alias })
    }

    /// What a column is compared with.
    pub fn bound(&self, expr: &Expr, scope: &Scope<'_>) -> (Bound, Option<ColumnRef>) {
        let mut scan = BoundScan { relative: false, column: false, maximum: None, depth: 0 };
        let _ = expr.visit(&mut scan);
        if let Some(query) = scan.maximum {
            let column = self.maximum_of(&query, scope);
            return (Bound::Maximum, column);
        }
        (
            match (scan.relative, scan.column) {
                (true, _) => Bound::Relative,
                (false, true) => Bound::Other,
                (false, false) => Bound::Fixed,
            },
            None,
        )
    }

    /// The column of `SELECT MAX(column) FROM table`.
    fn maximum_of(&self, query: &Ast, scope: &Scope<'_>) -> Option<ColumnRef> {
        let SetExpr::Select(select) = query.body.as_ref() else { return None };
        let mut inner = Scope { relations: Vec::new(), outer: None, env: scope.env.clone() };
        // A second, throw-away reading: the query itself is read when its expression is scanned.
        let mut reading = Reading { out: crate::model::Query::default(), known: self.known };
        for from in &select.from {
            reading.relation(&from.relation, &mut inner, Role::Subquery);
        }
        let [SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }] =
            select.projection.as_slice()
        else {
            return None;
        };
        let mut expr = expr;
        loop {
            match expr {
                Expr::Nested(next) | Expr::Cast { expr: next, .. } => expr = next,
                Expr::Function(function) => {
                    let first = arguments(function).first().copied()?;
                    match name_of(function).as_str() {
                        "max" => return reading.bare(first, &inner).column,
                        "coalesce" | "ifnull" | "nvl" | "date" | "to_date" => expr = first,
                        _ => return None,
                    }
                }
                _ => return None,
            }
        }
    }

    /// Notes the columns, sub-queries and functions in `expr`. `aliases` are names that may stand for results
    /// instead of columns; `grouped` tells whether there is a GROUP BY around.
    pub fn scan<V: Visit>(&mut self, expr: &V, scope: &Scope<'_>, aliases: &[String], grouped: bool) {
        let mut scan = Scan { reading: self, scope, aliases, grouped, hidden: Vec::new(), depth: 0 };
        let _ = expr.visit(&mut scan);
    }

    /// The `ROW_NUMBER` that `expr` is, as its place in the list.
    pub fn row_number(&mut self, expr: &Expr, scope: &Scope<'_>) -> Option<usize> {
        let Expr::Function(function) = expr else { return None };
        let Some(WindowType::WindowSpec(spec)) = &function.over else { return None };
        if name_of(function) != "row_number" || spec.partition_by.is_empty() {
            return None;
        }
        let partition_by: Option<Vec<ColumnRef>> =
            spec.partition_by.iter().map(|e| self.plain(e, scope).column).collect();
        let order_by: Vec<OrderColumn> = spec
            .order_by
            .iter()
            .filter_map(|o| {
                let column = self.bare(&o.expr, scope).column?;
                Some(OrderColumn { column, descending: matches!(o.options.sort, Some(OrderBySort::Desc)) })
            })
            .collect();
        let latest = LatestPerKey { partition_by: partition_by?, order_by, filtered: false };
        let same = |l: &LatestPerKey| l.partition_by == latest.partition_by && l.order_by == latest.order_by;
        match self.out.latest.iter().position(same) {
            Some(at) => Some(at),
            None => {
                push(&mut self.out.latest, latest);
                self.out.latest.len().checked_sub(1)
            }
        }
    }
}

/// The unit that a text, a placeholder of ours or a word names.
fn unit_of(expr: &Expr) -> Option<&'static str> {
    let text = match expr {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) | Value::DoubleQuotedString(text) => text.as_str(),
            Value::Placeholder(text) => text.trim_start_matches(':'),
            _ => return None,
        },
        Expr::Identifier(ident) => ident.value.as_str(),
        _ => return None,
    };
    UNITS.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)).and_then(|(_, unit)| *unit)
}

struct Scan<'s, 'r, 'k> {
    reading: &'s mut Reading<'k>,
    scope: &'s Scope<'r>,
    aliases: &'s [String],
    grouped: bool,
    /// Names that are no columns inside the expressions that are open: parameters of lambdas, units.
    hidden: Vec<String>,
    depth: usize,
}

impl Scan<'_, '_, '_> {
    fn column(&mut self, idents: &[Ident]) {
        if let [only] = idents {
            let folded = only.value.to_lowercase();
            if self.hidden.contains(&folded) {
                return;
            }
            if self.aliases.contains(&folded) && !self.surely(only) {
                return;
            }
        }
        if let Some(column) = self.reading.resolve(idents, self.scope).column {
            self.reading.uses(&column);
        }
    }

    /// Whether the name is known to be a column here.
    fn surely(&self, ident: &Ident) -> bool {
        let found = self.reading.resolve(std::slice::from_ref(ident), self.scope);
        found.column.and_then(|c| self.reading.known.has(&c.table?, &c.column.to_lowercase())) == Some(true)
    }

    fn hides(expr: &Expr) -> Vec<String> {
        match expr {
            Expr::Lambda(lambda) => lambda.params.iter().map(|p| p.name.value.to_lowercase()).collect(),
            Expr::Function(function) if UNIT_FUNCTIONS.contains(&name_of(function).as_str()) => {
                arguments(function)
                    .into_iter()
                    .filter_map(|a| match a {
                        Expr::Identifier(ident) => Some(ident.value.to_lowercase()),
                        _ => None,
                    })
                    .filter(|name| UNITS.iter().any(|(unit, _)| unit == name))
                    .take(1)
                    .collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Visitor for Scan<'_, '_, '_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Ast) -> ControlFlow<()> {
        if self.depth == 0 {
            self.reading.query(query, &self.scope.env, Some(self.scope), Role::Subquery);
        }
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Ast) -> ControlFlow<()> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        if self.depth > 0 {
            return ControlFlow::Continue(());
        }
        self.hidden.extend(Self::hides(expr));
        match expr {
            Expr::Identifier(ident) => self.column(std::slice::from_ref(ident)),
            Expr::CompoundIdentifier(idents) => self.column(idents),
            Expr::Function(function) => {
                let name = name_of(function);
                if function.over.is_some() {
                    if self.reading.row_number(expr, self.scope).is_none() && name != "row_number" {
                        push(&mut self.reading.out.windows, name);
                    }
                } else if name == "max"
                    && let [argument] = arguments(function).as_slice()
                    && let Some(column) = self.reading.bare(argument, self.scope).column
                {
                    push(&mut self.reading.out.maxima, MaxOf { column, grouped: self.grouped });
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        if self.depth == 0 {
            let length = self.hidden.len().saturating_sub(Self::hides(expr).len());
            self.hidden.truncate(length);
        }
        ControlFlow::Continue(())
    }
}

struct BoundScan {
    relative: bool,
    column: bool,
    maximum: Option<Box<Ast>>,
    depth: usize,
}

impl Visitor for BoundScan {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Ast) -> ControlFlow<()> {
        if self.depth == 0
            && self.maximum.is_none()
            && let SetExpr::Select(select) = query.body.as_ref()
            && let [SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }] =
                select.projection.as_slice()
        {
            let mut has = HasMax(false);
            let _ = expr.visit(&mut has);
            if has.0 {
                self.maximum = Some(Box::new(query.clone()));
            }
        }
        self.column |= self.depth == 0 && self.maximum.is_none();
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Ast) -> ControlFlow<()> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        if self.depth > 0 {
            return ControlFlow::Continue(());
        }
        match expr {
            Expr::Function(function) => {
                let clock =
                    ["current_date", "current_timestamp", "now", "curdate", "localtimestamp", "getdate"];
                self.relative |= clock.contains(&name_of(function).as_str());
            }
            Expr::Identifier(ident) => {
                let word = ident.value.to_lowercase();
                if ident.quote_style.is_none()
                    && matches!(word.as_str(), "current_date" | "current_timestamp")
                {
                    self.relative = true;
                } else if !UNITS.iter().any(|(unit, _)| *unit == word) {
                    self.column = true;
                }
            }
            Expr::CompoundIdentifier(_) => self.column = true,
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

struct HasMax(bool);

impl Visitor for HasMax {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        if let Expr::Function(function) = expr {
            self.0 |= name_of(function) == "max" && function.over.is_none();
        }
        ControlFlow::Continue(())
    }
}
