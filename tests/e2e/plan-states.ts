/** Every state of the pages about plans and of the audit, for whoever wants to look at all of them. */
import type { Page, Route } from "playwright-core";
import type { Stack } from "./harness/stack.ts";
import { audit, documents, lineage, me, PLAN_ID, plans, record, runs, versions } from "./plan-data.ts";
import type { State } from "./states.ts";

type Answer = unknown | ((route: Route) => Promise<void>);

/** A problem document, as the server sends them. */
export const problem = (status: number, code: string, detail: string) => (route: Route) =>
  route.fulfill({
    status,
    contentType: "application/problem+json",
    headers: { "x-request-id": "0123456789abcdef" },
    json: {
      type: `urn:genie-handoff:problem:${code}`,
      title: detail,
      status,
      detail,
      code,
      request_id: "0123456789abcdef",
      retryable: status >= 500,
    },
  });

const never = (): Promise<void> => Promise.resolve();

const standard: Readonly<Record<string, Answer>> = {
  "/api/me": me,
  "/api/plans": { plans },
  [`/api/plans/${PLAN_ID}`]: record,
  [`/api/plans/${PLAN_ID}/versions`]: { versions },
  ...Object.fromEntries(
    versions.map((version) => [
      `/api/plans/${PLAN_ID}/versions/${version.version}`,
      { ...version, plan: documents[version.version as keyof typeof documents] },
    ]),
  ),
  [`/api/plans/${PLAN_ID}/runs`]: { runs },
  [`/api/plans/${PLAN_ID}/lineage`]: lineage,
  "/api/audit": { entries: audit },
  "/api/audit/verify": {
    state: "intact",
    first_seq: 1,
    entries: 4,
    head_hash: "2".repeat(64),
    problem: null,
  },
};

/** Answers the API from fixed data; `changes` are answers of their own. Everything else goes to the server. */
export async function answer(page: Page, changes: Readonly<Record<string, Answer>> = {}): Promise<void> {
  const answers = { ...standard, ...changes };
  await page.route("**/api/**", async (route) => {
    const { pathname } = new URL(route.request().url());
    const found = answers[pathname];
    if (found === undefined) return route.fallback();
    if (typeof found === "function") return found(route);
    await route.fulfill({ json: found, headers: { etag: `"${"b".repeat(64)}"` } });
  });
}

async function open(
  page: Page,
  stack: Stack,
  path: string,
  ready: string,
  changes?: Readonly<Record<string, Answer>>,
) {
  await answer(page, changes);
  await page.goto(`${stack.url}${path}`);
  await page.locator(ready).first().waitFor();
  await page.getByTestId("emulator-badge").waitFor();
}

const id = (name: string) => `[data-testid="${name}"]`;
const plan = (view?: string) => `/plans?plan=${PLAN_ID}${view === undefined ? "" : `&view=${view}`}`;
const state = (
  name: string,
  path: string,
  ready: string,
  changes?: Readonly<Record<string, Answer>>,
): State => ({
  name,
  enter: (page, stack) => open(page, stack, path, ready, changes),
});

export const planStates: readonly State[] = [
  state("plans-list", "/plans", id("plan-table")),
  state("plans-empty", "/plans", id("plans-empty"), { "/api/plans": { plans: [] } }),
  state("plans-none", "/plans?q=nothing", id("plans-none"), { "/api/plans": { plans: [] } }),
  state("plans-loading", "/plans", id("waiting"), { "/api/plans": never }),
  state("plans-refused", "/plans", id("problem"), {
    "/api/plans": problem(403, "role_missing", "The role viewer is needed."),
  }),
  {
    name: "plans-import",
    enter: async (page, stack) => {
      await open(page, stack, "/plans", id("plan-table"));
      await page.getByTestId("import").click();
      await page.getByTestId("import-link").fill("not a link");
      await page.getByTestId("import-open").click();
    },
  },
  {
    name: "plans-sign-in",
    enter: async (page, stack) => {
      await page.route("**/health", (route) =>
        route.fulfill({
          json: { status: "ok", databricks: "emulator", auth: "required", sign_in: true },
        }),
      );
      const refused = problem(401, "unauthenticated", "Sign in first.");
      await open(page, stack, "/plans?q=loans", id("problem"), { "/api/me": refused, "/api/plans": refused });
      await page.getByTestId("sign-in").waitFor();
    },
  },
  {
    name: "plans-me",
    enter: async (page, stack) => {
      await open(page, stack, "/plans", id("plan-table"));
      await page.getByTestId("me").click();
    },
  },
  state("plan-overview", plan(), id("plan-sql")),
  state("plan-draft", plan(), id("plan-sql"), {
    [`/api/plans/${PLAN_ID}`]: { ...record, state: "draft", deployment: null },
  }),
  state("plan-missing", plan(), id("problem"), {
    [`/api/plans/${PLAN_ID}`]: problem(404, "plan_unknown", "There is no such plan."),
  }),
  state("plan-versions", plan("versions"), id("diff-changes")),
  {
    name: "plan-rollback",
    enter: async (page, stack) => {
      const running = {
        ...record,
        deployment: { ...record.deployment, version: "1.1.0", plan_hash: record.plan_hash },
      };
      await open(page, stack, plan("versions"), id("diff-changes"), { [`/api/plans/${PLAN_ID}`]: running });
      await page.getByTestId("version-deploy").last().click();
      await page.getByTestId("deploy-effects").waitFor();
    },
  },
  {
    name: "plan-undeploy",
    enter: async (page, stack) => {
      await open(page, stack, plan(), id("plan-sql"));
      await page.getByTestId("act-undeploy").click();
      await page.getByTestId("confirm").waitFor();
    },
  },
  {
    name: "plan-act-failed",
    enter: async (page, stack) => {
      await open(page, stack, plan(), id("plan-sql"), {
        [`/api/plans/${PLAN_ID}/pause`]: problem(502, "upstream_error", "Databricks answered with an error."),
      });
      await page.getByTestId("act-pause").click();
      await page.getByTestId("act-problem").waitFor();
    },
  },
  state("plan-runs", plan("runs"), id("run")),
  state("plan-runs-none", plan("runs"), id("runs-none"), { [`/api/plans/${PLAN_ID}/runs`]: { runs: [] } }),
  state("plan-lineage", plan("lineage"), id("lineage-graph")),
  state("plan-export", plan("export"), id("export-file")),
  state("audit-list", "/audit", id("audit-list")),
  {
    name: "audit-details",
    enter: async (page, stack) => {
      await open(page, stack, "/audit", id("audit-list"));
      await page.getByTestId("audit-entry").nth(1).locator("summary").click();
    },
  },
  state("audit-broken", "/audit?outcome=failed", id("audit-none"), {
    "/api/audit": { entries: [] },
    "/api/audit/verify": {
      state: "broken",
      entries: 4,
      head_hash: null,
      problem: { seq: 3, kind: "changed" },
    },
  }),
];
