import * as api from "genie-handoff";
import { scenario } from "./scenario.js";

// The wasm is inside the JavaScript here: no file, no network.
console.log(JSON.stringify(await scenario(api)));
