import * as api from "genie-handoff";
import { scenario } from "./scenario.js";

// No configuration: webpack carries the file along.
globalThis.report = scenario(api);
