import * as api from "genie-handoff";
// Works in the development server and in builds alike.
import wasm from "genie-handoff/handoff.wasm?url";
import suggestWasm from "genie-handoff/suggest.wasm?url";
import { StrictMode, useEffect } from "react";
import { createRoot } from "react-dom/client";
import { Block } from "./block.jsx";
import { scenario } from "./scenario.js";

function App() {
  useEffect(() => {
    // Twice under StrictMode, and that is fine. The first failure may be shown; here the scenario tries again.
    api.init(wasm).catch(() => {});
  }, []);
  return <Block />;
}

globalThis.report = scenario(api, wasm, suggestWasm);
createRoot(document.getElementById("root")).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
