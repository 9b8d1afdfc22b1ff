import { execFileSync } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import type { ExportKind, HandoffError, Plan } from "../dist/index.js";
import {
  diffPlans,
  HandoffError as ErrorClass,
  explainPlan,
  exportPlan,
  init,
  renderSql,
  validatePlan,
} from "../dist/inline.js";
import { PATTERNS, plan } from "./fixtures.js";

beforeAll(() => init());

function failure(run: () => unknown): HandoffError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ErrorClass);
    return error as HandoffError;
  }
  throw new Error("expected a failure");
}

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;

describe("validatePlan", () => {
  it.each(PATTERNS)("%s is valid", (type) => {
    const report = validatePlan(plan(type));
    expect(report).toMatchObject({ valid: true, renderable: true });
    expect(report.issues.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(Object.keys(report).sort()).toEqual(["hash", "issues", "renderable", "valid"]);
  });

  it("says every problem at once, with path and help", () => {
    const broken = plan("SCD2", { table: "a.b", filter: "1 = 1; DROP TABLE x", typo: 1 });
    broken.execution_config = { warehouse_id: "0123456789abcdef", max_retries: 9 };
    const { valid, renderable, issues } = validatePlan(broken);
    expect([valid, renderable]).toEqual([false, false]);
    expect(issues.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        "/source/table",
        "/source/filter",
        "/source/typo",
        "/execution_config/max_retries",
      ]),
    );
    for (const { code, message, help } of issues) {
      expect(code).toMatch(/^[a-z_]+$/);
      expect(message).toMatch(/[.!?]$/);
      expect(help.length).toBeGreaterThan(0);
    }
  });

  it.each([null, 7, "text", [], {}, true])("%j is an answer and not an error", (value) => {
    const { valid, issues } = validatePlan(value);
    expect([valid, issues.length > 0]).toEqual([false, true]);
  });

  it("the hash does not depend on the order of keys, and on nothing else", () => {
    const { schema_version, ...rest } = plan("SCD2");
    const { hash } = validatePlan(plan("SCD2"));
    expect(validatePlan({ ...rest, schema_version }).hash).toBe(hash);
    expect(validatePlan(plan("SCD2", { table: "other" })).hash).not.toBe(hash);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it("what cannot be JSON is refused", () => {
    for (const value of [undefined, () => {}, cyclic, { big: 1n }]) {
      expect(failure(() => validatePlan(value))).toMatchObject({ code: "invalid_argument", path: "plan" });
    }
    expect(failure(() => validatePlan({ x: "y".repeat(2 << 20) })).code).toBe("plan_too_large");
    expect(failure(() => validatePlan({ x: "\ud800" })).code).toBe("plan_not_json");
  });

  it("__proto__ is a key like any other", () => {
    const odd = JSON.parse(
      JSON.stringify(plan("SCD2")).replace('"pattern":', '"__proto__":{"type":"x"},"pattern":'),
    );
    expect(validatePlan(odd).issues.map(({ path }) => path)).toContain("/__proto__");
    const columns = ["id", "__proto__", "constructor", "toString"];
    const rendered = renderSql(plan("MERGE_UPSERT", { columns }));
    for (const name of columns) expect(rendered.sql).toContain(`\`${name}\``);
    expect(rendered.lineage.map(({ targetColumn }) => targetColumn)).toEqual(columns);
  });
});

describe("renderSql", () => {
  it.each(PATTERNS)("%s gives all that the design names", (type) => {
    const rendered = renderSql(plan(type));
    expect(Object.keys(rendered).sort()).toEqual([
      "highlight",
      "lineage",
      "previewQueries",
      "privileges",
      "sql",
      "statements",
      "warnings",
    ]);
    expect(rendered.statements.load).toBe(rendered.sql);
    expect(rendered.statements.explain).toMatch(/^EXPLAIN /m);
    expect(rendered.sql).toContain("`main`.`mart`.`tgt`");
    expect(rendered.sql).toContain(validatePlan(plan(type)).hash);
    expect(rendered.lineage.length).toBeGreaterThan(0);
    expect(rendered.privileges).toContainEqual(expect.objectContaining({ privilege: "SELECT" }));
    expect(rendered.previewQueries.length).toBeGreaterThan(0);
  });

  it("colours every part of the text, in UTF-16 units", () => {
    const { sql, highlight } = renderSql(plan("MERGE_UPSERT", { filter: "name = '😀' AND id > 1" }));
    const parts = highlight.map(({ start, end, kind }) => [kind, sql.slice(start, end)]);
    expect(parts).toContainEqual([expect.any(String), "'😀'"]);
    expect(parts).toContainEqual([expect.any(String), "`main`"]);
    let before = 0;
    for (const { start, end } of highlight) {
      expect(start).toBeGreaterThanOrEqual(before);
      expect(end).toBeGreaterThan(start);
      before = end;
    }
    expect(before).toBeLessThanOrEqual(sql.length);
  });

  it("takes its options", () => {
    const snapshot = plan("SNAPSHOT");
    const at = renderSql(snapshot, { runTime: "2026-02-03T04:05:06Z" }).sql;
    expect(at).toContain("2026-02-03");
    expect(at).not.toMatch(/current_(?:date|timestamp)/i);
    expect(renderSql(snapshot, { runTime: "parameter" }).sql).toContain(":snapshot_date");
    expect(renderSql(plan("SCD2"), { runTime: "parameter" }).sql).toContain(":run_time");
    expect(renderSql(snapshot, { snapshotDate: "2026-02-04" }).sql).toContain("2026-02-04");
    expect(renderSql(snapshot, { genieSession: "session-7" }).sql).toContain("session-7");
    const day = { snapshotDate: "2026-02-04" };
    expect(renderSql(snapshot, { ...day, replaceWhereByName: true }).sql).toContain(" BY NAME");
    expect(renderSql(snapshot, day).sql).not.toContain(" BY NAME");
  });

  it.each([
    [{ runTime: "yesterday" }, "option_invalid", "runTime"],
    [{ runTime: "2026-02-03T04:05:06" }, "sql_run_time_offset", "run_time"],
    [{ snapshotDate: "2026-02-30" }, "option_invalid", "snapshotDate"],
    [{ targetColumns: ["a\nb"] }, "option_invalid", "targetColumns"],
    [{ targetColumns: "a" }, "option_invalid", "targetColumns"],
    [{ runtime: "typing error" }, "option_invalid", "runtime"],
    [cyclic, "invalid_argument", "options"],
  ])("refuses the options %#", (options, code, path) => {
    expect(failure(() => renderSql(plan("SNAPSHOT"), options as never))).toMatchObject({ code, path });
  });

  it("refuses an invalid plan with all issues", () => {
    const error = failure(() => renderSql(plan("SCD2", { filter: "x' OR '1", catalog: "" })));
    expect(error.code).toBe("plan_invalid");
    expect(error.path).toBeTruthy();
    expect(error.issues?.map(({ path }) => path)).toEqual(
      expect.arrayContaining(["/source/filter", "/source/catalog"]),
    );
    for (const value of [null, 7, [], "x", {}]) {
      expect(failure(() => renderSql(value as never)).code).toBe("plan_invalid");
    }
    expect(failure(() => renderSql(undefined as never)).code).toBe("invalid_argument");
  });

  it("no name and no value breaks out of the text", () => {
    const evil = "x`; DROP TABLE y; --";
    const { sql } = renderSql(plan("MERGE_UPSERT", { columns: ["id", evil] }));
    expect(sql).toContain("`x``; DROP TABLE y; --`");
    const { plan_metadata } = plan("SCD2");
    const metadata = { ...plan_metadata, tags: { genie_session_id: "a\nDROP TABLE y; --\u2028x" } };
    for (const line of renderSql({ ...plan("SCD2"), plan_metadata: metadata }).sql.split(/[\n\r\u2028]/)) {
      expect(line).not.toMatch(/^\s*DROP/);
    }
  });

  it("equal plans give equal bytes: again, in another order, and in another process", () => {
    for (const type of PATTERNS) {
      const { sql } = renderSql(plan(type));
      expect(renderSql(structuredClone(plan(type))).sql).toBe(sql);
      const backwards = Object.fromEntries(Object.entries(plan(type)).reverse()) as unknown as Plan;
      expect(renderSql(backwards).sql).toBe(sql);
    }
    const program = `
      import { init, renderSql } from ${JSON.stringify(new URL("../dist/inline.js", import.meta.url).href)};
      await init();
      process.stdout.write(renderSql(${JSON.stringify(plan("SCD2"))}).sql);`;
    const fresh = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
      encoding: "utf8",
    });
    expect(fresh).toBe(renderSql(plan("SCD2")).sql);
  });

  it("2,000 columns are a matter of milliseconds, and memory does not pile up", () => {
    const columns = ["id", ...Array.from({ length: 1999 }, (_, n) => `column_${n}`)];
    const wide = plan("SCD2", { columns });
    const first = renderSql(wide);
    expect(first.lineage.length).toBeGreaterThanOrEqual(2000);
    for (let n = 0; n < 10; n += 1) expect(renderSql(wide).sql).toBe(first.sql);
  });
});

