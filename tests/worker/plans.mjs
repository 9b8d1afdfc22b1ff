// Plans for the tests of the registry.

import { randomUUID } from "node:crypto";

export const json = { "content-type": "application/json" };

/** A valid plan; `change` may alter it. */
export function plan(change = () => {}) {
  const id = randomUUID();
  const value = {
    schema_version: "1.0",
    plan_metadata: {
      plan_id: id,
      plan_name: `customers_${id.slice(0, 8)}`,
      description: "Customers, newest state",
      owner: "ada@example.com",
      created_at: "2026-11-01T08:00:00Z",
      version: "1.0.0",
      tags: { team: "sales" },
    },
    pattern: { type: "MERGE_UPSERT" },
    source: { catalog: "prod_catalog", schema: "raw", table: "customers", columns: ["id", "name", "city"] },
    target: { catalog: "prod_catalog", schema: "mart", table: "customers", write_mode: "merge" },
    pattern_config: { merge_keys: ["id"] },
    execution_config: { warehouse_id: "0123456789abcdef" },
    schedule: { type: "manual" },
  };
  change(value);
  return value;
}

/** The registry of a worker, as functions. */
export function registry(server) {
  const send = (method, path, body, headers = {}) =>
    server.get(path, {
      method,
      headers: { ...json, ...headers },
      body: typeof body === "string" || body === undefined ? body : JSON.stringify(body),
    });
  return {
    send,
    create: (body, headers) => send("POST", "/api/plans", body, headers),
    read: (id) => server.get(`/api/plans/${id}`),
    change: (id, body, etag) => send("PUT", `/api/plans/${id}`, body, etag ? { "if-match": etag } : {}),
    archive: (id, headers) => server.get(`/api/plans/${id}`, { method: "DELETE", headers }),
    list: async (query = "") => (await server.get(`/api/plans${query}`)).json(),
    versions: (id, query = "") => server.get(`/api/plans/${id}/versions${query}`),
    audit: async (query = "") => (await server.get(`/api/audit${query}`)).json(),
    verify: async () => (await server.get("/api/audit/verify")).json(),
  };
}

/** Every item of a paged list. */
export async function all(server, path, name) {
  const items = [];
  let token = "";
  for (;;) {
    const glue = path.includes("?") ? "&" : "?";
    const answer = await server.get(token === "" ? path : `${path}${glue}page_token=${token}`);
    const page = answer.json();
    if (answer.status !== 200) throw new Error(answer.text);
    items.push(...page[name]);
    if (page.next_page_token === undefined) return items;
    token = page.next_page_token;
  }
}
