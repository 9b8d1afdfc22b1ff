// The Hono worker as Hono's documentation writes one: its own middleware for each duty, configured to send what ours
// sends. `common.js` holds what is no matter of style: the call upstream, and whose token it is.

import { Hono } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { cors } from "hono/cors";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { Problem, ROUTE, SPACE_ID, tokenOwner } from "./common.js";

/** No page of another site may read answers, as in ours without ALLOWED_ORIGINS. */
const ALLOWED_ORIGINS = [];

/** The middleware's defaults without the headers that ours does not send, and with the two that need a value. */
const SECURE_HEADERS = {
  crossOriginResourcePolicy: false,
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xFrameOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
  strictTransportSecurity: "max-age=31536000; includeSubDomains",
  contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
};

const authenticate = bearerAuth({
  verifyToken: async (token, c) => {
    const name = await tokenOwner(c.env, token);
    c.set("caller", name);
    return name !== undefined;
  },
});

async function log(c, next) {
  const started = Date.now();
  await next();
  const now = Date.now();
  console.log(
    JSON.stringify({
      t: now,
      level: c.res.status >= 500 ? "error" : "info",
      event: "request",
      request_id: c.get("requestId"),
      method: c.req.method,
      route: ROUTE,
      caller: c.get("caller"),
      cache: c.get("cache"),
      code: c.error?.code,
      status: c.res.status,
      ms: now - started,
    }),
  );
}

/** An app whose answers come from `answer(c, caller, id)`. */
export function app(answer) {
  const app = new Hono();
  app.use(requestId());
  app.use(log);
  app.use(secureHeaders(SECURE_HEADERS));
  app.use(cors({ origin: ALLOWED_ORIGINS }));
  app.use("/api/*", (c, next) => {
    if (c.env.API_TOKENS !== undefined) return authenticate(c, next);
    c.set("caller", "open");
    return next();
  });
  app.get(ROUTE, (c) => {
    const id = c.req.query("space_id") ?? "";
    if (!SPACE_ID.test(id)) {
      throw new Problem(400, "space_id_malformed", "This is not a space id", "It has 32 hex digits.");
    }
    c.header("cache-control", "private, no-store");
    return answer(c, c.get("caller"), id);
  });
  app.onError((error, c) => {
    if (error.getResponse) return error.getResponse();
    const {
      status = 500,
      title = "Something failed in the server",
      message: detail,
      code = "internal",
    } = error;
    const body = { type: `urn:problem:${code}`, title, status, detail, code, request_id: c.get("requestId") };
    return c.json(body, status, { "content-type": "application/problem+json" });
  });
  return app;
}
