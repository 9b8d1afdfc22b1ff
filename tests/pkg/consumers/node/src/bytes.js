import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as api from "genie-handoff/inline";
import { scenario } from "./scenario.js";

// The file is public too, for programs that keep it elsewhere.
const file = fileURLToPath(import.meta.resolve("genie-handoff/handoff.wasm"));
console.log(JSON.stringify(await scenario(api, await readFile(file))));
