// Written by `GENIE_HANDOFF_UPDATE=1 cargo test -p wasm-suggest typescript` from crates/wasm-suggest/src/dto.rs. Do not edit.
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
import type { DraftPlan, PatternType } from "../contracts.js";
import type { Finding } from "./types.js";

/**
 * What the caller knows and a context does not say. What is missing stays open and is asked.
 */
export type SuggestOptions = { 
/**
 * The time for `created_at`, RFC 3339. The package gives the current time by itself.
 */
now?: string, 
/**
 * The plan's id, a UUID. The package makes one by itself.
 */
planId?: string, 
/**
 * Who answers for the plan.
 */
owner?: string, 
/**
 * The IANA time zone of whoever wrote the intent, used if the intent names none.
 */
timeZone?: string, 
/**
 * The SQL warehouse; goes before that of the context.
 */
warehouseId?: string, };

/**
 * A draft of a plan, for a person.
 */
export type SuggestedPlan = { 
/**
 * The plan. Every error that `validatePlan` finds in it is asked in `open`.
 */
plan: DraftPlan, 
/**
 * Its pattern; `null` if none could be chosen.
 */
pattern: PatternType | null, 
/**
 * How sure the pattern is, from 0 to 1.
 */
score: number, 
/**
 * The schedule in five fields, as people write it; `null` without one.
 */
unixCron: string | null, 
/**
 * Why the plan is as it is.
 */
reasons: Array<SuggestionReason>, 
/**
 * Other patterns, best first.
 */
alternatives: Array<SuggestionAlternative>, 
/**
 * What a person has to say before the plan is complete.
 */
open: Array<OpenQuestion>, 
/**
 * Queries of the context that could not be read in full; only their most telling parts were used.
 */
unread: Array<Finding>, };

/**
 * Why a part of a plan is as it is.
 */
export type SuggestionReason = { 
/**
 * A stable name for programs.
 */
code: string, 
/**
 * The part of the plan, as a JSON Pointer.
 */
path: string, 
/**
 * For people.
 */
text: string, 
/**
 * What it rests on.
 */
evidence: Array<SuggestionEvidence>, };

/**
 * What a reason rests on.
 */
export type SuggestionEvidence = { 
/**
 * `intent`, `query 1` (counted from 1), `columns`, `keys`, `tables`, `target_table` or `options`.
 */
where: string, 
/**
 * The words as they stand there; empty for a query as a whole.
 */
quote: string, };

/**
 * A pattern that was not chosen.
 */
export type SuggestionAlternative = { 
/**
 * The pattern.
 */
pattern: PatternType, 
/**
 * How much speaks for it, from 0 to 1.
 */
score: number, 
/**
 * Why it is not first.
 */
whyNot: string, };

/**
 * A question that the context does not answer.
 */
export type OpenQuestion = { 
/**
 * Where the answer goes, as a JSON Pointer into the plan.
 */
path: string, 
/**
 * A stable name for programs.
 */
code: string, 
/**
 * For people.
 */
question: string, };

/**
 * What a query reads and does. Names of tables are in lower case without backticks; no literal of the query is in it.
 */
export type QueryReading = { 
/**
 * The tables that are read, CTEs and aliases resolved.
 */
tables: Array<QueryTable>, 
/**
 * Names of the common table expressions.
 */
ctes: Array<string>, 
/**
 * Columns whose table cannot be told.
 */
unresolved: Array<string>, 
/**
 * Columns that are compared with a lower or upper bound.
 */
ranges: Array<QueryRange>, 
/**
 * Columns that are compared with fixed values.
 */
equals: Array<QueryColumn>, 
/**
 * `ROW_NUMBER` over a key.
 */
latest: Array<QueryLatest>, 
/**
 * `GROUP BY`s with their aggregates.
 */
groupings: Array<QueryGrouping>, 
/**
 * Pairs of columns that tables are joined on.
 */
joins: Array<QueryJoin>, 
/**
 * `MAX(column)`.
 */
maxima: Array<QueryMaximum>, 
/**
 * Other window functions than `ROW_NUMBER`, in lower case.
 */
windows: Array<string>, 
/**
 * Whether a `SELECT DISTINCT` is in it.
 */
distinct: boolean, 
/**
 * Whether the result is limited.
 */
limited: boolean, 
/**
 * Whether it is a union, an intersection or a difference.
 */
setOperation: boolean, };

/**
 * One table that is read.
 */
