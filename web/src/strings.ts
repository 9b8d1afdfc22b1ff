/**
 * The words that all pages show or say; those of one page are beside this file, in `strings/`. Words stand nowhere else,
 * so that the tone can be read in one go and the pages can be translated, and each page loads no other's. Say what
 * happened, what was not done and what to do next; name the object.
 */
/** A count with its noun. */
export const plural = (count: number, one: string, many: string) =>
  `${number(count)} ${count === 1 ? one : many}`;

/** Made once: making one costs more than a hundred numbers. */
let counts: Intl.NumberFormat | undefined;

/** A count in the reader's own digits and separators. */
export function number(count: number): string {
  counts ??= new Intl.NumberFormat();
  return counts.format(count);
}

export const strings = {
  product: "Genie Handoff",
  close: "Close",
  hiddenCharacter: "A character that cannot be seen, or that changes the order of the text",
  andMore: (count: number) => `and ${number(count)} more`,
  severity: { error: "Settle first:", warning: "Check:", info: "Note:" },
  server: {
    checking: "Connecting…",
    live: "Live",
    liveAbout: "This page talks to a Databricks workspace through its server.",
    emulator: "emulator",
    open: "Open mode",
    openSentence: "Open mode: anyone on this machine can call the server.",
    down: "Offline",
    downTitle: "The server cannot be reached.",
    downAbout:
      "Your canvas is safe in this browser and can be edited. Spaces cannot be read until the server is back.",
    downChecking: "Checking…",
    retry: "Check again",
    backUp: "The server is back.",
  },
  token: { button: "Access token" },
  theme: { button: "Theme" },
  copy: { done: "Copied", failed: "Copying is not allowed here. Select the text instead." },

  /** A part of a page that is loaded when it is wanted. */
  part: {
    loading: "Loading this part of the page",
    missing: "This part of the page could not be loaded. Check the connection.",
  },

  /** Said in several places. */
  common: {
    openInDatabricks: "Open in Databricks",
    opensNewTab: "(opens a new tab)",
    elapsed: (seconds: number) => `${number(seconds)} s`,
    stop: "Stop waiting",
    copyAllTables: "Copy all table names",
    copyWarehouse: "Copy the warehouse id",
    copySpaceId: "Copy the space id",
    requestId: "Request id",
    copyRequestId: "Copy the request id",
    retry: "Try again",
    code: "Code",
  },
} as const;
