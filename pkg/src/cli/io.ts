/** Standard input, files, and writing to a reader who may have left. */
import { readFileSync } from "node:fs";
import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { HandoffError } from "../errors.js";
import { initSync } from "../runtime.js";
import { initSuggestSync } from "../suggest-sync.js";
import { type Answer, UsageError } from "./commands.js";

/** Far above every limit of contexts and plans, far below what hurts. */
const MOST_BYTES = 64 * 1024 * 1024;

/** The same wasm as everywhere else. It is read as a file here: decoding the inlined bytes takes longer. */
export function startWasm(): void {
  initSync(readFileSync(new URL("../handoff_bg.wasm", import.meta.url)));
}

/** The second module, for what suggests. */
export function startSuggest(): void {
  initSuggestSync(readFileSync(new URL("../suggest_bg.wasm", import.meta.url)));
}

/** The text of a file; `-` is standard input. */
export async function readInput(name: string): Promise<string> {
  if (name === "-") return textOf(await collect(process.stdin), "Standard input");
  let bytes: Buffer;
  try {
    const file = await open(name);
    bytes = await collect(file.createReadStream());
  } catch (cause) {
    if (HandoffError.is(cause)) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "does not exist" : `cannot be read (${code ?? String(cause)})`;
    throw new UsageError(`${name} ${why}.`);
  }
  return textOf(bytes, name);
}

async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > MOST_BYTES) {
      throw new HandoffError("too_large", `The input is larger than ${MOST_BYTES / 1024 / 1024} MiB.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function textOf(bytes: Buffer, what: string): string {
  let text: string;
  try {
    // A byte order mark goes; anything that is not UTF-8 is an error and not a question mark in a name.
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new HandoffError("input_not_utf8", `${what} is not UTF-8.`, {
      cause,
      help: "Save it as UTF-8. PowerShell's > writes UTF-16; use Out-File -Encoding utf8.",
    });
  }
  if (text.trim() === "") throw new HandoffError("input_empty", `${what} is empty.`);
  return text;
}

/**
 * Writes files below a folder, which is made if it is not there. All or none: a file that is there with other contents
 * ends it before the first is written, unless `force` is set.
 */
export async function writeFiles({ folder, list, force }: NonNullable<Answer["files"]>): Promise<void> {
  const targets = list.map(({ path: name, text }) => ({ text, to: path.join(folder, ...name.split("/")) }));
  for (const { to, text } of force ? [] : targets) {
    if (((await existing(to)) ?? text) === text) continue;
    throw new HandoffError("file_exists", `${to} is there with other contents. Nothing was written.`, {
      help: "Name another folder with --out, or replace it with --force.",
    });
  }
  for (const { to, text } of targets) {
    try {
      await mkdir(path.dirname(to), { recursive: true });
      await writeFile(to, text);
    } catch (cause) {
      throw new UsageError(`${to} cannot be written (${(cause as NodeJS.ErrnoException).code ?? cause}).`);
    }
  }
}

async function existing(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new UsageError(`${file} cannot be read (${code ?? String(cause)}).`);
  }
}

/** Resolves once the system has taken the text, or the reader has left: `| head` is no failure of ours. */
export function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((done, fail) => {
    stream.once("error", ignorePipe);
    stream.write(text, (error) => {
      if (error && (error as NodeJS.ErrnoException).code !== "EPIPE") fail(error);
      else done();
    });
  });
}

/** The error comes to the callback too; without a listener it would end the process with a stack trace. */
function ignorePipe(): void {}
