/** The commands. Each takes texts, calls the wasm with them as they are, and gives an answer for people and machines. */
import { HandoffError, type Issue } from "../errors.js";
import type {
  ExportedFile,
  ExportedPlan,
  SuggestedPlan,
  SuggestOptions,
} from "../generated/suggest-types.js";
import type {
  DecodedHandoff,
  EncodedHandoff,
  NamedStatement,
  PlanDiff,
  PlanExplanation,
  PlanReport,
  RenderedPlan,
} from "../generated/types.js";
import { call } from "../runtime.js";
import { callSuggest, suggestOptions } from "../suggest.js";
import { startSuggest } from "./io.js";
import { indented, memberOf } from "./json-text.js";
import {
  diffText,
  everythingText,
  explanationText,
  exportNotesText,
  statementsText,
  suggestionText,
} from "./print.js";

/** Options as they were given: `--name value`, or true for those that take none. */
export type Values = Record<string, string | boolean | undefined>;

/** A command line that makes no sense; exit code 2. */
export class UsageError extends Error {}

export interface OptionSpec {
  /** What stands for the value in the help; absent for an option without one. */
  value?: string;
  help: string;
}

export interface Answer {
  /** For people and pipes. */
  text: string;
  /** For programs: JSON, what the function of the package gives. */
  json: string;
  /** What a person should know although it went well. In the JSON already. */
  notes?: readonly Issue[];
  /** What a person should read beside the answer, before the notes. In the JSON already. */
  beside?: string;
  /** Set when the answer says that the input is invalid. */
  refused?: HandoffError;
  /** Files to write; `text` and `json` then say which. */
  files?: { readonly folder: string; readonly list: readonly ExportedFile[]; readonly force: boolean };
}

export interface Command {
  summary: string;
  /** Names of the arguments, for the help. */
  inputs: readonly string[];
  /** Whether an argument can be the input itself instead of a file with it. */
  isInput?: (argument: string) => boolean;
  options: Record<string, OptionSpec>;
  run: (inputs: readonly string[], values: Values) => Answer;
}

const KINDS = ["sql", "bundle", "dbt", "plan"] as const;

const PARTS = ["load", "checks", "setup", "staging", "after", "previews", "explain", "all"] as const;
type Part = (typeof PARTS)[number];

