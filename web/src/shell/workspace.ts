import { createContext, useContext } from "react";

/** The address of the workspace behind the server, like `https://dbc-1.cloud.databricks.com`; absent when unknown. */
export const WorkspaceOrigin = createContext<string | undefined>(undefined);

/** How often the server has come back while the page was open: a reason for blocks to try again. */
export const ServerReturns = createContext(0);

/** Where Databricks shows a space, when the workspace's address is known. */
export function useWorkspaceLink(spaceId: string | undefined): string | undefined {
  const origin = useContext(WorkspaceOrigin);
  return origin && spaceId ? `${origin}/genie/rooms/${spaceId}` : undefined;
}

/** The workspace's address from a deep health answer. Only https: an address from elsewhere could be `javascript:`. */
export function toWorkspaceOrigin(host: unknown): string | undefined {
  if (typeof host !== "string" || host === "") return undefined;
  try {
    const url = new URL(host.includes("://") ? host : `https://${host}`);
    return url.protocol === "https:" ? url.origin : undefined;
  } catch {
    return undefined;
  }
}
