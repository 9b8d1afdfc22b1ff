import { describe, expect, it } from "vitest";
import { HandoffError } from "../src/api";
import type { Lineage, PlanRecord, Run } from "../src/api/types";
import { noFilter, toFilter, toQuery } from "../src/audit/filters";
import { possibleActions } from "../src/plans/actions/possible";
import { planHref, reviewHref, toView } from "../src/plans/address";
import { around, inOrder, startOf } from "../src/plans/lineage/layout";
import { grouped } from "../src/plans/runs/RunCard";
import { canCancel, canRepair, changedRuns, pollEvery } from "../src/plans/runs/runState";
import { nearChanges, pieces } from "../src/ui/SqlText";
import { safeLink } from "../src/ui/safeLink";
import { hrefOf } from "../src/ui/useAddress";
import { type Pages, reducePages } from "../src/ui/usePages";
import { reduceResource } from "../src/ui/useResource";

const error = new HandoffError("timeout", "slow");

describe("addresses", () => {
  it("of plans", () => {
    expect(planHref("a b")).toBe("/plans?plan=a+b");
    expect(planHref("p", "runs")).toBe("/plans?plan=p&view=runs");
    expect([toView("runs"), toView("elsewhere"), toView(undefined)]).toEqual([
      "runs",
      "overview",
      "overview",
    ]);
    expect(hrefOf("/plans", { q: "", state: undefined })).toBe("/plans");
  });

  it.each([
    ["https://h.example/h/abcdefghij0123456789", "/h/abcdefghij0123456789"],
    [" https://h.example/handoff#context=abc-_9 ", "/handoff#context=abc-_9"],
    ["https://h.example/handoff?context=abc&x=1", "/handoff#context=abc"],
    ["b".repeat(50), `/handoff#context=${"b".repeat(50)}`],
    ["javascript:alert(1)", undefined],
    ["", undefined],
    ["https://h.example/h/short", undefined],
  ])("%j leads to %j", (text, href) => {
    expect(reviewHref(text)).toBe(href);
  });

  it.each([
    ["https://dbc.example/jobs/1", "https://dbc.example/jobs/1"],
    ["http://127.0.0.1:8788/x", "http://127.0.0.1:8788/x"],
    ["http://evil.example/", undefined],
    ["javascript:alert(1)", undefined],
    ["data:text/html,x", undefined],
    [null, undefined],
  ])("%j as a link is %j", (text, link) => {
    expect(safeLink(text)).toBe(link);
  });
});

describe("a list that grows", () => {
  const idOf = (item: string) => item.slice(0, 1);
  const start: Pages<string> = { items: [], ready: false };
  const first = reducePages(start, { type: "got", page: { items: ["a1", "b1"], next: "n" }, fresh: true });

  it("adds pages and keeps what it has when one fails", () => {
    const both = reducePages(first, { type: "got", page: { items: ["c1"] }, fresh: false });
    expect(both).toEqual({ items: ["a1", "b1", "c1"], ready: true });
    expect(reducePages(both, { type: "failed", error })).toEqual({ ...both, error });
  });

  it("renewed, it puts the newest first and keeps what was read further down", () => {
    const both = reducePages(first, { type: "got", page: { items: ["c1"], next: "m" }, fresh: false });
    const renewed = reducePages(both, { type: "renewed", page: { items: ["z1", "a2"], next: "n2" }, idOf });
    expect(renewed).toEqual({ items: ["z1", "a2", "b1", "c1"], ready: true, next: "m" });
  });

  it("asked anew, it forgets; asked for more, it does not", () => {
    expect(reducePages(first, { type: "ask", at: 5, fresh: true })).toEqual({
      items: [],
      ready: false,
      since: 5,
    });
    expect(reducePages(first, { type: "ask", at: 5, fresh: false })).toMatchObject({
      items: ["a1", "b1"],
      since: 5,
    });
  });
});

it("a resource keeps its value while it is read again, and when that fails", () => {
  const got = reduceResource({ since: 1 }, { type: "got", value: "x" });
  expect(reduceResource(got, { type: "ask", at: 2, fresh: false })).toEqual({ value: "x", since: 2 });
  expect(reduceResource(got, { type: "ask", at: 2, fresh: true })).toEqual({ since: 2 });
  expect(reduceResource(got, { type: "failed", error })).toEqual({ value: "x", error });
});

describe("what can be done with a plan", () => {
  const deployment = { plan_hash: "h1", schedule: { quartz: "" } } as unknown as PlanRecord["deployment"];
  const plan = (state: PlanRecord["state"], plan_hash: string, with_: PlanRecord["deployment"] = null) =>
    possibleActions({ state, plan_hash, deployment: with_ });

  it("follows from its state", () => {
    expect(plan("draft", "h1")).toEqual(["archive", "deploy"]);
    expect(plan("deployed", "h1", deployment)).toEqual(["undeploy", "pause", "run"]);
    expect(plan("deployed", "h2", deployment)).toEqual(["undeploy", "pause", "run", "deploy"]);
    expect(plan("paused", "h1", deployment)).toEqual(["undeploy", "resume", "run"]);
    expect(plan("archived", "h1", deployment)).toEqual([]);
  });
});

