/** Answers of the server about plans, as its description has them, for states that are hard to bring about. */

export const PLAN_ID = "6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10";

const hash = (digit: string) => digit.repeat(64);

const document = (version: string, columns: readonly string[], filter?: string) => ({
  schema_version: "1.0",
  plan_metadata: {
    plan_id: PLAN_ID,
    plan_name: "events_per_customer",
    description: "Events per customer and day, for the success team. \u202eright to left",
    owner: "ada@example.com",
    created_at: "2026-11-02T08:00:00Z",
    version,
    tags: { genie_session_id: "01efb6dffce81535b00f4865c7a33f61" },
  },
  pattern: { type: "MERGE_UPSERT" },
  source: {
    catalog: "prod_catalog",
    schema: "raw",
    table: "customer_events",
    columns,
    ...(filter !== undefined && { filter }),
  },
  target: { catalog: "main", schema: "mart", table: "events_per_customer", write_mode: "merge" },
  pattern_config: { merge_keys: ["customer_id"] },
  execution_config: { warehouse_id: "0123456789abcdef" },
  schedule: { type: "cron", cron_expression: "0 30 6 ? * MON-FRI", timezone: "Europe/Vienna", enabled: true },
});

export const documents = {
  "1.0.0": document("1.0.0", ["customer_id", "event_type", "event_date"]),
  "1.1.0": document("1.1.0", ["customer_id", "event_type", "event_date", "channel"], "event_type <> 'test'"),
} as const;

export const deployment = {
  deployment_id: "d1",
  plan_id: PLAN_ID,
  version: "1.0.0",
  plan_hash: hash("a"),
  job_id: "908070605040302010",
  job_url: "https://dbc-1.cloud.databricks.com/jobs/908070605040302010",
  file_path: `/Workspace/Shared/genie-handoff/${PLAN_ID}/load.sql`,
  state: "deployed",
  created: true,
  run_as: "etl-service@example.com",
  schedule: { quartz: "0 30 6 ? * MON-FRI", timezone: "Europe/Vienna", paused: false, words: "" },
  deployed_at: "2026-11-03T09:12:44.120Z",
  deployed_by: "grace",
  steps: [
    {
      name: "write file",
      state: "done",
      started_at: "2026-11-03T09:12:40Z",
      ended_at: "2026-11-03T09:12:42Z",
    },
  ],
};

export const summary = {
  plan_id: PLAN_ID,
  plan_name: "events_per_customer",
  version: "1.1.0",
  plan_hash: hash("b"),
  state: "deployed",
  pattern: "MERGE_UPSERT",
  source: "prod_catalog.raw.customer_events",
  target: "main.mart.events_per_customer",
  owner: "ada@example.com",
  handoff_id: "h0123456789abcdefghi",
  created_at: "2026-11-02T08:00:00.000Z",
  created_by: "ada",
  updated_at: "2026-11-18T16:20:11.000Z",
  updated_by: "grace",
  deployment,
};

export const plans = [
  summary,
  {
    ...summary,
    plan_id: "0c7d1f3a-1111-4a5e-8f5e-0f7c2f6b9d11",
    plan_name: "a_plan_with_a_name_that_goes_on_for_all_of_the_sixty_four_chars",
    state: "draft",
    pattern: "SCD2",
    source: "lake-house.a_very_long_schema_name_of_a_team.`odd`‮name",
    target: "main.history.customers_with_a_long_name_too",
    owner: "",
    deployment: null,
  },
  {
    ...summary,
    plan_id: "0c7d1f3a-2222-4a5e-8f5e-0f7c2f6b9d12",
    plan_name: "daily_stock",
    state: "paused",
    pattern: "SNAPSHOT",
    updated_by: "שרה כהן",
  },
];

export const record = { ...summary, plan: documents["1.1.0"] };

export const versions = [
  {
    version: "1.1.0",
    plan_hash: hash("b"),
    change: "minor",
    created_at: "2026-11-18T16:20:11.000Z",
    created_by: "grace",
    note: "Channel is wanted, and tests are left out",
    handoff_id: null,
  },
  {
    version: "1.0.0",
    plan_hash: hash("a"),
    change: "first",
    created_at: "2026-11-02T08:00:00.000Z",
    created_by: "ada",
    note: null,
    handoff_id: "h0123456789abcdefghi",
  },
];

const run = {
  run_id: "445566778899001122",
  plan_id: PLAN_ID,
  version: "1.0.0",
  plan_hash: hash("a"),
  job_id: "908070605040302010",
  run_url: "https://dbc-1.cloud.databricks.com/jobs/908070605040302010/runs/445566778899001122",
  trigger: "schedule",
  state: "succeeded",
  upstream_state: "TERMINATED",
  message: null,
  queued_at: "2026-11-20T05:30:00.000Z",
  started_at: "2026-11-20T05:30:04.000Z",
  ended_at: "2026-11-20T05:32:11.000Z",
  duration_ms: 127_000,
  stages: [
    {
      name: "Warehouse",
      state: "succeeded",
      started_at: "2026-11-20T05:30:04Z",
      ended_at: "2026-11-20T05:31:20Z",
    },
    {
      name: "Load",
      state: "succeeded",
      started_at: "2026-11-20T05:31:20Z",
      ended_at: "2026-11-20T05:32:11Z",
    },
  ],
  rows: { inserted: "12403", updated: "90071992547409931", deleted: "0", affected: null },
  feedback: "sent",
};

