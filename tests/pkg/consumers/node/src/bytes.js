import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as api from "genie-handoff/inline";
import { scenario } from "./scenario.js";

// The files are public too, for programs that keep them elsewhere.
const [handoff, suggest] = ["handoff", "suggest"].map((name) =>
  readFile(fileURLToPath(import.meta.resolve(`genie-handoff/${name}.wasm`))),
);
console.log(JSON.stringify(await scenario(api, await handoff, await suggest)));
