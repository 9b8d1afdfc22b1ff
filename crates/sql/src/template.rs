//! Statements and sentences as templates with places for what a plan says.
//!
//! A template is written down in this crate and reads like the SQL that comes out of it. In braces stand:
//!
//! | | |
//! |---|---|
//! | `{target}` | a part of the plan, by its name; nothing if the plan has none of that name |
//! | `{columns:4}` | a list of columns, which goes on in lines with four more spaces than its template has |
//! | `{t.flag}`, `{s.columns:4}` | columns behind an alias |
//! | `{t=s.keys:3}` | `t.x <=> s.x AND ...` |
//! | `{t~s.values:4}` | the same to detect changes: maps and variants as JSON, many columns in brackets |
//! | `{=s.values:4}` | `x = s.x, ...` |
//! | `{keys@hash:6}` | a list of which each item is written by the template `hash`, as `{it}` |
//! | `{keys?}...{\|}...{/}` | one or the other, by whether the plan has such a part |
//!
//! A part may be a template itself; its lines then have as many more spaces as stand behind the colon.

use plan::{Aggregate, AggregateFunction, ColumnName, NameSet, OrderBy, TableName};

use crate::build::Build;
use crate::patterns::SHARED;
use crate::text::{Literal, Sql};

/// What a place is filled with.
pub(crate) enum Part<'a> {
    /// There is no such part any more.
    None,
    Column(&'a ColumnName),
    /// Never empty.
    Columns(Vec<&'a ColumnName>),
    Table(&'a TableName),
    Literal(Literal<'a>),
    /// Another template; an empty one only says that something is so.
    Text(&'static str),
    /// `WHERE` with the plan's predicates, each in a line.
    Filter,
    /// The items of an `ORDER BY`, largest first where it says so, and then what leaves no two different rows of a key in
    /// any order.
    Order(Vec<(&'a ColumnName, bool)>),
    /// Aggregates, each in a line behind a comma.
    Aggregates(&'a [Aggregate]),
    /// Table properties.
    Properties(&'a [(String, String)]),
    /// The source in another order of columns: what it lacks is NULL, and the column `day` is the date of the run.
    Reordered(&'a [ColumnName]),
    /// Words for a sentence. Never written into a statement.
    Words(String),
}

/// The order that a plan gives.
#[inline(never)]
pub(crate) fn ordered(order: &[OrderBy]) -> Part<'_> {
    let mut items = Vec::new();
    for item in order {
        items.push((&item.column, item.descending));
    }
    Part::Order(items)
}

/// The flag of something that is so.
pub(crate) const YES: Part<'_> = Part::Text("");

/// The parts of a plan by their names. Of two with one name the later counts.
pub(crate) struct Parts<'a> {
    build: &'a Build<'a>,
    list: Vec<(&'static str, Part<'a>)>,
    /// What counts where the list has no part of a name.
    below: Option<&'a Parts<'a>>,
}

/// One step through a template.
enum Step {
    Text(&'static str),
    Place(Place),
}

struct Place {
    /// Aliases: none, one, or two around a mark.
    left: &'static str,
    mark: Option<char>,
    right: &'static str,
    name: &'static str,
    each: &'static str,
    indent: usize,
}

impl Place {
    fn read(text: &'static str) -> Self {
        let (text, indent) = text.split_once(':').unwrap_or((text, "0"));
        let (aliases, name) = text.split_once('.').unwrap_or(("", text));
        let (name, each) = name.split_once('@').unwrap_or((name, ""));
        let mark = aliases.chars().find(|c| matches!(c, '=' | '~'));
        let (left, right) = mark.and_then(|mark| aliases.split_once(mark)).unwrap_or(("", aliases));
        let indent = indent.bytes().fold(0, |number, digit| number * 10 + usize::from(digit & 15));
        Self { left, mark, right, name, each, indent }
    }
}

/// The steps that are taken, which conditions decide.
struct Steps<'p, 'a> {
    parts: &'p Parts<'a>,
    rest: &'static str,
    /// How many conditions are open, and which of them is not met.
    depth: usize,
    left_out: usize,
}

impl Iterator for Steps<'_, '_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let (text, rest) = if let Some(place) = self.rest.strip_prefix('{') {
                let (place, rest) = place.split_once('}')?;
                self.rest = rest;
                if let Some(step) = self.place(place) {
                    return Some(step);
                }
                continue;
            } else {
                let end = self.rest.find('{').unwrap_or(self.rest.len());
                self.rest.split_at_checked(end)?
            };
            self.rest = rest;
            if self.left_out == 0 {
                return Some(Step::Text(text));
            }
        }
    }
}

impl Steps<'_, '_> {
    fn place(&mut self, place: &'static str) -> Option<Step> {
        let open = self.left_out == 0;
        if let Some(name) = place.strip_suffix('?') {
            self.depth += 1;
            if open && self.parts.get(name).is_none() {
                self.left_out = self.depth;
            }
        } else if matches!(place, "|" | "/") {
            if self.left_out == self.depth {
                self.left_out = 0;
            } else if open && place == "|" {
                self.left_out = self.depth;
            }
            self.depth -= usize::from(place == "/");
        } else if open {
            return Some(Step::Place(Place::read(place)));
        }
        None
    }
}

impl<'a> Parts<'a> {
    pub(crate) fn new(build: &'a Build<'a>) -> Self {
        Self { build, list: Vec::new(), below: None }
    }

    /// The same parts, to which others can be added.
    pub(crate) fn over(&'a self) -> Self {
        Self { build: self.build, list: Vec::new(), below: Some(self) }
    }

    #[inline(never)]
    pub(crate) fn set(&mut self, name: &'static str, part: Part<'a>) {
        self.list.push((name, part));
    }

    /// Sets a part that may be missing.
    pub(crate) fn may(&mut self, name: &'static str, part: Option<Part<'a>>) {
        if let Some(part) = part {
            self.set(name, part);
        }
    }

    /// Sets a list of columns, if it has any.
    #[inline(never)]
    pub(crate) fn columns(&mut self, name: &'static str, columns: Vec<&'a ColumnName>) {
        if !columns.is_empty() {
            self.set(name, Part::Columns(columns));
        }
    }

    /// Sets one list of columns after the other, if there is any.
    #[inline(never)]
    pub(crate) fn join(&mut self, name: &'static str, lists: &[&'a [ColumnName]]) {
        let mut columns = Vec::new();
        for list in lists {
            for column in *list {
                columns.push(column);
            }
        }
        self.columns(name, columns);
    }

    /// Sets one column.
    pub(crate) fn column(&mut self, name: &'static str, column: &'a ColumnName) {
        self.set(name, Part::Column(column));
    }

    /// Sets a flag, if it is so.
    #[inline(never)]
    pub(crate) fn flag(&mut self, name: &'static str, is_so: bool) {
        if is_so {
            self.set(name, YES);
        }
    }

    /// Takes a part away.
    pub(crate) fn remove(&mut self, name: &'static str) {
        self.set(name, Part::None);
    }

    #[inline(never)]
    pub(crate) fn get(&self, name: &str) -> Option<&Part<'a>> {
        let mut parts = Some(self);
        while let Some(Self { list, below, .. }) = parts {
            for (key, part) in list.iter().rev() {
                if *key == name {
                    return if matches!(part, Part::None) { None } else { Some(part) };
                }
            }
            parts = *below;
        }
        for (key, part) in SHARED {
            if *key == name {
                return Some(part);
            }
        }
        None
    }

    /// The columns of a part: one, several, or none.
    pub(crate) fn list(&self, name: &str) -> &[&'a ColumnName] {
        match self.get(name) {
            Some(Part::Column(column)) => std::slice::from_ref(column),
            Some(Part::Columns(columns)) => columns,
            _ => &[],
        }
    }

    fn steps(&self, template: &'static str) -> Steps<'_, 'a> {
        Steps { parts: self, rest: template, depth: 0, left_out: 0 }
    }

    /// The statement of a template.
    pub(crate) fn sql(&self, template: &'static str) -> String {
        let mut sql = self.build.sql();
        self.write(&mut sql, template, 0);
        sql.finish()
    }

    pub(crate) fn write(&self, sql: &mut Sql, template: &'static str, base: usize) {
        for step in self.steps(template) {
            match step {
                Step::Text(text) => {
                    for (n, line) in text.split('\n').enumerate() {
                        if n > 0 {
                            sql.line(base);
                        }
                        sql.push(line);
                    }
                }
                Step::Place(place) => self.fill(sql, &place, base + place.indent),
            }
        }
    }

    fn fill(&self, sql: &mut Sql, place: &Place, indent: usize) {
        let Some(part) = self.get(place.name) else { return };
        match part {
            Part::Text(template) => self.write(sql, template, indent),
            Part::Table(table) => sql.table(table),
            Part::Literal(literal) => sql.literal(*literal),
            Part::Filter => self.build.filter(sql, indent),
            Part::Order(order) => self.order(sql, indent, order),
            Part::Aggregates(aggregates) => {
                for aggregate in *aggregates {
                    self.aggregate(sql, indent, aggregate);
                }
            }
            Part::Properties(properties) => {
                sql.list(*properties, ",", indent, |sql, (key, value)| {
                    sql.literal(Literal::Text(key));
                    sql.push(" = ");
                    sql.literal(Literal::Text(value));
                });
            }
            Part::Reordered(order) => self.reordered(sql, indent, order),
            Part::None | Part::Words(_) => {}
            Part::Column(_) | Part::Columns(_) => self.listed(sql, place, indent, self.list(place.name)),
        }
    }

    fn listed(&self, sql: &mut Sql, place: &Place, indent: usize, columns: &[&'a ColumnName]) {
        let Place { left, right, .. } = *place;
        if place.mark == Some('~') {
            self.build.unchanged(sql, left, right, columns, indent);
            return;
        }
        let separator = if place.mark.is_some() && !left.is_empty() { " AND" } else { "," };
        let each = if place.each.is_empty() { None } else { self.get(place.each) };
        sql.list(columns, separator, indent, |sql, column| match (each, place.mark) {
            (Some(Part::Text(template)), _) => {
                let mut parts = Parts::new(self.build);
                parts.set("it", Part::Column(column));
                parts.write(sql, template, indent);
            }
            (_, Some(_)) => {
                sql.of(left, column);
                sql.push(if left.is_empty() { " = " } else { " <=> " });
                sql.of(right, column);
            }
            _ => sql.of(right, column),
        });
    }

    fn order(&self, sql: &mut Sql, indent: usize, order: &[(&ColumnName, bool)]) {
        sql.list(order, ",", indent, |sql, (column, descending)| {
            sql.of("", column);
            sql.push(if *descending { " DESC NULLS LAST" } else { " ASC NULLS LAST" });
        });
        let separator = if order.is_empty() { "" } else { ", " };
        let keys = self.list("keys");
        let Some(columns) = self.build.columns() else {
            // Rows that give the same JSON are the same row for every purpose here.
            sql.push(separator);
            sql.push("to_json(struct(*)) DESC");
            return;
        };
        let mut used = keys.to_vec();
        for (column, _) in order {
            used.push(column);
        }
        let rest = Build::others(columns, &used);
        if rest.is_empty() && order.is_empty() {
            // Only keys: the rows of a key are all alike, and ROW_NUMBER still wants an order.
            sql.list(keys, ",", indent, |sql, column| sql.of("", column));
            return;
        }
        sql.push(if rest.is_empty() { "" } else { separator });
        sql.list(rest, ",", indent, |sql, column| {
            self.build.comparable(sql, "", column);
            // Where NULL goes does not matter for a tie-break, and on Databricks it goes last.
            sql.push(" DESC");
        });
    }

    fn aggregate(&self, sql: &mut Sql, indent: usize, aggregate: &Aggregate) {
        sql.push(",");
        sql.line(indent);
        sql.push(match (aggregate.function, &aggregate.column) {
            (AggregateFunction::Count, None) => "COUNT(*",
            (AggregateFunction::Count, Some(_)) => "COUNT(",
            (AggregateFunction::CountDistinct, _) => "COUNT(DISTINCT ",
            (AggregateFunction::Sum, _) => "SUM(",
            (AggregateFunction::Min, _) => "MIN(",
            (AggregateFunction::Max, _) => "MAX(",
            (AggregateFunction::Avg, _) => "AVG(",
        });
        if let Some(column) = &aggregate.column {
            sql.of("", column);
        }
        sql.push(") AS ");
        sql.of("", &aggregate.output);
    }

    fn reordered(&self, sql: &mut Sql, indent: usize, order: &[ColumnName]) {
        let columns = NameSet::of(self.build.columns().unwrap_or_default());
        sql.list(order, ",", indent, |sql, column| {
            if self.list("day").contains(&column) {
                self.write(sql, "{date} AS ", indent);
            } else if !columns.contains(column) {
                sql.push("NULL AS ");
            }
            sql.of("", column);
        });
    }

    /// The sentence of a template. Names stand in it as they are.
    pub(crate) fn words(&self, template: &'static str) -> String {
        let mut text = String::new();
        self.say(&mut text, template);
        text
    }

    fn say(&self, text: &mut String, template: &'static str) {
        for step in self.steps(template) {
            match step {
                Step::Text(words) => text.push_str(words),
                Step::Place(place) => match self.get(place.name) {
                    Some(Part::Text(template)) => self.say(text, template),
                    Some(Part::Table(table)) => text.push_str(&table.dotted()),
                    Some(Part::Literal(literal)) => literal.push_value(text),
                    Some(Part::Words(words)) => text.push_str(words),
                    _ => {
                        for (n, column) in self.list(place.name).iter().enumerate() {
                            text.push_str(if n > 0 { ", " } else { "" });
                            text.push_str(column.as_str());
                        }
                    }
                },
            }
        }
    }
}
