// The same with the cache of `memory.js`.

import { app, space } from "./common.js";
import { keep, recall } from "./memory.js";

export default app(async (c, caller, id, headers) => {
  const key = `${caller}\n${id}`;
  headers["content-type"] = "application/json";
  let text = recall(key);
  if (text !== undefined) return { response: c.body(text, 200, headers), cache: "hit" };
  text = JSON.stringify(await space(c.env, id));
  keep(key, text);
  return { response: c.body(text, 200, headers), cache: "miss" };
});
