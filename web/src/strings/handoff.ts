/** The words of the page that opens links. */
import { number, plural } from "../strings";

export const handoffWords = {
  title: "Handoff",
  skip: "Skip to the handoff",
  toCanvas: "Canvas",
  serverDown: "A link opens all the same. What needs the server is named as not checked.",
  reading: "Reading the link",
  checking: "Checking the signature",
  retry: "Try again",

  empty: {
    title: "There is no handoff in this address.",
    about: "Open the link exactly as it was sent to you, or paste it here.",
  },
  paste: {
    label: "Paste a link",
    placeholder: "https://…/handoff#context=…",
    open: "Open",
    about: "It is read in this browser and sent nowhere.",
    empty: "Paste a link first.",
  },
  refused: {
    nothingShown: "Nothing of it is shown.",
    /** By code: what it is, and where our words say more to a reader than those of the error, why. */
    codes: new Map<string, readonly [title: string, why?: string]>([
      ["link_damaged", ["The link is damaged.", "A part of it was changed, lost or added on the way."]],
      ["link_malformed", ["The link was not made correctly."]],
      ["link_version_unknown", ["The link was made by a newer version."]],
      ["link_unrecognised", ["This is no handoff link."]],
      ["link_empty", ["The link is empty.", "It names no handoff."]],
      ["handoff_not_found", ["There is no such handoff on this server."]],
      ["too_large", ["The link is too long."]],
      ["json_invalid", ["The link holds no readable handoff."]],
      ["context_invalid", ["The link holds something that is no handoff."]],
    ]),
    other: "The link could not be opened.",
    tampered: "The link was changed after it was signed.",
    tamperedAbout: (host: string) =>
      `It carries a signature of ${host}, and the signature does not fit what the link holds.`,
    tamperedNext: "Do not use it. Ask for the link again, from the person who made it.",
  },
  noCode: {
    title: "The part of this page that reads links could not be loaded.",
    about:
      "That says nothing about the link, which is kept in this tab. Check the connection, then try again.",
    blocked:
      "This browser, or a rule of your organisation, blocks WebAssembly on this page. The link is kept in this tab.",
  },

  unread: {
    title: "The handoff could not be read.",
    about: "The server keeps it, and the address of this page still names it.",
  },

  signature: {
    valid: (host: string) => `Signed by ${host}`,
    validAbout:
      "This server made the link, and it was not changed since. That is no permission: check what it asks for.",
    unsigned: "Unsigned",
    unsignedAbout: "Anybody could have made this link. Ask its sender before you rely on it.",
    expired: "Expired",
    expiredAbout: (host: string) => `It was signed by ${host}, and its time is over. Ask for a new link.`,
    wrong_audience: "Made for another host",
    wrong_audienceAbout: (host: string) =>
      `The signature is right, but it is for ${host}. Open the link there to have it checked.`,
    unknown_key: "Signature not known",
    unknown_keyAbout: (host: string) =>
      `It says that it comes from ${host}. This server does not publish the key, so nobody can tell.`,
    no_keysAbout: (host: string) =>
      `It says that it comes from ${host}. This server publishes no keys, so nobody can tell.`,
    not_checked: "Signature not checked",
    not_checkedAbout:
      "This browser cannot check signatures of this kind (Ed25519). Treat the link as unsigned.",
    unreachableAbout:
      "The server could not be asked for its keys. Treat the link as unsigned until it was checked.",
    checkAgain: "Check again",
    until: "Valid until",
    key: "Key",
  },

  intent: "What is wanted",
  noIntent: "Nobody has said what the pipeline is for.",
  facts: "About this handoff",
  created: "Made",
  by: "Made by",
  createdUnknown: "Not known",
  space: "Genie space",
  session: "Genie session",
  warehouse: "Warehouse",
  target: "Target table",
  none: "Not known",
  explored: "Exploration",
  exploredWords: (queries: number | undefined, sample: boolean | undefined) =>
    [
      queries === undefined ? "number of queries not known" : plural(queries, "query", "queries"),
      sample ? "sample rows were looked at" : "sample rows were not looked at",
    ].join(", "),
  format: "Format",
  formats: {
    primed: "Handoff link, version b",
    plain: "Handoff link, version a",
    "base64-json": "JSON in base64, made by another tool",
    "percent-json": "Percent-encoded JSON, made by another tool",
    json: "JSON, made by another tool",
  },
  tables: (count: number) => plural(count, "table", "tables"),
  noTables: "No table is named.",
  columns: (count: number) => plural(count, "column", "columns"),
  noColumns: "Columns not known",
  primaryKey: "key",
  showAll: (count: number) => `Show all ${number(count)}`,
  queries: (count: number) => plural(count, "exploration query", "exploration queries"),
  queriesAbout:
    "Shown, never run. Values were taken out when the link was made; markers such as :str and :num stand where they were.",
  noQueries: "The link carries no query.",
  query: (index: number) => `Query ${number(index)}`,
  copyQuery: (index: number) => `Copy query ${number(index)}`,
  result: "Result",
  readiness: "Ready for a plan?",
  ready: "Nothing essential is missing.",
  notReady: "Something essential is missing or wrong.",
  stripped: (values: number) =>
    `The link was made by a tool that left ${plural(values, "value", "values")} in its queries. They are taken out here and in the download.`,
  others: "Also in the link",
  othersAbout: "This version does not know these keys. They are in the download, as their maker wrote them.",
  personal: "Personal data?",
  download: "Download as JSON",
  fileName: (space: string) => `handoff-${space.slice(0, 8) || "context"}.json`,
  forget: "Close this link",
  forgotten: "The link is closed and forgotten. A plan that was edited stays in this browser.",
  opened: (tables: number) => `The link is open: ${plural(tables, "table", "tables")}.`,
} as const;
