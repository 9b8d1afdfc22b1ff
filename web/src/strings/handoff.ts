/** The words of the page that opens links. */
import { plural } from "../strings";

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
  noCode: {
    title: "The part of this page that reads links could not be loaded.",
    about:
      "That says nothing about the link, which is kept in this tab. Check the connection, then try again.",
    blocked:
      "This browser, or a rule of your organisation, blocks WebAssembly on this page. The link is kept in this tab.",
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
  created: "Made",
  by: "Made by",
  createdUnknown: "Not known",
  session: "Genie session",
  stripped: (values: number) =>
    `The link was made by a tool that left ${plural(values, "value", "values")} in its queries. They are taken out here and in the download.`,
  download: "Download as JSON",
  fileName: (space: string) => `handoff-${space.slice(0, 8) || "context"}.json`,
  forget: "Close this link",
  forgotten: "The link is closed and forgotten. A plan that was edited stays in this browser.",
  opened: (tables: number) => `The link is open: ${plural(tables, "table", "tables")}.`,
  content: "Everything in the link",
  contentAbout: "Tables, queries and facts, as they came.",
} as const;
