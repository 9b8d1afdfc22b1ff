/** Addresses of the pages about plans: `/plans`, and `/plans?plan=ID&view=...` for one of them. */
import { hrefOf } from "../ui/useAddress";

export const views = ["overview", "versions", "runs", "lineage", "export"] as const;
export type View = (typeof views)[number];

export function toView(text: string | undefined): View {
  return views.find((view) => view === text) ?? "overview";
}

export function planHref(plan: string, view: View = "overview"): string {
  return hrefOf("/plans", { plan, view: view === "overview" ? undefined : view });
}

/** A link or payload that somebody pasted, as an address of this server's review page; absent if it is none. */
export function reviewHref(text: string): string | undefined {
  const pasted = text.trim();
  const stored = /\/h\/([a-z0-9]{20})(?:[/?#]|$)/.exec(pasted)?.[1];
  if (stored !== undefined) return `/h/${stored}`;
  const carried = /[#?&]context=([^&#\s]+)/.exec(pasted)?.[1];
  if (carried !== undefined) return `/handoff#context=${carried}`;
  return /^[A-Za-z0-9_-]{40,}$/.test(pasted) ? `/handoff#context=${pasted}` : undefined;
}
