import * as api from "genie-handoff";
import { scenario } from "./scenario.js";

// In builds Vite carries the file along by itself.
globalThis.report = scenario(api);
