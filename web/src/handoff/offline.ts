/** Keeps this page's own files in the browser, so that a link opens without a network. See `public/offline.js`. */

/** Call it once the page is at work: it loads what was not needed until then. Never rejects: without it the page needs a network. */
export async function keepOffline(): Promise<void> {
  // There is nothing to fetch it from, and the browser would complain.
  if (!navigator.onLine) return;
  try {
    await navigator.serviceWorker.register("/offline.js", { scope: "/handoff" });
    const { active } = await navigator.serviceWorker.ready;
    const files = document.querySelector<HTMLMetaElement>('meta[name="files"]')?.content ?? "";
    const keep = files.split(" ").filter((file) => file !== "");
    active?.postMessage({ keep });
  } catch {
    // Switched off, or not there outside of HTTPS.
  }
}
