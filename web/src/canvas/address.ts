import { spaceIdPattern } from "./storage";

/** What the page's address asks for: `?space=ID` names the space that new blocks start with. */
export interface PageAddress {
  readonly spaceId?: string;
  /** `?space=` was given, but is no id. */
  readonly invalid?: true;
}

/** Reads the query of the page's address. Upper case is accepted, as people copy it. */
export function readAddress(search: string): PageAddress {
  const value = new URLSearchParams(search).get("space");
  if (value === null || value.trim() === "") return {};
  const spaceId = value.trim().toLowerCase();
  return spaceIdPattern.test(spaceId) ? { spaceId } : { invalid: true };
}
