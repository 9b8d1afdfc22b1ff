import type {
  ConversationPage,
  CreatedHandoff,
  CreateHandoffRequest,
  GenieSpace,
  MessagePage,
  SignedPayload,
  SpacePage,
} from "./api-types.js";
import {
  type Caller,
  type CallOptions,
  type ClientOptions,
  callerOf,
  type ReadOptions,
  transportOf,
} from "./caller.js";
import { HandoffError } from "./errors.js";
import { callJson, notUnderstood } from "./http.js";
import { isObject } from "./problem.js";

export interface ListOptions extends ReadOptions {
  /** Items per page; Databricks gives 20 unless told, and 100 at most. */
  pageSize?: number;
  /** `next_page_token` of the page before. */
  pageToken?: string;
}

/** Calls to the worker. Every failure rejects with a {@link HandoffError}. Works without `init()`. */
export interface HandoffClient extends Caller {
  /** The space with this id: 32 characters, see `parseSpaceReference` for what people paste. */
  getGenie(spaceId: string, options?: ReadOptions): Promise<GenieSpace>;
  listSpaces(options?: ListOptions): Promise<SpacePage>;
  listConversations(spaceId: string, options?: ListOptions): Promise<ConversationPage>;
  /** In the order that Databricks gives; sort by `created_timestamp`. */
  listMessages(spaceId: string, conversationId: string, options?: ListOptions): Promise<MessagePage>;
  /**
   * Makes a signed link from a space. The server reads the space itself; what it does not know stays empty and is named
   * in `readiness`. Rejects with `route_unknown` if the server makes no links: `encodeHandoff` then makes an unsigned one.
   */
  createHandoff(request: CreateHandoffRequest, options?: CallOptions): Promise<CreatedHandoff>;
  /**
   * Signs the payload of a link for this server's host. Rejects with `signing_off` if the server has no key; the link then
   * works unsigned.
   */
  signHandoff(payload: string, options?: CallOptions): Promise<SignedPayload>;
}

/** Makes a client. Nothing is called and nothing is read until one of its functions is used. */
export function createClient(options: ClientOptions = {}): HandoffClient {
  const transport = transportOf(options);
  const list = async (path: string, key: string, { pageSize, pageToken, signal, noCache }: ListOptions) => {
    const query = new URLSearchParams();
    if (pageSize !== undefined) query.set("page_size", String(checkPageSize(pageSize)));
    if (pageToken !== undefined) query.set("page_token", pageToken);
    const search = query.toString();
    const target = search === "" ? path : `${path}?${search}`;
    const page = await callJson(transport, { target, signal, noCache });
    const items = page[key] ?? [];
    if (!Array.isArray(items) || !items.every(isObject))
      throw notUnderstood(`${key} is not a list of objects`);
    const next = page.next_page_token;
    return { [key]: items, ...(typeof next === "string" && next !== "" ? { next_page_token: next } : {}) };
  };

  return {
    async getGenie(spaceId, { signal, noCache } = {}) {
      const id = checkId("spaceId", spaceId);
      const answer = await callJson(transport, { target: `/api/genie/get?space_id=${id}`, signal, noCache });
      return toSpace(answer, id);
    },
    async listSpaces(options = {}) {
      return (await list("/api/genie/spaces", "spaces", options)) as unknown as SpacePage;
    },
    async listConversations(spaceId, options = {}) {
      const path = `/api/genie/spaces/${checkId("spaceId", spaceId)}/conversations`;
      return (await list(path, "conversations", options)) as unknown as ConversationPage;
    },
    async listMessages(spaceId, conversationId, options = {}) {
      const conversation = checkId("conversationId", conversationId);
      const path = `/api/genie/spaces/${checkId("spaceId", spaceId)}/conversations/${conversation}/messages`;
      return (await list(path, "messages", options)) as unknown as MessagePage;
    },
    async createHandoff({ spaceId, userIntent, targetTable }, { signal } = {}) {
      const body = JSON.stringify({
        space_id: checkId("spaceId", spaceId),
        user_intent: checkText("userIntent", userIntent),
        ...(targetTable !== undefined && { target_table: checkText("targetTable", targetTable) }),
      });
      return toHandoff(await callJson(transport, { target: "/api/handoffs", signal, body }));
    },
    async signHandoff(payload, { signal } = {}) {
      const body = JSON.stringify({ payload: checkText("payload", payload) });
      const answer = await callJson(transport, { target: "/api/handoffs/sign", signal, body });
      const { payload: signed, key_id, expires, audience } = answer;
      if (typeof signed !== "string" || !/^[\w-]+$/.test(signed)) throw notUnderstood("it has no payload");
      if (typeof key_id !== "string" || typeof expires !== "number" || typeof audience !== "string") {
        throw notUnderstood("it does not say how it was signed");
      }
      return { payload: signed, key_id, expires, audience };
    },
    ...callerOf(transport),
  };
}

/** Missing members get the values that stand for "nothing"; a member of another type is an error. */
function toSpace(answer: Record<string, unknown>, asked: string): GenieSpace {
  if (answer.space_id !== asked) throw notUnderstood("it is about another space");
  const texts: Record<string, string | null> = {};
  for (const key of ["display_name", "description", "warehouse_id", "run_as_type"]) {
    const value = answer[key] ?? null;
    if (value !== null && typeof value !== "string") throw notUnderstood(`${key} is not a text`);
    texts[key] = value;
  }
  const tables = answer.table_identifiers ?? [];
  if (!Array.isArray(tables) || !tables.every((name) => typeof name === "string")) {
    throw notUnderstood("table_identifiers is not a list of texts");
  }
  return {
    ...answer,
    ...texts,
    space_id: asked,
    id: asked,
    table_identifiers: tables,
  } as unknown as GenieSpace;
}

/** A page turns the address into a link to press, so only http(s) passes. */
function toHandoff(answer: Record<string, unknown>): CreatedHandoff {
  const { handoff_id: id = null, url, context, readiness } = answer;
  if (id !== null && typeof id !== "string") throw notUnderstood("handoff_id is not a text");
  if (typeof url !== "string" || !/^https?:\/\//i.test(url)) throw notUnderstood("url is not a link");
  if (!isObject(context)) throw notUnderstood("context is not an object");
  if (!isObject(readiness) || typeof readiness.ready !== "boolean" || !Array.isArray(readiness.issues)) {
    throw notUnderstood("readiness is not a list of findings");
  }
  return { ...answer, handoff_id: id, url, context, readiness } as unknown as CreatedHandoff;
}

function checkText(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw new HandoffError("invalid_argument", `${name} is not a text.`, { path: name });
}

/**
 * Ids go into a path. What an id looks like is the server's to say; this only keeps `..`, slashes and the like out.
 */
function checkId(name: string, value: unknown): string {
  if (typeof value === "string" && /^[A-Za-z0-9_-]{1,128}$/.test(value)) return value;
  throw new HandoffError("invalid_argument", `${name} is not an id.`, {
    path: name,
    help: "An id has only letters, digits, - and _. parseSpaceReference() takes it out of a link.",
  });
}

function checkPageSize(value: unknown): number {
  if (typeof value === "number" && Number.isInteger(value) && value > 0 && value <= 100) return value;
  throw new HandoffError("invalid_argument", "pageSize is not a whole number from 1 to 100.", {
    path: "pageSize",
  });
}
