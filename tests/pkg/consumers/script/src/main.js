// node_modules/genie-handoff/dist, copied to where the server finds it.
import * as api from "/genie-handoff/dist/web.js";
import { scenario } from "./scenario.js";

globalThis.report = await scenario(api);
