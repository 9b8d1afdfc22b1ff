// Is a port free, and if not, who has it?

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<boolean>}
 */
export function isFree(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (problem) => {
      if (problem.code === "EADDRINUSE") resolve(false);
      else reject(problem);
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * Who listens on a port, as far as this user may know.
 *
 * @param {number} port
 * @returns {string | undefined} For example "process 1234 (node server.js)".
 */
export function holderOf(port) {
  const pid = process.platform === "linux" ? holderByProc(port) : holderByLsof(port);
  if (pid === undefined) return undefined;
  const command = commandOf(pid);
  return command ? `process ${pid} (${command})` : `process ${pid}`;
}

/** Linux tells without any tool: the socket's inode, then the process that has it open. */
function holderByProc(port) {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  const sockets = new Set();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of lines(table)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === "0A" && local?.endsWith(`:${wanted}`)) sockets.add(`socket:[${inode}]`);
    }
  }
  if (sockets.size === 0) return undefined;
  for (const pid of entries("/proc").filter((name) => /^\d+$/.test(name))) {
    for (const fd of entries(`/proc/${pid}/fd`)) {
      try {
        if (sockets.has(readlinkSync(`/proc/${pid}/fd/${fd}`))) return pid;
      } catch {
        // Closed meanwhile.
      }
    }
  }
  return undefined;
}

function holderByLsof(port) {
  try {
    const out = execFileSync("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-t"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return out.split("\n")[0] || undefined;
  } catch {
    return undefined;
  }
}

/** The command without its arguments beyond the first: others may hold secrets. */
function commandOf(pid) {
  try {
    const words =
      process.platform === "linux"
        ? readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")
        : execFileSync("ps", ["-o", "command=", "-p", pid], { encoding: "utf8" }).trim().split(" ");
    return words.filter(Boolean).slice(0, 2).join(" ").slice(0, 100);
  } catch {
    return undefined;
  }
}

function lines(file) {
  try {
    return readFileSync(file, "utf8").split("\n").slice(1);
  } catch {
    return [];
  }
}

function entries(directory) {
  try {
    return readdirSync(directory);
  } catch {
    return []; // Another user's process.
  }
}
