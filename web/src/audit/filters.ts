/** The filters of the audit: what stands in the address, and what the server is asked. Pure. */
import type { Params } from "../ui/useAddress";

/** Days as the address has them, `YYYY-MM-DD`; the rest is text. */
export interface AuditFilter {
  readonly plan: string;
  readonly caller: string;
  readonly action: string;
  readonly outcome: string;
  readonly from: string;
  readonly until: string;
}

export const noFilter: AuditFilter = { plan: "", caller: "", action: "", outcome: "", from: "", until: "" };

export function toFilter(params: Params): AuditFilter {
  const filter = { ...noFilter };
  for (const key of Object.keys(noFilter) as (keyof AuditFilter)[]) filter[key] = params[key] ?? "";
  return filter;
}

/** What the server is asked: a day is from its first to its last moment, in the reader's zone. */
export function toQuery(filter: AuditFilter): Record<string, string | undefined> {
  return {
    plan_id: filter.plan.trim() || undefined,
    caller: filter.caller.trim() || undefined,
    action: filter.action.trim() || undefined,
    outcome: filter.outcome || undefined,
    from: startOfDay(filter.from),
    to: startOfDay(filter.until, 1),
  };
}

/** The first moment of a day, or of a day after it; absent if it is no day. */
function startOfDay(day: string, later = 0): string | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!match) return undefined;
  const [year, month, date] = match.slice(1).map(Number);
  const at = new Date(year ?? 0, (month ?? 1) - 1, (date ?? 1) + later);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
