// The stand-in workspace, as far as the benchmark needs its control port.

async function control(port, method, path, body) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  if (!response.ok)
    throw new Error(`emulator: ${method} ${path} gives ${response.status} ${await response.text()}`);
  return response;
}

/** Gives what the scenarios use of a running emulator. */
export function upstreamOf({ controlPort, pid }) {
  return {
    pid,
    /** How many requests it has received so far. */
    async count() {
      const response = await control(controlPort, "GET", "/requests?limit=0");
      return (await response.json()).count;
    },
    /** Delays every answer; 0 ends that. */
    async slow(ms) {
      await (await control(controlPort, "DELETE", "/faults")).text();
      if (ms === 0) return;
      const fault = { match: { path_prefix: "/api/2.0/data-rooms" }, fault: { kind: "latency", ms } };
      await (await control(controlPort, "POST", "/faults", fault)).text();
    },
  };
}
