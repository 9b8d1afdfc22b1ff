//! The types that cross to JavaScript, twins of the domain types as in `crates/wasm`.

use border::{Choices, Crosses, Each, Finding, Json, Sentence, Written, crosses};
use wasm_bindgen::JsValue;

/// What the caller knows and a context does not say. What is missing stays open and is asked.
#[derive(Debug)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename_all = "camelCase"))]
pub struct SuggestOptions {
    /// The time for `created_at`, RFC 3339. The package gives the current time by itself.
    #[cfg_attr(test, ts(optional))]
    pub now: Option<String>,
    /// The plan's id, a UUID. The package makes one by itself.
    #[cfg_attr(test, ts(optional))]
    pub plan_id: Option<String>,
    /// Who answers for the plan.
    #[cfg_attr(test, ts(optional))]
    pub owner: Option<String>,
    /// The IANA time zone of whoever wrote the intent, used if the intent names none.
    #[cfg_attr(test, ts(optional))]
    pub time_zone: Option<String>,
    /// The SQL warehouse; goes before that of the context.
    #[cfg_attr(test, ts(optional))]
    pub warehouse_id: Option<String>,
}

impl SuggestOptions {
    pub(crate) fn read(json: &str) -> Result<Self, JsValue> {
        let mut choices = Choices::read(json);
        let read = Self {
            now: choices.text("now"),
            plan_id: choices.text("planId"),
            owner: choices.text("owner"),
            time_zone: choices.text("timeZone"),
            warehouse_id: choices.text("warehouseId"),
        };
        choices.done()?;
        Ok(read)
    }
}

crosses! {
    /// A draft of a plan, for a person.
    #[derive(Debug)]
    pub struct SuggestedPlan<'a> {
        /// The plan. Every error that `validatePlan` finds in it is asked in `open`.
        #[cfg_attr(test, ts(type = "DraftPlan"))]
        pub plan: Written<'a>,
        /// Its pattern; `null` if none could be chosen.
        #[cfg_attr(test, ts(type = "PatternType | null"))]
        pub pattern: Option<&'static str>,
        /// How sure the pattern is, from 0 to 1.
        pub score: f64,
        /// The schedule in five fields, as people write it; `null` without one.
        pub unix_cron: Option<String>,
        /// Why the plan is as it is.
        pub reasons: Vec<SuggestionReason>,
        /// Other patterns, best first.
        pub alternatives: Vec<SuggestionAlternative>,
        /// What a person has to say before the plan is complete.
        pub open: Vec<OpenQuestion>,
        /// Queries of the context that could not be read in full; only their most telling parts were used.
        #[cfg_attr(test, ts(as = "Vec<border::Finding>"))]
        pub unread: Each<'a, NotRead>,
    }

    /// Why a part of a plan is as it is.
    #[derive(Debug)]
    pub struct SuggestionReason {
        /// A stable name for programs.
        pub code: &'static str,
        /// The part of the plan, as a JSON Pointer.
        pub path: &'static str,
        /// For people.
        pub text: String,
        /// What it rests on.
        pub evidence: Vec<SuggestionEvidence>,
    }

    /// A pattern that was not chosen.
    #[derive(Debug)]
    pub struct SuggestionAlternative {
        /// The pattern.
        #[cfg_attr(test, ts(type = "PatternType"))]
        pub pattern: &'static str,
        /// How much speaks for it, from 0 to 1.
        pub score: f64,
        /// Why it is not first.
        pub why_not: String,
    }

    /// A question that the context does not answer.
    #[derive(Debug)]
    pub struct OpenQuestion {
        /// Where the answer goes, as a JSON Pointer into the plan.
        pub path: String,
        /// A stable name for programs.
        pub code: &'static str,
        /// For people.
        pub question: String,
    }
}

/// What a reason rests on.
#[derive(Debug)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SuggestionEvidence {
    /// `intent`, `query 1` (counted from 1), `columns`, `keys`, `tables`, `target_table` or `options`.
    pub r#where: String,
    /// The words as they stand there; empty for a query as a whole.
    pub quote: String,
}

