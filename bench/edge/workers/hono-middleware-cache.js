// The same with the cache of `memory.js`.

import { space } from "./common.js";
import { keep, recall } from "./memory.js";
import { app } from "./middleware.js";

export default app(async (c, caller, id) => {
  const key = `${caller}\n${id}`;
  let text = recall(key);
  c.set("cache", text === undefined ? "miss" : "hit");
  if (text === undefined) {
    text = JSON.stringify(await space(c.env, id));
    keep(key, text);
  }
  return c.body(text, 200, { "content-type": "application/json" });
});
