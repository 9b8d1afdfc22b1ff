// Signatures of links: made in the worker, checked by the package as a page would.

import { generateKeyPairSync } from "node:crypto";
import { decodeHandoff, encodeHandoff, init, verifyHandoff } from "genie-handoff";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emulator, expectNoSecret, expectProblem, worker } from "./harness.mjs";

const key = (kid) => ({ ...generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }), kid });
const first = key("2026-a");
const second = key("2026-b");
const context = {
  genie_session_id: "",
  space_id: "01f0eca3dc1b1cbc9b65fa58f94c18ad",
  validated_tables: ["prod_catalog.raw.customer_events"],
  validated_columns: {},
  user_intent: "Load new customer events every day",
  exploration_summary: { queries_run: 0, tables_explored: 1, sample_data_reviewed: false },
  exploration_queries: [],
};
let upstream;
let server;
const json = { "content-type": "application/json" };
const sign = (body, on = server) =>
  on.get("/api/handoffs/sign", { method: "POST", headers: json, body: JSON.stringify(body) });
const keysOf = async (on = server) => (await on.get("/.well-known/genie-handoff.json")).json().keys;

beforeAll(async () => {
  await init();
  upstream = await emulator();
  server = await worker(upstream, { HANDOFF_SIGNING_KEY: JSON.stringify(first) });
});
afterAll(async () => {
  if (server) {
    expectNoSecret(server.logs());
    expect(server.logs()).not.toContain(first.d);
  }
  await server?.stop();
  await upstream?.stop();
});

describe("a signed link", () => {
  test("opens as valid with the published keys, and only as it was signed", async () => {
    const { payload } = encodeHandoff(context, { baseUrl: server.url });
    const answer = await sign({ payload });
    expect(answer.status).toBe(200);
    const host = new URL(server.url).host;
    expect(answer.json()).toMatchObject({ key_id: "2026-a", audience: host });
    const { signature, context: opened } = decodeHandoff(answer.json().payload);
    expect(opened).toEqual(context);
    const keys = await keysOf();
    expect(await verifyHandoff(signature, { keys, host })).toBe("valid");
    expect(await verifyHandoff(signature, { keys, host: "other.example" })).toBe("wrong_audience");
    expect(await verifyHandoff(signature, { keys, host, now: (signature.expires + 1) * 1000 })).toBe(
      "expired",
    );
    expect(await verifyHandoff(signature, { keys: [], host })).toBe("unknown_key");
    const changed = { ...signature, signed: signature.signed.replace(/.$/, (c) => (c === "a" ? "b" : "a")) };
    expect(await verifyHandoff(changed, { keys, host })).toBe("tampered");
  });

  test("stays valid while its key is replaced", async () => {
    const { payload } = encodeHandoff(context, { baseUrl: server.url });
    const { signature } = decodeHandoff((await sign({ payload })).json().payload);
    const { d: _, ...older } = first;
    const next = await worker(upstream, {
      HANDOFF_SIGNING_KEY: JSON.stringify(second),
      HANDOFF_PUBLIC_KEYS: JSON.stringify([older]),
    });
    try {
      const keys = await keysOf(next);
      expect(keys.map(({ kid }) => kid)).toEqual(["2026-b", "2026-a"]);
      const host = new URL(server.url).host;
      expect(await verifyHandoff(signature, { keys, host })).toBe("valid");
    } finally {
      await next.stop();
    }
  });

  test("is not made of anything else", async () => {
    const { payload } = encodeHandoff(context, { baseUrl: server.url });
    const signed = (await sign({ payload })).json().payload;
    for (const wrong of ["", "x", `${payload}x`, payload.slice(1), signed, JSON.stringify(context)])
      expectProblem(await sign({ payload: wrong }), 422, "payload_invalid");
    for (const wrong of [{}, { payload: 7 }, [], null])
      expectProblem(await sign(wrong), 400, "body_malformed");
    expectProblem(await sign({ payload: "a".repeat(80_000) }), 413, "body_too_large");
    expectProblem(
      await server.get("/api/handoffs/sign", { method: "POST", body: "x" }),
      415,
      "type_unsupported",
    );
    expectProblem(await server.get("/api/handoffs/sign"), 405, "method_unknown");
  });
});

describe("the keys", () => {
  test("are published without their private parts and without asking who calls", async () => {
    const keys = await keysOf();
    expect(keys).toEqual([
      { kty: "OKP", crv: "Ed25519", kid: "2026-a", x: first.x, alg: "EdDSA", use: "sig" },
    ]);
  });

  test("may be absent: links stay unsigned", async () => {
    const plain = await worker(upstream);
    try {
      expect(await keysOf(plain)).toEqual([]);
      const { payload } = encodeHandoff(context, { baseUrl: plain.url });
      expectProblem(await sign({ payload }, plain), 404, "signing_off");
    } finally {
      await plain.stop();
    }
  });

  test("that cannot sign are a setting to mend, told without the value", async () => {
    const broken = await worker(upstream, {
      HANDOFF_SIGNING_KEY: JSON.stringify({ ...first, crv: "X25519" }),
    });
    try {
      const problem = expectProblem(await broken.get("/health"), 500, "not_configured");
      expect(problem.detail).toMatch("HANDOFF_SIGNING_KEY");
      expect(JSON.stringify(problem)).not.toContain(first.d);
    } finally {
      await broken.stop();
    }
  });
});

describe("callers", () => {
  test("must be known to have a link signed", async () => {
    const closed = await worker(upstream, {
      HANDOFF_SIGNING_KEY: JSON.stringify(first),
      API_TOKENS: `a:${"1".repeat(64)}`,
    });
    try {
      const { payload } = encodeHandoff(context, { baseUrl: closed.url });
      expectProblem(await sign({ payload }, closed), 401, "credential_missing");
      expect((await keysOf(closed)).length).toBe(1);
    } finally {
      await closed.stop();
    }
  });
});
