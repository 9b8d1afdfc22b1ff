/** The words of the dialog that makes a link. */
import { plural } from "../strings";

export const pipelineWords = {
  area: "Needed again and again?",
  button: "Create production pipeline",
  title: "Create production pipeline",
  about:
    "This makes a link for the person who builds pipelines. It carries metadata and no data. Nothing is created or run in Databricks.",
  intentLabel: "What should be produced, and how often?",
  intentExample: "Revenue per shop and day, for the sales team, every morning before 7",
  intentAbout: "It goes into the link as you write it.",
  intentMissing: "Say what should be produced.",
  look: "Look at this before you make the link",
  showPlace: "Show",
  travels: "Goes into the link",
  travelsIntent: "Your words above",
  travelsTables: (count: number) => `The names of ${plural(count, "table", "tables")}`,
  travelsNoTables: "No table: the space names none",
  travelsSpace: "The id of the space:",
  travelsWarehouse: "The id of the warehouse:",
  travelsTime: "The time at which the link is made",
  staysHere: "Stays here",
  stays: [
    "Rows and results",
    "Values from queries, such as names, numbers and dates",
    "Conversations",
    "Passwords and access tokens",
  ],
  gapsTitle: "Left empty and flagged; nothing is guessed",
  gaps: new Map([
    ["session_missing", "Which Genie conversation it comes from"],
    ["queries_missing", "The queries of the exploration"],
    ["sample_not_reviewed", "Whether anybody has looked at sample rows"],
    ["columns_unknown", "Which columns matter"],
    ["tables_missing", "The tables: without one no plan can be made"],
    ["not_checked_catalog", "Whether the tables exist in Unity Catalog (not checked)"],
  ]),
  notLooked: "The words could not be looked through.",
  make: "Make the link",
  makeAnyway: "Make the link anyway",
  making: "Making the link",
  cancel: "Cancel",
  refused: "The server made no link.",
  makeOwn: "Make an unsigned link here",
  madeTitle: "The link is ready",
  madeAloud: (length: number) => `The link is ready: ${plural(length, "character", "characters")}.`,
  linkLabel: "Link",
  copy: "Copy link",
  copyByHand: "Copying is not allowed here. The link is selected: press Ctrl+C, on a Mac ⌘C.",
  open: "Open",
  edit: "Change the words",
  length: "Length",
  steps: {
    "2000": (length: number) =>
      `${plural(length, "character", "characters")}: passes mail and chat everywhere`,
    "4000": (length: number) =>
      `${plural(length, "character", "characters")}: passes most mail and chat; the limit of some is 2,000`,
    "8000": (length: number) =>
      `${plural(length, "character", "characters")}: mail and chat may cut it. Try it before you rely on it`,
    over: (length: number) =>
      `${plural(length, "character", "characters")}: mail and chat will cut it. Send it as a file, or hand over fewer tables`,
  },
  signature: "Signature",
  signed: "Signed by this server",
  unsigned: {
    "no-route": "Unsigned: this server makes no links, so the page made it",
    offline: "Unsigned: the server did not answer, so the page made it",
    "no-key": "Unsigned: this server has no key to sign with",
    chosen: "Unsigned: the page made it, not the server",
  },
  who: "Who can read it",
  whoever: "Whoever has the link",
  flagged: (count: number) =>
    `${plural(count, "thing", "things")} to settle ${count === 1 ? "is" : "are"} flagged for whoever opens it.`,
} as const;