export const COMMANDS: Record<string, Command> = {
  encode: {
    summary: "makes a link of a context: prints the link",
    inputs: ["CONTEXT"],
    options: {
      "base-url": {
        value: "URL",
        help: "where the review page is, https://HOST; without it the link is relative",
      },
      place: { value: "fragment|query", help: "where the payload stands; a fragment reaches no server log" },
      mode: { value: "primed|plain", help: "plain makes longer links that are simpler to read elsewhere" },
    },
    run: ([context = ""], values) => {
      const options = given({ baseUrl: values["base-url"], place: values.place, mode: values.mode });
      const json = call((wasm) => wasm.encodeHandoff(context, options));
      const { url, removed, step, length } = JSON.parse(json) as EncodedHandoff;
      return { text: url, json, notes: [...removed.warnings, ...tooLong(step, length)] };
    },
  },
  decode: {
    summary: "opens a link: prints the context, which is untrusted",
    inputs: ["LINK"],
    isInput: isLink,
    options: {},
    run: ([link = ""]) => {
      const json = call((wasm) => wasm.decodeHandoff(link.trim()));
      const { warnings, signature } = JSON.parse(json) as DecodedHandoff;
      return {
        text: indented(memberOf(json, "context")),
        json,
        notes: [...warnings, ...signed(signature)],
      };
    },
  },
  plan: {
    summary: "suggests a plan for a context or a link: prints the plan, a draft",
    inputs: ["CONTEXT"],
    isInput: isLink,
    options: {
      owner: { value: "WHO", help: "who answers for the plan" },
      "time-zone": {
        value: "ZONE",
        help: "IANA time zone of whoever wrote the intent, if the intent names none",
      },
      "warehouse-id": { value: "ID", help: "the SQL warehouse; goes before that of the context" },
      "plan-id": { value: "UUID", help: "id of the plan; a fresh one without this" },
      now: { value: "TIME", help: "time for created_at, RFC 3339; the current time without this" },
    },
    run: ([input = ""], values) => {
      const context = contextOf(input);
      const options = suggestOptions({
        owner: values.owner,
        timeZone: values["time-zone"],
        warehouseId: values["warehouse-id"],
        planId: values["plan-id"],
        now: values.now,
      } as SuggestOptions);
      startSuggest();
      const json = callSuggest((wasm) => wasm.suggestPlan(context, options));
      const suggested = JSON.parse(json) as SuggestedPlan;
      return {
        text: indented(memberOf(json, "plan")),
        json,
        beside: suggestionText(suggested),
        notes: suggested.unread,
      };
    },
  },
  validate: {
    summary: "says everything that is wrong with a plan",
    inputs: ["PLAN"],
    options: {},
    run: ([plan = ""]) => {
      const json = call((wasm) => wasm.validatePlan(plan));
      const { valid, issues, hash } = JSON.parse(json) as PlanReport;
      if (valid) return { text: `valid, plan hash ${hash}`, json, notes: issues };
      const errors = issues.filter(({ severity }) => severity === "error").length;
      const message = `The plan is not valid: ${errors} ${errors === 1 ? "error" : "errors"}.`;
      return { text: "", json, refused: new HandoffError("plan_invalid", message, { issues }) };
    },
  },
  render: {
    summary: "writes the SQL of a plan: prints the load, one statement",
    inputs: ["PLAN"],
    options: {
      part: { value: PARTS.join("|"), help: "what to print in place of the load" },
      "run-time": {
        value: "TIME|parameter",
        help: "time of the run, RFC 3339, as a literal; 'parameter' for the markers :run_time and :snapshot_date",
      },
      "snapshot-date": { value: "DATE", help: "date of a snapshot, YYYY-MM-DD" },
      "genie-session": { value: "ID", help: "Genie session for the header" },
      "target-columns": {
        value: "NAMES",
        help: "columns of the target in their order: a,b,c or a JSON array",
      },
      "column-types": { value: "JSON", help: 'types of source columns: {"name": "type"}' },
      "cluster-by": { help: "the warehouse takes CLUSTER BY in CREATE TABLE" },
      "replace-where-by-name": { help: "the warehouse takes INSERT BY NAME REPLACE WHERE" },
    },
    run: ([plan = ""], values) => {
      const part = partOf(values.part);
      const options = renderOptions(values);
      const json = call((wasm) => wasm.renderSql(plan, options));
      const rendered = JSON.parse(json) as RenderedPlan;
      return { ...partOfPlan(part, rendered, json), notes: notesOf(plan, rendered) };
    },
  },
  explain: {
    summary: "says in plain words what a plan does",
    inputs: ["PLAN"],
    options: {},
    run: ([plan = ""]) => {
      const json = call((wasm) => wasm.explainPlan(plan));
      return { text: explanationText(JSON.parse(json) as PlanExplanation), json };
    },
  },
  diff: {
    summary: "says what differs between two plans, and in their SQL",
    inputs: ["BEFORE", "AFTER"],
    options: {},
    run: ([before = "", after = ""]) => {
      const json = call((wasm) => wasm.diffPlans(before, after));
      const broken = [before, after].some((plan) => !reportOf(plan).renderable);
      return { text: diffText(JSON.parse(json) as PlanDiff, broken), json };
    },
  },
  export: {
    summary: "makes files of a plan for elsewhere: prints the file, or writes all of them",
    inputs: ["PLAN"],
    options: {
      kind: {
        value: KINDS.join("|"),
        help: "what to make: a .sql file, a Declarative Automation Bundle (formerly Asset Bundle), a dbt model, or the plan as JSON; sql without this",
      },
      out: { value: "FOLDER", help: "write the files there; what has several files needs it" },
      force: { help: "replace files that are there with other contents" },
      by: { value: "WHO", help: "who takes the plan elsewhere, for the headers" },
      at: { value: "TIME", help: "when, RFC 3339, for the headers" },
    },
    run: ([plan = ""], values) => {
      const kind = KINDS.find((name) => name === (values.kind ?? "sql"));
      if (kind === undefined) throw new UsageError(`--kind is one of ${KINDS.join(", ")}.`);
      const options = given({ by: values.by, at: values.at });
      startSuggest();
      const json = callSuggest((wasm) => wasm.exportPlan(plan, kind, options));
      const { files, notes } = JSON.parse(json) as ExportedPlan;
      const beside = exportNotesText(notes);
      const [only] = files;
      if (typeof values.out === "string") {
        const paths = files.map(({ path }) => path).join("\n");
        return {
          text: paths,
          json,
          beside,
          files: { folder: values.out, list: files, force: values.force === true },
        };
      }
      if (files.length !== 1 && !values.json) {
        throw new UsageError(`This makes ${files.length} files: name a folder for them with --out.`);
      }
      return { text: (only?.text ?? "").replace(/\n$/, ""), json, beside };
    },
  },
};

