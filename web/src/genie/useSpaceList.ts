import { useCallback, useEffect, useRef, useState } from "react";
import { type GenieSpaceSummary, type HandoffError, toHandoffError } from "../api";
import { client } from "../api/genie";

/** What Databricks gives in one page at most. */
const pageSize = 100;

/** The spaces read so far. */
export interface SpaceList {
  readonly spaces: readonly GenieSpaceSummary[];
  readonly state: "loading" | "ready" | "error";
  readonly error?: HandoffError;
  /** Whether the workspace has more than these. */
  readonly more: boolean;
  /** Pages read so far. */
  readonly pages: number;
  /** Reads the next page, or the failed one again. Does nothing while a page is being read. */
  readonly readMore: () => void;
}

interface Read {
  readonly spaces: readonly GenieSpaceSummary[];
  readonly state: "loading" | "ready" | "error";
  readonly error?: HandoffError;
  readonly pages: number;
  readonly next?: string;
}

const nothingYet: Read = { spaces: [], state: "loading", pages: 0 };

/** Reads the workspace's list of spaces page by page, from when the chooser opens until it closes. */
export function useSpaceList(): SpaceList {
  const [read, setRead] = useState<Read>(nothingYet);
  const running = useRef<AbortController>(undefined);

  const readPage = useCallback((pageToken: string | undefined) => {
    if (running.current) return;
    const controller = new AbortController();
    running.current = controller;
    setRead(({ error: _error, ...before }) => ({ ...before, state: "loading" }));
    client.listSpaces({ pageSize, signal: controller.signal, ...(pageToken && { pageToken }) }).then(
      (page) => {
        if (controller.signal.aborted) return;
        running.current = undefined;
        setRead((before) => ({
          spaces: merge(before.spaces, page.spaces),
          state: "ready",
          pages: before.pages + 1,
          ...(page.next_page_token && { next: page.next_page_token }),
        }));
      },
      (cause: unknown) => {
        if (controller.signal.aborted) return;
        running.current = undefined;
        setRead((before) => ({ ...before, state: "error", error: toHandoffError(cause) }));
      },
    );
  }, []);

  useEffect(() => {
    readPage(undefined);
    return () => {
      running.current?.abort();
      running.current = undefined;
    };
  }, [readPage]);

  const more = read.next !== undefined;
  const canRead = more || (read.state === "error" && read.pages === 0);
  const { next } = read;
  const readMore = useCallback(() => {
    if (canRead) readPage(next);
  }, [canRead, next, readPage]);

  const { next: _next, ...list } = read;
  return { ...list, more, readMore };
}

/** A list that changes while it is read can give a space twice. */
function merge(
  before: readonly GenieSpaceSummary[],
  page: readonly GenieSpaceSummary[],
): GenieSpaceSummary[] {
  const known = new Set(before.map((space) => space.space_id));
  return [...before, ...page.filter((space) => !known.has(space.space_id))];
}
