import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type * as Api from "../dist/index.js";

const bytes = readFileSync(new URL("../dist/handoff_bg.wasm", import.meta.url));
const suggestBytes = readFileSync(new URL("../dist/suggest_bg.wasm", import.meta.url));
const ID = "01f0eca3dc1b1cbc9b65fa58f94c18ad";
const AT = "https://host.test/handoff_bg.wasm";

/** Every test starts like a fresh page: nothing is initialised. */
beforeEach(() => {
  vi.resetModules();
});

const web = () => import("../dist/web.js") as Promise<typeof Api>;
const inline = () => import("../dist/inline.js") as Promise<typeof Api>;

function wasm(type: string | null = "application/wasm", status = 200): Response {
  return new Response(bytes, { status, headers: type === null ? {} : { "content-type": type } });
}

function stubFetch(...answers: (Response | Error)[]) {
  const fetch = vi.fn(async (_: string | URL | Request) => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return answer?.clone();
  });
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

/** What a Worker's `import module from "./….wasm"` gives. */
function mockModules() {
  vi.doMock("../dist/handoff_bg.wasm", () => ({ default: new WebAssembly.Module(bytes) }));
  vi.doMock("../dist/suggest_bg.wasm", () => ({ default: new WebAssembly.Module(suggestBytes) }));
}

async function failure(run: () => unknown): Promise<Api.HandoffError> {
  try {
    await run();
  } catch (error) {
    return error as Api.HandoffError;
  }
  throw new Error("expected a failure");
}

describe("importing", () => {
  it.each(["web", "inline", "react", "workerd"])("%s does nothing", async (entry) => {
    if (entry === "workerd") mockModules();
    const fetch = stubFetch(new Error("no"));
    const spies = [
      vi.spyOn(WebAssembly, "compile"),
      vi.spyOn(WebAssembly, "instantiate"),
      vi.spyOn(globalThis, "setTimeout"),
      ...(["log", "warn", "error", "info"] as const).map((name) => vi.spyOn(console, name)),
    ];
    const globals = Object.getOwnPropertyNames(globalThis).length;
    await import(`../dist/${entry}.js`);
    expect(fetch).not.toHaveBeenCalled();
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    expect(Object.getOwnPropertyNames(globalThis)).toHaveLength(globals);
  });
});

describe("calling early", () => {
  it("is refused with the line to add", async () => {
    const { parseSpaceReference, version } = await web();
    for (const early of [() => parseSpaceReference(ID), () => version()]) {
      const error = await failure(early);
      expect(error.code).toBe("not_initialised");
      expect(error.help).toContain("await init();");
    }
  });

  it("does not concern the client", async () => {
    stubFetch(Response.json({ status: "ok", databricks: "live" }));
    const { createClient } = await web();
    expect((await createClient().health()).status).toBe("ok");
  });
});

describe("a defect in the module", () => {
  /** A function of WebAssembly that does what a panic does. */
  const broken = new WebAssembly.Instance(
    new WebAssembly.Module(
      new Uint8Array([
        ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0],
        ...[7, 5, 1, 1, 0x66, 0, 0, 10, 5, 1, 3, 0, 0, 0x0b],
      ]),
    ),
  ).exports.f as () => void;

  it("is an internal error with the trap as its cause, and the next call works", async () => {
    const { initSync, parseSpaceReference } = await web();
    initSync(bytes);
    const { call } = (await import("../dist/runtime.js")) as typeof import("../dist/runtime.js");
    const error = await failure(() => call(broken));
    expect(error.code).toBe("internal_error");
    expect(error.message).toBe("genie-handoff failed in a way that it should not.");
    expect(error.help).toContain("report it with the input");
    expect(error.cause).toBeInstanceOf(WebAssembly.RuntimeError);
    expect(parseSpaceReference(ID)).toEqual({ space_id: ID });
  });
});

