// Starts ./scripts/start.sh as a person does and knows every process that comes of it.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Waits until `probe` gives something other than undefined, null or false; fails at the deadline. */
export async function until(what, probe, deadlineMs = 30_000) {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== null && value !== false) return value;
    if (Date.now() > end) throw new Error(`after ${deadlineMs} ms still waiting for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A port that nobody has. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function freePorts() {
  const ports = new Set();
  while (ports.size < 3) ports.add(await freePort());
  const [PORT, EMULATOR_PORT, EMULATOR_CONTROL_PORT] = [...ports].map(String);
  return { PORT, EMULATOR_PORT, EMULATOR_CONTROL_PORT };
}

export async function isFree(port) {
  const server = createServer();
  const free = await new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(Number(port), "127.0.0.1", () => resolve(true));
  });
  if (free) await new Promise((resolve) => server.close(resolve));
  return free;
}

/** All processes of the machine: pid, parent, state, command line, and a start time that tells a reused pid. */
export function processes() {
  if (process.platform !== "linux") {
    return execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat=,lstart=,command="], { encoding: "utf8" })
      .split("\n")
      .map((line) => /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\d+\s+\S+\s+\d+)\s+(.*)$/.exec(line))
      .filter(Boolean)
      .map(([, pid, parent, state, started, command]) => ({
        pid: Number(pid),
        parent: Number(parent),
        state: state[0],
        started,
        command,
      }));
  }
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        return [
          {
            pid: Number(name),
            parent: Number(fields[1]),
            state: fields[0],
            started: fields[19],
            command: readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").join(" ").trim(),
          },
        ];
      } catch {
        return []; // Ended meanwhile.
      }
    });
}

/** A process and all that descend from it. */
export function family(pid) {
  const all = processes();
  const found = all.filter((one) => one.pid === pid);
  for (const member of found) found.push(...all.filter((one) => one.parent === member.pid));
  return found;
}

/** Those that still run. One that has ended and waits for its parent to take note (Z) runs no more. */
export function alive(members) {
  const now = new Map(processes().map((one) => [one.pid, one]));
  return members.filter(({ pid, started }) => {
    const one = now.get(pid);
    return one !== undefined && one.started === started && one.state !== "Z";
  });
}

export class Started {
  output = "";
  exit;
  #child;
  #seen = new Map();

  /** Runs a script of this project in a process group of its own, as a shell does in a terminal. */
  constructor(script, args, environment) {
    this.folder = mkdtempSync(path.join(tmpdir(), "genie-handoff-startstop-"));
    this.environment = environment;
    this.#child = spawn(path.join(root, script), args, {
      cwd: tmpdir(),
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...withoutOurs(process.env),
        TMPDIR: this.folder,
        GENIE_HANDOFF_STATE: path.join(this.folder, "state"),
        ...environment,
      },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        this.output += text;
      });
    }
    this.exit = once(this.#child, "close").then(([code, signal]) => ({ code, signal }));
    // Seen from outside it is over when the process is; the output may be held open by one that was left behind.
    this.ended = once(this.#child, "exit").then(([code, signal]) => ({ code, signal }));
  }

  get pid() {
    return this.#child.pid;
  }

  get url() {
    return `http://127.0.0.1:${this.environment.PORT}`;
  }

  /** Everything that was ever seen to belong to it. */
  get members() {
    for (const member of family(this.pid)) this.#seen.set(`${member.pid} ${member.started}`, member);
    return [...this.#seen.values()];
  }

  /** The one whose command line fits. */
  member(pattern) {
    return this.members.find(({ command, state }) => state !== "Z" && pattern.test(command));
  }

  async ready() {
    const failed = this.ended.then(({ code }) => {
      throw new Error(`ended with ${code} instead of starting:\n${this.output}`);
    });
    await Promise.race([
      until(
        "the address",
        () => this.output.includes("Ready after") && this.output.includes(this.url),
        300_000,
      ),
      failed,
    ]);
    failed.catch(() => {});
    // Taken down now: once the supervisor is gone its children have another parent.
    return this.members;
  }

  /** A signal to the whole group, which is what Ctrl+C does, or to the first process alone. */
  signal(name, { group = false } = {}) {
    process.kill(group ? -this.pid : this.pid, name);
  }

  /** Ends whatever a failed test left over. */
  cleanUp() {
    for (const { pid } of alive(this.members)) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // Ended meanwhile.
      }
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Texts of all files in its folder of logs and local data, logs of this start among them. */
  logs() {
    return readdirSync(path.join(this.folder, "state", "logs")).map((name) =>
      readFileSync(path.join(this.folder, "state", "logs", name), "utf8"),
    );
  }

  /** What was left in the folder for temporary files. node and npm keep caches there, which is their affair. */
  leftovers() {
    return readdirSync(this.folder).filter((name) => /^(genie-handoff|miniflare)-/.test(name));
  }
}

/** The environment without what a developer may have set for the product. */
function withoutOurs(environment) {
  const ours = /^(DATABRICKS_|EMULATOR_|GENIE_HANDOFF_STARTED|API_TOKENS|ALLOWED_ORIGINS|ACCESS_|PORT$)/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !ours.test(name)));
}
