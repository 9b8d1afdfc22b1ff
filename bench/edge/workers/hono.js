// The smallest equivalent in JavaScript: every request asks upstream.

import { app, space } from "./common.js";

export default app(async (c, _caller, id, headers) => ({
  response: c.json(await space(c.env, id), 200, headers),
}));
