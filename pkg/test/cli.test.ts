import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DecodedHandoff, EncodedHandoff, PlanReport, RenderedPlan } from "../dist/index.js";
import { diffPlans, explainPlan, exportPlan, init, renderSql } from "../dist/inline.js";
import { context, PATTERNS, plan } from "./fixtures.js";

const BIN = fileURLToPath(new URL("../bin/genie-handoff.js", import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), "genie-handoff-cli-"));
beforeAll(() => init());
afterAll(() => rmSync(folder, { recursive: true }));

interface Result {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the program. Input that is no text goes in as JSON; `undefined` closes standard input at once. */
function run(args: string[], input?: unknown): Promise<Result> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [BIN, ...args], { cwd: folder });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk) => out.push(chunk));
    child.stderr.on("data", (chunk) => err.push(chunk));
    child.on("error", fail);
    child.on("close", (code) =>
      done({ code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }),
    );
    // It may stop reading before all was sent.
    child.stdin.on("error", () => {});
    const raw = typeof input === "string" || input instanceof Uint8Array || input === undefined;
    child.stdin.end(raw ? input : JSON.stringify(input));
  });
}

function file(name: string, content: unknown): string {
  const at = path.join(folder, name);
  writeFileSync(at, typeof content === "string" ? content : JSON.stringify(content));
  return at;
}

/** The text without literals, quoted names and comments: what is left shows how many statements there are. */
function bare(sql: string): string {
  return sql.replaceAll(/--[^\n]*|'(?:[^'\\]|\\.)*'|`(?:[^`]|``)*`/g, "");
}