describe("sources", () => {
  it("the file beside the JavaScript, for browsers", async () => {
    const fetch = stubFetch(wasm());
    const { init, parseSpaceReference } = await web();
    await init();
    expect(String(fetch.mock.calls[0]?.[0])).toMatch(/\/dist\/handoff_bg\.wasm$/);
    expect(parseSpaceReference(ID)).toEqual({ space_id: ID });
  });

  it("bytes in the JavaScript, for Node and for pages without the file", async () => {
    const fetch = stubFetch(new Error("no network"));
    const { init, version } = await inline();
    await init();
    expect(version()).toBe(
      JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version,
    );
    expect(fetch).not.toHaveBeenCalled();
  });

  it("a module import, for Workers", async () => {
    mockModules();
    const compile = vi.spyOn(WebAssembly, "compile").mockRejectedValue(new Error("Workers do not compile"));
    const { init, parseSpaceReference } = (await import("../dist/workerd.js")) as typeof Api;
    await init();
    expect(parseSpaceReference(ID)).toEqual({ space_id: ID });
    expect(compile).not.toHaveBeenCalled();
  });

  const given: [string, () => Api.WasmSource | Promise<Api.WasmSource>][] = [
    ["a text", () => AT],
    ["a URL", () => new URL(AT)],
    ["a Request", () => new Request(AT)],
    ["a Response", () => wasm()],
    ["a Response without a type", () => wasm(null)],
    ["an ArrayBuffer", () => new Uint8Array(bytes).buffer],
    ["bytes", () => new Uint8Array(bytes)],
    [
      "bytes inside a larger buffer",
      () => new Uint8Array([1, 2, 3, ...bytes, 4]).subarray(3, 3 + bytes.length),
    ],
    ["a DataView", () => new DataView(new Uint8Array(bytes).buffer)],
    ["a module", () => new WebAssembly.Module(bytes)],
    ["a promise of a Response", () => Promise.resolve(wasm())],
    ["a promise of a module", () => WebAssembly.compile(bytes)],
  ];
  it.each(given)("%s", async (_, source) => {
    stubFetch(wasm());
    const { init, parseSpaceReference } = await web();
    await init(source());
    expect(parseSpaceReference(ID)).toEqual({ space_id: ID });
  });

  it.each(["application/octet-stream", "text/html", "application/wasm; charset=utf-8", ""])(
    "a wrong type falls back to bytes: %s",
    async (type) => {
      stubFetch(wasm(type));
      const streaming = vi.spyOn(WebAssembly, "compileStreaming");
      const { init, version } = await web();
      await init(AT);
      expect(version()).toBeTruthy();
      expect(streaming).not.toHaveBeenCalled();
    },
  );

  it("the right type is compiled while it arrives", async () => {
    stubFetch(wasm());
    const streaming = vi.spyOn(WebAssembly, "compileStreaming");
    const { init } = await web();
    await init(AT);
    expect(streaming).toHaveBeenCalledTimes(1);
  });

  it("initSync takes a module or bytes, more than once, and init() is then done", async () => {
    const fetch = stubFetch(new Error("no"));
    const { init, initSync, version } = await web();
    initSync(new WebAssembly.Module(bytes));
    initSync(bytes);
    await init();
    expect(version()).toBeTruthy();
    expect(fetch).not.toHaveBeenCalled();
  });
});

