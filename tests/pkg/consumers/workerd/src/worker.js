import * as api from "genie-handoff";
import { scenario } from "./scenario.js";

export default {
  async fetch() {
    // Workers do not compile bytes: the module was compiled when the Worker was deployed.
    return Response.json(await scenario(api));
  },
};