describe("render", () => {
  it.each(PATTERNS)(
    "%s: the load alone, one statement, the bytes of renderSql, a final newline",
    async (type) => {
      const { code, out, err } = await run(["render"], plan(type));
      expect(code).toBe(0);
      expect(err).not.toMatch(/^ {2}error/m);
      expect(out).toBe(`${renderSql(plan(type)).sql}\n`);
      expect(bare(out)).not.toContain(";");
      expect(bare(out).trim()).toMatch(
        /^(?:MERGE INTO|INSERT INTO|INSERT OVERWRITE|CREATE OR REPLACE TABLE)\b/,
      );
      expect(out.endsWith("\n\n")).toBe(false);
    },
  );

  it("reads a file, standard input by its name, and a file with a byte order mark", async () => {
    const wanted = `${renderSql(plan("SCD2")).sql}\n`;
    const at = file("a plan.json", plan("SCD2"));
    const marked = file("marked.json", `\ufeff${JSON.stringify(plan("SCD2"))}`);
    expect((await run(["render", at])).out).toBe(wanted);
    expect((await run(["render", marked])).out).toBe(wanted);
    expect((await run(["render", "-"], plan("SCD2"))).out).toBe(wanted);
  });

  it.each(["FULL_REPLACE", "SNAPSHOT"] as const)("%s: prints each part on request", async (type) => {
    const document = { ...plan(type), validation_rules: { max_rows_to_process: 7 } };
    document.target = { ...document.target, cluster_by: ["id"] };
    const { statements, previewQueries } = renderSql(document);
    const parts = { ...statements, previews: previewQueries };
    const used = type === "FULL_REPLACE" ? ["checks", "staging"] : ["checks", "setup", "previews"];
    for (const part of used as (keyof typeof parts)[]) expect(parts[part].length, part).toBeGreaterThan(0);
    for (const part of ["checks", "setup", "staging", "after", "previews"] as const) {
      const { code, out } = await run(["render", "--part", part], document);
      expect(code).toBe(0);
      for (const { name, sql } of parts[part]) {
        expect(out).toContain(`-- ${name}: `);
        expect(out).toContain(`\n${sql};\n`);
      }
      expect(bare(out).split(";").length - 1, part).toBe(parts[part].length);
      expect(JSON.parse((await run(["render", "--part", part, "--json"], document)).out)).toEqual(
        parts[part],
      );
    }
    expect((await run(["render", "--part", "explain"], document)).out).toBe(`${statements.explain}\n`);
    const all = (await run(["render", "--part", "all"], document)).out;
    for (const part of ["checks", "setup", "staging", "after", "previews"] as const) {
      for (const { sql } of parts[part]) expect(all).toContain(sql);
    }
    expect(all).toContain(statements.load);
  });

  it("takes every option of renderSql", async () => {
    const options: [string[], Parameters<typeof renderSql>[1]][] = [
      [["--run-time", "2026-02-03T04:05:06Z"], { runTime: "2026-02-03T04:05:06Z" }],
      [["--run-time=parameter"], { runTime: "parameter" }],
      [["--snapshot-date", "2026-02-03"], { snapshotDate: "2026-02-03" }],
      [["--genie-session", "s-1"], { genieSession: "s-1" }],
      [
        ["--target-columns", "name, id,ts,snapshot_date"],
        { targetColumns: ["name", "id", "ts", "snapshot_date"] },
      ],
      [["--target-columns", '["id","a,b"]'], { targetColumns: ["id", "a,b"] }],
      [["--column-types", '{"name":"variant"}'], { columnTypes: { name: "variant" } }],
      [["--cluster-by"], { clusterBy: true }],
      [["--replace-where-by-name"], { replaceWhereByName: true }],
    ];
    const document = plan("SNAPSHOT");
    for (const [args, given] of options) {
      const { code, out, err } = await run(["render", "--json", ...args], document);
      expect([code, err], args.join(" ")).toEqual([0, ""]);
      expect(JSON.parse(out) as RenderedPlan, args[0]).toEqual(renderSql(document, given));
    }
    const plain = renderSql(document).sql;
    expect((await run(["render", "--run-time", "2026-02-03T04:05:06Z"], document)).out).not.toBe(
      `${plain}\n`,
    );
  });

  it("writes the SQL of a plan that is not complete, and says what is missing", async () => {
    const { execution_config: _, ...incomplete } = plan("SCD2");
    const { code, out, err } = await run(["render"], incomplete);
    expect([code, out]).toEqual([0, `${renderSql(incomplete as never).sql}\n`]);
    expect(err).toContain("/execution_config: ");
    expect((await run(["render", "--quiet"], incomplete)).err).toBe("");
    expect((await run(["validate"], incomplete)).code).toBe(1);
  });

  it("refuses with every problem, and prints nothing else", async () => {
    const broken = { ...plan("SCD2", { filter: "1 = 1; DROP TABLE x", catalog: "" }) };
    const { code, out, err } = await run(["render"], broken);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("[plan_invalid]");
    expect(err).toContain("/source/filter");
    expect(err).toContain("/source/catalog");
    const machine = await run(["render", "--json"], broken);
    expect([machine.code, machine.out]).toEqual([1, ""]);
    const problem = JSON.parse(machine.err);
    expect(problem.code).toBe("plan_invalid");
    expect(problem.issues.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining(["/source/filter", "/source/catalog"]),
    );
  });
});

