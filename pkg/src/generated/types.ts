// Written by `GENIE_HANDOFF_UPDATE=1 cargo test -p wasm typescript` from crates/wasm/src/dto.rs. Do not edit.
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
import type { HandoffContext } from "../contracts.js";

/**
 * A Genie space that somebody named.
 */
export type SpaceReference = { 
/**
 * The id of the space: 32 characters of `0-9a-f`.
 */
space_id: string, };

/**
 * A place in a text, in UTF-16 code units, as JavaScript counts.
 */
export type TextSpan = { 
/**
 * First unit of the place.
 */
start: number, 
/**
 * First unit behind the place.
 */
end: number, };

/**
 * One finding about an input.
 */
export type Finding = { 
/**
 * How much it matters.
 */
severity: "error" | "warning" | "info", 
/**
 * A stable name for programs.
 */
code: string, 
/**
 * JSON Pointer into what was checked; empty for the whole.
 */
path: string, 
/**
 * What is wrong, for people.
 */
message: string, 
/**
 * What to do next, for people.
 */
help: string, 
/**
 * Where in the text at `path`, if it is about a part of it.
 */
span?: TextSpan, };

/**
 * What a redaction took out.
 */
export type Removed = { 
/**
 * Strings, binary and typed literals.
 */
strings: number, 
/**
 * Numbers.
 */
numbers: number, 
/**
 * Comments.
 */
comments: number, 
/**
 * Hints.
 */
hints: number, 
/**
 * Queries that went as a whole.
 */
queries: number, 
/**
 * Summaries that were cut down.
 */
summaries: number, 
/**
 * Keys taken out of entries of `exploration_queries`.
 */
keys: number, 
/**
 * What a person should look at before the link is made.
 */
warnings: Array<Finding>, };

/**
 * A context without data, and what was taken out.
 */
export type RedactedContext = { 
/**
 * The context.
 */
context: HandoffContext, 
/**
 * What was taken out.
 */
removed: Removed, };

/**
 * Choices when a link is made.
 */
export type EncodeOptions = { 
/**
 * Where the review page is, `https://HOST`. Without it the link is relative.
 */
baseUrl?: string, 
/**
 * Where in the link the payload stands. A fragment, the default, reaches no server log.
 */
place?: "fragment" | "query", 
/**
 * `plain` needs no preparation and makes links a third longer.
 */
mode?: "primed" | "plain", };

/**
 * A link.
 */
export type EncodedHandoff = { 
/**
 * The link.
 */
url: string, 
/**
 * The part that holds the context.
 */
payload: string, 
/**
 * Characters of the link.
 */
length: number, 
/**
 * How far a link of this length travels: up to 2,000, 4,000, 8,000 characters, or over.
 */
step: "2000" | "4000" | "8000" | "over", 
/**
 * What the link carries: the context that was given, without data.
 */
context: HandoffContext, 
/**
 * What was taken out, and what to look at before the link is sent.
 */
removed: Removed, };

/**
 * A signature as it travels. `unchecked` says nothing yet: `verifyHandoff` checks it.
 */
export type HandoffSignature = { 
/**
 * What is known.
 */
state: "unsigned" | "unchecked", 
/**
 * Which of the deployment's keys was used.
 */
keyId?: string, 
/**
 * When the link stops being valid, in seconds since 1970.
 */
expires?: number, 
/**
 * The host that the link is for.
 */
audience?: string, 
/**
 * The signature, base64url.
 */
signature?: string, 
/**
 * The text that must have been signed.
 */
signed?: string, };

/**
 * A context out of a link. Untrusted, whatever the signature says.
 */
export type DecodedHandoff = { 
/**
 * The context.
 */
context: HandoffContext, 
/**
 * The form it came in.
 */
format: "primed" | "plain" | "base64-json" | "percent-json" | "json", 
/**
 * What is known about the signature.
 */
signature: HandoffSignature, 
/**
 * What validation finds.
 */
warnings: Array<Finding>, };

/**
 * Whether a plan can be built on a context.
 */
export type Readiness = { 
/**
 * True without a finding of severity error.
 */
ready: boolean, 
/**
 * Everything found, and what could not be checked.
 */
issues: Array<Finding>, };

/**
 * What is wrong with a plan.
 */
export type PlanReport = { 
/**
 * True without an error.
 */
valid: boolean, 
/**
 * Whether its SQL can be written, although something may still stand in the way of a run.
 */
renderable: boolean, 
/**
 * The plan's hash, valid or not.
 */
hash: string, 
/**
 * Every problem.
 */
issues: Array<Finding>, };

/**
 * Choices when SQL is written.
 */
