// Lets a handoff link open without a network: the page's own files are kept after the first visit. Nothing else is: no
// link, no answer of the API. Registered by src/handoff/offline.ts for /handoff alone. A page from the network always
// goes first, so a new release is never hidden by an old one; its files have new names.
const store = "handoff";
const page = "/handoff";
const others = ["/theme.js", "/favicon.svg"];

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The page says what it is made of, because only it knows what it has loaded.
self.addEventListener("message", (event) => {
  const { keep } = event.data ?? {};
  if (Array.isArray(keep)) event.waitUntil(keepAll(keep.filter(isOurs)));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (pathname === page) event.respondWith(fetch(request).catch(() => kept(page)));
  } else if (isOurs(pathname)) {
    event.respondWith(kept(pathname).then((known) => (known.ok ? known : fetch(request))));
  }
});

function isOurs(path) {
  return typeof path === "string" && (/^\/assets\/[\w.-]+$/.test(path) || others.includes(path));
}

async function kept(path) {
  const cache = await caches.open(store);
  return (await cache.match(path)) ?? Response.error();
}

async function keepAll(paths) {
  const cache = await caches.open(store);
  const known = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
  // Files under /assets/ never change; the others are fetched anew.
  const wanted = paths.filter((path) => !(known.has(path) && path.startsWith("/assets/")));
  await cache.addAll([...new Set([page, ...others, ...wanted])]);
  const now = new Set([page, ...others, ...paths]);
  for (const path of known) if (!now.has(path)) await cache.delete(path);
}
