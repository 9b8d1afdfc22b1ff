// workerd must not outlive the process that started it, not even when that one is killed with no chance to clean up.
// A keeper is a tiny shell that reads a pipe from the supervisor. A line means "all is well, go". The end of the pipe
// without a line means that the supervisor is gone: the keeper then kills what the pid file names.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const script = 'if ! read -r _; then kill -9 "$(cat "$1/pid")"; fi; rm -rf "$1"';

// miniflare starts whatever this variable names; without it, the workerd of its own package.
const workerd = process.env.MINIFLARE_WORKERD_PATH ?? createRequire(import.meta.url)("workerd").default;
process.env.MINIFLARE_WORKERD_PATH = fileURLToPath(new URL("workerd", import.meta.url));

/**
 * Starts a keeper for one workerd.
 *
 * @returns {{ directory: string, env: Record<string, string>, pid: () => number | undefined, release: () => Promise<void> }}
 *   `directory` is for temporary files and goes with the keeper, `env` is for workerd's environment, `pid` its process id once it runs, `release` ends the keeper without a kill.
 */
export function startKeeper() {
  const directory = mkdtempSync(path.join(tmpdir(), "genie-handoff-"));
  const pidFile = path.join(directory, "pid");
  // Its own session: a signal to the supervisor's process group must not take the keeper along.
  const keeper = spawn("/bin/sh", ["-c", script, "keeper", directory], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: { PATH: process.env.PATH ?? "/usr/bin:/bin" },
  });
  const gone = once(keeper, "exit");
  // The keeper may be gone already; then there is nobody to tell.
  keeper.stdin.on("error", () => {});
  keeper.on("error", () => {});
  keeper.unref();
  keeper.stdin.unref?.();
  return {
    directory,
    env: { GENIE_HANDOFF_PID_FILE: pidFile, GENIE_HANDOFF_WORKERD: workerd },
    pid: () => {
      try {
        return Number(readFileSync(pidFile, "utf8"));
      } catch {
        return undefined;
      }
    },
    release: async () => {
      keeper.ref();
      keeper.stdin.end("done\n");
      await gone;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
