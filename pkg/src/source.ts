import { HandoffError } from "./errors.js";

/** Where the wasm may come from. A text or URL is fetched. */
export type WasmSource = string | URL | Request | Response | BufferSource | WebAssembly.Module;

/** Compiles whatever it is given. Every failure is a {@link HandoffError}; its help names the `file` that is meant. */
export async function compile(
  given: WasmSource | Promise<WasmSource>,
  file: string,
): Promise<WebAssembly.Module> {
  const source: unknown = await given;
  switch (kind(source)) {
    case "WebAssembly.Module":
      return source as WebAssembly.Module;
    case "bytes":
      return compileBytes(source as BufferSource, "The bytes given to init()", file);
    case "Response": {
      const response = source as Response;
      return compileResponse(response, response.url || "The response given to init()", file);
    }
    case "String":
      return compileResponse(await request(source as string, source as string), source as string, file);
    case "URL": {
      const { href } = source as URL;
      return compileResponse(await request(href, href), href, file);
    }
    case "Request": {
      const { url } = source as Request;
      return compileResponse(await request(source as Request, url), url, file);
    }
    default:
      throw new HandoffError(
        "invalid_argument",
        "init() was given something that is not a source of WebAssembly.",
        {
          path: "source",
          help: "Give nothing, a URL, a Request, a Response, bytes, or a WebAssembly.Module.",
        },
      );
  }
}

/** `instanceof` fails for objects of another realm (frames, test runners); the tag does not. */
function kind(value: unknown): string {
  if (ArrayBuffer.isView(value)) return "bytes";
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  return tag === "ArrayBuffer" ? "bytes" : tag;
}

async function request(source: string | Request, address: string): Promise<Response> {
  try {
    return await fetch(source);
  } catch (cause) {
    throw new HandoffError("wasm_unavailable", `${address} could not be fetched.`, {
      cause,
      retryable: true,
      help: "Check the connection, then call init() again. Without a network use genie-handoff/inline.",
    });
  }
}

async function compileResponse(
  response: Response,
  address: string,
  file: string,
): Promise<WebAssembly.Module> {
  if (!response.ok) {
    response.body?.cancel().catch(() => {});
    throw new HandoffError("wasm_unavailable", `${address} answered with status ${response.status}.`, {
      status: response.status,
      retryable: response.status === 429 || response.status >= 500,
      help:
        `Serve ${file} there, give init() the right address, or import genie-handoff/inline, ` +
        "which needs no file.",
    });
  }
  const type = response.headers.get("content-type");
  // Streaming demands exactly this type, without parameters. A server that does not know .wasm still works, through
  // the bytes.
  if (type === "application/wasm" && typeof WebAssembly.compileStreaming === "function") {
    try {
      return await WebAssembly.compileStreaming(response);
    } catch (cause) {
      throw notCompiled(cause, address);
    }
  }
  let bytes: ArrayBuffer;
  try {
    bytes = await response.arrayBuffer();
  } catch (cause) {
    throw notCompiled(cause, address);
  }
  return compileBytes(bytes, type ? `${address} (${type})` : address, file);
}

async function compileBytes(source: BufferSource, what: string, file: string): Promise<WebAssembly.Module> {
  // V8 takes no DataView, so everything becomes the one view that all engines take.
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  // A single-page server answers an unknown path with its start page and status 200.
  if (bytes[0] !== 0 || bytes[1] !== 0x61 || bytes[2] !== 0x73 || bytes[3] !== 0x6d) {
    throw new HandoffError("wasm_invalid", `${what} is not WebAssembly.`, {
      help: `The server probably answered with a web page. Check where ${file} is served.`,
    });
  }
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw notCompiled(cause, what);
  }
}

function notCompiled(cause: unknown, what: string): HandoffError {
  const text = cause instanceof Error ? cause.message : "";
  // Chromium, Firefox and Safari all name the directive or the policy.
  if (/unsafe-eval|content security policy|\bCSP\b/i.test(text)) {
    return new HandoffError(
      "wasm_blocked",
      "The page's Content-Security-Policy does not allow WebAssembly.",
      {
        cause,
        help: "Add 'wasm-unsafe-eval' to script-src. It allows WebAssembly only; 'unsafe-eval' is not needed.",
      },
    );
  }
  if (cause instanceof WebAssembly.CompileError) {
    return new HandoffError("wasm_invalid", `${what} is not valid WebAssembly, or was cut off.`, { cause });
  }
  return new HandoffError("wasm_unavailable", `${what} could not be read to its end.`, {
    cause,
    retryable: true,
    help: "Check the connection, then call init() again.",
  });
}
