/**
 * Brings the wasm module to life, once per page, whichever entry was imported: `genie-handoff`, `genie-handoff/inline`
 * and the Workers entry differ only in where the bytes come from.
 */
import { HandoffError, type Issue } from "./errors.js";
import * as glue from "./generated/handoff.js";
import { compile, type WasmSource } from "./source.js";

let ready = false;
let loading: Promise<void> | undefined;

/** Gives `init` for an entry. `own` is only called when `init` gets no source. */
export function makeInit(
  own: () => WasmSource | Promise<WasmSource>,
): (source?: WasmSource) => Promise<void> {
  return (source) => {
    if (loading === undefined) {
      const attempt = ready ? Promise.resolve() : load(source ?? own());
      loading = attempt;
      // A failure is forgotten, so that a retry button works; a success is kept, so that every caller gets the same.
      attempt.catch(() => {
        if (loading === attempt) loading = undefined;
      });
    }
    return loading;
  };
}

async function load(source: WasmSource | Promise<WasmSource>): Promise<void> {
  const module = await compile(source);
  // initSync may have been faster.
  if (ready) return;
  checkFits(module);
  try {
    await glue.default({ module_or_path: module });
  } catch (cause) {
    throw mismatch(cause);
  }
  ready = true;
}

/**
 * Starts at once from a compiled module or from bytes: for Workers and tests. Browsers refuse to compile large bytes
 * at once on the main thread; use `init` there.
 */
export function initSync(source: WebAssembly.Module | BufferSource): void {
  if (ready) return;
  try {
    const module = source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source);
    checkFits(module);
    glue.initSync({ module });
  } catch (cause) {
    throw HandoffError.is(cause) ? cause : mismatch(cause);
  }
  ready = true;
}

/** Before the glue sees it: the glue keeps whatever it once instantiated, so a wrong module could not be replaced. */
function checkFits(module: WebAssembly.Module): void {
  const there = new Set(WebAssembly.Module.exports(module).map(({ name }) => name));
  const missing = Object.keys(glue).find(
    (name) => name !== "default" && name !== "initSync" && !there.has(name),
  );
  if (missing !== undefined) throw mismatch(new Error(`it does not export ${missing}`));
}

function mismatch(cause: unknown): HandoffError {
  return new HandoffError("wasm_invalid", "This is not the WebAssembly of this version of genie-handoff.", {
    cause,
    help: "Serve handoff_bg.wasm from the same version of the package as the JavaScript.",
  });
}

/** Calls into wasm: guards against an early call and gives errors as {@link HandoffError}. */
export function call<T>(run: (wasm: typeof glue) => T): T {
  if (!ready) {
    throw new HandoffError("not_initialised", "genie-handoff was called before it was initialised.", {
      help: 'Add this line before the call: await init(); with import { init } from "genie-handoff"',
    });
  }
  try {
    return run(glue);
  } catch (thrown) {
    throw fromWasm(thrown);
  }
}

/** The facade throws `{code, path?, message, help?, issues?}`; anything else is a trap. */
function fromWasm(thrown: unknown): HandoffError {
  const { code, message, help, path, issues } = (thrown ?? {}) as Record<string, unknown>;
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  if (!(thrown instanceof Error) && typeof code === "string" && typeof message === "string") {
    return new HandoffError(code, message, {
      help: text(help),
      path: text(path),
      issues: Array.isArray(issues) ? (issues as Issue[]) : undefined,
    });
  }
  const panic = thrown instanceof WebAssembly.RuntimeError ? glue.lastPanic() : undefined;
  const said = panic === undefined ? "" : ` ${panic}`;
  return new HandoffError("internal_error", `genie-handoff failed in a way that it should not.${said}`, {
    cause: thrown,
    help: "Reload the page. Please report it with the input that led here.",
  });
}
