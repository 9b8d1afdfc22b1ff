// Plans to deploy, and what the workspace shows of them.

import { createHash, randomUUID } from "node:crypto";
import { CONVERSATION, EMULATOR_TOKEN, SPACE } from "./names.mjs";

export const WAREHOUSE = "4b9b953939869799";
export { CONVERSATION };
export const json = { "content-type": "application/json" };

/** A plan as SQLPilot writes it; `more` replaces whole parts of it. */
export function planOf(planId, more = {}) {
  return {
    schema_version: "1.0",
    plan_metadata: {
      plan_id: planId,
      plan_name: "customer_daily",
      description: "Daily customers",
      owner: "ada@example.com",
      created_at: "2026-01-16T08:00:00Z",
      version: "1.0.0",
      tags: {},
    },
    pattern: { type: "MERGE_UPSERT" },
    source: {
      catalog: "prod_catalog",
      schema: "raw",
      table: "customer_events",
      columns: ["event_id", "customer_id"],
    },
    target: { catalog: "prod_catalog", schema: "curated", table: "customer_daily", write_mode: "merge" },
    pattern_config: { merge_keys: ["event_id"] },
    execution_config: {
      warehouse_id: WAREHOUSE,
      timeout_seconds: 1800,
      max_retries: 2,
      retry_delay_seconds: 60,
    },
    schedule: { type: "cron", cron_expression: "0 15 6 * * ?", timezone: "Europe/Berlin", enabled: true },
    ...more,
  };
}

/** Puts versions of a plan into the registry, as if they had been saved; gives their hashes by version. */
export async function savePlan(
  server,
  { planId = randomUUID(), versions = [{}], handoff = false, plan = {} } = {},
) {
  const db = server.databases.DB;
  const now = new Date().toISOString();
  const hashes = {};
  let handoffId = null;
  const message = handoff ? (handoff.message ?? null) : null;
  if (handoff) {
    handoffId = createHash("sha256").update(planId).digest("hex").slice(0, 20);
    await db
      .prepare(
        `INSERT INTO handoffs (handoff_id, space_id, conversation_id, message_ids, answer_message_id, payload, context,
         readiness, issues, created_at, created_by) VALUES (?, ?, ?, ?, ?, 'p', '{}', '{}', '[]', ?, 'ada')`,
      )
      .bind(handoffId, SPACE, CONVERSATION, JSON.stringify([message]), message, now)
      .run();
  }
  const all = versions.map((more, index) => {
    const version = `${index + 1}.0.0`;
    const document = planOf(planId, { ...plan, ...more });
    document.plan_metadata = { ...document.plan_metadata, plan_id: planId, version };
    const text = JSON.stringify(document);
    hashes[version] = createHash("sha256").update(text).digest("hex");
    return { version, text, document };
  });
  const last = all.at(-1);
  await db
    .prepare(
      `INSERT INTO plans (plan_id, plan_name, version, plan_hash, state, pattern, source, target, owner, search, handoff_id,
       created_at, created_by, updated_at, updated_by) VALUES (?, ?, ?, ?, 'draft', ?, 's', ?, 'ada', '', ?, ?, 'ada', ?, 'ada')`,
    )
    .bind(
      planId,
      last.document.plan_metadata.plan_name,
      last.version,
      hashes[last.version],
      last.document.pattern.type,
      "prod_catalog.curated.customer_daily",
      handoffId,
      now,
      now,
    )
    .run();
  for (const [index, { version, text }] of all.entries()) {
    await db
      .prepare(
        `INSERT INTO plan_versions (plan_id, version, ordinal, plan_hash, change, plan, handoff_id, created_at, created_by)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'ada')`,
      )
      .bind(
        planId,
        version,
        index + 1,
        hashes[version],
        index === 0 ? "first" : "major",
        text,
        handoffId,
        now,
      )
      .run();
  }
  return { planId, hashes, handoffId };
}

/** Asks the workspace itself, as its owner would. Ids are texts here too: numbers would lose digits. */
export async function workspace(upstream, path, body) {
  const answer = await fetch(upstream.url + path, {
    method: body ? "POST" : "GET",
    headers: { authorization: `Bearer ${EMULATOR_TOKEN}`, ...json },
    body: body && JSON.stringify(body).replace(/"(job_id|run_id)":"(\d+)"/g, '"$1":$2'),
  });
  return JSON.parse((await answer.text()).replace(/"(\w*_id)":(\d+)/g, '"$1":"$2"'));
}

/** Every job of a plan in the workspace, whatever its name. */
export async function jobsOf(upstream, planId) {
  const found = [];
  let token = "";
  do {
    const page = await workspace(upstream, `/api/2.2/jobs/list?limit=100&expand_tasks=true${token}`);
    found.push(...(page.jobs ?? []));
    token = page.next_page_token ? `&page_token=${encodeURIComponent(page.next_page_token)}` : "";
  } while (token);
  return found.filter((job) => job.settings.tags?.plan_id === planId);
}

/** The text of a workspace file. */
export async function fileText(upstream, path) {
  const { content } = await workspace(upstream, `/api/2.0/workspace/export?path=${encodeURIComponent(path)}`);
  return Buffer.from(content ?? "", "base64").toString();
}

/** `POST` to a route of a plan. */
export const post = (server, path, body, headers = {}) =>
  server.get(path, {
    method: "POST",
    headers: { ...json, ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