impl Crosses for SuggestionEvidence {
    fn write(&self, out: &mut Json) {
        out.raw("{");
        out.name("where");
        self.r#where.write(out);
        out.name("quote");
        self.quote.write(out);
        out.raw("}");
    }
}

impl<'a> SuggestedPlan<'a> {
    /// `plan` is that of the suggestion, as JSON.
    pub(crate) fn of(suggestion: plan::suggest::Suggestion, plan: &'a str, unread: &'a [NotRead]) -> Self {
        Self {
            plan: Written(plan),
            pattern: suggestion.pattern.map(plan::PatternKind::as_str),
            score: rounded(suggestion.score),
            unix_cron: suggestion.unix_cron,
            reasons: each(suggestion.reasons, |reason| SuggestionReason {
                code: reason.code,
                path: reason.path,
                text: reason.text,
                evidence: each(reason.evidence, |evidence| SuggestionEvidence {
                    r#where: evidence.place.text(),
                    quote: evidence.quote,
                }),
            }),
            alternatives: each(suggestion.alternatives, |other| SuggestionAlternative {
                pattern: other.pattern.as_str(),
                score: rounded(other.score),
                why_not: other.why_not,
            }),
            open: each(suggestion.open, |open| OpenQuestion {
                path: open.path,
                code: open.code,
                question: open.question,
            }),
            unread: Each(unread, not_read),
        }
    }
}

/// A query of the context that was not read, counted from 0, and why.
pub type NotRead = (usize, genie_sql::ReadError);

fn not_read((n, error): &NotRead, out: &mut Json) {
    Finding {
        severity: "info",
        code: error.code(),
        path: &format!("/exploration_queries/{n}/query"),
        message: Sentence(&error.to_string()),
        help: error.help(),
        span: None,
    }
    .write(out);
}

/// Two decimals, as people read them; no negative zero, which JSON would keep.
fn rounded(score: f32) -> f64 {
    (f64::from(score) * 100.0).round() / 100.0 + 0.0
}

fn each<A, B>(list: Vec<A>, make: impl Fn(A) -> B) -> Vec<B> {
    list.into_iter().map(make).collect()
}

