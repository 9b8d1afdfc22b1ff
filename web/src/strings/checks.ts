/** Words about permissions: on the review page, and where a deployment was refused for want of one. */
import { number } from "../strings";

export const checkWords = {
  states: { ok: "Granted", missing: "Missing", not_checked: "Not checked" },
  kinds: new Map([
    ["catalog", "Catalog"],
    ["schema", "Schema"],
    ["table", "Table"],
    ["warehouse", "Warehouse"],
  ]),
  /** Not about anything by name. */
  other: "Beside these",
  grant: "Ask an administrator to run",
  copyGrant: (what: string, on: string) => `Copy the GRANT for ${what}${on === "" ? "" : ` on ${on}`}`,
  copyAll: (count: number) => `Copy all ${number(count)} statements`,
  caller: (name: string) => `you, ${name}`,
  run_as: (name: string) => `the job, as ${name}`,
  what: new Map([
    ["table_exists", "The table exists"],
    ["columns_exist", "The columns exist"],
    ["schema_exists", "The schema exists"],
    ["warehouse_exists", "The warehouse exists"],
    ["warehouse_use", "CAN USE of the warehouse"],
    ["privilege", "Privilege"],
    ["identity", "The account is known"],
  ]),
} as const;
