/** What people read: findings, explanations and differences as text. */
import type { HandoffError, Issue } from "../errors.js";
import type { SuggestedPlan } from "../generated/suggest-types.js";
import type { NamedStatement, PlanDiff, PlanExplanation, RenderedPlan } from "../generated/types.js";
import { visible } from "./json-text.js";

/** Findings, one or two lines each. */
export function findingsText(findings: readonly Issue[]): string {
  return findings
    .map(({ severity, code, path, message, help }) => {
      const where = path === "" ? "" : `${visible(path)}: `;
      const advice = help === "" ? "" : `\n           ${visible(help)}`;
      return `  ${severity.padEnd(8)} ${where}${visible(message)} [${code}]${advice}\n`;
    })
    .join("");
}

/** A failure with everything known about it. */
export function errorText({ code, message, help, path, issues }: HandoffError): string {
  const where = path === undefined || issues !== undefined ? "" : `${visible(path)}: `;
  const head = `genie-handoff: ${where}${visible(message)} [${code}]\n`;
  return head + (issues === undefined ? (help ? `  ${visible(help)}\n` : "") : findingsText(issues));
}

export function explanationText({ summary, effects, notes }: PlanExplanation): string {
  const lines = effects.map(
    ({ effect, destructive, text }) => `- ${effect}${destructive ? " (rows can be lost)" : ""}: ${text}`,
  );
  return [summary, "", ...lines, "", ...notes.map((note) => `- ${note}`)]
    .map((line) => visible(line))
    .join("\n");
}

/** Why a suggested plan is as it is, what else it could be, and what has to be said. */
export function suggestionText({ pattern, score, reasons, alternatives, open }: SuggestedPlan): string {
  const seen = (evidence: SuggestedPlan["reasons"][number]["evidence"]) =>
    evidence
      .map(({ where, quote }) => (quote === "" ? ` [${where}]` : ` [${where}: "${visible(quote)}"]`))
      .join("");
  const parts: [string, string[]][] = [
    [
      pattern === null ? "No pattern could be chosen." : `Suggested: ${pattern} (${score}).`,
      reasons.map(({ path, text, evidence }) => `${path}: ${visible(text)}${seen(evidence)}`),
    ],
    [
      "Other patterns:",
      alternatives.map((other) => `${other.pattern} (${other.score}): ${visible(other.whyNot)}`),
    ],
    ["Still open:", open.map(({ path, question }) => `${visible(path)}: ${visible(question)}`)],
  ];
  return parts
    .filter(([, lines], n) => n === 0 || lines.length > 0)
    .map(([title, lines]) => `${title}\n${lines.map((line) => `  - ${line}\n`).join("")}`)
    .join("");
}

/** What a person should know about exported files. */
export function exportNotesText(notes: readonly string[]): string {
  return notes.map((note) => `  - ${visible(note)}\n`).join("");
}

/** Statements with a comment each, separated by semicolons: for a SQL editor. */
export function statementsText(statements: readonly NamedStatement[]): string {
  return statements.map(({ name, purpose, sql }) => `-- ${name}: ${purpose}\n${sql};`).join("\n\n");
}

/** Every part of a rendered plan, in the order of their use. */
export function everythingText({ sql, statements, previewQueries }: RenderedPlan): string {
  const parts: [string, string][] = [
    ["setup: once, before the first load", statementsText(statements.setup)],
    ["previews: what a run would do; read-only", statementsText(previewQueries)],
    ["explain: how a run would be executed; read-only", `${statements.explain};`],
    ["checks: before each load", statementsText(statements.checks)],
    ["load: one statement, one commit", `${sql};`],
    ["staging: in place of the load", statementsText(statements.staging)],
    ["after: behind each load", statementsText(statements.after)],
  ];
  return parts
    .filter(([, text]) => text !== "")
    .map(([title, text]) => `-- ==== ${title} ====\n\n${text}`)
    .join("\n\n");
}

/** `broken` says that one of the plans cannot be rendered. */
export function diffText({ changes, sql }: PlanDiff, broken: boolean): string {
  if (changes.length === 0) return "The plans are the same.";
  const lines = changes.map(({ kind, path, words, changesLoad }) => {
    const load = changesLoad ? "  (changes what a run writes)" : "";
    return `  ${kind.padEnd(8)} ${visible(path)}: ${visible(words)}${load}`;
  });
  const count = `${changes.length} ${changes.length === 1 ? "difference" : "differences"}`;
  const body =
    sql === undefined
      ? [
          broken
            ? "One of the plans cannot be rendered, so there is no SQL to compare."
            : "The SQL is the same.",
        ]
      : ["The SQL:", "", ...lineDiff(sql.before.split("\n"), sql.after.split("\n")).map(visible)];
  return [count, "", ...lines, "", ...body].join("\n");
}

/** Above this many pairs of lines the two texts are shown one after the other. */
const MOST_PAIRS = 16_000_000;

/** Lines with "- ", "+ " or two blanks before them, by the longest common subsequence. */
export function lineDiff(before: readonly string[], after: readonly string[]): string[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end += 1;
  }
  const old = before.slice(start, before.length - end);
  const fresh = after.slice(start, after.length - end);
  const same = (lines: readonly string[]) => lines.map((line) => `  ${line}`);
  return [...same(before.slice(0, start)), ...middle(old, fresh), ...same(before.slice(before.length - end))];
}

function middle(old: readonly string[], fresh: readonly string[]): string[] {
  const removed = (lines: readonly string[]) => lines.map((line) => `- ${line}`);
  const added = (lines: readonly string[]) => lines.map((line) => `+ ${line}`);
  if (old.length * fresh.length > MOST_PAIRS) return [...removed(old), ...added(fresh)];
  const width = fresh.length + 1;
  // common[i * width + j]: length of the longest common subsequence of old[i..] and fresh[j..].
  const common = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const out: string[] = [];
  let [i, j] = [0, 0];
  while (i < old.length && j < fresh.length) {
    if (old[i] === fresh[j]) {
      out.push(`  ${old[i]}`);
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      out.push(`- ${old[i]}`);
      i += 1;
    } else {
      out.push(`+ ${fresh[j]}`);
      j += 1;
    }
  }
  return [...out, ...removed(old.slice(i)), ...added(fresh.slice(j))];
}
