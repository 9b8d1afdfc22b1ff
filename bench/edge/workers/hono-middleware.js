// As Hono's documentation writes it: every request asks upstream.

import { space } from "./common.js";
import { app } from "./middleware.js";

export default app(async (c, _caller, id) => c.json(await space(c.env, id)));
