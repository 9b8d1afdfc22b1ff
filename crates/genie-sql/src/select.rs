//! One `SELECT`: relations, filters, groups, and the columns it gives out.

use sqlparser::ast::{
    BinaryOperator, DuplicateTreatment, Expr, FunctionArguments, GroupByExpr, JoinConstraint, JoinOperator,
    ObjectNamePart, OrderByKind, Query as Ast, Select, SelectItem, SelectItemQualifiedWildcardKind, Value,
};

use crate::expr::{arguments, name_of};
use crate::model::{Aggregate, Bound, Grouping, Join, Range, Role};
use crate::scope::{Env, Out, Reading, Relation, Scope, push};

const AGGREGATES: [&str; 5] = ["count", "sum", "min", "max", "avg"];
/// Further functions that make one value of many rows; what they compute is not described.
const OTHER_AGGREGATES: [&str; 18] = [
    "approx_count_distinct",
    "approx_percentile",
    "percentile",
    "percentile_approx",
    "median",
    "mean",
    "stddev",
    "variance",
    "collect_list",
    "collect_set",
    "array_agg",
    "max_by",
    "min_by",
    "any_value",
    "first",
    "last",
    "count_if",
    "measure",
];

impl Reading<'_> {
    pub(crate) fn select(
        &mut self,
        select: &Select,
        ast: &Ast,
        env: &Env,
        outer: Option<&Scope<'_>>,
        role: Role,
    ) -> Vec<Out> {
        let mut scope = Scope { relations: Vec::new(), outer, env: env.clone() };
        for (n, from) in select.from.iter().enumerate() {
            let first = if n == 0 || role == Role::Subquery { role } else { Role::Join };
            self.relation(&from.relation, &mut scope, first);
            for join in &from.joins {
                let joined = if role == Role::Subquery { role } else { Role::Join };
                self.relation(&join.relation, &mut scope, joined);
            }
        }
        for view in &select.lateral_views {
            let name = view.lateral_view_name.0.last();
            let name = name.and_then(|part| match part {
                ObjectNamePart::Identifier(ident) => Some(ident.value.as_str()),
                ObjectNamePart::Function(_) => None,
            });
            scope.relations.push(Relation::computed(name.unwrap_or_default(), &view.lateral_col_alias));
        }
        self.out.distinct |= select.distinct.is_some();
        let grouped = match &select.group_by {
            GroupByExpr::All(_) => true,
            GroupByExpr::Expressions(list, _) => !list.is_empty(),
        };
        let outs = self.projection(select, &scope, grouped);
        let aliases: Vec<String> = select
            .projection
            .iter()
            .filter_map(|item| match item {
                SelectItem::ExprWithAlias { alias, .. } => Some(alias.value.to_lowercase()),
                _ => None,
            })
            .collect();
        for from in &select.from {
            for join in &from.joins {
                if let Some(constraint) = constraint(&join.join_operator) {
                    self.constraint(constraint, &scope);
                }
            }
        }
        for view in &select.lateral_views {
            self.scan(&view.lateral_view, &scope, &[], grouped);
        }
        if let Some(filter) = &select.selection {
            self.scan(filter, &scope, &[], grouped);
            self.conditions(filter, &scope);
        }
        if grouped {
            self.grouping(select, &scope);
            if let GroupByExpr::Expressions(list, _) = &select.group_by {
                self.scan(list, &scope, &aliases, grouped);
            }
        }
        if let Some(having) = &select.having {
            self.scan(having, &scope, &aliases, grouped);
        }
        if let Some(qualify) = &select.qualify {
            self.scan(qualify, &scope, &aliases, grouped);
            self.qualify(qualify, &scope, &outs);
        }
        if let Some(order) = &ast.order_by
            && let OrderByKind::Expressions(list) = &order.kind
        {
            self.scan(list, &scope, &aliases, grouped);
        }
        outs
    }

    fn projection(&mut self, select: &Select, scope: &Scope<'_>, grouped: bool) -> Vec<Out> {
        let mut outs = Vec::new();
        for item in &select.projection {
            match item {
                SelectItem::Wildcard(_) => outs.extend(scope.relations.iter().flat_map(Relation::star)),
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) => {
                    let called = scope.relations.iter().find(|r| r.is_called(name));
                    outs.extend(called.map(Relation::star).unwrap_or_default());
                }
                SelectItem::QualifiedWildcard(..) => {}
                SelectItem::UnnamedExpr(expr) => outs.push(self.out_of(expr, None, scope, grouped)),
                SelectItem::ExprWithAlias { expr, alias } => {
                    outs.push(self.out_of(expr, Some(alias.value.clone()), scope, grouped));
                }
                SelectItem::ExprWithAliases { expr, aliases } => {
                    self.scan(expr, scope, &[], grouped);
                    outs.extend(
                        aliases.iter().map(|a| Out { name: Some(a.value.clone()), ..Out::default() }),
                    );
                }
            }
        }
        outs
    }

    fn out_of(&mut self, expr: &Expr, alias: Option<String>, scope: &Scope<'_>, grouped: bool) -> Out {
        self.scan(expr, scope, &[], grouped);
        let latest = self.row_number(expr, scope);
        let found = self.plain(expr, scope);
        let own = match expr {
            Expr::Identifier(ident) => Some(ident.value.clone()),
            Expr::CompoundIdentifier(idents) => idents.last().map(|i| i.value.clone()),
            _ => None,
        };
        Out { name: alias.or(own), origin: found.column, latest: latest.or(found.latest), star: None }
    }

    fn constraint(&mut self, constraint: &JoinConstraint, scope: &Scope<'_>) {
        match constraint {
            JoinConstraint::On(expr) => {
                self.scan(expr, scope, &[], false);
                self.conditions(expr, scope);
            }
            JoinConstraint::Using(names) => {
                for name in names {
                    let Some(ObjectNamePart::Identifier(ident)) = name.0.first() else { continue };
                    // The column of a USING belongs to every table before it; the tables are named by the others.
                    let mut sides = scope.relations.iter().filter_map(|relation| {
                        let only =
                            Scope { relations: vec![relation.clone()], outer: None, env: Env::default() };
                        self.resolve(std::slice::from_ref(ident), &only).column
                    });
                    if let (Some(left), Some(right)) = (sides.next(), sides.next_back()) {
                        self.uses(&left);
                        self.uses(&right);
                        push(&mut self.out.joins, Join { left, right });
                    }
                }
            }
            JoinConstraint::Natural | JoinConstraint::None => {}
        }
    }

    /// The parts of a condition that are joined by AND.
    fn conditions(&mut self, expr: &Expr, scope: &Scope<'_>) {
        for part in conjuncts(expr) {
            match part {
                Expr::BinaryOp { left, op, right } => self.comparison(left, op, right, scope),
                Expr::Between { expr, negated: false, low, .. } => {
                    if let Some(column) = self.bare(expr, scope).column {
                        let (bound, maximum) = self.bound(low, scope);
                        self.range(Range { column, lower: true, upper: true, bound, maximum });
                    }
                }
                Expr::InList { expr, negated: false, .. } => {
                    if let Some(column) = self.bare(expr, scope).column {
                        push(&mut self.out.equals, column);
                    }
                }
                _ => {}
            }
        }
    }

    fn comparison(&mut self, left: &Expr, op: &BinaryOperator, right: &Expr, scope: &Scope<'_>) {
        let above = matches!(op, BinaryOperator::Gt | BinaryOperator::GtEq);
        let below = matches!(op, BinaryOperator::Lt | BinaryOperator::LtEq);
        let equal = matches!(op, BinaryOperator::Eq | BinaryOperator::Spaceship);
        let (of_left, of_right) = (self.bare(left, scope), self.bare(right, scope));
        if let Some(latest) = of_left.latest.or(of_right.latest).filter(|_| equal || below || above) {
            self.filtered(latest);
            return;
        }
        match (of_left.column, of_right.column) {
            (Some(left), Some(right)) if equal && left.table != right.table => {
                push(&mut self.out.joins, Join { left, right });
            }
            (Some(column), None) if equal => {
                if let (Bound::Fixed | Bound::Relative, _) = self.bound(right, scope) {
                    push(&mut self.out.equals, column);
                }
            }
            (None, Some(column)) if equal => push(&mut self.out.equals, column),
            (Some(column), None) if above || below => {
                let (bound, maximum) = self.bound(right, scope);
                self.range(Range { column, lower: above, upper: below, bound, maximum });
            }
            (None, Some(column)) if above || below => {
                let (bound, maximum) = self.bound(left, scope);
                self.range(Range { column, lower: below, upper: above, bound, maximum });
            }
            _ => {}
        }
    }

    /// Bounds of one column become one range.
    fn range(&mut self, range: Range) {
        match self.out.ranges.iter_mut().find(|r| r.column == range.column) {
            Some(known) => {
                known.lower |= range.lower;
                known.upper |= range.upper;
                if range.bound > known.bound {
                    known.bound = range.bound;
                    known.maximum = range.maximum;
                }
            }
            None => push(&mut self.out.ranges, range),
        }
    }

    fn qualify(&mut self, expr: &Expr, scope: &Scope<'_>, outs: &[Out]) {
        for part in conjuncts(expr) {
            let Expr::BinaryOp { left, .. } = part else { continue };
            let by_alias = match left.as_ref() {
                Expr::Identifier(ident) => outs
                    .iter()
                    .find(|o| o.name.as_ref().is_some_and(|n| n.eq_ignore_ascii_case(&ident.value)))
                    .and_then(|o| o.latest),
                _ => None,
            };
            if let Some(latest) = by_alias.or_else(|| self.row_number(left, scope)) {
                self.filtered(latest);
            }
        }
    }

    fn filtered(&mut self, latest: usize) {
        if let Some(latest) = self.out.latest.get_mut(latest) {
            latest.filtered = true;
        }
    }

    fn grouping(&mut self, select: &Select, scope: &Scope<'_>) {
        let mut grouping =
            Grouping { by: Vec::new(), buckets: Vec::new(), aggregates: Vec::new(), complete: true };
        let items: Vec<(&Expr, Option<String>)> = select
            .projection
            .iter()
            .filter_map(|item| match item {
                SelectItem::UnnamedExpr(expr) => Some((expr, None)),
                SelectItem::ExprWithAlias { expr, alias } => Some((expr, Some(alias.value.clone()))),
                _ => None,
            })
            .collect();
        grouping.complete &= items.len() == select.projection.len();
        let rest = || items.iter().filter(|(e, _)| !aggregates(e)).cloned();
        let mut keys: Vec<(&Expr, Option<String>)> = Vec::new();
        match &select.group_by {
            GroupByExpr::All(_) => keys.extend(rest()),
            GroupByExpr::Expressions(list, modifiers) => {
                grouping.complete &= modifiers.is_empty();
                for expr in list {
                    match position(expr) {
                        Some(Some(n)) => keys.extend(n.checked_sub(1).and_then(|n| items.get(n)).cloned()),
                        // `GROUP BY :num`: what is not aggregated is what is grouped by.
                        Some(None) => keys.extend(rest()),
                        None => {
                            let same = items.iter().find(|(e, alias)| {
                                *e == expr
                                    || matches!((expr, alias), (Expr::Identifier(i), Some(a)) if i.value.eq_ignore_ascii_case(a))
                            });
                            keys.push(same.cloned().unwrap_or((expr, None)));
                        }
                    }
                }
            }
        }
        for (expr, alias) in keys {
            if let Some(column) = self.plain(expr, scope).column {
                push(&mut grouping.by, column);
            } else if let Some(bucket) = self.bucket(expr, alias, scope) {
                push(&mut grouping.buckets, bucket);
            } else {
                grouping.complete = false;
            }
        }
        for (expr, alias) in items.iter().filter(|(e, _)| aggregates(e)) {
            match self.aggregate(expr, alias.clone(), scope) {
                Some(aggregate) => push(&mut grouping.aggregates, aggregate),
                None => grouping.complete = false,
            }
        }
        push(&mut self.out.groupings, grouping);
    }

    fn aggregate(&self, expr: &Expr, alias: Option<String>, scope: &Scope<'_>) -> Option<Aggregate> {
        let Expr::Function(function) = expr else { return None };
        let name = name_of(function);
        let function_name = AGGREGATES.iter().find(|a| **a == name)?;
        if function.over.is_some() || function.filter.is_some() {
            return None;
        }
        let FunctionArguments::List(list) = &function.args else { return None };
        let distinct = list.duplicate_treatment == Some(DuplicateTreatment::Distinct);
        let column = match arguments(function).as_slice() {
            // COUNT(*); COUNT(1) counts rows as well.
            [] if name == "count" && list.args.len() == 1 => None,
            [Expr::Value(_)] if name == "count" && !distinct => None,
            [argument] => Some(self.plain(argument, scope).column?),
            _ => return None,
        };
        let function = match (distinct, *function_name) {
            (true, "count") => "count_distinct",
            (true, "sum" | "avg") => return None,
            (_, name) => name,
        };
        Some(Aggregate { function, column, alias })
    }
}

