import { type MouseEvent, useCallback, useEffect, useState } from "react";

/** The query of the page's address. Blank values are left out of it. */
export type Params = Readonly<Record<string, string | undefined>>;

export function readParams(search: string): Params {
  return Object.fromEntries(new URLSearchParams(search));
}

/** The address of `path` with these values, in the order in which they are given. */
export function hrefOf(path: string, params: Params): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== "") query.set(name, value);
  }
  const search = query.toString();
  return search === "" ? path : `${path}?${search}`;
}

/** The query, and a way to change it that the Back button undoes. */
export function useAddress(): { params: Params; go: (params: Params, replace?: boolean) => void } {
  const [params, setParams] = useState(() => readParams(window.location.search));
  useEffect(() => {
    const follow = () => setParams(readParams(window.location.search));
    window.addEventListener("popstate", follow);
    return () => window.removeEventListener("popstate", follow);
  }, []);
  const go = useCallback((next: Params, replace = false) => {
    const href = hrefOf(window.location.pathname, next);
    if (replace) window.history.replaceState(null, "", href);
    else window.history.pushState(null, "", href);
    setParams(readParams(window.location.search));
  }, []);
  return { params, go };
}

/** Whether a click on a link means "here": not a new tab, not a download. */
export function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}
