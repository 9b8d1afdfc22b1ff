/** Words about everything in a link, loaded when it is opened up. */
import { number, plural } from "../strings";

export const linkWords = {
  facts: "About this handoff",
  space: "Genie space",
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
  others: "Also in the link",
  othersAbout: "This version does not know these keys. They are in the download, as their maker wrote them.",
  personal: "Personal data?",
} as const;