crosses! {
    /// What a query reads and does. Names of tables are in lower case without backticks; no literal of the query is in it.
    #[derive(Debug)]
    pub struct QueryReading {
        /// The tables that are read, CTEs and aliases resolved.
        pub tables: Vec<QueryTable>,
        /// Names of the common table expressions.
        pub ctes: Vec<String>,
        /// Columns whose table cannot be told.
        pub unresolved: Vec<String>,
        /// Columns that are compared with a lower or upper bound.
        pub ranges: Vec<QueryRange>,
        /// Columns that are compared with fixed values.
        pub equals: Vec<QueryColumn>,
        /// `ROW_NUMBER` over a key.
        pub latest: Vec<QueryLatest>,
        /// `GROUP BY`s with their aggregates.
        pub groupings: Vec<QueryGrouping>,
        /// Pairs of columns that tables are joined on.
        pub joins: Vec<QueryJoin>,
        /// `MAX(column)`.
        pub maxima: Vec<QueryMaximum>,
        /// Other window functions than `ROW_NUMBER`, in lower case.
        pub windows: Vec<String>,
        /// Whether a `SELECT DISTINCT` is in it.
        pub distinct: bool,
        /// Whether the result is limited.
        pub limited: bool,
        /// Whether it is a union, an intersection or a difference.
        pub set_operation: bool,
    }

    /// One table that is read.
    #[derive(Debug)]
    pub struct QueryTable {
        /// `catalog.schema.table`, or fewer parts if the query has fewer.
        pub name: String,
        /// Names it is called by in the query.
        pub aliases: Vec<String>,
        /// What it is read for: `from` is first after `FROM`, `subquery` inside an expression.
        #[cfg_attr(test, ts(type = "(\"from\" | \"join\" | \"subquery\")[]"))]
        pub roles: Vec<&'static str>,
        /// Its columns that the query uses, as far as can be told.
        pub columns: Vec<String>,
    }

    /// A column and the table it comes from.
    #[derive(Debug)]
    pub struct QueryColumn {
        /// The table; `null` if it cannot be told.
        pub table: Option<String>,
        /// The column, in the case it has in the query.
        pub column: String,
    }

    /// A column with a bound.
    #[derive(Debug)]
    pub struct QueryRange {
        /// The column.
        pub column: QueryColumn,
        /// Bounded from below.
        pub lower: bool,
        /// Bounded from above.
        pub upper: bool,
        /// What it is compared with: `relative` moves with the clock, `maximum` is that of a column.
        #[cfg_attr(test, ts(type = "\"other\" | \"fixed\" | \"relative\" | \"maximum\""))]
        pub bound: &'static str,
        /// The column whose maximum the bound is.
        pub maximum: Option<QueryColumn>,
    }

    /// `ROW_NUMBER() OVER (PARTITION BY … ORDER BY …)`.
    #[derive(Debug)]
    pub struct QueryLatest {
        /// The key.
        pub partition_by: Vec<QueryColumn>,
        /// What decides who is first.
        pub order_by: Vec<QueryOrder>,
        /// Whether the rows are filtered by the number.
        pub filtered: bool,
    }

    /// One column to order by.
    #[derive(Debug)]
    pub struct QueryOrder {
        /// The column.
        pub column: QueryColumn,
        /// Largest first.
        pub descending: bool,
    }

    /// One `GROUP BY`.
    #[derive(Debug)]
    pub struct QueryGrouping {
        /// Plain columns.
        pub by: Vec<QueryColumn>,
        /// Columns cut to a unit of time.
        pub buckets: Vec<QueryBucket>,
        /// Plain aggregates.
        pub aggregates: Vec<QueryAggregate>,
        /// Whether everything that is grouped by and computed is in the three lists.
        pub complete: bool,
    }

    /// A column cut to a unit of time.
    #[derive(Debug)]
    pub struct QueryBucket {
        /// The column.
        pub column: QueryColumn,
        /// The unit; `null` if redaction took it.
        #[cfg_attr(test, ts(type = "\"hour\" | \"day\" | \"week\" | \"month\" | \"quarter\" | \"year\" | null"))]
        pub grain: Option<&'static str>,
        /// The name it has in the result.
        pub alias: Option<String>,
    }

    /// One aggregate over a plain column.
    #[derive(Debug)]
    pub struct QueryAggregate {
        /// The function.
        #[cfg_attr(test, ts(type = "\"count\" | \"count_distinct\" | \"sum\" | \"min\" | \"max\" | \"avg\""))]
        pub function: &'static str,
        /// The column; `null` for `COUNT(*)`.
        pub column: Option<QueryColumn>,
        /// The name it has in the result.
        pub alias: Option<String>,
    }

    /// Two columns that are equal in a join.
    #[derive(Debug)]
    pub struct QueryJoin {
        /// The column on one side.
        pub left: QueryColumn,
        /// The column on the other side.
        pub right: QueryColumn,
    }

    /// `MAX(column)`.
    #[derive(Debug)]
    pub struct QueryMaximum {
        /// The column.
        pub column: QueryColumn,
        /// Whether there is one maximum per group.
        pub grouped: bool,
    }
}

