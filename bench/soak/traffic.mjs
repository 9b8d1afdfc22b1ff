// What the clients of the soak test do, and what they were told.

import { createHash } from "node:crypto";
import http from "node:http";
import { planOf } from "../../tests/worker/deployments.mjs";
import { CONVERSATION, SPACE } from "../../tests/worker/names.mjs";

/** mulberry32: the same choices for the same seed. */
export function randomFrom(state) {
  let value = state;
  return () => {
    value = (value + 0x6d2b79f5) | 0;
    let mixed = Math.imul(value ^ (value >>> 15), value | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Sends requests and writes down what came of each. */
export class Caller {
  /** By operation: statuses with how often, and times. */
  seen = new Map();
  /** Answers { at, operation, status } in order. */
  answers = [];
  #agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

  constructor(url) {
    this.url = url;
  }

  async send(operation, path, { body, headers = {} } = {}) {
    const method = operation.split(" ")[0];
    const began = performance.now();
    const answer = await this.#exchange(method, path, body, headers);
    const entry = this.seen.get(operation) ?? { statuses: new Map(), times: [] };
    entry.statuses.set(answer.status, (entry.statuses.get(answer.status) ?? 0) + 1);
    entry.times.push(performance.now() - began);
    this.seen.set(operation, entry);
    this.answers.push({
      at: performance.now(),
      operation,
      status: answer.status,
      text: answer.text.slice(0, 300),
    });
    return answer;
  }

  #exchange(method, path, body, headers) {
    return new Promise((resolve) => {
      const request = http.request(
        this.url + path,
        {
          method,
          agent: this.#agent,
          headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
        },
        (response) => {
          const chunks = [];
          response.on("data", (chunk) => chunks.push(chunk));
          response.on("error", () => resolve(nothing));
          response.on("end", () => {
            const text = Buffer.concat(chunks).toString();
            resolve({
              status: response.statusCode,
              headers: response.headers,
              text,
              json: () => JSON.parse(text),
            });
          });
        },
      );
      request.on("error", () => resolve(nothing));
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  close() {
    this.#agent.destroy();
  }
}

/** The connection ended without an answer, which no fault of the workspace excuses. */
const nothing = { status: 0, headers: {}, text: "", json: () => ({}) };

const unsure = new Set([0, 429, 502, 503, 504]);

/** What all clients know together. */
export class World {
  /** plan id -> { etag, version, plan } as last told */
  plans = new Map();
  /** Acknowledged versions { plan_id, version, plan_hash, note }. */
  versions = [];
  /** plan id -> runs that were acknowledged. */
  runs = new Map();
  /** plan id -> how many runs were asked for, however often each. */
  asked = new Map();
  handoffs = [];
  count = 0;

  constructor(caller, random) {
    this.caller = caller;
    this.random = random;
  }

  pick(list) {
    return list[Math.floor(this.random() * list.length)];
  }

  uuid() {
    const hex = createHash("sha256")
      .update(`${this.count++} ${this.random()}`)
      .digest("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  /** The same request with the same key until somebody knows what came of it, three times at most. */
  async surely(operation, path, options) {
    const headers = { ...options.headers, "idempotency-key": this.uuid() };
    let answer;
    for (let attempt = 0; attempt < 3; attempt++) {
      answer = await this.caller.send(operation, path, { ...options, headers });
      const working = answer.status === 409 && answer.json().code === "idempotency_in_progress";
      if (!unsure.has(answer.status) && !working) break;
    }
    return answer;
  }

  /** One thing that somebody does. */
  async act() {
    const actions = [...(this.plans.size === 0 ? [this.create] : weighted)];
    await this.pick(actions).call(this);
  }

  async space() {
    const fresh = this.random() < 0.5 ? { "cache-control": "no-cache" } : {};
    await this.caller.send("GET /api/genie/get", `/api/genie/get?space_id=${SPACE}`, { headers: fresh });
  }

  async lists() {
    const space = `/api/genie/spaces/${SPACE}/conversations`;
    const [operation, path] = this.pick([
      ["GET /api/genie/spaces", "/api/genie/spaces"],
      ["GET /api/genie/spaces/{space_id}/conversations", space],
      [
        "GET /api/genie/spaces/{space_id}/conversations/{conversation_id}/messages",
        `${space}/${CONVERSATION}/messages`,
      ],
    ]);
    await this.caller.send(operation, path);
  }

  async create() {
    const plan = planOf(this.uuid());
    const note = this.uuid();
    const answer = await this.surely("POST /api/plans", "/api/plans", { body: { plan, note } });
    if (answer.status !== 201) return;
    this.#told(answer, note, plan);
  }

  #told(answer, note, plan) {
    const { plan_id, version, plan_hash } = answer.json();
    this.versions.push({ plan_id, version, plan_hash, note });
    this.plans.set(plan_id, { etag: answer.headers.etag, version, plan_hash, plan });
  }

  async change() {
    const [plan_id, known] = this.pick([...this.plans]);
    const plan = structuredClone(known.plan);
    plan.plan_metadata.description = `take ${this.count++}`;
    if (this.random() < 0.3) plan.target.table = `customer_daily_${this.count % 5}`;
    const note = this.uuid();
    const path = `/api/plans/${plan_id}`;
    const headers = { "if-match": known.etag };
    const answer = await this.caller.send("PUT /api/plans/{plan_id}", path, {
      body: { plan, note },
      headers,
    });
    if (answer.status === 200) this.#told(answer, note, plan);
    else await this.read(plan_id);
  }

  async read(given) {
    const plan_id = given ?? this.pick([...this.plans.keys()]);
    const answer = await this.caller.send("GET /api/plans/{plan_id}", `/api/plans/${plan_id}`);
    const known = this.plans.get(plan_id);
    if (answer.status !== 200 || !known) return;
    const { version, plan_hash } = answer.json();
    this.plans.set(plan_id, { ...known, etag: answer.headers.etag, version, plan_hash });
  }

  async look() {
    const plan_id = this.pick([...this.plans.keys()]);
    const [operation, path] = this.pick([
      ["GET /api/plans", "/api/plans?q=customer&page_size=20"],
      ["GET /api/plans/{plan_id}/versions", `/api/plans/${plan_id}/versions`],
      ["GET /api/plans/{plan_id}/deployments", `/api/plans/${plan_id}/deployments`],
      ["GET /api/plans/{plan_id}/runs", `/api/plans/${plan_id}/runs`],
      ["GET /api/plans/{plan_id}/lineage", `/api/plans/${plan_id}/lineage`],
      ["GET /api/audit", `/api/audit?plan_id=${plan_id}`],
    ]);
    await this.caller.send(operation, path);
  }

  async archive() {
    // Few plans would be left over otherwise.
    if (this.plans.size < 30) return this.create();
    const plan_id = this.pick([...this.plans.keys()]);
    const answer = await this.caller.send("DELETE /api/plans/{plan_id}", `/api/plans/${plan_id}`);
    if (answer.status === 204) this.plans.delete(plan_id);
  }

  async preview() {
    const plan_id = this.pick([...this.plans.keys()]);
    const path = `/api/plans/${plan_id}/preview`;
    await this.caller.send("POST /api/plans/{plan_id}/preview", path, { body: { counts: false } });
  }

  async handoff() {
    const body = {
      space_id: SPACE,
      conversation_id: CONVERSATION,
      user_intent: `Load them daily, take ${this.count++ % 50}`,
    };
    const answer = await this.surely("POST /api/handoffs", "/api/handoffs", { body });
    if (answer.status === 200 || answer.status === 201) this.handoffs.push(answer.json().handoff_id);
  }

  async check() {
    if (this.handoffs.length === 0) return this.handoff();
    const id = this.pick(this.handoffs);
    await this.caller.send("GET /api/handoffs/{handoff_id}", `/api/handoffs/${id}`);
  }

  /** A few plans get all deployments, so that they get in each other's way. */
  async deploy() {
    const [plan_id, { version, plan_hash }] = this.pick([...this.plans].slice(0, 6));
    const body = { version, plan_hash };
    await this.surely("POST /api/plans/{plan_id}/deploy", `/api/plans/${plan_id}/deploy`, { body });
  }

  async run() {
    const plan_id = this.pick([...this.plans.keys()].slice(0, 6));
    const path = `/api/plans/${plan_id}/runs`;
    this.asked.set(plan_id, (this.asked.get(plan_id) ?? 0) + 1);
    const answer = await this.surely("POST /api/plans/{plan_id}/runs", path, { body: {} });
    if (answer.status !== 202) return;
    const run = answer.json().run_id;
    this.runs.set(plan_id, [...(this.runs.get(plan_id) ?? []), run]);
  }

  async watch() {
    const [plan_id, runs] = this.pick([...this.runs]) ?? [];
    if (!plan_id) return this.run();
    const path = `/api/plans/${plan_id}/runs/${this.pick(runs)}`;
    await this.caller.send("GET /api/plans/{plan_id}/runs/{run_id}", path);
  }
}

const weighted = Object.entries({
  space: 30,
  lists: 8,
  create: 8,
  change: 14,
  read: 8,
  look: 10,
  archive: 3,
  preview: 3,
  handoff: 3,
  check: 3,
  deploy: 5,
  run: 2,
  watch: 3,
}).flatMap(([name, weight]) => Array(weight).fill(World.prototype[name]));
