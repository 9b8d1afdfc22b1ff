/** The whole chain behind the page: the worker in workerd, and the emulator as its workspace. */
import { startEmulator, startWorker } from "../../../scripts/lib/worker-server.mjs";

/** The space that the project promises to show. */
export const REQUIRED_SPACE = "01f0eca3dc1b1cbc9b65fa58f94c18ad";

/** Ports of these tests, apart from those of `start.sh`, so that both can run. */
const ports = {
  worker: Number(process.env.E2E_PORT ?? 48787),
  emulator: Number(process.env.E2E_EMULATOR_PORT ?? 48788),
  control: Number(process.env.E2E_CONTROL_PORT ?? 48789),
};

interface Running {
  url: string;
  stop(): Promise<void>;
}

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
  /** Kills the emulator: connections to it are refused from now on. */
  killEmulator(): Promise<void>;
  startEmulator(): Promise<void>;
  fault(fault: Fault): Promise<void>;
  clearFaults(): Promise<void>;
  /** Requests that the emulator received since the last `forgetRequests()`. */
  requests(): Promise<Upstream[]>;
  forgetRequests(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts both; `bindings` are settings of the worker on top of those for the emulator. */
export async function startStack(bindings: Record<string, string> = {}): Promise<Stack> {
  const emulatorUrl = `http://127.0.0.1:${ports.emulator}`;
  const startUpstream = (): Promise<Running> =>
    startEmulator({ port: ports.emulator, controlPort: ports.control });
  let emulator: Running | undefined = await startUpstream();
  const worker: Running = await startWorker({
    port: ports.worker,
    bindings: { DATABRICKS_HOST: emulatorUrl, DATABRICKS_TOKEN: "emulator-token", ...bindings },
    emulator: true,
  }).catch(async (error: unknown) => {
    await emulator?.stop();
    throw error;
  });

  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${ports.control}${path}`, {
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
    async killEmulator() {
      await emulator?.stop();
      emulator = undefined;
    },
    async startEmulator() {
      emulator = await startUpstream();
    },
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
      await Promise.allSettled([worker.stop(), emulator?.stop()]);
    },
  };
}