describe("runs", () => {
  const run = (run_id: string, state: Run["state"]) => ({ run_id, state }) as Run;

  it("are looked at closely while one moves, now and then while there is a job, else never", () => {
    expect(pollEvery([run("1", "running")], true)).toBe(4);
    expect(pollEvery([run("1", "unknown")], false)).toBe(4);
    expect(pollEvery([run("1", "failed")], true)).toBe(30);
    expect(pollEvery([run("1", "failed")], false)).toBeUndefined();
  });

  it("can be cancelled before their end and repaired after a bad one", () => {
    expect(
      ["waiting", "running", "unknown"].every((state) => canCancel(run("1", state as Run["state"]))),
    ).toBe(true);
    expect(canCancel(run("1", "cancelling"))).toBe(false);
    expect([canRepair(run("1", "failed")), canRepair(run("1", "succeeded"))]).toEqual([true, false]);
  });

  it("that changed are told, new ones are not", () => {
    const before = [run("1", "running"), run("2", "failed")];
    expect(changedRuns(before, [run("3", "running"), run("1", "succeeded"), run("2", "failed")])).toEqual([
      run("1", "succeeded"),
    ]);
  });

  it("count more rows than a number holds", () => {
    expect(grouped("90071992547409931").replace(/\D/g, "")).toBe("90071992547409931");
    expect(grouped("many")).toBe("many");
  });
});

describe("lineage", () => {
  const node = (id: string, kind: string, at: string | null = null) => ({
    id,
    kind,
    at,
    label: id,
    url: null,
    state: null,
  });
  const lineage = {
    nodes: [
      node("h", "handoff"),
      node("v1", "plan_version", "2026-01-01"),
      node("v2", "plan_version", "2026-02-01"),
      node("j", "job"),
    ],
    edges: [
      { from: "h", to: "v2" },
      { from: "h", to: "v2" },
      { from: "v2", to: "j" },
      { from: "v2", to: "gone" },
      { from: "v2", to: "v2" },
    ],
    columns: [],
  } as Lineage;

  it("begins at the newest version and shows one step each way, each once", () => {
    expect(startOf(lineage)).toBe("v2");
    const near = around(lineage, "v2");
    expect(near?.before.map(({ id }) => id)).toEqual(["h"]);
    expect(near?.after.map(({ id }) => id)).toEqual(["j"]);
    expect(around(lineage, "gone")).toBeUndefined();
  });

  it("as a list is in the order of the work, the newest of a kind first", () => {
    expect(inOrder(lineage.nodes).map(({ id }) => id)).toEqual(["h", "v2", "v1", "j"]);
  });
});

describe("the audit is asked for", () => {
  it("days from their first to their last moment, and nothing that is blank", () => {
    const query = toQuery({ ...noFilter, caller: " ada ", from: "2026-03-29", until: "2026-03-29" });
    expect(query).toMatchObject({ caller: "ada", plan_id: undefined });
    const [from, to] = [Date.parse(query.from ?? ""), Date.parse(query.to ?? "")];
    expect(from).toBe(new Date(2026, 2, 29).getTime());
    // The next midnight, whatever the clocks do on that day.
    expect(to).toBe(new Date(2026, 2, 30).getTime());
  });

  it("as the address says, whatever else it says", () => {
    expect(toFilter({ plan: "p", other: "x" })).toEqual({ ...noFilter, plan: "p" });
    expect(toQuery({ ...noFilter, from: "2026-13-99x" }).from).toBeUndefined();
  });
});

describe("SQL on the page", () => {
  it("is whole, whatever the colours say", () => {
    const sql = "SELECT `a` FROM t";
    const spans = [
      { start: 0, end: 6, kind: "keyword" },
      { start: 3, end: 9, kind: "overlap" },
      { start: 7, end: 10, kind: "identifier" },
      { start: 15, end: 99, kind: "too far" },
    ];
    expect(
      pieces(sql, spans)
        .map(({ text }) => text)
        .join(""),
    ).toBe(sql);
    expect(pieces(sql, spans).map(({ kind }) => kind)).toEqual([
      "keyword",
      undefined,
      "identifier",
      undefined,
    ]);
  });

  it("is shown near its changes, the rest as a gap", () => {
    const lines = Array.from({ length: 20 }, (_, at) => ({
      kind: at === 10 ? ("added" as const) : ("same" as const),
      text: String(at),
    }));
    const shown = nearChanges(lines);
    expect(shown.map((line) => ("gap" in line ? "gap" : line.text))).toEqual([
      "gap",
      "7",
      "8",
      "9",
      "10",
      "11",
      "12",
      "13",
      "gap",
    ]);
    expect(nearChanges(lines.map((line) => ({ ...line, kind: "same" as const })))).toHaveLength(1);
  });
});