describe("explainPlan", () => {
  it.each(PATTERNS)("%s in plain words", (type) => {
    const explained = explainPlan(plan(type));
    expect(Object.keys(explained).sort()).toEqual(["effects", "notes", "summary"]);
    expect(explained.summary).toContain("main.mart.tgt");
    expect(explained.effects.length).toBeGreaterThan(0);
    for (const { effect, destructive, text } of explained.effects) {
      expect(["adds", "updates", "deletes", "replaces"]).toContain(effect);
      expect(typeof destructive).toBe("boolean");
      expect(text).toMatch(/[.!?]$/);
    }
  });

  it("says what is destroyed first", () => {
    const { effects } = explainPlan(plan("FULL_REPLACE"));
    expect(effects[0]?.destructive).toBe(true);
    expect(failure(() => explainPlan({} as never)).code).toBe("plan_invalid");
  });
});

describe("diffPlans", () => {
  it("finds nothing between equal plans, whatever the order of keys", () => {
    const backwards = Object.fromEntries(Object.entries(plan("SCD2")).reverse()) as unknown as Plan;
    expect(diffPlans(plan("SCD2"), backwards)).toEqual({ changes: [] });
  });

  it("structure first, then SQL", () => {
    const [one, two] = [plan("SCD2"), plan("SCD2", { filter: "id > 1" })];
    const { changes, sql } = diffPlans(one, two);
    expect(changes).toEqual([
      {
        kind: "added",
        path: "/source/filter",
        after: "id > 1",
        words: expect.any(String),
        changesLoad: true,
      },
    ]);
    expect(sql).toEqual({ before: renderSql(one).sql, after: renderSql(two).sql });
    expect(diffPlans(two, one).changes[0]).toMatchObject({ kind: "removed", before: "id > 1" });
  });

  it("a change that writes nothing else gives no SQL", () => {
    const other = { ...plan("SCD2"), schedule: { type: "manual" } };
    const { changes, sql } = diffPlans(plan("SCD2"), other);
    expect(changes.every(({ changesLoad }) => !changesLoad)).toBe(true);
    expect(changes.length).toBeGreaterThan(0);
    expect(sql).toBeUndefined();
  });

  it("takes anything that is JSON, and names what is not", () => {
    expect(diffPlans({} as never, plan("SCD2")).changes.length).toBeGreaterThan(0);
    expect(failure(() => diffPlans(undefined as never, plan("SCD2"))).path).toBe("before");
    expect(failure(() => diffPlans(plan("SCD2"), cyclic as never)).path).toBe("after");
  });
});

