import * as api from "genie-handoff/inline";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Block } from "./block.jsx";
import { scenario } from "./scenario.js";

createRoot(document.getElementById("root")).render(
  <StrictMode>
    <Block />
  </StrictMode>,
);
// Everything is in one JavaScript file: no fetch at all.
globalThis.report = await scenario(api);
