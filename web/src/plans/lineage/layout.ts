/** Which nodes of a lineage are next to which. Pure. */
import type { Lineage, LineageNode } from "../../api/types";

/** One node with what is one step away, each way. */
export interface Neighbourhood {
  readonly here: LineageNode;
  readonly before: readonly LineageNode[];
  readonly after: readonly LineageNode[];
}

/** Where one starts to look: at the newest version of the plan, or else at whatever there is. */
export function startOf({ nodes }: Lineage): string | undefined {
  const versions = nodes.filter(({ kind }) => kind === "plan_version");
  const newest = versions.reduce<LineageNode | undefined>(
    (best, node) => (best === undefined || (node.at ?? "") > (best.at ?? "") ? node : best),
    undefined,
  );
  return (newest ?? nodes[0])?.id;
}

/** One step around a node. Edges to nodes that are not there, and of a node to itself, are left out. */
export function around({ nodes, edges }: Lineage, id: string): Neighbourhood | undefined {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const here = byId.get(id);
  if (!here) return undefined;
  const find = (ids: readonly string[]) =>
    [...new Set(ids)].flatMap((one) => (one === id ? [] : (byId.get(one) ?? [])));
  return {
    here,
    before: find(edges.filter(({ to }) => to === id).map(({ from }) => from)),
    after: find(edges.filter(({ from }) => from === id).map(({ to }) => to)),
  };
}

/** Nodes in the order in which work flows, the newest of a kind first. */
export function inOrder(nodes: readonly LineageNode[]): LineageNode[] {
  const kinds = ["session", "handoff", "table", "plan_version", "job", "run"];
  return [...nodes].sort(
    (a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || (b.at ?? "").localeCompare(a.at ?? ""),
  );
}