export const runs = [
  {
    ...run,
    run_id: "445566778899001125",
    trigger: "manual",
    state: "running",
    upstream_state: "RUNNING",
    started_at: "2026-11-21T05:30:04.000Z",
    ended_at: null,
    duration_ms: null,
    stages: [
      {
        name: "Warehouse",
        state: "succeeded",
        started_at: "2026-11-21T05:30:04Z",
        ended_at: "2026-11-21T05:31:20Z",
      },
      { name: "Load", state: "running", started_at: "2026-11-21T05:31:20Z", ended_at: null },
    ],
    rows: null,
    feedback: "pending",
  },
  {
    ...run,
    run_id: "445566778899001124",
    state: "failed",
    upstream_state: "TERMINATED",
    message: "[TABLE_OR_VIEW_NOT_FOUND] The table or view cannot be found.\nCheck the spelling.",
    rows: null,
    feedback: "failed",
  },
  { ...run, run_id: "445566778899001123", state: "unknown", upstream_state: "HIBERNATING", rows: null },
  run,
];

export const lineage = {
  nodes: [
    {
      id: "s",
      kind: "session",
      label: "Genie session 01efb6df",
      url: null,
      at: "2026-11-02T07:40:00Z",
      state: null,
    },
    {
      id: "h",
      kind: "handoff",
      label: "h0123456789abcdefghi",
      url: "/h/h0123456789abcdefghi",
      at: "2026-11-02T07:50:00Z",
      state: null,
    },
    { id: "t1", kind: "table", label: "prod_catalog.raw.customer_events", url: null, at: null, state: null },
    {
      id: "v1",
      kind: "plan_version",
      label: "events_per_customer 1.0.0",
      url: null,
      at: "2026-11-02T08:00:00Z",
      state: "deployed",
    },
    {
      id: "v2",
      kind: "plan_version",
      label: "events_per_customer 1.1.0",
      url: null,
      at: "2026-11-18T16:20:11Z",
      state: "draft",
    },
    {
      id: "j",
      kind: "job",
      label: "Job 908070605040302010",
      url: "https://dbc-1.cloud.databricks.com/jobs/908070605040302010",
      at: "2026-11-03T09:12:44Z",
      state: "deployed",
    },
    {
      id: "r1",
      kind: "run",
      label: "Run 445566778899001122",
      url: null,
      at: "2026-11-20T05:30:00Z",
      state: "succeeded",
    },
    { id: "t2", kind: "table", label: "main.mart.events_per_customer", url: null, at: null, state: null },
  ],
  edges: [
    { from: "s", to: "h" },
    { from: "h", to: "v1" },
    { from: "h", to: "v2" },
    { from: "t1", to: "v1" },
    { from: "t1", to: "v2" },
    { from: "v1", to: "j" },
    { from: "v2", to: "t2" },
    { from: "j", to: "r1" },
    { from: "r1", to: "t2" },
  ],
  columns: [
    {
      target: "customer_id",
      sources: [{ table: "prod_catalog.raw.customer_events", column: "customer_id" }],
      how: "identity",
    },
    { target: "loaded_at", sources: [], how: "time of the run" },
  ],
};

const entry = {
  seq: 3,
  at: "2026-11-03T09:12:44.120Z",
  action: "plan.deploy",
  phase: "after",
  outcome: "ok",
  caller: "grace",
  request_id: "0123456789abcdef",
  plan_id: PLAN_ID,
  version: "1.0.0",
  plan_hash: hash("a"),
  handoff_id: "h0123456789abcdefghi",
  genie_session: "01efb6dffce81535b00f4865c7a33f61",
  detail: { job: "908070605040302010", steps: "4 done" },
  prev_hash: hash("1"),
  hash: hash("2"),
};

export const audit = [
  {
    ...entry,
    seq: 4,
    action: "run.start",
    phase: "only",
    outcome: "refused",
    caller: "שרה כהן",
    detail: { reason: "role_missing" },
  },
  entry,
  { ...entry, seq: 2, phase: "before", outcome: "started" },
  { ...entry, seq: 1, action: "plan.create", phase: "only", outcome: "ok", caller: "ada", detail: {} },
];

export const me = {
  caller: "grace",
  name: "Grace Hopper",
  kind: "databricks",
  roles: ["viewer", "author", "deployer"],
  run_as: "etl-service@example.com",
  sign_in: { available: true },
  expires_at: null,
};