function isLink(argument: string): boolean {
  return /^https?:\/\/|[#?]context=/.test(argument);
}

/** A context as it is, or the one inside a link. */
function contextOf(input: string): string {
  if (input.trimStart().startsWith("{")) return input;
  return memberOf(
    call((wasm) => wasm.decodeHandoff(input.trim())),
    "context",
  );
}

function reportOf(plan: string): PlanReport {
  return JSON.parse(call((wasm) => wasm.validatePlan(plan))) as PlanReport;
}

/** What does not keep the SQL from being written but should be known, each once. */
function notesOf(plan: string, { warnings }: RenderedPlan): Issue[] {
  const { issues } = reportOf(plan);
  const there = new Set(issues.map(({ code, path }) => `${code} ${path}`));
  return [...issues, ...warnings.filter(({ code, path }) => !there.has(`${code} ${path}`))];
}

function partOf(value: Values[string]): Part {
  const part = PARTS.find((name) => name === (value ?? "load"));
  if (part === undefined) throw new UsageError(`--part is one of ${PARTS.join(", ")}.`);
  return part;
}

function partOfPlan(part: Part, rendered: RenderedPlan, json: string): Pick<Answer, "text" | "json"> {
  const list = (statements: readonly NamedStatement[]) => ({
    text: statementsText(statements),
    json: JSON.stringify(statements),
  });
  const { statements, previewQueries, sql } = rendered;
  switch (part) {
    case "load":
      return { text: sql, json };
    case "explain":
      return { text: statements.explain, json: JSON.stringify(statements.explain) };
    case "previews":
      return list(previewQueries);
    case "all":
      return { text: everythingText(rendered), json };
    default:
      return list(statements[part]);
  }
}

function renderOptions(values: Values): string {
  return given({
    runTime: values["run-time"],
    snapshotDate: values["snapshot-date"],
    genieSession: values["genie-session"],
    targetColumns: names(values["target-columns"]),
    columnTypes: parsed("column-types", values["column-types"]),
    clusterBy: values["cluster-by"],
    replaceWhereByName: values["replace-where-by-name"],
  });
}

/** A name with a comma needs the JSON form. */
function names(value: Values[string]): unknown {
  if (typeof value !== "string" || value.trimStart().startsWith("[")) return parsed("target-columns", value);
  return value.split(",").map((name) => name.trim());
}

function parsed(option: string, value: Values[string]): unknown {
  if (typeof value !== "string") return undefined;
  try {
    return JSON.parse(value);
  } catch {
    throw new UsageError(`--${option} is not JSON.`);
  }
}

/** The options that were given, as JSON. */
function given(options: Record<string, unknown>): string {
  return JSON.stringify(options);
}

function tooLong(step: EncodedHandoff["step"], length: number): Issue[] {
  if (step !== "over") return [];
  return [
    {
      severity: "warning",
      code: "link_long",
      path: "",
      message: `The link has ${length} characters; over 8,000 some servers and programs refuse it.`,
      help: "Let the worker store it: POST /api/handoffs gives a short link.",
    },
  ];
}

function signed({ state, keyId, audience }: DecodedHandoff["signature"]): Issue[] {
  if (state === "unsigned") return [];
  return [
    {
      severity: "info",
      code: "signature_unchecked",
      path: "",
      message: `The link carries a signature for ${audience} by key ${keyId}, which was not checked here.`,
      help: "The review page checks it; programs do with verifyHandoff.",
    },
  ];
}
