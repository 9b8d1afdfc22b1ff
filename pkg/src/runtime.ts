/**
 * Brings a wasm module to life, once per page, whichever entry was imported: `genie-handoff`, `genie-handoff/inline` and
 * the Workers entry differ only in where the bytes come from.
 */
import { HandoffError, type Issue } from "./errors.js";
import * as handoff from "./generated/handoff.js";
import { compile, type WasmSource } from "./source.js";

/** Where a module comes from when nobody says. */
export type OwnSource = () => WasmSource | Promise<WasmSource>;

/** What wasm-bindgen makes for a module, as far as it is the same for all. */
interface Glue {
  default(source: { module_or_path: WebAssembly.Module }): Promise<unknown>;
  initSync(source: { module: WebAssembly.Module }): unknown;
}

/** One wasm module and its life. */
export interface Runtime<G> {
  /** Loads it, once. Later and concurrent calls share the first; after a failure it can be called again. */
  load(own: OwnSource, source?: WasmSource | Promise<WasmSource>): Promise<void>;
  /** Starts it at once, with its glue. */
  loadSync(source: WebAssembly.Module | BufferSource, glue: G): void;
  /** Calls into it: guards against an early call and gives errors as {@link HandoffError}. */
  call<T>(run: (wasm: G) => T): T;
}

/**
 * `given` is the glue, or a function that loads it together with the module. For help texts: `file` is the name of the wasm
 * beside the JavaScript, `starter` the function that loads it.
 */
export function runtimeOf<G extends Glue>(
  given: G | (() => Promise<G>),
  file: string,
  starter: string,
): Runtime<G> {
  /** The glue of a module that runs. */
  let running: G | undefined;
  let loading: Promise<void> | undefined;

  async function start(source: WasmSource | Promise<WasmSource>): Promise<void> {
    const [module, glue] = await Promise.all([compile(source, file), glueOf()]);
    // loadSync may have been faster.
    if (running) return;
    checkFits(module, glue);
    try {
      await glue.default({ module_or_path: module });
    } catch (cause) {
      throw mismatch(cause);
    }
    running = glue;
  }

  async function glueOf(): Promise<G> {
    if (typeof given !== "function") return given;
    try {
      return await given();
    } catch (cause) {
      throw new HandoffError(
        "wasm_unavailable",
        `The JavaScript that belongs to ${file} could not be loaded.`,
        {
          cause,
          retryable: true,
          help: `Check the connection, then call ${starter}() again.`,
        },
      );
    }
  }

  /** Before the glue sees it: the glue keeps whatever it once instantiated, so a wrong module could not be replaced. */
  function checkFits(module: WebAssembly.Module, glue: G): void {
    const there = new Set(WebAssembly.Module.exports(module).map(({ name }) => name));
    const missing = Object.keys(glue).find(
      (name) => name !== "default" && name !== "initSync" && !there.has(name),
    );
    if (missing !== undefined) throw mismatch(new Error(`it does not export ${missing}`));
  }

  function mismatch(cause: unknown): HandoffError {
    return new HandoffError("wasm_invalid", "This is not the WebAssembly of this version of genie-handoff.", {
      cause,
      help: `Serve ${file} from the same version of the package as the JavaScript.`,
    });
  }

  return {
    load(own, source) {
      if (loading === undefined) {
        const attempt = running ? Promise.resolve() : start(source ?? own());
        loading = attempt;
        // A failure is forgotten, so that a retry button works; a success is kept, so that every caller gets the same.
        attempt.catch(() => {
          if (loading === attempt) loading = undefined;
        });
      }
      return loading;
    },
    loadSync(source, glue) {
      if (running) return;
      try {
        const module = source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source);
        checkFits(module, glue);
        glue.initSync({ module });
      } catch (cause) {
        throw HandoffError.is(cause) ? cause : mismatch(cause);
      }
      running = glue;
    },
    call(run) {
      if (!running) {
        throw new HandoffError("not_initialised", "genie-handoff was called before it was initialised.", {
          help: `Add this line before the call: await ${starter}(); with import { ${starter} } from "genie-handoff"`,
        });
      }
      try {
        return run(running);
      } catch (thrown) {
        throw fromWasm(thrown);
      }
    },
  };
}

/** The facade throws `{code, message, path?, help?, issues?}` as JSON; anything else is a trap. */
function fromWasm(thrown: unknown): HandoffError {
  if (typeof thrown === "string") {
    const { code, message, ...details } = JSON.parse(thrown) as Failure;
    return new HandoffError(code, message, details);
  }
  return new HandoffError("internal_error", "genie-handoff failed in a way that it should not.", {
    cause: thrown,
    help: "Reload the page. Please report it with the input that led here.",
  });
}

interface Failure {
  code: string;
  message: string;
  path?: string;
  help?: string;
  issues?: Issue[];
}

const main = /* @__PURE__ */ runtimeOf(handoff, "handoff_bg.wasm", "init");

/** Gives `init` for an entry. `own` is only called when `init` gets no source. */
export function makeInit(own: OwnSource): (source?: WasmSource | Promise<WasmSource>) => Promise<void> {
  return (source) => main.load(own, source);
}

/**
 * Starts at once from a compiled module or from bytes: for Workers and tests. Browsers refuse to compile large bytes
 * at once on the main thread; use `init` there.
 */
export function initSync(source: WebAssembly.Module | BufferSource): void {
  main.loadSync(source, handoff);
}

/** Calls a function of the first module. */
export function call<T>(run: (wasm: typeof handoff) => T): T {
  return main.call(run);
}