export type QueryTable = { 
/**
 * `catalog.schema.table`, or fewer parts if the query has fewer.
 */
name: string, 
/**
 * Names it is called by in the query.
 */
aliases: Array<string>, 
/**
 * What it is read for: `from` is first after `FROM`, `subquery` inside an expression.
 */
roles: ("from" | "join" | "subquery")[], 
/**
 * Its columns that the query uses, as far as can be told.
 */
columns: Array<string>, };

/**
 * A column and the table it comes from.
 */
export type QueryColumn = { 
/**
 * The table; `null` if it cannot be told.
 */
table: string | null, 
/**
 * The column, in the case it has in the query.
 */
column: string, };

/**
 * A column with a bound.
 */
export type QueryRange = { 
/**
 * The column.
 */
column: QueryColumn, 
/**
 * Bounded from below.
 */
lower: boolean, 
/**
 * Bounded from above.
 */
upper: boolean, 
/**
 * What it is compared with: `relative` moves with the clock, `maximum` is that of a column.
 */
bound: "other" | "fixed" | "relative" | "maximum", 
/**
 * The column whose maximum the bound is.
 */
maximum: QueryColumn | null, };

/**
 * `ROW_NUMBER() OVER (PARTITION BY … ORDER BY …)`.
 */
export type QueryLatest = { 
/**
 * The key.
 */
partitionBy: Array<QueryColumn>, 
/**
 * What decides who is first.
 */
orderBy: Array<QueryOrder>, 
/**
 * Whether the rows are filtered by the number.
 */
filtered: boolean, };

/**
 * One column to order by.
 */
export type QueryOrder = { 
/**
 * The column.
 */
column: QueryColumn, 
/**
 * Largest first.
 */
descending: boolean, };

/**
 * One `GROUP BY`.
 */
export type QueryGrouping = { 
/**
 * Plain columns.
 */
by: Array<QueryColumn>, 
/**
 * Columns cut to a unit of time.
 */
buckets: Array<QueryBucket>, 
/**
 * Plain aggregates.
 */
aggregates: Array<QueryAggregate>, 
/**
 * Whether everything that is grouped by and computed is in the three lists.
 */
complete: boolean, };

/**
 * A column cut to a unit of time.
 */
export type QueryBucket = { 
/**
 * The column.
 */
column: QueryColumn, 
/**
 * The unit; `null` if redaction took it.
 */
grain: "hour" | "day" | "week" | "month" | "quarter" | "year" | null, 
/**
 * The name it has in the result.
 */
alias: string | null, };

/**
 * One aggregate over a plain column.
 */
export type QueryAggregate = { 
/**
 * The function.
 */
function: "count" | "count_distinct" | "sum" | "min" | "max" | "avg", 
/**
 * The column; `null` for `COUNT(*)`.
 */
column: QueryColumn | null, 
/**
 * The name it has in the result.
 */
alias: string | null, };

/**
 * Two columns that are equal in a join.
 */
export type QueryJoin = { 
/**
 * The column on one side.
 */
left: QueryColumn, 
/**
 * The column on the other side.
 */
right: QueryColumn, };

/**
 * `MAX(column)`.
 */
export type QueryMaximum = { 
/**
 * The column.
 */
column: QueryColumn, 
/**
 * Whether there is one maximum per group.
 */
grouped: boolean, };

/**
 * What stands in the header of exported files.
 */
export type ExportOptions = { 
/**
 * Who takes the plan elsewhere.
 */
by?: string, 
/**
 * When, RFC 3339.
 */
at?: string, };

/**
 * A file of an export.
 */
export type ExportedFile = { 
/**
 * Where it belongs, relative, with `/` between its parts.
 */
path: string, 
/**
 * Its text.
 */
text: string, };

/**
 * A plan as files.
 */
export type ExportedPlan = { 
/**
 * In the order in which they are read.
 */
files: Array<ExportedFile>, 
/**
 * What a person should know about them.
 */
notes: Array<string>, };

/**
 * One run of a schedule.
 */
export type ScheduledRun = { 
/**
 * Seconds since 1970, UTC.
 */
at: number, 
/**
 * RFC 3339 with the offset of the zone.
 */
local: string, 
/**
 * What a clock change does to it: `moved` when its local time does not exist on that day, `repeated` when it
 * occurs twice. Databricks may skip or delay such runs.
 */
note: "regular" | "moved" | "repeated", };

/**
 * A schedule in words.
 */
export type ScheduleDescription = { 
/**
 * Like "Monday to Friday at 07:00"; times are those of the schedule's zone.
 */
words: string, 
/**
 * The next runs, in order; fewer than asked for if the expression ends.
 */
runs: Array<ScheduledRun>, };