export type RenderOptions = { 
/**
 * RFC 3339 time of the run, written as a literal; `parameter` for the markers that a job fills in. Absent: the
 * statement asks for the time itself.
 */
runTime?: string, 
/**
 * The date of a snapshot, `YYYY-MM-DD`.
 */
snapshotDate?: string, 
/**
 * The Genie session for the header.
 */
genieSession?: string, 
/**
 * The target's columns in their order, if the catalog was asked.
 */
targetColumns?: Array<string>, 
/**
 * Types of source columns, if the catalog was asked.
 */
columnTypes?: { [key in string]: string }, 
/**
 * The warehouse takes CLUSTER BY in CREATE TABLE.
 */
clusterBy?: boolean, 
/**
 * The warehouse takes INSERT BY NAME REPLACE WHERE.
 */
replaceWhereByName?: boolean, };

/**
 * A statement with a name.
 */
export type NamedStatement = { 
/**
 * A stable name for programs.
 */
name: string, 
/**
 * What it is for.
 */
purpose: string, 
/**
 * One statement, without a semicolon.
 */
sql: string, };

/**
 * Everything that can be run for a plan.
 */
export type PlanStatements = { 
/**
 * The load.
 */
load: string, 
/**
 * Once, before the first load: creates a target that does not exist yet.
 */
setup: Array<NamedStatement>, 
/**
 * Before each load: each fails with its reason if the load should not go on.
 */
checks: Array<NamedStatement>, 
/**
 * For a staged full replace: in place of the load.
 */
staging: Array<NamedStatement>, 
/**
 * After the load, if anything is left to do.
 */
after: Array<NamedStatement>, 
/**
 * The load behind EXPLAIN.
 */
explain: string, };

/**
 * Where a target column comes from.
 */
export type ColumnLineage = { 
/**
 * The column of the target; `*` for all that the plan does not name.
 */
targetColumn: string, 
/**
 * The columns that it is made from.
 */
sourceColumns: Array<string>, 
/**
 * `identity`, or how it is computed.
 */
derivation: string, 
/**
 * The source table.
 */
sourceTable: string, 
/**
 * The target table.
 */
targetTable: string, };

/**
 * What the account that runs the load must be allowed to do.
 */
export type RequiredPrivilege = { 
/**
 * As SQL writes it.
 */
privilege: string, 
/**
 * On what.
 */
on: string, 
/**
 * Why.
 */
reason: string, 
/**
 * Only needed while the target does not exist.
 */
onlyToCreate: boolean, };

/**
 * A part of a SQL text with its colour.
 */
export type HighlightSpan = { 
/**
 * First UTF-16 unit.
 */
start: number, 
/**
 * First UTF-16 unit behind it.
 */
end: number, 
/**
 * What it is.
 */
kind: string, };

/**
 * What happens to rows of the target.
 */
export type PlanEffect = { 
/**
 * The kind.
 */
effect: "adds" | "updates" | "deletes" | "replaces", 
/**
 * Whether rows that are there can be lost.
 */
destructive: boolean, 
/**
 * In plain words.
 */
text: string, };

/**
 * A plan in plain words.
 */
export type PlanExplanation = { 
/**
 * The plan in one sentence.
 */
summary: string, 
/**
 * What happens to rows, the destructive things first.
 */
effects: Array<PlanEffect>, 
/**
 * What else to know.
 */
notes: Array<string>, };

/**
 * A rendered plan.
 */
export type RenderedPlan = { 
/**
 * The load: one statement, one commit.
 */
sql: string, 
/**
 * Everything that can be run.
 */
statements: PlanStatements, 
/**
 * Read-only queries that tell what a run would do.
 */
previewQueries: Array<NamedStatement>, 
/**
 * Where each target column comes from.
 */
lineage: Array<ColumnLineage>, 
/**
 * What a person should know before a run.
 */
warnings: Array<Finding>, 
/**
 * What the account that runs it must be allowed to do.
 */
privileges: Array<RequiredPrivilege>, 
/**
 * Colours of `sql`.
 */
highlight: Array<HighlightSpan>, };

/**
 * One difference between two plans.
 */
export type PlanChange = { 
/**
 * What happened.
 */
kind: "added" | "removed" | "changed", 
/**
 * JSON Pointer: into the newer plan, or into the older one for something removed.
 */
path: string, 
/**
 * The value before, if there was one.
 */
before?: unknown, 
/**
 * The value after, if there is one.
 */
after?: unknown, 
/**
 * The change as a sentence.
 */
words: string, 
/**
 * Whether a run can write other rows than before.
 */
changesLoad: boolean, };

/**
 * The SQL of two plans, where both can be rendered.
 */
export type SqlPair = { 
/**
 * Of the older plan.
 */
before: string, 
/**
 * Of the newer plan.
 */
after: string, };

/**
 * The differences of two plans: structure first, then SQL.
 */
export type PlanDiff = { 
/**
 * Every difference.
 */
changes: Array<PlanChange>, 
/**
 * The loads, when both plans can be rendered and their loads differ beside the header.
 */
sql?: SqlPair, };

/**
 * What is wrong with a plan, and its load.
 */
export type CheckedPlan = { 
/**
 * Everything that is wrong with it.
 */
report: PlanReport, 
/**
 * The load: one statement, one commit. Absent if there can be none; `renderLoad` then says why.
 */
sql?: string, };