impl QueryReading {
    pub(crate) fn of(query: genie_sql::Query) -> Self {
        Self {
            tables: each(query.tables, |table| QueryTable {
                name: table.name,
                aliases: table.aliases,
                roles: each(table.roles, genie_sql::Role::as_str),
                columns: table.columns,
            }),
            ctes: query.ctes,
            unresolved: query.unresolved,
            ranges: each(query.ranges, |range| QueryRange {
                column: range.column.into(),
                lower: range.lower,
                upper: range.upper,
                bound: range.bound.as_str(),
                maximum: range.maximum.map(Into::into),
            }),
            equals: each(query.equals, Into::into),
            latest: each(query.latest, |latest| QueryLatest {
                partition_by: each(latest.partition_by, Into::into),
                order_by: each(latest.order_by, |order| QueryOrder {
                    column: order.column.into(),
                    descending: order.descending,
                }),
                filtered: latest.filtered,
            }),
            groupings: each(query.groupings, |grouping| QueryGrouping {
                by: each(grouping.by, Into::into),
                buckets: each(grouping.buckets, |bucket| QueryBucket {
                    column: bucket.column.into(),
                    grain: bucket.grain,
                    alias: bucket.alias,
                }),
                aggregates: each(grouping.aggregates, |aggregate| QueryAggregate {
                    function: aggregate.function,
                    column: aggregate.column.map(Into::into),
                    alias: aggregate.alias,
                }),
                complete: grouping.complete,
            }),
            joins: each(query.joins, |join| QueryJoin { left: join.left.into(), right: join.right.into() }),
            maxima: each(query.maxima, |maximum| QueryMaximum {
                column: maximum.column.into(),
                grouped: maximum.grouped,
            }),
            windows: query.windows,
            distinct: query.distinct,
            limited: query.limited,
            set_operation: query.set_operation,
        }
    }
}

impl From<genie_sql::ColumnRef> for QueryColumn {
    fn from(column: genie_sql::ColumnRef) -> Self {
        Self { table: column.table, column: column.column }
    }
}

/// What stands in the header of exported files.
#[derive(Debug)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename_all = "camelCase"))]
pub struct ExportOptions {
    /// Who takes the plan elsewhere.
    #[cfg_attr(test, ts(optional))]
    pub by: Option<String>,
    /// When, RFC 3339.
    #[cfg_attr(test, ts(optional))]
    pub at: Option<String>,
}

impl ExportOptions {
    pub(crate) fn read(json: &str) -> Result<Self, JsValue> {
        let mut choices = Choices::read(json);
        let read = Self { by: choices.text("by"), at: choices.text("at") };
        choices.done()?;
        Ok(read)
    }
}

crosses! {
    /// A file of an export.
    #[derive(Debug)]
    pub struct ExportedFile<'a> {
        /// Where it belongs, relative, with `/` between its parts.
        pub path: &'a str,
        /// Its text.
        pub text: &'a str,
    }

    /// A plan as files.
    #[derive(Debug)]
    pub struct ExportedPlan<'a> {
        /// In the order in which they are read.
        #[cfg_attr(test, ts(as = "Vec<ExportedFile>"))]
        pub files: Each<'a, export::ExportFile>,
        /// What a person should know about them.
        pub notes: &'a [String],
    }
}

crosses! {
    /// One run of a schedule.
    #[derive(Debug)]
    pub struct ScheduledRun<'a> {
        /// Seconds since 1970, UTC.
        #[cfg_attr(test, ts(type = "number"))]
        pub at: i64,
        /// RFC 3339 with the offset of the zone.
        pub local: &'a str,
        /// What a clock change does to it: `moved` when its local time does not exist on that day, `repeated` when it
        /// occurs twice. Databricks may skip or delay such runs.
        #[cfg_attr(test, ts(type = "\"regular\" | \"moved\" | \"repeated\""))]
        pub note: &'static str,
    }

    /// A schedule in words.
    #[derive(Debug)]
    pub struct ScheduleDescription<'a> {
        /// Like "Monday to Friday at 07:00"; times are those of the schedule's zone.
        pub words: &'a str,
        /// The next runs, in order; fewer than asked for if the expression ends.
        #[cfg_attr(test, ts(as = "Vec<ScheduledRun>"))]
        pub runs: Each<'a, plan::Run>,
    }
}