describe("exportPlan", () => {
  it.each(PATTERNS)("%s, as every kind, the same each time", async (type) => {
    for (const kind of ["sql", "bundle", "dbt", "plan"] as const) {
      const exported = await exportPlan(plan(type), kind, { by: "Ada", at: "2026-01-16T09:00:00Z" });
      expect(exported.files.length).toBeGreaterThan(0);
      for (const { path, text } of exported.files) {
        expect(path).toMatch(/^[a-z0-9_./-]+$/);
        expect(text.endsWith("\n")).toBe(true);
      }
      expect(await exportPlan(plan(type), kind, { by: "Ada", at: "2026-01-16T09:00:00Z" })).toEqual(exported);
    }
  });

  it("names what it cannot do", async () => {
    const refusal = (plan: unknown, ...rest: unknown[]) =>
      exportPlan(plan as Plan, ...(rest as [ExportKind])).then(
        () => expect.unreachable(),
        (error: HandoffError) => error,
      );
    expect((await refusal(plan("SCD2"), "pdf")).code).toBe("option_invalid");
    expect((await refusal({}, "sql")).issues?.length).toBeGreaterThan(0);
    expect((await refusal(plan("SCD2"), "sql", { who: "x" })).code).toBe("option_invalid");
    expect((await refusal(undefined, "sql")).path).toBe("plan");
  });
});