describe("again and again", () => {
  it("concurrent and later calls share the first", async () => {
    const fetch = stubFetch(wasm());
    const { init } = await web();
    const first = init();
    expect(init()).toBe(first);
    expect(init("https://elsewhere.test/other.wasm")).toBe(first);
    await first;
    expect(init()).toBe(first);
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it("a failure is forgotten, so that a retry works", async () => {
    const fetch = stubFetch(new TypeError("Failed to fetch"), wasm("text/html", 503), wasm());
    const { init, version } = await web();
    expect((await failure(() => init())).code).toBe("wasm_unavailable");
    const concurrent = await Promise.allSettled([init(), init()]);
    expect(concurrent.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(fetch).toHaveBeenCalledTimes(2);
    await init();
    expect(version()).toBeTruthy();
  });

  it("initSync while init is on its way: both are fine", async () => {
    let arrive: (response: Response) => void = () => {};
    const { init, initSync, parseSpaceReference } = await web();
    const slow = init(
      new Promise<Response>((resolve) => {
        arrive = resolve;
      }),
    );
    initSync(bytes);
    expect(parseSpaceReference(ID)).toEqual({ space_id: ID });
    arrive(wasm());
    await slow;
    expect(parseSpaceReference(ID)).toEqual({ space_id: ID });
  });
});

describe("what can go wrong", () => {
  it("404 names the address and the status", async () => {
    stubFetch(new Response("no", { status: 404 }));
    const { init } = await web();
    const error = await failure(() => init(AT));
    expect([error.code, error.status, error.retryable]).toEqual(["wasm_unavailable", 404, false]);
    expect(error.message).toContain(AT);
    expect(error.message).toContain("404");
    expect(error.help).toContain("genie-handoff/inline");
  });

  it("a start page in place of the file is recognised", async () => {
    stubFetch(new Response("<!doctype html>", { headers: { "content-type": "text/html" } }));
    const { init } = await web();
    const error = await failure(() => init(AT));
    expect(error.code).toBe("wasm_invalid");
    expect(error.message).toContain("text/html");
  });

  it.each([
    ["cut off", () => bytes.subarray(0, 1000)],
    ["empty", () => new Uint8Array()],
    ["of another program", () => new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])],
  ])("a module that is %s", async (_, source) => {
    const { init, initSync, version } = await web();
    expect((await failure(() => init(source()))).code).toBe("wasm_invalid");
    expect((await failure(() => initSync(source()))).code).toBe("wasm_invalid");
    expect((await failure(() => version())).code).toBe("not_initialised");
    await init(bytes);
    expect(version()).toBeTruthy();
  });

  it("a connection that breaks in the middle", async () => {
    const broken = new ReadableStream({ pull: (controller) => controller.error(new TypeError("reset")) });
    stubFetch(new Response(broken, { headers: { "content-type": "application/octet-stream" } }));
    const { init } = await web();
    const error = await failure(() => init(AT));
    expect([error.code, error.retryable]).toEqual(["wasm_unavailable", true]);
  });

  it("a Content-Security-Policy without 'wasm-unsafe-eval'", async () => {
    vi.spyOn(WebAssembly, "compile").mockRejectedValue(
      new WebAssembly.CompileError(
        "WebAssembly.compile(): Compiling or instantiating WebAssembly module violates the following Content Security " +
          "policy directive because 'unsafe-eval' is not an allowed source of script",
      ),
    );
    const { init } = await web();
    const error = await failure(() => init(bytes));
    expect(error.code).toBe("wasm_blocked");
    expect(error.help).toContain("'wasm-unsafe-eval'");
  });

  it.each([null, 7, {}, [], () => {}, Symbol("x")])("something that is no source: %s", async (source) => {
    const { init } = await web();
    // null stands for nothing, as undefined does.
    if (source === null) stubFetch(new Response("", { status: 404 }));
    const error = await failure(() => init(source as never));
    expect(error.code).toBe(source === null ? "wasm_unavailable" : "invalid_argument");
  });

  it("a source whose promise fails", async () => {
    const { init } = await web();
    const cause = new Error("mine");
    expect(await failure(() => init(Promise.reject(cause)))).toBe(cause);
  });
});

describe("functions", () => {
  it("give plain objects and throw HandoffError", async () => {
    const { HandoffError, init, parseSpaceReference } = await inline();
    await init();
    const link = `https://dbc-1.cloud.databricks.com/genie/rooms/${ID}?o=1`;
    expect(Object.getPrototypeOf(parseSpaceReference(link))).toBe(Object.prototype);
    for (const [text, code] of [
      ["", "space_reference_missing"],
      ["https://evil.test/genie/rooms/x", "space_reference_foreign_host"],
      ["\ud800", "space_reference_unknown"],
    ] as const) {
      const error = await failure(() => parseSpaceReference(text));
      expect(error).toBeInstanceOf(HandoffError);
      expect([error.code, error.path]).toEqual([code, "text"]);
      expect(error.message.length).toBeGreaterThan(0);
      expect(error.help?.length).toBeGreaterThan(0);
    }
    expect((await failure(() => parseSpaceReference(7 as never))).code).toBe("invalid_argument");
  });
});
