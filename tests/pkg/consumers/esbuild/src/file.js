// esbuild leaves `new URL` alone, so the file is named: --loader:.wasm=file copies it and gives its name.
import * as api from "genie-handoff";
import wasm from "genie-handoff/handoff.wasm";
import suggestWasm from "genie-handoff/suggest.wasm";
import { scenario } from "./scenario.js";

globalThis.report = await scenario(
  api,
  new URL(wasm, import.meta.url),
  new URL(suggestWasm, import.meta.url),
);