describe("links", () => {
  it("encode and decode fit together in a pipe", async () => {
    const base = ["--base-url", "https://handoff.example.com"];
    const made = await run(["encode", ...base], context());
    expect([made.code, made.err]).toEqual([0, ""]);
    expect(made.out).toMatch(/^https:\/\/handoff\.example\.com\/handoff#context=[\w-]+\n$/);
    const read = await run(["decode"], made.out);
    expect(read.code).toBe(0);
    expect(Object.keys(JSON.parse(read.out))).toEqual(Object.keys(context()));
    expect(read.out).not.toContain("planted-secret");
    expect(read.out).not.toContain("4711");
    expect((await run(["encode", ...base], read.out)).out).toBe(made.out);
    expect((await run(["decode", made.out.trim()])).out).toBe(read.out);
    expect((await run(["decode", file("link.txt", made.out)])).out).toBe(read.out);
  });

  it("gives everything as JSON", async () => {
    const made = JSON.parse(
      (await run(["encode", "--json", "--place", "query", "--mode", "plain"], context())).out,
    ) as EncodedHandoff;
    expect(made.url).toBe(`/handoff?context=${made.payload}`);
    const read = JSON.parse((await run(["decode", "--json", made.url])).out) as DecodedHandoff;
    expect(read).toMatchObject({ format: "plain", signature: { state: "unsigned" }, context: made.context });
  });

  it("keeps what JavaScript's numbers and objects would change", async () => {
    const text = JSON.stringify(context()).replace(
      /\}$/,
      ',"big":12345678901234567890123,"odd":{"b":1,"10":2,"2":3,"__proto__":4},"exact":1.50}',
    );
    const { out } = await run(["decode"], (await run(["encode"], text)).out);
    const start = out.indexOf('"big"');
    expect(out.slice(start).replaceAll(/\s/g, "")).toBe(
      '"big":12345678901234567890123,"odd":{"b":1,"10":2,"2":3,"__proto__":4},"exact":1.50}',
    );
  });

  it("warns about what looks personal, and about long links", async () => {
    const personal = await run(["encode"], context({ user_intent: "Ask grace@example.com" }));
    expect(personal.code).toBe(0);
    expect(personal.err).toContain("/user_intent: ");
    let seed = 7;
    const noise = () => {
      seed = (seed * 48271) % 2147483647;
      return seed.toString(36);
    };
    const long = await run(
      ["encode"],
      context({ user_intent: Array.from({ length: 3000 }, noise).join(" ") }),
    );
    expect(long.code).toBe(0);
    expect(long.err).toContain("[link_long]");
  });

  it("writes nothing that a terminal would obey", async () => {
    const evil = '\u001b[2J\u009b31m\u202egnp.exe "quoted" \\';
    const made = (await run(["encode"], context({ user_intent: evil }))).out;
    const { out } = await run(["decode"], made);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is the point
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(JSON.parse(out).user_intent).toBe(evil);
    const { err } = await run(["validate"], { ...plan("SCD2"), [evil]: 1 });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is the point
    expect(err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(err).toContain("\\u001b[2J\\u009b31m\\u202egnp.exe");
  });

  it("refuses a damaged link and a context that is none", async () => {
    const link = (await run(["encode"], context())).out.trim();
    const damaged = await run(["decode", "--json", link.replace(/.$/, (c) => (c === "A" ? "B" : "A"))]);
    expect([damaged.code, damaged.out, JSON.parse(damaged.err).code]).toEqual([1, "", "link_damaged"]);
    const shape = await run(["encode", "--json"], { validated_tables: "x" });
    const problem = JSON.parse(shape.err);
    expect([shape.code, problem.code]).toEqual([1, "context_invalid"]);
    expect(problem.issues.length).toBeGreaterThan(0);
  });
});

describe("validate, explain, diff", () => {
  it("validate", async () => {
    const good = await run(["validate"], plan("SCD2"));
    expect([good.code, good.err]).toEqual([0, ""]);
    expect(good.out).toMatch(/^valid, plan hash [0-9a-f]{64}\n$/);
    const bad = await run(["validate"], { schema_version: "2.0" });
    expect([bad.code, bad.out]).toEqual([1, ""]);
    expect(bad.err).toContain("/schema_version: ");
    const machine = await run(["validate", "--json"], { schema_version: "2.0" });
    const report = JSON.parse(machine.out) as PlanReport;
    expect([machine.code, report.valid]).toEqual([1, false]);
    expect(JSON.parse(machine.err)).toMatchObject({ code: "plan_invalid", issues: report.issues });
  });

  it("explain", async () => {
    const wanted = explainPlan(plan("FULL_REPLACE"));
    const { code, out } = await run(["explain"], plan("FULL_REPLACE"));
    expect(code).toBe(0);
    for (const text of [wanted.summary, ...wanted.notes]) expect(out).toContain(text);
    expect(out).toContain("(rows can be lost)");
    expect(JSON.parse((await run(["explain", "--json"], plan("FULL_REPLACE"))).out)).toEqual(wanted);
  });

  it("diff", async () => {
    const [one, two] = [plan("MERGE_UPSERT"), plan("MERGE_UPSERT", { filter: "id > 3" })];
    const before = file("before.json", one);
    const { code, out } = await run(["diff", before, "-"], two);
    expect(code).toBe(0);
    expect(out).toContain("/source/filter");
    expect(out).toMatch(/^\+ .*id > 3/m);
    expect(out).toMatch(/^ {2}MERGE INTO/m);
    expect(out).not.toMatch(/^[-+] MERGE INTO/m);
    expect(JSON.parse((await run(["diff", "--json", before, "-"], two)).out)).toEqual(diffPlans(one, two));
    expect((await run(["diff", before, "-"], one)).out).toBe("The plans are the same.\n");
    expect((await run(["diff", before, "-"], {})).out).toContain("cannot be rendered");
  });
});

describe("export", () => {
  const about = { by: "ada@example.com", at: "2026-02-03T04:05:06Z" };
  const told = ["--by", about.by, "--at", about.at];

  it.each(["sql", "plan"] as const)("%s: prints the one file, byte for byte", async (kind) => {
    const { files } = await exportPlan(plan("SCD2"), kind, about);
    const { code, out } = await run(["export", "--kind", kind, ...told], plan("SCD2"));
    expect([code, files.length, out]).toEqual([0, 1, files[0]?.text]);
    if (kind === "sql") expect((await run(["export", ...told], plan("SCD2"))).out).toBe(out);
  });

  it.each(["sql", "bundle", "dbt", "plan"] as const)("%s: writes all files into a folder", async (kind) => {
    const wanted = await exportPlan(plan("MERGE_UPSERT"), kind, about);
    const folder = path.join(mkdtempSync(path.join(tmpdir(), "genie-handoff-export-")), "new", kind);
    const { code, out, err } = await run(
      ["export", "--kind", kind, "--out", folder, ...told],
      plan("MERGE_UPSERT"),
    );
    expect(code).toBe(0);
    expect(out).toBe(wanted.files.map((one) => `${one.path}\n`).join(""));
    for (const { path: name, text } of wanted.files) {
      expect(readFileSync(path.join(folder, name), "utf8"), name).toBe(text);
    }
    expect(err).toBe(wanted.notes.map((note) => `  - ${note}\n`).join(""));
    const machine = await run(["export", "--kind", kind, "--json", ...told], plan("MERGE_UPSERT"));
    expect([machine.code, JSON.parse(machine.out)]).toEqual([0, wanted]);
    rmSync(path.dirname(path.dirname(folder)), { recursive: true });
  });

  it("asks for a folder where there are several files", async () => {
    const { code, out, err } = await run(["export", "--kind", "bundle"], plan("SCD2"));
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("--out");
  });

  it("leaves a file with other contents alone, and writes none of the others, unless it is told to", async () => {
    const out = mkdtempSync(path.join(tmpdir(), "genie-handoff-export-"));
    writeFileSync(path.join(out, "databricks.yml"), "mine\n");
    const args = ["export", "--kind", "bundle", "--out", out];
    const refused = await run([...args, "--json"], plan("SCD2"));
    expect([refused.code, refused.out, JSON.parse(refused.err).code]).toEqual([1, "", "file_exists"]);
    expect(readdirSync(out)).toEqual(["databricks.yml"]);
    expect(readFileSync(path.join(out, "databricks.yml"), "utf8")).toBe("mine\n");
    expect((await run([...args, "--force"], plan("SCD2"))).code).toBe(0);
    // The same files again are nothing to ask about.
    expect((await run(args, plan("SCD2"))).code).toBe(0);
    expect(readFileSync(path.join(out, "databricks.yml"), "utf8")).toContain("bundle:");
    rmSync(out, { recursive: true });
  });

  it("refuses a plan from which no SQL can be written, but not as JSON", async () => {
    const broken = { ...plan("SCD2", { catalog: "" }) };
    const { code, out, err } = await run(["export"], broken);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("/source/catalog");
    expect(JSON.parse((await run(["export", "--kind", "plan"], broken)).out)).toEqual(broken);
  });
});

describe("the program", () => {
  it("helps and tells its version", async () => {
    const version = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version;
    expect(await run(["--version"])).toEqual({ code: 0, out: `${version}\n`, err: "" });
    const overview = await run(["--help"]);
    expect([overview.code, overview.err]).toEqual([0, ""]);
    for (const [, name = ""] of overview.out.matchAll(/^ {2}([a-z]+) {2,}/gm)) {
      const help = await run([name, "--help"]);
      expect([help.code, help.err], name).toEqual([0, ""]);
      expect(help.out).toContain(`genie-handoff ${name}`);
      expect((await run(["help", name])).out).toBe(help.out);
    }
    expect(overview.out).toMatch(
      /^ {2}encode .*\n {2}decode .*\n {2}plan .*\n {2}validate .*\n {2}render .*\n {2}explain .*\n {2}diff .*\n {2}export /m,
    );
  });

  it.each([
    [[]],
    [["frobnicate"]],
    [["toString"]],
    [["render", "--nope"]],
    [["render", "--part"]],
    [["render", "--part", "toString"]],
    [["render", "a.json", "b.json"]],
    [["render", "missing.json"]],
    [["render", "."]],
    [["render", "--run-time", "today"]],
    [["render", "--snapshot-date", "2026-02-30"]],
    [["render", "--column-types", "{"]],
    [["render", "--column-types", '{"name":7}']],
    [["render", "--json=yes"]],
    [["diff", "only.json"]],
    [["diff", "-", "-"]],
    [["encode", "--base-url", "ftp://host"]],
    [["encode", "--place", "path"]],
    [["export", "--kind", "csv"]],
    [["export", "--out", "/dev/null/x"]],
  ])("exit code 2 for %j", async (args) => {
    const input = args[0] === "encode" ? context() : plan("SNAPSHOT");
    const text = await run(args, input);
    expect([text.code, text.out]).toEqual([2, ""]);
    expect(text.err).toMatch(/^genie-handoff: .+\n {2}genie-handoff (?:[a-z]+ )?--help lists/);
    const machine = await run([...args, "--json"], input);
    expect([machine.code, machine.out]).toEqual([2, ""]);
    expect(JSON.parse(machine.err).message.length).toBeGreaterThan(0);
  });

  it.each([
    ["nothing", "", "input_empty"],
    ["blanks", " \n", "input_empty"],
    ["half a document", '{"schema_version":', "plan_not_json"],
    ["UTF-16", Buffer.from("\ufeff{}", "utf16le"), "input_not_utf8"],
    ["a byte that is not UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), "input_not_utf8"],
    ["a lone surrogate", '{"schema_version":"\\ud800"}', "plan_not_json"],
    ["a repeated key", '{"pattern":{},"pattern":{}}', "plan_repeated_key"],
    ["arrays without end", "[".repeat(100_000), "plan_not_json"],
    ["two MiB", " ".repeat(2 << 20).concat("{}"), "plan_too_large"],
    ["a list", "[]", "plan_invalid"],
  ])("exit code 1 for %s", async (_, input, code) => {
    const text = await run(["render"], input);
    expect([text.code, text.out]).toEqual([1, ""]);
    expect(text.err).toContain(`[${code}]`);
    expect(JSON.parse((await run(["render", "--json"], input)).err).code).toBe(code);
  });

  it("stops reading when there is no end", async () => {
    const { code, err } = await run(["validate", "--json"], Buffer.alloc(65 << 20, 0x20));
    expect([code, JSON.parse(err).code]).toEqual([1, "too_large"]);
  });

  it("renders a plan with 2,000 columns through pipes without losing a byte", async () => {
    const columns = ["id", ...Array.from({ length: 1999 }, (_, n) => `a_rather_long_column_name_${n}`)];
    const wide = plan("MERGE_UPSERT", { columns });
    const { code, out } = await run(["render"], wide);
    expect(code).toBe(0);
    expect(out).toBe(`${renderSql(wide).sql}\n`);
    expect(out.length).toBeGreaterThan(200_000);
  });

  it("takes it calmly when the reader leaves", async () => {
    const columns = ["id", ...Array.from({ length: 5000 }, (_, n) => `a_rather_long_column_name_${n}`)];
    const result = await new Promise<{ code: number | null; err: string }>((done) => {
      const child = spawn(process.execPath, [BIN, "render"]);
      let err = "";
      child.stderr.on("data", (chunk) => {
        err += chunk;
      });
      // Like `| head -c 1`: the pipe is closed in the middle of the output.
      child.stdout.once("data", () => child.stdout.destroy());
      child.on("close", (code) => done({ code, err }));
      child.stdin.end(JSON.stringify(plan("MERGE_UPSERT", { columns })));
    });
    expect(result).toEqual({ code: 0, err: "" });
  });
});
