/**
 * The saved canvas: a versioned text in the browser's storage. Reading is total: whatever is found gives a
 * document, or a reason why not together with the text as it was, which is then kept aside and never lost.
 */
import {
  type Block,
  type CanvasDocument,
  type GenieBlock,
  maxLinkLength,
  maxNameLength,
  type PilotBlock,
  type Point,
  type SpaceChoice,
  type SpaceOrigin,
} from "./document";
import type { History, Step } from "./history";

/** Where the canvas is saved (`localStorage`). */
export const canvasKey = "genie-handoff.canvas";
/** Canvases that could not be read are kept under this prefix and the time. */
export const asidePrefix = "genie-handoff.canvas.kept-";
/** Undo steps, for one tab only (`sessionStorage`). */
export const historyKey = "genie-handoff.canvas.history";
/** The schema this version writes. 2: SQLPilot blocks. Schema 1 is 2 without them, and is read as it is. */
export const schemaVersion = 2;

/** What stands in storage. */
export interface SavedCanvas {
  readonly schema: typeof schemaVersion;
  /** Changes with every save; tells a tab whether somebody else has saved since. */
  readonly revision: string;
  readonly document: CanvasDocument;
}

/** What reading gave. */
export type ReadResult =
  | { readonly kind: "none" }
  | { readonly kind: "canvas"; readonly saved: SavedCanvas }
  /** Made by a later version of this page. */
  | { readonly kind: "newer"; readonly schema: number }
  /** Not a canvas. `path` is the first field that does not fit. */
  | { readonly kind: "broken"; readonly path: string };

class Misfit extends Error {
  constructor(readonly path: string) {
    super(path);
  }
}

/** Reads a saved canvas. Never throws. */
export function readCanvas(text: string | null): ReadResult {
  if (text === null) return { kind: "none" };
  try {
    const root = record(parse(text), "");
    const schema = root.schema;
    if (typeof schema !== "number" || !Number.isInteger(schema) || schema < 1) throw new Misfit("schema");
    if (schema > schemaVersion) return { kind: "newer", schema };
    // A later schema adds its migration here: each one turns the object of version N into one of N + 1.
    const revision = string(root.revision, "revision");
    return {
      kind: "canvas",
      saved: { schema: schemaVersion, revision, document: toDocument(root.document, "document") },
    };
  } catch (error) {
    if (error instanceof Misfit) return { kind: "broken", path: error.path };
    throw error;
  }
}

/** The text to save. */
export function writeCanvas(document: CanvasDocument, revision: string): string {
  return JSON.stringify({ schema: schemaVersion, revision, document } satisfies SavedCanvas);
}

/** The text for a tab's undo steps. They belong to one saved revision and are worth nothing for another. */
export function writeHistory(history: History<CanvasDocument>, revision: string): string {
  const { past, future } = history;
  return JSON.stringify({ schema: schemaVersion, revision, past, future });
}

/** Brings undo steps back, if they belong to `saved`. A history that does not fit is dropped: it is a convenience. */
export function readHistory(text: string | null, saved: SavedCanvas): History<CanvasDocument> | undefined {
  if (text === null) return undefined;
  try {
    const root = record(parse(text), "");
    if ((root.schema !== schemaVersion && root.schema !== 1) || root.revision !== saved.revision)
      return undefined;
    return {
      past: toSteps(root.past, "past"),
      present: saved.document,
      future: toSteps(root.future, "future"),
    };
  } catch (error) {
    if (error instanceof Misfit) return undefined;
    throw error;
  }
}

/** Equal in content. False alarms about "changed elsewhere" come from comparing anything less. */
export function sameDocument(a: CanvasDocument, b: CanvasDocument): boolean {
  return a === b || canonical(a) === canonical(b);
}

function canonical(document: CanvasDocument): string {
  return JSON.stringify([
    document.recentSpaceId ?? null,
    document.blocks.map((block) => [
      block.id,
      block.kind,
      block.position.x,
      block.position.y,
      block.name ?? null,
      block.kind === "genie" ? canonicalChoice(block.space) : [block.from ?? null, block.link ?? null],
    ]),
  ]);
}

