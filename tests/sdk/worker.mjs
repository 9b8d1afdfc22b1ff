// The worker against a workspace, for tests in another language: prints where it listens, ends with its input.
//
//   node tests/sdk/worker.mjs http://127.0.0.1:8788

import { startWorker } from "../../scripts/lib/worker-server.mjs";

const [url] = process.argv.slice(2);
const worker = await startWorker({ emulator: { url } });
console.log(JSON.stringify({ url: worker.url }));
process.stdin.resume();
process.stdin.on("end", async () => {
  await worker.stop();
  process.exit(0);
});
