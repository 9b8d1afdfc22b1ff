/* global PLANS */
// The module that the Workers runtime loads. It owns the instance of the WebAssembly module and nothing else.
//
// A panic in Rust ends in a trap that leaves its instance unfit for new work. The glue is a factory here, so that a
// fresh instance gets glue of its own, while requests under way keep theirs and may still finish.

import { createGlue } from "./glue.js";
import wasm from "./worker_bg.wasm";

/** The instance that takes new requests. */
let live;

function instance() {
  if (live === undefined) {
    const fresh = createGlue();
    fresh.initSync({ module: wasm });
    fresh.on_panic(() => {
      if (live === fresh) live = undefined;
    });
    live = fresh;
  }
  return live;
}

// Compiled and linked while the isolate starts, not while the first caller waits.
instance();

/** Forgets an instance that has trapped, so that the next request gets another. */
function leave(serving, error) {
  if (live === serving) live = undefined;
  console.error(JSON.stringify({ level: "error", event: "trap", name: String(error?.name) }));
}

const handler = {
  fetch(request, env, context) {
    const serving = instance();
    try {
      return serving.fetch(request, env, context);
    } catch (error) {
      // A trap, or an exception that is a mistake of ours. Either way this request is answered and the next is safe.
      leave(serving, error);
      return instance().fetch_after_panic(request, env);
    }
  },
};

// The private worker has a clock, which ticks as often as wrangler.plans.toml says. A tick that fails is made up for by the
// next. `PLANS` is put in by scripts/build-worker.sh.
if (PLANS) {
  handler.scheduled = (_event, env, context) => {
    const serving = instance();
    try {
      context.waitUntil(serving.scheduled(env));
    } catch (error) {
      leave(serving, error);
    }
  };
}

export default handler;
