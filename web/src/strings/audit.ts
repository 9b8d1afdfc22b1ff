/** Words of the audit page. */
import type { AuditChain, AuditEntry } from "../api/types";
import { number } from "../strings";

export const auditWords = {
  title: "Audit",
  skip: "Skip to the audit",
  about: "Who did what, when. Entries are added and never changed.",
  serverDown: "The audit cannot be read until the server is back.",
  loading: "Reading the audit",
  none: "No entry fits these filters.",
  empty: "Nothing has been done yet.",
  more: "Show older entries",
  loadingMore: "Reading more",
  loaded: (count: number) => `${number(count)} ${count === 1 ? "entry" : "entries"} shown.`,
  filters: "Filters",
  plan: "Plan id",
  caller: "Who",
  action: "Action",
  actionAbout: "Such as plan.deploy",
  outcome: "Outcome",
  anyOutcome: "Any",
  from: "From",
  until: "Until",
  zone: (name: string) => `Days in ${name}`,
  apply: "Show",
  clear: "Clear the filters",
  outcomes: {
    started: "Started",
    ok: "Done",
    failed: "Failed",
    refused: "Refused",
    unknown: "Outcome not known",
  } satisfies Record<AuditEntry["outcome"], string>,
  phases: {
    before: "before it was done",
    after: "after it was done",
    only: "",
  } satisfies Record<AuditEntry["phase"], string>,
  details: (seq: number) => `Details of entry ${number(seq)}`,
  entry: "Entry",
  request: "Request id",
  version: "Version",
  planHash: "Hash of the plan",
  handoff: "Handoff",
  session: "Genie session",
  hash: "Hash",
  prevHash: "Hash of the entry before",
  openPlan: "Open the plan",

  chain: {
    checking: "Checking the chain",
    again: "Check again",
    notChecked: "The chain was not checked.",
    intact: "The chain is intact.",
    intactAbout: (count: number) =>
      `The server has recomputed all ${number(count)} ${count === 1 ? "entry" : "entries"}: none was changed, removed or moved.`,
    newestAbout: (count: number, first: number) =>
      `The server has recomputed the newest ${number(count)} entries, from entry ${number(first)} on: none was changed, removed or moved. Older ones were not looked at.`,
    empty: "There is no entry yet.",
    broken: "The chain is broken.",
    problems: {
      changed: (seq: number) => `Entry ${number(seq)} was changed after it was written.`,
      removed: (seq: number) => `An entry is missing before entry ${number(seq)}.`,
      reordered: (seq: number) => `Entry ${number(seq)} is not where it was written.`,
    } satisfies Record<NonNullable<AuditChain["problem"]>["kind"], (seq: number) => string>,
    brokenNext:
      "Do not rely on what follows. Tell the person who runs the server, and keep a copy of the database.",
    head: "Hash of the newest entry",
    copyHead: "Copy the hash of the newest entry",
  },
} as const;