function canonicalChoice(space: SpaceChoice) {
  return space.kind === "space" ? [space.spaceId, space.origin] : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Misfit("");
  }
}

function toSteps(value: unknown, path: string): Step<CanvasDocument>[] {
  return array(value, path).map((item, i) => {
    const step = record(item, `${path}[${i}]`);
    return {
      value: toDocument(step.value, `${path}[${i}].value`),
      label: string(step.label, `${path}[${i}].label`),
    };
  });
}

function toDocument(value: unknown, path: string): CanvasDocument {
  const source = record(value, path);
  const seen = new Set<string>();
  const blocks = array(source.blocks, `${path}.blocks`).map((item, i) => {
    const block = toBlock(item, `${path}.blocks[${i}]`);
    if (seen.has(block.id)) throw new Misfit(`${path}.blocks[${i}].id`);
    seen.add(block.id);
    return block;
  });
  const genies = new Set(blocks.flatMap(({ id, kind }) => (kind === "genie" ? [id] : [])));
  blocks.forEach((block, i) => {
    if (block.kind === "pilot" && block.from !== undefined && !genies.has(block.from))
      throw new Misfit(`${path}.blocks[${i}].from`);
  });
  if (source.recentSpaceId === undefined) return { blocks };
  return { blocks, recentSpaceId: spaceId(source.recentSpaceId, `${path}.recentSpaceId`) };
}

function toBlock(value: unknown, path: string): Block {
  const source = record(value, path);
  const common = {
    id: blockId(source.id, `${path}.id`),
    position: toPoint(source.position, `${path}.position`),
    ...(source.name !== undefined && { name: string(source.name, `${path}.name`).slice(0, maxNameLength) }),
  };
  if (source.kind === "genie")
    return { ...common, kind: "genie", space: toChoice(source.space, `${path}.space`) } satisfies GenieBlock;
  if (source.kind !== "pilot") throw new Misfit(`${path}.kind`);
  return {
    ...common,
    kind: "pilot",
    ...(source.from !== undefined && { from: blockId(source.from, `${path}.from`) }),
    ...(source.link !== undefined && { link: toLink(source.link, `${path}.link`) }),
  } satisfies PilotBlock;
}

function toLink(value: unknown, path: string): string {
  const link = string(value, path);
  if (link.length > maxLinkLength) throw new Misfit(path);
  return link;
}

function toPoint(value: unknown, path: string): Point {
  const source = record(value, path);
  return { x: finite(source.x, `${path}.x`), y: finite(source.y, `${path}.y`) };
}

const origins: readonly string[] = ["address", "recent", "first", "chosen"] satisfies SpaceOrigin[];

function toChoice(value: unknown, path: string): SpaceChoice {
  const source = record(value, path);
  if (source.kind === "unsettled") return { kind: "unsettled" };
  if (source.kind !== "space") throw new Misfit(`${path}.kind`);
  if (typeof source.origin !== "string" || !origins.includes(source.origin))
    throw new Misfit(`${path}.origin`);
  return {
    kind: "space",
    spaceId: spaceId(source.spaceId, `${path}.spaceId`),
    origin: source.origin as SpaceOrigin,
  };
}

function record(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Misfit(path);
  return value as Record<string, unknown>;
}

function array(value: unknown, path: string): unknown[] {
  if (!Array.isArray(value)) throw new Misfit(path);
  return value;
}

function string(value: unknown, path: string): string {
  if (typeof value !== "string" || value === "") throw new Misfit(path);
  return value;
}

function finite(value: unknown, path: string): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new Misfit(path);
  return value;
}

/** Ids are keys of objects elsewhere: as hex digits they can never be the name of something else. */
function blockId(value: unknown, path: string): string {
  if (typeof value !== "string" || !/^[0-9a-f]{1,64}$/.test(value)) throw new Misfit(path);
  return value;
}

/** The one rule for ids that the server has too: 32 hex digits. Anything else would be refused there. */
export const spaceIdPattern = /^[0-9a-f]{32}$/;

function spaceId(value: unknown, path: string): string {
  if (typeof value !== "string" || !spaceIdPattern.test(value)) throw new Misfit(path);
  return value;
}