/// Whether `expr` has an aggregate in it, not counting windows.
fn aggregates(expr: &Expr) -> bool {
    use std::ops::ControlFlow;
    let found = sqlparser::ast::visit_expressions(expr, |e| match e {
        Expr::Function(f)
            if f.over.is_none() && AGGREGATES.iter().chain(&OTHER_AGGREGATES).any(|a| *a == name_of(f)) =>
        {
            ControlFlow::Break(())
        }
        _ => ControlFlow::Continue(()),
    });
    found.is_break()
}

/// `Some(n)` for a position in the select list: its number, or `None` if redaction took it.
fn position(expr: &Expr) -> Option<Option<usize>> {
    let Expr::Value(value) = expr else { return None };
    match &value.value {
        Value::Number(number, _) => Some(number.to_string().parse().ok()),
        Value::Placeholder(_) => Some(None),
        _ => None,
    }
}

fn conjuncts(expr: &Expr) -> Vec<&Expr> {
    let mut parts = Vec::new();
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        match expr {
            Expr::Nested(inner) => open.push(inner),
            Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
                open.push(right);
                open.push(left);
            }
            other => parts.push(other),
        }
    }
    parts
}

fn constraint(operator: &JoinOperator) -> Option<&JoinConstraint> {
    match operator {
        JoinOperator::Join(c)
        | JoinOperator::Inner(c)
        | JoinOperator::Left(c)
        | JoinOperator::LeftOuter(c)
        | JoinOperator::Right(c)
        | JoinOperator::RightOuter(c)
        | JoinOperator::FullOuter(c)
        | JoinOperator::CrossJoin(c)
        | JoinOperator::Semi(c)
        | JoinOperator::LeftSemi(c)
        | JoinOperator::RightSemi(c)
        | JoinOperator::Anti(c)
        | JoinOperator::LeftAnti(c)
        | JoinOperator::RightAnti(c)
        | JoinOperator::AsOf { constraint: c, .. }
        | JoinOperator::StraightJoin(c) => Some(c),
        _ => None,
    }
}
