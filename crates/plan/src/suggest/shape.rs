//! What a suggestion wants to know about a query. A full parser fills it ([`QueryShape::from_json`] reads the answer
//! of `genie-sql`); without one [`QueryShape::light`] reads the most telling parts with a small lexer.

use serde_json::Value;

/// A column and its table, in lower case, if it can be told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShapeColumn {
    /// `catalog.schema.table`.
    pub table: Option<String>,
    /// The column.
    pub column: String,
}

/// The shape of one query of the exploration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueryShape {
    /// Tables that rows come from, the first after `FROM` first; in lower case.
    pub from: Vec<String>,
    /// Tables that are joined or looked into.
    pub beside: Vec<String>,
    /// Columns with a bound.
    pub ranges: Vec<ShapeRange>,
    /// `ROW_NUMBER` over a key.
    pub latest: Vec<ShapeLatest>,
    /// `GROUP BY`s.
    pub groupings: Vec<ShapeGrouping>,
    /// Columns whose overall maximum is asked for.
    pub maxima: Vec<ShapeColumn>,
    /// How many pairs of columns tables are joined on.
    pub joins: usize,
}

/// A column with a bound.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShapeRange {
    /// The column.
    pub column: ShapeColumn,
    /// The bound moves with the clock.
    pub relative: bool,
    /// The bound is the maximum of this column, usually the target's.
    pub maximum: Option<ShapeColumn>,
    /// Bounded from below.
    pub lower: bool,
}

/// `ROW_NUMBER() OVER (PARTITION BY … ORDER BY …)`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShapeLatest {
    /// The key.
    pub partition_by: Vec<ShapeColumn>,
    /// Columns to order by, and whether the largest comes first.
    pub order_by: Vec<(ShapeColumn, bool)>,
}

/// One `GROUP BY`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShapeGrouping {
    /// Plain columns.
    pub by: Vec<ShapeColumn>,
    /// Columns cut to a unit of time: column, unit, name in the result.
    pub buckets: Vec<(ShapeColumn, Option<String>, Option<String>)>,
    /// Aggregates: function, column, name in the result.
    pub aggregates: Vec<(String, Option<ShapeColumn>, Option<String>)>,
    /// Nothing is left out above.
    pub complete: bool,
}

impl QueryShape {
    /// Reads the answer of `genie-sql` as JSON. What is missing or of another type is taken as absent, so that an
    /// older or newer reader does no harm.
    #[must_use]
    pub fn from_json(value: &Value) -> Self {
        let mut shape = Self::default();
        for table in list(value, "tables") {
            let Some(name) = text(table, "name") else { continue };
            if list(table, "roles").any(|r| r == "from") {
                shape.from.push(name);
            } else {
                shape.beside.push(name);
            }
        }
        for range in list(value, "ranges") {
            let Some(column) = column(range.get("column")) else { continue };
            shape.ranges.push(ShapeRange {
                column,
                relative: text(range, "bound").is_some_and(|b| b == "relative"),
                maximum: self::column(range.get("maximum")),
                lower: range.get("lower") == Some(&Value::Bool(true)),
            });
        }
        for latest in list(value, "latest") {
            let order = list(latest, "order_by").filter_map(|o| {
                Some((column(o.get("column"))?, o.get("descending") == Some(&Value::Bool(true))))
            });
            shape.latest.push(ShapeLatest {
                partition_by: list(latest, "partition_by").filter_map(|c| column(Some(c))).collect(),
                order_by: order.collect(),
            });
        }
        for group in list(value, "groupings") {
            let buckets = list(group, "buckets")
                .filter_map(|b| Some((column(b.get("column"))?, text(b, "grain"), text(b, "alias"))));
            let aggregates = list(group, "aggregates")
                .filter_map(|a| Some((text(a, "function")?, column(a.get("column")), text(a, "alias"))));
            shape.groupings.push(ShapeGrouping {
                by: list(group, "by").filter_map(|c| column(Some(c))).collect(),
                buckets: buckets.collect(),
                aggregates: aggregates.collect(),
                complete: group.get("complete") == Some(&Value::Bool(true)),
            });
        }
        let overall = |m: &&Value| m.get("grouped") != Some(&Value::Bool(true));
        shape.maxima =
            list(value, "maxima").filter(overall).filter_map(|m| column(m.get("column"))).collect();
        shape.joins = list(value, "joins").count();
        shape
    }
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default().iter()
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(str::to_owned)
}

fn column(value: Option<&Value>) -> Option<ShapeColumn> {
    let value = value?;
    Some(ShapeColumn {
        table: text(value, "table").map(|t| t.to_lowercase()),
        column: text(value, "column")?,
    })
}
