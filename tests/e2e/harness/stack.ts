/** The whole chain behind the page: the worker in workerd, and the emulator as its workspace. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmulator, startWorker } from "../../../scripts/lib/worker-server.mjs";

/** The space that the project promises to show. */
export const REQUIRED_SPACE = "01f0eca3dc1b1cbc9b65fa58f94c18ad";

/** What the emulator received. */
export interface Upstream {
  method: string;
  path: string;
  status: number | null;
}

export interface Fault {
  match?: { method?: string; path_prefix?: string };
  fault: { kind: string; [param: string]: unknown };
  times?: number;
}

export interface Stack {
  /** Address of the worker, and so of the page. */
  readonly url: string;
  readonly emulatorUrl: string;
  /** Kills the emulator as a crash would: connections to it are refused from now on. */
  killEmulator(): Promise<void>;
  startEmulator(): Promise<void>;
  /** What the workspace answers to a GET, with the rights of the server's account; as text, for its ids are large numbers. */
  workspace(path: string): Promise<string>;
  /** Asks the emulator's control for something. */
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  fault(fault: Fault): Promise<void>;
  clearFaults(): Promise<void>;
  /** Requests that the emulator received since the last `forgetRequests()`. */
  requests(): Promise<Upstream[]>;
  forgetRequests(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts both on free ports; `bindings` are settings of the worker on top of those for the emulator. */
export async function startStack(bindings: Record<string, string> = {}): Promise<Stack> {
  let emulator = await startEmulator();
  const { url: emulatorUrl, controlUrl } = emulator;
  const again = { port: Number(new URL(emulatorUrl).port), controlPort: Number(new URL(controlUrl).port) };
  // Copies, so that somebody who builds meanwhile does not change what is tested.
  const copies = mkdtempSync(path.join(tmpdir(), "genie-handoff-e2e-"));
  const root = path.resolve(import.meta.dirname, "../../..");
  const copy = (from: string, name: string): string => {
    const to = path.join(copies, name);
    cpSync(path.join(root, from), to, { recursive: true });
    return to;
  };
  const stopEmulator = async () => {
    await emulator.stop();
    rmSync(copies, { recursive: true, force: true });
  };
  let worker: Awaited<ReturnType<typeof startWorker>>;
  try {
    worker = await startWorker({
      emulator,
      bindings,
      build: copy("build", "build"),
      assets: copy("web/dist", "web"),
    });
  } catch (error) {
    await stopEmulator();
    throw error;
  }

  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${controlUrl}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`${method} ${path} of the emulator's control: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };

  return {
    url: worker.url.replace(/\/$/, ""),
    emulatorUrl,
    killEmulator: () => emulator.kill(),
    async startEmulator() {
      emulator = await startEmulator(again);
    },
    async workspace(path) {
      const answer = await fetch(`${emulatorUrl}${path}`, {
        headers: { authorization: `Bearer ${emulator.token}` },
      });
      if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`);
      return answer.text();
    },
    control,
    async fault(fault) {
      await control("POST", "/faults", fault);
    },
    async clearFaults() {
      await control("DELETE", "/faults");
    },
    async requests() {
      const log = (await control("GET", "/requests")) as { requests: Upstream[] };
      return log.requests;
    },
    async forgetRequests() {
      await control("DELETE", "/requests");
    },
    async stop() {
      await worker.stop();
      await stopEmulator();
    },
  };
}
