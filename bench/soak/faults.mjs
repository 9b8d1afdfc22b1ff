// The moods of the emulated workspace: twenty seconds each, the last of them quiet.

const CYCLE_MS = 20_000;
const QUIET_MS = 5_000;
/** What was begun under a fault may end, and the breaker may close, before quiet counts. */
const SETTLE_MS = 2_500;
const BETWEEN_MS = 250;

const kinds = [
  { kind: "lost_reply" },
  { kind: "drop" },
  { kind: "status", status: 429, retry_after: 0 },
  { kind: "status", status: 429, retry_after: 30 },
  { kind: "status", status: 500 },
  { kind: "status", status: 503 },
  { kind: "broken_json" },
  { kind: "truncate" },
  { kind: "html" },
  { kind: "latency", ms: 300 },
  { kind: "hang" },
];
const places = [
  "/api/2.0/data-rooms",
  "/api/2.0/genie",
  "/api/2.1/unity",
  "/api/2.2/jobs",
  "/api/2.0/workspace",
  "/api/2",
];

/** Switches faults on and off until it is stopped. */
export class Faults {
  count = 0;
  #quiet = [];
  #timer;
  #working = Promise.resolve();

  constructor(emulator, random) {
    this.emulator = emulator;
    this.random = random;
  }

  start() {
    this.began = performance.now();
    this.#timer = setInterval(() => {
      this.#working = this.#working.then(() => this.#step());
    }, BETWEEN_MS);
  }

  async stop() {
    clearInterval(this.#timer);
    await this.#working;
    await this.#calm();
  }

  /** Whether nothing was wrong with the workspace then, nor shortly before. */
  isQuiet(at) {
    return this.#quiet.some(
      ({ from, to }) => at >= from + SETTLE_MS && at <= (to ?? Number.POSITIVE_INFINITY),
    );
  }

  async #step() {
    const into = (performance.now() - this.began) % CYCLE_MS;
    const last = this.#quiet.at(-1);
    if (into >= CYCLE_MS - QUIET_MS) {
      if (!last || last.to !== undefined) await this.#calm();
      return;
    }
    if (last && last.to === undefined) last.to = performance.now();
    const pick = (list) => list[Math.floor(this.random() * list.length)];
    const rule = {
      match: { path_prefix: pick(places) },
      fault: pick(kinds),
      times: 1 + Math.floor(this.random() * 2),
    };
    this.count++;
    await this.#control("POST", rule);
  }

  async #calm() {
    await this.#control("DELETE");
    this.#quiet.push({ from: performance.now() });
  }

  async #control(method, rule) {
    const response = await fetch(`${this.emulator.controlUrl}/faults`, {
      method,
      headers: { "content-type": "application/json" },
      body: rule && JSON.stringify(rule),
    });
    if (!response.ok) throw new Error(`faults: ${response.status} ${await response.text()}`);
  }
}
