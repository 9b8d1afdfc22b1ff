// wrangler.toml, read for the local runtime. Configuration stays in one place: what deploys is what runs here.
//
// Wrangler's own reader is not used: it also loads `.env` files, and importing it costs most of a second. The price is
// that this file must know every key. It refuses those it does not, so that none is silently without effect.

import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "smol-toml";

/** Keys that matter to a deployment only. */
const deployOnly = new Set([
  "account_id",
  "keep_vars",
  "limits",
  "logpush",
  "observability",
  "placement",
  "preview_urls",
  "route",
  "routes",
  "upload_source_maps",
  "workers_dev",
]);

/**
 * @typedef {object} WorkerConfig
 * @property {string} name
 * @property {string} main Absolute path of the module that the runtime loads.
 * @property {string} compatibilityDate
 * @property {string[]} compatibilityFlags
 * @property {Record<string, string>} vars
 * @property {{ binding: string, id: string, migrations: string }[]} databases `migrations` is an absolute path.
 * @property {{ binding: string, service: string }[]} services Other workers that this one may call.
 * @property {string[]} crons When the runtime ticks.
 * @property {{ directory: string, binding?: string, runWorkerFirst?: boolean | string[], notFoundHandling?: string, htmlHandling?: string } | undefined} assets
 */

/**
 * @param {string} file Path of wrangler.toml.
 * @returns {WorkerConfig}
 */
export function readWranglerConfig(file) {
  const root = path.dirname(path.resolve(file));
  const config = new Table(parse(readFileSync(file, "utf8")), path.basename(file));
  const result = {
    name: config.take("name", "string"),
    main: path.resolve(root, config.take("main", "string")),
    compatibilityDate: String(config.take("compatibility_date", "string")),
    compatibilityFlags: config.maybe("compatibility_flags", "object") ?? [],
    vars: config.maybe("vars", "object") ?? {},
    databases: (config.maybe("d1_databases", "object") ?? []).map((entry, index) => {
      const database = new Table(entry, `d1_databases[${index}]`);
      const found = {
        binding: database.take("binding", "string"),
        // The same choice as wrangler's, so that `wrangler d1 execute --local` looks at the same data.
        id: database.maybe("preview_database_id", "string") ?? database.take("database_id", "string"),
        migrations: path.resolve(root, database.maybe("migrations_dir", "string") ?? "migrations"),
      };
      database.ignore(["database_id", "database_name"]);
      database.finish();
      return found;
    }),
    services: (config.maybe("services", "object") ?? []).map((entry, index) => {
      const service = new Table(entry, `services[${index}]`);
      const found = {
        binding: service.take("binding", "string"),
        service: service.take("service", "string"),
      };
      service.finish();
      return found;
    }),
    crons: cronsOf(config.maybe("triggers", "object")),
    assets: assetsOf(config.maybe("assets", "object"), root),
  };
  config.ignore(deployOnly);
  config.finish();
  return result;
}

function cronsOf(entry) {
  if (entry === undefined) return [];
  const triggers = new Table(entry, "triggers");
  const crons = triggers.maybe("crons", "object") ?? [];
  triggers.finish();
  return crons;
}

function assetsOf(entry, root) {
  if (entry === undefined) return undefined;
  const assets = new Table(entry, "assets");
  const found = {
    directory: path.resolve(root, assets.take("directory", "string")),
    binding: assets.maybe("binding", "string"),
    runWorkerFirst: assets.maybe("run_worker_first", undefined),
    notFoundHandling: assets.maybe("not_found_handling", "string"),
    htmlHandling: assets.maybe("html_handling", "string"),
  };
  assets.finish();
  return found;
}

/** A TOML table that remembers which of its keys were read. */
class Table {
  #values;
  #name;
  #left;

  constructor(values, name) {
    this.#values = values;
    this.#name = name;
    this.#left = new Set(Object.keys(values));
  }

  maybe(key, type) {
    this.#left.delete(key);
    const value = this.#values[key];
    if (value !== undefined && type !== undefined && typeof value !== type) {
      throw new Error(`${this.#name}: ${key} must be of type ${type}`);
    }
    return value;
  }

  take(key, type) {
    const value = this.maybe(key, type);
    if (value === undefined) throw new Error(`${this.#name}: ${key} is missing`);
    return value;
  }

  ignore(keys) {
    for (const key of keys) this.#left.delete(key);
  }

  finish() {
    if (this.#left.size === 0) return;
    const keys = [...this.#left].join(", ");
    throw new Error(
      `${this.#name}: the local runtime does not know ${keys}. Teach it in scripts/lib/wrangler-config.mjs, or list it there as a key for deployments only.`,
    );
  }
}
